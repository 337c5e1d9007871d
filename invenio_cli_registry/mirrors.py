# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Registries that stand in for others: caches (``mirrors``) and copies (``copies``)."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from .reference import DOCKER_HUB, HUB_ALIASES, Image, InvalidReference, parse

#: Two components keep the grammar's rule for Docker Hub's official images out of it.
_PROBE = "/x/x"
_FORM = "write UPSTREAM=HOST[:PORT]/PATH, as in docker.io=harbor.example.org/hub"


class InvalidMirror(ValueError):
    """The text names no stand-in for a registry; the message says how to write one."""


class Mirror(NamedTuple):
    """A registry, or a path in one, and where its images are served instead."""

    upstream: str  #: ``docker.io``, ``docker.io/inveniosoftware``
    target: str  #: ``harbor.example.org/hub``

    @classmethod
    def parse(cls, text: str) -> Mirror:
        """Parse ``UPSTREAM=HOST[:PORT]/PATH``.

        :raises InvalidMirror: when either side is no registry, or the target has no path.
        """
        left, equals, right = text.partition("=")
        if not equals:
            raise InvalidMirror(f"{text!r} has no '=': {_FORM}")
        mirror = cls(_parse_place(left), _parse_place(right))
        if "/" not in mirror.target:
            raise InvalidMirror(f"{right.strip()!r} has no path: {_FORM}")
        if mirror.target == mirror.upstream:
            raise InvalidMirror(f"{text!r} leads to itself: {_FORM}")
        return mirror

    def __str__(self) -> str:
        """Return it as the command line and the configuration take it."""
        return f"{self.upstream}={self.target}"

    def apply(self, image: Image) -> Image | None:
        """Return the image as served by the target, None when it is none of its own.

        An image that is there already is none: a second run must change nothing.
        """
        if _strip_place(image, self.target) is not None:
            return None
        path = _strip_place(image, self.upstream)
        return None if path is None else _place(self.target + path, image)

    def restore(self, image: Image) -> Image | None:
        """Return the upstream's image of one in the target, None when it is not there."""
        path = _strip_place(image, self.target)
        if path is None:
            return None
        restored = _place(self.upstream + path, image)
        # The target itself stands for the upstream; few of those are an image.
        return restored if path or restored.name == self.upstream else None


def apply_mirrors(image: Image, mirrors: Sequence[Mirror]) -> Image | None:
    """Return the image as served by the mirror with the longest upstream that matches.

    None when there is none, or when the image is in one of the mirrors already.
    """
    if any(mirror.restore(image) for mirror in mirrors):
        return None
    found = ((len(mirror.upstream), mirror.apply(image)) for mirror in mirrors)
    matches = [(length, served) for length, served in found if served]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def _parse_place(text: str) -> str:
    """Return a registry, or a path in one, in its canonical spelling."""
    place = text.strip().rstrip("/")
    try:
        name = parse(place + _PROBE).name
    except InvalidReference as error:
        raise InvalidMirror(
            f"{text.strip()!r} is no registry ({error}): {_FORM}"
        ) from error
    host = place.partition("/")[0]
    if name.startswith(f"{DOCKER_HUB}/") and host not in HUB_ALIASES | {DOCKER_HUB}:
        raise InvalidMirror(f"{text.strip()!r} names no registry host: {_FORM}")
    return name[: -len(_PROBE)]


def _strip_place(image: Image, place: str) -> str | None:
    """Return what follows a registry or path in the image's name, None elsewhere."""
    inside = image.name == place or image.name.startswith(f"{place}/")
    return image.name[len(place) :] if inside else None


def _place(name: str, image: Image) -> Image:
    named = parse(name)
    return image._replace(registry=named.registry, repository=named.repository)
