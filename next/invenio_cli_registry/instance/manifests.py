# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The files that say what an instance is, read once, each with what is wrong with it."""

from __future__ import annotations

import configparser
import json
import os
import re
import sys
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, NamedTuple, Sequence

from ..files import (
    LARGEST,
    NotRegular,
    find_requirements,
    is_requirements,
    list_names,
    read_regular,
)
from ..model import Problem, Source, Span

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: The lock file of each package manager.
LOCKS = {"pipenv": "Pipfile.lock", "uv": "uv.lock", "poetry": "poetry.lock"}
#: Bytes. A lock with every wheel of an instance's 300 packages exceeds 1 MiB.
_LARGEST_LOCK = 1 << 24
#: Files of requirements: an instance has a handful.
_MOST_REQUIREMENTS = 20

#: The upgrade page of a release shows the extras without quotes; people copy it.
_UNQUOTED = re.compile(r"extras\s*=\s*\[\s*([A-Za-z][\w.-]*(?:\s*,\s*[\w.-]+)*)\s*\]")
#: Python's parser needs memory for the square of a dotted key's length, and a key does
#: not go beyond its line: how many dots, squared by line, a file may have.
_DOTS = 1 << 22
#: Objects and lists: a lock has a few for each package, and most of its bytes are hashes.
_BRACKETS = 1 << 17
#: What Python's parser of INI takes the square of: lines that are none, and blanks.
_LINES = 10_000
_BLANKS = re.compile(r"[^\S\n]{200}")
_AT_LINE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)")
_AGAIN = "run `invenio-cli packages lock` to make it again"

_QUOTED = re.compile(r"([\"'])(.*?)\1")


class Unreadable(ValueError):
    """A file cannot be read or understood; the message says what to do about it."""

    def __init__(self, message: str, line: int = 0) -> None:
        """Keep the line, 0 for the whole file."""
        super().__init__(message)
        self.line = line


class Manifests(NamedTuple):
    """What the instance's files say; empty where a file is missing or unreadable."""

    printed: str  #: the folder, as reached from the current directory
    sources: Mapping[str, Source]  #: by name, as read
    parsed: Mapping[str, Any]  #: by name: TOML and JSON as tables, INI as a parser
    present: frozenset[str]  #: names that exist, readable or not
    problems: tuple[Problem, ...]

    def text(self, name: str) -> str:
        """Return the text of a file, empty when it was not read."""
        return self.sources[name].text if name in self.sources else ""

    def where(self, name: str) -> str:
        """Return a file's path as it is printed."""
        return join(self.printed, name)

    def table(self, name: str, *keys: str) -> Mapping[str, Any]:
        """Return a table of a TOML or JSON file, empty when there is none."""
        found: Any = self.parsed.get(name)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found if isinstance(found, dict) else {}

    def option(self, name: str, section: str, option: str) -> str:
        """Return an option of an INI file, empty when there is none."""
        parser = self.parsed.get(name)
        found = parser.get(section, option, fallback="") if parser else ""
        return str(found or "").strip()

    @property
    def requirements(self) -> list[str]:
        """Return the names of the files of requirements, the nearest first."""
        return [name for name in self.sources if is_requirements(name)]


def load(folder: Path, printed: str) -> Manifests:
    """Read and parse the files of an instance; never raises, never writes.

    :param printed: the folder as it is printed in front of the files' names.
    """
    sources: dict[str, Source] = {}
    parsed: dict[str, Any] = {}
    problems = []
    present = [name for name in FILES if os.path.lexists(folder / name)]
    requirements = find_requirements(str(folder), list_names(str(folder)))
    present += requirements[:_MOST_REQUIREMENTS]
    for name in present:
        limit, parse = FILES.get(name, (LARGEST, _keep))
        where = join(printed, name)
        try:
            sources[name] = Source.from_bytes(where, read(folder / name, limit))
            parsed[name] = parse(sources[name].text)
        except Unreadable as error:
            problems.append(Problem(where, error.line, str(error), fatal=True))
    return Manifests(printed, sources, parsed, frozenset(present), tuple(problems))


def join(printed: str, name: str) -> str:
    """Return a file's path as it is printed."""
    return name if printed == "." else os.path.join(printed, name)


def read(path: Path, limit: int = LARGEST) -> bytes:
    """Return a regular file's bytes.

    :raises Unreadable: it is none, or larger than ``limit`` bytes, or binary.
    """
    if not os.path.exists(path) and os.path.islink(path):
        raise Unreadable("is a link to nothing; restore it, or remove the link")
    try:
        data = read_regular(path, limit)
    except NotRegular as error:
        what = "a folder" if os.path.isdir(path) else "not a regular file"
        raise Unreadable(f"is {what}; a file of this name is expected") from error
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from error
    if len(data) > limit:
        raise Unreadable(f"is over {limit >> 20} MiB: too large for such a file")
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("is binary; restore it from version control")
    return data


def _parse_invenio(text: str) -> configparser.ConfigParser:
    """Parse ``.invenio``, which has a section at least.

    :raises Unreadable: it is not INI, or has no section.
    """
    parser = parse_ini(text)
    if not parser.sections():
        raise Unreadable('has no sections: write "[cli]" and "flavour = RDM" (or ILS)')
    return parser


def parse_ini(text: str) -> configparser.ConfigParser:
    """Parse an INI file as invenio-cli does, but take ``%`` as it is.

    :raises Unreadable: with the line that is wrong.
    """
    if text.count("\n") > _LINES or _BLANKS.search(text):
        raise Unreadable("unusually large or malformed INI file: not read")
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
    except configparser.MissingSectionHeaderError as error:
        message = "not INI: a line before the first section; [cli] is expected"
        raise Unreadable(message, error.lineno) from error
    except configparser.ParsingError as error:
        message = "not INI: neither [section] nor key = value; correct this line"
        raise Unreadable(message, error.errors[0][0]) from error
    except configparser.Error as error:  # a section or an option that is there twice
        message = f"not INI: {error.message.rpartition(']: ')[2]}; remove one of them"
        raise Unreadable(message, getattr(error, "lineno", 0) or 0) from error
    return parser


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
        message = (
            "unusually large or malformed TOML file: nested too deep, or too many dots"
        )
        raise Unreadable(message) from error
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


def _parse_json(text: str) -> Mapping[str, Any]:
    """Parse a lock file.

    :raises Unreadable: it is not JSON, or not an object.
    """
    if text.count("{") + text.count("[") > _BRACKETS:
        raise Unreadable(f"unusually large or malformed lock file: {_AGAIN}")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {_AGAIN}", getattr(error, "lineno", 0)) from error
    if not isinstance(data, dict):
        raise Unreadable(f"not a lock file: {_AGAIN}", 1)
    return data


def _keep(text: str) -> str:
    return text


#: Every file that is read, up to which size, and how it is parsed. The lock files of uv and
#: poetry are written by machines in one form; parsing megabytes of TOML takes too long.
FILES: Mapping[str, tuple[int, Callable[[str], Any]]] = {
    ".invenio": (LARGEST, _parse_invenio),
    ".invenio.private": (LARGEST, parse_ini),
    "Pipfile": (LARGEST, parse_toml),
    "Pipfile.lock": (_LARGEST_LOCK, _parse_json),
    "pyproject.toml": (LARGEST, parse_toml),
    "setup.cfg": (LARGEST, _keep),
    "uv.lock": (_LARGEST_LOCK, _keep),
    "poetry.lock": (_LARGEST_LOCK, _keep),
    ".python-version": (LARGEST, _keep),
}


def scan(source: Source) -> Iterator[tuple[str, str, Span]]:
    """Yield the lines of an INI file's values, or the first ones of a TOML file's.

    :returns: section and option of the line, and where the value is.
    """
    section = option = ""
    indent = start = 0
    for line in source.text.split("\n"):
        value = line.strip()
        depth = len(line) - len(line.lstrip())
        header = re.match(r"\[([^]]+)\]", value)
        if value and value[0] not in "#;":
            if option and depth > indent:
                pass  # a further line of the value
            elif header:
                section, option, value = header[1], "", ""
            else:
                name, value = (re.split("[=:]", value, maxsplit=1) + [""])[:2]
                option, value, indent = name.strip().lower(), value.strip(), depth
            if option and value:
                at = start + line.rindex(value)
                yield section, option, Span(source, at, at + len(value))
        start += len(line) + 1


def find_value(source: Source, keys: Sequence[str], value: str) -> Span | None:
    """Return where a string of a TOML file is written, inside its quotes.

    :returns: None when it is not written as a key and a quoted string in one line.
    """
    for section, option, span in scan(source):
        names = [*section.split("."), *option.split(".")]
        if [name.strip(" \t\"'") for name in names if name] == list(keys):
            quoted = _QUOTED.match(span.text)
            if quoted and quoted[2] == value:
                start = span.start + quoted.start(2)
                return Span(source, start, start + len(value))
    return None
