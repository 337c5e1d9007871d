# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Where a registry may lead, and which host may hear its credentials. Pure."""

from __future__ import annotations

import ipaddress
from urllib.parse import urljoin, urlsplit

from ..image import DOCKER_HUB
from . import Fault

#: Token servers on another domain than their registry's.
#: Source: https://docs.docker.com/reference/api/registry/auth/
_KNOWN_REALMS = {DOCKER_HUB: "auth.docker.io"}
#: Domains whose subdomains belong to different customers.
_SHARED = (
    *(".amazonaws.com", ".azurecr.io", ".azurewebsites.net", ".cloudfront.net"),
    *(".cloudsmith.io", ".github.io", ".gitlab.io", ".herokuapp.com", ".jfrog.io"),
    *(".netlify.app", ".ovh.net", ".pkg.dev", ".run.app", ".scw.cloud", ".vercel.app"),
)


def is_loopback(host: str) -> bool:
    """Tell whether a host is certainly this machine, by its name or address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def follow(here: str, location: str) -> str:
    """Return the address that another one leads to.

    :raises Fault: when it must not be followed.
    """
    try:
        there = urljoin(here, location)
        old, new = urlsplit(here), urlsplit(there)
    except ValueError as error:
        raise Fault("odd", "it leads to an address that is not valid") from error
    if new.scheme not in ("http", "https") or not new.hostname:
        raise Fault("odd", "it leads to something that is not a web address")
    if old.scheme == "https" and new.scheme == "http":
        raise Fault("odd", "it leads from HTTPS to plain HTTP")
    if is_loopback(new.hostname) and not is_loopback(old.hostname or ""):
        raise Fault("odd", "it leads to this machine")
    return there


def may_hear(registry: str, address: str, url: str) -> bool:
    """Tell whether an address may be sent a registry's credentials.

    Only over HTTPS, or on this machine, and only the registry or its token server: the
    same host, the domain above it or below it, or a neighbour in an organisation's own
    domain (GitLab at ``git.example.org``, its registry at ``registry.example.org``).

    :param registry: as images name it.
    :param address: at which it is asked; it is shown the token that the credentials buy.
    """
    there, here = urlsplit(url), urlsplit(address)
    host, own = there.hostname or "", here.hostname or ""
    for scheme, name in ((there.scheme, host), (here.scheme, own)):
        if scheme != "https" and not is_loopback(name):
            return False
    return host == own or _KNOWN_REALMS.get(registry) == host or _related(host, own)


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
