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


@pytest.mark.parametrize(
    ("key", "registry", "found"),
    [
        pytest.param("x.org", "x.org", True, id="host"),
        pytest.param("https://x.org/v2/", "x.org", True, id="address"),
        pytest.param("x.org:5000", "x.org:5000", True, id="port"),
        pytest.param("x.org:5000", "x.org", False, id="other-port"),
        pytest.param("x.org", "sub.x.org", False, id="below"),
        pytest.param("https://index.docker.io/v1/", "docker.io", True, id="docker-hub"),
        pytest.param("y.org", "x.org", False, id="other"),
    ],
)
def test_each_goes_to_its_own_registry(configure, key, registry, found):
    docker = configure({"auths": {key: {"auth": AUTH}}})
    assert docker.find(registry) == (LOGIN if found else None)
    assert docker.warnings == []


@pytest.mark.parametrize(
    ("data", "found", "warned"),
    [
        pytest.param({}, None, "", id="empty"),
        pytest.param({"auths": {"x.org": {}}}, None, "", id="nothing-in-it"),
        pytest.param(
            {"auths": {"x.org": {"auth": AUTH, "identitytoken": "t"}}},
            *(Credentials("u", "p", "t"), ""),
            id="identity-token",
        ),
        pytest.param(
            {"auths": {"y.org": {"auth": "%"}, "x.org": {"auth": AUTH}}},
            *(LOGIN, ""),
            id="beside-an-unreadable-one",
        ),
        pytest.param("no json", None, "config.json could not be read", id="no-json"),
        pytest.param("[" * 99999, None, "could not be read", id="nested"),
        pytest.param('"x"', None, "could not be read", id="no-object"),
        pytest.param({"auths": [1]}, None, "x.org is asked anonymously", id="list"),
        pytest.param(
            {"auths": {"x.org": {"auth": "%%%"}}},
            *(None, "x.org is asked anonymously"),
            id="no-base64",
        ),
        pytest.param(
            {"auths": {"x.org": {"auth": {"a": 1}}}}, None, "anonymously", id="odd"
        ),
    ],
)
def test_what_the_configuration_gives(configure, data, found, warned):
    docker = configure(data)
    assert docker.find("x.org") == found
    assert [warned in text for text in docker.warnings] == [True] * bool(warned)


def test_no_configuration_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "nowhere"))
    docker = DockerConfiguration()
    assert [docker.find("x.org"), docker.warnings] == [None, []]


@pytest.mark.parametrize(
    ("data", "registry", "user"),
    [
        pytest.param({"credsStore": "good"}, "x.org", "x.org", id="store"),
        pytest.param(
            {"credsStore": "good"},
            *("docker.io", "https://index.docker.io/v1/"),
            id="store-hub",
        ),
        pytest.param(
            {"credsStore": "bad", "credHelpers": {"x.org": "good"}},
            *("x.org", "x.org"),
            id="helper-first",
        ),
    ],
)
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
        pytest.param("https://x.org", "https://evilx.org/", False, id="ends-alike"),
        pytest.param("https://x.org", "https://x.org@evil.com/", False, id="as-a-user"),
        pytest.param("https://x.org", "https://10.0.0.1/", False, id="address"),
        pytest.param("https://10.0.0.1", "https://10.0.0.1/", True, id="own-address"),
        pytest.param("https://10.0.0.1", "https://11.0.0.1/", False, id="addresses"),
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
