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
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Callable, Iterable, Mapping, NamedTuple, Sequence

from ..catalog import Identity, Provides
from ..image import DOCKER_HUB, Image, InvalidReference, parse
from ..instance import Pin, Project
from ..model import Dockerfile, Instruction, Reference, Service, Stage
from ..readers.dockerfile import flag_values
from ..readers.variables import join
from ..readers.yaml import built_file
from .pythons import MANAGERS, Provided, Scene, Step

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
    base: Reference | None  #: the external image it starts from
    missing: Reference | None  #: the local base that was not found
    identity: Identity | None  #: what the catalogue knows of its base image
    scene: Scene  #: what its instructions make of that
    below: Build | None = None  #: the stage, or the local base, that it is built on
    built: bool = True  #: False: no compose file of the instance builds it
    used: bool = False  #: a Dockerfile is built on it as a local base

    @property
    def path(self) -> str:
        """Return the Dockerfile whose stage it is."""
        return self.dockerfile.path

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
    def final(self) -> bool:
        """Tell whether it is the last stage of its Dockerfile."""
        return self.stage.number == len(self.dockerfile.stages) - 1

    @property
    def counts(self) -> bool:
        """Tell whether it runs the instance, or installs something for it."""
        return self.manager is not None or (self.final and not self.used)

    @property
    def provides(self) -> Provides:
        """Return what the base image provides."""
        return self.identity.provides if self.identity else _NOTHING

    @property
    def system(self) -> str | None:
        """Return the key of the base image's operating system, None when unknown."""
        return self.provides.system

    @property
    def steps(self) -> Iterable[Step]:
        """Return its instructions with their commands, those that it is built on first."""
        steps = (step for one in self._chain for step in one.scene.steps)
        return islice(steps, _MOST_STEPS)

    @cached_property
    def manager(self) -> str | None:
        """Return what installs its Python packages: ``pipenv``, ``uv``, ``poetry``, ``pip``.

        None when no command does.
        """
        return next((name for name in MANAGERS if name in self.scene.targets), None)

    @property
    def python(self) -> Provided:
        """Return the Python that its packages are installed into."""
        return self.scene.targets.get(self.manager or "", self.scene.python3)

    @property
    def node(self) -> Provided:
        """Return the Node that it ends up with."""
        return self.scene.node

    @property
    def pin(self) -> Pin | None:
        """Return the Python that the instance's files require of this build."""
        return self.project.pins.get(self.manager or self.project.manager or "")

    @property
    def installs_instance(self) -> bool:
        """Tell whether it installs the instance's packages, and not those of a tool."""
        return self.scene.installs_instance


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
            below = None if stage.parent is None else builds[stage.parent]
            build = self._begin(dockerfile, stage, below, depth)
            for step in steps[stage.number][:_MOST_STEPS]:
                copied = self._find_copied(step, stages)
                build.scene.run(step, given, outside.arguments, copied)
            builds.append(build)
            stages[str(stage.number)] = stages[stage.name or str(stage.number)] = build
        return builds

    def _begin(
        self, dockerfile: Dockerfile, stage: Stage, below: Build | None, depth: int
    ) -> Build:
        """Return a stage in which nothing has run yet.

        :param below: the earlier stage that it is built on.
        """
        base, missing = stage.base, None
        image = base.image if base else None
        if image and self.locals.owns(image):
            below = self._find_base(dockerfile.path, image, depth)
            base, missing = None, base
        if below:
            below.used = below.used or below.dockerfile is not dockerfile
            return replace(
                below,
                dockerfile=dockerfile,
                stage=stage,
                below=below,
                scene=below.scene.above(),
                used=False,
            )
        identity = self.identify(base.image) if base and base.image else None
        provides = identity.provides if identity else _NOTHING
        scene = Scene(self.project, provides)
        return Build(self.project, dockerfile, stage, base, missing, identity, scene)

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
        for flag in flag_values(step, "from") if step.keyword == "COPY" else ():
            if flag.text.lower() in stages:
                return stages[flag.text.lower()].provides
            with suppress(InvalidReference):
                return self.identify(parse(flag.text)).provides
        return _NOTHING
