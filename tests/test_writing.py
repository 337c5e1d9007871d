# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is written, kept and refused; what is said about getting files back works."""

import errno
import os
import stat
import subprocess
from pathlib import Path
from unittest.mock import Mock

import pytest

from invenio_cli_registry.model import Change
from invenio_cli_registry.terminal import Refused, RegistryError
from invenio_cli_registry.writing import (
    is_clean,
    undo_lines,
    write_changes,
    write_report,
)

OLD = {"Dockerfile": b"FROM a/b:1\r\n", "Pipfile": b"\xef\xbb\xbfx", "z/c.yml": b"\xff"}
NEW = {"Dockerfile": b"FROM h.org/b\r\n", "Pipfile": b"\xef\xbb\xbf", "z/c.yml": b"z"}


@pytest.fixture
def root(tmp_path, monkeypatch):
    folder = make_old(tmp_path / "site")
    monkeypatch.chdir(folder)
    return folder


def make_old(folder):
    """Write the old files, also over the new ones."""
    for name, data in OLD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def changes(root):
    return [Change(str(root / name), OLD[name], NEW[name]) for name in OLD]


def bytes_of(root):
    """Return every file below a folder, left-overs included."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def assert_refused(root, says):
    before = bytes_of(root)
    with pytest.raises(Refused) as error:
        write_changes(root, changes(root))
    assert says in str(error.value)
    assert str(error.value).endswith("; nothing was written")
    assert bytes_of(root) == before


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664], ids=oct)
def test_every_file_is_written_and_its_mode_is_kept(root, mode):
    (root / "Dockerfile").chmod(mode)
    # Through a link to the project, and a path from the current folder.
    (root.parent / "link").symlink_to("site")
    paths = ["Dockerfile", "../link/Pipfile", "z/../z/c.yml"]
    write_changes(
        root.parent / "link",
        [Change(path, *one[1:]) for path, one in zip(paths, changes(root))],
    )
    assert bytes_of(root) == NEW
    assert stat.S_IMODE((root / "Dockerfile").stat().st_mode) == mode


#: An access control list as Linux keeps it: the owner rw, user 4242 r, group r, others -.
ACL = bytes.fromhex(
    "02000000 01000600ffffffff 0200040092100000 04000400ffffffff"
    "10000400ffffffff 20000000ffffffff"
)


def attribute(path, name, value):
    try:
        os.setxattr(path, name, value)
    except (AttributeError, OSError) as error:
        pytest.skip(f"no {name} here: {error}")


def test_extended_attributes_are_kept(root):
    attribute(root / "Dockerfile", "user.note", b"\0x")
    attribute(root / "Dockerfile", "system.posix_acl_access", ACL)
    # What the folder gives to new files is not added.
    attribute(root / "z", "system.posix_acl_default", ACL)
    write_changes(root, changes(root))
    assert bytes_of(root) == NEW
    assert os.getxattr("Dockerfile", "user.note") == b"\0x"
    assert os.getxattr("Dockerfile", "system.posix_acl_access") == ACL
    assert os.listxattr("z/c.yml") == []


@pytest.mark.parametrize("call", ["setxattr", "listxattr", "fchown", "fchmod"])
def test_what_cannot_be_kept_refuses_the_file(root, monkeypatch, call):
    attribute(root / "Dockerfile", "user.note", b"x")
    error = PermissionError(errno.EPERM, "Operation not permitted")
    monkeypatch.setattr(os, call, Mock(side_effect=error))
    assert_refused(root, "its owner, mode or extended attributes cannot be kept")


def test_a_file_system_without_attributes_is_written_all_the_same(root, monkeypatch):
    error = OSError(errno.ENOTSUP, "Operation not supported")
    monkeypatch.setattr(os, "listxattr", Mock(side_effect=error), raising=False)
    write_changes(root, changes(root))
    assert bytes_of(root) == NEW


def test_a_link_alongside_its_target_is_the_same_change(root):
    (root / "z/Dockerfile").symlink_to("../Dockerfile")
    file = changes(root)[0]
    write_changes(root, [file._replace(path="z/Dockerfile"), file])
    assert os.readlink("z/Dockerfile") == "../Dockerfile"
    new = NEW["Dockerfile"]
    assert bytes_of(root) == {**OLD, "Dockerfile": new, "z/Dockerfile": new}


def move(target):
    """Return what puts the Dockerfile elsewhere, and a link to it in its place."""

    def make(path):
        (path.parent / target).parent.mkdir(exist_ok=True)
        path.rename(path.parent / target)
        path.symlink_to(target)

    return make


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (move("../site2/Dockerfile"), "outside the project"),
        (move(".git/config"), "below .git"),
        (move(".invenio"), "a link to .invenio"),
        (move("PyProject.toml"), "a link to PyProject.toml"),
        (lambda path: os.link(path, "Other"), "it has a second name"),
        (lambda path: path.chmod(0o444), "read-only"),
        (lambda path: (path.parent / "z").chmod(0o555), "folder is read-only"),
        (lambda path: path.write_bytes(b"another"), "changed since it was read"),
        (lambda path: path.unlink(), "No such file"),
        (lambda path: (path.unlink(), os.mkfifo(path)), "no regular file"),
        (lambda path: (path.unlink(), path.symlink_to(path)), "no regular file"),
    ],
)
def test_a_file_that_must_not_be_replaced(root, spoil, says):
    spoil(root / "Dockerfile")
    assert_refused(root, says)
    (root / "z").chmod(0o755)


# --output


def test_a_report_is_written_for_others_to_read_and_keeps_its_mode(root):
    before = os.umask(0o022)
    try:
        write_report("z/report.json", "ü\udcff\n", OLD)
    finally:
        os.umask(before)
    assert bytes_of(root) == {**OLD, "z/report.json": b"\xc3\xbc\xff\n"}
    assert stat.S_IMODE(os.stat("z/report.json").st_mode) == 0o644
    os.chmod("z/report.json", 0o640)
    write_report("z/report.json", "new", OLD)
    assert bytes_of(root) == {**OLD, "z/report.json": b"new"}
    assert stat.S_IMODE(os.stat("z/report.json").st_mode) == 0o640


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile", "./z/../Dockerfile", "Pipfile", "pipfile.LOCK", ".invenio"),
        *("requirements.pinned.txt", "new.yml", "z/pyproject.toml", "named", "hard"),
        *("link", "elsewhere", "nowhere", ".git/report", "to-git/report", "no/report"),
        *("Dockerfile/report", "r" * 300, "."),
    ],
)
def test_what_no_report_is_written_to(root, name):
    Path("named").write_text("FROM a\n")
    Path(".git").mkdir()
    Path("../other").write_text("theirs")
    os.link("named", "hard")
    links = {"link": "Dockerfile", "elsewhere": "../other", "nowhere": "new"}
    for link, target in {**links, "to-git": ".git"}.items():
        Path(link).symlink_to(target)
    before = bytes_of(root.parent)
    with pytest.raises(RegistryError) as error:
        write_report(name, "report", [*OLD, "named", "gone"])
    assert error.value.exit_code == 2
    assert str(error.value).startswith(f"{name}: ")
    assert str(error.value).endswith("; name another file for --output")
    assert bytes_of(root.parent) == before


def test_a_pipe_or_a_device_is_written_to(root):
    os.mkfifo("pipe")
    Path("to-the-pipe").symlink_to("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    for name in ("pipe", "to-the-pipe", os.devnull):
        write_report(name, "report", OLD)
        assert name == os.devnull or os.read(reader, 100) == b"report"
    os.close(reader)


# Getting files back

BY_HAND = "restore the lines marked - above"
HUB = b"FROM inveniosoftware/centos8-python:3.8\n"


def git(*args):
    user = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    allow = ("-c", "protocol.file.allow=always")
    subprocess.run(["git", *user, *allow, *args], check=True, capture_output=True)


def commit(folder, **files):
    for name, data in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
    git("-C", str(folder), "add", "-f", ".")
    git("-C", str(folder), "commit", "-qm", "x")


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A repository with some files, which is the current folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    git("init", "-q", str(tmp_path / "site"))
    monkeypatch.chdir(tmp_path / "site")
    files = {"Dockerfile": HUB, "docker/my file": HUB, "-": HUB, "ü": HUB}
    commit(tmp_path / "site", **files)
    return tmp_path / "site"


@pytest.mark.parametrize(
    ("start", "paths", "lines"),
    [
        (".", ["Dockerfile", "docker/my file"], ["Dockerfile 'docker/my file'"]),
        (".", ["-", "ü"], ["- 'ü'"]),
        ("docker", ["my file", "../Dockerfile"], ["'my file' ../Dockerfile"]),
        ("..", ["site/docker/my file"], ["-C site 'docker/my file'"]),
        (".", ["Dockerfile", "t/Dockerfile"], ["Dockerfile", "-C t Dockerfile"]),
    ],
    ids=["two", "odd names", "a folder", "from outside", "a submodule"],
)
def test_what_is_committed_is_given_back(site, monkeypatch, start, paths, lines):
    if "t/Dockerfile" in paths:
        git("init", "-q", "../t")
        commit(site.parent / "t", Dockerfile=HUB)
        git("submodule", "add", "-q", str(site.parent / "t"), "t")
    monkeypatch.chdir(start)
    told = undo_lines(paths)
    assert [
        line.replace("git ", "").replace("checkout -- ", "") for line in told
    ] == lines
    for path in paths:
        Path(path).write_bytes(b"FROM h.org/x\n")
    for line in told:
        subprocess.run(line, shell=True, check=True)
    assert {Path(path).read_bytes() for path in paths} == {HUB}


@pytest.mark.parametrize("convert", ["true", "input"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
def test_line_ends_that_git_converts(site, convert, end):
    git("config", "core.autocrlf", convert)
    git("config", "core.safecrlf", "false")
    commit(site, Converted=HUB.replace(b"\n", end))
    assert is_clean("Converted") is ((convert == "true") == (end == b"\r\n"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: Path("Dockerfile").write_bytes(HUB + b"# mine\n"),
        lambda: git("rm", "-q", "--cached", "Dockerfile"),
        lambda: (move("real")(Path.cwd() / "Dockerfile"), commit(Path.cwd())),
        lambda: Path(".git/HEAD").unlink(),
        lambda: git("config", "filter.a.b=c.clean", "cat"),
        lambda: os.environ.update(PATH=str(Path.cwd())),
    ],
    ids=["changed", "not known", "a link", "broken", "a filter's name", "no git"],
)
def test_what_git_does_not_give_back_is_restored_by_hand(site, monkeypatch, spoil):
    monkeypatch.setenv("PATH", os.environ["PATH"])
    spoil()
    assert undo_lines(["Dockerfile"]) == (BY_HAND,)


@pytest.mark.parametrize("name", ["*", "[a]", "a?", "a\\b", ":(top)a"])
def test_what_git_takes_for_a_pattern_is_restored_by_hand(site, name):
    commit(site, **{name: HUB})
    told = ("git checkout -- Dockerfile", f"{BY_HAND} in {name}")
    assert undo_lines(["Dockerfile", name]) == told


def test_where_there_is_no_repository(root):
    assert undo_lines(["Dockerfile"]) == (f"{BY_HAND} (not a git repository)",)


@pytest.mark.parametrize("key", ["clean", "smudge", "process"])
def test_no_program_of_the_repository_is_run(site, key):
    """A repository that was unpacked, not cloned: git reads the file to tell."""
    script = f"sh -c 'touch {site}/ran; cat'"
    Path(".gitattributes").write_text("* filter=evil\n")
    git("config", "core.fsmonitor", script)
    git("config", f"filter.evil.{key}", script)
    git("config", "filter.evil.required", "true")
    os.utime("Dockerfile", (1, 1))
    assert is_clean("Dockerfile")
    assert not Path("ran").exists()
