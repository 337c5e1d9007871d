# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A YAML scalar as the image that it names, or as a part of one. Pure."""

from __future__ import annotations

from ..reference import InvalidReference, parse
from .model import Piece, Reference
from .nodes import ScalarNode, span_of
from .source import Source, Span
from .variables import LONGEST, CannotExpand, Pieces, Text, expand, list_unset


def refer(node: ScalarNode, source: Source, service: str = "") -> Reference:
    """Return the reference of a scalar in an image's place."""
    span, _ = span_of(node, source)
    pieces, reason = expand_scalar(node, source)
    reference = Reference("yaml", span, node.value, pieces, service=service)
    return finish(reference._replace(unresolved=reason))


def piece_of(node: ScalarNode, source: Source) -> Piece:
    """Return a scalar as it is, with no variable replaced."""
    span, exact = span_of(node, source)
    return Piece(node.value, span if exact else None)


def expand_scalar(node: ScalarNode, source: Source, cut: int = 0) -> tuple[Pieces, str]:
    """Return a scalar's value as compose expands it, and why it has none.

    :param cut: how many characters come before the value.
    """
    span, exact = span_of(node, source)
    offsets = range(span.start, span.start + len(node.value))
    whole = Text(node.value, offsets, source.path, compose=True)
    text = whole.cut(cut, len(node.value))
    try:
        pieces, unset = expand(text, {}), list_unset(text, {})
        reason = f"{unset[0]} has no value" if unset else ""
    except CannotExpand as error:
        pieces, reason = _take_head(text), str(error)
    if not exact:
        pieces = tuple(piece._replace(span=None) for piece in pieces)
    return pieces, reason


def _take_head(text: Text) -> Pieces:
    """Return what stands before the first variable: ``x/y:`` of ``x/y:${{ z }}``."""
    unknown = Piece(None, None)
    head, dollar, _ = text.text.partition("$")
    if not head or not dollar or len(head) > LONGEST:
        return (unknown,)
    start = text.offsets[0]
    return Piece(head, Span(text.path, start, start + len(head))), unknown


def finish(reference: Reference) -> Reference:
    """Say why a name is none that Docker accepts."""
    text = reference.expanded
    if text is None or reference.unresolved:
        return reference
    try:
        parse(text)
    except InvalidReference as error:
        return reference._replace(unresolved=str(error))
    return reference
