# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Credentials from the Docker configuration, odd helpers, and who may hear a password."""

import base64
import json
import threading
import time

import pytest

from invenio_cli_registry.registries.credentials import (
    Credentials,
    DockerConfiguration,
    is_loopback,
    may_hear,
)

from ..tables import rows

AUTH = base64.b64encode(b"u:p\0\0").decode()
LOGIN = Credentials("u", "p")
GIVES = """read key; printf '{"Username": "%s", "Secret": "s"}' "$key" """


@pytest.fixture
def configure(tmp_path, monkeypatch):
    """Return what writes a Docker configuration, and puts helpers on PATH."""
    folder = tmp_path / "docker"
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")

    def write(data, seconds=5.0, **helpers):
        text = data if isinstance(data, str) else json.dumps(data)
        (folder / "config.json").write_text(text)
        for name, script in helpers.items():
            path = tmp_path / "bin" / f"docker-credential-{name}"
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
        return DockerConfiguration(seconds)

    return write


KEYS = {
    "host": ("x.org", "x.org", True),
    "address": ("https://x.org/v2/", "x.org", True),
    "port": ("x.org:5000", "x.org:5000", True),
    "other-port": ("x.org:5000", "x.org", False),
    "below": ("x.org", "sub.x.org", False),
    "docker-hub": ("https://index.docker.io/v1/", "docker.io", True),
}


@pytest.mark.parametrize(("key", "registry", "found"), rows(KEYS))
def test_each_goes_to_its_own_registry(configure, key, registry, found):
    docker = configure({"auths": {key: {"auth": AUTH}}})
    assert docker.find(registry) == (LOGIN if found else None)
    assert docker.warnings == []


def entry(**login):
    return {"auths": {"y.org": {"auth": "%"}, "x.org": login}}


CONFIGURATIONS = {
    "empty": ({}, None, ""),
    "nothing-in-it": (entry(), None, ""),
    "login": (entry(auth=AUTH), LOGIN, ""),
    "identity-token": (
        entry(auth=AUTH, identitytoken="t"),
        Credentials("u", "p", "t"),
        "",
    ),
    "no-json": ("no json", None, "config.json could not be read"),
    "nested": ("[" * 99999, None, "could not be read"),
    "no-object": ('"x"', None, "could not be read"),
    "list": ({"auths": [1]}, None, "x.org is asked anonymously"),
    "no-base64": (entry(auth="%%%"), None, "x.org is asked anonymously"),
    "odd": (entry(auth={"a": 1}), None, "x.org is asked anonymously"),
}


@pytest.mark.parametrize(("data", "found", "warned"), rows(CONFIGURATIONS))
def test_what_the_configuration_gives(configure, data, found, warned):
    docker = configure(data)
    assert docker.find("x.org") == found
    assert [warned in text for text in docker.warnings] == [True] * bool(warned)


def test_no_configuration_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "nowhere"))
    docker = DockerConfiguration()
    assert [docker.find("x.org"), docker.warnings] == [None, []]


ONE = {"credsStore": "good"}
HELPERS = {
    "store": (ONE, "x.org", "x.org"),
    "store-hub": (ONE, "docker.io", "https://index.docker.io/v1/"),
    "first": ({"credsStore": "bad", "credHelpers": {"x.org": "good"}}, *["x.org"] * 2),
}


@pytest.mark.parametrize(("data", "registry", "user"), rows(HELPERS))
def test_a_helper_is_asked_for_the_registry(configure, data, registry, user):
    docker = configure(data, good=GIVES, bad="exit 1")
    assert docker.find(registry) == Credentials(user, "s")


def test_a_helper_of_another_registry_is_not_asked(configure, tmp_path):
    docker = configure({"credHelpers": {"y.org": "spy"}}, spy=f"touch {tmp_path}/asked")
    assert docker.find("x.org") is None
    assert not (tmp_path / "asked").exists()


def test_a_helper_that_gives_a_token(configure):
    script = """printf '{"Username": "<token>", "Secret": "t"}'"""
    docker = configure({"credsStore": "good"}, good=script)
    assert docker.find("x.org") == Credentials("", "", "t")


@pytest.mark.parametrize(
    ("script", "warned"),
    [
        pytest.param("echo 'credentials not found'; exit 1", "", id="not-found"),
        pytest.param("echo broken >&2; exit 1", "exit code 1", id="fails"),
        pytest.param("echo no json", "no credentials", id="no-json"),
        pytest.param('echo \'{"Username": "u"}\'', "no credentials", id="half"),
        pytest.param("echo '[]'", "no credentials", id="list"),
        pytest.param("sleep 3 & sleep 3", "no whole answer in 0.5 s", id="hangs"),
        pytest.param("sleep 3 &", "no whole answer", id="leaves-a-child"),
    ],
)
def test_a_helper_that_is_no_help(configure, script, warned):
    docker = configure({"credsStore": "bad"}, 0.5, bad=script)
    started = time.monotonic()
    assert [docker.find("x.org"), docker.find("x.org")] == [None, None]
    assert time.monotonic() - started < 3
    assert [warned in text for text in docker.warnings] == [True] * bool(warned)
    assert all("x.org is asked anonymously" in text for text in docker.warnings)


def test_helpers_do_not_wait_for_each_other(configure):
    helpers = {"x.org": "slow", "y.org": "good"}
    docker = configure({"credHelpers": helpers}, 1.5, slow="sleep 30", good=GIVES)
    slow = threading.Thread(target=docker.find, args=("x.org",))
    started = time.monotonic()
    slow.start()
    assert docker.find("y.org") == Credentials("y.org", "s")
    assert time.monotonic() - started < 1
    slow.join()


def test_a_helper_that_is_not_there(configure):
    docker = configure({"credsStore": "gone"})
    assert docker.find("x.org") is None
    assert "docker-credential-gone: No such file" in docker.warnings[0]


HEARS = {
    "itself": ("https://x.org", "https://x.org/t", True),
    "other-port": ("https://x.org", "https://x.org:8443/t", True),
    "plain-http": ("http://x.org", "http://x.org/t", False),
    "realm-plain-http": ("https://x.org", "http://x.org/t", False),
    "token-over-http": ("http://x.org", "https://x.org/t", False),
    "above": ("https://registry.git.org", "https://git.org/", True),
    "below": ("https://git.org", "https://auth.git.org/", True),
    "neighbour": ("https://registry.x-uni.org", "https://git.x-uni.org/", True),
    "uni-ac": ("https://r.uni.ac.at", "https://g.uni.ac.at", True),
    "below-ac-at": ("https://a.ac.at", "https://b.ac.at/", False),
    "com-au": ("https://a.com.au", "https://b.com.au/", False),
    "below-org": ("https://x.org", "https://y.org/", False),
    "ends-alike": ("https://x.org", "https://evilx.org/", False),
    "as-a-user": ("https://x.org", "https://x.org@evil.com/", False),
    "address": ("https://x.org", "https://10.0.0.1/", False),
    "own-address": ("https://10.0.0.1", "https://10.0.0.1/", True),
    "addresses": ("https://10.0.0.1", "https://11.0.0.1/", False),
    "loopback": ("http://127.0.0.1:1", "http://127.0.0.1:2/", True),
    "no-host": ("https://x.org", "file:///x", False),
    "shared": ("https://a.jfrog.io", "https://b.jfrog.io/", False),
    "shared-deep": ("https://1.eu.amazonaws.com", "https://2.eu.amazonaws.com/", False),
    "tenant": ("https://a.jfrog.io", "https://a.jfrog.io/t", True),
}


@pytest.mark.parametrize(("own", "url", "heard"), rows(HEARS))
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
