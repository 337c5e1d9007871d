# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Code Quality: what GitLab documents of the format, and names that last."""

import json

import jsonschema
import pytest

from invenio_cli_registry.report.findings import SEVERITIES, Finding
from invenio_cli_registry.report.gitlab import render_gitlab

from .instances import build, rdm
from .reports import HOSTILE, find, find_hostile, find_in_example
from .test_cli import CERN, EXAMPLES, HUB

#: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format, and no more
#: than that; a path has no "./" before it.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": [
            "description",
            "check_name",
            "fingerprint",
            "severity",
            "location",
        ],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "additionalProperties": False,
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/|\.\./).+"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "additionalProperties": False,
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}


def read(findings):
    """Return what is said, valid, and each by a name of its own."""
    text = render_gitlab(findings)
    assert text.isascii()
    assert text.endswith("]\n")
    data = json.loads(text)
    jsonschema.validate(data, SCHEMA)
    names = [one["fingerprint"] for one in data]
    assert len(set(names)) == len(names)
    return data


def test_a_finding(tmp_path):
    found = find(tmp_path, {**rdm("9.1.7", "3.8"), **build(HUB)})
    (first, second) = read(found)
    assert {**first, "fingerprint": ""} == {
        "description": f"{HUB}: it lies on Docker Hub, with no promise to stay; CentOS 8 "
        f"has had no fixes since 2021-12-31. Becomes {CERN}",
        "check_name": "invenio-cli-registry/impacted",
        "fingerprint": "",
        "severity": "major",
        "location": {"path": "my-site/Dockerfile", "lines": {"begin": 1}},
    }
    assert second["check_name"] == "invenio-cli-registry/ended"


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_finding_of_the_examples_is_valid(name):
    found = find_in_example(name)
    said = [(one["description"], one["location"]["path"]) for one in read(found)]
    assert said == [(one.message, one.path) for one in found]


@pytest.mark.parametrize("severity", SEVERITIES)
def test_the_severity_is_gitlabs_own_word(severity):
    (one,) = read([Finding("impacted", severity, "a", sentence="x")])
    assert one["severity"] == severity


def test_nothing_found_is_an_empty_report():
    assert render_gitlab([]) == "[]\n"


def test_what_is_accepted_is_not_said_and_changes_no_name():
    one = Finding("impacted", "major", "Dockerfile", sentence="x")
    borne = one._replace(accepted_until="2027-03-01")
    assert read([borne]) == []
    (_, second) = read([one, one._replace(line=2)])
    assert read([borne, one._replace(line=2)]) == [second]


def test_names_stay_when_lines_move(tmp_path):
    files = {**rdm("9.1.7", "3.8"), **build(HUB), "b/Dockerfile": f"FROM {HUB}\n" * 2}
    moved = {
        name: f"\n\n{text}" if "Docker" in name else text
        for name, text in files.items()
    }
    before, after = read(find(tmp_path / "a", files)), read(find(tmp_path / "b", moved))
    assert [one["fingerprint"] for one in after] == [
        one["fingerprint"] for one in before
    ]
    assert after != before


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_a_file_holds_the_report_is_valid(tmp_path, text):
    found = find_hostile(tmp_path, text)
    data = read(found)
    assert len(data) == len(found)
    for one in data:
        assert (one["description"] + one["location"]["path"]).isprintable()


@pytest.mark.parametrize("path", ["./a", "/a", "../a", ""])
def test_the_schema_of_these_tests_is_strict(path):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            json.loads(
                render_gitlab([Finding("problem", "minor", path, sentence="x")])
            ),
            SCHEMA,
        )
