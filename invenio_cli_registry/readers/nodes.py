# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""YAML as composed nodes with exact places; nothing is ever constructed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Iterable, Iterator, List, Mapping, NamedTuple, Union

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
)

from .source import Problem, Source, Span

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: No file for people is nested so deeply; PyYAML's own composer crashes at 200,000.
DEEPEST = 100
#: Anchors and tags may stand in front of a scalar, on lines of their own too.
_PROPERTY = re.compile(r"[&!](?:<[^>\s]*>|[^\s\[\]{},]*)(?:\s+(?:#.*)?)*")
_MERGE = "<<"
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
#: What the loader refuses or counts otherwise; what it is does not matter for a place.
_REPLACED = re.compile("[\ud800-\udfff\ufeff]")
#: https://yaml.org/spec/1.1/#c-printable
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(eq=False)
class ScalarNode:
    """A scalar, and where it stands with what is in front of it."""

    value: str
    style: str  #: the character that begins it, ``""`` for a plain one
    start: int
    end: int


@dataclass(eq=False)
class MappingNode:
    """A mapping."""

    #: Each key, then its value.
    children: List[Node] = field(default_factory=list)

    @cached_property
    def table(self) -> Mapping[str, Node]:
        """Return what is written in it itself, by key; the first of two counts."""
        table: dict[str, Node] = {}
        for name, value in pairs(self):
            if name not in ("", _MERGE):
                table.setdefault(name, value)
        return table


@dataclass(eq=False)
class SequenceNode:
    """A sequence."""

    children: List[Node] = field(default_factory=list)


#: Compared by identity: an alias is the node that it stands for.
Node = Union[ScalarNode, MappingNode, SequenceNode]


class Composed(NamedTuple):
    """The documents of a file, or why there are none."""

    documents: tuple[Node, ...]
    problem: Problem | None = None


def compose(source: Source) -> Composed:
    """Compose every document of a file; tags of any name are let through."""
    text = _REPLACED.sub("\ufffd", source.text)
    bad = _UNPRINTABLE.search(text)
    if bad:
        character = f"it holds the character U+{ord(bad[0]):04X}"
        return _fail(source, bad.start(), character)
    try:
        return Composed(tuple(_build(yaml.parse(text, Loader=LOADER))))
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark
        return _fail(source, mark.index, str(error.problem))
    except (ValueError, OverflowError) as error:  # PyYAML's own: a number out of range
        return _fail(source, 0, str(error))


def _fail(source: Source, offset: int, message: str) -> Composed:
    line, _ = source.position(offset)
    return Composed((), Problem(source.path, line, f"not YAML: {message}"))


def _build(events: Iterable[Any]) -> list[Node]:
    """Return each document's root.

    Unlike PyYAML's own composer it does not recurse, and takes an anchor given twice, as
    Docker does: the nearest one above counts.
    """
    anchors: dict[str, Node] = {}
    roots: list[Node] = []
    opened: list[MappingNode | SequenceNode] = []
    for event in events:
        if isinstance(event, DocumentStartEvent):
            anchors.clear()
        elif isinstance(event, CollectionEndEvent):
            opened.pop()
        elif isinstance(event, NodeEvent):
            node = _take(event, anchors)
            (opened[-1].children if opened else roots).append(node)
            if not isinstance(node, ScalarNode) and not isinstance(event, AliasEvent):
                opened.append(node)
            if len(opened) > DEEPEST:
                raise _error(event, f"it is nested more than {DEEPEST} deep")
    return roots


def _error(event: Any, problem: str) -> yaml.MarkedYAMLError:  # noqa: ANN401 - PyYAML's
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


def _take(event: Any, anchors: dict[str, Node]) -> Node:  # noqa: ANN401 - PyYAML's
    """Return the node that an event begins, or the one that it is an alias of."""
    node: Node
    if isinstance(event, AliasEvent):
        if event.anchor not in anchors:
            raise _error(event, f"the alias *{event.anchor} stands for nothing")
        return anchors[event.anchor]
    if isinstance(event, MappingStartEvent):
        node = MappingNode()
    elif isinstance(event, CollectionStartEvent):
        node = SequenceNode()
    else:
        start, end = event.start_mark.index, event.end_mark.index
        node = ScalarNode(event.value, event.style or "", start, end)
    if event.anchor is not None:
        anchors[event.anchor] = node
    return node


def items(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the keys and values of a mapping, its own before those that it merges."""
    seen: set[str] = set()
    for mapping in _list_merged(node):
        for name, value in mapping.table.items():
            if name not in seen:
                seen.add(name)
                yield name, value


def get(node: Node | None, key: str) -> Node | None:
    """Return the value of a key, None when there is none."""
    tables = (mapping.table for mapping in _list_merged(node))
    return next((table[key] for table in tables if key in table), None)


def _list_merged(node: Node | None) -> Iterator[MappingNode]:
    """Yield a mapping, then those that it merges; an earlier one wins over a later one."""
    visited: set[int] = set()
    waiting = [node]
    while waiting and len(visited) < DEEPEST:
        current = waiting.pop()
        if not isinstance(current, MappingNode) or id(current) in visited:
            continue
        visited.add(id(current))
        yield current
        merged = [value for name, value in pairs(current) if name == _MERGE]
        for value in reversed(merged):
            waiting.extend(reversed(elements(value) or [value]))


def pairs(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield a mapping's own keys and values as written; a key that is no scalar is empty."""
    children = iter(node.children if isinstance(node, MappingNode) else ())
    for key, value in zip(children, children):
        yield (key.value if isinstance(key, ScalarNode) else ""), value


def elements(node: Node | None) -> list[Node]:
    """Return the elements of a sequence, none for anything else."""
    return node.children if isinstance(node, SequenceNode) else []


def scalar(node: Node | None) -> ScalarNode | None:
    """Return a scalar that says something, None for null and anything else."""
    if not isinstance(node, ScalarNode):
        return None
    return None if not node.style and node.value in _NULL else node


def filled(node: Node | None) -> ScalarNode | None:
    """Return a scalar with a text, None also for the empty one."""
    found = scalar(node)
    return found if found and found.value else None


def begin_of(node: ScalarNode, source: Source) -> int:
    """Return where a scalar itself begins, behind its anchor and its tag."""
    start = node.start
    found = _PROPERTY.match(source.text, start, node.end)
    while found:
        start = found.end()
        found = _PROPERTY.match(source.text, start, node.end)
    return start


def span_of(node: ScalarNode, source: Source) -> tuple[Span, bool]:
    """Return where a scalar's text stands, and whether it stands there as it is.

    It does not when it is folded, escaped or a block: nothing can be written there.
    """
    start, end = begin_of(node, source), node.end
    if node.style in ("'", '"'):
        start, end = start + 1, end - 1
    return Span(source.path, start, end), source.text[start:end] == node.value
