# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The two-phase write: all files or none, whatever fails, whoever kills us."""

import errno
import fcntl
import os
import signal
import stat
import warnings

import pytest

from invenio_cli_registry.errors import Refused
from invenio_cli_registry.migration import writing
from invenio_cli_registry.migration.writing import Change, write_changes

OLD = {"Dockerfile": b"FROM a/b:1\r\n", "Pipfile": b"\xef\xbb\xbfx", "z/c.yml": b"\xff"}
NEW = {
    "Dockerfile": b"FROM h.org/a/b:1\r\n",
    "Pipfile": b"\xef\xbb\xbf",
    "z/c.yml": b"z",
}
#: What the write asks of the system.
CALLS = {"open", "write", "fstat", "fchown", "fchmod", "fsync", "close"}
CALLS |= {"fdopen", "replace", "unlink", "lstat", "stat"}


class Faulty:
    """The os module, but one of the calls goes wrong."""

    def __init__(self, at, fault, calls=CALLS):
        self.at, self.fault, self.calls = at, fault, calls
        self.made = 0

    def __getattr__(self, name):
        function = getattr(os, name)
        return self.wrap(name, function) if name in self.calls else function

    def wrap(self, name, function):
        def call(*args, **kwargs):
            self.made += 1
            if self.made == self.at:
                self.fault(name)
            return function(*args, **kwargs)

        return call


def raise_os_error(number):
    def fault(name):
        raise OSError(number, os.strerror(number))

    return fault


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "site"
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
    write_changes(root, linked(root))
    assert (root / "z/Dockerfile").is_symlink()
    assert bytes_of(root) == {
        **OLD,
        "Dockerfile": NEW["Dockerfile"],
        "z/Dockerfile": NEW["Dockerfile"],
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


def count_calls(root, monkeypatch):
    counter = Faulty(0, None)
    with monkeypatch.context() as patch:
        patch.setattr(writing, "os", counter)
        write_changes(root, changes(root))
    put_old(root)
    return counter.made


def put_old(root):
    for name, data in OLD.items():
        (root / name).write_bytes(data)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_whatever_call_fails_all_files_are_old_or_all_are_new(
    root, monkeypatch, number
):
    made = count_calls(root, monkeypatch)
    messages = []
    for at in range(1, made + 1):
        faulty = Faulty(at, raise_os_error(number))
        with monkeypatch.context() as patch:
            patch.setattr(writing, "os", faulty)
            message = try_to_write(root)
        assert bytes_of(root) == (OLD if message else NEW), at
        messages.append(message)
        put_old(root)
    refused = [message for message in messages if message]
    assert all("nothing was written" in message for message in refused)
    assert not any("NOT put back" in message for message in refused)
    # Only what tidies up at the end may fail unnoticed.
    assert messages == refused + [""] * (made - len(refused))


def try_to_write(root):
    """Return why it was refused, nothing when it was not."""
    try:
        write_changes(root, changes(root))
    except Refused as error:
        return str(error)
    return ""


def test_an_interrupt_puts_back_what_is_done(root, monkeypatch):
    def interrupt(name):
        raise KeyboardInterrupt

    for at in range(1, 4):
        with monkeypatch.context() as patch:
            patch.setattr(writing, "os", Faulty(at, interrupt, ["replace"]))
            with pytest.raises(KeyboardInterrupt):
                write_changes(root, changes(root))
        assert bytes_of(root) == OLD


class Broken(Faulty):
    """From one call on, all fail."""

    def wrap(self, name, function):
        def call(*args, **kwargs):
            self.made += 1
            if self.made >= self.at:
                raise OSError(errno.EIO, "Input/output error")
            return function(*args, **kwargs)

        return call


def test_what_cannot_be_put_back_is_named(root, monkeypatch):
    monkeypatch.setattr(writing, "os", Broken(3, None, ["replace"]))
    with pytest.raises(Refused) as error:
        write_changes(root, changes(root))
    message = str(error.value)
    assert "z/c.yml: Input/output error" in message
    lost = message.partition("NOT put back: ")[2]
    assert "Pipfile" in lost
    assert "Dockerfile" in lost
    assert "c.yml" not in lost
    assert bytes_of(root) == {**NEW, "z/c.yml": OLD["z/c.yml"]}


def test_another_hands_text_is_not_put_back(root, monkeypatch):
    def meddle(name):
        (root / "Dockerfile").write_bytes(b"another hand")
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(writing, "os", Faulty(2, meddle, ["replace"]))
    with pytest.raises(Refused, match=r"NOT put back: .*Dockerfile"):
        write_changes(root, changes(root))
    assert bytes_of(root) == {**OLD, "Dockerfile": b"another hand"}


def test_a_write_that_takes_a_part_is_continued(root, monkeypatch):
    class Slow(Faulty):
        def wrap(self, name, function):
            return lambda handle, data: function(handle, data[:1])

    monkeypatch.setattr(writing, "os", Slow(0, None, ["write"]))
    write_changes(root, changes(root))
    assert bytes_of(root) == NEW


def run_and_kill(root, at):
    """Write in a child process that is killed at a call; tell whether it came through."""
    with warnings.catch_warnings():
        # Other tests may have threads; the child calls nothing that waits for one.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        writing.os = Faulty(at, lambda name: os.kill(os.getpid(), signal.SIGKILL))
        try:
            write_changes(root, changes(root))
        finally:
            os._exit(0)
    status = os.waitpid(child, 0)[1]
    return os.WIFEXITED(status)


def test_a_kill_at_any_step_leaves_each_file_whole(root, monkeypatch):
    made = count_calls(root, monkeypatch)
    for at in range(1, made + 1):
        assert not run_and_kill(root, at)
        for name, data in OLD.items():
            assert (root / name).read_bytes() in (data, NEW[name]), at
            (root / name).write_bytes(data)
    assert run_and_kill(root, made + 1)
    assert {name: (root / name).read_bytes() for name in NEW} == NEW


def test_a_run_after_a_kill_is_not_locked_out(root):
    assert not run_and_kill(root, 12)
    write_changes(root, changes(root))
    assert {name: (root / name).read_bytes() for name in NEW} == NEW
