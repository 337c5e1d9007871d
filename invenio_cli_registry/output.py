# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Write a report into the file of ``--output``: whole or not at all, and over nothing read."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from typing import Collection

from .errors import RegistryError
from .project.manifests import FILES
from .readers.files import kind_of

_NAME_IT = "name another file for --output"


def write_report(path: str, text: str, read: Collection[str]) -> None:
    """Write a report in UTF-8.

    A regular file is replaced by a finished one; a device or a pipe is written to.

    :param read: the paths that the report is about.
    :raises RegistryError: it cannot be written, or is something that ``check`` reads.
    """
    data = text.encode("utf-8", "surrogateescape")
    try:
        _check(path, read)
        if os.path.exists(path) and not os.path.isfile(path):
            with open(path, "wb") as file:
                file.write(data)
        else:
            _replace(path, data)
    except OSError as error:
        message = f"{path}: {error.strerror}: the report was not written; {_NAME_IT}"
        raise RegistryError(message) from error


def _check(path: str, read: Collection[str]) -> None:
    """Refuse what a report must not become.

    :raises RegistryError: for a file of an instance, and for a link, which may lead to one.
    """
    name = os.path.basename(path)
    if kind_of(name) or name in FILES or _is_one_of(path, read):
        raise RegistryError(f"{path}: `check` reads such a file itself; {_NAME_IT}")
    if os.path.islink(path) and not _is_special(path):
        raise RegistryError(f"{path}: it is a link, and is not followed; {_NAME_IT}")


def _is_special(path: str) -> bool:
    """Tell whether a path leads to a device or a pipe, as ``/dev/stdout`` may."""
    return os.path.exists(path) and not stat.S_ISREG(os.stat(path).st_mode)


def _is_one_of(path: str, read: Collection[str]) -> bool:
    """Tell whether a file is one of some others, under whatever name."""
    if not os.path.exists(path):
        return False
    return any(os.path.exists(one) and os.path.samefile(path, one) for one in read)


def _replace(path: str, data: bytes) -> None:
    folder, name = os.path.split(path)
    handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=folder or os.curdir)
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, _mode(path))
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(path: str) -> int:
    """Return the mode of a file, or what a new one gets: others may have to read it."""
    with contextlib.suppress(FileNotFoundError):
        return stat.S_IMODE(os.stat(path).st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
