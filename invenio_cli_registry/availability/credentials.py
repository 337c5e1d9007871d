# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Credentials from the Docker configuration, each for its own registry only.

The file is read by the Docker SDK (``docker.auth``), which invenio-cli brings along. Its
credential helpers are called here, because the SDK waits for them without end.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from typing import Any, NamedTuple

from ..reference import DOCKER_HUB, HUB_ALIASES

#: What Docker calls its own registry in the configuration.
_HUB_KEY = "https://index.docker.io/v1/"
_HELPER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
HELPER_SECONDS = 5.0
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

        :param seconds: how long a helper is waited for; one that hangs, only once.
        """
        self.warnings: list[str] = []
        self._seconds = seconds
        self._hanging: set[str] = set()
        self._config: Any = None
        self._found: dict[str, Credentials | None] = {}
        self._lock = threading.Lock()

    def find(self, registry: str) -> Credentials | None:
        """Return the credentials of a registry, None when there are none, or no way to them.

        :param registry: the host, with its port.
        """
        with self._lock:
            if registry not in self._found:
                self._found[registry] = self._look_up(registry)
            return self._found[registry]

    def _look_up(self, registry: str) -> Credentials | None:
        config = self._load()
        if config is None:
            return None
        helper = _helper_of(config, registry)
        if helper:
            return self._ask_helper(helper, registry)
        for key, entry in (getattr(config, "auths", None) or {}).items():
            if _names(key, registry) and isinstance(entry, dict):
                return _from_entry(entry)
        return None

    def _load(self) -> Any:  # noqa: ANN401 - the SDK has no types
        if self._config is None:
            # Whatever is wrong with it, the registry can still be asked anonymously.
            try:
                from docker import auth

                self._config = auth.load_config()
            except Exception as error:
                self._warn(f"the Docker configuration was not read: {error}")
                self._config = False
        return self._config or None

    def _ask_helper(self, name: str, registry: str) -> Credentials | None:
        if not _HELPER_NAME.fullmatch(name):
            self._warn(f"credential helper {name!r} is no name, and was not called")
            return None
        program = f"docker-credential-{name}"
        if program in self._hanging:
            return None
        key = _HUB_KEY if registry == DOCKER_HUB else registry
        done = self._run([program, "get"], key, registry)
        if done is None:
            return None
        try:
            said = json.loads(done)
            return _make(str(said["Username"]), str(said["Secret"]))
        except (ValueError, KeyError, TypeError):
            self._warn(
                f"{program} gave no credentials; {registry} is asked anonymously"
            )
            return None

    def _run(self, command: list[str], key: str, registry: str) -> bytes | None:
        """Return what a helper prints, None when it has nothing, fails, or hangs."""
        program = command[0]
        try:
            done = _call(command, key.encode(), self._seconds)
        except OSError as error:
            self._warn(f"{program}: {error.strerror}; {registry} is asked anonymously")
        except subprocess.TimeoutExpired:
            self._hanging.add(program)
            said = f"no answer in {self._seconds:g} s, and not asked again"
            self._warn(f"{program}: {said}; {registry} is asked anonymously")
        else:
            if done.returncode == 0:
                return done.stdout
            if b"not found" not in done.stdout + done.stderr:
                self._warn(f"{program} failed; {registry} is asked anonymously")
        return None

    def _warn(self, text: str) -> None:
        self.warnings.append(text)


def _call(
    command: list[str], stdin: bytes, seconds: float
) -> subprocess.CompletedProcess[bytes]:
    """Run a helper, and end all that it started when it takes too long."""
    with subprocess.Popen(  # noqa: S603 - a name without a path, checked by the caller
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            out, err = process.communicate(stdin, seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)


def _helper_of(config: Any, registry: str) -> str:  # noqa: ANN401
    helpers = getattr(config, "cred_helpers", None) or {}
    for key, name in helpers.items() if isinstance(helpers, dict) else ():
        if _names(key, registry):
            return str(name)
    return str(getattr(config, "creds_store", None) or "")


def _names(key: str, registry: str) -> bool:
    """Tell whether a key of the configuration is about a registry."""
    host = re.sub(r"^https?://", "", key).partition("/")[0]
    host = DOCKER_HUB if host in HUB_ALIASES else host
    return host == registry


def _from_entry(entry: dict[str, Any]) -> Credentials | None:
    token = str(entry.get("identitytoken") or entry.get("IdentityToken") or "")
    user = str(entry.get("username") or entry.get("Username") or "")
    password = str(entry.get("password") or entry.get("Password") or "")
    if not token and not user:
        return None
    return Credentials(user, password, token)


def _make(user: str, secret: str) -> Credentials:
    if user == _TOKEN_USER:
        return Credentials("", "", secret)
    return Credentials(user, secret)
