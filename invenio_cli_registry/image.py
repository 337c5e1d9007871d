# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Image references and the registries that serve them: parse, canonical form, mirrors.

The grammar is the distribution project's (``reference`` package): an optional registry
host, a path of lower-case components, an optional tag, an optional digest. Pure.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache
from typing import NamedTuple, Sequence

DOCKER_HUB = "docker.io"
#: Other spellings of Docker Hub. The first is the engine's own legacy name; the others
#: answer with the same images (``edges`` of the Docker documentation name them as hosts).
HUB_ALIASES = frozenset(
    {"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"}
)

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
#: The algorithms that the engine knows; others it refuses.
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}")
_IDENTIFIER = re.compile(r"[a-f0-9]{64}")
_LONGEST_NAME = 255
#: A reason is read by people: it quotes no more than this.
_LONGEST_QUOTE = 80


class InvalidReference(ValueError):
    """The text is no image reference; the message says which part is not."""


class Image(NamedTuple):
    """One image: where it is served, its repository, and which of its versions."""

    registry: str
    repository: str
    tag: str | None = None
    digest: str | None = None

    @property
    def name(self) -> str:
        """Return registry and repository, without tag and digest."""
        return f"{self.registry}/{self.repository}"

    def __str__(self) -> str:
        """Return the canonical form: registry always, ``latest`` when nothing is said."""
        tag = self.tag or (None if self.digest else "latest")
        return self.name + (f":{tag}" if tag else "") + self._at()

    @property
    def familiar(self) -> str:
        """Return the form people write: Docker Hub and its ``library/`` left out."""
        name = self.name
        for prefix in (f"{DOCKER_HUB}/library/", f"{DOCKER_HUB}/"):
            if name.startswith(prefix):
                name = name[len(prefix) :]
                break
        return name + (f":{self.tag}" if self.tag else "") + self._at()

    def _at(self) -> str:
        return f"@{self.digest}" if self.digest else ""


@lru_cache(maxsize=1 << 13)  # many files name the same image
def parse(text: str) -> Image:
    """Parse an image reference as Docker does.

    :param text: the reference as written, variables already expanded.
    :raises InvalidReference: when Docker would refuse it.
    """
    rest, at, digest = text.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        raise InvalidReference(f"{_quote(digest)} is no digest")
    if _IDENTIFIER.fullmatch(text):
        raise InvalidReference("64 hexadecimal digits are an image's number, no name")
    tag = None
    if ":" in rest.rpartition("/")[2]:
        rest, _, tag = rest.rpartition(":")
        if not _TAG.fullmatch(tag):
            raise InvalidReference(f"{_quote(tag)} is no tag")
    registry, repository = _split_registry(rest)
    if not _PATH.fullmatch(repository):
        raise InvalidReference(f"{_quote(repository)} is no repository name")
    if registry == DOCKER_HUB and "/" not in repository:
        repository = f"library/{repository}"
    if len(repository) > _LONGEST_NAME:
        raise InvalidReference(f"the name is longer than {_LONGEST_NAME} characters")
    return Image(registry, repository, tag, digest or None)


@lru_cache(maxsize=1 << 13)
def named_image(parts: tuple[str | None, ...]) -> Image | None:
    """Return the image that the parts of a text name; None as a part is an unknown value.

    Of a known repository with an unknown tag the tag is None; anything less is None.
    """
    texts = list(itertools.takewhile(lambda part: part is not None, parts))
    text = "".join(part or "" for part in texts)
    if len(texts) == len(parts):
        try:
            return parse(text)
        except InvalidReference:
            pass
    head = text.partition("@")[0]
    colon = head.find(":", head.rfind("/") + 1)
    try:
        return parse(head[:colon]) if colon >= 0 else None
    except InvalidReference:
        return None


def _split_registry(name: str) -> tuple[str, str]:
    """Split a name as Docker does: a host has a dot, a port, capitals, or is localhost."""
    host, slash, path = name.partition("/")
    is_host = slash and (
        "." in host or ":" in host or host == "localhost" or host != host.lower()
    )
    if not is_host:
        host, path = DOCKER_HUB, name
    elif not _HOST.fullmatch(host):
        raise InvalidReference(f"{_quote(host)} is no registry host")
    if host in HUB_ALIASES:
        host = DOCKER_HUB
    return host, path


def _quote(text: str) -> str:
    return repr(text if len(text) <= _LONGEST_QUOTE else text[:_LONGEST_QUOTE] + "...")


#: Two components keep the grammar's rule for Docker Hub's official images out of it.
_PROBE = "/x/x"
#: What advised commands say where only the reader knows the name.
PLACEHOLDER = "YOUR.REGISTRY"
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
        if PLACEHOLDER in text.upper():
            raise InvalidMirror(
                f"{PLACEHOLDER} is a placeholder: write the host name of your own registry"
            )
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
        """Return the image as served by the target, None when it is of another registry.

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
