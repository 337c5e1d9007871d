# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The files that say what an instance is, read once, each with what is wrong with it.

Only regular files are opened, and only up to a size: a checkout can hold anything.
"""

from __future__ import annotations

import configparser
import json
import os
import re
import stat
import sys
from pathlib import Path
from typing import Any, Callable, Mapping, NamedTuple

from ..readers.files import open_at_once
from ..readers.source import Problem, Source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

#: Bytes. A lock with every wheel of an instance's 300 packages exceeds 1 MiB.
LARGEST = 1 << 20
LARGEST_LOCK = 1 << 24

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


class Manifests(NamedTuple):
    """What the instance's files say; empty where a file is missing or unreadable."""

    printed: str  #: the folder, as reached from the current directory
    sources: Mapping[str, Source]  #: by name, as read
    present: frozenset[str]  #: names that exist, readable or not
    invenio: configparser.ConfigParser
    private: configparser.ConfigParser
    pipfile: Mapping[str, Any]
    pipfile_lock: Mapping[str, Any]
    pyproject: Mapping[str, Any]
    problems: tuple[Problem, ...]

    def text(self, name: str) -> str:
        """Return the text of a file, empty when it was not read."""
        return self.sources[name].text if name in self.sources else ""

    def where(self, name: str) -> str:
        """Return a file's path as it is printed."""
        return join(self.printed, name)


class Unreadable(ValueError):
    """A file cannot be read or understood; the message says what to do about it."""

    def __init__(self, message: str, line: int = 0) -> None:
        """Keep the line, 0 for the whole file."""
        super().__init__(message)
        self.line = line


def load(folder: Path, printed: str) -> Manifests:
    """Read and parse the files of an instance; never raises, never writes.

    :param printed: the folder as it is printed in front of the files' names.
    """
    sources: dict[str, Source] = {}
    parsed: dict[str, Any] = {}
    problems = []
    present = frozenset(name for name in FILES if os.path.lexists(folder / name))
    for name, (limit, parse) in FILES.items():
        if name not in present:
            continue
        where = join(printed, name)
        try:
            sources[name] = Source.from_bytes(where, read(folder / name, limit))
            parsed[name] = parse(sources[name].text)
        except Unreadable as error:
            problems.append(Problem(where, error.line, str(error), fatal=True))
    return Manifests(
        printed,
        sources,
        present,
        invenio=parsed.get(".invenio", new_ini()),
        private=parsed.get(".invenio.private", new_ini()),
        pipfile=parsed.get("Pipfile", {}),
        pipfile_lock=parsed.get("Pipfile.lock", {}),
        pyproject=parsed.get("pyproject.toml", {}),
        problems=tuple(problems),
    )


def join(printed: str, name: str) -> str:
    """Return a file's path as it is printed."""
    return name if printed == "." else os.path.join(printed, name)


def read(path: Path, limit: int) -> bytes:
    """Return a regular file's bytes.

    :raises Unreadable: it is none, or larger than ``limit`` bytes, or binary.
    """
    if not os.path.exists(path) and os.path.islink(path):
        raise Unreadable("is a link to nothing; restore it, or remove the link")
    try:
        # Asked before it is opened: opening a FIFO waits for its other end.
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            what = "a folder" if stat.S_ISDIR(mode) else "no regular file"
            raise Unreadable(f"is {what}; a file of this name is expected")
        with open_at_once(path) as file:
            data = file.read(limit + 1) or b""  # None: there is nothing yet
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror}") from error
    if len(data) > limit:
        raise Unreadable(f"is over {limit >> 20} MiB; that is no file of an instance")
    if b"\0" in data and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("is binary; restore it from version control")
    return data


def new_ini() -> configparser.ConfigParser:
    """Return an empty parser that reads as invenio-cli's, but takes ``%`` as it stands."""
    return configparser.ConfigParser(interpolation=None)


def parse_invenio(text: str) -> configparser.ConfigParser:
    """Parse ``.invenio``.

    :raises Unreadable: it is not INI, or has no section.
    """
    parser = parse_ini(text)
    if not parser.sections():
        raise Unreadable('has no sections: write "[cli]" and "flavour = RDM" (or ILS)')
    return parser


def parse_ini(text: str) -> configparser.ConfigParser:
    """Parse an INI file as invenio-cli does.

    :raises Unreadable: with the line that is wrong.
    """
    if text.count("\n") > _LINES or _BLANKS.search(text):
        raise Unreadable(
            f"no INI that anybody wrote: over {_LINES} lines, or a line of blanks"
        )
    parser = new_ini()
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
        raise Unreadable(
            "no TOML that anybody wrote: nested too deep, or a line with too many dots"
        ) from error
    except ValueError as error:  # also what a date or a number that is none raises
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
    return Unreadable(
        f"not TOML: {said[:1].lower()}{said[1:]}; correct this line", line
    )


def parse_json(text: str) -> Mapping[str, Any]:
    """Parse a lock file.

    :raises Unreadable: it is not JSON, or no object.
    """
    advice = "make it anew: `invenio-cli packages lock`"
    if text.count("{") + text.count("[") > _BRACKETS:
        raise Unreadable(f"no lock file that anybody made: {advice}")
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"not JSON: {advice}", error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {advice}") from error
    if not isinstance(data, dict):
        raise Unreadable(f"no lock file: {advice}", 1)
    return data


def table(data: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """Return a table inside parsed data, empty when there is none, or something else."""
    found: Any = data
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _keep(text: str) -> str:
    return text


#: Every file that is read, up to which size, and how it is parsed.
FILES: Mapping[str, tuple[int, Callable[[str], Any]]] = {
    ".invenio": (LARGEST, parse_invenio),
    ".invenio.private": (LARGEST, parse_ini),
    "Pipfile": (LARGEST, parse_toml),
    "Pipfile.lock": (LARGEST_LOCK, parse_json),
    "pyproject.toml": (LARGEST, parse_toml),
    "uv.lock": (LARGEST_LOCK, _keep),
    "poetry.lock": (LARGEST_LOCK, _keep),
    "requirements.txt": (LARGEST, _keep),
    ".python-version": (LARGEST, _keep),
}
