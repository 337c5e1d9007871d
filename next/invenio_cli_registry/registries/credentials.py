# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Credentials from the Docker configuration, each for its own registry only."""

from __future__ import annotations

import base64
import contextlib
import errno
import json
import os
import re
import signal
import subprocess
import threading
from functools import cached_property
from typing import Any, NamedTuple

from ..image import DOCKER_HUB, HUB_ALIASES
from . import MALFORMED

#: What Docker calls its own registry in the configuration.
_HUB_KEY = "https://index.docker.io/v1/"
_HELPER = re.compile(r"docker-credential-[A-Za-z0-9][A-Za-z0-9._-]*")
HELPER_SECONDS = 5.0
_LARGEST = 1 << 20
#: The user name with which a helper gives an identity token.
_TOKEN_USER = "<token>"  # noqa: S105 - what says that a token follows


class Credentials(NamedTuple):
    """A user with a password, or an identity token."""

    user: str
    password: str
    identity_token: str = ""


class DockerConfiguration:
    """The credentials of the user's Docker configuration, read when first needed."""

    def __init__(self, seconds: float = HELPER_SECONDS) -> None:
        """Read nothing yet.

        :param seconds: how long a credential helper is waited for.
        """
        self.warnings: list[str] = []
        self._seconds = seconds
        self._found: dict[str, Credentials | None] = {}
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def find(self, registry: str) -> Credentials | None:
        """Return the credentials of a registry, None when there are none.

        Each is looked up once, and a slow helper delays its own registry only.

        :param registry: the host, with its port.
        """
        with self._lock:
            lock = self._locks.setdefault(registry, threading.Lock())
            config = self._config
        with lock:
            if registry not in self._found:
                self._found[registry] = self._look_up(config, registry)
            return self._found[registry]

    @cached_property
    def _config(self) -> dict[str, Any]:
        folder = os.environ.get("DOCKER_CONFIG") or os.path.expanduser("~/.docker")
        path = os.path.join(folder, "config.json")
        try:
            with open(path, "rb") as file:
                return dict(json.loads(file.read(_LARGEST)))
        except FileNotFoundError:
            return {}
        except (OSError, *MALFORMED):
            said = "could not be read; registries are asked anonymously"
            self.warnings.append(f"Docker's configuration {path} {said}")
            return {}

    def _look_up(self, config: dict[str, Any], registry: str) -> Credentials | None:
        """Return what the helper or the entry of a registry gives."""
        program, why = "Docker's configuration", "no credentials in it"
        try:
            helper = _entry_of(config.get("credHelpers"), registry)
            helper = helper or config.get("credsStore")
            if not helper:
                return _read_entry(_entry_of(config.get("auths"), registry) or {})
            program = f"docker-credential-{helper}"
            return self._ask_helper(program, registry)
        except OSError as error:
            why = error.strerror or str(error)
        except MALFORMED:
            pass
        self.warnings.append(f"{program}: {why}; {registry} is asked anonymously")
        return None

    def _ask_helper(self, program: str, registry: str) -> Credentials | None:
        """Return what a helper gives, None when it has nothing.

        :raises OSError: when it could not be used; ``strerror`` says why.
        """
        if not _HELPER.fullmatch(program):
            raise OSError(errno.EINVAL, "this is no program's name; it was not called")
        key = _HUB_KEY if registry == DOCKER_HUB else registry
        code, printed = _call([program, "get"], key.encode(), self._seconds)
        if code == -signal.SIGKILL:
            raise OSError(errno.ETIME, f"no whole answer in {self._seconds:g} s")
        if code and b"not found" in printed:  # the protocol has no other sign for it
            return None
        if code:
            raise OSError(errno.EIO, f"it failed with exit code {code}")
        said = json.loads(printed)
        user, secret = str(said["Username"]), str(said["Secret"])
        known = user != _TOKEN_USER
        return Credentials(user, secret) if known else Credentials("", "", secret)


def _entry_of(entries: dict[str, Any] | None, registry: str) -> Any:  # noqa: ANN401
    for key, entry in (entries or {}).items():
        host = re.sub(r"^https?://", "", key).partition("/")[0]
        if (DOCKER_HUB if host in HUB_ALIASES else host) == registry:
            return entry
    return None


def _read_entry(entry: dict[str, str]) -> Credentials | None:
    """Return the credentials of an entry below ``auths``, None when it holds none."""
    pair = base64.b64decode(entry.get("auth", ""), validate=True).decode()
    user, _, password = pair.partition(":")
    token = entry.get("identitytoken", "")
    # Docker fills passwords up with zero bytes.
    return Credentials(user, password.strip("\0"), token) if user or token else None


def _call(command: list[str], key: bytes, seconds: float) -> tuple[int, bytes]:
    """Return a helper's exit code, and what it printed.

    One that takes longer or prints too much is killed, with all that it started.

    :raises OSError: when it could not be started.
    """
    with subprocess.Popen(  # noqa: S603 - a name without a path, checked by the caller
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None  # noqa: S101 - both are pipes
        assert process.stdout is not None  # noqa: S101
        timer = threading.Timer(seconds, os.killpg, (process.pid, signal.SIGKILL))
        timer.start()
        with contextlib.suppress(BrokenPipeError):  # it may print without reading
            process.stdin.write(key)
            process.stdin.close()
        printed = process.stdout.read(_LARGEST)
        if len(printed) == _LARGEST:
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
        timer.cancel()
        return code, printed
