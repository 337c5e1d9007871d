# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files below some paths are read, to which instance each belongs, and its bytes.

Special files are never opened, and nothing is read without a limit.
"""

from __future__ import annotations

import codecs
import fnmatch
import os
import re
import stat
from functools import lru_cache
from operator import attrgetter
from typing import Callable, Collection, Iterable, Iterator, NamedTuple, Sequence

from .model import Problem, Source

#: Bytes of a file that is read. A lock with every wheel of 300 packages exceeds 1 MiB.
LARGEST, LARGEST_LOCK = 1 << 20, 16 << 20
#: How much of a larger file is searched for the organisation's name: a dump has no end.
_MOST_SEARCHED = 64 << 20
#: UTF-32-LE begins with the mark of UTF-16-LE.
_NOT_UTF8 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)

#: The lock file of each package manager.
LOCKS = {"pipenv": "Pipfile.lock", "uv": "uv.lock", "poetry": "poetry.lock"}
_REQUIREMENTS = re.compile(r"(.*/)?requirements[\w.-]*\.(txt|in)")
_MANIFESTS = frozenset({"Pipfile", "pyproject.toml", "setup.cfg"})
_APPLICATION = r"(?P<name>invenio[-_.]app[-_.](?P<flavour>rdm|ils))"
#: As a key, a table, the beginning of a string or of a line, or in pip's ``#egg=``.
_DEPENDS = re.compile(
    rf"""(?i)(?:^[ \t]*['"]?|['"]|egg=|^\[(?:[\w-]+\.)+['"]?){_APPLICATION}"""
    r"""(?=\s*(?:$|[]\[<>=!~@;,('"]))"""
)
_PINNED = re.compile(r"(?:[~=]=|[~^])\s*v?\d")
_IS_APPLICATION = re.compile(
    rf"""(?im)^[ \t]*name[ \t]*=[ \t]*['"]?{_APPLICATION}['"]?[ \t\r]*,?[ \t\r]*$"""
)
_COMMENT = re.compile(r"(?:^|\s)[#;].*")
_SECTION = re.compile(r"^\[([^]\n]+)\]", re.MULTILINE)
_NO_DEPENDENCY = ("keywords", "description", "known_")
#: Folders of an instance that hold a part of it, whatever their manifests require.
_PARTS = frozenset({"site", "docker"})

_DOT_FOLDERS = frozenset({".github", ".gitlab", ".devcontainer"})
_CLOSED_FOLDERS = frozenset({"node_modules", "site-packages", "__pycache__"})
_YAML = (".yml", ".yaml")
#: Compose files, by the names that Docker and invenio-cli look for.
_COMPOSE = re.compile(r"(?is)(.*/)?(docker-)?(compose|services)[\w.-]*\.ya?ml")
#: Endings of source and documentation: no Dockerfile, even if the name says so.
_OTHER = (
    ".adoc .bash .c .cfg .cjs .cpp .cs .css .csv .diff .dockerignore .fish .go .gz .h "
    ".htm .html .ini .ipynb .java .js .json .jsx .kt .lock .log .lua .md .mjs .patch "
    ".pdf .php .pl .png .ps1 .py .pyc .pyi .rb .rs .rst .scss .sh .sql .svg .swp .tar "
    ".tex .tf .toml .ts .tsx .txt .vim .vue .xml .zip .zsh"
)
_ENDINGS = tuple(_OTHER.split())


class Unreadable(ValueError):
    """A file cannot be read or understood; the message says what to do about it."""

    def __init__(self, message: str, line: int = 0) -> None:
        """Keep the line, 0 for the whole file."""
        super().__init__(message)
        self.line = line


class Found(NamedTuple):
    """A file to read."""

    path: str  #: as reached from the current directory
    kind: str  #: ``dockerfile``, ``yaml``, or ``folder``: an instance, before its files
    named: bool  #: it was named itself, not found below a folder
    project: str  #: folder of its project, as reached from the current directory


class _Place(NamedTuple):
    """A folder, and the project that its files belong to."""

    folder: str
    project: str  #: an instance, a repository, or ``""``
    instance: bool = False


def find_files(
    paths: Sequence[str], exclude: Sequence[str] = ()
) -> Iterator[Found | Problem]:
    """Yield what is to be read below the paths, each file once, in a fixed order.

    :param exclude: shell patterns, as of ``is_excluded``; a named file is read anyway.
    """
    seen: set[str] = set()
    # What is named is read as named, even when it is also below another path.
    for path in sorted(paths, key=os.path.isdir):
        for found in _find_below(path, exclude):
            where = os.path.abspath(found.path)
            if isinstance(found, Problem) or where not in seen:
                seen.add(where)
                yield found


def _find_below(path: str, exclude: Sequence[str]) -> Iterator[Found | Problem]:
    clean, real = os.path.normpath(path), os.path.realpath(path)
    if os.path.realpath(clean) != real:  # ``link/..`` is not a detour.
        clean = real
    if os.path.isdir(path):
        place = _locate(clean)
        top = place if place.instance else _Place(clean, clean)
        yield from _find_in_folder(top, exclude)
    elif os.path.lexists(path):
        kind = "yaml" if clean.lower().endswith(_YAML) else "dockerfile"
        folder = os.path.dirname(clean) or os.curdir
        yield Found(clean, kind, True, _locate(folder).project or folder)
    else:
        yield Problem(path, 0, "there is no such file or folder", fatal=True)


def _find_in_folder(top: _Place, exclude: Sequence[str]) -> Iterator[Found | Problem]:
    """Yield the files of a folder and those below; links to folders are not entered."""
    waiting = [top]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place.folder) as scanned:
                entries = sorted(scanned, key=attrgetter("name"))
        except OSError as error:
            message = f"{error.strerror}: the folder was not read"
            yield Problem(place.folder, 0, message, fatal=True)
            continue
        names = {entry.name for entry in entries}
        if place.folder != top.folder:
            if "pyvenv.cfg" in names:
                continue
            place = _settle(place, names)
        if place.instance and place.folder == place.project:
            yield Found(place.project, "folder", False, place.project)
        files, folders = _sort_entries(place, entries, exclude)
        yield from files
        waiting.extend(reversed(folders))


def _sort_entries(
    place: _Place, entries: Sequence[os.DirEntry[str]], exclude: Sequence[str]
) -> tuple[list[Found], list[_Place]]:
    """Return the files that are read, and the folders that are entered."""
    files, folders = [], []
    for entry in entries:
        name, path = entry.name, join(place.folder, entry.name)
        if exclude and is_excluded(path, exclude):
            continue
        closed = name in _CLOSED_FOLDERS or (
            name[0] == "." and name not in _DOT_FOLDERS
        )
        if not closed and entry.is_dir(follow_symlinks=False):
            folders.append(place._replace(folder=path))
        kind = kind_of(name)
        # A link may lead to a folder, or to itself.
        if kind and not (os.path.isdir(path) if entry.is_symlink() else entry.is_dir()):
            files.append(Found(path, kind, False, place.project))
    return files, folders


@lru_cache(maxsize=1 << 12)
def kind_of(name: str) -> str:
    """Return how a file of this name is read, ``""`` when it is not."""
    lower = name.lower()
    if lower.startswith(".#"):  # An editor's lock: a link to nothing.
        return ""
    if lower.endswith(_YAML):
        return "yaml"
    is_named_so = "dockerfile" in lower or "containerfile" in lower
    return "dockerfile" if is_named_so and not lower.endswith(_ENDINGS) else ""


def is_requirements(path: str) -> bool:
    """Tell whether a file has requirements of pip, by its name."""
    return _REQUIREMENTS.fullmatch(path) is not None


def is_compose(path: str) -> bool:
    """Tell whether a file is a compose file, by its name."""
    return _COMPOSE.fullmatch(path) is not None


def is_excluded(path: str, exclude: Sequence[str]) -> bool:
    """Tell whether one of some shell patterns matches a path, or its last part.

    A path is compared as reached from the current directory. A star also matches slashes,
    and ``**/`` also matches nothing.
    """
    path = os.path.relpath(path) if os.path.isabs(path) else path
    texts = (path, os.path.basename(path))
    patterns = [os.path.normpath(pattern) for pattern in exclude]
    patterns += [pattern[3:] for pattern in patterns if pattern.startswith("**/")]
    return any(fnmatch.fnmatch(text, pattern) for text in texts for pattern in patterns)


def drop_excluded(files: Iterable[Found], exclude: Sequence[str]) -> list[Found]:
    """Return what was named, or is not excluded, nor a folder between it and its project."""

    def is_kept(file: Found) -> bool:
        path = file.path
        while path not in (file.project, "", os.sep):
            if is_excluded(path, exclude):
                return file.named
            path = os.path.dirname(path)
        return True

    return [file for file in files if is_kept(file)] if exclude else [*files]


def is_below(path: str, folder: str) -> bool:
    """Tell whether a path leads to a file in a folder, with every link followed."""
    root, real = os.path.realpath(folder), os.path.realpath(path)
    return os.path.isfile(real) and os.path.commonpath([root, real]) == root


def join(folder: str, name: str) -> str:
    """Return the path of a file in a folder, as it is printed."""
    return name if folder == os.curdir else os.path.join(folder, name)


def default_path() -> str:
    """Return the instance that contains the current folder, as reached from it, or ``.``."""
    place = _locate(os.curdir)
    return place.project if place.instance else os.curdir


def find_root(folder: str) -> str:
    """Return the real path of the repository that contains a folder, or of the folder."""
    return list_above(os.path.realpath(folder))[-1]


def list_above(folder: str, *, beyond: bool = False) -> list[str]:
    """Return a folder and those above it, up to the root of its repository.

    Each as reached from the current directory. Without a repository: the folder alone.

    :param beyond: go up without a repository, too. The list ends in any case below the
        folder that the home directory is in, and at a folder of another user.
    """
    home, above = os.path.realpath(os.path.expanduser("~")), [folder]
    while not os.path.lexists(os.path.join(above[-1], ".git")):
        parent = os.path.normpath(os.path.join(above[-1], os.pardir))
        real = os.path.realpath(parent)
        is_above_home = real != home and os.path.commonpath([real, home]) == real
        is_top = real == os.path.realpath(above[-1])
        if is_top or is_above_home or _owner(parent) != _owner(folder):
            return above if beyond else [folder]
        above.append(parent)
    return above


def _owner(folder: str) -> int:
    try:
        return os.stat(folder).st_uid
    except OSError:
        return -1


def _locate(folder: str) -> _Place:
    """Return a folder with the instance or repository that contains it."""
    above = list_above(folder, beyond=True)
    place = _Place(above[-1], "")
    for one in reversed(above):
        place = _settle(place._replace(folder=one), list_names(one))
    return place


def list_names(folder: str) -> set[str]:
    """Return the names in a folder, none of one that cannot be read."""
    try:
        return set(os.listdir(folder))
    except OSError:
        return set()


def _settle(inside: _Place, names: Collection[str]) -> _Place:
    """Return a folder with the project that it begins, or else the one around it.

    Inside of another instance one has to have ``.invenio``, or to require one version of
    the application: the packages of an instance require it as well, but not one of its own.
    """
    folder = inside.folder
    if ".git" in names:
        inside = _Place(folder, folder)

    def peek(name: str) -> str:
        try:
            return read_file(join(folder, name), LARGEST_LOCK).text
        except Unreadable:
            return ""

    found = find_application([*names, *find_requirements(folder, names)], peek)
    if found and inside.instance:
        below = os.path.relpath(folder, inside.project)
        found = found if found[1] and _PARTS.isdisjoint(below.split(os.sep)) else None
    if found or (".invenio" in names and is_marker(peek(".invenio"))):
        return _Place(folder, folder, True)
    return inside


def is_marker(text: str) -> bool:
    """Tell whether an ``.invenio`` has more than settings of ours."""
    return not {"registry"}.issuperset(_SECTION.findall(text))


def find_application(
    names: Iterable[str], read: Callable[[str], str]
) -> tuple[str, bool] | None:
    """Return ``RDM`` or ``ILS`` when manifests depend on that, and whether on one version.

    :returns: None for the repository of the application itself, too.
    :param read: returns a file's text, "" for one that is not there.
    """
    known = (name for name in names if name in _MANIFESTS or is_requirements(name))
    texts = [read(name) for name in sorted({*known})]
    if not texts or any(map(_IS_APPLICATION.search, (*texts, read("setup.py")))):
        return None
    for text in texts:
        for _, line, found in find_dependencies(text):
            return found["flavour"].upper(), bool(_PINNED.search(line, found.end()))
    for name in LOCKS.values():
        locked = re.search(f'"{_APPLICATION}"', read(name))
        if locked:
            return locked["flavour"].upper(), False
    return None


def find_requirements(folder: str, names: Collection[str]) -> list[str]:
    """Return the files of requirements in a folder, then those next to its Dockerfiles."""
    found = sorted(filter(is_requirements, names))
    if "docker" in names:
        inside = sorted(list_names(os.path.join(folder, "docker")))
        for below in ("docker", *(f"docker/{name}" for name in inside)):
            some = sorted(list_names(os.path.join(folder, below)))
            found += [f"{below}/{name}" for name in some if is_requirements(name)]
    return found


def find_dependencies(text: str) -> Iterator[tuple[int, str, re.Match[str]]]:
    """Yield each line of a manifest that depends on an application of Invenio.

    :returns: the line's offset, the line without its comment, and the match in it.
    """
    start = 0
    for line in text.split("\n") if "nvenio" in text else ():
        if "nvenio" in line and not line.lstrip().startswith(_NO_DEPENDENCY):
            bare = _COMMENT.sub("", line)
            found = _DEPENDS.search(bare)
            if found:
                yield start, bare, found
        start += len(line) + 1


def read_file(path: str, limit: int = LARGEST) -> Source:
    """Return a regular file as text.

    :raises Unreadable: it is none, larger than ``limit`` bytes, or not UTF-8.
    """
    data = _read_start(path, limit)
    if len(data) > limit:
        raise Unreadable(f"it is larger than {limit >> 20} MiB, so it was not read")
    return _decode(path, data)


def read_source(
    found: Found, is_wanted: Callable[[bytes], bool] | None = None
) -> Source | Problem | None:
    """Read a file, at most ``LARGEST`` bytes of it.

    :param is_wanted: tells by its bytes whether a file that was not named matters.
    """
    needed = found.named or found.kind == "dockerfile" or is_compose(found.path)
    try:
        data = _read_start(found.path, _MOST_SEARCHED)
        if len(data) <= LARGEST:
            wanted = found.named or is_wanted is None or is_wanted(data)
            return _decode(found.path, data) if wanted else None
    except Unreadable as error:
        return Problem(found.path, 0, str(error), fatal=needed)
    message = "larger than 1 MiB, so it was not read"
    at = data.find(b"inveniosoftware/")
    if at < 0:
        return Problem(found.path, 0, message, fatal=True) if needed else None
    line = data.count(b"\n", 0, at) + 1
    return Problem(found.path, line, f"{message}; this line names an image", needed)


def _read_start(path: str, limit: int) -> bytes:
    """Return a regular file's bytes, one more than ``limit`` of a larger one."""
    try:
        # Opening a pipe waits for its other end, so the kind is asked first; and a pipe
        # may have taken the place of the file since.
        status = os.stat(path)
        if stat.S_ISREG(status.st_mode):
            size = min(status.st_size, limit)
            with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                # Asking for more than there is takes five times as long.
                data = file.read(size + 1) or b""  # None: there is nothing yet
                grown = file.read(limit - size) if len(data) > size else None
                return data + (grown or b"")
    except OSError as error:
        raise Unreadable(f"{error.strerror}: it was not read") from error
    what = "a folder" if os.path.isdir(path) else "not a regular file"
    raise Unreadable(f"it is {what}, so it was not read")


def _decode(path: str, data: bytes) -> Source:
    if data.startswith(_NOT_UTF8):
        raise Unreadable("it is not UTF-8: save it as UTF-8")
    if b"\0" in data:
        raise Unreadable("it contains NUL bytes, so it is not text")
    return Source.from_bytes(path, data)
