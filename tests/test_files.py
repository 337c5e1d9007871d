# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files are read, which folders entered, and to which project each belongs."""

import contextlib
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry import files
from invenio_cli_registry.files import (
    LARGEST,
    LOCKS,
    Found,
    Unreadable,
    default_path,
    drop_excluded,
    find_application,
    find_files,
    find_root,
    is_compose,
    kind_of,
    read_file,
    read_source,
)
from invenio_cli_registry.model import Problem, Source


@pytest.fixture
def here(tmp_path, monkeypatch):
    """Work in an empty folder that is a repository's root."""
    root = tmp_path / "root"
    root.mkdir()
    (root / ".git").mkdir()
    monkeypatch.chdir(root)
    return root


def write(*paths, text=None):
    for path in paths:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        default = "[cli]\n" if path.endswith(".invenio") else "FROM a\n"
        with open(path, "w") as file:
            file.write(default if text is None else text)


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
    return [*dict.fromkeys(one.project for one in find_files(paths or (".",)))]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Dockerfile", "dockerfile"),
        ("Dockerfile.base", "dockerfile"),
        ("C7.Dockerfile", "dockerfile"),
        ("Containerfile", "dockerfile"),
        ("docker-compose.yml", "yaml"),
        ("values.YAML", "yaml"),
        ("Dockerfile.dockerignore", ""),
        ("Dockerfile.md", ""),
        ("dockerfile.py", ""),
        ("Dockerfile.j2", "dockerfile"),
        (".#Dockerfile", ""),
        ("Makefile", ""),
    ],
)
def test_names(name, kind):
    assert kind_of(name) == kind


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("docker-compose.yml", True),
        ("docker-compose.full.yml", True),
        ("compose.yaml", True),
        ("Docker-Compose.YML", True),
        ("my-compose.yml", False),
        ("compose/values.yml", False),
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


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        pytest.param("a", ["b/Dockerfile", "c.yml"], id="folder"),
        pytest.param("*.yml", ["a/Dockerfile", "b/Dockerfile"], id="ending"),
        pytest.param("b/Dockerfile", ["a/Dockerfile", "c.yml"], id="path"),
        pytest.param("a/*", ["b/Dockerfile", "c.yml"], id="all-in-a-folder"),
        pytest.param("[ab]", ["c.yml"], id="characters"),
        pytest.param("a/**", ["b/Dockerfile", "c.yml"], id="all-below-twice"),
        pytest.param("**/a", ["b/Dockerfile", "c.yml"], id="anywhere"),
        pytest.param("**/b/**", ["a/Dockerfile", "c.yml"], id="anywhere-below"),
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
    assert marks == [("a/Dockerfile", True), ("a/x.yml", False)]


def test_the_names_of_files_are_kept(here):
    odd = ["Dockerfile\n", "Dockerfile\x1b[1m", "Dockerfile \udcff", "Dockerfile'é"]
    write(*odd)
    assert names() == sorted(odd)
    assert read(odd[2]).text == "FROM a\n"


def test_a_folder_of_a_virtual_environment_is_read_when_it_is_named(here):
    write("v/pyvenv.cfg", "v/Dockerfile", "v/w/pyvenv.cfg", "v/w/Dockerfile")
    assert names("v") == ["v/Dockerfile"]
    assert names("v/w") == ["v/w/Dockerfile"]


def test_a_path_that_is_not_there(here):
    (problem,) = find_files(("nope",))
    assert problem == Problem("nope", 0, problem.message, fatal=True)
    assert "no such file" in problem.message


RDM = '[packages]\ninvenio-app-rdm = "~=13.0.0"\n'
ANY = "[project]\ndependencies = ['invenio-app-rdm']\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Pipfile", RDM, ("RDM", True)),
        ("Pipfile", '[packages]\n"Invenio_App.ILS" = {version = "~=4.5"}\n', ("ILS", True)),
        ("Pipfile", "[packages.invenio-app-rdm]\ngit = 'u'\n", ("RDM", False)),
        ("Pipfile", "{% if x %}\n[packages]\ninvenio-app-rdm = {version = '*'}\n", ("RDM", False)),
        ("pyproject.toml", ANY, ("RDM", False)),
        ("pyproject.toml", "x = [\n  'invenio-app-rdm[s3]==13.0.0',\n]\n", ("RDM", True)),
        ("pyproject.toml", "[tool.poetry.dependencies]\ninvenio-app-rdm = '^13'\n", ("RDM", True)),
        ("setup.cfg", "[options]\ninstall_requires =\n    invenio-app-ils>=2\n", ("ILS", False)),
        ("requirements.pinned.txt", "invenio-app-rdm==12.0.1\n", ("RDM", True)),
        ("requirements.in", "invenio-app-rdm\n", ("RDM", False)),
        ("requirements.txt", "-e git+https://x/y@v1.0#egg=invenio-app-rdm\n", ("RDM", False)),
        # No dependency, or of another package.
        ("Pipfile", "# invenio-app-rdm = '*'\n", None),
        ("Pipfile", "[packages]\ninvenio-app-rdm-theme = '*'\n", None),
        ("Pipfile", "[packages]\nmy-invenio-app-rdm = '*'\n", None),
        ("pyproject.toml", "[project]\ndescription = 'invenio-app-rdm'\n", None),
        ("pyproject.toml", "[project]\nkeywords = ['invenio-app-rdm']\n", None),
        ("pyproject.toml", "[project]\nx = 'A module for invenio-app-rdm'\n", None),
        ("pyproject.toml", "[project]\nx = 'https://x.org/invenio-app-rdm'\n", None),
        ("requirements.txt", "flask # invenio-app-rdm\n", None),
        ("readme.txt", "invenio-app-rdm\n", None),
        # The application's own repository.
        ("pyproject.toml", "[project]\nname = 'Invenio-App-RDM'\ndependencies = ['invenio-app-rdm[x]']\n", None),
        ("setup.cfg", "[metadata]\nname = invenio-app-ils\n[options]\ninvenio-app-rdm\n", None),
    ],
)  # fmt: skip
def test_what_depends_on_an_application(here, name, text, expected):
    texts = {"setup.py": "", **dict.fromkeys(LOCKS.values(), ""), name: text}
    assert find_application([name, "Dockerfile"], texts.__getitem__) == expected


def test_a_lock_next_to_a_manifest_names_the_application():
    texts = {"uv.lock": '[[package]]\nname = "invenio-app-rdm"\n'}

    def find():
        return find_application(texts, lambda name: texts.get(name, ""))

    assert find() is None
    texts["pyproject.toml"] = "[project]\nname = 'x'\n"
    assert find() == ("RDM", False)
    texts["setup.py"] = "setup(\n    name='invenio-app-rdm',\n)\n"
    assert find() is None


def test_an_instance_is_what_depends_on_the_application(here):
    write("a/Pipfile", text=RDM)
    write("b/pyproject.toml", text=ANY)
    write("c/.invenio", "a/Dockerfile", "b/x/Dockerfile", "c/y/Dockerfile")
    for number in range(25):
        write(f"libs/{number}/pyproject.toml", text="[project]\nname = 'x'\n")
    write("libs/1/Dockerfile", "Dockerfile")
    assert found() == [
        ("Dockerfile", "."),
        ("a/Dockerfile", "a"),
        ("b/x/Dockerfile", "b"),
        ("c/y/Dockerfile", "c"),
        ("libs/1/Dockerfile", "."),
    ]
    assert projects() == [".", "a", "b", "c"]


@pytest.mark.parametrize(
    ("name", "text", "inside"),
    [
        ("s/site/pyproject.toml", RDM, False),
        ("s/packages/x/pyproject.toml", ANY, False),
        ("s/docker/app/requirements.txt", "invenio-app-rdm==13.0.0\n", False),
        ("s/themes/x/pyproject.toml", "[project]\ndependencies = ['invenio-app-rdm==13.0.0']\n", True),
        ("s/old/Pipfile", RDM, True),
        ("s/n/.invenio", "[cli]\n", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("outer", [(".invenio", "[cli]\n"), ("Pipfile", RDM)])
def test_an_instance_inside_of_another(here, outer, name, text, inside):
    folder = os.path.dirname(name)
    write(f"s/{outer[0]}", text=outer[1])
    write(name, text=text)
    write(f"{folder}/Dockerfile")
    assert found() == [(f"{folder}/Dockerfile", folder if inside else "s")]
    assert found(folder) == found()
    assert projects() == (["s", folder] if inside else ["s"])


def test_a_folder_with_settings_only_is_no_instance(here):
    write(".invenio", text="[registry]\npreflight = off\n")
    write("a/.invenio", text="[cli]\n[registry]\n")
    write("Dockerfile", "a/Dockerfile", "s/Dockerfile")
    write("s/Pipfile", text="[packages]\ninvenio-app-rdm = '*'\n")
    assert [project for _, project in found()] == [".", "a", "s"]
    assert projects() == [".", "a", "s"]


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        ([], ["s/Dockerfile", "s/x.yml", "s/old/a/Dockerfile"]),
        (["s/old"], ["s/Dockerfile", "s/x.yml"]),
        (["old", "*.yml"], ["s/Dockerfile"]),
        (["s"], ["s/Dockerfile", "s/x.yml", "s/old/a/Dockerfile"]),
    ],
)
def test_files_that_an_instance_excludes(here, exclude, left):
    write("s/.invenio", "s/Dockerfile", "s/old/a/Dockerfile", "s/x.yml")
    files = [one for one in find_files((".",)) if one.kind != "folder"]
    assert [one.path for one in drop_excluded(files, exclude)] == left
    named = [*find_files(("s/x.yml",))]
    assert drop_excluded(named, ["*"]) == named


def test_requirements_of_a_build_make_an_instance_of_the_folder_around(
    here, monkeypatch
):
    write("a/docker/app/requirements.txt", text="invenio-app-rdm==12.0.1\n")
    write("a/docker/app/Dockerfile", "a/docker-compose.yml", "docker/x/requirements.txt")  # fmt: skip
    assert {project for _, project in found()} == {"a"}
    assert {project for _, project in found("a/docker/app")} == {"a"}
    monkeypatch.chdir("a/docker")
    assert default_path() == ".."


def test_every_repository_is_a_boundary(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number in range(9):
        write(f"c{number}/.git/HEAD", f"c{number}/Dockerfile")
    write("c1/.invenio", "c2/m/.git", "c2/m/Dockerfile", "c2/m/p/Dockerfile", "c3/x/.invenio")  # fmt: skip
    write("c4/e/.git")
    assert projects() == [
        *(f"c{number}" for number in range(3)), "c2/m", "c3", "c3/x",
        *(f"c{number}" for number in range(4, 9)),
    ]  # fmt: skip
    assert dict(found())["c2/m/p/Dockerfile"] == "c2/m"
    assert dict(found("c2/m/p"))["c2/m/p/Dockerfile"] == "c2/m/p"
    assert dict(found("c2/m/p/Dockerfile"))["c2/m/p/Dockerfile"] == "c2/m"
    assert find_root("c2/m/p") == str(tmp_path / "c2/m")
    assert find_root(str(tmp_path)) == str(tmp_path)


def test_without_an_instance_the_path_is_the_project(here, monkeypatch):
    write("a/b/Dockerfile", "c/x")
    assert found("a") == [("a/b/Dockerfile", "a")]
    assert (projects("a"), projects("c")) == (["a"], [])
    assert found("a/b/Dockerfile") == [("a/b/Dockerfile", ".")]
    monkeypatch.chdir("a")
    assert found("b/Dockerfile") == [("b/Dockerfile", "..")]


def test_a_path_below_an_instance_belongs_to_it(here, monkeypatch):
    write("s/.invenio", "s/docker/Dockerfile", "t/x", "x/a/Dockerfile")
    os.symlink("../x", "s/link")
    assert found("s/docker") == [("s/docker/Dockerfile", "s")]
    assert found("s/link/a") == [("s/link/a/Dockerfile", "s")]
    assert projects("s/docker") == ["s"]
    monkeypatch.chdir("t")
    assert found("../s/docker/Dockerfile") == [("../s/docker/Dockerfile", "../s")]
    assert found(str(here / "s/docker"))[0][1] == str(here / "s")
    monkeypatch.chdir("../s/docker")
    assert found() == [("Dockerfile", "..")]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [(".", "."), ("s", "."), ("s/docker", ".."), ("s/docker/a", "../.."), ("s/site", ".."), ("s/n", "."), ("t", ".")],
)  # fmt: skip
def test_the_default_is_the_instance_that_contains_the_current_folder(
    here, monkeypatch, folder, expected
):
    write("s/Pipfile", text=RDM)
    write("s/site/pyproject.toml", text=RDM)
    write("s/docker/a/x", "s/n/.git", "t/x")
    monkeypatch.chdir(folder)
    assert default_path() == expected


@pytest.mark.parametrize(
    ("home", "expected"),
    [
        pytest.param("h/a", ".", id="the home directory is the last"),
        pytest.param("h", "..", id="up to the home directory"),
        pytest.param("h/other", ".", id="never above one"),
        pytest.param("elsewhere", "..", id="home is elsewhere"),
    ],
)
def test_without_a_repository_the_search_ends_at_home(
    tmp_path, monkeypatch, home, expected
):
    for name in ("h/a/docker", "h/other", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.setenv("HOME", str(tmp_path / home))
    monkeypatch.chdir(tmp_path / "h/a")
    write("../.invenio")
    assert default_path() == expected


def test_a_folder_of_another_user_is_none_of_ours(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(".invenio", "a/x")
    monkeypatch.chdir("a")
    assert default_path() == ".."
    monkeypatch.setattr(files, "_owner", lambda folder: len(folder))
    assert default_path() == "."


def test_a_marker_may_be_a_link_and_is_no_folder(here):
    write("x", "a/Dockerfile", "b/.invenio/x", "b/Pipfile/x", "b/Dockerfile")
    write("y", text=RDM)
    os.symlink("../y", "a/Pipfile")
    os.symlink("nowhere", "Pipfile")
    assert found() == [("a/Dockerfile", "a"), ("b/Dockerfile", ".")]


@pytest.mark.parametrize("reason", ["Permission denied", "File name too long"])
def test_a_folder_that_cannot_be_read_is_told(here, monkeypatch, reason):
    write("a/Dockerfile", "b/Dockerfile")
    real = os.scandir

    def scandir(path):
        if path == "a":
            raise OSError(13, reason)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    problem, file = find_files((".",))
    assert problem == Problem("a", 0, f"{reason}: the folder was not read", fatal=True)
    assert file.path == "b/Dockerfile"
    assert [*find_files(("a",))] == [problem]
    assert [one.path for one in find_files((".",), ["a"])] == ["b/Dockerfile"]


def read(path, kind="dockerfile", named=False):
    return read_source(Found(path, kind, named, "."))


@pytest.mark.parametrize("named", [False, True], ids=["found", "named"])
@pytest.mark.parametrize("wanted", [False, True], ids=["not wanted", "wanted"])
def test_what_is_named_is_read_whatever_is_in_it(here, named, wanted):
    write("Dockerfile", text="FROM a\n")
    found = Found("Dockerfile", "dockerfile", named, ".")
    source = read_source(found, lambda data: wanted or data != b"FROM a\n")
    assert bool(source) is (named or wanted)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-be"])  # fmt: skip
def test_other_encodings_than_utf8_are_refused(here, encoding):
    mark = "\ufeff" if encoding.endswith("e") else ""
    for name in ("Dockerfile", "x.yml"):
        with open(name, "wb") as file:
            file.write(f"{mark}FROM a\n".encode(encoding))
    message = "it is not UTF-8: save it as UTF-8"
    assert read("Dockerfile") == Problem("Dockerfile", 0, message, fatal=True)
    assert read("x.yml", "yaml") == Problem("x.yml", 0, message, fatal=False)


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
    monkeypatch.setattr(os, "open", refuse)
    message = "Permission denied: it was not read"
    assert read(path, kind, named) == Problem(path, 0, message, fatal)


@pytest.mark.parametrize(
    ("kind", "named", "fatal"),
    [("dockerfile", False, True), ("yaml", False, False), ("yaml", True, True)],
)
def test_nul_bytes_are_no_text(here, kind, named, fatal):
    write("x", text="FROM a\0\n")
    message = "it contains NUL bytes, so it is not text"
    assert read("x", kind, named) == Problem("x", 0, message, fatal)


def test_a_link_to_nothing(here):
    for name in ("x", "x.yml", "compose.yml"):
        os.symlink("nowhere", name)
    assert read("x").fatal
    assert read("compose.yml", "yaml").fatal
    assert not read("x.yml", "yaml").fatal
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
    assert not read("Dockerfile", "yaml").fatal
    assert "regular" in read("Dockerfile", "yaml", named=True).message


def large(text):
    """Return more than is read, with a text across the border of what is."""
    return "\n" + "x" * (LARGEST - 5) + text + "x" * LARGEST


@pytest.mark.parametrize(
    ("name", "text", "line", "fatal"),
    [
        pytest.param("x.yml", large("inveniosoftware/y"), 2, False, id="names an image"),
        pytest.param("Dockerfile", large("inveniosoftware/y"), 2, True, id="Dockerfile"),
        pytest.param("Dockerfile", large("nothing"), 0, True, id="Dockerfile, no image"),
        pytest.param("x.yml", "\n" * (2 * LARGEST + 7) + "inveniosoftware/y", 2 * LARGEST + 8, False, id="far behind"),
    ],
)  # fmt: skip
def test_a_file_that_is_too_large(here, name, text, line, fatal):
    write(name, text=text)
    said = "larger than 1 MiB, so it was not read"
    said += "; this line names an image" if line else ""
    assert read(name, kind_of(name)) == Problem(name, line, said, fatal)


def test_as_much_as_is_read(here):
    write("x.yml", text="x" * LARGEST)
    assert isinstance(read("x.yml", "yaml"), Source)
    write("x.yml", text="x" * (LARGEST + 1))
    assert read("x.yml", "yaml") is None
    assert read("x.yml", "yaml", named=True).fatal


@given(data=st.binary(max_size=200))
def test_any_bytes_are_a_source_or_a_problem(tmp_path_factory, data):
    path = str(tmp_path_factory.getbasetemp() / "any.Dockerfile")
    with open(path, "wb") as file:
        file.write(data)
    found = read(path, named=True)
    if isinstance(found, Source):
        assert found.to_bytes() == data
    else:
        assert "NUL" in found.message or "UTF" in found.message


_NAMES = st.sampled_from(
    ["a", ".git", ".github", ".x", "Dockerfile", "c.yml", ".invenio", "site", "b"]
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
        if isinstance(one, Found) and one.kind != "folder" and os.path.isfile(one.path):
            (named,) = find_files((one.path,))
            assert one.project == named.project


@pytest.mark.parametrize("size", [0, 3, 7, 100])
def test_a_file_that_grows_or_shrinks_meanwhile_is_read_to_its_end(here, mocker, size):
    write("x.yml", text="a: bcde")
    status = os.stat_result((0o100644, 0, 0, 1, 0, 0, size, 0, 0, 0))
    mocker.patch("os.stat", return_value=status)
    assert read("x.yml", "yaml").text == "a: bcde"
    assert read_file("x.yml", limit=7).text == "a: bcde"
    with pytest.raises(Unreadable, match="larger than"):
        read_file("x.yml", limit=6)
