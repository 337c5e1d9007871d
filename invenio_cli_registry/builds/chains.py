# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is built on what: from an external base image, through local ones, to each stage.

An image is local when the instance builds it itself. The Dockerfile of a local base is the
one that the compose service of that image builds, or the one next to it with ``base`` in its
name. Pure.
"""

from __future__ import annotations

import os
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import Callable, Iterable, Mapping, NamedTuple, Sequence

from ..catalog import Identity, Provides
from ..image import DOCKER_HUB, Image, InvalidReference, parse
from ..instance import Project
from ..model import Dockerfile, Instruction, Reference, Service, Stage
from ..readers.dockerfile import flag_values
from ..readers.variables import join
from ..readers.yaml import built_file
from .pythons import MANAGERS, Scene, Step

#: No build has so many stages on top of each other.
_LONGEST_CHAIN = 64
#: What no image at all provides.
_NOTHING = Provides()
#: No build has so many instructions; those that follow are not read.
_MOST_STEPS = 5000


class Locals(NamedTuple):
    """How the images are recognised that an instance builds itself."""

    built: Mapping[str, str] = {}  #: name and tag -> path of the Dockerfile
    stems: frozenset[str] = frozenset()  #: what names of its own images begin with
    official: frozenset[str] = frozenset()  #: in Docker Hub's library, never local

    def owns(self, image: Image) -> bool:
        """Tell whether the instance builds this image."""
        if _name_tag(image) in self.built:
            return True
        owner, _, name = image.repository.partition("/")
        if image.registry != DOCKER_HUB or owner != "library" or name in self.official:
            return False
        return any(
            name == one or name.startswith((f"{one}-", f"{one}_")) for one in self.stems
        )


def find_locals(
    project: Project,
    services: Sequence[tuple[str, Service]],
    official: frozenset[str] = frozenset(),
) -> Locals:
    """Find out which images an instance builds itself.

    :param services: of its compose files, each with the path of its file.
    :param official: names in Docker Hub's library: such an image is never local.
    """
    by_name = {(path, service.name): service for path, service in services}
    built: dict[str, str] = {}
    for path, service in services:
        image, building = service.image and service.image.image, service
        if service.extends and not service.build:
            file, name = service.extends
            if file is not None:
                path = os.path.normpath(os.path.join(os.path.dirname(path), file))
            building = by_name.get((path, name), service)
        if image and building.build:
            built.setdefault(_name_tag(image), built_file(path, building))
    names = (project.shortname, project.name if project.marker else None)
    return Locals(built, frozenset(name.lower() for name in names if name), official)


def _name_tag(image: Image) -> str:
    return str(image._replace(digest=None))


@dataclass(eq=False)
class Build:
    """One stage of a Dockerfile as it is built, with everything that it is built on."""

    project: Project
    dockerfile: Dockerfile
    stage: Stage
    below: Build | None  #: the stage, or the local base, that it is built on
    base: Reference | None  #: the external image it starts from
    missing: Reference | None  #: the local base that was not found
    identity: Identity | None  #: what the catalogue knows of the base image
    provides: Provides  #: what that image provides
    scene: Scene  #: what the instructions make of that
    built: bool = True  #: False: no compose file of the instance builds it
    used: bool = False  #: a Dockerfile is built on it as a local base

    def __post_init__(self) -> None:
        """Look up what was made of it."""
        scene, final = self.scene, self.dockerfile.stages[-1]
        self.path = self.dockerfile.path
        self.final = self.stage.number == final.number
        #: Key of the base image's operating system.
        self.system = self.provides.system
        #: What installs its Python packages: the first one of MANAGERS.
        self.manager = next((one for one in MANAGERS if one in scene.targets), None)
        #: The Python that they are installed into, and the Node that it ends up with.
        self.python = scene.targets.get(self.manager or "", scene.python3)
        self.node = scene.node
        #: The Python that the instance's files require of it.
        self.pin = self.project.pins.get(self.manager or self.project.manager or "")
        #: The instance's packages, and not those of a tool.
        self.installs_instance = scene.installs_instance

    @property
    def counts(self) -> bool:
        """Tell whether it runs the instance, or installs something for it."""
        return self.manager is not None or (self.final and not self.used)

    @property
    def _chain(self) -> list[Build]:
        """Return what it is built on, the lowest first, and itself."""
        chain = [self]
        while chain[-1].below and len(chain) < _LONGEST_CHAIN:
            chain.append(chain[-1].below)
        return chain[::-1]

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the Dockerfiles that it is made of, its own last."""
        return tuple(dict.fromkeys(one.path for one in self._chain))

    @property
    def steps(self) -> Iterable[Step]:
        """Return its instructions with their commands, those that it is built on first."""
        steps = (step for one in self._chain for step in one.scene.steps)
        return islice(steps, _MOST_STEPS)


def trace_builds(
    dockerfiles: Sequence[Dockerfile],
    services: Sequence[tuple[str, Service]],
    project: Project,
    locals_: Locals,
    identify: Callable[[Image], Identity],
) -> tuple[Build, ...]:
    """Return every stage of every Dockerfile with what it is built on.

    :param dockerfiles: as read, once for each set of build arguments; inline ones too.
    :param services: of the compose files, each with the path of its file.
    :param identify: what the catalogue knows of an image.
    """
    tracer = _Tracer(dockerfiles, project, locals_, identify)
    builds = [build for one in dockerfiles for build in tracer.trace(one)]
    named = {
        path if service.build.inline else built_file(path, service)
        for path, service in services
        if service.build
    }
    built = {path for one in builds if one.path in named for path in one.paths}
    # A name with a variable may be that of any Dockerfile.
    every = not named or "" in named
    for build in builds:
        build.built = every or build.path in built
    return tuple(builds)


class _Tracer:
    """Traces each Dockerfile once, those that it is built on before it."""

    def __init__(
        self,
        dockerfiles: Sequence[Dockerfile],
        project: Project,
        locals_: Locals,
        identify: Callable[[Image], Identity],
    ) -> None:
        self.project, self.locals, self.identify = project, locals_, identify
        self.done: dict[int, list[Build]] = {}
        self.by_path = {one.path: one for one in reversed(dockerfiles)}
        #: Dockerfiles with ``base`` in their names, by folder.
        self.bases: dict[str, list[str]] = defaultdict(list)
        for path in self.by_path:
            folder, name = os.path.split(path)
            if "base" in name.lower():
                self.bases[folder].append(path)

    def trace(self, dockerfile: Dockerfile, depth: int = 0) -> list[Build]:
        """Return the stages of one Dockerfile, of one that is being traced those so far."""
        if id(dockerfile) in self.done:
            return self.done[id(dockerfile)]
        builds = self.done[id(dockerfile)] = []
        steps: dict[int | None, list[Instruction]] = defaultdict(list)
        for step in dockerfile.instructions:
            steps[step.stage].append(step)
        given = {name: join(one) for name, one in dockerfile.arguments.items()}
        outside = Scene(self.project, _NOTHING)
        for step in steps[None]:
            outside.run(step, given, {}, _NOTHING)
        stages: dict[str, Build] = {}
        for stage in dockerfile.stages:
            below, base, missing = self._find_below(dockerfile, stage, depth)
            image = base.image if base else None
            identity = self.identify(image) if image else None
            provides = identity.provides if identity else _NOTHING
            scene = below.scene.above() if below else Scene(self.project, provides)
            for step in steps[stage.number][:_MOST_STEPS]:
                copied = self._find_copied(step, stages)
                scene.run(step, given, outside.arguments, copied)
            build = Build(
                *(self.project, dockerfile, stage, below, base, missing),
                *(identity, provides, scene),
            )
            builds.append(build)
            stages[str(stage.number)] = stages[stage.name or str(stage.number)] = build
        return builds

    def _find_below(
        self, dockerfile: Dockerfile, stage: Stage, depth: int
    ) -> tuple[Build | None, Reference | None, Reference | None]:
        """Return the build, or the external image, or the missing base it is built on."""
        image = stage.base.image if stage.base else None
        if stage.parent is not None:
            below: Build | None = self.done[id(dockerfile)][stage.parent]
        elif image and self.locals.owns(image):
            below = self._find_base(dockerfile.path, image, depth)
        else:
            return None, stage.base, None
        if below is None:
            return None, None, stage.base
        below.used = below.used or stage.parent is None
        return below, below.base, below.missing

    def _find_base(self, path: str, image: Image, depth: int) -> Build | None:
        """Return the last stage of a local base, None where it was not found."""
        built = self.by_path.get(self.locals.built.get(_name_tag(image), ""))
        others = [one for one in self.bases[os.path.dirname(path)] if one != path]
        base = built or (self.by_path[others[0]] if len(others) == 1 else None)
        if base is None or depth == _LONGEST_CHAIN:
            return None
        builds = self.trace(base, depth + 1)
        # One that is built on itself is not done yet.
        return builds[-1] if builds and len(builds) == len(base.stages) else None

    def _find_copied(self, step: Instruction, stages: Mapping[str, Build]) -> Provides:
        """Return what the stage, or the image, provides that a COPY takes files from."""
        for name in flag_values(step.text, "from") if step.keyword == "COPY" else ():
            if name.lower() in stages:
                return stages[name.lower()].provides
            with suppress(InvalidReference):
                return self.identify(parse(name)).provides
        return _NOTHING
