# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Where an instance writes which release it wants."""

import pytest

from invenio_cli_registry.project.manifests import load
from invenio_cli_registry.project.specifier import find_specifier


def find(tmp_path, files, flavour="RDM", manager=None):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    found = find_specifier(load(tmp_path, "."), flavour, manager)
    return found and (found.text, found.place and tuple(found.place))


@pytest.mark.parametrize(
    ("name", "text", "version", "line", "column"),
    [
        pytest.param(
            "Pipfile", '[packages]\ninvenio-app-rdm = "~=13.1.0"\n',
            *("~=13.1.0", 2, 20), id="a string",
        ),
        pytest.param(
            "Pipfile",
            '[packages]\ninvenio-app-rdm = {extras = ["opensearch2"], version = "~=13.1.0"}\n',
            *("~=13.1.0", 2, 57), id="a table",
        ),
        pytest.param(
            "Pipfile", '[packages]\n"Invenio_App.RDM" = {version = "*"}\n',
            *("*", 2, 33), id="another spelling",
        ),
        pytest.param(
            "Pipfile", '[packages]\nx = "~=13.1.0"\ninvenio-app-rdm = "~=13.1.0"\n',
            *("~=13.1.0", 3, 20), id="two of one value",
        ),
        pytest.param(
            "Pipfile", '[packages]\n"invenio-app-rdm" = {git = "https://x.org/y"}\n',
            *("", 2, 2), id="no version",
        ),
        pytest.param(
            "Pipfile", "[packages.invenio-app-rdm]\ngit = 'x'\n",
            *("", None, None), id="no version, a table of its own",
        ),
        pytest.param(
            "pyproject.toml",
            '[project]\ndependencies = [\n  "x",\n  "invenio-app-rdm[opensearch2]~=13.1.0",\n]\n',
            *("~=13.1.0", 4, 4), id="PEP 621",
        ),
        pytest.param(
            "pyproject.toml",
            '[project]\ndependencies = ["invenio-app-rdm >= 13.1 ; python_version > \'3\'"]\n',
            *(">= 13.1", 2, 18), id="with a marker",
        ),
        pytest.param(
            "pyproject.toml",
            '[project]\ndependencies = ["invenio-app-rdm @ git+https://x.org/y"]\n',
            *("", 2, 18), id="an address",
        ),
        pytest.param(
            "pyproject.toml", '[tool.poetry.dependencies]\ninvenio-app-rdm = "^13.1"\n',
            *("^13.1", 2, 20), id="poetry",
        ),
        pytest.param(
            "requirements.txt", "# all\nflask\ninvenio-app-rdm[opensearch2]==13.1.2  # pin\n",
            *("==13.1.2", 3, 1), id="requirements",
        ),
    ],
)  # fmt: skip
def test_the_place(name, text, version, line, column, tmp_path):
    place = (name, line, column) if line else None
    assert find(tmp_path, {name: text}) == (version, place)


BOTH = {
    "Pipfile": '[packages]\ninvenio-app-rdm = "~=12.0.0"\n',
    "pyproject.toml": '[project]\ndependencies = ["invenio-app-rdm~=13.0.0"]\n',
    "requirements.txt": "invenio-app-rdm==11\n",
}


@pytest.mark.parametrize(
    ("manager", "version"),
    [("pipenv", "~=12.0.0"), ("uv", "~=13.0.0"), ("poetry", "~=13.0.0"), (None, "~=12.0.0")],
)  # fmt: skip
def test_the_file_of_the_package_manager_comes_first(manager, version, tmp_path):
    assert find(tmp_path, BOTH, manager=manager)[0] == version


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({}, id="no file"),
        pytest.param({"Pipfile": '[packages]\nflask = "*"\n'}, id="another package"),
        pytest.param(
            {"Pipfile": '[packages]\ninvenio-app-rdm-x = "*"\n'}, id="a longer name"
        ),
        pytest.param({"Pipfile": "packages = 1\n"}, id="no table"),
        pytest.param(
            {"pyproject.toml": "[project]\ndependencies = 'invenio-app-rdm'\n"},
            id="no list",
        ),
        pytest.param(
            {"pyproject.toml": "[project]\ndependencies = [1, ['invenio-app-rdm']]\n"},
            id="no strings",
        ),
        pytest.param({"requirements.txt": "# invenio-app-rdm==13\n"}, id="a comment"),
        pytest.param(
            {"Pipfile": '[packages]\ninvenio-app-ils = "*"\n'}, id="another flavour's"
        ),
    ],
)
def test_nowhere(files, tmp_path):
    assert find(tmp_path, files) is None


def test_the_flavour_decides(tmp_path):
    text = '[packages]\ninvenio-app-rdm = "~=13.1.0"\ninvenio-app-ils = "~=5.0.0"\n'
    assert find(tmp_path, {"Pipfile": text}, "ILS") == ("~=5.0.0", ("Pipfile", 3, 20))
