# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The records of the catalogue, as its TOML states them."""

from __future__ import annotations

import datetime
import re
from typing import Any, Mapping, NamedTuple

_SEGMENTS = re.compile(r"\s*v?(\d+(?:\.\d+)*)", re.IGNORECASE)


def segments(version: str) -> tuple[int, ...] | None:
    """Return the numbers of a version, at least three; ``14.0.0b1`` is 14.0.0.

    :returns: None when it does not begin like a version.
    """
    found = _SEGMENTS.match(version)
    if not found:
        return None
    numbers = [int(number) for number in found.group(1).split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))


class Evidence(NamedTuple):
    """What speaks for an image being at a registry; never that it was asked."""

    kind: (
        str  #: ``built`` (a workflow pushed it), ``named`` (a page says so) or ``none``
    )
    until: str | None  #: the month of the last push ("2024-12"), None: it still does
    text: str
    source: str


class BaseImage(NamedTuple):
    """An image that instances are built on."""

    repository: str
    tags: tuple[str, ...]
    tag_pattern: str  #: other tags of the same image, as a regular expression
    registries: tuple[str, ...]  #: where its makers publish it, Docker Hub first
    os: str  #: key of its :class:`System`
    python: str
    node: str | None  #: major; None: unknown
    installer: tuple[str, ...]
    evidence: Mapping[str, Evidence]  #: by registry
    note: str
    architectures: tuple[str, ...]  #: empty: not known to be limited
    docker: str | None  #: the least Docker on the machine that builds on it
    doubtful: bool  #: it may never have existed
    source: str

    def has_tag(self, tag: str) -> bool:
        """Tell whether a tag is one of this image's."""
        return tag in self.tags or bool(re.fullmatch(self.tag_pattern, tag))


class Needed(NamedTuple):
    """A service and the least version of it: of PostgreSQL any later one is fine, too."""

    name: str
    version: str


class Service(NamedTuple):
    """A service that releases ask a version of, and the repositories of its images."""

    name: str
    images: tuple[str, ...]
    source: str


class Release(NamedTuple):
    """A release of InvenioRDM or InvenioILS, by its minor."""

    flavour: str  #: ``RDM`` or ``ILS``
    name: str
    label: str  #: as an upgrade path says it: the major where that is one release only
    date: datetime.date | None
    kind: str  #: ``LTS``, ``STS``, ``release candidate``, ...
    maintained_until: datetime.date | None  #: None: no date is published
    maintained_note: str
    last_patch: str | None
    page: str
    upgrade_page: str | None
    upgrade_from: tuple[str, ...]
    pythons: tuple[str, ...]  #: ascending; empty: unknown
    node: tuple[
        int | None, int | None
    ]  #: least and greatest major, None: no bound known
    node_builds_to: int | None  #: the greatest Node that its build of the assets knows
    postgresql: str | None  #: the least major
    search: str | None
    invenio_cli: str | None  #: the least
    invenio_cli_to: str | None  #: the last that still runs it
    image: (
        str | None
    )  #: canonical; None: unknown, or by Python (see ``template_image``)
    step: bool  #: whether an upgrade path stops here
    source: str

    @property
    def segments(self) -> tuple[int, ...]:
        """Return major, minor and patch as numbers."""
        return segments(self.name) or (0, 0, 0)

    @property
    def major(self) -> int:
        """Return the first number of the version."""
        return self.segments[0]

    @property
    def services(self) -> tuple[Needed, ...]:
        """Return what it asks of its services, any of the searches being enough."""
        least = [Needed("PostgreSQL", self.postgresql)] if self.postgresql else []
        names = self.search.split(", ") if self.search else []
        return (*least, *(Needed(*name.rsplit(" ", 1)) for name in names))


class System(NamedTuple):
    """An operating system that base images are made of."""

    key: str
    name: str
    end_of_life: datetime.date
    mirrors_closed: datetime.date | None  #: since then its packages cannot be installed
    pythons: Mapping[str, datetime.date]  #: those it mends itself, and until when
    source: str


class Registry(NamedTuple):
    """A registry on which the organisation publishes, or published."""

    host: str
    name: str
    note: str
    source: str


class Rule(NamedTuple):
    """What fails on a system already (no ``to``), or breaks on the way to another."""

    id: str
    systems: tuple[str, ...]
    pattern: str  #: searched in one command; a group named ``at`` is what is shown
    message: str
    instead: str
    source: str
    to: tuple[str, ...] = ()
    instructions: tuple[str, ...] = ("RUN",)
    commands: str = ""  #: searched in one command; those without it are not looked at
    unless: str = (
        ""  #: searched in what the stage did before, and in the command itself
    )
    missing: bool = False  #: whether it is about programs that are not there
    certain: bool = True  #: False: ask, for it may still work
    packages: bool = False  #: whether ``instead`` names what the command installs


class Recipe(NamedTuple):
    """Lines for a Dockerfile that close one of our findings, on some systems."""

    id: str
    name: str
    situation: str  #: what is the matter where it helps
    systems: tuple[str, ...]
    python: str | None  #: it brings this Python to builds that ask for it
    managers: tuple[str, ...]  #: of those builds
    node: str | None  #: it brings this Node, by its major
    rules: tuple[str, ...]  #: it lifts these rules
    lines: tuple[str, ...]  #: to write below the FROM line
    tested: bool  #: whether a test builds it
    source: str
    says: str  #: what the source says

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Recipe:
        """Return the record of a row of the catalogue."""
        return cls(
            id=row["id"],
            name=row["name"],
            situation=row["situation"],
            systems=tuple(row["systems"]),
            python=row.get("python"),
            managers=tuple(row.get("managers", ())),
            node=row.get("node"),
            rules=tuple(row.get("rules", ())),
            lines=tuple(row["lines"].rstrip("\n").split("\n")),
            tested=row["tested"],
            source=row["source"],
            says=row["says"],
        )
