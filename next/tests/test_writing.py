# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The two-phase write and the file of ``--output``: what is written, kept and refused."""

import errno
import fcntl
import os
import stat

import pytest

from invenio_cli_registry.errors import Refused, RegistryError
from invenio_cli_registry.model import Change
from invenio_cli_registry.writing import write_changes, write_report

OLD = {"Dockerfile": b"FROM a/b:1\r\n", "Pipfile": b"\xef\xbb\xbfx", "z/c.yml": b"\xff"}
NEW = {
    "Dockerfile": b"FROM h.org/a/b:1\r\n",
    "Pipfile": b"\xef\xbb\xbf",
    "z/c.yml": b"z",
}


@pytest.fixture
def root(tmp_path):
    return make_old(tmp_path / "site")


def make_old(folder):
    """Write the old files, also over the new ones."""
    for name, data in OLD.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def changes(root, names=OLD):
    return [Change(str(root / name), OLD[name], NEW[name]) for name in names]


def bytes_of(root):
    """Return every file below a folder, left-overs included."""
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def assert_refused(root, items, says):
    before = bytes_of(root)
    with pytest.raises(Refused) as error:
        write_changes(root, items)
    assert says in str(error.value)
    assert error.value.exit_code == 1
    assert bytes_of(root) == before


def test_every_file_is_written(root):
    write_changes(root, changes(root))
    assert bytes_of(root) == NEW


def test_a_path_is_taken_from_the_current_folder(root, monkeypatch):
    monkeypatch.chdir(root / "z")
    write_changes(root, [Change("c.yml", OLD["z/c.yml"], NEW["z/c.yml"])])
    assert bytes_of(root) == {**OLD, "z/c.yml": NEW["z/c.yml"]}


# What is kept


@pytest.mark.parametrize("umask", [0o022, 0o077], ids=oct)
@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o4711, 0o664], ids=oct)
def test_the_mode_is_kept(root, mode, umask):
    path = root / "Dockerfile"
    path.chmod(mode)
    before = os.umask(umask)
    try:
        write_changes(root, changes(root))
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


#: An access control list as Linux keeps it: the owner rw, user 4242 r, group r, others -.
ACL = b"\x02\0\0\0" + b"".join(
    tag.to_bytes(2, "little") + bits.to_bytes(2, "little") + who.to_bytes(4, "little")
    for tag, bits, who in [
        (1, 6, 0xFFFFFFFF),
        (2, 4, 4242),
        (4, 4, 0xFFFFFFFF),
        (16, 4, 0xFFFFFFFF),
        (32, 0, 0xFFFFFFFF),
    ]
)


def attribute(path, name, value):
    """Set an extended attribute, or skip the test where there are none."""
    try:
        os.setxattr(path, name, value)
    except (AttributeError, OSError) as error:
        pytest.skip(f"no {name} here: {error}")


@pytest.mark.parametrize(
    ("name", "value"),
    [("user.note", b"\0x"), ("system.posix_acl_access", ACL)],
    ids=["attribute", "ACL"],
)
def test_extended_attributes_are_kept(root, name, value):
    attribute(root / "Dockerfile", name, value)
    mode = (root / "Dockerfile").stat().st_mode
    write_changes(root, changes(root))
    assert bytes_of(root) == NEW
    assert os.getxattr(root / "Dockerfile", name) == value
    assert (root / "Dockerfile").stat().st_mode == mode


def test_a_list_that_the_folder_gives_to_new_files_is_not_added(root):
    attribute(root, "system.posix_acl_default", ACL)
    write_changes(root, changes(root))
    assert os.listxattr(root / "Dockerfile") == []


@pytest.mark.parametrize("call", ["setxattr", "listxattr"])
def test_attributes_that_cannot_be_kept_refuse_the_file(root, monkeypatch, call):
    def refuse(*args):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    attribute(root / "Dockerfile", "user.note", b"x")
    monkeypatch.setattr(os, call, refuse)
    assert_refused(root, changes(root), "Dockerfile: ")


def test_a_file_system_without_attributes_is_written_all_the_same(root, monkeypatch):
    def refuse(*args):
        raise OSError(errno.ENOTSUP, "Operation not supported")

    monkeypatch.setattr(os, "listxattr", refuse, raising=False)
    write_changes(root, changes(root))
    assert bytes_of(root) == NEW


@pytest.fixture
def new_files_of_another(monkeypatch):
    """New files belong to somebody else, as when root runs it for the owner."""
    original = os.fstat

    def fstat(handle):
        found = list(original(handle))
        found[stat.ST_UID] = 4242
        return os.stat_result(found)

    monkeypatch.setattr(os, "fstat", fstat)


@pytest.mark.usefixtures("new_files_of_another")
def test_an_owner_that_cannot_be_kept_is_refused(root, monkeypatch):
    def refuse(*args):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fchown", refuse)
    assert_refused(root, changes(root), "cannot be kept; nothing was written")


@pytest.mark.usefixtures("new_files_of_another")
def test_the_owner_is_kept(root, monkeypatch):
    asked = []
    monkeypatch.setattr(os, "fchown", lambda handle, *owner: asked.append(owner))
    write_changes(root, changes(root, ["Pipfile"]))
    found = (root / "Pipfile").stat()
    assert asked == [(found.st_uid, found.st_gid)]


# Links


def test_a_link_stays_a_link(root):
    (root / "Containerfile").symlink_to("z/../Dockerfile")
    item = Change(str(root / "Containerfile"), OLD["Dockerfile"], NEW["Dockerfile"])
    write_changes(root, [item])
    assert os.readlink(root / "Containerfile") == "z/../Dockerfile"
    assert (root / "Dockerfile").read_bytes() == NEW["Dockerfile"]


def linked(root, new=NEW["Dockerfile"]):
    """Return the change of a file, and that of a link to it."""
    (root / "z/Dockerfile").symlink_to("../Dockerfile")
    link = Change(str(root / "z/Dockerfile"), OLD["Dockerfile"], new)
    return [*changes(root, ["Dockerfile"]), link]


def test_a_link_alongside_its_target_is_the_same_change(root):
    write_changes(root, linked(root))
    assert (root / "z/Dockerfile").is_symlink()
    new = NEW["Dockerfile"]
    assert bytes_of(root) == {**OLD, "Dockerfile": new, "z/Dockerfile": new}


def test_the_project_may_be_reached_through_a_link(root):
    link = root.parent / "link"
    link.symlink_to("site")
    write_changes(link, changes(link))
    assert bytes_of(root) == NEW


# What is refused


def link_out(root):
    (root.parent / "outside").write_bytes(OLD["Dockerfile"])
    (root / "Dockerfile").unlink()
    (root / "Dockerfile").symlink_to("../outside")


def link_to_a_longer_name(root):
    (root.parent / "site2").mkdir()
    (root.parent / "site2/Dockerfile").write_bytes(OLD["Dockerfile"])
    (root / "Dockerfile").unlink()
    (root / "Dockerfile").symlink_to("../site2/Dockerfile")


def link_to(name):
    def make(root):
        (root / name).parent.mkdir(exist_ok=True)
        (root / "Dockerfile").rename(root / name)
        (root / "Dockerfile").symlink_to(name)

    return make


def replace_with(make):
    def replace(root):
        (root / "Dockerfile").unlink()
        make(root / "Dockerfile")

    return replace


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(link_out, "outside the project", id="a link out"),
        pytest.param(link_to_a_longer_name, "outside the", id="a longer name"),
        pytest.param(link_to(".git/config"), "below .git", id="git"),
        pytest.param(link_to(".GIT/hook"), "below .git", id="git in capitals"),
        pytest.param(link_to(".invenio"), "of the instance", id=".invenio"),
        pytest.param(link_to("uv.lock"), "of the instance", id="a lock file"),
        pytest.param(link_to("PyProject.toml"), "of the instance", id="a manifest"),
        pytest.param(
            lambda root: os.link(root / "Dockerfile", root / "Other"),
            "it has a second name",
            id="a hard link",
        ),
        pytest.param(
            lambda root: (root / "Dockerfile").chmod(0o444), "read-only", id="read-only"
        ),
        pytest.param(
            lambda root: (root / "Dockerfile").write_bytes(b"another hand"),
            "it has changed since it was read",
            id="changed meanwhile",
        ),
        pytest.param(
            lambda root: (root / "Dockerfile").unlink(), "No such file", id="gone"
        ),
        pytest.param(
            replace_with(lambda path: path.mkdir()), "no regular file", id="a folder"
        ),
        pytest.param(replace_with(os.mkfifo), "no regular file", id="a pipe"),
        pytest.param(
            replace_with(lambda path: path.symlink_to(path.name)),
            "Too many levels",
            id="a loop",
        ),
    ],
)
def test_a_file_that_must_not_be_replaced(root, spoil, says):
    spoil(root)
    items = changes(root, ["Pipfile", "Dockerfile", "z/c.yml"])
    assert_refused(root, items, f"{root / 'Dockerfile'}: ")
    assert_refused(root, items, says)


def test_names_of_one_file_that_would_become_different_texts(root):
    assert_refused(root, linked(root, b"FROM other\n"), "z/Dockerfile: it is ")


def test_a_read_only_folder_is_refused(root):
    (root / "z").chmod(0o555)
    try:
        assert_refused(root, changes(root), "c.yml: its folder is read-only")
    finally:
        (root / "z").chmod(0o755)


def test_a_second_run_is_told_that_one_is_writing(root):
    holder = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(holder, fcntl.LOCK_EX)
        assert_refused(root, changes(root), "another migrate is writing here")
    finally:
        os.close(holder)
    write_changes(root, changes(root))
    assert bytes_of(root) == NEW


def test_a_file_system_without_locks_is_written_all_the_same(root, monkeypatch):
    def refuse(*args):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    write_changes(root, changes(root))
    assert bytes_of(root) == NEW


# --output


@pytest.fixture
def here(root, monkeypatch):
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("name", ["report", "z/report.json", "gl-code-quality.json"])
def test_a_report_is_written_for_others_to_read(here, name):
    before = os.umask(0o022)
    try:
        write_report(name, "ü\udcff\n", OLD)
    finally:
        os.umask(before)
    assert bytes_of(here) == {**OLD, name: b"\xc3\xbc\xff\n"}
    assert stat.S_IMODE((here / name).stat().st_mode) == 0o644


def test_a_report_is_replaced_and_keeps_its_mode(here):
    (here / "report").write_text("old")
    (here / "report").chmod(0o640)
    write_report("report", "new", OLD)
    assert bytes_of(here) == {**OLD, "report": b"new"}
    assert stat.S_IMODE((here / "report").stat().st_mode) == 0o640


@pytest.mark.parametrize(
    "name",
    [
        *("Dockerfile", "./z/../Dockerfile", "Pipfile", "pipfile.LOCK", ".invenio"),
        pytest.param("requirements.pinned.txt", id="requirements"),
        pytest.param("new.yml", id="a new file that the next check would read"),
        pytest.param("z/pyproject.toml", id="of another instance"),
        pytest.param("named", id="a file that was named"),
        pytest.param("hard", id="a second name of a file"),
        pytest.param("link", id="a link to a file"),
        pytest.param("elsewhere", id="a link out of the instance"),
        pytest.param("nowhere", id="a link that leads nowhere"),
        pytest.param(".git/report", id="below .git"),
        pytest.param("to-git/report", id="below .git through a link"),
        pytest.param("no/report", id="No such file or directory"),
        pytest.param("Dockerfile/report", id="Not a directory"),
        pytest.param("r" * 300, id="File name too long"),
        pytest.param(".", id="Is a directory"),
    ],
)
def test_what_no_report_is_written_to(here, name, request):
    (here / "named").write_text("FROM a\n")
    (here / ".git").mkdir()
    (here / "to-git").symlink_to(".git")
    (here.parent / "other").write_text("theirs")
    os.link("Dockerfile", "hard")
    for link, target in [("link", "Dockerfile"), ("elsewhere", "../other")]:
        (here / link).symlink_to(target)
    (here / "nowhere").symlink_to("new")
    before = bytes_of(here.parent)
    with pytest.raises(RegistryError) as error:
        write_report(name, "report", [*OLD, "named", "gone"])
    assert error.value.exit_code == 2
    assert str(error.value).startswith(f"{name}: ")
    assert str(error.value).endswith("; name another file for --output")
    assert bytes_of(here.parent) == before


def test_a_failure_leaves_the_old_report(here, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    (here / "report").write_text("old")
    for call in ("replace", "write", "fsync"):
        with monkeypatch.context() as patch:
            patch.setattr(os, call, full)
            with pytest.raises(RegistryError) as error:
                write_report("report", "new", OLD)
        assert "report: No space left on device: the report was not" in str(error.value)
        assert bytes_of(here) == {**OLD, "report": b"old"}


def test_a_pipe_or_a_device_is_written_to(here):
    os.mkfifo("pipe")
    (here / "to-the-pipe").symlink_to("pipe")
    reader = os.open("pipe", os.O_RDONLY | os.O_NONBLOCK)
    for name in ("pipe", "to-the-pipe"):
        write_report(name, "report", OLD)
        assert os.read(reader, 100) == b"report"
    os.close(reader)
    write_report(os.devnull, "report", OLD)
    assert stat.S_ISCHR(os.stat(os.devnull).st_mode)
