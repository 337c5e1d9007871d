# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The write phase while the system fails, while we are killed, and beside a second run.

The calls that it makes are recorded once, and then each of them goes wrong in turn: a call
that is added tomorrow is tried as well.
"""

import errno
import os
import signal
import stat
import subprocess
import sys
import warnings
from typing import NamedTuple

import pytest

from invenio_cli_registry.errors import Refused
from invenio_cli_registry.migration import writing
from invenio_cli_registry.migration.writing import write_changes

from .conftest import ROOT
from .instances import UV, build, instance, rdm, rdm_uv
from .test_cli import CERN, HUB, run
from .test_migrate import Session
from .test_writing import NEW, OLD, bytes_of, changes, make_old

NUMBERS = [errno.ENOSPC, errno.EACCES, errno.EIO]
NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
#: What tidies up may fail unnoticed, and a lock where the file system knows none.
UNNOTICED = {"unlink", "close", "flock"}
#: This one answers no, and never fails.
ANSWERS = {"access"}


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


def record(job):
    """Return the name of each call of a write that comes through."""
    system = System()
    system.run(job)
    assert {"open", "write", "fsync", "fchmod", "replace", "flock"} <= set(system.made)
    return system.made


def each_call(root):
    """Yield the number and name of each call; the files are the old ones each time."""
    made = record(lambda: write_changes(root, changes(root)))
    assert bytes_of(root) == NEW
    for at, name in enumerate(made, start=1):
        make_old(root)
        yield at, name


def try_to_write(root, fault=Call.make):
    """Return why it was refused, nothing when it was not."""
    try:
        System(fault).run(lambda: write_changes(root, changes(root)))
    except Refused as error:
        return str(error)
    return ""


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

        def fault(call, at=at):
            return call.fail(number, done) if call.at == at else call.make()

        message = try_to_write(root, fault)
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


@pytest.mark.parametrize("number", NUMBERS, ids=errno.errorcode.get)
def test_the_command_names_the_file_and_exits_with_1(tmp_path, number):
    files = {
        **NINE,
        "Dockerfile.base": f"FROM {HUB}\n",
        "docker-compose.yml": f"services:\n  a:\n    image: {HUB}\n",
    }
    with instance(tmp_path, files) as folder:
        made = record(lambda: run("migrate", "--yes"))
        assert sum(CERN in text for text in texts_of(folder).values()) == 3
        for at, name in enumerate(made, start=1):
            for path, text in files.items():
                (folder / path).write_text(text)

            def fault(call, at=at):
                return call.fail(number) if call.at == at else call.make()

            done = System(fault).run(lambda: run("migrate", "--yes"))
            if done.exit_code == 0:
                assert name in UNNOTICED
                continue
            assert (done.exit_code, texts_of(folder)) == (1, files), (at, name)
            assert done.stderr.startswith("my-site: ")
            assert os.strerror(number) in " ".join(done.stderr.split())


def texts_of(folder):
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_an_interrupt_puts_back_what_is_done(root):
    for at, name in each_call(root):

        def fault(call, at=at):
            if call.at == at:
                raise KeyboardInterrupt
            return call.make()

        with pytest.raises(KeyboardInterrupt):
            try_to_write(root, fault)
        assert bytes_of(root) == OLD or name in UNNOTICED, (at, name)


def test_an_interrupt_that_leaves_something_new_names_it(root):
    renamed = []

    def fault(call):
        if len(renamed) == 1 and call.name not in UNNOTICED:
            renamed.append(call)
            raise KeyboardInterrupt
        if len(renamed) > 1 and call.name not in UNNOTICED:
            call.fail(errno.EIO)
        if call.name == "replace":
            renamed.append(call)
        return call.make()

    message = try_to_write(root, fault)
    assert "Dockerfile: interrupted; NOT put back: " in message
    assert bytes_of(root) == {**OLD, "Dockerfile": NEW["Dockerfile"]}


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


# --- killed ---


def kill():
    os.kill(os.getpid(), signal.SIGKILL)


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

    def fault(call):
        if call.at == at:
            if half:
                call.make_half()
            kill()
        return call.make()

    return in_child(lambda: try_to_write(root, fault))


def assert_whole(root, at):
    """Check that each file is old or new, and take away what a kill may leave behind."""
    for path, data in bytes_of(root).items():
        if path not in OLD:
            name = os.path.basename(path)
            assert name.startswith(".registry-")
            assert name.endswith(".tmp")
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


def test_a_run_after_a_kill_is_not_locked_out_and_reads_nothing_half(tmp_path):
    with instance(tmp_path, NINE) as folder:

        def fault(call):
            return kill() if call.name == "replace" else call.make()

        assert not in_child(lambda: System(fault).run(lambda: run("migrate", "--yes")))
        (left,) = set(texts_of(folder)) - set(NINE)
        done = run("migrate", "--yes")
        assert CERN in (folder / "Dockerfile").read_text()
    assert done.exit_code == 0
    assert left not in done.stdout + done.stderr


def test_a_migrate_killed_at_any_step_is_completed_by_the_next(tmp_path):
    """The whole command, in a process of its own; the next one needs no help."""
    files = {
        **rdm_uv("13.1.2", ">=3.11"),
        **build("inveniosoftware/almalinux:1", UV),
        "docker-compose.yml": "services:\n  a:\n    image: inveniosoftware/almalinux:1\n",
    }
    command = ("migrate", "--yes", "--set-python")
    with instance(tmp_path, files) as folder:
        record(lambda: run(*command))
        wanted = texts_of(folder)
        changed = {name for name in files if wanted[name] != files[name]}
        assert changed == {"Dockerfile", "docker-compose.yml", "pyproject.toml"}
        at, ended, mixed = 0, False, 0
        while not ended:
            at += 1
            for name, text in files.items():
                (folder / name).write_text(text)

            def fault(call, at=at):
                return kill() if call.at == at else call.make()

            ended = in_child(
                lambda fault=fault: System(fault).run(lambda: run(*command))
            )
            found = texts_of(folder)
            for name in found.keys() - files.keys():
                assert (name[:10], name[-4:]) == (".registry-", ".tmp")
                (folder / name).unlink()
            for name in files:
                assert found[name] in (files[name], wanted[name]), (at, name)
            mixed += 0 < sum(found[name] == wanted[name] for name in changed) < 3
            assert run(*command).exit_code == 0, at
            assert texts_of(folder) == wanted, at
    assert mixed > 1
    assert at > 30


# --- two at once ---

#: Migrates, and waits between two calls of the write phase until it is told to go on.
WAITING = """
import os, sys
from invenio_cli_registry.cli import registry
from invenio_cli_registry.migration import writing

class Waiting:
    def __getattr__(self, name):
        return getattr(os, name)

    def replace(self, *args):
        print("about to rename", flush=True)
        sys.stdin.readline()
        os.replace(*args)

writing.os = Waiting()
registry(["migrate", "--yes"])
"""


def test_of_two_at_once_one_wins_and_the_other_says_so(tmp_path):
    with instance(tmp_path, {**NINE, "Dockerfile.base": f"FROM {HUB}\n"}) as folder:
        first = subprocess.Popen(
            [sys.executable, "-c", WAITING],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            text=True,
        )
        while first.stdout.readline() != "about to rename\n":
            pass
        second = run("migrate", "--yes")
        first.communicate("\n\n\n", timeout=60)
        third = run("migrate", "--yes")
        assert sum(CERN in text for text in texts_of(folder).values()) == 2
    assert (first.returncode, second.exit_code, third.exit_code) == (0, 1, 0)
    assert "another migrate is writing here" in " ".join(second.stderr.split())
    assert third.stdout == "my-site: nothing to change.\n"


def test_of_two_that_ask_at_once_the_later_overwrites_nothing(tmp_path):
    with instance(tmp_path, NINE) as folder:
        first, second = Session("--to", "same"), Session("--to", "same")
        assert first.answer(b"y\n") == 0
        (folder / "Dockerfile").write_text(f"FROM {CERN}\n# mine\n")
        assert second.answer(b"y\n") == 1
        assert (folder / "Dockerfile").read_text() == f"FROM {CERN}\n# mine\n"
    assert b"it has changed since it was read" in second.shown
