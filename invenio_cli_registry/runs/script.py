# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The shell commands that a Dockerfile runs, each with its place in the file. Pure."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import accumulate, chain
from typing import Iterable, Iterator, NamedTuple, Sequence

from ..readers.model import Instruction
from .shell import Simple, Word, find_substitutions, split_script

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
    "timeout": "-k -s",
    "xargs": "-n -P -I -L",
}
#: Of these the ones that take an argument of their own before the command.
_WITH_ARGUMENT = frozenset({"timeout"})
#: Programs that ask whether another one, or a file, is there.
_ASKS = frozenset({"[", "[[", "command", "hash", "test", "type", "which"})
#: Files that tell a system of packages in RPM from another one.
_RELEASES = frozenset(
    f"{name}-release" for name in ("almalinux", "centos", "redhat", "system")
)
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
    guarded: bool = False  #: a command before asks whether its program is there

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
    commands = _split(text[at:], range(at, len(text)), bodies, 0)
    return tuple(_mark_guarded(commands))


def _mark_guarded(commands: Iterable[Command]) -> Iterator[Command]:
    """Mark the commands that run only where their program is: ``if command -v dnf``."""
    asked: set[str] = set()
    for command in commands:
        if command.program in _ASKS:
            asked.update(word.rpartition("/")[2] for word in command.words[1:])
        guarded = command.program in asked or bool(asked & _RELEASES)
        yield command._replace(guarded=guarded) if guarded else command


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
    ends = accumulate(len(word) + 1 for word in words)
    starts = [end - len(word) - 1 for end, word in zip(ends, words)]
    placed = [Word(at, at + len(word), word) for at, word in zip(starts, words)]
    offsets = (offset,) * len(text)
    simple = Simple(tuple(placed), len(text), 0, False, "")
    yield from _expand(text, offsets, simple, False, iter(()), 0)


def _split(
    script: str, offsets: Sequence[int], heredocs: Iterator[_Body], depth: int
) -> Iterator[Command]:
    commands = list(split_script(script))
    for simple, optional in zip(commands, _find_ignored(commands)):
        yield from _expand(script, offsets, simple, optional, heredocs, depth)


def _find_ignored(commands: Sequence[Simple]) -> list[bool]:
    """Tell of each command whether its failure is ignored: ``a && b || true``, ``a; true``."""
    stops = any(map(_stops, commands))
    ends_well = bool(commands) and not stops and _does_nothing(commands[-1])
    found, ignored = [], False
    for simple, after in zip(reversed(commands), [None, *reversed(commands)]):
        if simple.operator == "||":
            ignored = ignored or _does_nothing(after)
        elif simple.operator in (";", "\n"):
            ignored = ends_well
        elif simple.operator not in ("&&", "|"):
            ignored = False
        found.append(ignored)
    return found[::-1]


def _does_nothing(simple: Simple | None) -> bool:
    words = [word.text for word in simple.words[:2]] if simple else []
    return words[:1] in (["true"], [":"]) or words == ["exit", "0"]


def _stops(simple: Simple) -> bool:
    """Tell whether the shell ends at the first failure from here on: ``set -e``."""
    words = [word.text for word in simple.words[:2]]
    return words[:1] == ["set"] and bool(re.match(r"-\w*e", words[-1]))


def _expand(
    script: str,
    offsets: Sequence[int],
    simple: Simple,
    optional: bool,
    heredocs: Iterator[_Body],
    depth: int,
) -> Iterator[Command]:
    """Yield a command, or those of the script that it hands to a shell.

    What is in its ``$(...)`` runs before it, and whether that fails is ignored.
    """
    if depth < _DEEPEST:
        for word in simple.words:
            yield from _split_inner(script, offsets, word, depth + 1)
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


def _split_inner(
    script: str, offsets: Sequence[int], word: Word, depth: int
) -> Iterator[Command]:
    """Yield the commands in the substitutions of a word."""
    for at, stop in find_substitutions(script[word.start : word.end]):
        start, end = word.start + at, word.start + stop
        for command in _split(script[start:end], offsets[start:end], iter(()), depth):
            yield command._replace(optional=True)


def _unwrap(words: Sequence[Word]) -> Sequence[Word]:
    """Leave out what stands before the command itself."""
    while words and not _asks(words):
        name = words[0].text.rpartition("/")[2]
        if words[0].text in _RESERVED or _ASSIGNMENT.match(words[0].text):
            words = words[1:]
        elif name in _WRAPPERS and len(words) > 1:
            words = _skip_flags(words[1:], _WRAPPERS[name].split())
            words = words[name in _WITH_ARGUMENT :]
        else:
            break
    return words


def _asks(words: Sequence[Word]) -> bool:
    """Tell whether ``command`` only asks where a program is: ``command -v dnf``."""
    first = [word.text for word in words[:2]]
    return first in (["command", "-v"], ["command", "-V"])


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
