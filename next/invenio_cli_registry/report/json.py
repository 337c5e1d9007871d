# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for programs, as ``check.schema.json`` in this folder describes it. Pure."""

from __future__ import annotations

import datetime
from typing import Any

from ..decision.model import Advice, Checked, EndOfLife, Judged, Report, Upgrade
from ..image import Image
from ..model import Command, Edit, Finding, Option, Problem, Recipe, Step
from .layout import encode, stale_note

#: Raised when a field changes its meaning or goes; new fields do not raise it.
VERSION = 1


def describe_tool() -> dict[str, str]:
    """Return name and version of this program."""
    from importlib import metadata

    name = "invenio-cli-registry"
    return {"name": name, "version": metadata.version(name)}


def render_json(report: Report, *, every: bool = False) -> str:
    """Return the report as JSON, every character beyond ASCII escaped.

    :param every: list every image, also those that have nothing to do with Invenio.
    """
    catalogue = {
        "date": str(report.catalogue),
        "read": report.facts_read,
        "note": stale_note(report) or None,
    }
    data = {
        "version": VERSION,
        "tool": describe_tool(),
        "catalogue": catalogue,
        "nothing": report.nothing or None,
        "projects": [_project(one, every) for one in report.instances],
        "problems": [describe_problem(problem) for problem in report.problems],
        "unused": list(report.silent),
    }
    return encode(data)


def describe_problem(problem: Problem) -> dict[str, Any]:
    """Return what could not be read, as both schemas have it."""
    line = problem.line or None
    return {"path": problem.path, "line": line, "message": problem.message}


def _project(one: Checked, every: bool) -> dict[str, Any]:
    project, release = one.instance.project, one.release
    end = release.maintained_until if release else None
    pin = project.pins.get(project.manager or "")
    return {
        "path": project.path,
        "name": project.name,
        "template": project.template,
        "flavour": project.flavour,
        "release": project.version,
        "release_source": project.version_source,
        "python": pin.text if pin else None,
        "python_source": pin.source if pin else None,
        "maintained_until": _day(end),
        "notes": list(project.notes),
        "for": _upgrade(one.advice.upgrade),
        "references": [
            _reference(item)
            for item in one.judged
            if every or item.status not in ("other", "local")
        ],
        "findings": [_finding(finding) for finding in one.findings],
        "builds": [
            {
                "path": build.path,
                "built": build.built,
                "python": build.python.version,
                "python_source": build.python.source or None,
                "node": build.node.version,
                "system": build.system,
                "base": build.base.text if build.base else None,
            }
            for build in one.instance.builds
            if build.final
        ],
        "advice": _advice(one.advice),
    }


def _day(day: datetime.date | None) -> str | None:
    return str(day) if day else None


def _reference(judged: Judged) -> dict[str, Any]:
    reference, way = judged.reference, judged.way
    span, evidence = reference.span, way.evidence
    return {
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "kind": reference.kind,
        "text": reference.text,
        "image": _spell(judged.image, judged),
        "status": judged.status,
        "reasons": [finding.message for finding in judged.findings],
        "evidence": evidence._asdict() if evidence else None,
        "accepted_until": _day(judged.accepted_until),
        "replacement": _spell(way.becomes or way.image, judged),
        "edits": [
            _edit(edit) for finding in judged.findings for edit in finding.edits
        ],
    }


def _spell(image: Image | None, judged: Judged) -> str | None:
    """Return an image in canonical form, its name alone when the tag is unknown."""
    if image is None:
        return None
    return image.name if judged.reference.tag_unknown else str(image)


def _finding(finding: Finding) -> dict[str, Any]:
    span, step, recipe = finding.span, finding.step, finding.recipe
    return {
        "rule": finding.rule,
        "act": finding.act,
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_column": span.end_column,
        "message": finding.message,
        "why": finding.why or None,
        "help": finding.help or None,
        "url": finding.source or None,
        "accepted_until": _day(finding.accepted_until),
        "fix": [_edit(edit) for edit in finding.edits] or None,
        "recipe": _recipe(recipe) if recipe else None,
        "step": _step(step) if step else None,
    }


def _edit(edit: Edit) -> dict[str, Any]:
    span = edit.span
    place = {"path": span.path, "line": span.line, "column": span.column}
    return {**place, "old": edit.old, "new": edit.new}


def _recipe(recipe: Recipe) -> dict[str, Any]:
    return {
        "name": recipe.name,
        "lines": list(recipe.lines),
        "tested": recipe.tested or None,
        "source": recipe.source,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.what,
        "old": step.old or None,
        "new": step.new,
        "by": "hand" if step.by_hand else "migrate",
        "remark": step.remark or None,
    }


def _upgrade(upgrade: Upgrade | None) -> dict[str, Any] | None:
    """Return what the release of ``--for`` needs, None without that option."""
    if upgrade is None:
        return None
    return {
        "release": upgrade.release.label,
        "already": upgrade.already,
        "upgrade_path": [release.label for release in upgrade.steps],
        "changes": [_finding(finding) for finding in upgrade.changes],
        "services": [_finding(finding) for finding in upgrade.services],
        "compatible": list(upgrade.compatible),
        "unknown": list(upgrade.unknown),
        "pages": list(upgrade.pages),
    }


def _advice(advice: Advice) -> dict[str, Any]:
    recommended = advice.recommended
    return {
        "state": advice.state,
        "act": advice.act,
        "action": advice.action,
        "summary": advice.answer[:1].upper() + advice.answer[1:],
        "reasons": list(advice.reasons),
        "recommended": _option(recommended) if recommended else None,
        "commands": [_command(one) for one in recommended.commands] if recommended else [],
        "alternatives": [_option(option) for option in advice.alternatives],
        "cautions": [*advice.impossible, *advice.cautions],
        "end_of_life": [_end(end) for end in advice.ends],
        "upgrade_path": [
            {
                "release": release.label,
                "page": release.upgrade_page or release.page,
                "python": list(release.pythons),
                "invenio_cli": release.invenio_cli,
            }
            for release in advice.path
        ],
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "text": option.text,
        "commands": [_command(command) for command in option.commands],
        "after": option.after or None,
    }


def _command(command: Command) -> dict[str, Any]:
    return {
        "line": command.line,
        "argv": list(command.words),
        "folder": command.folder or None,
        "remark": command.remark or None,
    }


def _end(end: EndOfLife) -> dict[str, Any]:
    return {
        "what": end.what,
        "source": end.source or None,
        "date": str(end.end),
        "note": end.note or None,
    }
