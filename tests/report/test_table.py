# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Several instances: the counts, a row for each by urgency, then the details."""

from __future__ import annotations

import datetime

import pytest

from invenio_cli_registry.model import EndOfLife, Problem
from invenio_cli_registry.report import render
from invenio_cli_registry.report.layout import Layout

from .records import HUB, checked, finding, report

PAST, NEAR = datetime.date(2026, 1, 24), datetime.date(2027, 2, 7)


def hub(title, **fields):
    return checked(
        finding(path=f"{title}/Dockerfile", image=HUB), title=title, **fields
    )


def wrong(title):
    found = finding(
        "lock-python", "now", path=f"{title}/Pipfile.lock", text="x", at="x"
    )
    return checked(found, title=title, version="13.0.3", state="lock-python")


def ended(title, day=PAST):
    end = EndOfLife("InvenioRDM 12", "", day)
    found = finding("end-of-life", "plan", path="y", at="", end=end)
    return checked(found, title=title, version="12", state="unsupported")


def accepted(title):
    found = finding(path=f"{title}/Dockerfile", image=HUB, accepted_until=NEAR)
    return checked(found, title=title, state="accepted")


def fine(title):
    return checked(title=title, version="14.0.5")


def broken(title):
    return checked(title=title, problems=[Problem(f"{title}/Pipfile", 3, "x", True)])


MANY = [
    *map(fine, ("f", "g")),
    accepted("acc"),
    *(hub(f"sites/{name}") for name in "edcba"),
    ended("old"),
    wrong("z"),
    hub("other", version="9.0"),
]


def say(*instances, **layout):
    return render("text", report(*instances), Layout(**layout))


def test_the_table():
    assert say(*MANY, summary=True).rpartition("\n\n")[0].splitlines() == [
        "11 instances: 1 act now, 6 act soon, 1 plan, 1 other, 2 ok. 7 on Docker Hub.",
        "",
        "  act   instance         release  finding                           where",
        "  now   z                13.0.3   Lock file made for another Python",
        "                                  Pipfile.lock:1",
        "  soon  other            9.0      centos8-python:3.8 on Docker Hub  Dockerfile:1",
        "  soon  sites/a, b (+3)  9.1.7    centos8-python:3.8 on Docker Hub  Dockerfile:1",
        "  plan  old              12       no fixes since 2026-01-24         y:1",
        "  no    acc              9.1.7    accepted until 2027-02-07         Dockerfile:1",
        "",
        "Details: `invenio-cli registry check INSTANCE`",
    ]


def test_rows_and_details_are_in_the_same_order():
    text = say(*MANY, every=True)
    table, details = text.split("\n\n", 2)[1:]
    rows = [
        line[8:].split("  ")[0] for line in table.splitlines()[1:] if line[2:5].strip()
    ]
    titles = [block.split(":")[0] for block in details.split("\n\n") if block[0] != " "]
    assert [row for row in rows if row] == titles[: len(MANY)]
    assert len(titles) == len(MANY) + 1  # and the footer


def test_one_instance_needs_no_table():
    assert say(fine("f")).startswith("f: ok.")


def test_what_is_ok_has_no_details():
    assert "\nf:" not in say(*MANY)
    assert say(fine("a"), fine("b")) == "2 instances: 2 ok.\n"


def test_a_folder_that_is_no_instance_is_left_out():
    folder = fine(".")
    folder.instance.project.marker = False
    assert say(folder, fine("a"), hub("b")).startswith("2 instances: 1 act soon, 1 ok.")
    assert say(folder).startswith(".: ok")


@pytest.mark.parametrize(
    ("one", "count", "row"),
    [
        (
            ended("x", NEAR),
            "1 plan, 1 ok.",
            "  plan  x  12  fixes until 2027-02-07  y:1",
        ),
        (broken("x"), "1 not readable", "  ?  x  9.1.7  not readable  Pipfile:3"),
    ],
    ids=["ends soon", "not readable"],
)
def test_a_row(one, count, row):
    first, _, table = say(one, fine("y"), summary=True).partition("\n\n")
    assert count in first
    assert row.split() in [line.split() for line in table.splitlines()]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_long_name_pushes_no_column(width):
    long = "institutes/" + "with-a-long-name/" * 4 + "site"
    lines = say(
        hub("a", version="9.0"), hub(long), wrong("b"), summary=True, width=width
    ).splitlines()
    assert max(len(line) for line in lines if long not in line) <= width
    at = lines.index(f"  soon  {long}")
    head = next(line for line in lines if line.startswith("  act "))
    assert lines[at + 1].index("9.1.7") == head.index("release")


def test_a_hostile_name_stays_in_its_cell():
    text = say(hub("a\x1b[31m\n::x"), fine("b"), summary=True)
    assert "a\\x1b[31m\\x0a\\x3a:x" in text
    assert "\x1b" not in text


def test_acts_are_coloured():
    text = say(*MANY, paint=lambda text, colour: f"<{colour}>{text}</>", summary=True)
    assert "\n  <red>now</>   z" in text
    assert "\n  <yellow>soon</>  other" in text
