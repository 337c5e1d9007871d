# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is said about caches and copies: the question, what leaves one, the line. Pure."""

from __future__ import annotations

from typing import Iterator, Sequence

from ..judgement import Judged, Setting
from ..mirrors import Mirror
from ..reference import DOCKER_HUB, Image

_SECTION = "[registry] of .invenio"
_TABLE = "[tool.invenio-cli-registry] of pyproject.toml"


def ask_about_host(judged: Judged) -> str:
    """Return the question about a base image below an unknown host, with its answers."""
    image, base = judged.image, judged.base
    if image is None or base is None or not judged.unknown_host:
        return ""
    upstream, target = base.registries[0], image.name[: -len(base.repository) - 1]
    if "/" not in target:
        # The setting takes no bare host: a registry is more than one upstream's images.
        owner = base.repository.partition("/")[0]
        upstream, target = f"{upstream}/{owner}", f"{target}/{owner}"
    line = f"{upstream}={target}"
    return (
        f"Is {target} a cache of {upstream}, or a copy? It is judged by its Python and "
        f"system only. The line that answers: mirrors = {line} for a cache, "
        f"copies = {line} for a copy."
    )


def describe_leaving(judged: Judged, image: Image, setting: Setting) -> str:
    """Say that a move leaves the cache that an image comes through, and the missing line."""
    cache = _cache_of(judged, setting)
    stands_in = (*setting.mirrors, *setting.copies)
    if cache is None or any(one.restore(image) for one in stands_in):
        return ""
    host = cache.target.partition("/")[0]
    return (
        f"{image} does not come through your cache {cache.target} any more; one of "
        f"{image.registry} needs the line: mirrors = {image.registry}={host}/PATH"
    )


def _cache_of(judged: Judged, setting: Setting) -> Mirror | None:
    """Return the configured cache of Docker Hub that an image comes through."""
    for mirror in setting.mirrors:
        restored = judged.image and mirror.restore(judged.image)
        if restored and restored.registry == DOCKER_HUB:
            return mirror
    return None


def list_unremembered(images: Sequence[Image], setting: Setting) -> Iterator[str]:
    """Yield the line of the configuration for each cache or copy that is not in it."""
    project = setting.project
    named = [
        *(("mirrors", one, project.mirrors) for one in setting.mirrors),
        *(("copies", one, project.copies) for one in setting.copies),
    ]
    where = _SECTION if project.flavour else f"{_SECTION}, or {_TABLE}"
    for name, mirror, lines in named:
        known = any(line.mirror == mirror for line in lines)
        if not known and any(mirror.restore(image) for image in images):
            yield f"To have this remembered, in {where}: {name} = {mirror}"
