# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for programs, as ``check.schema.json`` in this folder describes it. Pure."""

from __future__ import annotations

from typing import Any

from ..decision import Advice, Checked, Judged, Report, Upgrade
from ..image import Image
from ..model import Command, Edit, Finding, Option, Problem, Span
from .layout import Layout, encode, stale_note

#: Raised when a field changes its meaning or goes; new fields do not raise it.
VERSION = 1


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
        **_pick(project, "path", "name", "template", "flavour", "notes"),
        "release": project.version,
        "release_source": project.version_source,
        "python": pin.text if pin else None,
        "python_source": pin.source if pin else None,
        "maintained_until": release.maintained_until if release else None,
        "for": _upgrade(one.advice.upgrade) if one.advice.upgrade else None,
        "references": [
            _reference(judged)
            for judged in one.judged
            if every or judged.status not in ("other", "local")
        ],
        "findings": [_finding(finding) for finding in one.findings],
        "builds": [
            {
                **_pick(build, "path", "built", "system"),
                "python": build.python.version,
                "python_source": build.python.source,
                "node": build.node.version,
                "base": build.base.text if build.base else None,
            }
            for build in one.instance.builds
            if build.final
        ],
        "advice": _advice(one.advice),
    }


def _pick(record: object, *names: str) -> dict[str, Any]:
    """Return the fields that have the same name and value in JSON."""
    return {name: getattr(record, name) for name in names}


def _place(span: Span) -> dict[str, Any]:
    return _pick(span, "path", "line", "column")


def _edit(edit: Edit) -> dict[str, Any]:
    return {**_place(edit.span), "old": edit.old, "new": edit.new}


def _reference(judged: Judged) -> dict[str, Any]:
    reference, way = judged.reference, judged.way
    return {
        **_place(reference.span),
        **_pick(reference, "kind", "text"),
        **_pick(judged, "status", "accepted_until"),
        "image": _spell(judged.image, judged),
        "reasons": [finding.message for finding in judged.findings],
        "evidence": way.evidence._asdict() if way.evidence else None,
        "replacement": _spell(way.becomes or way.image, judged),
        "edits": [_edit(edit) for finding in judged.findings for edit in finding.edits],
    }


def _spell(image: Image | None, judged: Judged) -> str | None:
    """Return an image in canonical form, its name alone when the tag is unknown."""
    if image is None:
        return None
    return image.name if judged.reference.tag_unknown else str(image)


def _finding(finding: Finding) -> dict[str, Any]:
    recipe, names = finding.recipe, ("id", "name", "lines", "tested", "source")
    return {
        **_pick(finding, "rule", "act", "message", "why", "help", "accepted_until"),
        **_pick(finding.span, "path", "line", "column", "end_column"),
        "url": finding.source,
        "fix": [_edit(edit) for edit in finding.edits] or None,
        "recipe": _pick(recipe, *names) if recipe else None,
        "step": finding.step._asdict() if finding.step else None,
    }


def _upgrade(upgrade: Upgrade) -> dict[str, Any]:
    return {
        **_pick(upgrade, "already", "compatible", "unknown", "pages"),
        "release": upgrade.release.label,
        "upgrade_path": [release.label for release in upgrade.steps],
        "changes": [_finding(finding) for finding in upgrade.changes],
        "services": [_finding(finding) for finding in upgrade.services],
    }


def _advice(advice: Advice) -> dict[str, Any]:
    first, *others = advice.options or (None,)
    return {
        **_pick(advice, "state", "act", "lead", "reasons"),
        "summary": advice.answer[:1].upper() + advice.answer[1:],
        "recommended": _option(first) if first else None,
        "commands": [_command(command) for command in first.commands] if first else [],
        "alternatives": [_option(option) for option in others if option],
        "cautions": advice.cautions,
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
    commands = map(_command, option.details or option.commands)
    return {**_pick(option, "text", "after"), "commands": list(commands)}


def _command(command: Command) -> dict[str, Any]:
    return {**_pick(command, "line", "folder", "remark"), "argv": command.words}
