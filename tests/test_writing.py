# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The two-phase write: what is written, what is kept, and what is refused."""

import errno
import fcntl
import os
import stat

import pytest

from invenio_cli_registry.errors import Refused
from invenio_cli_registry.migration.writing import Change, write_changes

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
    paths = sorted(path for path in root.rglob("*") if not path.is_dir())
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


def test_no_change_writes_nothing(root):
    write_changes(root, [])
    assert bytes_of(root) == OLD


def test_a_path_is_taken_from_the_current_folder(root, monkeypatch):
    monkeypatch.chdir(root / "z")
    write_changes(root, [Change("c.yml", OLD["z/c.yml"], NEW["z/c.yml"])])
    assert bytes_of(root) == {**OLD, "z/c.yml": NEW["z/c.yml"]}


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o4711, 0o664], ids=oct)
def test_the_mode_is_kept(root, mode):
    path = root / "Dockerfile"
    path.chmod(mode)
    write_changes(root, changes(root))
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_the_mode_is_kept_whatever_the_umask(root):
    before = os.umask(0o077)
    try:
        write_changes(root, changes(root))
    finally:
        os.umask(before)
    assert stat.S_IMODE((root / "Dockerfile").stat().st_mode) == 0o666 & ~before


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


def test_a_link_beside_its_target_is_the_same_change(root):
    write_changes(root, [*linked(root), *changes(root, ["z/c.yml"])])
    assert (root / "z/Dockerfile").is_symlink()
    assert bytes_of(root) == {
        **OLD,
        "Dockerfile": NEW["Dockerfile"],
        "z/Dockerfile": NEW["Dockerfile"],
        "z/c.yml": NEW["z/c.yml"],
    }


def test_a_link_that_would_become_something_else_than_its_target_is_refused(root):
    says = "z/Dockerfile: it is "
    assert_refused(root, linked(root, b"FROM other\n"), says)


def test_the_project_may_be_reached_through_a_link(root):
    link = root.parent / "link"
    link.symlink_to("site")
    write_changes(link, changes(link))
    assert bytes_of(root) == NEW


def test_a_link_out_of_the_project_is_refused(root):
    outside = root.parent / "outside"
    outside.write_bytes(b"old")
    (root / "Containerfile").symlink_to(outside)
    item = Change(str(root / "Containerfile"), b"old", b"new")
    assert_refused(root, [*changes(root), item], "outside the project")
    assert outside.read_bytes() == b"old"


def test_a_folder_whose_name_begins_like_the_project_is_outside(root):
    outside = root.parent / "site2"
    outside.mkdir()
    (outside / "Dockerfile").write_bytes(b"old")
    item = Change(str(outside / "Dockerfile"), b"old", b"new")
    assert_refused(root, [item], "outside the project")


def test_a_hard_link_is_refused(root):
    os.link(root / "Dockerfile", root / "Other")
    assert_refused(root, changes(root), "Dockerfile: it has a second name")


def test_a_read_only_file_is_refused(root):
    (root / "Pipfile").chmod(0o444)
    assert_refused(root, changes(root), "Pipfile: it is read-only; nothing was written")


def test_a_file_that_the_system_forbids_is_refused(root, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: not path.endswith("Pipfile"))
    assert_refused(root, changes(root), "Pipfile: it is read-only")


def test_a_read_only_folder_is_refused(root):
    (root / "z").chmod(0o555)
    try:
        assert_refused(root, changes(root), "c.yml: its folder is read-only")
    finally:
        (root / "z").chmod(0o755)


def make_folder(path):
    path.mkdir()


def make_fifo(path):
    os.mkfifo(path)


def make_loop(path):
    path.symlink_to(path.name)


@pytest.mark.parametrize("make", [make_folder, make_fifo, make_loop])
def test_what_is_no_regular_file_is_refused(tmp_path, make):
    make(tmp_path / "Dockerfile")
    with pytest.raises(Refused, match="Dockerfile: it is no regular file"):
        write_changes(tmp_path, [Change(str(tmp_path / "Dockerfile"), b"", b"x")])


def test_a_missing_file_is_refused(root):
    (root / "Pipfile").unlink()
    assert_refused(root, changes(root), "Pipfile: No such file")


def test_a_missing_project_is_refused(tmp_path):
    with pytest.raises(Refused, match="nowhere: No such file"):
        write_changes(tmp_path / "nowhere", [])


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


def test_a_file_that_changed_since_it_was_read_is_not_overwritten(root):
    (root / "z/c.yml").write_bytes(b"another hand")
    assert_refused(root, changes(root), "c.yml: it has changed since it was read")


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
