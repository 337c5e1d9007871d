# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Markdown: the table, the sections, and that a file's contents are never markup."""

from __future__ import annotations

import datetime
import re

import pytest

from invenio_cli_registry.model import Command, Option, Problem
from invenio_cli_registry.report import render
from invenio_cli_registry.report.layout import Layout
from invenio_cli_registry.report.platforms import code

from .records import HOSTILE, HUB, TODAY, checked, finding, option, report


def say(*instances, layout=None, **fields):
    request = layout or Layout()
    return render("markdown", report(*instances, **fields), request)


def impacted(**fields):
    typed = option("Use the same image.", "invenio-cli registry migrate")
    return checked(finding(image=HUB), options=[typed], **fields)


TABLE = """\
## Base images of Invenio instances

| act | instance | release | finding | where |
| --- | --- | --- | --- | --- |
| `soon` | `my-site` | `9.1.7` | `centos8-python:3.8 on Docker Hub` | `Dockerfile:1` |

1 of 2 instances are ok.

"""
FOOTER = "Based on documentation of 2026-08; no registry was contacted.\n"


def test_a_report():
    assert say(impacted(), checked(title="b")) == (
        f"{TABLE}### `my-site`\n\n```text\nmy-site: impacted.\n\n  Act now?  Soon.\n\n"
        "  Do this: use the same image.\n    invenio-cli registry migrate\n\n"
        f"  Dockerfile:1:6  {HUB}\n```\n\n{FOOTER}"
    )


def test_the_table_alone():
    one = impacted(), checked(title="b")
    assert say(*one, layout=Layout(summary=True)) == TABLE + FOOTER


def test_it_has_no_colours():
    layout = Layout(paint=lambda text, colour: f"\x1b[1m{text}")
    assert say(impacted(), layout=layout) == say(impacted())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "`a|b`"),
        ("a``b", "`a''b`"),
        ("", ""),
    ],
)
def test_code(text, shown):
    assert code(text) == shown


def test_old_facts_and_nothing():
    text = say(nothing="Nothing to check.", catalogue=TODAY - datetime.timedelta(200))
    assert "\n\nNothing to check.\n\n" in text
    assert "run `pip install -U invenio-cli-registry`." in text


#: Code by the rule of CommonMark: a run of backticks up to the next run of that length.
_CODE = re.compile(r"(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)")
_FENCED = re.compile(r"^(`{3,})text\n(?:(?!\1).*\n)*?\1$", re.MULTILINE)
#: What is left has no bracket, no sign of HTML, no address, no mention, no entity.
_INERT = re.compile(r"[A-Za-z0-9 .,;|#\n-]*")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("lead", ["x", "", "`", "``` ", "](", "\\", "````text"])
def test_nothing_in_a_file_is_markup(text, lead):
    name = f"{lead}{text}"
    one = checked(
        finding(message=name, help=name, path=name, image=name, source=name),
        status="unresolved",
        title=name,
        version=name,
        answer=name,
        reasons=(name,),
        options=[Option(name, (Command((name, name)),), name)],
        cautions=(name,),
    )
    other, problem = checked(title=f"{name}2", state="x"), Problem(name, 1, name)
    for width in (80, 10_000):
        said = say(one, other, problems=[problem], layout=Layout(width))
        rest = _CODE.sub("", _FENCED.sub("", said))
        assert _INERT.fullmatch(rest), rest
        assert len(re.findall("^### ", rest, re.MULTILINE)) == 3
        rows = [line for line in said.splitlines() if line.startswith("| ")]
        assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}
