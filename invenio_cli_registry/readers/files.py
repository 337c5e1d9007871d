# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files below some paths are read, and their bytes.

With ``projects`` the only module of the readers that touches the disk. Special files are
never opened.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from functools import lru_cache
from operator import attrgetter
from typing import BinaryIO, Callable, Iterator, NamedTuple, Sequence, Tuple

from .projects import Place, find_project, settle
from .source import Problem, Source

LARGEST = 1 << 20
#: How much of a larger file is searched for the organisation's name: a dump has no end.
MOST_SEARCHED = 64 << 20
_NO_WAIT = os.O_NONBLOCK
_NEEDLE = b"inveniosoftware/"
_DOCKERFILE = "Dockerfile"
_DOT_FOLDERS = frozenset({".github", ".gitlab", ".devcontainer"})
_CLOSED_FOLDERS = frozenset({"node_modules", "site-packages", "__pycache__"})
_NAMED_LIKE = re.compile(r"dockerfile|containerfile", re.IGNORECASE)
_YAML = (".yml", ".yaml")
#: Compose files, by the names that Docker and invenio-cli look for.
_COMPOSE = re.compile(r"(docker-)?(compose|services)[\w.-]*\.ya?ml", re.IGNORECASE)
#: Endings of source and documentation: their name may say Dockerfile, they are none.
_OTHER = (
    ".adoc .bash .c .cfg .cjs .cpp .cs .css .csv .diff .dockerignore .fish .go .gz .h "
    ".htm .html .ini .ipynb .java .js .json .jsx .kt .lock .log .lua .md .mjs .patch "
    ".pdf .php .pl .png .ps1 .py .pyc .pyi .rb .rs .rst .scss .sh .sql .svg .swp .tar "
    ".tex .tf .toml .ts .tsx .txt .vim .vue .xml .zip .zsh"
)
_ENDINGS = tuple(_OTHER.split())


#: From a folder to its project, and to where the search for it ended.
_Locate = Callable[[str], Tuple[Place, str]]


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

    :param exclude: shell patterns, as of ``is_excluded``; a named file is read whatever
        they say.
    """
    seen: set[str] = set()
    locate = lru_cache(maxsize=None)(find_project)  # for as long as nothing moves
    # What is named is read as that, also when it lies below another path.
    for path in sorted(paths, key=os.path.isdir):
        for found in _find_below(path, exclude, locate):
            # Below one path alone nothing lies twice.
            where = os.path.abspath(found.path) if len(paths) > 1 else found.path
            if where not in seen:
                seen.add(where)
                yield found


def _find_below(
    path: str, exclude: Sequence[str], locate: _Locate
) -> Iterator[Found | Problem]:
    clean = _clean(path)
    if os.path.isdir(path):
        place, _ = locate(clean)
        place = place._replace(project=place.project or clean)
        yield from _find_in_folder(place, exclude)
    elif os.path.lexists(path):
        kind = "yaml" if clean.lower().endswith(_YAML) else "dockerfile"
        place, end = locate(os.path.dirname(clean) or os.curdir)
        yield Found(clean, kind, True, place.project or end)
    else:
        yield Problem(path, 0, "there is no such file or folder", fatal=True)


def _clean(path: str) -> str:
    """Return a path without detours; ``link/..`` is one where the link does not lie."""
    clean, real = os.path.normpath(path), os.path.realpath(path)
    return clean if os.path.realpath(clean) == real else real


def _find_in_folder(top: Place, exclude: Sequence[str]) -> Iterator[Found | Problem]:
    try:
        os.scandir(top.folder).close()
    except OSError as error:
        yield Problem(top.folder, 0, f"{error.strerror}: it was not read", fatal=True)
        return
    for at, files in _walk(top, exclude):
        if at.project == at.folder:
            yield Found(at.folder, "folder", False, at.folder)
        for name, kind in files:
            yield Found(_join(at.folder, name), kind, False, at.project)


def _walk(
    top: Place, exclude: Sequence[str]
) -> Iterator[tuple[Place, list[tuple[str, str]]]]:
    """Yield each folder with the files in it that are read; links are not entered."""
    waiting = [top]
    while waiting:
        place = waiting.pop()
        entries = _scan(place.folder)
        names = {entry.name for entry in entries}
        if place is not top:
            if "pyvenv.cfg" in names:
                continue
            place = settle(place, names, top.project)
        files, folders = [], []
        for entry in entries:
            path = _join(place.folder, entry.name)
            if exclude and is_excluded(path, exclude):
                continue
            if entry.is_dir(follow_symlinks=False) and _is_entered(entry.name):
                folders.append(place._replace(folder=path))
            kind = _kind_of_entry(entry, path)
            if kind:
                files.append((entry.name, kind))
        yield place, files
        waiting.extend(reversed(folders))


def _scan(folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=attrgetter("name"))
    except OSError:
        return []  # A folder that nobody may read is none of the instance's build.


def _kind_of_entry(entry: os.DirEntry[str], path: str) -> str:
    """Return how an entry is read; a folder of a Dockerfile's name is said to be none."""
    kind = kind_of(entry.name)
    if kind and (entry.is_dir(follow_symlinks=False) or _leads_to_folder(entry, path)):
        return kind if entry.name == _DOCKERFILE else ""
    return kind


def _leads_to_folder(entry: os.DirEntry[str], path: str) -> bool:
    return entry.is_symlink() and os.path.isdir(path)


def kind_of(name: str) -> str:
    """Return how a file of this name is read, ``""`` when it is not."""
    lower = name.lower()
    if lower.startswith(".#"):  # An editor's lock: a link to nothing.
        return ""
    if lower.endswith(_YAML):
        return "yaml"
    if _NAMED_LIKE.search(lower) and not lower.endswith(_ENDINGS):
        return "dockerfile"
    return ""


def is_compose(path: str) -> bool:
    """Tell whether a file is a compose file, by its name."""
    return bool(_COMPOSE.fullmatch(os.path.basename(path)))


def _is_entered(name: str) -> bool:
    if name.startswith("."):
        return name in _DOT_FOLDERS
    return name not in _CLOSED_FOLDERS


def is_excluded(path: str, exclude: Sequence[str]) -> bool:
    """Tell whether one of some shell patterns matches a path, or its last part.

    A path is held against them as reached from the current directory. A star stands for
    slashes, too, and ``**/`` for nothing as well.
    """
    path = os.path.relpath(path) if os.path.isabs(path) else path
    texts = (path, os.path.basename(path))
    patterns = [os.path.normpath(pattern) for pattern in exclude]
    patterns += [pattern[3:] for pattern in patterns if pattern.startswith("**/")]
    return any(fnmatch.fnmatch(text, pattern) for text in texts for pattern in patterns)


def lies_below(path: str, folder: str) -> bool:
    """Tell whether a path leads to a file in a folder, with every link followed."""
    root, real = os.path.realpath(folder), os.path.realpath(path)
    return os.path.isfile(real) and os.path.commonpath([root, real]) == root


def _join(folder: str, name: str) -> str:
    return name if folder == os.curdir else os.path.join(folder, name)


def read_source(
    found: Found, is_wanted: Callable[[bytes], bool] | None = None
) -> Source | Problem | None:
    """Read a file, at most ``LARGEST`` bytes of it.

    :param is_wanted: tells by its bytes whether a file that was not named is worth more.
    :returns: None for a file that is passed over: one that is not wanted, a special file
        or a link to nothing that no build could need, or one with NUL bytes that was not
        named.
    """
    needed = found.named or found.kind == "dockerfile" or is_compose(found.path)
    try:
        status = os.stat(found.path)
        if not stat.S_ISREG(status.st_mode):
            return _refuse(found, "it is no regular file", needed)
        with open_at_once(found.path) as file:
            data = _read_start(file, status.st_size)
            if len(data) > LARGEST:
                return _read_large(found, data, file)
    except FileNotFoundError as error:
        return _refuse(found, f"{error.strerror}: it was not read", needed)
    except OSError as error:
        return Problem(found.path, 0, f"{error.strerror}: it was not read", needed)
    if is_wanted and not found.named and not is_wanted(data):
        return None
    source = Source.from_bytes(found.path, data)
    if "\0" in source.text:
        return _refuse(found, "it holds NUL bytes: it is no text", found.named)
    return source


def open_at_once(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a file for reading, and wait for nobody.

    Some files of the kernel look like any other and wait for what is to come, and a pipe
    may have taken the place of a file that was looked at before.
    """
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | _NO_WAIT))


def _read_start(file: BinaryIO, size: int) -> bytes:
    """Return a file's bytes, one more than ``LARGEST`` of a larger one.

    :param size: as the system says; what it makes up itself may be longer.
    """
    # A buffer of LARGEST for each file would take longer than the reading.
    data = file.read(min(size, LARGEST) + 1) or b""  # None: there is nothing yet
    return (
        data
        if len(data) <= size
        else data + (file.read(LARGEST + 1 - len(data)) or b"")
    )


def _refuse(found: Found, message: str, needed: bool) -> Problem | None:
    return Problem(found.path, 0, message, True) if needed else None


def _read_large(found: Found, data: bytes, file: BinaryIO) -> Problem | None:
    """Return the line that names the organisation in a file that is too large to read."""
    if b"\0" in data:
        return _refuse(found, "it holds NUL bytes: it is no text", found.named)
    line, tail = 1, b""
    while data and file.tell() <= MOST_SEARCHED:
        chunk = tail + data
        at = chunk.find(_NEEDLE)
        if at >= 0:
            line += chunk.count(b"\n", 0, at)
            text = "it is larger than 1 MiB, and was not read; this line names an image"
            return Problem(found.path, line, text, found.named)
        tail = chunk[-len(_NEEDLE) :]
        line += chunk.count(b"\n", 0, len(chunk) - len(tail))
        data = file.read(LARGEST)
    return _refuse(found, "it is larger than 1 MiB, and was not read", found.named)
