# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The JSON of ``check``: its schema, whole sentences, commands as a program takes them."""

from __future__ import annotations

import copy
import json

import jsonschema
import pytest

from invenio_cli_registry.report import read_schema, render
from invenio_cli_registry.report.layout import Layout

from ..instances import as_json, build, configure, instance, rdm, rdm_uv, run
from .records import HOSTILE, HUB, checked, finding, report

SCHEMA = json.loads(read_schema("check"))
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
INSTANCES = {
    "impacted": NINE,
    "accepted": configure(NINE, f"accept = {HUB} until 2027-03-01"),
    "wrong Python": {**rdm("13.0.3", "3.12"), **build(ALMA)},
    "ok": {
        **rdm_uv("14.0.5", ">=3.14"),
        **build("ghcr.io/inveniosoftware/invenio:14-debian"),
    },
    "unresolved": {**rdm("13.1.2", "3.9"), **build("inveniosoftware/$X:1")},
    "no FROM": {**rdm("13.1.2", "3.9"), "Dockerfile": "RUN true\n"},
    "no release": {"Dockerfile": f"FROM {HUB}\n"},
    "broken": {**NINE, "Pipfile": "[packages]\nx = [\n"},
    "nothing": {},
}


def validate(data):
    jsonschema.validate(data, SCHEMA)


@pytest.mark.parametrize("name", ["check", "verify"])
def test_a_schema_has_an_id_and_is_open(name):
    text = read_schema(name)
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:invenio-cli-registry:{name}:1"
    assert "additionalProperties" not in text


@pytest.mark.parametrize("options", [(), ("--all",), ("--for", "14")], ids=str)
@pytest.mark.parametrize("name", INSTANCES)
def test_every_report_keeps_to_the_schema(tmp_path, name, options):
    validate(as_json(tmp_path, INSTANCES[name], *options))


def test_a_command_is_also_a_list_of_arguments(tmp_path):
    files = {f"a b/{name}": text for name, text in NINE.items()}
    (project,) = as_json(tmp_path, files)["projects"]
    (command,) = project["advice"]["commands"]
    assert command == {
        "line": "invenio-cli registry migrate --verify 'a b'",
        "argv": ["invenio-cli", "registry", "migrate", "--verify", "a b"],
        "folder": "",
        "remark": "",
    }


def test_a_fix_is_what_migrate_writes(tmp_path):
    with instance(tmp_path, NINE) as site:
        (project,) = as_json(tmp_path, {})["projects"]
        found = [one for one in project["findings"] if one["fix"]]
        ((edit,),) = [one["fix"] for one in found]
        assert run(tmp_path, {}, "migrate", "--yes").code == 0
        lines = NINE["Dockerfile"].split("\n")
        line, at = lines[edit["line"] - 1], edit["column"] - 1
        assert line[at:].startswith(edit["old"])
        lines[edit["line"] - 1] = (
            line[:at] + edit["new"] + line[at + len(edit["old"]) :]
        )
        assert (site / "Dockerfile").read_text() == "\n".join(lines)


def test_the_schema_finds_what_is_missing(tmp_path):
    data = as_json(tmp_path, NINE)
    for where in (data, data["projects"][0], data["projects"][0]["findings"][0]):
        for key in list(where):
            kept = copy.copy(where[key])
            del where[key]
            with pytest.raises(jsonschema.ValidationError):
                validate(data)
            where[key] = kept
    data["more"] = 1
    validate(data)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_a_file_holds_it_is_json_in_ascii(text):
    one = checked(finding(message=text, path=text, image=text), status="unresolved")
    said = render("json", report(one, nothing=text), Layout())
    assert said.isascii()
    assert "##" not in said
    assert json.loads(said)["nothing"] == text
