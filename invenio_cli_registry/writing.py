# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Write changed files and reports, whole or not at all, and say how to get files back.

Files are finished next to their targets first and put in place by renaming, so that whoever
reads them finds the old bytes or the new ones. A signal (Ctrl-C, SIGTERM, SIGHUP) waits
until nothing is half done. Git is asked; no program that a repository names is run.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shlex
import signal
import stat
import subprocess
from pathlib import Path
from typing import Collection, Iterator, Sequence

from .files import kind_of
from .model import Change
from .terminal import Refused, RegistryError, printable

_NOTHING = "nothing was written"
_NAME_IT = "name another file for --output"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
#: Files of an instance; some file systems do not tell capitals apart.
_OWN = re.compile(
    r"\.invenio.*|pipfile.*|(poetry|uv)\.lock|pyproject\.toml|setup\.cfg"
    r"|requirements.*|\.python-version",
    re.IGNORECASE,
)
_PATTERN = re.compile(r"^:|[*?[\\]")


def write_changes(root: Path, changes: Sequence[Change]) -> None:
    """Write all changes, or none.

    :param root: the instance's folder; nothing outside of it is written.
    :raises Refused: when one cannot be written; the others are as they were then, or named.
    :raises KeyboardInterrupt: for a signal that came in time; all files are as they were.
    """
    with _signals_held() as held, contextlib.ExitStack() as leftovers:
        finished = []
        for change in changes:
            try:
                target = _find_target(root, change.path)
                new = leftovers.enter_context(_new_file(target, change.new, target))
            except OSError as error:
                raise Refused(f"{change.path}: {error.strerror}; {_NOTHING}") from error
            finished.append((target, change, new))
        _put_in_place(finished, held)


def write_report(path: str, text: str, read: Collection[str]) -> None:
    """Write a report in UTF-8; a device or a pipe is written to.

    :param read: the paths that the report is about.
    :raises RegistryError: it cannot be written, or is something that ``check`` reads.
    """
    data = text.encode("utf-8", "surrogateescape")
    try:
        there = os.path.exists(path)
        if there and not os.path.isfile(path):
            Path(path).write_bytes(data)
            return
        reason = _refuse_report(path, read)
        if reason:
            raise RegistryError(f"{path}: {reason}; {_NAME_IT}")
        with _signals_held(), _new_file(path, data, path if there else None) as new:
            os.replace(new, path)
    except OSError as error:
        message = f"{path}: {error.strerror}: the report was not written; {_NAME_IT}"
        raise RegistryError(message) from error


def _refuse_report(path: str, read: Collection[str]) -> str:
    name, there = os.path.basename(path), os.path.exists(path)
    same = (os.path.samefile(path, one) for one in read if os.path.exists(one))
    if _OWN.fullmatch(name) or kind_of(name) or (there and any(same)):
        return "`check` reads such a file itself"
    if os.path.islink(path):
        return "it is a link, and links are not followed"
    below = ".git" in os.path.realpath(path).lower().split(os.sep)
    return "it is below .git" if below else ""


@contextlib.contextmanager
def _signals_held() -> Iterator[list[int]]:
    """Yield the signals that came meanwhile; the first takes effect afterwards."""
    held: list[int] = []
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        for number, handler in before.items():
            # What is ignored (nohup) stays ignored.
            if handler != signal.SIG_IGN:
                signal.signal(number, lambda came, _: held.append(came))
        yield held
    finally:
        # Ctrl-C last: it may end this loop.
        for number in reversed(_SIGNALS):
            signal.signal(number, before[number])
    for came in held[:1]:
        signal.raise_signal(came)


def _find_target(root: Path, path: str) -> str:
    """Return the file that a path leads to; one that is not ours to replace is refused."""
    target = os.path.realpath(path)
    found = os.lstat(target)
    name, named = os.path.basename(target), os.path.basename(path)
    inside = target.startswith(os.path.join(os.path.realpath(root), ""))
    # Root may write anyway, but read-only is meant for root, too.
    writable = all(
        os.access(one, os.W_OK) and os.stat(one).st_mode & 0o222
        for one in (target, os.path.dirname(target))
    )
    reasons = (
        (not inside, f"it is outside the project ({target})"),
        (".git" in target.lower().split(os.sep), f"it is below .git ({target})"),
        (name != named and _OWN.fullmatch(name), f"it is a link to {name}"),
        (not stat.S_ISREG(found.st_mode), "it is no regular file"),
        (found.st_nlink > 1, "it has a second name, which would keep the old text"),
        (not writable, "it or its folder is read-only"),
    )
    for applies, reason in reasons:
        if applies:
            raise Refused(f"{path}: {reason}; {_NOTHING}")
    return target


@contextlib.contextmanager
def _new_file(target: str, data: bytes, like: str | None = None) -> Iterator[str]:
    """Write a file next to a target, with another's metadata, and yield its name."""
    folder = os.path.dirname(target)
    path = os.path.join(folder, f".registry-{secrets.token_hex(8)}.tmp")
    try:
        with open(path, "xb") as file:
            if like:
                _keep_metadata(file.fileno(), like)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        with contextlib.suppress(OSError):
            os.unlink(path)


def _keep_metadata(handle: int, like: str) -> None:
    """Give a new file the owner, mode and extended attributes (ACLs, too) of another."""
    found = os.stat(like)
    try:
        os.fchown(handle, found.st_uid, found.st_gid)
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
    if not hasattr(os, "listxattr"):
        return {}
    try:
        return {name: os.getxattr(file, name) for name in os.listxattr(file)}
    except OSError as error:
        if error.errno != errno.ENOTSUP:
            raise
        return {}


def _put_in_place(
    finished: Sequence[tuple[str, Change, str]], held: Sequence[int]
) -> None:
    """Rename each new file over its target; a failure or a signal takes all back."""
    done: dict[str, Change] = {}
    for target, change, new in finished:
        try:
            if held:
                raise KeyboardInterrupt
            found = Path(target).read_bytes()
            # Of a link and its target the second is changed already.
            if found not in (change.old, change.new):
                raise OSError(0, "it has changed since it was read")
            if found == change.old:
                # Before the rename: it may have happened even when an error comes back.
                done[target] = change
                os.replace(new, target)
        except (OSError, KeyboardInterrupt) as error:
            lost = [one.path for at, one in done.items() if not _put_back(at, one)]
            if not lost and isinstance(error, KeyboardInterrupt):
                raise
            advice = "(compare with your version control)"
            outcome = f"NOT put back: {', '.join(lost)} {advice}" if lost else _NOTHING
            reason = getattr(error, "strerror", "interrupted")
            raise Refused(f"{change.path}: {reason}; {outcome}") from error


def _put_back(target: str, change: Change) -> bool:
    """Give a file its old bytes again; tell whether it has them."""
    try:
        found = Path(target).read_bytes()
        if found == change.new:
            with _new_file(target, change.old, target) as old:
                os.replace(old, target)
    except OSError:
        return False
    return found in (change.old, change.new)


def undo_lines(paths: Sequence[str]) -> tuple[str, ...]:
    """Return how to get files back as they are now, a line for each way.

    :param paths: files that are about to be changed, and have not been yet.
    """
    here = _find_repository(Path.cwd())
    by_start: dict[str, list[str]] = {}
    by_hand, repositories = [], set()
    for path in paths:
        file = Path(path).resolve()
        repository = _find_repository(file.parent)
        repositories.add(repository)
        if repository and is_clean(path):
            # Only a submodule's own repository can restore its files.
            start = "." if repository == here else os.path.relpath(repository)
            by_start.setdefault(start, []).append(os.path.relpath(file, start))
        else:
            by_hand.append(printable(path))
    lines = []
    for start, names in sorted(by_start.items()):
        folder = [] if start == "." else ["-C", start]
        lines.append(shlex.join(["git", *folder, "checkout", "--", *names]))
    if by_hand:
        which = f" in {', '.join(by_hand)}" if lines else ""
        why = " (not a git repository)" if repositories == {None} else ""
        lines.append(f"restore the lines marked - above{which}{why}")
    return tuple(lines)


def is_clean(path: str) -> bool:
    """Tell whether ``git checkout`` gives back a file byte for byte as it is now.

    Git does not where it converts line ends, nor for a link or a name that is a pattern.
    """
    place, off = Path(path), []
    if place.is_symlink() or printable(path) != path or _PATTERN.search(path):
        return False
    try:
        settings = _run_git(place.parent, "config", "-z", "--list", "--name-only")
        for key in os.fsdecode(settings).split("\0"):
            if "=" in key:
                return False  # it could not be set
            # A filter is a program: each is set to nothing.
            if key.startswith("filter."):
                off += ["-c", f"{key}="]
        stored = ("cat-file", "--filters", f":./{place.name}")
        return _run_git(place.parent, *off, *stored) == place.read_bytes()
    except (OSError, subprocess.SubprocessError):
        return False


def _find_repository(folder: Path) -> Path | None:
    above = (folder, *folder.parents)
    return next((one for one in above if os.path.lexists(one / ".git")), None)


def _run_git(folder: Path, *args: str) -> bytes:
    # The index is left as it is, and nobody watches it.
    git = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false")
    return subprocess.run(  # noqa: S603 - fixed words and a file's name
        [*git, *args],
        cwd=folder,
        # What is missing is not fetched: an address can be a program as well.
        env={**os.environ, "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"},
        capture_output=True,
        timeout=5,
        check=True,
    ).stdout
