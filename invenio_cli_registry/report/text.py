# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for people: the answer, "Act now?", what it is, what to do, where.

Sentences wrap at the width; names, paths, commands and addresses are never cut.
"""

from __future__ import annotations

from typing import Iterator, Sequence

from ..advice.model import Advice, Fact, Finding, Line, Option
from ..advice.standins import ask_about_host
from ..readers.source import Problem
from ..terminal import printable
from .layout import Layout, command_lines, problem_line, section, tie, wrap
from .model import ProjectReport, Report
from .recipes import recipe_lines
from .summary import list_instances, needs_something, summary_lines
from .whatif import outside_lines, upgrade_lines

_COLOURS = {"now": "red", "soon": "yellow", "plan": "cyan", "no": "green"}
_LEADS = {"now": "Yes", "soon": "Soon. ", "plan": "", "no": ""}
_CLAUSES = ("before ", "if ")  #: what goes on with "Yes, "
_STALE_DAYS = 365


def render_text(report: Report, layout: Layout = Layout()) -> str:  # noqa: B008
    """Return the report as text, its last line ended."""
    projects, instances = report.projects, list_instances(report)
    blocks = []
    if len(instances) > 1:
        blocks.append("\n".join(summary_lines(instances, report.today, layout)))
        if not layout.every:
            projects = tuple(filter(needs_something, projects))
    blocks += ["\n".join(_project_lines(one, report, layout)) for one in projects]
    if report.problems:
        blocks.append("\n".join(_problem_lines(report.problems, layout)))
    if not report.act_is_no:
        blocks.append("\n".join(_footer_lines(report, layout)))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _project_lines(one: ProjectReport, report: Report, layout: Layout) -> Iterator[str]:
    advice = one.advice
    name = printable(one.project.title)
    lines = list(_wrap(f"{tie(name)}: {advice.answer}", layout, "", "  "))
    yield lines[0].replace(name, layout.paint(name, _COLOURS[advice.act]), 1)
    yield from lines[1:]
    if advice.upgrade:
        yield from _what_if_lines(one, layout)
        return
    if _is_fine(advice):
        yield from _fine_lines(one, layout)
        return
    if advice.act != "no":
        yield ""
        yield from _act_lines(advice, layout)
        yield ""
    elif advice.hint:
        yield from _wrap(advice.hint, layout, "  ", "  ")
    yield from _fact_lines(advice.facts, layout)
    yield from _what_to_do(advice, layout)
    yield from section(_reference_lines(one, layout))
    yield from section(_line_lines("Fails already:", advice.failing, layout))
    yield from section(_breaking_lines(advice, layout))
    yield from section(_caution_lines(one, layout))
    if layout.verbose:
        yield from section(recipe_lines(one, layout))
        yield from section(_verbose_lines(one, layout))


def _what_if_lines(one: ProjectReport, layout: Layout) -> Iterator[str]:
    """Yield what a release would ask for, its urgency first: today's."""
    advice = one.advice
    yield ""
    if advice.act == "no":
        yield from _wrap(f"Act now?  No. {advice.hint}", layout, "  ", " " * 12)
    else:
        yield from _act_lines(advice, layout)
    if advice.upgrade:
        yield from upgrade_lines(advice, advice.upgrade, layout)
    yield from section(_line_lines("Fails already:", advice.failing, layout))
    yield from section(_breaking_lines(advice, layout))
    if advice.upgrade:
        yield from section(outside_lines(advice.upgrade, layout))
    yield from section(_caution_lines(one, layout))
    if layout.every:
        yield from section(_reference_lines(one, layout))
    if layout.verbose:
        yield from section(recipe_lines(one, layout))
        yield from section(_verbose_lines(one, layout))


def _breaking_lines(advice: Advice, layout: Layout) -> Iterator[str]:
    title = "These lines break on the new image:"
    yield from _line_lines(title, advice.breaking, layout)


def _is_fine(advice: Advice) -> bool:
    return advice.answer.startswith("fine")


def _fine_lines(one: ProjectReport, layout: Layout) -> Iterator[str]:
    advice = one.advice
    if advice.hint:
        lead = "Act now?  " if advice.act == "plan" else ""
        yield from _wrap(lead + advice.hint, layout, "  ", "  ")
    for command in advice.commands:
        yield from command_lines(command, layout)
    yield from _caution_lines(one, layout)
    if layout.every:
        yield from section(_reference_lines(one, layout))
    if layout.verbose:
        yield from section(recipe_lines(one, layout))
        yield from section(_verbose_lines(one, layout))


def _act_lines(advice: Advice, layout: Layout) -> Iterator[str]:
    """Yield the reasons that make the act; what can wait is said by the facts."""
    first, *rest = advice.why
    said = [first, *(cause for cause in rest if cause.act in ("now", "soon"))]
    # What goes on behind "Yes, " begins a sentence of its own further on.
    texts = [first.text, *(_begin(cause.text) for cause in said[1:])]
    text = " ".join(texts)
    if advice.act == "now":
        text = (", " if text.startswith(_CLAUSES) else ": ") + text
    yield from _wrap(f"Act now?  {_LEADS[advice.act]}{text}", layout, "  ", " " * 12)


def _begin(text: str) -> str:
    """Return a text as a sentence begins: a clause in lower case in upper case."""
    return text[0].upper() + text[1:] if text.startswith(_CLAUSES) else text


def _fact_lines(facts: Sequence[Fact], layout: Layout) -> Iterator[str]:
    heads = [
        f"{fact.what} ({fact.source})" if fact.source else fact.what for fact in facts
    ]
    column = max((len(head) for head in heads), default=0)
    for head, fact in zip(heads, facts):
        line = f"  {head.ljust(column)}   {fact.state}".rstrip()
        if len(line) <= layout.width:
            yield printable(line)
        else:
            yield from _wrap(f"{head}   {fact.state}", layout, "  ", "    ")


def _what_to_do(advice: Advice, layout: Layout) -> Iterator[str]:
    options = [(advice.recommended, "Do this: ")] if advice.recommended else []
    options += [(option, "") for option in advice.alternatives]
    body = [
        line
        for option, lead in options
        if option
        for line in _option_lines(option, lead, layout)
    ]
    for text in advice.no_way:
        body += _wrap(f"No way: {text}", layout, "  ", "  ")
    yield from section(body)


def _option_lines(option: Option, lead: str, layout: Layout) -> Iterator[str]:
    yield from _wrap(lead + option.text, layout, "  ", "  ")
    for command in option.commands:
        yield from command_lines(command, layout)
    if option.after:
        yield from _wrap(option.after, layout, "  ", "  ")


def _reference_lines(one: ProjectReport, layout: Layout) -> Iterator[str]:
    shown = [
        finding
        for finding in one.advice.findings
        if layout.every or finding.judged.status not in ("other", "local")
    ]
    for finding in shown:
        yield from _finding_lines(finding, one, layout)
    # Several images may be held against one line.
    yield from dict.fromkeys(line for one in shown for line in _pin_lines(one))
    yield from _local_lines(one, layout)
    if one.by_mirror and not layout.every:
        yield from _wrap(
            f"A mirror would also take {one.by_mirror} images; --all lists them.",
            layout,
            "  ",
            "  ",
        )


def _finding_lines(
    finding: Finding, one: ProjectReport, layout: Layout
) -> Iterator[str]:
    judged, target = finding.judged, finding.target
    span = judged.reference.span
    line, column = one.places[span]
    head = printable(f"{span.path}:{line}:{column}")
    image = printable(judged.reference.text) or "(no FROM)"
    mark = _mark(finding)
    yield f"  {head}  {image}{printable(f'  {mark}' if mark else '')}"
    if judged.accepted_until:
        yield f"    accepted until {judged.accepted_until}"
    if judged.status == "unresolved" or (judged.status == "ok" and judged.act == "now"):
        for reason in judged.reasons:
            yield from _wrap(reason.text, layout, "    ", "    ")
    if finding.becomes:
        yield f"  {'becomes'.ljust(len(head))}  {printable(finding.becomes.familiar)}"
    if target.image and target.evidence:
        said = f"{target.where}: {target.evidence.text}"
        yield from _wrap(said, layout, "    ", "    ")
    if judged.unknown_host:
        yield from _wrap(ask_about_host(judged), layout, "    ", "    ")


def _pin_lines(finding: Finding) -> Iterator[str]:
    """Yield where the Python is asked for that the image has not."""
    mismatch = finding.judged.mismatch
    pin = mismatch.pin if mismatch else None
    if pin and pin.place:
        place = f"{pin.place.path}:{pin.place.line}:{pin.place.column}"
        yield printable(f"  {place}  asks for {pin.text}")


def _mark(finding: Finding) -> str:
    judged = finding.judged
    if judged.status == "unsuitable" and judged.base:
        return f"has {judged.base.python}"
    return "" if judged.status == "impacted" else judged.status


def _local_lines(one: ProjectReport, layout: Layout) -> Iterator[str]:
    local = [
        finding.judged
        for finding in one.advice.findings
        if finding.judged.status == "local" and finding.judged.reference.kind == "from"
    ]
    if not local or one.advice.act == "no":
        return
    places = [
        f"{judged.reference.span.path}:{one.places[judged.reference.span][0]}"
        for judged in local
    ]
    names = ", ".join(dict.fromkeys(judged.reference.text for judged in local))
    text = (
        f"Local: {names} ({', '.join(map(tie, places))}): build it first, and use "
        "`invenio-cli containers build --no-pull`"
    )
    yield from _wrap(text, layout, "  ", "  ")


def _line_lines(title: str, lines: Sequence[Line], layout: Layout) -> Iterator[str]:
    if lines:
        yield f"  {title}"
    for line in lines:
        head = tie(f"{line.path}:{line.line}:{line.column}")
        yield from _wrap(
            f"{head}  {line.excerpt}: {line.message}", layout, "    ", "      "
        )
        if line.instead:
            yield from _wrap(line.instead, layout, "      ", "      ")


def _caution_lines(one: ProjectReport, layout: Layout) -> Iterator[str]:
    for caution in one.advice.cautions:
        yield from _wrap(caution, layout, "  ", "  ")


def _verbose_lines(one: ProjectReport, layout: Layout) -> Iterator[str]:
    """Yield the upgrade path a line per step, and the source of each fact."""
    if one.advice.path:
        yield "  The upgrade path:"
    for step in one.advice.path:
        pythons = ", ".join(step.pythons) or "unknown"
        yield f"    {step.label}  Python {pythons}; invenio-cli >= {step.invenio_cli or 'unknown'}"
        yield f"      {step.upgrade_page or step.page}"
    sources = [
        *([one.release.source] if one.release else []),
        *(f.judged.base.source for f in one.advice.findings if f.judged.base),
        *(f.target.evidence.source for f in one.advice.findings if f.target.evidence),
        *(line.source for line in (*one.advice.failing, *one.advice.breaking)),
    ]
    if any(sources):
        yield "  Sources:"
    yield from (f"    {source}" for source in dict.fromkeys(filter(None, sources)))


def _problem_lines(problems: Sequence[Problem], layout: Layout) -> Iterator[str]:
    yield "Could not be read, understood, or answered:"
    for problem in problems:
        yield from _wrap(problem_line(problem), layout, "  ", "    ")


def _footer_lines(report: Report, layout: Layout) -> Iterator[str]:
    text = f"Facts of {report.facts_of}; no registry was asked."
    if (report.today - report.facts_of).days > _STALE_DAYS:
        text += " They are more than a year old: update invenio-cli-registry."
    yield from _wrap(f"{text} Test a new image before production.", layout, "", "")


def _wrap(text: str, layout: Layout, first: str, rest: str) -> list[str]:
    return wrap(text, layout.width, first, rest)
