# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ARG and ENV give the variables of the commands below them. Pure.

``$NAME`` and ``${NAME}`` are filled in where a shell would; what has no value in the
build's text, or is set by the command itself, stays as it is written.
"""

from __future__ import annotations

import re
from collections import ChainMap
from typing import Dict, Iterator, Mapping, NamedTuple, Sequence, Tuple

from ..readers.model import Instruction, Piece
from ..readers.variables import CannotExpand, Text, expand, join

_Steps = Tuple[Tuple[str, Instruction], ...]
#: None: it has one that the text does not tell.
_Values = Dict[str, "str | None"]

#: A variable where the shell sees one: not escaped, not in single quotes.
_USE = re.compile(r"\\.|'[^']*'|\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_]\w*")
_PAIR = re.compile(
    r"""(?<!\S)([A-Za-z_]\w*)(?:=((?:[^\s"'\\]|\\.|"(?:\\.|[^"\\])*"|'[^']*')*))?(?!\S)""",
    re.DOTALL,
)
#: What a command gives a value itself.
_SET = re.compile(
    r"(?<![\w$-])(?:(\w+)\+?=|(?:for|getopts|read|unset)\s+(?:-\w+\s+)*(\w+))"
)
_EXEC_FORM = re.compile(r"\s*(?:--\S+\s+)*\[")
#: A value that means nothing more to a shell.
_PLAIN = re.compile(r"[\w.,:/@+=~^% -]*")
#: The values of one instruction are no longer than this together.
_LONGEST = 4096
#: No build of the real world has so many instructions.
_MOST_STEPS = 5000


class Around(NamedTuple):
    """What is around the stages of a Dockerfile."""

    declared: Sequence[Instruction] = ()  #: before the first FROM
    given: frozenset[str] = frozenset()  #: arguments that a compose file gives


def fill_in(steps: _Steps, around: Mapping[str, Around]) -> _Steps:
    """Return a build's instructions with the variables of each RUN filled in.

    :param steps: with their files, in the order in which they run.
    :param around: by file.
    """
    uses = any(step.keyword == "RUN" and "$" in step.text for _, step in steps)
    if not uses or len(steps) > _MOST_STEPS:
        return steps
    return tuple(_fill_in(steps, around))


def _fill_in(
    steps: _Steps, around: Mapping[str, Around]
) -> Iterator[tuple[str, Instruction]]:
    environment: _Values = {}
    arguments: _Values = {}
    here, outside = None, _Scope()
    for path, step in steps:
        if path != here:  # An image keeps its environment, and no argument.
            here, outside = path, _read_outside(around.get(path, Around()))
            arguments.clear()
        values = ChainMap(environment, arguments)
        if step.onbuild:
            pass
        elif step.keyword == "ENV":
            environment.update(_evaluate(step.text, values, legacy=True))
        elif step.keyword == "ARG":
            given = _evaluate(step.text, values, outside.values)
            arguments.update(outside.hide(given))
        elif step.keyword == "RUN" and "$" in step.text:
            step = _fill(step, values)
        yield path, step


class _Scope(NamedTuple):
    """The arguments before the first FROM."""

    values: Mapping[str, str | None] = {}
    given: frozenset[str] = frozenset()

    def hide(self, values: _Values) -> _Values:
        """Leave out what another file may give another value."""
        return {name: None if name in self.given else values[name] for name in values}


def _read_outside(around: Around) -> _Scope:
    values: _Values = {}
    for step in around.declared:
        if step.keyword == "ARG":
            values.update(_evaluate(step.text, values))
    scope = _Scope(given=around.given)
    return scope._replace(values=scope.hide(values))


def _evaluate(
    text: str,
    values: Mapping[str, str | None],
    outside: Mapping[str, str | None] = {},
    *,
    legacy: bool = False,
) -> _Values:
    """Return what an ARG or an ENV gives its variables.

    :param values: those before it.
    :param outside: of the names without a value of their own.
    :param legacy: ``ENV NAME value``.
    """
    first, _, rest = text.strip().partition(" ")
    if legacy and "=" not in first:
        return {first: _expand(rest.strip(), values)}
    pairs = [(found[1], found[2]) for found in _PAIR.finditer(text)]
    return {
        name: outside.get(name) if value is None else _expand(value, values)
        for name, value in pairs
    }


def _expand(text: str, values: Mapping[str, str | None]) -> str | None:
    used = set(_NAME.findall(text)) if "$" in text else ()
    known = {name: (Piece(values[name], None),) for name in used if name in values}
    try:
        return join(expand(Text(text, range(len(text)), ""), known))
    except CannotExpand:
        return None


def _fill(step: Instruction, values: Mapping[str, str | None]) -> Instruction:
    """Fill the variables of a RUN in; each character of a value stands where its ``$`` is."""
    text, places = step.text, step.offsets
    if _EXEC_FORM.match(text):
        return step
    own = {name for pair in _SET.findall(text) for name in pair}
    parts: list[str] = []
    offsets: list[int] = []
    at = length = 0
    for use in _USE.finditer(text):
        name = use[1] or use[2]
        value = values.get(name) if name and name not in own else None
        if value is None or not _PLAIN.fullmatch(value) or length > _LONGEST:
            continue
        length += len(value)
        parts += [text[at : use.start()], value]
        offsets += [*places[at : use.start()], *[places[use.start()]] * len(value)]
        at = use.end()
    if not at:
        return step
    text, offsets = "".join([*parts, text[at:]]), [*offsets, *places[at:]]
    return step._replace(text=text, offsets=offsets)
