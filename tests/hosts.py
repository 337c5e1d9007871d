# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The released invenio-cli as a process, in a fresh environment made with pip.

Each environment is used once: the host is installed, then we are, commands run, we are
uninstalled. What was seen on the way is a story, and the tests look at stories.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from functools import lru_cache
from pathlib import Path
from typing import Iterable, NamedTuple

from .conftest import ROOT, clean_environ
from .instances import build, rdm, write
from .standins import write_docker

IMAGE = "inveniosoftware/centos8-python:3.8"
SITE = {
    **rdm("9.1.7", "3.8"),
    **build(IMAGE),
    "docker-compose.full.yml": "services:\n  web-ui:\n    build: .\n    image: my-site\n",
}
PREFLIGHT = "INVENIO_CLI_REGISTRY_PREFLIGHT"
BUILD = ("containers", "build", "--no-pull")
OLDEST_MINOR, NEWEST_MINOR = 8, 30
#: What a fresh install of an invenio-cli before 1.5 needs as well today, to build.
_WITH_OLD = ("requests<2.32", "urllib3<2")
#: The oldest invenio-cli, on the oldest release of everything that we allow.
OLDEST = "1.0.5, oldest of all"
#: The hosts that are tried, and what is installed with each.
HOSTS = {
    "1.0.5": _WITH_OLD,
    "1.0.14": _WITH_OLD,
    "1.5.0": (),
    "1.9.2": (),
    "latest": (),
    OLDEST: (),
}


def read_bounds() -> list[str]:
    """Return the oldest releases that ``setup.cfg`` allows, as pip takes them."""
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].splitlines()
    bounds = (re.match(r"([\w-]+)>=([\d.]+)", line) for line in lines)
    return sorted({f"{bound[1]}=={bound[2]}" for bound in bounds if bound})


def list_wanted(host: str) -> list[str]:
    """Return what pip has to install, to have one of ``HOSTS``."""
    if host == OLDEST:
        return read_bounds()  # with the old requests and urllib3
    wanted = "invenio-cli" if host == "latest" else f"invenio-cli=={host}"
    return [wanted, *HOSTS[host]]


def find_python(minors: Iterable[int]) -> str | None:
    """Return the first Python 3.MINOR that this machine has, None when it has none."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for minor in minors:
        if minor == sys.version_info[1]:
            return sys.executable
        name = f"python3.{minor}"
        found = sorted(root.glob(f"versions/3.{minor}.*/bin/{name}"))
        for path in (shutil.which(name), *map(str, found)):
            if path and _runs(path):
                return path
    return None


@lru_cache(maxsize=None)
def _runs(path: str) -> bool:
    """Tell whether this Python makes environments; pyenv's may be an empty promise."""
    command = [path, "-c", "import ensurepip, venv"]
    return subprocess.run(command, capture_output=True).returncode == 0


class Run(NamedTuple):
    """How a process ended."""

    status: int
    output: str
    errors: str


class PipError(Exception):
    """What pip did not want to do; its last words are the message."""


class Story(NamedTuple):
    """What was seen, in this order; ``calls`` are those of docker."""

    frozen: set[str]
    before: Run
    frozen_with: set[str]
    help: Run
    version: Run
    check: Run
    alone: Run
    alone_dry: Run
    build: Run
    calls: list[str]
    stopped: Run
    stopped_calls: list[str]
    off: Run
    off_calls: list[str]
    without_engine: Run
    stopped_without_engine: Run
    start: Run
    migrate: Run
    moved: Run
    left: list[Path]
    after: Run


class Environment:
    """A virtual environment, an instance, and a docker that only takes notes."""

    def __init__(self, folder: Path, python: str, engine: str) -> None:
        self.folder = folder / "environment"
        self.instance = write(folder / "my-site", SITE)
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
        """Run a command in the instance; 127, as a shell's, when there is none."""
        try:
            done = subprocess.run(
                command,
                cwd=self.instance,
                env={**self.environ, **variables},
                capture_output=True,
                encoding="utf-8",
                stdin=subprocess.DEVNULL,
            )
        except FileNotFoundError as error:
            return Run(127, "", str(error))
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
        """Run pip, and return what it printed.

        :raises PipError: it failed.
        """
        run = self.run(str(self.folder / "bin/python"), "-m", "pip", *args)
        if run.status:
            raise PipError(run.errors)
        return run.output

    def freeze(self) -> set[str]:
        return set(self.pip("freeze").splitlines())

    @property
    def packages(self) -> Path:
        (packages,) = self.folder.glob("lib/python3.*/site-packages")
        return packages

    def find_ours(self) -> list[Path]:
        names = ("*invenio_cli_registry*", "*invenio-cli-registry*")
        return [path for name in names for path in self.folder.rglob(name)]


def tell(environment: Environment, ours: list[str]) -> Story:
    """Install ours next to the host, use it, and uninstall it again."""
    frozen, before = environment.freeze(), environment.host("--help")
    environment.pip("install", *ours)
    frozen_with = environment.freeze()
    seen = [
        environment.host("--help"),
        environment.host("registry", "--version"),
        environment.host("registry", "check"),
        environment.run("invenio-cli-registry", "check"),
        environment.run("invenio-cli-registry", "migrate", "--dry-run"),
    ]
    builds = [
        *environment.build(),
        *environment.build(**{PREFLIGHT: "fail"}),
        *environment.build(**{PREFLIGHT: "off"}),
    ]
    dead = {"DOCKER_HOST": f"unix://{environment.folder}/no-engine"}
    builds += [
        environment.build(**dead)[0],
        environment.build(**dead, **{PREFLIGHT: "fail"})[0],
    ]
    start = environment.host("containers", "start", "--build")
    moves = [
        environment.host("registry", "migrate", "--yes"),
        environment.host("registry", "check"),
    ]
    environment.pip("uninstall", "-y", "invenio-cli-registry")
    left, after = environment.find_ours(), environment.host("--help")
    return Story(
        frozen, before, frozen_with, *seen, *builds, start, *moves, left, after
    )
