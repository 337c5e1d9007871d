# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which host may be asked how, and which may hear a registry's credentials. Pure."""

from __future__ import annotations

import ipaddress
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
    if is_loopback(host):
        return True
    try:
        return not ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return False


def may_hear(registry: str, address: str, url: str) -> bool:
    """Tell whether an address may be sent a registry's credentials.

    Only over HTTPS, or on this machine; and only the registry itself or its token server:
    the same host, the domain above it or below it (GitLab's ``registry.example.org`` and
    ``example.org``), or a neighbour in an organisation's own domain.
    """
    there, here = urlsplit(url), urlsplit(address)
    host, own = there.hostname or "", here.hostname or ""
    if there.scheme != "https" and not is_loopback(host):
        return False
    if host == own:
        return is_loopback(host) is is_loopback(own)
    if _KNOWN_REALMS.get(registry) == host:
        return True
    if is_private(host) or is_private(own):
        return False
    return _is_related(host, own)


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
