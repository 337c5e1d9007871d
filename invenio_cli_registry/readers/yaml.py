# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The images of a YAML file: compose, GitLab CI, workflows, Kubernetes, Helm. Pure.

The shape of a file tells its kind. Elsewhere a scalar counts when it is, as a whole, the
name of one of the organisation's images: it is reported, and never written.
"""

from __future__ import annotations

import os
import re
from typing import Dict, Iterator, Mapping

from ..image import InvalidReference, parse
from ..model import (
    ComposeBuild,
    Dockerfile,
    Piece,
    Pieces,
    Reference,
    Service,
    Source,
    Span,
    YamlFile,
)
from . import nodes
from .dockerfile import read_dockerfile
from .nodes import Node, Scalar, elements, get, items, scalar, walk
from .variables import UNSET, Text, Value, expand, join, refer, unwritten

_ORGANISATION = "inveniosoftware/"
#: Keys whose values name repositories of code, or addresses, never images.
_NOT_IMAGES = frozenset({"uses", "repo", "url", "github_repo"})
#: The name of an image that is, without a tag, one of code: github.com/inveniosoftware/invenio.
_CODE = "inveniosoftware/invenio"
_POD_KEYS = ("containers", "initContainers", "ephemeralContainers")
_GITLAB_NAME = re.compile(r"(?:^|[/.])gitlab-ci\.ya?ml$|(?:^|/)\.gitlab/")
_WORKFLOW_NAME = re.compile(r"(?:^|/)\.github/workflows/")
#: An image as an action of a workflow, and as a build context of compose.
_ACTION, _CONTEXT = "docker://", "docker-image://"

#: Why a reference is not written.
_DEFAULT = "it is in the default of a variable that may be set"
_INLINE = "it is in dockerfile_inline: change it by hand"
_ALIAS = "its anchor is also used where no image is expected"
_NO_ALIAS = "GitLab names the service after its image: add an alias first"
_ELSEWHERE = "nothing says that its place is one of an image"
_NO_REGISTRY = "its registry may be set elsewhere"
_DIGEST = "its digest belongs to the image that is there now"


def read_yaml(
    source: Source,
    repositories: frozenset[str] = frozenset(),
    env: Mapping[str, str] = {},
) -> YamlFile:
    """Read the images that a YAML file names.

    :param repositories: those whose name alone, with no tag, counts as an image's.
    :param env: values of variables, from the ``.env`` next to a compose file.
    """
    composed = nodes.compose(source)
    if composed.problem:
        return YamlFile(source, (), (), (composed.problem,))
    reader = _Reader(source, env)
    for document in composed.documents:
        reader.read(document)
    if _ORGANISATION in source.text:
        for document in composed.documents:
            reader.read_names(document, repositories)
    # What an alias puts elsewhere would change with the image.
    fixed = {
        alias.place(source)[0].end
        for alias in composed.aliases
        if id(alias) not in reader.used
    }
    references = [
        one._replace(fixed=_ALIAS) if one.span.end in fixed else one
        for one in reader.found.values()
    ]
    references.sort(key=lambda reference: reference.span.key)
    return YamlFile(source, tuple(references), tuple(reader.services))


def built_file(path: str, service: Service) -> str:
    """Return the Dockerfile that a service builds, ``""`` for none or an inline one.

    :param path: the compose file's; the Dockerfile's is reached from where it is.
    """
    build = service.build
    if build is None or build.inline or "$" in build.context + (build.dockerfile or ""):
        return ""
    parts = (os.path.dirname(path), build.context, build.dockerfile or "Dockerfile")
    return os.path.normpath(os.path.join(*parts))


class _Reader:
    """The images of a file, as its documents are read one after the other."""

    def __init__(self, source: Source, env: Mapping[str, str]) -> None:
        self.source = source
        self.env = {
            name: Value((Piece(text, None),) if text else ())
            for name, text in env.items()
        }
        self.values: Mapping[str, Value] = {}
        self.found: Dict[Span, Reference] = {}
        self.services: list[Service] = []
        self.taken: set[Span] = set()  #: places that services read themselves
        self.used: set[int] = set()  #: identities of the scalars that name images

    def read(self, document: Node) -> None:
        """Read the images in the places that are known in a kind of file."""
        services = get(document, "services")
        self.values = self.env if isinstance(services, nodes.Mapping) else {}
        for reference in (*self._list_images(document), *self._list_split(document)):
            if reference:
                self.found.setdefault(reference.span, reference)

    def _list_images(self, document: Node) -> Iterator[Reference | None]:
        if isinstance(get(document, "services"), nodes.Mapping):
            services = list(self._read_services(document))
            self.services.extend(services)
            yield from (one.image for one in services if not one.build)
        elif _is_workflow(document, self.source):
            yield from self._list_workflow(document)
        elif get(document, "apiVersion") and get(document, "kind"):
            for node in walk(document):
                for key in _POD_KEYS:
                    for container in elements(get(node, key)):
                        yield self._image(get(container, "image"))
        elif _is_gitlab(document, self.source):
            yield from self._list_pipeline(document)
        else:
            # The action.yml of an action that runs an image.
            yield self._image(get(get(document, "runs"), "image"), prefix=_ACTION)

    def _list_workflow(self, document: Node) -> Iterator[Reference | None]:
        for _, job in items(get(document, "jobs")):
            container = get(job, "container")
            yield self._image(get(container, "image") or container)
            for name, service in items(get(job, "services")):
                yield self._image(get(service, "image"), name)
            for step in (job, *elements(get(job, "steps"))):
                yield self._image(get(step, "uses"), prefix=_ACTION)

    def _list_pipeline(self, document: Node) -> Iterator[Reference | None]:
        """Yield GitLab's images, of the file, its default and its jobs."""
        # ``variables`` maps names to values; a variable may be called ``image``.
        jobs = [value for name, value in items(document) if name != "variables"]
        for node in (document, *jobs):
            image = get(node, "image")
            yield self._image(get(image, "name") or image)
            for service in elements(get(node, "services")):
                name = _text(get(service, "alias"))
                found = self._image(get(service, "name") or service, name)
                yield found and (found if name else found._replace(fixed=_NO_ALIAS))

    def _list_split(self, document: Node) -> Iterator[Reference | None]:
        """Yield Helm's images: ``registry``, ``repository`` and ``tag`` side by side."""
        for node in walk(document):
            registry, repository, tag, digest = (
                _filled(get(node, key))
                for key in ("registry", "repository", "tag", "digest")
            )
            if repository is None or not (registry or tag):
                continue
            has_tag = ":" in repository.value.rpartition("/")[2]
            if "://" in repository.value or (tag and has_tag):
                continue
            pieces: list[Piece] = []
            parts = (("", registry), ("/", repository), (":", tag), ("@", digest))
            for mark, part in parts:
                if part:
                    self.used.add(id(part))
                    pieces.extend([Piece(mark, None)] if pieces else [])
                    pieces.append(self._whole(part))
            span, _ = repository.place(self.source)
            text = join(tuple(pieces)) or ""
            reference = refer("yaml", span, text, Value(tuple(pieces)))
            fixed = _NO_REGISTRY if registry is None else _DIGEST if digest else ""
            yield reference._replace(split=True, fixed=fixed)

    def _whole(self, node: Scalar) -> Piece:
        span, exact = node.place(self.source)
        return Piece(node.value, span if exact else None)

    def read_names(self, document: Node, repositories: frozenset[str]) -> None:
        """Read every other scalar that is as a whole an image of the organisation."""
        for node in walk(document, _NOT_IMAGES):
            values = list(elements(node))
            if isinstance(node, nodes.Mapping):
                values = [one for key, one in node.pairs if key not in _NOT_IMAGES]
            for value in values:
                if isinstance(value, Scalar) and _is_name(value.value, repositories):
                    span, _ = value.place(self.source)
                    pieces = (self._whole(value),)
                    found = Reference(
                        "yaml", span, value.value, pieces, fixed=_ELSEWHERE
                    )
                    if span not in self.taken:
                        self.found.setdefault(span, found)

    def _image(
        self, node: Node | None, service: str = "", prefix: str = "", cut: int = 0
    ) -> Reference | None:
        """Return the reference of a scalar in an image's place, None when there is none.

        :param prefix: what has to come before the image.
        :param cut: how many characters come before the prefix.
        """
        image = _filled(node)
        if image is None or not image.value.startswith(prefix, cut):
            return None
        self.used.add(id(image))
        cut += len(prefix)
        span, exact = image.place(self.source)
        if exact:
            span = span._replace(start=span.start + cut)
        value = self._expand(image, cut)
        reference = refer("yaml", span, image.value[cut:], value)
        # A default that begins behind the name and the colon is only the tag's.
        first = value.pieces[0] if value.default else None
        is_tag = first and first.span and ":" in (first.text or "").rpartition("/")[2]
        fixed = _DEFAULT if value.default and not is_tag else ""
        return reference._replace(service=service, fixed=fixed)

    def _expand(self, node: Scalar, cut: int = 0) -> Value:
        """Return a scalar's value as compose expands it.

        :param cut: how many characters come before it.
        """
        span, exact = node.place(self.source)
        offsets = range(span.start, span.end) if exact else ()
        text = Text(node.value, offsets, self.source, escape="")
        return expand(text.cut(cut), self.values)

    def _read_services(self, document: Node) -> Iterator[Service]:
        for name, node in items(get(document, "services")):
            if isinstance(node, nodes.Mapping):
                image = self._image(get(node, "image"), name)
                self.taken.update([image.span] if image else [])
                build = self._read_build(get(node, "build"))
                yield Service(name, image, build, _read_extends(get(node, "extends")))

    def _read_build(self, node: Node | None) -> ComposeBuild | None:
        if _text(node):
            return ComposeBuild(_text(node), None, {})
        if not isinstance(node, nodes.Mapping):
            return None
        args: Dict[str, Pieces] = {}
        for name, value, cut in _list_settings(get(node, "args")):
            self.used.add(id(value))
            args[name] = (
                self._expand(value, cut).pieces if cut is not None else (UNSET,)
            )
            self.taken.update(piece.span for piece in args[name] if piece.span)
        contexts = list(_list_settings(get(node, "additional_contexts")))
        images = [self._image(one, "", _CONTEXT, cut or 0) for _, one, cut in contexts]
        names = frozenset(name for name, _, _ in contexts)
        inline = _filled(get(node, "dockerfile_inline"))
        return ComposeBuild(
            _text(get(node, "context")) or ".",
            _text(get(node, "dockerfile")) or None,
            args,
            self._read_inline(inline, args, names) if inline else None,
            tuple(image for image in images if image),
            names,
        )

    def _read_inline(
        self, node: Scalar, args: Mapping[str, Pieces], names: frozenset[str]
    ) -> Dockerfile:
        """Read the Dockerfile of ``dockerfile_inline``; every place is the whole scalar."""
        place, _ = node.place(self.source)
        # Compose makes one dollar of two, before Docker sees the text.
        inner = Source(self.source.path, node.value.replace("$$", "$"))
        read = read_dockerfile(inner, args, names)
        fixed = {
            one: one._replace(
                span=place,
                pieces=tuple(unwritten(piece) for piece in one.pieces),
                fixed=_INLINE,
            )
            for one in read.references
        }
        instructions = [
            step._replace(
                span=place,
                offsets=(),
                heredocs=tuple(one._replace(body=place) for one in step.heredocs),
            )
            for step in read.instructions
        ]
        stages = [
            stage._replace(span=place, base=stage.base and fixed[stage.base])
            for stage in read.stages
        ]
        return Dockerfile(
            self.source, tuple(instructions), tuple(stages), tuple(fixed.values()), args
        )


def _filled(node: Node | None) -> Scalar | None:
    """Return a scalar with a text, None for the empty one, null and anything else."""
    found = scalar(node)
    return found if found and found.value else None


def _text(node: Node | None) -> str:
    """Return the text of a scalar, "" for null and anything else."""
    found = scalar(node)
    return found.value if found else ""


def _list_settings(node: Node | None) -> Iterator[tuple[str, Scalar, int | None]]:
    """Yield the settings of a mapping, or of a list of ``NAME=value``.

    Each with its scalar, and how many characters of it come before the value, None when
    there is no value: compose takes it from the environment.
    """
    for name, value in items(node):
        if isinstance(value, Scalar):
            yield name, value, 0 if scalar(value) else None
    for element in elements(node):
        if isinstance(element, Scalar):
            name, equals, _ = element.value.partition("=")
            yield name, element, len(name) + 1 if equals else None


def _read_extends(node: Node | None) -> tuple[str | None, str] | None:
    """Return the file (None: this one) and the service that a service extends."""
    if _text(node):
        return None, _text(node)
    service = _text(get(node, "service"))
    return (_text(get(node, "file")) or None, service) if service else None


def _is_workflow(document: Node, source: Source) -> bool:
    jobs = [job for _, job in items(get(document, "jobs"))]
    has_runner = any(get(job, "runs-on") for job in jobs)
    is_named = bool(_WORKFLOW_NAME.search(source.path))
    return is_named or has_runner or bool(jobs and get(document, "on"))


def _is_gitlab(document: Node, source: Source) -> bool:
    has_script = any(get(node, "script") for _, node in items(document))
    return has_script or bool(_GITLAB_NAME.search(source.path))


def _is_name(text: str, repositories: frozenset[str]) -> bool:
    """Tell whether a text is the name of an image of the organisation, and nothing else."""
    if _ORGANISATION not in text or text == _CODE:
        return False
    try:
        image = parse(text)
    except InvalidReference:
        return False
    _, ours, name = f"/{image.repository}".partition(f"/{_ORGANISATION}")
    known = _ORGANISATION + name in repositories
    return bool(ours and (image.tag or image.digest or known))
