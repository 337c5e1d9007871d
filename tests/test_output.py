# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``--format``, ``--output`` and ``--fail-on``: what goes where, and what ends with 1."""

import json
import os
import stat

import pytest

from invenio_cli_registry.report.formats import FORMATS

from .conftest import ROOT
from .instances import build, configure, instance, rdm
from .test_cli import ALMA, DAY, HUB, run, snapshot

NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
FINE = {**rdm("13.1.2", "3.9"), **build(ALMA)}
WRONG = {**rdm("13.1.2", "3.12"), **build(ALMA)}
ENDED = {**rdm("12.0.19", "3.9"), **build(ALMA)}
NEAR = ("--today", "2026-11-24")
EARLY = ("--today", "2026-06-01")


def paths_of(form, text):
    """Return the paths that a report names."""
    if form == "sarif":
        results = json.loads(text)["runs"][0]["results"]
        places = [one["locations"][0]["physicalLocation"] for one in results]
        return {place["artifactLocation"]["uri"] for place in places}
    if form == "gitlab":
        return {one["location"]["path"] for one in json.loads(text)}
    assert form == "github", f"tell here where {form} has its paths"
    return {line.split("file=")[1].split(",")[0] for line in text.splitlines()}


# Formats


@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"text", "json"}))
def test_paths_begin_at_the_root_of_the_repository(tmp_path, form, monkeypatch):
    with instance(tmp_path, NINE) as folder:
        (tmp_path / ".git").mkdir()
        here = run("check", "--format", form, *DAY).stdout
        monkeypatch.chdir(tmp_path)
        above = run("check", "--format", form, "my-site", *DAY).stdout
        os.chdir(folder)
    assert paths_of(form, here) == {"my-site/Dockerfile", "my-site/Pipfile.lock"}
    assert paths_of(form, above) == paths_of(form, here)


def test_without_a_repository_paths_begin_here(tmp_path, monkeypatch):
    with instance(tmp_path, NINE):
        text = run("check", "--format", "gitlab", *DAY).stdout
    assert paths_of("gitlab", text) == {"Dockerfile", "Pipfile.lock"}


def test_every_format_is_offered():
    text = run("check", "--help").stdout
    assert f"--format [{'|'.join(FORMATS)}]" in text, "add it to --format of cli.py"


# --output


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_report_goes_into_the_file_and_the_text_is_shown(tmp_path, form):
    with instance(tmp_path, NINE) as folder:
        text = run("check", *DAY)
        alone = run("check", "--format", form, *DAY)
        before = snapshot(folder)
        both = run("check", "--format", form, "--output", "report", *DAY)
        assert (folder / "report").exists(), both.stderr
        written = (folder / "report").read_text("utf-8")
        (folder / "report").unlink()
        assert snapshot(folder) == before
    assert both.stdout == text.stdout
    assert written == alone.stdout
    assert text.exit_code == alone.exit_code == both.exit_code == 1


def test_colours_stay_out_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    with instance(tmp_path, NINE) as folder:
        shown = run("check", "--output", "report", *DAY, color=True).stdout
        assert "\x1b[" in shown
        assert "\x1b" not in (folder / "report").read_text("utf-8")


def test_a_report_is_replaced_and_keeps_its_mode(tmp_path):
    with instance(tmp_path, NINE) as folder:
        report = folder / "report"
        report.write_text("old")
        report.chmod(0o640)
        run("check", "--format", "json", "--output", "report", *DAY)
        assert stat.S_IMODE(report.stat().st_mode) == 0o640
        assert json.loads(report.read_text())["version"] == 1
        assert sorted(os.listdir()) == sorted([*NINE, "report"])


def test_others_may_read_a_new_report(tmp_path):
    before = os.umask(0o022)
    try:
        with instance(tmp_path, NINE) as folder:
            run("check", "--output", "report", *DAY)
            assert stat.S_IMODE((folder / "report").stat().st_mode) == 0o644
    finally:
        os.umask(before)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "Pipfile",
        "Pipfile.lock",
        ".invenio",
        pytest.param("./Dockerfile", id="a detour"),
        pytest.param("new.yml", id="a new file that the next check would read"),
        pytest.param("app/pyproject.toml", id="of another project"),
        pytest.param("hard", id="a second name of a file"),
        pytest.param("link", id="a link to a file"),
        pytest.param("elsewhere", id="a link out of the instance"),
    ],
)
def test_nothing_that_is_read_is_written_over(tmp_path, name):
    files = {**NINE, "app/pyproject.toml": ""}
    (tmp_path / "other").write_text("theirs")
    with instance(tmp_path, files) as folder:
        os.link("Dockerfile", "hard")
        (folder / "link").symlink_to("Dockerfile")
        (folder / "elsewhere").symlink_to("../other")
        before = snapshot(folder)
        done = run("check", "--format", "json", "--output", name, *DAY)
        assert snapshot(folder) == before
    assert done.exit_code == 2
    assert done.stderr.startswith(f"Error: {name}: ")
    assert done.stderr.endswith("name another file for --output\n")
    assert "my-site: impacted." in done.stdout
    assert (tmp_path / "other").read_text() == "theirs"


def test_a_named_file_is_not_written_over(tmp_path):
    with instance(tmp_path, {"build.txt": f"FROM {HUB}\n"}) as folder:
        done = run("check", "build.txt", "--output", "build.txt", *DAY)
        assert (folder / "build.txt").read_text() == f"FROM {HUB}\n"
    assert done.exit_code == 2


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no/report", "No such file or directory"),
        ("Dockerfile/report", "Not a directory"),
        ("r" * 300, "File name too long"),
    ],
)
def test_a_file_that_cannot_be_written(tmp_path, name, why):
    with instance(tmp_path, NINE):
        done = run("check", "--output", name, *DAY)
        assert sorted(os.listdir()) == sorted(NINE)
    assert done.exit_code == 2
    assert f"{name}: {why}: the report was not written; name another" in done.stderr


def test_a_folder_is_no_file(tmp_path):
    with instance(tmp_path, NINE):
        done = run("check", "--output", ".", *DAY)
    assert done.exit_code == 2
    assert "--output" in done.stderr


def test_a_failure_leaves_the_old_report(tmp_path, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("invenio_cli_registry.output.os.replace", full)
    with instance(tmp_path, NINE) as folder:
        (folder / "report").write_text("old")
        done = run("check", "--output", "report", *DAY)
        assert (folder / "report").read_text() == "old"
        assert sorted(os.listdir()) == sorted([*NINE, "report"])
    assert (done.exit_code, "No space left on device" in done.stderr) == (2, True)


def test_a_pipe_is_written_to(tmp_path):
    with instance(tmp_path, NINE) as folder:
        os.mkfifo("pipe")
        reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
        (folder / "to-the-pipe").symlink_to("pipe")
        run("check", "--format", "json", "--output", "pipe", *DAY)
        assert json.loads(os.read(reader, 1 << 16))["version"] == 1
        run("check", "--format", "json", "--output", "to-the-pipe", *DAY)
        assert json.loads(os.read(reader, 1 << 16))["version"] == 1
        assert stat.S_ISFIFO(os.stat("pipe").st_mode)
        os.close(reader)


# --fail-on


@pytest.mark.parametrize(
    ("files", "day", "codes"),
    [
        pytest.param(WRONG, NEAR, (1, 1, 1, 0), id="now"),
        pytest.param(NINE, NEAR, (0, 1, 1, 0), id="soon"),
        pytest.param(ENDED, NEAR, (0, 0, 1, 0), id="plan"),
        pytest.param(FINE, EARLY, (0, 0, 0, 0), id="no"),
    ],
)
def test_from_which_act_on_the_code_is_1(tmp_path, files, day, codes):
    with instance(tmp_path, files):
        found = [
            run("check", "--fail-on", word, *day).exit_code
            for word in ("now", "soon", "plan", "never")
        ]
        assert run("check", *day).exit_code == codes[1]
    assert tuple(found) == codes


@pytest.mark.parametrize(("word", "code"), [("now", 1), ("plan", 1), ("never", 0)])
def test_what_a_release_asks_for_is_something(tmp_path, word, code):
    with instance(tmp_path, FINE):
        done = run("check", "--for", "14", "--fail-on", word, *EARLY)
    assert done.exit_code == code


def test_what_was_not_read_is_always_2(tmp_path):
    with instance(tmp_path, {**FINE, "Pipfile": "x = ["}):
        done = run("check", "--fail-on", "never", *DAY)
    assert done.exit_code == 2
    assert "Pipfile" in done.stdout


def test_the_first_day_is_green_and_what_is_new_is_red(tmp_path):
    with instance(
        tmp_path, configure(NINE, f"accept = {HUB} until 2027-06-01")
    ) as site:
        assert run("check", *DAY).exit_code == 0
        (site / "Dockerfile.new").write_text(
            "FROM inveniosoftware/centos7-python:3.6\n"
        )
        assert run("check", *DAY).exit_code == 1


def test_the_workflows_use_what_there_is():
    for path in (ROOT / "docs/workflows").glob("*.yml"):
        assert "--fail-on" in path.read_text("utf-8")
