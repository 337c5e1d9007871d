# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands that a Dockerfile runs, as words, each with its place in the file. Pure.

Quotes, comments, subshells and redirections are understood, and scripts in scripts
(``bash -c "..."``, ``$(...)``, heredocs). Nothing is run: a variable gets the value that ARG
or ENV says literally, anything else stays as it is written. What a shell would refuse comes
out as words, never as an error.
"""

from __future__ import annotations

import json
import re
import shlex
from collections import ChainMap
from itertools import islice
from typing import (
    Callable,
    Iterable,
    Iterator,
    MutableMapping,
    NamedTuple,
    Optional,
    Sequence,
)

from ..model import Heredoc, Instruction, Span
from ..readers.dockerfile import skip_flags

#: Instructions whose arguments a shell runs, now or later.
RUNS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})
_SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "su", "zsh"})
_SCRIPT_FLAG = re.compile(r"-[a-z]*c")
_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+)?(\w+)")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
#: Words that a command may follow; ``CMD`` is the one of HEALTHCHECK.
_RESERVED = frozenset(
    ("!", "{", "}", "if", "then", "elif", "else", "while", "until", "do", "time", "CMD")
)
#: Programs that run the command after them; those of their flags that take a value.
_WRAPPERS = {"command": "", "env": "-u", "exec": "-a", "nice": "-n", "nohup": ""}
_WRAPPERS.update({"sudo": "-u -g", "timeout": "-k -s", "xargs": "-n -P -I -L"})
#: Programs that check whether another one, or a file, is there.
_CHECKS = frozenset({"[", "[[", "command", "hash", "test", "type", "which"})
#: Programs and instructions whose last word is what they write.
_COPIES = frozenset({"cp", "install", "ln", "mv", "rsync", "tee", "COPY", "ADD"})
#: No build has so many commands; those of one instruction that follow are not read.
_MOST_COMMANDS = 5000
#: How deep scripts in scripts are followed.
_DEEPEST = 4
#: Longer values are left as they are written: one may double with each line.
_LONGEST_VALUE = 4096

_BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)+|#[^\n]*")
_REDIRECT = re.compile(r"&>>?|\d*(?:<<<|<<-?|>>|>\||[<>]&?)")
_OPERATOR = re.compile(r"\|\||&&|\|&|;;|[;&|()\n]")
_PART = re.compile(
    r"""\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|`[^`]*`?|\$\{[^}]*\}?"""
    r"""|(?P<open>\$\()|[^\s;&|()<>'"\\`$]+|\$|\\""",
    re.DOTALL,
)
_QUOTED = re.compile(r"""'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)""", re.DOTALL)
_SPECIAL = re.compile(r"""['"\\$]""")
_ESCAPED = re.compile(r'\\(["\\$`])')
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^{}$]*))?\})")
#: Names that a command gives a value itself.
_SET = re.compile(r"\b(?:(\w+)\+?=|(?:for|read)\s+(\w+))")
#: The innermost substitutions; those around them are words of other commands.
_SUBSTITUTION = re.compile(r"\$\(([^()]+)\)|`([^`]+)`")

#: By name; None where the command itself sets it.
Values = MutableMapping[str, Optional[str]]


class Command(NamedTuple):
    """One command, without what only runs it (``sudo``, ``then``, ``FOO=bar``).

    Of an instruction that runs nothing: its arguments, as if they were one command.
    """

    keyword: str  #: of the instruction, ``RUN`` or another
    words: tuple[str, ...]  #: without quotes and redirections, never empty
    span: Span  #: where it is written; in a script within a script, the outer command
    settings: tuple[str, ...] = ()  #: ``FOO=bar`` before it
    writes: str = ""  #: the file that it writes: of a redirection, of ``cp``, ``COPY``
    optional: bool = False  #: its failure is ignored (``|| true``)
    guarded: bool = False  #: an earlier command checks that its program is there
    inner: bool = False  #: a shell that the instruction calls runs it (``bash -c``)

    @property
    def program(self) -> str:
        """Return the name of the program, without its folder; of a COPY, ``COPY``."""
        runs = self.keyword in RUNS
        return self.words[0].rpartition("/")[2] if runs else self.keyword

    def option(self, *names: str) -> str:
        """Return the value of an option: ``--python 3.12``, ``-p=3.12``; "" without it."""
        for word, following in zip(self.words[1:], (*self.words[2:], "")):
            name, equals, value = word.partition("=")
            if name in names:
                return value if equals else following
        return ""


def split_commands(step: Instruction, values: Values) -> tuple[Command, ...]:
    """Return the commands of an instruction in their order.

    :param values: of the variables, as ARG and ENV before it say.
    """
    if step.onbuild:
        return ()
    runs = step.keyword in RUNS
    start = skip_flags(step.text) if runs else 0
    text = step.text[start:]
    words = _read_exec_form(text)
    if not runs:
        words = words or [unquote(raw, values) for _, _, raw in _read_tokens(text)]
        found = [Command(step.keyword, tuple(words), step.span)] if words else []
        return tuple(_mark(found))
    own = {name for pair in _SET.findall(text) for name in pair}
    known = ChainMap(dict.fromkeys(own), values)
    place = step.place(start, len(step.text))
    where = _Where(step.keyword, known, iter(step.heredocs), lambda *_: place)
    if words:
        text = " ".join(map(shlex.quote, words))
    else:
        where = where._replace(place=lambda a, b: step.place(start + a, start + b))
    return tuple(islice(_mark(_split(text, where)), _MOST_COMMANDS))


def _mark(commands: Iterable[Command]) -> Iterator[Command]:
    """Mark what a command copies, and whether it runs only where its program is."""
    checked: set[str] = set()
    for command in commands:
        if command.program in _CHECKS:
            checked.update(word.rpartition("/")[2] for word in command.words[1:])
        if command.program in _COPIES and not command.writes:
            command = command._replace(writes=command.words[-1])
        guarded = command.program in checked
        yield command._replace(guarded=True) if guarded else command


def _read_exec_form(text: str) -> list[str]:
    """Return the words of ``["yum", "install"]``, none for a shell's line."""
    try:
        words = json.loads(text) if text.startswith("[") else []
    except (ValueError, RecursionError):
        return []
    return words if all(isinstance(word, str) for word in words) else []


def unquote(raw: str, values: Values) -> str:
    """Return a word without its quotes, variables with a value filled in."""
    if not _SPECIAL.search(raw):
        return raw
    parts, at = [], 0
    for found in _QUOTED.finditer(raw):
        single, double, escaped = found.groups()
        inside = double and _fill(_ESCAPED.sub(r"\1", double), values)
        parts += [
            _fill(raw[at : found.start()], values),
            inside or single or escaped or "",
        ]
        at = found.end()
    return "".join([*parts, _fill(raw[at:], values)])


def _fill(text: str, values: Values) -> str:
    def value(found: re.Match[str]) -> str:
        said = values.get(found[1] or found[2])
        return found[0] if said is None else said or found[3] or ""

    filled = _VARIABLE.sub(value, text) if "$" in text else text
    return filled if len(filled) <= _LONGEST_VALUE + len(text) else text


class _Simple(NamedTuple):
    """A simple command as it is written."""

    words: tuple[str, ...]  #: with their quotes
    start: int
    end: int
    heredocs: int  #: how many heredocs it reads
    writes: str  #: the file that its output goes to
    operator: str  #: what ends it: ``&&``, ``;``, a line feed; "" at the end


class _Where(NamedTuple):
    """What is around a script."""

    keyword: str
    values: Values
    heredocs: Iterator[Heredoc]
    place: Callable[[int, int], Span]  #: turns start and end into a place in the file
    depth: int = 0
    inner: bool = False
    optional: bool = False

    def within(self, span: Span, *, inner: bool, optional: bool) -> _Where:
        """Return what is around a script in this one, all of it at one place."""
        return self._replace(
            place=lambda start, end: span,
            depth=self.depth + 1,
            inner=inner or self.inner,
            optional=optional or self.optional,
        )


def _split(script: str, where: _Where) -> Iterator[Command]:
    """Yield the commands of a script; what is in a ``$(...)`` runs before its command."""
    simples = [*_split_script(script)]
    deeper = where.depth < _DEEPEST
    for simple, ignored in zip(simples, _find_ignored(simples)):
        span = where.place(simple.start, simple.end)
        inside = _SUBSTITUTION.finditer(script, simple.start, simple.end)
        for found in inside if deeper else ():
            around = where.within(span, inner=False, optional=True)
            yield from _split(found[1] or found[2], around)
        settings, words = _unwrap([unquote(raw, where.values) for raw in simple.words])
        optional = ignored or where.optional
        handed = _find_script(words) if deeper else None
        if handed is not None:
            around = where.within(span, inner=True, optional=optional)
            yield from _split(handed, around)
        elif words:
            writes = unquote(simple.writes, where.values)
            flags = (tuple(settings), writes, optional, False, where.inner)
            yield Command(where.keyword, tuple(words), span, *flags)
        for _, body in zip(range(simple.heredocs), where.heredocs):
            if _is_script(words, body):
                around = where.within(span, inner=bool(words), optional=optional)
                yield from _split(body.text, around._replace(place=_in(body.body)))


def _in(body: Span) -> Callable[[int, int], Span]:
    """Return what turns offsets in a heredoc into places in the file."""
    first = body.start
    return lambda start, end: Span(body.source, first + start, first + end)


def _find_ignored(commands: Sequence[_Simple]) -> Sequence[bool]:
    """Tell of each command whether its failure is ignored: ``a && b || true``."""
    found, ignored, after = [], False, ""
    for simple in reversed(commands):
        if simple.operator == "||":
            ignored = ignored or after in ("true", ":")
        elif simple.operator not in ("&&", "|"):
            ignored = False
        found.append(ignored)
        after = "".join(simple.words[:1])
    return found[::-1]


def _unwrap(words: Sequence[str]) -> tuple[list[str], Sequence[str]]:
    """Return the settings before a command, and the command itself."""
    settings, at = [], 0
    while at < len(words):
        word = words[at]
        name = word.rpartition("/")[2]
        if word == "command" and words[at + 1 : at + 2] in (["-v"], ["-V"]):
            break
        if name in _WRAPPERS and at + 1 < len(words):
            at += 1
            while at < len(words) and words[at].startswith("-"):
                at += 2 if words[at] in _WRAPPERS[name].split() else 1
            at += name == "timeout"
        elif _ASSIGNMENT.match(word) or word in _RESERVED:
            settings += [] if word in _RESERVED else [word]
            at += 1
        else:
            break
    return settings, words[at:]


def _find_script(words: Sequence[str]) -> str | None:
    """Return the script of ``bash -c "..."``."""
    if words and words[0].rpartition("/")[2] in _SHELLS:
        for flag, script in zip(words[1:], words[2:]):
            if _SCRIPT_FLAG.fullmatch(flag):
                return script
    return None


def _is_script(words: Sequence[str], heredoc: Heredoc) -> bool:
    """Tell whether a shell runs a heredoc: BuildKit's own, or one that reads it."""
    if words:
        return words[0].rpartition("/")[2] in _SHELLS
    shebang = _SHEBANG.match(heredoc.text)
    return not shebang or shebang[1] in _SHELLS


def _split_script(script: str) -> Iterator[_Simple]:
    """Yield the simple commands of a script in order, empty ones left out."""
    words: list[str] = []
    signs: list[str] = []
    start = end = 0
    writes = sign = ""
    for kind, at, token in [*_read_tokens(script), ("operator", len(script), "")]:
        if kind == "operator":
            if words or signs:
                heredocs = signs.count("<<") + signs.count("<<-")
                yield _Simple(tuple(words), start, end, heredocs, writes, token)
            words, signs, writes, sign = [], [], "", ""
            continue
        start, end = start if words or signs else at, at + len(token)
        if kind == "redirect":
            sign = token.lstrip("0123456789")
            signs.append(sign)
        elif not sign:
            words.append(token)
        else:
            writes = token if ">" in sign and sign[-1] != "&" else writes
            sign = ""


def _read_tokens(script: str) -> Iterator[tuple[str, int, str]]:
    """Yield words with their quotes, redirections and operators, each with its offset."""
    at = 0
    while at < len(script):
        skipped = _BLANK.match(script, at)
        if skipped:
            at = skipped.end()
            continue
        redirect, operator = _REDIRECT.match(script, at), _OPERATOR.match(script, at)
        found = redirect or operator
        end = found.end() if found else _find_end(script, at)
        kind = "redirect" if redirect else "operator" if operator else "word"
        yield kind, at, script[at:end]
        at = end


def _find_end(script: str, at: int) -> int:
    """Return where a word ends; everything inside ``$(...)`` belongs to it."""
    depth, start = 0, at
    while at < len(script):
        part = _PART.match(script, at)
        if part:
            depth += part.lastgroup == "open"
            at = part.end()
        elif depth:
            depth += {"(": 1, ")": -1}.get(script[at], 0)
            at += 1
        else:
            break
    # Any other character (a form feed) is a word.
    return max(at, start + 1)
