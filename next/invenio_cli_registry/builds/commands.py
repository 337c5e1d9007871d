# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands that a Dockerfile runs, as words, each with its place in the file. Pure.

Quotes, comments, subshells and redirections are understood, and scripts in scripts
(``bash -c "..."``, ``$(...)``, heredocs). Nothing is run: variables get the values that ARG
and ENV say literally, anything else stays as it is written. What a shell would refuse comes
out as words, never as an error.
"""

from __future__ import annotations

import json
import re
from typing import Callable, Iterator, Mapping, NamedTuple, Sequence

from ..model import Heredoc, Instruction, Span

#: Instructions whose arguments a shell runs, now or later.
_RUNS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})
_FLAGS = re.compile(r"(?:--[a-z][\w-]*(?:=\S*)?\s+)*")
_HEALTH = re.compile(r"(?:--\S+\s+)*CMD\s+", re.IGNORECASE)
_SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "zsh"})
_SCRIPT_FLAG = re.compile(r"-[a-z]*c")
_SHEBANG = re.compile(r"#!\s*(?:\S*/)?(?:env\s+)?(\w+)")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
#: Words of the shell that a command may follow.
_RESERVED = frozenset(
    ("!", "{", "}", "if", "then", "elif", "else", "while", "until", "do", "time")
)
#: Programs that run the command after them; those of their flags that take a value.
_WRAPPERS: Mapping[str, tuple[str, ...]] = {
    "command": (),
    "env": ("-u",),
    "exec": ("-a",),
    "nice": ("-n",),
    "nohup": (),
    "sudo": ("-u", "-g"),
    "timeout": ("-k", "-s"),
    "xargs": ("-n", "-P", "-I", "-L"),
}
#: Programs that check whether another one, or a file, is there.
_CHECKS = frozenset({"[", "[[", "command", "hash", "test", "type", "which"})
#: Files that tell a system with RPM packages from another one.
_RELEASES = frozenset(
    f"{name}-release" for name in ("almalinux", "centos", "redhat", "system")
)
#: Programs and instructions whose last word is what they write.
_COPIES = frozenset({"cp", "install", "ln", "mv", "rsync", "tee", "COPY", "ADD"})
#: How deep scripts in scripts are followed.
_DEEPEST = 4
#: A value longer than this is left as it is written: it may double with each line.
_LONGEST_VALUE = 4096

_BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)+|#[^\n]*")
_REDIRECT = re.compile(r"&>>?|\d*(?:<<<|<<-?|>>|>\||[<>]&?)")
_OPERATOR = re.compile(r"\|\||&&|\|&|;;|[;&|()\n]")
_PART = re.compile(
    r"""\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|`[^`]*`?|\$\{[^}]*\}?"""
    r"""|(?P<open>\$\()|[^\s;&|()<>'"\\`$]+|\$|\\""",
    re.DOTALL,
)
#: The innermost ones: what is around them is a word of another command.
_SUBSTITUTION = re.compile(r"\$\(([^()]+)\)|`([^`]+)`")
_QUOTED = re.compile(r"""'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)""", re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\$`])')
_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)(?::?-([^{}$]*))?\})")
#: Names that a command gives a value itself.
_SET = re.compile(r"\b(?:(\w+)\+?=|(?:for|read)\s+(\w+))")

Values = Mapping[str, str]
#: Turns start and end in a text into a place in the file.
_Place = Callable[[int, int], Span]


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
        if self.keyword in _RUNS:
            return self.words[0].rpartition("/")[2]
        return self.keyword

    def option(self, *names: str) -> str:
        """Return the value of an option: ``--python 3.12``, ``-p=3.12``; "" without it."""
        for word, following in zip(self.words[1:], (*self.words[2:], "")):
            name, equals, value = word.partition("=")
            if name in names:
                return value if equals else following
        return ""


def split_commands(step: Instruction, values: Values = {}) -> tuple[Command, ...]:
    """Return the commands of an instruction in their order.

    :param values: of the variables, as ARG and ENV before it say.
    """
    if step.onbuild:
        return ()
    text, start = step.text, 0
    if step.keyword in _RUNS:
        flags = _HEALTH if step.keyword == "HEALTHCHECK" else _FLAGS
        found = flags.match(text)
        start = found.end() if found else 0
    own = {name for pair in _SET.findall(text) for name in pair}
    if step.keyword in _RUNS:
        values = {name: values[name] for name in values if name not in own}
    arguments = _read_exec_form(text[start:])
    if step.keyword not in _RUNS:
        tokens = _read_tokens(text)
        words = arguments or [unquote(raw, values) for _, _, raw in tokens]
        return (
            (_finish(Command(step.keyword, tuple(words), step.span)),) if words else ()
        )
    splitter = _Splitter(step.keyword, values)
    whole = step.place(start, len(text))
    if arguments:
        expanded = splitter.expand(arguments, whole, (), optional=False, depth=0)
        commands = [*expanded]
    else:
        place = lambda first, last: step.place(start + first, start + last)  # noqa: E731
        bodies = iter(step.heredocs)
        commands = [*splitter.split(text[start:], place, bodies, 0)]
    return tuple(_finish(one) for one in _mark_guarded(commands))


def unquote(raw: str, values: Values = {}) -> str:
    """Return a word without its quotes, variables with a value filled in."""
    if not any(mark in raw for mark in "'\"\\$"):
        return raw
    parts, at = [], 0
    for found in _QUOTED.finditer(raw):
        parts.append(_fill(raw[at : found.start()], values))
        single, double, escaped = found.groups()
        if double is not None:
            parts.append(_fill(_ESCAPED.sub(r"\1", double), values))
        else:
            parts.append(single or escaped or "")
        at = found.end()
    return "".join([*parts, _fill(raw[at:], values)])


def _fill(text: str, values: Values) -> str:
    def value(found: re.Match[str]) -> str:
        said = values.get(found[1] or found[2])
        return said or found[3] or (found[0] if said is None else "")

    filled = _VARIABLE.sub(value, text) if "$" in text else text
    return filled if len(filled) <= _LONGEST_VALUE + len(text) else text


def _finish(command: Command) -> Command:
    """Say what a command writes that copies something."""
    if command.writes or command.program not in _COPIES:
        return command
    return command._replace(writes=command.words[-1])


def _mark_guarded(commands: Sequence[Command]) -> Iterator[Command]:
    """Mark the commands that run only where their program is: ``if command -v dnf``."""
    checked: set[str] = set()
    for command in commands:
        if command.program in _CHECKS:
            checked.update(word.rpartition("/")[2] for word in command.words[1:])
        guarded = command.program in checked or bool(checked & _RELEASES)
        yield command._replace(guarded=guarded) if guarded else command


def _read_exec_form(text: str) -> list[str]:
    """Return the words of ``["yum", "install"]``, none for a shell's line."""
    try:
        words = json.loads(text) if text.startswith("[") else []
    except (ValueError, RecursionError):
        return []
    return words if all(isinstance(word, str) for word in words) else []


class _Simple(NamedTuple):
    """A simple command as it is written."""

    words: tuple[str, ...]  #: with their quotes
    start: int
    end: int
    heredocs: int  #: how many heredocs it reads
    writes: str  #: the file that its output goes to
    operator: str  #: what ends it: ``&&``, ``;``, a newline; "" at the end


class _Splitter:
    """Splits the scripts of one instruction, and the scripts in them."""

    def __init__(self, keyword: str, values: Values) -> None:
        self.keyword = keyword
        self.values = values

    def split(
        self, script: str, place: _Place, heredocs: Iterator[Heredoc], depth: int
    ) -> Iterator[Command]:
        """Yield the commands of a script; what is in its ``$(...)`` runs before it."""
        simples = [*_split_script(script)]
        for simple, optional in zip(simples, _find_ignored(simples)):
            span = place(simple.start, simple.end)
            for found in _SUBSTITUTION.finditer(script, simple.start, simple.end):
                if depth < _DEEPEST:
                    text = found[1] or found[2]
                    for inner in self.split(text, lambda *_: span, iter(()), _DEEPEST):
                        yield inner._replace(optional=True)
            texts = [unquote(raw, self.values) for raw in simple.words]
            bodies = [body for _, body in zip(range(simple.heredocs), heredocs)]
            for one in self.expand(texts, span, bodies, optional=optional, depth=depth):
                writes = unquote(simple.writes, self.values)
                yield one if one.inner or not writes else one._replace(writes=writes)

    def expand(
        self,
        texts: Sequence[str],
        span: Span,
        bodies: Sequence[Heredoc],
        *,
        optional: bool,
        depth: int,
    ) -> Iterator[Command]:
        """Yield a command, or those of the script that it hands to a shell."""
        settings, words = _unwrap(texts)
        script = _find_script(words) if depth < _DEEPEST else None
        if script is not None:
            for inner in self.split(script, lambda *_: span, iter(()), depth + 1):
                yield inner._replace(inner=True)
        elif words:
            yield Command(
                self.keyword, words, span, settings=settings, optional=optional
            )
        for body in bodies:
            if depth < _DEEPEST and _is_script(words, body):
                yield from self._split_body(body, depth + 1)

    def _split_body(self, heredoc: Heredoc, depth: int) -> Iterator[Command]:
        source, first = heredoc.body.source, heredoc.body.start
        return self.split(
            heredoc.text,
            lambda start, end: Span(source, first + start, first + end),
            iter(()),
            depth,
        )


def _find_ignored(commands: Sequence[_Simple]) -> list[bool]:
    """Tell of each command whether its failure is ignored: ``|| true``, ``; true``."""
    stops = any(
        one.words[:1] == ("set",) and re.match(r"-\w*e", one.words[-1])
        for one in commands
    )
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


def _does_nothing(simple: _Simple | None) -> bool:
    words = simple.words[:2] if simple else ()
    return words[:1] in (("true",), (":",)) or words == ("exit", "0")


def _unwrap(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the settings before a command, and the command itself."""
    settings, at = [], 0
    while at < len(words):
        word = words[at]
        name = word.rpartition("/")[2]
        if name == "command" and words[at + 1 : at + 2] in (["-v"], ["-V"]):
            break
        if _ASSIGNMENT.match(word):
            settings.append(word)
            at += 1
        elif word in _RESERVED:
            at += 1
        elif name in _WRAPPERS and at + 1 < len(words):
            at = _skip_flags(words, at + 1, _WRAPPERS[name]) + (name == "timeout")
        else:
            break
    return tuple(settings), tuple(words[at:])


def _skip_flags(words: Sequence[str], at: int, with_value: Sequence[str]) -> int:
    while at < len(words) and words[at].startswith("-"):
        at += 2 if words[at] in with_value else 1
    return at


def _find_script(words: Sequence[str]) -> str | None:
    """Return the script of ``bash -c "..."``."""
    name = words[0].rpartition("/")[2] if words else ""
    if name in _SHELLS or name == "su":
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
        start, end = at if not (words or signs) else start, at + len(token)
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
