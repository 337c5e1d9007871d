# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for people: the answer, "Act now?", what to do, where, what it is. Pure."""

from __future__ import annotations

import datetime
from typing import Iterable, Iterator, Mapping, Sequence

from ..catalog import Recipe
from ..decision import Advice, Checked, Judged, Report, Upgrade
from ..model import EndOfLife, Finding, Step
from ..terminal import printable
from .layout import (
    ACT_COLOURS,
    Layout,
    command_lines,
    problem_lines,
    stale_note,
    tie,
    wrap,
    wrap_all,
)
from .table import by_urgency, needs_something, table_lines

#: How a status is shown, and its colour; that an image is impacted is the answer itself.
_MARKS = {
    "unresolved": ("unresolved", "yellow"),
    "unsuitable": ("wrong Python", "red"),
    "outdated": ("system at its end of life", "cyan"),
    "ok": ("ok", "green"),
    "other": ("other", ""),
    "local": ("built here", ""),
}
#: Rules whose findings the answer and the lines of the references say already.
_SAID = frozenset({"docker-hub", "python", "end-of-life", "old-patch", "pre-release"})


def render_text(report: Report, layout: Layout) -> str:
    """Return the report as text, its last line ended."""
    shown = by_urgency(report)
    blocks: list[Iterable[str]] = [wrap(report.nothing, layout.width)]
    if len(shown) > 1:
        blocks.append(table_lines(shown, report.today, layout))
        kept = [one for one in shown if layout.every or needs_something(one)]
        shown = [] if layout.summary else kept
        if layout.summary and kept:
            blocks.append([f"Details: `{report.prog} check INSTANCE`"])
    blocks += [instance_lines(one, report.today, layout) for one in shown]
    blocks.append(problem_lines(report.problems, layout))
    if layout.verbose:
        blocks += [wrap(text, layout.width, "", "  ") for text in report.silent]
    blocks.append(wrap(footer_of(report), layout.width))
    texts = map("\n".join, blocks)
    return "\n\n".join(filter(None, texts)) + "\n"


def footer_of(report: Report) -> str:
    """Return what the facts are, when there is advice; that they are old, always."""
    said, shown = "", [one for one in report.instances if one.advice.state != "already"]
    if any(one.advice.state != "ok" for one in shown):
        said = (
            f"Based on documentation of {report.facts_read}; no registry was contacted."
        )
    if any(judged.way.becomes for one in shown for judged in one.judged):
        said += " Test a new image before you use it in production."
    return f"{said} {stale_note(report)}".strip()


def title_of(one: Checked) -> str:
    """Return what an instance is called, in one piece."""
    project = one.instance.project
    return tie(project.title) + (" (template)" if project.template else "")


def instance_lines(one: Checked, today: datetime.date, layout: Layout) -> Iterator[str]:
    """Yield all that is said of one instance, its answer first."""
    advice = one.advice
    yield from wrap(f"{title_of(one)}: {advice.answer}", layout.width, "", "  ")
    calm = advice.state == "ok" or advice.upgrade
    if advice.upgrade:
        yield from _upgrade_lines(advice, advice.upgrade, layout)
    elif calm:
        yield from _option_lines(advice, layout)
    else:
        yield from _section(_act_lines(advice, layout))
        yield from _section(_option_lines(advice, layout))
    if layout.every or not calm:
        yield from _section(_where_lines(one, layout))
    if layout.verbose or not calm:
        yield from _section(_end_lines(advice.ends, today, layout))
    yield from _section(wrap_all(advice.cautions, layout))
    if layout.verbose:
        yield from _section(_recipe_lines(one, layout), "Lines to add:")
        yield from _section(_build_lines(one, layout), "Builds:")
        yield from _section(_path_lines(advice), "The upgrade path:")
        yield from _section(_source_lines(one), "Sources:")


def _section(lines: Iterable[str], title: str = "") -> Iterator[str]:
    """Yield lines behind an empty one and their title, nothing when there are none."""
    body = list(lines)
    if body:
        yield from ("", f"  {title}") if title else ("",)
        yield from body


def _end_lines(
    ends: Sequence[EndOfLife], today: datetime.date, layout: Layout
) -> Iterator[str]:
    """Yield what gets no fixes any more, then what will not soon."""
    over = [end for end in ends if end.end <= today]
    near = [end for end in ends if end.end > today]
    for lead, word, some in (
        ("No longer supported", "since", over),
        ("Support ends soon", "on", near),
    ):
        names = [f"{end.what} ({end.source}) {word} {end.end}" for end in some]
        yield from wrap_all([f"{lead}: {', '.join(names)}."] if some else [], layout)


def _act_lines(advice: Advice, layout: Layout) -> Iterator[str]:
    """Yield the answer to "Act now?", its first word in colour, and why."""
    question = "  Act now?  "
    text = " ".join((advice.lead, *advice.reasons))
    first, *rest = wrap(text, layout.width, question, " " * len(question))
    word = advice.lead.split()[0].rstrip(",.")
    painted = layout.paint(word, ACT_COLOURS[advice.act])
    yield question + painted + first[len(question + word) :]
    yield from rest


def _option_lines(advice: Advice, layout: Layout) -> Iterator[str]:
    lead = "Do this: " if advice.act in ("now", "soon") and not advice.upgrade else ""
    for option in advice.options:
        text = option.text
        text = f"{lead}{text[:1].lower()}{text[1:]}" if lead else text
        lead = ""
        yield from wrap_all([text], layout)
        details = option.details if layout.verbose else ()
        for command in details or option.commands:
            yield from command_lines(command, layout)
        yield from wrap_all([option.after], layout)


# ---- Where --------------------------------------------------------------------------------


def _where_lines(one: Checked, layout: Layout) -> Iterator[str]:
    """Yield the images and the other places, those that nothing builds last."""
    rows = [
        (judged.reference.span.path, _reference_lines(judged, layout))
        for judged in one.judged
        if layout.every or _is_worth_a_line(judged)
    ]
    rows += [
        (finding.span.path, finding_lines(finding, layout))
        for finding in one.findings
        if not _is_at_reference(finding) and finding.rule not in _SAID
    ]
    not_built: list[str] = []
    for path, lines in rows:
        if one.instance.is_built(path):
            yield from lines
        else:
            not_built += lines
    if not_built:
        yield "  Not built by any compose file:"
        yield from not_built


def _is_at_reference(finding: Finding) -> bool:
    return bool(finding.reference and finding.reference.span.key == finding.span.key)


def _is_worth_a_line(judged: Judged) -> bool:
    """Tell whether more is to be said of an image than that its makers stop some day."""
    rules = {finding.rule for finding in judged.findings}
    return bool(rules - {"end-of-life"} if judged.status == "other" else rules)


def _reference_lines(judged: Judged, layout: Layout) -> Iterator[str]:
    """Yield an image at its place, what it becomes, and what is known about that."""
    head = printable(str(judged.reference.span))
    mark, colour = _MARKS.get(judged.status, ("", ""))
    text = printable(judged.reference.text) or "(no FROM line)"
    said = [
        f"{finding.message} {finding.help}"
        for finding in judged.findings
        if finding.rule not in _SAID and _is_at_reference(finding)
    ]
    if said and judged.status == "ok":
        mark = colour = ""  # Not all of it is.
    yield f"  {head}  {text}  {layout.paint(mark, colour) if colour else mark}".rstrip()
    indent = " " * min(len(head) + 4, 40)
    becomes, evidence = judged.way.becomes or judged.way.image, judged.way.evidence
    if becomes:
        yield f"  {'->'.rjust(len(head))}  {printable(becomes.familiar)}"
        yield from wrap_all([evidence.text] if evidence else (), layout, indent)
    if judged.accepted_until:
        yield f"{indent}accepted{_until(judged.accepted_until)}"
    yield from wrap_all(said, layout, indent)


def finding_lines(finding: Finding, layout: Layout) -> Iterator[str]:
    """Yield a finding at its place, and below it what to do."""
    until = finding.accepted_until
    note = f" Accepted{_until(until)}." if until else ""
    text = f"{tie(str(finding.span))}  {finding.message}{note}"
    yield from wrap(text, layout.width, "  ", "    ")
    yield from wrap_all([finding.help], layout, "    ")


def _until(day: datetime.date) -> str:
    return "" if day == datetime.date.max else f" until {day}"


# ---- What an upgrade needs ----------------------------------------------------------------


def _upgrade_lines(advice: Advice, upgrade: Upgrade, layout: Layout) -> Iterator[str]:
    several = len(upgrade.steps) > 1
    if several:
        yield from _section(_option_lines(advice, layout))
    title = f"All changes up to {upgrade.release.label}:" if several else ""
    yield from _section(_change_lines(upgrade, layout), title)
    if not several:
        yield from _section(_option_lines(advice, layout))
    lists = {
        "Also needed:": [*map(_describe_service, upgrade.services), upgrade.host],
        "Already compatible:": upgrade.compatible,
        "Not documented:": upgrade.unknown,
        "Full instructions:": upgrade.pages,
    }
    yield from _section(_list_lines(lists, layout))


def _list_lines(lists: Mapping[str, Iterable[str]], layout: Layout) -> Iterator[str]:
    """Yield each list below its name, none that is empty."""
    for name, texts in lists.items():
        lines = list(wrap_all(filter(None, texts), layout, "    "))
        yield from (f"  {name}", *lines) if lines else ()


def _change_lines(upgrade: Upgrade, layout: Layout) -> Iterator[str]:
    """Yield a numbered line for each change: what, where, from, to, by whom."""
    rows = []
    for finding in upgrade.changes:
        step, place = finding.step or Step("", "", ""), finding.span.at_line
        named = step.what and step.what != step.old
        rows.append((step.what if named else place, place if named else "", step))
    wide_what = max((len(what) for what, _, _ in rows), default=0)
    wide_place = max((len(place) for _, place, _ in rows), default=0)
    for number, (what, place, step) in enumerate(rows, 1):
        lead = f"  {number}. {what.ljust(wide_what)}  "
        head = f"{lead}{place.ljust(wide_place)}  " if place else lead
        new = f"{step.new} (by hand)" if step.by_hand else step.new
        line = f"{head}{step.old} -> {new}" if step.old else head + new
        if len(line) <= layout.width or not step.old:
            yield printable(line)
        else:
            yield printable(head + step.old)
            indent = " " * len(lead)
            yield from wrap(f"{tie('-> ')}{new}", layout.width, indent, f"{indent}   ")
        yield from wrap_all([step.remark], layout, " " * 5)


def _describe_service(finding: Finding) -> str:
    """Return what is needed, and what is there: ``PostgreSQL 15 (x.yml:3 runs 12)``."""
    step = finding.step or Step("", "", "")
    text = f"{step.new} ({tie(finding.span.at_line)} runs {tie(step.old)})"
    return f"{text}. {step.remark}" if step.remark else text


# ---- With --verbose -----------------------------------------------------------------------


def _recipe_lines(one: Checked, layout: Layout) -> Iterator[str]:
    """Yield the lines that resolve findings, each recipe once, with its places."""
    places: dict[Recipe, list[str]] = {}
    for finding in one.findings:
        if finding.recipe:
            places.setdefault(finding.recipe, []).append(tie(finding.span.at_line))
    for recipe, where in places.items():
        tested = f"tested: {recipe.tested}" if recipe.tested else "not tested"
        text = f"{recipe.name} ({tested}), {', '.join(dict.fromkeys(where))}:"
        yield from wrap_all([text], layout, "    ")
        for line in recipe.lines:
            yield f"      {layout.paint(printable(line), 'bold')}"
        yield f"      {printable(recipe.source)}"


def _build_lines(one: Checked, layout: Layout) -> Iterator[str]:
    for build in one.instance.builds:
        if not build.final:
            continue
        python, node = build.python, build.node
        parts = (
            f"Python {python.version or 'unknown'} ({python.unknown or python.source})",
            f"Node {node.version} ({node.source})" if node.version else "",
            build.system or "",
            "" if build.built else "not built by any compose file",
        )
        text = f"{tie(build.path)}  {', '.join(filter(None, parts))}"
        yield from wrap(text, layout.width, "    ", "      ")


def _path_lines(advice: Advice) -> Iterator[str]:
    for release in advice.path:
        pythons = ", ".join(release.pythons) or "unknown"
        host = release.invenio_cli or "unknown"
        yield printable(f"    {release.label}  Python {pythons}; invenio-cli >= {host}")
        yield printable(f"      {release.upgrade_page or release.page}")


def _source_lines(one: Checked) -> Iterator[str]:
    release = one.release
    sources = [
        release.page if release else "",
        *(item.way.evidence.source for item in one.judged if item.way.evidence),
        *(finding.source for finding in one.findings),
    ]
    for source in dict.fromkeys(filter(None, sources)):
        yield f"    {printable(source)}"
