# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What an instance is: flavour, release, Python, package manager, settings."""

from __future__ import annotations

import os
import re
from typing import Mapping, NamedTuple

from ..files import find_application, is_marker, join
from ..model import Problem, Span
from .manifests import Manifests, load
from .python import Lock, Pin, find_lock, find_pins, plan_pins, respell_pin
from .release import PACKAGES, Release, Specifier, find_release
from .settings import Settings, read_settings

__all__ = ("Pin", "Project", "detect", "plan_pins", "respell_pin")

_MANAGERS = ("pipenv", "uv", "poetry", "pip")


class Project(NamedTuple):
    """An instance, or another folder whose images are looked at."""

    path: str  #: the folder, as reached from the current directory
    name: str  #: the resolved folder's name
    marker: bool = False  #: it is an instance
    flavour: str | None = None  #: ``RDM``, ``ILS`` or None
    version: str | None = None  #: as found: ``9.1.7``, ``13.0.0rc6``
    version_source: str | None = None  #: name of the file that decided
    version_span: Span | None = None
    lower_bound: bool = False  #: only the lowest version is known
    notes: tuple[str, ...] = ()  #: on the version, clauses
    pins: Mapping[str, Pin] = {}  #: by package manager
    lock: Lock | None = None
    manager: str | None = None  #: ``pipenv``, ``uv``, ``poetry``, ``pip`` or None
    shortname: str | None = None
    template: bool = False  #: of cookiecutter: an instance has to be generated from it
    package: Specifier | None = None  #: how the application is required
    settings: Settings = Settings()
    manifests: Manifests = Manifests(".")
    problems: tuple[Problem, ...] = ()

    @property
    def title(self) -> str:
        """Return how reports call it: its path, or its name where that says nothing.

        Of thirty instances, ten may be in a folder of the same name.
        """
        if self.path == ".":
            return self.name
        is_above = set(self.path) <= {".", os.sep}
        return f"{self.name} ({self.path})" if is_above else self.path

    def find_setting(self, file: str, key: str, text: str) -> Span | None:
        """Return where a text is in a line of a manifest that names a key, None without.

        A line is also one of a table or a list that begins there.
        """
        source = self.manifests.sources.get(file)
        line = rf"^(?![ \t]*[#;])(?=.*{re.escape(key)}).*?({re.escape(text)})"
        found = re.search(line, source.text, re.MULTILINE) if source else None
        return Span(source, *found.span(1)) if source and found else None


def detect(folder: str) -> Project:
    """Return what an instance is, from its own files; never raises, never writes there.

    :param folder: where to look; above it, only settings are read.
    """
    manifests = load(folder)
    manager = _find_manager(manifests)
    # What ``.invenio`` says, else what the manifests depend on.
    flavour: str | None = manifests.option(".invenio", "cli", "flavour").upper()
    if flavour not in PACKAGES:
        application = find_application(manifests.present, manifests.text)
        flavour = application[0] if application else None
    release = find_release(manifests, flavour, manager) if flavour else Release()
    settings = read_settings(manifests)
    problems = (*manifests.problems, *settings.problems)
    if flavour and not (release.version or problems):
        message = (
            f"no version of {PACKAGES[flavour]} found: write one, as in ~=13.1.0, or run "
            "`invenio-cli packages lock`"
        )
        name = join(folder, release.source or "Pipfile")
        line = release.span.line if release.span else 0
        problems = (Problem(name, line, message),)
    real = os.path.realpath(folder)
    template = "{{" in real
    return Project(
        path=folder,
        name=os.path.basename(real) or folder,
        marker=bool(flavour) or is_marker(manifests.text(".invenio")),
        flavour=flavour,
        version=release.version,
        version_source=release.source,
        version_span=release.span,
        lower_bound=release.lower_bound,
        notes=release.notes,
        pins=find_pins(manifests, manager),
        lock=find_lock(manifests, manager),
        manager=manager,
        shortname=manifests.option(".invenio", "cookiecutter", "project_shortname")
        or None,
        template=template,
        package=release.package,
        settings=settings,
        manifests=manifests,
        problems=() if template else tuple(sorted(problems)),
    )


def _find_manager(manifests: Manifests) -> str | None:
    """Return the package manager: what ``.invenio`` says, else what its files mean."""
    named = manifests.option(".invenio", "cli", "python_package_manager")
    if named in _MANAGERS:
        return named
    poetry = manifests.table("pyproject.toml", "tool", "poetry")
    for found, manager in (
        (manifests.present & {"Pipfile", "Pipfile.lock"}, "pipenv"),
        ("uv.lock" in manifests.present, "uv"),
        ("poetry.lock" in manifests.present or poetry, "poetry"),
        (manifests.requirements, "pip"),
        # The last of invenio-cli's own rules: a pyproject.toml means uv.
        (manifests.table("pyproject.toml", "project"), "uv"),
        ("setup.cfg" in manifests.present, "pip"),
    ):
        if found:
            return manager
    return None
