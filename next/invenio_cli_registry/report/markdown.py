# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report as Markdown, for a job summary or a merge request. Pure.

What a file may hold is code, in a cell of the table and in the blocks below it. So nothing
in a file can become markup, a mention or a link.
"""

from __future__ import annotations

import re
from typing import Iterable

from ..decision.model import Report
from ..terminal import printable
from .layout import Layout, Request, problem_lines
from .table import by_urgency, list_rows, needs_something
from .text import footer_of, instance_lines


def render_markdown(report: Report, request: Request) -> str:
    """Return the table of all instances, then a section for each that needs something."""
    shown, layout = by_urgency(report), request.layout._replace(paint=Layout().paint)
    blocks = ["## Base images of Invenio instances", report.nothing]
    if shown:
        rows = list_rows(shown, report.today, every=layout.every or len(shown) == 1)
        head = ["| act | instance | release | finding | where |", "| --- " * 5 + "|"]
        cells = (" | ".join(map(_cell, row)) for row in rows)
        blocks.append("\n".join((*head, *(f"| {row} |" for row in cells))))
    fine = len(shown) - sum(map(needs_something, shown))
    if fine and len(shown) > 1:
        blocks.append(f"{fine} of {len(shown)} instances are ok.")
    for one in [] if layout.summary else shown:
        if layout.every or len(shown) == 1 or needs_something(one):
            blocks.append(f"### {code(one.instance.project.title)}")
            blocks.append(_fence(instance_lines(one, layout)))
    if report.problems:
        blocks += ["### Problems", _fence(problem_lines(report.problems, layout))]
    blocks.append(footer_of(report))
    return "\n\n".join(filter(None, blocks)) + "\n"


def _cell(text: str) -> str:
    """Return a cell of a table: a pipe ends it, also in code."""
    return code(text).replace("|", r"\|")


def code(text: str) -> str:
    """Return a text as code, whatever is in it."""
    safe, mark = printable(text), _mark(text, 1)
    pad = " " if safe.startswith("`") or safe.endswith("`") else ""
    return f"{mark}{pad}{safe}{pad}{mark}" if safe else ""


def _fence(lines: Iterable[str]) -> str:
    """Return lines as one block of code."""
    text = "\n".join(lines)
    mark = _mark(text, 3)
    return f"{mark}text\n{text}\n{mark}"


def _mark(text: str, least: int) -> str:
    """Return a run of backticks that is longer than any in a text."""
    return "`" * max(least, 1 + max(map(len, re.findall("`+", text)), default=0))
