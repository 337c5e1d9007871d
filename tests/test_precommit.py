# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The hooks: which files they are given, and a real pre-commit that runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from invenio_cli_registry.files import _ENDINGS, kind_of

from .conftest import ROOT, clean_environ, commit_all, copy_source, run_git
from .hosts import SITE
from .instances import write

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
DOCKERFILE = "FROM {}inveniosoftware/centos8-python:3.8\n"


@pytest.fixture(params=HOOKS, ids=lambda hook: hook["id"])
def hook(request):
    return request.param


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "dockerfile",
        "Dockerfile.base",
        "my-site.Dockerfile",
        "DOCKERFILE-dev",
        "Containerfile",
        "x/Containerfile.el8",
        "docker-compose.yml",
        "a/b/values.YAML",
        "Dockerfile.yml",
        "README.rst",
        "dockerfiles/README",
        "Dockerfile.d/script",
        "docker-compose.yml.orig",
        "Pipfile",
        "yml",
        *(f"Dockerfile{ending}" for ending in _ENDINGS),
        *(f"Dockerfile{ending.upper()}" for ending in _ENDINGS),
    ],
)
def test_a_hook_is_given_what_the_commands_read_by_themselves(hook, name):
    given = re.search(hook["files"], name) and not re.search(hook["exclude"], name)
    assert bool(given) == bool(kind_of(os.path.basename(name)))


def test_a_hook_looks_at_all_files_in_one_process(hook):
    assert (hook["require_serial"], hook.get("pass_filenames", True)) == (True, True)


class Outcome(NamedTuple):
    """What a hook did, as pre-commit tells it."""

    passed: bool
    modified: bool
    text: str


class Trial:
    """Both hooks as ``pre-commit try-repo`` runs them, straight from a repository."""

    def __init__(self, folder: Path) -> None:
        self.hooks = commit_all(copy_source(folder / "hooks"))
        self.site = commit_all(write(folder / "my-site", SITE))
        self.environ = {**clean_environ(), "PRE_COMMIT_HOME": str(folder / "home")}

    def run(self) -> dict[str, Outcome]:
        command = ["try-repo", str(self.hooks), "--all-files", "--verbose"]
        done = subprocess.run(
            [sys.executable, "-m", "pre_commit", *command, "--color=never"],
            cwd=self.site,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        found = {}
        for one in HOOKS:
            title = re.escape(one["name"])
            part = re.search(rf"^{title}\.+(\w+)\n((?:.+\n|\n)*)", done.stdout, re.M)
            assert part, done.stdout
            text = re.split(r"^move the base images", part[2], flags=re.M)[0]
            modified = "files were modified by this hook" in text
            found[one["id"]] = Outcome(part[1] == "Passed", modified, text)
        assert done.returncode == int(not all(one.passed for one in found.values()))
        return found


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    """Run the hooks on an impacted instance, and again on what they made of it."""
    trial = Trial(tmp_path_factory.mktemp("trial"))
    impacted = trial.run()
    change = run_git(trial.site, "diff", "--unified=0")
    run_git(trial.site, "add", "--all")
    return impacted, change, trial.run(), run_git(trial.site, "diff")


@pytest.mark.hosts
def test_the_check_of_an_impacted_instance_fails_and_changes_nothing(trials):
    outcome = trials[0]["invenio-registry-check"]
    assert (outcome.passed, outcome.modified) == (False, False)
    assert "my-site: impacted." in outcome.text
    assert "- exit code: 1" in outcome.text


@pytest.mark.hosts
def test_the_move_of_an_impacted_instance_fails_because_it_changed_a_file(trials):
    outcome = trials[0]["invenio-registry-migrate"]
    assert (outcome.passed, outcome.modified) == (False, True)
    # It did what it should: what fails is the commit, so that somebody looks at it.
    assert "exit code" not in outcome.text


@pytest.mark.hosts
def test_one_line_changes(trials):
    lines = [line for line in trials[1].splitlines() if re.match(r"[-+](?![-+])", line)]
    assert [line[1:] + "\n" for line in lines] == [
        DOCKERFILE.format(""),
        DOCKERFILE.format("registry.cern.ch/"),
    ]


@pytest.mark.hosts
def test_both_pass_on_what_was_moved_and_change_nothing(trials):
    for outcome in trials[2].values():
        assert (outcome.passed, outcome.modified) == (True, False)
    assert trials[3] == ""
