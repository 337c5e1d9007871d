# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``migrate --for``, on the example of v13.1 that moves to v14, and where it is refused."""

import difflib
import json
import os
import shutil

import pytest

from .conftest import ROOT
from .instances import UV, build, ils, instance, rdm, rdm_uv
from .test_cli import ALMA, run

PROG = "invenio-cli registry"
DEBIAN_14 = "ghcr.io/inveniosoftware/invenio:14-debian"
BEFORE = ROOT / "examples/rdm-13-python3.12/my-site"
AFTER = ROOT / "examples/rdm-14-from-13/my-site"
FOR_14 = ("migrate", "--for", "14")


@pytest.fixture
def before(tmp_path, monkeypatch):
    folder = tmp_path / "my-site"
    shutil.copytree(BEFORE, folder)
    monkeypatch.chdir(folder)
    return folder


def read(folder):
    return {
        str(path.relative_to(folder)): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def changed_lines(old, new):
    """Return the numbers of the lines of the old text that the new one has not."""
    blocks = difflib.SequenceMatcher(
        None, old.splitlines(), new.splitlines(), autojunk=False
    )
    return {
        line + 1
        for tag, start, end, _, _ in blocks.get_opcodes()
        if tag != "equal"
        for line in range(start, end)
    }


def test_it_writes_image_and_pin_and_nothing_else(before):
    old = read(before)
    done = run(*FOR_14, "--set-python", "--yes")
    new = read(before)
    assert done.exit_code == 0
    assert {name for name in old if old[name] != new[name]} == {"Dockerfile", "Pipfile"}
    assert new["Dockerfile"] == old["Dockerfile"].replace(ALMA, DEBIAN_14)
    assert new["Pipfile"] == old["Pipfile"].replace('"3.12"', '"3.14"')
    assert "~=13.1.0" in new["Pipfile"]


def test_it_says_what_is_left_to_do_by_hand_in_order(before):
    done = run(*FOR_14, "--set-python", "--yes")
    assert (
        done.stderr
        == """\
Written. It is not 14 before you have done this, in this order:
  1. Pipfile:11:57 invenio-app-rdm: ~=13.1.0 > ~=14.0.0 (invenio-cli >= 1.12.0)
  2. Dockerfile:13:5  dnf -y install python3.12: Debian has no yum, dnf or rpm;
     drop it, 14-debian has 3.14
  3. Dockerfile:14:5  dnf clean all: Debian has no yum and no dnf; rm -rf
     /var/lib/apt/lists/*
  4. Dockerfile:15:5  pip3.12: 14-debian has Python 3.14; python3, or python3.14
  5. PostgreSQL >= 15 (docker-services.yml:41:12 postgres:14.13), outside of
     this tool
  6. `invenio-cli packages lock`, needs Python 3.14 here
  7. `invenio-cli install`
  8. its page, from the database on:
     https://inveniordm.docs.cern.ch/releases/v14/upgrade-v14.0/
  9. `invenio-cli containers build`, then test in a test environment
Back:  the lines with a minus above, by hand
"""
    )


def test_a_second_run_changes_nothing(before):
    run(*FOR_14, "--set-python", "--yes")
    once = read(before)
    done = run(*FOR_14, "--set-python", "--yes")
    assert (done.exit_code, done.stdout, read(before)) == (1, "", once)
    assert "Pipfile asks for 3.14, the Dockerfile installs 3.12" in " ".join(
        done.stderr.split()
    )


def test_check_names_every_line_that_differs_afterwards():
    """The example after the upgrade differs where ``check --for`` points, nowhere else."""
    os.chdir(str(BEFORE))
    done = run("check", "--for", "14", "--format", "json")
    (project,) = json.loads(done.stdout)["projects"]
    asked = project["for"]
    named = {
        (one["path"], one["line"])
        for group in (
            asked["changes"],
            asked["services"],
            project["advice"]["breaking"],
        )
        for one in group
    }
    old, new = read(BEFORE), read(AFTER)
    assert set(old) == set(new)
    differ = {
        (name, line)
        for name in old
        if name != "Pipfile.lock"
        for line in changed_lines(old[name], new[name])
        if not old[name].splitlines()[line - 1].startswith("#")
    }
    assert differ == named
    assert len(differ) == 7


def test_done_by_hand_it_is_fine(before):
    run(*FOR_14, "--set-python", "--yes")
    for name in ("Dockerfile", "Pipfile", "Pipfile.lock", "docker-services.yml"):
        shutil.copy(str(AFTER / name), str(before / name))
    done = run("check")
    assert done.exit_code == 0
    assert done.stdout.startswith(
        "my-site: fine. InvenioRDM 14.0.5 on invenio:14-debian"
    )


def test_dry_run_and_nobody_there(before):
    old = read(before)
    assert run(*FOR_14, "--set-python", "--dry-run").exit_code == 1
    assert run(*FOR_14, "--set-python").exit_code == 2
    assert read(before) == old


@pytest.mark.parametrize(
    ("files", "arguments", "code", "said"),
    [
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            [*FOR_14, "--yes"],
            1,
            f"`{PROG} migrate --for 14 --set-python`",
            id="the pin does not accept its Python",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(ALMA)},
            [*FOR_14, "--set-python", "--yes"],
            1,
            "13.1 lies between 12 and 14, and an upgrade goes one major at a time: "
            f"`{PROG} migrate --for 13.1`",
            id="a release in between",
        ),
        pytest.param(
            {**rdm("9.0.6", "3.8"), **build("inveniosoftware/centos8-python:3.8")},
            ["migrate", "--for", "10.1", "--yes"],
            1,
            f"9.1 lies between 9.0 and 10.1, and an upgrade goes one major at a time: "
            f"`{PROG} migrate --for 9.1`",
            id="a minor in between",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            [*FOR_14, "--to", "almalinux", "--yes"],
            1,
            "AlmaLinux 9 has no Python 3.14, which this release needs",
            id="AlmaLinux is no way to 14",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)},
            [*FOR_14, "--yes"],
            2,
            "--for 14: this is InvenioRDM 14.0.5 already; name a later release",
            id="it is 14 already",
        ),
        pytest.param(
            build("inveniosoftware/centos8-python:3.8"),
            [*FOR_14, "--yes"],
            2,
            "this is no InvenioRDM and no InvenioILS",
            id="no instance is left alone",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            ["migrate", "--for", "99"],
            2,
            "99 is no release of the catalogue; the newest are InvenioRDM 14 and "
            "InvenioILS 9",
            id="no release",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            ["check", "--for", "\x1b[31m14"],
            2,
            "\\x1b[31m14 is no release of the catalogue",
            id="control characters",
        ),
    ],
)
def test_refused(files, arguments, code, said, tmp_path):
    with instance(tmp_path, files) as folder:
        old = read(folder)
        done = run(*arguments)
        assert read(folder) == old
    assert done.exit_code == code
    assert said in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("files", "arguments", "image"),
    [
        pytest.param({**rdm("13.1.2"), **build(ALMA)}, FOR_14, DEBIAN_14, id="no pin"),
        pytest.param(
            {**rdm_uv("13.1.2", ">=3.9"), **build(ALMA, UV)}, FOR_14, DEBIAN_14, id="uv"
        ),
        pytest.param(
            {**rdm("13.1.2"), **build(ALMA)},
            (*FOR_14, "--to", "debian"),
            DEBIAN_14,
            id="Debian by its name",
        ),
        pytest.param(
            {**rdm("13.1.2"), **build(ALMA, "RUN dnf install gcc\n")},
            FOR_14,
            DEBIAN_14,
            id="asked for by name: with lines that break",
        ),
        pytest.param(
            {**rdm("13.1.2"), **build(ALMA)},
            (*FOR_14, "--mirror", "ghcr.io=harbor.example.org/ghcr"),
            "harbor.example.org/ghcr/inveniosoftware/invenio:14-debian",
            id="through a cache",
        ),
        pytest.param(
            {**rdm("13.1.2"), **build(ALMA)},
            (*FOR_14, "--copy", "ghcr.io/inveniosoftware=harbor.example.org/own"),
            "harbor.example.org/own/invenio:14-debian",
            id="to a copy",
        ),
        pytest.param(
            {**rdm("10.1.1", "3.9"), **build("inveniosoftware/centos7-python:3.9")},
            ("migrate", "--for", "11"),
            ALMA,
            id="10.1 to 11",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(ALMA)},
            ("migrate", "--for", "13.1"),
            ALMA,
            id="12 to 13.1 has the same image",
        ),
        pytest.param(
            {**ils("4.5.0", "3.9"), **build(ALMA)},
            ("migrate", "--for", "5"),
            ALMA,
            id="ILS has it, too",
        ),
    ],
)
def test_what_is_written(files, arguments, image, tmp_path):
    with instance(tmp_path, files) as folder:
        done = run(*arguments, "--yes")
        first = (folder / "Dockerfile").read_text().splitlines()[0]
    assert (done.exit_code, first) == (0, f"FROM {image}")


def test_the_rest_of_several_projects_is_done(tmp_path):
    files = {
        f"{name}/{file}": text
        for name, made in {
            "a": {**rdm("13.1.2"), **build(ALMA)},
            "b": {**ils("4.5.0", "3.9"), **build(ALMA)},
        }.items()
        for file, text in made.items()
    }
    with instance(tmp_path, files) as folder:
        done = run(*FOR_14, "--yes", "a", "b")
        assert DEBIAN_14 in (folder / "a/Dockerfile").read_text()
        assert ALMA in (folder / "b/Dockerfile").read_text()
        assert run(*FOR_14, "--yes", "b").exit_code == 2
    assert done.exit_code == 0


def test_the_pin_is_not_written_without_its_image(tmp_path):
    files = {
        **rdm("13.1.2", "3.12"),
        "Dockerfile": "ARG REPO=registry.cern.ch/inveniosoftware/almalinux\nARG TAG=1\n"
        "FROM ${REPO}:${TAG}\nRUN pipenv install\n",
    }
    with instance(tmp_path, files) as folder:
        done = run(*FOR_14, "--set-python", "--yes")
        assert {name: (folder / name).read_text() for name in files} == files
    assert done.exit_code == 1
    assert " ".join(done.stderr.split()) == (
        "my-site: refused, image and Python change together, and the image cannot: "
        "Dockerfile:3:6 ${REPO}:${TAG}: it is put together from several values: change "
        "them by hand"
    )


def test_where_nothing_is_to_write_it_says_what_to_do(tmp_path):
    with instance(tmp_path, {**rdm("12.0.19", "3.9"), **build(ALMA)}):
        done = run("migrate", "--for", "13.1", "--yes")
    assert (done.exit_code, done.stdout) == (0, "")
    first, second, *_ = done.stderr.splitlines()
    assert first == (
        "Nothing to write. It is not 13.1 before you have done this, in this order:"
    )
    assert second.startswith("  1. Pipfile:2:31 invenio-app-rdm: ==12.0.19 > ~=13.1.0")


def test_what_is_left_afterwards_says_what_is_the_matter(before):
    run(*FOR_14, "--set-python", "--yes")
    again = run(*FOR_14, "--set-python", "--yes")
    assert again.exit_code == 1
    assert "add --set-python" not in again.stderr
    text = " ".join(run("check", "--today", "2026-11-24").stdout.split())
    assert "on any registry. Before the next build." in text
    assert "drop the lines that install Python 3.12: the image has 3.14" in text
