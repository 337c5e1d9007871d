# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Real parts on loopback: registries, images, builds. Each process is ended by its id."""

import contextlib
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

#: Debian's package of each program.
PACKAGES = {
    "docker-registry": "docker-registry",
    "buildah": "buildah",
    "skopeo": "skopeo",
    "apt-cache": "apt",
    "apt-get": "apt",
    "htpasswd": "apache2-utils",
    "openssl": "openssl",
    "busybox": "busybox-static",
    "podman": "podman",
    "podman-compose": "podman-compose",
}


def need(*programs):
    """Skip when a part is not there, and say which."""
    missing = [PACKAGES[name] for name in programs if not shutil.which(name)]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port, process, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the registry ended by itself"
        time.sleep(0.05)
    raise AssertionError("the registry did not start")


@contextlib.contextmanager
def run_registry(folder, http="", more=""):
    """Run Debian's ``docker-registry`` with its storage in a folder; yield its host."""
    need("docker-registry")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    config = folder / "config.yml"
    config.write_text(
        "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'data'}}}}}\n"
        f"http:\n  addr: 127.0.0.1:{port}\n{http}{more}"
    )
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(config)], stdout=log, stderr=log
        )
        try:
            wait_for(port, process)
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=20)


def call(*command, cwd=None, env=None):
    """Run a command to its end; what it printed is shown when it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Builder:
    """``buildah`` with a store of its own."""

    def __init__(self, folder):
        need("buildah", "busybox")
        store = ("--root", folder / "root", "--runroot", folder / "runroot")
        self.options = ("--storage-driver", "vfs", *store)

    def build(self, context, name):
        """Build the Dockerfile of a folder, pulling its base over plain HTTP."""
        call(
            "buildah",
            *self.options,
            "bud",
            "--isolation",
            "chroot",
            "--tls-verify=false",
            "--pull-always",
            "-t",
            name,
            ".",
            cwd=context,
        )

    def push(self, name, *options):
        call(
            "buildah",
            *self.options,
            "push",
            *(options or ("--tls-verify=false",)),
            name,
        )


def make_image(builder, folder, host, name, *options):
    """Push a small image that has a shell, and return its whole name."""
    context = Path(folder)
    context.mkdir(parents=True, exist_ok=True)
    shutil.copy(shutil.which("busybox"), context / "busybox")
    (context / "Dockerfile").write_text(
        f"FROM scratch\nCOPY busybox /bin/sh\nLABEL name={name}\n"
    )
    whole = f"{host}/{name}"
    call(
        "buildah",
        *builder.options,
        "bud",
        "--isolation",
        "chroot",
        "-t",
        whole,
        ".",
        cwd=context,
    )
    builder.push(whole, *options)
    return whole
