# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which of a project's files are worth parsing, and which are only context."""

from __future__ import annotations

import os
import re
from typing import Iterable, Mapping, NamedTuple, Sequence

from .project.detection import Project
from .readers.compose import built_file
from .readers.dockerfile import may_hold
from .readers.files import (
    Found,
    is_compose,
    is_excluded,
    kind_of,
    lies_below,
    read_source,
)
from .readers.source import Problem, Source
from .readers.yaml import read_yaml

ORGANISATION = b"inveniosoftware"
#: FROM lines of all Dockerfiles of a project: each is an image, and some kilobytes.
MOST_IMAGES = 250_000
_FROM = re.compile(r"^[ \t]*FROM\b", re.IGNORECASE | re.MULTILINE)
#: The value of ``build.dockerfile``, in block or flow style.
_DOCKERFILE = re.compile(r"""\bdockerfile['"]?[ \t]*:[ \t]*['"]?([^\s'",}]+)""")


class ProjectFiles(NamedTuple):
    """The sources of one project that are parsed, by path."""

    dockerfiles: Mapping[str, Source]
    yaml_files: Mapping[str, Source]
    problems: tuple[Problem, ...]
    context: frozenset[str] = frozenset()  #: read for what it says, not reported
    #: Dockerfiles that no advice is about: only which images they name is asked for.
    aside: frozenset[str] = frozenset()

    def reports(self, path: str) -> bool:
        """Tell whether a file's references are reported."""
        return path not in self.context


def read_project(
    project: Project,
    files: Iterable[Found],
    needles: Sequence[str],
    *,
    every: bool,
    exclude: Sequence[str] = (),
) -> ProjectFiles:
    """Read what is worth parsing of a project's files, and the context of named ones.

    :param needles: where caches and copies lie, beside the organisation's name.
    :param every: parse every file, whatever it holds.
    :param exclude: what is no context either.
    """
    files = [file for file in files if file.kind != "folder"]
    named = files and all(file.named for file in files)
    context = _find_context(project) if named else []
    asked = {file.path for file in files}
    extra = [
        file
        for file in context
        if file.path not in asked and not is_excluded(file.path, exclude)
    ]
    wanted = [ORGANISATION, *(needle.encode() for needle in needles)]

    sources: dict[str, dict[str, Source]] = {"dockerfile": {}, "yaml": {}}
    problems: list[Problem] = []
    images = _Images()
    aside: set[str] = set()

    def read_all(some: Iterable[Found]) -> None:
        for file in some:

            def is_wanted(data: bytes, path: str = file.path) -> bool:
                holds = may_hold(data, wanted)
                if not holds:
                    aside.add(path)
                return holds or every

            ours = is_ours(file, project)
            read = images.add(file, read_source(file, None if ours else is_wanted))
            if isinstance(read, Problem):
                problems.append(read)
            elif read:
                sources[file.kind][file.path] = read

    read_all(sorted((*files, *extra), key=lambda file: file.path))
    if project.marker and not named:
        built = _find_built(project, sources["yaml"])
        asked.update(file.path for file in extra)
        read_all(
            file
            for file in built
            if file.path not in asked and not is_excluded(file.path, exclude)
        )
    return ProjectFiles(
        dict(sorted(sources["dockerfile"].items())),
        sources["yaml"],
        tuple(problems),
        frozenset(file.path for file in extra),
        frozenset(aside),
    )


class _Images:
    """How many images the Dockerfiles of a project name so far."""

    def __init__(self) -> None:
        self.number = 0

    def add(
        self, file: Found, read: Source | Problem | None
    ) -> Source | Problem | None:
        """Return what was read, or that it is a Dockerfile too many."""
        if not isinstance(read, Source) or file.kind != "dockerfile":
            return read
        images = len(_FROM.findall(read.text))
        if self.number + images > MOST_IMAGES:
            message = f"with it the Dockerfiles have over {MOST_IMAGES} FROM lines"
            return Problem(read.path, 0, f"{message}: it was not read", fatal=True)
        self.number += images
        return read


def _find_built(project: Project, yaml_files: Mapping[str, Source]) -> list[Found]:
    """Return the Dockerfiles that compose files build and that their names do not tell."""
    paths = [
        built_file(source.path, service)
        for source in yaml_files.values()
        if is_compose(source.path) and _may_build(source)
        for service in read_yaml(source).services
    ]
    return [
        Found(path, "dockerfile", False, project.path)
        for path in sorted({path for path in paths if path})
        if lies_below(path, project.path)
    ]


def _may_build(source: Source) -> bool:
    """Tell whether a compose file may name a Dockerfile that is called something else."""
    names = _DOCKERFILE.findall(source.text)
    return any(kind_of(os.path.basename(name)) != "dockerfile" for name in names)


def is_ours(file: Found, project: Project) -> bool:
    """Tell whether a file may belong to the build of a project, whatever it holds.

    A Dockerfile that stands on a local base names no organisation.
    """
    return project.marker and (file.kind == "dockerfile" or is_compose(file.path))


def _find_context(project: Project) -> list[Found]:
    """Return the compose files and base Dockerfiles beside files that were named."""
    if not project.marker:
        return []
    names = sorted(os.listdir(project.path))
    return [
        Found(_join(project.path, name), kind, False, project.path)
        for name in names
        for kind in [_kind_of_context(name)]
        if kind and os.path.isfile(_join(project.path, name))
    ]


def _kind_of_context(name: str) -> str:
    if is_compose(name):
        return "yaml"
    lower = name.lower()
    return "dockerfile" if "dockerfile" in lower and "base" in lower else ""


def _join(folder: str, name: str) -> str:
    """Return a path as reached from the current directory, without a leading ``./``."""
    return os.path.normpath(os.path.join(folder, name))
