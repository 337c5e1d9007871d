# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``invenio-cli containers build`` for real: a podman engine, a registry, and our plugin."""

import contextlib
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import clean_environ
from .instances import build, configure, instance, rdm
from .parts import Builder, call, make_image, need, run_registry

pytestmark = [pytest.mark.parts, pytest.mark.hosts]

HUB = "inveniosoftware/centos8-python:3.8"
WARNING = f"registry: {HUB} is on Docker Hub and may be removed.\n"
COMPOSE = "services:\n  web-ui:\n    build:\n      context: ./\n    image: my-site\n"
_PODMAN = """#!/bin/sh
command=$1
shift
[ "$command" = build ] && set -- --isolation chroot --tls-verify=false "$@"
exec podman --storage-driver vfs --root {folder}/root --runroot {folder}/runroot "$command" "$@"
"""
_DOCKER = """#!/bin/sh
shift
[ "$1" = version ] && exec echo "Docker Compose version v2.29.7"
exec podman-compose --podman-path {folder}/podman-wrapper "$@"
"""


class Machine:
    """An environment with the latest invenio-cli and us, and podman behind ``docker``."""

    def __init__(self, folder, wheel):
        need("podman", "podman-compose", "buildah", "docker-registry", "busybox")
        self.folder = folder
        self.python = folder / "environment/bin/python"
        call(sys.executable, "-m", "venv", folder / "environment", env=clean_environ())
        call(
            self.python,
            "-m",
            "pip",
            "install",
            "-q",
            "invenio-cli",
            wheel,
            env=clean_environ(),
        )
        self.write(folder / "podman-wrapper", _PODMAN)
        self.write(folder / "environment/bin/docker", _DOCKER)
        self.socket = folder / "engine"

    def write(self, path, text):
        path.write_text(text.format(folder=self.folder))
        path.chmod(0o755)

    @contextlib.contextmanager
    def run_engine(self):
        """Answer the docker SDK as an engine does, with podman's own service."""
        service = [self.folder / "podman-wrapper", "system", "service", "--time=0"]
        with subprocess.Popen([*service, f"unix://{self.socket}"]) as process:
            try:
                end = time.monotonic() + 20
                while not self.socket.exists():
                    assert process.poll() is None
                    assert time.monotonic() < end
                    time.sleep(0.05)
                yield
            finally:
                process.terminate()

    def host(self, *args):
        environ = clean_environ()
        environ["PATH"] = f"{self.folder / 'environment/bin'}:{environ['PATH']}"
        environ["DOCKER_HOST"] = f"unix://{self.socket}"
        return subprocess.run(
            [self.python.with_name("invenio-cli"), *args],
            env=environ,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def images(self):
        return call(
            self.folder / "podman-wrapper", "images", "--format", "{{.Repository}}"
        )


@pytest.fixture(scope="module")
def machine(tmp_path_factory, wheel):
    # The path of a socket may not be long.
    folder = Path(tmp_path_factory.mktemp("m"))
    machine = Machine(folder, wheel)
    with machine.run_engine():
        yield machine


def test_a_build_warns_moves_is_silent_and_is_built(machine, tmp_path):
    with run_registry(tmp_path / "own") as own:
        make_image(
            Builder(tmp_path / "store"),
            tmp_path / "image",
            own,
            "invenio/centos8-python:3.8",
        )
        files = {
            **rdm("9.1.7", "3.8"),
            **build(HUB, "RUN echo built > /made\n"),
            "docker-compose.full.yml": COMPOSE,
        }
        copies = f"copies = docker.io/inveniosoftware={own}/invenio"
        with instance(tmp_path, configure(files, copies, "preflight = fail")) as site:
            stopped = machine.host("containers", "build")
            assert stopped.returncode == 1
            assert stopped.stderr.startswith(WARNING)
            assert "build stopped by `preflight = fail`" in stopped.stderr
            assert "Checking if dependencies are locked" not in stopped.stdout
            assert "my-site" not in machine.images()

            (site / ".invenio").write_text(configure(files, copies)[".invenio"])
            moved = machine.host("registry", "migrate", "--verify", "--yes")
            assert moved.returncode == 0, moved.stderr
            assert (
                (site / "Dockerfile")
                .read_text()
                .startswith(f"FROM {own}/invenio/centos8-python:3.8\n")
            )

            built = machine.host("containers", "build")
            assert built.returncode == 0, built.stdout + built.stderr
            assert "registry:" not in built.stderr
            assert "my-site" in machine.images()


def test_a_build_on_the_old_image_is_warned_of_and_goes_on(machine, tmp_path):
    files = {**rdm("9.1.7", "3.8"), **build(HUB), "docker-compose.full.yml": COMPOSE}
    with instance(tmp_path, files):
        warned = machine.host("containers", "build")
    assert warned.stderr.startswith(WARNING)
    assert "The build continues." in warned.stderr
    assert "Checking if dependencies are locked" in warned.stdout
