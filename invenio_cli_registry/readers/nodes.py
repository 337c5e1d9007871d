# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""YAML as composed nodes with exact places; nothing is ever constructed. Pure."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from .source import Problem, Source, Span

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: No file for people is nested so deeply, and the C loader crashes at 200,000.
DEEPEST = 100
_STARTS = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_ENDS = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)
#: What may stand in front of a scalar: an anchor, a tag.
_PROPERTY = re.compile(r"[&!][^\s\[\]{},]*[ \t]+")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Composed(NamedTuple):
    """The documents of a file, or why there are none."""

    documents: tuple[Node, ...]
    problem: Problem | None = None


def compose(source: Source) -> Composed:
    """Compose every document of a file; tags of any name are let through."""
    # The loader takes no byte that is no UTF-8; what it is does not matter for a place.
    text = _SURROGATE.sub("\ufffd", source.text)
    try:
        if _is_deep(text):
            return _fail(source, 0, f"it is nested more than {DEEPEST} deep")
        documents = tuple(yaml.compose_all(text, Loader=LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # The loader counts other line ends, too.
        line = source.position(min(mark.index, len(text)))[0] if mark else 0
        return _fail(source, line, f"not YAML: {error.problem or error.context}")
    except (yaml.YAMLError, ValueError) as error:
        first = (str(error).splitlines() or [""])[0]
        return _fail(source, 0, f"not YAML: {first}")
    return Composed(tuple(node for node in documents if node is not None))


def _fail(source: Source, line: int, message: str) -> Composed:
    return Composed((), Problem(source.path, line, message))


def _is_deep(text: str) -> bool:
    depth = 0
    for token in yaml.scan(text, Loader=LOADER):
        if isinstance(token, _STARTS):
            depth += 1
            if depth > DEEPEST:
                return True
        elif isinstance(token, _ENDS):
            depth -= 1
    return False


def items(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the keys and values of a mapping, its own before those that it merges."""
    seen: set[str] = set()
    visited: set[int] = set()
    waiting = [node]
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, MappingNode) or id(current) in visited:
            continue
        visited.add(id(current))
        for name, value in pairs(current):
            if name == "<<":
                merged = value.value if isinstance(value, SequenceNode) else [value]
                waiting.extend(merged)
            elif name not in seen:
                seen.add(name)
                yield name, value


def pairs(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield a mapping's own keys and values as written; a key that is no scalar is empty."""
    for key, value in node.value if isinstance(node, MappingNode) else ():
        yield (key.value if isinstance(key, ScalarNode) else ""), value


def get(node: Node | None, key: str) -> Node | None:
    """Return the value of a key, None when there is none."""
    return next((value for name, value in items(node) if name == key), None)


def elements(node: Node | None) -> list[Node]:
    """Return the elements of a sequence, none for anything else."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def scalar(node: Node | None) -> ScalarNode | None:
    """Return a scalar with a text, None for anything else."""
    return node if isinstance(node, ScalarNode) else None


def span_of(node: ScalarNode, source: Source) -> tuple[Span, bool]:
    """Return where a scalar's text stands, and whether it stands there as it is.

    It does not when it is folded, escaped or a block: nothing can be written there.
    """
    start, end = node.start_mark.index, node.end_mark.index
    while True:
        found = _PROPERTY.match(source.text, start, end)
        if not found:
            break
        start = found.end()
    if node.style in ("'", '"') and end - start >= 2:
        start, end = start + 1, end - 1
    if not node.style:  # plain: None or '', by the loader
        end = min(end, start + len(node.value))
    written = source.text[start:end]
    return Span(source.path, start, end), written == node.value
