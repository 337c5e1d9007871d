# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Sentences, wrapped and made safe to print; names, paths and commands are never cut."""

from __future__ import annotations

import re
import textwrap
from typing import Callable, Iterable, Iterator, NamedTuple

from ..advice.model import Command
from ..readers.source import Problem
from ..terminal import printable

_QUOTED = re.compile(r"`[^`]*`")
_TIE = "\x1f"


class Layout(NamedTuple):
    """How the text is laid out."""

    width: int = 80  #: columns to wrap sentences at
    every: bool = False  #: also the images that nothing is to be said of
    verbose: bool = False  #: also the upgrade path, sources, lines that would break
    paint: Callable[[str, str], str] = lambda text, colour: text


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Wrap a text between words; what stands in backticks is one word.

    :param width: in columns, the indents counted.
    :param first: indent of the first line, ``rest`` of those after it.
    """
    safe = _TIE.join(map(printable, text.split(_TIE)))
    lines = textwrap.wrap(
        _QUOTED.sub(lambda found: found.group().replace(" ", _TIE), safe),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_TIE, " ") for line in lines]


def tie(name: str) -> str:
    """Return a name or a path, for a text to be wrapped, that stays in one piece."""
    return printable(name).replace(" ", _TIE)


def problem_line(problem: Problem) -> str:
    """Return what could not be read, with its place, to be wrapped."""
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    return f"{tie(place)}  {problem.message}"


def command_lines(command: Command, layout: Layout) -> Iterator[str]:
    """Yield a command to type, and the word on it behind its first line, or below it."""
    first, *rest = (printable(line) for line in command.line.split("\n"))
    remark = printable(command.remark)
    with_remark = f"{first.ljust(44)}  {remark}"
    beside = bool(remark) and len(with_remark) + 4 <= layout.width
    yield f"    {layout.paint(with_remark if beside else first, 'bold')}"
    yield from (f"    {line}" for line in rest)
    if remark and not beside:
        yield f"      {remark}"


def section(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines behind an empty one, nothing when there are none."""
    body = list(lines)
    if body:
        yield ""
        yield from body
