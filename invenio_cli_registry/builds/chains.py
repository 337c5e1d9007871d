# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is built on what: from an external base image, through local ones, to each stage.

An image is local when the instance builds it itself. The Dockerfile of a local base is the
one that the compose service of that image builds, or the one next to it with ``base`` in its
name. Pure.
"""

from __future__ import annotations

import os
from collections import ChainMap, defaultdict
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Callable, Mapping, NamedTuple, Sequence

from ..catalog import Identity, Provides
from ..image import DOCKER_HUB, Image, InvalidReference, parse
from ..instance import Pin, Project
from ..model import Dockerfile, Instruction, Reference, Service, Stage
from ..readers.variables import join
from ..readers.yaml import built_file
from .commands import Command, Values, split_commands
from .pythons import MANAGERS, Provided, Scene, read_settings

#: No build has so many stages on top of each other.
_LONGEST_CHAIN = 64
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
    identify: Callable[[Image], Identity]
    dockerfile: Dockerfile
    stage: Stage
    steps: Sequence[Instruction]  #: of this stage alone
    stages: Mapping[str, Build]  #: of its Dockerfile, by name and number
    outside: Values  #: arguments before the first FROM
    given: Values  #: arguments that the Dockerfile is given
    below: Build | None = None  #: the stage, or the local base, that it is built on
    base: Reference | None = None  #: the external image it starts from
    missing: Reference | None = None  #: the local base that was not found
    built: bool = True  #: False: no compose file of the instance builds it
    used: bool = False  #: a Dockerfile is built on it as a local base
    depth: int = 0  #: how many builds are below it

    @property
    def path(self) -> str:
        """Return the Dockerfile whose stage it is."""
        return self.dockerfile.path

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Return the Dockerfiles that it is made of, its own last."""
        below = self.below.paths if self.below else ()
        return below if self.path in below else (*below, self.path)

    @property
    def final(self) -> bool:
        """Tell whether it is the last stage of its Dockerfile."""
        return self.stage.number == len(self.dockerfile.stages) - 1

    @property
    def counts(self) -> bool:
        """Tell whether it runs the instance, or installs something for it."""
        return self.manager is not None or (self.final and not self.used)

    @cached_property
    def identity(self) -> Identity | None:
        """Return what the catalogue knows of its base image, None without a name."""
        image = self.base.image if self.base else None
        return self.identify(image) if image else None

    @property
    def provides(self) -> Provides:
        """Return what the base image provides."""
        return self.identity.provides if self.identity else Provides()

    @property
    def system(self) -> str | None:
        """Return the key of the base image's operating system, None when unknown."""
        return self.provides.system

    @cached_property
    def _scene(self) -> Scene:
        """Return what its instructions make of the image."""
        below = self.below and self.below._scene
        scene = below.above() if below else Scene.open(self.project, self.provides)
        for step in self.steps[: _MOST_STEPS - len(scene.ran)]:
            commands = split_commands(step, scene.values)
            words = commands[0].words if commands else ()
            if step.keyword == "ENV":
                scene.environment.update(read_settings(words))
            elif step.keyword == "ARG":
                known = ChainMap(self.given, read_settings(words), self.outside)
                names = {word.partition("=")[0] for word in words}
                scene.arguments.update({name: known[name] for name in names & {*known}})
            scene.run(step, commands, self._find_copied(commands))
        return scene

    def _find_copied(self, commands: Sequence[Command]) -> Provides:
        """Return what the stage, or the image, provides that a COPY takes files from."""
        name = commands[0].option("--from") if commands else ""
        if not name or commands[0].keyword != "COPY":
            return Provides()
        if name.lower() in self.stages:
            return self.stages[name.lower()].provides
        try:
            return self.identify(parse(name)).provides
        except InvalidReference:
            return Provides()

    @property
    def ran(self) -> Sequence[tuple[Instruction, tuple[Command, ...]]]:
        """Return its instructions with their commands, those that it is built on first."""
        return self._scene.ran

    @cached_property
    def manager(self) -> str | None:
        """Return what installs its Python packages: ``pipenv``, ``uv``, ``poetry``, ``pip``.

        None when no command does.
        """
        return next((name for name in MANAGERS if name in self._scene.targets), None)

    @cached_property
    def python(self) -> Provided:
        """Return the Python that its packages are installed into."""
        manager = self.manager
        return self._scene.targets[manager] if manager else self._scene.python3

    @property
    def node(self) -> Provided:
        """Return the Node that it ends up with."""
        return self._scene.node

    @property
    def pin(self) -> Pin | None:
        """Return the Python that the instance's files require of this build."""
        return self.project.pins.get(self.manager or self.project.manager or "")

    @property
    def installs_instance(self) -> bool:
        """Tell whether it installs the instance's packages, and not those of a tool."""
        return self._scene.installs_instance


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
    tracer = _Tracer(dockerfiles, locals_, partial(Build, project, identify))
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
        locals_: Locals,
        build: Callable[..., Build],
    ) -> None:
        self.locals, self.build = locals_, build
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
        given = {name: join(one) for name, one in dockerfile.arguments.items()}
        outside: dict[str, str | None] = {}
        steps: dict[int | None, list[Instruction]] = defaultdict(list)
        for step in dockerfile.instructions:
            steps[step.stage].append(step)
            if step.stage is None and step.keyword == "ARG":
                for command in split_commands(step, outside):
                    outside.update(read_settings(command.words))
        outside.update(given)
        stages: dict[str, Build] = {}
        for stage in dockerfile.stages:
            own = steps[stage.number]
            build = self.build(dockerfile, stage, own, stages, outside, given)
            below = None if stage.parent is None else builds[stage.parent]
            self._put_on(build, below, depth)
            builds.append(build)
            stages[str(stage.number)] = stages[stage.name or str(stage.number)] = build
        return builds

    def _put_on(self, build: Build, below: Build | None, depth: int) -> None:
        reference = build.stage.base
        image = reference.image if reference else None
        if image and self.locals.owns(image):
            base = self._find_base(build.path, image)
            traced = (
                self.trace(base, depth + 1) if base and depth < _LONGEST_CHAIN else []
            )
            if base is None or not traced or len(traced) < len(base.stages):
                build.missing = reference
                return
            below = traced[-1]
            below.used = True
        build.base = below.base if below else reference
        build.missing = below.missing if below else None
        build.depth = below.depth + 1 if below else 0
        build.below = below if build.depth < _LONGEST_CHAIN else None

    def _find_base(self, path: str, image: Image) -> Dockerfile | None:
        built = self.by_path.get(self.locals.built.get(_name_tag(image), ""))
        others = [one for one in self.bases[os.path.dirname(path)] if one != path]
        return built or (self.by_path[others[0]] if len(others) == 1 else None)
