# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python that an instance asks for: which file, which versions, which place."""

import pytest

from invenio_cli_registry.project.manifests import load
from invenio_cli_registry.project.pins import Pin, find_lock_python, find_pins

PIPFILE = '[requires]\npython_version = "3.8"\n'
LOCK = '{"_meta": {"requires": {"python_version": "3.7"}}}'
REQUIRES = '[project]\nrequires-python = ">=3.9,<3.10"\n'
POETRY = '[tool.poetry.dependencies]\npython = "^3.8"\n'
INVENIO = "[cli]\nflavour = RDM\n[cookiecutter]\npython_version = 3.6\n"


@pytest.mark.parametrize(
    ("form", "text", "minor", "least", "greatest"),
    [
        pytest.param("version", "3.8", "3.8", "3.8", "3.8", id="minor"),
        pytest.param("version", "3.8.12", "3.8", "3.8", "3.8", id="patch"),
        pytest.param("version", " 3.8 ", "3.8", "3.8", "3.8", id="blanks"),
        pytest.param("version", "3.14.0rc2", "3.14", "3.14", "3.14", id="candidate"),
        pytest.param("version", "cpython-3.12", "3.12", "3.12", "3.12", id="uv-name"),
        pytest.param("version", "2.7", "2.7", "2.7", "2.7", id="python-2"),
        pytest.param("version", "3", None, "3.0", None, id="major"),
        pytest.param("version", "*", None, None, None, id="any"),
        pytest.param("version", ">=3.8", None, "3.8", None, id="range-in-pipfile"),
        pytest.param("specifier", ">=3.9", None, "3.9", None, id="at-least"),
        pytest.param("specifier", ">=3.9.7", None, "3.9", None, id="patch-at-least"),
        pytest.param("specifier", ">=3.9,<3.10", "3.9", "3.9", "3.9", id="one-minor"),
        pytest.param("specifier", "==3.14.*", "3.14", "3.14", "3.14", id="wildcard"),
        pytest.param("specifier", "==3.9.20", "3.9", "3.9", "3.9", id="exact-patch"),
        pytest.param("specifier", "==3.9", "3.9", "3.9", "3.9", id="exact-minor"),
        pytest.param("specifier", "~=3.9", None, "3.9", None, id="compatible"),
        pytest.param("specifier", "~=3.9.2", "3.9", "3.9", "3.9", id="compatible-patch"),
        pytest.param("specifier", "<3.13", None, None, "3.12", id="below"),
        pytest.param("specifier", ">=3.9,!=3.10.*,<3.12", None, "3.9", "3.11", id="hole"),
        pytest.param("poetry", "^3.8", None, "3.8", None, id="caret"),
        pytest.param("poetry", "~3.9", "3.9", "3.9", "3.9", id="tilde"),
        pytest.param("poetry", "3.9.*", "3.9", "3.9", "3.9", id="poetry-wildcard"),
        pytest.param("poetry", ">=3.9,<3.10", "3.9", "3.9", "3.9", id="poetry-range"),
        pytest.param("poetry", "~3.8 || ~3.9", None, "3.8", "3.9", id="either"),
        pytest.param("specifier", "nonsense", None, None, None, id="not-understood"),
        pytest.param("version", "pypy3.9-7.3", None, None, None, id="another-python"),
        pytest.param("version", "4.0", "4.0", "4.0", "4.0", id="to-come"),
        pytest.param("specifier", ">=5", None, None, None, id="nothing-we-know"),
        pytest.param("version", "5", None, None, None, id="major-we-do-not-know"),
    ],
)  # fmt: skip
def test_what_a_pin_names(form, text, minor, least, greatest):
    pin = Pin(text, "f", None, form)
    assert (pin.minor, pin.least, pin.greatest) == (minor, least, greatest)


@pytest.mark.parametrize(
    ("form", "text", "accepted", "refused"),
    [
        ("version", "3.8", ["3.8"], ["3.7", "3.9", "3.80"]),
        ("version", "3", ["3.6", "3.14"], ["2.7"]),
        ("specifier", ">=3.9,<3.13", ["3.9", "3.12"], ["3.8", "3.13"]),
        ("specifier", ">=3.9,!=3.10.*", ["3.9", "3.11"], ["3.10"]),
        ("specifier", "==3.9.20", ["3.9"], ["3.8", "3.10"]),
        ("poetry", "^3.8", ["3.8", "3.14"], ["3.7"]),
        ("poetry", "~3.9", ["3.9"], ["3.8", "3.10"]),
        ("specifier", "nonsense", ["2.7", "3.6", "3.14"], []),
    ],
)
def test_accepts_by_minor(form, text, accepted, refused):
    pin = Pin(text, "f", None, form)
    assert [one for one in accepted + refused if pin.accepts(one)] == accepted


@pytest.mark.parametrize(
    ("files", "manager", "pins"),
    [
        pytest.param({}, None, {}, id="nothing"),
        pytest.param(
            {"Pipfile": PIPFILE}, "pipenv", {"pipenv": ("3.8", "Pipfile", 2, 19)},
            id="pipfile",
        ),
        pytest.param(
            {"Pipfile": '[requires]\npython_full_version = "3.8.12"\npython_version = "3.9"\n'},
            "pipenv", {"pipenv": ("3.8.12", "Pipfile", 2, 24)},
            id="full-version",
        ),
        pytest.param(
            {"Pipfile": PIPFILE, "Pipfile.lock": LOCK, ".invenio": INVENIO}, "pipenv",
            {"pipenv": ("3.8", "Pipfile", 2, 19)},
            id="pipfile-before-lock",
        ),
        pytest.param(
            {"Pipfile": "[packages]\n", "Pipfile.lock": LOCK, ".invenio": INVENIO},
            "pipenv", {"pipenv": ("3.7", "Pipfile.lock", None, None)},
            id="lock-before-invenio",
        ),
        pytest.param(
            {"Pipfile": "[packages]\n", ".invenio": INVENIO}, "pipenv",
            {"pipenv": ("3.6", ".invenio", None, None)},
            id="invenio-when-nothing-else",
        ),
        pytest.param({".invenio": INVENIO}, None, {}, id="invenio-without-pipenv"),
        pytest.param(
            {"Pipfile": "[requires]\npython_version = 3.8\n"}, "pipenv", {},
            id="a-number-is-no-version",
        ),
        pytest.param(
            {"Pipfile": '[requires]\npython_version = ""\n'}, "pipenv", {}, id="empty"
        ),
        pytest.param({"Pipfile": "requires = 1\n"}, "pipenv", {}, id="no-table"),
        pytest.param(
            {"pyproject.toml": REQUIRES, ".python-version": "3.12\n"}, "uv",
            {"uv": (">=3.9,<3.10", "pyproject.toml", 2, 20)},
            id="requires-python-before-file",
        ),
        pytest.param(
            {"pyproject.toml": "[project]\n", ".python-version": "# c\n\n 3.12.4\n3.9\n"},
            "uv", {"uv": ("3.12.4", ".python-version", 3, 2)},
            id="python-version-file",
        ),
        pytest.param(
            {"pyproject.toml": "[project]\n", ".python-version": "my-venv\n"}, "uv", {},
            id="name-of-an-environment",
        ),
        pytest.param(
            {"pyproject.toml": "[project]\n", ".python-version": "# none\n"}, "uv", {},
            id="only-a-comment",
        ),
        pytest.param({".python-version": "3.12\n"}, "pipenv", {}, id="file-without-uv"),
        pytest.param(
            {"pyproject.toml": POETRY}, "poetry",
            {"poetry": ("^3.8", "pyproject.toml", 2, 11)},
            id="poetry",
        ),
        pytest.param(
            {"pyproject.toml": REQUIRES}, "poetry",
            {
                "poetry": (">=3.9,<3.10", "pyproject.toml", 2, 20),
                "uv": (">=3.9,<3.10", "pyproject.toml", 2, 20),
            },
            id="poetry-2",
        ),
        pytest.param(
            {"pyproject.toml": '[tool.poetry.dependencies]\npython = {version = "^3.8"}'},
            "poetry", {}, id="poetry-table",
        ),
        pytest.param(
            {"Pipfile": PIPFILE, "pyproject.toml": REQUIRES}, "pipenv",
            {
                "pipenv": ("3.8", "Pipfile", 2, 19),
                "uv": (">=3.9,<3.10", "pyproject.toml", 2, 20),
            },
            id="each-manager-its-own",
        ),
    ],
)  # fmt: skip
def test_which_file_decides(tmp_path, files, manager, pins):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    found = find_pins(load(tmp_path, "site"), manager)
    assert {
        name: (pin.text, pin.source, *(pin.place or (0, None, None))[1:])
        for name, pin in found.items()
    } == pins
    places = [pin.place for pin in found.values() if pin.place]
    assert all(place.path.startswith("site/") for place in places)


@pytest.mark.parametrize(
    ("name", "text", "form"),
    [
        ("Pipfile", PIPFILE, "version"),
        ("pyproject.toml", REQUIRES, "specifier"),
        ("pyproject.toml", POETRY, "poetry"),
    ],
)
def test_the_form_that_an_edit_keeps(tmp_path, name, text, form):
    (tmp_path / name).write_text(text)
    assert {pin.form for pin in find_pins(load(tmp_path, "."), None).values()} == {form}


@pytest.mark.parametrize(
    ("lock", "text"),
    [
        (LOCK, "3.7"),
        ('{"_meta": {"requires": {"python_full_version": "3.8.12"}}}', "3.8.12"),
        ('{"_meta": {"requires": {}}}', None),
        ('{"_meta": []}', None),
        ("{}", None),
    ],
)
def test_the_python_of_the_lock(tmp_path, lock, text):
    (tmp_path / "Pipfile.lock").write_text(lock)
    pin = find_lock_python(load(tmp_path, "."))
    assert (pin and pin.text) == text
