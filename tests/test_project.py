# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What an instance is, from the folder to the record."""

import os
from pathlib import Path

import pytest

from invenio_cli_registry.project import detection as project
from invenio_cli_registry.project.detection import Project, detect

EXAMPLES = Path(__file__).parent.parent / "examples"
FOLDERS = sorted(str(path.relative_to(EXAMPLES)) for path in EXAMPLES.glob("*/*"))
RDM = "[cli]\nflavour = RDM\n[cookiecutter]\nproject_shortname = my-site\n"
PIPFILE = '[packages]\ninvenio-app-rdm = {version = "~=13.1.0"}\n'


def write(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text)


def snapshot(folder):
    """Return everything below a folder: names, modes, times, bytes."""
    return {
        str(path.relative_to(folder)): (
            path.lstat().st_mode,
            path.lstat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in (folder, *sorted(folder.rglob("*")))
    }


@pytest.mark.parametrize(
    ("folder", "flavour", "release", "source", "manager", "pin"),
    [
        ("rdm-9.1/my-site", "RDM", "9.1.7", "Pipfile.lock", "pipenv", "3.8"),
        ("rdm-10.1/my-site", "RDM", "10.1.1", "Pipfile.lock", "pipenv", "3.9"),
        ("rdm-12/my-site", "RDM", "12.0.19", "Pipfile.lock", "pipenv", "3.9"),
        ("rdm-13/my-site", "RDM", "13.1.2", "Pipfile.lock", "pipenv", "3.12"),
        (
            "rdm-13-python3.12/my-site",
            "RDM",
            "13.1.2",
            "Pipfile.lock",
            "pipenv",
            "3.12",
        ),
        ("rdm-14-from-13/my-site", "RDM", "14.0.5", "Pipfile.lock", "pipenv", "3.14"),
        ("rdm-14/my-site", "RDM", "14.0.5", "uv.lock", "uv", "==3.14.*"),
        ("rdm-14-almalinux/my-site", "RDM", "14.0.5", "uv.lock", "uv", "==3.14.*"),
        ("ils-4.5/my-ils", "ILS", "4.5.0", "Pipfile.lock", "pipenv", "3.9"),
        ("ils-1.0/my-ils", "ILS", "1.0.0rc1", "Pipfile.lock", "pipenv", "3.9"),
        ("portal/opendata", None, None, None, "pip", None),
    ],
)
def test_the_examples(folder, flavour, release, source, manager, pin):
    found = detect(EXAMPLES / folder, folder)
    assert (found.path, found.name) == (folder, folder.rpartition("/")[2])
    assert (found.flavour, found.release) == (flavour, release)
    assert (found.release_source, found.manager) == (source, manager)
    assert [one.text for one in found.pins.values()] == ([pin] if pin else [])
    assert found.problems == ()
    assert found.marker


def test_every_example_is_in_the_table():
    rows = next(iter(test_the_examples.pytestmark)).args[1]
    assert sorted(row[0] for row in rows) == FOLDERS


def test_where_the_facts_stand(tmp_path):
    found = detect(EXAMPLES / "rdm-13/my-site", "site")
    assert found.pins["pipenv"].place == ("site/Pipfile", 21, 19)
    assert found.lock_python.text == "3.12"
    assert found.shortname == "my-site"


def test_an_empty_folder(tmp_path):
    folder = tmp_path / "x"
    folder.mkdir()
    assert detect(folder, "x") == Project("x", "x")


@pytest.mark.parametrize(
    ("name", "marker"),
    [
        (".invenio", True),
        ("Pipfile", True),
        ("pyproject.toml", True),
        ("uv.lock", False),
    ],
)
def test_markers(tmp_path, name, marker):
    (tmp_path / name).write_text("")
    assert detect(tmp_path, ".").marker is marker


def test_a_folder_is_no_marker(tmp_path):
    (tmp_path / "Pipfile").mkdir()
    assert not detect(tmp_path, ".").marker


@pytest.mark.parametrize(
    ("files", "manager"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"Pipfile": ""}, "pipenv", id="pipfile"),
        pytest.param({"Pipfile.lock": "{}"}, "pipenv", id="pipfile-lock"),
        pytest.param({"pyproject.toml": "[project]\nname = 'x'"}, "uv", id="project"),
        pytest.param({"pyproject.toml": "[tool.ruff]\n"}, None, id="only-tools"),
        pytest.param({"pyproject.toml": "", "uv.lock": ""}, "uv", id="uv-lock"),
        pytest.param({"poetry.lock": ""}, "poetry", id="poetry-lock"),
        pytest.param(
            {"pyproject.toml": "[tool.poetry]\nname = 'x'"}, "poetry", id="poetry"
        ),
        pytest.param({"requirements.txt": ""}, "pip", id="requirements"),
        pytest.param(
            {"requirements.txt": "", "pyproject.toml": "[project]\nname = 'x'"},
            "pip", id="requirements-beside-a-package",
        ),
        pytest.param(
            {"Pipfile": "", "pyproject.toml": "[project]\nname = 'x'"}, "pipenv",
            id="as-invenio-cli-decides",
        ),
        pytest.param(
            {".invenio": "[cli]\npython_package_manager = uv\n", "Pipfile": ""}, "uv",
            id="said",
        ),
        pytest.param(
            {".invenio": "[cli]\npython_package_manager = conda\n", "Pipfile": ""},
            "pipenv", id="said-but-unknown",
        ),
    ],
)  # fmt: skip
def test_package_manager(tmp_path, files, manager):
    write(tmp_path, files)
    assert detect(tmp_path, ".").manager == manager


@pytest.mark.parametrize(
    ("files", "path", "line", "message"),
    [
        pytest.param(
            {".invenio": RDM, "Pipfile": '[packages]\nflask = "*"\n'}, "Pipfile", 0,
            "no version of invenio-app-rdm", id="not-named",
        ),
        pytest.param(
            {".invenio": RDM, "Pipfile": '[packages]\n\ninvenio-app-rdm = "*"\n'},
            "Pipfile", 3, "no version of invenio-app-rdm", id="any-version",
        ),
        pytest.param(
            {"pyproject.toml": '[project]\ndependencies = [\n"invenio-app-ils",\n]\n'},
            "pyproject.toml", 3, "no version of invenio-app-ils", id="ils",
        ),
        pytest.param({".invenio": RDM}, "Pipfile", 0, "no version", id="only-invenio"),
    ],
)  # fmt: skip
def test_no_release_is_told_but_ends_nothing(tmp_path, files, path, line, message):
    write(tmp_path, files)
    found = detect(tmp_path, ".")
    assert found.release is None
    assert [(one.path, one.line, one.fatal) for one in found.problems] == [
        (path, line, False)
    ]
    assert found.problems[0].message.startswith(message)


def test_what_is_broken_is_told_once(tmp_path):
    write(tmp_path, {".invenio": RDM, "Pipfile": "["})
    found = detect(tmp_path, "site")
    assert [(one.path, one.fatal) for one in found.problems] == [("site/Pipfile", True)]


def test_a_broken_pipfile_does_not_hide_the_lock(tmp_path):
    lock = '{"default": {"invenio-app-rdm": {"version": "==13.1.2"}}}'
    pipfile = "[packages]\ninvenio-app-rdm = {extras = [opensearch2]}\n"
    write(tmp_path, {".invenio": RDM, "Pipfile": pipfile, "Pipfile.lock": lock})
    found = detect(tmp_path, ".")
    assert (found.release, found.release_source) == ("13.1.2", "Pipfile.lock")
    assert found.problems[0].message.startswith("not TOML: extras must be quoted")


def test_problems_of_the_configuration_are_among_them(tmp_path):
    write(tmp_path, {".invenio": "[registry]\nmirrors = x\npreflight = off\n"})
    found = detect(tmp_path, ".")
    assert found.preflight == "off"
    assert [one.line for one in found.problems] == [2]


@pytest.mark.parametrize("folder", FOLDERS)
def test_nothing_is_written(folder):
    before = snapshot(EXAMPLES / folder)
    detect(EXAMPLES / folder, ".")
    assert snapshot(EXAMPLES / folder) == before


def test_nothing_is_written_where_the_host_is_asked(tmp_path, monkeypatch):
    write(tmp_path, {".invenio": RDM, "Pipfile": PIPFILE})
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0o555)
    before = snapshot(tmp_path)
    found = detect(Path("."), ".")
    assert (found.release, found.release_source) == ("13.1.0", "Pipfile")
    assert snapshot(tmp_path) == before
    assert os.getcwd() == str(tmp_path)


def test_the_host_is_asked_only_for_an_instance_without_a_lock(tmp_path, mocker):
    ask = mocker.patch.object(project, "read_release", return_value=(None, ""))
    detect(EXAMPLES / "rdm-9.1/my-site", ".")
    detect(EXAMPLES / "portal/opendata", ".")
    ask.assert_not_called()
    write(tmp_path, {"Pipfile": PIPFILE})
    detect(tmp_path, ".")
    ask.assert_called_once()


def test_the_name_is_that_of_the_resolved_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert detect(tmp_path / "link", "link").name == "real"
    assert detect(Path("/"), "/").name == "/"
