# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files are read, which folders entered, and to which project each belongs."""

import os

import pytest

from invenio_cli_registry.readers.files import (
    LARGEST,
    Found,
    find_files,
    kind_of,
    read_source,
)
from invenio_cli_registry.readers.source import Problem, Source


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in an empty folder that is a repository's root."""
    root = tmp_path / "root"
    root.mkdir()
    (root / ".git").mkdir()
    monkeypatch.chdir(root)
    return root


def write(*paths, text="FROM a\n"):
    for path in paths:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "w") as file:
            file.write(text)


def found(*paths, exclude=()):
    """Return path and project of each file found."""
    return [
        (one.path, one.project)
        for one in find_files(paths or (".",), exclude)
        if one.kind != "folder"
    ]


def names(*paths, exclude=()):
    return [path for path, _ in found(*paths, exclude=exclude)]


def projects(*paths):
    return [one.path for one in find_files(paths or (".",)) if one.kind == "folder"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Dockerfile", "dockerfile"),
        ("Dockerfile.base", "dockerfile"),
        ("C7.Dockerfile", "dockerfile"),
        ("VideosDockerfile", "dockerfile"),
        ("Dockerfile_original", "dockerfile"),
        ("Dockerfile.defaults.bak", "dockerfile"),
        ("dockerfile.k8s", "dockerfile"),
        ("Containerfile", "dockerfile"),
        ("docker-compose.yml", "yaml"),
        ("values.YAML", "yaml"),
        ("Dockerfile.yml", "yaml"),
        ("Dockerfile.dockerignore", ""),
        ("Dockerfile.md", ""),
        ("dockerfile.py", ""),
        ("Dockerfile.rst", ""),
        ("README", ""),
        ("Makefile", ""),
    ],
)
def test_names(name, kind):
    assert kind_of(name) == kind


def test_folders_that_are_not_entered(here):
    write("a/Dockerfile", ".github/w.yml", ".gitlab/c.yml", ".devcontainer/Dockerfile")
    write(
        "node_modules/Dockerfile",
        "x/site-packages/Dockerfile",
        "__pycache__/Dockerfile",
    )
    write(".venv/Dockerfile", "v/pyvenv.cfg", "v/Dockerfile")
    os.symlink("a", "link")
    os.symlink("..", "a/up")
    assert names() == [
        ".devcontainer/Dockerfile",
        ".github/w.yml",
        ".gitlab/c.yml",
        "a/Dockerfile",
    ]


def test_a_link_to_a_file_is_read(here):
    write("a/x")
    os.symlink("a/x", "Dockerfile")
    assert names() == ["Dockerfile"]


def test_a_folder_named_like_a_dockerfile_is_said_to_be_none(here):
    write("Dockerfile/Dockerfile.x", "dockerfiles/Dockerfile")
    assert names() == [
        "Dockerfile",
        "Dockerfile/Dockerfile.x",
        "dockerfiles/Dockerfile",
    ]
    problem = read_source(Found("Dockerfile", "dockerfile", False, "."))
    assert (problem.path, problem.fatal) == ("Dockerfile", True)


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        pytest.param("a", ["b/Dockerfile", "c.yml"], id="folder"),
        pytest.param("a/", ["b/Dockerfile", "c.yml"], id="folder-slash"),
        pytest.param("*.yml", ["a/Dockerfile", "b/Dockerfile"], id="ending"),
        pytest.param("b/Dockerfile", ["a/Dockerfile", "c.yml"], id="path"),
        pytest.param("Dockerfile", ["c.yml"], id="name"),
        pytest.param("x", ["a/Dockerfile", "b/Dockerfile", "c.yml"], id="nothing"),
    ],
)
def test_excluded(here, pattern, left):
    write("a/Dockerfile", "b/Dockerfile", "c.yml")
    assert sorted(names(exclude=[pattern])) == left


def test_each_file_once_in_a_fixed_order(here):
    write("b/Dockerfile", "a/Dockerfile", "a/c.yml")
    assert names("b", ".", "a") == ["b/Dockerfile", "a/Dockerfile", "a/c.yml"]


def test_named_files_are_always_read(here):
    write("build.txt", "x.yml")
    kinds = [
        (one.path, one.kind, one.named) for one in find_files(("build.txt", "x.yml"))
    ]
    assert kinds == [("build.txt", "dockerfile", True), ("x.yml", "yaml", True)]


def test_a_path_that_is_not_there(here):
    (problem,) = find_files(("nope",))
    assert problem == Problem("nope", 0, problem.message, fatal=True)
    assert "no such file" in problem.message


def test_the_nearest_invenio_wins_over_what_lies_below_it(here):
    write(
        "s/.invenio",
        "s/site/pyproject.toml",
        "s/site/Dockerfile",
        "s/n/.invenio",
        "s/n/Dockerfile",
    )
    assert found() == [("s/n/Dockerfile", "s/n"), ("s/site/Dockerfile", "s")]
    assert projects() == [".", "s", "s/n"]


def test_elsewhere_the_nearest_marker(here):
    write("Pipfile", "a/pyproject.toml", "a/b/Dockerfile", "c/Dockerfile")
    assert found() == [("a/b/Dockerfile", "a"), ("c/Dockerfile", ".")]


def test_without_a_marker_the_path_is_the_project(here):
    write("a/b/Dockerfile")
    assert found("a") == [("a/b/Dockerfile", "a")]
    assert projects("a") == ["a"]


def test_a_named_file_without_a_marker_belongs_to_the_repository(here, monkeypatch):
    write("a/b/Dockerfile")
    assert found("a/b/Dockerfile") == [("a/b/Dockerfile", ".")]
    monkeypatch.chdir("a")
    assert found("b/Dockerfile") == [("b/Dockerfile", "..")]


def test_a_path_below_a_project_belongs_to_it(here, monkeypatch):
    write("s/.invenio", "s/docker/Dockerfile")
    assert found("s/docker") == [("s/docker/Dockerfile", "s")]
    assert projects("s/docker") == []
    monkeypatch.chdir("s/docker")
    assert found() == [("Dockerfile", "..")]


def test_nothing_above_the_repository_counts(here):
    write("../Pipfile", "a/Dockerfile")
    assert found("a") == [("a/Dockerfile", "a")]


def test_without_a_repository_nothing_above_the_current_folder_counts(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    write("Pipfile", "a/b/Dockerfile")
    monkeypatch.chdir("a")
    assert found("b") == [("b/Dockerfile", "b")]
    assert found("b/Dockerfile") == [("b/Dockerfile", ".")]


def test_a_path_outside_of_the_current_folder(here, monkeypatch):
    write("s/.invenio", "s/Dockerfile", "t/x")
    monkeypatch.chdir("t")
    assert found("../s") == [("../s/Dockerfile", "../s")]
    assert found(str(here / "s")) == [(str(here / "s/Dockerfile"), str(here / "s"))]


def test_a_folder_that_nobody_may_read_is_passed_over(here, monkeypatch):
    write("a/Dockerfile")
    real = os.scandir

    def scandir(path):
        if path == "a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert names() == []


def read(path, kind="dockerfile", named=False):
    return read_source(Found(path, kind, named, "."))


def test_a_file_is_read(here):
    write("Dockerfile", text="FROM a\n")
    source = read("Dockerfile")
    assert isinstance(source, Source)
    assert (source.path, source.text) == ("Dockerfile", "FROM a\n")


def test_nul_bytes_are_no_text(here):
    write("Dockerfile", text="FROM a\0\n")
    assert read("Dockerfile") is None
    problem = read("Dockerfile", named=True)
    assert ("NUL" in problem.message, problem.fatal) == (True, True)


def test_a_link_to_nothing(here):
    for name in ("x", "x.yml", "compose.yml"):
        os.symlink("nowhere", name)
    assert read("x").fatal
    assert read("compose.yml", "yaml").fatal
    assert read("x.yml", "yaml") is None
    assert read("x.yml", "yaml", named=True).fatal


def test_a_pipe_is_never_opened(here):
    os.mkfifo("Dockerfile")
    assert read("Dockerfile").fatal
    assert read("Dockerfile", "yaml") is None
    assert "regular" in read("Dockerfile", "yaml", named=True).message


def large(text):
    """Return more than is read, with a text across the border of what is."""
    return "\n" + "x" * (LARGEST - 5) + text + "x" * LARGEST


@pytest.mark.parametrize("named", [False, True])
def test_a_large_file_that_names_the_organisation(here, named):
    write("Dockerfile", text=large("inveniosoftware/y"))
    problem = read("Dockerfile", named=named)
    assert (problem.line, problem.fatal) == (2, named)
    assert "larger than 1 MiB" in problem.message


def test_a_large_file_that_does_not(here):
    write("Dockerfile", text=large("nothing"))
    assert read("Dockerfile") is None
    assert read("Dockerfile", named=True).fatal


def test_the_line_is_right_far_behind_the_border(here):
    write("Dockerfile", text="\n" * (2 * LARGEST + 7) + "inveniosoftware/y\n")
    assert read("Dockerfile").line == 2 * LARGEST + 8
