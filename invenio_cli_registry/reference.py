# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Image references: parse, canonical form, respell.

The grammar is the distribution project's (``reference`` package): an optional registry
host, a path of lower-case components, an optional tag, an optional digest.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

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


@lru_cache(maxsize=1 << 13)  # of many files, many name the same
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
