# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for programs, by the schema ``check.schema.json`` of this folder."""

from __future__ import annotations

import datetime
from typing import Any

from ..advice.model import Advice, Change, Finding, Line, Upgrade
from ..builds import tag_unknown
from ..catalog import Release
from ..judgement import Judged
from ..readers.source import Problem
from ..reference import Image
from .encode import encode
from .model import PlacedEdit, ProjectReport, Report
from .recipes import describe_recipe

#: Raised when a field changes its meaning or goes; new fields do not raise it.
VERSION = 1


def render_json(report: Report, *, every: bool = False) -> str:
    """Return the report as JSON, every character beyond ASCII escaped.

    :param every: list every image, also those that nothing is to be said of.
    """
    data = {
        "version": VERSION,
        "catalogue": {"date": str(report.facts_of)},
        "projects": [_project(one, every) for one in report.projects],
        "problems": [describe_problem(problem) for problem in report.problems],
    }
    return encode(data)


def _project(one: ProjectReport, every: bool) -> dict[str, Any]:
    project, release = one.project, one.release
    end = release.maintained_until if release else None
    pin = project.pins.get(project.manager or "")
    return {
        "path": project.path,
        "name": project.name,
        "flavour": project.flavour,
        "release": project.release,
        "release_source": project.release_source,
        "python": pin.text if pin else None,
        "python_source": pin.source if pin else None,
        "maintained_until": _format_day(end),
        "notes": list(project.release_notes),
        "for": _upgrade(one.advice.upgrade),
        "references": [
            _reference(finding, one)
            for finding in one.advice.findings
            if every or finding.judged.status not in ("other", "local")
        ],
        "advice": _advice(one.advice),
    }


def _format_day(day: datetime.date | None) -> str | None:
    return str(day) if day else None


def _upgrade(upgrade: Upgrade | None) -> dict[str, Any] | None:
    """Return what the release of ``--for`` asks for, None when none was asked for."""
    if upgrade is None:
        return None
    return {
        "release": upgrade.release.label,
        "first": upgrade.first.label if upgrade.first else None,
        "upgrade_path": [_step(step) for step in upgrade.path],
        "changes": [_change(change) for change in upgrade.changes],
        "services": [_change(change) for change in upgrade.services],
        "unknown": list(upgrade.unknown),
    }


def _change(change: Change) -> dict[str, Any]:
    place = change.place
    return {
        "kind": change.kind,
        "name": change.what,
        "path": place.path if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "old": change.old,
        "new": change.new,
        "by": change.by,
        "remark": change.remark or None,
    }


def _reference(finding: Finding, one: ProjectReport) -> dict[str, Any]:
    judged, target = finding.judged, finding.target
    reference = judged.reference
    line, column = one.places[reference.span]
    edits = [_edit(edit) for edit in one.edits.get(reference, ())]
    evidence = target.evidence
    return {
        "path": reference.span.path,
        "line": line,
        "column": column,
        "kind": reference.kind,
        "text": reference.text,
        "image": _spell(judged.image, judged),
        "status": judged.status,
        "reasons": [reason.text for reason in judged.reasons],
        "evidence": (
            {
                "kind": evidence.kind,
                "until": evidence.until,
                "text": evidence.text,
                "source": evidence.source,
            }
            if evidence
            else None
        ),
        "accepted_until": _format_day(judged.accepted_until),
        "replacement": _spell(finding.becomes, judged),
        "edit": edits[0] if edits else None,
        "edits": edits,
        "recipes": [describe_recipe(recipe) for recipe in finding.recipes],
    }


def _spell(image: Image | None, judged: Judged) -> str | None:
    """Return an image in canonical form, its name alone when nobody knows the tag."""
    if image is None:
        return None
    return image.name if tag_unknown(judged.reference) else str(image)


def _edit(edit: PlacedEdit) -> dict[str, Any]:
    return edit._asdict()


def _advice(advice: Advice) -> dict[str, Any]:
    return {
        "act": advice.act,
        "action": advice.action,
        "summary": advice.answer,
        "reasons": [cause.text for cause in advice.why],
        "commands": [command.line for command in advice.commands],
        "alternatives": [
            {
                "text": option.text,
                "commands": [command.line for command in option.commands],
            }
            for option in advice.alternatives
        ],
        "cautions": [*advice.no_way, *advice.cautions],
        "upgrade_path": [_step(step) for step in advice.path],
        "failing": [_line(line) for line in advice.failing],
        "breaking": [_line(line) for line in advice.breaking],
    }


def _step(step: Release) -> dict[str, Any]:
    return {
        "release": step.label,
        "page": step.upgrade_page or step.page,
        "python": list(step.pythons),
        "invenio_cli": step.invenio_cli,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "path": line.path,
        "line": line.line,
        "column": line.column,
        "message": f"{line.excerpt}: {line.message}",
        "instead": line.instead or None,
    }


def describe_problem(problem: Problem) -> dict[str, Any]:
    """Return what could not be read, as both schemas have it."""
    return {
        "path": problem.path,
        "line": problem.line or None,
        "message": problem.message,
    }
