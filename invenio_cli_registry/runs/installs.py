# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the commands of a build install: a Python, a Node, the Python packages. Pure.

Only what the text says plainly is found: no script is opened, and a variable has a value
only where ``values.py`` filled it in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Callable, Iterable, Iterator, NamedTuple

from ..readers.model import Instruction
from .script import REMEMBERED, Command, Said, split_commands, split_said

#: Package tools of the systems, and the words that make them install something.
SYSTEM_TOOLS = frozenset({"apt", "apt-get", "dnf", "microdnf", "yum"})
_INSTALLS = frozenset({"install", "localinstall", "reinstall", "module"})
_LINKS = frozenset({"alternatives", "ln", "update-alternatives"})
_CONDA = frozenset({"conda", "mamba", "micromamba"})
_NODE_VERSIONS = frozenset({"n", "nvm", "fnm", "volta", "nodeenv"})

#: python3.12, python312, python3.12-devel, rh-python38, python36u, @python39, python38:3.8
_PYTHON_PACKAGE = re.compile(r"@?(?:rh-)?python3\.?(\d{1,2})u?(?:[-:].*)?")
_PYTHON_PATH = re.compile(r"(?:.*/)?python3\.(\d{1,2})")
_PYTHON_VERSION = re.compile(
    r"(?:cpython-|python==?|@)?3\.(\d{1,2})(?:\.\d+)?(?:[-*.].*)?"
)
_PYTHON_SOURCE = re.compile(r"python\.org/ftp/python/3\.(\d{1,2})")

#: python$VERSION, python3.${MINOR}-devel, /usr/bin/python$VERSION, $PYTHON, python=$X
_PYTHON_UNKNOWN = re.compile(
    r"(?:\S*/)?@?(?:rh-)?python[=\d.]*\$|\$\{?\w*py", re.IGNORECASE
)
_PYTHON_SOURCE_UNKNOWN = re.compile(r"python\.org/ftp/python/\$")

#: nodejs:18, nodejs:18/common, nodejs-14.21.3, nodejs-1:16.20, nodejs=18.*, node@18
_NODE_PACKAGE = re.compile(r"@?node(?:js)?[-:=@]{1,2}(?:1:)?v?(\d{1,2})(?:[./+~-].*)?")
_NODE_VERSION = re.compile(r"(?:--node=|v|node@)?(\d{1,2})(?:\.[\d.x]+)?")
_NODE_SOURCE = re.compile(
    r"nodesource\.com/(?:setup_|pub_|node_)(\d{1,2})\.|nodejs\.org/dist/(?:latest-)?v(\d{1,2})\."
)

#: What an instruction must mention to be worth splitting into its commands.
_PYTHON_HINT = re.compile(r"python|pyenv|conda|mamba|uv")
_UNKNOWN_HINT = re.compile(r"py|conda|mamba|uv", re.IGNORECASE)
_NODE_HINT = re.compile(r"node|nvm|fnm|volta|\bn\b")
_MANAGER_HINT = re.compile(r"pip|poetry|uv")

_PIP = re.compile(r"pip(?:3(?:\.\d+)?)?")
_PYTHON = re.compile(r"python(?:3(?:\.\d+)?)?")
#: What pip installs without installing the project's packages.
_TOOLS = re.compile(
    r"(?:pip|pipenv|poetry|setuptools|uv|virtualenv|wheel)(?:[\[<>=~!].*)?"
)


class Installed(NamedTuple):
    """Something that a command installs, or makes the one that is used."""

    version: str  #: "3.12" of a Python, "18" of a Node
    offset: int  #: where the command stands in its file


def installed_pythons(instructions: Iterable[Instruction]) -> tuple[Installed, ...]:
    """List the Pythons that a build installs or chooses itself, by minor, in order."""
    return tuple(_collect(instructions, _pythons, _PYTHON_HINT))


def installs_unknown_python(instructions: Iterable[Instruction]) -> bool:
    """Tell whether a build installs a Python whose version the text does not tell."""
    return any(
        _names_no_version(command)
        for step in instructions
        if step.keyword == "RUN" and "$" in step.text and _mentions(step, _UNKNOWN_HINT)
        for command in split_said(Said.by(step))
    )


def _names_no_version(command: Command) -> bool:
    arguments, program = command.words[1:], command.program
    if _PYTHON_SOURCE_UNKNOWN.search(command.text):
        return True
    if program in SYSTEM_TOOLS | _CONDA:
        asks = _INSTALLS.union(("create",)).intersection(arguments)
        return bool(asks) and any(map(_PYTHON_UNKNOWN.match, arguments))
    if program in _LINKS:
        return any(map(_PYTHON_UNKNOWN.match, arguments))
    named = program in ("uv", "pyenv") and _python_is_named(program, arguments)
    return named and any("$" in word for word in arguments)


def installed_node(instructions: Iterable[Instruction]) -> tuple[Installed, ...]:
    """List the Nodes that a build installs itself, by major, in order."""
    return tuple(_collect(instructions, _nodes, _NODE_HINT))


def package_manager(instructions: Iterable[Instruction]) -> str | None:
    """Return what a build installs its Python packages with.

    :returns: ``pipenv``, ``uv``, ``poetry``, ``pip``, or None when no command does.
    """
    found = {
        name
        for step in instructions
        if step.keyword == "RUN" and _mentions(step, _MANAGER_HINT)
        for name in _managers(Said.by(step))
    }
    return next(
        (name for name in ("pipenv", "uv", "poetry", "pip") if name in found), None
    )


@lru_cache(maxsize=REMEMBERED)
def _managers(said: Said) -> frozenset[str]:
    return frozenset(filter(None, map(called_manager, split_said(said))))


def _collect(
    instructions: Iterable[Instruction],
    find: Callable[[Command], Iterator[str]],
    hint: re.Pattern[str],
) -> Iterator[Installed]:
    """Yield what the commands install, each version of a command once.

    Splitting is the slow part of a check, and most instructions have nothing for us.
    """
    for step in instructions:
        if not _mentions(step, hint):
            continue
        versions = _find_versions(Said.by(step), find)
        if versions:
            commands = split_commands(step)
            for number, version in versions:
                yield Installed(version, commands[number].offsets[0])


@lru_cache(maxsize=REMEMBERED)
def _find_versions(
    said: Said, find: Callable[[Command], Iterator[str]]
) -> tuple[tuple[int, str], ...]:
    """Return the number of each command that installs something, and its version."""
    return tuple(
        (number, version)
        for number, command in enumerate(split_said(said))
        for version in dict.fromkeys(find(command))
    )


def _mentions(step: Instruction, hint: re.Pattern[str]) -> bool:
    """Tell whether an instruction, or a heredoc of it, holds a word."""
    found = hint.search(step.text)
    return bool(found or any(hint.search(doc.text) for doc in step.heredocs))


def _pythons(command: Command) -> Iterator[str]:
    for minor in (*_python_minors(command), *_PYTHON_SOURCE.findall(command.text)):
        yield f"3.{minor}"


def _python_minors(command: Command) -> Iterator[str]:
    """Yield the minors of the Pythons that one command installs, by its program."""
    if command.keyword != "RUN":
        return
    arguments, program = command.words[1:], command.program
    if program in SYSTEM_TOOLS and _INSTALLS.intersection(arguments):
        yield from _matches(_PYTHON_PACKAGE, arguments)
    elif program in _LINKS:
        # What `ln` makes has the last word, and may be called python3.12 itself.
        source = arguments[:-1] if program == "ln" else arguments
        yield from _matches(_PYTHON_PATH, source)
    elif program in ("uv", "pyenv") and _python_is_named(program, arguments):
        yield from _matches(
            _PYTHON_VERSION, [_option_value(word) for word in arguments]
        )
    elif program in _CONDA and {"install", "create"}.intersection(arguments):
        named = [word for word in arguments if word.startswith("python=")]
        yield from _matches(_PYTHON_VERSION, named)


def _python_is_named(program: str, arguments: tuple[str, ...]) -> bool:
    """Tell whether a version among the arguments is a Python's."""
    if program == "pyenv":
        return arguments[:1] == ("install",)
    options = ("--python", "-p")
    return arguments[:2] == ("python", "install") or any(
        word.partition("=")[0] in options for word in arguments
    )


def _option_value(word: str) -> str:
    return word.partition("=")[2] if word.startswith("--") else word


def _nodes(command: Command) -> Iterator[str]:
    for found in _NODE_SOURCE.finditer(command.text):
        yield found[1] or found[2]
    if command.keyword != "RUN":
        return
    words, program = command.words[1:], command.program
    if program in SYSTEM_TOOLS | _CONDA and _INSTALLS.intersection(words):
        yield from _matches(_NODE_PACKAGE, words)
    elif program in _NODE_VERSIONS:
        yield from _matches(_NODE_VERSION, words)


def _matches(pattern: re.Pattern[str], words: Iterable[str]) -> Iterator[str]:
    for word in words:
        found = pattern.fullmatch(word)
        if found:
            yield found[1]


def called_manager(command: Command) -> str | None:
    """Return the package manager that a command installs the packages with."""
    words = command.words
    if _PYTHON.fullmatch(command.program) and words[1:2] == ("-m",):
        words = words[2:]
    program, arguments = (words or ("",))[0].rpartition("/")[2], words[1:]
    if program == "pipenv" and {"install", "sync"}.intersection(arguments[:2]):
        return "pipenv"
    if program == "uv" and ("sync" in arguments or arguments[:2] == ("pip", "install")):
        return "uv"
    if program == "poetry" and "install" in arguments:
        return "poetry"
    if _PIP.fullmatch(program) and "install" in arguments:
        named = [
            word for word in arguments if word != "install" and not word.startswith("-")
        ]
        return "pip" if any(not _TOOLS.fullmatch(word) for word in named) else None
    return None
