# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The released invenio-cli as a process, in a fresh environment made with pip.

Each environment lives once: the host is installed, then we are, commands run, we are
uninstalled. The tests look at what was seen on the way.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterable, NamedTuple

import pytest

from .conftest import ROOT, clean_environ, copy_source
from .standins import serve_engine, write_docker

pytestmark = pytest.mark.hosts

EXAMPLE = ROOT / "examples/rdm-9.1/my-site"
IMAGE = "inveniosoftware/centos8-python:3.8"
PREFLIGHT = "INVENIO_CLI_REGISTRY_PREFLIGHT"
BUILD = ("containers", "build", "--no-pull")
_RUNNING = sys.version_info[1]
_NEWEST = 30


def find_python(minors: Iterable[int]) -> str | None:
    """Return the first Python 3.MINOR that this machine has, None when it has none."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for minor in minors:
        if minor == _RUNNING:
            return sys.executable
        name = f"python3.{minor}"
        found = sorted(root.glob(f"versions/3.{minor}.*/bin/{name}"))
        for path in (shutil.which(name), *map(str, found)):
            if path and _runs(path):
                return path
    return None


def _runs(path: str) -> bool:
    """Tell whether this Python makes environments; pyenv's may be an empty promise."""
    command = [path, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True).returncode == 0


#: invenio-cli, what it needs beside it today, and the Pythons that it starts on.
_WANTED = [
    ("1.0.5", ["requests<2.32", "urllib3<2"], range(8, 12)),
    (
        "1.9.2",
        [],
        (_RUNNING, *range(9, _NEWEST)) if _RUNNING > 8 else range(9, _NEWEST),
    ),
    ("latest", [], range(_NEWEST, 8, -1)),
]
_FOUND = [(name, beside, find_python(minors)) for name, beside, minors in _WANTED]
HOSTS = [
    pytest.param((name, beside, python, kind), id=f"{name}-{kind}")
    for name, beside, python in _FOUND
    if python
    for kind in ("wheel", "editable")
]


class Run(NamedTuple):
    """How a process ended."""

    status: int
    output: str
    errors: str


class Story(NamedTuple):
    """What was seen, in this order; ``calls`` are those of docker."""

    frozen: set[str]
    before: Run
    frozen_with: set[str]
    help: Run
    version: Run
    check: Run
    standalone: Run
    build: Run
    calls: list[str]
    stopped: Run
    stopped_calls: list[str]
    off: Run
    off_calls: list[str]
    start: Run
    left: list[Path]
    after: Run


class Environment:
    """A virtual environment with a host in it, an instance, and a stand-in docker."""

    def __init__(self, folder: Path, python: str, engine: str) -> None:
        self.folder = folder / "environment"
        self.instance = Path(shutil.copytree(EXAMPLE, folder / "my-site"))
        self.calls = folder / "calls"
        bin_ = self.folder / "bin"
        self.environ = {
            **clean_environ(),
            "DOCKER_HOST": engine,
            "DOCKER_CALLS": str(self.calls),
            "PATH": os.pathsep.join([str(bin_), os.environ["PATH"]]),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }
        self.run(python, "-m", "venv", str(self.folder))
        write_docker(bin_)

    def run(self, *command: str, **variables: str) -> Run:
        done = subprocess.run(
            command,
            cwd=self.instance,
            env={**self.environ, **variables},
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def host(self, *args: str, **variables: str) -> Run:
        return self.run(str(self.folder / "bin/invenio-cli"), *args, **variables)

    def build(self, **variables: str) -> tuple[Run, list[str]]:
        """Run a build, and return with it the calls of docker that build."""
        self.calls.write_text("")
        run = self.host(*BUILD, **variables)
        lines = self.calls.read_text().splitlines()
        return run, [line for line in lines if "version" not in line]

    def pip(self, *args: str) -> str:
        run = self.run(str(self.folder / "bin/python"), "-m", "pip", *args)
        assert run.status == 0, run.errors
        return run.output

    def freeze(self) -> set[str]:
        return set(self.pip("freeze").splitlines())

    def find_ours(self) -> list[Path]:
        names = ("*invenio_cli_registry*", "*invenio-cli-registry*")
        return [path for name in names for path in self.folder.rglob(name)]


@pytest.fixture(scope="module")
def engine():
    with serve_engine() as address:
        yield address


@pytest.fixture(scope="module", params=HOSTS)
def story(tmp_path_factory, engine, wheel, request):
    name, beside, python, kind = request.param
    folder = tmp_path_factory.mktemp("host")
    environment = Environment(folder, python, engine)
    release = "invenio-cli" if name == "latest" else f"invenio-cli=={name}"
    environment.pip("install", release, *beside)
    ours = [str(wheel)] if kind == "wheel" else ["-e", str(copy_source(folder / "src"))]
    return tell(environment, ours)


def tell(environment: Environment, ours: list[str]) -> Story:
    frozen, before = environment.freeze(), environment.host("--help")
    environment.pip("install", *ours)
    frozen_with = environment.freeze()
    seen = [
        environment.host("--help"),
        environment.host("registry", "--version"),
        environment.host("registry", "check"),
        environment.run("invenio-cli-registry", "check"),
    ]
    builds = [
        *environment.build(),
        *environment.build(**{PREFLIGHT: "fail"}),
        *environment.build(**{PREFLIGHT: "off"}),
    ]
    start = environment.host("containers", "start", "--build")
    environment.pip("uninstall", "-y", "invenio-cli-registry")
    left, after = environment.find_ours(), environment.host("--help")
    return Story(frozen, before, frozen_with, *seen, *builds, start, left, after)


def test_the_host_is_as_it_was_before(story):
    assert story.before.status == story.after.status == 0
    assert story.before == story.after
    assert "registry" not in story.before.output


def test_nothing_that_the_host_had_is_upgraded(story):
    assert story.frozen <= story.frozen_with
    assert any("invenio-cli-registry" in line for line in story.frozen_with)


def test_an_uninstall_leaves_nothing_behind(story):
    assert story.left == []


def test_the_hosts_help_lists_the_command(story):
    assert (story.help.status, story.help.errors) == (0, story.before.errors)
    (ours,) = set(story.help.output.splitlines()) - set(
        story.before.output.splitlines()
    )
    assert ours.split()[:2] == ["registry", "Check"]


def test_the_version_is_ours(story):
    assert story.version.output == "invenio-cli-registry, version 1.0.0\n"


def test_check_answers_about_the_instance(story):
    assert (story.check.status, story.check.errors) == (1, "")
    assert story.check.output.startswith("my-site: impacted.")
    assert "invenio-cli registry migrate" in story.check.output


def test_the_command_on_its_own_says_the_same_but_for_its_name(story):
    assert story.standalone == story.check._replace(
        output=story.check.output.replace(
            "invenio-cli registry", "invenio-cli-registry"
        )
    )


def test_a_build_speaks_up_and_goes_on(story):
    assert story.build.status == 0
    assert "Checking the base images." in story.build.output
    assert "Images built successfully." in story.build.output
    assert IMAGE not in story.build.output
    assert IMAGE in story.build.errors
    (call,) = story.calls
    assert call.endswith("--file docker-compose.full.yml build")


def test_a_build_with_fail_stops_before_the_first_step(story):
    assert story.stopped.status == 1
    assert IMAGE in story.stopped.errors
    assert "Failed to build images." in story.stopped.output
    assert "dependencies are locked" not in story.stopped.output
    assert story.stopped_calls == []


def test_a_build_with_off_says_nothing(story):
    assert (story.off.status, story.off.errors) == (0, "")
    assert "base images" not in story.off.output
    assert story.off_calls == story.calls


def test_a_start_that_builds_speaks_up_too(story):
    assert story.start.status == 0
    assert "Checking the base images." in story.start.output
    assert IMAGE in story.start.errors
