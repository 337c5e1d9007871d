# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``check --for``: an instance and a release in, what has to change in which order out."""

import json
import shlex

import click
import jsonschema
import pytest

from invenio_cli_registry.cli import registry
from invenio_cli_registry.report.json import render_json
from invenio_cli_registry.report.layout import Layout
from invenio_cli_registry.report.text import render_text

from .instances import (
    PIP,
    PIPENV,
    PROG,
    UV,
    build,
    configure,
    decide_instance,
    ils,
    inspect_instance,
    rdm,
    rdm_poetry,
    rdm_uv,
    report_instance,
)
from .schemas import load_schema

ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
DEBIAN_14 = "ghcr.io/inveniosoftware/invenio:14-debian"
C8_38 = "inveniosoftware/centos8-python:3.8"
C7_39 = "inveniosoftware/centos7-python:3.9"
AT_CERN = f"registry.cern.ch/{C8_38}"
OWN_312 = (
    "RUN dnf -y install python3.12 && pip3.12 install pipenv\n"
    "RUN pipenv install --deploy --system\n"
)
SERVICES = {
    "docker-services.yml": "services:\n  db:\n    image: {}\n  search:\n    image: {}\n"
}


def services(database, search):
    return {name: text.format(database, search) for name, text in SERVICES.items()}


def changes(upgrade):
    """Return each change as one line: place, old and new, by whom."""
    return [
        (
            one.kind,
            f"{one.place.path}:{one.place.line}:{one.place.column}"
            if one.place
            else "",
            f"{one.old} > {one.new}",
            one.by,
        )
        for one in upgrade.changes
    ]


def upgrade(tmp_path, files, release):
    found = decide_instance(tmp_path, files, release).upgrade
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("files", "release", "expected"),
    [
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA, OWN_312)},
            "14",
            [
                ("python", "Pipfile:5:19", "3.12 > 3.14", "migrate"),
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="13.1 with its own 3.12 to 14",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.9"), **build(ALMA)},
            "14",
            [
                ("python", "Pipfile:5:19", "3.9 > 3.14", "migrate"),
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="13.1 to 14",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(ALMA)},
            "13.1",
            [("package", "Pipfile:2:31", "==12.0.19 > ~=13.1.0", "hand")],
            id="12 to 13.1 stays where it is",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.12"), **build(ALMA, OWN_312)},
            "13.1",
            [("package", "Pipfile:2:31", "==12.0.19 > ~=13.1.0", "hand")],
            id="12 with its own 3.12 to 13.1, which takes it",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(C8_38)},
            "10.1",
            [
                ("package", "Pipfile:2:31", "==9.1.7 > ~=10.1.0", "hand"),
                ("image", "Dockerfile:1:6", f"{C8_38} > {AT_CERN}", "migrate"),
            ],
            id="9.1 to 10.1: the same image, where it is safe",
        ),
        pytest.param(
            {**rdm("10.1.1", "3.8"), **build(C8_38)},
            "11",
            [
                ("python", "Pipfile:5:19", "3.8 > 3.9", "migrate"),
                ("package", "Pipfile:2:31", "==10.1.1 > ~=11.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{C8_38} > {ALMA}", "migrate"),
            ],
            id="10.1 to 11 leaves Docker Hub",
        ),
        pytest.param(
            {**rdm("10.1.1", "3.9"), **build(C7_39)},
            "11",
            [
                ("package", "Pipfile:2:31", "==10.1.1 > ~=11.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{C7_39} > {ALMA}", "migrate"),
            ],
            id="10.1 to 11 with the same Python",
        ),
        pytest.param(
            {**rdm("13.1.2"), **build(ALMA)},
            "14",
            [
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="no pin",
        ),
        pytest.param(
            {**rdm_uv("13.1.2", ">=3.9"), **build(ALMA, UV)},
            "14",
            [
                ("package", "pyproject.toml:4:18", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="a range that takes 3.14",
        ),
        pytest.param(
            {**rdm_uv("13.1.2", "==3.12.*"), **build(ALMA, UV)},
            "14",
            [
                ("python", "pyproject.toml:3:20", "==3.12.* > ==3.14.*", "migrate"),
                ("package", "pyproject.toml:4:18", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="uv",
        ),
        pytest.param(
            {
                **rdm_poetry("13.1.2", "^3.9,<3.13"),
                **build(ALMA, "RUN poetry install\n"),
            },
            "14",
            [
                (
                    "python",
                    "pyproject.toml:4:11",
                    "^3.9,<3.13 > >=3.14,<3.15",
                    "migrate",
                ),
                ("package", "pyproject.toml:5:20", "13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="poetry",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build("python:3.12")},
            "14",
            [
                ("python", "Pipfile:5:19", "3.12 > 3.14", "hand"),
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                (
                    "image",
                    "Dockerfile:1:6",
                    f"python:3.12 > one with Python 3.14, such as {DEBIAN_14}",
                    "hand",
                ),
            ],
            id="an image that is none of ours",
        ),
        pytest.param(
            {**rdm("9.0.6", "3.6"), **build("python:3.6")},
            "9.1",
            [
                ("python", "Pipfile:5:19", "3.6 > 3.9", "hand"),
                ("package", "Pipfile:2:31", "==9.0.6 > ~=9.1.0", "hand"),
            ],
            id="and a release whose image hangs on the Python",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.14"), **build(DEBIAN_14)},
            "14",
            [("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand")],
            id="all but the package is done",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.9"),
                **build(
                    ALMA,
                    "RUN curl -sL https://rpm.nodesource.com/setup_18.x | bash -\n"
                    + PIPENV,
                ),
            },
            "14",
            [
                ("python", "Pipfile:5:19", "3.9 > 3.14", "migrate"),
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
                ("node", "Dockerfile:2:5", "18 > 24 or later", "hand"),
            ],
            id="a Node of its own",
        ),
        pytest.param(
            configure(
                {**rdm("13.1.2", "3.14"), **build(ALMA)},
                "mirrors = ghcr.io=harbor.example.org/ghcr",
            ),
            "14",
            [
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                (
                    "image",
                    "Dockerfile:1:6",
                    f"{ALMA} > harbor.example.org/ghcr/inveniosoftware/invenio:14-debian",
                    "migrate",
                ),
            ],
            id="through a cache",
        ),
        pytest.param(
            configure(
                {**rdm("13.1.2", "3.14"), **build(ALMA)},
                "copies = ghcr.io/inveniosoftware=harbor.example.org/own",
            ),
            "14",
            [
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                (
                    "image",
                    "Dockerfile:1:6",
                    f"{ALMA} > harbor.example.org/own/invenio:14-debian",
                    "migrate",
                ),
            ],
            id="from a copy",
        ),
        pytest.param(
            {**ils("4.5.0", "3.9"), **build(ALMA)},
            "5",
            [("package", "Pipfile:2:31", "==4.5.0 > ~=5.0.0", "hand")],
            id="ILS",
        ),
        pytest.param(
            {
                ".invenio": "[cli]\nflavour = RDM\n",
                "Pipfile.lock": '{"default": {"invenio-app-rdm": {"version": "==13.1.2"}}}',
                **build(ALMA),
            },
            "14",
            [("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate")],
            id="no file asks for the package",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                "pyproject.toml": '[project]\nname = "x"\nrequires-python = ">=3.9"\n',
                "Dockerfile.base": f"FROM {ALMA}\n",
                "Dockerfile": f"FROM my-site-base\n{PIPENV}",
                "Dockerfile.uv": f"FROM my-site-base\n{UV}",
            },
            "14",
            [
                ("python", "Pipfile:5:19", "3.12 > 3.14", "migrate"),
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile.base:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="two pins, of which one takes 3.14",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                "Dockerfile": f"FROM {ALMA}\n{PIPENV}",
                "Dockerfile.worker": f"FROM {ALMA}\n{PIPENV}",
            },
            "14",
            [
                ("python", "Pipfile:5:19", "3.12 > 3.14", "migrate"),
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
                ("image", "Dockerfile.worker:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="two Dockerfiles, one pin",
        ),
        pytest.param(
            {**rdm("13.1.2", None, "3.12"), **build(ALMA)},
            "14",
            [
                ("python", "", "3.12 > 3.14", "hand"),
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="a Python that only the lock names",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.14"),
                **build(ALMA, "RUN dnf module install -y nodejs:24\n" + PIPENV),
            },
            "14",
            [
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="a Node of its own that is new enough",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                "Dockerfile": "ARG REPO=registry.cern.ch/inveniosoftware/almalinux\n"
                f"ARG TAG=1\nFROM ${{REPO}}:${{TAG}}\n{PIPENV}",
            },
            "14",
            [
                ("python", "Pipfile:5:19", "3.12 > 3.14", "hand"),
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                (
                    "image",
                    "Dockerfile:3:6",
                    f"${{REPO}}:${{TAG}} > {DEBIAN_14}",
                    "hand",
                ),
            ],
            id="an image of two values: nothing is written without it",
        ),
        *(
            pytest.param(
                {**rdm("13.1.2", "3.14"), **build(ALMA, f"{line}\nRUN uv sync\n")},
                "14",
                [
                    ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                    ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
                    ("python", place, "3.12 > 3.14", "hand"),
                ],
                id=line,
            )
            for line, place in (
                ("RUN uv python install 3.12", "Dockerfile:2:5"),
                ("RUN uv venv --python 3.12", "Dockerfile:2:5"),
                ("ENV UV_PYTHON=3.12", "Dockerfile:3:5"),
                ("COPY --from=python:3.12 /usr/local /usr/local", "Dockerfile:2:1"),
                ("RUN pyenv install 3.12.4", "Dockerfile:2:5"),
            )
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.14"),
                **build(ALMA, f"RUN uv python install 3.14\n{UV}"),
            },
            "14",
            [
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
            ],
            id="the Python that it is for",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.14"),
                "Dockerfile": f"FROM python:3.12 AS build\n{PIPENV}FROM {ALMA}\n",
            },
            "14",
            [
                ("package", "Pipfile:2:31", "==13.1.2 > ~=14.0.0", "hand"),
                ("image", "Dockerfile:4:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
                (
                    "image",
                    "Dockerfile:1:6",
                    f"python:3.12 > one with Python 3.14, such as {DEBIAN_14}",
                    "hand",
                ),
            ],
            id="a stage of another image that installs packages",
        ),
        pytest.param(
            {**ils("1.0.0rc1", "3.9"), **build(ALMA)},
            "2.0.0rc1",
            [("package", "Pipfile:2:31", "==1.0.0rc1 > ~=2.0.0rc1", "hand")],
            id="a release candidate",
        ),
    ],
)
def test_changes(files, release, expected, tmp_path):
    assert changes(upgrade(tmp_path, files, release)) == expected


@pytest.mark.parametrize(
    ("version", "release", "first", "path"),
    [
        pytest.param("13.1.2", "14", None, ["14"], id="the next"),
        pytest.param("13.0.9", "14", "13.1", ["13.1", "14"], id="13.0 has ended"),
        pytest.param("13.0.9", "13.1", None, ["13.1"], id="the next minor"),
        pytest.param("12.0.19", "14", "13.1", ["13.1", "14"], id="one between"),
        pytest.param(
            "9.0.6", "11", "9.1", ["9.1", "10.1", "11"], id="a minor comes first"
        ),
        pytest.param("9.1.7", "10.0", None, ["10.0"], id="a minor by its name"),
        pytest.param("4.0.1", "6", None, ["6"], id="no page leads to 5"),
        pytest.param(
            "9.1.7", "14", "10.1", ["10.1", "11", "12", "13.1", "14"], id="many"
        ),
    ],
)
def test_one_major_at_a_time(version, release, first, path, tmp_path):
    found = upgrade(tmp_path, {**rdm(version, "3.9"), **build(ALMA)}, release)
    assert (found.first.label if found.first else None) == first
    assert [step.label for step in found.path] == path


@pytest.mark.parametrize(
    ("database", "search", "release", "outside"),
    [
        pytest.param("postgres:15.4", "opensearchproject/opensearch:2.17", "14", [], id="fine"),
        pytest.param("postgres:17", "opensearchproject/opensearch:2.12.0", "14", [], id="newer"),
        pytest.param(
            "postgres:14.13",
            "opensearchproject/opensearch:2.11.1",
            "14",
            ["PostgreSQL >= 15", "OpenSearch >= 2.12"],
            id="both too old",
        ),
        pytest.param(
            "postgres:15",
            "opensearchproject/opensearch:1.3",
            "14",
            ["OpenSearch >= 2.12"],
            id="another major",
        ),
        pytest.param(
            "postgres:15", "opensearchproject/opensearch:3.1.0", "14",
            ["OpenSearch >= 2.12; no page speaks of this later major"],
            id="a major that no page names",
        ),
        pytest.param(
            "postgres:15", "opensearchproject/opensearch:2", "14", [], id="a major alone"
        ),
        pytest.param(
            "postgres", "opensearchproject/opensearch:latest", "14",
            ["PostgreSQL >= 15; its tag says no version: look it up",
             "OpenSearch >= 2.12; its tag says no version: look it up"],
            id="no version",
        ),
        pytest.param(
            "postgres:14-alpine@sha256:" + "a" * 64, "opensearchproject/opensearch:2.17",
            "14", ["PostgreSQL >= 15"], id="a digest",
        ),
        pytest.param(
            "harbor.example.org/hub/library/postgres:12", "opensearchproject/opensearch:2.17",
            "14", ["PostgreSQL >= 15"], id="through a cache",
        ),
        pytest.param(
            "postgres:12.4",
            "docker.elastic.co/elasticsearch/elasticsearch-oss:7.10.2",
            "11",
            ["OpenSearch 1 or OpenSearch 2"],
            id="Elasticsearch is left behind",
        ),
        pytest.param(
            "mysql:8", "redis:7", "14",
            ["PostgreSQL >= 15; no compose file here names one that is known: look at the server in use",
             "OpenSearch >= 2.12; no compose file here names one that is known: look at the server in use"],
            id="none is named",
        ),
    ],
)  # fmt: skip
def test_services(database, search, release, outside, tmp_path):
    version = {"14": "13.1.2", "11": "10.1.1"}[release]
    files = configure(
        {**rdm(version, "3.9"), **build(ALMA), **services(database, search)},
        "mirrors = docker.io=harbor.example.org/hub",
    )
    found = upgrade(tmp_path, files, release)
    said = [
        f"{one.new}; {one.remark}" if one.remark else one.new for one in found.services
    ]
    assert said == outside
    assert all((one.place is None) == (one.old == "") for one in found.services)


def test_what_fits_is_said(tmp_path):
    files = {
        **rdm("13.1.2", "3.9"),
        **build(ALMA),
        **services("postgres:16", "opensearchproject/opensearch:2.17.1"),
    }
    assert upgrade(tmp_path, files, "14").fitting == (
        "postgres:16 (docker-services.yml:3)",
        "opensearchproject/opensearch:2.17.1 (docker-services.yml:5)",
    )


def test_what_no_page_says_is_said_to_be_unknown(tmp_path):
    files = {**ils("4.5.0", "3.9"), **build(ALMA)}
    assert upgrade(tmp_path, files, "6").unknown == (
        "Python",
        "Node",
        "PostgreSQL",
        "the search engine",
        "the least invenio-cli",
    )
    files = {**rdm("13.1.2", "3.9"), **build(ALMA)}
    assert upgrade(tmp_path, files, "14").unknown == ()


@pytest.mark.parametrize(
    ("files", "release", "act", "action"),
    [
        pytest.param(
            {**rdm("13.1.2", "3.9"), **build(ALMA)}, "14", "plan", "upgrade", id="plan"
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(C8_38)},
            "10.1",
            "soon",
            "upgrade",
            id="soon",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)}, "14", "now", "upgrade", id="now"
        ),
        pytest.param(
            {**ils("4.5.0", "3.9"), **build(ALMA)}, "5", "no", "upgrade", id="no"
        ),
        pytest.param(
            {
                ".invenio": "[cli]\nflavour = ILS\n",
                "Pipfile.lock": '{"default": {"invenio-app-ils": {"version": "==4.5.0"}}}',
                **build(ALMA),
            },
            "5",
            "no",
            "none",
            id="nothing has to change",
        ),
    ],
)
def test_the_urgency_is_todays(files, release, act, action, tmp_path):
    advice = decide_instance(tmp_path, files, release)
    assert (advice.act, advice.action) == (act, action)
    assert bool(advice.recommended) == (action == "upgrade")


@pytest.mark.parametrize(
    ("files", "release", "problem"),
    [
        pytest.param(
            build(C8_38),
            "14",
            "this is no InvenioRDM and no InvenioILS; it has no release to go to",
            id="no instance",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)},
            "14",
            "this is InvenioRDM 14.0.5 already; name a later release",
            id="the same",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)},
            "13",
            "this is InvenioRDM 14.0.5 already; name a later release",
            id="an earlier one",
        ),
        pytest.param(
            {**ils("4.5.0", "3.9"), **build(ALMA)},
            "14",
            "the catalogue knows no such InvenioILS; it has 1.0.0rc1, 2.0.0rc1, 3.0.0rc1, "
            "4.0, 4.5, 5, 6, 7.0, 7.3, 8, 9",
            id="another flavour's",
        ),
    ],
)
def test_a_release_that_is_none_to_go_to(files, release, problem, tmp_path):
    found = inspect_instance(tmp_path, files, release=release)
    assert (found.unasked, found.problems) == (problem, ())
    assert (found.setting.what_if, found.advice.upgrade) == (False, None)
    report = report_instance(tmp_path, files, release=release)
    assert report.exit_code() == 2
    assert [one.message for one in report.problems] == [f"--for {release}: {problem}"]


def test_one_project_that_it_is_a_question_to_is_enough(tmp_path):
    sites = {
        "a": {**rdm("13.1.2", "3.9"), **build(ALMA)},
        "b": {**ils("4.5.0", "3.9"), **build(ALMA)},
        "c": {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)},
        "d": {"Pipfile": "", **build(C8_38)},
    }
    files = {
        f"{site}/{name}": text for site in sites for name, text in sites[site].items()
    }
    report = report_instance(tmp_path, files, release="14")
    assert (report.exit_code(), report.problems) == (1, ())
    asked = {one.project.path: bool(one.advice.upgrade) for one in report.projects}
    assert asked == {".": False, "a": True, "b": False, "c": False, "d": False}
    notes = [note for one in report.projects for note in one.advice.cautions]
    assert [note for note in notes if note.startswith("Not asked for 14: ")] == [
        "Not asked for 14: the catalogue knows no such InvenioILS; it has 1.0.0rc1, "
        "2.0.0rc1, 3.0.0rc1, 4.0, 4.5, 5, 6, 7.0, 7.3, 8, 9.",
        "Not asked for 14: this is InvenioRDM 14.0.5 already; name a later release.",
    ]


def test_no_project_is_asked(tmp_path):
    files = {
        f"{site}/{name}": text
        for site, made in {"b": ils("4.5.0", "3.9"), "d": {"Pipfile": ""}}.items()
        for name, text in made.items()
    }
    report = report_instance(tmp_path, files, release="14")
    assert [problem.path for problem in report.problems] == ["b"]


def test_a_version_beyond_the_catalogue_is_no_earlier_one(tmp_path):
    found = inspect_instance(tmp_path, {**rdm("15.0.0b1"), **build(ALMA)}, release="14")
    assert found.unasked == "this is InvenioRDM 15.0.0b1 already; name a later release"


def test_a_project_whose_release_is_unknown_is_told_what_is_known(tmp_path):
    files = {
        ".invenio": "[cli]\nflavour = RDM\n",
        "Pipfile": '[packages]\ninvenio-app-rdm = {git = "https://example.org/x.git"}\n',
        **build(ALMA),
    }
    advice = decide_instance(tmp_path, files, "14")
    assert advice.answer.startswith(
        "as InvenioRDM 14 (what-if; the files say no version)"
    )
    assert changes(advice.upgrade) == [
        ("package", "Pipfile:2:1", " > ~=14.0.0", "hand"),
        ("image", "Dockerfile:1:6", f"{ALMA} > {DEBIAN_14}", "migrate"),
    ]
    assert advice.upgrade.first is None


def test_the_lines_that_would_break(tmp_path):
    files = {**rdm("13.1.2", "3.12"), **build(ALMA, OWN_312)}
    found = decide_instance(tmp_path, files, "14").breaking
    assert [(one.line, one.column, one.excerpt) for one in found] == [
        (2, 5, "dnf -y install python3.12"),
        (2, 34, "pip3.12"),
    ]
    files = {**rdm("13.1.2", "3.9"), **build(ALMA)}
    assert [one.instead for one in decide_instance(tmp_path, files, "14").breaking] == [
        "RUN pip install pipenv before it, or uv"
    ]
    files = {**rdm("12.0.19", "3.9"), **build(ALMA)}
    assert decide_instance(tmp_path, files, "13.1").breaking == ()


def test_a_local_base_is_moved_and_what_stands_on_it_is_judged(tmp_path):
    files = {
        **rdm("13.1.2", "3.9"),
        "Dockerfile.base": f"FROM {ALMA}\nRUN dnf install -y gcc\n",
        "Dockerfile": f"FROM my-site-base\n{PIPENV}",
    }
    advice = decide_instance(tmp_path, files, "14")
    assert changes(advice.upgrade)[2][1] == "Dockerfile.base:1:6"
    assert [one.path for one in advice.breaking] == ["Dockerfile", "Dockerfile.base"]


COMMANDS = [
    pytest.param(
        {**rdm("13.1.2", "3.12"), **build(ALMA, OWN_312)},
        "14",
        [
            f"{PROG} migrate --for 14 --set-python",
            "invenio-cli packages lock",
            "invenio-cli install",
        ],
        id="image and pin",
    ),
    pytest.param(
        {**rdm("10.1.1", "3.9"), **build(C7_39)},
        "11",
        [
            f"{PROG} migrate --for 11",
            "invenio-cli packages lock",
            "invenio-cli install",
        ],
        id="the image alone",
    ),
    pytest.param(
        {**rdm("12.0.19", "3.9"), **build(ALMA)},
        "13.1",
        ["invenio-cli packages lock", "invenio-cli install"],
        id="nothing that we write",
    ),
    pytest.param(
        {**rdm_uv("13.1.2", "==3.12.*"), **build(ALMA, UV)},
        "14",
        [f"{PROG} migrate --for 14 --set-python", "uv lock", "invenio-cli install"],
        id="uv",
    ),
    pytest.param(
        {**rdm("12.0.19", "3.9"), **build(ALMA)},
        "14",
        [f"{PROG} check --for 13.1"],
        id="the release in between comes first",
    ),
]


@pytest.mark.parametrize(("files", "release", "commands"), COMMANDS)
def test_commands(files, release, commands, tmp_path):
    advice = decide_instance(tmp_path, files, release)
    lines = [command.line for command in advice.commands]
    assert lines == commands
    for line in lines:
        if line.startswith(PROG):
            name, *words = shlex.split(line)[2:]
            command = registry.commands[name]
            assert command.make_context(name, words, parent=click.Context(registry))


EXAMPLE = {
    **rdm("13.1.2", "3.12"),
    **build(ALMA, OWN_312),
    **services("postgres:14.13", "opensearchproject/opensearch:2.17.1"),
}


def test_text(tmp_path):
    text = render_text(report_instance(tmp_path, EXAMPLE, release="14"))
    assert (
        text
        == """\
my-site: as InvenioRDM 14 (what-if; the files say 13.1.2): 3 changes.

  Act now?  Plan 14: 13 ends on 2027-02-07 (75 days).
  In this order, in one commit:
  1. Python 3.14      Pipfile:5:19  3.12 > 3.14
  2. invenio-app-rdm  Pipfile:2:31  ==13.1.2 > ~=14.0.0, by hand
                      invenio-cli >= 1.12.0
  3. Base image       Dockerfile:1:6
       registry.cern.ch/inveniosoftware/almalinux:1
       becomes ghcr.io/inveniosoftware/invenio:14-debian  (amd64 only)
    invenio-cli registry migrate --for 14 --set-python  does 1 and 3
  Then: invenio-cli packages lock  needs Python 3.14 here
        invenio-cli install

  These lines break on the new image:
    Dockerfile:2:5  dnf -y install python3.12: Debian has no yum, dnf or rpm
      drop it, 14-debian has 3.14
    Dockerfile:2:34  pip3.12: 14-debian has Python 3.14
      python3, or python3.14

  Outside this tool:
    PostgreSQL >= 15: docker-services.yml:3:12 postgres:14.13
  Fits already: opensearchproject/opensearch:2.17.1 (docker-services.yml:5).
  What to do beside this, and in which order:
    https://inveniordm.docs.cern.ch/releases/v14/upgrade-v14.0/

Facts of 2026-11-24; no registry was asked. Test a new image before production.
"""
    )


def test_text_of_what_is_unknown(tmp_path):
    files = {**ils("4.5.0", "3.9"), **build(ALMA)}
    text = render_text(report_instance(tmp_path, files, release="6"))
    lines = text.split("\n")
    assert lines[2].startswith("  Act now?  No. Plan the upgrade (the newest is 9)")
    assert (
        "  Before that, go to 5; an upgrade goes one major at a time: 4.5 > 5 > 6."
        in lines
    )
    assert f"    {PROG} check --for 5" in lines
    assert "migrate" not in text
    assert (
        "  No page says it of InvenioILS 6: Python, Node, PostgreSQL, the search engine,\n"
        "  the least invenio-cli.\n"
    ) in text
    assert "    https://invenioils.docs.cern.ch/releases/version6/upgrade/" in lines


def test_json(tmp_path):
    report = report_instance(tmp_path, EXAMPLE, release="14")
    data = json.loads(render_json(report))
    jsonschema.validate(data, load_schema("check"))
    (project,) = data["projects"]
    assert (project["release"], project["maintained_until"]) == ("13.1.2", "2027-02-07")
    asked = project["for"]
    assert (asked["release"], asked["first"], asked["unknown"]) == ("14", None, [])
    assert [step["release"] for step in asked["upgrade_path"]] == ["14"]
    assert asked["changes"][0] == {
        "kind": "python",
        "name": "Python 3.14",
        "path": "Pipfile",
        "line": 5,
        "column": 19,
        "old": "3.12",
        "new": "3.14",
        "by": "migrate",
        "remark": None,
    }
    assert [one["name"] for one in asked["services"]] == ["PostgreSQL"]
    assert project["references"][0]["replacement"] == DEBIAN_14
    assert report.exit_code() == 1


def test_json_without_a_release(tmp_path):
    (project,) = json.loads(render_json(report_instance(tmp_path, EXAMPLE)))["projects"]
    assert project["for"] is None


def test_nothing_to_change_is_exit_0(tmp_path):
    files = {
        ".invenio": "[cli]\nflavour = ILS\n",
        "Pipfile.lock": '{"default": {"invenio-app-ils": {"version": "==4.5.0"}}}',
        **build(ALMA),
    }
    report = report_instance(tmp_path, files, release="5")
    assert report.exit_code() == 0
    assert "0 changes." in render_text(report)


def test_without_a_manager_no_lock_is_asked_for(tmp_path):
    files = {
        ".invenio": "[cli]\nflavour = RDM\n",
        "requirements.txt": "invenio-app-rdm==13.1.2\n",
        **build(ALMA, PIP),
    }
    found = upgrade(tmp_path, files, "14")
    assert (bool(found.changes), found.after) == (True, ())


def test_many_numbers_are_listed_as_people_do(tmp_path):
    files = {
        **rdm("13.1.2", "3.12"),
        "Dockerfile": f"FROM {ALMA}\n{PIPENV}",
        "Dockerfile.worker": f"FROM {ALMA}\n{PIPENV}",
    }
    assert upgrade(tmp_path, files, "14").command.remark == "does 1, 3 and 4"


def test_text_with_everything(tmp_path):
    files = {**rdm("13.1.2", "3.12"), **build(ALMA), "c.yml": "image: redis:7\n"}
    report = report_instance(tmp_path, files, release="14")
    short, long = (
        render_text(report, Layout(80, every=every, verbose=every))
        for every in (False, True)
    )
    assert long.startswith(short.split("\n\nFacts of")[0])
    assert f"  Dockerfile:1:6  {ALMA}  has 3.9" in long
    assert "  The upgrade path:\n    14  Python 3.14" in long
    assert "Sources:" in long
    assert "Recipes" not in long  # The image is left behind.
