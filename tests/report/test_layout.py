# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""How lines are wrapped, what is never cut, and commands that work when they are copied."""

from __future__ import annotations

import datetime
import json
import subprocess

import pytest

from invenio_cli_registry.model import Command, Problem
from invenio_cli_registry.report.layout import (
    Layout,
    command_lines,
    encode,
    problem_lines,
    stale_note,
    tie,
    wrap,
)

from ..tables import rows
from .records import TODAY, report


def paint(text, colour):
    return f"<{colour}>{text}</>"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("a b", ["- a b"]),
        ("aaaa bbbb cc", ["- aaaa", "  bbbb cc"]),
        ("a" * 12, ["- " + "a" * 12]),
        ("a-b-c-d-e-f-g", ["- a-b-c-d-e-f-g"]),
        ("a `b c d e f` g", ["- a", "  `b c d e f`", "  g"]),
        ("a `b c d e f g", ["- a `b c d", "  e f g"]),
        (f"{tie('b c d e f')}: g", ["- b c d e f:", "  g"]),
        ("a\nb", ["- a\\x0ab"]),
    ],
)
def test_wrap(text, lines):
    assert wrap(text, 10, "- ", "  ") == lines


PLAIN = Command(("invenio-cli", "registry", "migrate"), "in place")
LONG = Command(("skopeo", "copy", "--all", "docker://" + "a" * 30, "docker://b c"))


BEHIND = f"    {'<bold>invenio-cli registry migrate</>'.ljust(53)}# in place"
COMMANDS = {
    "remark behind": (PLAIN, 80, [BEHIND]),
    "remark below": (
        PLAIN,
        41,
        ["    <bold>invenio-cli registry migrate</>", "      # in place"],
    ),
    "on several lines": (
        LONG,
        60,
        [
            "    <bold>skopeo copy --all \\</>",
            "    <bold>  docker://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \\</>",
            "    <bold>  'docker://b c'</>",
        ],
    ),
    "in a folder": (
        Command(("make",), folder="a b"),
        80,
        ["    <bold>(cd 'a b' && make)</>"],
    ),
    "a line feed": (Command(("a", "x\ny")), 80, ["    <bold>a 'x\\x0ay'</>"]),
}


@pytest.mark.parametrize(("command", "width", "lines"), rows(COMMANDS))
def test_a_command(command, width, lines):
    assert command_lines(command, Layout(width, paint=paint)) == lines


@pytest.mark.parametrize("width", [20, 40, 60, 200])
@pytest.mark.parametrize("folder", ["", "/"])
def test_a_command_is_one_when_it_is_copied(tmp_path, width, folder):
    words = ("printf", "%s|", "a b", "c'd e f", "$x", "e" * 50, "")
    command = Command(words, "Pipfile:21  3.12 -> 3.9", folder)
    lines = command_lines(command, Layout(width))
    text = "\n".join(lines)
    there = {"shell": True, "cwd": tmp_path}
    done = subprocess.run(text, **there, capture_output=True, text=True)
    assert not [*tmp_path.iterdir()], "a remark is no redirection"
    assert done.stdout == "".join(f"{word}|" for word in words[2:])
    assert len(max(lines, key=len)) <= max(width, 50 + 8)


def test_a_problem_names_its_place():
    here = Problem(".", 0, "e")
    problems = [Problem("a b", 0, "c"), Problem("a b", 3, "d"), here]
    assert [*problem_lines(problems, Layout())] == [
        "Problems:",
        "  a b  c",
        "  a b:3  d",
        "  e",
    ]
    assert not [*problem_lines([], Layout())]


@pytest.mark.parametrize(("days", "old"), [(0, False), (180, False), (181, True)])
def test_facts_that_are_old(days, old):
    note = stale_note(report(catalogue=TODAY - datetime.timedelta(days=days)))
    assert bool(note) is old
    assert not old or f"{days} days old: run `pip install -U" in note


@pytest.mark.parametrize("text", ["##[error]x", "##vso[x]", "####", "\x1b\n::error::"])
def test_json_is_no_command_to_a_pipeline(text):
    data = encode([text])
    assert "##" not in data
    assert "\n::" not in data
    assert data.isascii()
    assert json.loads(data) == [text]
