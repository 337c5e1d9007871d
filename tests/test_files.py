# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files are read, which folders entered, and to which project each belongs."""

import builtins
import contextlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.readers import files
from invenio_cli_registry.readers.files import (
    LARGEST,
    Found,
    find_files,
    is_compose,
    kind_of,
    read_source,
)
from invenio_cli_registry.readers.projects import find_project
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
        ("Dockerfile.j2", "dockerfile"),
        ("Dockerfile\n", "dockerfile"),
        ("Dockerfile.json", ""),
        (".#Dockerfile", ""),
        (".#compose.yml", ""),
        ("yml", ""),
        ("a.yml.txt", ""),
        ("README", ""),
        ("Makefile", ""),
        ("", ""),
    ],
)
def test_names(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docker-compose.yml", True),
        ("docker-compose.full.yml", True),
        ("a/docker-services.yml", True),
        ("compose.yaml", True),
        ("compose-dev.yml", True),
        ("Docker-Compose.YML", True),
        ("docker-compose.yml.bak", False),
        ("my-compose.yml", False),
        ("compose/values.yml", False),
        ("docker.yml", False),
    ],
)
def test_names_of_compose_files(path, expected):
    assert is_compose(path) is expected


def test_folders_that_are_not_entered(here):
    write("a/Dockerfile", ".github/w.yml", ".gitlab/c.yml", ".devcontainer/Dockerfile")
    write(
        "node_modules/Dockerfile",
        "x/site-packages/Dockerfile",
        "__pycache__/Dockerfile",
    )
    write(".venv/Dockerfile", "v/pyvenv.cfg", "v/Dockerfile", "w/Dockerfile")
    os.symlink("a", "link")
    os.symlink("..", "a/up")
    assert names() == [
        ".devcontainer/Dockerfile",
        ".github/w.yml",
        ".gitlab/c.yml",
        "a/Dockerfile",
        "w/Dockerfile",
    ]


def test_a_link_to_a_file_is_read(here):
    write("a/x")
    os.symlink("a/x", "Dockerfile")
    assert names() == ["Dockerfile"]
    assert read("Dockerfile").text == "FROM a\n"


@pytest.mark.parametrize("name", ["Dockerfile.d", "dockerfiles", "compose.yml"])
def test_a_link_to_a_folder_is_no_file(here, name):
    write("a/x")
    os.symlink("a", name)
    assert names() == []


def test_a_link_to_a_folder_of_a_dockerfile_s_name_is_said(here):
    write("a/x")
    os.symlink("a", "Dockerfile")
    assert names() == ["Dockerfile"]
    assert read("Dockerfile").fatal


def test_links_that_lead_nowhere_but_to_each_other(here):
    os.symlink("b.yml", "a.yml")
    os.symlink("a.yml", "b.yml")
    os.symlink("Dockerfile", "Dockerfile")
    assert names() == ["Dockerfile", "a.yml", "b.yml"]
    assert [read(name).fatal for name in names()] == [True] * 3
    problem = read("a.yml", "yaml")
    assert (problem.path, problem.fatal) == ("a.yml", False)


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
        pytest.param("./a", ["b/Dockerfile", "c.yml"], id="folder-dot"),
        pytest.param("a/*", ["b/Dockerfile", "c.yml"], id="all-in-a-folder"),
        pytest.param("*/Dockerfile", ["c.yml"], id="any-folder"),
        pytest.param("[ab]", ["c.yml"], id="characters"),
        pytest.param("?", ["c.yml"], id="one-character"),
        pytest.param("a/**", ["b/Dockerfile", "c.yml"], id="all-below-twice"),
        pytest.param("**/a", ["b/Dockerfile", "c.yml"], id="anywhere"),
        pytest.param("**/b/**", ["a/Dockerfile", "c.yml"], id="anywhere-below"),
        pytest.param("x", ["a/Dockerfile", "b/Dockerfile", "c.yml"], id="nothing"),
        pytest.param("/a", ["a/Dockerfile", "b/Dockerfile", "c.yml"], id="absolute"),
        pytest.param("a/c.yml", ["a/Dockerfile", "b/Dockerfile", "c.yml"], id="else"),
        pytest.param("", ["a/Dockerfile", "b/Dockerfile", "c.yml"], id="empty"),
        pytest.param("A", ["a/Dockerfile", "b/Dockerfile", "c.yml"], id="case"),
        pytest.param("ocker", ["a/Dockerfile", "b/Dockerfile", "c.yml"], id="a-part"),
    ],
)
def test_excluded(here, pattern, left):
    write("a/Dockerfile", "b/Dockerfile", "c.yml")
    assert sorted(names(exclude=[pattern])) == left


def test_patterns_are_seen_from_the_current_folder(here):
    write("a/Dockerfile", "a/b/Dockerfile")
    assert names(str(here), exclude=["a/b"]) == [str(here / "a/Dockerfile")]
    assert names("a", exclude=["b/*"]) == ["a/Dockerfile", "a/b/Dockerfile"]


def test_several_patterns_and_what_is_named(here):
    write("a/Dockerfile", "b/Dockerfile", "c.yml")
    assert names(exclude=["a", "*.yml"]) == ["b/Dockerfile"]
    assert names("a/Dockerfile", exclude=["a", "*"]) == ["a/Dockerfile"]


def test_a_marker_counts_also_where_it_is_excluded(here):
    write("a/Pipfile", "a/Dockerfile")
    assert found(exclude=["Pipfile"]) == [("a/Dockerfile", "a")]


def test_the_order_is_that_of_the_names(here):
    write("b/Dockerfile", "a/z/Dockerfile", "a/c.yml", "a/Dockerfile", "a-b/Dockerfile")
    assert names() == [
        "a/Dockerfile",
        "a/c.yml",
        "a/z/Dockerfile",
        "a-b/Dockerfile",
        "b/Dockerfile",
    ]


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        pytest.param(["b", "b"], ["b/Dockerfile"], id="twice"),
        pytest.param(["b", "./b/"], ["b/Dockerfile"], id="spelt-otherwise"),
        pytest.param(["b", "a/../b"], ["b/Dockerfile"], id="detour"),
        pytest.param([".", "b"], ["a/Dockerfile", "b/Dockerfile"], id="inside"),
        pytest.param(["b", "."], ["b/Dockerfile", "a/Dockerfile"], id="around"),
        pytest.param(
            ["a", "b/Dockerfile"], ["b/Dockerfile", "a/Dockerfile"], id="file"
        ),
    ],
)
def test_each_file_once(here, paths, expected):
    write("a/Dockerfile", "b/Dockerfile")
    assert names(*paths) == expected


def test_each_file_once_also_by_its_whole_path(here):
    write("a/Dockerfile")
    assert names("a", str(here / "a")) == ["a/Dockerfile"]
    assert names("a", str(here / "a"), str(here)) == ["a/Dockerfile"]


def test_a_path_behind_a_link_is_where_the_link_leads(here):
    write("x/a/Dockerfile", "x/Containerfile")
    os.symlink("x/a", "link")
    assert names("link") == ["link/Dockerfile"]
    assert names("link/..") == [
        str(here / "x/Containerfile"),
        str(here / "x/a/Dockerfile"),
    ]


def test_what_is_named_counts_as_named_also_below_another_path(here):
    write("a/Dockerfile", "a/x.yml")
    marks = [(one.path, one.named) for one in find_files(("a", "a/Dockerfile"))]
    assert marks == [("a/Dockerfile", True), ("a", False), ("a/x.yml", False)]


def test_the_names_of_files_are_kept(here):
    odd = ["Dockerfile\n", "Dockerfile\x1b[1m", "Dockerfile \udcff", "Dockerfile'é"]
    write(*odd)
    assert names() == sorted(odd)
    assert read(odd[2]).text == "FROM a\n"


def test_a_folder_of_a_virtual_environment_is_read_when_it_is_named(here):
    write("v/pyvenv.cfg", "v/Dockerfile", "v/w/pyvenv.cfg", "v/w/Dockerfile")
    assert names("v") == ["v/Dockerfile"]
    assert names("v/w") == ["v/w/Dockerfile"]


def test_files_are_given_as_they_are_found(here, monkeypatch):
    write("a/Dockerfile", "b/Dockerfile")
    asked = []
    real = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: asked.append(path) or real(path))
    for one in find_files(("a", "b")):
        if one.path == "a/Dockerfile":
            break
    assert set(asked) == {"a"}


def test_no_folder_is_looked_at_but_once(here, monkeypatch):
    write("s/.invenio", *(f"s/{n}/{m}/Dockerfile" for n in range(9) for m in range(9)))
    scanned, asked = [], []
    scandir, stat, lstat = os.scandir, os.stat, os.lstat
    monkeypatch.setattr(
        os, "scandir", lambda path: scanned.append(path) or scandir(path)
    )
    monkeypatch.setattr(os, "stat", lambda *a, **k: asked.append(a) or stat(*a, **k))
    monkeypatch.setattr(os, "lstat", lambda *a, **k: asked.append(a) or lstat(*a, **k))
    assert len(names("s")) == 81
    # The first is asked twice: whether it may be read.
    assert len(scanned) == 1 + 1 + 9 + 81
    assert len(asked) < 81


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


@pytest.mark.parametrize("path", ["", "nope/", "x.yml/", "a/nope"])
def test_other_paths_that_are_not_there(here, path):
    write("x.yml", "a/b")
    assert [one.fatal for one in find_files((path,))] == [True]


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


def test_a_folder_of_a_marker_s_name_is_none(here):
    write("a/.invenio/x", "a/Pipfile/x", "a/Dockerfile", ".invenio")
    assert found() == [("a/Dockerfile", ".")]


def test_a_marker_may_be_a_link(here):
    write("x", "a/Dockerfile")
    os.symlink("../x", "a/Pipfile")
    os.symlink("nowhere", "Pipfile")
    assert found() == [("a/Dockerfile", "a")]


def test_a_repository_inside_of_another_is_on_its_own(here):
    write(
        "s/.invenio", "s/m/.git", "s/m/Dockerfile", "s/m/p/Pipfile", "s/m/p/Dockerfile"
    )
    write("s/n/.git", "s/n/pyproject.toml", "s/n/d/Dockerfile")
    assert found() == [
        ("s/m/Dockerfile", "."),
        ("s/m/p/Dockerfile", "s/m/p"),
        ("s/n/d/Dockerfile", "s/n"),
    ]
    assert found("s/m") == [("s/m/Dockerfile", "s/m"), ("s/m/p/Dockerfile", "s/m/p")]
    assert found("s/m/Dockerfile", "s/n/d") == [
        ("s/m/Dockerfile", "s/m"),
        ("s/n/d/Dockerfile", "s/n"),
    ]


def test_the_walk_and_the_search_upwards_agree(here):
    write(".invenio", "a/Pipfile", "a/b/.invenio", "a/b/c/Pipfile", "d/pyproject.toml")
    folders = [".", "a", "a/b", "a/b/c", "d", "d/e"]
    write(*(f"{folder}/Dockerfile" for folder in folders))
    walked = dict(found())
    named = dict(found(*walked))
    assert walked == named
    assert set(walked.values()) == {".", "a/b"}


def test_a_project_is_listed_also_without_files(here):
    write("a/Pipfile", "b/.invenio", "c/x")
    assert projects() == [".", "a", "b"]
    assert projects("a", "c") == ["a", "c"]


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
    write("s/.invenio", "s/Dockerfile", "s/d/Dockerfile", "t/x")
    monkeypatch.chdir("t")
    assert found("../s")[0] == ("../s/Dockerfile", "../s")
    assert found("../s/d") == [("../s/d/Dockerfile", "../s")]
    assert found("../s/d/Dockerfile") == [("../s/d/Dockerfile", "../s")]
    assert found(str(here / "s/d")) == [(str(here / "s/d/Dockerfile"), str(here / "s"))]


def test_the_folder_above(here, monkeypatch):
    write(".invenio", "a/Dockerfile", "a/b/x")
    monkeypatch.chdir("a/b")
    assert found("..") == [("../Dockerfile", "../..")]
    assert found("../Dockerfile") == [("../Dockerfile", "../..")]
    assert projects("../..") == ["../.."]


def test_a_path_behind_a_link_belongs_to_what_it_is_reached_through(here):
    write("s/.invenio", "x/a/Dockerfile")
    os.symlink("../x", "s/link")
    assert found("s/link/a") == [("s/link/a/Dockerfile", "s")]


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """Work in a folder without a repository, beside others."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


def test_outside_of_a_repository_nothing_above_the_current_folder_counts(outside):
    write("../Pipfile", "a/b/Dockerfile", "../o/.invenio", "../o/d/Dockerfile")
    write("../p/d/Dockerfile")
    assert found("a/b") == [("a/b/Dockerfile", "a/b")]
    assert found("a/b/Dockerfile") == [("a/b/Dockerfile", ".")]
    assert found("../o/d") == [("../o/d/Dockerfile", "../o")]
    assert found("../o/d/Dockerfile") == [("../o/d/Dockerfile", "../o")]
    # Neither below the current folder nor in a repository: a file's own folder.
    assert found("../p/d/Dockerfile") == [("../p/d/Dockerfile", "../p/d")]
    assert projects("..") == ["..", "../o"]


def test_the_current_folder_itself_counts(outside):
    write("Pipfile", "a/b/Dockerfile")
    assert found("a/b") == [("a/b/Dockerfile", ".")]
    assert found(str(outside / "here/a")) == [
        (str(outside / "here/a/b/Dockerfile"), str(outside / "here"))
    ]


@pytest.mark.parametrize("root", ["/", "//"])
def test_the_search_ends_at_the_top_of_all(outside, root):
    place, end = find_project(root)
    assert (place.project, end) == ("", root)


def test_a_folder_that_nobody_may_read_is_passed_over(here, monkeypatch):
    write("a/Dockerfile")
    real = os.scandir

    def scandir(path):
        if path == "a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert names() == []
    (problem,) = find_files(("a",))
    assert problem == Problem("a", 0, "Permission denied: it was not read", fatal=True)


def test_names_that_are_no_utf8(here):
    name = os.fsdecode(b"\xe9.Dockerfile")
    write(f"{name}s/{name}")
    assert names() == [f"{name}s/{name}"]
    assert read(f"{name}s/{name}").text == "FROM a\n"


def read(path, kind="dockerfile", named=False):
    return read_source(Found(path, kind, named, "."))


def test_a_file_is_read(here):
    write("Dockerfile", text="FROM a\n")
    source = read("Dockerfile")
    assert isinstance(source, Source)
    assert (source.path, source.text) == ("Dockerfile", "FROM a\n")


@pytest.mark.parametrize("named", [False, True], ids=["found", "named"])
@pytest.mark.parametrize("wanted", [False, True], ids=["not wanted", "wanted"])
def test_what_is_named_is_read_whatever_is_in_it(here, named, wanted):
    write("Dockerfile", text="FROM a\n")
    found = Found("Dockerfile", "dockerfile", named, ".")
    source = read_source(found, lambda data: wanted or data != b"FROM a\n")
    assert bool(source) is (named or wanted)


def test_a_byte_order_mark_is_no_nul(here):
    with open("Dockerfile", "wb") as file:
        file.write("FROM a\n".encode("utf-16"))
    assert read("Dockerfile").text == "FROM a\n"


def test_bytes_that_are_no_utf8_survive(here):
    with open("Dockerfile", "wb") as file:
        file.write(b"FROM a # \xff\n")
    assert read("Dockerfile").to_bytes() == b"FROM a # \xff\n"


@pytest.mark.parametrize(
    ("path", "kind", "named", "fatal"),
    [
        ("Dockerfile", "dockerfile", False, True),
        ("compose.yml", "yaml", False, True),
        ("x.yml", "yaml", False, False),
        ("x.yml", "yaml", True, True),
    ],
)
def test_a_file_that_nobody_may_read(here, monkeypatch, path, kind, named, fatal):
    def refuse(*args, **options):
        raise PermissionError(13, "Permission denied")

    write(path)
    monkeypatch.setattr(builtins, "open", refuse)
    message = "Permission denied: it was not read"
    assert read(path, kind, named) == Problem(path, 0, message, fatal)


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


@pytest.mark.parametrize("size", [0, 100, LARGEST + 100])
def test_a_pipe_that_took_the_place_of_a_file_is_not_waited_for(here, mocker, size):
    with open("file", "wb") as file:
        file.truncate(size)
    status = os.stat("file")
    os.mkfifo("Dockerfile")
    writer = os.open("Dockerfile", os.O_RDWR)
    mocker.patch("os.stat", return_value=status)
    try:
        assert read_source(Found("Dockerfile", "dockerfile", True, ".")).text == ""
    finally:
        os.close(writer)


def test_a_pipe_is_never_opened(here):
    os.mkfifo("Dockerfile")
    assert names() == ["Dockerfile"]
    assert read("Dockerfile").fatal
    assert read("Dockerfile", "yaml") is None
    assert "regular" in read("Dockerfile", "yaml", named=True).message


def test_a_device_is_never_opened(here):
    os.symlink(os.devnull, "Dockerfile")
    assert names() == ["Dockerfile"]
    assert "regular" in read("Dockerfile").message


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


@pytest.mark.parametrize("shift", range(-2, 20))
def test_the_name_is_found_across_every_border(here, shift):
    before = b"\n" * 3 + b"x" * (LARGEST + 1 - 3 - shift)
    with open("Dockerfile", "wb") as file:
        file.write(before + b"inveniosoftware/y\n" + b"x" * 10)
    assert read("Dockerfile").line == 4


def test_as_much_as_is_read(here):
    write("Dockerfile", text="x" * LARGEST)
    assert isinstance(read("Dockerfile"), Source)
    write("Dockerfile", text="x" * (LARGEST + 1))
    assert read("Dockerfile") is None


def test_a_large_file_with_nul_bytes_is_no_text(here):
    write("Dockerfile", text="\0" + large("inveniosoftware/y"))
    assert read("Dockerfile") is None
    assert "NUL" in read("Dockerfile", named=True).message


def test_a_file_without_end_is_not_searched_for_ever(here, monkeypatch):
    monkeypatch.setattr(files, "MOST_SEARCHED", 2 * LARGEST)
    write("Dockerfile", text="x" * 4 * LARGEST + "inveniosoftware/y\n")
    assert read("Dockerfile") is None


@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_source_or_a_problem(tmp_path_factory, data):
    path = str(tmp_path_factory.getbasetemp() / "any.Dockerfile")
    with open(path, "wb") as file:
        file.write(data)
    found = read(path, named=True)
    if isinstance(found, Source):
        assert found.to_bytes() == data
    else:
        assert "NUL" in found.message


_NAMES = st.sampled_from(
    ["a", ".git", ".github", ".x", "Dockerfile", "c.yml", ".invenio", "Pipfile", "b"]
)


@given(paths=st.lists(st.lists(_NAMES, min_size=1, max_size=4), max_size=12))
def test_a_folder_that_is_walked_and_one_that_is_looked_at_agree(
    tmp_path_factory, paths
):
    """The walk carries the project downwards; a named file's is looked for upwards."""
    root = tmp_path_factory.mktemp("walk")
    (root / ".git").mkdir()
    for parts in paths:
        with contextlib.suppress(OSError):  # A file in the place of a folder.
            root.joinpath(*parts[:-1]).mkdir(parents=True, exist_ok=True)
            root.joinpath(*parts).touch()
    for one in find_files((str(root),)):
        if one.kind != "folder" and os.path.isfile(one.path):
            place, end = find_project(os.path.dirname(one.path))
            # Without a marker it is the path's, whatever repository lies below that.
            nested = end != str(root) and not place.project
            assert one.project == (str(root) if nested else place.project or end)
