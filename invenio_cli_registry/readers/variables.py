# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Expand variables as BuildKit's shell lexer does, and keep where each part is written.

Source of the rules: ``frontend/dockerfile/shell/lex.go`` of BuildKit, and the compose
specification's chapter on interpolation. Pure.
"""

from __future__ import annotations

import re
from typing import Callable, Iterator, List, Mapping, NamedTuple, Sequence, Tuple, Union

from .model import Piece
from .patterns import InvalidPattern, drop_prefix, drop_suffix, substitute
from .source import Span

Pieces = Tuple[Piece, ...]
#: An image's name has at most 255 characters; nothing longer is worth a value.
LONGEST = 4096
#: More parts than a name has characters of punctuation are a bomb, not a name.
_MOST_PIECES = 128
_DEEPEST = 50
_TOO_LONG = f"its value is longer than {LONGEST} characters"
_LONGEST_MATCHED = 512
_NAME = re.compile(r"[^\W\d]\w*")
_SPECIALS = re.compile(r"[$\"'\\`]")
_PARAMETER = re.compile(r"\d+|[@*#?$!-]")
_UNKNOWN: Pieces = (Piece(None, None),)


class CannotExpand(ValueError):
    """The text has no value; the message says why."""


class Text(NamedTuple):
    """A text, and where each of its characters is written; None: nowhere."""

    text: str
    offsets: Sequence[int]
    path: str
    escape: str = "\\"
    compose: bool = False  #: no quotes, and ``$$`` is a dollar

    def cut(self, start: int, end: int) -> Text:
        """Return a part of it."""
        return self._replace(text=self.text[start:end], offsets=self.offsets[start:end])


def expand(text: Text, values: Mapping[str, Pieces]) -> Pieces:
    """Return the value of a text, part by part.

    :param values: of each variable that has one; one that is empty has none at all.
    :raises CannotExpand: when Docker would refuse it, or it is too long to be a name.
    """
    if _SPECIALS.search(text.text):
        pieces = _Lexer(text, values).run()
    else:
        pieces = as_pieces(text)
    if sum(len(piece.text or "") for piece in pieces) > LONGEST:
        raise CannotExpand(_TOO_LONG)
    if len(pieces) > _MOST_PIECES:
        raise CannotExpand(f"its value has more than {_MOST_PIECES} parts")
    return pieces


def list_unset(text: Text, values: Mapping[str, Pieces]) -> list[str]:
    """Return the variables of a text that have no value and no default."""
    lexer = _Lexer(text, values)
    lexer.run()
    return lexer.unset


def as_pieces(text: Text) -> Pieces:
    """Return a text in which nothing is expanded; over two lines it stands nowhere whole."""
    if not text.text:
        return ()
    span = Span(text.path, text.offsets[0], text.offsets[-1] + 1)
    whole = span.end - span.start == len(text.text)
    return (Piece(text.text, span if whole else None),)


def join(pieces: Pieces) -> str | None:
    """Return the whole value, None when a part of it is unknown."""
    texts = [piece.text for piece in pieces]
    return None if None in texts else "".join(text or "" for text in texts)


#: A part of a value: the number of a character of the text, or the piece of a variable.
_Part = Union[int, Piece]


class _Lexer:
    """One pass over a text, as BuildKit's ``shellWord`` makes it."""

    def __init__(self, text: Text, values: Mapping[str, Pieces]) -> None:
        self.source, self.text, self.values = text, text.text, values
        self.unset: List[str] = []
        self.at = self.depth = self.length = 0
        self.parts: List[_Part] = []

    def run(self) -> Pieces:
        """Read the whole text."""
        return self._until("")

    def _until(self, stop: str, raw: bool = False) -> Pieces:
        """Read to the end, or to a character that is not quoted, and step behind it.

        :param raw: escapes stay, for the pattern that they are in.
        """
        self.depth += 1
        if self.depth > _DEEPEST:
            raise CannotExpand("its variables are nested too deeply")
        outer, self.parts = self.parts, []
        while self.at < len(self.text) and self.text[self.at] != stop:
            self._step(raw)
        if stop and self.at >= len(self.text):
            raise CannotExpand("${ is not closed")
        self.at += 1
        parts, self.parts = self.parts, outer
        self.depth -= 1
        return tuple(_join(self.source, parts))

    def _step(self, raw: bool) -> None:
        character = self.text[self.at]
        if character == "$":
            self._add(self._dollar())
        elif self.source.compose:
            self._literal()
        elif character == "'":
            self._single_quotes()
        elif character == '"':
            self._double_quotes(raw)
        elif character == self.source.escape:
            self._escape(raw)
            self._literal()
        else:
            self._literal()

    def _literal(self) -> None:
        if self.at < len(self.text):
            self.parts.append(self.at)
        self.at += 1

    def _escape(self, raw: bool) -> None:
        if raw:
            self._literal()
        else:
            self.at += 1

    def _single_quotes(self) -> None:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise CannotExpand("a quote is not closed")
        self.parts.extend(range(self.at + 1, end))
        self.at = end + 1

    def _double_quotes(self, raw: bool) -> None:
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            character = self.text[self.at]
            following = self.text[self.at + 1 : self.at + 2]
            if character == "$":
                self._add(self._dollar())
                continue
            if character == self.source.escape and following in ('"', "$", character):
                self._escape(raw)
            self._literal()
        if self.at >= len(self.text):
            raise CannotExpand("a quote is not closed")
        self.at += 1

    def _dollar(self) -> Pieces:
        self.at += 1
        following = self.text[self.at : self.at + 1]
        if following == "{":
            self.at += 1
            return self._braces()
        if self.source.compose and following == "$":
            self._literal()
            return ()
        name = self._take_name()
        if name:
            return self._value_of(name)
        self.parts.append(self.at - 1)
        return ()

    def _take_name(self) -> str:
        match = _NAME.match(self.text, self.at)
        if not match and not self.source.compose:
            match = _PARAMETER.match(self.text, self.at)
        if not match:
            return ""
        self.at = match.end()
        return match[0]

    def _value_of(self, name: str) -> Pieces:
        if name not in self.values:
            self.unset.append(name)
            return _UNKNOWN
        return self.values[name]

    def _braces(self) -> Pieces:
        """Read what follows ``${``, to the brace that closes it."""
        name = self._take_name()
        if not name:
            raise CannotExpand("${ is not followed by a name")
        colon = self.text.startswith(":", self.at)
        self.at += colon
        operator = self.text[self.at : self.at + 1]
        self.at += 1
        if operator == "}" and not colon:
            return self._value_of(name)
        if operator and operator in "-+?":
            return self._choose(name, operator, colon)
        if operator and operator in "#%" and not self.source.compose:
            return self._trim(name, operator)
        if operator == "/" and not colon and not self.source.compose:
            return self._replace(name)
        raise CannotExpand(f"${{{name} is not closed, or has an unknown operator")

    def _choose(self, name: str, operator: str, colon: bool) -> Pieces:
        """Return the value, or the word behind the operator: ``${X:-word}``."""
        seen = len(self.unset)
        word = self._until("}")
        value = self.values.get(name)
        missing = value is None or (colon and join(value) == "")
        if operator == "+" and colon and value is not None and join(value) is None:
            # A platform's variant may be empty.
            word = _UNKNOWN
        if operator == "?" or missing != (operator == "-"):
            # What the word lacks does not matter where it is not used.
            del self.unset[seen:]
        if operator == "+":
            return () if missing else word
        if missing and operator == "?":
            self.unset.append(name)
            return _UNKNOWN
        return word if missing else self.values[name]

    def _trim(self, name: str, operator: str) -> Pieces:
        """Return the value without what a pattern matches at one end: ``${X##word}``."""
        pattern = join(self._until("}", raw=True))
        value = join(self._value_of(name))
        if pattern is None or value is None:
            return _UNKNOWN
        greedy = pattern.startswith(operator)
        drop = drop_suffix if operator == "%" else drop_prefix
        return _changed(value, lambda: drop(value, pattern[greedy:], greedy))

    def _replace(self, name: str) -> Pieces:
        """Return the value with a pattern replaced: ``${X/old/new}``."""
        everywhere = self.text.startswith("/", self.at)
        self.at += everywhere
        pattern = join(self._until("/", raw=True))
        new = join(self._until("}", raw=True))
        value = join(self._value_of(name))
        if pattern is None or new is None or value is None:
            return _UNKNOWN
        if everywhere and "$" in new:
            # Go expands these in what it replaces everywhere.
            return _UNKNOWN
        return _changed(value, lambda: substitute(value, pattern, new, everywhere))

    def _add(self, pieces: Pieces) -> None:
        self.length += sum(len(piece.text or "?") for piece in pieces)
        if self.length > LONGEST:
            raise CannotExpand(_TOO_LONG)
        self.parts.extend(pieces)


def _changed(value: str, change: Callable[[], str]) -> Pieces:
    """Return a value with a part cut away or replaced; it stands nowhere as it is."""
    if len(value) > _LONGEST_MATCHED:
        return _UNKNOWN
    try:
        return (Piece(change(), None),)
    except InvalidPattern as error:
        raise CannotExpand(str(error)) from error


def _join(text: Text, parts: Sequence[_Part]) -> Iterator[Piece]:
    """Yield the pieces of parts; literal ones become one for each stretch of the file."""
    run: List[int] = []
    for part in parts:
        if isinstance(part, int):
            if run and text.offsets[part] != text.offsets[run[-1]] + 1:
                yield _piece(text, run)
                run = []
            run.append(part)
            continue
        if run:
            yield _piece(text, run)
            run = []
        if part.text != "" or part.span:
            yield part
    if run:
        yield _piece(text, run)


def _piece(text: Text, run: Sequence[int]) -> Piece:
    start = text.offsets[run[0]]
    written = "".join([text.text[at] for at in run])
    return Piece(written, Span(text.path, start, start + len(run)))
