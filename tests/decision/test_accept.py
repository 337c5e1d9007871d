# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Findings that are accepted until a date: by settings, comments and options."""

from __future__ import annotations

import pytest

from ..instances import PIPENV, as_json, build, configure, printed, run
from ..tables import rows, site

HUB = "inveniosoftware"
EIGHT, SEVEN = f"{HUB}/centos8-python:3.8", f"{HUB}/centos7-python:3.6"
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
DIGEST = "sha256:" + "0" * 64
FAR = "2027-03-01"
NINE = site("9.1.7", "3.8", EIGHT)
FAILS = "RUN yum install -y gcc\n"


def accept(files, *lines):
    return configure(files, "accept =", *(f"    {line} until {FAR}" for line in lines))


def find_accepted(folder, files, *arguments):
    """Return the act, and the rule and path of each finding that is accepted."""
    (project,) = as_json(folder, files, *arguments)["projects"]
    found = project["findings"]
    accepted = {(f["rule"], f["path"]) for f in found if f["accepted_until"]}
    return project["advice"]["act"], accepted


def test_an_accepted_image_is_shown_and_counts_for_nothing(tmp_path):
    ran = run(tmp_path, accept(NINE, EIGHT), "check")
    assert ran.code == 0
    assert ran.out.startswith(f"my-site: accepted until {FAR} (in 97 days):\n  {EIGHT}")
    assert f"accepted until {FAR}\n" in ran.out
    # Its release is no longer supported all the same.
    assert "Act now?  No, but plan for it. InvenioRDM 9.1.7 has had" in ran.out


@pytest.mark.parametrize(
    ("day", "code"), [("2027-02-28", 0), ("2027-03-01", 1), ("2027-03-02", 1)]
)
def test_it_comes_back_on_the_day(tmp_path, day, code):
    ran = run(tmp_path, accept(NINE, EIGHT), "check", "--today", day)
    assert ran.code == code
    assert ran.out.startswith("my-site: impacted.") is bool(code)


IMAGE_WITH_ITS_TAG_IS_MEANT = {
    "another spelling": (EIGHT, f"docker.io/{EIGHT}", True),
    "an alias": (f"index.docker.io/{EIGHT}", EIGHT, True),
    "a tag, pinned": (EIGHT, f"{EIGHT}@{DIGEST}", True),
    "another content": (f"{EIGHT}@{DIGEST}", EIGHT, False),
    "another image": (SEVEN, EIGHT, False),
    "no tag is latest": (f"{HUB}/centos8-python", EIGHT, False),
    "an unknown tag": (EIGHT, f"{HUB}/centos8-python:$V", False),
    "elsewhere": (f"registry.cern.ch/{EIGHT}", EIGHT, False),
}


@pytest.mark.parametrize(
    ("image", "named", "accepted"), rows(IMAGE_WITH_ITS_TAG_IS_MEANT)
)
def test_the_image_with_its_tag_is_meant(tmp_path, image, named, accepted):
    _, found = find_accepted(tmp_path, accept({**NINE, **build(named)}, image))
    assert bool(found) is accepted


HERE, OLD = ("docker-hub", "Dockerfile"), ("docker-hub", "old/Dockerfile")
TWO = {**NINE, "old/Dockerfile": f"FROM {EIGHT}\n"}
LINE = ("command-fails", "Dockerfile")


def comment(text, above="FROM"):
    text = f"# invenio-registry: {text}\n"
    first, second = (text, "") if above == "FROM" else ("", text)
    return {**NINE, "Dockerfile": f"{first}FROM {EIGHT}\n{second}{FAILS}{PIPENV}"}


IS_ACCEPTED = {
    "a rule": (accept(TWO, "docker-hub"), "plan", {HERE, OLD}),
    "and a path": (accept(TWO, "docker-hub old/*"), "soon", {OLD}),
    "a comment without a day": (comment("ignore=docker-hub"), "now", {HERE}),
    "a command that fails": (
        comment(f"ignore=command-fails until {FAR}", "RUN"),
        "soon",
        {LINE},
    ),
    "the line below only": (
        comment("ignore=docker-hub,command-fails", "RUN"),
        "soon",
        {LINE},
    ),
    "past": (comment("ignore=docker-hub until 2026-01-01"), "now", set()),
    "no day": (comment("ignore=docker-hub until 2027-13-01"), "now", set()),
    "YAML": (
        {
            **NINE,
            "compose.yml": "services:\n  a:\n    # invenio-registry: "
            f"ignore=docker-hub\n    image: {EIGHT}\n",
        },
        "soon",
        {("docker-hub", "compose.yml")},
    ),
    "the wrong Python": (
        accept(site("13.1.2", "3.12", ALMA), "python"),
        "plan",
        {("python", "Dockerfile")},
    ),
}


@pytest.mark.parametrize(("files", "act", "accepted"), rows(IS_ACCEPTED))
def test_what_is_accepted(tmp_path, files, act, accepted):
    found_act, found = find_accepted(tmp_path, files)
    assert (found_act, {one for one in found if one[0] != "end-of-life"}) == (
        act,
        accepted,
    )


def test_an_acceptance_without_a_day_is_said_without_one(tmp_path):
    dockerfile = f"# invenio-registry: ignore=docker-hub\nFROM {EIGHT}\n{PIPENV}"
    text = printed(tmp_path, {**NINE, "Dockerfile": dockerfile})
    assert "workflow that publishes it\n                  accepted\n" in text


def test_the_last_of_several_days_counts(tmp_path):
    files = accept(NINE, EIGHT)
    files[".invenio"] += (
        f"    {EIGHT} until 2027-06-01\n    docker-hub until 2027-01-01\n"
    )
    (project,) = as_json(tmp_path, files)["projects"]
    assert project["references"][0]["accepted_until"] == "2027-06-01"


MATCHES_NOTHING_IS_SAID_WITH_VERBOSE = {
    "setting": (accept(NINE, "python"), ".invenio:7: `accept = python`"),
    "comment": (comment("ignore=python"), "Dockerfile:1: `ignore=python`"),
    "no day": (
        comment("ignore=docker-hub until 2027-13-01"),
        "Dockerfile:1: `ignore=docker-hub until 2027-13-01`",
    ),
}


@pytest.mark.parametrize(("files", "said"), rows(MATCHES_NOTHING_IS_SAID_WITH_VERBOSE))
def test_what_matches_nothing_is_said_with_verbose(tmp_path, files, said):
    assert "matches nothing" not in printed(tmp_path, files)
    assert f"{said} matches nothing." in printed(tmp_path, {}, "--verbose")


OPTIONS_SELECT_RULES = {
    "ignore": (("--ignore", "docker-hub"), {"end-of-life"}),
    "only": (("--only", "docker-hub"), {"docker-hub"}),
}


@pytest.mark.parametrize(("options", "rules"), rows(OPTIONS_SELECT_RULES))
def test_options_select_rules(tmp_path, options, rules):
    (project,) = as_json(tmp_path, NINE, *options)["projects"]
    assert {finding["rule"] for finding in project["findings"]} == rules


def test_migrate_moves_what_is_accepted(tmp_path):
    ran = run(tmp_path, accept(NINE, EIGHT), "migrate", "--yes")
    assert ran.code == 0
    assert f"+FROM registry.cern.ch/{EIGHT}\n" in ran.out


def test_what_is_accepted_is_not_left(tmp_path):
    files = accept({**NINE, **build(f"{HUB}/web-node:1")}, f"{HUB}/web-node:1")
    ran = run(tmp_path, files, "migrate", "--yes")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("my-site: nothing to change; 1 other finding:")


@pytest.mark.parametrize(
    "options", [("--ignore", "docker-hub"), ("--only", "python"), ("--for", "10.1")]
)
def test_what_is_not_looked_at_is_not_said_to_match_nothing(tmp_path, options):
    text = printed(tmp_path, accept(NINE, "docker-hub"), "--verbose", *options)
    assert "matches nothing" not in text
