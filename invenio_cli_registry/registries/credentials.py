# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Credentials from the Docker configuration, and which host may be sent them."""

from __future__ import annotations

import base64
import ipaddress
import json
import os
import re
import subprocess
import threading
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from ..image import DOCKER_HUB, HUB_ALIASES

#: What Docker calls its own registry in the configuration.
_HUB_KEY = "https://index.docker.io/v1/"
_LARGEST = 1 << 20
#: Docker Hub's, on another domain than the registry itself.
#: Source: https://docs.docker.com/reference/api/registry/auth/
_HUB_TOKENS = "auth.docker.io"
#: Domains whose subdomains belong to different customers.
_SHARED = (
    *(".amazonaws.com", ".azurecr.io", ".azurewebsites.net", ".cloudfront.net"),
    *(".cloudsmith.io", ".github.io", ".gitlab.io", ".herokuapp.com", ".jfrog.io"),
    *(".netlify.app", ".ovh.net", ".pkg.dev", ".run.app", ".scw.cloud", ".vercel.app"),
)
#: What reading an answer raises that is none.
MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Credentials(NamedTuple):
    """A user with a password, or an identity token."""

    user: str
    password: str
    identity_token: str = ""


class DockerConfiguration:
    """The credentials of the user's Docker configuration, read when first needed."""

    def __init__(self, seconds: float = 5.0) -> None:
        """Read nothing yet; take how long a credential helper is waited for."""
        self.warnings: list[str] = []
        self._seconds = seconds
        self._found: dict[str, Credentials | None] = {}
        self._locks: dict[str, threading.Lock] = {}

    def find(self, registry: str) -> Credentials | None:
        """Return the credentials of a host with its port, None when there are none."""
        # Each is looked up once, and a slow helper delays its own registry only.
        with self._locks.setdefault(registry, threading.Lock()):
            if registry not in self._found:
                self._found[registry] = self._look_up(registry)
            return self._found[registry]

    def _look_up(self, registry: str) -> Credentials | None:
        folder = os.environ.get("DOCKER_CONFIG") or os.path.expanduser("~/.docker")
        path = os.path.join(folder, "config.json")
        try:
            with open(path, "rb") as file:
                config = dict(json.loads(file.read(_LARGEST)))
        except FileNotFoundError:
            return None
        except (OSError, *MALFORMED):
            why = "could not be read; registries are asked anonymously"
            self.warnings.append(f"Docker's configuration {path} {why}")
            return None
        program, why = "Docker's configuration", "no credentials in it"
        try:
            helper = _entry_of(config.get("credHelpers"), registry)
            helper = helper or config.get("credsStore")
            if not helper:
                return _read_entry(_entry_of(config.get("auths"), registry) or {})
            program = f"docker-credential-{helper}"
            return _ask_helper(program, registry, self._seconds)
        except subprocess.TimeoutExpired:
            why = f"no whole answer in {self._seconds:g} s"
        except OSError as error:
            why = error.strerror or str(error)
        except MALFORMED:
            pass
        self.warnings.append(f"{program}: {why}; {registry} is asked anonymously")
        return None


def _ask_helper(program: str, registry: str, seconds: float) -> Credentials | None:
    key = _HUB_KEY if registry == DOCKER_HUB else registry
    done = subprocess.run(  # noqa: S603 - what the user configured
        [program, "get"],
        input=key.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=seconds,
        start_new_session=True,  # without our terminal: it cannot ask on it
        check=False,
    )
    if done.returncode and b"not found" in done.stdout:  # its only sign for that
        return None
    if done.returncode:
        raise OSError(0, f"it failed with exit code {done.returncode}")
    said = json.loads(done.stdout)
    user, secret = str(said["Username"]), str(said["Secret"])
    is_token = user == "<token>"
    return Credentials("", "", secret) if is_token else Credentials(user, secret)


def _entry_of(entries: dict[str, Any] | None, registry: str) -> Any:  # noqa: ANN401
    for key, entry in (entries or {}).items():
        host = re.sub(r"^https?://", "", key).partition("/")[0]
        if (DOCKER_HUB if host in HUB_ALIASES else host) == registry:
            return entry
    return None


def _read_entry(entry: dict[str, str]) -> Credentials | None:
    pair = base64.b64decode(entry.get("auth", ""), validate=True).decode()
    user, _, password = pair.partition(":")
    token = entry.get("identitytoken", "")
    # Docker fills passwords up with zero bytes.
    return Credentials(user, password.strip("\0"), token) if user or token else None


def is_loopback(host: str) -> bool:
    """Tell whether a host is certainly this machine, by its name or address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def may_hear(registry: str, address: str, url: str) -> bool:
    """Tell whether an address may be sent the credentials of a registry at another one.

    Only over HTTPS, or on this machine, and only the registry or its token server: the
    same host, the domain above it or below it, or a neighbour in an organisation's own
    domain (GitLab at ``git.example.org``, its registry at ``registry.example.org``).
    """
    host, own = (urlsplit(one).hostname or "" for one in (url, address))
    # The registry is shown the token that the credentials buy.
    for one, name in ((url, host), (address, own)):
        if not one.startswith("https:") and not is_loopback(name):
            return False
    known = registry == DOCKER_HUB and host == _HUB_TOKENS
    return host == own or known or _related(host, own)


def _related(one: str, other: str) -> bool:
    """Tell whether two host names belong to one organisation."""
    if one.rpartition(".")[2].isdigit():
        return False  # an address
    if one.endswith(f".{other}") or other.endswith(f".{one}"):
        return "." in one and "." in other
    parent = one.partition(".")[2]
    if parent != other.partition(".")[2] or f".{parent}".endswith(_SHARED):
        return False
    # Anybody can have a name below org, and below co.uk or ac.at.
    labels = parent.split(".")
    return len(labels) > 2 or (len(labels) == 2 and len(parent) > len("com.au"))
