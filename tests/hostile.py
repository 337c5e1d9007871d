# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Run a command with a bound on time and memory, on files that are none of the usual."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
import tempfile
import traceback
import warnings
from pathlib import Path
from typing import Callable, Mapping, NamedTuple, Union

from .test_cli import run

#: Bounds of one command: far above what any file needs, far below what harms a machine.
CPU_SECONDS = 20
#: A machine that is busy is no failure: how much longer than its own time it may take.
WALL_TIMES = 4
MEMORY = 768 << 20
#: What a report may be made of, besides what is printable.
_ALLOWED = {"\n", "\t"}

Content = Union[str, bytes, Callable[[Path], object]]


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def put(folder: Path, files: Mapping[str, Content]) -> None:
    """Write files; a function is called with the path, and puts there what it likes."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        elif isinstance(content, str):
            path.write_bytes(content.encode("utf-8", "surrogateescape"))
        else:
            path.write_bytes(content)


def link_to(target: str) -> Content:
    return lambda path: path.symlink_to(target)


def make_socket(path: Path) -> None:
    """Bind a socket below the 108 bytes that its path may have."""
    before = os.getcwd()
    os.chdir(path.parent)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(before)


def sparse(size: int) -> Content:
    """Return a file of a size that takes no room on the disk."""

    def make(path: Path) -> None:
        with open(path, "wb") as file:
            file.truncate(size)

    return make


def make_deep(path: Path) -> None:
    """Put a Dockerfile so deep that its path is longer than the system takes."""
    before = os.getcwd()
    path.mkdir()
    os.chdir(path)
    for _ in range(25):
        os.mkdir("d" * 200)
        os.chdir("d" * 200)
    with open("Dockerfile", "w") as file:
        file.write("FROM inveniosoftware/centos8-python:3.8\n")
    os.chdir(before)


def run_bounded(*args: str, seconds: int = CPU_SECONDS) -> Done:
    """Run a command in a child process that may not take long, nor much memory."""
    with tempfile.TemporaryFile("w+") as results:
        with warnings.catch_warnings():
            # Other tests may have threads; the child waits for none of them.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            _run_in_child(args, results, seconds)
        status = os.waitpid(child, 0)[1]
        if os.WIFSIGNALED(status):
            name = signal.Signals(os.WTERMSIG(status)).name
            raise AssertionError(f"{args}: ended by {name}")
        results.seek(0)
        return Done(*json.load(results))


def _run_in_child(args, results, seconds) -> None:
    sys.settrace(None)  # Coverage of a process that ends like this is lost anyway.
    try:
        with open("/proc/self/statm") as file:
            size = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        signal.alarm(WALL_TIMES * seconds)
        try:
            done = run(*args)
            found = Done(done.exit_code, done.stdout, done.stderr)
        except BaseException:
            found = Done(-1, "", traceback.format_exc())
        json.dump(found, results)
        results.flush()
    finally:
        os._exit(0)


def hostile_characters(text: str) -> set[str]:
    """Return what no output may hold: it would move the cursor, or hide itself."""
    return {one for one in text if not one.isprintable() and one not in _ALLOWED}
