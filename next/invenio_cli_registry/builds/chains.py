# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is built on what: from an external base image, through local ones, to each stage.

An image is local when the instance builds it itself. The Dockerfile of a local base is the
one that the compose service of that image builds, or the one next to it with ``base`` in its
name. Pure.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from pathlib import PurePath
from typing import Callable, Mapping, NamedTuple, Sequence

from ..catalog import Identity, Provides
from ..image import DOCKER_HUB, Image, InvalidReference, parse
from ..instance import Pin, Project
from ..model import Dockerfile, Instruction, Reference, Service, Stage
from ..readers.yaml import built_file
from .commands import MOST_COMMANDS, Command, split_commands
from .pythons import MANAGERS, Provided, Scene, installs_instance, read_settings

#: No build has so many stages on top of each other, and no services extend so often.
_LONGEST_CHAIN = 64
_FROM = re.compile(r"--from=(\S+)")


class Locals(NamedTuple):
    """How the images are recognised that an instance builds itself."""

    built: Mapping[str, str] = {}  #: name and tag -> path of the Dockerfile
    stems: frozenset[str] = frozenset()  #: what names of its own images begin with
    official: frozenset[str] = (
        frozenset()
    )  #: names in Docker Hub's library, never local

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
        image = service.image.image if service.image else None
        for _ in range(_LONGEST_CHAIN):
            if service.build or not service.extends:
                break
            file, name = service.extends
            folder = os.path.dirname(path)
            path = (
                path if file is None else os.path.normpath(os.path.join(folder, file))
            )
            service = by_name.get((path, name)) or Service("", None, None)
        if image and service.build:
            built.setdefault(_name_tag(image), built_file(path, service))
    names = (project.shortname, project.name if project.marker else None)
    return Locals(built, frozenset(name.lower() for name in names if name), official)


def _name_tag(image: Image) -> str:
    return str(image._replace(digest=None))


class Build:
    """One stage of a Dockerfile as it is built, with everything that it is built on."""

    def __init__(
        self,
        dockerfile: Dockerfile,
        stage: Stage,
        below: Build | None,
        project: Project,
    ) -> None:
        """Put a stage on top of another build; ``trace_builds`` sets what is left."""
        self.dockerfile = dockerfile
        self.stage = stage
        self.depth: int = below.depth + 1 if below else 0
        #: The stage, or the local base, that it is built on.
        self.below = below if self.depth < _LONGEST_CHAIN else None
        self.project = project
        self.steps: tuple[Instruction, ...] = ()  #: of this stage alone
        self.base: Reference | None = below.base if below else stage.base
        self.missing: Reference | None = below.missing if below else None
        self.identity: Identity | None = below.identity if below else None
        self.copied: dict[int, Provides] = {}  #: by where a ``COPY --from`` begins
        self.built = True  #: False: no compose file of the instance builds it
        self.used = False  #: a Dockerfile is built on it as a local base

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

    # What its commands make of the base image.

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """Return all commands that it runs, those of the local bases first."""
        below = self.below.commands if self.below else ()
        return (*below, *self._own[0])[:MOST_COMMANDS]

    @cached_property
    def _own(self) -> tuple[list[Command], dict[str, str]]:
        """Return the commands of this stage alone, and what ENV says at its end."""
        environment = dict(self.below._own[1]) if self.below else {}
        values: dict[str, str | None] = {**environment}
        outside, given = _read_outside(self.dockerfile)
        found: list[Command] = []
        for step in self.steps:
            commands = split_commands(step, values)
            words = commands[0].words if commands else ()
            if step.keyword == "ENV":
                environment.update(read_settings(words))
                values.update(read_settings(words))
            elif step.keyword == "ARG":
                defaults = {**outside, **read_settings(words), **given}
                for name in (word.partition("=")[0] for word in words):
                    if name in defaults and name not in environment:
                        values[name] = defaults[name]
            found += commands if step.keyword != "FROM" else ()
            if len(found) > MOST_COMMANDS:
                break
        return found, environment

    @cached_property
    def _scene(self) -> Scene:
        scene = Scene(self.provides, self.project)
        for command in self.commands:
            copied = self._copies.get((command.span.path, command.span.start))
            scene.run(command, copied if command.keyword == "COPY" else None)
        return scene

    @cached_property
    def _copies(self) -> Mapping[tuple[str, int], Provides]:
        below = self.below._copies if self.below else {}
        return {**below, **{(self.path, at): one for at, one in self.copied.items()}}

    @property
    def provides(self) -> Provides:
        """Return what the base image provides."""
        return self.identity.provides if self.identity else Provides()

    @property
    def manager(self) -> str | None:
        """Return what installs its Python packages: ``pipenv``, ``uv``, ``poetry``, ``pip``.

        None when no command does.
        """
        return next((name for name in MANAGERS if name in self._scene.targets), None)

    @property
    def python(self) -> Provided:
        """Return the Python that its packages are installed into."""
        manager = self.manager
        return self._scene.targets[manager] if manager else self._scene.python3

    @property
    def python_installed(self) -> bool:
        """Tell whether its Python is not the base image's."""
        return self.python.installed

    @property
    def node(self) -> Provided:
        """Return the Node that it ends up with."""
        return self._scene.node

    @property
    def system(self) -> str | None:
        """Return the key of the base image's operating system, None when unknown."""
        return self.provides.system

    @property
    def pin(self) -> Pin | None:
        """Return the Python that the instance's files require of this build."""
        return self.project.pins.get(self.manager or self.project.manager or "")

    @cached_property
    def installs_instance(self) -> bool:
        """Tell whether it installs the instance's packages, and not those of a tool."""
        return any(installs_instance(one, self.project) for one in self.commands)


def _read_outside(dockerfile: Dockerfile) -> tuple[dict[str, str | None], ...]:
    """Return the arguments before the first FROM, and those that a Dockerfile is given."""
    outside: dict[str, str | None] = {}
    for step in dockerfile.instructions:
        if step.stage is not None:
            break
        if step.keyword == "ARG":
            for command in split_commands(step, outside):
                outside.update(read_settings(command.words))
    given: dict[str, str | None] = {
        name: "".join(piece.text or "" for piece in pieces)
        for name, pieces in dockerfile.arguments.items()
        if all(piece.text is not None for piece in pieces)
    }
    return {**outside, **given}, given


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
    for build in builds:
        build.built = build.path in built or not named
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
        self.project = project
        self.locals = locals_
        self.identify = identify
        self.by_path: dict[str, Dockerfile] = {}
        for dockerfile in dockerfiles:
            self.by_path.setdefault(dockerfile.path, dockerfile)
        self.done: dict[int, list[Build]] = {}

    def trace(self, dockerfile: Dockerfile, depth: int = 0) -> list[Build]:
        """Return the stages of one Dockerfile, of one that is being traced those so far."""
        if id(dockerfile) in self.done:
            return self.done[id(dockerfile)]
        builds = self.done[id(dockerfile)] = []
        steps: dict[int | None, list[Instruction]] = {}
        for step in dockerfile.instructions:
            steps.setdefault(step.stage, []).append(step)
        names: dict[str, Build] = {}
        for stage in dockerfile.stages:
            below = None if stage.parent is None else builds[stage.parent]
            build = self._build(dockerfile, stage, below, depth)
            build.steps = tuple(steps.get(stage.number, ()))
            for step in build.steps:
                self._note_copy(build, step, names)
            builds.append(build)
            names[str(stage.number)] = names[stage.name or str(stage.number)] = build
        return builds

    def _build(
        self, dockerfile: Dockerfile, stage: Stage, below: Build | None, depth: int
    ) -> Build:
        """Return a stage on top of what it names: a stage, a local base, an image."""
        image = stage.base.image if stage.base else None
        local = image is not None and self.locals.owns(image)
        if image and local:
            base = self._find_base(dockerfile.path, image)
            follows = base is not None and depth < _LONGEST_CHAIN
            traced = self.trace(base, depth + 1) if base and follows else []
            whole = base is not None and len(traced) == len(base.stages)
            below = traced[-1] if traced and whole else None
            if below:
                below.used = True
        build = Build(dockerfile, stage, below, self.project)
        if local and not below:
            build.base, build.missing = None, stage.base
        elif image and not below:
            build.identity = self.identify(image)
        return build

    def _find_base(self, path: str, image: Image) -> Dockerfile | None:
        """Return the Dockerfile that builds a local image, as seen from another one."""
        built = self.by_path.get(self.locals.built.get(_name_tag(image), ""))
        folder = PurePath(path).parent
        siblings = [
            other
            for other in self.by_path
            if other != path
            and PurePath(other).parent == folder
            and "base" in PurePath(other).name.lower()
        ]
        return built or (self.by_path[siblings[0]] if len(siblings) == 1 else None)

    def _note_copy(
        self, build: Build, step: Instruction, names: Mapping[str, Build]
    ) -> None:
        """Note what the stage, or the image, provides that a COPY takes files from."""
        found = _FROM.search(step.text) if step.keyword == "COPY" else None
        stage = names.get(found[1].lower()) if found else None
        try:
            if stage:
                build.copied[step.span.start] = stage.provides
            elif found:
                build.copied[step.span.start] = self.identify(parse(found[1])).provides
        except InvalidReference:
            pass
