# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files below some paths are read, and to which project each belongs.

The only module of the readers that touches the disk. Special files are never opened.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from typing import BinaryIO, Iterator, NamedTuple, Sequence

from .source import Problem, Source

LARGEST = 1 << 20
_NEEDLE = b"inveniosoftware/"
_MARKERS = ("Pipfile", "pyproject.toml")
_INVENIO = ".invenio"
_DOCKERFILE = "Dockerfile"
_DOT_FOLDERS = frozenset({".github", ".gitlab", ".devcontainer"})
_CLOSED_FOLDERS = frozenset({"node_modules", "site-packages", "__pycache__"})
_NAMED_LIKE = re.compile(r"dockerfile|containerfile", re.IGNORECASE)
_YAML = (".yml", ".yaml")
#: Endings of source and documentation: their name may say Dockerfile, they are none.
_OTHER = (
    ".adoc .c .cfg .css .diff .dockerignore .go .htm .html .ini .ipynb .java .js .json "
    ".jsx .lock .lua .md .patch .pdf .php .pl .png .py .pyc .rb .rs .rst .sh .svg .swp "
    ".toml .ts .tsx .txt .xml"
)
_ENDINGS = tuple(_OTHER.split())


class Found(NamedTuple):
    """A file to read."""

    path: str  #: as reached from the current directory
    kind: str  #: ``dockerfile``, ``yaml``, or ``folder``: a project's own
    named: bool  #: it was named itself, not found below a folder
    project: str  #: folder of its project, as reached from the current directory


def find_files(
    paths: Sequence[str], exclude: Sequence[str] = ()
) -> Iterator[Found | Problem]:
    """Yield what is to be read below the paths, each file once, in a fixed order.

    A project's folder comes first, as kind ``folder``, also when nothing else is in it.

    :param exclude: shell patterns, held against each path and against its last part.
    """
    seen: set[str] = set()
    projects = _Projects()
    for path in paths:
        for found in _find_below(path, exclude, projects):
            if isinstance(found, Problem) or found.path not in seen:
                seen.add(found.path)
                yield found


def _find_below(
    path: str, exclude: Sequence[str], projects: _Projects
) -> Iterator[Found | Problem]:
    clean = os.path.normpath(path)
    if os.path.isdir(path):
        root = projects.find(clean, clean)
        if root == clean:
            yield Found(root, "folder", False, root)
        for folder, names in _walk(clean, exclude):
            project = projects.find(folder, root)
            if project == folder:
                yield Found(folder, "folder", False, folder)
            for name, kind in names:
                yield Found(_join(folder, name), kind, False, project)
    elif os.path.lexists(path):
        kind = "yaml" if clean.lower().endswith(_YAML) else "dockerfile"
        folder = os.path.dirname(clean) or os.curdir
        yield Found(clean, kind, True, projects.find(folder, None))
    else:
        yield Problem(path, 0, "there is no such file or folder", fatal=True)


def _walk(
    top: str, exclude: Sequence[str]
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield each folder with the files in it that are read; links are not entered."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        files, folders = [], []
        for entry in _scan(folder):
            path = _join(folder, entry.name)
            if exclude and _is_excluded(path, exclude):
                continue
            if entry.is_dir(follow_symlinks=False) and _is_entered(path, entry.name):
                folders.append(path)
            kind = _kind_of_entry(entry)
            if kind:
                files.append((entry.name, kind))
        yield folder, sorted(files)
        waiting.extend(sorted(folders, reverse=True))


def _kind_of_entry(entry: os.DirEntry[str]) -> str:
    """Return how an entry is read; a folder of a Dockerfile's name is said to be none."""
    if entry.is_dir():
        return "dockerfile" if entry.name == _DOCKERFILE else ""
    return kind_of(entry.name)


def _scan(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []  # A folder that nobody may read is none of the instance's build.


def kind_of(name: str) -> str:
    """Return how a file of this name is read, ``""`` when it is not."""
    lower = name.lower()
    if lower.endswith(_YAML):
        return "yaml"
    if _NAMED_LIKE.search(lower) and not lower.endswith(_ENDINGS):
        return "dockerfile"
    return ""


def _is_entered(path: str, name: str) -> bool:
    if name.startswith("."):
        return name in _DOT_FOLDERS
    if name in _CLOSED_FOLDERS:
        return False
    return not os.path.lexists(os.path.join(path, "pyvenv.cfg"))


def _is_excluded(path: str, exclude: Sequence[str]) -> bool:
    name = os.path.basename(path)
    return any(
        fnmatch.fnmatch(path, pattern.rstrip("/"))
        or fnmatch.fnmatch(name, pattern.rstrip("/"))
        for pattern in exclude
    )


def _join(folder: str, name: str) -> str:
    return name if folder == os.curdir else os.path.join(folder, name)


class _Projects:
    """Which folder's project a folder belongs to; each is looked at once."""

    def __init__(self) -> None:
        self._marks: dict[str, str] = {}

    def find(self, folder: str, fallback: str | None) -> str:
        """Return the project's folder, as reached from the current directory.

        The nearest folder at or above it with ``.invenio``; without one, the nearest with
        another marker. The search ends at the repository's root, else at the current
        folder.

        :param fallback: the folder of a project without any marker; None: where the
            search ended.
        """
        nearest, top = "", folder
        for top in self._upwards(folder):
            mark = self._mark(top)
            if mark == _INVENIO:
                return top
            if mark and not nearest:
                nearest = top
        return nearest or (top if fallback is None else fallback)

    def _mark(self, folder: str) -> str:
        """Return the marker that a folder holds, ``.invenio`` before the others."""
        if folder not in self._marks:
            names = (_INVENIO, *_MARKERS)
            found = (
                name for name in names if os.path.isfile(os.path.join(folder, name))
            )
            self._marks[folder] = next(found, "")
        return self._marks[folder]

    def _upwards(self, folder: str) -> Iterator[str]:
        """Yield a folder and those above it, up to where the search ends."""
        here = os.path.realpath(os.curdir)
        while True:
            yield folder
            real = os.path.realpath(folder)
            above = os.path.dirname(real)
            if self._is_root(folder) or real == above:
                return
            if real == here and not self._has_root_above(real):
                return
            parent = os.path.dirname(folder)
            inside = parent and parent != folder and os.path.basename(folder) != ".."
            folder = os.path.relpath(above) if not inside else parent

    def _is_root(self, folder: str) -> bool:
        return os.path.lexists(os.path.join(folder, ".git"))

    def _has_root_above(self, real: str) -> bool:
        while os.path.dirname(real) != real:
            real = os.path.dirname(real)
            if self._is_root(real):
                return True
        return False


def read_source(found: Found) -> Source | Problem | None:
    """Read a file, at most ``LARGEST`` bytes of it.

    :returns: None for a file that is passed over: a special file, or one with NUL bytes
        that was not named.
    """
    try:
        status = os.stat(found.path)
        if not stat.S_ISREG(status.st_mode):
            return _refuse(found, "it is no regular file", fatal=True)
        with open(found.path, "rb") as file:
            data = file.read(LARGEST + 1)
            if len(data) > LARGEST:
                return _read_large(found, data, file)
    except OSError as error:
        fatal = found.named or found.kind == "dockerfile"
        return Problem(found.path, 0, f"{error.strerror}: it was not read", fatal)
    source = Source.from_bytes(found.path, data)
    if "\0" in source.text:
        return _refuse(found, "it holds NUL bytes: it is no text", fatal=False)
    return source


def _refuse(found: Found, message: str, fatal: bool) -> Problem | None:
    fatal = fatal and found.kind == "dockerfile"
    return Problem(found.path, 0, message, True) if fatal or found.named else None


def _read_large(found: Found, data: bytes, file: BinaryIO) -> Problem | None:
    """Return the line that names the organisation in a file that is too large to read."""
    line, tail = 1, b""
    while data:
        chunk = tail + data
        at = chunk.find(_NEEDLE)
        if at >= 0:
            line += chunk.count(b"\n", 0, at)
            text = "it is larger than 1 MiB, and was not read; this line names an image"
            return Problem(found.path, line, text, found.named)
        tail = chunk[-len(_NEEDLE) :]
        line += chunk.count(b"\n", 0, len(chunk) - len(tail))
        data = file.read(LARGEST)
    text = "it is larger than 1 MiB, and was not read"
    return Problem(found.path, 0, text, True) if found.named else None
