# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for GitLab: Code Quality, as a merge request shows it.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from typing import Any, Sequence

from ..terminal import printable
from .encode import encode
from .findings import Finding, identify
from .rules import TOOL


def render_gitlab(findings: Sequence[Finding]) -> str:
    """Return the findings that are not accepted, as JSON in ASCII."""
    named = zip(findings, identify(findings))
    data = [
        _issue(finding, name) for finding, name in named if not finding.accepted_until
    ]
    return encode(data)


def _issue(finding: Finding, name: str) -> dict[str, Any]:
    return {
        "description": finding.message,
        "check_name": f"{TOOL}/{finding.rule}",
        "fingerprint": name,
        "severity": finding.severity,
        "location": {
            "path": printable(finding.path),
            "lines": {"begin": finding.line},
        },
    }
