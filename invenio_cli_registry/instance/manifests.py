# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The files that say what an instance is, read once, each with what is wrong with it."""

from __future__ import annotations

import configparser
import json
import os
import re
import sys
from typing import Any, Callable, Iterable, Mapping, NamedTuple

from ..files import (
    LARGEST,
    LARGEST_LOCK,
    Unreadable,
    find_requirements,
    is_requirements,
    join,
    list_names,
    read_file,
)
from ..model import Problem, Source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: The upgrade page of a release shows the extras without quotes; people copy it.
_UNQUOTED = re.compile(r"extras\s*=\s*\[\s*([A-Za-z][\w.-]*(?:\s*,\s*[\w.-]+)*)\s*\]")
#: Python's parser needs memory for the square of a dotted key's length, and a key does
#: not go beyond its line: how many dots, squared by line, a file may have.
_DOTS = 1 << 22
#: What Python's parser of INI takes the square of: lines that are none, and blanks.
_LINES = 10_000
_BLANKS = re.compile(r"[^\S\n]{200}")
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_AGAIN = "run `invenio-cli packages lock` to make it again"


class Manifests(NamedTuple):
    """What the instance's files say; empty where a file is missing or unreadable."""

    folder: str  #: as reached from the current directory
    sources: Mapping[str, Source] = {}  #: by name, as read
    parsed: Mapping[str, Mapping[str, Any]] = {}  #: by name: TOML, JSON and INI
    present: frozenset[str] = frozenset()  #: names that exist, readable or not
    problems: tuple[Problem, ...] = ()

    def text(self, name: str) -> str:
        """Return the text of a file, empty when it was not read."""
        return self.sources[name].text if name in self.sources else ""

    def table(self, name: str, *keys: str) -> Mapping[str, Any]:
        """Return a table of a file, or a section; empty when there is none."""
        found: Any = self.parsed.get(name)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def option(self, name: str, section: str, option: str) -> str:
        """Return an option of an INI file, empty when there is none."""
        return str(self.table(name, section).get(option, "")).strip()

    @property
    def requirements(self) -> list[str]:
        """Return the names of the files of requirements, the nearest first."""
        return [name for name in self.sources if is_requirements(name)]


def load(folder: str, names: Iterable[str] | None = None) -> Manifests:
    """Read and parse the files of an instance; never raises, never writes.

    :param names: of the files, without: all that say something about an instance.
    """
    if names is None:
        names = (*FILES, *find_requirements(folder, list_names(folder)))
    present = [name for name in names if os.path.lexists(os.path.join(folder, name))]
    sources, parsed, problems = {}, {}, []
    for name in present:
        path, (limit, parse) = join(folder, name), FILES.get(name, (LARGEST, None))
        try:
            sources[name] = read_file(path, limit)
            if parse:
                parsed[name] = parse(sources[name].text)
        except Unreadable as error:
            problems.append(Problem(path, error.line, str(error), fatal=True))
    return Manifests(folder, sources, parsed, frozenset(present), tuple(problems))


def parse_ini(text: str) -> Mapping[str, Mapping[str, str]]:
    """Parse an INI file as invenio-cli does, but take ``%`` as it is.

    :raises Unreadable: with the line that is wrong.
    """
    if text.count("\n") > _LINES or _BLANKS.search(text):
        raise Unreadable("unusually large or malformed INI file: not read")
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.ParsingError as error:  # a line before the first section, too
        line = getattr(error, "lineno", 0) or error.errors[0][0]
        message = "not INI: [section] or key = value is expected; correct this line"
        raise Unreadable(message, line) from error
    except configparser.Error as error:  # a section or an option that is there twice
        message = f"not INI: {error.message.rpartition(']: ')[2]}; remove one of them"
        raise Unreadable(message, getattr(error, "lineno", 0) or 0) from error
    return {name: dict(parser[name]) for name in parser.sections()}


def parse_toml(text: str) -> Mapping[str, Any]:
    """Parse a TOML file.

    :raises Unreadable: with the line that is wrong.
    """
    broken = re.search("[\ud800-\udfff]", text)
    if broken:
        line = text.count("\n", 0, broken.start()) + 1
        raise Unreadable("not TOML: not UTF-8; save it as UTF-8", line)
    try:
        if sum(line.count(".") ** 2 for line in text.split("\n")) > _DOTS:
            raise RecursionError
        return tomllib.loads(text)
    except RecursionError as error:
        said = "nested too deep, or too many dots"
        raise Unreadable(f"unusually large or malformed TOML file: {said}") from error
    except ValueError as error:  # also a date or a number that does not exist
        raise _explain_toml(text, str(error)) from error


def _explain_toml(text: str, message: str) -> Unreadable:
    """Return the error with its line, and with the one mistake that many make, by name."""
    found = _AT_LINE.search(message)
    lines = text.split("\n")
    line = int(found[1]) if found and found[1] else len(lines)
    unquoted = _UNQUOTED.search(lines[line - 1])
    if unquoted:
        names = re.split(r"\s*,\s*", unquoted[1])
        quoted = ", ".join(f'"{name}"' for name in names)
        return Unreadable(f"not TOML: extras must be quoted: [{quoted}]", line)
    said = _AT_LINE.sub("", message)
    said = said[:1].lower() + said[1:]
    return Unreadable(f"not TOML: {said}; correct this line", line)


def _parse_lock(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {_AGAIN}", getattr(error, "lineno", 0)) from error
    if not isinstance(data, dict):
        raise Unreadable(f"not a lock file: {_AGAIN}", 1)
    return data


#: Every file that is read, up to which size, and how it is parsed. The lock files of uv and
#: poetry are written by machines in one form; parsing megabytes of TOML takes too long.
FILES: Mapping[str, tuple[int, Callable[[str], Mapping[str, Any]] | None]] = {
    ".invenio": (LARGEST, parse_ini),
    ".invenio.private": (LARGEST, parse_ini),
    "Pipfile": (LARGEST, parse_toml),
    "Pipfile.lock": (LARGEST_LOCK, _parse_lock),
    "pyproject.toml": (LARGEST, parse_toml),
    "setup.cfg": (LARGEST, None),
    "setup.py": (LARGEST, None),
    "uv.lock": (LARGEST_LOCK, None),
    "poetry.lock": (LARGEST_LOCK, None),
    ".python-version": (LARGEST, None),
}
