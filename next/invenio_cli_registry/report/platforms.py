# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Findings at their lines, as platforms show them: SARIF, GitHub's annotations, GitLab.

Paths begin at the root of the repository. Accepted findings are left out: not every
platform honours a note that they are. What a file holds is one printable line in each.

- SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
- https://docs.github.com/actions/reference/workflow-commands-for-github-actions
- https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import collections
import hashlib
import os
from itertools import groupby
from typing import Any, Iterator, NamedTuple, Sequence
from urllib.parse import quote

from ..decision.model import Report
from ..model import ACTS, Edit, Finding, Problem
from ..rules import RULES
from ..terminal import printable
from .json import describe_tool
from .layout import Request, encode, stale_note

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
        for finding in one.findings:
            # The changes of an upgrade belong together: none of them is a fix by itself.
            edits = () if one.advice.upgrade else finding.edits
            rows.append(_place_finding(finding._replace(edits=edits), root))
    rows.sort(key=lambda one: (one.path, one.line, one.column or 0, one.rule))
    counted = [
        row for row in _name(rows) if not (row.finding and row.finding.accepted_until)
    ]
    return sorted(counted, key=lambda one: ACTS.index(one.act))


def _place_finding(finding: Finding, root: str) -> Placed:
    span = finding.span
    return Placed(
        finding.rule,
        finding.act,
        relate_path(span.path, root),
        span.line,
        span.column,
        span.end_column,
        printable(f"{finding.message} {finding.help}".rstrip()),
        finding.subject or span.text,
        finding,
    )


def _place_problem(problem: Problem, root: str) -> Placed:
    path, text = relate_path(problem.path, root), printable(problem.message)
    act = "soon" if problem.fatal else "plan"
    return Placed("problem", act, path, problem.line or 1, None, None, text, text)


def _name(rows: Sequence[Placed]) -> Iterator[Placed]:
    """Give each row a name that is unique, and the same when lines move.

    Equal ones of one file are told apart by their order; until here, ``name`` holds what
    a row is about.
    """
    seen: collections.Counter[tuple[str, ...]] = collections.Counter()
    for row in rows:
        key = (row.rule, row.path, row.name)
        seen[key] += 1
        data = "\0".join((*key, str(seen[key]))).encode("utf-8", "surrogatepass")
        yield row._replace(name=hashlib.sha256(data).hexdigest()[:32])


def relate_path(path: str, root: str) -> str:
    """Return a path from a root, with slashes; outside of the root it is absolute."""
    whole = os.path.realpath(path)
    if whole == root:
        return "."
    inside = os.path.join(root, "")
    related = whole[len(inside) :] if whole.startswith(inside) else whole
    return related.replace(os.sep, "/")


# ---- SARIF --------------------------------------------------------------------------------


def render_sarif(report: Report, request: Request) -> str:
    """Return the report as one SARIF log in ASCII; what could not be read is a note in it."""
    rows = list_placed(report, request.root)
    notes = [row for row in rows if not row.finding]
    rules = [_sarif_rule(name, report.prog) for name in RULES]
    run: dict[str, Any] = {
        "tool": {"driver": {**describe_tool(), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not any(row.act == "soon" for row in notes),
                "toolExecutionNotifications": [
                    {
                        "level": _SARIF_LEVELS[row.act],
                        "message": _message(row.text),
                        "locations": [_location(row)],
                    }
                    for row in notes
                ],
            }
        ],
        "results": [
            _result(row, report.prog, request.root) for row in rows if row.finding
        ],
    }
    return encode({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


def _sarif_rule(name: str, prog: str) -> dict[str, Any]:
    rule = RULES[name]
    return {
        "id": name,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.finds},
        "help": {"text": rule.help.replace("{prog}", prog)},
        "helpUri": rule.source,
        "defaultConfiguration": {"level": _SARIF_LEVELS[rule.act]},
    }


def _result(row: Placed, prog: str, root: str) -> dict[str, Any]:
    result = {
        "ruleId": row.rule,
        "ruleIndex": list(RULES).index(row.rule),
        "level": _SARIF_LEVELS[row.act],
        "message": _message(row.text),
        "locations": [_location(row)],
        "partialFingerprints": {"invenioCliRegistry/v1": row.name},
    }
    edits = row.finding.edits if row.finding else ()
    if edits:
        by_path = groupby(edits, key=lambda edit: edit.span.path)
        changes = [
            {
                "artifactLocation": _artifact(relate_path(path, root)),
                "replacements": [_replacement(edit) for edit in some],
            }
            for path, some in by_path
        ]
        description = _message(f"What `{prog} migrate` writes.")
        result["fixes"] = [{"description": description, "artifactChanges": changes}]
    return result


def _message(text: str) -> dict[str, str]:
    """Return a message in which nothing is a link, whatever a file holds (3.11.6)."""
    return {"text": text.replace("](", "] (")}


def _location(row: Placed) -> dict[str, Any]:
    columns = {"startColumn": row.column, "endColumn": row.end_column}
    known = {name: column for name, column in columns.items() if column}
    region = {"startLine": row.line, **known}
    place = {"artifactLocation": _artifact(row.path), "region": region}
    return {"physicalLocation": place}


def _artifact(path: str) -> dict[str, str]:
    """Return a path as a URI; bytes of a name that are no UTF-8 stay those bytes."""
    quoted = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{quoted}" if path.startswith("/") else quoted}


def _replacement(edit: Edit) -> dict[str, Any]:
    span = edit.span
    end_line, end_column = span.source.position(span.end)
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": end_line,
        "endColumn": end_column,
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.new}}


# ---- GitHub -------------------------------------------------------------------------------


def render_github(report: Report, request: Request) -> str:
    """Return a workflow command for each finding, the most urgent first.

    GitHub shows ten annotations of a level for a step. A notice says how many more there
    are; it is among the first ten notices, or nobody would see it.
    """
    rows = list_placed(report, request.root)
    levels = collections.Counter(_GITHUB_LEVELS[row.act] for row in rows)
    more = sum(max(number - _SHOWN, 0) for number in levels.values())
    lines = [_annotation(row) for row in rows]
    if more:
        # One notice more than before: the tenth makes room for it.
        hidden = more + (levels["notice"] >= _SHOWN)
        text = f"GitHub does not show {hidden} more findings: see the log of this step."
        at = len(rows) - max(levels["notice"] - (_SHOWN - 1), 0)
        lines.insert(at, f"::notice title={TOOL}::{text}")
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


def render_gitlab(report: Report, request: Request) -> str:
    """Return the findings as a Code Quality report, JSON in ASCII."""
    return encode(
        [
            {
                "description": row.text,
                "check_name": f"{TOOL}/{row.rule}",
                "fingerprint": row.name,
                "severity": _GITLAB_LEVELS[row.act],
                "location": {
                    "path": printable(row.path),
                    "lines": {"begin": row.line},
                },
            }
            for row in list_placed(report, request.root)
        ]
    )
