# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which files below some paths are read, to which instance each belongs, and its bytes.

Special files are never opened, and nothing is read without a limit.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import re
import stat
from functools import lru_cache
from operator import attrgetter
from typing import (
    BinaryIO,
    Callable,
    Collection,
    Iterable,
    Iterator,
    NamedTuple,
    Sequence,
)

from .model import Problem, Source

#: Bytes of a file that is read.
LARGEST = 1 << 20
#: How much of a larger file is searched for the organisation's name: a dump has no end.
_MOST_SEARCHED = 64 << 20
_NEEDLE = b"inveniosoftware/"

#: What a dependency on an application of Invenio is written in, and its lock files.
_REQUIREMENTS = re.compile(r"requirements[\w.-]*\.(txt|in)")
LOCKS = ("Pipfile.lock", "uv.lock", "poetry.lock")
_MANIFESTS = frozenset({"Pipfile", "pyproject.toml", "setup.cfg"})
_APPLICATION = r"(?P<name>invenio[-_.]app[-_.](?P<flavour>rdm|ils))"
#: As a key, a table, the beginning of a string or of a line, or in pip's ``#egg=``.
_DEPENDS = re.compile(
    rf"""(?:^[ \t]*['"]?|['"]|egg=|^\[(?:[\w-]+\.)+['"]?){_APPLICATION}"""
    r"""(?=\s*(?:$|[]\[<>=!~@;,('"]))""",
    re.IGNORECASE,
)
_PINNED = re.compile(r"(?:[~=]=|[~^])\s*v?\d")
_IS_APPLICATION = re.compile(
    rf"""^[ \t]*name[ \t]*=[ \t]*['"]?{_APPLICATION}['"]?[ \t\r]*,?[ \t\r]*$""",
    re.IGNORECASE | re.MULTILINE,
)
_COMMENT = re.compile(r"(?:^|\s)[#;].*")
_SECTION = re.compile(r"^\[([^]\n]+)\]", re.MULTILINE)
_NO_DEPENDENCY = ("keywords", "description", "known_")
#: Folders of an instance that hold a part of it, whatever their manifests require.
_PARTS = frozenset({"site", "docker"})

_DOT_FOLDERS = frozenset({".github", ".gitlab", ".devcontainer"})
_CLOSED_FOLDERS = frozenset({"node_modules", "site-packages", "__pycache__"})
_NAMED_LIKE = re.compile(r"dockerfile|containerfile", re.IGNORECASE)
_YAML = (".yml", ".yaml")
#: Compose files, by the names that Docker and invenio-cli look for.
_COMPOSE = re.compile(r"(docker-)?(compose|services)[\w.-]*\.ya?ml", re.IGNORECASE)
#: Endings of source and documentation: no Dockerfile, even if the name says so.
_OTHER = (
    ".adoc .bash .c .cfg .cjs .cpp .cs .css .csv .diff .dockerignore .fish .go .gz .h "
    ".htm .html .ini .ipynb .java .js .json .jsx .kt .lock .log .lua .md .mjs .patch "
    ".pdf .php .pl .png .ps1 .py .pyc .pyi .rb .rs .rst .scss .sh .sql .svg .swp .tar "
    ".tex .tf .toml .ts .tsx .txt .vim .vue .xml .zip .zsh"
)
_ENDINGS = tuple(_OTHER.split())


class Found(NamedTuple):
    """A file to read."""

    path: str  #: as reached from the current directory
    kind: str  #: ``dockerfile``, ``yaml``, or ``folder``: a project's own
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

    The folder of an instance comes first, as kind ``folder``, even when nothing else is in
    it; that of another project when a file is found in it.

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


def default_path() -> str:
    """Return the instance that contains the current folder, as reached from it, or ``.``."""
    place = _locate(os.curdir)
    return place.project if place.instance else os.curdir


def find_root(folder: str) -> str:
    """Return the real path of the repository that contains a folder, or of the folder."""
    real = os.path.realpath(folder)
    above, in_repository = _list_upwards(real)
    return above[-1] if in_repository else real


def list_above(folder: str) -> list[str]:
    """Return a folder and those above it, up to the root of its repository.

    Each as reached from the current directory. Without a repository: the folder alone.
    """
    above, in_repository = _list_upwards(folder)
    return above if in_repository else [folder]


def has_marker(folder: str) -> bool:
    """Tell whether a folder has an ``.invenio`` that is more than settings of ours."""
    path = _join(folder, ".invenio")
    return os.path.isfile(path) and set(_SECTION.findall(_peek(path))) != {"registry"}


def find_application(folder: str, names: Collection[str]) -> tuple[str, bool] | None:
    """Return ``RDM`` or ``ILS`` when a folder depends on that, and whether on one version.

    None for the repository of the application itself, too.

    :param names: of the files in the folder.
    """
    known = [*sorted(_MANIFESTS & set(names)), *find_requirements(folder, names)]
    texts = [_peek(_join(folder, name)) for name in known]
    setup = [_peek(_join(folder, "setup.py"))] if "setup.py" in names else []
    if any(_IS_APPLICATION.search(text) for text in (*texts, *setup)):
        return None
    for text in texts:
        for _, line, found in find_dependencies(text):
            return found["flavour"].upper(), bool(_PINNED.search(line, found.end()))
    locks = (
        _peek(_join(folder, name), 16) for name in LOCKS if name in names and texts
    )
    found_locked = (re.search(f'"{_APPLICATION}"', text) for text in locks)
    return next(((one["flavour"].upper(), False) for one in found_locked if one), None)


def find_requirements(folder: str, names: Collection[str]) -> list[str]:
    """Return the files of requirements in a folder, then those next to its Dockerfiles.

    :param names: of the files in the folder.
    """
    found = sorted(filter(is_requirements, names))
    for below in ("docker", "docker/*") if "docker" in names else ():
        pattern = os.path.join(glob.escape(folder), below, "requirements*")
        paths = filter(is_requirements, sorted(glob.glob(pattern)))
        found += [os.path.relpath(path, folder) for path in paths]
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


def _peek(path: str, limit: int = 1) -> str:
    """Return a regular file's text, as far as it can be read; at most ``limit`` MiB."""
    try:
        return read_regular(path, limit * LARGEST).decode("utf-8", "surrogateescape")
    except (OSError, NotRegular):
        return ""


def _begins_instance(inside: _Place, names: Collection[str]) -> bool:
    """Tell whether a folder is an instance.

    Inside of another one it has to have ``.invenio``, or to require one version of the
    application: the packages of an instance require it as well, but not one of its own.

    :param inside: the folder, with the project around it.
    """
    if ".invenio" in names and has_marker(inside.folder):
        return True
    application = find_application(inside.folder, names)
    if application is None:
        return False
    below = os.path.relpath(inside.folder, inside.project or inside.folder)
    is_part = not _PARTS.isdisjoint(below.split(os.sep))
    return not inside.instance or (application[1] and not is_part)


def _settle(inside: _Place, names: Collection[str]) -> _Place:
    """Return a folder with the project that it begins, or else its parent's."""
    if ".git" in names:
        inside = inside._replace(project=inside.folder, instance=False)
    if _begins_instance(inside, names):
        return inside._replace(project=inside.folder, instance=True)
    return inside


def _locate(folder: str) -> _Place:
    """Return a folder with the instance or repository that contains it."""
    above, _ = _list_upwards(folder)
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


def _list_upwards(folder: str) -> tuple[list[str], bool]:
    """Return a folder and those above it that count, and whether they are a repository.

    They end at the root of the repository, in any case below the folder that the home
    directory is in, and at a folder of another user.
    """
    home, above = os.path.realpath(os.path.expanduser("~")), [folder]
    while not os.path.lexists(os.path.join(above[-1], ".git")):
        parent = _parent(above[-1])
        real = os.path.realpath(parent)
        is_above_home = real != home and os.path.commonpath([real, home]) == real
        is_top = real == os.path.realpath(above[-1])
        if is_top or is_above_home or _owner(parent) != _owner(folder):
            return above, False
        above.append(parent)
    return above, True


def _parent(folder: str) -> str:
    """Return the folder above, as reached from the current directory."""
    if os.path.basename(folder) in (os.curdir, os.pardir):
        return os.pardir if folder == os.curdir else os.path.join(folder, os.pardir)
    return os.path.dirname(folder) or os.curdir


def _owner(folder: str) -> int:
    try:
        return os.stat(folder).st_uid
    except OSError:
        return -1


def _find_below(path: str, exclude: Sequence[str]) -> Iterator[Found | Problem]:
    clean = _clean(path)
    if os.path.isdir(path):
        place = _locate(clean)
        yield from _find_in_folder(
            place if place.instance else _Place(clean, clean), exclude
        )
    elif os.path.lexists(path):
        kind = "yaml" if clean.lower().endswith(_YAML) else "dockerfile"
        folder = os.path.dirname(clean) or os.curdir
        here = os.curdir if is_below(clean, os.curdir) else folder
        yield Found(clean, kind, True, _locate(folder).project or here)
    else:
        yield Problem(path, 0, "there is no such file or folder", fatal=True)


def _clean(path: str) -> str:
    """Return a path without detours; ``link/..`` is not a detour."""
    clean, real = os.path.normpath(path), os.path.realpath(path)
    return clean if os.path.realpath(clean) == real else real


def _find_in_folder(top: _Place, exclude: Sequence[str]) -> Iterator[Found | Problem]:
    """Yield the files of a folder and those below; links to folders are not entered."""
    waiting, untold = [top], set()
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
        if place.folder == place.project:
            untold.add(place.project)
        files, folders = _sort_entries(place, entries, exclude)
        if place.project in untold and (files or place.instance):
            untold.discard(place.project)
            yield Found(place.project, "folder", False, place.project)
        yield from files
        waiting.extend(reversed(folders))


def _sort_entries(
    place: _Place, entries: Sequence[os.DirEntry[str]], exclude: Sequence[str]
) -> tuple[list[Found], list[_Place]]:
    """Return the files that are read, and the folders that are entered."""
    files, folders = [], []
    for entry in entries:
        path = _join(place.folder, entry.name)
        if exclude and is_excluded(path, exclude):
            continue
        closed = entry.name.startswith(".") or entry.name in _CLOSED_FOLDERS
        is_entered = not closed or entry.name in _DOT_FOLDERS
        if is_entered and entry.is_dir(follow_symlinks=False):
            folders.append(place._replace(folder=path))
        kind = kind_of(entry.name)
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
    if _NAMED_LIKE.search(lower) and not lower.endswith(_ENDINGS):
        return "dockerfile"
    return ""


def is_requirements(path: str) -> bool:
    """Tell whether a file has requirements of pip, by its name."""
    return _REQUIREMENTS.fullmatch(os.path.basename(path)) is not None


def is_compose(path: str) -> bool:
    """Tell whether a file is a compose file, by its name."""
    return bool(_COMPOSE.fullmatch(os.path.basename(path)))


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
    """Return the files that are not excluded, nor a folder between them and the project.

    What was named is kept.
    """
    kept = []
    for file in files:
        path, ends = file.path, {file.project, "", os.sep}
        while path not in ends and not is_excluded(path, exclude):
            path = os.path.dirname(path)
        if file.named or path in ends:
            kept.append(file)
    return kept


def is_below(path: str, folder: str) -> bool:
    """Tell whether a path leads to a file in a folder, with every link followed."""
    root, real = os.path.realpath(folder), os.path.realpath(path)
    return os.path.isfile(real) and os.path.commonpath([root, real]) == root


def _join(folder: str, name: str) -> str:
    return name if folder == os.curdir else os.path.join(folder, name)


class NotRegular(ValueError):
    """A path leads to a folder, a device, a pipe or a socket."""


def read_regular(path: str | os.PathLike[str], limit: int) -> bytes:
    """Return a regular file's bytes, one more than ``limit`` of a larger one.

    :raises OSError: it cannot be read.
    :raises NotRegular: it is not a regular file.
    """
    with _open_regular(path) as file:
        return _read_start(file, limit)


def _open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open a regular file, and wait for nobody.

    Opening a pipe waits for its other end, so the kind is asked first; and a pipe may have
    taken the place of the file since.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise NotRegular(path)
    return open(
        path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)
    )


def _read_start(file: BinaryIO, limit: int) -> bytes:
    # A buffer of ``limit`` for each file would take longer than the reading. What the
    # kernel makes up may be longer than it says.
    size = os.fstat(file.fileno()).st_size
    data = file.read(min(size, limit) + 1) or b""  # None: there is nothing yet
    more = len(data) > size and file.read(limit + 1 - len(data))
    return data + more if more else data


def read_source(
    found: Found, is_wanted: Callable[[bytes], bool] | None = None
) -> Source | Problem | None:
    """Read a file, at most ``LARGEST`` bytes of it.

    :param is_wanted: tells by its bytes whether a file that was not named matters.
    :returns: None for a file that is passed over: one that is not wanted, or one that no
        build could need and that is special, leads nowhere or is binary.
    """
    needed = found.named or found.kind == "dockerfile" or is_compose(found.path)
    try:
        with _open_regular(found.path) as file:
            data = _read_start(file, LARGEST)
            if len(data) > LARGEST:
                return _read_large(found, data, file)
    except NotRegular:
        return _refuse(found, "it is not a regular file", needed)
    except FileNotFoundError as error:
        return _refuse(found, f"{error.strerror}: it was not read", needed)
    except OSError as error:
        return Problem(found.path, 0, f"{error.strerror}: it was not read", needed)
    if is_wanted and not found.named and not is_wanted(data):
        return None
    source = Source.from_bytes(found.path, data)
    is_dockerfile = found.kind == "dockerfile"
    if is_dockerfile and source.encoding != "utf-8":
        name = source.encoding.upper()[:6]
        return _refuse(found, f"Docker does not read {name}: save it as UTF-8", True)
    if "\0" in source.text:
        message = "it contains NUL bytes, so it is not text"
        return _refuse(found, message, found.named or is_dockerfile)
    return source


def _refuse(found: Found, message: str, needed: bool) -> Problem | None:
    return Problem(found.path, 0, message, fatal=True) if needed else None


def _read_large(found: Found, data: bytes, file: BinaryIO) -> Problem | None:
    """Return the line that names the organisation in a file that is too large to read."""
    data += file.read(_MOST_SEARCHED)
    at = data.find(_NEEDLE)
    message = "larger than 1 MiB, so it was not read"
    if at < 0:
        return _refuse(found, message, found.named)
    line = data.count(b"\n", 0, at) + 1
    return Problem(
        found.path, line, f"{message}; this line names an image", found.named
    )
