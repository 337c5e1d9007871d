# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The settings of an instance: where they may be, what counts, which lines are wrong."""

import datetime
import json
import os
from pathlib import Path

import pytest

from invenio_cli_registry.image import Mirror
from invenio_cli_registry.instance.manifests import load
from invenio_cli_registry.instance.settings import MOST_LINES, VARIABLE, read_settings

INVENIO = """[cli]
flavour = RDM
[registry]
preflight = fail
mirrors =
    # Harbor passes through what the upstream has.
    registry.cern.ch=harbor.example.org/cern
    docker.io = harbor.example.org:8443/hub
copies = docker.io/inveniosoftware=registry.example.org/invenio
accept =
    inveniosoftware/centos7-python:3.9 until 2027-03-01
    end-of-life until 2027-03-02

    unresolved deploy/*.yml until 2027-03-03
fail-on = now
exclude = old/*
"""
PYPROJECT = """[project]
[tool.invenio-cli-registry]
preflight = "fail"
mirrors = [
    "registry.cern.ch=harbor.example.org/cern",
    "docker.io = harbor.example.org:8443/hub",
]
copies = ["docker.io/inveniosoftware=registry.example.org/invenio"]
accept = '''
inveniosoftware/centos7-python:3.9 until 2027-03-01
end-of-life until 2027-03-02
unresolved deploy/*.yml until 2027-03-03
'''
fail-on = "now"
exclude = ["old/*"]
"""
CERN = Mirror("registry.cern.ch", "harbor.example.org/cern")
HUB = Mirror("docker.io", "harbor.example.org:8443/hub")
COPY = Mirror("docker.io/inveniosoftware", "registry.example.org/invenio")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    return tmp_path


def write(name, text):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def read(folder="."):
    return read_settings(load(folder))


@pytest.mark.parametrize(
    ("name", "text", "lines"),
    [
        (".invenio", INVENIO, [4, 7, 8, 9, 11, 12, 14, 15, 16]),
        ("pyproject.toml", PYPROJECT, [3, 5, 6, 8, 10, 11, 12, 14, 15]),
        ("all.toml", PYPROJECT.partition("registry]\n")[2], None),
    ],
)
def test_every_key_in_every_file(here, monkeypatch, name, text, lines):
    write(name, text)
    if lines is None:
        monkeypatch.setenv(VARIABLE, name)
    found = read()
    assert (found.preflight, found.fail_on, found.exclude) == (
        "fail",
        "now",
        ("old/*",),
    )
    assert (found.mirrors, found.copies) == ((CERN, HUB), (COPY,))
    assert [
        (one.rule, one.path, str(one.image or ""), one.until.day)
        for one in found.accept
    ] == [
        ("", None, "docker.io/inveniosoftware/centos7-python:3.9", 1),
        ("end-of-life", None, "", 2),
        ("unresolved", "deploy/*.yml", "", 3),
    ]
    assert found.accept[0].until == datetime.date(2027, 3, 1)
    assert found.problems == ()
    if lines:
        assert [one.span.line for one in found.origins] == lines
    assert all(one.span.text == one.text for one in found.origins)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[cli]\nflavour = RDM\n", id="no section"),
        pytest.param("[registry]\n", id="empty section"),
        pytest.param("[registry]\nmirrors =\naccept =\n", id="empty values"),
        pytest.param("[Registry]\nmirrors = x\n", id="another section"),
        pytest.param("# [registry]\n[cli]\nmirrors = x\n", id="a comment"),
    ],
)
def test_nothing_set(here, text):
    write(".invenio", text)
    assert read() == type(read())()


def test_nearer_keys_win_and_lists_add_up(here, monkeypatch):
    write(".git/x", "")
    write("all.toml", 'preflight = "off"\nfail-on = "never"\nexclude = ["d"]\n')
    write("pyproject.toml", '[tool.invenio-cli-registry]\nexclude = ["c"]\n')
    write(".invenio", "[registry]\npreflight = warn\nfail-on = plan\nexclude = b\n")
    write("sites/x/pyproject.toml", "[tool.invenio-cli-registry]\nexclude = 'a2'\n")
    write("sites/x/.invenio", "[registry]\npreflight = fail\nexclude = a1\n")
    monkeypatch.setenv(VARIABLE, "all.toml")
    found = read("sites/x")
    assert (found.preflight, found.fail_on) == ("fail", "plan")
    assert found.exclude == ("a1", "a2", "b", "c", "d")
    assert [one.span.at_line for one in found.origins if one.key == "fail-on"] == [
        ".invenio:3"
    ]
    monkeypatch.chdir("sites/x")
    monkeypatch.delenv(VARIABLE)
    assert {one.span.path for one in read().origins} == {
        ".invenio", "pyproject.toml", "../../.invenio", "../../pyproject.toml",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("folder", "pattern", "expected"),
    [(".", "old/*", "old/*"), ("a[1]", "old/", "a[[]1]/old"), ("a", "x", "x"), ("a", "**/x/y", "**/x/y")],
)  # fmt: skip
def test_patterns_are_relative_to_the_instance(here, folder, pattern, expected):
    write(f"{folder}/.invenio", f"[registry]\nexclude = {pattern}\n")
    assert read(folder).exclude == (expected,)
    whole = read(str(here / folder))
    assert whole.exclude == (expected,)


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        ("preflight = stop", 2, "preflight: 'stop' is not valid; use warn, fail, off"),
        ("fail-on = no", 2, "fail-on: 'no' is not valid; use now, soon, plan, never"),
        (
            "mirrors =\n  docker.io=h.org/hub\n  docker.io", 4,
            "mirrors: 'docker.io' has no '=': write UPSTREAM=HOST[:PORT]/PATH, "
            "as in docker.io=harbor.example.org/hub",
        ),
        ("accept = inveniosoftware/x:1", 2, "accept: 'inveniosoftware/x:1': write IMAGE, RULE or RULE PATH, then until YYYY-MM-DD"),
        (
            "accept = x/y:1 until 2027-02-30", 2,
            "accept: 'x/y:1 until 2027-02-30': day is out of range for month; "
            "write IMAGE, RULE or RULE PATH, then until YYYY-MM-DD",
        ),
        (
            "accept = X:1 until 2027-02-03", 2,
            "accept: 'X:1 until 2027-02-03': 'X' is no repository name; "
            "write IMAGE, RULE or RULE PATH, then until YYYY-MM-DD",
        ),
        (
            "accept = x/y:1 a.yml until 2027-02-03", 2,
            "accept: 'x/y:1 a.yml until 2027-02-03': a path follows a rule only; "
            "write IMAGE, RULE or RULE PATH, then until YYYY-MM-DD",
        ),
        ("mirors = docker.io=h.org/hub", 2, "mirors: not a setting; did you mean mirrors?"),
        ("fail_on = now", 2, "fail_on: not a setting; did you mean fail-on?"),
        ("zzz = 1", 2, "zzz: not a setting; use preflight, fail-on, mirrors, copies, accept, exclude"),
    ],
)  # fmt: skip
def test_lines_that_are_wrong(here, lines, line, message):
    write(".invenio", f"[registry]\n{lines}\n")
    found = [tuple(one) for one in read().problems]
    # How a wrong image is worded is the image's own affair.
    assert [(path, at, fatal) for path, at, _, fatal in found] == [(".invenio", line, True)]  # fmt: skip
    assert found[0][2].replace("is not a repository", "is no repository") == message


@pytest.mark.parametrize("key", ["mirrors", "copies"])
def test_a_placeholder_is_refused_by_name(here, key):
    write(".invenio", f"[registry]\n{key} = docker.io=YOUR.REGISTRY/hub\n")
    assert "YOUR.REGISTRY" in read().problems[0].message
    assert read()[1:3] == ((), ())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("accept = 1", "accept = 1", id="number"),
        pytest.param("accept = 0x" + "f" * 5000, "accept = 0x" + "f" * 49, id="long number"),
        pytest.param("  accept = 2.50\t# x", "accept = 2.50\t# x", id="remark"),
        pytest.param("accept = ['x until 2027-01-01', 1]", "accept = ['x until 2027-01-01', 1]", id="in a list"),
        pytest.param("accept = {a = 1}", "accept = {a = 1}", id="table"),
        pytest.param("[tool.invenio-cli-registry.accept]", "[tool.invenio-cli-registry.accept]", id="header"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_shown_as_written(here, value, shown):
    write("pyproject.toml", f"[tool.invenio-cli-registry]\n{value}\n")
    (problem,) = read().problems
    assert problem.line == 2
    assert problem.message == f"accept: {shown!r} is not text: write it in quotes"


def test_a_number_is_no_word_and_no_pattern(here):
    write("pyproject.toml", "[tool.invenio-cli-registry]\npreflight = 1\nexclude = 2\n")  # fmt: skip
    assert read().exclude == ()
    assert [one.message for one in read().problems] == [
        "preflight: 'preflight = 1' is not valid; use warn, fail, off",
        "exclude: 'exclude = 2' is not text: write it in quotes",
    ]


NONE_SET = [
    ("preflight", "warn", "default"),
    ("fail-on", "soon", "default"),
    ("mirrors", "none", "default"),
    ("copies", "none", "default"),
    ("accept", "none", "default"),
    ("exclude", "none", "default"),
]


def test_every_setting_is_shown_with_its_origin(here, monkeypatch):
    assert read().list_all() == NONE_SET
    write(".invenio", "[registry]\nfail-on = now\nexclude = a\n  b/*\npreflight = x\n")
    write("all.toml", "fail-on = 'never'\nexclude = ['c']\nmirrors = ['bad']\n")
    monkeypatch.setenv(VARIABLE, "all.toml")
    assert read().list_all() == [
        NONE_SET[0],
        ("fail-on", "now", ".invenio:2"),
        *NONE_SET[2:5],
        ("exclude", "a", ".invenio:3"),
        ("exclude", "b/*", ".invenio:4"),
        ("exclude", "c", "all.toml:2"),
    ]


@pytest.mark.parametrize("name", [".invenio", "pyproject.toml"])
def test_nobody_has_more_than_a_thousand_lines(here, name):
    lines = [f"a{number}.org=b.org/c" for number in range(1, 9_000)]
    text = "[registry]\nmirrors =\n " + "\n ".join(lines)
    if name == "pyproject.toml":
        text = f"[tool.invenio-cli-registry]\nmirrors = {json.dumps(lines, indent=1)}"
    write(name, text)
    found = read()
    assert found.mirrors[-1].upstream == f"a{MOST_LINES}.org"
    assert [(one.line, one.fatal) for one in found.problems] == [(MOST_LINES + 3, True)]


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        (".invenio", "[registry]\nx\n", 2, "not INI: [section] or key = value is expected"),
        ("pyproject.toml", "[tool.invenio-cli-registry\n", 1, "not TOML: "),
        ("pyproject.toml", "[project\n", None, ""),
        (".invenio", "[cli\n", None, ""),
    ],
)  # fmt: skip
def test_broken_files_above_are_told_when_they_hold_settings(
    here, name, text, line, message
):
    write(".git/x", "")
    write(name, text)
    write("s/.invenio", "[cli]\nflavour = RDM\n")
    found = [(one.path, one.line, one.message[: len(message)]) for one in read("s").problems]  # fmt: skip
    assert found == ([(name, line, message)] if line else [])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            "gone.toml",
            "No such file or directory: it was not read; INVENIO_CLI_REGISTRY_CONFIG names it",
        ),
        (".", "it is a folder"),
        ("bad.toml", "not TOML: "),
    ],
)
def test_a_configuration_that_cannot_be_read(here, monkeypatch, value, said):
    write("bad.toml", "x\n")
    monkeypatch.setenv(VARIABLE, value)
    (problem,) = read().problems
    assert (problem.path, problem.fatal) == (value, True)
    assert problem.message.startswith(said)
    monkeypatch.setenv(VARIABLE, os.devnull)
    assert read().problems[0].message.startswith("it is not a regular file")
    monkeypatch.setenv(VARIABLE, "")
    assert read().problems == ()
