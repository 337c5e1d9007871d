# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``migrate`` would do to one project, before anybody is asked."""

from pathlib import Path

import pytest

from invenio_cli_registry import proposal
from invenio_cli_registry.errors import Refused, RegistryError
from invenio_cli_registry.moves import Request, choose_moves
from invenio_cli_registry.project.manifests import load
from invenio_cli_registry.proposal import propose

from .instances import build, inspect_instance, rdm
from .test_cli import ALMA, CERN, HUB

NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
PIN = Request("auto", set_python=True)


def propose_for(folder, files, request=Request()):  # noqa: B008 - it is a tuple
    found = inspect_instance(folder, files)
    moves = choose_moves(found.advice.findings, request, found.setting)
    return propose(found, load(folder / "my-site", "."), moves)


def test_the_bytes_before_and_after(tmp_path):
    text = build(HUB)["Dockerfile"]
    (change,) = propose_for(tmp_path, NINE).changes
    assert change == ("Dockerfile", text.encode(), text.replace(HUB, CERN).encode())


def test_what_was_moved(tmp_path):
    files = {**NINE, "x/Dockerfile": "FROM redis\n"}
    (move,) = propose_for(tmp_path, files).moved
    assert str(move.image) == CERN


def test_nothing_to_change(tmp_path):
    found = propose_for(tmp_path, {**rdm("13.1.2", "3.9"), **build(ALMA)})
    assert (found.changes, found.diff, found.left) == ((), "", ())


def test_every_file_that_changes_is_in_the_diff(tmp_path):
    files = {**rdm("13.1.2", "3.12"), **build(HUB), "b/Dockerfile": f"FROM {HUB}\n"}
    found = propose_for(tmp_path, files, PIN)
    assert [one.path for one in found.changes] == [
        "Dockerfile",
        "Pipfile",
        "b/Dockerfile",
    ]
    assert found.diff.count("\n+++ ") == 3
    assert found.moves.python == "3.9"


@pytest.mark.parametrize(
    "pin",
    [
        pytest.param('"python_version" = "3.1\\u0032"', id="escaped"),
        pytest.param(
            "python_full_version = '3.12.4'\npython_version = '3.12'", id="said twice"
        ),
    ],
)
def test_a_pin_that_cannot_be_set_holds_everything_back(tmp_path, pin):
    files = {**rdm("13.1.2", "3.12"), **build(HUB)}
    files["Pipfile"] = files["Pipfile"].replace('python_version = "3.12"', pin)
    found = propose_for(tmp_path, files, PIN)
    assert found.changes == ()
    assert [text.endswith("by hand") for text in found.refusals] == [True]


def test_a_pin_that_is_not_there_is_not_said_to_be_set(tmp_path):
    """The file does not parse, and that is said: what it asks for is not known."""
    files = {**rdm("13.1.2", "3.12"), **build(HUB), "Pipfile": "[requires"}
    found = propose_for(tmp_path, files, PIN)
    assert [one.path for one in found.changes] == ["Dockerfile"]
    assert found.moves.python is None


def test_what_would_read_otherwise_holds_everything_back(tmp_path, monkeypatch):
    def refuse(*args):
        raise Refused("Dockerfile:1:6: the changed file would read otherwise here")

    monkeypatch.setattr(proposal, "check_edits", refuse)
    found = propose_for(tmp_path, NINE)
    assert found.refusals == (
        "Dockerfile:1:6: the changed file would read otherwise here",
    )
    assert (found.changes, found.diff) == ((), "")


def test_errors_are_harmless_to_print():
    for kind, code in ((RegistryError, 2), (Refused, 1)):
        error = kind("a\x1b[31m")
        assert (error.format_message(), error.exit_code) == ("a\\x1b[31m", code)


def test_the_project_is_read_again_with_the_change(tmp_path):
    """A changed value is looked at wherever it is used."""
    files = {
        **rdm("9.1.7", "3.8"),
        "Dockerfile": f"ARG I={HUB}\nFROM $I AS a\nFROM $I\n",
        "compose.yml": f"services:\n  a: {{image: '{HUB}'}}\n",
    }
    found = propose_for(tmp_path, files)
    new = {one.path: one.new.decode() for one in found.changes}
    assert new == {name: files[name].replace(HUB, CERN) for name in new}
    assert sorted(new) == ["Dockerfile", "compose.yml"]
    assert Path(found.changes[0].path).name == "Dockerfile"
