# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Markdown: the table, the sections, and that a file's contents are never markup."""

from __future__ import annotations

import datetime
import re

import pytest

from invenio_cli_registry.model import Command, Option, Problem
from invenio_cli_registry.report.formats import FORMATS
from invenio_cli_registry.report.layout import Request
from invenio_cli_registry.report.markdown import code, prose

from .records import HOSTILE, HUB, TODAY, checked, finding, option, report


def say(*instances, **fields):
    return FORMATS["markdown"](report(*instances, **fields), Request("/"))


def impacted(**fields):
    one = finding(image=HUB, help="Run `invenio-cli x`.", source="https://x.example/a")
    usual = {
        "answer": "impacted. Its base image is on Docker Hub.",
        "recommended": option("Use the same image.", "invenio-cli registry migrate"),
    }
    return checked(one, **{**usual, **fields})


def test_a_report():
    assert say(impacted(), checked(title="b")) == (
        "## Base images of Invenio instances\n\n"
        "| act | instance | release | finding | where |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| soon | `my-site` | 9.1.7 | `centos8-python:3.8` on Docker Hub | `Dockerfile:1` |\n\n"
        "1 of 2 instances are ok.\n\n"
        "### `my-site`\n\n"
        "Impacted. Its base image is on Docker Hub.\n\n"
        "**Act now?** Soon.\n\n"
        "Use the same image.\n\n"
        "```console\ninvenio-cli registry migrate\n```\n\n"
        "- `Dockerfile:1:6` It is on Docker Hub and may be removed. Run `invenio-cli x`. "
        "(<https://x.example/a>)\n\n"
        "Based on documentation of 2026-08; no registry was contacted.\n"
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param(
            "It is (13.0), on v13: 2 -> 3.", "It is (13.0), on v13: 2 -> 3.", id="words"
        ),
        pytest.param("Run `a b`: it's so.", "Run `a b`: it's so.", id="quoted"),
        pytest.param("See x/y:1, a_b.", "See `x/y:1`, `a_b`.", id="names"),
        pytest.param("Not (x/y).", "Not (`x/y`).", id="in brackets"),
        pytest.param("one ` two", "one ' two", id="a backtick"),
        pytest.param("a ~=3.1 -x", "a `~=3.1` `-x`", id="versions and options"),
        pytest.param("on 2027-02-07", "on 2027-02-07", id="a day"),
    ],
)
def test_prose(text, shown):
    assert prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", "`a|b`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        ("``a", "``` ``a ```"),
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
_FENCED = re.compile(r"^(`{3,})console\n.*\n\1$", re.MULTILINE)
#: What is left has no bracket, no sign of HTML, no address, no mention, no entity.
_INERT = re.compile(r"[A-Za-z0-9 .,:;?!()'|*#\n>-]*")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("lead", ["x", "", "`", "``` ", "](", "\\"])
def test_nothing_in_a_file_is_markup(text, lead):
    name = f"{lead}{text}"
    one = checked(
        finding(message=name, help=name, path=name, image=name, source=name),
        status="unresolved",
        title=name,
        version=name,
        answer=name,
        reasons=(name,),
        recommended=Option(name, (Command((name, name)),), name),
        cautions=(name,),
    )
    said = say(
        one, checked(title=f"{name}2", state="x"), problems=[Problem(name, 1, name)]
    )
    rest = _CODE.sub("", _FENCED.sub("", said))
    assert _INERT.fullmatch(rest), rest
    assert not re.search(r"https?:|www\.|\w@|://", rest)
    assert len(re.findall("^### ", rest, re.MULTILINE)) == 3
    rows = [line for line in said.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6}
