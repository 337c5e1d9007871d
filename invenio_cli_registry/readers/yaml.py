# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The images of a YAML file: compose, GitLab CI, workflows, Kubernetes, Helm. Pure.

A file is told by its shape. Elsewhere a scalar counts when it is, as a whole, the name of
one of the organisation's images: it is reported, and never written.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator, Sequence

from ..reference import InvalidReference, parse
from .compose import read_services
from .model import Piece, Reference, Service, YamlFile
from .nodes import (
    MappingNode,
    Node,
    ScalarNode,
    compose,
    elements,
    filled,
    get,
    items,
    pairs,
    span_of,
)
from .scalars import finish, piece_of, refer
from .source import Source, Span

_ORGANISATION = "inveniosoftware/"
#: Keys whose values name repositories of code, or addresses, never images.
_NOT_IMAGES = frozenset({"uses", "repo", "url", "github_repo"})
#: Names of images that are, alone, those of code: github.com/inveniosoftware/invenio.
_CODE = frozenset({"inveniosoftware/invenio"})
_OURS = re.compile(r"(?:^|/)(inveniosoftware/)")
_POD_KEYS = ("containers", "initContainers", "ephemeralContainers")
_GITLAB_NAME = re.compile(r"(?:^|[/.])gitlab-ci\.ya?ml$|(?:^|/)\.gitlab/")
#: GitLab's mapping of names to values; a variable may be called ``image``.
_VARIABLES = "variables"
_WORKFLOW_NAME = re.compile(r"(?:^|/)\.github/workflows/")


def read_yaml(source: Source, names: frozenset[str] = frozenset()) -> YamlFile:
    """Read the images that a YAML file names.

    :param names: repositories whose name alone, with no tag, counts as an image's.
    """
    composed = compose(source)
    if composed.problem:
        return YamlFile(source.path, (), (), (composed.problem,))
    found: dict[Span, Reference] = {}
    services: list[Service] = []
    for document in composed.documents:
        own = list(read_services(document, source))
        services.extend(own)
        for reference in _find_images(document, source, own):
            found.setdefault(reference.span, reference)
    taken = set(_list_taken(services))
    named = composed.documents if _ORGANISATION in source.text else ()
    for document in named:
        for reference in _find_names(document, source, names):
            if reference.span not in taken:
                found.setdefault(reference.span, reference)
    ordered = sorted(found.values(), key=lambda reference: reference.span)
    return YamlFile(source.path, tuple(ordered), tuple(services), ())


def _list_taken(services: Iterable[Service]) -> Iterator[Span]:
    """Yield the places that services read themselves.

    A build argument is read where the Dockerfile uses it, and the image of a service that
    is built here is no reference.
    """
    for service in services:
        if service.image:
            yield service.image.span
        for pieces in service.build.args.values() if service.build else ():
            yield from (piece.span for piece in pieces if piece.span)


def line_naming(source: Source, needle: str = _ORGANISATION) -> int:
    """Return the line that holds a needle, 0 when none does."""
    at = source.text.find(needle)
    return source.position(at)[0] if at >= 0 else 0


def _find_images(
    document: Node, source: Source, services: Sequence[Service]
) -> Iterator[Reference]:
    """Yield the images in the places of the kinds of file that are known."""
    if services:
        yield from (one.image for one in services if one.image and not one.build)
    elif _is_workflow(document, source):
        yield from _find_in_workflow(document, source)
    elif get(document, "apiVersion") and get(document, "kind"):
        yield from _find_in_pods(document, source)
    elif _is_gitlab(document, source):
        yield from _find_in_pipeline(document, source)
    yield from _find_split(document, source)


def _is_workflow(document: Node, source: Source) -> bool:
    if _WORKFLOW_NAME.search(source.path):
        return True
    jobs = [job for _, job in items(get(document, "jobs"))]
    has_runner = any(get(job, "runs-on") for job in jobs)
    return has_runner or bool(jobs and get(document, "on"))


def _is_gitlab(document: Node, source: Source) -> bool:
    if _GITLAB_NAME.search(source.path):
        return True
    jobs = (node for _, node in items(document) if isinstance(node, MappingNode))
    return any(get(node, "script") for node in jobs)


def _find_in_pipeline(document: Node, source: Source) -> Iterator[Reference]:
    """Yield GitLab's ``image`` and ``services``, of the file, its default and its jobs."""
    jobs = (value for name, value in items(document) if name != _VARIABLES)
    for node in (document, *jobs):
        for value in (get(node, "image"), *elements(get(node, "services"))):
            named = get(value, "name") if isinstance(value, MappingNode) else value
            yield from _yield(named, source)


def _find_in_workflow(document: Node, source: Source) -> Iterator[Reference]:
    for _, job in items(get(document, "jobs")):
        container = get(job, "container")
        image = (
            get(container, "image") if isinstance(container, MappingNode) else container
        )
        yield from _yield(image, source)
        for _, service in items(get(job, "services")):
            yield from _yield(get(service, "image"), source)


def _find_in_pods(document: Node, source: Source) -> Iterator[Reference]:
    for node in _walk(document):
        for key in _POD_KEYS:
            for container in elements(get(node, key)):
                yield from _yield(get(container, "image"), source)


def _find_split(document: Node, source: Source) -> Iterator[Reference]:
    """Yield Helm's images: ``registry``, ``repository`` and ``tag`` side by side."""
    for node in _walk(document):
        registry, repository, tag, digest = (
            filled(get(node, key))
            for key in ("registry", "repository", "tag", "digest")
        )
        if repository and (registry or tag) and _is_bare(repository.value, tag):
            pieces: list[Piece] = []
            parts = (("", registry), ("/", repository), (":", tag), ("@", digest))
            for mark, part in parts:
                if part:
                    pieces.extend([Piece(mark, None)] if pieces else [])
                    pieces.append(piece_of(part, source))
            span, _ = span_of(repository, source)
            text = "".join(piece.text or "" for piece in pieces)
            reference = Reference("yaml", span, text, tuple(pieces), split=True)
            # Without it, a registry for all images may stand anywhere; a digest counts
            # more than the tag, and belongs to what is there now.
            is_whole = registry is not None and digest is None
            yield finish(reference._replace(report_only=not is_whole))


def _is_bare(repository: str, tag: ScalarNode | None) -> bool:
    """Tell whether a repository is no address, and has no tag of its own beside a tag."""
    has_tag = ":" in repository.rpartition("/")[2]
    return "://" not in repository and not (tag and has_tag)


def _find_names(
    document: Node, source: Source, names: frozenset[str]
) -> Iterator[Reference]:
    """Yield every other scalar that is as a whole one of the organisation's images."""
    for node in _walk(document, _NOT_IMAGES):
        values = (value for key, value in pairs(node) if key not in _NOT_IMAGES)
        for value in (*values, *elements(node)):
            if isinstance(value, ScalarNode) and _is_name(value.value, names):
                span, _ = span_of(value, source)
                piece = piece_of(value, source)
                yield Reference("yaml", span, value.value, (piece,), report_only=True)


def _is_name(text: str, names: frozenset[str]) -> bool:
    """Tell whether a text is the name of an image of the organisation, and nothing else."""
    if _ORGANISATION not in text:
        return False
    try:
        image = parse(text)
    except InvalidReference:
        return False
    found = _OURS.search(image.repository)
    if not found:
        return False
    known = image.repository[found.start(1) :] in names and text not in _CODE
    return bool(image.tag or image.digest or known)


def _walk(document: Node, closed: frozenset[str] = frozenset()) -> Iterator[Node]:
    """Yield every mapping and sequence once, however often it is an alias.

    :param closed: keys whose values are not entered.
    """
    seen: set[int] = set()
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ScalarNode) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        waiting.extend(elements(node))
        waiting.extend(value for key, value in pairs(node) if key not in closed)


def _yield(node: Node | None, source: Source) -> Iterator[Reference]:
    image = filled(node)
    if image:
        yield refer(image, source)
