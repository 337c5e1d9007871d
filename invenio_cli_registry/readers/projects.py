# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""To which project a folder belongs."""

from __future__ import annotations

import os
from itertools import takewhile
from typing import AbstractSet, NamedTuple

_INVENIO = ".invenio"
_MARKERS = frozenset({"Pipfile", "pyproject.toml"})
_ROOT = ".git"


class Place(NamedTuple):
    """A folder that is walked, and the project that its files belong to."""

    folder: str
    project: str
    instance: bool  #: the project holds ``.invenio``, and only another one ends it


def find_project(folder: str) -> tuple[Place, str]:
    """Return a folder with its project, ``""`` for none, and where the search ended.

    The project is the nearest folder at or above it with ``.invenio``; without one, the
    nearest with another marker.
    """
    above, end = _list_upwards(folder)
    instance = next((one for one in above if _holds(one, _INVENIO)), "")
    marked = (one for one in above if any(_holds(one, name) for name in _MARKERS))
    return Place(folder, instance or next(marked, ""), bool(instance)), end


def find_root(folder: str) -> str:
    """Return the root of the repository that a folder lies in, by its real path.

    Without one it is the folder itself.
    """
    real = os.path.realpath(folder)
    at = real
    while not os.path.lexists(os.path.join(at, _ROOT)):
        if _is_top(at):
            return real
        at = os.path.dirname(at)
    return at


def settle(place: Place, names: AbstractSet[str], top: str) -> Place:
    """Return a folder with the project that its own files begin, or its parent's.

    :param top: the project of files that have none up to their repository's root.
    """
    folder = place.folder
    if _ROOT in names:
        place = Place(folder, top, False)
    if _INVENIO in names and _holds(folder, _INVENIO):
        return Place(folder, folder, True)
    marked = not place.instance and any(
        _holds(folder, name) for name in _MARKERS & names
    )
    return place._replace(project=folder) if marked else place


def _list_upwards(folder: str) -> tuple[list[str], str]:
    """Return a folder and those above it that count, and the one for want of a project.

    They end at the root of the repository. Without one, nothing above the current folder
    counts.
    """
    here, above = os.path.realpath(os.curdir), [folder]
    while not os.path.lexists(os.path.join(above[-1], _ROOT)):
        if _is_top(above[-1]):
            break
        above.append(_parent(above[-1]))
    else:
        return above, above[-1]
    rest = takewhile(lambda one: not _is_above(one, here), above[1:])
    above = [folder, *rest]
    return above, above[-1] if os.path.realpath(above[-1]) == here else folder


def _parent(folder: str) -> str:
    if os.path.basename(folder) in (os.curdir, os.pardir):
        return os.pardir if folder == os.curdir else os.path.join(folder, os.pardir)
    return os.path.dirname(folder) or os.curdir


def _is_top(folder: str) -> bool:
    real = os.path.realpath(folder)
    return os.path.dirname(real) == real


def _is_above(folder: str, here: str) -> bool:
    real = os.path.realpath(folder)
    return real != here and os.path.commonpath([real, here]) == real


def _holds(folder: str, name: str) -> bool:
    return os.path.isfile(os.path.join(folder, name))
