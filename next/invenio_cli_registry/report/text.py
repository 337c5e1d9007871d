# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for people: the answer, "Act now?", what to do, where, what it is. Pure."""

from __future__ import annotations

from typing import Iterator, Sequence

from ..decision.model import Advice, Checked, EndOfLife, Judged, Report, Upgrade
from ..model import Finding, Option, Step
from ..terminal import printable
from .layout import (
    ACT_WORDS,
    Layout,
    command_lines,
    problem_lines,
    section,
    stale_note,
    tie,
    wrap,
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
_NOT_BUILT = "Not built by any compose file:"


def render_text(report: Report, layout: Layout = Layout()) -> str:  # noqa: B008
    """Return the report as text, its last line ended."""
    shown = by_urgency(report)
    blocks = [wrap(report.nothing, layout.width)] if report.nothing else []
    if len(shown) > 1:
        blocks.append(list(table_lines(shown, report.today, layout)))
        kept = [one for one in shown if layout.every or needs_something(one)]
        shown = [] if layout.summary else kept
    blocks += [list(_instance_lines(one, layout)) for one in shown]
    if report.problems:
        blocks.append(["Problems:", *problem_lines(report.problems, layout)])
    blocks += [wrap(text, layout.width, "", "  ") for text in report.silent]
    blocks.append(wrap(_footer(report), layout.width))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _footer(report: Report) -> str:
    """Return what the facts are, when there is advice; that they are old, always."""
    said = ""
    if any(one.advice.state != "ok" for one in report.instances):
        said = (
            f"Based on documentation of {report.facts_read}; no registry was contacted. "
            "Test a new image before you use it in production."
        )
    return " ".join(filter(None, (said, stale_note(report))))


def title_of(one: Checked) -> str:
    """Return what an instance is called, in one piece."""
    project = one.instance.project
    return tie(project.title) + (" (template)" if project.template else "")


def _instance_lines(one: Checked, layout: Layout) -> Iterator[str]:
    advice = one.advice
    yield from wrap(f"{title_of(one)}: {advice.answer}", layout.width, "", "  ")
    if advice.upgrade:
        yield from _upgrade_lines(advice, advice.upgrade, layout)
    elif advice.state == "ok":
        for text in advice.reasons:
            yield from wrap(text, layout.width, "  ", "  ")
        yield from _option_lines(advice, layout)
    else:
        yield ""
        yield from _act_lines(advice, layout)
        yield from section(_option_lines(advice, layout))
    if layout.every or (advice.state != "ok" and not advice.upgrade):
        yield from section(_where_lines(one, layout))
    if layout.verbose or (advice.state != "ok" and not advice.upgrade):
        yield from section(_end_lines(advice.ends, layout))
    yield from section(
        line for text in advice.cautions for line in wrap(text, layout.width, "  ", "  ")
    )
    if layout.verbose:
        yield from section(_recipe_lines(one, layout))
        yield from section(_build_lines(one, layout))
        yield from section(_path_lines(advice, layout))
        yield from section(_source_lines(one))


def _act_lines(advice: Advice, layout: Layout) -> Iterator[str]:
    """Yield the answer to "Act now?", its key word in colour, and why."""
    word, colour, lead = ACT_WORDS[advice.act]
    question = "  Act now?  "
    text = " ".join((lead, *advice.reasons))
    first, *rest = wrap(text, layout.width, question, " " * len(question))
    yield question + layout.paint(word, colour) + first[len(question + word) :]
    yield from rest


def _option_lines(advice: Advice, layout: Layout) -> Iterator[str]:
    """Yield what to do, the other ways, and those that are not possible."""
    options = [advice.recommended] if advice.recommended else []
    for option in (*options, *advice.alternatives):
        yield from option_lines(option, layout)
    for text in advice.impossible:
        yield from wrap(text, layout.width, "  ", "  ")


def option_lines(option: Option, layout: Layout) -> Iterator[str]:
    """Yield one way to go on: its sentence, what to type, what to know about it."""
    yield from wrap(option.text, layout.width, "  ", "  ")
    for command in option.commands:
        yield from command_lines(command, layout)
    yield from wrap(option.after, layout.width, "  ", "  ")


# ---- Where --------------------------------------------------------------------------------


def _where_lines(one: Checked, layout: Layout) -> Iterator[str]:
    """Yield the images and the other places, those that nothing builds last."""
    judged = [
        item
        for item in one.judged
        if layout.every or item.findings or item.accepted_until
    ]
    of_references = {finding for item in one.judged for finding in item.findings}
    others = [
        finding
        for finding in one.findings
        if finding not in of_references and finding.rule not in _SAID
    ]
    for built in (True, False):
        lines = [
            line
            for item in judged
            if one.instance.is_built(item.reference.span.path) is built
            for line in _reference_lines(item, layout)
        ]
        lines += [
            line
            for finding in others
            if one.instance.is_built(finding.span.path) is built
            for line in finding_lines(finding, layout)
        ]
        if lines and not built:
            yield f"  {_NOT_BUILT}"
        yield from lines


def _reference_lines(judged: Judged, layout: Layout) -> Iterator[str]:
    """Yield an image at its place, what it becomes, and what is known about that."""
    head = printable(str(judged.reference.span))
    mark, colour = _MARKS.get(judged.status, ("", ""))
    shown = layout.paint(mark, colour) if colour else mark
    text = printable(judged.reference.text) or "(no FROM line)"
    yield f"  {head}  {text}" + (f"  {shown}" if shown else "")
    indent = " " * min(len(head) + 4, 24)
    becomes, evidence = judged.way.becomes or judged.way.image, judged.way.evidence
    if becomes:
        yield f"  {'->'.rjust(len(head))}  {printable(becomes.familiar)}"
        if evidence:
            yield from wrap(evidence.text, layout.width, indent, indent)
    if judged.accepted_until:
        yield f"{indent}accepted until {judged.accepted_until}"
    for finding in judged.findings:
        if finding.rule not in _SAID:
            text = " ".join(filter(None, (finding.message, finding.help)))
            yield from wrap(text, layout.width, indent, indent)


def finding_lines(finding: Finding, layout: Layout) -> Iterator[str]:
    """Yield a finding at its place, and below it what to do."""
    until = finding.accepted_until
    note = f" Accepted until {until}." if until else ""
    text = f"{tie(str(finding.span))}  {finding.message}{note}"
    yield from wrap(text, layout.width, "  ", "    ")
    yield from wrap(finding.help, layout.width, "    ", "    ")


def _end_lines(ends: Sequence[EndOfLife], layout: Layout) -> list[str]:
    """Return the end of life of each part as one paragraph."""
    said = [
        f"{end.what}{f' ({end.source})' if end.source else ''} {end.end}"
        + (f" ({end.note})" if end.note else "")
        for end in ends
    ]
    text = f"End of life: {', '.join(said)}" if said else ""
    return wrap(text, layout.width, "  ", "  ")


# ---- What an upgrade needs ----------------------------------------------------------------


def _upgrade_lines(advice: Advice, upgrade: Upgrade, layout: Layout) -> Iterator[str]:
    """Yield the numbered changes, what makes them, what else is needed, and the pages."""
    if upgrade.already and not upgrade.changes:
        return
    yield from section(_change_lines(upgrade, layout))
    yield from section(_option_lines(advice, layout))
    needed = [_describe_service(finding) for finding in upgrade.services]
    said = [f"Also needed: {', '.join(needed)}."] if needed else []
    if upgrade.compatible:
        said.append(f"Already compatible: {', '.join(upgrade.compatible)}.")
    if upgrade.unknown:
        said.append(f"Not documented: {', '.join(upgrade.unknown)}.")
    yield from wrap(" ".join(said), layout.width, "  ", "  ")
    if upgrade.pages:
        first, *rest = upgrade.pages
        yield f"  Full instructions: {printable(first)}"
        yield from (" " * 21 + printable(page) for page in rest)


def _change_lines(upgrade: Upgrade, layout: Layout) -> Iterator[str]:
    """Yield a numbered line for each change: what, where, from, to, by whom."""
    steps = [(finding, finding.step or Step("", "", "")) for finding in upgrade.changes]
    whats = [step.what or finding.span.at_line for finding, step in steps]
    places = [finding.span.at_line if step.what else "" for finding, step in steps]
    wide_what, wide_place = (max(map(len, cells), default=0) for cells in (whats, places))
    for number, ((_, step), what, place) in enumerate(zip(steps, whats, places), 1):
        head = f"  {number}. {what.ljust(wide_what)}  {place.ljust(wide_place)}"
        hand = " (by hand)" if step.by_hand else ""
        text = f"{step.old} -> {step.new}{hand}" if step.old else f"{step.new}{hand}"
        lines = [f"{head}  {text}"]
        if len(lines[0]) > layout.width and step.old:
            indent = " " * len(f"  {number}. {' ' * wide_what}  ")
            lines = [f"{head}  {step.old}", f"{indent}-> {step.new}{hand}"]
        yield from (printable(line.rstrip()) for line in lines)
        yield from wrap(step.remark, layout.width, " " * 5, " " * 5)


def _describe_service(finding: Finding) -> str:
    """Return what has to be newer, and where the old one is: ``PostgreSQL 15 (... has 12)``."""
    step = finding.step or Step("", "", "")
    needed = f"{step.what} {step.new}".strip()
    if step.old:
        needed += f" ({tie(finding.span.at_line)} has {tie(step.old)})"
    return needed + (f"; {step.remark}" if step.remark else "")


# ---- With --verbose -----------------------------------------------------------------------


def _recipe_lines(one: Checked, layout: Layout) -> Iterator[str]:
    """Yield each recipe once, with the places that it is for."""
    places: dict[tuple[str, ...], list[str]] = {}
    recipes = {}
    for finding in one.findings:
        if finding.recipe:
            recipes[finding.recipe.lines] = finding.recipe
            places.setdefault(finding.recipe.lines, []).append(finding.span.at_line)
    if recipes:
        yield "  Lines to add:"
    for lines, recipe in recipes.items():
        tested = f"tested: {recipe.tested}" if recipe.tested else "not tested"
        where = ", ".join(map(tie, dict.fromkeys(places[lines])))
        text = f"{recipe.name} ({tested}), for {where}:"
        yield from wrap(text, layout.width, "    ", "    ")
        yield from (f"      {layout.paint(printable(line), 'bold')}" for line in lines)
        if recipe.source:
            yield f"      {recipe.source}"


def _build_lines(one: Checked, layout: Layout) -> Iterator[str]:
    """Yield what each build provides, one that counts for the instance first."""
    builds = [build for build in one.instance.builds if build.final]
    if builds:
        yield "  Builds:"
    for build in builds:
        python, node = build.python.version, build.node.version
        parts = [
            f"Python {python} ({build.python.source})" if python else "Python unknown",
            f"Node {node} ({build.node.source})" if node else "",
            build.system or "",
            "" if build.built else "not built by any compose file",
        ]
        text = f"{tie(build.path)}  {', '.join(filter(None, parts))}"
        yield from wrap(text, layout.width, "    ", "      ")


def _path_lines(advice: Advice, layout: Layout) -> Iterator[str]:
    """Yield the releases up to the newest one, with what each needs and its page."""
    if advice.path:
        yield "  The upgrade path:"
    for release in advice.path:
        pythons = ", ".join(release.pythons) or "unknown"
        host = release.invenio_cli or "unknown"
        yield f"    {release.label}  Python {pythons}; invenio-cli >= {host}"
        yield f"      {release.upgrade_page or release.page}"


def _source_lines(one: Checked) -> Iterator[str]:
    """Yield the pages that the facts in this report were read from, each once."""
    release = one.release
    sources = [
        release.source or release.page if release else "",
        *(item.way.evidence.source for item in one.judged if item.way.evidence),
        *(finding.source for finding in one.findings),
    ]
    known = dict.fromkeys(filter(None, sources))
    if known:
        yield "  Sources:"
    yield from (f"    {printable(source)}" for source in known)
