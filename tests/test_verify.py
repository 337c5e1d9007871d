# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``verify`` and ``migrate --verify``, against registries on loopback."""

import json
import pkgutil

import jsonschema
import pytest

from invenio_cli_registry import cli
from invenio_cli_registry.advice.words import copy_commands
from invenio_cli_registry.availability import asking, client
from invenio_cli_registry.reference import parse

from .instances import build, configure, inspect_instance, instance, rdm
from .registries import DIGEST, EXISTS, MISSING, Reply, serve
from .test_cli import CERN, HUB, run

COPY = "docker.io/inveniosoftware=registry.example.org/invenio"
V9 = {**rdm("9.1.7", "3.8"), **build(HUB)}
OTHER = EXISTS._replace(headers={"Docker-Content-Digest": "sha256:" + "d" * 64})
PULLS = {"ratelimit-limit": "100;w=1", "ratelimit-remaining": "98;w=1"}


@pytest.fixture
def registries(monkeypatch, tmp_path):
    """Return what runs registries under real names: Docker Hub, CERN's, and any other."""
    monkeypatch.setattr(client, "_BACKOFF", ())
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "nowhere"))
    running = []

    def start(**answers):
        addresses = {}
        for name, answer in answers.items():
            server = serve(answer)
            registry = server.__enter__()
            running.append(server)
            host = {"hub": "docker.io", "cern": "registry.cern.ch"}.get(
                name, f"{name}.example.org"
            )
            addresses[host] = registry
        real = asking.address_of
        monkeypatch.setattr(
            asking,
            "address_of",
            lambda host, options: (
                addresses[host].url if host in addresses else real(host, options)
            ),
        )
        return addresses

    yield start
    for server in running:
        server.__exit__(None, None, None)


def words(done):
    return " ".join(done.stdout.split())


def test_cern_has_the_image(registries, tmp_path):
    asked = registries(
        hub=EXISTS._replace(headers={**EXISTS.headers, **PULLS}), cern=EXISTS
    )
    with instance(tmp_path, V9):
        done = run("verify")
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert (
        lines[0] == "my-site: CERN's registry has your image. `migrate` is safe today."
    )
    assert lines[1].split()[:4] == ["now", HUB, "exists", "0.0"]
    assert lines[2].split()[:3] == ["becomes", f"registry.cern.ch/{HUB}", "exists"]
    assert lines[3] == "           same digest: the same image to the byte"
    assert lines[4] == "  Docker Hub: 98 of 100 pulls left; HEAD is free."
    # When it was made is asked of CERN only: of Docker Hub it would cost a pull.
    assert asked["docker.io"].methods() == ["HEAD"]


def test_another_image_under_the_same_name(registries, tmp_path):
    registries(hub=EXISTS, cern=OTHER)
    with instance(tmp_path, V9):
        done = run("verify")
    assert "another digest: not the same bytes" in done.stdout


def test_cern_does_not_have_it(registries, tmp_path):
    registries(hub=EXISTS, cern=MISSING)
    with instance(tmp_path, V9):
        done = run("verify")
    assert done.exit_code == 1
    assert words(done).startswith(
        "my-site: CERN's registry does NOT have your image. Do not migrate; copy it while "
        "it can be had: skopeo copy --all docker://docker.io/inveniosoftware/centos8-python:3.8"
    )
    assert "migrate \\ --copy docker.io/inveniosoftware=YOUR.REGISTRY/invenio" in words(
        done
    )


def test_nobody_has_it(registries, tmp_path):
    registries(hub=MISSING, cern=Reply(401))
    with instance(tmp_path, V9):
        done = run("verify")
    assert done.exit_code == 1
    assert "`docker save` them now" in words(done)
    assert "private" in done.stdout


def test_the_old_one_gave_no_answer(registries, tmp_path):
    registries(hub=Reply(503), cern=MISSING)
    with instance(tmp_path, V9):
        done = run("verify")
    assert done.exit_code == 2
    assert "the registry of the old one gave no answer. Do not migrate" in words(done)
    assert "docker save" not in done.stdout
    assert "skopeo" not in done.stdout


def test_one_can_be_copied_and_one_is_nowhere(registries, tmp_path):
    registries(
        hub=lambda asked: EXISTS if "3.8" in asked.path else MISSING, cern=MISSING
    )
    files = {
        **V9,
        "Dockerfile": f"FROM {HUB}\nFROM inveniosoftware/centos7-python:3.6\n",
    }
    with instance(tmp_path, files):
        done = run("verify", "--to", "same")
    assert done.exit_code == 1
    assert "copy what can be had, and `docker save` the rest:" in words(done)
    assert words(done).count("skopeo copy") == 1


def test_what_is_there_needs_no_copy(registries, tmp_path):
    there = "inveniosoftware/centos7-python:3.6"
    registries(
        hub=lambda asked: EXISTS if "3.8" in asked.path else MISSING,
        cern=lambda asked: MISSING if "3.8" in asked.path else EXISTS,
    )
    files = {**V9, "Dockerfile": f"FROM {HUB}\nFROM {there}\n"}
    with instance(tmp_path, files):
        done = run("verify", "--to", "same")
    assert done.exit_code == 1
    assert "Do not migrate; copy it while it can be had:" in words(done)
    (advised,) = [line for line in done.stdout.splitlines() if "skopeo" in line]
    assert HUB in advised


def test_no_answer(registries, tmp_path):
    registries(hub=EXISTS, cern=Reply(503))
    with instance(tmp_path, V9):
        done = run("verify", "--timeout", "2")
    assert done.exit_code == 2
    assert "gave no answer. Ask again before you migrate." in words(done)
    assert "answered 503" in done.stdout


@pytest.mark.parametrize(
    ("answers", "code", "said"),
    [
        pytest.param(
            {"one": EXISTS, "two": EXISTS},
            0,
            "every image exists. 2 other images exist (--all).",
            id="all",
        ),
        pytest.param(
            {"one": EXISTS, "two": MISSING}, 1, "1 image cannot be had.", id="missing"
        ),
        pytest.param(
            {"one": Reply(429, {"Retry-After": "99"}), "two": MISSING},
            2,
            "no answer for 1 image.",
            id="limited",
        ),
    ],
)
def test_images_that_stay(registries, tmp_path, answers, code, said):
    registries(**answers)
    text = "FROM one.example.org/a:1\nCOPY --from=two.example.org/b:1 x y\nFROM one.example.org/a:1\n"
    with instance(tmp_path, {"Dockerfile": text}):
        done = run("verify")
        every = run("verify", "--all")
    assert (done.exit_code, every.exit_code) == (code, code)
    assert said in words(done)
    assert "one.example.org/a:1" in every.stdout


def test_nothing_to_ask_for(tmp_path):
    files = {
        **rdm("9.1.7"),
        "Dockerfile": "FROM my-site-base\nFROM inveniosoftware/$X\nFROM $Y\n",
    }
    with instance(tmp_path, files):
        done = run("verify")
        every = run("verify", "--all")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == "my-site: no image to ask for."
    assert "not asked: inveniosoftware/$X (unresolved)" in done.stdout
    assert "$Y" not in done.stdout
    assert "not asked: $Y (unresolved)" in every.stdout


def check_json(done):
    data = json.loads(done.stdout)
    schema = pkgutil.get_data("invenio_cli_registry.report", "verify.schema.json")
    jsonschema.validate(data, json.loads(schema))
    return data["images"]


@pytest.mark.parametrize("to", ["auto", "same"])
def test_a_tag_that_nobody_knows_is_not_asked_for(registries, tmp_path, to):
    asked = registries(hub=EXISTS, cern=EXISTS)
    with instance(tmp_path, {**V9, **build("inveniosoftware/centos8-python:$V")}):
        done = run("verify", "--to", to)
        (one,) = check_json(run("verify", "--to", to, "--format", "json"))
    assert done.exit_code == 1
    assert "centos8-python:$V (its tag is not known)" in words(done)
    assert (one["image"], one["status"]) == (None, "unresolved")
    assert [registry.asked for registry in asked.values()] == [[], []]


def test_verify_asks_for_what_migrate_would_write(registries, tmp_path):
    """Also through a cache, and for images that are none of the organisation's."""
    asked = registries(hub=EXISTS, harbor=EXISTS)
    mirror = ("--mirror", "docker.io=harbor.example.org/hub")
    with instance(tmp_path, {"Dockerfile": "FROM redis:7\n"}):
        done = run("verify", *mirror)
        moved = run("migrate", "--dry-run", *mirror)
    assert done.exit_code == 0
    assert "becomes  harbor.example.org/hub/library/redis:7  exists" in done.stdout
    assert "+FROM harbor.example.org/hub/library/redis:7\n" in moved.stdout
    (one,) = asked["harbor.example.org"].asked
    assert one.path == "/v2/hub/library/redis/manifests/7"


def test_an_image_that_is_there_and_becomes_another_one(registries, tmp_path):
    harbor = f"harbor.example.org/cern/{HUB}"
    registries(hub=EXISTS, harbor=EXISTS, cern=EXISTS)
    files = {**V9, "Dockerfile": f"FROM {HUB}\nFROM {CERN}\n"}
    mirror = "registry.cern.ch=harbor.example.org/cern"
    with instance(tmp_path, files):
        there = check_json(run("verify", "--format", "json"))
        moved = check_json(run("verify", "--format", "json", "--mirror", mirror))
    becomes = {one["image"]: (one["becomes"], len(one["used_by"])) for one in there}
    assert becomes == {f"docker.io/{HUB}": (CERN, 1), CERN: (None, 2)}
    becomes = {one["image"]: one["becomes"] for one in moved}
    assert becomes == {f"docker.io/{HUB}": harbor, CERN: harbor, harbor: None}


def test_json_says_the_date_and_no_answer(registries, tmp_path):
    config = b'{"created": "2026-11-20T01:02:03Z"}'
    registries(
        hub=Reply(429, {"Retry-After": "99"}),
        cern=lambda asked: Reply(200, {}, config) if "blobs" in asked.path else EXISTS,
    )
    with instance(tmp_path, V9):
        done = run("verify", "--format", "json")
        text = run("verify")
    was, becomes = check_json(done)
    assert done.exit_code == 2
    assert (was["status"], was["digest"], was["same_digest"]) == (
        "rate-limited",
        None,
        None,
    )
    assert becomes["created"] == "2026-11-20T01:02:03+00:00"
    assert "made 2026-11-20" in text.stdout
    assert "it asks to wait 99 s" in text.stdout


def test_json_keeps_to_its_schema(registries, tmp_path):
    registries(hub=EXISTS, cern=EXISTS)
    files = {
        **V9,
        "Dockerfile": f"FROM {HUB}\nFROM {HUB}\nFROM inveniosoftware/$X\nFROM my-site-base\n",
    }
    with instance(tmp_path, files):
        done = run("verify", "--format", "json")
    now, becomes, unresolved, local = check_json(done)
    assert (now["image"], now["status"], now["digest"]) == (
        f"docker.io/{HUB}",
        "exists",
        DIGEST,
    )
    assert (now["becomes"], now["same_digest"]) == (becomes["image"], True)
    assert now["used_by"] == [
        {"path": "Dockerfile", "line": 1},
        {"path": "Dockerfile", "line": 2},
    ]
    assert becomes["image"] == f"registry.cern.ch/{HUB}"
    assert (unresolved["image"], unresolved["status"]) == (None, "unresolved")
    assert (local["image"], local["status"], local["seconds"]) == (
        "docker.io/library/my-site-base:latest",
        "local",
        None,
    )


def test_what_it_would_become_by_name(registries, tmp_path):
    asked = registries(hub=EXISTS, cern=EXISTS)
    with instance(tmp_path, V9):
        done = run("verify", "--to", "almalinux")
        refused = run("verify", "--to", "debian")
    assert "registry.cern.ch/inveniosoftware/almalinux:1" in done.stdout
    assert "/v2/inveniosoftware/almalinux/manifests/1" in [
        one.path for one in asked["registry.cern.ch"].asked
    ]
    assert refused.exit_code == 1
    assert "InvenioRDM 14" in words(refused)


def test_through_a_cache_or_to_a_copy(registries, tmp_path):
    asked = registries(hub=EXISTS, registry=EXISTS, harbor=EXISTS)
    with instance(tmp_path, V9):
        copied = run("verify", "--copy", COPY)
        cached = run("verify", "--mirror", "registry.cern.ch=harbor.example.org/cern")
    assert (copied.exit_code, cached.exit_code) == (0, 0)
    assert (
        asked["registry.example.org"].asked[0].path
        == "/v2/invenio/centos8-python/manifests/3.8"
    )
    assert (
        asked["harbor.example.org"].asked[0].path
        == f"/v2/cern/{HUB.replace(':', '/manifests/')}"
    )


def test_a_cache_of_docker_hub_is_not_asked_for_dates(registries, tmp_path):
    asked = registries(harbor=EXISTS)
    files = configure(
        {**V9, "Dockerfile": "FROM harbor.example.org/hub/library/redis:7\n"},
        "mirrors = docker.io=harbor.example.org/hub",
    )
    with instance(tmp_path, files):
        assert run("verify").exit_code == 0
    assert asked["harbor.example.org"].methods() == ["HEAD"]


def test_a_plain_registry_by_request_and_through_a_proxy(
    registries, tmp_path, monkeypatch
):
    """The proxy stands for the registry: no name on loopback is another machine's."""
    login = {"auths": {"plain.example.org:5000": {"auth": "dTpw"}}}
    (tmp_path / "config.json").write_text(json.dumps(login))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    registries()
    wants = Reply(401, {"WWW-Authenticate": "Basic realm=x"})
    files = {"Dockerfile": "FROM plain.example.org:5000/a/b:1\n"}
    with serve([wants]) as proxy, instance(tmp_path / "site", files):
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url)
            monkeypatch.setenv(name.upper(), proxy.url)
        secure = run("verify")
        plain = run("verify", "--insecure", "plain.example.org:5000")
    # Without the word it is HTTPS: a tunnel is asked for, and not given.
    assert (secure.exit_code, "the proxy did not answer" in secure.stdout) == (2, True)
    assert (plain.exit_code, "private" in plain.stdout) == (1, True)
    (asked,) = [one for one in proxy.asked if one.method == "HEAD"]
    assert asked.path == "http://plain.example.org:5000/v2/a/b/manifests/1"
    assert "Authorization" not in asked.headers


def test_a_proxy_is_not_asked_for_this_machine(registries, tmp_path, monkeypatch):
    registries()
    with serve(EXISTS) as registry, serve(MISSING) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        with instance(tmp_path, {"Dockerfile": f"FROM {registry.host}/a:1\n"}):
            assert run("verify").exit_code == 0
    assert proxy.asked == []


def test_what_is_excluded_is_not_asked_for(registries, tmp_path):
    asked = registries(hub=EXISTS, cern=EXISTS, other=MISSING)
    files = {**V9, "old/Dockerfile": "FROM other.example.org/a:1\n"}
    with instance(tmp_path, files):
        assert run("verify").exit_code == 1
        assert run("verify", "--exclude", "old").exit_code == 0
    assert len(asked["other.example.org"].asked) == 1


def test_the_time_is_kept(registries, tmp_path):
    registries(hub=EXISTS, cern=EXISTS._replace(delay=2))
    with instance(tmp_path, V9):
        done = run("verify", "--timeout", "0.3")
    assert done.exit_code == 2
    assert "no answer in 0.3 s" in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param(("--timeout", "0"), "--timeout", id="no-time"),
        pytest.param(("--mirror", "docker.io"), "--mirror", id="no-mirror"),
        pytest.param(("--copy", "=x"), "--copy", id="no-copy"),
        pytest.param(("--to", "ubuntu"), "--to", id="no-target"),
        pytest.param(("--format", "xml"), "--format", id="no-format"),
    ],
)
def test_what_is_no_option_is_named(options, said):
    done = run("verify", *options)
    assert done.exit_code == 2
    assert said in done.stderr


def test_progress_on_a_terminal_only(monkeypatch, capsys):
    cli._show_progress(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(cli.sys.stderr, "isatty", lambda: True, raising=False)
    cli._show_progress(1, 2)
    cli._show_progress(2, 2)
    shown = capsys.readouterr().err
    assert "1 of 2 images" in shown
    assert shown.endswith("\r\x1b[K")


def test_a_broken_helper_is_reported(registries, tmp_path, monkeypatch):
    registries(hub=Reply(401, {"WWW-Authenticate": "Basic x=y"}), cern=EXISTS)
    (tmp_path / "config.json").write_text('{"credsStore": "no/name"}')
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with instance(tmp_path, V9):
        done = run("verify")
        moved = run("migrate", "--verify", "--dry-run")
    assert "was not called" in words(done)
    assert "was not called" in " ".join(moved.stderr.split())


def test_what_was_not_read_is_said(registries, tmp_path):
    registries(hub=EXISTS, cern=EXISTS)
    with instance(tmp_path, {**V9, "docker-compose.yml": "a: ["}):
        done = run("verify")
    assert done.exit_code == 2
    assert "docker-compose.yml:1  not YAML" in done.stdout


# migrate --verify


def test_what_exists_is_written(registries, tmp_path):
    registries(hub=EXISTS, cern=EXISTS)
    with instance(tmp_path, V9) as folder:
        done = run("migrate", "--verify", "--yes")
        text = (folder / "Dockerfile").read_text()
    assert done.exit_code == 0
    assert f"FROM registry.cern.ch/{HUB}\n" in text
    assert (
        "CERN's registry has centos8-python:3.8, same digest: the same image to the byte."
        in words(done)
    )


def test_another_digest_is_not_called_the_same(registries, tmp_path):
    registries(hub=Reply(503), cern=EXISTS)
    with instance(tmp_path, V9):
        done = run("migrate", "--verify", "--dry-run")
    assert "CERN's registry has centos8-python:3.8." in words(done)


@pytest.mark.parametrize(
    ("cern", "code", "said"),
    [
        pytest.param(MISSING, 1, "the registry does not have it", id="missing"),
        pytest.param(Reply(401), 1, "private, or missing", id="private"),
        pytest.param(
            Reply(503),
            2,
            "nothing written, no answer for registry.cern.ch/",
            id="silent",
        ),
    ],
)
def test_what_does_not_exist_is_not_written(registries, tmp_path, cern, code, said):
    registries(hub=EXISTS, cern=cern)
    with instance(tmp_path, V9) as folder:
        done = run("migrate", "--verify", "--yes")
        assert (folder / "Dockerfile").read_text() == V9["Dockerfile"]
    assert done.exit_code == code
    assert said in " ".join(done.stderr.split())


def test_a_tag_that_nobody_knows_is_not_written_on_nobodys_word(registries, tmp_path):
    registries(hub=EXISTS, cern=EXISTS)
    files = {**V9, **build("inveniosoftware/centos8-python:$V")}
    with instance(tmp_path, files) as folder:
        done = run("migrate", "--to", "same", "--verify", "--yes")
        assert (folder / "Dockerfile").read_text() == files["Dockerfile"]
    assert done.exit_code == 1
    assert "its tag is not known" in " ".join(done.stderr.split())


def test_an_image_that_may_never_have_existed_is_written_when_it_does(
    registries, tmp_path
):
    registries(hub=EXISTS, cern=EXISTS)
    files = {**rdm("9.1.7", "3.7"), **build("inveniosoftware/centos7-python:3.7")}
    with instance(tmp_path, files) as folder:
        assert run("migrate", "--yes").exit_code == 1
        assert run("migrate", "--verify", "--yes").exit_code == 0
        assert (
            "registry.cern.ch/inveniosoftware/centos7-python:3.7"
            in (folder / "Dockerfile").read_text()
        )


def test_every_image_of_a_cache_is_asked_for(registries, tmp_path):
    registries(
        hub=EXISTS, harbor=lambda asked: EXISTS if "redis" in asked.path else MISSING
    )
    files = {"Dockerfile": "FROM redis:7\nFROM nginx:1\n"}
    with instance(tmp_path, files) as folder:
        done = run(
            "migrate",
            "--verify",
            "--yes",
            "--mirror",
            "docker.io=harbor.example.org/hub",
        )
        text = (folder / "Dockerfile").read_text()
    assert text == "FROM harbor.example.org/hub/library/redis:7\nFROM nginx:1\n"
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        pytest.param(
            "quay.io/foo:1",
            [
                "skopeo copy --all docker://quay.io/foo:1 docker://YOUR.REGISTRY/invenio/foo:1",
                "invenio-cli registry migrate --copy quay.io=YOUR.REGISTRY/invenio",
            ],
            id="one-part",
        ),
        pytest.param(
            "quay.io/a/b/foo",
            [
                "skopeo copy --all docker://quay.io/a/b/foo:latest docker://YOUR.REGISTRY/invenio/foo:latest",
                "invenio-cli registry migrate --copy quay.io/a/b=YOUR.REGISTRY/invenio",
            ],
            id="three-parts",
        ),
    ],
)
def test_the_lines_that_make_a_copy_fit_each_other(tmp_path, name, lines):
    setting = inspect_instance(tmp_path, V9).setting
    commands = copy_commands(parse(name), setting)
    assert [
        " ".join(one.line.replace("\\\n", " ").split()) for one in commands
    ] == lines
