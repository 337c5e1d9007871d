# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A Dockerfile's text as instructions, as BuildKit's parser splits it. Pure.

Directives, continuations, comments and heredocs follow ``frontend/dockerfile/parser``;
a line that is no instruction (a template's ``{% if %}``) is skipped.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Iterator, NamedTuple, Sequence

from .heredocs import find_marks
from .model import Heredoc, Instruction
from .source import SPACE, Source, Span

KEYWORDS = frozenset(
    [
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    ]
)
_HEREDOC_KEYWORDS = frozenset({"ADD", "COPY", "RUN"})
_DIRECTIVE = re.compile(
    rf"([{SPACE}]*)#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*?)\s*$", re.ASCII
)
_DIRECTIVES = frozenset({"check", "escape", "syntax"})
_WORD = re.compile(r"[^\t\v\f\r ]+")


class Directives(NamedTuple):
    """What the comments at the very top tell the parser."""

    escape: str = "\\"
    syntax: Span | None = None  #: of the image's name


class _Logical(NamedTuple):
    """A line with those that continue it, and where each character stands."""

    text: str
    offsets: Sequence[int]
    line: int
    end: int


def read_directives(source: Source) -> Directives:
    """Read the unbroken block of directives at the top; each counts once.

    A comment that is none ends them. BuildKit takes ``syntax`` from unindented lines only,
    and its value up to the first blank.
    """
    found: dict[str, Span] = {}
    at, indented = 0, False
    for line in source.text.split("\n", 32)[:32]:
        match = _DIRECTIVE.match(line)
        name = match[2].lower() if match else ""
        if not match or name not in _DIRECTIVES:
            break
        indented = indented or bool(match[1])
        value = match[3].partition(" ")[0] if name == "syntax" else match[3]
        start = at + match.start(3)
        if name != "syntax" or not indented:
            found.setdefault(name, Span(source.path, start, start + len(value)))
        at += len(line) + 1
    escape = source.cut(found["escape"]) if "escape" in found else ""
    return Directives("`" if escape == "`" else "\\", found.get("syntax"))


def read_instructions(source: Source, escape: str) -> Iterator[Instruction]:
    """Yield the instructions in their order; stages are not numbered yet."""
    lines = _Lines(source.text)
    while not lines.done:
        logical = _read_logical(lines, escape)
        keyword, rest = _split_keyword(logical)
        begin = _count_space(logical.text, 0, rest)
        if keyword not in KEYWORDS:
            continue
        onbuild = keyword == "ONBUILD"
        if onbuild:
            keyword, rest = _split_keyword(logical, rest)
            if keyword not in KEYWORDS:
                continue
        heredocs: tuple[Heredoc, ...] = ()
        end = logical.end
        if keyword in _HEREDOC_KEYWORDS and "<<" in logical.text:
            heredocs, end = _read_heredocs(source, logical, lines)
        stop = len(logical.text.rstrip(SPACE))
        yield Instruction(
            keyword,
            logical.offsets[begin],
            end,
            logical.line,
            logical.text[rest:stop],
            logical.offsets[rest:stop],
            heredocs,
            onbuild=onbuild,
        )


class _Lines:
    """The lines of a text, taken one after the other; only a line feed ends one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.number = 0

    @cached_property
    def all(self) -> frozenset[str]:
        """Return what lines there are: what never ends is a shift, no heredoc."""
        return frozenset(line.strip() for line in self.text.split("\n"))

    @property
    def done(self) -> bool:
        return self.at >= len(self.text)

    def take(self) -> tuple[int, int]:
        """Return where the next line starts and ends, without its line feed."""
        start = self.at
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        self.at, self.number = end + 1, self.number + 1
        return start, end


def _read_logical(lines: _Lines, escape: str) -> _Logical:
    """Join a line with those that continue it; comments and empty ones are left out."""
    start, end = lines.take()
    number = lines.number
    start += _count_space(lines.text, start, end)
    stop, goes_on = _trim(lines.text, start, end, escape)
    if start >= end or lines.text[start] == "#":
        return _Logical("", (), number, end)
    pieces = [(start, stop)]
    while goes_on and not lines.done:
        start, end = lines.take()
        first = start + _count_space(lines.text, start, end)
        if first >= end or lines.text[first] == "#":
            continue
        stop, goes_on = _trim(lines.text, start, end, escape)
        pieces.append((start, stop))
    text = "".join(lines.text[start:stop] for start, stop in pieces)
    if len(pieces) == 1:
        return _Logical(text, range(*pieces[0]), number, end)
    offsets = [at for piece in pieces for at in range(*piece)]
    return _Logical(text, offsets, number, end)


def _count_space(text: str, start: int, end: int) -> int:
    line = text[start:end]
    return len(line) - len(line.lstrip(SPACE))


def _trim(text: str, start: int, end: int, escape: str) -> tuple[int, bool]:
    """Return where a line ends without its escape character, and whether it goes on.

    BuildKit's rule: the last character but blanks, and not itself escaped.
    """
    while end > start and text[end - 1] == "\r":
        end -= 1
    at = end
    while at > start and text[at - 1] in " \t":
        at -= 1
    escaped = at - 1 > start and text[at - 2] == escape
    if at > start and text[at - 1] == escape and not escaped:
        return at - 1, True
    return end, False


def _split_keyword(logical: _Logical, at: int = 0) -> tuple[str, int]:
    """Return the next word in upper case, and where what follows it begins."""
    at += _count_space(logical.text, at, len(logical.text)) if logical.text else 0
    word = _WORD.match(logical.text, at)
    if not word:
        return "", len(logical.text)
    following = _WORD.search(logical.text, word.end())
    return word[0].upper(), following.start() if following else len(logical.text)


def _read_heredocs(
    source: Source, logical: _Logical, lines: _Lines
) -> tuple[tuple[Heredoc, ...], int]:
    """Take the bodies of a line's heredocs, up to the word that ends each."""
    heredocs, end = [], logical.end
    for name, chomp, apart in find_marks(logical.text):
        if apart and name not in lines.all:
            continue
        body = lines.at
        while not lines.done:
            start, end = lines.take()
            line = source.text[start:end].rstrip("\r")
            if (line.lstrip("\t") if chomp else line) == name:
                break
        else:
            start = end = len(source.text)
        text = source.text[body:start]
        heredocs.append(Heredoc(name, Span(source.path, body, start), text))
    return tuple(heredocs), end
