# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which release an instance is, and which file decides, as we and invenio-cli read it.

The host reads the current directory only, writes ``.invenio.private`` where it is missing,
and raises errors of every kind. So it works on copies, in a temporary folder, and any error
means that it cannot read this instance.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import os
import re
import tempfile
import warnings
from itertools import chain, islice
from typing import TYPE_CHECKING, Callable, Iterator, Mapping, NamedTuple, Sequence

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

#: What follows the name: a table, a string, or else the rest of a requirement.
_TABLE = re.compile(r"[\"']?\s*(?:=\s*\{|\])")
_STRING = re.compile(r"[\"']?\s*=\s*(?P<quote>[\"'])(?P<text>.*?)(?P=quote)")
_REQUIREMENT = re.compile(r"\s*(?:\[[^]]*\])?\s*\(?\s*(?P<text>[^;\"')\\]*)")
_VERSION = re.compile(r"\bversion\s*=\s*(?P<quote>[\"'])(?P<text>.*?)(?P=quote)")
#: A tag that is a version; at least one dot, because a commit may be all digits.
_TAG = re.compile(r"\b(?:ref|tag|rev)\s*=\s*[\"'](v?\d+\.\d[\w.]*)[\"']")
_TAG_OF_URL = re.compile(r"@(v?\d+\.\d[\w.]*)(?=$|[\s#\"'])")
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
    for name, version, place in _list_locked(manifests, PACKAGES[flavour], manager):
        # What was mistyped cannot rule out a lock that pipenv has made.
        allowed = stated.allowed if stated and not stated.mistyped else None
        if stated and allowed and not allowed.contains(version, prereleases=True):
            notes.append(f"{name} is stale: {stated.source} requires {stated.text}")
        else:
            return Release(version, name, place, False, tuple(notes), stated)
    return _read_stated(stated, manifests, flavour, manager, notes)


def _read_stated(
    stated: Specifier | None,
    manifests: Manifests,
    flavour: str,
    manager: str | None,
    notes: list[str],
) -> Release:
    """Return the release that the dependencies state, as we and the host read them."""
    in_pyproject = "pyproject.toml" in manifests.present and manager != "pipenv"
    name = "pyproject.toml" if in_pyproject else "Pipfile"
    name = stated.source if stated else name
    theirs, span = read_release(manifests, flavour, name), stated and stated.span
    said = (stated.text or stated.origin) if stated else ""
    if not stated or not stated.version:
        if theirs:
            return Release(theirs, name, span, False, tuple(notes), stated)
        notes.append(f"{name} names no version" + (f": {said}" if said else ""))
        return Release(None, name, span, False, tuple(notes), stated)
    # What we understand decides: the host takes the first three numbers that it finds,
    # so that it reads ``<14.0.0,>=12.0.0`` as 14.
    if stated.mistyped:
        notes.append(f"{said} is not a specifier that pip reads")
    if not stated.exact:
        notes.append(f"lowest version allowed by {said} in {name}")
    if theirs and theirs.split(".") != _three_numbers(stated.version):
        notes.append(f"invenio-cli reads {theirs} in {name}")
    bound = not stated.exact
    return Release(stated.version, name, span, bound, tuple(notes), stated)


def _three_numbers(version: str) -> list[str]:
    """Return a version as the host reads it, which never sees a pre-release."""
    numbers = re.match(r"\d+(?:\.\d+)*", version)
    return [*(numbers[0].split(".") if numbers else ()), "0", "0"][:3]


def find_package(
    manifests: Manifests, flavour: str, manager: str | None
) -> Specifier | None:
    """Return what the dependencies state: in the package manager's own file first.

    One that names a version comes before one that names an origin; None without any.
    """
    own = ["pyproject.toml"] if manager in ("uv", "poetry") else []
    names = [*own, "Pipfile", "pyproject.toml", "setup.cfg"]
    found = [one for name in names for one in _list_in(manifests, name, flavour)]
    lines = [_list_in(manifests, name, flavour) for name in manifests.requirements]
    found += sorted(chain.from_iterable(lines), key=lambda one: not one.exact)
    known = [(bool(one.version), bool(one.origin)) for one in found]
    return found[known.index(max(known))] if found else None


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
    base = start + found.end()
    rest = line[found.end() :]
    if line.lstrip().startswith("["):  # a table of its own, up to the next one
        end = source.text.find("\n[", base)
        rest = source.text[base : end if end >= 0 else None]
    is_table = _TABLE.match(rest)
    if is_table:
        written, tag = _VERSION.search(rest), _TAG
    else:
        written, tag = _STRING.match(rest) or _REQUIREMENT.match(rest), _TAG_OF_URL
    text = written["text"].partition(" --")[0].strip(", \t\r") if written else ""
    origin = ""
    if is_table and not text:
        origin = rest.partition("}")[0]
    elif text.startswith("@"):
        origin, text = text, ""
    elif line.startswith("egg=", found.start()):
        origin = line
    tagged = tag.search(origin)
    version = tagged[1] if tagged and parse_version(tagged[1]) else ""
    span = Span(source, start + found.start("name"), base)
    if text and written:
        at = base + written.start("text")
        span = Span(source, at, at + len(text))
    package = PACKAGES[found["flavour"].upper()]
    origin = origin.strip(" \t\r\"'=,[]{}\\@")
    return Specifier(package, name, text, span, version, origin)


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
            entry = manifests.table(lock, "default").get(package)
            version = entry.get("version") if isinstance(entry, dict) else None
            version = version.lstrip("= ") if isinstance(version, str) else ""
            if parse_version(version):
                yield lock, version, _find_text(source, f'"{package}"')
        elif source:
            match = re.search(_LOCKED.format(package), source.text, re.MULTILINE)
            if match and parse_version(match[1]):
                yield lock, match[1], Span(source, *match.span(1))


# ---- The host's own reading ---------------------------------------------------------------

#: Where the reader is, the newest place first; 1.0.5 has none.
_MODULES = ("invenio_cli.helpers.versions", "invenio_cli.helpers.rdm")
_READERS = {"RDM": "rdm_version", "ILS": "ils_version"}
_READ_BY_HOST = ("Pipfile", "pyproject.toml")
_SETTINGS = (".invenio", ".invenio.private")

#: What keeps the host busy for hours: it puts settings into settings, and its parser of TOML
#: and its expression for a version can take the square of what they read.
_ENDLESS = re.compile(r"%\(|[0-9]{40}")
_LARGEST = 1 << 15


def read_release(manifests: Manifests, flavour: str, source: str) -> str | None:
    """Return the release as invenio-cli reads it, None when it does not.

    :param source: the file that states it, the only one that the host sees apart from the
        settings: it would read the Pipfile even where uv is the package manager.
    """
    if source not in _READ_BY_HOST or source not in manifests.sources:
        return None
    names = [source, *(name for name in _SETTINGS if name in manifests.sources)]
    texts = [manifests.text(name) for name in names]
    if any(len(text) > _LARGEST or _ENDLESS.search(text) for text in texts):
        return None
    files = {name: manifests.sources[name].to_bytes() for name in names}
    # It may be broken, and its warnings are not for our users.
    with contextlib.suppress(Exception, SystemExit), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = _find_reader(flavour)
        if reader:
            with _in_copy(files):
                numbers = reader(**_make_arguments(reader))
                return ".".join(str(int(number)) for number in numbers)
    return None


def _find_reader(flavour: str) -> Callable[..., Sequence[int]] | None:
    for name in _MODULES:
        with contextlib.suppress(Exception, SystemExit):
            module = importlib.import_module(name)
            return getattr(module, _READERS[flavour], None)
    return None


def _make_arguments(reader: Callable[..., object]) -> dict[str, object]:
    """Return the host's own view of the settings, which ``rdm_version`` takes since 1.13.

    ``CLIConfig`` writes the file that is missing, here into the temporary folder.
    """
    takes_settings = "cli_config" in inspect.signature(reader).parameters
    if not takes_settings or not os.path.exists(_SETTINGS[0]):
        return {}
    from invenio_cli.helpers.cli_config import CLIConfig

    return {"cli_config": CLIConfig(os.curdir)}


@contextlib.contextmanager
def _in_copy(files: Mapping[str, bytes]) -> Iterator[None]:
    """Work for a moment in a temporary folder that holds some files.

    :raises OSError: there is no such folder, or no way back from it.
    """
    # The last choice of tempfile is the current folder, which may be the instance.
    if os.path.samefile(tempfile.gettempdir(), os.curdir):
        raise FileNotFoundError("no folder for temporary files")
    here = os.open(".", os.O_RDONLY)
    try:
        with tempfile.TemporaryDirectory(prefix="invenio-cli-registry-") as folder:
            for name, data in files.items():
                with open(os.path.join(folder, name), "wb") as file:
                    file.write(data)
            os.chdir(folder)
            try:
                yield
            finally:
                # By descriptor: it works even when the folder was renamed meanwhile.
                os.fchdir(here)
    finally:
        os.close(here)
