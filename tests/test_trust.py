# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Who may hear a password, and where a registry may lead."""

import pytest

from invenio_cli_registry.availability.trust import (
    is_loopback,
    is_private,
    may_hear,
    why_not_follow,
)


@pytest.mark.parametrize(
    ("registry", "own", "url", "heard"),
    [
        pytest.param("x.org", "https://x.org", "https://x.org/t", True, id="itself"),
        pytest.param(
            "x.org", "https://x.org", "https://x.org:8443/t", True, id="its-other-port"
        ),
        pytest.param("x.org", "http://x.org", "http://x.org/t", False, id="plain-http"),
        pytest.param(
            "x.org", "https://x.org", "http://x.org/t", False, id="realm-plain-http"
        ),
        pytest.param(
            "x.org", "http://x.org", "https://x.org/t", False, id="token-over-http"
        ),
        pytest.param(
            "docker.io",
            "https://registry-1.docker.io",
            "https://auth.docker.io/token",
            True,
            id="docker-hub",
        ),
        pytest.param(
            "x.org",
            "https://x.org",
            "https://auth.docker.io/token",
            False,
            id="not-docker-hub",
        ),
        pytest.param(
            "docker.io",
            "https://registry-1.docker.io",
            "https://auth.docker.io.evil.org/token",
            False,
            id="looks-like-docker-hub",
        ),
        pytest.param(
            "registry.gitlab.com",
            "https://registry.gitlab.com",
            "https://gitlab.com/jwt/auth",
            True,
            id="above",
        ),
        pytest.param(
            "git.x.org",
            "https://git.x.org",
            "https://auth.git.x.org/",
            True,
            id="below",
        ),
        pytest.param(
            "registry.x-uni.org",
            "https://registry.x-uni.org",
            "https://git.x-uni.org/",
            True,
            id="neighbour",
        ),
        pytest.param(
            "x.org", "https://x.org", "https://evilx.org/", False, id="ends-alike"
        ),
        pytest.param(
            "a.ac.at", "https://a.ac.at", "https://b.ac.at/", False, id="below-ac-at"
        ),
        pytest.param(
            "r.uni.ac.at",
            "https://r.uni.ac.at",
            "https://g.uni.ac.at/",
            True,
            id="below-a-university",
        ),
        pytest.param("x.org", "https://x.org", "https://y.org/", False, id="below-org"),
        pytest.param(
            "x.org", "https://x.org", "https://evil.com/", False, id="elsewhere"
        ),
        pytest.param("x.org", "https://x.org", "https://org/", False, id="org-itself"),
        pytest.param(
            "x.org",
            "https://x.org",
            "https://x.org@evil.com/",
            False,
            id="named-as-a-user",
        ),
        pytest.param(
            "x.org", "https://x.org", "https://10.0.0.1/", False, id="private"
        ),
        pytest.param(
            "10.0.0.1", "https://10.0.0.1", "https://10.0.0.1/", True, id="private-own"
        ),
        pytest.param(
            "10.0.0.1",
            "https://10.0.0.1",
            "https://10.0.0.2/",
            False,
            id="private-other",
        ),
        pytest.param(
            "127.0.0.1:1",
            "http://127.0.0.1:1",
            "http://127.0.0.1:2/",
            True,
            id="loopback",
        ),
        pytest.param(
            "127.0.0.1:1",
            "http://127.0.0.1:1",
            "http://localhost:2/",
            False,
            id="other-loopback",
        ),
        pytest.param("x.org", "https://x.org", "file:///x", False, id="no-host"),
    ],
)
def test_who_may_hear_a_password(registry, own, url, heard):
    assert may_hear(registry, own, url) is heard


@pytest.mark.parametrize(
    ("host", "loopback", "private"),
    [
        ("localhost", True, True),
        ("LOCALHOST", True, True),
        ("127.0.0.1", True, True),
        ("127.9.9.9", True, True),
        ("::1", True, True),
        ("[::1]", True, True),
        # Only what is certainly this machine may hear a password over plain HTTP.
        ("localhost.", False, True),
        ("a.localhost", False, True),
        ("127.1", False, True),
        ("0x7f000001", False, True),
        ("2130706433", False, True),
        ("0.0.0.0", False, True),
        ("10.1.1.1", False, True),
        ("192.168.0.1", False, True),
        ("169.254.169.254", False, True),
        ("fd00::1", False, True),
        ("8.8.8.8", False, False),
        ("2606:4700::1", False, False),
        ("x.org", False, False),
        ("localhost.x.org", False, False),
        ("127.0.0.1.x.org", False, False),
        ("", False, False),
    ],
)
def test_this_machine_and_its_network(host, loopback, private):
    assert (is_loopback(host), is_private(host)) == (loopback, private)


def test_an_address_within_an_address_is_this_machine():
    # Whether it is called loopback as well depends on the Python.
    assert is_private("::ffff:127.0.0.1")


@pytest.mark.parametrize(
    ("here", "there", "refused"),
    [
        pytest.param("https://x.org/a", "https://cdn.org/b", "", id="elsewhere"),
        pytest.param("http://x.org/a", "https://x.org/a", "", id="to-https"),
        pytest.param(
            "http://127.0.0.1:1/a", "http://127.0.0.1:2/b", "", id="on-this-machine"
        ),
        pytest.param(
            "https://10.0.0.1/a", "https://10.0.0.2/b", "", id="in-one-network"
        ),
        pytest.param(
            "https://x.org/a", "http://x.org/a", "plain HTTP", id="to-plain-http"
        ),
        pytest.param(
            "https://x.org/a", "https://127.0.0.1/b", "network", id="to-this-machine"
        ),
        pytest.param("https://x.org/a", "https://127.1/b", "network", id="abbreviated"),
        pytest.param(
            "https://x.org/a",
            "https://169.254.169.254/b",
            "network",
            id="to-the-cloud's-own",
        ),
        pytest.param("https://x.org/a", "file:///etc/passwd", "none", id="to-a-file"),
        pytest.param("https://x.org/a", "gopher://x.org/b", "none", id="other-scheme"),
        pytest.param("https://x.org/a", "https:///b", "none", id="to-no-host"),
    ],
)
def test_where_a_registry_may_lead(here, there, refused):
    said = why_not_follow(here, there)
    assert refused in said
    assert bool(said) is bool(refused)
