# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The write phase while the system fails, while signals come, and while it is killed.

The calls that it makes are recorded once, and then each of them goes wrong in turn: a call
that is added tomorrow is tried as well.
"""

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import warnings
from typing import NamedTuple

import pytest

from invenio_cli_registry import writing
from invenio_cli_registry.errors import Refused
from invenio_cli_registry.writing import write_changes

from .conftest import ROOT
from .test_writing import NEW, OLD, bytes_of, changes, make_old

NUMBERS = [errno.ENOSPC, errno.EACCES, errno.EIO]
#: What tidies up may fail unnoticed, and a lock where the file system knows none.
UNNOTICED = {"unlink", "close", "flock"}
#: This one answers no, and never fails.
ANSWERS = {"access"}
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


class Call(NamedTuple):
    """A call of the system, not made yet."""

    at: int  #: it is the first, the second, ... of the write phase
    name: str
    function: object
    args: tuple

    def make(self):
        return self.function(*self.args)

    def make_half(self):
        handle, data = self.args
        return self.function(handle, data[: len(data) // 2])

    def fail(self, number, done=False):
        """Fail, also after the work was done."""
        # A descriptor is gone whatever comes back.
        made = self.make() if done or self.name == "close" else None
        if self.name == "open" and done:
            os.close(made)
        if self.name == "fdopen" and done:
            made.close()
        raise OSError(number, os.strerror(number))


class System:
    """What the write phase calls: counted, and each call may go wrong."""

    def __init__(self, fault=Call.make):
        self.fault, self.made = fault, []

    def wrap(self, module):
        system = self

        class Wrapped:
            def __getattr__(self, name):
                found = getattr(module, name)
                if not callable(found) or name in ANSWERS:
                    return found
                return lambda *args: system.call(name, found, args)

        return Wrapped()

    def call(self, name, function, args):
        self.made.append(name)
        return self.fault(Call(len(self.made), name, function, args))

    def run(self, job):
        with pytest.MonkeyPatch.context() as patch:
            for name in ("os", "fcntl"):
                patch.setattr(writing, name, self.wrap(getattr(writing, name)))
            return job()


@pytest.fixture(autouse=True)
def _no_disk(monkeypatch):
    """Let nobody wait for the disk: which calls are made, and when, is what counts."""
    monkeypatch.setattr(os, "fsync", os.fstat)


@pytest.fixture
def root(tmp_path):
    return make_old(tmp_path / "site")


@pytest.fixture(params=["our own", "of another"])
def _owner(request, monkeypatch):
    """New files belong to somebody else, as when root runs it for the owner."""
    original = os.fstat

    def fstat(handle):
        found = list(original(handle))
        found[stat.ST_UID] += request.param == "of another"
        return os.stat_result(found)

    monkeypatch.setattr(os, "fstat", fstat)


def each_call(root):
    """Yield the number and name of each call; the files are the old ones each time."""
    system = System()
    system.run(lambda: write_changes(root, changes(root)))
    assert {"open", "write", "fsync", "fchmod", "replace", "flock"} <= {*system.made}
    assert bytes_of(root) == NEW
    for at, name in enumerate(system.made, start=1):
        make_old(root)
        yield at, name


def try_to_write(root, fault=Call.make):
    """Return why it was refused, nothing when it was not."""
    try:
        System(fault).run(lambda: write_changes(root, changes(root)))
    except Refused as error:
        return str(error)
    return ""


def at_call(at, job):
    """Return the fault that does a job at a call, and makes all others."""
    return lambda call: job(call) if call.at == at else call.make()


def assert_named(message, number):
    """Check that a message names a file, and what the system said of it."""
    assert any(f"{name}: " in message for name in (*OLD, "site")), message
    assert os.strerror(number) in message or "cannot be kept" in message, message


@pytest.mark.usefixtures("_owner")
@pytest.mark.parametrize("done", [False, True], ids=["undone", "done all the same"])
@pytest.mark.parametrize("number", NUMBERS, ids=errno.errorcode.get)
def test_whatever_call_fails_all_files_are_old_or_all_are_new(root, number, done):
    unnoticed = set()
    for at, name in each_call(root):
        message = try_to_write(root, at_call(at, lambda call: call.fail(number, done)))
        assert bytes_of(root) == (OLD if message else NEW), (at, name)
        if message:
            assert_named(message, number)
            assert message.endswith("; nothing was written")
        else:
            unnoticed.add(name)
    assert unnoticed <= UNNOTICED


def test_a_disk_that_fills_while_a_file_is_written(root):
    for at, name in each_call(root):

        def fault(call, at=at):
            if call.at == at:
                return call.make_half()
            return call.fail(errno.ENOSPC) if call.at == at + 1 else call.make()

        if name == "write":
            assert_named(try_to_write(root, fault), errno.ENOSPC)
            assert bytes_of(root) == OLD


def test_a_write_that_takes_a_part_is_continued(root):
    def fault(call):
        whole = call.name != "write" or len(call.args[1]) < 2
        return call.make() if whole else call.make_half()

    assert try_to_write(root, fault) == ""
    assert bytes_of(root) == NEW


def test_a_disk_that_stays_broken_leaves_each_file_whole_and_the_new_ones_named(root):
    most = 0
    for at, name in each_call(root):

        def fault(call, at=at):
            broken = call.at >= at and call.name not in UNNOTICED
            return call.fail(errno.EIO) if broken else call.make()

        message = try_to_write(root, fault)
        found = bytes_of(root)
        new = {path for path in OLD if found[path] == NEW[path]}
        assert found == {**OLD, **{path: NEW[path] for path in new}}, (at, name)
        if message:
            lost = message.partition("NOT put back: ")[2]
            # What nobody can read any more is named, too.
            assert new <= {path for path in OLD if path in lost}, (at, name)
            assert ("nothing was written" in message) is not bool(lost)
            most = max(most, len(new))
    assert most == len(OLD)


def test_another_hands_text_is_not_put_back(root):
    renamed = []

    def fault(call):
        if call.name == "replace":
            renamed.append(call)
            if len(renamed) == 2:
                (root / "Dockerfile").write_bytes(b"another hand")
                call.fail(errno.EIO)
        return call.make()

    message = try_to_write(root, fault)
    assert "Dockerfile (compare with your version control)" in message
    assert "Pipfile: Input/output error; NOT put back: " in message
    assert bytes_of(root) == {**OLD, "Dockerfile": b"another hand"}


# Signals


@pytest.mark.parametrize("number", SIGNALS, ids=lambda one: one.name)
def test_a_signal_puts_back_what_is_done_or_comes_when_all_is(root, number):
    came = []
    before = signal.signal(number, lambda *_: came.append(True))
    try:
        outcomes = set()
        for at, name in each_call(root):

            def fault(call):
                os.kill(os.getpid(), number)
                os.kill(os.getpid(), number)  # An impatient one, too.
                return call.make()

            came.clear()
            try:
                assert try_to_write(root, at_call(at, fault)) == ""
            except KeyboardInterrupt:
                assert bytes_of(root) == OLD, (at, name)
            else:
                # The last file is in place: it comes late, once, and is not lost.
                assert came == [True], (at, name)
                assert bytes_of(root) == NEW, (at, name)
            outcomes.add(tuple(bytes_of(root).values()))
        assert len(outcomes) == 2
        assert signal.getsignal(number).__name__ == "<lambda>"
    finally:
        signal.signal(number, before)


def test_a_signal_that_is_ignored_stays_ignored(root):
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        for at, _ in each_call(root):
            fault = at_call(at, lambda c: os.kill(os.getpid(), 1) or c.make())
            assert try_to_write(root, fault) == ""
            assert bytes_of(root) == NEW
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


#: Writes the new bytes and the old ones in turn, and says when it has begun.
WRITER = """
import sys
from pathlib import Path
from invenio_cli_registry.model import Change
from invenio_cli_registry.writing import write_changes, write_report

root = Path(sys.argv[1])
names = [root / f"Dockerfile.{number}" for number in range(8)]
old, new = b"FROM old\\n" * 4000, b"FROM new\\n" * 4000
print("begun", flush=True)
while True:
    write_changes(root, [Change(str(name), old, new) for name in names])
    write_report(str(root / "report"), "x" * 40000, [])
    old, new = new, old
"""


def stop_a_writer(root, number, seconds):
    """Let a process write for a while, stop it with a signal, and check what is left."""
    for at in range(8):
        (root / f"Dockerfile.{at}").write_bytes(b"FROM old\n" * 4000)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with writer:
        assert writer.stdout.readline() == b"begun\n"
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(seconds)
        writer.send_signal(number)
        assert writer.wait(60) != 0
    found = bytes_of(root)
    found.pop("report", None)
    assert sorted(found) == [f"Dockerfile.{at}" for at in range(8)]
    assert len({*found.values()}) == 1, "some are old, and some are new"
    assert found["Dockerfile.0"] in (b"FROM old\n" * 4000, b"FROM new\n" * 4000)


@pytest.mark.parametrize("number", SIGNALS, ids=lambda one: one.name)
def test_a_signal_at_any_moment_leaves_nothing_half_done(tmp_path, number):
    pause = random.Random(number)
    for _ in range(int(os.environ.get("SIGNALS", 10))):
        stop_a_writer(tmp_path, number, pause.uniform(0, 0.05))


# Killed


def in_child(job):
    """Do something in a child process; tell whether it came to its end."""
    with warnings.catch_warnings():
        # Other tests may have threads; the child calls nothing that waits for one.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            job()
        finally:
            os._exit(0)
    return os.WIFEXITED(os.waitpid(child, 0)[1])


def run_and_kill(root, at, half=False):
    """Write in a child that is killed before a call; tell whether it came to its end."""

    def kill(call):
        if half:
            call.make_half()
        os.kill(os.getpid(), signal.SIGKILL)

    return in_child(lambda: try_to_write(root, at_call(at, kill)))


def assert_whole(root, at):
    """Check that each file is old or new, and take away what a kill may leave behind."""
    for path, data in bytes_of(root).items():
        if path not in OLD:
            name = os.path.basename(path)
            assert (name[:10], name[-4:]) == (".registry-", ".tmp")
            (root / path).unlink()
        else:
            assert data in (OLD[path], NEW[path]), at
    assert bytes_of(root).keys() == OLD.keys()


def test_a_kill_at_any_step_leaves_each_file_whole(root):
    for at, name in each_call(root):
        assert not run_and_kill(root, at)
        assert_whole(root, at)
        if name == "write":
            make_old(root)
            assert not run_and_kill(root, at, half=True)
            assert_whole(root, at)
    assert run_and_kill(root, at + 1)
    assert bytes_of(root) == NEW
