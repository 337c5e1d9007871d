# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The latest invenio-cli with the lines of ``docs/upstream.rst`` in it."""

from __future__ import annotations

import re
import subprocess
import textwrap
from typing import NamedTuple

import pytest

from invenio_cli_registry.bridge import GROUP, SWITCH

from .conftest import ROOT
from .hosts import NEWEST_MINOR, PREFLIGHT, Environment, Run, find_python
from .standins import serve_engine
from .test_bridge import add_command, add_plugin
from .test_hosts import IMAGE

pytestmark = pytest.mark.hosts

DOCUMENT = ROOT / "docs/upstream.rst"
#: The bridge at work, and a Python that would break if it had anything to add.
WITH_BRIDGE = """\
import sys
sys.argv = ["invenio-cli"]
from invenio_cli_registry import bridge
bridge._load = None
bridge.install()
from invenio_cli.cli.cli import invenio_cli
print(*sorted(invenio_cli.commands))
"""


def read_diff() -> str:
    """Return the one diff of the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    (block,) = re.findall(r"code-block:: diff\n\n((?: {4}.*\n|\n)+)", text)
    return textwrap.dedent(block).rstrip("\n") + "\n"


def patch(environment: Environment) -> None:
    """Change the host as the document says; one line of context is enough."""
    subprocess.run(
        ["git", "apply", "-C1", "-"],
        cwd=environment.packages,
        env=environment.environ,
        input=read_diff(),
        encoding="utf-8",
        check=True,
    )


class Seen(NamedTuple):
    """What a patched host did."""

    help: Run
    check: Run
    hello: Run
    broken: Run
    install: Run
    build: Run
    calls: list[str]
    stopped: Run


@pytest.fixture(scope="module")
def patched(tmp_path_factory, wheel):
    """Make the environment: the host, ours, and plugins: good, broken, a command's name."""
    python = find_python(range(NEWEST_MINOR, 8, -1))
    with serve_engine() as engine:
        folder = tmp_path_factory.mktemp("patched")
        environment = Environment(folder, python, engine)
        environment.pip("install", "invenio-cli", str(wheel))
        patch(environment)
        add_command(environment.packages)
        for line in ("hello = hello:command", "broken = nowhere:command"):
            add_plugin(environment.packages, line, GROUP, name=line.split()[0])
        add_plugin(environment.packages, "install = hello:command", GROUP, name="thief")
        yield environment


@pytest.fixture(scope="module", params=["", "1"], ids=["with-bridge", "without"])
def seen(patched, request):
    off = {SWITCH: request.param}
    return Seen(
        patched.host("--help", **off),
        patched.host("registry", "check", **off),
        patched.host("hello", **off),
        patched.host("broken", **off),
        patched.host("install", "--help", **off),
        *patched.build(**off),
        patched.build(**off, **{PREFLIGHT: "fail"})[0],
    )


def test_each_command_is_listed_once(seen):
    assert (seen.help.status, seen.help.errors) == (0, "")
    lines = seen.help.output.split("Commands:")[1].splitlines()
    names = [line.split()[0] for line in lines if line[:3].strip()]
    assert len(names) == len(set(names))
    assert {"containers", "install", "registry", "hello", "broken"} <= set(names)


def test_check_answers(seen):
    assert (seen.check.status, seen.check.errors) == (1, "")
    assert seen.check.output.startswith("my-site: impacted.")
    assert "invenio-cli registry migrate" in seen.check.output


def test_other_plugins_are_there_or_say_why_they_are_not(seen):
    assert seen.hello == Run(0, "hello\n", "")
    assert (seen.broken.status, seen.broken.output) == (1, "")
    assert "plugin nowhere:command is broken: ModuleNotFoundError" in seen.broken.errors


def test_the_hosts_own_command_wins(seen):
    assert seen.install.status == 0
    assert "hello" not in seen.install.output
    assert "Install Python dependencies" in seen.install.output


def test_the_check_comes_before_the_build(seen):
    assert seen.build.status == 0
    assert seen.build.errors.count(f"{IMAGE} is on Docker Hub") == 1
    (call,) = seen.calls
    assert call.endswith("build")
    assert seen.stopped.status == 1
    assert seen.stopped.output == ""


def test_the_bridge_has_nothing_to_add(patched):
    python = str(patched.folder / "bin/python")
    done = patched.run(python, "-c", WITH_BRIDGE)
    assert (done.status, done.errors) == (0, "")
    assert {"registry", "hello", "broken"} <= set(done.output.split())
