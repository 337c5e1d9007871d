# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which release an instance is: every form in which people state it, and its place."""

import pytest

from invenio_cli_registry.instance.manifests import load
from invenio_cli_registry.instance.release import find_package, find_release

PIPFILE, PROJECT, REQUIREMENTS = "Pipfile", "pyproject.toml", "requirements.txt"


def pipfile(value, package="invenio-app-rdm"):
    return {PIPFILE: f"[packages]\n{package} = {value}\n"}


def project(requirement, more=""):
    return {PROJECT: f"[project]\ndependencies = ['flask', {requirement!r}]\n{more}"}


def poetry(value):
    return {PROJECT: f"[tool.poetry.dependencies]\ninvenio-app-rdm = {value}\n"}


def source(text):
    more = f"[tool.uv.sources]\ninvenio-app-rdm = {{{text}}}\n"
    return project("invenio-app-rdm[opensearch2]", more)


def requirements(line, name=REQUIREMENTS):
    return {name: f"# all\nflask==2.0\n{line}\n"}


def lock(version):
    text = f'{{"default": {{"invenio-app-rdm": {{"version": "{version}"}}}}}}'
    return {"Pipfile.lock": text}


def toml_lock(version, name="uv.lock"):
    text = f'[[package]]\nname = "invenio-app-rdm"\nversion = "{version}"\n'
    return {name: f'[[package]]\nname = "a"\nversion = "1"\n\n{text}'}


def lowest(text, name=PIPFILE):
    return f"lowest version allowed by {text} in {name}"


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return load(str(folder))


def find(folder, files, flavour="RDM", manager=None):
    found = find_release(write(folder, files), flavour, manager)
    assert found.lower_bound == any(note.startswith("lowest") for note in found.notes)
    return found


MULTILINE = (
    '[project]\ndependencies = [\n  "x",\n  "invenio-app-rdm[s3]~=13.1.0",  # a\n]\n'
)
OPTIONAL = "[project.optional-dependencies]\nrdm = ['invenio-app-rdm==13.0.1']\n"
GROUPS = "[dependency-groups]\nall = ['invenio-app-rdm==13.0.1']\n"
POETRY_GROUP = "[tool.poetry.group.x.dependencies]\ninvenio-app-rdm = '13.0.1'\n"
SETUP = "[options]\ninstall_requires =\n    flask\n    invenio-app-rdm[s3]==12.0.3\n"
EXTRA = "[options.extras_require]\nall =\n    invenio-app-rdm==12.0.3\n"


@pytest.mark.parametrize(
    ("files", "version", "name", "notes"),
    [
        # A Pipfile.
        (pipfile('{extras = ["a"], version = "~=9.1.0"}'), "9.1.0", PIPFILE, [lowest("~=9.1.0")]),
        (pipfile('{version = "~=9.1.0", extras = ["s3"]}'), "9.1.0", PIPFILE, [lowest("~=9.1.0")]),
        (pipfile('"~=13.0.0"'), "13.0.0", PIPFILE, [lowest("~=13.0.0")]),
        (pipfile('"==13.0.0b3.dev11"'), "13.0.0b3.dev11", PIPFILE, []),
        (pipfile('"~=13.0.0rc6"'), "13.0.0rc6", PIPFILE, [lowest("~=13.0.0rc6")]),
        (pipfile('">=12.0.0,<14.0.0"'), "12.0.0", PIPFILE, [lowest(">=12.0.0,<14.0.0")]),
        (pipfile('"13.0.2"'), "13.0.2", PIPFILE, ["13.0.2 is not a specifier that pip reads"]),
        (pipfile('{git = "u", ref = "v13.0.2"}'), "13.0.2", PIPFILE, []),
        (pipfile('{git = "u", ref = "13.0.2"}'), "13.0.2", PIPFILE, []),
        (pipfile('{git = "u", ref = "1234"}'), None, PIPFILE, ['Pipfile names no version: git = "u", ref = "1234']),
        (pipfile('{path = "../rdm"}'), None, PIPFILE, ['Pipfile names no version: path = "../rdm']),
        (pipfile('"*"'), None, PIPFILE, ["Pipfile names no version: *"]),
        (pipfile('"<14"'), None, PIPFILE, ["Pipfile names no version: <14"]),
        (pipfile('""'), None, PIPFILE, ["Pipfile names no version"]),
        (pipfile('"latest"'), None, PIPFILE, ["Pipfile names no version: latest"]),
        (pipfile('"==13.0.1"', '"Invenio_App.RDM"'), "13.0.1", PIPFILE, []),
        (pipfile('"==13.0.1"', "# x\n  invenio-app-rdm"), "13.0.1", PIPFILE, []),
        ({PIPFILE: "[packages.invenio-app-rdm]\n# y\nversion = '==13.0.1'\n"}, "13.0.1", PIPFILE, []),
        ({PIPFILE: "[packages]\n"}, None, PIPFILE, ["Pipfile names no version"]),
        ({PIPFILE: "# invenio-app-rdm = '==1'\n"}, None, PIPFILE, ["Pipfile names no version"]),
        (pipfile('"==1.0.0"', "invenio-app-rdm-extra"), None, PIPFILE, ["Pipfile names no version"]),
        ({}, None, PIPFILE, ["Pipfile names no version"]),
        # pyproject.toml: PEP 621, uv's sources, extras, groups, poetry.
        (project("invenio-app-rdm[opensearch2]~=13.0.0"), "13.0.0", PROJECT, [lowest("~=13.0.0", PROJECT)]),
        (project("invenio-app-rdm ~= 13.0.0 ; python_version>'3'"), "13.0.0", PROJECT, [lowest("~= 13.0.0", PROJECT)]),
        (project("invenio-app-rdm (>=14.0.0)"), "14.0.0", PROJECT, [lowest(">=14.0.0", PROJECT)]),
        (project("invenio-app-rdm>=v15.0.0b2.dev1"), "15.0.0b2.dev1", PROJECT, [lowest(">=v15.0.0b2.dev1", PROJECT)]),
        (project("invenio-app-rdm @ git+https://x/y@v13.0.2"), "13.0.2", PROJECT, []),
        (project("invenio-app-rdm @ git+https://x/y@master"), None, PROJECT, ["pyproject.toml names no version: git+https://x/y@master"]),
        (
            {PROJECT: "[project]\ndependencies = ['invenio-app-rdm', 'x @ git+https://x/y@v1.2']\n"}, None, PROJECT,
            ["pyproject.toml names no version"],
        ),
        (source('git = "u", branch = "b"'), None, PROJECT, ['pyproject.toml names no version: git = "u", branch = "b']),
        (source('git = "u", tag = "v14.0.1"'), "14.0.1", PROJECT, []),
        ({PROJECT: MULTILINE}, "13.1.0", PROJECT, [lowest("~=13.1.0", PROJECT)]),
        ({PROJECT: OPTIONAL}, "13.0.1", PROJECT, []),
        ({PROJECT: GROUPS}, "13.0.1", PROJECT, []),
        ({PROJECT: POETRY_GROUP}, "13.0.1", PROJECT, []),
        (poetry('"^13.0"'), "13.0", PROJECT, [lowest("^13.0", PROJECT)]),
        (poetry('{version = "~13.0", extras = ["s3"]}'), "13.0", PROJECT, [lowest("~13.0", PROJECT)]),
        (poetry('{git = "u", tag = "v13.0.2"}'), "13.0.2", PROJECT, []),
        # setup.cfg and files of requirements, also those of a build.
        ({"setup.cfg": SETUP}, "12.0.3", "setup.cfg", []),
        ({"setup.cfg": EXTRA}, "12.0.3", "setup.cfg", []),
        (requirements("invenio-app-rdm[s3]==12.0.3 --hash=sha256:0 \\"), "12.0.3", REQUIREMENTS, []),
        (requirements("invenio_app_rdm~=12.0.0  # the one"), "12.0.0", REQUIREMENTS, [lowest("~=12.0.0", REQUIREMENTS)]),
        (requirements("-e git+https://x/y@v11.0.1#egg=invenio-app-rdm"), "11.0.1", REQUIREMENTS, []),
        (requirements("-e git+https://x/y@v11.0.1#egg=other"), None, PIPFILE, ["Pipfile names no version"]),
        (requirements("invenio-app-rdm==12.0.3", "requirements.pinned.txt"), "12.0.3", "requirements.pinned.txt", []),
        (requirements("invenio-app-rdm==12.0.3", "docker/app/requirements.txt"), "12.0.3", "docker/app/requirements.txt", []),
        (
            {**requirements("invenio-app-rdm~=12.0", "requirements.in"), **requirements("invenio-app-rdm==12.0.3")},
            "12.0.3", REQUIREMENTS, [],
        ),
        # Several of them.
        ({**pipfile('"==12.0.1"'), **requirements("invenio-app-rdm==11.0.1")}, "12.0.1", PIPFILE, []),
        ({**pipfile('"==12.0.1"'), **project("invenio-app-rdm==13.0.1")}, "12.0.1", PIPFILE, []),
        ({**pipfile('"*"'), **project("invenio-app-rdm==13.0.1")}, "13.0.1", PROJECT, []),
        # Lock files.
        ({**pipfile('"~=9.1.0"'), **lock("==9.1.7")}, "9.1.7", "Pipfile.lock", []),
        (lock("==9.1.7"), "9.1.7", "Pipfile.lock", []),
        (
            {**pipfile('"~=10.1.0"'), **lock("==9.1.7")}, "10.1.0", PIPFILE,
            ["Pipfile.lock is stale: Pipfile requires ~=10.1.0", lowest("~=10.1.0")],
        ),
        ({**pipfile('"~4.4.0"'), **lock("==9.1.7")}, "9.1.7", "Pipfile.lock", []),
        ({**pipfile('{git = "u", branch = "b"}'), **lock("==13.0.2")}, "13.0.2", "Pipfile.lock", []),
        ({**pipfile('"==13.0.2"'), "Pipfile.lock": '{"default": {"invenio-app-rdm": "x"}}'}, "13.0.2", PIPFILE, []),
        ({**pipfile('"==13.0.2"'), **lock("==latest")}, "13.0.2", PIPFILE, []),
        ({**project("invenio-app-rdm~=14.0.0"), **toml_lock("14.0.5")}, "14.0.5", "uv.lock", []),
        (
            {**project("invenio-app-rdm~=14.0.0"), **toml_lock("13.1.2")}, "14.0.0", PROJECT,
            ["uv.lock is stale: pyproject.toml requires ~=14.0.0", lowest("~=14.0.0", PROJECT)],
        ),
        ({**poetry('"^13.0"'), **toml_lock("13.1.2", "poetry.lock")}, "13.1.2", "poetry.lock", []),
        (
            {**poetry('"^13.0"'), **toml_lock("12.0.1", "poetry.lock")}, "13.0", PROJECT,
            ["poetry.lock is stale: pyproject.toml requires ^13.0", lowest("^13.0", PROJECT)],
        ),
        # This machine.
        (
            {".invenio.private": "[cli]\napp_rdm = 13.0.2\n", **lock("==9.1.7")}, "13.0.2", ".invenio.private",
            ["app_rdm in .invenio.private decides, on this machine only"],
        ),
        ({".invenio.private": "[cli]\napp_rdm = new\n", **lock("==9.1.7")}, "9.1.7", "Pipfile.lock", []),
        ({".invenio": "[cli]\n[cookiecutter]\n_checkout = v12.0\n"}, None, PIPFILE, ["Pipfile names no version"]),
    ],
)  # fmt: skip
def test_forms(tmp_path, files, version, name, notes):
    found = find(tmp_path, files)
    assert (found.version, found.source, list(found.notes)) == (version, name, notes)
    if version and found.span:
        assert version.lstrip("v") in found.span.text or "invenio" in found.span.text


@pytest.mark.parametrize(
    ("text", "version", "notes"),
    [
        ("~=4.5.0", "4.5.0", [lowest("~=4.5.0")]),
        ("~4.4.0", "4.4.0", ["~4.4.0 is not a specifier that pip reads", lowest("~4.4.0")]),
    ],
)  # fmt: skip
def test_ils(tmp_path, text, version, notes):
    files = pipfile(f'"{text}"', "invenio-app-ils")
    files[".invenio.private"] = "[cli]\napp_rdm = 13.0.2\n"
    found = find(tmp_path, files, "ILS")
    assert (found.version, list(found.notes)) == (version, notes)


@pytest.mark.parametrize(
    ("manager", "version"),
    [("pipenv", "12.0.1"), ("uv", "14.0.5"), ("poetry", "13.1.2"), (None, "12.0.1")],
)
def test_the_files_of_the_package_manager_come_first(tmp_path, manager, version):
    locks = {
        **lock("==12.0.1"),
        **toml_lock("14.0.5"),
        **toml_lock("13.1.2", "poetry.lock"),
    }
    assert find(tmp_path, locks, manager=manager).version == version
    both = {**pipfile('"==12.0.1"'), **project("invenio-app-rdm==14.0.1")}
    (tmp_path / "b").mkdir()
    stated = find_package(write(tmp_path / "b", both), "RDM", manager)
    assert stated.source == (PROJECT if manager in ("uv", "poetry") else PIPFILE)


@pytest.mark.parametrize(
    ("files", "text", "line", "column"),
    [
        pytest.param(pipfile('"~=13.1.0"'), "~=13.1.0", 2, 20, id="string"),
        pytest.param(
            pipfile('{extras = ["s3", "x"], version = "~=13.1.0"}'), "~=13.1.0", 2, 53,
            id="table",
        ),
        pytest.param(pipfile('{git = "u"}'), "", 2, 1, id="no version"),
        pytest.param({PROJECT: MULTILINE}, "~=13.1.0", 4, 23, id="PEP 621"),
        pytest.param(poetry('"^13.1"'), "^13.1", 2, 20, id="poetry"),
        pytest.param({"setup.cfg": SETUP}, "==12.0.3", 4, 24, id="setup.cfg"),
        pytest.param(
            requirements("invenio-app-rdm[opensearch2]==13.1.2  # pin"), "==13.1.2", 3, 29,
            id="requirements",
        ),
    ],
)  # fmt: skip
def test_where_the_release_is_required(tmp_path, files, text, line, column):
    found = find_package(write(tmp_path, files), "RDM", None)
    assert (found.text, found.span.line, found.span.column) == (text, line, column)
    assert found.span.text == text or not text
    assert found.package == "invenio-app-rdm"
