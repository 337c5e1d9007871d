# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which host may be asked how, and which may hear a registry's credentials. Pure."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from ..reference import DOCKER_HUB

#: Token servers on another domain than their registry's.
#: Source: https://docs.docker.com/reference/api/registry/auth/
_KNOWN_REALMS = {DOCKER_HUB: "auth.docker.io"}


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, by its name or address."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_private(host: str) -> bool:
    """Tell whether an address is of this machine or its network; a name is not looked up."""
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        pass
    try:
        # What a resolver takes for an address as well: 127.1, 0x7f000001, 2130706433.
        return not ipaddress.IPv4Address(socket.inet_aton(name)).is_global
    except OSError:
        return False


def why_not_follow(here: str, there: str) -> str:
    """Return why an address must not be gone to from another one; nothing when it may.

    A registry could lead to a file, to plain HTTP, to this machine or its network.
    """
    old, new = urlsplit(here), urlsplit(there)
    if new.scheme not in ("http", "https") or not new.hostname:
        return "it leads to an address that is none of the web's"
    if old.scheme == "https" and new.scheme == "http":
        return "it leads from HTTPS to plain HTTP"
    if is_private(new.hostname) and not is_private(old.hostname or ""):
        return "it leads into the network of this machine"
    return ""


def may_hear(registry: str, address: str, url: str) -> bool:
    """Tell whether an address may be sent a registry's credentials.

    Only over HTTPS, or on this machine: also the registry itself, which is then shown the
    token that they bought. And only the registry or its token server: the same host, the
    domain above it or below it (GitLab's ``registry.example.org`` and ``example.org``), or
    a neighbour in an organisation's own domain.
    """
    there, here = urlsplit(url), urlsplit(address)
    host, own = there.hostname or "", here.hostname or ""
    if not _is_safe(there.scheme, host) or not _is_safe(here.scheme, own):
        return False
    if host == own:
        return is_loopback(host) is is_loopback(own)
    if _KNOWN_REALMS.get(registry) == host:
        return True
    if is_private(host) or is_private(own):
        return False
    return _is_related(host, own)


def _is_safe(scheme: str, host: str) -> bool:
    return scheme == "https" or is_loopback(host)


def _is_related(one: str, other: str) -> bool:
    if one.endswith(f".{other}") or other.endswith(f".{one}"):
        return min(one.count("."), other.count(".")) >= 1
    parent = one.partition(".")[2]
    return parent == other.partition(".")[2] and _is_own_domain(parent)


def _is_own_domain(parent: str) -> bool:
    """Tell whether neighbours below a domain belong together: not below ``co.uk``."""
    labels = parent.split(".")
    if len(labels) < 2:
        return False
    return len(labels) > 2 or len(labels[0]) > 3 or len(labels[1]) > 2
