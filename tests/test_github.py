# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Annotations: every line is one workflow command, and says what was found."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invenio_cli_registry.report.findings import SEVERITIES, Finding
from invenio_cli_registry.report.github import render_github
from invenio_cli_registry.report.rules import RULES
from invenio_cli_registry.terminal import printable

from .instances import build, rdm
from .reports import HOSTILE, find, find_hostile, find_in_example
from .test_cli import CERN, EXAMPLES, HUB

#: ``::name key=value,key=value::message``; what delimits is escaped in a value.
_COMMAND = re.compile(r"::(?P<name>\w+)(?: (?P<words>[^:\r\n]*))?::(?P<data>[^\r\n]*)")
_WORD = re.compile(r"(\w+)=([^,:]*)")
_ESCAPED = re.compile(r"%(25|0D|0A|3A|2C)")
_KEYS = ("file", "line", "col", "endColumn", "title")


class Command(NamedTuple):
    """A workflow command as the runner takes it."""

    name: str
    properties: dict[str, str]
    message: str


def parse(line: str) -> Command:
    """Read a line by the documented grammar; raise what is none of it."""
    found = _COMMAND.fullmatch(line)
    assert found, line
    words = [_WORD.fullmatch(word) for word in found["words"].split(",")]
    assert all(words), line
    return Command(
        found["name"],
        {word[1]: unescape(word[2], "25 0D 0A 3A 2C") for word in words},
        unescape(found["data"], "25 0D 0A"),
    )


def unescape(text: str, known: str) -> str:
    """Replace what is escaped; any other percent sign was not escaped, and must be."""
    escapes = set(re.findall("%.{0,2}", text))
    assert {escape[1:] for escape in escapes} <= set(known.split()), text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def parse_all(findings):
    text = render_github(findings)
    assert text == "" or text.endswith("\n")
    return [parse(line) for line in text.split("\n")[:-1]]


def test_a_finding_is_one_line(tmp_path):
    text = render_github(find(tmp_path, {**rdm("9.1.7", "3.8"), **build(HUB)}))
    assert text.split("\n")[0] == (
        "::warning file=my-site/Dockerfile,line=1,col=6,endColumn=40,"
        "title=invenio-cli-registry%3A The image lies on Docker Hub::"
        f"{HUB}: it lies on Docker Hub, with no promise to stay; CentOS 8 has had no "
        f"fixes since 2021-12-31. Becomes {CERN}"
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_finding_of_the_examples_is_said(name):
    found = find_in_example(name)
    commands = parse_all(found)
    assert [one.message for one in commands] == [one.message for one in found]
    assert [one.properties["file"] for one in commands] == [one.path for one in found]


@pytest.mark.parametrize(
    ("severity", "level"),
    list(zip(SEVERITIES, ("notice", "notice", "warning", "error"))),
)
def test_the_level_is_by_severity(severity, level):
    (command,) = parse_all([Finding("impacted", severity, "Dockerfile")])
    assert command.name == level


@pytest.mark.parametrize(
    ("place", "properties"),
    [
        pytest.param((7, None, None), {"line": "7"}, id="a line"),
        pytest.param((7, 1, None), {"line": "7", "col": "1"}, id="from a column on"),
        pytest.param(
            (7, 1, 9), {"line": "7", "col": "1", "endColumn": "9"}, id="a stretch"
        ),
    ],
)
def test_the_place(place, properties):
    (command,) = parse_all([Finding("ended", "info", "a/b", *place)])
    title = f"invenio-cli-registry: {RULES['ended'].title}"
    assert command.properties == {"file": "a/b", **properties, "title": title}


def test_nothing_found_is_nothing_said():
    assert render_github([]) == ""


def test_what_is_accepted_is_not_said():
    one = Finding("impacted", "major", "Dockerfile", sentence="x")
    borne = one._replace(accepted_until="2027-03-01")
    assert render_github([borne]) == ""
    assert render_github([borne, one]) == render_github([one]) != ""


@example(path="\r\n", sentence="\r\n", line=1)
@given(path=st.text(), sentence=st.text(), line=st.integers(1))
def test_whatever_is_said_is_read_again(path, sentence, line):
    finding = Finding("problem", "major", path, line, sentence=sentence)
    (command,) = parse_all([finding])
    assert command.message == sentence
    assert command.properties["file"] == printable(path)
    assert command.properties["line"] == str(line)
    assert tuple(command.properties) == ("file", "line", "title")


@pytest.mark.parametrize(
    "text",
    ["100%", "%0A", "%250A", "a,b=c", "a::b", "::error::x", "##[error]x", "\t", "ü😀"],
)
def test_what_looks_like_a_command_is_text(text):
    finding = Finding("problem", "major", text, 1, 1, 2, sentence=text)
    (command,) = parse_all([finding])
    assert (command.message, command.properties["file"]) == (text, printable(text))
    assert tuple(command.properties) == _KEYS


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_nothing_in_a_file_adds_a_command(tmp_path, text):
    found = find_hostile(tmp_path, text)
    lines = render_github(found)
    commands = parse_all(found)
    assert lines.count("\n") == len(lines.splitlines()) == len(commands) == len(found)
    assert lines.replace("\n", "").isprintable()
    assert {one.name for one in commands} == {"error", "warning", "notice"}
    assert {key for one in commands for key in one.properties} == set(_KEYS)


@pytest.mark.parametrize(
    "line",
    [
        "error file=a::x",
        "::error file=a:x",
        "::error file=a,b::x",
        "::error file=a%::x",
        "::error file=a::50%",
        "::error file=a::x\r",
    ],
)
def test_the_grammar_of_these_tests_is_strict(line):
    with pytest.raises(AssertionError):
        parse(line)
