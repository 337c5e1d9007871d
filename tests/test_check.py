# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``check`` on odd ground: several projects, paths of every kind, folders nobody may write."""

import json
import os
import subprocess
import sys

import pytest

from invenio_cli_registry import cli

from .conftest import ROOT
from .instances import PIPENV, build, configure, instance, rdm
from .test_cli import ALMA, CERN, DAY, HUB, run

NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
FINE = {**rdm("13.1.2", "3.9"), **build(ALMA)}
FOOTER = "no registry was asked"


def below(*folders, files=NINE):
    return {f"{one}/{name}": text for one in folders for name, text in files.items()}


def report(*args):
    return json.loads(run("check", "--format", "json", *args, *DAY).stdout)


def list_tree(folder):
    """Return everything in a tree, folders too, with what a write would change."""
    return {
        str(path): (status.st_mode, status.st_mtime_ns, status.st_ctime_ns)
        for path in [folder, *sorted(folder.rglob("*"))]
        for status in [path.lstat()]
    }


# Projects


def test_projects_of_one_name_are_told_apart_by_their_paths(tmp_path):
    with instance(tmp_path, below("a/my-site", "b/my-site", files=FINE)):
        text = run("check", *DAY).stdout
    blocks = [block.split(":")[0] for block in text.split("\n\n")]
    assert blocks[1:3] == ["a/my-site", "b/my-site"]


@pytest.mark.parametrize(
    ("path", "title"),
    [
        pytest.param(".", "my-site", id="here"),
        pytest.param("", "my-site", id="nothing"),
        pytest.param("./", "my-site", id="here, with a slash"),
        pytest.param("..", None, id="above"),
        pytest.param("../my-site", "../my-site", id="from above"),
    ],
)
def test_the_title_of_a_project(tmp_path, path, title):
    with instance(tmp_path, FINE):
        text = run("check", *([path] if path else []), *DAY).stdout
    assert text.startswith(f"{title or tmp_path.name}: fine.")


def test_the_footer_is_said_once_when_something_is_to_be_done(tmp_path):
    with instance(tmp_path, {**below("a", "b"), **below("c", files=FINE)}):
        assert run("check", *DAY).stdout.count(FOOTER) == 1
        assert FOOTER not in run("check", "c", "--today", "2026-06-01").stdout


def test_projects_are_sorted_and_the_root_comes_first(tmp_path):
    with instance(tmp_path, {**FINE, **below("z", "B", "a/b", files=FINE)}):
        paths = [one["path"] for one in report("z", "a", ".")["projects"]]
    assert paths == [".", "B", "a/b", "z"]


def test_only_another_instance_ends_an_instance(tmp_path):
    nested = {
        "site/pyproject.toml": "[project]\n",
        "site/Dockerfile": f"FROM {HUB}\n",
        **below("other"),
    }
    with instance(tmp_path, {**NINE, **nested}):
        found = report()["projects"]
    assert [one["path"] for one in found] == [".", "other"]
    paths = [one["path"] for one in found[0]["references"]]
    assert paths == ["Dockerfile", "site/Dockerfile"]


def test_the_worst_project_makes_the_exit_code(tmp_path):
    with instance(tmp_path, {**below("a", files=FINE), **below("b")}):
        assert run("check", "a", *DAY).exit_code == 0
        assert run("check", "a", "b", *DAY).exit_code == 1
        assert run("check", "a", "b", "c", *DAY).exit_code == 2


def test_problems_are_sorted(tmp_path):
    files = {
        **below("b", files={**NINE, "compose.yml": "a: ["}),
        **below("a", files={**NINE, ".invenio": "x\n"}),
    }
    with instance(tmp_path, files):
        data = report("b", "a", "nope")
    found = [(one["path"], one["line"]) for one in data["problems"]]
    assert found == [("a/.invenio", 1), ("b/compose.yml", 1), ("nope", None)]


# Paths


def list_references(*args):
    return [
        (one["path"], one["status"])
        for project in report(*args)["projects"]
        for one in project["references"]
    ]


OLD = {**NINE, "old/Dockerfile": f"FROM {HUB}\n"}
BOTH = [("Dockerfile", "impacted"), ("old/Dockerfile", "impacted")]


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        pytest.param((), BOTH, id="nothing"),
        pytest.param((".", ".", "./"), BOTH, id="twice"),
        pytest.param((".", "old"), BOTH, id="a folder in another"),
        pytest.param(("Dockerfile", "."), BOTH, id="a file of a folder"),
        pytest.param(("Dockerfile",), BOTH[:1], id="a file"),
        pytest.param(("./old/../Dockerfile",), BOTH[:1], id="a file with detours"),
        pytest.param(("old",), BOTH[1:], id="a folder of the project"),
        pytest.param(("Pipfile", ".invenio"), [], id="files without images"),
        pytest.param(("--exclude", "old"), BOTH[:1], id="exclude"),
        pytest.param(("--exclude", "./old/"), BOTH[:1], id="exclude, spelt otherwise"),
        pytest.param(("--exclude", "o*/Docker*"), BOTH[:1], id="exclude a pattern"),
        pytest.param(("--exclude", "Dockerfile"), [], id="exclude a name anywhere"),
        pytest.param(("--exclude", "./Dockerfile*x"), BOTH, id="exclude nothing"),
        pytest.param(
            ("--exclude", "old", "--exclude", "Dock*"), [], id="exclude twice"
        ),
        pytest.param(
            ("--exclude", "Dockerfile", "Dockerfile"),
            BOTH[:1],
            id="what is named is read all the same",
        ),
    ],
)
def test_which_files_are_reported(tmp_path, paths, found):
    with instance(tmp_path, OLD):
        assert list_references(*paths) == found


def test_paths_are_printed_as_they_were_reached(tmp_path):
    with instance(tmp_path, NINE) as folder:
        assert list_references(str(folder)) == [(f"{folder}/Dockerfile", "impacted")]
        os.chdir(os.sep)
        assert list_references(str(folder)) == [(f"{folder}/Dockerfile", "impacted")]


def test_a_named_file_is_read_as_what_it_is_named(tmp_path):
    files = {
        **rdm("9.1.7", "3.8"),
        "recipe.txt": f"FROM {HUB}\n",
        "k.yml": f"spec:\n  containers:\n  - image: {HUB}\n",
        "README.md": "FROM here on, no image is named.\n",
    }
    with instance(tmp_path, files):
        assert list_references() == [("k.yml", "impacted")]
        found = list_references("recipe.txt", "k.yml", "README.md")
    assert found == [("recipe.txt", "impacted"), ("k.yml", "impacted")]


ARGUMENT = {
    **rdm("9.1.7", "3.8"),
    "Dockerfile": "ARG IMAGE=scratch\nFROM $IMAGE\n" + PIPENV,
    "docker-compose.yml": (
        "services:\n  a:\n    build:\n      context: .\n      args:\n"
        f"        IMAGE: {HUB}\n  b:\n    image: inveniosoftware/centos7-python:3.6\n"
    ),
}


def test_the_compose_file_of_a_named_file_is_context(tmp_path):
    with instance(tmp_path, ARGUMENT):
        (project,) = report("Dockerfile")["projects"]
    (reference,) = project["references"]
    assert (reference["path"], reference["text"]) == ("Dockerfile", "$IMAGE")
    assert reference["edit"] == {
        "path": "docker-compose.yml",
        "line": 6,
        "column": 16,
        "old": HUB,
        "new": CERN,
    }


def test_what_is_excluded_is_no_context_either(tmp_path):
    with instance(tmp_path, {**ARGUMENT, "docker-compose.yml": "a: ["}):
        assert run("check", "Dockerfile", *DAY).exit_code == 2
        done = run("check", "Dockerfile", "--exclude", "docker-compose.yml", *DAY)
    assert done.exit_code == 0
    assert "not YAML" not in done.stdout


@pytest.mark.parametrize(
    ("args", "command"),
    [
        pytest.param(("a",), "migrate --verify a", id="a folder"),
        pytest.param(("./a/",), "migrate --verify a", id="a folder, spelt otherwise"),
        pytest.param(("b c",), "migrate --verify 'b c'", id="a space"),
        pytest.param(("d'e",), "migrate --verify 'd'\"'\"'e'", id="a quote"),
        pytest.param(("--", "-f"), "migrate --verify ./-f", id="like an option"),
        pytest.param(
            ("a", "--exclude", "x *"),
            "migrate --verify --exclude 'x *' a",
            id="exclude",
        ),
    ],
)
def test_the_command_that_is_advised(tmp_path, args, command):
    with instance(tmp_path, below("a", "b c", "d'e", "-f")):
        done = run("check", "--format", "json", *DAY, *args)
    (project,) = json.loads(done.stdout)["projects"]
    assert project["advice"]["commands"] == [f"invenio-cli registry {command}"]


# Nothing is written


@pytest.mark.parametrize(
    "options", [(), ("--all", "--verbose"), ("--format", "json")], ids=" ".join
)
def test_nothing_is_written(tmp_path, options):
    with instance(tmp_path, configure(OLD, "mirrors = docker.io=h.example.org/hub")):
        subprocess.run(["git", "init", "-q"], check=True)
        before = list_tree(tmp_path)
        run("check", *options, *DAY)
        assert list_tree(tmp_path) == before


def test_a_folder_that_nobody_may_write(tmp_path):
    with instance(tmp_path, OLD) as folder:
        folders = [folder / "old", folder]
        for one in (*folder.rglob("*ile*"), *folders):
            one.chmod(0o555 if one.is_dir() else 0o444)
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"}
        before = list_tree(folder)
        done = subprocess.run(
            [sys.executable, "-m", "invenio_cli_registry", "check", "--format", "json"],
            capture_output=True,
            env={**environ, "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
        after = list_tree(folder)
        for one in folders:
            one.chmod(0o755)
    assert (done.returncode, done.stderr) == (1, b"")
    assert after == before


def test_without_a_temporary_folder_our_own_reading_decides(tmp_path, monkeypatch):
    def fail(*args, **options):
        raise FileNotFoundError

    monkeypatch.setattr("tempfile.mkdtemp", fail)
    with instance(tmp_path, NINE):
        (project,) = report()["projects"]
    assert project["release"] == "9.1.7"


# JSON


def test_what_decided_is_named(tmp_path):
    files = {**FINE, "Pipfile": FINE["Pipfile"].replace("==13.1.2", "~=12.0")}
    with instance(tmp_path, files):
        (project,) = report()["projects"]
    assert project["release"].startswith("12.0")
    assert project["release_source"] == "Pipfile"
    assert (project["python"], project["python_source"]) == ("3.9", "Pipfile")
    assert any("Pipfile.lock" in note for note in project["notes"])


def test_problems_are_in_json_too(tmp_path):
    with instance(tmp_path, {**NINE, "docker-compose.yml": "a: ["}):
        data = report()
    (problem,) = data["problems"]
    assert (problem["path"], problem["line"]) == ("docker-compose.yml", 1)
    assert len(data["projects"][0]["references"]) == 1


def test_columns_count_code_points(tmp_path):
    text = f"FROM scratch AS a\nFROM scratch\nCOPY --from={HUB} \U0001f600 b\n"
    files = {**rdm("9.1.7", "3.8"), "Dockerfile": f"# é\n{text}"}
    compose = f"services: {{'\U0001f600é': {{image: {HUB}}}}}\n"
    with instance(tmp_path, {**files, "docker-compose.yml": compose}):
        found = report()["projects"][0]["references"]
    places = [(one["path"], one["line"], one["column"]) for one in found]
    assert places == [("Dockerfile", 4, 13), ("docker-compose.yml", 1, 26)]


def test_an_image_in_an_inline_dockerfile_has_its_place(tmp_path):
    compose = (
        "services:\n  a:\n    build:\n      dockerfile_inline: |\n"
        f"        FROM {HUB}\n        RUN true\n"
    )
    with instance(tmp_path, {**rdm("9.1.7", "3.8"), "compose.yml": compose}):
        (reference,) = report()["projects"][0]["references"]
        done = run("migrate", "--dry-run")
    assert (reference["line"], reference["column"]) == (5, 14)
    assert reference["edit"]["new"] == CERN
    assert f"+        FROM {CERN}\n" in done.stdout


def test_a_mirror_lists_what_it_would_take(tmp_path):
    files = {
        **rdm("13.1.2", "3.9"),
        **build(ALMA),
        "docker-compose.yml": "services: {a: {image: redis:7}}\n",
    }
    with instance(tmp_path, configure(files, "mirrors = docker.io=h.example.org/hub")):
        short = report()["projects"][0]["references"]
        every = report("--all")["projects"][0]["references"]
    assert [one["status"] for one in short] == ["ok"]
    assert [one["status"] for one in every] == ["ok", "other"]


# The terminal


class Terminal:
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("columns", "width"), [("40", 60), ("72", 72), ("100", 100), ("300", 100)]
)
def test_a_terminal_is_filled_within_bounds(monkeypatch, columns, width):
    monkeypatch.setattr("sys.stdout", Terminal())
    monkeypatch.setenv("COLUMNS", columns)
    assert cli._width() == width


def test_a_file_is_as_wide_as_ever(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    assert cli._width() == 80


@pytest.mark.parametrize(
    ("colour", "shown"),
    [("red", "\x1b[31m\x1b[1mx\x1b[0m"), ("bold", "\x1b[1mx\x1b[0m")],
)
def test_colours_on_a_terminal(monkeypatch, colour, shown):
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert cli._paint("x", colour) == "x"
    monkeypatch.setattr("sys.stdout", Terminal())
    assert cli._paint("x", colour) == shown
    monkeypatch.setenv("NO_COLOR", "1")
    assert cli._paint("x", colour) == "x"


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "utf-8"])
@pytest.mark.parametrize(
    "command", [("check",), ("migrate", "--dry-run")], ids=" ".join
)
def test_a_name_that_the_terminal_has_no_letters_for(tmp_path, encoding, command):
    with instance(tmp_path, below("\u6771\u4eac")):
        done = subprocess.run(
            [sys.executable, "-m", "invenio_cli_registry", *command, "\u6771\u4eac"],
            capture_output=True,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "PYTHONIOENCODING": encoding,
                "LC_ALL": "C.UTF-8",
            },
            check=False,
        )
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    shown = done.stdout.decode("utf-8")
    assert "\\u6771" in shown or "\u6771" in shown
