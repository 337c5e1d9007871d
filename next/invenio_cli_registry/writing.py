# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Write changed files and reports: whole or not at all.

Files are finished beside their targets first and put in place by renaming, so that whoever
reads them finds the old bytes or the new ones. A signal (Ctrl-C, SIGTERM, SIGHUP) waits
until nothing is half done.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import secrets
import signal
import stat
from pathlib import Path
from typing import Collection, Iterator, NamedTuple, Sequence

from .errors import Refused, RegistryError
from .model import Change

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_NOTHING = "nothing was written"
_NAME_IT = "name another file for --output"
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: Files of an instance, in lower case: some file systems know no other.
_NEVER_WRITTEN = frozenset(
    {".invenio", ".invenio.private", "pipfile.lock", "poetry.lock", "uv.lock"}
)
#: Those that a Python version is set in; a Dockerfile's name may not lead to them.
_PINS = frozenset(
    {"pipfile", "pyproject.toml", "setup.cfg", "requirements.txt", ".python-version"}
)
_READ_LATER = (".yml", ".yaml", "dockerfile", "containerfile")


class _Prepared(NamedTuple):
    """A finished file that waits beside its target."""

    change: Change
    target: str  #: with every link followed
    temporary: str


def write_changes(root: Path, changes: Sequence[Change]) -> None:
    """Write all changes, or none.

    :param root: the instance's folder; nothing outside of it is written.
    :raises Refused: when one cannot be written; the others are as they were then, or named.
    :raises KeyboardInterrupt: for a signal that came in time; all files are as they were.
    """
    with _signals_held() as held, _locked(root), contextlib.ExitStack() as leftovers:
        prepared: dict[str, _Prepared] = {}
        for change in changes:
            try:
                target = _find_target(root, change.path)
                temporary = _new_name(target)
                leftovers.callback(_remove, temporary)
                _write_new(temporary, change.new, target)
            except OSError as error:
                raise _refusal(change, error, _NOTHING) from error
            other = prepared.setdefault(target, _Prepared(change, target, temporary))
            if other.change[1:] != change[1:]:
                same = f"it is {other.change.path} too, which would become another text"
                raise Refused(f"{change.path}: {same}; {_NOTHING}")
        _put_in_place(list(prepared.values()), held)


def write_report(path: str, text: str, read: Collection[str]) -> None:
    """Write a report in UTF-8; a device or a pipe is written to.

    :param read: the paths that the report is about.
    :raises RegistryError: it cannot be written, or is something that ``check`` reads.
    """
    data = text.encode("utf-8", "surrogateescape")
    try:
        found = os.stat(path) if os.path.exists(path) else None
        if found and not stat.S_ISREG(found.st_mode):
            with open(path, "wb") as file:
                file.write(data)
            return
        reason = _refuse_report(path, read)
        if reason:
            raise RegistryError(f"{path}: {reason}; {_NAME_IT}")
        with _signals_held(), contextlib.ExitStack() as leftovers:
            temporary = _new_name(path)
            leftovers.callback(_remove, temporary)
            _write_new(temporary, data, path if found else None)
            os.replace(temporary, path)
    except OSError as error:
        message = f"{path}: {error.strerror}: the report was not written; {_NAME_IT}"
        raise RegistryError(message) from error


def _refuse_report(path: str, read: Collection[str]) -> str:
    """Return why a report must not be written to a regular file, a clause."""
    name = os.path.basename(path).lower()
    own = name in _NEVER_WRITTEN | _PINS or name.startswith("requirements")
    own = own or name.endswith(_READ_LATER)
    same = (one for one in read if os.path.exists(one) and os.path.exists(path))
    if own or any(os.path.samefile(path, one) for one in same):
        return "`check` reads such a file itself"
    if os.path.islink(path):
        return "it is a link, and links are not followed"
    return "it is below .git" if _is_in_git(os.path.realpath(path)) else ""


def _is_in_git(path: str) -> bool:
    return ".git" in path.lower().split(os.sep)


@contextlib.contextmanager
def _signals_held() -> Iterator[list[int]]:
    """Let signals wait until a write is whole; yield the list of those that came.

    The first one takes effect afterwards, where nothing else has gone wrong.
    """
    held: list[int] = []
    before = []
    try:
        for number in _SIGNALS:
            handler = signal.getsignal(number)
            # What is ignored (nohup) stays ignored. A thread cannot hold signals.
            with contextlib.suppress(ValueError):
                if handler not in (signal.SIG_IGN, None):
                    signal.signal(number, lambda came, _: held.append(came))
                    before.append((number, handler))
        yield held
    finally:
        # Ctrl-C last: it may end this loop.
        for number, handler in reversed(before):
            signal.signal(number, handler)
    for came in held[:1]:
        signal.raise_signal(came)


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Keep a second run out of the instance's folder; it is told, it does not wait."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise Refused(f"{root}: {error.strerror}; {_NOTHING}") from error
    try:
        # Network file systems may know no locks: the bytes are compared anyway.
        with contextlib.suppress(OSError):
            try:
                fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                advice = "another migrate is writing here; run it again when it is done"
                raise Refused(f"{root}: {advice}") from error
        yield
    finally:
        with contextlib.suppress(OSError):
            os.close(folder)


def _refusal(change: Change, error: BaseException, outcome: str) -> Refused:
    reason = getattr(error, "strerror", None) or str(error) or "interrupted"
    return Refused(f"{change.path}: {reason}; {outcome}")


def _find_target(root: Path, path: str) -> str:
    """Return the file that a path leads to.

    :raises Refused: when it is not ours to replace.
    """
    target = os.path.realpath(path)
    found, folder = os.lstat(target), os.path.dirname(target)
    name, named = (os.path.basename(one).lower() for one in (target, path))
    own = name in _NEVER_WRITTEN or (name in _PINS and name != named)
    inside = target.startswith(os.path.join(os.path.realpath(root), ""))
    reasons = (
        (not inside, f"it is outside the project ({target})"),
        (_is_in_git(target), f"it is below .git ({target})"),
        (own, f"it is a file of the instance that must not change ({target})"),
        (not stat.S_ISREG(found.st_mode), "it is no regular file"),
        (found.st_nlink > 1, "it has a second name, which would keep the old text"),
        (not _is_writable(target), "it is read-only"),
        (not _is_writable(folder), "its folder is read-only"),
    )
    for applies, reason in reasons:
        if applies:
            raise Refused(f"{path}: {reason}; {_NOTHING}")
    return target


def _is_writable(path: str) -> bool:
    """Tell whether its mode lets anybody write, which root is not asked, and us."""
    return bool(os.stat(path).st_mode & _WRITABLE) and os.access(path, os.W_OK)


def _new_name(target: str) -> str:
    folder = os.path.dirname(target)
    return os.path.join(folder, f".registry-{secrets.token_hex(8)}.tmp")


def _write_new(path: str, data: bytes, like: str | None = None) -> None:
    """Write a new file, down to the disk.

    :param like: the file whose owner, mode and extended attributes it gets.
    """
    handle = os.open(path, _NEW_FILE, 0o600 if like else 0o666)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        if like:
            _keep_metadata(handle, like)
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep_metadata(handle: int, like: str) -> None:
    """Give a new file the owner, mode and extended attributes (ACLs, too) of another."""
    found, own = os.stat(like), os.fstat(handle)
    try:
        if (own.st_uid, own.st_gid) != (found.st_uid, found.st_gid):
            os.fchown(handle, found.st_uid, found.st_gid)
        # After the owner: changing that takes set-user-id bits away.
        os.fchmod(handle, stat.S_IMODE(found.st_mode))
        wanted, given = _read_attributes(like), _read_attributes(handle)
        for name in given.keys() - wanted.keys():
            os.removexattr(handle, name)
        for name, value in wanted.items() - given.items():
            os.setxattr(handle, name, value)
    except OSError as error:
        reason = "its owner, mode or extended attributes cannot be kept"
        raise OSError(error.errno, reason) from error


def _read_attributes(file: str | int) -> dict[str, bytes]:
    """Return the extended attributes; none where the platform or file system has none."""
    try:
        names = os.listxattr(file) if hasattr(os, "listxattr") else []
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        names = []
    return {name: os.getxattr(file, name) for name in names}


def _put_in_place(prepared: Sequence[_Prepared], held: Sequence[int]) -> None:
    """Rename each file over its target; what is done is put back when one fails.

    :param held: the signals that came meanwhile; one is a failure, too.
    """
    done: list[_Prepared] = []
    item = None
    try:
        for item in prepared:
            if held:
                raise KeyboardInterrupt
            if _read(item.target) != item.change.old:
                raise OSError(0, "it has changed since it was read")
            # Before the rename: it may have happened even when an error comes back.
            done.append(item)
            os.replace(item.temporary, item.target)
            _flush_folder(item.target)
    except BaseException as error:
        lost = [one.change.path for one in reversed(done) if not _put_back(one)]
        if item is None or (not lost and not isinstance(error, OSError)):
            raise
        advice = "(compare with your version control)"
        outcome = f"NOT put back: {', '.join(lost)} {advice}" if lost else _NOTHING
        raise _refusal(item.change, error, outcome) from error


def _put_back(item: _Prepared) -> bool:
    """Give a file its old bytes again; tell whether it has them."""
    temporary = _new_name(item.target)
    try:
        found = _read(item.target)
        if found == item.change.new:
            _write_new(temporary, item.change.old, item.target)
            os.replace(temporary, item.target)
            _flush_folder(item.target)
    except OSError:
        return False
    finally:
        _remove(temporary)
    return found in (item.change.old, item.change.new)


def _read(target: str) -> bytes:
    handle = os.open(target, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as stream:
        return stream.read()


def _flush_folder(target: str) -> None:
    handle = os.open(os.path.dirname(target), os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(temporary: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(temporary)
