# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A Dockerfile's text as instructions, as BuildKit's parser splits it. Pure.

Directives, continuations, comments and heredocs follow ``frontend/dockerfile/parser``;
a line that is no instruction (a template's ``{% if %}``) is skipped.
"""

from __future__ import annotations

import re
from array import array
from functools import cached_property
from string import whitespace
from typing import Iterator, NamedTuple, Sequence

from .flags import skip_dashes, skip_flags
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
#: Of the others only a flag can name an image.
_NAMING = frozenset({"ARG", "FROM"})
_BLANK_OR_COMMENT = r"[ \t\r]*(?:#[^\n]*)?\n"
#: Up to the end of a line, or an escape character.
_PLAIN = r"[^\n\\`<]*"
#: Instructions that name none, comments and empty lines, taken at once: a hundred times as
#: fast. Without flag, heredoc, and escape characters but those that end a line.
_NAMELESS = re.compile(
    rf"(?:{_BLANK_OR_COMMENT}|"
    r"[ \t]*(?i:ADD|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|RUN|USER|WORKDIR)"
    rf"[ \t]+(?!--)[!-;=-\[\]-_a-~]{_PLAIN}"
    rf"(?:\\[ \t]*\r*\n(?:{_BLANK_OR_COMMENT})*[ \t]*[!-\"$-;=-\[\]-_a-~]{_PLAIN})*\n)+"
)
_HEREDOC_KEYWORDS = frozenset({"ADD", "COPY", "RUN"})
_DIRECTIVE = re.compile(
    rf"([{SPACE}]*)#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)", re.ASCII
)
_DIRECTIVES = frozenset({"check", "escape", "syntax"})
#: A list of strings, which has no heredoc, whatever follows it.
_JSON_STRING = (
    r"""[ \t\r]*"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"[ \t\r]*"""
)
_JSON = re.compile(rf"\[(?:[ \t\r]*|{_JSON_STRING}(?:,{_JSON_STRING})*)\]")
_WORD = re.compile(rf"[{SPACE}]*([^{SPACE}][^\t\v\f\r ]*)?[\t\v\f\r ]*")


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
        # Cut here: an expression with blanks at its end takes the square of their number.
        value = match[3].rstrip(whitespace)
        value = value.partition(" ")[0] if name == "syntax" else value
        start = at + match.start(3)
        if name != "syntax" or not indented:
            found.setdefault(name, Span(source.path, start, start + len(value)))
        at += len(line) + 1
    escape = source.cut(found["escape"]) if "escape" in found else ""
    return Directives("`" if escape == "`" else "\\", found.get("syntax"))


def read_instructions(
    source: Source, escape: str, *, whole: bool = True
) -> Iterator[Instruction]:
    """Yield the instructions in their order, each with the number of its stage.

    :param whole: else only those that can name an image, or have a part in its name.
    """
    lines, stage = _Lines(source.text), None
    while not lines.done:
        if not whole and escape == "\\":
            lines.skip(_NAMELESS)
        logical = _read_logical(lines, escape)
        begin, keyword, rest, onbuild = _read_keyword(logical.text if logical else "")
        if logical is None or keyword not in KEYWORDS:
            continue
        heredocs: tuple[Heredoc, ...] = ()
        end = logical.end
        if keyword in _HEREDOC_KEYWORDS and "<<" in logical.text:
            heredocs, end = _read_heredocs(source, logical, rest, lines)
        text = logical.text[rest:].rstrip(SPACE)
        if keyword == "FROM" and not onbuild and skip_flags(text) < len(text):
            stage = 0 if stage is None else stage + 1
        if not (whole or keyword in _NAMING or text.startswith("--")):
            continue
        yield Instruction(
            keyword,
            logical.offsets[begin],
            end,
            logical.line,
            text,
            logical.offsets[rest : rest + len(text)],
            heredocs,
            stage,
            onbuild,
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

    def take(self) -> tuple[int, str]:
        """Return where the next line starts, and the line without its line feed."""
        start = self.at
        end = self.text.find("\n", start)
        end = len(self.text) if end < 0 else end
        self.at, self.number = end + 1, self.number + 1
        return start, self.text[start:end]

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Leave out the next lines, as many as a pattern matches."""
        match = pattern.match(self.text, self.at)
        if match:
            self.at = match.end()
            self.number += self.text.count("\n", *match.span())


def _read_logical(lines: _Lines, escape: str) -> _Logical | None:
    """Join a line with those that continue it; None for a comment and an empty one.

    Comments and empty lines in between are left out.
    """
    start, line = lines.take()
    number, end = lines.number, start + len(line)
    body = line.lstrip(SPACE)
    if not body or body[0] == "#":
        return None
    text, goes_on = _trim(body, escape)
    start = end - len(body)
    if not goes_on:
        return _Logical(text, range(start, start + len(text)), number, end)
    texts, offsets = [text], array("l", range(start, start + len(text)))
    while goes_on and not lines.done:
        start, line = lines.take()
        first = line.lstrip(SPACE)
        end = start + len(line)
        if not first or first[0] == "#":
            continue
        text, goes_on = _trim(line, escape)
        texts.append(text)
        offsets.extend(range(start, start + len(text)))
    return _Logical("".join(texts), offsets, number, end)


def _trim(line: str, escape: str) -> tuple[str, bool]:
    """Return a line without its escape character at the end, and whether it goes on.

    BuildKit's rule: the last character but blanks, and not itself escaped.
    """
    line = line.rstrip("\r")
    body = line.rstrip(" \t")
    if body.endswith(escape) and not body.endswith(escape * 2):
        return body[:-1], True
    return line, False


def _read_keyword(text: str) -> tuple[int, str, int, bool]:
    """Return where the keyword begins, it, where the rest begins, and if it is ONBUILD's."""
    begin, keyword, rest = _split_keyword(text)
    onbuild = keyword == "ONBUILD"
    if onbuild:
        _, keyword, rest = _split_keyword(text, skip_dashes(text, rest))
    return begin, keyword, rest, onbuild


def _split_keyword(text: str, at: int = 0) -> tuple[int, str, int]:
    """Return where the next word begins, it in upper case, and where the rest begins."""
    word = _WORD.match(text, at)
    if word is None or word[1] is None:
        return at, "", len(text)
    return word.start(1), word[1].upper(), word.end()


def _read_heredocs(
    source: Source, logical: _Logical, rest: int, lines: _Lines
) -> tuple[tuple[Heredoc, ...], int]:
    """Take the bodies of a line's heredocs, up to the word that ends each.

    :param rest: where the instruction's flags and arguments begin.
    """
    heredocs, end = [], logical.end
    arguments = logical.text[rest:]
    if _JSON.match(arguments, skip_flags(arguments)):
        return (), end
    for name, chomp, apart in find_marks(logical.text):
        if apart and name not in lines.all:
            continue
        body = min(lines.at, len(source.text))
        while not lines.done:
            start, line = lines.take()
            end = start + len(line)
            line = line.rstrip("\r")
            if (line.lstrip("\t") if chomp else line) == name:
                break
        else:
            start = end = len(source.text)
        text = source.text[body:start]
        heredocs.append(Heredoc(name, Span(source.path, body, start), text))
    return tuple(heredocs), end
