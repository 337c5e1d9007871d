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
from typing import Any, Iterator, Mapping, NamedTuple

from ..files import Unreadable, list_above, read_file
from ..image import Image, Mirror, parse
from ..model import Problem, Source, Span
from .manifests import Manifests, load, parse_toml

SECTION = "registry"
#: The table in each file.
_TABLES = {
    ".invenio": (SECTION,),
    "pyproject.toml": ("tool", "invenio-cli-registry"),
}
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
#: What applies to a key with one value that is not set.
DEFAULTS = {"preflight": "warn", "fail-on": "soon"}
#: Lines of one file that are read. Each image is compared with each of them.
MOST_LINES = 1000
#: Characters that are shown of a line that is not text.
_LONGEST = 60
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
    is_text: bool = True  #: else TOML's number, table or such, with its key


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

    def list_all(self) -> list[tuple[str, str, str]]:
        """Return key, value and origin of each line that counts, else of the default."""
        rows = []
        for key in KEYS:
            lines = [one for one in self.origins if one.key == key]
            rows += [(key, one.text, one.span.at_line) for one in lines]
            if not lines:
                rows.append((key, DEFAULTS.get(key, "none"), "default"))
        return rows


def read_settings(manifests: Manifests) -> Settings:
    """Return the settings of an instance: nearer keys win, lists add up.

    Those of its folder first, then of each folder above up to the root of the repository,
    at last of the file that the environment names. A wrong line is a problem, never an
    error.
    """
    problems: list[Problem] = []
    origins: list[Line] = []
    values: dict[str, list[Any]] = {key: [] for key in KEYS}
    for source, start, table in _list_tables(manifests, problems):
        lines = list(islice(_list_lines(source, start, table), MOST_LINES + 1))
        if len(lines) > MOST_LINES:
            message = f"line {MOST_LINES + 1} of this file; no more are read"
            problems.append(_problem(lines.pop(), message))
        for line in lines:
            try:
                value = _parse_line(line, manifests.folder)
            except ValueError as error:
                problems.append(_problem(line, str(error)))
                continue
            if not (KEYS[line.key] and values[line.key]):  # The nearest wins.
                values[line.key].append(value)
                origins.append(line)
    return Settings(
        preflight=next(iter(values["preflight"]), None),
        mirrors=tuple(values["mirrors"]),
        copies=tuple(values["copies"]),
        accept=tuple(values["accept"]),
        fail_on=next(iter(values["fail-on"]), None),
        exclude=tuple(values["exclude"]),
        origins=tuple(origins),
        problems=tuple(problems),
    )


def _list_tables(
    own: Manifests, problems: list[Problem]
) -> Iterator[tuple[Source, int, Mapping[str, Any]]]:
    """Yield file, offset and contents of each table of settings, the nearest first.

    :param problems: takes those of files that are not the instance's own.
    """
    for folder in list_above(own.folder):
        found = own
        if folder != own.folder:
            found = load(folder, _TABLES)
            problems += [
                one
                for one in found.problems
                if SECTION in (found.text(os.path.basename(one.path)) or SECTION)
            ]
        for name, keys in _TABLES.items():
            table = found.table(name, *keys)
            if table:
                source = found.sources[name]
                yield source, max(source.text.find(f"{keys[-1]}]"), 0), table
    machine = os.environ.get(VARIABLE)
    if machine:
        try:
            source = read_file(machine)
            yield source, 0, parse_toml(source.text)
        except Unreadable as error:
            message = f"{error}; {VARIABLE} names it"
            problems.append(Problem(machine, error.line, message, fatal=True))


def _list_lines(source: Source, start: int, table: Mapping[str, Any]) -> Iterator[Line]:
    """Yield the lines of a table, whose values are strings or lists of them.

    Each is at the first place behind the one before it that looks like it, because places
    are only shown.
    """
    for key, value in table.items():
        start = max(source.text.find(key, start), start)
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in values):
            begin = source.text.rfind("\n", 0, start) + 1
            line = source.text[begin : begin + _LONGEST].partition("\n")[0].strip()
            yield Line(key, line, source.span(start), is_text=False)
            continue
        # They may all be in one string, as in .invenio.
        for text in filter(None, map(str.strip, "\n".join(values).split("\n"))):
            at = source.text.find(text, start)
            span = source.span(start)
            if at >= 0:
                span = source.span(at, at + len(text))
            start = span.end
            yield Line(key, text, span)


def _problem(line: Line, message: str) -> Problem:
    return Problem(line.span.path, line.span.line, f"{line.key}: {message}", fatal=True)


def _parse_line(line: Line, folder: str) -> object:
    """Return the value of one line.

    :param folder: the instance.
    :raises ValueError: the line is wrong; the message says what to write.
    """
    key, text = line.key, line.text
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, 1)
        advice = f"did you mean {near[0]}?" if near else f"use {', '.join(KEYS)}"
        raise ValueError(f"not a setting; {advice}")
    if KEYS[key] and text not in KEYS[key]:
        raise ValueError(f"{text!r} is not valid; use {', '.join(KEYS[key])}")
    if not line.is_text:
        raise ValueError(f"{text!r} is not text: write it in quotes")
    if key in ("mirrors", "copies"):
        return Mirror.parse(text)
    if key == "accept":
        return _parse_accept(line)
    # A pattern is relative to the instance; a name alone is excluded anywhere.
    if key == "exclude" and "/" in text and not text.startswith("**/"):
        return os.path.relpath(os.path.join(glob.escape(folder), text))
    return text


def _parse_accept(line: Line) -> Accept:
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
    except ValueError as error:
        raise ValueError(f"{line.text!r}: {error}; {_FORM}") from error
    if image and path:
        raise ValueError(f"{line.text!r}: a path follows a rule only; {_FORM}")
    return Accept(what, path, image, until, line.span)
