# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Credentials from the Docker configuration, and helpers that do what they should not."""

import base64
import json
import time

import pytest

from invenio_cli_registry.availability.credentials import (
    Credentials,
    DockerConfiguration,
)

AUTH = base64.b64encode(b"u:p").decode()


@pytest.fixture
def configure(tmp_path, monkeypatch):
    """Return what writes a Docker configuration, and puts helpers on PATH."""
    folder = tmp_path / "docker"
    folder.mkdir()
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("DOCKER_CONFIG", str(folder))
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
        pytest.param("https://x.org", "x.org", True, id="address"),
        pytest.param("https://x.org/v2/", "x.org", True, id="address-path"),
        pytest.param("x.org:5000", "x.org:5000", True, id="port"),
        pytest.param("x.org:5000", "x.org", False, id="other-port"),
        pytest.param("x.org", "sub.x.org", False, id="below"),
        pytest.param("https://index.docker.io/v1/", "docker.io", True, id="docker-hub"),
        pytest.param("y.org", "x.org", False, id="other"),
    ],
)
def test_each_goes_to_its_own_registry(configure, key, registry, found):
    docker = configure({"auths": {key: {"auth": AUTH}}})
    assert docker.find(registry) == (Credentials("u", "p") if found else None)
    assert docker.warnings == []


def test_an_identity_token(configure):
    docker = configure({"auths": {"x.org": {"auth": AUTH, "identitytoken": "t"}}})
    assert docker.find("x.org").identity_token == "t"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({}, id="empty"),
        pytest.param({"auths": {"x.org": {}}}, id="entry-without-anything"),
        pytest.param("no json", id="no-json"),
        pytest.param("[]", id="no-object"),
        pytest.param({"auths": []}, id="auths-no-object"),
        pytest.param({"auths": {"x.org": {"auth": "%%%"}}}, id="no-base64"),
        pytest.param({"credHelpers": []}, id="helpers-no-object"),
    ],
)
def test_a_configuration_without_any_is_none(configure, data):
    assert configure(data).find("x.org") is None


def test_no_configuration_at_all(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "nowhere"))
    docker = DockerConfiguration()
    assert [docker.find("x.org"), docker.find("y.org")] == [None, None]
    assert docker.warnings == []


GIVES = """read key; printf '{"Username": "%s", "Secret": "s"}' "$key" """


@pytest.mark.parametrize(
    ("data", "registry", "user"),
    [
        pytest.param({"credsStore": "good"}, "x.org", "x.org", id="store"),
        pytest.param(
            {"credsStore": "good"},
            "docker.io",
            "https://index.docker.io/v1/",
            id="store-hub",
        ),
        pytest.param({"credHelpers": {"x.org": "good"}}, "x.org", "x.org", id="helper"),
        pytest.param(
            {"credsStore": "bad", "credHelpers": {"x.org": "good"}},
            "x.org",
            "x.org",
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
    assert (
        configure({"credsStore": "good"}, good=script).find("x.org").identity_token
        == "t"
    )


@pytest.mark.parametrize(
    ("script", "warned"),
    [
        pytest.param(
            "echo 'credentials not found in native keychain'; exit 1",
            "",
            id="not-found",
        ),
        pytest.param("echo broken >&2; exit 1", "failed", id="fails"),
        pytest.param("echo no json", "gave no credentials", id="no-json"),
        pytest.param('echo \'{"Username": "u"}\'', "gave no credentials", id="half"),
        pytest.param("echo '[]'", "gave no credentials", id="list"),
        pytest.param("sleep 30 & sleep 30", "no answer in", id="hangs"),
    ],
)
def test_a_helper_that_is_no_help(configure, script, warned):
    docker = configure({"credsStore": "bad"}, 0.5, bad=script)
    started = time.monotonic()
    assert docker.find("x.org") is None
    assert docker.find("x.org") is None
    assert time.monotonic() - started < 5
    assert len(docker.warnings) == bool(warned)
    assert all(
        warned in text and "x.org is asked anonymously" in text
        for text in docker.warnings
    )


def test_a_helper_that_hangs_is_waited_for_once(configure, tmp_path):
    script = f"echo asked >> {tmp_path}/asked; sleep 30"
    docker = configure({"credsStore": "hang"}, 0.5, hang=script)
    assert [docker.find(name) for name in ("x.org", "y.org", "z.org")] == [None] * 3
    assert (tmp_path / "asked").read_text() == "asked\n"
    assert docker.warnings == [
        "docker-credential-hang: no answer in 0.5 s, and not asked again;"
        " x.org is asked anonymously"
    ]


def test_a_helper_that_is_not_there(configure):
    docker = configure({"credsStore": "gone"})
    assert docker.find("x.org") is None
    assert docker.warnings == [
        "docker-credential-gone: No such file or directory; x.org is asked anonymously"
    ]


@pytest.mark.parametrize("name", ["../../evil", "a/b", ".hidden", "a b", "-x"])
def test_a_helper_with_a_path_in_its_name_is_not_called(configure, tmp_path, name):
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/called\n")
    evil.chmod(0o755)
    docker = configure({"credsStore": name})
    assert docker.find("x.org") is None
    assert "was not called" in docker.warnings[0]
    assert not (tmp_path / "called").exists()
