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
#: More parts than a name can have separators; values that double themselves end here.
_MOST_PIECES = 128
_DEEPEST = 50

#: A value that depends on the platform of the build, or on what is not evaluated.
UNKNOWN = Piece(None, None)
#: The value of a variable that has none. Docker takes it as empty, which counts when an
#: earlier stage is looked up. It is recognized by its identity, not by its value.
UNSET = Piece(None, None)

_NAME = r"[^\W\d]\w*"
_PARAMETER = rf"{_NAME}|\d+|[@*#?$!-]"
#: A variable, in braces up to the word behind the operator.
_DOCKER = re.compile(rf"\$(?:({_PARAMETER})|\{{({_PARAMETER})(\}}|:?[-+?#%]|/)?)")
_COMPOSE = re.compile(rf"\$(?:({_NAME})|\{{({_NAME})(\}}|:?[-+?])?)")
_SPECIAL = re.compile(r"[$\"'\\`]")
_PLAIN = re.compile(r"[^$\"'\\`}]+")


class Text(NamedTuple):
    """A text, and where each of its characters is written."""

    text: str
    offsets: Sequence[int]
    source: Source
    escape: str = "\\"
    compose: bool = False  #: no quotes, no escapes, and ``$$`` is a dollar

    def cut(self, start: int, end: int) -> Text:
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
        span = self.span
        whole = span.end - span.start == len(self.text)
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
    if len(text.text) <= LONGEST and not _SPECIAL.search(text.text):
        return Value(text.pieces)
    reader = _Reader(text, values)
    try:
        pieces = tuple(reader.read())
        if len(pieces) > _MOST_PIECES:
            raise _CannotExpand(f"its value has more than {_MOST_PIECES} parts")
        return Value(pieces, reader.reason, reader.default)
    except _CannotExpand as error:
        head = text.cut(0, len(_SPECIAL.split(text.text, maxsplit=1)[0]))
        known = head.pieces if len(head.text) <= LONGEST else ()
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
        self.reason, self.default = "", False
        self.at = self.depth = self.length = 0

    def read(self, stop: str = "") -> list[Piece]:
        """Read to the end, or to a stop that is not quoted, and step over it."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _CannotExpand("its variables are nested too deeply")
        found: list[Piece] = []
        while self.at < len(self.text) and self.text[self.at] != stop:
            found.extend(self._take(quoted=stop == '"'))
        if stop and self.at >= len(self.text):
            opened = "a quote" if stop == '"' else "${"
            raise _CannotExpand(f"{opened} is not closed")
        self.at += 1
        self.depth -= 1
        return found

    def _take(self, quoted: bool) -> Sequence[Piece]:
        """Take what comes next: a variable, quotes with their content, plain text."""
        character = self.text[self.at]
        if character == "$":
            return self._take_variable()
        if self.source.compose or (quoted and character == "'"):
            return self._take_plain()
        if character == "'":
            return self._take_single_quotes()
        if character == '"':
            self.at += 1
            return self.read('"')
        if character == self.source.escape:
            # Within quotes it escapes these only, and is plain text before others.
            following = self.text[self.at + 1 : self.at + 2]
            self.at += not quoted or following in ('"', "$", character)
        return self._take_plain()

    def _take_plain(self) -> Pieces:
        """Take the next character, and more if they mean nothing."""
        match = _PLAIN.match(self.text, self.at)
        return self._take_to(match.end() if match else self.at + 1)

    def _take_single_quotes(self) -> Pieces:
        self.at += 1
        end = self.text.find("'", self.at)
        if end < 0:
            raise _CannotExpand("a quote is not closed")
        pieces = self._take_to(end)
        self.at += 1
        return pieces

    def _take_to(self, end: int) -> Pieces:
        start, self.at = self.at, end
        return self._count(self.source.cut(start, end).pieces)

    def _take_variable(self) -> Sequence[Piece]:
        pattern = _COMPOSE if self.source.compose else _DOCKER
        match = pattern.match(self.text, self.at)
        if match is None:
            if self.text.startswith("${", self.at):
                raise _CannotExpand("${ is not followed by a name")
            # Compose makes one dollar of two: the second is the one that is kept.
            self.at += self.source.compose and self.text.startswith("$$", self.at)
            return self._take_to(self.at + 1)
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
            self.default = self.source.compose
            # The variable may be set elsewhere: its default is no place to write to.
            return [unwritten(piece) for piece in word] if self.default else word
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
        self.length += sum(len(piece.text or "?") for piece in pieces)
        if self.length > LONGEST:
            raise _CannotExpand(f"its value is longer than {LONGEST} characters")
        return pieces
