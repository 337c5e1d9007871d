# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Many instances: the counts, a line for each by urgency, and details where needed."""

import json
import shutil

import pytest

from invenio_cli_registry.inspection import Options, inspect
from invenio_cli_registry.report.layout import Layout
from invenio_cli_registry.report.text import render_text

from .conftest import ROOT
from .instances import TODAY, build, configure, ils, instance, rdm
from .test_cli import ALMA, DAY, HUB, run

NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
WRONG = {**rdm("13.1.2", "3.12"), **build(ALMA)}
ENDED = {**rdm("12.0.19", "3.9"), **build(ALMA)}
ENDING = {**rdm("13.1.2", "3.9"), **build(ALMA)}
SEVEN = "inveniosoftware/centos7-python:3.9"
DEBIAN = "ghcr.io/inveniosoftware/invenio:14-debian"
FINE = {**rdm("14.0.5", "3.14"), **build(DEBIAN)}
MANY = {
    "z-wrong": WRONG,
    "hub": NINE,
    "accepted": configure(NINE, f"accept = {HUB} until 2027-03-01"),
    "ended": ENDED,
    "ending": ENDING,
    "fine-1": FINE,
    "fine-2": FINE,
    "broken": {**ENDING, "Pipfile": "[packages]\nx = [\n"},
}


def write(sites):
    return {
        f"{site}/{name}": text for site in sites for name, text in sites[site].items()
    }


def check(tmp_path, sites, *args):
    with instance(tmp_path, write(sites)):
        return run("check", *DAY, *args)


def read_table(text):
    """Return the table's rows as lists of cells, the counts before it left out."""
    lines = text.split("\n\n")[0].splitlines()
    head = next(line for line in lines if line.startswith("      instance"))
    names = ["", *head.split("  ")]
    starts = [0, *(head.index(name) for name in names if name.strip())]
    rows = lines[lines.index(head) + 1 :]
    return [
        [row[at:end].strip() for at, end in zip(starts, [*starts[1:], None])]
        for row in rows
    ]


def test_the_most_urgent_comes_first(tmp_path):
    done = check(tmp_path, MANY)
    lines = done.stdout.splitlines()
    assert " ".join(lines[0:2]).startswith(
        "8 instances: 1 builds wrong, 1 on Docker Hub, 1 ended, 1 ends soon, 1 accepted,"
        "   2 fine, 1 not readable"
    )
    assert read_table(done.stdout) == [
        ["NOW", "z-wrong", "RDM 13.1.2", "wrong Python", "migrate --set-python"],
        ["SOON", "hub", "RDM 9.1.7", "on Docker Hub", "migrate --verify"],
        ["PLAN", "accepted", "RDM 9.1.7", "accepted", "nothing until 2027-03-01"],
        ["PLAN", "ended", "RDM 12.0.19", "ended", "check --for 13.1"],
        ["PLAN", "ending", "RDM 13.1.2", "ends soon", "check --for 14"],
        ["?", "broken", "RDM 13.1.2", "not readable", "mend broken/Pipfile:3"],
        ["ok", "fine-1 ..", "fine-2 (2)", "", ""],  # in no columns
    ]
    assert done.exit_code == 2


def test_then_those_that_need_something(tmp_path):
    blocks = check(tmp_path, MANY).stdout.split("\n\n")
    titles = [block.split(":")[0] for block in blocks if block[0].isalpha()]
    said = [title for title in titles if title in MANY]
    assert said == ["accepted", "broken", "ended", "ending", "hub", "z-wrong"]


def test_all_lists_each_that_is_fine(tmp_path):
    text = check(tmp_path, MANY, "--all").stdout
    assert [row[1] for row in read_table(text)][-2:] == ["fine-1", "fine-2"]
    assert "\n\nfine-2: fine. InvenioRDM 14.0.5" in text


def test_one_that_is_fine_has_its_row(tmp_path):
    text = check(tmp_path, {"a": NINE, "b": FINE}).stdout
    assert text.startswith("2 instances: 1 on Docker Hub, 1 fine\n")
    assert [row[:4] for row in read_table(text)][1][:2] == ["ok", "b"]


def test_all_are_fine(tmp_path):
    done = check(tmp_path, {"a": FINE, "b": FINE, "c": FINE})
    assert (done.exit_code, done.stdout) == (
        0,
        "3 instances: 3 fine\nok    a .. c (3)\n",
    )


def test_one_instance_needs_no_table(tmp_path):
    with instance(tmp_path, FINE):
        assert run("check", *DAY).stdout.startswith("my-site: fine.")


def test_a_folder_of_instances_is_none(tmp_path):
    files = {**write({"a": NINE, "b": NINE}), ".gitlab-ci.yml": "stages: [test]\n"}
    with instance(tmp_path, files):
        assert run("check", *DAY).stdout.startswith("2 instances: 2 on Docker Hub\n")
    files[".gitlab-ci.yml"] = f"test: {{image: {HUB}}}\n"
    with instance(tmp_path, files):
        assert run("check", *DAY).stdout.startswith("3 instances: 3 on Docker Hub\n")


@pytest.mark.parametrize(
    ("files", "row"),
    [
        pytest.param(
            {
                **rdm("9.1.7", "3.8"),
                "Dockerfile": f"FROM {HUB}\nRUN yum install -y git\n",
            },
            ["NOW", "x", "RDM 9.1.7", "2025-02-01", "lines fail", "migrate --verify"],
            id="lines",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), "Dockerfile": "RUN true\n"},
            ["NOW", "x", "RDM 14.0.5", "-", "does not build", "by hand"],
            id="no FROM",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.9"), **build("inveniosoftware/$X:1")},
            ["SOON", "x", "RDM 13.1.2", "2027-02-07", "not clear", "by hand"],
            id="unresolved",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.7"), **build("inveniosoftware/centos8-python:3.7")},
            ["SOON", "x", "RDM 9.1.7", "2025-02-01", "on Docker Hub", "make a copy"],
            id="a copy",
        ),
        pytest.param(
            {"Dockerfile": f"FROM {HUB}\n", "Pipfile": ""},
            ["SOON", "x", "-", "-", "on Docker Hub", "migrate --verify"],
            id="no instance",
        ),
        pytest.param(
            {**ils("4.5.0", "3.9"), **build(f"registry.cern.ch/{SEVEN}")},
            ["PLAN", "x", "ILS 4.5.0", "-", "ended", "check --for 5"],
            id="a system that has ended",
        ),
    ],
)
def test_a_row(tmp_path, files, row):
    text = check(tmp_path, {"x": files, "y": FINE}).stdout
    assert row in read_table(text)


@pytest.mark.parametrize("width", [60, 80, 200])
def test_the_table_fits_the_screen(tmp_path, width):
    with instance(tmp_path, write(MANY)):
        report = inspect((".",), Options(today=TODAY))
    head = render_text(report, Layout(width)).split("\n\n")[0].splitlines()
    assert max(map(len, head)) <= width
    assert any("fixes until" in line for line in head) is (width == 200)
    assert any("release" in line for line in head) is (width != 60)


def test_json_has_all_of_them(tmp_path):
    data = json.loads(check(tmp_path, MANY, "--format", "json").stdout)
    paths = [one["path"] for one in data["projects"]]
    assert paths == [".", *sorted(MANY)]


def test_a_hostile_name_stays_in_its_cell(tmp_path):
    with instance(tmp_path, write({"a\x1b[31m\n::x": NINE, "b": FINE})):
        text = run("check", *DAY).stdout
    assert "\x1b" not in text
    assert read_table(text)[0][1] == "a\\x1b[31m\\x0a\\x3a:x"


def test_the_table_of_the_examples(tmp_path, monkeypatch):
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path / "examples")
    text = run("check", *DAY).stdout
    assert text.startswith("11 instances: ")
