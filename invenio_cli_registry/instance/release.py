# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which release an instance is, and which file decides, as we and invenio-cli read it."""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import tempfile
import warnings
from itertools import islice
from typing import TYPE_CHECKING, Callable, Iterator, NamedTuple, Sequence

from ..files import LOCKS, find_dependencies
from ..model import Source, Span
from .manifests import Manifests
from .python import parse_constraint, parse_specifiers, parse_version

if TYPE_CHECKING:
    from packaging.specifiers import SpecifierSet

#: What an instance depends on, by flavour.
PACKAGES = {"RDM": "invenio-app-rdm", "ILS": "invenio-app-ils"}
_LOWER = ("==", "===", "~=", ">=", ">")
#: Lines of one file that require an application: a handful at most.
_MOST_LINES = 100

#: What follows the name: a table, or else a string or the rest of a requirement.
_TABLE = re.compile(r"[\"']?\s*(?:=\s*\{|\])")
_IN_TABLE = re.compile(r"\bversion\s*=\s*[\"'](?P<text>[^\"']*)")
_REQUIREMENT = re.compile(
    r"(?:[\"']?\s*=\s*[\"']|\s*(?:\[[^]]*\])?\s*\(?\s*)(?P<text>[^;\"')\\]*)"
)
#: A git tag that is a version; at least one dot, because a commit may be all digits.
_TAG = re.compile(r"(?:@|\b(?:ref|tag|rev)\s*=\s*[\"'])(v?\d+\.\d[\w.]*)(?=$|[\s#\"'])")
#: Machines write the lock files of uv and poetry in one form.
_LOCKED = r'^\[\[package\]\]\s*\nname = "{}"\s*\nversion = "([^"\n]+)"'


class Specifier(NamedTuple):
    """How a file states the release that it depends on."""

    package: str
    source: str  #: the file's name
    text: str  #: as written: ``~=9.1.0``; empty where the file names no version
    span: Span  #: of that text, else of the package's name
    tag: str = ""  #: a git tag that is a version
    origin: str = ""  #: what else the file says of the package: where it is from

    @property
    def allowed(self) -> SpecifierSet | None:
        """Return the text as versions, None when it is none or not understood."""
        return parse_constraint(self.text) if self.text else None

    @property
    def version(self) -> str:
        """Return the version it names, or the lowest that it allows; empty without one."""
        lower = [one for one in self.allowed or () if one.operator in _LOWER]
        texts = [self.tag] if self.tag else [one.version.rstrip(".*") for one in lower]
        return str(max(filter(None, map(parse_version, texts)), default=""))

    @property
    def exact(self) -> bool:
        """Tell whether it names one version."""
        return bool(self.tag) or any(
            one.operator in ("==", "===") and not one.version.endswith("*")
            for one in self.allowed or ()
        )

    @property
    def mistyped(self) -> bool:
        """Tell whether pip does not read it; poetry's forms are right in its own file."""
        own = self.source == "pyproject.toml" and self.allowed is not None
        return not own and parse_specifiers(self.text) is None


class Release(NamedTuple):
    """What was found: the release, the file that decided, and what to know about it."""

    version: str | None = None
    source: str | None = None
    span: Span | None = None
    lower_bound: bool = False  #: only the lowest version is known
    notes: tuple[str, ...] = ()  #: clauses
    package: Specifier | None = None  #: what the dependencies state


def find_release(manifests: Manifests, flavour: str, manager: str | None) -> Release:
    """Return the release: this machine's, the lock's, then what the dependencies state."""
    stated = find_package(manifests, flavour, manager)
    private = ".invenio.private"
    local = manifests.option(private, "cli", "app_rdm")
    if flavour == "RDM" and parse_version(local):
        note = f"app_rdm in {private} decides, on this machine only"
        place = _find_text(manifests.sources[private], local)
        return Release(local, private, place, False, (note,), stated)
    notes: list[str] = []
    # What was mistyped cannot rule out a lock that pipenv has made.
    allowed = stated.allowed if stated and not stated.mistyped else None
    for name, version, place in _list_locked(manifests, PACKAGES[flavour], manager):
        if stated and allowed and not allowed.contains(version, prereleases=True):
            notes.append(f"{name} is stale: {stated.source} requires {stated.text}")
        else:
            return Release(version, name, place, False, tuple(notes), stated)
    if stated:
        found = _read_stated(stated, read_release(manifests, flavour, stated.source))
        return found._replace(notes=(*notes, *found.notes))
    in_pyproject = "pyproject.toml" in manifests.present and manager != "pipenv"
    name = "pyproject.toml" if in_pyproject else "Pipfile"
    return Release(None, name, notes=(*notes, f"{name} names no version"))


def _read_stated(stated: Specifier, theirs: str | None) -> Release:
    """Return the release that the dependencies state.

    What we understand decides: invenio-cli takes the first three numbers that it finds, so
    that it reads ``<14.0.0,>=12.0.0`` as 14.

    :param theirs: as invenio-cli reads it, None when it does not.
    """
    name, said, notes = stated.source, stated.text or stated.origin, []
    version = parse_version(stated.version)
    if version is None:
        if not theirs:
            notes.append(f"{name} names no version" + (f": {said}" if said else ""))
        return Release(theirs, name, stated.span, False, tuple(notes), stated)
    if stated.mistyped:
        notes.append(f"{said} is not a specifier that pip reads")
    if not stated.exact:
        notes.append(f"lowest version allowed by {said} in {name}")
    if theirs and theirs != version.base_version:
        notes.append(f"invenio-cli reads {theirs} in {name}")
    bound = not stated.exact
    return Release(str(version), name, stated.span, bound, tuple(notes), stated)


def find_package(
    manifests: Manifests, flavour: str, manager: str | None
) -> Specifier | None:
    """Return what the dependencies state: in the package manager's own file first.

    One that names a version comes before one that names an origin; None without any.
    """
    own = ["pyproject.toml"] if manager in ("uv", "poetry") else []
    names = [*own, "Pipfile", "pyproject.toml", "setup.cfg"]
    found = [one for name in names for one in _list_in(manifests, name, flavour)]
    names = manifests.requirements
    lines = [one for name in names for one in _list_in(manifests, name, flavour)]
    found += sorted(lines, key=lambda one: not one.exact)
    return max(found, key=lambda one: (one.version > "", one.origin > ""), default=None)


def _list_in(manifests: Manifests, name: str, flavour: str) -> Iterator[Specifier]:
    """Yield what the lines of a manifest state, in whatever section they are."""
    source = manifests.sources.get(name)
    lines = find_dependencies(source.text) if source else iter(())
    for start, line, found in islice(lines, _MOST_LINES):
        if source and found["flavour"].upper() == flavour:
            yield _read_line(source, name, start, line, found)


def _read_line(
    source: Source, name: str, start: int, line: str, found: re.Match[str]
) -> Specifier:
    """Return what one line states.

    :param start: of the line in the file.
    :param found: the package's name in it.
    """
    base, rest = start + found.end(), line[found.end() :]
    if line.lstrip().startswith("["):  # a table of its own, up to the next one
        end = source.text.find("\n[", base)
        rest = source.text[base : end if end >= 0 else None]
    is_table = _TABLE.match(rest)
    written = _IN_TABLE.search(rest) if is_table else _REQUIREMENT.match(rest)
    text = written["text"].partition(" --")[0].strip(", \t\r") if written else ""
    origin = ""
    if is_table and not text:
        origin = rest.partition("}")[0]
    elif text.startswith("@"):
        origin, text = text, ""
    elif line.startswith("egg=", found.start()):
        origin = line
    tagged = _TAG.search(origin)
    tag = tagged[1] if tagged and parse_version(tagged[1]) else ""
    span = Span(source, start + found.start("name"), base)
    if text and written:
        at = base + written.start("text")
        span = Span(source, at, at + len(text))
    package = PACKAGES[found["flavour"].upper()]
    origin = origin.strip(" \t\r\"'=,[]{}\\@")
    return Specifier(package, name, text, span, tag, origin)


def _find_text(source: Source, text: str) -> Span:
    """Return the first place of a text, the file's beginning when it is not there."""
    at = source.text.find(text)
    return Span(source, at, at + len(text)) if at >= 0 else source.span()


def _list_locked(
    manifests: Manifests, package: str, manager: str | None
) -> Iterator[tuple[str, str, Span]]:
    """Yield what the lock files say is installed, the package manager's own first."""
    for name in sorted(LOCKS, key=lambda name: name != manager):
        lock = LOCKS[name]
        source = manifests.sources.get(lock)
        if source and name == "pipenv":
            locked = manifests.table(lock, "default", package).get("version", "")
            version = str(locked).lstrip("= ")
            if parse_version(version):
                yield lock, version, _find_text(source, f'"{package}"')
        elif source:
            match = re.search(_LOCKED.format(package), source.text, re.MULTILINE)
            if match and parse_version(match[1]):
                yield lock, match[1], Span(source, *match.span(1))


# ---- The host's own reading ---------------------------------------------------------------

_READ_BY_HOST = ("Pipfile", "pyproject.toml")
#: What keeps the host busy for hours: its parser of TOML and its expression for a version
#: can take the square of what they read.
_ENDLESS = re.compile(r"[0-9]{40}")
_LARGEST = 1 << 15


def read_release(manifests: Manifests, flavour: str, name: str) -> str | None:
    """Return the release as invenio-cli reads it in a file, None when it does not.

    It reads the current directory only, the Pipfile first, and raises errors of every kind.
    So it works on a copy in a temporary folder, and any error means that it cannot read it.
    """
    source = manifests.sources.get(name) if name in _READ_BY_HOST else None
    if not source or len(source.text) > _LARGEST or _ENDLESS.search(source.text):
        return None
    with contextlib.suppress(Exception, SystemExit), contextlib.ExitStack() as stack:
        # Its warnings are not for our users.
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        reader = _find_reader(flavour)
        # The last choice of tempfile is the current folder, which may be the instance.
        if os.path.samefile(tempfile.gettempdir(), os.curdir):
            return None
        here = os.open(".", os.O_RDONLY)
        stack.callback(os.close, here)
        copy = tempfile.TemporaryDirectory(prefix="invenio-cli-registry-")
        folder = stack.enter_context(copy)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(source.to_bytes())
        # By descriptor: the way back exists even when the folder was renamed meanwhile.
        stack.callback(os.fchdir, here)
        os.chdir(folder)
        return ".".join(str(int(number)) for number in reader())
    return None


def _find_reader(flavour: str) -> Callable[[], Sequence[int]]:
    """Return the host's reader.

    :raises Exception: of any kind, when it has none.
    """
    try:
        module = importlib.import_module("invenio_cli.helpers.versions")
    except ImportError:  # of older releases
        module = importlib.import_module("invenio_cli.helpers.rdm")
    reader: Callable[[], Sequence[int]] = getattr(module, f"{flavour.lower()}_version")
    return reader
