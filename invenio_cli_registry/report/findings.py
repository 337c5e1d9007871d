# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A report as a flat list, each finding at its place: what other programs show at a line.

Every text in it is one printable line already; paths and edits are as they are on disk.
Pure.
"""

from __future__ import annotations

import collections
import hashlib
import os
from typing import Callable, Iterator, NamedTuple, Sequence

from ..advice.model import Finding as Advised
from ..advice.model import Line
from ..judgement import Judged, Reason
from ..project.detection import Project
from ..readers.model import Reference
from ..readers.source import Problem
from ..terminal import printable
from .model import PlacedEdit, ProjectReport, Report

#: From the least to the most severe, in the words that GitLab has for them.
SEVERITIES = ("info", "minor", "major", "critical")

_OF_STATUS = {
    "unsuitable": "critical",
    "impacted": "major",
    "unresolved": "major",
    "outdated": "minor",
}
_OF_ACT = {"now": "critical", "soon": "major"}
_RANK = SEVERITIES.index


class Finding(NamedTuple):
    """One thing to know, and where."""

    rule: str
    severity: str  #: one of ``SEVERITIES``
    path: str  #: from the root of the repository, with slashes
    line: int = 1
    column: int | None = None  #: in code points from 1; None: the whole line
    end_column: int | None = None  #: the first behind it; None: not known
    sentence: str = ""
    becomes: str = ""  #: the image that it should be
    subject: str = ""  #: what it is about, wherever in its file that stands
    edits: tuple[PlacedEdit, ...] = ()  #: what ``migrate`` would write
    accepted_until: str = ""  #: the day until which it is known and borne

    @property
    def message(self) -> str:
        """Return the sentence, and what the image becomes."""
        if not self.becomes:
            return self.sentence
        return f"{self.sentence} Becomes {self.becomes}"


def list_findings(
    report: Report, root: str, resolve: Callable[[str], str]
) -> tuple[Finding, ...]:
    """Return everything that a report says of a place, sorted by place.

    :param root: the folder that paths are to begin at, absolute.
    :param resolve: makes one of the report's paths absolute: ``os.path.realpath`` where
        the root is a real path.
    """

    def relate(path: str) -> str:
        return relate_path(resolve(path), root)

    found = (_relate(finding, relate) for finding in _list_findings(report))
    return tuple(
        sorted(
            dict.fromkeys(found),
            key=lambda one: (one.path, one.line, one.column or 0, one.rule),
        )
    )


def identify(findings: Sequence[Finding]) -> list[str]:
    """Return a name for each finding that stays when lines move, unique among them.

    Equal findings of one file are told apart by their order.
    """
    seen: collections.Counter[tuple[str, ...]] = collections.Counter()
    names = []
    for finding in findings:
        key = (finding.rule, finding.path, finding.subject)
        seen[key] += 1
        text = "\0".join((*key, str(seen[key])))
        data = text.encode("utf-8", "surrogatepass")
        names.append(hashlib.sha256(data).hexdigest()[:32])
    return names


def relate_path(path: str, root: str) -> str:
    """Return an absolute path from a root, with slashes; outside of it, it stays whole."""
    if path == root:
        return "."
    inside = os.path.join(root, "")
    related = path[len(inside) :] if path.startswith(inside) else path
    return related.replace(os.sep, "/")


def _relate(finding: Finding, relate: Callable[[str], str]) -> Finding:
    edits = tuple(edit._replace(path=relate(edit.path)) for edit in finding.edits)
    return finding._replace(path=relate(finding.path), edits=edits)


def _list_findings(report: Report) -> Iterator[Finding]:
    for one in report.projects:
        found = list(_find_in_files(one))
        yield from found
        yield from _unsaid_act(one, found)
        yield from _ended_release(one, report)
        yield from _changes(one)
    yield from map(_problem, report.problems)


def _find_in_files(one: ProjectReport) -> Iterator[Finding]:
    for advised in one.advice.findings:
        if _is_reported(advised.judged):
            yield _reference(advised, one)
    for line in one.advice.failing:
        yield _line("failing", "critical" if line.certain else "minor", line)
    for line in one.advice.breaking:
        yield _line("breaking", "minor", line)


def _is_reported(judged: Judged) -> bool:
    return judged.status in _OF_STATUS or judged.act == "now"


def _reference(advised: Advised, one: ProjectReport) -> Finding:
    judged = advised.judged
    reference = judged.reference
    line, column = one.places[reference.span]
    text = printable(reference.text)
    reasons = "; ".join(printable(reason.text) for reason in judged.reasons)
    rule = judged.status if judged.status in _OF_STATUS else "unsuitable"
    severity = _severity(judged)
    if one.advice.upgrade and rule == "unsuitable":
        # Of the release that is asked for: nothing is wrong with it today.
        rule, severity = "upgrade", "minor"
    return Finding(
        rule=rule,
        severity=severity,
        path=reference.span.path,
        line=line,
        column=column,
        end_column=column + len(reference.text) if _is_whole(reference) else None,
        sentence=f"{_show(reference)}: {reasons}.",
        becomes=printable(advised.becomes.familiar) if advised.becomes else "",
        subject=text,
        edits=_fixes(advised, one),
        accepted_until=str(judged.accepted_until or ""),
    )


def _fixes(advised: Advised, one: ProjectReport) -> tuple[PlacedEdit, ...]:
    """Return the edits that ``migrate`` makes unasked; an upgrade is no single line."""
    if not advised.target.auto or one.advice.upgrade:
        return ()
    return one.edits.get(advised.judged.reference, ())


def _is_whole(reference: Reference) -> bool:
    """Tell whether it stands in the file as it reads: on one line, in one stretch."""
    start, end = reference.span.start, reference.span.end
    return end - start == len(reference.text) > 0


def _show(reference: Reference) -> str:
    """Return a reference as written, and with its variables replaced."""
    text, expanded = printable(reference.text), reference.expanded
    if not expanded or expanded == reference.text:
        return text or "No FROM"
    return f"{text} ({printable(expanded)})"


def _severity(judged: Judged) -> str:
    return max(map(_severity_of_reason, judged.reasons), key=_RANK)


def _severity_of_reason(reason: Reason) -> str:
    if reason.act == "now":
        return "critical"
    if reason.status == "unresolved" and reason.act == "no":
        return "info"  # Whatever it is, nothing says that it is the organisation's.
    return _OF_STATUS.get(reason.status, "info")


def _line(rule: str, severity: str, line: Line) -> Finding:
    excerpt, message = printable(line.excerpt), printable(line.message)
    instead = f"; {printable(line.instead)}" if line.instead else ""
    return Finding(
        rule,
        severity,
        line.path,
        line.line,
        line.column,
        sentence=f"{excerpt}: {message}{instead}.",
        subject=excerpt,
    )


def _unsaid_act(one: ProjectReport, found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield why to act when no image and no line says it: a lock that does not fit."""
    severity = _OF_ACT.get(one.advice.act, "info")
    said = max((finding.severity for finding in found), key=_RANK, default="info")
    if _RANK(said) >= _RANK(severity):
        return
    pin = one.project.pins.get(one.project.manager or "")
    place = pin.place if pin else None
    path, line, column = place or (_deciding_file(one.project), 1, None)
    sentence = printable(one.advice.why[0].text)
    yield Finding("instance", severity, path, line, column, sentence=sentence)


def _deciding_file(project: Project) -> str:
    return os.path.join(project.path, project.release_source or "")


def _ended_release(one: ProjectReport, report: Report) -> Iterator[Finding]:
    project, release = one.project, one.release
    end = release.maintained_until if release else None
    if release is None or end is None or end > report.today:
        return
    name = f"Invenio{release.flavour} {release.label}"
    step = next(iter(one.advice.path), None)
    page = (step.upgrade_page or step.page) if step else ""
    way = f" Upgrade to {step.label}: {page}" if step else ""
    yield Finding(
        "ended",
        "info",
        _deciding_file(project),
        sentence=f"{name} has had no fixes since {end}.{way}",
        subject=name,
    )


def _changes(one: ProjectReport) -> Iterator[Finding]:
    """Yield what the release of ``--for`` asks for beside images, where it is written."""
    upgrade = one.advice.upgrade
    if upgrade is None:
        return
    name = f"Invenio{upgrade.release.flavour} {upgrade.release.label}"
    for change in (*upgrade.changes, *upgrade.services):
        if change.place is None or change.kind == "image":
            continue
        remark = f"; {change.remark}" if change.remark else ""
        if change.kind == "service":
            text = f"{name} asks for {change.new}, not {change.old}{remark}."
        else:
            what = f"{name} asks for {change.what}"
            text = f"{what}: {change.old} becomes {change.new}{remark}."
        path, line, column = change.place
        what, sentence = printable(change.what), printable(text)
        yield Finding(
            "upgrade", "minor", path, line, column, sentence=sentence, subject=what
        )


def _problem(problem: Problem) -> Finding:
    message = printable(problem.message)
    return Finding(
        "problem",
        "major" if problem.fatal else "minor",
        problem.path,
        problem.line or 1,
        sentence=f"{message}.",
        subject=message,
    )
