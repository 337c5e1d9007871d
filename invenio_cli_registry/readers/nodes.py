# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""YAML as nodes with exact places; nothing is ever constructed. Pure."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Union

import yaml

from ..model import Problem, Source, Span

#: Nobody nests a file so deeply; PyYAML's own composer crashes at 200,000.
DEEPEST = 100
_TOO_DEEP = f"it is nested more than {DEEPEST} deep"
#: Characters that aliases may stand for, all together: as many as a file may have. Docker
#: refuses such a file too, at another measure ("document contains excessive aliasing").
MOST_REPEATED = 1 << 20
#: Anchors and tags are in front of a scalar, also on lines before it.
_PROPERTIES = re.compile(
    r"(?:[&!](?:<[^>\s]*>|[^\s\[\]{},]*)(?:\s+(?:#.*)?)*)*",
)
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
#: What the loader refuses or counts differently; what it is does not matter for a place.
_REPLACED = re.compile("[\ud800-\udfff\ufeff]")
#: https://yaml.org/spec/1.1/#c-printable
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


class Scalar(NamedTuple):
    """A scalar, and where it is written. An alias of one is another one, at its place."""

    value: str
    style: str  #: the character that begins it, ``""`` for a plain one
    start: int  #: of its anchor and tag, if it has them
    end: int

    def place(self, source: Source) -> tuple[Span, bool]:
        """Return where its text is, and whether the text there is its value.

        It is not when it is folded, escaped or a block: nothing can be written there.
        """
        found = _PROPERTIES.match(source.text, self.start, self.end)
        start, end = found.end() if found else self.start, self.end
        if self.style in ("'", '"'):
            start, end = start + 1, end - 1
        return Span(source, start, end), source.text[start:end] == self.value


class Sequence(List["Node"]):
    """The elements of a sequence."""


class Mapping:
    """The keys and values of a mapping."""

    def __init__(self, children: List[Node]) -> None:
        """Take keys and values in turn, as they are written."""
        #: Its own keys and values; a key that is no scalar is empty.
        self.pairs = [
            (key.value if isinstance(key, Scalar) else "", value)
            for key, value in zip(children[::2], children[1::2])
        ]
        #: The values by key, its own before those that it merges; the first of two counts.
        self.table: Dict[str, Node] = {}
        merged: List[Node] = []
        for name, value in self.pairs:
            if name == "<<":
                merged.extend(elements(value) or [value])
            elif name:
                self.table.setdefault(name, value)
        for node in merged:
            for name, value in items(node):
                self.table.setdefault(name, value)


#: Compared by identity: an alias of a collection is the collection.
Node = Union[Scalar, Mapping, Sequence]


def items(node: Node | None) -> Iterable[tuple[str, Node]]:
    """Return the keys and values of a mapping, merged ones last; none of anything else."""
    return node.table.items() if isinstance(node, Mapping) else ()


def get(node: Node | None, key: str) -> Node | None:
    """Return the value of a key, None when there is none."""
    return node.table.get(key) if isinstance(node, Mapping) else None


def elements(node: Node | None) -> Sequence:
    """Return the elements of a sequence, none of anything else."""
    return node if isinstance(node, Sequence) else Sequence()


def scalar(node: Node | None) -> Scalar | None:
    """Return a scalar that says something, None for null and anything else."""
    if not isinstance(node, Scalar) or (not node.style and node.value in _NULL):
        return None
    return node


def walk(document: Node, closed: frozenset[str] = frozenset()) -> Iterator[Node]:
    """Yield every mapping and sequence once, however often it has an alias.

    :param closed: keys whose values are not entered.
    """
    seen: set[int] = set()
    waiting = [document]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Scalar) or id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, Mapping):
            waiting.extend(value for key, value in node.pairs if key not in closed)
        else:
            waiting.extend(node)


class Composed(NamedTuple):
    """The documents of a file, or why there are none."""

    documents: tuple[Node, ...]
    aliases: tuple[Scalar, ...] = ()  #: those of scalars
    problem: Problem | None = None


def compose(source: Source) -> Composed:
    """Compose every document of a file; tags of any name are let through."""
    text = _REPLACED.sub("\ufffd", source.text)
    bad = _UNPRINTABLE.search(text)
    if bad:
        said = f"it contains the character U+{ord(bad[0]):04X}"
        return _fail(source, bad.start(), said)
    builder = _Builder()
    try:
        for event in yaml.parse(
            text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        ):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark
        said = str(error.problem)
        # Newer C loaders count themselves, far ahead of what they return.
        return _fail(source, mark.index, _TOO_DEEP if "nesting depth" in said else said)
    except (ValueError, OverflowError) as error:  # PyYAML's own: a number out of range
        return _fail(source, 0, str(error))
    return Composed(tuple(builder.roots), tuple(builder.aliases))


def _fail(source: Source, offset: int, message: str) -> Composed:
    # What is still open at the end is missed behind the last line.
    end = len(source.text.rstrip("\r\n"))
    line, _ = source.position(min(offset, end))
    return Composed((), (), Problem(source.path, line, f"not YAML: {message}"))


class _Builder:
    """The documents so far.

    Unlike PyYAML's own composer it does not recurse, takes an anchor that is given twice
    (as for Docker, the nearest one above counts), and bounds what aliases repeat.
    """

    def __init__(self) -> None:
        self.roots: List[Node] = []
        #: What is still open: its children, its anchor, and where it began.
        self.opened: List[tuple[List[Node], str | None, int]] = []
        #: By anchor: its node, and how long that is with its aliases written out.
        self.anchors: Dict[str | None, tuple[Node, int]] = {}
        self.aliases: List[Scalar] = []
        self.repeated = 0

    def take(self, event: Any) -> None:  # noqa: ANN401 - PyYAML has no types of its own
        """Take the next event.

        :raises MarkedYAMLError: when an alias has no anchor, or the file is a bomb.
        """
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, yaml.ScalarEvent):
            scalar = Scalar(event.value, event.style or "", start, end)
            self._add(scalar, event.anchor, end - start)
        elif isinstance(event, yaml.CollectionStartEvent):
            # Docker refuses an alias of what contains it: it stands for nothing.
            self.anchors.pop(event.anchor, None)
            self.opened.append(([], event.anchor, start + self.repeated))
            if len(self.opened) > DEEPEST:
                raise _error(event, _TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            children, anchor, start = self.opened.pop()
            is_mapping = isinstance(event, yaml.MappingEndEvent)
            node = Mapping(children) if is_mapping else Sequence(children)
            self._add(node, anchor, end + self.repeated - start)
        elif isinstance(event, yaml.AliasEvent):
            self._repeat(event)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.anchors.clear()

    def _repeat(self, event: Any) -> None:  # noqa: ANN401
        if event.anchor not in self.anchors:
            raise _error(event, f"the alias *{event.anchor} stands for nothing")
        node, length = self.anchors[event.anchor]
        self.repeated += length
        if self.repeated > MOST_REPEATED:
            raise _error(event, "its aliases repeat too much")
        if isinstance(node, Scalar):
            node = Scalar(*node)
            self.aliases.append(node)
        self._add(node)

    def _add(self, node: Node, anchor: str | None = None, length: int = 0) -> None:
        (self.opened[-1][0] if self.opened else self.roots).append(node)
        self.anchors[anchor] = node, length


def _error(event: Any, problem: str) -> yaml.MarkedYAMLError:  # noqa: ANN401
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
