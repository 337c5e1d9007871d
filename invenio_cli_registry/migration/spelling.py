# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""How a reference is spelt, and how another image is spelt in its place. Pure."""

from __future__ import annotations

import re
from typing import NamedTuple, Sequence

from ..readers.model import Piece, Reference
from ..reference import Image, InvalidReference, parse

#: Stands for a value that nobody knows; no image's name can hold it.
UNKNOWN = "\0"
_LATEST = "latest"
_TOKEN = re.compile(r"[/:@]|[^/:@]+")


class CannotRespell(ValueError):
    """The new image cannot be spelt in the old one's place; the message says why."""


class Window(NamedTuple):
    """The stretch of an old spelling that differs from the new one."""

    start: int
    end: int
    new: str


class Parts(NamedTuple):
    """The pieces of a reference that Helm's values split, without the marks between."""

    registry: Piece | None
    repository: Piece
    tag: Piece | None


def spell(reference: Reference) -> str:
    """Return what a reference expands to, with a mark where nobody knows."""
    return "".join(map(spell_piece, reference.pieces))


def spell_piece(piece: Piece) -> str:
    """Return the text of a piece, with a mark when nobody knows it."""
    return UNKNOWN if piece.text is None else piece.text


def split_parts(reference: Reference) -> Parts:
    """Return registry, repository and tag of a reference that Helm's values split."""
    parts, mark = {}, ""
    for piece in reference.pieces:
        if piece.span is None and piece.text in ("/", ":"):
            mark = piece.text
        else:
            parts[mark] = piece
    if "/" in parts:
        return Parts(parts[""], parts["/"], parts.get(":"))
    return Parts(None, parts[""], parts.get(":"))


def respell(old: str, image: Image, same_content: bool = False) -> tuple[str, str]:
    """Return the spelling of an image in place of an old one, and a note on what is lost.

    The same image comes back as it was written. A missing tag stays missing when it would
    be ``latest``.

    :param same_content: the same bytes are served there, so that a digest stays true.
    :raises CannotRespell: when it would be a guess.
    """
    try:
        now = parse(old)
    except InvalidReference:
        return _respell_name(old, image, same_content), ""
    tag = None if now.tag is None and image.tag == _LATEST else image.tag
    if now.name == image.name and now.tag == tag:
        return old, ""
    digest = now.digest if same_content else None
    new = str(image._replace(tag=tag, digest=digest)) if tag or digest else image.name
    if now.digest == digest:
        return new, ""
    if now.tag is None:
        raise CannotRespell("it has a digest and no tag: it names this one image")
    if now.tag != tag:
        raise CannotRespell("it has a digest, which another tag would not have")
    return new, "the digest was dropped: it belongs to the old registry"


def _respell_name(old: str, image: Image, same_content: bool) -> str:
    """Return the spelling when the tag is unknown, which stays whatever it is."""
    head, at, _ = old.partition("@")
    colon = head.find(":", head.rfind("/") + 1)
    try:
        now = parse(head[:colon] if colon >= 0 else "")
    except InvalidReference as error:
        raise CannotRespell("nobody knows what it names") from error
    if now.name == image.name:
        return old
    if image.tag is not None:
        raise CannotRespell("its tag is unknown: it can only be the same tag elsewhere")
    if at and not same_content:
        raise CannotRespell("its tag is unknown, and it has a digest")
    return image.name + old[colon:]


def compare(old: str, new: str) -> Window:
    """Return the stretch in which two spellings differ, by whole components."""
    olds, news = _TOKEN.findall(old), _TOKEN.findall(new)
    head = _count_common(olds, news)
    tail = _count_common(olds[head:][::-1], news[head:][::-1])
    start = len("".join(olds[:head]))
    end = len("".join(olds[: len(olds) - tail]))
    return Window(start, end, "".join(news[head : len(news) - tail]))


def _count_common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for left, right in zip(one, other):
        if left != right:
            break
        count += 1
    return count


def holds_name(spelling: str, offset: int) -> bool:
    """Tell whether an offset in a spelling lies in the name, before tag and digest."""
    head = spelling.partition("@")[0]
    colon = head.find(":", head.rfind("/") + 1)
    return offset < (colon if colon >= 0 else len(head))
