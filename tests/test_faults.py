# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The write phase while the system fails, while signals come, and while it is killed.

The calls that it makes are counted once, and then each of them goes wrong in turn.
"""

import errno
import os
import random
import signal
import subprocess
import sys

import pytest

from invenio_cli_registry import writing
from invenio_cli_registry.terminal import Refused
from invenio_cli_registry.writing import write_changes

from .conftest import ROOT
from .test_writing import NEW, OLD, bytes_of, changes, make_old

CALLS = ["open", "stat", "fchown", "fchmod", "listxattr", "fsync", "replace", "unlink"]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def root(tmp_path):
    return make_old(tmp_path / "site")


def try_to_write(root, fault):
    """Return why it was refused, nothing when it was not, and the calls that were made.

    :param fault: given the number of a call, from 1, its name and how to make it.
    """
    made = []

    def wrap(name, function):
        def call(*args):
            # Nobody waits for the disk: which calls are made, and when, is what counts.
            made.append(name)
            make = (lambda: None) if name == "fsync" else (lambda: function(*args))
            return fault(len(made), name, make)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS[1:]:
            patch.setattr(os, name, wrap(name, getattr(os, name)))
        patch.setattr(writing, "open", wrap("open", open), raising=False)
        try:
            write_changes(root, changes(root))
        except Refused as error:
            return str(error), made
    return "", made


def each_call(root):
    """Yield the number and name of each call; the files are the old ones each time."""
    _, made = try_to_write(root, lambda at, name, make: make())
    assert {*made} == {*CALLS}
    assert bytes_of(root) == NEW
    for at, name in enumerate(made, start=1):
        make_old(root)
        yield at, name


def fail(name, make, done):
    """Fail, also after the work was done."""
    made = make() if done else None
    if name == "open" and done:
        made.close()
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("done", [False, True], ids=["undone", "done all the same"])
def test_whatever_call_fails_all_files_are_old_or_all_are_new(root, done):
    for broken, called in each_call(root):

        def fault(at, name, make, broken=broken):
            return fail(name, make, done) if at == broken else make()

        message, _ = try_to_write(root, fault)
        assert bytes_of(root) == (OLD if message else NEW), called
        if message:
            assert any(f"{name}: " in message for name in OLD), message
            assert "Input/output" in message or "cannot be kept" in message
            assert message.endswith("; nothing was written")
        else:
            assert called == "unlink"


def test_a_disk_that_stays_broken_leaves_each_file_whole_and_the_new_ones_named(root):
    most = 0
    for broken, called in each_call(root):

        def fault(at, name, make, broken=broken):
            if at >= broken and name != "unlink":
                fail(name, make, done=name == "replace" and at == broken)
            return make()

        message, _ = try_to_write(root, fault)
        found = bytes_of(root)
        new = {path for path in OLD if found[path] == NEW[path]}
        assert found == {**OLD, **{path: NEW[path] for path in new}}, called
        lost = message.partition("NOT put back: ")[2]
        if message:
            assert new == {path for path in OLD if path in lost}, called
            assert ("nothing was written" in message) is not bool(lost)
            most = max(most, len(new))
    assert most == len(OLD)


def test_another_hands_text_is_not_put_back(root):
    renamed = []

    def fault(at, name, make):
        renamed.extend([at] if name == "replace" else [])
        if name == "replace" and len(renamed) == 2:
            (root / "Dockerfile").write_bytes(b"another hand")
            fail(name, make, done=False)
        return make()

    message, _ = try_to_write(root, fault)
    assert "Pipfile: Input/output error; NOT put back: " in message
    assert "Dockerfile (compare with your version control)" in message
    assert bytes_of(root) == {**OLD, "Dockerfile": b"another hand"}


@pytest.mark.parametrize("number", SIGNALS, ids=lambda one: one.name)
def test_a_signal_puts_back_what_is_done_or_comes_when_all_is(root, number):
    came = []
    before = signal.signal(number, lambda *_: came.append(True))
    try:
        outcomes = set()
        for kicked, called in each_call(root):

            def fault(at, name, make, kicked=kicked):
                for _ in range(2 if at == kicked else 0):  # the impatient press twice
                    os.kill(os.getpid(), number)
                return make()

            came.clear()
            try:
                assert try_to_write(root, fault)[0] == ""
            except KeyboardInterrupt:
                assert bytes_of(root) == OLD, called
            else:
                assert came == [True], called
                assert bytes_of(root) == NEW, called
            outcomes.add(tuple(bytes_of(root).values()))
        signal.signal(number, signal.SIG_IGN)
        make_old(root)
        assert try_to_write(root, fault)[0] == ""
        assert bytes_of(root) == NEW, "it is ignored (nohup)"
        assert len(outcomes) == 2
    finally:
        signal.signal(number, before)


#: Writes the new bytes and the old ones in turn, and says when it has begun. The tests may
#: run where signals are ignored (nohup), which is inherited.
WRITER = """
import signal
import sys
from pathlib import Path
from invenio_cli_registry.model import Change
from invenio_cli_registry.writing import write_changes

signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_DFL)
root = Path(sys.argv[1])
names = [root / f"Dockerfile.{number}" for number in range(8)]
old, new = b"FROM old\\n" * 4000, b"FROM new\\n" * 4000
print("begun", flush=True)
while True:
    write_changes(root, [Change(str(name), old, new) for name in names])
    old, new = new, old
"""


@pytest.mark.parametrize("number", [*SIGNALS, signal.SIGKILL], ids=lambda one: one.name)
def test_a_signal_at_any_moment_leaves_nothing_half_done(tmp_path, number):
    pause = random.Random(number)
    names = [f"Dockerfile.{at}" for at in range(8)]
    old, new = b"FROM old\n" * 4000, b"FROM new\n" * 4000
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(int(os.environ.get("SIGNALS", 10))):
        for name in names:
            (tmp_path / name).write_bytes(old)
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, env=environment, **pipes) as writer:
            assert writer.stdout.readline() == b"begun\n"
            with pytest.raises(subprocess.TimeoutExpired):
                writer.wait(pause.uniform(0, 0.05))
            writer.send_signal(number)
            try:
                assert writer.wait(60) != 0
            finally:
                writer.kill()
        found = bytes_of(tmp_path)
        if number != signal.SIGKILL:
            assert found in (dict.fromkeys(names, data) for data in (old, new))
        for name, data in found.items():
            assert data in (old, new) or name.startswith(".registry-")
            (tmp_path / name).unlink()
