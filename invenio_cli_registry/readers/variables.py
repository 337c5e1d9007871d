# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Expand variables as BuildKit and compose do, and keep where each part is written. Pure.

The rules are those of ``frontend/dockerfile/shell/lex.go`` of BuildKit and of the compose
specification's chapter on interpolation. The forms that cut or replace a part of a value
(``${X%.*}``, ``${X/a/b}``) are not evaluated.
"""

from __future__ import annotations

import re
from typing import Mapping, NamedTuple, Sequence

from ..image import InvalidReference, parse
from ..model import Piece, Pieces, Reference, Source, Span

#: An image's name has at most 255 characters, and a tag half as many.
LONGEST = 4096
#: Each part of a value counts as so many characters at least, which bounds the parts.
_SHORTEST = 32

#: A value that depends on the platform of the build, or on what is not evaluated.
UNKNOWN = Piece(None, None)
#: The value of a variable that has none. Docker takes it as empty, which counts when an
#: earlier stage is looked up. It is recognized by its identity, not by its value.
UNSET = Piece(None, None)

_NAME = r"[^\W\d]\w*|\d+|[@*#?$!-]"
#: The word behind an operator; braces in it are closed, and not nested more deeply.
_WORD = r"[^{}]*"
for _ in range(4):
    _WORD = rf"[^{{}}]*(?:\{{{_WORD}\}}[^{{}}]*)*"
_VARIABLE = (
    rf"\$(?:(?P<name>{_NAME})|\{{(?P<braced>{_NAME})"
    rf"(?:(?P<operator>:?[-+?#%]|/)(?P<word>{_WORD}))?\}})"
)
_OPEN = r"(?P<open>\$\{)"
_PLAIN = r"""(?P<plain>.[^$"'\\`]*)"""


def _compile(*tokens: str) -> re.Pattern[str]:
    return re.compile("|".join(tokens), re.DOTALL)


_ESCAPES = {"\\": r"\\", "`": "`"}
#: By escape character, none for compose: what a text is made of.
_TOKENS = {
    escape: _compile(
        _VARIABLE,
        rf"""'(?P<single>[^']*)'|"(?P<double>(?:{sign}.|[^"{sign}])*)\"""",
        rf"{sign}(?P<escaped>.?)",
        r"""(?P<quote>["'])""",
        *(_OPEN, _PLAIN),
    )
    for escape, sign in _ESCAPES.items()
}
_TOKENS[""] = _compile(r"\$(?P<dollar>\$)", _VARIABLE, _OPEN, _PLAIN)
#: The same within double quotes.
_QUOTED = {
    escape: _compile(_VARIABLE, rf"""{sign}(?P<escaped>["${sign}])""", _OPEN, _PLAIN)
    for escape, sign in _ESCAPES.items()
}
_SPECIAL = re.compile(r"[$\"'\\`]")
_ERRORS = {
    "open": "a ${...} in it is not closed, or not understood",
    "quote": "a quote is not closed",
    "long": f"its value is longer than {LONGEST} characters",
}


class Text(NamedTuple):
    """A text, and where each of its characters is written."""

    text: str
    offsets: Sequence[int]  #: none of a text that can be written nowhere
    source: Source
    escape: str = "\\"  #: none in compose files: no quotes, and ``$$`` is a dollar

    def cut(self, start: int, end: int | None = None) -> Text:
        """Return a part of it."""
        text, offsets = self.text[start:end], self.offsets[start:end]
        return Text(text, offsets, self.source, self.escape)

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
    head = _SPECIAL.split(text.text, maxsplit=1)[0]
    if head == text.text and len(head) <= LONGEST:
        return Value(text.pieces)
    try:
        if len(text.text) > LONGEST:
            raise _CannotExpand(_ERRORS["long"])
        return _expand(text, values, _TOKENS[text.escape])
    except _CannotExpand as error:
        pieces = text.cut(0, len(head)).pieces if len(head) <= LONGEST else ()
        return Value((*pieces, UNSET), str(error))


def _expand(text: Text, values: Mapping[str, Value], tokens: re.Pattern[str]) -> Value:
    """Return the value of a text, or of a part of it.

    :raises _CannotExpand: Docker refuses it, or it is too long.
    """
    pieces: list[Piece] = []
    reason, default, length = "", False, 0
    for match in tokens.finditer(text.text):
        kind = match.lastgroup or ""
        part = text.cut(*match.span(kind))
        if kind in _ERRORS:
            raise _CannotExpand(_ERRORS[kind])
        if kind in ("name", "braced", "word"):
            value = _evaluate(match, part, values)
        elif kind == "double":
            value = _expand(part, values, _QUOTED[text.escape])
        else:
            value = Value(part.pieces)
        pieces.extend(value.pieces)
        reason, default = reason or value.reason, default or value.default
        length += sum(max(len(one.text or ""), _SHORTEST) for one in value.pieces)
        if length > LONGEST:
            raise _CannotExpand(_ERRORS["long"])
    return Value(tuple(pieces), reason, default)


def _evaluate(match: re.Match[str], word: Text, values: Mapping[str, Value]) -> Value:
    """Return the value of a variable, or the word behind its operator: ``${X:-word}``."""
    name = match["name"] or match["braced"]
    value, operator = values.get(name), match["operator"] or ""
    if value and (match["name"] or not operator):
        return value
    if operator.endswith(("#", "%", "/")):
        return Value((UNKNOWN,), f"${{{name}{operator}...}} is not evaluated")
    known = join(value.pieces) if value else None
    missing = value is None or (operator.startswith(":") and known == "")
    if operator.endswith("+") and missing:
        return Value(())
    if operator == ":+" and value and known is None:
        # The variant of a platform may be empty.
        return Value((UNKNOWN,), value.reason)
    if operator.endswith("+"):
        return _expand(word, values, _TOKENS[word.escape])
    if operator.endswith("-") and missing:
        found = _expand(word, values, _TOKENS[word.escape])
        if word.escape:
            return found
        # The variable may be set elsewhere: its default is no place to write to.
        pieces = tuple(unwritten(piece) for piece in found.pieces)
        return Value(pieces, found.reason, default=True)
    unset = Value((UNSET,), f"{name} has no value")
    return value if value and not missing else unset


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
