# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the commands of a build install."""

import pytest

from invenio_cli_registry.runs.installs import (
    installed_node,
    installed_pythons,
    package_manager,
)

from .test_rules import step


@pytest.mark.parametrize(
    ("line", "versions"),
    [
        pytest.param("RUN dnf install -y python3.12", ["3.12"], id="dnf"),
        pytest.param(
            "RUN dnf -y install python3.12 python3.12-devel python3.12-pip",
            ["3.12"],
            id="each-once",
        ),
        pytest.param(
            "RUN dnf install python3.11 python3.12", ["3.11", "3.12"], id="two"
        ),
        pytest.param("RUN microdnf install python3.12", ["3.12"], id="microdnf"),
        pytest.param("RUN yum install -y python39", ["3.9"], id="yum"),
        pytest.param("RUN yum install -y python312-devel", ["3.12"], id="no-dot"),
        pytest.param("RUN yum install -y rh-python38", ["3.8"], id="collection"),
        pytest.param("RUN yum install -y python36u", ["3.6"], id="ius"),
        pytest.param("RUN dnf module install -y python39:3.9", ["3.9"], id="module"),
        pytest.param("RUN dnf install -y @python39", ["3.9"], id="module-by-at"),
        pytest.param(
            "RUN apt-get install -y python3.11 python3.11-venv", ["3.11"], id="apt-get"
        ),
        pytest.param("RUN apt install python3.11", ["3.11"], id="apt"),
        pytest.param("RUN uv python install 3.12", ["3.12"], id="uv"),
        pytest.param("RUN uv python install 3.12.4", ["3.12"], id="uv-patch"),
        pytest.param("RUN uv python install cpython-3.12", ["3.12"], id="uv-cpython"),
        pytest.param("RUN uv venv --python 3.12", ["3.12"], id="uv-venv"),
        pytest.param("RUN uv venv --python=3.12 .venv", ["3.12"], id="uv-venv-equals"),
        pytest.param("RUN uv venv -p 3.12", ["3.12"], id="uv-venv-short"),
        pytest.param("RUN uv sync --python 3.12", ["3.12"], id="uv-sync"),
        pytest.param(
            "RUN alternatives --set python /usr/bin/python3.12",
            ["3.12"],
            id="alternatives",
        ),
        pytest.param(
            "RUN update-alternatives --install /usr/bin/python3 python3 /usr/bin/python3.11 1",
            ["3.11"],
            id="update-alternatives",
        ),
        pytest.param(
            "RUN ln -sf /usr/bin/python3.12 /usr/bin/python", ["3.12"], id="link"
        ),
        pytest.param(
            "RUN ln -s python3.9 /usr/bin/python3.12", ["3.9"], id="link-from-another"
        ),
        pytest.param("RUN pyenv install 3.12.1", ["3.12"], id="pyenv"),
        pytest.param("RUN conda create -y -n x python=3.10", ["3.10"], id="conda"),
        pytest.param("RUN micromamba install python=3.10.2", ["3.10"], id="micromamba"),
        pytest.param(
            "RUN curl -O https://www.python.org/ftp/python/3.8.19/Python-3.8.19.tgz",
            ["3.8"],
            id="source",
        ),
        pytest.param(
            "ADD https://www.python.org/ftp/python/3.8.19/Python-3.8.19.tgz /",
            ["3.8"],
            id="source-added",
        ),
        pytest.param("RUN cd / && dnf install python3.12 && ls", ["3.12"], id="chain"),
        pytest.param("RUN bash -c 'dnf install python3.12'", ["3.12"], id="shell"),
    ],
)
def test_installed_pythons(line, versions):
    assert [one.version for one in installed_pythons([step(line)])] == versions


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(
            "RUN dnf install -y python3 python3-devel python3-pip", id="the-systems-own"
        ),
        pytest.param(
            "RUN dnf install -y python3-saml-1.3.8", id="a-package-called-python3"
        ),
        pytest.param("RUN dnf remove -y python3.12", id="removed"),
        pytest.param("RUN dnf update -y python3.12", id="updated"),
        pytest.param("RUN dnf info python3.12", id="asked-about"),
        pytest.param("RUN echo dnf install python3.12", id="printed"),
        pytest.param("RUN ls # dnf install python3.12", id="comment"),
        pytest.param("RUN python3.12 -m pip install x", id="used"),
        pytest.param("RUN pip install x==3.12", id="another-version"),
        pytest.param("RUN uv pip install x==3.12", id="uv-package"),
        pytest.param("RUN uv sync --frozen", id="uv-sync"),
        pytest.param("RUN uv run python3.12 x", id="uv-run"),
        pytest.param("RUN pyenv global 3.12", id="pyenv-global"),
        pytest.param("RUN pyenv", id="pyenv-alone"),
        pytest.param("RUN conda install numpy=3.12", id="conda-package"),
        pytest.param("RUN conda list python=3.12", id="conda-list"),
        pytest.param(
            "RUN ln -s /usr/bin/python3 /usr/bin/python3.12", id="link-called-so"
        ),
        pytest.param(
            "RUN alternatives --set java /usr/bin/java", id="another-alternative"
        ),
        pytest.param("ENV PYTHON_VERSION=3.12", id="variable"),
        pytest.param("COPY python3.12 install/", id="copy"),
        pytest.param("RUN dnf install $PYTHON", id="unknown"),
    ],
)
def test_no_python(line):
    assert installed_pythons([step(line)]) == ()


def test_pythons_are_in_the_order_of_the_build_with_their_places():
    first, second = (
        "RUN dnf install python3.12",
        "RUN cd / && alternatives --set python /usr/bin/python3.9",
    )
    found = installed_pythons([step(first), step(second, start=100)])
    assert found == (("3.12", 4), ("3.9", 100 + second.index("alternatives")))


@pytest.mark.parametrize(
    ("line", "versions"),
    [
        pytest.param(
            "RUN curl -sL https://rpm.nodesource.com/setup_14.x | bash -",
            ["14"],
            id="nodesource",
        ),
        pytest.param(
            "RUN curl https://deb.nodesource.com/setup_20.x | bash -",
            ["20"],
            id="nodesource-debian",
        ),
        pytest.param(
            "RUN dnf install https://rpm.nodesource.com/pub_18.x/nodistro/repo/x.rpm",
            ["18"],
            id="nodesource-rpm",
        ),
        pytest.param("RUN dnf module install -y nodejs:18", ["18"], id="module"),
        pytest.param(
            "RUN dnf module enable nodejs:18/common", ["18"], id="module-profile"
        ),
        pytest.param("RUN yum install -y nodejs-14.21.3", ["14"], id="package"),
        pytest.param("RUN yum install -y nodejs-1:16.20.2", ["16"], id="epoch"),
        pytest.param("RUN apt-get install nodejs=18.*", ["18"], id="apt"),
        pytest.param("RUN conda install nodejs=18", ["18"], id="conda"),
        pytest.param("RUN n 18", ["18"], id="n"),
        pytest.param("RUN nvm install 14", ["14"], id="nvm"),
        pytest.param("RUN nvm install v14.21.3", ["14"], id="nvm-patch"),
        pytest.param("RUN fnm install 20", ["20"], id="fnm"),
        pytest.param("RUN volta install node@20", ["20"], id="volta"),
        pytest.param("RUN nodeenv -p --node=14.15.0", ["14"], id="nodeenv"),
        pytest.param(
            "RUN curl https://nodejs.org/dist/v14.21.3/node-v14.21.3-linux-x64.tar.xz | tar xJ",
            ["14"],
            id="archive",
        ),
        pytest.param(
            "ADD https://nodejs.org/dist/latest-v18.x/x.tar.gz /",
            ["18"],
            id="archive-added",
        ),
    ],
)
def test_installed_node(line, versions):
    assert [one.version for one in installed_node([step(line)])] == versions


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("RUN dnf install -y nodejs", id="the-systems-own"),
        pytest.param("RUN dnf install -y nodejs-devel", id="headers"),
        pytest.param("RUN npm install -g n", id="installer"),
        pytest.param("RUN npm install 18", id="npm"),
        pytest.param("RUN n lts", id="unknown"),
        pytest.param(
            "RUN curl https://rpm.nodesource.com/setup_lts.x", id="nodesource-lts"
        ),
        pytest.param("RUN ls # n 18", id="comment"),
        pytest.param("ENV NODE_VERSION=18", id="variable"),
        pytest.param("COPY n 18", id="copy"),
    ],
)
def test_no_node(line):
    assert installed_node([step(line)]) == ()


@pytest.mark.parametrize(
    ("lines", "manager"),
    [
        pytest.param(["RUN pipenv install --deploy --system"], "pipenv", id="pipenv"),
        pytest.param(["RUN pipenv sync"], "pipenv", id="pipenv-sync"),
        pytest.param(
            ["RUN pipenv --python 3 install"], None, id="pipenv-option-with-a-value"
        ),
        pytest.param(["RUN pipenv --bare install"], "pipenv", id="pipenv-option"),
        pytest.param(["RUN python3 -m pipenv install"], "pipenv", id="pipenv-module"),
        pytest.param(["RUN uv sync --frozen"], "uv", id="uv"),
        pytest.param(["RUN uv --quiet sync"], "uv", id="uv-option"),
        pytest.param(["RUN uv pip install -r requirements.txt"], "uv", id="uv-pip"),
        pytest.param(["RUN poetry install --no-dev"], "poetry", id="poetry"),
        pytest.param(
            ["RUN poetry config x && poetry -n install"], "poetry", id="poetry-option"
        ),
        pytest.param(["RUN pip install -r requirements.txt"], "pip", id="pip"),
        pytest.param(["RUN pip3.9 install ."], "pip", id="pip-of-a-python"),
        pytest.param(["RUN python3.9 -m pip install -e ."], "pip", id="pip-module"),
        pytest.param(
            ["RUN pip install pipenv", "RUN pipenv install"],
            "pipenv",
            id="pip-brings-pipenv",
        ),
        pytest.param(
            ["RUN pipenv install", "RUN pip install ipython"],
            "pipenv",
            id="pip-for-the-rest",
        ),
        pytest.param(["RUN pip install -r x", "RUN uv sync"], "uv", id="uv-before-pip"),
        pytest.param(["RUN ls && pipenv install"], "pipenv", id="chain"),
        pytest.param(["RUN bash -c 'pipenv install'"], "pipenv", id="shell"),
        pytest.param(["RUN pip install pipenv"], None, id="only-the-tool"),
        pytest.param(
            ["RUN pip install -U 'pip<22' setuptools wheel 'uv==0.4'"],
            None,
            id="only-tools",
        ),
        pytest.param(["RUN pip install ''"], "pip", id="an-empty-word"),
        pytest.param(["RUN pip list"], None, id="pip-list"),
        pytest.param(["RUN pipenv run invenio collect"], None, id="pipenv-run"),
        pytest.param(["RUN pipenv lock"], None, id="pipenv-lock"),
        pytest.param(["RUN uv python install 3.12"], None, id="uv-python"),
        pytest.param(["RUN uv pip list"], None, id="uv-pip-list"),
        pytest.param(["RUN echo pipenv install"], None, id="printed"),
        pytest.param(["RUN ls # pipenv install"], None, id="comment"),
        pytest.param(["RUN python -m"], None, id="no-module"),
        pytest.param(["COPY pipenv install/"], None, id="copy"),
        pytest.param(["CMD pipenv install"], None, id="runs-later"),
        pytest.param(["RUN ./scripts/bootstrap"], None, id="a-script"),
        pytest.param([], None, id="nothing"),
    ],
)
def test_package_manager(lines, manager):
    assert package_manager([step(line) for line in lines]) == manager
