# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``check --for``: an instance and a release in; the changes, commands and pages out."""

from __future__ import annotations

import json

import pytest

from ..instances import (
    PIPENV,
    POETRY,
    PROG,
    UV,
    build,
    check,
    configure,
    ils,
    plain,
    printed,
    rdm,
    rdm_poetry,
    rdm_uv,
    run,
)
from ..tables import rows, site

HUB, CERN = "inveniosoftware", "registry.cern.ch/inveniosoftware"
C7_39, C8_38 = f"{HUB}/centos7-python:3.9", f"{HUB}/centos8-python:3.8"
ALMA, DEBIAN = f"{CERN}/almalinux:1", f"ghcr.io/{HUB}/invenio:14-debian"
OWN_312 = (
    "RUN dnf -y install python3.12 && ln -sfn /usr/bin/python3.12 "
    f"/usr/local/bin/python3\n{PIPENV}"
)
NINE = site("9.1.7", "3.8", C8_38)
TWELVE = site("12.0.19", "3.9", ALMA)
THIRTEEN = site("13.1.2", "3.9", ALMA)
READY = site("13.1.2", "3.14", ALMA)
PACKAGE = "invenio-app-rdm Pipfile:2 ==13.1.2 -> ~=14.0.0 (by hand)"
OWN_BREAKS = [
    "command Dockerfile:2 dnf -y install python3.12 -> Remove python3.12: "
    "invenio:14-debian has Python 3.14. (by hand)",
    "command Dockerfile:2 /usr/bin/python3.12 -> Use python3, or python3.14. (by hand)",
]
PYTHON = "Python Pipfile:5 3.12 -> 3.14"
IMAGE = f"base image Dockerfile:1 {ALMA} -> {DEBIAN}"
NODE = "Node Dockerfile:1 16 -> 18 or later (by hand)"


def serve(database, search):
    """Return a compose file with both services."""
    text = f"services:\n  db:\n    image: {database}\n  search:\n    image: {search}\n"
    return {"docker-compose.yml": text}


def advise(folder, files, release):
    return check(folder, files, release=release).instances[0].advice


def show(finding):
    step = finding.step
    hand = " (by hand)" if step.by_hand else ""
    return f"{step.what} {finding.span.at_line} {step.old} -> {step.new}{hand}"


CHANGES = {
    "13.1 to 14": (site("13.1.2", "3.12", ALMA), "14", [PYTHON, PACKAGE, IMAGE]),
    "12 to 13.1": (
        TWELVE,
        "13.1",
        ["invenio-app-rdm Pipfile:2 ==12.0.19 -> ~=13.1.0 (by hand)", NODE],
    ),
    "13.1 with its own Python": (
        site("13.1.2", "3.12", ALMA, OWN_312),
        "14",
        [PYTHON, PACKAGE, IMAGE, *OWN_BREAKS],
    ),
    "9.1 to 10.1: the same image": (
        NINE,
        "10.1",
        [
            "invenio-app-rdm Pipfile:2 ==9.1.7 -> ~=10.1.0 (by hand)",
            f"base image Dockerfile:1 {C8_38} -> {CERN}/centos8-python:3.8",
        ],
    ),
    "10.1 to 11 leaves Docker Hub": (
        site("10.1.1", "3.8", C8_38),
        "11",
        [
            "Python Pipfile:5 3.8 -> 3.9",
            "invenio-app-rdm Pipfile:2 ==10.1.1 -> ~=11.0.0 (by hand)",
            f"base image Dockerfile:1 {C8_38} -> {ALMA}",
        ],
    ),
    "no pin": ({**rdm("13.1.2"), **build(ALMA)}, "14", [PACKAGE, IMAGE]),
    "poetry": (
        {**rdm_poetry("13.1.2", "^3.9,<3.13"), **build(ALMA, POETRY)},
        "14",
        [
            "Python pyproject.toml:4 ^3.9,<3.13 -> >=3.14,<3.15",
            "invenio-app-rdm pyproject.toml:5 13.1.2 -> ~=14.0.0 (by hand)",
            IMAGE,
        ],
    ),
    "another image, which fits": (
        {**rdm_uv("13.1.2", ">=3.9"), **build("python:3.14-trixie", UV)},
        "14",
        ["invenio-app-rdm pyproject.toml:4 ==13.1.2 -> ~=14.0.0 (by hand)"],
    ),
    "another image, which does not fit": (
        site("13.1.2", "3.12", "python:3.12"),
        "14",
        [
            f"{PYTHON} (by hand)",
            PACKAGE,
            "base image Dockerfile:1 python:3.12 -> one with Python 3.14 (by hand)",
        ],
    ),
    "a command that breaks": (
        {**READY, **build(ALMA, f"RUN dnf install -y git\n{PIPENV}")},
        "14",
        [
            PACKAGE,
            IMAGE,
            "command Dockerfile:2 dnf install -y git -> Use "
            "`apt-get update && apt-get install -y git`. (by hand)",
        ],
    ),
    "through a cache": (
        configure(READY, "mirrors = ghcr.io=harbor.example.org/ghcr"),
        "14",
        [
            PACKAGE,
            f"base image Dockerfile:1 {ALMA} -> "
            f"harbor.example.org/ghcr/{HUB}/invenio:14-debian",
        ],
    ),
    "from a copy": (
        configure(READY, f"copies = ghcr.io/{HUB}=harbor.example.org/own"),
        "14",
        [
            PACKAGE,
            f"base image Dockerfile:1 {ALMA} -> "
            "harbor.example.org/own/invenio:14-debian",
        ],
    ),
    "two Dockerfiles of the instance, and another": (
        {
            **rdm("13.1.2", "3.12"),
            "Dockerfile": f"FROM {ALMA}\n{PIPENV}",
            "Dockerfile.worker": f"FROM {ALMA}\n{PIPENV}",
            "docs/Dockerfile": "FROM python:3.9\nRUN pip install sphinx\n",
        },
        "14",
        [PYTHON, PACKAGE, IMAGE, IMAGE.replace("Dockerfile:", "Dockerfile.worker:")],
    ),
    "a local base": (
        {
            **rdm("13.1.2", "3.12"),
            "Dockerfile": f"FROM my-site-base\n{PIPENV}",
            "Dockerfile.base": f"FROM {ALMA}\n",
        },
        "14",
        [PYTHON, PACKAGE, IMAGE.replace("Dockerfile:", "Dockerfile.base:")],
    ),
    "what pages change in the files": (
        {**NINE, ".invenio": f"{NINE['.invenio']}elasticsearch = 7\n"},
        "12",
        [
            "Python Pipfile:5 3.8 -> 3.9",
            "elasticsearch .invenio:5 elasticsearch = 7 -> search = opensearch2 "
            "(by hand)",
            "invenio-app-rdm Pipfile:2 ==9.1.7 -> ~=12.0.0 (by hand)",
            f"base image Dockerfile:1 {C8_38} -> {ALMA}",
        ],
    ),
    "ILS": (
        {**ils("4.5.0", "3.9"), **build(ALMA)},
        "5",
        ["invenio-app-ils Pipfile:2 ==4.5.0 -> ~=5.0.0 (by hand)"],
    ),
}


@pytest.mark.parametrize(("files", "release", "changes"), rows(CHANGES))
def test_changes(tmp_path, files, release, changes):
    advice = advise(tmp_path, files, release)
    assert [show(one) for one in advice.upgrade.changes] == changes
    takes = f"{len(changes)} change" + ("" if len(changes) == 1 else "s")
    assert advice.answer.endswith(f" to {release} takes {takes}.")


ONE_MAJOR_AT_A_TIME = {
    "the next": ("13.1.2", "14", ["14"], ["v14/upgrade-v14.0/"]),
    "13.0 to 14": ("13.0.3", "14", ["14"], ["v14/upgrade-v14.0/"]),
    "x.0 first": (
        "9.1.7",
        "10.1",
        ["10.1"],
        ["v10/upgrade-v10.0/", "v10/version-v10.1.0/"],
    ),
    "one between": (
        "12.0.19",
        "14",
        ["13.1", "14"],
        ["v13/upgrade-v13.0/", "v13/version-v13.1.0/", "v14/upgrade-v14.0/"],
    ),
}


@pytest.mark.parametrize(
    ("version", "release", "steps", "pages"), rows(ONE_MAJOR_AT_A_TIME)
)
def test_one_major_at_a_time(tmp_path, version, release, steps, pages):
    files = {**rdm(version, "3.9"), **build(ALMA)}
    advice = advise(tmp_path, files, release)
    assert [one.label for one in advice.upgrade.steps] == steps
    docs = "https://inveniordm.docs.cern.ch/releases/"
    assert [page.replace(docs, "") for page in advice.upgrade.pages] == pages
    if steps[1:]:
        text = f"Upgrade one major version at a time. Go to {steps[0]} first:"
        line = f"{PROG} check --for {steps[0]}"
        (first,) = advice.options
        assert first.text == text
        assert [one.line for one in first.commands] == [line]


COMMANDS = {
    "image and pin": (
        site("13.1.2", "3.12", ALMA),
        "14",
        [
            (f"{PROG} migrate --for 14 --set-python", "makes changes 1 and 3"),
            ("invenio-cli packages lock", "needs Python 3.14 on this machine"),
        ],
    ),
    "the image alone": (
        READY,
        "14",
        [
            (f"{PROG} migrate --for 14", "makes change 2"),
            ("invenio-cli packages lock", ""),
        ],
    ),
    "nothing that migrate writes": (TWELVE, "13.1", []),
}


@pytest.mark.parametrize(("files", "release", "commands"), rows(COMMANDS))
def test_commands(tmp_path, files, release, commands):
    options = advise(tmp_path, files, release).options
    lines = [(one.line, one.remark) for option in options for one in option.commands]
    assert lines == commands


SERVICES = {
    "ok": (
        "postgres:15.4",
        "opensearchproject/opensearch:2.17.1",
        "14",
        [],
        ["PostgreSQL 15.4", "OpenSearch 2.17.1"],
    ),
    "both too old": (
        "postgres:14.13",
        "opensearchproject/opensearch:2.3",
        "14",
        ["PostgreSQL 15 or later", "OpenSearch 2.12"],
        [],
    ),
}


@pytest.mark.parametrize(
    ("database", "search", "release", "needed", "compatible"), rows(SERVICES)
)
def test_services(tmp_path, database, search, release, needed, compatible):
    files = {**THIRTEEN, **serve(database, search)}
    upgrade = advise(tmp_path, files, release).upgrade
    assert [one.step.new for one in upgrade.services] == needed
    assert [text.partition(" (")[0] for text in upgrade.compatible] == compatible


HOST_THAT_IS_NEEDED = {
    "the least": (THIRTEEN, "14", "invenio-cli 1.12.0 or later"),
    "the last": (site("9.0.6", "3.8", C8_38), "9.1", "invenio-cli 1.0.5 to 1.11"),
}


@pytest.mark.parametrize(("files", "release", "host"), rows(HOST_THAT_IS_NEEDED))
def test_the_host_that_is_needed(tmp_path, files, release, host):
    text = " ".join(printed(tmp_path, files, "--for", release).split())
    assert f"Also needed: {host} " in text


TODAY = "Today: wrong Python. Pipfile requires Python 3.12, the base image has 3.9."


def test_what_is_urgent_today_is_said(tmp_path):
    urgent = site("13.1.2", "3.12", ALMA)
    assert advise(tmp_path / "a", urgent, "14").cautions == (TODAY,)
    assert advise(tmp_path / "b", THIRTEEN, "14").cautions == ()


RELEASE_THAT_CANNOT_BE_REACHED = {
    "no instance": (
        {**plain("3.9"), **build(C7_39)},
        "14",
        "this is not an Invenio instance, so it has no release to upgrade to",
    ),
    "unknown": (
        THIRTEEN,
        "15",
        "InvenioRDM 15 is not in the catalogue, whose newest release is 14. The next step "
        f"from 13.1: `{PROG} check --for 14`",
    ),
    "from a release that is not in the catalogue": (
        site("15.0.0", "3.14", DEBIAN),
        "14",
        "InvenioRDM 15.0.0 is not in the catalogue, so no upgrade page is known",
    ),
    "no page": (
        {**ils("1.0.0rc1", "3.9"), **build(ALMA)},
        "5",
        "no upgrade page leads from 1.0.0rc1 to 5",
    ),
}


@pytest.mark.parametrize(
    ("files", "release", "problem"), rows(RELEASE_THAT_CANNOT_BE_REACHED)
)
def test_a_release_that_cannot_be_reached(tmp_path, files, release, problem):
    ran = run(tmp_path, files, "check", "--for", release)
    assert ran.code == 2
    # Nothing else is said.
    said = " ".join(ran.out.split())
    assert said.startswith(f"Problems: --for {release}: {problem}")


RELEASE_THAT_IT_IS_ON = {
    "the same": ("14.0.5", "14", "already 14.0.", 0),
    "an earlier one": ("14.0.5", "13.1", "already on 14.0, which is after 13.1.", 0),
    "its beta": ("14.0.0b5", "14", "the upgrade from 14.0.0b5 to 14", 1),
}


@pytest.mark.parametrize(
    ("version", "release", "answer", "code"), rows(RELEASE_THAT_IT_IS_ON)
)
def test_the_release_that_it_is_on(tmp_path, version, release, answer, code):
    files = {**rdm(version, "3.14"), **build(DEBIAN)}
    ran = run(tmp_path, files, "check", "--for", release)
    assert (ran.code, ran.err) == (code, "")
    assert ran.out.startswith(f"my-site: {answer}")


def test_one_instance_that_it_applies_to_is_enough(tmp_path):
    files = {f"a/{name}": text for name, text in THIRTEEN.items()}
    files.update({f"b/{name}": text for name, text in build(C7_39).items()})
    ran = run(tmp_path, files, "check", "--for", "14", "a", "b")
    assert ran.code == 1
    assert "Problems:" not in ran.out


def test_another_instance_that_it_does_not_apply_to_is_named(tmp_path):
    files = {f"a/{name}": text for name, text in THIRTEEN.items()}
    other = {**ils("4.5.0", "3.9"), **build(ALMA)}
    files.update({f"b/{name}": text for name, text in other.items()})
    ran = run(tmp_path, files, "check", "--for", "14", "a", "b")
    assert ran.code == 1
    assert "  b  --for 14: InvenioILS 14 is not in the catalogue" in ran.out
    assert "\nb:" not in ran.out


def test_nothing_to_change_is_exit_0(tmp_path):
    files = {
        **rdm_uv("13.0.3", "==3.12.*"),
        "pyproject.toml": '[project]\nname = "x"\nrequires-python = "==3.12.*"\n',
        "uv.lock": '[[package]]\nname = "invenio-app-rdm"\nversion = "13.0.3"\n',
        **build("python:3.12", UV),
    }
    ran = run(tmp_path, files, "check", "--for", "13.1")
    assert ran.out.startswith(
        "my-site: the upgrade from 13.0.3 to 13.1 changes no file."
    )
    assert ran.code == 0


def test_text(tmp_path):
    compose = serve("postgres:14.13", "opensearchproject/opensearch:2.17.1")
    files = {**THIRTEEN, **compose}
    assert (
        printed(tmp_path, files, "--for", "14")
        == f"""\
my-site: the upgrade from 13.1.2 to 14 takes 3 changes.

  1. Python           Pipfile:5     3.9 -> 3.14
  2. invenio-app-rdm  Pipfile:2     ==13.1.2 -> ~=14.0.0 (by hand)
  3. base image       Dockerfile:1  {ALMA}
                      -> {DEBIAN}
     The image is for amd64 machines only.

  Make change 2 by hand, then:
    invenio-cli registry migrate --for 14 --set-python  # makes changes 1 and 3
    invenio-cli packages lock                # needs Python 3.14 on this machine

  Also needed:
    PostgreSQL 15 or later (docker-compose.yml:3 runs postgres:14.13)
    invenio-cli 1.12.0 or later
  Already compatible:
    OpenSearch 2.17.1 (docker-compose.yml:5)
  Full instructions:
    https://inveniordm.docs.cern.ch/releases/v14/upgrade-v14.0/

Based on documentation of 2026-08; no registry was contacted. Test a new image
before you use it in production.
"""
    )


def test_json(tmp_path):
    text = printed(tmp_path, TWELVE, "--for", "14", "--format", "json")
    asked = json.loads(text)["projects"][0]["for"]
    assert (asked["release"], asked["already"]) == ("14", False)
    assert asked["upgrade_path"] == ["13.1", "14"]
    assert [one["rule"] for one in asked["changes"]] == ["python", "package", "python"]
