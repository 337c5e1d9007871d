# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The files of one instance, read: its references, its builds, what could not be read."""

from __future__ import annotations

import os
import re
from typing import Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence

from .builds import Build, Locals, find_locals, trace_builds
from .catalog import Identity
from .files import (
    Found,
    is_below,
    is_compose,
    is_excluded,
    kind_of,
    read_source,
)
from .image import Image
from .instance import Project
from .model import (
    Dockerfile,
    Pieces,
    Problem,
    Reference,
    Service,
    Source,
    Span,
    YamlFile,
)
from .readers.dockerfile import may_hold, read_dockerfile
from .readers.yaml import built_file, read_yaml

ORGANISATION = "inveniosoftware"
NO_FROM = "it has no FROM line"

#: The value of ``build.dockerfile``, in block or flow style.
_DOCKERFILE = re.compile(r"""\bdockerfile['"]?[ \t]*:[ \t]*['"]?([^\s'",}]+)""")
_ENVIRONMENT = re.compile(r"^[ \t]*(?:export[ \t]+)?(\w+)=([^\n]*)$", re.MULTILINE)


class Files(NamedTuple):
    """The sources of one instance that are parsed, by path."""

    dockerfiles: Mapping[str, Source]
    yaml_files: Mapping[str, Source]
    problems: tuple[Problem, ...] = ()
    context: frozenset[str] = frozenset()  #: read for what it says, not reported
    environments: Mapping[str, Mapping[str, str]] = {}  #: ``.env``, by its folder


class Instance(NamedTuple):
    """One instance: what its files say, which images they name, and its builds."""

    project: Project
    files: Files
    references: tuple[Reference, ...]  #: by file, in the order of use
    builds: tuple[Build, ...]  #: one for each stage, local bases included
    dockerfiles: tuple[Dockerfile, ...]
    locals: Locals
    problems: tuple[Problem, ...]

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
        return image is not None and self.locals.owns(image)

    @property
    def local_bases(self) -> tuple[Reference, ...]:
        """Return the base images that the instance builds itself."""
        return tuple(
            one for one in self.references if one.kind == "from" and self.is_local(one)
        )

    def builds_on(self, reference: Reference) -> tuple[Build, ...]:
        """Return the builds whose external base image a reference names."""
        key = reference.span.key
        return tuple(
            build for build in self.builds if build.base and build.base.span.key == key
        )

    def is_built(self, path: str) -> bool:
        """Tell whether a file takes part in what the compose files build.

        Other files than Dockerfiles always do.
        """
        own = [build.built for build in self.builds if path in build.paths]
        return any(own) or not own


def read_files(
    project: Project,
    found: Iterable[Found],
    needles: Sequence[str] = (),
    *,
    every: bool = False,
    exclude: Sequence[str] = (),
) -> Files:
    """Read what is worth parsing of an instance's files, and the context of named ones.

    :param needles: names of caches and copies, as interesting as the organisation's.
    :param every: parse every file, whatever it holds.
    :param exclude: shell patterns of what is left out.
    """
    files = [file for file in found if file.kind != "folder"]
    named = bool(files) and all(file.named for file in files)
    context = _find_context(project, files, exclude) if named else []
    wanted = [name.encode() for name in (ORGANISATION, *needles)]
    sources: dict[str, dict[str, Source]] = {"dockerfile": {}, "yaml": {}}
    problems: list[Problem] = []

    def read_all(some: Iterable[Found]) -> None:
        for file in some:
            ours = project.marker and (
                file.kind == "dockerfile" or is_compose(file.path)
            )
            everything = every or ours
            read = read_source(
                file, None if everything else lambda data: may_hold(data, wanted)
            )
            if isinstance(read, Problem):
                problems.append(read)
            elif read:
                sources[file.kind][file.path] = read

    read_all(sorted((*files, *context), key=lambda file: file.path))
    if project.marker and not named:
        known = {file.path for file in (*files, *context)}
        built = _find_built(project, sources["yaml"])
        read_all(
            file
            for file in built
            if file.path not in known and not is_excluded(file.path, exclude)
        )
    return Files(
        dict(sorted(sources["dockerfile"].items())),
        sources["yaml"],
        tuple(problems),
        frozenset(file.path for file in context),
        _read_environments(sources["yaml"]),
    )


def _find_context(
    project: Project, files: Sequence[Found], exclude: Sequence[str]
) -> list[Found]:
    """Return the compose files and base Dockerfiles next to files that were named."""
    if not project.marker:
        return []
    asked = {file.path for file in files}
    context = []
    for name in sorted(os.listdir(project.path)):
        path = os.path.normpath(os.path.join(project.path, name))
        lower = name.lower()
        is_base = "dockerfile" in lower and "base" in lower
        kind = "yaml" if is_compose(name) else "dockerfile" if is_base else ""
        wanted = kind and path not in asked and not is_excluded(path, exclude)
        if wanted and os.path.isfile(path):
            context.append(Found(path, kind, False, project.path))
    return context


def _find_built(project: Project, yaml_files: Mapping[str, Source]) -> list[Found]:
    """Return the Dockerfiles of compose files whose names do not say that they are one."""
    paths: set[str] = set()
    for source in yaml_files.values():
        names = _DOCKERFILE.findall(source.text) if is_compose(source.path) else ()
        if any(kind_of(os.path.basename(name)) != "dockerfile" for name in names):
            paths.update(
                built_file(source.path, one) for one in read_yaml(source).services
            )
    return [
        Found(path, "dockerfile", False, project.path)
        for path in sorted(paths)
        if path and is_below(path, project.path)
    ]


def _read_environments(
    yaml_files: Mapping[str, Source],
) -> Mapping[str, Mapping[str, str]]:
    """Return the ``.env`` next to each compose file that uses variables."""
    found: dict[str, Mapping[str, str]] = {}
    for source in yaml_files.values():
        folder = os.path.dirname(source.path)
        if not is_compose(source.path) or "$" not in source.text or folder in found:
            continue
        path = os.path.join(folder, ".env")
        read = (
            read_source(Found(path, "yaml", False, folder))
            if os.path.isfile(path)
            else None
        )
        text = read.text if isinstance(read, Source) else ""
        found[folder] = {
            name: value.strip().strip("'\"")
            for name, value in _ENVIRONMENT.findall(text)
        }
    return found


def survey(
    project: Project,
    files: Files,
    repositories: frozenset[str],
    identify: Callable[[Image], Identity],
    official: frozenset[str] = frozenset(),
) -> Instance:
    """Parse the files of one instance, and find out what builds on what. Pure.

    :param repositories: of the catalogue; such a name alone counts as an image in YAML.
    :param identify: what the catalogue knows of an image.
    :param official: names in Docker Hub's library, which are never local.
    """
    yamls = [
        read_yaml(
            source,
            repositories,
            files.environments.get(os.path.dirname(source.path), {}),
        )
        for source in files.yaml_files.values()
    ]
    services = [(one.source.path, service) for one in yamls for service in one.services]
    dockerfiles = [*_read_dockerfiles(files.dockerfiles, services)]
    locals_ = find_locals(project, services, official)
    builds = trace_builds(dockerfiles, services, project, locals_, identify)
    references = [
        *(_missing_from(one) for one in _list_empty(dockerfiles, builds, project)),
        *(reference for one in dockerfiles for reference in one.references),
        *(reference for one in yamls for reference in one.references),
        *(
            reference
            for _, service in services
            for reference in (service.build.contexts if service.build else ())
        ),
    ]
    reported = [one for one in references if one.span.path not in files.context]
    return Instance(
        project,
        files,
        tuple(_once(reported)),
        builds,
        tuple(dockerfiles),
        locals_,
        (*files.problems, *_yaml_problems(yamls, project)),
    )


def _read_dockerfiles(
    sources: Mapping[str, Source], services: Sequence[tuple[str, Service]]
) -> Iterator[Dockerfile]:
    """Yield each Dockerfile, once more for every set of build arguments, and inline ones."""
    arguments: dict[str, list[Mapping[str, Pieces]]] = {}
    contexts: dict[str, frozenset[str]] = {}
    for path, service in services:
        target = built_file(path, service)
        if target and service.build:
            names = contexts.get(target, frozenset()) | service.build.names
            contexts[target] = names
            if service.build.args:
                arguments.setdefault(target, []).append(service.build.args)
    for path, source in sources.items():
        for given in ({}, *arguments.get(path, ())):
            names = contexts.get(path, frozenset())
            yield read_dockerfile(source, given, contexts=names)
    for _, service in services:
        if service.build and service.build.inline:
            yield service.build.inline


def _list_empty(
    dockerfiles: Sequence[Dockerfile], builds: Sequence[Build], project: Project
) -> Iterator[Dockerfile]:
    """Yield the Dockerfiles that the instance builds and that have no FROM line."""
    root = os.path.normpath(os.path.join(project.path, "Dockerfile"))
    compose = {build.path for build in builds if build.built}
    for one in dockerfiles:
        ours = project.marker and (one.path == root or one.path in compose)
        if ours and one.instructions and not one.stages:
            yield one


def _missing_from(dockerfile: Dockerfile) -> Reference:
    return Reference("from", dockerfile.source.span(), "", (), refused=NO_FROM)


def _once(references: Iterable[Reference]) -> Iterator[Reference]:
    """Yield one reference for each place and value: build arguments read a file again."""
    seen = set()
    for reference in references:
        texts = tuple(piece.text for piece in reference.pieces)
        places = tuple(
            piece.span.key if piece.span else None for piece in reference.pieces
        )
        key = (reference.span.key, reference.kind, texts, places)
        if key not in seen:
            seen.add(key)
            yield reference


def _yaml_problems(yamls: Sequence[YamlFile], project: Project) -> Iterator[Problem]:
    """Yield what a YAML file that does not parse is worth: a template may be of ours."""
    for one in yamls:
        at = one.source.text.find(f"{ORGANISATION}/")
        for problem in one.problems:
            if is_compose(problem.path) and not project.template:
                yield problem._replace(fatal=True)
            elif at >= 0:
                yield problem._replace(line=Span(one.source, at, at).line, fatal=False)
