# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The images of a YAML file: compose, GitLab CI, workflows, Kubernetes, Helm. Pure.

A file is told by its shape. Elsewhere a scalar counts when it is, as a whole, the name of
one of the organisation's images: it is reported, and never written.
"""

from __future__ import annotations

import re
from typing import Iterator, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode

from ..reference import InvalidReference, parse
from .dockerfile import read_dockerfile
from .model import Build, Dockerfile, Piece, Reference, Service, YamlFile
from .nodes import compose, elements, get, items, pairs, scalar, span_of
from .source import Source, Span
from .variables import CannotExpand, Pieces, Text, expand, list_unset

_ORGANISATION = "inveniosoftware/"
#: Keys whose values name repositories of code, or addresses, never images.
_NOT_IMAGES = frozenset({"uses", "repo", "url", "github_repo"})
_POD_KEYS = ("containers", "initContainers", "ephemeralContainers")
_GITLAB_NAME = re.compile(r"(?:^|[/.])gitlab-ci\.ya?ml$|(?:^|/)\.gitlab/")
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
        services.extend(_read_services(document, source))
        for reference in _find_images(document, source, services):
            found.setdefault(reference.span, reference)
    taken = {service.image.span for service in services if service.image}
    # A build argument is read where the Dockerfile uses it.
    taken.update(
        piece.span
        for service in services
        if service.build
        for pieces in service.build.args.values()
        for piece in pieces
        if piece.span
    )
    for document in composed.documents:
        for reference in _find_names(document, source, names):
            if reference.span not in taken:
                found.setdefault(reference.span, reference)
    ordered = sorted(found.values(), key=lambda reference: reference.span)
    return YamlFile(source.path, tuple(ordered), tuple(services), ())


def line_naming(source: Source, needle: str = _ORGANISATION) -> int:
    """Return the line that holds a needle, 0 when none does."""
    at = source.text.find(needle)
    return source.position(at)[0] if at >= 0 else 0


def _find_images(
    document: Node, source: Source, services: list[Service]
) -> Iterator[Reference]:
    """Yield the images in the places of the kinds of file that are known."""
    if services:
        for service in services:
            if service.image and service.build is None:
                yield service.image
        return
    if _WORKFLOW_NAME.search(source.path) or (
        get(document, "on") and get(document, "jobs")
    ):
        yield from _find_in_workflow(document, source)
    elif get(document, "apiVersion") and get(document, "kind"):
        yield from _find_in_pods(document, source)
    elif _is_gitlab(document, source):
        yield from _find_in_pipeline(document, source)
    yield from _find_split(document, source)


def _read_services(document: Node, source: Source) -> Iterator[Service]:
    """Yield the services of a compose file; a service is a mapping that says what runs."""
    services = list(items(get(document, "services")))
    if get(document, "script") or not all(
        isinstance(node, MappingNode) for _, node in services
    ):
        return
    for name, node in services:
        image = scalar(get(node, "image"))
        reference = _refer(image, source, name) if image else None
        yield Service(
            name,
            reference,
            _read_build(get(node, "build"), source),
            _read_extends(get(node, "extends")),
        )


def _read_build(node: Node | None, source: Source) -> Build | None:
    if isinstance(node, ScalarNode):
        return Build(node.value, None, {})
    if not isinstance(node, MappingNode):
        return None
    context, dockerfile = scalar(get(node, "context")), scalar(get(node, "dockerfile"))
    inline = scalar(get(node, "dockerfile_inline"))
    args = dict(_read_args(get(node, "args"), source))
    return Build(
        context.value if context else ".",
        dockerfile.value if dockerfile else None,
        args,
        _read_inline(inline, args, source) if inline else None,
    )


def _read_args(node: Node | None, source: Source) -> Iterator[tuple[str, Pieces]]:
    """Yield the build arguments of a mapping, or of a list of ``NAME=value``."""
    for name, value in items(node):
        if isinstance(value, ScalarNode):
            is_null = not value.style and value.value in ("", "~", "null")
            unknown = (Piece(None, None),)
            yield name, unknown if is_null else _expand(value, source)[0]
    for element in elements(node):
        if isinstance(element, ScalarNode):
            name, equals, _ = element.value.partition("=")
            cut = len(name) + 1
            yield (
                name,
                _expand(element, source, cut)[0] if equals else (Piece(None, None),),
            )


def _read_extends(node: Node | None) -> tuple[str | None, str] | None:
    if isinstance(node, ScalarNode):
        return None, node.value
    service, file = scalar(get(node, "service")), scalar(get(node, "file"))
    return (file.value if file else None, service.value) if service else None


def _read_inline(
    node: ScalarNode, args: Mapping[str, Pieces], source: Source
) -> Dockerfile:
    """Read a Dockerfile that is written in the compose file.

    In a literal block every line stands as it is, but for its indent: the file with all
    else blanked reads the same, and every place in it is right. Elsewhere the places are
    those of the scalar, and nothing is written.
    """
    start, end = node.start_mark.index, node.end_mark.index
    if node.style == "|" and "<<" not in node.value:
        head = source.text.find("\n", start)
        blank = re.sub(r"[^\n]", " ", source.text[:head])
        return read_dockerfile(Source(source.path, blank + source.text[head:end]), args)
    read = read_dockerfile(Source(source.path, node.value), args)
    span = Span(source.path, start, end)
    fixed = tuple(
        reference._replace(
            span=span,
            pieces=tuple(Piece(piece.text, None) for piece in reference.pieces),
        )
        for reference in read.references
    )
    return read._replace(references=fixed, instructions=())


def _is_gitlab(document: Node, source: Source) -> bool:
    if _GITLAB_NAME.search(source.path):
        return True
    jobs = (node for _, node in items(document) if isinstance(node, MappingNode))
    return any(get(node, "script") for node in jobs)


def _find_in_pipeline(document: Node, source: Source) -> Iterator[Reference]:
    """Yield GitLab's ``image`` and ``services``, of the file, its default and its jobs."""
    for node in (document, *(value for _, value in items(document))):
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
        repository = scalar(get(node, "repository"))
        registry, tag = scalar(get(node, "registry")), scalar(get(node, "tag"))
        if repository is None or not (registry or tag) or "://" in repository.value:
            continue
        parts = [part for part in (registry, repository) if part and part.value]
        pieces: list[Piece] = []
        for mark, part in (("", registry), ("/", repository), (":", tag)):
            if part is not None and part.value:
                if pieces:
                    pieces.append(Piece(mark, None))
                pieces.append(_piece(part, source))
        if parts:
            span, _ = span_of(repository, source)
            text = "".join(piece.text or "" for piece in pieces)
            reference = Reference("yaml", span, text, tuple(pieces), split=True)
            yield _finish(reference._replace(report_only=registry is None))


def _find_names(
    document: Node, source: Source, names: frozenset[str]
) -> Iterator[Reference]:
    """Yield every other scalar that is as a whole one of the organisation's images."""
    for node in _walk(document, _NOT_IMAGES):
        for key, value in items(node):
            if key not in _NOT_IMAGES:
                yield from _name(value, source, names)
        for value in elements(node):
            yield from _name(value, source, names)


def _name(node: Node, source: Source, names: frozenset[str]) -> Iterator[Reference]:
    if not isinstance(node, ScalarNode) or _ORGANISATION not in node.value:
        return
    try:
        image = parse(node.value)
    except InvalidReference:
        return
    owner = image.repository.rpartition(_ORGANISATION)[0]
    tagged = image.tag or image.digest
    if (tagged or image.repository[len(owner) :] in names) and not owner.strip(
        "/"
    ).count(" "):
        span, _ = span_of(node, source)
        piece = _piece(node, source)
        yield Reference("yaml", span, node.value, (piece,), report_only=True)


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
    if isinstance(node, ScalarNode) and node.value:
        yield _refer(node, source)


def _refer(node: ScalarNode, source: Source, service: str = "") -> Reference:
    """Return the reference of a scalar in an image's place."""
    span, _ = span_of(node, source)
    pieces, reason = _expand(node, source)
    reference = Reference("yaml", span, node.value, pieces, service=service)
    return _finish(reference._replace(unresolved=reason))


def _piece(node: ScalarNode, source: Source) -> Piece:
    span, exact = span_of(node, source)
    return Piece(node.value, span if exact else None)


def _expand(node: ScalarNode, source: Source, cut: int = 0) -> tuple[Pieces, str]:
    """Return a scalar's value as compose expands it, and why it has none.

    :param cut: how many characters come before the value.
    """
    span, exact = span_of(node, source)
    offsets = range(span.start, span.start + len(node.value))
    text = Text(node.value, offsets, source.path, compose=True)
    text = text.cut(cut, len(node.value))
    try:
        pieces = expand(text, {})
        unset = list_unset(text, {})
    except CannotExpand as error:
        return (Piece(None, None),), str(error)
    if not exact:
        pieces = tuple(piece._replace(span=None) for piece in pieces)
    return pieces, f"{unset[0]} has no value" if unset else ""


def _finish(reference: Reference) -> Reference:
    text = reference.expanded
    if text is None or reference.unresolved:
        return reference
    try:
        parse(text)
    except InvalidReference as error:
        return reference._replace(unresolved=str(error))
    return reference
