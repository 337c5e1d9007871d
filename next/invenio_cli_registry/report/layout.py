# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Lines for people: wrapped at the width, coloured, safe to print. Pure.

Sentences wrap between words. Names, paths, commands and addresses are never cut.
"""

from __future__ import annotations

import json
import re
import shlex
import textwrap
from typing import Callable, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ..decision.model import Report
from ..model import Command, Problem
from ..terminal import printable

_QUOTED = re.compile(r"`[^`]*`")
_TIE = "\x1f"
#: Column in which the remark behind a command begins.
_REMARK = 46
_STALE_DAYS = 180

#: Of the first word behind "Act now?", and of the acts in a table.
ACT_COLOURS = {"now": "red", "soon": "yellow", "plan": "cyan", "no": "green"}


class Layout(NamedTuple):
    """How the text is laid out."""

    width: int = 80  #: columns to wrap sentences at
    every: bool = False  #: also the images and instances that need nothing
    verbose: bool = False  #: also builds, recipes, the upgrade path and the sources
    summary: bool = False  #: of several instances, the table alone
    paint: Callable[[str, str], str] = lambda text, colour: text


class Request(NamedTuple):
    """How a report is wanted."""

    root: str  #: of the repository, absolute: platforms get paths from there
    layout: Layout = Layout()  #: of the text; ``every`` is for JSON, too


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Wrap a text between words; what is in backticks counts as one word.

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
    """Return a name or a path that stays in one piece when the text around it wraps."""
    return printable(name).replace(" ", _TIE)


def command_lines(command: Command, layout: Layout, indent: str = "    ") -> list[str]:
    """Return a command to type, its remark behind it where that fits, else below.

    A command that is wider than the screen goes on in the next line behind a backslash:
    a shell takes all of it as one.
    """
    lines = _fold(printable(command.line), command, layout.width - len(indent))
    painted = [indent + layout.paint(line, "bold") for line in lines]
    if not command.remark:
        return painted
    remark = printable(command.remark)
    room = layout.width - len(f"{indent}{lines[-1]}  {remark}")
    if room < 0:
        below = f"{indent}  "
        return [*painted, *wrap(remark, layout.width, below, below)]
    gap = min(room, max(0, _REMARK - len(indent + lines[-1])))
    painted[-1] += f"{' ' * gap}  {remark}"
    return painted


def _fold(line: str, command: Command, width: int) -> list[str]:
    """Return a command in lines that end with a backslash, none of its words cut."""
    if len(line) <= width:
        return [line]
    words = [printable(shlex.quote(word)) for word in command.words]
    if command.folder:
        words = ["(cd", printable(shlex.quote(command.folder)), "&&", *words]
        words[-1] += ")"
    lines = [words[0]]
    for word in words[1:]:
        if len(f"{lines[-1]} {word} \\") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(f"  {word}")
    return [*(f"{one} \\" for one in lines[:-1]), lines[-1]]


def problem_lines(problems: Sequence[Problem], layout: Layout) -> Iterator[str]:
    """Yield what could not be read or understood, each with its place, below a heading."""
    if problems:
        yield "Problems:"
    for problem in problems:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        text = f"{tie(place)}  {problem.message}"
        yield from wrap(text, layout.width, "  ", "    ")


def section(lines: Iterable[str], title: str = "") -> Iterator[str]:
    """Yield lines behind an empty one and their title, nothing when there are none."""
    body = list(lines)
    if body:
        yield from ("", f"  {title}") if title else ("",)
        yield from body


def stale_note(report: Report) -> str:
    """Return that the facts are old and how to renew them, nothing while they are not."""
    days = (report.today - report.catalogue).days
    if days <= _STALE_DAYS:
        return ""
    return (
        f"The facts of this version are {days} days old: "
        "run `pip install -U invenio-cli-registry`."
    )


def encode(data: Mapping[str, object] | Sequence[object]) -> str:
    """Return JSON in ASCII, indented, its last line ended; safe in a pipeline's log.

    ``##[`` would be a command to GitHub and Azure anywhere in a line; in JSON the two
    signs are next to each other only inside of a string.
    """
    text = json.dumps(data, indent=2, default=str)
    return text.replace("##", r"#\u0023") + "\n"
