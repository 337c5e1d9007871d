# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The examples, by the real catalogue: their answer, and that nothing is written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from .conftest import ROOT
from .instances import call, inside
from .test_facts import FOLDER, add_next

EXAMPLES = ROOT / "examples"
ANSWERS = {
    "ils-1.0/my-ils": (1, "impacted. Its base image is on Docker Hub"),
    "ils-4.5/my-ils": (0, "ok. InvenioILS 4.5.0 on almalinux:1 with Python 3.9."),
    "portal/opendata": (1, "impacted, and some commands of its Dockerfile no longer"),
    "rdm-10.1/my-site": (1, "impacted, and some commands of its Dockerfile no longer"),
    "rdm-12/my-site": (0, "the image need not move, but InvenioRDM 12.0.19 has had no"),
    "rdm-13/my-site": (1, "wrong Python. Pipfile requires Python 3.12, the base image"),
    # It makes the Python 3.12 that it installs the `python3` on PATH, which pipenv uses.
    "rdm-13-python3.12/my-site": (
        0,
        "ok. InvenioRDM 13.1.2 on almalinux:1 with Python 3.12 (Dockerfile:15).",
    ),
    "rdm-14/my-site": (
        0,
        "ok. InvenioRDM 14.0.5 on invenio:14-debian with Python 3.14.",
    ),
    "rdm-14-almalinux/my-site": (
        0,
        "wrong Node. InvenioRDM 14",
    ),
    "rdm-14-from-13/my-site": (0, "ok. InvenioRDM 14.0.5 on invenio:14-debian with"),
    "rdm-9.1/my-site": (
        1,
        "impacted. Its base image is on Docker Hub and may be removed.",
    ),
}


@pytest.fixture(params=ANSWERS)
def example(request, tmp_path):
    """Copy an example, and make it the current folder."""
    folder = tmp_path / Path(request.param).name
    shutil.copytree(EXAMPLES / request.param, folder)
    with inside(folder):
        yield request.param


def snapshot():
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(Path().rglob("*"))
        if path.is_file()
    }


def test_every_example_is_in_the_table():
    paths = (*EXAMPLES.glob("*/*/Dockerfile"), *EXAMPLES.glob("*/*/.invenio"))
    found = {path.parent.relative_to(EXAMPLES).as_posix() for path in paths}
    assert found == set(ANSWERS)


@pytest.mark.parametrize("facts", ["as they are", "with 15"])
def test_the_answer(example, facts, tmp_path):
    catalogue = FOLDER if facts == "as they are" else add_next(tmp_path)
    before = snapshot()
    ran = call("check", "--catalogue", str(catalogue))
    code, answer = ANSWERS[example]
    assert (ran.code, ran.err) == (code, "")
    name = Path(example).name
    assert " ".join(ran.out.split()).startswith(f"{name}: {answer}")
    # Only names, paths, commands and addresses are wider.
    assert max(map(len, ran.out.splitlines())) <= 90
    assert snapshot() == before


@pytest.mark.parametrize("options", [(), ("--all",)], ids=["short", "all"])
def test_json_keeps_to_its_schema(example, options):
    schema = json.loads(call("schema").out)
    data = json.loads(call("check", "--format", "json", *options).out)
    jsonschema.validate(data, schema)
    assert len(data["projects"]) == 1


@pytest.mark.parametrize("options", [("--all",), ("--verbose",), ("--for", "14")])
def test_the_longer_answers(example, options):
    before = snapshot()
    ran = call("check", *options)
    assert ran.code in (0, 1, 2)
    assert ran.out
    assert snapshot() == before


def test_the_change_is_shown_written_once_and_then_there_is_none(example):
    before = snapshot()
    shown = call("migrate", "--dry-run")
    assert snapshot() == before
    written = call("migrate", "--yes")
    assert written.out.startswith(shown.out) or not shown.out
    after = snapshot()
    changed = {path.name for path in after if after[path][0] != before[path][0]}
    assert bool(changed) is shown.out.startswith("---")
    # A cache is configured in one of them.
    assert changed <= {"Dockerfile", "Dockerfile.base", "docker-services.yml"}
    again = call("migrate", "--yes")
    assert "---" not in again.out
    assert snapshot() == after
