# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Lines for people: wrapped at the width, coloured, safe to print. Pure.

Sentences wrap between words. Names, paths, commands and addresses are never cut.
"""

from __future__ import annotations

import json
import re
import textwrap
from typing import Callable, Iterable, Iterator, NamedTuple, Sequence

from ..decision import Report
from ..model import Command, Problem
from ..terminal import printable

_QUOTED = re.compile(r"`[^`]*`")
#: A word in a shell, with the only form in which ``shlex`` writes a quote in it.
_SHELL_WORD = re.compile(r"""'(?:[^']|'"'"')*'""")
_TIE = "\x1f"
#: Column in which the remark behind a command begins.
_REMARK = 46
_STALE_DAYS = 180

#: Of the first word behind "Act now?", and of the acts in a table.
ACT_COLOURS = {"now": "red", "soon": "yellow", "plan": "cyan", "no": "green"}


class Layout(NamedTuple):
    """How a report is laid out."""

    width: int = 80  #: columns to wrap sentences at
    every: bool = False  #: also the images and instances that need nothing
    verbose: bool = False  #: also builds, recipes, the upgrade path and the sources
    summary: bool = False  #: of several instances, the table alone
    paint: Callable[[str, str], str] = lambda text, colour: text
    root: str = "/"  #: of the repository, absolute: platforms get paths from there


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Wrap a text between words; what is in backticks counts as one word.

    :param width: in columns, the indents counted.
    :param first: indent of the first line, ``rest`` of those after it.
    """
    safe = _TIE.join(map(printable, text.split(_TIE)))
    lines = textwrap.wrap(
        _QUOTED.sub(lambda found: found[0].replace(" ", _TIE), safe),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_TIE, " ") for line in lines]


def wrap_all(texts: Iterable[str], layout: Layout, indent: str = "  ") -> Iterator[str]:
    """Yield texts one below the other, wrapped and indented."""
    for text in texts:
        yield from wrap(text, layout.width, indent, indent)


def tie(name: str) -> str:
    """Return a name or a path that stays in one piece when the text around it wraps."""
    return printable(name).replace(" ", _TIE)


def command_lines(command: Command, layout: Layout, indent: str = "    ") -> list[str]:
    """Return a command to type, its remark behind it where that fits, else below.

    A remark is a comment to the shell, because it is copied with the command. A command that is wider than the screen goes on in the next line behind a backslash:
    a shell takes all of it as one.
    """
    line, room = printable(command.line), layout.width - len(indent)
    tied = _SHELL_WORD.sub(lambda found: tie(found[0]), line)
    lines = [line] if len(line) <= room else wrap(tied, room - 2, rest="  ")
    ends = [" \\"] * (len(lines) - 1) + [""]
    painted = [
        indent + layout.paint(f"{one}{end}", "bold") for one, end in zip(lines, ends)
    ]
    remark = f"# {printable(command.remark)}" if command.remark else ""
    room -= len(f"{lines[-1]}  {remark}")
    if room < 0:
        return [*painted, *wrap_all([remark[2:]], layout, f"{indent}  # ")]
    if remark:
        gap = min(room, max(0, _REMARK - len(indent + lines[-1])))
        painted[-1] += f"{' ' * gap}  {remark}"
    return painted


def problem_lines(problems: Sequence[Problem], layout: Layout) -> Iterator[str]:
    """Yield what could not be read or understood, each with its place, below a heading."""
    if problems:
        yield "Problems:"
    for problem in problems:
        place = f"{problem.path}:{problem.line}" if problem.line else problem.path
        # The current folder needs no name.
        text = problem.message if place == "." else f"{tie(place)}  {problem.message}"
        yield from wrap(text, layout.width, "  ", "    ")


def stale_note(report: Report) -> str:
    """Return that the facts are old and how to renew them, nothing while they are not."""
    days = (report.today - report.catalogue).days
    said = f"The facts of this version are {days} days old: "
    renew = "run `pip install -U invenio-cli-registry`."
    return said + renew if days > _STALE_DAYS else ""


def encode(data: object) -> str:
    """Return JSON in ASCII, indented, its last line ended; safe in a pipeline's log."""
    text = json.dumps(data, indent=2, default=str)
    # ``##[`` would be a command to GitHub and Azure; in JSON it is inside of a string.
    return text.replace("##", r"#\u0023") + "\n"
