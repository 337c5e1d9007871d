# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Many instances at a glance: how many of which kind, then a line for each, by urgency."""

from __future__ import annotations

import collections
import datetime
from typing import Iterator, Mapping, NamedTuple, Sequence

from ..judgement import ACTS
from ..readers.source import Problem
from ..terminal import printable
from .layout import Layout, wrap
from .model import ProjectReport, Report

_COLOURS = {"NOW": "red", "SOON": "yellow", "PLAN": "cyan", "?": "red", "ok": "green"}
_LABELS = {"now": "NOW", "soon": "SOON", "plan": "PLAN", "no": "ok"}
_UNREAD = "?"
#: Columns that the label takes, and those between two cells.
_LABEL, _GAP = 6, 2
#: In this order, as they are counted in the first line.
_KINDS = (
    ("wrong", "builds wrong", "build wrong"),
    ("impacted", "on Docker Hub", "on Docker Hub"),
    ("unclear", "not clear", "not clear"),
    ("ended", "ended", "ended"),
    ("ending", "ends soon", "end soon"),
    ("accepted", "accepted", "accepted"),
    ("fine", "fine", "fine"),
    ("unread", "not readable", "not readable"),
)
_BY_HAND = {"copy": "make a copy", "review": "by hand", "upgrade": "upgrade"}


#: What is left out first of a table that is wider than the screen.
_LESS = ("fixes until", "release")


class _Row(NamedTuple):
    """One instance, as words."""

    label: str
    kind: str
    cells: Mapping[str, str]  #: by the column's name


def list_instances(report: Report) -> list[ProjectReport]:
    """Return the projects that are more than a folder that instances lie in."""
    return [one for one in report.projects if one.project.marker or one.advice.findings]


def summary_lines(
    instances: Sequence[ProjectReport], today: datetime.date, layout: Layout
) -> Iterator[str]:
    """Yield the counts, and the table; what is fine is one line unless all is wanted."""
    rows = sorted(
        (_describe(one, today) for one in instances),
        key=lambda row: list(_COLOURS).index(row.label),
    )
    yield from wrap(_count(rows), layout.width, "", "  ")
    fine = [row for row in rows if row.kind == "fine"]
    grouped = len(fine) > 1 and not layout.every
    yield from _table([row for row in rows if not (grouped and row in fine)], layout)
    if grouped:
        first, last = (row.cells["instance"] for row in (fine[0], fine[-1]))
        yield f"{_label(fine[0], layout)}{first} .. {last} ({len(fine)})"


def needs_something(one: ProjectReport) -> bool:
    """Tell whether there is more to say of a project than its line in the table."""
    return one.advice.act != "no" or bool(one.advice.upgrade)


def _count(rows: Sequence[_Row]) -> str:
    counts = collections.Counter(row.kind for row in rows)
    said = [
        f"{counts[kind]} {singular if counts[kind] == 1 else plural}"
        for kind, singular, plural in _KINDS
        if counts[kind]
    ]
    return f"{len(rows)} instances: {', '.join(said)}"


def _table(rows: Sequence[_Row], layout: Layout) -> Iterator[str]:
    """Yield the head and the rows, without some columns where they are too wide."""
    if not rows:
        return
    widths = {
        name: max(len(name), *(len(row.cells[name]) for row in rows))
        for name in rows[0].cells
    }
    for name in _LESS:
        if sum(widths.values()) + _GAP * (len(widths) - 1) + _LABEL > layout.width:
            del widths[name]

    def fill(cells: Mapping[str, str]) -> str:
        padded = (cells[name].ljust(width) for name, width in widths.items())
        return (" " * _GAP).join(padded).rstrip()

    yield " " * _LABEL + fill({name: name for name in widths})
    for row in rows:
        yield _label(row, layout) + fill(row.cells)


def _label(row: _Row, layout: Layout) -> str:
    padding = " " * (_LABEL - len(row.label))
    return f"{layout.paint(row.label, _COLOURS[row.label])}{padding}"


def _describe(one: ProjectReport, today: datetime.date) -> _Row:
    project, release = one.project, one.release
    name = f"{project.flavour} {project.release or ''}" if project.flavour else "-"
    unread = next((problem for problem in one.problems if problem.fatal), None)
    kind = "unread" if unread else _kind(one, today)
    end = release.maintained_until if release else None
    cells = {
        "instance": project.title,
        "release": name.strip(),
        "fixes until": str(end or "-"),
        "status": _status(one, kind),
        "what to do": _place(unread) if unread else _advise(one, kind),
    }
    return _Row(
        label=_UNREAD if unread else _LABELS[one.advice.act],
        kind=kind,
        cells={name: printable(text) for name, text in cells.items()},
    )


def _place(problem: Problem) -> str:
    line = f":{problem.line}" if problem.line else ""
    return f"mend {problem.path}{line}"


def _kind(one: ProjectReport, today: datetime.date) -> str:
    act = one.advice.act
    if act == "now":
        return "wrong"
    if act == "soon":
        return "impacted" if "impacted" in _statuses(one) else "unclear"
    if _accepted(one):
        return "accepted"
    if act == "plan":
        end = one.release.maintained_until if one.release else None
        return "ending" if end and end > today else "ended"
    return "fine"


def _statuses(one: ProjectReport) -> list[str]:
    """Return the statuses that count, the most urgent first."""
    counted = [
        finding.judged
        for finding in one.advice.findings
        if finding.judged.act != "no" and not finding.judged.accepted_until
    ]
    counted.sort(key=lambda judged: ACTS.index(judged.act))
    return [judged.status for judged in counted]


def _accepted(one: ProjectReport) -> str:
    """Return the first day on which an accepted image counts again."""
    days = (finding.judged.accepted_until for finding in one.advice.findings)
    return str(min((day for day in days if day), default=""))


def _status(one: ProjectReport, kind: str) -> str:
    if kind != "wrong":
        return next(one for name, one, _ in _KINDS if name == kind)
    if "unsuitable" in _statuses(one):
        return "wrong Python"
    return "lines fail" if one.advice.failing else "does not build"


def _advise(one: ProjectReport, kind: str) -> str:
    if kind == "fine":
        return ""
    if kind == "accepted":
        return f"nothing until {_accepted(one)}"
    action, commands = one.advice.action, one.advice.commands
    if commands and commands[0].words:
        return commands[0].words
    return _BY_HAND.get(action, "")
