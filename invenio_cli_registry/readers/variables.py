# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Expand variables as BuildKit's shell lexer does, and keep where each part is written.

Source of the rules: ``frontend/dockerfile/shell/lex.go`` of BuildKit, and the compose
specification's chapter on interpolation. Pure.
"""

from __future__ import annotations

import re
from typing import Callable, Iterator, List, Mapping, NamedTuple, Sequence, Tuple

from .model import Piece
from .source import Span

Pieces = Tuple[Piece, ...]
#: An image's name has at most 255 characters; nothing longer is worth a value.
LONGEST = 4096
_DEEPEST = 50
_LONGEST_MATCHED, _MOST_STARS = 512, 2
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SPECIAL = "@*#?-$!0123456789"
_WORD = re.compile(r"""(?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*"?|'[^']*'?)+""", re.DOTALL)
_QUOTES = re.compile(r"""\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'""", re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\$])')


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


def split_words(text: str) -> list[str]:
    """Split a line into shell words, quotes kept."""
    return _WORD.findall(text)


def unquote(word: str) -> str:
    """Return a shell word without its quotes and escapes."""

    def strip(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1]
        if found[3] is not None:
            return found[3]
        return _ESCAPED.sub(r"\1", found[2])

    return _QUOTES.sub(strip, word)


def expand(text: Text, values: Mapping[str, Pieces]) -> Pieces:
    """Return the value of a text, part by part.

    :param values: of each variable that has one; one that is empty has none at all.
    :raises CannotExpand: when Docker would refuse it, or it is too long to be a name.
    """
    pieces = _Lexer(text, values, 0).run()
    if sum(len(piece.text or "") for piece in pieces) > LONGEST:
        raise CannotExpand(f"its value is longer than {LONGEST} characters")
    return pieces


def list_unset(text: Text, values: Mapping[str, Pieces]) -> list[str]:
    """Return the variables of a text that have no value and no default."""
    found: list[str] = []
    _Lexer(text, values, 0, found.append).run()
    return found


def join(pieces: Pieces) -> str | None:
    """Return the whole value, None when a part of it is unknown."""
    texts = [piece.text for piece in pieces]
    return None if None in texts else "".join(text or "" for text in texts)


class _Lexer:
    """One pass over a text."""

    def __init__(
        self,
        text: Text,
        values: Mapping[str, Pieces],
        depth: int,
        unset: Callable[[str], None] = lambda name: None,
    ) -> None:
        if depth > _DEEPEST:
            raise CannotExpand("its variables are nested too deeply")
        self.source, self.text, self.values = text, text.text, values
        self.depth, self.unset = depth, unset
        self.at = 0
        self.length = 0
        self.pieces: List[Piece] = []
        self.run_of: list[int] = []  # numbers of the characters of the literal so far

    def run(self, stop: str = "") -> Pieces:
        """Read to the end, or to a character that is not quoted."""
        while self.at < len(self.text) and (not stop or self.text[self.at] != stop):
            self._step()
        self._flush()
        return tuple(self.pieces)

    def _step(self) -> None:
        character = self.text[self.at]
        if character == "$":
            self._dollar()
        elif self.source.compose:
            self._literal()
        elif character == "'":
            self._single_quotes()
        elif character == '"':
            self._double_quotes()
        elif character == self.source.escape:
            self.at += 1
            if self.at < len(self.text):
                self._literal()
        else:
            self._literal()

    def _literal(self) -> None:
        self.run_of.append(self.at)
        self.at += 1

    def _single_quotes(self) -> None:
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != "'":
            self._literal()
        if self.at >= len(self.text):
            raise CannotExpand("a quote is not closed")
        self.at += 1

    def _double_quotes(self) -> None:
        self.at += 1
        while self.at < len(self.text) and self.text[self.at] != '"':
            character = self.text[self.at]
            following = self.text[self.at + 1 : self.at + 2]
            if character == "$":
                self._dollar()
                continue
            if character == self.source.escape and following in ('"', "$", character):
                self.at += 1
            self._literal()
        if self.at >= len(self.text):
            raise CannotExpand("a quote is not closed")
        self.at += 1

    def _dollar(self) -> None:
        self.at += 1
        following = self.text[self.at : self.at + 1]
        if self.source.compose and following == "$":
            self._literal()
            return
        if following == "{":
            self.at += 1
            self._braces()
            return
        name = self._take_name()
        if name:
            self._add(self._value_of(name))
        else:
            self.at -= 1
            self._literal()

    def _take_name(self) -> str:
        match = _NAME.match(self.text, self.at)
        end = match.end() if match else self.at
        if not match and self.text[self.at : self.at + 1] in _SPECIAL:
            end = min(self.at + 1, len(self.text))
        name, self.at = self.text[self.at : end], end
        return name

    def _value_of(self, name: str) -> Pieces:
        if name not in self.values:
            self.unset(name)
            return (Piece(None, None),)
        return self.values[name]

    def _braces(self) -> None:
        """Read what follows ``${``, to the brace that closes it."""
        name = self._take_name()
        if not name:
            raise CannotExpand("${ is not followed by a name")
        operator = self.text[self.at : self.at + 2]
        if operator[:1] == "}":
            self.at += 1
            self._add(self._value_of(name))
            return
        if operator not in _OPERATORS:
            operator = operator[:1]
        if operator not in _OPERATORS:
            raise CannotExpand(f"${{{name} is not closed, or has an unknown operator")
        self.at += len(operator)
        word = self._take_word()
        self._add(_OPERATORS[operator](self, name, word))

    def _take_word(self) -> Text:
        """Return the text up to the brace that closes this one, and step behind it."""
        start, depth = self.at, 0
        while self.at < len(self.text):
            if self.text.startswith("${", self.at):
                depth += 1
                self.at += 1
            elif self.text[self.at] == self.source.escape and not self.source.compose:
                self.at += 1
            elif self.text[self.at] == "}":
                if not depth:
                    word = self.source.cut(start, self.at)
                    self.at += 1
                    return word
                depth -= 1
            self.at += 1
        raise CannotExpand("${ is not closed")

    def _expand_word(self, word: Text) -> Pieces:
        return _Lexer(word, self.values, self.depth + 1, self.unset).run()

    def _is_empty(self, name: str, also_empty: bool) -> bool:
        if name not in self.values:
            return True
        return also_empty and join(self.values[name]) == ""

    def _or_default(self, name: str, word: Text, also_empty: bool) -> Pieces:
        if self._is_empty(name, also_empty):
            return self._expand_word(word)
        return self.values[name]

    def _or_nothing(self, name: str, word: Text, also_empty: bool) -> Pieces:
        return () if self._is_empty(name, also_empty) else self._expand_word(word)

    def _or_error(self, name: str, word: Text, also_empty: bool) -> Pieces:
        if self._is_empty(name, also_empty):
            self.unset(name)
            return (Piece(None, None),)
        return self.values[name]

    def _changed(
        self, name: str, word: Text, change: Callable[[str, str], str]
    ) -> Pieces:
        """Return the value with a part cut away or replaced; it stands nowhere as it is."""
        value, pattern = join(self._value_of(name)), join(self._expand_word(word))
        if value is None or pattern is None or _is_costly(value, pattern):
            return (Piece(None, None),)
        return (Piece(change(value, pattern), None),)

    def _add(self, pieces: Pieces) -> None:
        self._flush()
        self.length += sum(len(piece.text or "?") for piece in pieces)
        if self.length > LONGEST:
            raise CannotExpand(f"its value is longer than {LONGEST} characters")
        self.pieces.extend(piece for piece in pieces if piece.text != "" or piece.span)

    def _flush(self) -> None:
        """Make pieces of the literal so far: one for each stretch of the file."""
        for first, last in _stretches([self.source.offsets[at] for at in self.run_of]):
            start, end = self.run_of[first], self.run_of[last] + 1
            text = "".join(self.text[at] for at in self.run_of[first : last + 1])
            span = Span(
                self.source.path,
                self.source.offsets[start],
                self.source.offsets[end - 1] + 1,
            )
            self.pieces.append(Piece(text, span))
        self.run_of = []


def _stretches(offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last number of each run of offsets without a gap."""
    first = 0
    for number in range(1, len(offsets) + 1):
        if number == len(offsets) or offsets[number] != offsets[number - 1] + 1:
            yield first, number - 1
            first = number


def _is_costly(value: str, pattern: str) -> bool:
    """Tell whether matching could take more than a moment: each star multiplies."""
    return len(value) > _LONGEST_MATCHED or pattern.count("*") > _MOST_STARS


def _glob(pattern: str, greedy: bool) -> str:
    many = ".*" if greedy else ".*?"
    parts = {"*": many, "?": "."}
    return "".join(parts.get(character, re.escape(character)) for character in pattern)


def _drop_prefix(greedy: bool) -> Callable[[str, str], str]:
    def drop(value: str, pattern: str) -> str:
        found = re.match(_glob(pattern, greedy), value, re.DOTALL)
        return value[found.end() :] if found else value

    return drop


def _drop_suffix(greedy: bool) -> Callable[[str, str], str]:
    def drop(value: str, pattern: str) -> str:
        # A suffix is a prefix of what is read backwards.
        return _drop_prefix(greedy)(value[::-1], pattern[::-1])[::-1]

    return drop


def _substitute(everywhere: bool) -> Callable[[str, str], str]:
    def substitute(value: str, pattern: str) -> str:
        old, _, new = pattern.partition("/")
        glob = re.compile(_glob(old, True), re.DOTALL)
        return glob.sub(lambda _: new, value, 0 if everywhere else 1) if old else value

    return substitute


_Operator = Callable[[_Lexer, str, Text], Pieces]
_OPERATORS: Mapping[str, _Operator] = {
    ":-": lambda lexer, name, word: lexer._or_default(name, word, True),
    "-": lambda lexer, name, word: lexer._or_default(name, word, False),
    ":+": lambda lexer, name, word: lexer._or_nothing(name, word, True),
    "+": lambda lexer, name, word: lexer._or_nothing(name, word, False),
    ":?": lambda lexer, name, word: lexer._or_error(name, word, True),
    "?": lambda lexer, name, word: lexer._or_error(name, word, False),
    "##": lambda lexer, name, word: lexer._changed(name, word, _drop_prefix(True)),
    "#": lambda lexer, name, word: lexer._changed(name, word, _drop_prefix(False)),
    "%%": lambda lexer, name, word: lexer._changed(name, word, _drop_suffix(True)),
    "%": lambda lexer, name, word: lexer._changed(name, word, _drop_suffix(False)),
    "//": lambda lexer, name, word: lexer._changed(name, word, _substitute(True)),
    "/": lambda lexer, name, word: lexer._changed(name, word, _substitute(False)),
}
