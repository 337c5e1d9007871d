# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python that an instance asks for, from the most trustworthy file first. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Iterator, Mapping, NamedTuple

from . import constraint
from .manifests import Manifests, table
from .places import Place, find_string

#: Every minor version that can be meant; the last stands for all that will come.
_MINORS = ("2.7", *(f"3.{minor}" for minor in range(41)))
_NAMES_VERSION = re.compile(r"(?:cpython[@-])?(\d+(?:\.\d+){0,2})(?:rc\d+|[ab]\d+)?")


class Pin(NamedTuple):
    """A Python that a file asks for. What cannot be understood accepts every Python."""

    text: str  #: as written: ``3.8``, ``^3.9``, ``>=3.9,<3.10``, ``3.8.12``
    source: str  #: the file's name: ``Pipfile``
    place: (
        Place | None
    )  #: of the value inside its quotes, None where nothing can be written
    form: str  #: ``version`` (Pipfile, .python-version), ``specifier``, ``poetry``

    def accepts(self, python: str) -> bool:
        """Tell whether any patch release of a minor version (``3.9``) is allowed."""
        return python in _accepted(self.text, self.form)

    @property
    def minor(self) -> str | None:
        """Return the minor version that is asked for, None when there are several."""
        accepted = _accepted(self.text, self.form)
        return accepted[0] if len(accepted) == 1 else None

    @property
    def least(self) -> str | None:
        """Return the lowest minor version allowed, None when there is no lower end."""
        first = _accepted(self.text, self.form)[0]
        return (
            None
            if first == _MINORS[0] and len(_accepted(self.text, self.form)) > 1
            else first
        )

    @property
    def greatest(self) -> str | None:
        """Return the highest minor version allowed, None when there is no upper end."""
        last = _accepted(self.text, self.form)[-1]
        return None if last == _MINORS[-1] else last


@lru_cache(maxsize=None)
def _accepted(text: str, form: str) -> tuple[str, ...]:
    """Return the minor versions that a pin allows; all when it is not understood."""
    version = _NAMES_VERSION.fullmatch(text.strip())
    if version and form != "specifier":
        return _minors_of(version[1])
    parsed = constraint.parse(text)
    if parsed is None:
        return _MINORS
    patches = _patches_to_try(text)
    return (
        tuple(
            minor
            for minor in _MINORS
            if any(parsed.contains(f"{minor}.{patch}") for patch in patches)
        )
        or _MINORS
    )


def _minors_of(version: str) -> tuple[str, ...]:
    parts = version.split(".")
    if len(parts) == 1:
        return tuple(one for one in _MINORS if one.split(".")[0] == parts[0]) or _MINORS
    return (".".join(parts[:2]),)


def _patches_to_try(text: str) -> list[int]:
    """Return patch releases on each side of every number that the constraint names."""
    numbers = {int(number) for number in re.findall(r"\d{1,4}", text)}
    near = {number + step for number in numbers for step in (-1, 0, 1)}
    return sorted({0, 99} | {patch for patch in near if patch >= 0})


def find_pins(manifests: Manifests, manager: str | None) -> Mapping[str, Pin]:
    """Return what each package manager's own files ask for."""
    found: dict[str, Pin] = {}
    for name, pin in _all_pins(manifests, manager):
        found.setdefault(name, pin)
    return found


def find_lock_python(manifests: Manifests) -> Pin | None:
    """Return the Python that ``Pipfile.lock`` was made for, as far as it says one."""
    requires = table(manifests.pipfile_lock, "_meta", "requires")
    return _version_pin(requires, "Pipfile.lock", {})


def _all_pins(manifests: Manifests, manager: str | None) -> Iterator[tuple[str, Pin]]:
    pipfile = _pipfile_pin(manifests) or find_lock_python(manifests)
    if pipfile:
        yield "pipenv", pipfile
    yield from _pyproject_pins(manifests, manager)
    plain = _python_version_file(manifests)
    if plain and "pyproject.toml" in manifests.present:
        yield "uv", plain
    stale = manifests.invenio.get("cookiecutter", "python_version", fallback="")
    # Only pipenv's templates wrote it, and it is often years old: when nothing else says.
    if stale and manager == "pipenv":
        yield "pipenv", Pin(stale, ".invenio", None, "version")


def _pipfile_pin(manifests: Manifests) -> Pin | None:
    requires = table(manifests.pipfile, "requires")
    places = {
        key: find_string(
            manifests.sources["Pipfile"], manifests.pipfile, ("requires", key)
        )
        for key in ("python_version", "python_full_version")
        if key in requires
    }
    return _version_pin(requires, "Pipfile", places)


def _version_pin(
    requires: Mapping[str, object], source: str, places: Mapping[str, Place | None]
) -> Pin | None:
    # pipenv looks for the full version first.
    for key in ("python_full_version", "python_version"):
        value = requires.get(key)
        if isinstance(value, str) and value.strip():
            return Pin(value, source, places.get(key), "version")
    return None


def _pyproject_pins(
    manifests: Manifests, manager: str | None
) -> Iterator[tuple[str, Pin]]:
    poetry = _pyproject_pin(
        manifests, ("tool", "poetry", "dependencies", "python"), "poetry"
    )
    if poetry:
        yield "poetry", poetry
    requires = _pyproject_pin(manifests, ("project", "requires-python"), "specifier")
    if requires:
        yield "uv", requires
        if manager == "poetry":
            yield "poetry", requires


def _pyproject_pin(
    manifests: Manifests, keys: tuple[str, ...], form: str
) -> Pin | None:
    value = table(manifests.pyproject, *keys[:-1]).get(keys[-1])
    if not isinstance(value, str) or not value.strip():
        return None
    place = find_string(manifests.sources["pyproject.toml"], manifests.pyproject, keys)
    return Pin(value, "pyproject.toml", place, form)


def _python_version_file(manifests: Manifests) -> Pin | None:
    """Return what the first line asks for that is no comment; pyenv allows names there."""
    text = manifests.text(".python-version")
    line = re.search(r"^[ \t]*([^#\s]\S*)", text, re.MULTILINE)
    if not line or not _NAMES_VERSION.fullmatch(line[1]):
        return None
    source = manifests.sources[".python-version"]
    place = Place(source.path, *source.position(line.start(1)))
    return Pin(line[1], ".python-version", place, "version")
