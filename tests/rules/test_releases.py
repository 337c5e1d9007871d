# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The release: its end of life, its patches, and what an upgrade changes."""

from __future__ import annotations

import datetime

import pytest

from ..instances import build, check, ils, rdm
from . import ALMA, C8_38, DEBIAN_14, at_cern, findings

NINE, FOURTEEN = rdm("9.1.7", "3.8"), rdm("14.0.5", "3.14")
GONE = "InvenioRDM 9.1.7 has had no fixes since 2025-02-01."
RUNS_12 = {"compose.yml": "services:\n  db:\n    image: postgres:12.4\n"}
ENDS = {
    "release, system and Python": (
        {**NINE, **build(at_cern(C8_38))},
        [
            ("plan", "Pipfile.lock:1", GONE),
            ("plan", "Dockerfile:1", "CentOS 8 has had no fixes since 2021-12-31."),
            ("no", "Dockerfile:1", "Python 3.8 has had no fixes since 2024-10-07."),
        ],
    ),
    "a system patches its Python": (
        {**rdm("13.1.2", "3.9"), **build(ALMA)},
        [
            (
                "plan",
                "Pipfile.lock:1",
                "Fixes for InvenioRDM 13.1.2 end on 2027-02-07 (in 75 days).",
            ),
            ("no", "Dockerfile:1", "Node 16 has had no fixes since 2023-09-11."),
        ],
    ),
    "a service": (
        {**FOURTEEN, **build(DEBIAN_14), **RUNS_12},
        [("no", "compose.yml:3", "PostgreSQL 12 has had no fixes since 2024-11-21.")],
    ),
    "a Python of others, on any system": (
        {**rdm("14.0.5", "3.8"), **build("python:3.8")},
        [("no", "Dockerfile:1", "Python 3.8 has had no fixes since 2024-10-07.")],
    ),
    "nothing": ({**FOURTEEN, **build(DEBIAN_14)}, []),
    "no dates are published": ({**ils("4.5.0", "3.9"), **build("example.org/a:1")}, []),
    "an unknown image": ({**FOURTEEN, **build("example.org/a:1")}, []),
    "a tool's image is not the instance's": (
        {**FOURTEEN, **build(f"{at_cern(C8_38)} AS tool\nRUN true\nFROM {DEBIAN_14}")},
        [],
    ),
}


@pytest.mark.parametrize(("files", "found"), ENDS.values(), ids=ENDS)
def test_end_of_life(tmp_path, files, found):
    assert sorted(findings(tmp_path, files, "end-of-life")) == sorted(found)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("2026-08-10", None),
        ("2026-08-11", "Fixes for InvenioRDM 13.1.2 end on 2027-02-07 (in 180 days)."),
        ("2027-02-06", "Fixes for InvenioRDM 13.1.2 end on 2027-02-07 (in 1 day)."),
        ("2027-02-07", "InvenioRDM 13.1.2 has had no fixes since 2027-02-07."),
    ],
)
def test_a_day_that_is_near(tmp_path, day, text):
    files = rdm("13.1.2", "3.9")
    found = findings(
        tmp_path, files, "end-of-life", today=datetime.date.fromisoformat(day)
    )
    assert [one[2] for one in found] == ([text] if text else [])


EARLY = {
    "the final one is out": (
        "14.0.0b5",
        ("plan", "InvenioRDM 14.0.0b5 is a pre-release, and the final 14.0.5 is out."),
    ),
    "of no known release": (
        "15.0.0b2",
        ("no", "InvenioRDM 15.0.0b2 is a pre-release, and not in the catalogue."),
    ),
    "beyond the catalogue": (
        "15.0.1",
        ("no", "InvenioRDM 15.0.1 is not in the catalogue."),
    ),
    "before it": ("0.12.5", ("no", "InvenioRDM 0.12.5 is not in the catalogue.")),
    "final": ("14.0.5", None),
    "a later patch than the catalogue's": ("14.0.9", None),
}


@pytest.mark.parametrize(("version", "found"), EARLY.values(), ids=EARLY)
def test_pre_release(tmp_path, version, found):
    told = findings(tmp_path, rdm(version, "3.14"), "pre-release")
    assert [(act, text) for act, _, text in told] == ([found] if found else [])


def test_a_release_candidate_that_is_all_there_is(tmp_path):
    told = findings(tmp_path, ils("1.0.0rc1", "3.7"), "pre-release")
    assert [(act, text) for act, _, text in told] == [
        ("no", "InvenioILS 1.0.0rc1 is a pre-release.")
    ]


PATCHES = {
    "an older one": (
        rdm("12.0.0", "3.9"),
        "InvenioRDM 12.0.0 is not the last patch: 12.1.0 is.",
    ),
    "the last of another line": (
        rdm("12.0.19", "3.9"),
        "InvenioRDM 12.0.19 is not the last patch: 12.1.0 is.",
    ),
    "the last one": (rdm("13.1.2", "3.9"), None),
    "a later one": (rdm("13.1.3", "3.9"), None),
    "a pre-release": (rdm("14.0.0b5", "3.14"), None),
    "only a lower bound": (
        {
            **rdm("12.0.0", "3.9"),
            "Pipfile": '[packages]\ninvenio-app-rdm = "~=12.0.0"\n',
            "Pipfile.lock": "{}",
        },
        None,
    ),
    "no page says": (ils("4.4.0", "3.9"), None),
}


@pytest.mark.parametrize(("files", "message"), PATCHES.values(), ids=PATCHES)
def test_old_patch(tmp_path, files, message):
    found = findings(tmp_path, files, "old-patch")
    assert [(one[0], one[2]) for one in found] == ([("no", message)] if message else [])


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        pytest.param("~=12.0.0", "Change ~=12.0.0 to ~=12.1.0 in ", id="not allowed"),
        pytest.param("==12.0.19", "Change ==12.0.19 to ~=12.1.0 in ", id="exact"),
        pytest.param("~=12.0", "Update the packages to 12.1.0.", id="allowed"),
        pytest.param("*", "Update the packages to 12.1.0.", id="any"),
    ],
)
def test_how_to_get_a_patch(tmp_path, pin, said):
    pipfile = f'[packages]\ninvenio-app-rdm = "{pin}"\n'
    files = {**rdm("12.0.19", "3.9"), "Pipfile": pipfile, **build(ALMA)}
    (one,) = check(tmp_path, files).instances
    (found,) = [one for one in one.findings if one.rule == "old-patch"]
    assert found.help.startswith(said)


def manifest(version, invenio=""):
    text = f'[packages]\ninvenio-app-rdm = {{version = "{version}", extras = ["postgresql"]}}\n'
    return {".invenio": f"[cli]\nflavour = RDM\n{invenio}", "Pipfile": text}


CHANGES = {
    "what its page names": (
        *({**manifest("~=12.0.0"), **build(ALMA)}, "13.1"),
        [
            ("invenio-app-rdm", "~=12.0.0", "~=13.1.0"),
            ("invenio-app-rdm", "extra postgresql", "removed"),
        ],
    ),
    "settings of invenio-cli": (
        *(manifest("~=11.0.0", "[cookiecutter]\nelasticsearch = 7\n"), "12"),
        [
            ("invenio-app-rdm", "~=11.0.0", "~=12.0.0"),
            ("elasticsearch", "elasticsearch = 7", "search = opensearch2"),
        ],
    ),
    "no --for": ({**rdm("13.1.2", "3.9"), **build(ALMA)}, None, []),
}


@pytest.mark.parametrize(("files", "release", "changes"), CHANGES.values(), ids=CHANGES)
def test_what_an_upgrade_changes(tmp_path, files, release, changes):
    (one,) = check(tmp_path, files, release=release).instances
    steps = [found.step for found in one.findings if found.rule == "package"]
    assert [(step.what, step.old, step.new) for step in steps] == changes
