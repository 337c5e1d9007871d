# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The settings of an instance, from its own files up to those of its repository."""

from __future__ import annotations

import datetime
import difflib
import os
import re
from itertools import islice
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, Mapping, NamedTuple, TypeVar

from ..files import LARGEST, list_above
from ..image import Image, InvalidReference, Mirror, parse
from ..model import Problem, Source, Span
from .manifests import Unreadable, join, parse_ini, parse_toml, read, scan

T = TypeVar("T")

SECTION = "registry"
TABLE = "invenio-cli-registry"
#: Names a TOML file with the same keys, for all instances of a machine.
VARIABLE = "INVENIO_CLI_REGISTRY_CONFIG"
#: The keys, and what a key with few values accepts.
KEYS: Mapping[str, tuple[str, ...]] = {
    "preflight": ("warn", "fail", "off"),
    "fail-on": ("now", "soon", "plan", "never"),
    "mirrors": (),
    "copies": (),
    "accept": (),
    "exclude": (),
}
#: Of all settings together. Each image is compared with each line.
MOST_LINES = 1000
_LONGEST = 80
_FORM = "write IMAGE, RULE or RULE PATH, then until YYYY-MM-DD"
_ACCEPT = re.compile(r"(\S+)(?:\s+(\S+))?\s+until\s+(\d{4}-\d\d-\d\d)")


class Accept(NamedTuple):
    """``WHAT until YYYY-MM-DD``: a finding that counts for nothing until that day."""

    what: str  #: an image, or a rule's id
    path: str | None  #: shell pattern of the files, relative to the instance
    image: Image | None  #: None for a rule's id
    until: datetime.date
    span: Span

    @property
    def rule(self) -> str:
        """Return the rule's id, empty for an image."""
        return "" if self.image else self.what


class Line(NamedTuple):
    """One line of a setting, and where it is written."""

    key: str
    text: str
    span: Span


class Settings(NamedTuple):
    """What an instance is set to, and the lines that are wrong."""

    preflight: str | None = None
    mirrors: tuple[Mirror, ...] = ()
    copies: tuple[Mirror, ...] = ()
    accept: tuple[Accept, ...] = ()
    fail_on: str | None = None
    exclude: tuple[str, ...] = ()  #: shell patterns
    origins: tuple[Line, ...] = ()  #: every line that counts, with its place
    problems: tuple[Problem, ...] = ()


def read_settings(folder: Path, printed: str) -> Settings:
    """Return the settings of an instance: nearer keys win, lists add up.

    Those of its folder first, then of each folder above up to the root of the repository,
    at last of the file that the environment names. A wrong line is a problem, never an
    error.

    :param printed: the folder as reached from the current directory.
    """
    problems: list[Problem] = []
    lines = list(islice(_list_lines(folder, printed, problems), MOST_LINES + 1))
    if len(lines) > MOST_LINES:
        last = lines.pop()
        problems.append(
            _problem(last, f"line {MOST_LINES + 1} of all; no more are read")
        )
    used: list[Line] = []

    def collect(key: str, parser: Callable[[Line], T]) -> tuple[T, ...]:
        found = []
        for line in lines:
            if line.key == key:
                try:
                    found.append(parser(line))
                    used.append(line)
                except ValueError as error:
                    problems.append(_problem(line, str(error)))
            if found and KEYS[key]:
                break  # The nearest wins.
        return tuple(found)

    preflight = collect("preflight", _parse_choice)
    fail_on = collect("fail-on", _parse_choice)
    settings = Settings(
        preflight=preflight[0] if preflight else None,
        mirrors=collect("mirrors", lambda line: Mirror.parse(line.text)),
        copies=collect("copies", lambda line: Mirror.parse(line.text)),
        accept=collect("accept", _parse_accept),
        fail_on=fail_on[0] if fail_on else None,
        exclude=collect("exclude", lambda line: line.text),
    )
    problems += (_explain_key(line) for line in lines if line.key not in KEYS)
    return settings._replace(origins=tuple(used), problems=tuple(problems))


def _explain_key(line: Line) -> Problem:
    near = difflib.get_close_matches(line.key, KEYS, 1)
    advice = f"did you mean {near[0]}?" if near else f"use {', '.join(KEYS)}"
    return _problem(line, f"not a setting; {advice}")


def _problem(line: Line, message: str) -> Problem:
    return Problem(line.span.path, line.span.line, f"{line.key}: {message}", fatal=True)


def _parse_choice(line: Line) -> str:
    if line.text not in KEYS[line.key]:
        raise ValueError(f"{line.text!r} is not valid; use {', '.join(KEYS[line.key])}")
    return line.text


def _parse_accept(line: Line) -> Accept:
    """Parse a line of ``accept``.

    :raises ValueError: the line is wrong; the message shows the form.
    """
    found = _ACCEPT.fullmatch(line.text)
    if not found:
        raise ValueError(f"{line.text!r}: {_FORM}")
    what, path, day = found.groups()
    image = None
    try:
        until = datetime.date.fromisoformat(day)
        # The ids of rules are words with hyphens, and no image of the organisation is.
        if not re.fullmatch(r"[a-z]+(-[a-z]+)*", what):
            image = parse(what)
    except (InvalidReference, ValueError) as error:
        raise ValueError(f"{line.text!r}: {error}; {_FORM}") from error
    if image and path:
        raise ValueError(f"{line.text!r}: a path follows a rule only; {_FORM}")
    return Accept(what, path, image, until, line.span)


def _list_lines(folder: Path, printed: str, problems: list[Problem]) -> Iterator[Line]:
    """Yield every line of the settings, the nearest first; a broken file is a problem."""
    for number, above in enumerate(list_above(printed)):
        at = Path(folder, *[os.pardir] * number)
        # The instance's own files are read for what it is, and their problems told there.
        told = problems if number else []
        yield from _read(at / ".invenio", join(above, ".invenio"), _in_ini, told)
        name = "pyproject.toml"
        yield from _read(at / name, join(above, name), _in_pyproject, told)
    path = os.environ.get(VARIABLE, "")
    if path and not os.path.exists(path):
        message = f"there is no such file; {VARIABLE} names it"
        problems.append(Problem(path, 0, message, fatal=True))
    elif path:
        yield from _read(Path(path), path, _in_file, problems)


def _read(
    path: Path,
    printed: str,
    list_lines: Callable[[Source], Iterable[Line]],
    problems: list[Problem],
) -> Iterable[Line]:
    """Return the lines of one file, none of a file that is not there or is broken."""
    if not os.path.lexists(path):
        return ()
    try:
        source = Source.from_bytes(printed, read(path, LARGEST))
        return list(list_lines(source))
    except Unreadable as error:
        problems.append(Problem(printed, error.line, str(error), fatal=True))
        return ()


def _in_ini(source: Source) -> Iterator[Line]:
    if f"[{SECTION}]" in source.text and parse_ini(source.text):
        for section, key, span in scan(source):
            if section == SECTION:
                yield Line(key, span.text, span)


def _in_pyproject(source: Source) -> Iterator[Line]:
    if TABLE in source.text:
        tool = parse_toml(source.text).get("tool")
        values = tool.get(TABLE) if isinstance(tool, dict) else None
        start = max(source.text.find(TABLE), 0)
        yield from _list_values(source, values, start)


def _in_file(source: Source) -> Iterator[Line]:
    yield from _list_values(source, parse_toml(source.text), 0)


def _list_values(source: Source, values: Any, start: int) -> Iterator[Line]:  # noqa: ANN401
    """Yield the lines of a table of settings, whose values are strings or lists of them.

    :param start: where the table begins. Each value is at the first place behind the one
        before it that looks like it; places are only shown.
    """
    for key, value in values.items() if isinstance(values, dict) else ():
        for one in value if isinstance(value, list) else [value]:
            # They may all be in one string, as in .invenio.
            for text in one.split("\n") if isinstance(one, str) else [_show(one)]:
                text = text.strip()
                at = source.text.find(text, start) if text else -1
                if at >= 0:
                    start = at + len(text)
                if text:
                    span = Span(source, at, start) if at >= 0 else source.span(start)
                    yield Line(key, text, span)


def _show(value: object) -> str:
    """Return what is written where a line is expected."""
    try:
        return repr(value)[:_LONGEST]
    except (ValueError, RecursionError):
        # A number of thousands of digits is one that Python does not write.
        return f"<{type(value).__name__}>"
