# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""How to get changed files back: with git where that works, else by hand.

Git is asked; no program that a repository names is run.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import Iterator, Sequence

from .terminal import printable

_SECONDS = 5
#: The index is left as it is, and nobody watches it.
_GIT = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false")
_PATTERN = re.compile(r"^:|[*?[\\]")
_FILTERS = ("config", "-z", "--name-only", "--get-regexp", r"^filter\.")


def undo_lines(paths: Sequence[str]) -> tuple[str, ...]:
    """Return how to get files back as they are now, a line for each way.

    :param paths: files that are about to be changed, and have not been yet.
    """
    here = _find_repository(os.path.realpath(os.curdir))
    by_repository: dict[str, list[str]] = {}
    by_hand, repositories = [], set()
    for path in paths:
        repository = _find_repository(os.path.dirname(os.path.realpath(path)))
        repositories.add(repository)
        if repository and is_clean(path):
            by_repository.setdefault(repository, []).append(os.path.realpath(path))
        else:
            by_hand.append(printable(path))
    lines = []
    for repository, files in sorted(by_repository.items()):
        # Only a submodule's own repository can restore its files.
        start = os.path.realpath(os.curdir) if repository == here else repository
        folder = [] if repository == here else ["-C", os.path.relpath(repository)]
        names = [os.path.relpath(path, start) for path in files]
        lines.append(shlex.join(["git", *folder, "checkout", "--", *names]))
    if by_hand:
        which = f" in {', '.join(by_hand)}" if lines else ""
        why = " (not a git repository)" if repositories == {None} else ""
        lines.append(f"restore the lines marked - above{which}{why}")
    return tuple(lines)


def is_clean(path: str) -> bool:
    """Tell whether ``git checkout`` gives back a file byte for byte as it is now.

    Git does not for a file that it does not know, that has changed, or whose line ends it
    converts (``core.autocrlf``), nor for a link, nor for a name that is a pattern.
    """
    place = Path(path)
    if place.is_symlink() or printable(path) != path or _PATTERN.search(path):
        return False
    try:
        options = _silence(place.parent)
        stored = ("cat-file", "--filters", f":./{place.name}")
        return _run(place.parent, *options, *stored) == place.read_bytes()
    except (OSError, ValueError, subprocess.SubprocessError):
        return False


def _find_repository(folder: str) -> str | None:
    """Return the nearest folder with ``.git`` at or above a folder."""
    above = (str(one) for one in (Path(folder), *Path(folder).parents))
    found = (one for one in above if os.path.lexists(os.path.join(one, ".git")))
    return next(found, None)


def _silence(folder: Path) -> Iterator[str]:
    """Yield options that set every filter of a repository to nothing: they are programs.

    :raises ValueError: the name of one is made so that this could not be done.
    """
    for key in _run(folder, *_FILTERS, may_fail=True).split(b"\0"):
        if b"=" in key:
            raise ValueError("a filter's name")
        if key:
            yield from ("-c", f"{os.fsdecode(key)}=")


def _run(folder: Path, *args: str, may_fail: bool = False) -> bytes:
    done = subprocess.run(  # noqa: S603 - fixed words and a file's name
        [*_GIT, *args],
        cwd=folder,
        # What is missing is not fetched: an address can be a program as well.
        env={**os.environ, "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"},
        capture_output=True,
        timeout=_SECONDS,
        check=not may_fail,
    )
    return done.stdout
