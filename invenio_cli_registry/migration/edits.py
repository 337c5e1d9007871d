# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""From wanted images to edits of the files they are named in. Pure.

Every edit is a place in the original; nothing is printed from what was parsed.
"""

from __future__ import annotations

from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence

from ..readers.model import Piece, Reference
from ..readers.source import Source, Span
from ..reference import Image
from .sharing import Uses, describe, find_conflicts
from .spelling import (
    CannotRespell,
    Window,
    compare,
    holds_name,
    respell,
    spell,
    spell_piece,
    split_parts,
)
from .splice import Edit, place

Sources = Mapping[str, Source]

_SCATTERED = "it is not written in one stretch: change it by hand"


class Wanted(NamedTuple):
    """A reference, and what it should become; None: it stays."""

    reference: Reference
    image: Image | None
    #: The same bytes are served there (a mirror): a digest stays.
    same_content: bool = False


class Left(NamedTuple):
    """A reference that cannot be changed safely, and why."""

    reference: Reference
    reason: str


class Plan(NamedTuple):
    """What will be changed, and how every reference reads afterwards."""

    edits: tuple[Edit, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...]
    expected: tuple[str, ...]  #: spelling of each reference given, in that order
    #: The edits of each reference given, in that order; a shared one is in several.
    by_reference: tuple[tuple[Edit, ...], ...]


class _Draft(NamedTuple):
    """What one reference alone would need."""

    reference: Reference
    edits: tuple[Edit, ...] = ()
    new: str = ""
    note: str = ""
    reason: str = ""  #: why it is left


def plan_edits(wanted: Sequence[Wanted], sources: Sources) -> Plan:
    """Return the edits that make each reference what it should become.

    :param wanted: every reference of the files, also those that stay: a value that two of
        them share is changed only when both want the same.
    :param sources: by path, each file that a piece of them is written in.
    """
    drafts = [_draft(item, sources) for item in wanted]
    uses = Uses([draft.reference for draft in drafts])
    conflicts = find_conflicts(uses, [draft.edits for draft in drafts], sources)
    while conflicts:
        # One that is left may leave another one alone with a shared value.
        for index, reason in conflicts.items():
            drafts[index] = _Draft(drafts[index].reference, reason=reason)
        conflicts = find_conflicts(uses, [draft.edits for draft in drafts], sources)
    return Plan(
        tuple(sorted({edit for draft in drafts for edit in draft.edits})),
        tuple(Left(draft.reference, draft.reason) for draft in drafts if draft.reason),
        tuple(draft.note for draft in drafts if draft.note),
        tuple(d.new if d.edits else spell(d.reference) for d in drafts),
        tuple(draft.edits for draft in drafts),
    )


def _draft(item: Wanted, sources: Sources) -> _Draft:
    reference, image = item.reference, item.image
    if image is None:
        return _Draft(reference)
    try:
        old = spell(reference)
        new, note = respell(old, image, item.same_content)
        if new == old:
            return _Draft(reference)
        edits = tuple(_edits_for(reference, image, new, sources))
    except CannotRespell as error:
        return _Draft(reference, reason=str(error))
    note = f"{_place_of(reference.span, sources)}: {note}" if note else ""
    return _Draft(reference, edits, new, note)


def _edits_for(
    reference: Reference, image: Image, new: str, sources: Sources
) -> Iterator[Edit]:
    if reference.report_only:
        raise CannotRespell("no place of an image is known here: change it by hand")
    if reference.split:
        yield from _edit_parts(reference, image, new, sources)
    else:
        yield _edit_piece(reference, new, sources)


def _edit_piece(reference: Reference, new: str, sources: Sources) -> Edit:
    """Return the one edit that takes a reference to its new spelling.

    :raises CannotRespell: when it takes more than one, or would overwrite a variable.
    """
    old = spell(reference)
    window = compare(old, new)
    at, piece = _find_piece(reference.pieces, window)
    if piece is None:
        raise CannotRespell(
            "it is put together from several values: change them by hand"
        )
    if piece.text is None or piece.span is None:
        raise CannotRespell(_SCATTERED)
    if not _covers(reference.span, piece.span) and not holds_name(old, at):
        name = describe(piece.span, sources)
        raise CannotRespell(f"{name} holds its tag only, and may be used elsewhere")
    text = piece.text[: window.start - at] + window.new + piece.text[window.end - at :]
    return _replace(piece, text, sources)


def _find_piece(pieces: Iterable[Piece], window: Window) -> tuple[int, Piece | None]:
    """Return the piece that holds a stretch, and where in the whole it begins.

    What is put between two pieces goes to the one that begins there, what is put at the
    end to the last one.
    """
    at = 0
    found: tuple[int, Piece | None] = (0, None)
    for piece in pieces:
        after = at + len(spell_piece(piece))
        if at <= window.start and at < after:
            found = (at, piece if window.end <= after else None)
        at = after
    return found


def _edit_parts(
    reference: Reference, image: Image, new: str, sources: Sources
) -> Iterator[Edit]:
    """Yield the edits of registry, repository and tag, each where it is written."""
    registry, repository, tag = split_parts(reference)
    if registry is None or repository.text is None:
        raise CannotRespell("there is no registry beside it: change it by hand")
    name, path = image.name, repository.text
    if name.endswith(f"/{path}"):
        host = name[: -len(path) - 1]
    else:
        host, path = image.registry, image.repository
    rest = new[len(name) + 1 :]
    if rest and tag is None:
        raise CannotRespell("there is no tag beside it: change it by hand")
    for part, text in ((registry, host), (repository, path), (tag, rest)):
        if part and spell_piece(part) != text:
            yield _replace(part, text, sources)


def _replace(piece: Piece, text: str, sources: Sources) -> Edit:
    """Return the edit that gives a piece another text."""
    if piece.span is None:
        raise CannotRespell(_SCATTERED)
    written = sources[piece.span.path].cut(piece.span)
    if written != piece.text:
        raise CannotRespell(_SCATTERED)
    return Edit(piece.span, written, text)


def _covers(outer: Span, inner: Span) -> bool:
    same = outer.path == inner.path
    return same and outer.start <= inner.start and inner.end <= outer.end


def _place_of(span: Span, sources: Sources) -> str:
    return place(sources[span.path], span)
