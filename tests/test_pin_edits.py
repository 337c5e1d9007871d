# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python that is asked for, changed where the files write it."""

import pytest

from invenio_cli_registry.migration.pins import plan_pins
from invenio_cli_registry.migration.splice import apply_edits
from invenio_cli_registry.project import manifests


def load(tmp_path, files):
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode("utf-8"))
    return manifests.load(tmp_path, "site")


def change(tmp_path, manager, python, files):
    """Return the files after the change, and what is left to do by hand."""
    loaded = load(tmp_path, files)
    plan = plan_pins(loaded, manager, python)
    changed = {
        name: loaded.sources[name].to_bytes(
            apply_edits(loaded.sources[name], plan.edits)
        )
        for name in files
    }
    return {name: data.decode("utf-8") for name, data in changed.items()}, plan.left


def check_changed(tmp_path, manager, python, before, after):
    for twin in (str, with_crlf, with_mark):
        files = {name: twin(text) for name, text in before.items()}
        expected = {name: twin(text) for name, text in after.items()}
        assert change(tmp_path, manager, python, files) == (expected, ())
        assert change(tmp_path, manager, python, expected) == (expected, ())


def with_crlf(text):
    return text.replace("\n", "\r\n")


def with_mark(text):
    return "\ufeff" + text


def check_noop(tmp_path, manager, python, files):
    assert change(tmp_path, manager, python, files) == (files, ())


PIPFILE = """[[source]]
name = "python_version"  # "3.8"

[packages]
x = {version = "3.8", markers = "python_version >= '3.8'"}

# python_version = "3.8"
[requires]
%s
"""
PROJECT = """[project]
name = "3.12"
dependencies = ["a; python_version=='3.12'"]
%s

[tool.x]
requires-python = ">=3.12"
"""
POETRY = """[tool.poetry]
python = "^3.8"
[tool.poetry.dependencies]
%s
click = "^3.8"
"""


@pytest.mark.parametrize(
    ("python", "before", "after"),
    [
        pytest.param(
            "3.9", 'python_version = "3.8"', 'python_version = "3.9"', id="older"
        ),
        pytest.param(
            "3.9", 'python_version = "3.12"', 'python_version = "3.9"', id="newer"
        ),
        pytest.param(
            "3.14",
            "  python_version='3.12'\t# ours",
            "  python_version='3.14'\t# ours",
            id="quotes, spacing and comment stay",
        ),
        pytest.param(
            "3.9",
            '"python_version" = "3.8"',
            '"python_version" = "3.9"',
            id="quoted key",
        ),
        pytest.param(
            "3.9",
            'python_full_version = "3.8.12"',
            'python_version = "3.9"',
            id="a patch release that nobody knows",
        ),
        pytest.param(
            "3.9",
            "'python_full_version'   =   '3.8.12' # x",
            "'python_version'   =   '3.9' # x",
            id="its quotes and spacing stay",
        ),
    ],
)
def test_a_pipfile_asks_for_another_python(tmp_path, python, before, after):
    files = {"Pipfile": PIPFILE % before}
    check_changed(tmp_path, "pipenv", python, files, {"Pipfile": PIPFILE % after})


def test_a_pipfile_without_a_final_newline(tmp_path):
    before = {"Pipfile": '[requires]\npython_version = "3.8"'}
    after = {"Pipfile": '[requires]\npython_version = "3.9"'}
    check_changed(tmp_path, "pipenv", "3.9", before, after)


def test_a_pipfile_with_dotted_keys(tmp_path):
    before = {
        "Pipfile": 'requires.python_full_version = "3.8.1"\n# python_full_version\n'
    }
    after = {"Pipfile": 'requires.python_version = "3.9"\n# python_full_version\n'}
    check_changed(tmp_path, "pipenv", "3.9", before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            'requires-python = "==3.12.*"', 'requires-python = "==3.9.*"', id="minor"
        ),
        pytest.param(
            'requires-python = ">=3.12"', 'requires-python = "==3.9.*"', id="open"
        ),
        pytest.param(
            "requires-python='>=3.10,<3.13' # why",
            "requires-python='==3.9.*' # why",
            id="range, comment stays",
        ),
        pytest.param(
            'requires-python = "~=3.12.4"', 'requires-python = "==3.9.*"', id="patch"
        ),
    ],
)
def test_requires_python_names_one_minor(tmp_path, before, after):
    files = {"pyproject.toml": PROJECT % before}
    expected = {"pyproject.toml": PROJECT % after}
    check_changed(tmp_path, "uv", "3.9", files, expected)
    check_changed(tmp_path, "poetry", "3.9", files, expected)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('"^3.12"', '"^3.9"', id="caret"),
        pytest.param('"^3.12.1"', '"^3.9"', id="caret with patch"),
        pytest.param('"~3.12"', '"~3.9"', id="tilde"),
        pytest.param('"~=3.12"', '"~=3.9"', id="compatible"),
        pytest.param('"3.12.*"', '"3.9.*"', id="wildcard"),
        pytest.param('"==3.12.*"', '"==3.9.*"', id="equal"),
        pytest.param('"3.12"', '"3.9.*"', id="bare"),
        pytest.param('">=3.10,<3.13"', '">=3.9,<3.10"', id="range"),
        pytest.param('">=3.12"', '">=3.9,<3.10"', id="open"),
        pytest.param('"^3.11 || 3.13"', '">=3.9,<3.10"', id="alternatives"),
        pytest.param(
            '{version = "^3.12", optional = false}',
            '{version = "^3.9", optional = false}',
            id="table",
        ),
    ],
)
def test_poetry_keeps_its_form(tmp_path, before, after):
    files = {"pyproject.toml": POETRY % f"python = {before}"}
    expected = {"pyproject.toml": POETRY % f"python = {after}"}
    check_changed(tmp_path, "poetry", "3.9", files, expected)


def test_poetry_and_project_are_changed_together(tmp_path):
    both = 'requires-python = "%s"\n[tool.poetry.dependencies]\npython = "%s"'
    before = {"pyproject.toml": PROJECT % (both % (">=3.12", "^3.12"))}
    after = {"pyproject.toml": PROJECT % (both % ("==3.9.*", "^3.9"))}
    check_changed(tmp_path, "poetry", "3.9", before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("3.12\n", "3.9\n", id="minor"),
        pytest.param("3.12.4", "3.9", id="patch, no newline"),
        pytest.param("# ours\n 3.12 \n", "# ours\n 3.9 \n", id="comment and blanks"),
        pytest.param("cpython@3.12\n", "cpython@3.9\n", id="implementation"),
        pytest.param("3.14rc1\n3.12\n", "3.9\n3.12\n", id="the first line counts"),
    ],
)
def test_a_python_version_file_of_uv(tmp_path, before, after):
    project = PROJECT % 'requires-python = ">=3.9"'
    check_changed(
        tmp_path,
        "uv",
        "3.9",
        {".python-version": before, "pyproject.toml": project},
        {".python-version": after, "pyproject.toml": project},
    )


def test_uv_changes_both_of_its_files(tmp_path):
    before = {"pyproject.toml": PROJECT % 'requires-python = "==3.12.*"'}
    after = {"pyproject.toml": PROJECT % 'requires-python = "==3.14.*"'}
    check_changed(
        tmp_path,
        "uv",
        "3.14",
        {**before, ".python-version": "3.12\n"},
        {**after, ".python-version": "3.14\n"},
    )


@pytest.mark.parametrize(
    ("manager", "files"),
    [
        pytest.param("pipenv", {}, id="no file"),
        pytest.param("pipenv", {"Pipfile": "[packages]\n"}, id="no pin"),
        pytest.param(
            "pipenv", {"Pipfile": PIPFILE % 'python_version = "3.9"'}, id="it is"
        ),
        pytest.param(
            "pipenv",
            {"Pipfile": PIPFILE % 'python_full_version = "3.9.18"'},
            id="a patch release of it",
        ),
        pytest.param(
            "pipenv", {"Pipfile": PIPFILE % 'python_version = ""'}, id="empty"
        ),
        pytest.param(
            "pipenv", {"Pipfile": "[requires]\npython_version = 3.8\n"}, id="number"
        ),
        pytest.param("pipenv", {"Pipfile": "requires = 3\n"}, id="no table"),
        pytest.param("pipenv", {"Pipfile": "[requires\n"}, id="not TOML"),
        pytest.param(
            "pipenv",
            {
                "Pipfile": "[packages]\n",
                "pyproject.toml": PROJECT % 'requires-python = ">=3.12"',
                ".python-version": "3.12\n",
            },
            id="other managers' files",
        ),
        pytest.param(
            "pipenv",
            {"Pipfile": PIPFILE % 'python_version = "what you like"'},
            id="what is not understood accepts any",
        ),
        pytest.param(
            "uv",
            {"pyproject.toml": PROJECT % 'requires-python = ">=3.8,<3.13"'},
            id="in the range",
        ),
        pytest.param(
            "uv",
            {"pyproject.toml": "[project]\n", ".python-version": "3.9.1\n"},
            id="python-version accepts it",
        ),
        pytest.param(
            "uv",
            {"pyproject.toml": "[project]\n", ".python-version": "system\n"},
            id="python-version names none",
        ),
        pytest.param(
            "poetry", {"pyproject.toml": POETRY % 'python = "^3.8"'}, id="caret"
        ),
        pytest.param(
            "poetry", {"pyproject.toml": POETRY % 'python = "*"'}, id="any Python"
        ),
        pytest.param(
            "pip", {"Pipfile": PIPFILE % 'python_version = "3.8"'}, id="pip has no pin"
        ),
        pytest.param(
            None, {"Pipfile": PIPFILE % 'python_version = "3.8"'}, id="no manager"
        ),
    ],
)
def test_nothing_is_changed(tmp_path, manager, files):
    check_noop(tmp_path, manager, "3.9", files)


@pytest.mark.parametrize(
    ("manager", "files", "says"),
    [
        pytest.param(
            "pipenv",
            {
                "Pipfile": PIPFILE
                % 'python_version = "3.8"\npython_full_version = "3.8.12"'
            },
            'site/Pipfile: put python_version = "3.9" in place of python_full_version',
            id="both stand there",
        ),
        pytest.param(
            "pipenv",
            {"Pipfile": '[requires]\n"python_full\\u005fversion" = "3.8.12"\n'},
            'site/Pipfile: put python_version = "3.9" in place of python_full_version',
            id="the key is written with an escape",
        ),
        pytest.param(
            "pipenv",
            {
                "Pipfile": "# python_full_version\n[requires]\n"
                '"python_full\\u005fversion" = "3.8.12"\n'
            },
            'site/Pipfile: put python_version = "3.9" in place of python_full_version',
            id="and the name stands in a comment",
        ),
        pytest.param(
            "pipenv",
            {"Pipfile": '[requires]\npython_version = "3\\u002e8"\n'},
            'site/Pipfile: set python_version to "3.9" by hand',
            id="the value is written with an escape",
        ),
        pytest.param(
            "uv",
            {
                "pyproject.toml": '[project]\nrequires-python = ">=3\\u002e12"\n',
                ".python-version": "3.12\n",
            },
            'site/pyproject.toml: set requires-python to "==3.9.*" by hand',
            id="nothing is changed when something is left",
        ),
    ],
)
def test_what_cannot_be_changed_safely_is_left(tmp_path, manager, files, says):
    changed, left = change(tmp_path, manager, "3.9", files)
    assert changed == files
    assert [line.startswith(says) for line in left] == [True]
