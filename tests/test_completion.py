# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The shell completes what there is, as the documentation says."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from .conftest import ROOT, clean_environ

SHELLS = ("bash", "zsh", "fish")
#: Before 8.0 click had another protocol, and did not ask a type for its values.
AS_BEFORE = find_spec("click.shell_completion") is None
SCRIPT = """
import sys
sys.argv[0] = "invenio-cli-registry"
from invenio_cli_registry.cli import main
main()
"""


def complete(*words):
    """Return what Bash would offer for the last word."""
    environ = {
        **clean_environ(),
        "PYTHONPATH": str(ROOT),
        "COMP_WORDS": " ".join(("invenio-cli-registry", *words)),
        "COMP_CWORD": str(len(words)),
        "_INVENIO_CLI_REGISTRY_COMPLETE": "complete" if AS_BEFORE else "bash_complete",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environ, capture_output=True, text=True
    )
    assert done.stderr == ""
    return [line.split(",")[-1] for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param(["m"], ["migrate"], id="a command"),
        pytest.param(["check", "--fail"], ["--fail-on"], id="an option"),
    ],
)
def test_commands_options_and_values(words, offered):
    assert complete(*words) == offered


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["check", "--format", "git"], ["github", "gitlab"]),
        (["check", "--for", "13"], ["13.0", "13.1"]),
        (["check", "--only", "unc"], ["unconfirmed-image"]),
        (["rules", "docker"], ["docker-hub"]),
    ],
    ids=lambda words: words[-1],
)
def test_values(words, offered):
    assert complete(*words) == ([] if AS_BEFORE else offered)


def test_the_lines_of_the_documentation():
    text = (ROOT / "docs/completion.rst").read_text("utf-8")
    lines = re.findall(r"_(INVENIO_CLI_REGISTRY)_COMPLETE=(\w+)_source ([\w-]+)", text)
    name = "invenio-cli-registry"
    assert lines == [("INVENIO_CLI_REGISTRY", shell, name) for shell in SHELLS]
    assert Path(name).name.replace("-", "_").upper() == lines[0][0]


def test_bash_takes_the_line(tmp_path):
    script = tmp_path / "invenio-cli-registry"
    script.write_text(f"#!{sys.executable}\n{SCRIPT}")
    script.chmod(0o755)
    line = re.search(
        r"``(eval .*bash_source.*)``",
        (ROOT / "docs/completion.rst").read_text("utf-8"),
    )[1]
    if AS_BEFORE:
        line = line.replace("bash_source", "source_bash")
    environ = {**clean_environ(), "PYTHONPATH": str(ROOT)}
    environ["PATH"] = os.pathsep.join([str(tmp_path), environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", f"{line}; complete -p invenio-cli-registry"],
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""
    assert "_completion" in done.stdout
    assert done.stdout.rstrip().endswith("invenio-cli-registry")
