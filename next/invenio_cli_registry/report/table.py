# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Several instances at a glance: how many of which kind, then a row for each. Pure."""

from __future__ import annotations

import datetime
from typing import Iterator, NamedTuple, Sequence

from ..decision.model import Checked, Report
from ..model import ACTS, Finding, Problem
from ..rules import RULES
from ..terminal import printable
from .layout import ACT_COLOURS, Layout, wrap

_HEAD = ("act", "instance", "release", "finding", "where")
_UNREAD = "?"
_COLOURS = {**ACT_COLOURS, _UNREAD: "red", "act": "bold"}
#: Names of a group that are shown, the others are counted.
_SHOWN = 2


class Row(NamedTuple):
    """One instance, or several with the same answer, as printable cells."""

    act: str  #: one of ``ACTS``, or ``?`` when a file could not be read
    instance: str
    release: str
    finding: str
    where: str


def by_urgency(report: Report) -> list[Checked]:
    """Return the instances, the most urgent first, then by path.

    A folder that is no instance and names no image is left out when there are others.
    """
    some = [
        one
        for one in report.instances
        if one.instance.project.marker or one.judged or one.findings
    ]
    return sorted(
        some or report.instances,
        key=lambda one: (
            ACTS.index(one.advice.act),
            not needs_something(one),
            one.instance.path,
        ),
    )


def needs_something(one: Checked) -> bool:
    """Tell whether there is more to say about an instance than that it is ok."""
    advice = one.advice
    calm = advice.act == "no" and advice.state == "ok" and not advice.upgrade
    return not calm or _find_unread(one) is not None


def _find_unread(one: Checked) -> Problem | None:
    """Return the first thing of an instance that could not be read and matters."""
    problems = (*one.instance.project.problems, *one.instance.problems)
    return next((problem for problem in problems if problem.fatal), None)


def table_lines(
    instances: Sequence[Checked], today: datetime.date, layout: Layout
) -> Iterator[str]:
    """Yield the counts, then the table; instances that need nothing are only counted."""
    kinds = [kind for one in instances for kind in _kinds(one, today)]
    counts = ", ".join(f"{kinds.count(one)} {one}" for one in _KINDS if one in kinds)
    yield from wrap(f"{len(instances)} instances: {counts}", layout.width, "", "  ")
    rows = list_rows(instances, today, every=layout.every)
    if rows:
        yield ""
        yield from _lay_out(rows, layout)


#: In the order in which they are counted.
_KINDS = (
    "with the wrong Python",
    "on Docker Hub",
    "with failing lines",
    "unclear",
    "unsupported",
    "with other findings",
    "accepted",
    "not readable",
    "ok",
)
_KIND_OF_RULE = {
    "python": "with the wrong Python",
    "lock-python": "with the wrong Python",
    "docker-hub": "on Docker Hub",
    "command-fails": "with failing lines",
    "unresolved": "unclear",
    "refused": "unclear",
}


def _kinds(one: Checked, today: datetime.date) -> set[str]:
    """Return the kinds of an instance; what is on Docker Hub is so when accepted, too."""
    kinds = set()
    for finding in one.findings:
        kind = _KIND_OF_RULE.get(finding.rule, "with other findings")
        if finding.end and finding.end.end <= today:
            kind = "unsupported"
        if finding.accepted_until:
            kinds |= (
                {"accepted", kind} if finding.rule == "docker-hub" else {"accepted"}
            )
        elif finding.act != "no":
            kinds.add(kind)
    if _find_unread(one):
        kinds.add("not readable")
    return kinds or {"with other findings" if one.advice.state != "ok" else "ok"}


def list_rows(
    instances: Sequence[Checked], today: datetime.date, *, every: bool = False
) -> list[Row]:
    """Return a row for each instance, those with the same answer together.

    :param every: one for each instance, also for those that need nothing.
    """
    rows = [_describe(one, today) for one in instances if every or needs_something(one)]
    if every:
        return rows
    names: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        names.setdefault((row.act, *row[2:]), []).append(row.instance)
    return [Row(key[0], _join(same), *key[1:]) for key, same in names.items()]


def _join(names: Sequence[str]) -> str:
    """Return names as ``sites/a, b, e (+6)``, their folder once."""
    first, *rest = names[:_SHOWN]
    folder = first[: first.rfind("/") + 1]
    cut = [name[len(folder) :] if name.startswith(folder) else name for name in rest]
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join((first, *cut)) + more


def _describe(one: Checked, today: datetime.date) -> Row:
    """Return an instance as words: its most urgent finding, and where that is."""
    project = one.instance.project
    unread = _find_unread(one)
    counted = [finding for finding in one.counted if finding.act != "no"]
    finding, act = next(iter(counted or one.findings), None), one.advice.act
    if unread:
        place = f"{unread.path}:{unread.line}" if unread.line else unread.path
        act, text = _UNREAD, "not readable"
    elif one.advice.upgrade:
        place, number = "", len(one.advice.upgrade.changes)
        text = f"{number} change{'' if number == 1 else 's'} for the upgrade"
    elif finding:
        place, text = finding.span.at_line, _shorten(finding, one, today)
    else:
        place, text = "", ""
    inside = f"{project.path}/"
    where = place[len(inside) :] if place.startswith(inside) else place
    cells = (project.title, project.version or "-", text, where)
    return Row(act, *map(printable, cells))


def _shorten(finding: Finding, one: Checked, today: datetime.date) -> str:
    """Return a finding in a few words."""
    if finding.accepted_until:
        return f"accepted until {finding.accepted_until}"
    reference = finding.reference
    if finding.end:
        end = finding.end.end
        return f"no fixes since {end}" if end <= today else f"fixes until {end}"
    if finding.rule == "docker-hub" and reference and reference.image:
        return f"{reference.image.familiar.rpartition('/')[2]} on Docker Hub"
    builds = one.instance.builds_on(reference) if reference else ()
    for build in builds:
        if finding.rule == "python" and build.pin:
            return f"{build.pin.source} {build.pin.text}, image {build.python.version}"
    return RULES[finding.rule].title


def _lay_out(rows: Sequence[Row], layout: Layout) -> Iterator[str]:
    """Yield the head and the rows.

    A name that is wider than its column is in a line by itself, and so is a place that
    does not fit: neither is cut, and neither pushes the other columns.
    """
    limits = (layout.width * 3 // 10, layout.width, layout.width * 4 // 10)
    wide = [
        max(len(cell) for cell in (name, *column) if len(cell) <= limit)
        for name, column, limit in zip(_HEAD[1:4], list(zip(*rows))[1:4], limits)
    ]
    below = 8 + wide[0] + 2 + wide[1] + 2
    for row in (Row(*_HEAD), *rows):
        act = layout.paint(row.act, _COLOURS[row.act]) + " " * (6 - len(row.act))
        lead, name = f"  {act}", row.instance
        if len(name) > wide[0]:
            yield lead + name
            lead, name = " " * 8, ""
        lead += f"{name.ljust(wide[0])}  {row.release.ljust(wide[1])}  "
        rest = f"{row.finding.ljust(wide[2])}  {row.where}"
        if below + len(rest) > layout.width and row.where:
            yield f"{lead}{row.finding}"
            lead, rest = " " * below, row.where
        yield f"{lead}{rest}".rstrip()
