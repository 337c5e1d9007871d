# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The files of one instance, read: its references, its builds, what could not be read."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from .builds import Build, Locals, find_locals, trace_builds
from .catalog import ORGANISATION, Catalog, Identity
from .files import Found, drop_excluded, is_below, is_compose, kind_of, read_source
from .image import Image
from .instance import Project
from .model import (
    Dockerfile,
    Problem,
    Reference,
    Service,
    Source,
    Span,
    YamlFile,
)
from .readers.dockerfile import may_hold, read_dockerfile
from .readers.yaml import built_file, read_yaml

_ENVIRONMENT = re.compile(r"^[ \t]*(?:export[ \t]+)?(\w+)=([^\n]*)$", re.MULTILINE)


@dataclass(eq=False)
class Files:
    """The sources of one instance that are parsed, by path."""

    names: Sequence[bytes]  #: a file that holds one is judged
    every: bool = False  #: the images of all others are listed as well
    dockerfiles: dict[str, Source] = field(default_factory=dict)
    yaml_files: dict[str, Source] = field(default_factory=dict)
    problems: dict[Problem, None] = field(default_factory=dict)
    judged: set[str] = field(default_factory=set)
    context: Collection[str] = ()  #: read for what it says, not reported
    environments: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def read(self, file: Found, *, needed: bool) -> None:
        """Read a file once; it is judged when it is needed, named, or holds a name."""

        def is_wanted(data: bytes) -> bool:
            if file.path not in self.judged and may_hold(data, self.names):
                self.judged.add(file.path)
            return self.every or file.path in self.judged

        sources = self.dockerfiles if file.kind == "dockerfile" else self.yaml_files
        if needed or file.named:
            self.judged.add(file.path)
        if file.path not in sources:
            source = read_source(file, is_wanted)
            if isinstance(source, Problem):
                self.problems[source] = None
            elif source:
                sources[file.path] = source


@dataclass(eq=False)
class Instance:
    """One instance: what its files say, which images they name, and its builds."""

    project: Project
    files: Files
    references: tuple[Reference, ...]  #: by file, in the order of use
    builds: tuple[Build, ...]  #: one for each stage, local bases included
    dockerfiles: tuple[Dockerfile, ...]
    locals: Locals
    problems: tuple[Problem, ...]
    _owned: dict[Image | None, bool] = field(default_factory=dict, init=False)

    @property
    def path(self) -> str:
        """Return the folder as reached from the current directory."""
        return self.project.path

    @property
    def sources(self) -> Mapping[str, Source]:
        """Return every source that a reference is in, by path."""
        return {**self.files.dockerfiles, **self.files.yaml_files}

    def is_local(self, reference: Reference) -> bool:
        """Tell whether the instance builds the image of a reference itself."""
        image = reference.image
        if image not in self._owned:
            self._owned[image] = bool(image and self.locals.owns(image))
        return self._owned[image]

    @property
    def local_bases(self) -> tuple[Reference, ...]:
        """Return the base images that the instance builds itself."""
        bases = (one for one in self.references if one.kind == "from")
        return tuple(filter(self.is_local, bases))

    def builds_on(self, reference: Reference) -> tuple[Build, ...]:
        """Return the builds whose external base image a reference names."""
        return tuple(self._by_base.get(reference.span.key, ()))

    @cached_property
    def _by_base(self) -> Mapping[tuple[str, int, int], list[Build]]:
        found = defaultdict(list)
        for build in self.builds:
            if build.base:
                found[build.base.span.key].append(build)
        return found

    def is_built(self, path: str) -> bool:
        """Tell whether a file takes part in what the compose files build.

        Other files than Dockerfiles always do.
        """
        return path not in self._idle

    @cached_property
    def _idle(self) -> set[str]:
        built = {path for one in self.builds if one.built for path in one.paths}
        return {path for one in self.builds for path in one.paths} - built


def read_files(
    project: Project,
    found: Iterable[Found],
    needles: Sequence[str] = (),
    *,
    every: bool = False,
    exclude: Sequence[str] = (),
) -> Files:
    """Read what is worth parsing of an instance's files, and the context of named ones.

    Of an instance these are all Dockerfiles and compose files; else what holds a name that
    is looked for, and what is next to that and may be built on it.

    :param needles: names of caches and copies, as interesting as the organisation's.
    :param every: list the images of all other files as well. What is listed is not judged:
        there is no finding that only shows with more of the list.
    :param exclude: shell patterns of what is left out.
    """
    files = [one for one in drop_excluded(found, exclude) if one.kind != "folder"]
    named = bool(files) and all(one.named for one in files)
    context = _find_context(project, files) if named and project.marker else []
    context = drop_excluded(context, exclude)
    wanted = [name.encode() for name in (ORGANISATION, *needles)]
    read = Files(wanted, every, context=[file.path for file in context])
    for file in (*files, *context):
        read.read(file, needed=project.marker and is_build(file))
    if not named:
        folders = {os.path.dirname(path) for path in read.judged}
        for file in filter(is_build, files):
            if os.path.dirname(file.path) in folders:
                read.read(file, needed=True)
        for file in drop_excluded(_find_built(project, read), exclude):
            read.read(file, needed=True)
    read.dockerfiles = dict(sorted(read.dockerfiles.items()))
    read.yaml_files = dict(sorted(read.yaml_files.items()))
    read.environments = _read_environments(read.yaml_files.values())
    return read


def is_build(file: Found) -> bool:
    """Tell whether a file is a Dockerfile or a compose file."""
    return file.kind == "dockerfile" or is_compose(file.path)


def _find_context(project: Project, files: Sequence[Found]) -> list[Found]:
    """Return the compose files and base Dockerfiles next to files that were named."""
    asked, context = {file.path for file in files}, []
    for name in sorted(os.listdir(project.path)):
        path = os.path.normpath(os.path.join(project.path, name))
        is_base = "dockerfile" in name.lower() and "base" in name.lower()
        kind = "yaml" if is_compose(name) else "dockerfile" if is_base else ""
        if kind and path not in asked and os.path.isfile(path):
            context.append(Found(path, kind, False, project.path))
    return context


def _find_built(project: Project, read: Files) -> Iterator[Found]:
    """Yield the Dockerfiles of compose files whose names do not say that they are one."""
    for source in list(read.yaml_files.values()):
        names = is_compose(source.path) and "dockerfile" in source.text
        judged = names and source.path in read.judged
        for service in read_yaml(source).services if judged else ():
            path = built_file(source.path, service)
            usual = kind_of(os.path.basename(path)) == "dockerfile"
            if path and not usual and is_below(path, project.path):
                yield Found(path, "dockerfile", False, project.path)


def _read_environments(sources: Iterable[Source]) -> Mapping[str, Mapping[str, str]]:
    """Return the ``.env`` next to each compose file that uses variables, by folder."""
    using = (one.path for one in sources if is_compose(one.path) and "$" in one.text)
    found: dict[str, Mapping[str, str]] = {}
    for folder in set(map(os.path.dirname, using)):
        path = os.path.join(folder, ".env")
        read = read_source(Found(path, "yaml", False, folder))
        pairs = _ENVIRONMENT.findall(read.text) if isinstance(read, Source) else ()
        found[folder] = {name: value.strip().strip("'\"") for name, value in pairs}
    return found


def survey(
    project: Project,
    files: Files,
    catalog: Catalog,
    identify: Callable[[Image], Identity],
) -> Instance:
    """Parse the files of one instance, and find out what builds on what. Pure.

    :param identify: what the catalogue knows of an image, behind caches and copies.
    """
    yamls = []
    for source in files.yaml_files.values():
        env = files.environments.get(os.path.dirname(source.path), {})
        yamls.append(read_yaml(source, catalog.repositories, env))
    services = [(one.source.path, service) for one in yamls for service in one.services]
    dockerfiles = [*_read_dockerfiles(files.dockerfiles, services)]
    locals_ = find_locals(project, services, catalog.official)
    references = [
        *_missing_froms(project, dockerfiles, services),
        *(reference for one in dockerfiles for reference in one.references),
        *(reference for one in yamls for reference in one.references),
        *(
            reference
            for _, service in services
            for reference in (service.build.contexts if service.build else ())
        ),
    ]
    reported = (one for one in references if one.span.path not in files.context)
    return Instance(
        project,
        files,
        # Build arguments read a file again: each place and value counts once.
        tuple(dict.fromkeys(reported)),
        trace_builds(
            [one for one in dockerfiles if one.path in files.judged],
            *(services, project, locals_, identify),
        ),
        tuple(dockerfiles),
        locals_,
        (*files.problems, *_yaml_problems(yamls, project)),
    )


def _read_dockerfiles(
    sources: Mapping[str, Source], services: Sequence[tuple[str, Service]]
) -> Iterator[Dockerfile]:
    """Yield each Dockerfile, once more for every set of build arguments, and inline ones."""
    building = defaultdict(list)
    for path, service in services:
        if service.build:
            building[built_file(path, service)].append(service.build)
    for path, source in sources.items():
        names = frozenset(name for one in building[path] for name in one.names)
        arguments = (one.args for one in building[path] if one.args)
        for given in ({}, *arguments):
            yield read_dockerfile(source, given, contexts=names)
    for _, service in services:
        if service.build and service.build.inline:
            yield service.build.inline


def _missing_froms(
    project: Project,
    dockerfiles: Sequence[Dockerfile],
    services: Sequence[tuple[str, Service]],
) -> Iterator[Reference]:
    """Yield the beginning of each Dockerfile that the instance builds without a FROM line."""
    built = {built_file(path, service) for path, service in services} - {""}
    built = built or {os.path.normpath(os.path.join(project.path, "Dockerfile"))}
    for one in dockerfiles:
        ours = project.marker and one.path in built
        if ours and one.instructions and not one.stages:
            yield Reference(
                "from", one.source.span(), "", (), refused="it has no FROM line"
            )


def _yaml_problems(yamls: Sequence[YamlFile], project: Project) -> Iterator[Problem]:
    """Yield what a YAML file that does not parse is worth: it may be a template."""
    for one in yamls:
        at = one.source.text.find(f"{ORGANISATION}/")
        for problem in one.problems:
            if is_compose(problem.path) and not project.template:
                yield problem._replace(fatal=True)
            elif at >= 0:
                yield problem._replace(line=Span(one.source, at, at).line, fatal=False)
