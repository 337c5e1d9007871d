# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The settings of an instance, from its own files up to those of its repository."""

from __future__ import annotations

import datetime
import difflib
import glob
import os
import re
from itertools import islice
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, NamedTuple, TypeVar

from ..files import list_above
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
_FILES = (".invenio", "pyproject.toml")
#: Of all settings together. Each image is compared with each line.
MOST_LINES = 1000
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
    exclude: tuple[str, ...] = ()  #: shell patterns, seen from the current directory
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
        exclude=collect("exclude", lambda line: _find_pattern(line.text, printed)),
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


def _find_pattern(text: str, printed: str) -> str:
    """Return a pattern relative to the instance as seen from the current directory.

    A name alone is excluded anywhere.
    """
    if "/" not in text or text.startswith("**/"):
        return text
    return os.path.relpath(os.path.join(glob.escape(printed), text))


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
    for path, shown in _list_files(folder, printed):
        try:
            source = Source.from_bytes(shown, read(path))
            if path.name == ".invenio":
                yield from _read_ini(source)
            else:
                yield from _read_toml(source, path.name == "pyproject.toml")
        except Unreadable as error:
            # The problems of its own files are told where it is read for what it is.
            if path.parent != folder:
                named = "" if path.name in _FILES else f"; {VARIABLE} names it"
                message = f"{error}{named}"
                problems.append(Problem(shown, error.line, message, fatal=True))


def _list_files(folder: Path, printed: str) -> Iterator[tuple[Path, str]]:
    """Yield the files that may hold settings, with their paths as they are printed."""
    for number, above in enumerate(list_above(printed)):
        for name in _FILES:
            path = Path(folder, *[os.pardir] * number, name)
            if os.path.lexists(path):
                yield path, join(above, name)
    machine = os.environ.get(VARIABLE, "")
    if machine:
        yield Path(os.path.abspath(machine)), machine


def _read_ini(source: Source) -> list[Line]:
    if f"[{SECTION}]" not in source.text:
        return []
    parse_ini(source.text)
    lines = scan(source)
    return [Line(key, span.text, span) for at, key, span in lines if at == SECTION]


def _read_toml(source: Source, is_project: bool) -> Iterator[Line]:
    """Yield the lines of a TOML file, whose values are strings or lists of them.

    Each is at the first place behind the one before it that looks like it, because places
    are only shown.

    :param is_project: the settings are in a table of pyproject.toml.
    """
    start = source.text.find(TABLE) if is_project else 0
    if start < 0:
        return
    values: Any = parse_toml(source.text)
    for name in ("tool", TABLE) if is_project else ():
        values = values.get(name) if isinstance(values, dict) else None
    for key, value in values.items() if isinstance(values, dict) else ():
        for one in value if isinstance(value, list) else [value]:
            # They may all be in one string, as in .invenio.
            shown = one if isinstance(one, str) else f"<{type(one).__name__}>"
            for text in filter(None, map(str.strip, shown.split("\n"))):
                at = source.text.find(text, start)
                start = at + len(text) if at >= 0 else start
                span = Span(source, at, start) if at >= 0 else source.span(start)
                yield Line(key, text, span)
