# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What a report finds, as a flat list: which rule, how severe, where, and by which name."""

import datetime
import os
import re

import pytest

from invenio_cli_registry.catalog import load
from invenio_cli_registry.inspection import Options, inspect
from invenio_cli_registry.readers.projects import find_root
from invenio_cli_registry.report.findings import (
    SEVERITIES,
    Finding,
    identify,
    list_findings,
    relate_path,
)
from invenio_cli_registry.report.rules import RULES

from .conftest import ROOT
from .instances import PIPENV, PROG, TODAY, build, configure, instance, rdm
from .reports import (
    HOSTILE,
    NAMES,
    find,
    find_hostile,
    find_in_example,
    find_in_paths,
)
from .test_cli import ALMA, CERN, EXAMPLES, HUB

NINE = rdm("9.1.7", "3.8")
FINE = rdm("13.1.2", "3.9")
SEVEN = "inveniosoftware/centos7-python:3.9"
YUM = f"RUN yum install -y x\n{PIPENV}"
RPM = f"RUN rpm -i https://x.example/el7/x.rpm\n{PIPENV}"
BREAKS = f"RUN dnf config-manager --enable powertools\n{PIPENV}"
ENDED = ("ended", "info", "Pipfile.lock")


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param(
            {**NINE, **build(HUB)},
            [("impacted", "major", "Dockerfile"), ENDED],
            id="on Docker Hub, and ended",
        ),
        pytest.param(
            {**NINE, **build(f"{HUB} # x")},
            [("impacted", "critical", "Dockerfile"), ENDED],
            id="on Docker Hub, and Docker refuses the line",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(HUB)},
            [("impacted", "critical", "Dockerfile"), ENDED],
            id="on Docker Hub, and the wrong Python",
        ),
        pytest.param(
            {**NINE, **build("inveniosoftware/centos8-python:$X")},
            [("impacted", "major", "Dockerfile"), ENDED],
            id="on Docker Hub, tag unknown",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            [("unsuitable", "critical", "Dockerfile")],
            id="wrong Python, now",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.8"), **build(ALMA)},
            [("unsuitable", "critical", "Dockerfile")],
            id="wrong Python, soon",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(ALMA)},
            [("unsuitable", "critical", "Dockerfile"), ENDED],
            id="wrong Node",
        ),
        pytest.param(
            {**NINE, **build(CERN)},
            [("outdated", "minor", "Dockerfile"), ENDED],
            id="a system that has ended",
        ),
        pytest.param(
            {**FINE, **build("inveniosoftware/$X")},
            [("unresolved", "major", "Dockerfile")],
            id="no value, the organisation's",
        ),
        pytest.param(
            {**FINE, **build("$X")},
            [("unresolved", "info", "Dockerfile")],
            id="no value, anybody's",
        ),
        pytest.param(
            {**FINE, "Dockerfile": "RUN x\n"},
            [("unresolved", "critical", "Dockerfile")],
            id="no FROM",
        ),
        pytest.param(
            {**NINE, **build(CERN, YUM)},
            [
                ("outdated", "minor", "Dockerfile"),
                ("failing", "critical", "Dockerfile"),
                ENDED,
            ],
            id="a line that fails",
        ),
        pytest.param(
            {**NINE, **build(CERN, RPM)},
            [
                ("outdated", "minor", "Dockerfile"),
                ("failing", "minor", "Dockerfile"),
                ENDED,
            ],
            id="a line that may fail",
        ),
        pytest.param(
            {**rdm("11.0.6", "3.9"), **build(SEVEN, BREAKS)},
            [
                ("impacted", "major", "Dockerfile"),
                ("breaking", "minor", "Dockerfile"),
                ENDED,
            ],
            id="a line that would break",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.9", "3.8"), **build(ALMA)},
            [("instance", "critical", "Pipfile")],
            id="a lock for another Python",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8", "3.9"), **build(HUB)},
            [
                ("impacted", "major", "Dockerfile"),
                ("instance", "critical", "Pipfile"),
                ENDED,
            ],
            id="on Docker Hub, and a lock for another Python",
        ),
        pytest.param(
            {**FINE, **build(ALMA), "compose.yml": "a: ["},
            [("problem", "major", "compose.yml")],
            id="not YAML",
        ),
        pytest.param(
            {**FINE, **build(ALMA), "compose.yml": "services: 1\nx: !y {image: $A}\n"},
            [],
            id="YAML with nothing in it",
        ),
        pytest.param(
            configure({**FINE, **build(ALMA)}, "preflight = x"),
            [("problem", "major", ".invenio")],
            id="a setting that is none",
        ),
        pytest.param(
            {".invenio": FINE[".invenio"], "Pipfile": "[packages]\n"},
            [("problem", "minor", "Pipfile")],
            id="no release",
        ),
        pytest.param({**FINE, **build(ALMA)}, [], id="fine"),
        pytest.param({**FINE, **build("python:3.12")}, [], id="another's image"),
        pytest.param({**FINE, **build("my-site-base")}, [], id="a local image"),
        pytest.param(
            {**FINE, **build("scratch", "COPY . .\n")}, [], id="built on nothing"
        ),
        pytest.param(FINE, [], id="no Dockerfile"),
        pytest.param(
            configure(
                {**FINE, **build(f"copy.example/{HUB}", "")},
                "copies = docker.io/inveniosoftware=copy.example/inveniosoftware",
            ),
            [("unsuitable", "critical", "Dockerfile")],
            id="a copy, the wrong Python",
        ),
    ],
)
def test_what_is_found(tmp_path, files, found):
    kinds = [
        (one.rule, one.severity, one.path.replace("my-site/", "", 1))
        for one in find(tmp_path, files)
    ]
    assert kinds == found


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_rule_of_the_examples_is_described(name):
    for one in find_in_example(name):
        assert one.rule in RULES
        assert one.severity in SEVERITIES
        assert one.sentence[-1] in "./"
        assert not os.path.isabs(one.path)
        assert one.path.startswith(name)
        assert one.accepted_until == ""


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_makes_the_exit_code_is_found(name, monkeypatch):
    monkeypatch.chdir(ROOT / "examples" / name)
    report = inspect((".",), Options(today=TODAY, prog=PROG))
    worst = max(
        [SEVERITIES.index(one.severity) for one in find_in_example(name)], default=0
    )
    assert bool(report.exit_code()) is (worst >= SEVERITIES.index("major"))


# Words


def only(found):
    (one,) = [one for one in found if one.rule != "ended"]
    return one


@pytest.mark.parametrize(
    ("files", "message"),
    [
        pytest.param(
            {**NINE, **build(HUB)},
            f"{HUB}: it lies on Docker Hub, with no promise to stay; CentOS 8 has had no "
            f"fixes since 2021-12-31. Becomes {CERN}",
            id="becomes",
        ),
        pytest.param(
            {**NINE, **build(f"docker.io/{HUB}")},
            f"docker.io/{HUB}: it lies on Docker Hub, with no promise to stay; CentOS 8 "
            f"has had no fixes since 2021-12-31. Becomes {CERN}",
            id="as written",
        ),
        pytest.param(
            {**NINE, "Dockerfile": f"ARG V=3.8\nFROM {HUB[:-3]}$V\n{PIPENV}"},
            f"{HUB[:-3]}$V ({HUB}): it lies on Docker Hub, with no promise to stay; "
            f"CentOS 8 has had no fixes since 2021-12-31. Becomes {CERN}",
            id="as written, and with its variables replaced",
        ),
        pytest.param(
            {**FINE, **build("inveniosoftware/$X")},
            "inveniosoftware/$X: X has no value.",
            id="no value",
        ),
        pytest.param(
            {**FINE, "Dockerfile": "RUN x\n"},
            "No FROM: it has no FROM line, and Docker refuses it.",
            id="no FROM",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.9", "3.8"), **build(ALMA)},
            "Pipfile asks for Python 3.9, Pipfile.lock was made for 3.8: the build stops "
            "until the lock is made anew.",
            id="the lock",
        ),
    ],
)
def test_what_is_said(tmp_path, files, message):
    assert only(find(tmp_path, files)).message == message


def test_a_line_is_said_with_what_can_stand_there(tmp_path):
    found = find(tmp_path, {**NINE, **build(CERN, YUM)})
    (line,) = [one for one in found if one.rule == "failing"]
    assert line.message == (
        "yum install: CentOS 8's mirrors closed 2022-01-31; vault.centos.org has the "
        "packages, without fixes."
    )


def test_an_ended_release_is_said_with_the_next_step(tmp_path):
    (ended,) = find(tmp_path, NINE)
    assert ended.message == (
        "InvenioRDM 9.1 has had no fixes since 2025-02-01. Upgrade to 10.1: "
        "https://inveniordm.docs.cern.ch/releases/v10/version-v10.1.0/"
    )


@pytest.mark.parametrize(
    ("days", "found"),
    [
        pytest.param(-1, 0, id="the day before"),
        pytest.param(0, 1, id="on the day"),
        pytest.param(1, 1, id="the day after"),
    ],
)
def test_a_release_ends_on_its_day(tmp_path, days, found):
    end = load().release("RDM", "13.1").maintained_until
    today = end + datetime.timedelta(days)
    with instance(tmp_path, FINE):
        report = inspect((".",), Options(today=today, prog=PROG))
    assert len(list_findings(report, "/repo", os.path.abspath)) == found


# Places


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param(f"FROM {HUB}\n", (1, 6, 40), id="plain"),
        pytest.param(f"# x\n\n  from\t{HUB} AS x\n", (3, 8, 42), id="further down"),
        pytest.param(f"# x\r\nFROM {HUB}\r\n", (2, 6, 40), id="CRLF"),
        pytest.param(f"\ufeffFROM {HUB}\n", (1, 6, 40), id="byte order mark"),
        pytest.param(f"FROM --platform=ü😀 {HUB}\n", (1, 20, 54), id="code points"),
        pytest.param(f"FROM \\\n  {HUB}\n", (2, 3, 37), id="on the next line"),
        pytest.param(
            f"FROM {HUB[:9]}\\\n{HUB[9:]}\n", (1, 6, None), id="over two lines"
        ),
        pytest.param(f'FROM "{HUB}"\n', (1, 6, 42), id="quoted"),
    ],
)
def test_where_a_reference_is(tmp_path, text, place):
    one = only(find(tmp_path, {**NINE, "Dockerfile": text}))
    assert (one.line, one.column, one.end_column) == place


@pytest.mark.parametrize(
    ("files", "place"),
    [
        pytest.param({**FINE, "Dockerfile": "RUN x\n"}, (1, 1, None), id="no FROM"),
        pytest.param(
            {**rdm("13.1.2", "3.9", "3.8"), **build(ALMA)}, (5, 19, None), id="the pin"
        ),
        pytest.param(
            {**FINE, "compose.yml": "a:\n- [\n"}, (2, None, None), id="problem"
        ),
        pytest.param({**FINE, "x/Dockerfile/y": ""}, (1, None, None), id="whole file"),
    ],
)
def test_where_the_rest_is(tmp_path, files, place):
    one = only(find(tmp_path, files))
    assert (one.line, one.column, one.end_column) == place


@pytest.mark.parametrize(
    ("path", "root", "related"),
    [
        pytest.param("/repo/a", "/repo", "a", id="a file"),
        pytest.param("/repo/a/b", "/repo", "a/b", id="a file below"),
        pytest.param("/repo", "/repo", ".", id="the root itself"),
        pytest.param(
            "/repository/a", "/repo", "/repository/a", id="a name that begins so"
        ),
        pytest.param("/other/a", "/repo", "/other/a", id="outside"),
        pytest.param("/a", "/", "a", id="the root of everything"),
        pytest.param("/", "/", ".", id="the root of everything itself"),
        pytest.param("/repo/..a", "/repo", "..a", id="two dots in a name"),
    ],
)
def test_relate_path(path, root, related):
    assert relate_path(path, root) == related


@pytest.mark.parametrize(
    ("git", "folder", "root"),
    [
        pytest.param("", "", "", id="here"),
        pytest.param("", "a/b", "", id="above"),
        pytest.param("a", "a/b", "a", id="the nearest"),
        pytest.param("a", "b", "b", id="none"),
        pytest.param("a/b", "a", "a", id="only below"),
    ],
)
@pytest.mark.parametrize("worktree", [False, True])
def test_find_root(tmp_path, git, folder, root, worktree):
    for name in ("a/b", "b"):
        (tmp_path / name).mkdir(parents=True)
    mark = tmp_path / git / ".git"
    mark.write_text("gitdir: x") if worktree else mark.mkdir()
    assert find_root(str(tmp_path / folder)) == os.path.realpath(tmp_path / root)


def test_the_root_of_everything_ends_the_search():
    assert find_root("/") == "/"


def test_paths_begin_at_the_repository(tmp_path, monkeypatch):
    files = {**NINE, **build(HUB), "x/Dockerfile": f"FROM {HUB}\n"}
    with instance(tmp_path, files) as site:
        (tmp_path / ".git").mkdir()
        monkeypatch.chdir(site / "x")
        paths = ("..", str(site / "Dockerfile"))
        report = inspect(paths, Options(today=TODAY, prog=PROG))
        found = list_findings(report, find_root("."), os.path.realpath)
    assert [(one.path, one.rule) for one in found] == [
        ("my-site/Dockerfile", "impacted"),
        ("my-site/Pipfile.lock", "ended"),
        ("my-site/x/Dockerfile", "impacted"),
    ]
    assert found[2].edits[0].path == "my-site/x/Dockerfile"


def test_a_path_through_a_link_is_the_file_itself(tmp_path):
    with instance(tmp_path / "real", {**NINE, **build(HUB)}):
        (tmp_path / "real/.git").mkdir()
        (tmp_path / "link").symlink_to("real")
        paths = (str(tmp_path / "link/my-site/Dockerfile"),)
        report = inspect(paths, Options(today=TODAY, prog=PROG))
        found = list_findings(report, find_root("."), os.path.realpath)
    assert {one.path for one in found} == {"my-site/Dockerfile", "my-site/Pipfile.lock"}


def test_what_lies_elsewhere_keeps_its_whole_path(tmp_path):
    found = find_in_paths(tmp_path, FINE, "../../elsewhere")
    assert [one.path for one in found] == ["/elsewhere"]


def test_the_order_is_that_of_the_places(tmp_path):
    files = {
        **NINE,
        "b/Dockerfile": f"FROM {HUB}\nFROM {HUB}\n",
        "a/Dockerfile": f"FROM {HUB}\n",
    }
    places = [(one.path, one.line) for one in find(tmp_path, files)]
    assert places == [
        ("my-site/Pipfile.lock", 1),
        ("my-site/a/Dockerfile", 1),
        ("my-site/b/Dockerfile", 1),
        ("my-site/b/Dockerfile", 2),
    ]


def test_what_two_paths_reach_is_found_once(tmp_path):
    files = {**NINE, **build(HUB), "x/y": ""}
    once = find_in_paths(tmp_path, files, ".")
    again = find_in_paths(tmp_path / "again", files, ".", "Dockerfile", "x/..")
    assert again == once


# Fixes


@pytest.mark.parametrize(
    ("files", "edits"),
    [
        pytest.param({**NINE, **build(HUB)}, 1, id="what migrate writes"),
        pytest.param({**NINE, **build(CERN)}, 0, id="nothing to write"),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(HUB)}, 0, id="another image, by hand"
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)}, 0, id="the pin, by name"
        ),
        pytest.param({**NINE, **build("inveniosoftware/$X")}, 0, id="no value"),
        pytest.param(
            {**NINE, "Dockerfile": f"ARG A={HUB}\nFROM $A\n"}, 1, id="where it stands"
        ),
    ],
)
def test_only_what_migrate_writes_is_a_fix(tmp_path, files, edits):
    assert len(only(find(tmp_path, files)).edits) == edits


# What a later release asks for


def test_what_a_later_release_asks_for(monkeypatch):
    monkeypatch.chdir(ROOT / "examples/rdm-13-python3.12/my-site")
    report = inspect((".",), Options(today=TODAY, prog=PROG, release="14"))
    found = list_findings(report, os.getcwd(), os.path.abspath)
    assert [one[:5] for one in found if one.rule != "breaking"] == [
        ("upgrade", "minor", "Dockerfile", 11, 6),
        ("upgrade", "minor", "Pipfile", 11, 57),
        ("upgrade", "minor", "Pipfile", 21, 19),
        ("upgrade", "minor", "docker-services.yml", 41, 12),
    ]
    assert not [one for one in found if one.edits]
    said = [one.message for one in found if one.rule == "upgrade"]
    assert said.pop(0).endswith("Becomes ghcr.io/inveniosoftware/invenio:14-debian")
    assert said == [
        "InvenioRDM 14 asks for invenio-app-rdm: ~=13.1.0 becomes ~=14.0.0; invenio-cli "
        ">= 1.12.0.",
        "InvenioRDM 14 asks for Python 3.14: 3.12 becomes 3.14.",
        "InvenioRDM 14 asks for PostgreSQL >= 15, not postgres:14.13.",
    ]


def test_a_move_of_an_upgrade_is_no_fix(tmp_path):
    with instance(tmp_path, {**rdm("9.1.7", "3.9"), **build(SEVEN)}):
        now, then = (
            inspect((".",), Options(today=TODAY, prog=PROG, release=release))
            for release in (None, "11")
        )
    for report, edits, image in (
        (now, 1, f"registry.cern.ch/{SEVEN}"),
        (then, 0, ALMA),
    ):
        found = list_findings(report, "/repo", os.path.abspath)
        (one,) = [one for one in found if one.rule == "impacted"]
        assert len(one.edits) == edits
        assert one.becomes.startswith(image)


def test_a_release_that_is_no_later_one(tmp_path):
    with instance(tmp_path, {**rdm("13.1.2", "3.9"), **build(ALMA)}):
        report = inspect((".",), Options(today=TODAY, prog=PROG, release="13.1"))
    (one,) = list_findings(report, "/repo", os.path.abspath)
    assert (one.rule, one.severity) == ("problem", "major")


# Names


def name(rule="impacted", path="Dockerfile", subject="x", **other):
    return identify([Finding(rule, "major", path, subject=subject, **other)])


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"line": 9}, id="line"),
        pytest.param({"column": 9, "end_column": 10}, id="columns"),
        pytest.param({"sentence": "No fixes for 9 days."}, id="sentence"),
        pytest.param({"becomes": "y"}, id="what it becomes"),
        pytest.param({"accepted_until": "2027-01-01"}, id="accepted"),
    ],
)
def test_a_name_stays(other):
    assert name(**other) == name()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"rule": "outdated"}, id="rule"),
        pytest.param({"path": "x/Dockerfile"}, id="path"),
        pytest.param({"path": "Dockerfile\udcff"}, id="no UTF-8"),
        pytest.param({"subject": "y"}, id="subject"),
        pytest.param(
            {"path": "Dockerfile\0x", "subject": ""}, id="nothing runs together"
        ),
    ],
)
def test_a_name_changes(other):
    assert name(**other) != name()


def test_names_are_unique_and_stay_when_lines_move(tmp_path):
    text = f"FROM {HUB} AS a\nFROM {HUB}\n{YUM}{YUM}"
    before = find(tmp_path / "a", {**NINE, "Dockerfile": text})
    after = find(tmp_path / "b", {**NINE, "Dockerfile": f"# x\n\n{text}"})
    names = identify(before)
    assert identify(after) == names
    assert [one.line for one in after] != [one.line for one in before]
    assert len(set(names)) == len(names) == 5
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in names)


def test_a_problem_keeps_its_name_when_lines_move(tmp_path):
    files = {**FINE, **build(ALMA)}
    broken = {"Pipfile": "x = 1\nx = 2\n", "compose.yml": "a:\n- [\n"}
    before = find(tmp_path / "a", {**files, **broken})
    lower = {path: f"\n\n{text}" for path, text in broken.items()}
    after = find(tmp_path / "b", {**files, **lower})
    assert [one.line for one in after] == [one.line + 2 for one in before]
    assert identify(after) == identify(before)


# What files hold


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_every_text_is_one_printable_line(tmp_path, text):
    found = find_hostile(tmp_path, text)
    assert {"impacted", "failing", "unresolved", "problem"} <= {
        one.rule for one in found
    }
    for one in found:
        assert (one.message + one.subject + one.becomes).isprintable()


@pytest.mark.parametrize("text", NAMES.values(), ids=NAMES.keys())
def test_paths_are_kept_as_they_are(tmp_path, text):
    found = find_hostile(tmp_path, text)
    assert f"my-site/{text}.dockerfile" in {one.path for one in found}
