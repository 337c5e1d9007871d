# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which release an instance is, and which file decides. Pure but for the host's reader."""

from __future__ import annotations

import re
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

from . import constraint
from .constraint import Constraint
from .manifests import Manifests, table

#: What an instance depends on, by flavour.
PACKAGES = {"RDM": "invenio-app-rdm", "ILS": "invenio-app-ils"}

_REQUIREMENT = re.compile(
    r"\s*(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>[^;]*)"
)
#: A tag that is a version; at least one dot, for a commit may be all digits.
_TAG = re.compile(r"v?\d+\.\d[\w.]*")
_TAG_OF_URL = re.compile(r"@(v?\d+\.\d[\w.]*)(?:$|#)")
_LOCKED = r'^\[\[package\]\]\s*\nname = "{}"\s*\nversion = "([^"\n]+)"'


class Statement(NamedTuple):
    """How a file states the release that it depends on."""

    source: str  #: the file's name
    text: str = ""  #: as written: ``~=9.1.0``, ``git``, empty when nothing is said
    constraint: Constraint | None = None
    tag: str | None = None  #: a git tag that is a version


class Release(NamedTuple):
    """What was found: the release, the file that decided, and what to know about it."""

    version: str | None = None
    source: str | None = None
    notes: tuple[str, ...] = ()


#: The host's reader: flavour and the file to read in; release or None, and a remark, out.
HostReader = Callable[[Manifests, str, str], Tuple[Optional[str], str]]


def find_flavour(manifests: Manifests) -> str | None:
    """Return ``RDM``, ``ILS`` or None: what ``.invenio`` says, else the dependencies."""
    named = manifests.invenio.get("cli", "flavour", fallback="").strip().upper()
    if named in PACKAGES:
        return named
    for flavour, package in PACKAGES.items():
        if any(_statements(manifests, package, None)):
            return flavour
    return None


def find_release(
    manifests: Manifests, flavour: str, manager: str | None, host: HostReader
) -> Release:
    """Return the release: this machine's, the lock's, then what the dependencies state.

    :param host: asked only when neither this machine's file nor a lock decides.
    """
    package = PACKAGES[flavour]
    stated = next(_statements(manifests, package, manager), None)
    notes: list[str] = []
    local = manifests.private.get("cli", "app_rdm", fallback="").strip()
    if flavour == "RDM" and constraint.parse_version(local):
        note = "app_rdm in .invenio.private decides, on this machine only"
        return _finish(local, ".invenio.private", [note])
    for name, version in _locked(manifests, package, manager):
        if stated is None or not _excludes(stated, version):
            return _finish(version, name, notes)
        notes.append(f"{name} is stale: {stated.source} asks for {stated.text}")
    source = stated.source if stated else _manifest(manifests, manager)
    theirs, remark = host(manifests, flavour, source)
    notes += [remark] if remark else []
    return _choose(stated or Statement(source), theirs, notes)


def _finish(version: str, source: str, notes: Sequence[str]) -> Release:
    parsed = constraint.parse_version(version)
    extra = ("a pre-release",) if parsed and parsed.is_prerelease else ()
    return Release(version, source, (*notes, *extra))


def _excludes(stated: Statement, version: str) -> bool:
    allowed = stated.constraint
    # What was mistyped cannot rule out a lock that pipenv has made.
    return bool(allowed and allowed.pip_reads_it and not allowed.contains(version))


def _manifest(manifests: Manifests, manager: str | None) -> str:
    """Return the file that would state the release."""
    python = "pyproject.toml" in manifests.present
    return "pyproject.toml" if python and manager != "pipenv" else "Pipfile"


def _choose(stated: Statement, theirs: str | None, notes: Sequence[str]) -> Release:
    """Return what the host reads, or what we read where the host's reader falls short.

    It takes the first three numbers that it finds, so a constraint that we understand
    decides: ``<14.0.0,>=12.0.0`` is not 14, and ``~=13.0.0rc6`` is a pre-release.
    """
    ours = _read_ours(stated)
    if ours:
        return _finish(ours, stated.source, [*notes, *_notes_on(stated)])
    if theirs and not (stated.constraint and stated.constraint.pip_reads_it):
        return _finish(theirs, stated.source, notes)
    said = f": {stated.text}" if stated.text else ""
    why = f"{stated.source} names no version{said}"
    return Release(None, stated.source, (*notes, why))


def _read_ours(stated: Statement) -> str | None:
    if stated.tag:
        return str(constraint.parse_version(stated.tag))
    bound = stated.constraint.lower_bound if stated.constraint else None
    return str(bound) if bound else None


def _notes_on(stated: Statement) -> Iterator[str]:
    allowed = stated.constraint
    if stated.tag or not allowed:
        return
    if not allowed.pip_reads_it:
        yield f"{stated.text} is no specifier that pip reads"
    if not allowed.exact:
        yield f"the lower bound of {stated.text}"


def _statements(
    manifests: Manifests, package: str, manager: str | None
) -> Iterator[Statement]:
    """Yield what the files state, the one of the package manager first."""
    pipfile = _find_package(table(manifests.pipfile, "packages"), package)
    in_pyproject = list(_pyproject_statements(manifests, package))
    if manager in ("uv", "poetry"):
        yield from in_pyproject
    if pipfile is not None:
        yield _from_table("Pipfile", pipfile)
    if manager not in ("uv", "poetry"):
        yield from in_pyproject
    for line in manifests.text("requirements.txt").splitlines():
        yield from _from_requirement("requirements.txt", line, package)


def _pyproject_statements(manifests: Manifests, package: str) -> Iterator[Statement]:
    name = "pyproject.toml"
    git = _find_package(table(manifests.pyproject, "tool", "uv", "sources"), package)
    dependencies = table(manifests.pyproject, "project").get("dependencies")
    for line in dependencies if isinstance(dependencies, list) else ():
        for found in _from_requirement(name, str(line), package):
            yield _from_table(name, git) if git and not found.text else found
    poetry = table(manifests.pyproject, "tool", "poetry", "dependencies")
    found_poetry = _find_package(poetry, package)
    if found_poetry is not None:
        yield _from_poetry(found_poetry)


def _from_poetry(value: Any) -> Statement:  # noqa: ANN401 - whatever TOML holds
    """Return poetry's statement; its own forms are no mistakes there."""
    stated = _from_table("pyproject.toml", value)
    if stated.constraint is None:
        return stated
    return stated._replace(constraint=stated.constraint._replace(pip_reads_it=True))


def find_package(packages: Mapping[str, Any], package: str) -> str | None:
    """Return the name under which a table has a package, None when it has it not."""
    return next((name for name in packages if _same(name, package)), None)


def _find_package(packages: Mapping[str, Any], package: str) -> Any:  # noqa: ANN401
    name = find_package(packages, package)
    return None if name is None else packages[name]


def _same(name: str, package: str) -> bool:
    """Compare names as PEP 503 does."""
    return re.sub(r"[-_.]+", "-", name).lower() == package


def _from_table(source: str, value: Any) -> Statement:  # noqa: ANN401
    """Return what a dependency states: a string, or a table of version, git, path."""
    if isinstance(value, str):
        return _from_text(source, value)
    given = value if isinstance(value, dict) else {}
    version = given.get("version")
    if isinstance(version, str) and version.strip():
        return _from_text(source, version)
    for key in ("ref", "tag", "rev"):
        tag = str(given.get(key, ""))
        if _TAG.fullmatch(tag) and constraint.parse_version(tag):
            return Statement(source, f"{key} {tag}", None, tag)
    kinds = ("git", "url", "path", "file", "branch", "rev", "ref")
    said = " ".join(f"{key} {given[key]}" for key in kinds if key in given)
    return Statement(source, said)


def _from_text(source: str, text: str) -> Statement:
    stripped = text.strip()
    return Statement(source, stripped, constraint.parse(stripped) if stripped else None)


def is_package(line: str, package: str) -> bool:
    """Tell whether a requirement (PEP 508) is one of a package."""
    found = _REQUIREMENT.match(re.sub(r"(^|\s)#.*", "", line))
    return bool(found and _same(found["name"], package))


def split_requirement(line: str) -> str:
    """Return the versions that a requirement allows, as written."""
    found = _REQUIREMENT.match(re.sub(r"(^|\s)#.*", "", line))
    rest = found["rest"].partition(" --")[0] if found else ""
    return "" if rest.startswith("@") else rest.strip("\\ \t()")


def _from_requirement(source: str, line: str, package: str) -> Iterator[Statement]:
    """Yield what a requirement line (PEP 508, or pip's ``-e URL#egg=``) states."""
    line = re.sub(r"(^|\s)#.*", "", line)
    egg = re.search(r"#egg=([\w.-]+)", line)
    found = _REQUIREMENT.match(line)
    if egg and _same(egg[1], package):
        yield _from_url(source, line.strip())
    elif found and _same(found["name"], package):
        rest = found["rest"].partition(" --")[0].strip("\\ \t")
        if rest.startswith("@"):
            yield _from_url(source, rest[1:].strip())
        else:
            yield _from_text(source, rest.strip("()"))


def _from_url(source: str, url: str) -> Statement:
    tag = _TAG_OF_URL.search(url)
    if tag and constraint.parse_version(tag[1]):
        return Statement(source, url, None, tag[1])
    return Statement(source, url)


def _locked(
    manifests: Manifests, package: str, manager: str | None
) -> Iterator[tuple[str, str]]:
    """Yield what the lock files say is installed, the package manager's own first."""
    found = []
    entry = _find_package(table(manifests.pipfile_lock, "default"), package)
    version = entry.get("version") if isinstance(entry, dict) else None
    if isinstance(version, str) and constraint.parse_version(version.lstrip("= ")):
        found.append(("pipenv", "Pipfile.lock", version.lstrip("= ")))
    for name in ("uv", "poetry"):
        # Written by machines in one form; parsing a megabyte of TOML takes too long.
        lock = f"{name}.lock"
        match = re.search(_LOCKED.format(package), manifests.text(lock), re.MULTILINE)
        if match and constraint.parse_version(match[1]):
            found.append((name, lock, match[1]))
    for _, lock, version in sorted(found, key=lambda one: one[0] != manager):
        yield lock, version
