# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The settings of a project, and the lines that are none."""

import datetime
import json

import pytest

from invenio_cli_registry.mirrors import Mirror
from invenio_cli_registry.project.configuration import (
    AcceptLine,
    Configuration,
    MirrorLine,
    read_configuration,
)
from invenio_cli_registry.project.manifests import load
from invenio_cli_registry.project.places import Place
from invenio_cli_registry.reference import Image

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
"""
PYPROJECT = """[tool.invenio-cli-registry]
preflight = "off"
mirrors = ["registry.cern.ch=harbor.example.org/cern"]
accept = '''
inveniosoftware/centos7-python:3.9 until 2027-03-01
'''
"""
CERN = Mirror("registry.cern.ch", "harbor.example.org/cern")
ACCEPTED = Image("docker.io", "inveniosoftware/centos7-python", "3.9")
DAY = datetime.date(2027, 3, 1)


def read(folder, name, text):
    (folder / name).write_text(text)
    return read_configuration(load(folder, "."))


def test_in_invenio(tmp_path):
    assert read(tmp_path, ".invenio", INVENIO) == Configuration(
        preflight="fail",
        mirrors=(
            MirrorLine(CERN, Place(".invenio", 7, 5)),
            MirrorLine(
                Mirror("docker.io", "harbor.example.org:8443/hub"),
                Place(".invenio", 8, 5),
            ),
        ),
        copies=(
            MirrorLine(
                Mirror("docker.io/inveniosoftware", "registry.example.org/invenio"),
                Place(".invenio", 9, 10),
            ),
        ),
        accept=(AcceptLine(ACCEPTED, DAY, Place(".invenio", 11, 5)),),
    )


def test_in_pyproject(tmp_path):
    # The value of `accept` begins with a line break, so it is not found inside quotes.
    assert read(tmp_path, "pyproject.toml", PYPROJECT) == Configuration(
        preflight="off",
        mirrors=(MirrorLine(CERN, Place("pyproject.toml", 3, 13)),),
        accept=(AcceptLine(ACCEPTED, DAY, Place("pyproject.toml", 0, 1)),),
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[cli]\nflavour = RDM\n", id="no-section"),
        pytest.param("[registry]\n", id="empty-section"),
        pytest.param("[registry]\nmirrors =\naccept =\n", id="empty-values"),
        pytest.param("[DEFAULT]\nx = 1\n[registry]\n", id="defaults-are-no-settings"),
        pytest.param("[Registry]\nmirrors = x\n", id="another-section"),
    ],
)
def test_nothing_set(tmp_path, text):
    assert read(tmp_path, ".invenio", text) == Configuration()


@pytest.mark.parametrize(
    ("lines", "line", "message"),
    [
        pytest.param(
            "preflight = stop", 2, "preflight: 'stop' is none of warn, fail, off",
            id="preflight",
        ),
        pytest.param(
            "mirrors =\n  docker.io=h.org/hub\n  docker.io", 4,
            "mirrors: 'docker.io' has no '=': write UPSTREAM=HOST[:PORT]/PATH, "
            "as in docker.io=harbor.example.org/hub",
            id="mirror",
        ),
        pytest.param(
            "copies = docker.io=registry.example.org", 2,
            "copies: 'registry.example.org' has no path: write UPSTREAM=HOST[:PORT]/PATH, "
            "as in docker.io=harbor.example.org/hub",
            id="copy",
        ),
        pytest.param(
            "accept = inveniosoftware/x:1", 2,
            "accept: 'inveniosoftware/x:1': write IMAGE until YYYY-MM-DD",
            id="no-day",
        ),
        pytest.param(
            "accept = inveniosoftware/x:1 until 2027-02-30", 2,
            "accept: 'inveniosoftware/x:1 until 2027-02-30': day is out of range for "
            "month; write IMAGE until YYYY-MM-DD",
            id="no-such-day",
        ),
        pytest.param(
            "accept = X:1 until 2027-02-03", 2,
            "accept: 'X:1 until 2027-02-03': 'X' is no repository name; "
            "write IMAGE until YYYY-MM-DD",
            id="no-image",
        ),
        pytest.param(
            "mirors = docker.io=h.org/hub", 2,
            "mirors: no setting: preflight, mirrors, copies, accept are",
            id="misspelt",
        ),
    ],
)  # fmt: skip
def test_lines_that_are_none(tmp_path, lines, line, message):
    found = read(tmp_path, ".invenio", f"[registry]\n{lines}\n")
    assert [tuple(one) for one in found.problems] == [
        (".invenio", line, f"[registry] {message}", True)
    ]


def test_the_good_lines_beside_a_bad_one_count(tmp_path):
    text = "[registry]\nmirrors =\n  nonsense\n  registry.cern.ch=harbor.example.org/cern\n"
    found = read(tmp_path, ".invenio", text)
    assert [line.mirror for line in found.mirrors] == [CERN]


def test_a_number_in_pyproject(tmp_path):
    found = read(
        tmp_path, "pyproject.toml", "[tool.invenio-cli-registry]\npreflight = 1\n"
    )
    assert found.problems[0].message == (
        "[registry] preflight: '1' is none of warn, fail, off"
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("0x" + "f" * 5000, "'<int>'", id="a number too long to be shown"),
        pytest.param("[" + "1, " * 99 + "]", "'1'", id="a list of numbers"),
        pytest.param(
            "[[" + "1, " * 99 + "]]", f"'[{'1, ' * 26}1'", id="a list of them"
        ),
        pytest.param("[" * 300 + "]" * 300, f"'{'[' * 80}'", id="nested"),
    ],
)
def test_what_is_no_line_is_shown_in_short(tmp_path, value, shown):
    text = f"[tool.invenio-cli-registry]\nmirrors = {value}\n"
    found = read(tmp_path, "pyproject.toml", text)
    assert found.problems[0].message.startswith(f"[registry] mirrors: {shown} ")


@pytest.mark.parametrize("name", [".invenio", "pyproject.toml"])
def test_nobody_has_more_than_a_thousand_lines(tmp_path, name):
    lines = [f"a{number}.org=b.org/c" for number in range(1, 9_000)]
    text = "[registry]\nmirrors =\n " + "\n ".join(lines)
    if name == "pyproject.toml":
        text = f"[tool.invenio-cli-registry]\nmirrors = {json.dumps(lines, indent=1)}"
    found = read(tmp_path, name, text)
    assert [line.mirror.upstream for line in found.mirrors][-1] == "a1000.org"
    (problem,) = found.problems
    assert (
        problem.message == "[registry] mirrors: line 1001, and with it no more are read"
    )
    # Where one of so many stands in TOML would take too long to find out.
    assert problem.line == (1003 if name == ".invenio" else 0)
    assert problem.fatal


def test_a_table_that_is_not_read_is_named(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    found = read(tmp_path, ".invenio", "[cli]\nflavour = RDM\n")
    assert found == Configuration(problems=found.problems)
    assert found.problems[0].fatal
    assert "is not read beside an .invenio" in found.problems[0].message


def test_no_line_rather_than_a_wrong_one(tmp_path, mocker):
    mocker.patch(
        "invenio_cli_registry.project.configuration.find_entries",
        return_value={},
    )
    found = read(tmp_path, ".invenio", INVENIO)
    assert {line.place for line in found.mirrors} == {Place(".invenio", 0, 1)}
