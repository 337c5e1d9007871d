# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is known and borne until a day: said, and counted nowhere until then."""

import json
import os

import pytest

from invenio_cli_registry.preflight import inspect_build

from .instances import build, configure, instance, rdm
from .test_cli import ALMA, DAY, run

EIGHT = "inveniosoftware/centos8-python:3.8"
SEVEN = "inveniosoftware/centos7-python:3.9"
DIGEST = f"sha256:{'a' * 64}"
FAR = "2999-01-01"
COMPOSE = {"docker-compose.full.yml": "services: {web: {build: .}}\n"}


def nine(*images, dockerfile=f"FROM {EIGHT}\nRUN pipenv install\n", until=FAR):
    lines = [f"    {image} until {until}" for image in images]
    files = {**rdm("9.1.7", "3.8"), **COMPOSE, "Dockerfile": dockerfile}
    return configure(files, "accept =", *lines) if lines else files


def check(tmp_path, files, *args, day=DAY):
    with instance(tmp_path, files):
        done = run("check", "--format", "json", *day, *args)
    (project,) = json.loads(done.stdout)["projects"]
    return done.exit_code, project


def test_an_accepted_image_is_shown_and_asks_for_nothing(tmp_path):
    code, project = check(tmp_path, nine(EIGHT, until="2027-03-01"))
    (reference,) = project["references"]
    assert code == 0
    assert reference["status"] == "impacted"
    assert reference["accepted_until"] == "2027-03-01"
    assert reference["replacement"] == f"registry.cern.ch/{EIGHT}"
    assert project["advice"]["act"] == "plan"  # The release has ended all the same.
    assert project["advice"]["summary"] == (
        f"accepted until 2027-03-01 (97 days): {EIGHT}."
    )


def test_the_text_says_it_at_the_line(tmp_path):
    with instance(tmp_path, nine(EIGHT, until="2027-03-01")):
        text = run("check", *DAY).stdout
    assert "  Act now?  Not for the image. Plan the upgrade: " in text
    assert f"  Dockerfile:1:6  {EIGHT}\n    accepted until 2027-03-01\n" in text


@pytest.mark.parametrize(
    ("day", "code"), [("2027-02-28", 0), ("2027-03-01", 1), ("2027-03-02", 1)]
)
def test_it_comes_back_on_the_day(tmp_path, day, code):
    files = nine(EIGHT, until="2027-03-01")
    found, project = check(tmp_path, files, day=("--today", day))
    assert found == code
    assert bool(project["references"][0]["accepted_until"]) is (code == 0)
    assert project["advice"]["summary"].startswith("impacted.") is (code == 1)


@pytest.mark.parametrize(
    ("line", "image", "accepted"),
    [
        pytest.param(EIGHT, f"docker.io/{EIGHT}", True, id="another spelling"),
        pytest.param(f"index.docker.io/{EIGHT}", EIGHT, True, id="an alias"),
        pytest.param(EIGHT, f"{EIGHT}@{DIGEST}", True, id="a tag, pinned"),
        pytest.param(f"{EIGHT}@{DIGEST}", f"{EIGHT}@{DIGEST}", True, id="digest"),
        pytest.param(f"{EIGHT}@{DIGEST}", EIGHT, False, id="another content"),
        pytest.param(SEVEN, EIGHT, False, id="another image"),
        pytest.param(
            "inveniosoftware/centos8-python:3.9", EIGHT, False, id="another tag"
        ),
        pytest.param(
            "inveniosoftware/centos8-python", EIGHT, False, id="no tag is latest"
        ),
        pytest.param(
            "inveniosoftware/centos8-python",
            "inveniosoftware/centos8-python",
            True,
            id="latest",
        ),
        pytest.param(
            "inveniosoftware/centos8-python",
            "inveniosoftware/centos8-python:$V",
            False,
            id="a tag that nobody knows",
        ),
        pytest.param(
            "inveniosoftware/centos8-python",
            f"inveniosoftware/centos8-python@{DIGEST}",
            False,
            id="a digest without a tag",
        ),
        pytest.param(f"registry.cern.ch/{EIGHT}", EIGHT, False, id="elsewhere"),
    ],
)
def test_the_canonical_image_with_its_tag_is_meant(tmp_path, line, image, accepted):
    dockerfile = f"FROM {image}\nRUN pipenv install\n"
    _, project = check(tmp_path, nine(line, dockerfile=dockerfile))
    assert bool(project["references"][0]["accepted_until"]) is accepted
    assert (project["advice"]["act"] == "plan") is accepted


def test_the_last_of_several_days_counts(tmp_path):
    files = nine(EIGHT)
    line = f"    {EIGHT} until 2027-01-01\n"
    files[".invenio"] += f"{line}    {EIGHT} until 2026-01-01\n"
    assert check(tmp_path, files)[1]["references"][0]["accepted_until"] == FAR


def test_all_its_reasons_are_accepted(tmp_path):
    # On Docker Hub, the wrong Python, and a Node that does not build 9.1.
    files = {**nine(SEVEN), **build(SEVEN)}
    assert check(tmp_path, files)[0] == 0
    wrong = configure(
        {**rdm("13.1.2", "3.12"), **build(ALMA)}, f"accept = {ALMA} until {FAR}"
    )
    code, project = check(tmp_path / "b", wrong)
    assert (code, project["references"][0]["status"]) == (0, "unsuitable")
    assert project["advice"]["act"] == "plan"  # 13 ends soon, and that is all.


def test_another_finding_of_the_project_counts(tmp_path):
    dockerfile = (
        f"FROM {EIGHT} AS a\nRUN pipenv install\nFROM {SEVEN}\nCOPY --from=a / /\n"
    )
    code, project = check(tmp_path, nine(EIGHT, dockerfile=dockerfile))
    assert (code, project["advice"]["act"]) == (1, "soon")
    assert [bool(one["accepted_until"]) for one in project["references"]] == [
        True,
        False,
    ]


def test_lines_that_fail_are_no_image(tmp_path):
    dockerfile = f"FROM {EIGHT}\nRUN yum install -y git\n"
    code, project = check(tmp_path, nine(EIGHT, dockerfile=dockerfile))
    assert (code, project["advice"]["act"]) == (1, "now")


def test_a_lock_for_another_python_is_no_image(tmp_path):
    files = {**rdm("9.1.7", "3.8", "3.9"), **build(EIGHT)}
    code, project = check(tmp_path, configure(files, f"accept = {EIGHT} until {FAR}"))
    assert (code, project["advice"]["act"]) == (1, "now")


def test_a_build_says_nothing_of_it(tmp_path):
    with instance(tmp_path / "a", nine()):
        assert "Mute: [registry] accept" in inspect_build(os.curdir, {}).text
    with instance(tmp_path / "b", nine(EIGHT)):
        assert inspect_build(os.curdir, {}) is None


def test_a_build_is_not_stopped_by_it(tmp_path):
    wrong = {**rdm("13.1.2", "3.12"), **build(ALMA), **COMPOSE}
    lines = ("preflight = fail", f"accept = {ALMA} until {FAR}")
    with instance(tmp_path / "a", configure(wrong, lines[0])):
        assert inspect_build(os.curdir, {}).stop
    with instance(tmp_path / "b", configure(wrong, *lines)):
        assert inspect_build(os.curdir, {}) is None


def test_migrate_moves_it_all_the_same(tmp_path):
    with instance(tmp_path, nine(EIGHT)) as folder:
        done = run("migrate", "--yes")
        text = (folder / "Dockerfile").read_text()
    assert (done.exit_code, text.splitlines()[0]) == (
        0,
        f"FROM registry.cern.ch/{EIGHT}",
    )


def test_what_is_accepted_is_not_left_over(tmp_path):
    wrong = {**rdm("13.1.2", "3.12"), **build(ALMA)}
    with instance(tmp_path / "a", wrong):
        assert run("migrate", "--yes").exit_code == 1
    with instance(tmp_path / "b", configure(wrong, f"accept = {ALMA} until {FAR}")):
        done = run("migrate", "--yes")
    assert (done.exit_code, done.stdout) == (0, "my-site: nothing to change.\n")
