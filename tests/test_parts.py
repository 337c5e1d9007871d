# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The whole way on real parts: registries, a cache, a login, copies, and real builds."""

import contextlib
import json

import pytest

from invenio_cli_registry.availability import asking
from invenio_cli_registry.mirrors import Mirror

from .instances import build, configure, instance, rdm
from .parts import Builder, call, make_image, need, run_registry
from .registries import EXISTS, serve
from .test_cli import HUB, run

pytestmark = pytest.mark.parts

#: A Dockerfile on an image that has nothing but a shell.
STEPS = "RUN echo built > /made\n"


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Run a registry that stands for CERN's, with the image of 9.1 in it."""
    folder = tmp_path_factory.mktemp("parts")
    builder = Builder(folder / "store")
    with run_registry(folder / "cern") as cern:
        make_image(builder, folder / "image", cern, HUB)
        yield folder, builder, cern


@pytest.fixture
def real_names(monkeypatch, tmp_path):
    """Let real names lead to parts on loopback."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "nowhere"))
    real = asking.address_of

    def lead(**hosts):
        names = {"hub": "docker.io", "cern": "registry.cern.ch"}
        addresses = {names[name]: f"http://{host}" for name, host in hosts.items()}
        monkeypatch.setattr(
            asking,
            "address_of",
            lambda registry, options: (
                addresses.get(registry) or real(registry, options)
            ),
        )

    return lead


def statuses(*args):
    done = run("verify", "--format", "json", *args)
    return {one["image"]: one for one in json.loads(done.stdout)["images"]}


def test_the_present_and_the_missing_image(parts, tmp_path):
    _, _, cern = parts
    text = f"FROM {cern}/{HUB}\nFROM {cern}/inveniosoftware/almalinux:1\n"
    with instance(tmp_path, {"Dockerfile": text}):
        found = statuses("--all")
    there, missing = found.values()
    assert (there["status"], missing["status"]) == ("exists", "missing")
    assert there["digest"].startswith("sha256:")
    assert there["created"].startswith("20")


def test_the_same_image_to_the_byte(parts, tmp_path, real_names):
    _, _, cern = parts
    real_names(hub=cern, cern=cern)
    with instance(tmp_path, {**rdm("9.1.7", "3.8"), **build(HUB)}):
        done = run("verify")
    assert done.exit_code == 0
    assert "same digest: the same image to the byte" in done.stdout


def test_an_instance_builds_through_a_cache_also_when_the_upstream_is_stopped(tmp_path):
    builder = Builder(tmp_path / "store")
    with contextlib.ExitStack() as upstream:
        cern = upstream.enter_context(run_registry(tmp_path / "cern"))
        make_image(builder, tmp_path / "image", cern, HUB)
        proxy = f"proxy: {{remoteurl: 'http://{cern}'}}\n"
        with run_registry(tmp_path / "cache", more=proxy) as cache:
            line = f"registry.cern.ch/inveniosoftware={cache}/inveniosoftware"
            files = {**rdm("9.1.7", "3.8"), **build(HUB, STEPS)}
            with instance(tmp_path, configure(files, f"mirrors = {line}")) as site:
                assert run("migrate", "--verify", "--yes").exit_code == 0
                text = (site / "Dockerfile").read_text()
                assert text.startswith(f"FROM {cache}/{HUB}\n")
                Builder(tmp_path / "first").build(site, "localhost/my-site")
                upstream.close()
                assert statuses()[f"{cache}/{HUB}"]["status"] == "exists"
                Builder(tmp_path / "second").build(site, "localhost/my-site")


def test_the_advised_copy_is_found_with_the_same_digest(parts, tmp_path, real_names):
    need("skopeo")
    folder, _, cern = parts
    with run_registry(folder / "copies") as own, serve(
        EXISTS._replace(status=404)
    ) as empty:
        # CERN does not have it, Docker Hub has: verify says how to make a copy.
        real_names(hub=cern, cern=empty.host)
        with instance(tmp_path, {**rdm("9.1.7", "3.8"), **build(HUB)}) as site:
            done = run("verify")
            assert done.exit_code == 1
            lines = done.stdout.replace("\\\n", " ")
            (advised,) = [one for one in lines.splitlines() if "skopeo copy" in one]
            words = (
                advised.replace("docker://docker.io", f"docker://{cern}")
                .replace("YOUR.REGISTRY", own)
                .split()
            )
            call(
                *words[:2],
                "--src-tls-verify=false",
                "--dest-tls-verify=false",
                *words[2:],
            )
            copy = Mirror.parse(f"docker.io/inveniosoftware={own}/invenio")
            found = statuses("--copy", str(copy))
            assert (
                run("migrate", "--verify", "--yes", "--copy", str(copy)).exit_code == 0
            )
            text = (site / "Dockerfile").read_text()
    copied = found[f"{own}/invenio/centos8-python:3.8"]
    assert copied["status"] == "exists"
    assert found[f"docker.io/{HUB}"]["same_digest"] is True
    assert text.startswith(f"FROM {own}/invenio/centos8-python:3.8\n")


def make_authority(folder):
    """Make an authority of one's own, and a certificate for 127.0.0.1 by it."""
    folder.mkdir()
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1\n")
    new = ("openssl", "req", "-newkey", "rsa:2048", "-nodes")
    call(
        *new,
        "-x509",
        "-days",
        "2",
        "-subj",
        "/CN=Own authority",
        "-keyout",
        folder / "ca.key",
        "-out",
        folder / "ca.pem",
    )
    call(
        *new,
        "-subj",
        "/CN=registry",
        "-keyout",
        folder / "key.pem",
        "-out",
        folder / "csr.pem",
    )
    call(
        "openssl",
        "x509",
        "-req",
        "-days",
        "2",
        "-in",
        folder / "csr.pem",
        "-CA",
        folder / "ca.pem",
        "-CAkey",
        folder / "ca.key",
        "-CAcreateserial",
        "-extfile",
        folder / "san",
        "-out",
        folder / "cert.pem",
    )


def test_a_login_reaches_its_own_registry_only(parts, tmp_path, monkeypatch):
    need("htpasswd", "openssl")
    _, builder, _ = parts
    authority = tmp_path / "authority"
    make_authority(authority)
    users = call("htpasswd", "-Bbn", "ada", "secret")
    (tmp_path / "users").write_text(users)
    tls = f"  tls: {{certificate: {authority / 'cert.pem'}, key: {authority / 'key.pem'}}}\n"
    auth = f"auth: {{htpasswd: {{realm: own, path: {tmp_path / 'users'}}}}}\n"
    with run_registry(tmp_path / "locked", http=tls, more=auth) as locked, serve(
        EXISTS
    ) as other:
        creds = ("--creds", "ada:secret", "--tls-verify=false")
        make_image(builder, tmp_path / "image", locked, "a/b:1", *creds)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority / "ca.pem"))
        real = asking.address_of
        monkeypatch.setattr(
            asking,
            "address_of",
            lambda host, options: (
                f"https://{host}" if host == locked else real(host, options)
            ),
        )
        docker = tmp_path / "docker"
        docker.mkdir()
        monkeypatch.setenv("DOCKER_CONFIG", str(docker))
        (docker / "config.json").write_text("{}")
        text = f"FROM {locked}/a/b:1\nFROM {other.host}/c/d:1\n"
        with instance(tmp_path, {"Dockerfile": text}):
            assert statuses()[f"{locked}/a/b:1"]["status"] == "private"
            login = {"auths": {locked: {"auth": "YWRhOnNlY3JldA=="}}}
            (docker / "config.json").write_text(json.dumps(login))
            found = statuses()
        assert found[f"{locked}/a/b:1"]["status"] == "exists"
        assert found[f"{other.host}/c/d:1"]["status"] == "exists"
        assert all("Authorization" not in asked.headers for asked in other.asked)
        # A certificate of nobody we know is none.
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        with instance(tmp_path, {"Dockerfile": text}):
            assert statuses()[f"{locked}/a/b:1"]["status"] == "unreachable"
