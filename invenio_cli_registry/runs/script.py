# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The shell commands that a Dockerfile runs, each with its place in the file. Pure."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import chain
from typing import Iterator, NamedTuple, Sequence

from ..readers.model import Instruction
from .shell import Simple, Word, split_script

_FLAGS = re.compile(r"(?:--[a-z][\w-]*(?:=\S*)?\s+)+")
_SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "zsh"})
_SCRIPT_FLAG = re.compile(r"-[a-z]*c")
_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+)?(\w+)")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
#: Words of the shell's own that a command may follow.
_RESERVED = frozenset(
    ("!", "{", "}", "if", "then", "elif", "else", "while", "until", "do", "time")
)
#: Programs that run the command after them; those of their flags that take a value.
_WRAPPERS = {
    "command": "",
    "env": "-u",
    "exec": "-a",
    "nice": "-n",
    "nohup": "",
    "sudo": "-u -g",
    "xargs": "-n -P -I -L",
}
#: How deep scripts in scripts (``bash -c "..."``) are followed.
_DEEPEST = 4
#: Of how many instructions is remembered what was found out: more than a file has.
REMEMBERED = 1 << 13


class Said(NamedTuple):
    """What an instruction says, wherever it stands: many files say the same."""

    keyword: str
    text: str
    bodies: tuple[str, ...] = ()  #: of its heredocs

    @classmethod
    def by(cls, instruction: Instruction) -> Said:
        """Return what an instruction says."""
        bodies = tuple([heredoc.text for heredoc in instruction.heredocs])
        return cls(instruction.keyword, instruction.text, bodies)


class Command(NamedTuple):
    """One command, what runs it (``sudo``, ``then``, ``FOO=bar``) left out.

    Of an instruction that is no RUN: its arguments, as if they were one command.
    """

    keyword: str  #: of the instruction, ``RUN`` or another
    words: tuple[str, ...]  #: without quotes and redirections
    text: str  #: as written, redirections included
    #: Where each character of ``text`` stands: in the file, or in what is said, the text
    #: and then the bodies.
    offsets: Sequence[int]
    writes: bool = False  #: whether its output goes to a file
    optional: bool = False  #: its failure is ignored (``|| true``)

    @property
    def program(self) -> str:
        """Return the name of the program, without its folder."""
        return self.words[0].rpartition("/")[2]


def split_commands(instruction: Instruction) -> tuple[Command, ...]:
    """Return the commands of an instruction in the order in which they stand in its file."""
    bodies = [
        range(heredoc.body.start, heredoc.body.start + len(heredoc.text))
        for heredoc in instruction.heredocs
    ]
    offsets = [*chain(instruction.offsets, *bodies)]
    return tuple(
        command._replace(offsets=[offsets[at] for at in command.offsets])
        for command in split_said(Said.by(instruction))
    )


@lru_cache(maxsize=REMEMBERED)
def split_said(said: Said) -> tuple[Command, ...]:
    """Return the commands of what an instruction says, their places in that."""
    text = said.text
    if said.keyword != "RUN":
        words = tuple(text.split())
        return (Command(said.keyword, words, text, range(len(text))),) if words else ()
    flags = _FLAGS.match(text)
    at = flags.end() if flags else 0
    arguments = _read_exec_form(text[at:])
    if arguments:
        return tuple(_split_arguments(arguments, at))
    bodies = _place_bodies(said)
    return tuple(_split(text[at:], range(at, len(text)), bodies, 0))


class _Body(NamedTuple):
    """The body of a heredoc, and where it begins in what is said."""

    text: str
    start: int


def _place_bodies(said: Said) -> Iterator[_Body]:
    start = len(said.text)
    for text in said.bodies:
        yield _Body(text, start)
        start += len(text)


def _read_exec_form(text: str) -> list[str]:
    """Return the words of ``["yum", "install"]``, none for a shell's line."""
    try:
        words = json.loads(text) if text.startswith("[") else []
    except (ValueError, RecursionError):
        return []
    return words if all(isinstance(word, str) for word in words) else []


def _split_arguments(words: list[str], offset: int) -> Iterator[Command]:
    """Yield the command of an exec form; every place in it is where the form begins."""
    text = " ".join(words)
    starts = [len(" ".join(words[:at])) + bool(at) for at in range(len(words))]
    placed = [Word(at, at + len(word), word) for at, word in zip(starts, words)]
    offsets = (offset,) * len(text)
    simple = Simple(tuple(placed), len(text), 0, False, "")
    yield from _expand(text, offsets, simple, False, iter(()), 0)


def _split(
    script: str, offsets: Sequence[int], heredocs: Iterator[_Body], depth: int
) -> Iterator[Command]:
    commands = list(split_script(script))
    for simple, after in zip(commands, [*commands[1:], None]):
        ignored = (
            after is not None and after.words and after.words[0].text in (":", "true")
        )
        optional = simple.operator == "||" and bool(ignored)
        yield from _expand(script, offsets, simple, optional, heredocs, depth)


def _expand(
    script: str,
    offsets: Sequence[int],
    simple: Simple,
    optional: bool,
    heredocs: Iterator[_Body],
    depth: int,
) -> Iterator[Command]:
    """Yield a command, or those of the script that it hands to a shell."""
    words = _unwrap(simple.words)
    bodies = [body for _, body in zip(range(simple.heredocs), heredocs)]
    inner = _find_script(words) if depth < _DEEPEST else None
    if inner:
        quoted = inner.text != script[inner.start : inner.end]
        start, end = inner.start + quoted, inner.end - quoted
        yield from _split(script[start:end], offsets[start:end], iter(()), depth + 1)
    elif words:
        start, end = words[0].start, simple.end
        yield Command(
            keyword="RUN",
            words=tuple(word.text for word in words),
            text=script[start:end],
            offsets=offsets[start:end],
            writes=simple.writes,
            optional=optional,
        )
    for body in bodies:
        if _is_script(words, body):
            places = range(body.start, body.start + len(body.text))
            yield from _split(body.text, places, iter(()), depth + 1)


def _unwrap(words: Sequence[Word]) -> Sequence[Word]:
    """Leave out what stands before the command itself."""
    while words:
        name = words[0].text.rpartition("/")[2]
        if words[0].text in _RESERVED or _ASSIGNMENT.match(words[0].text):
            words = words[1:]
        elif name in _WRAPPERS and len(words) > 1:
            words = _skip_flags(words[1:], _WRAPPERS[name].split())
        else:
            break
    return words


def _skip_flags(words: Sequence[Word], with_value: list[str]) -> Sequence[Word]:
    while words and words[0].text.startswith("-"):
        words = words[2 if words[0].text in with_value else 1 :]
    return words


def _find_script(words: Sequence[Word]) -> Word | None:
    """Return the script of ``bash -c "..."``."""
    name = words[0].text.rpartition("/")[2] if words else ""
    if name in _SHELLS or name == "su":
        for flag, script in zip(words[1:], words[2:]):
            if _SCRIPT_FLAG.fullmatch(flag.text):
                return script
    return None


def _is_script(words: Sequence[Word], heredoc: _Body) -> bool:
    """Tell whether a shell runs a heredoc's body: BuildKit's own, or one that reads it."""
    if words:
        return words[0].text.rpartition("/")[2] in _SHELLS
    shebang = _SHEBANG.match(heredoc.text)
    return not shebang or shebang[1] in _SHELLS
