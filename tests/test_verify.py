# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``verify`` and ``migrate --verify``, against registries on loopback."""

from __future__ import annotations

import json
import shlex

import jsonschema
import pytest

from invenio_cli_registry import registries as room
from invenio_cli_registry.report import read_schema

from .instances import build, call, configure, instance
from .registries.conftest import _quick_and_clean  # noqa: F401
from .registries.serving import DIGEST, EXISTS, MISSING, Reply, serve
from .tables import rows, site

HUB, C7_37 = "inveniosoftware/centos8-python:3.8", "inveniosoftware/centos7-python:3.7"
CERN, ALMA = f"registry.cern.ch/{HUB}", "registry.cern.ch/inveniosoftware/almalinux:1"
NINE = site("9.1.7", "3.8", HUB)
OTHER = EXISTS._replace(headers={"Docker-Content-Digest": "sha256:" + "d" * 64})
SILENT = Reply(503)
CACHE = ("--mirror", "docker.io=harbor.example.org/hub")


@pytest.fixture
def registries(monkeypatch):
    """Return what runs registries under real names: Docker Hub, CERN's, and any other."""
    running, names = [], {"hub": "docker.io", "cern": "registry.cern.ch"}
    real = room.address_of

    def start(**answers):
        found = {}
        for name, answer in answers.items():
            running.append(serve(answer))
            found[names.get(name, f"{name}.example.org")] = running[-1].__enter__()

        def address_of(host, options):
            return found[host].url if host in found else real(host, options)

        monkeypatch.setattr(room, "address_of", address_of)
        return found

    yield start
    for server in running:
        server.__exit__(None, None, None)


def paths(server):
    return [one.path for one in server.asked]


def words(ran):
    return " ".join(f"{ran.out} {ran.err}".split())


def read(ran):
    """Return the images of a JSON answer, which keeps to its schema."""
    data = json.loads(ran.out)
    jsonschema.validate(data, json.loads(read_schema("verify")))
    return data["images"]


def unless(text, answer):
    """Answer one image as missing, and all others."""
    return lambda asked: MISSING if text in asked.path else answer


TWO = {**NINE, "Dockerfile": f"FROM {HUB}\nFROM {C7_37}\n"}


ANSWER = {
    "there": (
        NINE,
        (),
        {"hub": EXISTS, "cern": EXISTS},
        0,
        "my-site: CERN's registry has your image. The move is safe today: "
        "invenio-cli registry migrate now",
    ),
    "not there": (
        NINE,
        (),
        {"hub": EXISTS, "cern": MISSING},
        1,
        "my-site: CERN's registry does NOT have your image. Do not migrate. Copy what "
        "is still available to your own registry: skopeo copy --all "
        f"docker://docker.io/{HUB}",
    ),
    "nowhere": (
        NINE,
        (),
        {"hub": MISSING, "cern": Reply(401)},
        1,
        "neither the old image nor the new one is available",
    ),
    "no answer": (
        NINE,
        (),
        {"hub": EXISTS, "cern": SILENT},
        2,
        "CERN's registry gave no answer. Check again before you migrate: "
        "invenio-cli registry verify now",
    ),
    "one can be copied, and one is nowhere": (
        TWO,
        ("--to", "same"),
        {"hub": unless("3.7", EXISTS), "cern": MISSING},
        1,
        "Copy what is still available to your own registry: skopeo copy",
    ),
    "images that stay": (
        {
            "Dockerfile": "FROM one.example.org/a:1\nCOPY --from=two.example.org/b:1 x y\n"
        },
        (),
        {"one": EXISTS, "two": MISSING},
        1,
        "1 image is not available. Correct the name in Dockerfile:2.",
    ),
    "nothing to ask for": (
        {**NINE, "Dockerfile": "FROM my-site-base\nFROM inveniosoftware/$X\n"},
        (),
        {},
        1,
        "my-site: no image to check. See what was found: invenio-cli registry check "
        "Not checked: inveniosoftware/$X (its name is unknown). Write the image's name "
        "out, or give the variable a value.",
    ),
    "nothing at all": (
        {},
        (),
        {},
        2,
        "Problems: Nothing to check: no Dockerfile, compose file or manifest below",
    ),
    "a file that was not read": (
        {**NINE, "compose.yml": "a: ["},
        (),
        {"hub": EXISTS, "cern": EXISTS},
        2,
        "compose.yml",
    ),
    "a system that the release cannot have": (
        NINE,
        ("--to", "debian"),
        {"hub": EXISTS},
        1,
        "InvenioRDM 9.1 needs Python 3.7, 3.8 or 3.9, which no Debian image has",
    ),
    "the time is kept": (
        NINE,
        ("--timeout", "0.3"),
        {"hub": EXISTS, "cern": EXISTS._replace(delay=2)},
        2,
        "no answer in 0.3 s",
    ),
}


@pytest.mark.parametrize(("files", "options", "answers", "code", "said"), rows(ANSWER))
def test_the_answer(registries, tmp_path, files, options, answers, code, said):
    registries(**answers)
    with instance(tmp_path, files):
        ran = call("verify", *options)
    assert said in words(ran)
    assert (ran.code, ran.err) == (code, "")


def test_offline_is_one_sentence(registries, tmp_path, monkeypatch):
    """Names below ``.invalid`` never resolve."""
    hosts = {
        "docker.io": "https://hub.invalid",
        "registry.cern.ch": "https://cern.invalid",
    }
    monkeypatch.setattr(room, "address_of", lambda host, _: hosts[host])
    with instance(tmp_path, NINE):
        ran = call("verify", "--timeout", "5")
        moved = call("migrate", "--verify", "--yes")
    said = (
        "No registry could be reached: host names do not resolve. Offline, or behind a "
        "proxy? Set HTTPS_PROXY"
    )
    instead = "`invenio-cli registry check` needs no network."
    assert (ran.code, words(ran)) == (2, f"{said}. {instead}")
    said = f"{said}, or run `migrate` without --verify."
    assert (moved.code, words(moved)) == (2, f"my-site: nothing written. {said}")


MIGRATE_WOULD_WRITE_IS_ASKED_FOR = {
    "by name": (
        NINE,
        ("--to", "almalinux", "--set-python"),
        {"cern": "inveniosoftware/almalinux/manifests/1"},
    ),
    "through a cache": (
        NINE,
        ("--mirror", "registry.cern.ch=harbor.example.org/cern"),
        {"harbor": "cern/inveniosoftware/centos8-python/manifests/3.8"},
    ),
    "an image of others through a cache": (
        {"Dockerfile": "FROM redis:7\n"},
        CACHE,
        {"harbor": "hub/library/redis/manifests/7"},
    ),
    "an upgrade": (
        site("13.1.2", "3.12", ALMA),
        ("--for", "14"),
        {"ghcr.io": "inveniosoftware/invenio/manifests/14-debian"},
    ),
}


@pytest.mark.parametrize(
    ("files", "options", "asked"), rows(MIGRATE_WOULD_WRITE_IS_ASKED_FOR)
)
def test_what_migrate_would_write_is_asked_for(
    registries, tmp_path, files, options, asked
):
    hosts = {"hub": EXISTS, "cern": EXISTS, "registry": EXISTS, "harbor": EXISTS}
    found = registries(**hosts)
    found["ghcr.io"] = found["docker.io"]
    command = [word for word in options if word != "--set-python"]
    with instance(tmp_path, files):
        assert call("verify", *command).code == 0
        moved = call("migrate", "--dry-run", "--verify", *options)
    for name, path in asked.items():
        host = {"cern": "registry.cern.ch", "ghcr.io": name}.get(
            name, f"{name}.example.org"
        )
        assert f"/v2/{path}" in paths(found[host])
        repository, _, tag = path.partition("/manifests/")
        assert (
            f"+FROM {host}/{repository}:{tag}\n" in moved.out or options[0] == "--for"
        )


COPY = ("--copy", f"docker.io/inveniosoftware=harbor.example.org/{'own/' * 9}x")
NEXT = {
    "the image": (NINE, (), "migrate"),
    "the Python, too": (site("13.1.2", "3.12", HUB), (), "migrate --set-python"),
    "only the registry knows": (site("9.1.7", "3.7", C7_37), (), "migrate --verify"),
    "asked for by name": (NINE, ("--to", "same"), "migrate --to same"),
    "another release": (
        site("13.1.2", "3.12", ALMA),
        ("--for", "14"),
        "migrate --for 14 --set-python",
    ),
    "a cache": ({"Dockerfile": "FROM redis:7\n"}, CACHE, f"migrate {' '.join(CACHE)}"),
    "a copy with a long name": (NINE, COPY, f"migrate {' '.join(COPY)}"),
    "what is left out": (NINE, ("--exclude", "*.yml"), "migrate --exclude '*.yml'"),
    "by hand": (site("9.1.7", "3.8", f"{HUB[:-1]}7"), (), "check"),
    "not in one step": (NINE, ("--for", "14"), "check --for 14"),
}


@pytest.mark.parametrize(("files", "options", "then"), rows(NEXT))
def test_what_is_to_be_typed_next_works(registries, tmp_path, files, options, then):
    found = registries(hub=EXISTS, cern=EXISTS, harbor=EXISTS)
    found["ghcr.io"] = found["docker.io"]
    with instance(tmp_path, files):
        ran = call("verify", *options)
        typed = ran.out.partition(":\n    ")[2].replace("\\\n", "").partition("\n")[0]
        typed = shlex.split(typed, comments=True)
        assert typed == shlex.split(f"invenio-cli registry {then}")
        if typed[2] == "migrate":
            assert call(*typed[2:], "--yes").out.startswith("--- Dockerfile\n")
            again = call("verify", *options)
            assert "every image exists, and `migrate` would change none" in again.out
    assert (ran.code, ran.err) == (0, "")


def test_what_stays_is_told_of_as_well(registries, tmp_path):
    registries(hub=EXISTS, cern=EXISTS, other=MISSING)
    files = {**NINE, "Dockerfile": f"FROM {HUB}\nFROM other.example.org/a:1\n"}
    with instance(tmp_path, files):
        said = words(call("verify"))
    assert "The move is safe today: invenio-cli registry migrate" in said
    assert "1 image is not available. Correct the name in Dockerfile:2." in said


def test_an_image_of_docker_hub_costs_no_pull(registries, tmp_path):
    pulls = {"ratelimit-limit": "100;w=1", "ratelimit-remaining": "98;w=1"}
    config = b'{"created": "2026-11-20T01:02:03Z"}'
    asked = registries(
        hub=EXISTS._replace(headers={**EXISTS.headers, **pulls}),
        cern=lambda one: Reply(200, {}, config) if "blobs" in one.path else EXISTS,
        harbor=EXISTS,
    )
    with instance(tmp_path, NINE):
        ran = call("verify")
    assert "Docker Hub: 98 of 100 pulls left; this check used none of them." in words(
        ran
    )
    assert "made 2026-11-20" in ran.out
    assert asked["docker.io"].methods() == ["HEAD"]
    # Nor does a cache of it.
    files = configure(
        build("harbor.example.org/hub/library/redis:7"), " ".join(CACHE)[2:]
    )
    files[".invenio"] = files[".invenio"].replace("mirror ", "mirrors = ")
    with instance(tmp_path / "b", files):
        assert call("verify").code == 0
    assert asked["harbor.example.org"].methods() == ["HEAD"]


def test_json(registries, tmp_path):
    registries(hub=EXISTS, cern=EXISTS)
    lines = (HUB, HUB, "inveniosoftware/$X", "my-site-base")
    files = {**NINE, "Dockerfile": "".join(f"FROM {line}\n" for line in lines)}
    with instance(tmp_path, files):
        now, becomes, unresolved, local = read(call("verify", "--format", "json"))
    assert (now["image"], now["digest"]) == (f"docker.io/{HUB}", DIGEST)
    assert (now["becomes"], now["same_digest"]) == (becomes["image"], True)
    assert now["used_by"] == [{"path": "Dockerfile", "line": line} for line in (1, 2)]
    assert becomes["image"] == CERN
    assert (unresolved["image"], unresolved["status"]) == (None, "unresolved")
    assert (local["status"], local["seconds"]) == ("local", None)


@pytest.mark.parametrize("to", ["auto", "same"])
def test_an_unknown_tag_is_not_asked_for(registries, tmp_path, to):
    asked = registries(hub=EXISTS, cern=EXISTS)
    files = {**NINE, **build("inveniosoftware/centos8-python:$V")}
    with instance(tmp_path, files):
        ran = call("verify", "--to", to)
        moved = call("migrate", "--to", to, "--verify", "--yes")
    assert (ran.code, moved.code) == (1, 1)
    assert "centos8-python:$V (its tag is unknown)" in words(ran)
    assert "its tag is" in words(moved)
    assert [one.asked for one in asked.values()] == [[], []]


def test_what_is_excluded_is_not_asked_for(registries, tmp_path):
    asked = registries(hub=EXISTS, cern=EXISTS, other=MISSING)
    files = {**NINE, "old/Dockerfile": "FROM other.example.org/a:1\n"}
    with instance(tmp_path, files):
        assert call("verify").code == 1
        assert call("verify", "--exclude", "old").code == 0
    assert len(asked["other.example.org"].asked) == 1


def test_a_helper_that_is_broken_is_said(registries, tmp_path, monkeypatch):
    registries(hub=Reply(401, {"WWW-Authenticate": "Basic x=y"}), cern=EXISTS)
    (tmp_path / "config.json").write_text('{"credsStore": "no/name"}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with instance(tmp_path, NINE):
        ran = call("verify")
        moved = call("migrate", "--verify", "--dry-run")
    assert "no/name" in words(ran)
    assert "no/name" in moved.err


# ---- migrate --verify -----------------------------------------------------------------


ONLY_WHAT_EXISTS_IS_WRITTEN = {
    "exists": (
        EXISTS,
        0,
        "CERN's registry has centos8-python:3.8. Same digest: identical image.",
    ),
    "another": (OTHER, 0, "CERN's registry has centos8-python:3.8. Written."),
    "no": (MISSING, 1, f"not changed: Dockerfile:1:6 {HUB}: {CERN}: "),
    "private": (Reply(401), 1, "private"),
    "silent": (SILENT, 2, "my-site: nothing written. registry.cern.ch: "),
}


@pytest.mark.parametrize(("cern", "code", "said"), rows(ONLY_WHAT_EXISTS_IS_WRITTEN))
def test_only_what_exists_is_written(registries, tmp_path, cern, code, said):
    registries(hub=EXISTS, cern=cern)
    with instance(tmp_path, NINE) as folder:
        ran = call("migrate", "--verify", "--yes")
        written = f"FROM {CERN}\n" in (folder / "Dockerfile").read_text()
    assert said in words(ran)
    assert (ran.code, written) == (code, code == 0)


def test_what_may_never_have_existed_is_written_when_it_does(registries, tmp_path):
    registries(hub=EXISTS, cern=EXISTS)
    with instance(tmp_path, site("9.1.7", "3.7", C7_37)) as folder:
        assert call("migrate", "--yes").code == 1
        assert call("migrate", "--verify", "--yes").code == 0
        assert f"FROM registry.cern.ch/{C7_37}\n" in (folder / "Dockerfile").read_text()


def test_each_image_is_written_or_left_by_itself(registries, tmp_path):
    registries(hub=EXISTS, harbor=unless("nginx", EXISTS))
    files = {"Dockerfile": "FROM redis:7\nFROM nginx:1\n"}
    with instance(tmp_path, files) as folder:
        assert call("migrate", "--verify", "--yes", *CACHE).code == 1
        text = (folder / "Dockerfile").read_text()
    assert text == "FROM harbor.example.org/hub/library/redis:7\nFROM nginx:1\n"
