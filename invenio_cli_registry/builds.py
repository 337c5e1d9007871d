# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which build stands on which: from an external base image, over local ones, to each stage.

An image is local when the project builds it itself; the Dockerfile of a local base is the
one that the compose service of that image builds, or the sibling with ``base`` in its name.
"""

from __future__ import annotations

from bisect import bisect_left
from pathlib import PurePath
from typing import Iterable, Mapping, NamedTuple, Sequence

from .readers.model import Dockerfile, Instruction, Reference, Stage
from .reference import DOCKER_HUB, Image, InvalidReference, parse
from .runs.values import Around, fill_in

#: No build of the real world has so many stages on top of each other.
_LONGEST_CHAIN = 64


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


class Named:
    """The stages of a Dockerfile that stand on an external image, to be found by name."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        """Find out on which image each stage stands."""
        self._images: dict[int, Image] = {}
        self._numbers: dict[str, list[int]] = {}
        for stage in stages:
            below = None if stage.parent is None else self._images.get(stage.parent)
            image = below or (named_image(stage.base) if stage.base else None)
            if image:
                self._images[stage.number] = image
                for name in filter(None, (str(stage.number), stage.name)):
                    self._numbers.setdefault(name, []).append(stage.number)

    def find(self, name: str, before: int) -> Image | None:
        """Return the image below the latest stage of a name, or a number, before another."""
        numbers = self._numbers.get(name, [])
        at = bisect_left(numbers, before)
        return self._images[numbers[at - 1]] if at else None


class Lineage(NamedTuple):
    """One stage, and everything that its build runs, the external base image's use first."""

    path: str
    stage: Stage
    root: Reference | None  #: None: ``scratch``, or a local base that was not found
    root_path: str
    missing: Reference | None  #: the local base that was not found
    #: The variables of each RUN are filled in where ARG and ENV give them a value.
    steps: tuple[tuple[str, Instruction], ...]
    last: bool  #: the last stage of its Dockerfile
    named: Named  #: the stages of its Dockerfile

    def find_image(self, name: str) -> Image | None:
        """Return the external image below an earlier stage, by its name or its number."""
        return self.named.find(name, self.stage.number)


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


class _Layout(NamedTuple):
    """The Dockerfiles of a project, and how local images lead from one to another."""

    locals: Locals
    built_by: Mapping[str, str]
    by_path: Mapping[str, Dockerfile]
    steps: Mapping[tuple[str, int], list[Instruction]]
    around: Mapping[str, Around]

    def find_base(self, path: str, image: Image) -> Dockerfile | None:
        """Return the Dockerfile that builds a local image, seen from another one."""
        built = self.by_path.get(self.built_by.get(image.name, ""))
        if built is not None:
            return built
        folder = PurePath(path).parent
        siblings = [
            other
            for other in self.by_path
            if other != path
            and PurePath(other).parent == folder
            and "base" in PurePath(other).name.lower()
        ]
        return self.by_path[siblings[0]] if len(siblings) == 1 else None


def trace_builds(
    dockerfiles: Sequence[Dockerfile], locals_: Locals, built_by: Mapping[str, str]
) -> tuple[Lineage, ...]:
    """Return every stage of every Dockerfile with the chain of builds below it.

    :param built_by: canonical name of a local image (no tag) -> path of its Dockerfile.
    """
    by_path: dict[str, Dockerfile] = {}
    steps: dict[tuple[str, int], list[Instruction]] = {}
    for dockerfile in dockerfiles:
        if by_path.setdefault(dockerfile.path, dockerfile) is dockerfile:
            for step in dockerfile.instructions:
                if step.stage is not None:
                    steps.setdefault((dockerfile.path, step.stage), []).append(step)
    around = _look_around(by_path, dockerfiles)
    layout = _Layout(locals_, built_by, by_path, steps, around)
    return tuple(
        _trace(dockerfile, stage, named, layout)
        for dockerfile in dockerfiles
        for named in [Named(dockerfile.stages)]
        for stage in dockerfile.stages
    )


def _look_around(
    by_path: Mapping[str, Dockerfile], readings: Iterable[Dockerfile]
) -> Mapping[str, Around]:
    """Return what is before the stages of each file, and what its readings were given."""
    given: dict[str, set[str]] = {}
    for one in readings:
        given.setdefault(one.path, set()).update(one.given)
    return {
        path: Around(
            [step for step in one.instructions if step.stage is None],
            frozenset(given[path]),
        )
        for path, one in by_path.items()
    }


def _trace(
    dockerfile: Dockerfile, stage: Stage, named: Named, layout: _Layout
) -> Lineage:
    steps: list[tuple[str, Instruction]] = []
    here, at = dockerfile, stage
    root, missing = None, None
    seen: set[tuple[str, int]] = set()
    while (here.path, at.number) not in seen and len(seen) < _LONGEST_CHAIN:
        seen.add((here.path, at.number))
        own = layout.steps.get((here.path, at.number), ())
        steps[:0] = ((here.path, step) for step in own)
        if at.parent is not None:
            at = here.stages[at.parent]
            continue
        image = at.base and named_image(at.base)
        if at.base is None or image is None or not layout.locals.owns(image):
            root = at.base
            break
        below = layout.find_base(here.path, image)
        if below is None or not below.stages:
            missing = at.base
            break
        here, at = below, below.stages[-1]
    last = stage.number == len(dockerfile.stages) - 1
    filled = fill_in(tuple(steps), layout.around)
    return Lineage(
        dockerfile.path, stage, root, here.path, missing, filled, last, named
    )


def group_by_root(lineages: Iterable[Lineage]) -> dict[Reference, tuple[Lineage, ...]]:
    """Return, by the use of an external base image, every build that stands on it."""
    found: dict[Reference, list[Lineage]] = {}
    for line in lineages:
        if line.root is not None:
            found.setdefault(line.root, []).append(line)
    return {root: tuple(lines) for root, lines in found.items()}


def find_missing(lineages: Iterable[Lineage]) -> frozenset[Reference]:
    """Return the uses of local bases whose Dockerfile was not found."""
    return frozenset(line.missing for line in lineages if line.missing is not None)


def instructions(lineage: Lineage) -> tuple[Instruction, ...]:
    """Return what the build runs, in order, without the places."""
    return tuple(step for _, step in lineage.steps)
