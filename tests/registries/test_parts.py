# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Debian's own registry: present and missing images, a cache, a copy, a login over TLS."""

import base64
import contextlib
import json

import pytest

from invenio_cli_registry import registries
from invenio_cli_registry.image import parse
from invenio_cli_registry.registries import Asking, ask
from invenio_cli_registry.registries.credentials import DockerConfiguration

from ..parts import Builder, call, make_image, need, run_registry
from .serving import EXISTS, serve

pytestmark = pytest.mark.parts

NAME = "inveniosoftware/centos8-python:3.8"


def ask_for(*names):
    """Return the answers, in the order of the names."""
    images = [parse(name) for name in names]
    found = ask(images, Asking(), DockerConfiguration(), lambda image: True)
    return list(found.values())


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Run a registry with one image in it."""
    folder = tmp_path_factory.mktemp("parts")
    builder = Builder(folder / "store")
    with run_registry(folder / "cern") as cern:
        make_image(builder, folder / "image", cern, NAME)
        yield builder, cern


def test_the_present_and_the_missing_image(parts):
    _, cern = parts
    there, missing = ask_for(f"{cern}/{NAME}", f"{cern}/inveniosoftware/almalinux:1")
    assert (there.status, missing.status) == ("exists", "missing")
    assert there.digest.startswith("sha256:")
    assert there.created.year >= 2024
    (same,) = ask_for(f"{cern}/{NAME.partition(':')[0]}@{there.digest}")
    assert (same.status, same.digest) == ("exists", there.digest)


def test_a_copy_has_the_same_digest(parts, tmp_path):
    need("skopeo")
    _, cern = parts
    with run_registry(tmp_path / "copies") as own:
        call(
            *("skopeo", "copy", "--all", "--src-tls-verify=false"),
            *("--dest-tls-verify=false", f"docker://{cern}/{NAME}"),
            f"docker://{own}/invenio/copied:1",
        )
        old, new = ask_for(f"{cern}/{NAME}", f"{own}/invenio/copied:1")
    assert (old.digest, new.status) == (new.digest, "exists")


def test_a_cache_answers_also_when_the_upstream_is_stopped(tmp_path):
    builder = Builder(tmp_path / "store")
    with contextlib.ExitStack() as upstream:
        cern = upstream.enter_context(run_registry(tmp_path / "cern"))
        make_image(builder, tmp_path / "image", cern, NAME)
        proxy = f"proxy: {{remoteurl: 'http://{cern}'}}\n"
        with run_registry(tmp_path / "cache", more=proxy) as cache:
            (before,) = ask_for(f"{cache}/{NAME}")
            upstream.close()
            after, gone = ask_for(f"{cache}/{NAME}", f"{cern}/{NAME}")
    assert (before.status, after.status) == ("exists", "exists")
    assert (gone.status, gone.cause) == ("unreachable", "refused")


def make_authority(folder):
    """Make an authority, and a certificate for 127.0.0.1 by it."""
    folder.mkdir()
    (folder / "san").write_text("subjectAltName=IP:127.0.0.1\n")
    new = ("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj")
    authority = ("-keyout", folder / "ca.key", "-out", folder / "ca.pem")
    call(*new, "/CN=Own authority", "-x509", "-days", "2", *authority)
    request = ("-keyout", folder / "key.pem", "-out", folder / "csr.pem")
    call(*new, "/CN=registry", *request)
    call(
        *("openssl", "x509", "-req", "-days", "2", "-in", folder / "csr.pem"),
        *("-CA", folder / "ca.pem", "-CAkey", folder / "ca.key", "-CAcreateserial"),
        *("-extfile", folder / "san", "-out", folder / "cert.pem"),
    )


def test_a_login_over_tls_reaches_its_own_registry_only(parts, tmp_path, monkeypatch):
    need("htpasswd", "openssl")
    builder, _ = parts
    made = tmp_path / "authority"
    make_authority(made)
    (tmp_path / "users").write_text(call("htpasswd", "-Bbn", "ada", "secret"))
    tls = f"  tls: {{certificate: {made / 'cert.pem'}, key: {made / 'key.pem'}}}\n"
    auth = f"auth: {{htpasswd: {{realm: own, path: {tmp_path / 'users'}}}}}\n"
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(made / "ca.pem"))
    with contextlib.ExitStack() as stack:
        locked = stack.enter_context(
            run_registry(tmp_path / "locked", http=tls, more=auth)
        )
        other = stack.enter_context(serve(EXISTS))
        creds = ("--creds", "ada:secret", "--tls-verify=false")
        make_image(builder, tmp_path / "image", locked, "a/b:1", *creds)
        names = (f"{locked}/a/b:1", f"{other.host}/c/d:1")
        at = {locked: f"https://{locked}", other.host: other.url}
        monkeypatch.setattr(registries, "address_of", lambda host, _: at[host])
        before = ask_for(*names)
        login = {"auth": base64.b64encode(b"ada:secret").decode()}
        (tmp_path / "docker" / "config.json").write_text(
            json.dumps({"auths": {locked: login}})
        )
        after = ask_for(*names)
        assert [answer.status for answer in before] == ["private", "exists"]
        assert [answer.status for answer in after] == ["exists", "exists"]
        assert all("Authorization" not in asked.headers for asked in other.asked)
        # A certificate of an authority that we do not know is not accepted.
        monkeypatch.delenv("REQUESTS_CA_BUNDLE")
        assert ask_for(*names)[0].cause == "tls"
