# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report as platforms show it: SARIF, GitHub's annotations, GitLab, Markdown. Pure.

Findings at their lines have paths from the root of the repository. Accepted ones are left
out: not every platform honours a note that they are. What a file holds is one printable
line in each; in Markdown, for a job summary or a merge request, it is code: nothing in a
file can become markup, a mention or a link.

- SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
- https://docs.github.com/actions/reference/workflow-commands-for-github-actions
- https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import collections
import hashlib
import os
from pathlib import PurePath
from typing import Any, Iterable, NamedTuple
from urllib.parse import quote

from ..decision import Report
from ..model import ACTS, Finding, Problem
from ..rules import RULES
from ..rules.rule import Rule
from ..terminal import printable
from .json import describe_tool
from .layout import Layout, encode, problem_lines, stale_note
from .table import HEAD, by_urgency, list_rows, needs_something
from .text import footer_of, instance_lines

TOOL = "invenio-cli-registry"
_SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_SARIF_LEVELS = {"now": "error", "soon": "warning", "plan": "note", "no": "note"}
_GITHUB_LEVELS = {"now": "error", "soon": "warning", "plan": "notice", "no": "notice"}
_GITLAB_LEVELS = {"now": "critical", "soon": "major", "plan": "minor", "no": "info"}
#: As GitHub's own toolkit escapes; the runner knows no other escapes.
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = {**_DATA, **str.maketrans({":": "%3A", ",": "%2C"})}
#: GitHub shows so many annotations of a level for each step.
_SHOWN = 10


class Placed(NamedTuple):
    """Something to show at a line: a finding, or what could not be read."""

    rule: str  #: id of a rule, or ``problem``
    act: str
    path: str  #: from the root of the repository, with slashes
    line: int
    column: int | None
    end_column: int | None
    text: str  #: whole sentences, printable
    name: str  #: stays the same when lines move
    finding: Finding | None = None


def list_placed(report: Report, root: str) -> list[Placed]:
    """Return everything to show, the most urgent first, then by place.

    :param root: the folder that paths shall begin at, absolute, links resolved.
    """
    problems, note = list(report.problems), stale_note(report)
    if note:
        problems.append(Problem(".", 0, note))
    rows = [_place_problem(problem, root) for problem in problems]
    for one in report.instances:
        rows += [_place_finding(finding, root) for finding in one.findings]
    rows.sort(key=lambda row: (row.path, row.line, row.column or 0, row.rule))
    seen: collections.Counter[tuple[str, ...]] = collections.Counter()
    named = []
    for row in rows:
        # Equal ones of one file are told apart by their order.
        key = (row.rule, row.path, row.name)
        seen[key] += 1
        data = "\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")
        named.append(row._replace(name=hashlib.sha256(data).hexdigest()[:32]))
    counted = [
        row for row in named if not row.finding or not row.finding.accepted_until
    ]
    return sorted(counted, key=lambda row: ACTS.index(row.act))


def _place_finding(finding: Finding, root: str) -> Placed:
    span, text = finding.span, printable(f"{finding.message} {finding.help}".rstrip())
    path, name = relate_path(span.path, root), finding.subject or span.text
    place = (path, span.line, span.column, span.end_column)
    return Placed(finding.rule, finding.act, *place, text, name, finding)


def _place_problem(problem: Problem, root: str) -> Placed:
    path, text = relate_path(problem.path, root), printable(problem.message)
    act = "soon" if problem.fatal else "plan"
    return Placed("problem", act, path, problem.line or 1, None, None, text, text)


def relate_path(path: str, root: str) -> str:
    """Return a path from a root, with slashes; outside of the root it is absolute."""
    whole = PurePath(os.path.realpath(path))
    try:
        return whole.relative_to(root).as_posix()
    except ValueError:
        return whole.as_posix()


# ---- SARIF --------------------------------------------------------------------------------


def render_sarif(report: Report, layout: Layout) -> str:
    """Return the report as one SARIF log in ASCII; what could not be read is a note in it."""
    rows = list_placed(report, layout.root)
    rules = [_describe_rule(rule, report.prog) for rule in RULES.values()]
    unread = any(row.act == "soon" for row in rows if not row.finding)
    run: dict[str, Any] = {
        "tool": {"driver": {**describe_tool(), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not unread,
                "toolExecutionNotifications": [
                    _shown(row) for row in rows if not row.finding
                ],
            }
        ],
        "results": [
            {
                "ruleId": row.rule,
                "ruleIndex": list(RULES).index(row.rule),
                **_shown(row),
                "partialFingerprints": {"invenioCliRegistry/v1": row.name},
            }
            for row in rows
            if row.finding
        ],
    }
    return encode({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _describe_rule(rule: Rule, prog: str) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.finds},
        "help": {"text": rule.help.replace("{prog}", prog)},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": _SARIF_LEVELS[rule.act]},
    }


def _shown(row: Placed) -> dict[str, Any]:
    columns = {"startColumn": row.column, "endColumn": row.end_column}
    known = {name: column for name, column in columns.items() if column}
    region = {"startLine": row.line, "endLine": row.line, **known}
    place = {"artifactLocation": _artifact(row.path), "region": region}
    return {
        "level": _SARIF_LEVELS[row.act],
        # Nothing in a message is a link, whatever a file holds (3.11.6).
        "message": {"text": row.text.replace("](", "] (")},
        "locations": [{"physicalLocation": place}],
    }


def _artifact(path: str) -> dict[str, str]:
    """Return a path as a URI; bytes of a name that are no UTF-8 stay those bytes."""
    quoted = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{quoted}" if path.startswith("/") else quoted}


# ---- GitHub -------------------------------------------------------------------------------


def render_github(report: Report, layout: Layout) -> str:
    """Return a workflow command for each finding, the most urgent first.

    GitHub shows ten annotations of a level for a step. A notice says how many more there
    are; it is the first one, or nobody would see it.
    """
    rows = list_placed(report, layout.root)
    levels = collections.Counter(_GITHUB_LEVELS[row.act] for row in rows)
    more = sum(max(number - _SHOWN, 0) for number in levels.values())
    lines = [_annotation(row) for row in rows]
    if more:
        hidden = more + (levels["notice"] >= _SHOWN)  # The tenth makes room for it.
        text = f"GitHub does not show {hidden} more findings: see the log of this step."
        lines.insert(0, f"::notice title={TOOL}::{text}")
    return "".join(f"{line}\n" for line in lines)


def _annotation(row: Placed) -> str:
    properties = {
        "file": printable(row.path),
        "line": row.line,
        "col": row.column,
        "endColumn": row.end_column,
        "title": f"{TOOL}: {RULES[row.rule].title if row.finding else 'Problem'}",
    }
    words = ",".join(
        f"{name}={str(value).translate(_PROPERTY)}"
        for name, value in properties.items()
        if value is not None
    )
    return f"::{_GITHUB_LEVELS[row.act]} {words}::{row.text.translate(_DATA)}"


# ---- GitLab -------------------------------------------------------------------------------


def render_gitlab(report: Report, layout: Layout) -> str:
    """Return the findings as a Code Quality report, JSON in ASCII."""
    issues = [
        {
            "description": row.text,
            "check_name": f"{TOOL}/{row.rule}",
            "fingerprint": row.name,
            "severity": _GITLAB_LEVELS[row.act],
            "location": {"path": printable(row.path), "lines": {"begin": row.line}},
        }
        for row in list_placed(report, layout.root)
    ]
    return encode(issues)


# ---- Markdown -----------------------------------------------------------------------------


def render_markdown(report: Report, layout: Layout) -> str:
    """Return the table of all instances, then a section for each that needs something."""
    shown, layout = by_urgency(report), layout._replace(paint=Layout().paint)
    blocks = ["## Base images of Invenio instances", report.nothing]
    if shown:
        rows = list_rows(shown, report.today, every=layout.every or len(shown) == 1)
        head = [f"| {' | '.join(HEAD)} |", "| --- " * len(HEAD) + "|"]
        # A pipe ends a cell, also in code.
        cells = (
            " | ".join(code(cell).replace("|", r"\|") for cell in row) for row in rows
        )
        blocks.append("\n".join((*head, *(f"| {row} |" for row in cells))))
    fine = len(shown) - sum(map(needs_something, shown))
    if fine and len(shown) > 1:
        blocks.append(f"{fine} of {len(shown)} instances are ok.")
    for one in [] if layout.summary else shown:
        if layout.every or len(shown) == 1 or needs_something(one):
            blocks.append(f"### {code(one.instance.project.title)}")
            blocks.append(_fence(instance_lines(one, report.today, layout)))
    if report.problems:
        blocks += ["### Problems", _fence(problem_lines(report.problems, layout))]
    blocks.append(footer_of(report))
    return "\n\n".join(filter(None, blocks)) + "\n"


def code(text: str) -> str:
    """Return a text as code; a backtick in it, which would end that, as a quote."""
    safe = printable(text).replace("`", "'")
    return f"`{safe}`" if safe else ""


def _fence(lines: Iterable[str]) -> str:
    text = "\n".join(lines).replace("```", "'''")
    return f"```text\n{text}\n```"
