# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Shell patterns (``*`` and ``?``) without backtracking, for ``${X#*/}`` and its like. Pure.

The outcome is that of ``convertShellPatternToRegex`` of BuildKit's ``shell/lex.go``: what
lies between stars is sought at its first place, and behind a greedy star at its last.
"""

from __future__ import annotations

import re
from typing import Iterable, List, Pattern, Sequence

_TOKEN = re.compile(r"\\[}/*?\\]|[^\\]", re.DOTALL)
_PATTERN = re.compile(rf"(?:{_TOKEN.pattern})*", re.DOTALL)

#: What lies between the stars of a pattern.
_Segments = Sequence[Pattern[str]]


class InvalidPattern(ValueError):
    """The pattern escapes what needs no escape."""


def drop_prefix(value: str, pattern: str, greedy: bool) -> str:
    """Return a value without the shortest, or longest, beginning that a pattern matches."""
    end = _find_end(_compile(_split(pattern)), value, 0, greedy)
    return value if end is None else value[end:]


def drop_suffix(value: str, pattern: str, greedy: bool) -> str:
    """Return a value without the shortest, or longest, end that a pattern matches."""
    # A suffix is a prefix of what is read backwards.
    segments = [segment[::-1] for segment in _split(pattern)[::-1]]
    end = _find_end(_compile(segments), value[::-1], 0, greedy)
    return value if end is None else value[: len(value) - end]


def substitute(value: str, pattern: str, new: str, everywhere: bool) -> str:
    """Return a value with the first, or every, match of a pattern replaced."""
    segments = _compile(_split(pattern))
    done: list[str] = []
    copied, at, last = 0, 0, -1
    while at <= len(value):
        found = segments[0].search(value, at)
        end = _find_end(segments, value, found.start(), True) if found else None
        if found is None or end is None:
            break
        start = found.start()
        # Nothing is replaced where the match before it ended: Go's rule, not Python's.
        done.extend([value[copied:start], "" if start == end == last else new])
        copied = last = end
        at = end if end > start else end + 1
        if not everywhere:
            break
    return "".join(done) + value[copied:]


def may_equal(name: str, parts: Iterable[str | None]) -> bool:
    """Tell whether a name could be that of parts of which some are unknown (None)."""
    known = [""]
    for part in parts:
        if part is None:
            known.append("")
        else:
            known[-1] += part
    head, tail = known[0], known[-1]
    if len(known) == 1:
        return name == head
    at, limit = len(head), len(name) - len(tail)
    if at > limit or not (name.startswith(head) and name.endswith(tail)):
        return False
    for part in known[1:-1]:
        at = name.find(part, at, limit)
        if at < 0:
            return False
        at += len(part)
    return True


def _split(pattern: str) -> list[list[str]]:
    """Return the segments between stars, each as the expressions of its characters."""
    if not _PATTERN.fullmatch(pattern):
        raise InvalidPattern(f"{pattern!r} has an escape that no pattern needs")
    segments: List[List[str]] = [[]]
    for sign in _TOKEN.findall(pattern):
        if sign == "*":
            segments.append([])
        else:
            segments[-1].append("." if sign == "?" else re.escape(sign[-1]))
    return segments


def _compile(segments: Iterable[Iterable[str]]) -> list[Pattern[str]]:
    return [re.compile("".join(segment), re.DOTALL) for segment in segments]


def _find_end(segments: _Segments, value: str, at: int, greedy: bool) -> int | None:
    """Return where the match ends that begins at an offset, None when there is none."""
    found = segments[0].match(value, at)
    for number, segment in enumerate(segments[1:], start=2):
        if found is None:
            return None
        if greedy and number == len(segments):
            found = _find_last(segment, value, found.end())
        else:
            found = segment.search(value, found.end())
    return found.end() if found else None


def _find_last(segment: Pattern[str], value: str, at: int) -> re.Match[str] | None:
    tried = (segment.match(value, start) for start in range(len(value), at - 1, -1))
    return next((match for match in tried if match), None)
