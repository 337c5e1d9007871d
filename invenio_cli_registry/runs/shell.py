# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Split a shell script into its simple commands, each as a place in the script. Pure.

Quotes, comments, subshells and redirections are told apart; nothing is expanded, and
``$(...)`` is one word. What a shell would refuse comes out as words, never as an error.
"""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

_BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_REDIRECT = re.compile(r"&>>?|\d*(?:<<<|<<-?|>>|>\||[<>]&?)")
_OPERATOR = re.compile(r"\|\||&&|\|&|;;|[;&|()\n]")
_PART = re.compile(
    r"""\\.|'[^']*'?|"(?:\\.|[^"\\])*"?|`[^`]*`?|\$\{[^}]*\}?"""
    r"""|(?P<open>\$\()|[^\s;&|()<>'"\\`$]+|\$|\\""",
    re.DOTALL,
)
#: A substitution begins, a parenthesis opens or closes; what holds none is passed over.
_SUBSTITUTION = re.compile(
    r"""\\.|(?P<literal>'[^']*')|`(?P<backticks>[^`]*)`|(?P<open>\$\((?!\())|[()"]""",
    re.DOTALL,
)
_QUOTED = re.compile(r"""'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)""", re.DOTALL)


class Word(NamedTuple):
    """A word of a command: where it stands, and what it is without its quotes."""

    start: int
    end: int
    text: str


class Simple(NamedTuple):
    """A simple command."""

    words: tuple[Word, ...]  #: without redirections
    end: int  #: where its last word or redirection ends
    heredocs: int  #: how many heredocs it reads
    writes: bool  #: whether its output goes to a file
    operator: str  #: what ends it: ``&&``, ``;``, a newline, ...; empty at the end


def split_script(script: str) -> Iterator[Simple]:
    """Yield the simple commands of a script in order, empty ones left out."""
    tokens: list[tuple[str, Word]] = []
    for kind, word in _read_tokens(script):
        if kind != "operator":
            tokens.append((kind, word))
        elif tokens:
            yield _finish(tokens, word.text)
            tokens = []
    if tokens:
        yield _finish(tokens, "")


def _finish(tokens: list[tuple[str, Word]], operator: str) -> Simple:
    redirects = [word.text for kind, word in tokens if kind == "redirect"]
    return Simple(
        words=tuple(word for kind, word in tokens if kind == "word"),
        end=tokens[-1][1].end,
        heredocs=sum(text in ("<<", "<<-") for text in redirects),
        writes=any(">" in text and not text.endswith("&") for text in redirects),
        operator=operator,
    )


def _read_tokens(script: str) -> Iterator[tuple[str, Word]]:
    """Yield words, redirections, their targets and operators, each with its kind."""
    at, is_target = 0, False
    while at < len(script):
        skipped = _BLANK.match(script, at) or _COMMENT.match(script, at)
        if skipped:
            at = skipped.end()
            continue
        redirect, operator = _REDIRECT.match(script, at), _OPERATOR.match(script, at)
        if redirect:
            yield "redirect", Word(at, redirect.end(), redirect[0].lstrip("0123456789"))
            at, is_target = redirect.end(), True
        elif operator:
            yield "operator", Word(at, operator.end(), operator[0])
            at, is_target = operator.end(), False
        else:
            end = _find_end(script, at)
            kind = "target" if is_target else "word"
            yield kind, Word(at, end, _unquote(script[at:end]))
            at, is_target = end, False


def _find_end(script: str, at: int) -> int:
    """Return where a word ends; everything inside ``$(...)`` belongs to it."""
    depth, start = 0, at
    while at < len(script):
        part = _PART.match(script, at)
        if part:
            depth += part.lastgroup == "open"
            at = part.end()
        elif depth:
            depth += {"(": 1, ")": -1}.get(script[at], 0)
            at += 1
        else:
            break
    # A character that is none of the above (a form feed) is a word of its own.
    return max(at, start + 1)


def _unquote(word: str) -> str:
    return _QUOTED.sub(lambda found: found[1] or found[2] or found[3] or "", word)


def find_substitutions(word: str) -> Iterator[tuple[int, int]]:
    """Yield where the scripts in ``$(...)`` and backticks stand in a word, the outermost."""
    depth, start, quoted, at = 0, 0, False, 0
    found = _SUBSTITUTION.search(word) if "$(" in word or "`" in word else None
    while found:
        at = found.end()
        if depth:
            depth += found[0].count("(") - (found[0] == ")")
            if not depth:
                yield start, found.start()
        elif found["open"]:
            depth, start = 1, at
        elif found["backticks"]:
            yield found.span("backticks")
        elif found["literal"] and quoted:  # An apostrophe in "it's".
            at = found.start() + 1
        quoted ^= found[0] == '"' and not depth
        found = _SUBSTITUTION.search(word, at)
