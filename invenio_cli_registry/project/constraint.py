# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Version constraints as pip, pipenv, uv and poetry write them. Pure.

Poetry's forms: its documentation, *Dependency specification*.
"""

from __future__ import annotations

import re
from typing import Callable, NamedTuple, Sequence

from packaging.specifiers import InvalidSpecifier, Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_LOWER = ("==", "===", "~=", ">=", ">")
#: Characters. Nobody writes more; a hostile file does not get to keep us busy.
_LONGEST = 200


class Constraint(NamedTuple):
    """A version constraint: any of several sets of specifiers."""

    text: str
    alternatives: tuple[SpecifierSet, ...]
    pip_reads_it: bool  #: False for poetry's forms, and what was mistyped into them

    def contains(self, version: str) -> bool:
        """Tell whether a version is allowed; pre-releases are versions like others."""
        return any(one.contains(version, prereleases=True) for one in self.alternatives)

    @property
    def lower_bound(self) -> Version | None:
        """Return the lowest version that the text names as allowed, None without one."""
        bounds = [_lower_bound(one) for one in self.alternatives]
        known = [bound for bound in bounds if bound is not None]
        return min(known) if known and len(known) == len(bounds) else None

    @property
    def exact(self) -> bool:
        """Tell whether it names one version."""
        return len(self.alternatives) == 1 and any(
            one.operator in ("==", "===") and not one.version.endswith("*")
            for one in self.alternatives[0]
        )


def parse(text: str) -> Constraint | None:
    """Parse a constraint in any of the forms, None when it is in none of them."""
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        return None
    try:
        return Constraint(text, (_read_set(_drop_any(stripped)),), True)
    except InvalidSpecifier:
        pass
    try:
        alternatives = tuple(
            _read_set(",".join(_translate(part) for part in _parts(one)))
            for one in re.split(r"\s*\|\|?\s*", stripped)
        )
    except (InvalidSpecifier, InvalidVersion):
        return None
    return Constraint(text, alternatives, False)


def parse_version(text: str) -> Version | None:
    """Parse one version, None when it is none."""
    try:
        return Version(text) if len(text) <= _LONGEST else None
    except InvalidVersion:
        return None


def _read_set(text: str) -> SpecifierSet:
    """Read specifiers of PEP 440; packaging before 22 takes any word for one.

    :raises InvalidSpecifier: one of them is none.
    """
    found = SpecifierSet(text)
    if not all(isinstance(one, Specifier) for one in found):
        raise InvalidSpecifier(text)
    return found


def _drop_any(text: str) -> str:
    return "" if text == "*" else text


def _parts(text: str) -> Sequence[str]:
    """Split at commas and blanks, but not between an operator and its version."""
    joined = re.sub(r"([<>=~^!])\s+", r"\1", text)
    return [part for part in re.split(r"[\s,]+", joined) if part]


def _translate(part: str) -> str:
    """Return one of poetry's parts as specifiers of PEP 440."""
    if part == "*":
        return ""
    if part[0] == "^":
        return _up_to_next(part[1:], _caret_place)
    if re.match(r"~(?!=)", part):
        return _up_to_next(part[1:], lambda release: min(1, len(release) - 1))
    return part if part[0] in "<>=!~" else f"=={part}"


def _up_to_next(text: str, choose: Callable[[Sequence[int]], int]) -> str:
    """Return the range from a version to the next one in the place that was chosen."""
    release = Version(text).release
    place = choose(release)
    above = [*release[:place], release[place] + 1]
    return f">={text},<{'.'.join(map(str, above))}"


def _caret_place(release: Sequence[int]) -> int:
    """Return the leftmost place that is not zero, the last one when all are."""
    return next((at for at, part in enumerate(release) if part), len(release) - 1)


def _lower_bound(specifiers: SpecifierSet) -> Version | None:
    versions = (
        parse_version(one.version[:-2] if one.version.endswith(".*") else one.version)
        for one in specifiers
        if one.operator in _LOWER
    )
    return max((version for version in versions if version), default=None)
