# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands that a Dockerfile runs, as words, each with its place in the file. Pure.

Quotes, comments, subshells and redirections are understood, and scripts in scripts
(``bash -c "..."``, heredocs). Nothing is run: a variable gets the value that ARG or ENV says
literally, anything else, such as ``$(...)``, stays as it is written. What a shell would
refuse comes out as words, never as an error.
"""

from __future__ import annotations

import re
import shlex
from functools import lru_cache
from itertools import chain, islice
from typing import Iterator, List, MutableMapping, NamedTuple, Optional, Sequence, Tuple

from ..model import Instruction, Span
from ..readers.dockerfile import skip_flags

#: Instructions whose arguments a shell runs, now or later.
_RUNS = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})
#: Instructions that fail nowhere, and bring nothing: they are not looked at.
_IDLE = frozenset(
    ("EXPOSE", "FROM", "LABEL", "MAINTAINER", "STOPSIGNAL", "USER", "VOLUME")
)
_SHELLS = frozenset({"ash", "bash", "dash", "ksh", "sh", "su", "zsh"})
_SCRIPT_FLAG = re.compile(r"-[a-z]*c")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
#: Words that a command may follow; ``CMD`` is the one of HEALTHCHECK.
_RESERVED = frozenset(
    ("!", "{", "}", "if", "then", "elif", "else", "while", "until", "do", "time", "CMD")
)
#: Programs that run the command after them; those of their flags that take a value.
_WRAPPERS = {"command": "", "env": "-u", "exec": "-a", "nice": "-n", "nohup": ""}
_WRAPPERS.update({"sudo": "-u -g", "timeout": "-k -s", "xargs": "-n -P -I -L"})
#: Programs and instructions whose last word is what they write.
_COPIES = frozenset({"cp", "install", "ln", "mv", "rsync", "tee", "COPY", "ADD"})
#: No build has so many commands; those of one instruction that follow are not read.
_MOST_COMMANDS = 5000
#: Longer values are left as they are written: one may double with each line.
_LONGEST_VALUE = 4096

#: What is between parentheses, with parentheses in it.
_INSIDE = r"[^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*"
#: Blanks, a comment, a redirection, an operator, or a word with all of its ``$(...)``.
_TOKEN = re.compile(
    r"(?:[ \t\r]|\\\r?\n)+|#[^\n]*"
    r"|(?P<redirect>&>>?|\d*(?:<<<|<<-?|>>|>\||[<>]&?))"
    r"|(?P<operator>\|\||&&|\|&|;;|[;&|()\n])"
    r"""|(?P<word>(?:\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|`[^`]*`?|\$\{[^}]*\}?"""
    rf"""|\$\({_INSIDE}\)?|[^\s;&|()<>'"\\`$]+|[$\\])+|.)""",
    re.DOTALL,
)
_VARIABLE = r"\$(?:(?P<name>\w+)|\{(?P<braced>\w+)(?::?-(?P<default>[^{}$]*))?\})"
_PART = re.compile(
    rf"""'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|\\(?P<escaped>.)|{_VARIABLE}""",
    re.DOTALL,
)
_PART_OF_DOUBLE = re.compile(rf'\\(?P<escaped>["\\$`])|{_VARIABLE}')
#: ``["yum", "install"]``
_EXEC_FORM = re.compile(r'\[\s*(?:"[^"\\]*"[\s,]*)*\]\s*')

#: A variable's name, wherever it is.
_NAME = re.compile(r"\$\{?(\w+)")

#: By name; None: a build argument without a known value.
Values = MutableMapping[str, Optional[str]]
#: Words and redirections of a simple command, and the operator that ends it.
_Simple = Tuple[List["re.Match[str]"], str]


class Command(NamedTuple):
    """One command, without what only runs it (``sudo``, ``then``, ``FOO=bar``).

    Of an instruction that runs nothing: its arguments, as if they were one command.
    """

    keyword: str  #: of the instruction, ``RUN`` or another
    program: str = ""  #: its name without its folder; of a COPY, ``COPY``
    words: tuple[str, ...] = ()  #: without quotes and redirections, never empty
    start: int = 0  #: in the instruction's text, or in its heredoc's
    end: int = 0
    heredoc: int | None = None  #: the one that it is written in, by number
    output: str = ""  #: the file of a redirection
    optional: bool = False  #: its failure is ignored (``|| true``)
    inner: bool = False  #: a shell that the instruction calls runs it (``bash -c``)
    settings: tuple[str, ...] = ()  #: ``FOO=bar`` before it

    @property
    def writes(self) -> str:
        """Return the file that it writes: of a redirection, of ``cp``, ``COPY``, or ""."""
        return self.output or (self.words[-1] if self.program in _COPIES else "")

    def option(self, *names: str) -> str:
        """Return the value of an option: ``--python 3.12``, ``-p=3.12``; "" without it."""
        for word, following in zip(self.words, (*self.words[1:], "")):
            name, equals, value = word.partition("=")
            if name in names:
                return value if equals else following
        return ""

    def place(self, step: Instruction) -> Span:
        """Return where it is written; in a script within a script, the outer command."""
        if self.keyword not in _RUNS:
            return step.span
        if self.heredoc is None:
            return step.place(self.start, self.end)
        body = step.heredocs[self.heredoc].body
        return body.source.span(body.start + self.start, body.start + self.end)


def split_commands(step: Instruction, values: Values) -> tuple[Command, ...]:
    """Return the commands of an instruction in their order.

    :param values: of the variables, as ARG and ENV before it say.
    """
    if step.onbuild or step.keyword in _IDLE:
        return ()
    texts = (step.text, *(one.text for one in step.heredocs))
    names = dict.fromkeys(name for text in texts for name in _NAME.findall(text))
    known = tuple((name, values[name]) for name in names if name in values)
    return _split_texts(step.keyword, texts, known)


@lru_cache(maxsize=4096)  # Many Dockerfiles have the same instructions.
def _split_texts(
    keyword: str, texts: tuple[str, ...], known: tuple[tuple[str, str | None], ...]
) -> tuple[Command, ...]:
    """Return the commands of an instruction.

    :param texts: its own, and those of its heredocs.
    """
    text, *bodies = texts
    values, begin = dict(known), skip_flags(text) if keyword in _RUNS else 0
    exec_form = _EXEC_FORM.fullmatch(text, begin)
    words = re.findall('"(.*?)"', text[begin:]) if exec_form else []
    if keyword not in _RUNS:
        tokens = [found[0] for found in _TOKEN.finditer(text) if found.lastgroup]
        words = words or [_unquote(token, values) for token in tokens]
        return (Command(keyword, keyword, tuple(words)),) if words else ()
    around = Command(keyword)
    if words:
        around, text = Command(keyword, start=begin, end=len(text)), shlex.join(words)
    commands = _split(text, 0 if words else begin, around, values, enumerate(bodies))
    return tuple(islice(commands, _MOST_COMMANDS))


def _unquote(raw: str, values: Values) -> str:
    """Return a word without its quotes, variables with a value filled in."""
    if not _PART.search(raw):
        return raw

    def plain(found: re.Match[str]) -> str:
        parts = found.groupdict()
        if parts.get("double"):
            return _PART_OF_DOUBLE.sub(plain, parts["double"])
        name = parts["name"] or parts["braced"]
        if not name:
            return parts.get("single") or parts["escaped"] or ""
        value = values.get(name) if len(raw) <= _LONGEST_VALUE else None
        return found[0] if value is None else value or parts["default"] or ""

    text = _PART.sub(plain, raw)
    return text if len(text) <= _LONGEST_VALUE + len(raw) else raw


def _split(
    script: str,
    begin: int,
    around: Command,
    values: Values,
    bodies: Iterator[tuple[int, str]],
) -> Iterator[Command]:
    """Yield the commands of a script.

    :param around: what they all share: a place, when it has one.
    :param bodies: the heredocs that no command has read yet, each with its number.
    """
    simples = [*_read_simple_commands(script, begin)]
    for (tokens, _), ignored in zip(simples, _find_ignored(simples)):
        raw, output, heredocs = _read_redirections(tokens)
        written = [_unquote(word, values) for word in raw]
        words = _unwrap(written)
        before = written[: len(written) - len(words)]
        command = Command(
            around.keyword,
            words[0].rpartition("/")[2] if words else "",
            words,
            around.start if around.end else tokens[0].start(),
            around.end or tokens[-1].end(),
            around.heredoc,
            _unquote(output, values),
            ignored or around.optional,
            around.inner,
            tuple(filter(_ASSIGNMENT.match, before)),
        )
        handed = "" if around.inner else _find_script(command)
        if handed:
            within = command._replace(inner=True)
            yield from _split(handed, 0, within, values, iter(()))
        elif words:
            yield command
        for _, (number, body) in zip(range(heredocs), bodies):
            # BuildKit's own, or one that a shell reads.
            if not words or command.program in _SHELLS:
                inner = around.inner or bool(words)
                within = command._replace(heredoc=number, inner=inner, start=0, end=0)
                yield from _split(body, 0, within, values, iter(()))


def _find_ignored(commands: Sequence[_Simple]) -> Sequence[bool]:
    """Tell of each command whether its failure is ignored: ``a && b || true``."""
    found, ignored, after = [], False, ""
    for tokens, operator in reversed(commands):
        if operator == "||":
            ignored = ignored or after in ("true", ":")
        elif operator not in ("&&", "|"):
            ignored = False
        found.append(ignored)
        after = tokens[0][0]
    return found[::-1]


def _unwrap(words: Sequence[str]) -> tuple[str, ...]:
    at = 0
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
            at += 1
        else:
            break
    return tuple(words[at:])


def _find_script(command: Command) -> str:
    if command.program in _SHELLS:
        for flag, script in zip(command.words[1:], command.words[2:]):
            if _SCRIPT_FLAG.fullmatch(flag):
                return script
    return ""


def _read_simple_commands(script: str, begin: int) -> Iterator[_Simple]:
    """Yield the simple commands of a script in order, empty ones left out."""
    tokens: list[re.Match[str]] = []
    for token in chain(_TOKEN.finditer(script, begin), [None]):
        if token and token.lastgroup in ("redirect", "word"):
            tokens.append(token)
        elif tokens and (token is None or token.lastgroup == "operator"):
            yield tokens, token[0] if token else ""
            tokens = []


def _read_redirections(tokens: Sequence[re.Match[str]]) -> tuple[list[str], str, int]:
    """Return the words without them, the file of an output, how many heredocs are read."""
    words, output, heredocs, sign = [], "", 0, ""
    for token in tokens:
        if token.lastgroup == "redirect":
            sign = token[0].lstrip("0123456789")
            heredocs += sign in ("<<", "<<-")
        elif not sign:
            words.append(token[0])
        else:
            output = token[0] if ">" in sign and sign[-1] != "&" else output
            sign = ""
    return words, output, heredocs
