# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Values that feed several references: one edit changes them all, or none. Pure."""

from __future__ import annotations

import bisect
import re
from collections import Counter
from typing import Iterator, Mapping, NamedTuple, Sequence

from ..readers.model import Reference
from ..readers.source import Source, Span
from .splice import Edit, place

#: What gives a value its name: ``ARG NAME=``, ``NAME: `` (compose), quoted or not.
_NAME_BEFORE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)[ \t]*[=:][ \t]*[\"']?$")
#: Characters before a value in which its name is looked for.
_NEAR = 80


class _Use(NamedTuple):
    """A stretch of a file that a piece of a reference is written in."""

    start: int
    end: int
    number: int  #: of the reference


class Uses:
    """Which references each place of the files feeds."""

    def __init__(self, references: Sequence[Reference]) -> None:
        """Index the references by the places of their pieces."""
        self.references = references
        self._by_path: dict[str, list[_Use]] = {}
        for number, reference in enumerate(references):
            for piece in reference.pieces:
                if piece.span:
                    uses = self._by_path.setdefault(piece.span.path, [])
                    uses.append(_Use(piece.span.start, piece.span.end, number))
        for uses in self._by_path.values():
            uses.sort()
        self._longest = {
            path: max(use.end - use.start for use in uses)
            for path, uses in self._by_path.items()
        }

    def of(self, span: Span) -> Iterator[int]:
        """Yield the number of each reference that a place feeds, once for each use."""
        uses = self._by_path.get(span.path, [])
        first = span.start - self._longest.get(span.path, 0)
        for at in range(bisect.bisect_left(uses, (first,)), len(uses)):
            use = uses[at]
            if use.start > max(span.start, span.end - 1):
                break
            if use.start == span.start or use.end > span.start:
                yield use.number


def find_conflicts(
    uses: Uses, edits: Sequence[Sequence[Edit]], sources: Mapping[str, Source]
) -> dict[int, str]:
    """Return the references whose edits would change another one too, and why.

    :param edits: those of each reference, in the order of ``uses.references``.
    """
    owners: dict[Edit, list[int]] = {}
    for number, own in enumerate(edits):
        for edit in own:
            owners.setdefault(edit, []).append(number)
    conflicts: dict[int, str] = {}
    for edit, wanting in owners.items():
        fed = Counter(uses.of(edit.span))
        name = describe(edit.span, sources)
        others = sorted(fed.keys() - set(wanting))
        if others:
            other = uses.references[others[0]].span
            becomes = "becomes something else" if edits[others[0]] else "stays"
            where = place(sources[other.path], other)
            reason = f"{name} also feeds {where}, which {becomes}"
            conflicts.update(dict.fromkeys(wanting, reason))
        twice = (number for number in wanting if fed[number] > 1)
        reason = f"{name} is used more than once in it"
        conflicts.update(dict.fromkeys(twice, reason))
    return conflicts


def describe(span: Span, sources: Mapping[str, Source]) -> str:
    """Return the name of the variable whose value is written there, and the place."""
    source = sources[span.path]
    near = max(0, span.start - _NEAR)
    named = _NAME_BEFORE.search(source.text, near, span.start)
    return f"{named[1] if named else 'the value'} ({place(source, span)})"
