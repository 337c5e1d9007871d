# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The published workflows: valid for their service, and run as its shell runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from .conftest import ROOT, clean_environ
from .instances import build, rdm, write

WORKFLOWS = ROOT / "docs/workflows"
NEVER_SKIPPED = "${{ !cancelled() }}"
NINE = {**rdm("9.1.7", "3.8"), **build("inveniosoftware/centos8-python:3.8")}
ALMA = build("registry.cern.ch/inveniosoftware/almalinux:1")
#: What a build stops at, an image to move, and a file that cannot be read.
NOW = {
    f"wrong/{name}": text for name, text in {**rdm("13.0.3", "3.12"), **ALMA}.items()
}
SOON = {f"nine/{name}": text for name, text in NINE.items()}
UNREAD = {"nine/Dockerfile.base": "FROM a\0b\n"}
TREES = {
    "green": (SOON, 0),
    "red": ({**NOW, **SOON}, 1),
    "unreadable": ({**NOW, **SOON, **UNREAD}, 2),
}


@pytest.mark.parametrize(
    ("name", "schema"),
    [("github", "vendor.github-workflows"), ("gitlab", "vendor.gitlab-ci")],
)
def test_a_workflow_is_valid_for_its_service(name, schema):
    pytest.importorskip("check_jsonschema")
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
        + [str(WORKFLOWS / f"{name}.yml")],
        env=clean_environ(),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


class Ran(NamedTuple):
    """What a pipeline did."""

    codes: list[int]  #: of each script that was run
    out: str  #: of the last one
    folder: Path


class Pipeline:
    """A repository with a workflow's tree, and a shell that finds this package."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        self.folder = write(folder / "repository", {**files, ".git/HEAD": ""})
        command = f'exec "{sys.executable}" -m invenio_cli_registry "$@"\n'
        tools = {"invenio-cli-registry": f"#!/bin/sh\n{command}", "pip": "#!/bin/sh\n"}
        for tool in tools:
            write(folder / "bin", tools)
            (folder / "bin" / tool).chmod(0o755)
        self.summary = folder / "summary.md"
        self.environ = {
            **clean_environ(),
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }

    def run(self, *shell: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            shell,
            cwd=self.folder,
            env=self.environ,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )


@pytest.fixture(params=TREES.values(), ids=TREES)
def tree(request):
    return request.param


def test_github_uploads_and_annotates_whatever_can_be_read(tmp_path, tree):
    """A step runs after one that failed if it says so, as on GitHub."""
    files, code = tree
    pipeline, codes, out, uploaded = Pipeline(tmp_path, files), [], "", None
    workflow = yaml.safe_load((WORKFLOWS / "github.yml").read_text("utf-8"))
    for step in workflow["jobs"]["registry"]["steps"]:
        if any(codes) and step.get("if") != NEVER_SKIPPED:
            continue
        if "run" in step:
            done = pipeline.run("bash", "-e", "-c", step["run"])
            out = done.stdout
            codes.append(done.returncode)
        elif "upload-sarif" in step["uses"]:
            uploaded = pipeline.folder / step["with"]["sarif_file"]
    # Installed, checked, summed up, annotated: only the last one decides about findings.
    unread = 2 if code == 2 else 0
    assert codes == [0, unread, unread, code]

    (run,) = json.loads(uploaded.read_text("utf-8"))["runs"]
    rules = [one["ruleId"] for one in run["results"]]
    assert ("python" in rules, "docker-hub" in rules) == (code > 0, True)
    (invocation,) = run["invocations"]
    assert len(invocation["toolExecutionNotifications"]) == (code == 2)
    assert invocation["executionSuccessful"] == (code < 2)

    summary = pipeline.summary.read_text("utf-8")
    assert "| `nine` |" in summary
    assert ("### Problems" in summary) == (code == 2)

    levels = [line.split(" ")[0] for line in out.splitlines()]
    order = ["::error", "::warning", "::notice"]
    assert levels == sorted(levels, key=order.index)
    assert ("::error" in levels) == (code > 0)
    assert ("nine/Dockerfile.base" in out) == (code == 2)


def test_gitlab_keeps_the_report_whatever_can_be_read(tmp_path, tree):
    """The lines of a script are one shell's; the first that fails ends it."""
    files, code = tree
    pipeline = Pipeline(tmp_path, files)
    workflow = yaml.safe_load((WORKFLOWS / "gitlab.yml").read_text("utf-8"))
    job = workflow["registry"]
    script = "\n".join(["set -eo pipefail", *job["script"]])
    assert pipeline.run("bash", "-c", script).returncode == code

    assert job["artifacts"]["when"] == "always"
    report = pipeline.folder / job["artifacts"]["reports"]["codequality"]
    found = json.loads(report.read_text("utf-8"))
    places = [(one["location"]["path"], one["severity"]) for one in found]
    assert ("nine/Dockerfile", "major") in places
    assert (("wrong/Dockerfile", "critical") in places) == (code > 0)
    assert (("nine/Dockerfile.base", "major") in places) == (code == 2)


def test_code_scanning_takes_the_log(tmp_path):
    """What GitHub requires of a log beyond SARIF's schema.

    https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
    """
    pipeline = Pipeline(tmp_path, {**NOW, **SOON})
    log = json.loads(
        pipeline.run("invenio-cli-registry", "check", "--format", "sarif").stdout
    )
    (run,) = log["runs"]
    assert (log["version"], run["tool"]["driver"]["name"] != "") == ("2.1.0", True)
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert len(rule["id"]) <= 255
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
    assert 0 < len(run["results"]) <= 5000
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        # The action computes the one fingerprint that code scanning reads.
        assert "primaryLocationLineHash" not in result["partialFingerprints"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert (pipeline.folder / place["artifactLocation"]["uri"]).is_file()
        region = place["region"]
        assert 1 <= region["startColumn"] < region["endColumn"]
        assert region["startLine"] >= 1
