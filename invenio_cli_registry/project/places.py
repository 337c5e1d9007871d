# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Where a value stands in a TOML or INI file: exactly, or not at all. Pure.

No TOML parser at hand gives positions. So each place where the value is written is tried:
the one where another text in its stead changes this value, and no other, is its place.
"""

from __future__ import annotations

import itertools
import re
from typing import Any, Iterator, Mapping, NamedTuple, Sequence, Union

from ..readers.source import Source
from .manifests import Unreadable, parse_toml

Key = Union[str, int]

#: How many places are tried, and how many characters are parsed for it in all.
#: A value that is written more often has no known place.
_TRIES = 50
_EFFORT = 1 << 22
_PROBE = "PROBE"


class Place(NamedTuple):
    """A place in a file; line and column count from 1, the column in code points."""

    path: str
    line: int
    column: int


def find_string(
    source: Source, data: Mapping[str, Any], keys: Sequence[Key], share: int = 1
) -> Place | None:
    """Return where a string of a TOML file stands, inside its quotes; None when unsure.

    :param data: the file, parsed.
    :param keys: the way to the value in ``data``.
    :param share: how many values of the file are looked for, to spend no more on them all
        than on one.
    """
    value = _follow(data, keys)
    if not isinstance(value, str):
        return None
    written = re.compile(rf"(?<=[\"']){re.escape(value)}(?=[\"'])")
    tries = min(_TRIES, _EFFORT // share // len(source.text))
    for match in itertools.islice(written.finditer(source.text), tries):
        if _is_place(source.text, match, data, keys):
            return Place(source.path, *source.position(match.start()))
    return None


def _follow(data: Any, keys: Sequence[Key]) -> Any:  # noqa: ANN401 - whatever TOML holds
    for key in keys:
        data = data[key]
    return data


def _is_place(
    text: str, match: re.Match[str], data: Mapping[str, Any], keys: Sequence[Key]
) -> bool:
    probed = text[: match.start()] + match[0] + _PROBE + text[match.end() :]
    try:
        changed = parse_toml(probed)
    except Unreadable:
        return False
    expected: Any = _replace(data, keys, match[0] + _PROBE)
    return bool(changed == expected)


def _replace(data: Any, keys: Sequence[Key], value: str) -> Any:  # noqa: ANN401
    """Return a copy of parsed data with one value changed."""
    if not keys:
        return value
    copy = data.copy()
    copy[keys[0]] = _replace(copy[keys[0]], keys[1:], value)
    return copy


class Entry(NamedTuple):
    """One line of an option's value in an INI file."""

    text: str
    line: int
    column: int


def find_entries(text: str, section: str) -> dict[str, list[Entry]]:
    """Return the lines of each option of a section, each line with its number."""
    found: dict[str, list[Entry]] = {}
    for at, option, entry in _walk_ini(text):
        if at == section and entry.text:
            found.setdefault(option, []).append(entry)
    return found


def _walk_ini(text: str) -> Iterator[tuple[str, str, Entry]]:
    """Yield section, option, and each line of its value."""
    section = option = ""
    indent = 0
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        depth = len(line) - len(line.lstrip())
        if not stripped or stripped[0] in "#;":
            continue
        header = re.match(r"\[(.+)\]", stripped)
        if option and depth > indent:
            yield section, option, Entry(stripped, number, depth + 1)
        elif header:
            section, option = header[1], ""
        else:
            option, value = (re.split("[=:]", stripped, maxsplit=1) + [""])[:2]
            option, indent = option.strip().lower(), depth
            at = line.rindex(value.strip()) + 1
            yield section, option, Entry(value.strip(), number, at)
