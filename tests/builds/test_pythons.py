# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which Python, Node and manager a build has; only what cannot be read is unknown."""

import pytest

from . import ALMA, CENTOS7, build, pin, trace

DNF = "RUN dnf -y install python3.12 python3.12-devel python3.12-pip"
SYSTEM = "RUN pipenv install --deploy --system"
LINK = "RUN ln -sfn /usr/bin/python3.12 /usr/local/bin/python3"
PYTHONS = {
    # pipenv --system: the python3 that is first on PATH
    "the image's": ([SYSTEM], "3.9"),
    "dnf alone changes nothing": ([DNF, SYSTEM], "3.9"),
    "nor does a pipenv of pip3.12": (
        [DNF + " && pip3.12 install pipenv", SYSTEM],
        "3.9",
    ),
    "nor does python3.12 -m pipenv": (
        [DNF, "RUN python3.12 -m pipenv install --system"],
        "3.9",
    ),
    "sync": ([DNF, LINK, "RUN pipenv sync --system"], "3.12"),
    "a link": ([DNF, LINK, SYSTEM], "3.12"),
    "a link with a shell's path": (
        [DNF, 'RUN ln -sf "$(which python3.12)" /usr/bin/python3', SYSTEM],
        "3.12",
    ),
    "a link of another name": (
        [DNF, "RUN ln -s /usr/bin/python3.12 /usr/bin/python", SYSTEM],
        "3.9",
    ),
    "a link to a folder that is not on PATH": (
        [DNF, "RUN ln -s /usr/bin/python3.12 /opt/x/python3", SYSTEM],
        "3.9",
    ),
    "a link to a folder that ENV puts on PATH": (
        [
            DNF,
            "ENV PATH=/opt/x:$PATH",
            "RUN ln -s /usr/bin/python3.12 /opt/x/python3",
            SYSTEM,
        ],
        "3.12",
    ),
    "a link called python3.12": (
        ["RUN ln -s /usr/bin/python3 /usr/bin/python3.12", SYSTEM],
        "3.9",
    ),
    "alternatives --set": (
        [DNF, "RUN alternatives --set python3 /usr/bin/python3.12", SYSTEM],
        "3.12",
    ),
    "alternatives --install": (
        [
            "RUN dnf install -y python3.12 && alternatives --install "
            "/usr/bin/python3 python3 /usr/bin/python3.12 1",
            SYSTEM,
        ],
        "3.12",
    ),
    "alternatives of python, not python3": (
        [DNF, "RUN alternatives --set python /usr/bin/python3.12", SYSTEM],
        "3.9",
    ),
    "alternatives of something else": (
        [DNF, "RUN alternatives --set node /opt/node", SYSTEM],
        "3.9",
    ),
    "--python with --system": ([DNF, SYSTEM + " --python 3.12"], "3.12"),
    "--python with a path": ([SYSTEM + " --python /usr/bin/python3.12"], "3.12"),
    "an environment on PATH": (
        [
            DNF,
            "RUN python3.12 -m venv /opt/venv",
            "ENV PATH=/opt/venv/bin:$PATH",
            SYSTEM,
        ],
        "3.12",
    ),
    "an environment, PATH first": (
        [
            "ENV VIRTUAL_ENV=/opt/v",
            "ENV PATH=$VIRTUAL_ENV/bin:$PATH",
            "RUN python3.12 -m venv $VIRTUAL_ENV",
            SYSTEM,
        ],
        "3.12",
    ),
    "an unknown folder on PATH": ([DNF, "ENV PATH=/opt/node/bin:$PATH", SYSTEM], "3.9"),
    "an environment that is not used": (
        [DNF, "RUN python3.12 -m venv /v", SYSTEM],
        "3.9",
    ),
    "one that the command activates": (
        ["RUN python3.12 -m venv /v && . /v/bin/activate && pipenv install --system"],
        "3.12",
    ),
    "one that an earlier command activated": (
        ["RUN python3.12 -m venv /v && . /v/bin/activate", SYSTEM],
        "3.9",
    ),
    "COPY of an image's /usr/local": (
        ["COPY --from=python:3.12 /usr/local /usr/local", SYSTEM],
        "3.12",
    ),
    "COPY of an image's /usr/local, by its registry": (
        [
            "COPY --from=docker.io/library/python:3.12-slim /usr/local/ /usr/local/",
            SYSTEM,
        ],
        "3.12",
    ),
    "COPY of something else of it": (
        ["COPY --from=python:3.12 /usr/share/x /opt/x", SYSTEM],
        "3.9",
    ),
    "COPY of another image": (
        ["COPY --from=node:22 /usr/local /usr/local", SYSTEM],
        "3.9",
    ),
    "COPY of no image": (["COPY --from=UPPER/x /usr/local /usr/local", SYSTEM], "3.9"),
    "pyenv global": (
        ["RUN pyenv install 3.12.1 && pyenv global 3.12.1", SYSTEM],
        "3.12",
    ),
    "pyenv install alone": (["RUN pyenv install 3.12.1", SYSTEM], "3.9"),
    "a value of ARG": (
        ["ARG V=3.12", "RUN ln -s /usr/bin/python$V /usr/bin/python3", SYSTEM],
        "3.12",
    ),
    "nothing installs": ([DNF], "3.9"),
    "the last one counts": ([SYSTEM, DNF, LINK, SYSTEM], "3.12"),
    "what comes later does not": ([SYSTEM, DNF, LINK], "3.9"),
    # pip
    "pip": ([DNF, "RUN pip install -r x.txt"], "3.9"),
    "pip3.12": ([DNF, "RUN pip3.12 install -r x.txt"], "3.12"),
    "python3.12 -m pip": ([DNF, "RUN python3.12 -m pip install ."], "3.12"),
    "pip of an environment": (
        ["RUN virtualenv -p python3.12 /v", "RUN /v/bin/pip install ."],
        "3.12",
    ),
    # uv
    "uv sync": (["RUN uv sync"], "3.9"),
    "uv sync --python": (["RUN uv sync --python 3.12"], "3.12"),
    "UV_PYTHON": (["ENV UV_PYTHON=/usr/bin/python3.12", "RUN uv sync"], "3.12"),
    "UV_PYTHON before the command": (["RUN UV_PYTHON=3.12 uv sync"], "3.12"),
    "uv venv": (["RUN uv venv -p 3.12 && uv sync"], "3.12"),
    "an environment of the project": (
        [
            "ENV UV_PROJECT_ENVIRONMENT=/v",
            "RUN uv venv --python=3.12 /v",
            "RUN uv sync",
        ],
        "3.12",
    ),
    "uv pip": (["RUN uv venv -p 3.12 && uv pip install ."], "3.12"),
    "uv pip --system": (["RUN uv venv -p 3.12 && uv pip install --system ."], "3.9"),
}


@pytest.mark.parametrize(("lines", "python"), PYTHONS.values(), ids=PYTHONS)
def test_python(lines, python):
    found = build(ALMA, *lines).python
    assert (found.version, found.unknown) == (python, "")
    assert found.installed == (python != "3.9")


UNKNOWN = {
    "a link without a value": ["ARG V", f"{LINK}".replace("3.12", "$V"), SYSTEM],
    "alternatives without a value": [
        "RUN alternatives --set python3 /usr/bin/python$V",
        SYSTEM,
    ],
    "--python without a value": ["RUN uv sync --python $V"],
    "a link to an unknown folder": [
        "RUN ln -s /opt/python-3.12/bin/python3 /usr/bin/python3",
        SYSTEM,
    ],
    "pip of an unknown folder": ["RUN /opt/x/bin/pip install ."],
    "a script": ["RUN ./install-python.sh 3.12", SYSTEM],
    "conda": ["RUN conda install -y python=3.12", SYSTEM],
    "a source": [
        "RUN curl https://www.python.org/ftp/python/3.12.1/P.tgz | tar xz",
        SYSTEM,
    ],
}


@pytest.mark.parametrize("lines", UNKNOWN.values(), ids=UNKNOWN)
def test_nobody_can_tell(lines):
    found = build(ALMA, *lines).python
    assert found.version is None
    assert found.unknown


PINNED = {
    "pipenv takes an installed one": (
        *("pipenv", "3.12", [DNF, "RUN pipenv install"]),
        "3.12",
    ),
    "pipenv has no other": ("pipenv", "3.12", ["RUN pipenv install"], "3.9"),
    "the one on PATH comes first": (
        "pipenv",
        "3.9",
        [DNF, "RUN pipenv install"],
        "3.9",
    ),
    "poetry takes an installed one": (
        "poetry",
        "3.12",
        [DNF, "RUN poetry install"],
        "3.12",
    ),
    "poetry env use": (
        *("poetry", "3.12", ["RUN poetry env use 3.12 && poetry install"]),
        "3.12",
    ),
    "poetry has no other": ("poetry", "3.12", ["RUN poetry install"], "3.9"),
    "uv takes an installed one": ("uv", "3.12", [DNF, "RUN uv sync"], "3.12"),
    "uv takes its own": (
        *("uv", "3.12", ["RUN uv python install 3.12", "RUN uv sync"]),
        "3.12",
    ),
    "uv downloads the one that is pinned": ("uv", "3.12", ["RUN uv sync"], "3.12"),
    "uv may download one of several": ("uv", ">=3.10", ["RUN uv sync"], None),
    "uv pip takes what uv sync made": (
        *("uv", "3.12", [DNF, "RUN uv sync && uv pip install x"]),
        "3.12",
    ),
    "uv must not": (
        *("uv", "3.12", ["ENV UV_PYTHON_DOWNLOADS=never", "RUN uv sync"]),
        "3.9",
    ),
    "uv must not, by an option": (
        *("uv", "3.12", ["RUN uv sync --no-python-downloads"]),
        "3.9",
    ),
}


@pytest.mark.parametrize(
    ("manager", "python", "lines", "found"), PINNED.values(), ids=PINNED
)
def test_what_the_pin_decides(manager, python, lines, found):
    one = build(ALMA, *lines, project=pin(manager, python))
    assert one.python.version == found
    assert one.pin.text == python


def test_who_brings_it():
    one = build(ALMA, DNF, LINK, SYSTEM)
    assert (one.python.source, one.python.span.line) == ("Dockerfile:3", 3)
    assert build(ALMA, SYSTEM).python.source == "base image"


def test_the_python_of_a_stage_that_is_copied():
    (_, one) = trace(
        f"FROM python:3.12 AS tools\nFROM {ALMA}\n"
        f"COPY --from=Tools /usr/local /usr/local\n{SYSTEM}\n"
    )
    assert (one.python.version, one.python.source) == ("3.12", "Dockerfile:3")


def test_a_stage_of_a_local_base_is_its_own():
    files = {
        "Dockerfile": f"FROM node:22 AS tools\nFROM my-site-base\n{SYSTEM}\n",
        "Dockerfile.base": (
            f"FROM python:3.12 AS tools\nFROM {ALMA}\n"
            "COPY --from=tools /usr/local /usr/local\n"
        ),
    }
    one = trace(files)[1]
    assert (one.python.version, one.python.source) == ("3.12", "Dockerfile.base:3")


def test_an_unknown_image_has_an_unknown_python():
    one = build("example.org/some/image:1", SYSTEM)
    assert (one.python.version, one.node.version) == (None, None)
    assert one.python.unknown == "it is not known which Python the base image provides"
    assert build("example.org/some/image:1", LINK, SYSTEM).python.version == "3.12"


NODES = {
    "curl -sL https://rpm.nodesource.com/setup_14.x | bash -": "14",
    "dnf install https://rpm.nodesource.com/pub_18.x/nodistro/repo/x.rpm": "18",
    "dnf module install -y nodejs:18": "18",
    "dnf module reset nodejs && dnf module enable nodejs:22/common": "22",
    "yum install -y nodejs-14.21.3": "14",
    "yum install -y nodejs-1:18.20.2": "18",
    "apt-get install nodejs=18.*": "18",
    "n 18": "18",
    "nvm install v14.21.3": "14",
    "volta install node@20": "20",
    "nodeenv -p --node=14.15.0": "14",
    "curl https://nodejs.org/dist/v14.21.3/node-v14.21.3-linux-x64.tar.xz | tar xJ": "14",
    "nvm install $V": None,
    "dnf install -y nodejs": "16",
    "npm install -g n 18": "16",
    "n lts": "16",
    "ls # n 18": "16",
}


@pytest.mark.parametrize(("command", "node"), NODES.items(), ids=NODES)
def test_node(command, node):
    found = build(ALMA, f"RUN {command}").node
    assert (found.version, found.installed) == (node, node != "16")


MANAGERS = {
    "pipenv install --deploy --system": "pipenv",
    "pipenv --python 3 install": "pipenv",
    "python3 -m pipenv sync": "pipenv",
    "uv --quiet sync": "uv",
    "uv pip install -r requirements.txt": "uv",
    "poetry config x && poetry -n install": "poetry",
    "pip install -r requirements.txt": "pip",
    "python3.9 -m pip install -e .": "pip",
    "pip install pipenv && pipenv install && pip install ipython": "pipenv",
    "bash -c 'pipenv install'": "pipenv",
    "pip install -U 'pip<22' setuptools wheel 'uv==0.4'": None,
    "pip list": None,
    "pipenv run invenio collect": None,
    "pipenv lock": None,
    "uv python install 3.12": None,
    "uv tool install pipenv": None,
    "echo pipenv install": None,
    "ls # pipenv install": None,
    "python -m": None,
    "./scripts/bootstrap": None,
}


@pytest.mark.parametrize(("command", "manager"), MANAGERS.items(), ids=MANAGERS)
def test_manager(command, manager):
    assert build(ALMA, f"RUN {command}").manager == manager


INSTANCE = {
    "its manager": ("pipenv", "pipenv install --system", True),
    "another manager": ("uv", "pipenv install", False),
    "the folder": ("pipenv", "pip install .", True),
    "the folder, editable": ("uv", "pip install -e ./site", True),
    "Invenio": ("pipenv", "pip install invenio-app-rdm==12", True),
    "its requirements": ("pip", "pip install -r requirements.txt", True),
    "no manager is known": (None, "pip install -r requirements.txt", True),
    "requirements of something else": ("pipenv", "pip install -r docs.txt", False),
    "a documentation's site": ("pipenv", "pip install sphinx", False),
    "twine": ("pip", "pip install twine", False),
    "nothing": ("pipenv", "ls", False),
}


@pytest.mark.parametrize(
    ("manager", "command", "ours"), INSTANCE.values(), ids=INSTANCE
)
def test_what_installs_the_instance(manager, command, ours):
    one = build(
        ALMA, f"RUN {command}", project=pin("pipenv", "3.9")._replace(manager=manager)
    )
    assert one.installs_instance is ours


def test_system():
    assert build(CENTOS7).system == "centos7"
    assert build("example.org/x").system is None
