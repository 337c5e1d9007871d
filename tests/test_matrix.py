# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The page of the compatibility matrix is one of today's hosts, bounds and words."""

from __future__ import annotations

import re
from configparser import ConfigParser

import pytest

from . import matrix
from .conftest import ROOT
from .hosts import HOSTS, OLDEST, list_wanted, read_bounds
from .matrix import Cell, write_page

AGAIN = "run `nox -s matrix`"
TEXT = matrix.PAGE.read_text(encoding="utf-8")
_CELL = re.compile(r"(all|alone)(?: \((\d+)\))?")


def read_rows(text):
    """Return the head of the table, and the cells of each host."""
    _, head, body = re.split(r"^=+(?:  =+)+\n", text, flags=re.M)[:3]
    _, *pythons = re.split(r" {2,}", head.strip())
    rows = [re.split(r" {2,}", line) for line in body.splitlines()]
    return pythons, {host: cells for host, *cells in rows}


def test_the_rows_are_the_hosts_and_each_has_every_python():
    pythons, rows = read_rows(TEXT)
    assert list(rows) == list(HOSTS), AGAIN
    assert {len(cells) for cells in rows.values()} == {len(pythons)}


def test_the_columns_are_the_pythons_that_we_are_made_for():
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    first = config["options"]["python_requires"][2:]
    *_, last = re.findall(r"Python :: (3\.\d+)", config["metadata"]["classifiers"])
    numbers = range(int(first[2:]), int(last[2:]) + 1)
    pythons, _ = read_rows(TEXT)
    assert pythons == [f"3.{number}" for number in numbers], AGAIN


def test_every_cell_says_that_it_works_and_each_note_is_one_of_a_cell():
    cells = [cell for row in read_rows(TEXT)[1].values() for cell in row]
    found = [_CELL.fullmatch(cell) for cell in cells]
    assert all(found), cells
    told = {int(match[2]) for match in found if match[2]}
    assert all(match[2] for match in found if match[1] == "alone")
    notes = re.findall(r"^(\d+)\. ", TEXT, re.M)
    assert sorted(told) == [int(number) for number in notes]


def test_the_page_is_what_is_written_today():
    """But for the cells, the day and what was latest."""
    pythons, rows = read_rows(TEXT)
    notes = dict(re.findall(r"^(\d+)\. (.*)$", TEXT, re.M))
    day, latest = re.search(r"on (\S+), when the latest was (\S+)\. ", TEXT).groups()
    cells = {
        (host, name): Cell(match[1], notes.get(match[2], ""), latest)
        for host, row in rows.items()
        for name, match in zip(pythons, map(_CELL.fullmatch, row))
    }
    assert write_page(cells, pythons, day) == TEXT, AGAIN


def test_the_bounds_are_those_of_setup_cfg():
    config = (ROOT / "setup.cfg").read_text(encoding="utf-8")
    wanted = config.split("install_requires =")[1].split("[options.")[0]
    names = {
        line.strip().split(">=")[0] for line in wanted.splitlines() if ">=" in line
    }
    assert {bound.split("==")[0] for bound in read_bounds()} == names
    for bound in read_bounds():
        assert bound.replace("==", ">=") in wanted


@pytest.mark.parametrize(
    ("host", "wanted"),
    [
        ("latest", ["invenio-cli"]),
        ("1.9.2", ["invenio-cli==1.9.2"]),
        ("1.0.5", ["invenio-cli==1.0.5", "requests<2.32", "urllib3<2"]),
        (OLDEST, read_bounds()),
    ],
)
def test_what_is_installed_of_a_host(host, wanted):
    assert list_wanted(host) == wanted
