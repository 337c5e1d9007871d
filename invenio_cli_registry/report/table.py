# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Several instances at a glance: how many of which kind, then a row for each. Pure."""

from __future__ import annotations

import datetime
from typing import Iterator, Sequence

from ..decision import Checked, Report
from ..model import ACTS, Finding, Problem
from ..rules import RULES
from ..terminal import printable
from .layout import ACT_COLOURS, Layout, wrap

HEAD = ("act", "instance", "release", "finding", "where")
_COLOURS = {**ACT_COLOURS, "?": "red", "act": "bold"}
#: Names of a group that are shown, the others are counted.
_SHOWN = 2
#: What is counted above the table, by act; an instance that needs nothing is ok.
_COUNTED = {
    "?": "not readable",
    "now": "act now",
    "soon": "act soon",
    "plan": "plan",
    "no": "other",
    "ok": "ok",
}


def by_urgency(report: Report) -> list[Checked]:
    """Return the instances, the most urgent first, then by path.

    A folder that is no instance and names no image is left out when there are others.
    """
    some = [
        one
        for one in report.instances
        if one.instance.project.marker or one.judged or one.findings
    ]

    def key(one: Checked) -> tuple[int, bool, str]:
        urgency = ACTS.index(one.advice.act)
        return urgency, not needs_something(one), one.instance.path

    return sorted(some or report.instances, key=key)


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
    """Yield how many have to act when, then the table of those that are not ok."""
    acts = [_act_of(one) for one in instances]
    counts = [
        f"{acts.count(act)} {name}" for act, name in _COUNTED.items() if act in acts
    ]
    on_hub = sum(any(f.rule == "docker-hub" for f in one.findings) for one in instances)
    text = f"{len(instances)} instances: {', '.join(counts)}."
    text += f" {on_hub} on Docker Hub." if on_hub else ""
    yield from wrap(text, layout.width, "", "  ")
    rows = list_rows(instances, today, every=layout.every)
    if rows:
        yield ""
        yield from _lay_out(rows, layout)


def _act_of(one: Checked) -> str:
    """Return the act, "?" of an instance that is not readable, "ok" where all is well."""
    if _find_unread(one):
        return "?"
    return one.advice.act if needs_something(one) else "ok"


def list_rows(
    instances: Sequence[Checked], today: datetime.date, *, every: bool = False
) -> list[tuple[str, ...]]:
    """Return printable cells below ``HEAD``, instances with the same answer together.

    :param every: a row for each instance, also for those that need nothing.
    """
    rows = [_describe(one, today) for one in instances if every or needs_something(one)]
    if every:
        return rows
    names: dict[tuple[str, ...], list[str]] = {}
    for act, name, *others in rows:
        names.setdefault((act, *others), []).append(name)
    return [(act, _join(same), *others) for (act, *others), same in names.items()]


def _join(names: Sequence[str]) -> str:
    """Return names as ``sites/a, b, e (+6)``, their folder once."""
    first, *rest = names[:_SHOWN]
    folder = first[: first.rfind("/") + 1]
    cut = [name[len(folder) :] if name.startswith(folder) else name for name in rest]
    more = f" (+{len(names) - _SHOWN})" if len(names) > _SHOWN else ""
    return ", ".join((first, *cut)) + more


def _describe(one: Checked, today: datetime.date) -> tuple[str, ...]:
    """Return an instance as words: its most urgent finding, and where that is."""
    project = one.instance.project
    unread = _find_unread(one)
    counted = [finding for finding in one.counted if finding.act != "no"]
    finding = next(iter(counted or one.findings), None)
    act, place, text = one.advice.act, "", one.advice.answer.partition(".")[0]
    if unread:
        place = f"{unread.path}:{unread.line}" if unread.line else unread.path
        act, text = "?", "not readable"
    elif one.advice.upgrade:
        number = len(one.advice.upgrade.changes)
        text = f"{number} change{'' if number == 1 else 's'} for the upgrade"
    elif finding:
        place, text = finding.span.at_line, _shorten(finding, one, today)
    inside = f"{project.path}/"
    where = place[len(inside) :] if place.startswith(inside) else place
    cells = (act, project.title, project.version or "-", text, where)
    return tuple(map(printable, cells))


def _shorten(finding: Finding, one: Checked, today: datetime.date) -> str:
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


def _lay_out(rows: Sequence[tuple[str, ...]], layout: Layout) -> Iterator[str]:
    """Yield the head and the rows.

    A name that is wider than its column is in a line by itself, and so is a place that
    does not fit: neither is cut, and neither pushes the other columns.
    """
    limits = (
        layout.width,
        layout.width * 3 // 10,
        layout.width,
        layout.width * 4 // 10,
    )
    wide = [
        max(len(cell) for cell in column if len(cell) <= limit)
        for column, limit in zip(zip(HEAD, *rows), limits)
    ]
    for act, name, release, finding, where in (HEAD, *rows):
        lead = f"  {layout.paint(act, _COLOURS[act])}{' ' * (6 - len(act))}"
        if len(name) > wide[1]:
            yield lead + name
            lead, name = " " * 8, ""
        lead += f"{name.ljust(wide[1])}  {release.ljust(wide[2])}  "
        below = 8 + wide[1] + 2 + wide[2] + 2
        rest = f"{finding.ljust(wide[3])}  {where}"
        if below + len(rest) > layout.width and where:
            yield f"{lead}{finding}"
            lead, rest = " " * below, where
        yield f"{lead}{rest}".rstrip()
