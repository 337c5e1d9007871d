# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Whether git can give a file back; nothing that its repository names is run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Iterator

_SECONDS = 5
#: A file's name is no pattern, the index is left as it is, and nobody watches it.
_GIT = (
    *("git", "--no-optional-locks", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=false"),
)
_FILTERS = ("config", "-z", "--name-only", "--get-regexp", r"^filter\.")
_STATUS = ("status", "--porcelain", "--ignored", "--")


def is_clean(path: str) -> bool:
    """Tell whether git has a file as it is now: neither changed nor unknown to it."""
    place = Path(path)
    if place.is_symlink():
        return False  # Git keeps the link, and not what it leads to.
    try:
        said = _run(place.parent, *_silence(place.parent), *_STATUS, place.name)
    except (OSError, ValueError, subprocess.SubprocessError):
        return False
    return not said


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
