# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Where an instance writes which release it wants: the specifier of its package. Pure."""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping, NamedTuple, Sequence

from .manifests import Manifests, table
from .places import Key, Place, find_string
from .release import PACKAGES, find_package, is_package, split_requirement


class Specifier(NamedTuple):
    """The package of a release, and the versions of it that a file allows."""

    package: str
    text: str  #: as written: ``~=13.1.0``; empty where the file names no version
    place: Place | None  #: of the value, or of its line; None when that is not known


def find_specifier(
    manifests: Manifests, flavour: str, manager: str | None
) -> Specifier | None:
    """Return where the release is asked for: in the package manager's own file first.

    :returns: None when no file asks for it.
    """
    package = PACKAGES[flavour]
    readers = (_in_pipfile, _in_pyproject, _in_requirements)
    # The first of each file: to find the place of one takes time.
    firsts = (next(read(manifests, package), None) for read in readers)
    found = [first for first in firsts if first]
    if manager in ("uv", "poetry"):
        found.sort(key=lambda one: _file(one) != "pyproject.toml")
    return found[0] if found else None


def _file(found: Specifier) -> str:
    return found.place.path.rpartition("/")[2] if found.place else ""


def _in_pipfile(manifests: Manifests, package: str) -> Iterator[Specifier]:
    yield from _in_table(
        manifests, "Pipfile", manifests.pipfile, ("packages",), package
    )


def _in_pyproject(manifests: Manifests, package: str) -> Iterator[Specifier]:
    name, data = "pyproject.toml", manifests.pyproject
    dependencies = table(data, "project").get("dependencies")
    for index, line in enumerate(
        dependencies if isinstance(dependencies, list) else ()
    ):
        if isinstance(line, str) and is_package(line, package):
            keys = ("project", "dependencies", index)
            yield _at(manifests, name, data, keys, split_requirement(line), package)
    poetry = ("tool", "poetry", "dependencies")
    yield from _in_table(manifests, name, data, poetry, package)


def _in_table(
    manifests: Manifests,
    name: str,
    data: Mapping[str, Any],
    keys: tuple[str, ...],
    package: str,
) -> Iterator[Specifier]:
    """Yield what a table of packages says: a string, or a table with a version."""
    key = find_package(table(data, *keys), package)
    if key is None:
        return
    value = table(data, *keys)[key]
    if isinstance(value, dict) and isinstance(value.get("version"), str):
        yield _at(
            manifests, name, data, (*keys, key, "version"), value["version"], package
        )
    elif isinstance(value, str):
        yield _at(manifests, name, data, (*keys, key), value, package)
    else:
        yield Specifier(package, "", _line_naming(manifests, name, key))


def _at(
    manifests: Manifests,
    name: str,
    data: Mapping[str, Any],
    keys: Sequence[Key],
    text: str,
    package: str,
) -> Specifier:
    place = find_string(manifests.sources[name], data, keys)
    return Specifier(
        package, text.strip(), place or _line_naming(manifests, name, package)
    )


def _in_requirements(manifests: Manifests, package: str) -> Iterator[Specifier]:
    name = "requirements.txt"
    lines = manifests.text(name).splitlines()
    for number, line in enumerate(lines, 1):
        if is_package(line, package):
            place = Place(manifests.where(name), number, 1)
            yield Specifier(package, split_requirement(line), place)


def _line_naming(manifests: Manifests, name: str, key: str) -> Place | None:
    """Return the first line that begins with a package's name, quoted or not."""
    pattern = rf"^[ \t]*[\"']?({re.escape(key)})\b"
    found = re.search(pattern, manifests.text(name), re.MULTILINE)
    if not found:
        return None
    line, column = manifests.sources[name].position(found.start(1))
    return Place(manifests.where(name), line, column)
