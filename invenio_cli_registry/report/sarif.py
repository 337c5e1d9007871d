# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The report for code scanning: SARIF 2.1.0 (OASIS), with a fix where ``migrate`` has one.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from itertools import groupby
from typing import Any, Sequence
from urllib.parse import quote

from .encode import encode
from .findings import Finding, identify
from .model import PlacedEdit
from .rules import RULES, TOOL, Rule

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
    "sarif-schema-2.1.0.json"
)
_LEVELS = {"critical": "error", "major": "warning", "minor": "note", "info": "note"}
_FINGERPRINT = "invenioCliRegistry/v1"


def render_sarif(findings: Sequence[Finding], prog: str, version: str) -> str:
    """Return findings as one SARIF log, every character beyond ASCII escaped.

    :param prog: the name that we were called by, as advised commands begin.
    :param version: of this package.
    """
    driver = {
        "name": TOOL,
        "version": version,
        "rules": [_rule(name, rule, prog) for name, rule in RULES.items()],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, name, prog)
            for finding, name in zip(findings, identify(findings))
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return encode(log)


def _rule(name: str, rule: Rule, prog: str) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.text},
        "help": {"text": rule.way.format(prog=prog)},
        "helpUri": rule.page,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, name: str, prog: str) -> dict[str, Any]:
    place = {"artifactLocation": _artifact(finding.path), "region": _region(finding)}
    result = {
        "ruleId": finding.rule,
        "ruleIndex": list(RULES).index(finding.rule),
        "level": _LEVELS[finding.severity],
        "message": _message(finding.message),
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {_FINGERPRINT: name},
        # Of one run all results have it, or none (3.27.23).
        "suppressions": _suppressions(finding),
    }
    if finding.edits:
        result["fixes"] = [_fix(finding, prog)]
    return result


def _message(text: str) -> dict[str, str]:
    """Return a message in which nothing is a link, whatever a file holds (3.11.6)."""
    return {"text": text.replace("](", "] (")}


def _artifact(path: str) -> dict[str, str]:
    """Return a place as a URI; bytes of a name that are no UTF-8 stay those bytes."""
    quoted = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{quoted}" if path.startswith("/") else quoted}


def _region(finding: Finding) -> dict[str, int]:
    columns = {"startColumn": finding.column, "endColumn": finding.end_column}
    known = {name: column for name, column in columns.items() if column}
    return {"startLine": finding.line, **known}


def _suppressions(finding: Finding) -> list[dict[str, str]]:
    if not finding.accepted_until:
        return []
    until = f"accepted until {finding.accepted_until}"
    return [{"kind": "external", "status": "accepted", "justification": until}]


def _fix(finding: Finding, prog: str) -> dict[str, Any]:
    by_path = groupby(finding.edits, key=lambda edit: edit.path)
    changes = [
        {
            "artifactLocation": _artifact(path),
            "replacements": [_replacement(edit) for edit in edits],
        }
        for path, edits in by_path
    ]
    text = f"What `{prog} migrate` writes: {finding.becomes}"
    return {"description": _message(text), "artifactChanges": changes}


def _replacement(edit: PlacedEdit) -> dict[str, Any]:
    lines = edit.old.split("\n")
    before = edit.column if len(lines) == 1 else 1
    region = {
        "startLine": edit.line,
        "startColumn": edit.column,
        "endLine": edit.line + len(lines) - 1,
        "endColumn": before + len(lines[-1]),
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.new}}
