# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for programs, as ``check.schema.json`` in this folder describes it. Pure."""

from __future__ import annotations

from typing import Any

from ..decision.model import Advice, Checked, Judged, Report, Upgrade
from ..image import Image
from ..model import Command, Edit, Finding, Option, Problem, Span
from .layout import Layout, encode, stale_note

#: Raised when a field changes its meaning or goes; new fields do not raise it.
VERSION = 1
_RECIPE = ("id", "name", "lines", "tested", "source")


def describe_tool() -> dict[str, str]:
    """Return name and version of this program."""
    from importlib import metadata

    name = "invenio-cli-registry"
    return {"name": name, "version": metadata.version(name)}


def describe_problem(problem: Problem) -> dict[str, Any]:
    """Return what could not be read, as both schemas have it."""
    line = problem.line or None
    return {"path": problem.path, "line": line, "message": problem.message}


def render_json(report: Report, layout: Layout) -> str:
    """Return the report as JSON, every character beyond ASCII escaped.

    A date is text; a text that there is nothing for is empty, any other value null.
    """
    return encode(
        {
            "version": VERSION,
            "tool": describe_tool(),
            "catalogue": {
                "date": report.catalogue,
                "read": report.facts_read,
                "note": stale_note(report),
            },
            "nothing": report.nothing,
            "projects": [_project(one, layout.every) for one in report.instances],
            "problems": [describe_problem(problem) for problem in report.problems],
            "unused": report.silent,
        }
    )


def _project(one: Checked, every: bool) -> dict[str, Any]:
    project, release = one.instance.project, one.release
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
        "maintained_until": release.maintained_until if release else None,
        "notes": project.notes,
        "for": _upgrade(one.advice.upgrade) if one.advice.upgrade else None,
        "references": [
            _reference(judged)
            for judged in one.judged
            if every or judged.status not in ("other", "local")
        ],
        "findings": [_finding(finding) for finding in one.findings],
        "builds": [
            {
                "path": build.path,
                "built": build.built,
                "python": build.python.version,
                "python_source": build.python.source,
                "node": build.node.version,
                "system": build.system,
                "base": build.base.text if build.base else None,
            }
            for build in one.instance.builds
            if build.final
        ],
        "advice": _advice(one.advice),
    }


def _place(span: Span) -> dict[str, Any]:
    return {"path": span.path, "line": span.line, "column": span.column}


def _edit(edit: Edit) -> dict[str, Any]:
    return {**_place(edit.span), "old": edit.old, "new": edit.new}


def _reference(judged: Judged) -> dict[str, Any]:
    reference, way = judged.reference, judged.way
    return {
        **_place(reference.span),
        "kind": reference.kind,
        "text": reference.text,
        "image": _spell(judged.image, judged),
        "status": judged.status,
        "reasons": [finding.message for finding in judged.findings],
        "evidence": way.evidence._asdict() if way.evidence else None,
        "accepted_until": judged.accepted_until,
        "replacement": _spell(way.becomes or way.image, judged),
        "edits": [_edit(edit) for finding in judged.findings for edit in finding.edits],
    }


def _spell(image: Image | None, judged: Judged) -> str | None:
    """Return an image in canonical form, its name alone when the tag is unknown."""
    if image is None:
        return None
    return image.name if judged.reference.tag_unknown else str(image)


def _finding(finding: Finding) -> dict[str, Any]:
    recipe = finding.recipe
    return {
        "rule": finding.rule,
        "act": finding.act,
        **_place(finding.span),
        "end_column": finding.span.end_column,
        "message": finding.message,
        "why": finding.why,
        "help": finding.help,
        "url": finding.source,
        "accepted_until": finding.accepted_until,
        "fix": [_edit(edit) for edit in finding.edits] or None,
        "recipe": {name: getattr(recipe, name) for name in _RECIPE} if recipe else None,
        "step": finding.step._asdict() if finding.step else None,
    }


def _upgrade(upgrade: Upgrade) -> dict[str, Any]:
    return {
        "release": upgrade.release.label,
        "already": upgrade.already,
        "upgrade_path": [release.label for release in upgrade.steps],
        "changes": [_finding(finding) for finding in upgrade.changes],
        "services": [_finding(finding) for finding in upgrade.services],
        "compatible": upgrade.compatible,
        "unknown": upgrade.unknown,
        "pages": upgrade.pages,
    }


def _advice(advice: Advice) -> dict[str, Any]:
    first = advice.recommended
    return {
        "state": advice.state,
        "act": advice.act,
        "summary": advice.answer[:1].upper() + advice.answer[1:],
        "lead": advice.lead,
        "reasons": advice.reasons,
        "recommended": _option(first) if first else None,
        "commands": [_command(command) for command in first.commands] if first else [],
        "alternatives": [_option(option) for option in advice.alternatives],
        "cautions": [*advice.impossible, *advice.cautions],
        "end_of_life": [end._asdict() for end in advice.ends],
        "upgrade_path": [
            {
                "release": release.label,
                "page": release.upgrade_page or release.page,
                "python": release.pythons,
                "invenio_cli": release.invenio_cli,
            }
            for release in advice.path
        ],
    }


def _option(option: Option) -> dict[str, Any]:
    commands = option.details or option.commands
    return {
        "text": option.text,
        "commands": [_command(command) for command in commands],
        "after": option.after,
    }


def _command(command: Command) -> dict[str, Any]:
    words = {"line": command.line, "argv": command.words}
    return {**words, "folder": command.folder, "remark": command.remark}
