# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The heredocs that a line of a Dockerfile begins, as BuildKit finds them. Pure."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from .source import SPACE

_WORD = re.compile(
    rf"""(?:[^{SPACE}"'\\]+|\\.?|"(?:[^"\\]|\\.)*"?|'[^']*'?)+""", re.DOTALL
)
#: A word whose quotes are closed; BuildKit seeks no heredoc in a line where they are not.
_CLOSED = re.compile(r"""(?:[^"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')*\\?""", re.DOTALL)
_QUOTES = re.compile(r"""\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'""", re.DOTALL)
_ESCAPED = re.compile(r'\\(["\\$])')
_HEREDOC = re.compile(r"[0-9]*<<(-?)(\0?)([^<]+)")
_APART = re.compile(r"<<[\t ]+")


class Mark(NamedTuple):
    """What ``<<EOF`` says."""

    name: str
    chomp: bool  #: tabs before the end word do not count
    #: Newer releases of BuildKit take ``<< EOF`` too, and so also ``$((1 << 2))``.
    apart: bool


def find_marks(text: str) -> Iterator[Mark]:
    """Yield the heredocs of a line, in the order of their bodies."""
    words = split_words(_APART.sub("<<\0", text))
    if not words or not _CLOSED.fullmatch(words[-1]):
        return
    for word in words:
        match = _HEREDOC.fullmatch(word)
        name = unquote(match[3]) if match else ""
        if match and name:
            yield Mark(name, match[1] == "-", bool(match[2]))


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
