# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Who may hear a password, and where a registry may lead."""

import pytest

from invenio_cli_registry.registries import Fault
from invenio_cli_registry.registries.trust import follow, is_loopback, may_hear


@pytest.mark.parametrize(
    ("own", "url", "heard"),
    [
        pytest.param("https://x.org", "https://x.org/t", True, id="itself"),
        pytest.param("https://x.org", "https://x.org:8443/t", True, id="other-port"),
        pytest.param("http://x.org", "http://x.org/t", False, id="plain-http"),
        pytest.param("https://x.org", "http://x.org/t", False, id="realm-plain-http"),
        pytest.param("http://x.org", "https://x.org/t", False, id="token-over-http"),
        pytest.param("https://registry.git.org", "https://git.org/", True, id="above"),
        pytest.param("https://git.org", "https://auth.git.org/", True, id="below"),
        pytest.param(
            "https://registry.x-uni.org", "https://git.x-uni.org/", True, id="neighbour"
        ),
        pytest.param("https://r.uni.ac.at", "https://g.uni.ac.at", True, id="uni-ac"),
        pytest.param("https://a.ac.at", "https://b.ac.at/", False, id="below-ac-at"),
        pytest.param("https://a.com.au", "https://b.com.au/", False, id="com-au"),
        pytest.param("https://x.org", "https://y.org/", False, id="below-org"),
        pytest.param("https://x.org", "https://org/", False, id="org-itself"),
        pytest.param("https://x.org", "https://evilx.org/", False, id="ends-alike"),
        pytest.param("https://x.org", "https://evil.com/", False, id="elsewhere"),
        pytest.param("https://x.org", "https://x.org@evil.com/", False, id="as-a-user"),
        pytest.param("https://x.org", "https://10.0.0.1/", False, id="address"),
        pytest.param("https://10.0.0.1", "https://10.0.0.1/", True, id="own-address"),
        pytest.param("https://10.0.0.1", "https://11.0.0.1/", False, id="addresses"),
        pytest.param("https://[::1]", "https://[::2]/", False, id="ipv6"),
        pytest.param("http://127.0.0.1:1", "http://127.0.0.1:2/", True, id="loopback"),
        pytest.param(
            "http://127.0.0.1:1", "http://localhost:2/", False, id="other-loopback"
        ),
        pytest.param("https://x.org", "file:///x", False, id="no-host"),
        *(
            pytest.param(f"https://a.{one}", f"https://b.{one}/", False, id=one)
            for one in ("jfrog.io", "azurecr.io", "github.io", "cloudsmith.io")
        ),
        pytest.param(
            "https://europe-docker.pkg.dev", "https://x.pkg.dev", False, id="pkg.dev"
        ),
        pytest.param(
            "https://1.dkr.ecr.eu-west-1.amazonaws.com",
            "https://2.dkr.ecr.eu-west-1.amazonaws.com/",
            False,
            id="amazonaws.com",
        ),
        pytest.param("https://a.jfrog.io", "https://a.jfrog.io/t", True, id="tenant"),
    ],
)
def test_who_may_hear_a_password(own, url, heard):
    assert may_hear("x.org", own, url) is heard


@pytest.mark.parametrize(
    ("registry", "url", "heard"),
    [
        ("docker.io", "https://auth.docker.io/token", True),
        ("docker.io", "https://auth.docker.io.evil.org/token", False),
        ("x.org", "https://auth.docker.io/token", False),
    ],
)
def test_docker_hubs_token_server(registry, url, heard):
    known = {"docker.io": "https://registry-1.docker.io"}
    own = known.get(registry, f"https://{registry}")
    assert may_hear(registry, own, url) is heard


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        *[(one, True) for one in ("localhost", "LOCALHOST", "127.9.9.9", "[::1]")],
        *[(one, False) for one in ("127.1", "2130706433", "0.0.0.0", "a.localhost")],
        *[(one, False) for one in ("localhost.x.org", "127.0.0.1.x.org", "x.org", "")],
    ],
)
def test_this_machine(host, loopback):
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    ("here", "location", "there"),
    [
        pytest.param("https://x.org/a", "/b", "https://x.org/b", id="path"),
        pytest.param("https://x.org/a", "https://c.org/b", "https://c.org/b", id="cdn"),
        pytest.param("http://x.org/a", "https://x.org/a", "https://x.org/a", id="tls"),
        pytest.param(
            *("http://127.0.0.1:1/a", "http://127.0.0.1:2/b", "http://127.0.0.1:2/b"),
            id="on-this-machine",
        ),
        pytest.param("https://x.org/a", "http://x.org/a", None, id="to-plain-http"),
        pytest.param("https://x.org/a", "https://127.0.0.1/b", None, id="loopback"),
        pytest.param("https://x.org/a", "file:///etc/passwd", None, id="file"),
        pytest.param("https://x.org/a", "gopher://x.org/b", None, id="gopher"),
        pytest.param("https://x.org/a", "https://[x/b", None, id="no-address"),
    ],
)
def test_where_a_registry_may_lead(here, location, there):
    if there:
        assert follow(here, location) == there
    else:
        with pytest.raises(Fault):
            follow(here, location)
