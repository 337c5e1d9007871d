# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Edits of a text: made from the last to the first, and shown as a diff. Pure."""

from __future__ import annotations

from typing import Iterable, NamedTuple

from ..errors import Refused
from ..readers.source import Source, Span


class Edit(NamedTuple):
    """A stretch of one file's text, and what it becomes."""

    span: Span
    old: str
    new: str


def apply_edits(source: Source, edits: Iterable[Edit]) -> str:
    """Return the text with the edits of this file made, from the last to the first.

    :raises Refused: when two overlap, or the text is not what they were planned for.
    """
    text, limit = source.text, len(source.text)
    own = {edit for edit in edits if edit.span.path == source.path}
    for edit in sorted(own, reverse=True):
        start, end = edit.span.start, edit.span.end
        if end > limit or source.cut(edit.span) != edit.old:
            raise Refused(
                f"{place(source, edit.span)}: the change does not fit the text"
            )
        text = text[:start] + edit.new + text[end:]
        limit = start
    return text


def place(source: Source, span: Span) -> str:
    """Return where a span begins, as ``file:line:column``."""
    line, column = source.position(span.start)
    return f"{source.path}:{line}:{column}"
