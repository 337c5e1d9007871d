# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The lines of a build that fail already, or would break on the image it moves to. Pure."""

from __future__ import annotations

from typing import Iterable, Sequence

from ..judgement import Judged, Setting
from ..runs.rules import Breaking, find_breaking
from .model import Finding, Line


def list_failing(judged: Sequence[Judged], setting: Setting) -> tuple[Line, ...]:
    """Return the lines that cannot work any more on the system they run on."""
    return _unique(
        _place(found, setting)
        for one in judged
        if one.base
        for line in one.lineages
        for found in find_breaking(line.steps, one.base.os, None, setting.catalog)
    )


def list_breaking(findings: Sequence[Finding], setting: Setting) -> tuple[Line, ...]:
    """Return the lines that would break on the systems that the images move to."""
    return _unique(
        line for finding in findings for line in breaking_lines(finding, setting)
    )


def breaking_lines(finding: Finding, setting: Setting) -> tuple[Line, ...]:
    """Return the lines that one move breaks, none when the system stays."""
    judged, image = finding.judged, finding.target.image
    moved = setting.catalog.base_image(image) if image else None
    if judged.base is None or moved is None or moved[0].os == judged.base.os:
        return ()
    return _unique(
        _place(found, setting)
        for line in judged.lineages
        for found in find_breaking(
            line.steps, judged.base.os, moved[0].os, setting.catalog
        )
    )


def _place(found: Breaking, setting: Setting) -> Line:
    line, column = setting.locate(found.path, found.offset)
    return Line(
        found.path,
        line,
        column,
        found.excerpt,
        found.message,
        found.instead,
        found.rule.source,
        found.certain,
        found.rule.id,
    )


def _unique(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(sorted(dict.fromkeys(lines)))
