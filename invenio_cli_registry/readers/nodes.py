# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""YAML as composed nodes with exact places; nothing is ever constructed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Iterator, List, Mapping, NamedTuple, Union

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
)

from .source import Problem, Source, Span

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: No file for people is nested so deeply; PyYAML's own composer crashes at 200,000.
DEEPEST = 100
_TOO_DEEP = f"it is nested more than {DEEPEST} deep"
#: Characters that aliases may stand for, all together: as many as a file may have. Docker
#: refuses such a file too, at another measure ("document contains excessive aliasing").
MOST_REPEATED = 1 << 20
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


class _Opened(NamedTuple):
    """A collection whose end has not come yet."""

    node: MappingNode | SequenceNode
    anchor: str | None
    start: int
    repeated: int  #: what aliases had repeated when it began


class _Anchored(NamedTuple):
    """What an anchor names, and how long it is with its aliases written out."""

    node: Node
    length: int


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
        builder = _Builder()
        for event in yaml.parse(text, Loader=LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark
        said = str(error.problem)
        # Newer C loaders count themselves, and far ahead of what they give.
        deep = _TOO_DEEP if "nesting depth" in said else said
        return _fail(source, mark.index, deep)
    except (ValueError, OverflowError) as error:  # PyYAML's own: a number out of range
        return _fail(source, 0, str(error))
    return Composed(tuple(builder.roots))


def _fail(source: Source, offset: int, message: str) -> Composed:
    # What is open at the end is missed behind the last line.
    end = len(source.text.rstrip("\r\n"))
    line, _ = source.position(min(offset, end))
    return Composed((), Problem(source.path, line, f"not YAML: {message}"))


class _Builder:
    """The documents so far.

    Unlike PyYAML's own composer it does not recurse, takes an anchor given twice, as
    Docker does (the nearest one above counts), and bounds what aliases repeat.
    """

    def __init__(self) -> None:
        self.roots: list[Node] = []
        self.opened: list[_Opened] = []
        self.anchors: dict[str, _Anchored] = {}
        self.repeated = 0

    def take(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's own
        """Take the next event."""
        if isinstance(event, DocumentStartEvent):
            self.anchors.clear()
        elif isinstance(event, CollectionStartEvent):
            self._open(event)
        elif isinstance(event, CollectionEndEvent):
            self._close(event)
        elif isinstance(event, ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, AliasEvent):
            self._repeat(event)

    def _open(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's own
        is_mapping = isinstance(event, MappingStartEvent)
        node = MappingNode() if is_mapping else SequenceNode()
        self._add(node)
        # Docker refuses an alias of what it is part of, and so it stands for nothing.
        self.anchors.pop(event.anchor, None)
        start = event.start_mark.index
        self.opened.append(_Opened(node, event.anchor, start, self.repeated))
        if len(self.opened) > DEEPEST:
            raise _error(event, _TOO_DEEP)

    def _close(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's own
        node, anchor, start, repeated = self.opened.pop()
        length = event.end_mark.index - start + self.repeated - repeated
        self._name(anchor, node, length)

    def _take_scalar(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's own
        start, end = event.start_mark.index, event.end_mark.index
        node = ScalarNode(event.value, event.style or "", start, end)
        self._add(node)
        self._name(event.anchor, node, end - start)

    def _add(self, node: Node) -> None:
        (self.opened[-1].node.children if self.opened else self.roots).append(node)

    def _name(self, anchor: str | None, node: Node, length: int) -> None:
        if anchor is not None:
            self.anchors[anchor] = _Anchored(node, length)

    def _repeat(self, event: Any) -> None:  # noqa: ANN401 - PyYAML's own
        if event.anchor not in self.anchors:
            raise _error(event, f"the alias *{event.anchor} stands for nothing")
        node, length = self.anchors[event.anchor]
        self.repeated += length
        if self.repeated > MOST_REPEATED:
            raise _error(event, "its aliases repeat too much")
        self._add(node)


def _error(event: Any, problem: str) -> yaml.MarkedYAMLError:  # noqa: ANN401 - PyYAML's
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)


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
    while waiting:
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
