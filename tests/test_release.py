# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which release an instance is: every form in which people state it."""

import pytest

from invenio_cli_registry.project.manifests import load
from invenio_cli_registry.project.release import Release, find_flavour, find_release

RDM = "[cli]\nflavour = RDM\n"
ILS = "[cli]\nflavour = ILS\n"


def pipfile(value, package="invenio-app-rdm"):
    return {"Pipfile": f"[packages]\n{package} = {value}\n"}


def pyproject(requirement, more=""):
    text = f"[project]\ndependencies = ['flask', {requirement!r}]\n{more}"
    return {"pyproject.toml": text}


def poetry(value):
    text = f"[tool.poetry.dependencies]\ninvenio-app-rdm = {value}\n"
    return {"pyproject.toml": text}


def lock(version, package="invenio-app-rdm"):
    return {
        "Pipfile.lock": f'{{"default": {{"{package}": {{"version": "{version}"}}}}}}'
    }


def toml_lock(version, name="uv.lock"):
    text = f'[[package]]\nname = "invenio-app-rdm"\nversion = "{version}"\n'
    return {name: f'[[package]]\nname = "a"\nversion = "1"\n\n{text}'}


def requirements(line):
    return {"requirements.txt": f"# all\nflask==2.0\n{line}\n"}


def silent_host(manifests, flavour, source):
    return None, ""


def write(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text)
    return load(folder, ".")


@pytest.mark.parametrize(
    ("files", "version", "source", "notes"),
    [
        pytest.param(
            pipfile('{extras = ["opensearch2"], version = "~=9.1.0"}'),
            "9.1.0", "Pipfile", ["the lower bound of ~=9.1.0"], id="template",
        ),
        pytest.param(
            pipfile('{version = "~=9.1.0", extras = ["s3"]}'),
            "9.1.0", "Pipfile", ["the lower bound of ~=9.1.0"], id="version-first",
        ),
        pytest.param(
            pipfile('"~=13.0.0"'), "13.0.0", "Pipfile", ["the lower bound of ~=13.0.0"],
            id="plain-string",
        ),
        pytest.param(
            pipfile('{version = "~=12.0"}'), "12.0", "Pipfile",
            ["the lower bound of ~=12.0"], id="two-part",
        ),
        pytest.param(
            pipfile('{version = "==13.0.0b3.dev11"}'), "13.0.0b3.dev11", "Pipfile",
            ["a pre-release"], id="development-release",
        ),
        pytest.param(
            pipfile('{version = "~=10.0.0.dev0"}'), "10.0.0.dev0", "Pipfile",
            ["the lower bound of ~=10.0.0.dev0", "a pre-release"], id="dot-dev",
        ),
        pytest.param(
            pipfile('{version = "~=13.0.0rc6"}'), "13.0.0rc6", "Pipfile",
            ["the lower bound of ~=13.0.0rc6", "a pre-release"], id="candidate",
        ),
        pytest.param(
            pipfile('{version = "~=13.0.0dev0"}'), "13.0.0.dev0", "Pipfile",
            ["the lower bound of ~=13.0.0dev0", "a pre-release"], id="dev",
        ),
        pytest.param(
            pipfile('{version = ">=12.0.0,<14.0.0"}'), "12.0.0", "Pipfile",
            ["the lower bound of >=12.0.0,<14.0.0"], id="range",
        ),
        pytest.param(
            pipfile('{version = "13.0.2"}'), "13.0.2", "Pipfile",
            ["13.0.2 is no specifier that pip reads"], id="bare-version",
        ),
        pytest.param(
            pipfile('{git = "https://x/y.git", ref = "v13.0.2"}'), "13.0.2", "Pipfile",
            [], id="git-tag",
        ),
        pytest.param(
            pipfile('{git = "https://x/y.git", ref = "13.0.2"}'), "13.0.2", "Pipfile",
            [], id="git-tag-without-v",
        ),
        pytest.param(
            pipfile('{git = "https://x/y.git", ref = "12345678"}'), None, "Pipfile",
            ["Pipfile names no version: git https://x/y.git ref 12345678"],
            id="git-commit",
        ),
        pytest.param(
            pipfile('{git = "https://x/y.git", ref = "master"}'), None, "Pipfile",
            ["Pipfile names no version: git https://x/y.git ref master"],
            id="git-branch-as-ref",
        ),
        pytest.param(
            pipfile('{path = "../rdm", editable = true}'), None, "Pipfile",
            ["Pipfile names no version: path ../rdm"], id="path",
        ),
        pytest.param(
            pipfile('"*"'), None, "Pipfile", ["Pipfile names no version: *"], id="any"
        ),
        pytest.param(
            pipfile('"<14"'), None, "Pipfile", ["Pipfile names no version: <14"],
            id="upper-bound-only",
        ),
        pytest.param(
            pipfile('""'), None, "Pipfile", ["Pipfile names no version"], id="empty"
        ),
        pytest.param(
            pipfile("13"), None, "Pipfile", ["Pipfile names no version"], id="number"
        ),
        pytest.param(
            pipfile('"latest"'), None, "Pipfile", ["Pipfile names no version: latest"],
            id="no-specifier",
        ),
        pytest.param(
            {"Pipfile": '[packages]\nInvenio_App.RDM = "==13.0.1"\n'.replace(
                "Invenio_App.RDM", '"Invenio_App.RDM"')},
            "13.0.1", "Pipfile", [], id="other-spelling",
        ),
        pytest.param(
            {"Pipfile": "[packages]\n"}, None, "Pipfile", ["Pipfile names no version"],
            id="missing",
        ),
        pytest.param({}, None, "Pipfile", ["Pipfile names no version"], id="no-file"),
        pytest.param(
            pyproject("invenio-app-rdm[opensearch2]~=13.0.0"), "13.0.0",
            "pyproject.toml", ["the lower bound of ~=13.0.0"], id="pyproject",
        ),
        pytest.param(
            pyproject("invenio-app-rdm[opensearch2] ~= 13.0.0 ; python_version>'3'"),
            "13.0.0", "pyproject.toml", ["the lower bound of ~= 13.0.0"], id="marker",
        ),
        pytest.param(
            pyproject("invenio-app-rdm (>=14.0.0)"), "14.0.0", "pyproject.toml",
            ["the lower bound of >=14.0.0"], id="parentheses",
        ),
        pytest.param(
            pyproject("invenio-app-rdm[opensearch2]>=v15.0.0b2.dev1"),
            "15.0.0b2.dev1", "pyproject.toml",
            ["the lower bound of >=v15.0.0b2.dev1", "a pre-release"], id="v",
        ),
        pytest.param(
            pyproject("invenio-app-rdm @ git+https://x/y@v13.0.2"), "13.0.2",
            "pyproject.toml", [], id="direct-tag",
        ),
        pytest.param(
            pyproject("invenio-app-rdm @ git+https://x/y@master"), None,
            "pyproject.toml",
            ["pyproject.toml names no version: git+https://x/y@master"],
            id="direct-branch",
        ),
        pytest.param(
            pyproject(
                "invenio-app-rdm[opensearch2]",
                '[tool.uv.sources]\ninvenio-app-rdm = {git = "u", branch = "b"}\n',
            ),
            None, "pyproject.toml", ["pyproject.toml names no version: git u branch b"],
            id="uv-branch",
        ),
        pytest.param(
            pyproject(
                "invenio-app-rdm",
                '[tool.uv.sources]\ninvenio-app-rdm = {git = "u", tag = "v14.0.1"}\n',
            ),
            "14.0.1", "pyproject.toml", [], id="uv-tag",
        ),
        pytest.param(
            {"pyproject.toml": "[project]\ndependencies = 'x'\n"}, None,
            "pyproject.toml", ["pyproject.toml names no version"], id="no-list",
        ),
        pytest.param(
            pyproject("invenio-app-rdm-extra==1.0.0"), None, "pyproject.toml",
            ["pyproject.toml names no version"], id="longer-name",
        ),
        pytest.param(
            poetry('"^13.0"'), "13.0", "pyproject.toml", ["the lower bound of ^13.0"],
            id="poetry",
        ),
        pytest.param(
            poetry('{version = "~13.0", extras = ["s3"]}'), "13.0", "pyproject.toml",
            ["the lower bound of ~13.0"], id="poetry-table",
        ),
        pytest.param(
            poetry('{git = "u", tag = "v13.0.2"}'), "13.0.2", "pyproject.toml", [],
            id="poetry-tag",
        ),
        pytest.param(
            requirements("invenio-app-rdm[s3]==12.0.3 --hash=sha256:0 \\"), "12.0.3",
            "requirements.txt", [], id="requirements",
        ),
        pytest.param(
            requirements("invenio_app_rdm~=12.0.0  # the one"), "12.0.0",
            "requirements.txt", ["the lower bound of ~=12.0.0"], id="with-comment",
        ),
        pytest.param(
            requirements("-e git+https://x/y@v11.0.1#egg=invenio-app-rdm"), "11.0.1",
            "requirements.txt", [], id="egg",
        ),
        pytest.param(
            requirements("-e git+https://x/y@v11.0.1#egg=other"), None, "Pipfile",
            ["Pipfile names no version"], id="other-egg",
        ),
        pytest.param(
            {**pipfile('"==12.0.1"'), **requirements("invenio-app-rdm==11.0.1")},
            "12.0.1", "Pipfile", [], id="pipfile-before-requirements",
        ),
        pytest.param(
            {**pipfile('"==12.0.1"'), **pyproject("invenio-app-rdm==13.0.1")},
            "12.0.1", "Pipfile", [], id="pipfile-before-pyproject",
        ),
        pytest.param(
            {**pipfile('"~=9.1.0"'), **lock("==9.1.7")}, "9.1.7", "Pipfile.lock", [],
            id="lock",
        ),
        pytest.param(lock("==9.1.7"), "9.1.7", "Pipfile.lock", [], id="lock-alone"),
        pytest.param(
            {**pipfile('"~=10.1.0"'), **lock("==9.1.7")}, "10.1.0", "Pipfile",
            ["Pipfile.lock is stale: Pipfile asks for ~=10.1.0",
             "the lower bound of ~=10.1.0"], id="stale-lock",
        ),
        pytest.param(
            {**pipfile('"~4.4.0"'), **lock("==9.1.7")}, "9.1.7", "Pipfile.lock", [],
            id="mistyped-rules-out-no-lock",
        ),
        pytest.param(
            {**pipfile('{git = "u", branch = "b"}'), **lock("==13.0.2")}, "13.0.2",
            "Pipfile.lock", [], id="lock-beside-git",
        ),
        pytest.param(
            {**pipfile('"~=13.0.0rc1"'), **lock("==13.0.0rc6")}, "13.0.0rc6",
            "Pipfile.lock", ["a pre-release"], id="candidate-in-lock",
        ),
        pytest.param(
            {**pipfile('"==13.0.2"'), "Pipfile.lock": '{"default": {"invenio-app-rdm": {"ref": "x"}}}'},
            "13.0.2", "Pipfile", [], id="lock-without-version",
        ),
        pytest.param(
            {**pipfile('"==13.0.2"'), "Pipfile.lock": '{"default": {"invenio-app-rdm": "x"}}'},
            "13.0.2", "Pipfile", [], id="odd-lock",
        ),
        pytest.param(
            {**pipfile('"==13.0.2"'), **lock("==latest")}, "13.0.2", "Pipfile", [],
            id="no-version-in-lock",
        ),
        pytest.param(
            {**pyproject("invenio-app-rdm~=14.0.0"), **toml_lock("14.0.5")}, "14.0.5",
            "uv.lock", [], id="uv-lock",
        ),
        pytest.param(
            {**pyproject("invenio-app-rdm~=14.0.0"), **toml_lock("13.1.2")}, "14.0.0",
            "pyproject.toml",
            ["uv.lock is stale: pyproject.toml asks for ~=14.0.0",
             "the lower bound of ~=14.0.0"], id="stale-uv-lock",
        ),
        pytest.param(
            {**poetry('"^13.0"'), **toml_lock("13.1.2", "poetry.lock")}, "13.1.2",
            "poetry.lock", [], id="poetry-lock",
        ),
        pytest.param(
            {**poetry('"^13.0"'), **toml_lock("12.0.1", "poetry.lock")}, "13.0",
            "pyproject.toml",
            ["poetry.lock is stale: pyproject.toml asks for ^13.0",
             "the lower bound of ^13.0"], id="stale-poetry-lock",
        ),
        pytest.param(
            {".invenio.private": "[cli]\napp_rdm = 13.0.2\n", **lock("==9.1.7")},
            "13.0.2", ".invenio.private",
            ["app_rdm in .invenio.private decides, on this machine only"],
            id="this-machine",
        ),
        pytest.param(
            {".invenio.private": "[cli]\napp_rdm = new\n", **lock("==9.1.7")},
            "9.1.7", "Pipfile.lock", [], id="this-machine-no-version",
        ),
        pytest.param(
            {".invenio": RDM + "[cookiecutter]\n_checkout = v12.0\n"}, None, "Pipfile",
            ["Pipfile names no version"], id="never-the-checkout",
        ),
    ],
)  # fmt: skip
def test_forms(tmp_path, files, version, source, notes):
    found = find_release(write(tmp_path, files), "RDM", None, silent_host)
    assert found == Release(version, source, tuple(notes))


@pytest.mark.parametrize(
    ("text", "version", "notes"),
    [
        ("~=4.5.0", "4.5.0", ["the lower bound of ~=4.5.0"]),
        ("~=1.0.0rc1", "1.0.0rc1", ["the lower bound of ~=1.0.0rc1", "a pre-release"]),
        (
            "~4.4.0",
            "4.4.0",
            ["~4.4.0 is no specifier that pip reads", "the lower bound of ~4.4.0"],
        ),
    ],
)
def test_ils(tmp_path, text, version, notes):
    files = pipfile(f'"{text}"', "invenio-app-ils")
    files[".invenio.private"] = "[cli]\napp_rdm = 13.0.2\n"
    found = find_release(write(tmp_path, files), "ILS", "pipenv", silent_host)
    assert found == Release(version, "Pipfile", tuple(notes))


@pytest.mark.parametrize(
    ("manager", "version", "source"),
    [
        ("pipenv", "12.0.1", "Pipfile.lock"),
        ("uv", "14.0.5", "uv.lock"),
        ("poetry", "13.1.2", "poetry.lock"),
        (None, "12.0.1", "Pipfile.lock"),
    ],
)
def test_the_lock_of_the_package_manager_comes_first(
    tmp_path, manager, version, source
):
    files = {
        **lock("==12.0.1"),
        **toml_lock("14.0.5"),
        **toml_lock("13.1.2", "poetry.lock"),
    }
    found = find_release(write(tmp_path, files), "RDM", manager, silent_host)
    assert found == Release(version, source)


def test_the_statement_of_the_package_manager_comes_first(tmp_path):
    files = {**pipfile('"==12.0.1"'), **pyproject("invenio-app-rdm==14.0.1")}
    manifests = write(tmp_path, files)
    assert find_release(manifests, "RDM", "uv", silent_host).version == "14.0.1"
    assert find_release(manifests, "RDM", "pipenv", silent_host).version == "12.0.1"


@pytest.mark.parametrize(
    ("files", "theirs", "version"),
    [
        pytest.param(pipfile('{ref = "v13.0.2-ours"}'), "13.0.2", "13.0.2", id="taken"),
        pytest.param(pipfile('"13.0.2 or so"'), "13.0.2", "13.0.2", id="odd-text"),
        pytest.param({"Pipfile": ""}, "13.0.2", "13.0.2", id="where-we-see-nothing"),
        pytest.param(pipfile('"~=13.0.0"'), "13.0.0", "13.0.0", id="agreed"),
        pytest.param(pipfile('"~=13.0.0"'), None, "13.0.0", id="they-cannot"),
        pytest.param(pipfile('"~=13.0.0rc6"'), "13.0.0", "13.0.0rc6", id="pre-release"),
        pytest.param(
            pipfile('"<14.0.0,>=12.0.0"'), "14.0.0", "12.0.0", id="upper-bound-read"
        ),
        pytest.param(pipfile('"<14.0.0"'), "14.0.0", None, id="upper-bound-only"),
    ],
)
def test_the_host_is_asked_and_its_gaps_are_filled(tmp_path, files, theirs, version):
    asked = []

    def host(manifests, flavour, source):
        asked.append((flavour, source))
        return theirs, "a remark"

    found = find_release(write(tmp_path, files), "RDM", "pipenv", host)
    assert asked == [("RDM", "Pipfile")]
    assert (found.version, found.notes[0]) == (version, "a remark")


@pytest.mark.parametrize(
    ("files", "flavour"),
    [
        pytest.param({".invenio": RDM}, "RDM", id="rdm"),
        pytest.param({".invenio": ILS}, "ILS", id="ils"),
        pytest.param({".invenio": "[cli]\nflavour = rdm\n"}, "RDM", id="any-case"),
        pytest.param({".invenio": "[cli]\n"}, None, id="no-flavour"),
        pytest.param({".invenio": "[cli]\nflavour = XYZ\n"}, None, id="other-flavour"),
        pytest.param({".invenio": ILS, **pipfile('"*"')}, "ILS", id="said-wins"),
        pytest.param(pipfile('"*"'), "RDM", id="by-pipfile"),
        pytest.param(pipfile('"*"', "invenio-app-ils"), "ILS", id="ils-by-pipfile"),
        pytest.param(pyproject("invenio-app-rdm"), "RDM", id="by-pyproject"),
        pytest.param(poetry('"*"'), "RDM", id="by-poetry"),
        pytest.param(requirements("invenio-app-ils"), "ILS", id="by-requirements"),
        pytest.param(lock("==9.1.7"), None, id="not-by-a-lock"),
        pytest.param(requirements("invenio-app==1.3.4"), None, id="other-application"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_flavour(tmp_path, files, flavour):
    assert find_flavour(write(tmp_path, files)) == flavour
