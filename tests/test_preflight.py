# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The check before a build: what it reads, what it says, when it stops the build."""

from __future__ import annotations

import os

import pytest

from invenio_cli_registry.preflight import VARIABLE, find_build, inspect_build

from .instances import TODAY, build, configure, instance, rdm

HUB = "inveniosoftware/centos8-python:3.8"
CERN = f"registry.cern.ch/{HUB}"
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
COMPOSE = "docker-compose.full.yml"
BUILD = {COMPOSE: "services:\n  web:\n    build: .\n    image: my-site\n"}
V9 = {**rdm("9.1.7", "3.8"), **build(HUB), **BUILD}
V13 = {**rdm("13.1.2", "3.12"), **build(ALMA), **BUILD}
FINE = {**rdm("13.1.2", "3.9"), **build(ALMA), **BUILD}
ON_HUB = f"registry: {HUB} is on Docker Hub and may be removed."
HINT = "          Run `invenio-cli registry check` for what to do."


def ask(tmp_path, files, **environ):
    with instance(tmp_path, files):
        return inspect_build(os.curdir, environ, TODAY)


def test_an_image_on_docker_hub(tmp_path):
    assert ask(tmp_path, V9) == (f"{ON_HUB}\n{HINT} The build continues.", False)


def test_the_wrong_python(tmp_path):
    text = ask(tmp_path, V13).text
    assert text.startswith("registry: ")
    assert "3.12" in text
    assert text.endswith("The build continues.")


COMPOSED = "services:\n  web:\n    build: {}\n"


@pytest.mark.parametrize(
    "files",
    [
        pytest.param(FINE, id="fine"),
        pytest.param({**FINE, **rdm("12.0.19", "3.9")}, id="end-of-life"),
        pytest.param({**V9, COMPOSE: "services: {}\n"}, id="builds-nothing"),
        pytest.param({**rdm("9.1.7", "3.8"), **build(HUB)}, id="no-compose-file"),
        pytest.param(configure(V9, "preflight = off"), id="off"),
        pytest.param(
            configure(V9, f"accept = {HUB} until 2027-03-01"), id="accepted-image"
        ),
        pytest.param(
            configure(V9, "accept = docker-hub until 2027-03-01"), id="accepted-rule"
        ),
        pytest.param({**FINE, "Dockerfile.old": f"FROM {HUB}\n"}, id="not-built"),
        pytest.param(
            {
                **FINE,
                "docker-compose.yml": COMPOSED.format("old"),
                "old/Dockerfile": f"FROM {HUB}\n",
            },
            id="built-by-another-compose-file",
        ),
        pytest.param({**V9, COMPOSE: "a: ["}, id="compose-file-is-broken"),
        pytest.param({}, id="no-instance"),
    ],
)
def test_nothing_to_say(tmp_path, files):
    assert ask(tmp_path, files) == ("", False)


@pytest.mark.parametrize(
    ("setting", "environ", "stops"),
    [
        pytest.param("fail", None, True, id="fail"),
        pytest.param("warn", None, False, id="warn"),
        pytest.param("off", "fail", True, id="environment-wins"),
        pytest.param("fail", "warn", False, id="environment-warns"),
    ],
)
def test_when_the_build_stops(tmp_path, setting, environ, stops):
    variables = {VARIABLE: environ} if environ else {}
    notice = ask(tmp_path, configure(V9, f"preflight = {setting}"), **variables)
    end = "" if stops else " The build continues."
    assert notice == (f"{ON_HUB}\n{HINT}{end}", stops)


def test_the_environment_switches_it_off(tmp_path):
    assert ask(tmp_path, V9, **{VARIABLE: "off"}) == ("", False)


@pytest.mark.parametrize("files", [V9, FINE], ids=["impacted", "fine"])
@pytest.mark.parametrize(
    ("lines", "environ", "said"),
    [
        pytest.param(
            (),
            {VARIABLE: "no\x1b"},
            f"{VARIABLE}=no\\x1b is not valid (warn, fail, off);",
            id="environment",
        ),
        pytest.param(
            ("preflight = stop",),
            {},
            ".invenio:6: preflight: 'stop' is not valid; use warn, fail, off",
            id="setting",
        ),
        pytest.param(
            ("preflihgt = fail",), {}, "did you mean preflight?", id="mistyped-key"
        ),
    ],
)
def test_a_wrong_setting_is_said_and_warns(tmp_path, files, lines, environ, said):
    notice = ask(tmp_path, configure(files, *lines), **environ)
    text = " ".join(notice.text.split())
    assert text.startswith("registry: ")
    assert said in text
    assert (ON_HUB in notice.text) is (files is V9)
    assert text.endswith("The build continues.")
    assert not notice.stop


#: What cannot be looked at, where ``fail`` promises that nothing slips through.
UNREAD = [
    pytest.param({COMPOSE: COMPOSED.format("$DIR")}, "$DIR", id="variable-in-context"),
    pytest.param(
        {COMPOSE: COMPOSED.format("{context: ., dockerfile: '$NAME'}")},
        "$NAME",
        id="variable-in-dockerfile",
    ),
    pytest.param(
        {"Dockerfile": f"FROM {ALMA}\n" + "# x\n" * (1 << 18)}, "1 MiB", id="large"
    ),
    pytest.param({"Dockerfile": f"FROM {ALMA}\n\0"}, "NUL", id="nul"),
    pytest.param({COMPOSE: COMPOSED.format("..")}, "..", id="outside"),
    pytest.param(
        {COMPOSE: COMPOSED.format("'https://x.org/y.git'")}, "x.org", id="remote"
    ),
    pytest.param({COMPOSE: "a: ["}, COMPOSE, id="compose-file-is-broken"),
    pytest.param(build("inveniosoftware/$X"), "X has no value", id="unknown-image"),
]


@pytest.mark.parametrize(("files", "said"), UNREAD)
def test_fail_stops_what_cannot_be_looked_at(tmp_path, files, said):
    files = {**FINE, **files}
    notice = ask(tmp_path, configure(files, "preflight = fail"))
    assert notice.stop
    assert said in notice.text
    assert ask(tmp_path / "warn", files) == ("", False)


def test_each_finding_is_said_and_the_end_once(tmp_path):
    files = {
        **V9,
        "Dockerfile": f"FROM {CERN}\nRUN yum install -y x\nRUN pipenv install --deploy\n",
        "b/Dockerfile": f"FROM {HUB}\nRUN pipenv install --deploy\n",
        COMPOSE: BUILD[COMPOSE] + "  b: {build: b}\n  d: {image: '" + HUB + "'}\n",
    }
    lines = ask(tmp_path, files).text.splitlines()
    assert lines.count(ON_HUB) == 1
    assert any("yum" in line for line in lines)
    assert sum("Run `invenio-cli registry check`" in line for line in lines) == 1
    assert max(map(len, lines)) <= 88
    assert {line[:10] for line in lines} == {"registry: ", " " * 10}


def test_local_bases_and_what_is_extended_are_followed(tmp_path):
    files = {
        **rdm("9.1.7", "3.8"),
        COMPOSE: "services:\n  a:\n    extends: {file: docker-services.yml, service: app}\n",
        "docker-services.yml": "services:\n  app:\n    build: {context: ., dockerfile: x/Dockerfile}\n",
        "x/Dockerfile": "FROM my-site-base\nRUN pipenv install --deploy\n",
        "x/Dockerfile.base": f"FROM {HUB}\n",
        "other/Dockerfile": "FROM inveniosoftware/centos7-python:3.6\n",
    }
    notice = ask(tmp_path, files)
    assert ON_HUB in notice.text
    assert "3.6" not in notice.text


def test_nothing_outside_of_the_instance_is_read(tmp_path):
    compose = (
        "services:\n  a: {build: ..}\n  c: {extends: {file: ../c.yml, service: x}}\n"
    )
    with instance(tmp_path, {**V9, COMPOSE: compose}):
        (tmp_path / "Dockerfile").write_text(f"FROM {HUB}\n")
        (tmp_path / "c.yml").write_text("services: {x: {build: .}}\n")
        assert [one.path for one in find_build(os.curdir)[0]] == [COMPOSE]
        assert inspect_build(os.curdir, {}, TODAY).text == ""


def test_a_circle_of_files_has_an_end(tmp_path):
    circle = {
        f"c{n}.yml": f"services: {{a: {{extends: {{file: c{(n + 1) % 200}.yml, service: a}}}}}}\n"
        for n in range(200)
    }
    with instance(tmp_path, {**V9, **circle, COMPOSE: circle["c0.yml"]}):
        assert len(find_build(os.curdir)[0]) == 201
