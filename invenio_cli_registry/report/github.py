# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for GitHub Actions: workflow commands that become annotations.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from typing import Sequence

from ..terminal import printable
from .findings import Finding
from .rules import RULES, TOOL

_LEVELS = {"critical": "error", "major": "warning", "minor": "notice", "info": "notice"}
#: As GitHub's own toolkit escapes; the runner knows no other.
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = {**_DATA, **str.maketrans({":": "%3A", ",": "%2C"})}


def render_github(findings: Sequence[Finding]) -> str:
    """Return a line for each finding that is not accepted."""
    return "".join(
        f"{_command(finding)}\n" for finding in findings if not finding.accepted_until
    )


def _command(finding: Finding) -> str:
    properties = {
        "file": printable(finding.path),
        "line": finding.line,
        "col": finding.column,
        "endColumn": finding.end_column,
        "title": f"{TOOL}: {RULES[finding.rule].title}",
    }
    words = ",".join(
        f"{name}={str(value).translate(_PROPERTY)}"
        for name, value in properties.items()
        if value is not None
    )
    message = finding.message.translate(_DATA)
    return f"::{_LEVELS[finding.severity]} {words}::{message}"
