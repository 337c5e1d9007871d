# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""One project's files, read: its references, its builds, and what could not be read."""

from __future__ import annotations

import os
from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence, Tuple

from .builds import Locals, named_image
from .official import OFFICIAL
from .project.detection import Project
from .readers.compose import built_file
from .readers.dockerfile import read_dockerfile
from .readers.files import is_compose
from .readers.model import Dockerfile, Piece, Reference, Service
from .readers.source import Problem, Source, Span
from .readers.yaml import line_naming, read_yaml

#: The reason of a Dockerfile without any FROM.
NO_FROM = "it has no FROM line, and Docker refuses it"
#: No services of the real world extend each other so often.
_LONGEST_CHAIN = 64


#: What a compose service gives a Dockerfile: build arguments.
_Given = Mapping[str, Tuple[Piece, ...]]


class Survey(NamedTuple):
    """What one project's files hold."""

    project: Project
    sources: Mapping[str, Source]  #: by path
    dockerfiles: tuple[Dockerfile, ...]  #: one more for every set of build arguments
    references: tuple[Reference, ...]  #: by file, in the order of use
    locals: Locals
    built_by: Mapping[str, str]  #: local image -> path of its Dockerfile
    problems: tuple[Problem, ...]


def survey_project(
    project: Project,
    dockerfiles: Mapping[str, Source],
    yaml_files: Mapping[str, Source],
    names: frozenset[str],
    aside: frozenset[str] = frozenset(),
) -> Survey:
    """Read the sources of one project. Pure.

    :param dockerfiles: by path, those that are worth parsing.
    :param yaml_files: by path, likewise.
    :param names: repositories of the catalogue (``inveniosoftware/almalinux``).
    :param aside: Dockerfiles of which only the images are asked for.
    """
    yamls = [read_yaml(source, names) for source in yaml_files.values()]
    services = [(found.path, service) for found in yamls for service in found.services]
    arguments = collect_arguments(services)
    built_by = map_images(services)
    readings = [
        _read(source, given, path in aside, built_by)
        for path, source in dockerfiles.items()
        for given in ({}, *arguments.get(path, ()))
    ]
    inline = [
        service.build.inline
        for _, service in services
        if service.build and service.build.inline
    ]
    missing = [
        _missing_from(reading)
        for reading in readings
        if _lacks_from(reading, project, built_by, arguments)
    ]
    named = [
        *(found.references for found in (*readings, *inline)),
        *(found.references for found in yamls),
    ]
    references = [reference for group in named for reference in group]
    return Survey(
        project,
        {**dockerfiles, **yaml_files},
        (*readings, *inline),
        tuple(_once([*missing, *references])),
        Locals(frozenset(built_by), _stems(project), OFFICIAL),
        built_by,
        tuple(
            said
            for found in yamls
            for problem in found.problems
            for said in _weigh(problem, yaml_files[found.path])
        ),
    )


def _read(
    source: Source, given: _Given, aside: bool, built_by: Mapping[str, str]
) -> Dockerfile:
    """Read a Dockerfile; one that stands on an image which is built here as a whole."""
    if aside:
        reading = read_dockerfile(source, given, whole=False)
        images = [named_image(stage.base) for stage in reading.stages if stage.base]
        if not any(image and image.name in built_by for image in images):
            return reading
    return read_dockerfile(source, given)


def _weigh(problem: Problem, source: Source) -> Iterator[Problem]:
    """Yield what a YAML file that does not parse is worth: a template may be of ours."""
    line = line_naming(source)
    if is_compose(problem.path):
        yield problem._replace(fatal=True)
    elif line:
        yield problem._replace(line=line)


def collect_arguments(
    services: Iterable[tuple[str, Service]],
) -> Mapping[str, list[Mapping[str, tuple[Piece, ...]]]]:
    """Return, by Dockerfile, every set of build arguments that a service gives it."""
    found: dict[str, list[Mapping[str, tuple[Piece, ...]]]] = {}
    for path, service in services:
        target = built_file(path, service)
        if target:
            found.setdefault(target, [])
            if service.build and service.build.args:
                found[target].append(service.build.args)
    return found


def map_images(services: Iterable[tuple[str, Service]]) -> Mapping[str, str]:
    """Return, by name without tag, the Dockerfile of every image that is built here."""
    services = list(services)
    by_name = {(path, service.name): service for path, service in services}
    found: dict[str, str] = {}
    for path, service in services:
        image = service.image and named_image(service.image)
        target = _follow_build(path, service, by_name)
        if image and target is not None:
            found.setdefault(image.name, target)
    return found


def _follow_build(
    path: str, service: Service, by_name: Mapping[tuple[str, str], Service]
) -> str | None:
    """Return the Dockerfile of a service's own ``build:``, or of the one it extends."""
    seen: set[tuple[str, str]] = set()
    while service.build is None and service.extends and len(seen) < _LONGEST_CHAIN:
        file, name = service.extends
        if file is not None:
            path = os.path.normpath(os.path.join(os.path.dirname(path), file))
        following = by_name.get((path, name))
        if following is None or (path, name) in seen:
            return None
        seen.add((path, name))
        service = following
    return built_file(path, service) if service.build else None


def _stems(project: Project) -> frozenset[str]:
    """Return what the names of a project's own images begin with."""
    names = {project.shortname, project.name if project.marker else None}
    return frozenset(name.lower() for name in names if name)


def _lacks_from(
    reading: Dockerfile,
    project: Project,
    built_by: Mapping[str, str],
    arguments: Mapping[str, Sequence[object]],
) -> bool:
    """Tell whether it is built by the instance, says something, and has no FROM."""
    root = os.path.normpath(os.path.join(project.path, "Dockerfile"))
    built = reading.path in arguments or reading.path in built_by.values()
    ours = project.marker and (built or reading.path == root)
    return bool(ours and reading.instructions and not reading.stages)


def _missing_from(reading: Dockerfile) -> Reference:
    return Reference("from", Span(reading.path, 0, 0), "", (), unresolved=NO_FROM)


def _once(references: Iterable[Reference]) -> Iterator[Reference]:
    """Yield one reference per place and value: build arguments read a file again.

    The same value, written in two places, is two: both have to change.
    """
    seen = set()
    for reference in references:
        key = (reference.span, reference.kind, reference.pieces)
        if key not in seen:
            seen.add(key)
            yield reference
