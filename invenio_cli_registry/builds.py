# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which build stands on which: from an external base image, over local ones, to each stage.

An image is local when the project builds it itself; the Dockerfile of a local base is the
one that the compose service of that image builds, or the sibling with ``base`` in its name.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence

from .reference import DOCKER_HUB, Image, InvalidReference, parse
from .readers.model import Dockerfile, Instruction, Reference, Stage


class Locals(NamedTuple):
    """How the images that a project builds itself are recognised."""

    names: frozenset[
        str
    ]  #: ``image:`` of services with a ``build:``, canonical, no tag
    stems: frozenset[str]  #: the project's shortname, its folder's name
    official: frozenset[str]  #: Docker Hub's official images, never local

    def owns(self, image: Image) -> bool:
        """Tell whether the project builds this image."""
        if image.name in self.names:
            return True
        host, _, name = image.repository.partition("/")
        if image.registry != DOCKER_HUB or host != "library" or name in self.official:
            return False
        return any(
            name == stem or name.startswith((f"{stem}-", f"{stem}_"))
            for stem in self.stems
        )


class Lineage(NamedTuple):
    """One stage, and everything that its build runs, the external base image's use first."""

    path: str
    stage: Stage
    root: Reference | None  #: None: ``scratch``, or a local base that was not found
    root_path: str
    missing: Reference | None  #: the local base that was not found
    steps: tuple[tuple[str, Instruction], ...]
    last: bool  #: the last stage of its Dockerfile


def named_image(reference: Reference) -> Image | None:
    """Return the image that a reference names, tag None when only the tag is unknown.

    A literal repository with an unknown tag (``x/y:$V``, a template's tag) is as good as
    named; anything less is None.
    """
    text = reference.expanded
    if text is not None:
        try:
            return parse(text)
        except InvalidReference:
            pass
    head = _known_head(reference).partition("@")[0]
    colon = head.find(":", head.rfind("/") + 1)
    if colon < 0:
        return None
    try:
        return parse(head[:colon])
    except InvalidReference:
        return None


def tag_unknown(reference: Reference) -> bool:
    """Tell whether the repository is known and the tag is not."""
    try:
        parse(reference.expanded or "")
    except InvalidReference:
        return named_image(reference) is not None
    return False


def _known_head(reference: Reference) -> str:
    head = []
    for piece in reference.pieces:
        if piece.text is None:
            break
        head.append(piece.text)
    return "".join(head)


def trace_builds(
    dockerfiles: Sequence[Dockerfile],
    locals_: Locals,
    built_by: Mapping[str, str],
) -> tuple[Lineage, ...]:
    """Return every stage of every Dockerfile with the chain of builds below it.

    :param built_by: canonical name of a local image (no tag) -> path of its Dockerfile.
    """
    by_path: dict[str, Dockerfile] = {}
    for dockerfile in dockerfiles:
        by_path.setdefault(dockerfile.path, dockerfile)

    def find_base(path: str, image: Image) -> Dockerfile | None:
        if image.name in built_by:
            return by_path.get(built_by[image.name])
        return _sibling_base(path, by_path)

    return tuple(
        _trace(dockerfile, stage, locals_, find_base)
        for dockerfile in dockerfiles
        for stage in dockerfile.stages
    )


def _sibling_base(path: str, by_path: Mapping[str, Dockerfile]) -> Dockerfile | None:
    folder = PurePath(path).parent
    found = [
        other
        for other in by_path
        if other != path
        and PurePath(other).parent == folder
        and "base" in PurePath(other).name.lower()
    ]
    return by_path[found[0]] if len(found) == 1 else None


def _trace(dockerfile: Dockerfile, stage: Stage, locals_: Locals, find_base) -> Lineage:  # type: ignore[no-untyped-def]
    steps: list[tuple[str, Instruction]] = []
    here, at, seen = dockerfile, stage, set()
    root, missing = None, None
    while (here.path, at.number) not in seen:
        seen.add((here.path, at.number))
        steps[:0] = ((here.path, step) for step in _steps_of(here, at))
        if at.parent is not None:
            at = here.stages[at.parent]
            continue
        image = at.base and named_image(at.base)
        if at.base is None or image is None or not locals_.owns(image):
            root = at.base
            break
        below = find_base(here.path, image)
        if below is None or not below.stages:
            missing = at.base
            break
        here, at = below, below.stages[-1]
    last = stage.number == len(dockerfile.stages) - 1
    return Lineage(dockerfile.path, stage, root, here.path, missing, tuple(steps), last)


def _steps_of(dockerfile: Dockerfile, stage: Stage) -> Iterator[Instruction]:
    return (step for step in dockerfile.instructions if step.stage == stage.number)


def instructions(lineage: Lineage) -> tuple[Instruction, ...]:
    """Return what the build runs, in order, without the places."""
    return tuple(step for _, step in lineage.steps)


def lineages_of(
    reference: Reference, lineages: Iterable[Lineage]
) -> tuple[Lineage, ...]:
    """Return the builds that stand on this use of a base image."""
    return tuple(line for line in lineages if line.root == reference)
