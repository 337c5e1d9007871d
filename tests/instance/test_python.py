# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python that an instance requires: which file, which versions, and another one."""

import os

import pytest

from invenio_cli_registry.instance.manifests import load
from invenio_cli_registry.instance.python import (
    Pin,
    find_lock,
    find_pins,
    parse_constraint,
    parse_specifiers,
    plan_pins,
)

PIPFILE = '[requires]\npython_version = "3.8"\n'
LOCK = '{"_meta": {"requires": {"python_version": "3.7"}}}'
REQUIRES = '[project]\nrequires-python = ">=3.9,<3.10"\n'
POETRY = '[tool.poetry.dependencies]\npython = "^3.8"\n'
INVENIO = "[cli]\nflavour = RDM\n[cookiecutter]\npython_version = 3.6\n"


def write(folder, files):
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
    return load(str(folder))


@pytest.mark.parametrize(
    ("form", "text", "minor", "least"),
    [
        ("version", "3.8", "3.8", "3.8"),
        ("version", " 3.8.12 ", "3.8", "3.8"),
        ("version", "3.14.0rc2", "3.14", "3.14"),
        ("version", "cpython-3.12", "3.12", "3.12"),
        ("version", "3", None, "3.0"),
        ("version", "*", None, None),
        ("specifier", ">=3.9.7", None, "3.9"),
        ("specifier", ">=3.9,<3.10", "3.9", "3.9"),
        ("specifier", "==3.14.*", "3.14", "3.14"),
        ("specifier", "~=3.9.2", "3.9", "3.9"),
        ("specifier", "<3.13", None, None),
        ("specifier", ">=3.9,!=3.10.*,<3.12", None, "3.9"),
        ("poetry", "^3.8", None, "3.8"),
        ("poetry", "~3.9", "3.9", "3.9"),
        ("poetry", "~3.8 || ~3.9", None, None),
        ("specifier", "nonsense", None, None),
        ("version", "pypy3.9-7.3", None, None),
        ("specifier", ">=3." + "9" * 500, None, None),
    ],
)  # fmt: skip
def test_what_a_pin_names(form, text, minor, least):
    pin = Pin(text, "f", None, form)
    assert (pin.minor, pin.least) == (minor, least)
    assert pin.accepts(minor or least or "3.9")


@pytest.mark.parametrize(
    ("text", "allowed", "refused", "pip"),
    [
        ("~=9.1.0", "9.1.7", "9.2.0", True),
        (">=12,<14", "13.9", "14", True),
        ("== 4.5.*", "4.5.1", "4.6", True),
        ("~=13.0.0rc1", "13.0.0rc6", "13.1", True),
        ("^13.1", "13.9", "14", False),
        ("^0.2.3", "0.2.9", "0.3", False),
        ("~13.1.2", "13.1.9", "13.2", False),
        ("~13", "13.9", "14", False),
        ("13.0.2", "13.0.2", "13.0.3", False),
        ("^13, !=13.1", "13.2", "13.1", False),
    ],
)  # fmt: skip
def test_constraints(text, allowed, refused, pip):
    found = parse_constraint(text)
    assert found.contains(allowed, prereleases=True)
    assert not found.contains(refused, prereleases=True)
    assert (parse_specifiers(text) is not None) is pip


@pytest.mark.parametrize(
    "text", ["latest", "^", "~x", "^11 || ^13", "1" * 201, "13.0.2 or"]
)
def test_what_is_no_constraint(text):
    assert parse_constraint(text) is None


@pytest.mark.parametrize(
    ("files", "manager", "pins"),
    [
        pytest.param({}, None, {}, id="nothing"),
        pytest.param({"Pipfile": PIPFILE}, "pipenv", {"pipenv": ("3.8", "Pipfile", 2, 19)}, id="pipfile"),
        pytest.param(
            {"Pipfile": '[requires]\npython_full_version = "3.8.12"\npython_version = "3.9"\n'},
            "pipenv", {"pipenv": ("3.8.12", "Pipfile", 2, 24)}, id="full version",
        ),
        pytest.param(
            {"Pipfile": PIPFILE, "Pipfile.lock": LOCK, ".invenio": INVENIO}, "pipenv",
            {"pipenv": ("3.8", "Pipfile", 2, 19)}, id="Pipfile before lock",
        ),
        pytest.param(
            {"Pipfile": "[packages]\n", "Pipfile.lock": LOCK, ".invenio": INVENIO},
            "pipenv", {"pipenv": ("3.7", "Pipfile.lock")}, id="lock before .invenio",
        ),
        pytest.param(
            {"Pipfile": "[packages]\n", ".invenio": INVENIO}, "pipenv",
            {"pipenv": ("3.6", ".invenio")}, id=".invenio at last",
        ),
        pytest.param({".invenio": INVENIO}, None, {}, id=".invenio without pipenv"),
        pytest.param({"Pipfile": "[requires]\npython_version = 3.8\n"}, "pipenv", {}, id="number"),
        pytest.param({"Pipfile": '[requires]\npython_version = ""\n'}, "pipenv", {}, id="empty"),
        pytest.param({"Pipfile": "requires = 1\n"}, "pipenv", {}, id="no table"),
        pytest.param(
            {"pyproject.toml": REQUIRES, ".python-version": "3.12\n"}, "uv",
            {"uv": ("3.12", ".python-version", 1, 1)}, id="uv obeys .python-version",
        ),
        pytest.param(
            {"pyproject.toml": "[project]\n", ".python-version": "# c\n\n 3.12.4\n3.9\n"},
            "uv", {"uv": ("3.12.4", ".python-version", 3, 2)}, id=".python-version",
        ),
        pytest.param({"pyproject.toml": "[project]\n", ".python-version": "my-venv\n"}, "uv", {}, id="a name"),
        pytest.param({".python-version": "3.12\n"}, "pipenv", {}, id=".python-version without uv"),
        pytest.param({"pyproject.toml": POETRY}, "poetry", {"poetry": ("^3.8", "pyproject.toml", 2, 11)}, id="poetry"),
        pytest.param(
            {"pyproject.toml": '[tool.poetry.dependencies]\npython = {version = "^3.8"}'},
            "poetry", {"poetry": ("^3.8", "pyproject.toml")}, id="poetry's table",
        ),
        pytest.param(
            {"pyproject.toml": REQUIRES}, "poetry",
            {"poetry": (">=3.9,<3.10", "pyproject.toml", 2, 20), "uv": (">=3.9,<3.10", "pyproject.toml", 2, 20)},
            id="poetry 2",
        ),
        pytest.param(
            {"Pipfile": PIPFILE, "pyproject.toml": REQUIRES}, "pipenv",
            {"pipenv": ("3.8", "Pipfile", 2, 19), "uv": (">=3.9,<3.10", "pyproject.toml", 2, 20)},
            id="each manager its own",
        ),
    ],
)  # fmt: skip
def test_which_file_decides(tmp_path, files, manager, pins):
    found = find_pins(write(tmp_path, files), manager)
    assert {
        name: (
            pin.text,
            pin.source,
            *((pin.span.line, pin.span.column) if pin.span else ()),
        )
        for name, pin in found.items()
    } == pins
    assert all(
        pin.span.path == str(tmp_path / pin.source)
        for pin in found.values()
        if pin.span
    )


UV = 'version = 1\nrequires-python = "==3.14.*"\n'
POETRY_LOCK = (
    '[[package]]\npython-versions = ">=3.7"\n\n[metadata]\npython-versions = "^3.9"\n'
)


@pytest.mark.parametrize(
    ("files", "manager", "name", "python", "line"),
    [
        ({"Pipfile.lock": LOCK}, None, "Pipfile.lock", "3.7", 1),
        ({"Pipfile.lock": LOCK.replace("on_v", "on_full_v")}, None, "Pipfile.lock", "3.7", 1),
        ({"Pipfile.lock": '{"_meta": []}'}, None, "Pipfile.lock", None, 1),
        ({"uv.lock": UV}, "uv", "uv.lock", "==3.14.*", 2),
        ({"poetry.lock": POETRY_LOCK}, "poetry", "poetry.lock", "^3.9", 5),
        ({"Pipfile.lock": LOCK, "uv.lock": UV}, "uv", "uv.lock", "==3.14.*", 2),
        ({"Pipfile.lock": LOCK, "uv.lock": UV}, None, "Pipfile.lock", "3.7", 1),
    ],
)  # fmt: skip
def test_the_python_of_the_lock(tmp_path, files, manager, name, python, line):
    lock = find_lock(write(tmp_path, files), manager)
    assert (lock.name, lock.python and lock.python.text) == (name, python)
    assert lock.span.line == line


def test_no_lock(tmp_path):
    assert find_lock(write(tmp_path, {"Pipfile": PIPFILE}), "pipenv") is None


def change(folder, manager, files):
    """Return the files after the change to Python 3.9, and what is left to do by hand."""
    manifests = write(folder, files)
    edits, left = plan_pins(manifests, manager, "3.9")
    changed = dict(files)
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        source = edit.span.source
        name = os.path.basename(source.path)
        text = changed[name]
        at = len(source.mark.decode()) if source.mark else 0
        changed[name] = (
            text[: edit.span.start + at] + edit.new + text[edit.span.end + at :]
        )
    return changed, tuple(one.replace(str(folder), "site") for one in left)


def check_changed(folder, manager, before, after):
    crlf = [{k: v.replace("\n", "\r\n") for k, v in one.items()} for one in (before, after)]  # fmt: skip
    marked = [{k: "\ufeff" + v for k, v in one.items()} for one in (before, after)]
    for old, new in ((before, after), crlf, marked):
        assert change(folder, manager, old) == (new, ())
        assert change(folder, manager, new) == (new, ())


IN_PIPFILE = """[[source]]
name = "python_version"  # "3.8"

[packages]
x = {version = "3.8", markers = "python_version >= '3.8'"}

# python_version = "3.8"
[requires]
%s
"""
IN_PROJECT = """[project]
name = "3.12"
dependencies = ["a; python_version=='3.12'"]
%s

[tool.x]
requires-python = ">=3.12"
"""
IN_POETRY = """[tool.poetry]
python = "^3.8"
[tool.poetry.dependencies]
%s
click = "^3.8"
"""


@pytest.mark.parametrize(
    ("manager", "name", "frame", "before", "after"),
    [
        ("pipenv", "Pipfile", IN_PIPFILE, 'python_version = "3.12"', 'python_version = "3.9"'),
        ("pipenv", "Pipfile", IN_PIPFILE, "  python_version='3.12'\t# ours", "  python_version='3.9'\t# ours"),
        ("pipenv", "Pipfile", IN_PIPFILE, '"python_version" = "3.8"', '"python_version" = "3.9"'),
        ("pipenv", "Pipfile", IN_PIPFILE, 'python_full_version = "3.8.12"', 'python_version = "3.9"'),
        ("pipenv", "Pipfile", IN_PIPFILE, "'python_full_version'   =   '3.8.12' # x", "'python_version'   =   '3.9' # x"),
        ("uv", "pyproject.toml", IN_PROJECT, 'requires-python = "==3.12.*"', 'requires-python = "==3.9.*"'),
        ("uv", "pyproject.toml", IN_PROJECT, "requires-python='>=3.10,<3.13' # why", "requires-python='==3.9.*' # why"),
        ("poetry", "pyproject.toml", IN_PROJECT, 'requires-python = "~=3.12.4"', 'requires-python = "==3.9.*"'),
        *(
            ("poetry", "pyproject.toml", IN_POETRY, f'python = "{before}"', f'python = "{after}"')
            for before, after in (
                ("^3.12.1", "^3.9"), ("~3.12", "~3.9"), ("~=3.12", "~=3.9"), ("3.12.*", "3.9.*"),
                ("==3.12.*", "==3.9.*"), ("3.12", "3.9.*"), (">=3.10,<3.13", ">=3.9,<3.10"),
            )
        ),
        ("uv", ".python-version", "%s", "3.12.4\n", "3.9\n"),
        ("uv", ".python-version", "# ours\n %s \n", "cpython@3.12", "cpython@3.9"),
        ("uv", ".python-version", "%s\n3.12\n", "3.14rc1", "3.9"),
    ],
)  # fmt: skip
def test_another_python_is_required(tmp_path, manager, name, frame, before, after):
    (tmp_path / "pyproject.toml").touch()
    check_changed(tmp_path, manager, {name: frame % before}, {name: frame % after})


def test_all_files_of_a_manager_change_together(tmp_path):
    both = 'requires-python = "%s"\n[tool.poetry.dependencies]\npython = "%s"'
    check_changed(
        tmp_path,
        "poetry",
        {"pyproject.toml": IN_PROJECT % (both % (">=3.12", "^3.12"))},
        {"pyproject.toml": IN_PROJECT % (both % ("==3.9.*", "^3.9"))},
    )
    before = {"pyproject.toml": IN_PROJECT % 'requires-python = "==3.12.*"'}
    after = {"pyproject.toml": IN_PROJECT % 'requires-python = "==3.9.*"'}
    plain = {".python-version": "3.12\n"}, {".python-version": "3.9\n"}
    check_changed(tmp_path, "uv", {**before, **plain[0]}, {**after, **plain[1]})


@pytest.mark.parametrize(
    ("manager", "files"),
    [
        pytest.param("pipenv", {}, id="no file"),
        pytest.param("pipenv", {"Pipfile": "[packages]\n"}, id="no pin"),
        pytest.param("pipenv", {"Pipfile": IN_PIPFILE % 'python_full_version = "3.9.18"'}, id="it is"),
        pytest.param("pipenv", {"Pipfile": "[requires]\npython_version = 3.8\n"}, id="number"),
        pytest.param("pipenv", {"Pipfile": "[requires\n"}, id="not TOML"),
        pytest.param("pipenv", {"pyproject.toml": REQUIRES, ".python-version": "3.12"}, id="others' files"),
        pytest.param("pipenv", {"Pipfile": IN_PIPFILE % 'python_version = "as you like"'}, id="not understood"),
        pytest.param("uv", {"pyproject.toml": IN_PROJECT % 'requires-python = ">=3.8"'}, id="in the range"),
        pytest.param("uv", {".python-version": "system\n"}, id="names no version"),
        pytest.param("poetry", {"pyproject.toml": IN_POETRY % 'python = "^3.8"'}, id="caret"),
        pytest.param("pip", {"Pipfile": PIPFILE}, id="pip has no pin"),
        pytest.param(None, {"Pipfile": PIPFILE}, id="no manager"),
    ],
)  # fmt: skip
def test_nothing_is_changed(tmp_path, manager, files):
    assert change(tmp_path, manager, files) == (files, ())


@pytest.mark.parametrize(
    ("manager", "files", "says"),
    [
        pytest.param(
            "pipenv", {"Pipfile": IN_PIPFILE % 'python_version = "3.8"\npython_full_version = "3.8.12"'},
            'site/Pipfile: replace python_full_version by python_version = "3.9" by hand', id="both",
        ),
        pytest.param(
            "pipenv", {"Pipfile": '[requires]\n"python_full\\u005fversion" = "3.8.12"\n'},
            'site/Pipfile: replace python_full_version by python_version = "3.9" by hand', id="an escape in the key",
        ),
        pytest.param(
            "pipenv", {"Pipfile": 'requires = {python_version = "3.8"}\n'},
            'site/Pipfile: set python_version to "3.9" by hand', id="an inline table",
        ),
        pytest.param(
            "uv",
            {"pyproject.toml": '[project]\nrequires-python = ">=3\\u002e12"\n', ".python-version": "3.12\n"},
            'site/pyproject.toml: set requires-python to "==3.9.*" by hand', id="then nothing is changed",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_safely_is_left(tmp_path, manager, files, says):
    assert change(tmp_path, manager, files) == (files, (says,))
