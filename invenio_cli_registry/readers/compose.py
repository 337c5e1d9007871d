# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The services of a compose file: what each is built from, or which image it runs. Pure."""

from __future__ import annotations

import os
from typing import Iterator

from .inline import read_inline
from .model import Build, Piece, Service
from .nodes import MappingNode, Node, ScalarNode, elements, filled, get, items, scalar
from .scalars import expand_scalar, refer
from .source import Source
from .variables import Pieces

_UNKNOWN: Pieces = (Piece(None, None),)


def read_services(document: Node, source: Source) -> Iterator[Service]:
    """Yield the services of a compose file, none of anything else."""
    for name, node in items(get(document, "services")):
        if isinstance(node, MappingNode):
            image = filled(get(node, "image"))
            yield Service(
                name,
                refer(image, source, name) if image else None,
                _read_build(get(node, "build"), source),
                _read_extends(get(node, "extends")),
            )


def built_file(path: str, service: Service) -> str:
    """Return the Dockerfile that a service builds, ``""`` for none or an inline one.

    :param path: the compose file's; the Dockerfile's is reached from where it is.
    """
    build = service.build
    if build is None or build.inline or "$" in build.context + (build.dockerfile or ""):
        return ""
    parts = (os.path.dirname(path), build.context, build.dockerfile or "Dockerfile")
    return os.path.normpath(os.path.join(*parts))


def _read_build(node: Node | None, source: Source) -> Build | None:
    context = scalar(node)
    if context:
        return Build(context.value, None, {})
    if not isinstance(node, MappingNode):
        return None
    context, dockerfile = scalar(get(node, "context")), scalar(get(node, "dockerfile"))
    inline = scalar(get(node, "dockerfile_inline"))
    args = dict(_read_args(get(node, "args"), source))
    return Build(
        context.value if context else ".",
        dockerfile.value if dockerfile else None,
        args,
        read_inline(inline, args, source) if inline else None,
    )


def _read_args(node: Node | None, source: Source) -> Iterator[tuple[str, Pieces]]:
    """Yield the build arguments of a mapping, or of a list of ``NAME=value``.

    One without a value takes it from the environment.
    """
    for name, value in items(node):
        if isinstance(value, ScalarNode):
            yield name, expand_scalar(value, source)[0] if scalar(value) else _UNKNOWN
    for element in elements(node):
        if isinstance(element, ScalarNode):
            name, equals, _ = element.value.partition("=")
            cut = len(name) + 1
            yield name, expand_scalar(element, source, cut)[0] if equals else _UNKNOWN


def _read_extends(node: Node | None) -> tuple[str | None, str] | None:
    name = scalar(node)
    if name:
        return None, name.value
    service, file = scalar(get(node, "service")), scalar(get(node, "file"))
    return (file.value if file else None, service.value) if service else None
