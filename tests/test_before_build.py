# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The check before a build: what it reads, what it says, when it stops the build."""

import os

import pytest

from invenio_cli_registry.preflight import VARIABLE, find_build_files, inspect_build

from .instances import build, configure, instance, rdm

HUB = "inveniosoftware/centos8-python:3.8"
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
COMPOSE = "services:\n  web:\n    build: .\n    image: my-site\n"
V9 = {**rdm("9.1.7", "3.8"), **build(HUB), "docker-compose.full.yml": COMPOSE}
V13 = {**rdm("13.1.2", "3.12"), **build(ALMA), "docker-compose.full.yml": COMPOSE}
FINE = {**rdm("13.1.2", "3.9"), **build(ALMA), "docker-compose.full.yml": COMPOSE}


def ask(tmp_path, files, **environ):
    with instance(tmp_path, files):
        return inspect_build(os.curdir, environ)


def test_an_image_on_docker_hub(tmp_path):
    notice = ask(tmp_path, V9)
    assert notice.text.splitlines() == [
        f"Registry: {HUB} lies on Docker Hub (Dockerfile:1).",
        "  Details: invenio-cli registry check   Mute: [registry] accept   Builds go on.",
    ]
    assert not notice.stop


def test_the_wrong_python(tmp_path):
    notice = ask(tmp_path, V13)
    first, second = notice.text.splitlines()
    assert first.startswith(
        "Registry: WRONG PYTHON (Dockerfile:1). Pipfile asks for 3.12"
    )
    assert second == "  Details: invenio-cli registry check   Builds go on."


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(FINE, id="fine"),
        pytest.param({**FINE, **rdm("12.0.19", "3.9")}, id="ended"),
        pytest.param(
            {**V9, "docker-compose.full.yml": "services: {}\n"}, id="builds-nothing"
        ),
        pytest.param({**rdm("9.1.7", "3.8"), **build(HUB)}, id="no-compose-file"),
        pytest.param(configure(V9, "preflight = off"), id="off"),
    ],
)
def test_nothing_to_say(tmp_path, files):
    assert ask(tmp_path, files) is None


@pytest.mark.parametrize(
    ("setting", "environ", "stops"),
    [
        pytest.param("fail", {}, True, id="fail"),
        pytest.param("warn", {}, False, id="warn"),
        pytest.param("off", {VARIABLE: "fail"}, True, id="environment-wins"),
        pytest.param("fail", {VARIABLE: "warn"}, False, id="environment-warns"),
    ],
)
def test_when_the_build_stops(tmp_path, setting, environ, stops):
    notice = ask(tmp_path, configure(V9, f"preflight = {setting}"), **environ)
    assert notice.stop is stops
    end = "The build stops here: preflight = fail." if stops else "Builds go on."
    assert notice.text.endswith(f"check   Mute: [registry] accept   {end}")


def test_the_environment_switches_it_off(tmp_path):
    assert ask(tmp_path, V9, **{VARIABLE: "off"}) is None


def test_an_unknown_value_is_said_and_warns(tmp_path):
    notice = ask(tmp_path, V9, **{VARIABLE: "no\x1b"})
    assert f"{VARIABLE}=no\\x1b is none of warn, fail, off." in notice.text
    assert HUB in notice.text
    assert not notice.stop


@pytest.mark.parametrize("files", [V9, FINE], ids=["impacted", "fine"])
def test_an_unknown_setting_is_said_and_warns(tmp_path, files):
    notice = ask(tmp_path, configure(files, "preflight = stop"))
    first, second, *_ = notice.text.splitlines()
    assert first == (
        "Registry: .invenio:6  [registry] preflight: 'stop' is none of warn, fail, off."
    )
    assert second.startswith("  It counts as warn.")
    assert not notice.stop
    notice = ask(tmp_path, configure(files, "preflight = stop"), **{VARIABLE: "warn"})
    assert notice is None or "none of" not in notice.text


def test_other_broken_settings_are_left_to_check(tmp_path):
    assert ask(tmp_path, configure(FINE, "accept = x", "mirrors = y")) is None


def test_each_finding_is_two_lines(tmp_path):
    files = {
        **V9,
        "Dockerfile": f"FROM {HUB}\nRUN yum install -y x\nRUN pipenv install --deploy\n",
        "b/Dockerfile": "FROM inveniosoftware/$X\n",
        "c/Dockerfile": "FROM python:3.8 # old\n",
        "docker-compose.full.yml": COMPOSE
        + "  b: {build: b}\n  c: {build: c}\n  d: {image: 'inveniosoftware/d:1'}\n",
    }
    lines = ask(tmp_path, files).text.splitlines()
    assert len(lines) == 6
    assert {line[:9] for line in lines[::2]} == {"Registry:"}
    assert {line[:37] for line in lines[1::2]} == {
        "  Details: invenio-cli registry check"
    }
    assert lines[-1].endswith("   Builds go on.")
    assert "docker-compose.full.yml:" in lines[2]


def test_fail_stops_on_images_and_pythons_only(tmp_path):
    yum = {**rdm("9.1.7", "3.8"), "docker-compose.full.yml": COMPOSE}
    text = "FROM registry.cern.ch/inveniosoftware/centos8-python:3.8\nRUN yum install -y x\nRUN pipenv install\n"
    notice = ask(tmp_path, {**configure(yum, "preflight = fail"), "Dockerfile": text})
    assert "Dockerfile:2 cannot work: yum install" in notice.text
    assert not notice.stop


def test_a_lock_for_another_python(tmp_path):
    notice = ask(tmp_path, {**FINE, **rdm("13.1.2", "3.9", lock_python="3.12")})
    assert "Pipfile.lock was made for 3.12" in notice.text


def test_no_from(tmp_path):
    notice = ask(tmp_path, {**V9, "Dockerfile": "RUN x\n"})
    assert notice.text.startswith(
        "Registry: no FROM (Dockerfile:1): it has no FROM line"
    )


def test_local_bases_and_what_is_extended_are_followed(tmp_path):
    files = {
        **rdm("9.1.7", "3.8"),
        "docker-compose.full.yml": "services:\n  a:\n    extends: {file: docker-services.yml, service: app}\n",
        "docker-services.yml": "services:\n  app:\n    build: {context: ., dockerfile: x/Dockerfile}\n",
        "x/Dockerfile": "FROM my-site-base\nRUN pipenv install --deploy\n",
        "x/Dockerfile.base": f"FROM {HUB}\n",
        "other/Dockerfile": "FROM inveniosoftware/centos7-python:3.6\n",
    }
    notice = ask(tmp_path, files)
    assert f"{HUB} lies on Docker Hub (x/Dockerfile.base:1)" in notice.text
    assert "3.6" not in notice.text


def test_nothing_outside_of_the_instance_is_read(tmp_path):
    files = {
        **V9,
        "docker-compose.full.yml": "services:\n  a: {build: ..}\n  b: {build: 'https://x.org/y.git'}\n  c: {extends: {file: ../c.yml, service: x}}\n",
    }
    with instance(tmp_path, files):
        (tmp_path / "Dockerfile").write_text(f"FROM {HUB}\n")
        (tmp_path / "c.yml").write_text("services: {x: {build: .}}\n")
        assert [one.path for one in find_build_files(os.curdir)] == [
            "docker-compose.full.yml"
        ]
        assert inspect_build(os.curdir, {}) is None


def test_a_compose_file_that_does_not_parse_is_left_to_the_build(tmp_path):
    assert ask(tmp_path, {**V9, "docker-compose.full.yml": "a: ["}) is None


def test_a_chain_of_files_has_an_end(tmp_path):
    chain = {
        f"c{n}.yml": f"services: {{a: {{extends: {{file: c{n + 1}.yml, service: a}}}}}}\n"
        for n in range(200)
    }
    files = {**V9, **chain, "docker-compose.full.yml": chain["c0.yml"]}
    with instance(tmp_path, files):
        assert len(find_build_files(os.curdir)) <= 60
