# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the README shows is what is printed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap

import pytest

from .conftest import ROOT, clean_environ
from .test_package import STARTUP

DAY = "2026-11-24"
#: As the plugin is called by the host, without the host's own start.
CALL = "from invenio_cli_registry.cli import registry as r; r(prog_name='invenio-cli registry')"


def read_block(name):
    """Return what stands between two comments of the README, below its directive."""
    text = (ROOT / "README.rst").read_text(encoding="utf-8")
    block = text.split(f".. {name}: begin\n")[1].split(f".. {name}: end\n")[0]
    return textwrap.dedent(block.strip("\n").split("\n", 1)[1]).strip("\n") + "\n"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("check", ["check", "--today", DAY]),
        ("migrate", ["migrate", "--dry-run"]),
    ],
)
def test_the_first_screen_is_what_the_example_prints(name, command, tmp_path):
    example = shutil.copytree(ROOT / "examples/rdm-9.1/my-site", tmp_path / "my-site")
    done = subprocess.run(
        [sys.executable, "-c", CALL, *command],
        cwd=example,
        env={**clean_environ(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    prompt = f"$ invenio-cli registry {' '.join(command[:2])}".replace(" --today", "")
    assert read_block(name) == f"{prompt}\n{done.stdout}"


def test_the_startup_line_is_the_one_that_is_installed():
    assert read_block("startup").encode() == STARTUP


def test_the_machine_runs_the_command_that_is_shown():
    text = (ROOT / "README.rst").read_text(encoding="utf-8")
    (command,) = (line.strip() for line in text.splitlines() if "run-tests" in line)
    assert command in (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
