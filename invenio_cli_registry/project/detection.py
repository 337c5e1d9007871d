# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What an instance is: flavour, release, Python, package manager, configuration."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Mapping, NamedTuple

from ..readers.source import Problem
from .configuration import AcceptLine, MirrorLine, read_configuration
from .host import read_release
from .manifests import Manifests, load, table
from .pins import Pin, find_lock_python, find_pins
from .places import Place
from .release import PACKAGES, Release, find_flavour, find_release

__all__ = ("MARKERS", "Pin", "Place", "Project", "detect")

#: A folder that holds one of these is a project.
MARKERS = (".invenio", "Pipfile", "pyproject.toml")


class Project(NamedTuple):
    """An instance, or another folder whose images are looked at."""

    path: str  #: the folder, as reached from the current directory
    name: str  #: the resolved folder's name
    marker: bool = False  #: it holds one of ``MARKERS``
    flavour: str | None = None  #: ``RDM``, ``ILS`` or None
    release: str | None = None  #: as found: ``9.1.7``, ``13.0.0rc6``
    release_source: str | None = None  #: the file that decided
    release_notes: tuple[str, ...] = ()
    pins: Mapping[str, Pin] = {}  #: by package manager
    lock_python: Pin | None = None  #: what ``Pipfile.lock`` was made for
    manager: str | None = None  #: ``pipenv``, ``uv``, ``poetry``, ``pip`` or None
    shortname: str | None = None
    preflight: str | None = None  #: ``warn``, ``fail``, ``off``; None: nothing is said
    mirrors: tuple[MirrorLine, ...] = ()
    copies: tuple[MirrorLine, ...] = ()
    accept: tuple[AcceptLine, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """Return how reports call it: its path, or its name where that says nothing.

        Of thirty instances, ten may lie in a folder of the same name.
        """
        return self.name if set(self.path) <= {".", os.sep} else self.path


def detect(folder: Path, printed: str) -> Project:
    """Return what an instance is, from its own files; never raises, never writes there.

    :param folder: where to look; nothing above or below is looked at.
    :param printed: the folder as reached from the current directory, as it is printed.
    """
    manifests = load(folder, printed)
    manager = find_manager(manifests)
    flavour = find_flavour(manifests)
    release = Release()
    if flavour:
        release = find_release(manifests, flavour, manager, read_release)
    configuration = read_configuration(manifests)
    problems = (*manifests.problems, *configuration.problems)
    if flavour and not (release.version or problems):
        problems = (_explain_no_release(manifests, flavour, release),)
    return Project(
        path=printed,
        name=os.path.basename(os.path.realpath(folder)) or printed,
        marker=any(os.path.isfile(folder / name) for name in MARKERS),
        flavour=flavour,
        release=release.version,
        release_source=release.source,
        release_notes=release.notes,
        pins=find_pins(manifests, manager),
        lock_python=find_lock_python(manifests),
        manager=manager,
        shortname=_find_shortname(manifests),
        preflight=configuration.preflight,
        mirrors=configuration.mirrors,
        copies=configuration.copies,
        accept=configuration.accept,
        problems=tuple(sorted(problems)),
    )


def _explain_no_release(
    manifests: Manifests, flavour: str, release: Release
) -> Problem:
    package = PACKAGES[flavour]
    name = release.source or "Pipfile"
    before, found, _ = manifests.text(name).partition(package)
    line = before.count("\n") + 1 if found else 0
    message = (
        f"no version of {package} is to be found: write one, as in ~=13.1.0, "
        "or lock: `invenio-cli packages lock`"
    )
    return Problem(manifests.where(name), line, message)


def find_manager(manifests: Manifests) -> str | None:
    """Return the package manager: what ``.invenio`` says, else what its files are there."""
    named = manifests.invenio.get("cli", "python_package_manager", fallback="").strip()
    if named in ("pipenv", "uv", "poetry", "pip"):
        return named
    poetry = table(manifests.pyproject, "tool", "poetry")
    for found, manager in (
        (manifests.present & {"Pipfile", "Pipfile.lock"}, "pipenv"),
        ("uv.lock" in manifests.present, "uv"),
        ("poetry.lock" in manifests.present or poetry, "poetry"),
        ("requirements.txt" in manifests.present, "pip"),
        # The last of invenio-cli's own rules: a pyproject.toml means uv.
        (table(manifests.pyproject, "project"), "uv"),
    ):
        if found:
            return manager
    return None


def _find_shortname(manifests: Manifests) -> str | None:
    name = manifests.invenio.get("cookiecutter", "project_shortname", fallback="")
    return name.strip() or None
