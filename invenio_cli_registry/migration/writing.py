# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Write changed files: all of them prepared first, then put in place, or none.

A file is replaced by renaming a finished one over it, so that whoever reads it, or kills
us, finds the old bytes or the new ones. Access control lists are not kept.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import stat
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence

from ..errors import Refused

_WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
_NOTHING = "nothing was written"
_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class Change(NamedTuple):
    """The bytes that a file was read with, and those it shall have."""

    path: str  #: as printed, as reached from the current directory
    old: bytes
    new: bytes


class _Prepared(NamedTuple):
    """A finished file that waits beside its target."""

    change: Change
    target: str  #: with every link followed
    temporary: str


def write_changes(root: Path, changes: Sequence[Change]) -> None:
    """Write all changes, or none.

    :param root: the project's folder; nothing outside of it is written.
    :raises Refused: when one cannot be written; the others are as they were then, or named.
    """
    with _locked(root), contextlib.ExitStack() as leftovers:
        prepared: dict[str, _Prepared] = {}
        for change in changes:
            target = _find_target(root, change)
            if target in prepared:
                _match(change, prepared[target].change)
                continue
            with _named(change):
                temporary = _new_name(target)
                leftovers.callback(_remove, temporary)
                _write_beside(temporary, target, change.new)
            prepared[target] = _Prepared(change, target, temporary)
        _put_in_place(list(prepared.values()))


def _match(change: Change, other: Change) -> None:
    """Check that two names of one file, a link and its target, ask for the same."""
    if (change.old, change.new) != (other.old, other.new):
        raise Refused(
            f"{change.path}: it is {other.path} too, which would become something else; "
            f"{_NOTHING}"
        )


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Keep a second run out of the project's folder; it is told, it does not wait."""
    try:
        folder = os.open(root, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise Refused(f"{root}: {error.strerror}; {_NOTHING}") from error
    try:
        # Network file systems may know no locks: the bytes are compared all the same.
        with contextlib.suppress(OSError):
            _take_lock(folder, root)
        yield
    finally:
        with contextlib.suppress(OSError):
            os.close(folder)


def _take_lock(folder: int, root: Path) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused(
            f"{root}: another migrate is writing here; run it again when that is done"
        ) from error


@contextlib.contextmanager
def _named(change: Change) -> Iterator[None]:
    """Turn the system's error into ours, which names the file."""
    try:
        yield
    except OSError as error:
        raise _refusal(change, error, _NOTHING) from error


def _refusal(change: Change, error: BaseException, outcome: str) -> Refused:
    reason = getattr(error, "strerror", None) or str(error) or "interrupted"
    return Refused(f"{change.path}: {reason}; {outcome}")


def _find_target(root: Path, change: Change) -> str:
    """Return the file that a path leads to.

    :raises Refused: when it is not ours to replace.
    """
    with _named(change):
        target = os.path.realpath(change.path)
        found = os.lstat(target)
        folder = os.path.dirname(target)
        in_folder = os.stat(folder).st_mode
    reason = _refuse_kind(root, target, found)
    if not reason and not (found.st_mode & _WRITABLE and os.access(target, os.W_OK)):
        reason = "it is read-only"
    if not reason and not (in_folder & _WRITABLE and os.access(folder, os.W_OK)):
        reason = "its folder is read-only"
    if reason:
        raise Refused(f"{change.path}: {reason}; {_NOTHING}")
    return target


def _refuse_kind(root: Path, target: str, found: os.stat_result) -> str:
    """Return why a file is not to be replaced, as far as its kind and place say so."""
    inside = os.path.join(os.path.realpath(root), "")
    if not target.startswith(inside):
        return f"it lies outside the project ({target})"
    if not stat.S_ISREG(found.st_mode):
        return "it is no regular file"
    if found.st_nlink > 1:
        return "it has a second name (a hard link), which would keep the old text"
    return ""


def _new_name(target: str) -> str:
    return os.path.join(
        os.path.dirname(target), f".registry-{secrets.token_hex(8)}.tmp"
    )


def _write_beside(temporary: str, target: str, data: bytes) -> None:
    """Write a new file with the target's owner and mode, down to the disk."""
    like = os.stat(target)
    handle = os.open(temporary, _NEW_FILE, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        own = os.fstat(handle)
        if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
            _keep_owner(handle, like)
        # After the owner: changing that takes set-user-id bits away.
        os.fchmod(handle, stat.S_IMODE(like.st_mode))
        os.fsync(handle)
    finally:
        os.close(handle)


def _keep_owner(handle: int, like: os.stat_result) -> None:
    try:
        os.fchown(handle, like.st_uid, like.st_gid)
    except PermissionError as error:
        raise OSError(
            error.errno, f"its owner {like.st_uid}:{like.st_gid} cannot be kept"
        ) from error


def _put_in_place(prepared: Sequence[_Prepared]) -> None:
    """Rename each file over its target; what is done is put back when one fails."""
    done: list[_Prepared] = []
    item = None
    try:
        for item in prepared:
            _compare(item.target, item.change.old)
            # Before the rename: it may have happened even when an error comes back.
            done.append(item)
            os.replace(item.temporary, item.target)
            _flush_folder(item.target)
    except BaseException as error:
        outcome = _put_all_back(done)
        if item is None or (outcome == _NOTHING and not isinstance(error, OSError)):
            raise
        raise _refusal(item.change, error, outcome) from error


def _put_all_back(done: Sequence[_Prepared]) -> str:
    """Return what came of it, as a message ends."""
    lost = [item.change.path for item in reversed(done) if not _put_back(item)]
    if not lost:
        return _NOTHING
    return f"NOT put back: {', '.join(lost)} (compare with your version control)"


def _compare(target: str, expected: bytes) -> None:
    if _read(target) != expected:
        raise OSError(0, "it has changed since it was read")


def _put_back(item: _Prepared) -> bool:
    """Give a file its old bytes again; tell whether it has them."""
    temporary = _new_name(item.target)
    try:
        found = _read(item.target)
        if found == item.change.new:
            _write_beside(temporary, item.target, item.change.old)
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
