# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What an instance is judged against: catalogue, release, day, settings. Pure."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, Sequence

from .builds import Build
from .catalog import BaseImage, Catalog, Identity, Release
from .image import Image, Mirror, parse
from .instance import Pin, Project
from .model import Command, Reference, Way

#: A date this near is shown and counts as "plan".
NEAR = datetime.timedelta(days=180)
#: Managers that refuse a Python outside of what the instance requires.
_STRICT = frozenset({"poetry", "uv"})


class Mismatch(NamedTuple):
    """The Python of a build that is not the one that is required."""

    python: str  #: what the build has
    wanted: str  #: the pin as written, or the release's Pythons
    pin: Pin | None  #: None: the release requires it
    older: bool  #: than what is required
    act: str


@dataclass(eq=False)
class Case:
    """What one instance is judged against."""

    catalog: Catalog
    today: datetime.date
    project: Project
    release: Release | None  #: the instance's own, or the one of ``--for``
    asked: bool = False  #: ``--for``: judge as if the instance were that release
    own: Release | None = None  #: the instance's own release
    mirrors: tuple[Mirror, ...] = ()
    copies: tuple[Mirror, ...] = ()
    prog: str = "invenio-cli-registry"  #: how advised commands begin
    exclude: tuple[str, ...] = ()  #: what advised commands leave out
    known: dict[Image, Identity] = field(default_factory=dict, init=False)
    ways: dict[Reference, Way] = field(default_factory=dict, init=False)

    def identify(self, image: Image) -> Identity:
        """Return what the catalogue knows of an image, behind caches and copies."""
        if image not in self.known:
            self.known[image] = self.catalog.identify(image, self.mirrors, self.copies)
        return self.known[image]

    def identity(self, reference: Reference) -> Identity | None:
        """Return what the catalogue knows of a reference, None when it names no image.

        Of an unknown tag only the repository is known.
        """
        image = reference.image
        if image is None:
            return None
        unknown = image.tag is None and reference.tag_unknown
        identity = self.identify(image)
        return identity._replace(base=None) if unknown else identity

    @cached_property
    def own_image(self) -> tuple[Image, BaseImage] | None:
        """Return the release's own base image, None when that is on Docker Hub or unknown."""
        if self.release is None or not self.release.own_image or not self.release.image:
            return None
        image = parse(self.release.image)
        base = self.identify(image).base
        return (image, base) if base else None

    @property
    def pythons(self) -> tuple[str, ...]:
        """Return the Pythons that the release requires, () when its pages require none."""
        release = self.release
        return release.pythons if release and release.requires_python else ()

    def accepts(self, python: str) -> bool:
        """Tell whether the release can have a Python, as far as its pages say."""
        return not self.pythons or python in self.pythons

    @property
    def product(self) -> str:
        """Return what the instance is called with its version: ``InvenioRDM 9.1.7``."""
        name = f"Invenio{self.project.flavour}"
        return f"{name} {self.project.version}" if self.project.version else name

    def label(self, release: Release | None = None) -> str:
        """Return what a release is called: ``InvenioRDM 14``."""
        release = release or self.release
        return f"Invenio{release.flavour} {release.label}" if release else ""

    def is_over(self, end: datetime.date | None) -> bool:
        """Tell whether a last day with fixes has passed."""
        return end is not None and end <= self.today

    def is_near(self, end: datetime.date | None) -> bool:
        """Tell whether a last day with fixes is within 180 days."""
        return end is not None and self.today < end <= self.today + NEAR

    def days_to(self, end: datetime.date) -> str:
        """Return how many days are left: ``75 days``."""
        days = (end - self.today).days
        return f"{days} day" + ("" if days == 1 else "s")

    def command(self, *words: str, remark: str = "") -> Command:
        """Return one of our own commands for this instance, as it works when typed."""
        parts = [*self.prog.split(), *words]
        for glob in self.exclude:
            parts += ["--exclude", glob]
        path = self.project.path
        if path != ".":
            parts.append(f"./{path}" if path.startswith("-") else path)
        return Command(tuple(parts), remark)

    def host_command(self, *words: str, remark: str = "") -> Command:
        """Return a command that has to be typed in the instance's folder."""
        path = self.project.path
        return Command(words, remark, "" if path == "." else path)

    def mismatch(self, build: Build, python: str | None = None) -> Mismatch | None:
        """Return what a build's Python fails: its pin, else the release.

        :param python: another Python than the build's own, of an image to move to.
        """
        python = python or build.python.version
        if python is None or not build.counts:
            return None
        pin, supported = build.pin, self.pythons
        if pin and not pin.accepts(python):
            older = bool(pin.least) and minor_key(python) < minor_key(pin.least or "")
            # From Python 3.10 on pip installs pipenv 2026, which compares (tried; up to
            # 3.9 it is 2025.0, which does not).
            compares = build.manager == "pipenv" and minor_key(python) >= (3, 10)
            strict = older or compares or build.manager in _STRICT
            return Mismatch(python, pin.text, pin, older, "now" if strict else "soon")
        # What is next to the instance may have any.
        ours = build.installs_instance or build.manager is None
        if ours and not self.accepts(python):
            older = minor_key(python) < minor_key(supported[0])
            act = "now" if older else "soon"
            return Mismatch(python, list_or(supported), None, older, act)
        return None


def minor_key(python: str) -> tuple[int, ...]:
    """Return a Python's minor version as numbers that compare (3.9 before 3.12)."""
    return tuple(int(part) for part in python.split(".")[:2])


def list_or(names: Sequence[str]) -> str:
    """Return names as a sentence lists them: ``3.9, 3.11 or 3.12``."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
