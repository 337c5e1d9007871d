# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The settings of a project: ``[registry]`` of ``.invenio``, or a table of pyproject.toml."""

from __future__ import annotations

import datetime
import re
from itertools import islice
from typing import Callable, Iterator, NamedTuple, TypeVar

from ..mirrors import Mirror
from ..readers.source import Problem
from ..reference import Image, parse
from .manifests import Manifests, table
from .places import Place, find_entries, find_string

T = TypeVar("T")

SECTION = "registry"
TABLE = "invenio-cli-registry"
PREFLIGHTS = ("warn", "fail", "off")
SETTINGS = ("preflight", "mirrors", "copies", "accept")
#: Of all settings together. Each image is held against each line.
MOST_LINES = 1000
#: Characters of what is no line, as a message shows it.
_LONGEST = 80


class MirrorLine(NamedTuple):
    """``upstream=host[:port]/path``: where an upstream's images are served as well."""

    mirror: Mirror
    place: Place


class AcceptLine(NamedTuple):
    """``IMAGE until YYYY-MM-DD``: a finding that is known and borne until that day."""

    image: Image
    until: datetime.date
    place: Place


class Configuration(NamedTuple):
    """What a project is set to, each line with its place, and the lines that are wrong."""

    preflight: str | None = None
    mirrors: tuple[MirrorLine, ...] = ()
    copies: tuple[MirrorLine, ...] = ()
    accept: tuple[AcceptLine, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Line(NamedTuple):
    """One line of a setting, as written."""

    setting: str
    text: str
    place: Place


def read_configuration(manifests: Manifests) -> Configuration:
    """Return the settings of a project; a line that is none is a problem, never an error."""
    problems = list(_check_table_counts(manifests))
    lines = list(islice(_list_lines(manifests), MOST_LINES + 1))
    for line in lines[MOST_LINES:]:
        message = f"line {MOST_LINES + 1}, and with it no more are read"
        problems.append(_problem(line, message))
    del lines[MOST_LINES:]

    def collect(setting: str, parser: Callable[[str, Place], T]) -> tuple[T, ...]:
        found = []
        for line in lines:
            if line.setting == setting:
                try:
                    found.append(parser(line.text, line.place))
                except ValueError as error:
                    problems.append(_problem(line, str(error)))
        return tuple(found)

    preflights = collect("preflight", _parse_preflight)
    configuration = Configuration(
        preflight=preflights[-1] if preflights else None,
        mirrors=collect("mirrors", parse_mirror),
        copies=collect("copies", parse_mirror),
        accept=collect("accept", parse_accept),
    )
    problems += (
        _problem(line, f"no setting: {', '.join(SETTINGS)} are")
        for line in lines
        if line.setting not in SETTINGS
    )
    return configuration._replace(problems=tuple(problems))


def _list_lines(manifests: Manifests) -> Iterator[_Line]:
    if ".invenio" in manifests.present:
        return _lines_of_invenio(manifests)
    return _lines_of_pyproject(manifests)


def _problem(line: _Line, message: str) -> Problem:
    text = f"[{SECTION}] {line.setting}: {message}"
    return Problem(line.place.path, line.place.line, text, fatal=True)


def parse_mirror(text: str, place: Place) -> MirrorLine:
    """Parse a line of ``mirrors`` or ``copies``.

    :raises ValueError: it is none; the message shows the form.
    """
    return MirrorLine(Mirror.parse(text), place)


def parse_accept(text: str, place: Place) -> AcceptLine:
    """Parse a line of ``accept``.

    :raises ValueError: it is none; the message shows the form.
    """
    form = "write IMAGE until YYYY-MM-DD"
    found = re.fullmatch(r"(\S+)\s+until\s+(\d{4}-\d\d-\d\d)", text)
    if not found:
        raise ValueError(f"{text!r}: {form}")
    try:
        return AcceptLine(parse(found[1]), datetime.date.fromisoformat(found[2]), place)
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}; {form}") from error


def _parse_preflight(text: str, place: Place) -> str:
    if text not in PREFLIGHTS:
        raise ValueError(f"{text!r} is none of {', '.join(PREFLIGHTS)}")
    return text


def _lines_of_invenio(manifests: Manifests) -> Iterator[_Line]:
    parser = manifests.invenio
    if not parser.has_section(SECTION):
        return
    where = manifests.where(".invenio")
    found = find_entries(manifests.text(".invenio"), SECTION)
    for option in parser.options(SECTION):
        if option in parser.defaults():
            continue
        lines = parser.get(SECTION, option).split("\n")
        texts = [line.strip() for line in lines if line.strip()]
        entries = found.get(option, [])
        exact = [entry.text for entry in entries] == texts
        for number, text in enumerate(texts):
            at = entries[number][1:] if exact else (0, 1)
            yield _Line(option, text, Place(where, *at))


def _lines_of_pyproject(manifests: Manifests) -> Iterator[_Line]:
    settings = table(manifests.pyproject, "tool", TABLE)
    count = sum(
        len(value) if isinstance(value, list) else 1 for value in settings.values()
    )
    for setting, value in settings.items():
        many = isinstance(value, list)
        for number, one in enumerate(value if many else [value]):
            keys = ("tool", TABLE, setting, *((number,) if many else ()))
            source = manifests.sources["pyproject.toml"]
            place = find_string(source, manifests.pyproject, keys, count)
            yield from _split(setting, one, place or Place(source.path, 0, 1))


def _split(setting: str, value: object, place: Place) -> Iterator[_Line]:
    """Yield the lines of a string; they may all stand in one, as in ``.invenio``."""
    for line in value.split("\n") if isinstance(value, str) else [_show(value)]:
        if line.strip():
            yield _Line(setting, line.strip(), place)


def _show(value: object) -> str:
    """Return what stands where a line is expected."""
    try:
        return repr(value)[:_LONGEST]
    except (ValueError, RecursionError):
        # A number of thousands of digits is none that Python writes.
        return f"<{type(value).__name__}>"


def _check_table_counts(manifests: Manifests) -> Iterator[Problem]:
    """Yield a problem when the table of pyproject.toml is there and is not looked at."""
    ignored = table(manifests.pyproject, "tool", TABLE)
    if ignored and ".invenio" in manifests.present:
        message = f"[tool.{TABLE}] is not read beside an .invenio: move it to [{SECTION}] there"
        yield Problem(manifests.where("pyproject.toml"), 0, message, fatal=True)
