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
from typing import Callable, Iterable, Mapping, NamedTuple, Sequence

from ..catalog import Identity, Provides
from ..image import DOCKER_HUB, Image, InvalidReference, parse
from ..instance import Pin, Project
from ..model import Dockerfile, Instruction, Reference, Service, Stage
from ..readers.yaml import built_file
from .commands import Command, split_commands
from .pythons import MANAGERS, Provided, Scene, installs_instance, read_settings

#: No build has so many stages on top of each other, and no services extend so often.
_LONGEST_CHAIN = 64
#: No build has so many commands; those that follow are not read.
_MOST_COMMANDS = 5000
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
        if name_tag(image) in self.built:
            return True
        owner, _, name = image.repository.partition("/")
        if image.registry != DOCKER_HUB or owner != "library" or name in self.official:
            return False
        return any(
            re.match(rf"{re.escape(stem)}(?:[-_]|$)", name) for stem in self.stems
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
        target = _follow_build(path, service, by_name)
        if image and target is not None:
            built.setdefault(name_tag(image), target)
    names = (project.shortname, project.name if project.marker else None)
    stems = frozenset(name.lower() for name in names if name)
    return Locals(built, stems, official)


def name_tag(image: Image) -> str:
    """Return an image's name and tag, without its digest."""
    return str(image._replace(digest=None))


def _follow_build(
    path: str, service: Service, by_name: Mapping[tuple[str, str], Service]
) -> str | None:
    """Return the Dockerfile of a service's own ``build:``, or of the one it extends."""
    for _ in range(_LONGEST_CHAIN):
        if service.build or not service.extends:
            break
        file, name = service.extends
        if file is not None:
            path = os.path.normpath(os.path.join(os.path.dirname(path), file))
        if (path, name) not in by_name:
            return None
        service = by_name[path, name]
    return built_file(path, service) if service.build else None


class Build:
    """One stage of a Dockerfile as it is built, with everything that it is built on."""

    def __init__(
        self,
        dockerfile: Dockerfile,
        stage: Stage,
        below: Build | None,
        project: Project,
    ) -> None:
        """Put a stage on top of another build; what is left is set by ``trace_builds``."""
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
    def _values(self) -> dict[str, str]:
        """Return what ENV says at its end."""
        return self._own[1]

    @cached_property
    def _own(self) -> tuple[tuple[Command, ...], dict[str, str]]:
        """Return the commands of this stage alone, and what ENV says at its end."""
        environment = dict(self.below._values) if self.below else {}
        outside = _read_outside(self.dockerfile)
        arguments: dict[str, str] = {}
        found: list[Command] = []
        for step in self.steps:
            if len(found) >= _MOST_COMMANDS:
                break
            commands = split_commands(step, {**arguments, **environment})
            found += commands
            words = commands[0].words if commands else ()
            if step.keyword == "ENV":
                environment.update(read_settings(words))
            elif step.keyword == "ARG":
                for word in words:
                    name, equals, value = word.partition("=")
                    known = outside.get(name, value if equals else None)
                    if known is not None:
                        arguments[name] = known
        return tuple(found), environment

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """Return all commands that it runs, those of the local bases first."""
        below = self.below.commands if self.below else ()
        return (*below, *self._own[0])[:_MOST_COMMANDS]

    @cached_property
    def _copies(self) -> Mapping[tuple[str, int], Provides]:
        below = self.below._copies if self.below else {}
        own = {(self.path, start): found for start, found in self.copied.items()}
        return {**below, **own}

    @cached_property
    def _scene(self) -> Scene:
        provides = self.identity.provides if self.identity else Provides()
        scene = Scene(provides, self.project)
        for command in self.commands:
            place = (command.span.path, command.span.start)
            copies = command.keyword == "COPY"
            scene.run(command, self._copies.get(place) if copies else None)
        return scene

    @property
    def manager(self) -> str | None:
        """Return what installs its Python packages: ``pipenv``, ``uv``, ``poetry``, ``pip``.

        None when no command does.
        """
        return next((name for name in MANAGERS if name in self._scene.targets), None)

    @property
    def python(self) -> Provided:
        """Return the Python that its packages are installed into."""
        scene, manager = self._scene, self.manager
        return scene.targets[manager] if manager else scene.python3

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
        return self.identity.provides.system if self.identity else None

    @property
    def pin(self) -> Pin | None:
        """Return the Python that the instance's files require of this build."""
        return self.project.pins.get(self.manager or self.project.manager or "")

    @cached_property
    def installs_instance(self) -> bool:
        """Tell whether it installs the instance's packages, and not those of a tool."""
        return any(installs_instance(one, self.project) for one in self.commands)


def _read_outside(dockerfile: Dockerfile) -> dict[str, str]:
    """Return the arguments that a Dockerfile is given, and those before its first FROM."""
    found: dict[str, str] = {}
    for step in dockerfile.instructions:
        if step.stage is not None:
            break
        if step.keyword == "ARG":
            for command in split_commands(step, found):
                found.update(read_settings(command.words))
    for name, pieces in dockerfile.arguments.items():
        texts = [piece.text for piece in pieces]
        if None not in texts:
            found[name] = "".join(text or "" for text in texts)
    return found


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
    if named:
        built = {path for one in builds if one.path in named for path in one.paths}
        for build in builds:
            build.built = build.path in built | named
    return tuple(builds)


class _Tracer:
    """Builds the stages of each Dockerfile once, those that it is built on before it."""

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
        self.done: dict[int, tuple[Build, ...]] = {}
        self.depth = 0

    def trace(self, dockerfile: Dockerfile) -> tuple[Build, ...]:
        """Return the stages of one Dockerfile; () while it is being traced."""
        if id(dockerfile) in self.done or self.depth > _LONGEST_CHAIN:
            return self.done.get(id(dockerfile), ())
        self.done[id(dockerfile)] = ()
        self.depth += 1
        steps: dict[int | None, list[Instruction]] = {}
        for step in dockerfile.instructions:
            steps.setdefault(step.stage, []).append(step)
        builds: list[Build] = []
        names: dict[str, Build] = {}
        for stage in dockerfile.stages:
            below = None if stage.parent is None else builds[stage.parent]
            build = self._build(dockerfile, stage, below)
            build.steps = tuple(steps.get(stage.number, ()))
            build.copied = {
                step.span.start: provides
                for step in build.steps
                for provides in self._find_copied(step, names)
            }
            builds.append(build)
            names[str(stage.number)] = names[stage.name or str(stage.number)] = build
        self.depth -= 1
        self.done[id(dockerfile)] = tuple(builds)
        return self.done[id(dockerfile)]

    def _build(
        self, dockerfile: Dockerfile, stage: Stage, below: Build | None
    ) -> Build:
        """Return one stage on top of what it names: a stage, a local base, an image."""
        image = stage.base.image if stage.base else None
        missing = None
        if stage.base and image and self.locals.owns(image):
            base = self._find_base(dockerfile.path, image)
            below = (self.trace(base)[-1:] or (None,))[0] if base else None
            missing = None if below else stage.base
            if below:
                below.used = True
        build = Build(dockerfile, stage, below, self.project)
        if missing:
            build.base, build.missing = None, missing
        elif image and not below:
            build.identity = self.identify(image)
        return build

    def _find_base(self, path: str, image: Image) -> Dockerfile | None:
        """Return the Dockerfile that builds a local image, as seen from another one."""
        built = self.by_path.get(self.locals.built.get(name_tag(image), ""))
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

    def _find_copied(
        self, step: Instruction, names: Mapping[str, Build]
    ) -> Iterable[Provides]:
        """Yield what the stage, or the image, provides that a COPY takes files from."""
        found = _FROM.search(step.text) if step.keyword == "COPY" else None
        if found is None:
            return
        stage = names.get(found[1].lower())
        try:
            identity = stage.identity if stage else self.identify(parse(found[1]))
        except InvalidReference:
            identity = None
        if identity:
            yield identity.provides
