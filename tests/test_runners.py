# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Under which Python a build installs its packages; what the text tells not is None."""

import pytest

from invenio_cli_registry.runs.runners import find_runner

from .instances import build, decide_instance, plain, rdm
from .test_rules import step

DNF = "RUN dnf -y install python3.12 python3.12-devel python3.12-pip"


def runs(*lines, image="3.9", others=False):
    steps = [("Dockerfile", step(line)) for line in lines]
    found = find_runner(steps, image, others=others)
    return found and (found.manager, found.python)


@pytest.mark.parametrize(
    ("lines", "manager", "python"),
    [
        pytest.param(
            ["RUN pipenv install --deploy --system"], "pipenv", "3.9", id="the image's"
        ),
        pytest.param(["RUN pip install -r x.txt"], "pip", "3.9", id="the image's pip"),
        pytest.param(["RUN uv sync"], "uv", "3.9", id="the image's uv"),
        pytest.param(
            [DNF, "RUN pip3.12 install pipenv", "RUN pipenv install"],
            *("pipenv", "3.12"),
            id="a pipenv of pip3.12",
        ),
        pytest.param(
            [DNF, "RUN python3.12 -m pip install 'pipenv==2024.4'", "RUN pipenv sync"],
            *("pipenv", "3.12"),
            id="a pipenv of python3.12 -m pip",
        ),
        pytest.param(
            [DNF + " && pip3.12 install pipenv && pipenv install"],
            *("pipenv", "3.12"),
            id="all in one line",
        ),
        pytest.param(
            [DNF, "RUN python3.12 -m pipenv install"], "pipenv", "3.12", id="a module"
        ),
        pytest.param(
            [DNF, "RUN /usr/bin/python3.9 -m pipenv install"],
            *("pipenv", "3.9"),
            id="the other one, by its name",
        ),
        pytest.param(
            [DNF, "RUN pip3.12 install -r requirements.txt"],
            "pip",
            "3.12",
            id="pip3.12",
        ),
        pytest.param(
            [DNF, "RUN pip3.12 install poetry", "RUN poetry install"],
            *("poetry", "3.12"),
            id="poetry",
        ),
        pytest.param(
            ["RUN uv python install 3.12", "RUN uv sync"], "uv", "3.12", id="uv's own"
        ),
        pytest.param(
            [DNF, "RUN uv sync --python 3.12"], "uv", "3.12", id="uv --python"
        ),
        pytest.param([DNF, "RUN uv sync -p=3.12"], "uv", "3.12", id="uv -p"),
        pytest.param(
            [DNF, "ENV UV_PYTHON=3.12", "RUN uv sync"], "uv", "3.12", id="UV_PYTHON"
        ),
        pytest.param(
            [DNF, "ENV UV_PYTHON=/usr/bin/python3.12", "RUN uv sync"],
            *("uv", "3.12"),
            id="UV_PYTHON by its path",
        ),
        pytest.param(
            [
                DNF,
                "RUN python3.12 -m venv /opt/venv",
                "RUN /opt/venv/bin/pip install -r x.txt",
            ],
            *("pip", "3.12"),
            id="a virtual environment",
        ),
        pytest.param(
            [
                DNF,
                "RUN virtualenv -p python3.12 /opt/venv",
                "RUN /opt/venv/bin/pipenv install",
            ],
            *("pipenv", "3.12"),
            id="virtualenv -p",
        ),
        pytest.param(
            [
                DNF,
                "RUN uv venv --python 3.12 /opt/venv",
                'ENV PATH="/opt/venv/bin:$PATH"',
                "RUN pip install -r x.txt",
            ],
            *("pip", "3.12"),
            id="one on the path",
        ),
        pytest.param(
            [
                "RUN python3 -m venv .venv",
                "RUN .venv/bin/pip install -r x.txt",
            ],
            *("pip", "3.9"),
            id="one of the image's Python",
        ),
        pytest.param(
            [
                DNF,
                "RUN alternatives --set python3 /usr/bin/python3.12",
                "RUN pip3 install -r x.txt",
            ],
            *("pip", "3.12"),
            id="alternatives",
        ),
        pytest.param(
            [
                DNF,
                "RUN ln -sf /usr/bin/python3.12 /usr/bin/python3",
                "RUN python3 -m pipenv install",
            ],
            *("pipenv", "3.12"),
            id="a link",
        ),
        pytest.param(
            ["RUN pip install -r a.txt", DNF, "RUN pip3.12 install -r b.txt"],
            *("pip", "3.12"),
            id="the last one counts",
        ),
    ],
)
def test_the_text_tells(lines, manager, python):
    assert runs(*lines) == (manager, python)


@pytest.mark.parametrize(
    ("lines", "manager"),
    [
        pytest.param([DNF, "RUN pipenv install"], "pipenv", id="the image's pipenv"),
        pytest.param([DNF, "RUN pip install -r x.txt"], "pip", id="pip on the path"),
        pytest.param([DNF, "RUN uv sync"], "uv", id="uv chooses"),
        pytest.param(
            [DNF, "RUN pip install pipenv", "RUN pipenv install"],
            "pipenv",
            id="a pipenv of a pip on the path",
        ),
        pytest.param(
            [
                DNF,
                "RUN alternatives --set python3 /usr/bin/python3.12",
                "RUN pipenv install",
            ],
            "pipenv",
            id="the image's pipenv after alternatives",
        ),
        pytest.param(
            [DNF, "RUN alternatives --set node /opt/node", "RUN pip install -r x"],
            "pip",
            id="alternatives of something else",
        ),
        pytest.param(
            [DNF, "ENV PATH=/opt/own/bin:$PATH", "RUN pip install -r x.txt"],
            "pip",
            id="an unknown folder on the path",
        ),
        pytest.param(
            [DNF, "RUN /opt/own/bin/pipenv install"], "pipenv", id="an unknown folder"
        ),
        pytest.param(
            [DNF, "RUN python3 -m venv venv", "RUN pip install -r x.txt"],
            "pip",
            id="an environment that is not used",
        ),
        pytest.param(
            ["RUN conda install python=3.12", "RUN pip install -r x.txt"],
            "pip",
            id="conda",
        ),
        pytest.param([DNF, "RUN uv sync --python $V"], "uv", id="a variable"),
    ],
)
def test_the_text_does_not_tell(lines, manager):
    assert runs(*lines) == (manager, None)


def test_a_copied_python_is_another_one():
    assert runs("RUN pipenv install", others=True) == ("pipenv", None)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param([DNF], id="nothing is installed"),
        pytest.param(["RUN pip3.12 install pipenv"], id="only a tool"),
        pytest.param(["COPY pip install/"], id="no RUN"),
    ],
)
def test_nobody_runs(lines):
    assert runs(*lines) is None


ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
PIPENV_312 = "RUN pip3.12 install pipenv\nRUN pipenv install --deploy --system\n"


@pytest.mark.parametrize(
    ("steps", "act", "said"),
    [
        pytest.param(f"{DNF}\n{PIPENV_312}", "plan", False, id="told, and right"),
        pytest.param(
            f"{DNF}\nRUN pipenv install --deploy\n", "plan", True, id="not told"
        ),
        pytest.param(
            f"{DNF}\nRUN python3.9 -m pipenv install\n",
            "now",
            False,
            id="told, and wrong",
        ),
        pytest.param(
            "RUN pipenv install --deploy\n", "now", False, id="no other Python"
        ),
    ],
)
def test_what_it_means_for_an_instance(steps, act, said, tmp_path):
    files = {**rdm("13.1.2", "3.12"), **build(ALMA, steps)}
    advice = decide_instance(tmp_path, files)
    untold = [text for text in advice.cautions if text.startswith("Cannot tell")]
    assert (advice.act, bool(untold)) == (act, said)


def test_what_is_said(tmp_path):
    files = {**rdm("13.1.2", "3.12"), **build(ALMA, f"{DNF}\nRUN pipenv install\n")}
    assert decide_instance(tmp_path, files).cautions == (
        "Cannot tell from the text whether pipenv (Dockerfile:3) runs under Python 3.12 "
        "(Dockerfile:2).",
    )


@pytest.mark.parametrize(
    ("first", "copied"),
    [
        pytest.param("FROM python:3.12 AS tools\n", "--from=tools", id="a stage"),
        pytest.param("FROM python:3.12-slim\n", "--from=0", id="a stage by number"),
        pytest.param(
            "FROM python:3.12 AS a\nFROM a AS tools\n",
            "--from=Tools",
            id="a stage on it",
        ),
        pytest.param("", "--from=docker.io/library/python:3.12", id="an image"),
    ],
)
def test_a_python_that_is_copied_is_one_that_is_installed(first, copied, tmp_path):
    text = (
        f"{first}FROM {ALMA}\nCOPY {copied} /usr/local /usr/local\nRUN pipenv install\n"
    )
    advice = decide_instance(tmp_path, {**rdm("13.1.2", "3.12"), "Dockerfile": text})
    assert advice.act == "plan"
    assert [text[:36] for text in advice.cautions] == [
        "Cannot tell from the text whether pi"
    ]


@pytest.mark.parametrize(
    "copied",
    [
        pytest.param("", id="of the context"),
        pytest.param("--from=node", id="a stage of Node"),
        pytest.param("--from=node:22", id="an image of Node"),
        pytest.param("--from=python:latest", id="no version"),
        pytest.param("--from=python:2.7", id="another major"),
        pytest.param("--from=UPPER/x", id="no reference"),
        pytest.param("--from=example.org/python:3.12", id="another registry's"),
    ],
)
def test_what_else_is_copied_is_no_python(copied, tmp_path):
    text = (
        f"FROM node:22 AS node\nFROM {ALMA}\nCOPY {copied} /a /b\nRUN pipenv install\n"
    )
    advice = decide_instance(tmp_path, {**rdm("13.1.2", "3.12"), "Dockerfile": text})
    assert advice.act == "now"


def test_an_application_is_judged_alike(tmp_path):
    files = {**plain("3.12"), **build(ALMA, f"{DNF}\nRUN pipenv install\n")}
    assert decide_instance(tmp_path, files).act == "no"
