# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What an instance is, from the folder to the record."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.instance import Project, detect, plan_pins
from invenio_cli_registry.instance.manifests import FILES

from ..conftest import ROOT

EXAMPLES = ROOT / "examples"
FOLDERS = sorted(str(path.relative_to(EXAMPLES)) for path in EXAMPLES.glob("*/*"))
RDM = "[cli]\nflavour = RDM\n[cookiecutter]\nproject_shortname = my-site\n"
PIPFILE = '[packages]\ninvenio-app-rdm = {version = "~=13.1.0"}\n'


def write(folder, files):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
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
    ("folder", "flavour", "version", "source", "manager", "pin"),
    [
        ("rdm-9.1/my-site", "RDM", "9.1.7", "Pipfile.lock", "pipenv", "3.8"),
        ("rdm-10.1/my-site", "RDM", "10.1.1", "Pipfile.lock", "pipenv", "3.9"),
        ("rdm-12/my-site", "RDM", "12.0.19", "Pipfile.lock", "pipenv", "3.9"),
        ("rdm-13/my-site", "RDM", "13.1.2", "Pipfile.lock", "pipenv", "3.12"),
        ("rdm-14-from-13/my-site", "RDM", "14.0.5", "Pipfile.lock", "pipenv", "3.14"),
        ("rdm-14/my-site", "RDM", "14.0.5", "uv.lock", "uv", "3.14"),
        ("ils-4.5/my-ils", "ILS", "4.5.0", "Pipfile.lock", "pipenv", "3.9"),
        ("ils-1.0/my-ils", "ILS", "1.0.0rc1", "Pipfile.lock", "pipenv", "3.9"),
        ("portal/opendata", None, None, None, "pip", None),
    ],
)
def test_the_examples(folder, flavour, version, source, manager, pin):
    before = snapshot(EXAMPLES / folder)
    found = detect(str(EXAMPLES / folder))
    assert (found.path, found.name) == (
        str(EXAMPLES / folder),
        folder.rpartition("/")[2],
    )
    assert (found.flavour, found.version) == (flavour, version)
    assert (found.version_source, found.manager) == (source, manager)
    assert [one.text for one in found.pins.values()] == ([pin] if pin else [])
    assert (found.problems, found.marker) == ((), flavour is not None)
    assert (found.lock and found.lock.name) == source
    assert all(pin.span for pin in found.pins.values())
    assert snapshot(EXAMPLES / folder) == before


def test_where_the_facts_are(monkeypatch):
    monkeypatch.chdir(EXAMPLES / "rdm-13")
    found = detect("my-site")
    assert str(found.pins["pipenv"].span) == "my-site/Pipfile:21:19"
    assert found.lock.python.text == "3.12"
    assert found.version_span.at_line == "my-site/Pipfile.lock:29"
    assert found.package.text == "~=13.1.0"
    assert str(found.package.span) == "my-site/Pipfile:11:57"
    assert found.shortname == "my-site"
    ((edit,), _) = plan_pins(found.manifests, found.manager, "3.9")
    assert (edit.old, edit.new) == ("3.12", "3.9")


@pytest.mark.parametrize(
    ("files", "flavour"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({".invenio": RDM}, "RDM", id=".invenio"),
        pytest.param({".invenio": "[cli]\nflavour = ils\n"}, "ILS", id="any case"),
        pytest.param({".invenio": "[cli]\nflavour = XYZ\n"}, None, id="another flavour"),
        pytest.param({".invenio": "[cli]\nflavour = ILS\n", "Pipfile": PIPFILE}, "ILS", id="said"),
        pytest.param({".invenio": "[cli]\n", "Pipfile": PIPFILE}, "RDM", id="not said"),
        pytest.param({"Pipfile": PIPFILE}, "RDM", id="Pipfile"),
        pytest.param({"Pipfile": '[packages]\nflask = "*"\n'}, None, id="another package"),
        pytest.param({"pyproject.toml": "[project]\ndependencies = ['invenio-app-ils']\n"}, "ILS", id="PEP 621"),
        pytest.param({"requirements.txt": "invenio-app-ils\n"}, "ILS", id="requirements"),
        pytest.param({"requirements.txt": "invenio-app==1.3.4\n"}, None, id="another application"),
        pytest.param({"docker/app/requirements.txt": "invenio-app-rdm==12.0.1\n"}, "RDM", id="of a build"),
        pytest.param(
            {"pyproject.toml": "[project]\nname = 'invenio-app-rdm'\n", "x/requirements.txt": "invenio-app-rdm\n"},
            None, id="the application itself",
        ),
        pytest.param({"setup.cfg": "[metadata]\nname = invenio-app-ils\n"}, None, id="the application, setup.cfg"),
        pytest.param(
            {"Pipfile": "[packages]\nx = '*'\n", "Pipfile.lock": '{"default": {"invenio-app-rdm": {"version": "==12.0.1"}}}'},
            "RDM", id="only the lock",
        ),
    ],
)  # fmt: skip
def test_flavour(tmp_path, files, flavour):
    write(tmp_path, files)
    found = detect(str(tmp_path))
    assert found.flavour == flavour
    assert found.marker == (flavour is not None or ".invenio" in files)


@pytest.mark.parametrize(
    ("files", "manager"),
    [
        pytest.param({}, None, id="none"),
        pytest.param({"Pipfile": ""}, "pipenv", id="Pipfile"),
        pytest.param({"Pipfile.lock": "{}"}, "pipenv", id="Pipfile.lock"),
        pytest.param({"pyproject.toml": "[project]\nname = 'x'"}, "uv", id="project"),
        pytest.param({"pyproject.toml": "[tool.ruff]\n"}, None, id="only tools"),
        pytest.param({"pyproject.toml": "", "uv.lock": ""}, "uv", id="uv.lock"),
        pytest.param({"poetry.lock": ""}, "poetry", id="poetry.lock"),
        pytest.param({"pyproject.toml": "[tool.poetry]\nname = 'x'"}, "poetry", id="poetry"),
        pytest.param({"requirements.txt": "", "pyproject.toml": "[project]\nname = 'x'"}, "pip", id="requirements"),
        pytest.param({"setup.cfg": ""}, "pip", id="setup.cfg"),
        pytest.param({"Pipfile": "", "pyproject.toml": "[project]\nname = 'x'"}, "pipenv", id="as invenio-cli"),
        pytest.param({".invenio": "[cli]\npython_package_manager = uv\n", "Pipfile": ""}, "uv", id="said"),
        pytest.param({".invenio": "[cli]\npython_package_manager = x\n", "Pipfile": ""}, "pipenv", id="unknown"),
    ],
)  # fmt: skip
def test_package_manager(tmp_path, files, manager):
    write(tmp_path, files)
    assert detect(str(tmp_path)).manager == manager


@pytest.mark.parametrize(
    ("files", "path", "line"),
    [
        ({".invenio": RDM, "Pipfile": '[packages]\nflask = "*"\n'}, "Pipfile", 0),
        ({".invenio": RDM, "Pipfile": '[packages]\n\ninvenio-app-rdm = "*"\n'}, "Pipfile", 3),
        ({"pyproject.toml": '[project]\ndependencies = [\n"invenio-app-rdm",\n]\n'}, "pyproject.toml", 3),
        ({".invenio": RDM}, "Pipfile", 0),
    ],
)  # fmt: skip
def test_no_release_is_told_but_ends_nothing(tmp_path, monkeypatch, files, path, line):
    write(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    found = detect(".")
    assert found.version is None
    (problem,) = found.problems
    assert tuple(problem) == (
        path, line,
        "no version of invenio-app-rdm found: write one, as in ~=13.1.0, or run "
        "`invenio-cli packages lock`", False,
    )  # fmt: skip


def test_a_broken_file_is_told_once_and_does_not_hide_the_others(tmp_path):
    lock = '{"default": {"invenio-app-rdm": {"version": "==13.1.2"}}}'
    pipfile = "[packages]\ninvenio-app-rdm = {extras = [opensearch2]}\n"
    registry = "[registry]\npreflight = off\nmirrors = x\n"
    write(tmp_path, {".invenio": RDM + registry, "Pipfile": pipfile, "Pipfile.lock": lock})  # fmt: skip
    found = detect(str(tmp_path))
    assert (found.version, found.version_source) == ("13.1.2", "Pipfile.lock")
    assert found.settings.preflight == "off"
    assert [(one.path, one.line) for one in found.problems] == [
        (str(tmp_path / ".invenio"), 7),
        (str(tmp_path / "Pipfile"), 2),
    ]


@pytest.mark.parametrize("parents", ["{{cookiecutter.name}}", "{{ x }}/docker"])
def test_a_template(tmp_path, parents):
    folder = tmp_path / parents
    pipfile = PIPFILE + "{% if cookiecutter.x %}\n"
    write(folder, {"Pipfile": pipfile, ".invenio": "{% raw %}\n"})
    found = detect(str(folder))
    assert (found.template, found.flavour, found.problems) == (True, "RDM", ())
    assert found.version == "13.1.0"


@pytest.mark.parametrize(
    ("file", "key", "text", "place"),
    [
        (".invenio", "elasticsearch", "7", ".invenio:4:17"),
        ("Pipfile", "invenio-app-rdm", "elasticsearch7", "Pipfile:2:31"),
        ("Pipfile", "invenio-app-rdm", "opensearch2", None),
        ("Pipfile", "invenio-app-ils", "elasticsearch7", None),
        ("gone", "x", "y", None),
    ],
)
def test_where_a_setting_is(tmp_path, monkeypatch, file, key, text, place):
    write(
        tmp_path,
        {
            ".invenio": "[cli]\n# elasticsearch = 7\n[cookiecutter]\nelasticsearch = 7\n",
            "Pipfile": '[packages]\ninvenio-app-rdm = {extras = ["elasticsearch7"]}\n',
        },
    )
    monkeypatch.chdir(tmp_path)
    found = detect(".").find_setting(file, key, text)
    assert (found and str(found)) == place


@pytest.mark.parametrize(
    ("path", "title"),
    [(".", "site"), ("..", "site (..)"), ("../..", "site (../..)"), ("a/b", "a/b"), ("../b", "../b")],
)  # fmt: skip
def test_how_reports_call_it(path, title):
    assert Project(path, "site").title == title


def test_the_name_is_that_of_the_resolved_folder(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert detect(str(tmp_path / "link")).name == "real"
    assert detect("/").name == "/"


_PARTS = st.sampled_from(
    ["[packages]\n", "invenio-app-rdm", " = ", '"', "'", "{", "}", "[", "]", "~=13.0.0", "version",
     "extras", "\n", "[requires]\n", "python_version", "3.8", "[registry]\n", "accept", "until", ",",
     "[[package]]\nname = ", "\x00", "\xe9", "#", ";", "@", "tag", "^", "||", "=1"]
)  # fmt: skip
_NAMES = st.sampled_from([*FILES, "setup.py", "requirements.txt"])
_FILES = st.dictionaries(_NAMES, st.lists(_PARTS, max_size=12), max_size=4)


@given(files=_FILES)
def test_whatever_the_files_hold_nothing_is_raised(tmp_path_factory, files):
    folder = tmp_path_factory.mktemp("any")
    write(folder, {name: "".join(parts) for name, parts in files.items()})
    found = detect(str(folder))
    for manager in ("pipenv", "uv", "poetry"):
        for edit in plan_pins(found.manifests, manager, "3.9")[0]:
            assert edit.new != edit.old
    for span in (found.version_span, found.package and found.package.span):
        assert span is None or span.line > 0


@pytest.mark.parametrize(
    "token",
    ["invenio-app-rdm", "invenio-app-rdm = \n", "[packages.invenio-app-rdm]\n", '"', "[a.", " ", "# ",
     "a = ", "\n", "[[package]]\n", 'requires-python = "', "version = ", "\\", "{", "accept = x until ",
     "[metadata]\n", "[metadata]\nx\n", "[requires]\n"],
)  # fmt: skip
def test_no_file_takes_more_than_its_length_in_time(tmp_path, token):
    taken = []
    for size in (1 << 16, 1 << 19):
        text = "[registry]\n" + token * (size // len(token))
        write(tmp_path, dict.fromkeys([*FILES, "requirements.txt"], text))
        start = time.process_time()
        detect(str(tmp_path))
        taken.append(time.process_time() - start)
    # Eight times the length: a square would take 64 times as long.
    assert taken[1] < 32 * max(taken[0], 0.02)
