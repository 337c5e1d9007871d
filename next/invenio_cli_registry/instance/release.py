# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which release an instance is, and which file decides. Pure but for the host's reader."""

from __future__ import annotations

import re
from functools import partial
from typing import (
    Any,
    Callable,
    Iterator,
    Mapping,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
)

from ..model import Source, Span
from .manifests import Key, Manifests, find_value
from .python import Constraint, Where, parse_constraint, parse_version, resolve

#: What an instance depends on, by flavour.
PACKAGES = {"RDM": "invenio-app-rdm", "ILS": "invenio-app-ils"}

_REQUIREMENT = re.compile(
    r"\s*[\"']?(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[(?P<extras>[^\]]*)\])?\s*(?P<rest>[^;]*)"
)
_COMMENT = re.compile(r"(?:^|\s)#.*")
_EGG = re.compile(r"#egg=([\w.-]+)(?:\[([^\]]*)\])?")
#: A tag that is a version; at least one dot, because a commit may be all digits.
_TAG = re.compile(r"v?\d+\.\d[\w.]*")
_TAG_OF_URL = re.compile(r"@(v?\d+\.\d[\w.]*)(?:$|#)")
_LOCKED = r'^\[\[package\]\]\s*\nname = "{}"\s*\nversion = "([^"\n]+)"'


class Specifier(NamedTuple):
    """How a file states the release that it depends on."""

    package: str
    source: str  #: the file's name
    text: str = ""  #: as written: ``~=9.1.0``; empty where the file names no version
    where: Where = None  #: of that text, or of its line
    extras: tuple[str, ...] = ()
    constraint: Constraint | None = None
    tag: str = ""  #: a git tag that is a version
    origin: str = ""  #: where the package comes from instead: ``git URL branch NAME``

    @property
    def span(self) -> Span | None:
        """Return its place, None when that is not known."""
        return resolve(self.where)

    @property
    def version(self) -> str:
        """Return the version it names, or the lowest that it allows; empty without one."""
        found = parse_version(self.tag)
        if found is None and self.constraint:
            found = self.constraint.lower_bound
        return str(found or "")

    @property
    def exact(self) -> bool:
        """Tell whether it names one version."""
        return bool(self.tag or (self.constraint and self.constraint.exact))


class Release(NamedTuple):
    """What was found: the release, the file that decided, and what to know about it."""

    version: str | None = None
    source: str | None = None
    span: Span | None = None
    lower_bound: bool = False  #: only the lowest version is known
    notes: tuple[str, ...] = ()  #: clauses
    package: Specifier | None = None  #: what the dependencies state


#: The host's reader: flavour and the file to read in; release or None, and a remark, out.
HostReader = Callable[[Manifests, str, str], Tuple[Optional[str], str]]


def find_release(
    manifests: Manifests, flavour: str, manager: str | None, host: HostReader
) -> Release:
    """Return the release: this machine's, the lock's, then what the dependencies state.

    :param host: asked only when neither this machine's file nor a lock decides.
    """
    stated = find_package(manifests, flavour, manager)
    local = manifests.option(".invenio.private", "cli", "app_rdm")
    if flavour == "RDM" and parse_version(local):
        name, note = (
            ".invenio.private",
            "app_rdm in .invenio.private decides, on this machine only",
        )
        span = _find_text(manifests.sources[name], local)
        return Release(local, name, span, False, (note,), stated)
    notes = []
    for name, version, span in _locked(manifests, PACKAGES[flavour], manager):
        allowed = stated.constraint if stated else None
        # What was mistyped cannot rule out a lock that pipenv has made.
        if (
            stated
            and allowed
            and allowed.pip_reads_it
            and not allowed.contains(version)
        ):
            notes.append(f"{name} is stale: {stated.source} requires {stated.text}")
        else:
            return Release(version, name, span, False, tuple(notes), stated)
    return _ask_host(manifests, flavour, manager, host, stated, notes)


def _ask_host(
    manifests: Manifests,
    flavour: str,
    manager: str | None,
    host: HostReader,
    stated: Specifier | None,
    notes: list[str],
) -> Release:
    """Return what the dependencies state, or what the host reads where that is nothing.

    It takes the first three numbers that it finds, so a constraint that we understand
    decides: ``<14.0.0,>=12.0.0`` is not 14, and ``~=13.0.0rc6`` is a pre-release.
    """
    in_pyproject = "pyproject.toml" in manifests.present and manager != "pipenv"
    source = "pyproject.toml" if in_pyproject else "Pipfile"
    stated = stated or Specifier(PACKAGES[flavour], source)
    theirs, remark = host(manifests, flavour, stated.source)
    notes = [*notes, *([remark] if remark else [])]
    package = stated if stated.where else None
    if stated.version:
        notes += _explain(stated, theirs)
        found = Release(stated.version, stated.source, stated.span, not stated.exact)
    elif theirs and not (stated.constraint and stated.constraint.pip_reads_it):
        found = Release(theirs, stated.source, stated.span)
    else:
        said = stated.text or stated.origin
        notes.append(
            f"{stated.source} names no version" + (f": {said}" if said else "")
        )
        found = Release(None, stated.source, stated.span)
    return found._replace(notes=tuple(notes), package=package)


def _explain(stated: Specifier, theirs: str | None) -> Iterator[str]:
    """Yield what to know about a version that the dependencies state."""
    if stated.constraint and not stated.constraint.pip_reads_it:
        yield f"{stated.text} is not a specifier that pip reads"
    if not stated.exact:
        yield f"lowest version allowed by {stated.text} in {stated.source}"
    ours, other = parse_version(stated.version), parse_version(theirs or "")
    # The host reads three numbers, so it never sees a pre-release.
    if ours and other and (*ours.release, 0, 0)[:3] != (*other.release, 0, 0)[:3]:
        yield f"invenio-cli reads {theirs} in {stated.source}"


def find_package(
    manifests: Manifests, flavour: str, manager: str | None
) -> Specifier | None:
    """Return what the dependencies state: the package manager's own file first.

    One that names a version comes before one that does not; None when no file requires it.
    """
    found = list(_list_specifiers(manifests, PACKAGES[flavour], manager))
    return next((one for one in found if one.version), found[0] if found else None)


def _list_specifiers(
    manifests: Manifests, package: str, manager: str | None
) -> Iterator[Specifier]:
    tables = [
        _in_table(manifests, "Pipfile", ("packages",), package),
        _in_pyproject(manifests, package),
    ]
    for table in reversed(tables) if manager in ("uv", "poetry") else tables:
        yield from table
    if "setup.cfg" in manifests.parsed:
        parser = manifests.parsed["setup.cfg"]
        sections = ("options", "options.extras_require")
        texts = [
            value
            for section in sections
            if parser.has_section(section)
            for option, value in parser.items(section)
            if option == "install_requires" or section != "options"
        ]
        source = manifests.sources["setup.cfg"]
        lines = [line for text in texts for line in text.split("\n")]
        yield from _in_lines(source, "setup.cfg", lines, package)
    pinned = [
        one
        for name in manifests.requirements
        for one in _in_lines(
            manifests.sources[name], name, manifests.text(name).split("\n"), package
        )
    ]
    yield from sorted(pinned, key=lambda one: not one.exact)


def _in_pyproject(manifests: Manifests, package: str) -> Iterator[Specifier]:
    """Yield what the lists of requirements state, then the tables of poetry."""
    name, project = "pyproject.toml", manifests.table("pyproject.toml", "project")
    lists: list[tuple[tuple[Key, ...], Any]] = [
        (("project", "dependencies"), project.get("dependencies"))
    ]
    for keys in (("project", "optional-dependencies"), ("dependency-groups",)):
        groups = manifests.table(name, *keys)
        lists += [((*keys, group), lines) for group, lines in groups.items()]
    sources = manifests.table(name, "tool", "uv", "sources")
    origin = _find_key(sources, package)
    for at, lines in lists:
        for index, line in enumerate(lines if isinstance(lines, list) else ()):
            if isinstance(line, str) and _is_package(line, package):
                where = partial(
                    _find_in_toml, manifests.sources[name], (*at, index), package
                )
                found = _read_requirement(name, line, where, package)
                if not found.text and origin:
                    found = _add_origin(found, sources[origin])
                yield found
    poetry = ("tool", "poetry")
    tables: list[tuple[str, ...]] = [(*poetry, "dependencies")]
    tables += [
        (*poetry, "group", group, "dependencies")
        for group in manifests.table(name, *poetry, "group")
    ]
    for table in tables:
        for one in _in_table(manifests, name, table, package):
            allowed = one.constraint
            # Its own forms are no mistakes there.
            yield one._replace(
                constraint=allowed and allowed._replace(pip_reads_it=True)
            )


def _in_table(
    manifests: Manifests, name: str, keys: tuple[str, ...], package: str
) -> Iterator[Specifier]:
    """Yield what a table of packages states: a string, or a table with a version."""
    packages = manifests.table(name, *keys)
    key = _find_key(packages, package)
    if key is None:
        return
    value, path = packages[key], (*keys, key)
    given = value if isinstance(value, dict) else {"version": value}
    if isinstance(value, dict):
        path = (*path, "version")
    where = partial(_find_in_toml, manifests.sources[name], path, package)
    version = given.get("version")
    text = version.strip() if isinstance(version, str) else ""
    names = given.get("extras")
    extras = tuple(map(str, names)) if isinstance(names, list) else ()
    found = Specifier(
        package, name, text, where, extras, parse_constraint(text) if text else None
    )
    yield found if text else _add_origin(found, given)


def _add_origin(found: Specifier, given: Any) -> Specifier:  # noqa: ANN401 - from TOML
    """Return a statement with where the package comes from, and the tag in that."""
    given = given if isinstance(given, dict) else {}
    kinds = ("git", "url", "path", "file", "branch", "tag", "rev", "ref")
    said = " ".join(f"{key} {given[key]}" for key in kinds if key in given)
    tags = [str(given.get(key, "")) for key in ("ref", "tag", "rev")]
    versions = [tag for tag in tags if _TAG.fullmatch(tag) and parse_version(tag)]
    return found._replace(origin=said, tag=versions[0] if versions else "")


def _in_lines(
    source: Source, name: str, lines: Sequence[str], package: str
) -> Iterator[Specifier]:
    """Yield what lines of requirements state (PEP 508, or pip's ``-e URL#egg=``)."""
    for line in lines:
        if _is_package(line, package):
            where = _find_text(source, line.strip())
            yield _read_requirement(name, line, where, package)


def _is_package(line: str, package: str) -> bool:
    line = _COMMENT.sub("", line)
    found = _EGG.search(line) or _REQUIREMENT.match(line)
    return bool(found and _normalize(found[1]) == package)


def _read_requirement(name: str, line: str, where: Where, package: str) -> Specifier:
    """Return what one requirement of the package states."""
    line = _COMMENT.sub("", line)
    egg, found = _EGG.search(line), _REQUIREMENT.match(line)
    rest = found["rest"].partition(" --")[0].strip("\\ \t\r\"'") if found else ""
    named = (egg[2] if egg else found["extras"] if found else "") or ""
    extras = tuple(one.strip() for one in named.split(",") if one.strip())
    if egg or rest.startswith("@"):
        url = line.strip() if egg else rest[1:].strip()
        tag = _TAG_OF_URL.search(url)
        version = tag[1] if tag and parse_version(tag[1]) else ""
        return Specifier(package, name, "", where, extras, None, version, url)
    text = rest.strip("()")
    return Specifier(
        package, name, text, where, extras, parse_constraint(text) if text else None
    )


def _find_key(packages: Mapping[str, Any], package: str) -> str | None:
    """Return the name under which a table has a package, None when it is not there."""
    return next((name for name in packages if _normalize(name) == package), None)


def _normalize(name: str) -> str:
    """Return a name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _find_in_toml(source: Source, keys: tuple[Key, ...], package: str) -> Span | None:
    """Return the place of a value, else the first line that begins with the package."""
    exact = find_value(source, keys)
    if exact:
        return exact
    name = r"[-_.]".join(package.split("-"))
    pattern = rf"^[ \t]*\[?[\w.-]*?[\"']?({name})\b"
    found = re.search(pattern, source.text, re.MULTILINE | re.IGNORECASE)
    return Span(source, *found.span(1)) if found else None


def _find_text(source: Source, text: str) -> Span:
    """Return the first place of a text, the file's beginning when it is not there."""
    at = source.text.find(text)
    return Span(source, at, at + len(text)) if at >= 0 else source.span()


def _locked(
    manifests: Manifests, package: str, manager: str | None
) -> Iterator[tuple[str, str, Span]]:
    """Yield what the lock files say is installed, the package manager's own first."""
    found = []
    packages = manifests.table("Pipfile.lock", "default")
    entry = packages.get(_find_key(packages, package) or "")
    version = entry.get("version") if isinstance(entry, dict) else None
    if isinstance(version, str) and parse_version(version.lstrip("= ")):
        span = _find_text(manifests.sources["Pipfile.lock"], f'"{package}"')
        found.append(("pipenv", "Pipfile.lock", version.lstrip("= "), span))
    for name in ("uv", "poetry"):
        lock = f"{name}.lock"
        match = re.search(_LOCKED.format(package), manifests.text(lock), re.MULTILINE)
        if match and parse_version(match[1]):
            span = Span(manifests.sources[lock], *match.span(1))
            found.append((name, lock, match[1], span))
    for _, lock, version, span in sorted(found, key=lambda one: one[0] != manager):
        yield lock, version, span
