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
#: A variable in braces, up to the word behind its operator.
_BRACES = r"\$\{(?:[^\W\d]\w*|\d+|[@*#?$!-])(?:\}|(?P<operator>:.|[-+?#%/]))"
#: What comes next in a line, within double quotes and elsewhere.
_QUOTED = re.compile(rf"""[^"\\$]+|\\.?|"|\$(?!\{{)|{_BRACES}""", re.DOTALL)
_PLAIN = re.compile(
    rf"""[^"'\\$}}]+|\\.?|'[^']*'|["}}]|\$(?!\{{)|{_BRACES}""", re.DOTALL
)
_QUOTES = re.compile(r"""\\(.?)|"((?:[^"\\]|\\.)*)"|'([^']*)'""", re.DOTALL)
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
    if not _is_closed(text):
        return
    for word in split_words(_APART.sub("<<\0", text)):
        match = _HEREDOC.fullmatch(word)
        name = unquote(match[3]) if match else ""
        if match and name:
            yield Mark(name, match[1] == "-", bool(match[2]))


def _is_closed(text: str) -> bool:
    """Tell whether a line's quotes and braces are closed, and of a form that is known.

    BuildKit seeks no heredoc in a line where they are not.
    """
    open_until, at = [""], 0
    while at < len(text):
        match = (_QUOTED if open_until[-1] == '"' else _PLAIN).match(text, at)
        if not match:
            return False
        at = match.end()
        if match[0] == open_until[-1]:
            open_until.pop()
        elif match[0] == '"':
            open_until.append('"')
        elif match["operator"]:
            open_until.append("}")
    return open_until == [""]


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
