# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Expand variables as BuildKit and compose do, and keep where each part is written. Pure.

The rules are those of ``frontend/dockerfile/shell/lex.go`` of BuildKit and of the compose
specification's chapter on interpolation. The forms that cut or replace a part of a value
(``${X%.*}``, ``${X/a/b}``) are read and not evaluated.
"""

from __future__ import annotations

import re
from typing import Mapping, NamedTuple, Sequence

from ..image import InvalidReference, parse
from ..model import Piece, Pieces, Reference, Source, Span

#: An image's name has at most 255 characters, and a tag half as many.
LONGEST = 4096
#: Each part counts as this many at least, which bounds how many there are.
_SHORTEST = 32
#: Each may be in the default of the one before.
_MOST_VARIABLES = 50

#: A value that depends on the platform of the build, or on what is not evaluated.
UNKNOWN = Piece(None, None)
#: The value of a variable that has none. Docker takes it as empty, which counts when an
#: earlier stage is looked up. It is recognized by its identity, not by its value.
UNSET = Piece(None, None)

_NAME = r"[^\W\d]\w*|\d+|[@*#?$!-]"
#: A variable, in braces up to the word behind the operator.
_VARIABLE = re.compile(rf"\$(?:({_NAME})|\{{({_NAME})(\}}|:?[-+?#%]|/)?)")
_SPECIAL = re.compile(r"[$\"'\\`}]")


class Text(NamedTuple):
    """A text, and where each of its characters is written."""

    text: str
    offsets: Sequence[int]  #: none of a text that can be written nowhere
    source: Source
    escape: str = "\\"  #: none in compose files: no quotes, and ``$$`` is a dollar

    def cut(self, start: int, end: int | None = None) -> Text:
        """Return a part of it."""
        return self._replace(text=self.text[start:end], offsets=self.offsets[start:end])

    @property
    def span(self) -> Span:
        """Return where it is, from its first to its last character."""
        return Span(self.source, self.offsets[0], self.offsets[-1] + 1)

    @property
    def pieces(self) -> Pieces:
        """Return it with nothing expanded; over two lines it can be written nowhere."""
        if not self.text:
            return ()
        span = self.span if self.offsets else None
        whole = span and span.end - span.start == len(self.text)
        return (Piece(self.text, span if whole else None),)


class Value(NamedTuple):
    """What a text expands to."""

    pieces: Pieces
    reason: str = ""  #: why the text of a piece is None
    default: bool = False  #: a part is the default of a compose variable


class _CannotExpand(ValueError):
    """The text has no value; the message says why."""


def join(pieces: Pieces) -> str | None:
    """Return the whole value, None when a part of it is unknown."""
    texts = [piece.text for piece in pieces]
    return None if None in texts else "".join(text or "" for text in texts)


def unwritten(piece: Piece) -> Piece:
    """Return a piece that can be written nowhere; ``UNSET`` stays what it is."""
    return piece if piece.span is None else piece._replace(span=None)


def expand(text: Text, values: Mapping[str, Value]) -> Value:
    """Return the value of a text, part by part; it never fails.

    Of a text that Docker refuses, or whose value is too long for a name, what comes before
    the first variable or quote is known.

    :param values: of each variable that has one; an empty value has no pieces.
    """
    first = _SPECIAL.search(text.text)
    if first is None and len(text.text) <= LONGEST:
        return Value(text.pieces)
    reader = _Reader(text, values)
    try:
        if text.text.count("$") > _MOST_VARIABLES:
            raise _CannotExpand(f"it has more than {_MOST_VARIABLES} variables")
        return Value(tuple(reader.read()), reader.reason, reader.default)
    except _CannotExpand as error:
        end = first.start() if first else 0
        known = text.cut(0, end).pieces if end <= LONGEST else ()
        return Value((*known, UNSET), str(error))


def refer(
    kind: str, span: Span, text: str, value: Value, stage: int | None = None
) -> Reference:
    """Return the reference of a value, and say why it names no image."""
    reason, whole = value.reason, join(value.pieces)
    if "{{" in text or "{%" in text:
        reason = "it contains a template expression"
    elif whole == "":
        reason = "the image's name is empty"
    elif whole and not reason:
        try:
            parse(whole)
        except InvalidReference as error:
            reason = str(error)
    return Reference(kind, span, text, value.pieces, stage, unresolved=reason)


class _Reader:
    """One pass over a text, as BuildKit's ``shellWord`` makes it."""

    def __init__(self, text: Text, values: Mapping[str, Value]) -> None:
        self.source, self.text, self.values = text, text.text, values
        self.is_compose = not text.escape
        self.reason, self.default = "", False
        self.at = self.length = 0

    def read(self, stop: str = "") -> list[Piece]:
        """Read to the end, or to a stop that is not quoted, and step over it."""
        found: list[Piece] = []
        while self.at < len(self.text) and self.text[self.at] != stop:
            found.extend(self._take(quoted=stop == '"'))
        if stop and self.at >= len(self.text):
            opened = "a quote" if stop == '"' else "${"
            raise _CannotExpand(f"{opened} is not closed")
        self.at += 1
        return found

    def _take(self, quoted: bool) -> Sequence[Piece]:
        """Take what comes next: a variable, quotes with their content, plain text."""
        sign = self.text[self.at]
        if sign == "$":
            return self._take_variable()
        if sign == '"' and not self.is_compose:
            self.at += 1
            return self.read('"')
        if sign == "'" and not quoted and not self.is_compose:
            end = self.text.find("'", self.at + 1)
            if end < 0:
                raise _CannotExpand("a quote is not closed")
            start, self.at = self.at + 1, end + 1
            return self._count(self.source.cut(start, end).pieces)
        if sign == self.source.escape:
            # Within quotes it escapes these only, and is plain text before others.
            following = self.text[self.at + 1 : self.at + 2]
            self.at += not quoted or following in ('"', "$", sign)
        return self._take_plain()

    def _take_plain(self) -> Pieces:
        """Take the next character, and those that follow and mean nothing."""
        special = _SPECIAL.search(self.text, self.at + 1)
        start, self.at = self.at, special.start() if special else len(self.text)
        return self._count(self.source.cut(start, self.at).pieces)

    def _take_variable(self) -> Sequence[Piece]:
        match = _VARIABLE.match(self.text, self.at)
        if self.is_compose and self.text.startswith("$$", self.at):
            # Compose makes one dollar of two: the second is the one that is kept.
            self.at += 1
            return self._take_plain()
        if match is None and self.text.startswith("${", self.at):
            raise _CannotExpand("${ is not followed by a name")
        if match is None:
            return self._take_plain()
        self.at = match.end()
        name, operator = match[1] or match[2], match[3]
        if match[1] or operator == "}":
            return self._value_of(name)
        if not operator:
            said = f"${{{name} is not closed, or has an unknown operator"
            raise _CannotExpand(said)
        if operator[-1] in "#%/":
            self.read("}")
            self.reason = f"${{{name}{operator}...}} is not evaluated"
            return (UNKNOWN,)
        return self._choose(name, operator)

    def _value_of(self, name: str) -> Pieces:
        value = self.values.get(name, Value((UNSET,), f"{name} has no value"))
        self.reason = self.reason or value.reason
        return self._count(value.pieces)

    def _choose(self, name: str, operator: str) -> Sequence[Piece]:
        """Return the value, or the word behind the operator: ``${X:-word}``."""
        reason, default = self.reason, self.default
        word = self.read("}")
        value = self.values.get(name)
        known = join(value.pieces) if value else None
        missing = value is None or (operator[0] == ":" and known == "")
        if operator[-1] == "-" and missing:
            self.default = self.is_compose
            # The variable may be set elsewhere: its default is no place to write to.
            return [unwritten(one) for one in word] if self.default else word
        if operator[-1] == "+" and not missing:
            # The variant of a platform may be empty.
            return (UNKNOWN,) if operator[0] == ":" and known is None else word
        # What the word lacks does not matter where the word is not used.
        self.reason, self.default = reason, default
        if operator[-1] == "+":
            return ()
        if missing:
            self.reason = self.reason or f"{name} has no value"
            return (UNSET,)
        return self._value_of(name)

    def _count(self, pieces: Pieces) -> Pieces:
        """Return pieces, unless the value gets too long for a name."""
        self.length += sum(max(len(piece.text or ""), _SHORTEST) for piece in pieces)
        if self.length > LONGEST:
            raise _CannotExpand(f"its value is longer than {LONGEST} characters")
        return pieces
