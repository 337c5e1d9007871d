# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The records of the catalogue: each field is a key of its table in a TOML file.

A field's annotation says what the file has to hold, its default what is true when the file
says nothing. ``unconfirmed`` names the fields that no source says in so many words. The
files explain their keys, too. Pure.
"""

from __future__ import annotations

import datetime
import re
from functools import lru_cache
from typing import Mapping, NamedTuple

from ..image import DOCKER_HUB, Image, parse

#: Texts of which :mod:`.reading` sees to it that they are what their names say.
ImageName = str
Pattern = str

_SEGMENTS = re.compile(r"\s*v?(\d{1,9}(?:\.\d{1,9}){0,9})", re.IGNORECASE)
_DAY = re.compile(r"20\d{6}")


@lru_cache(maxsize=1 << 10)
def segments(version: str) -> tuple[int, ...] | None:
    """Return the numbers of a version, at least three; ``14.0.0b1`` is 14.0.0.

    None when it does not begin like a version.
    """
    found = _SEGMENTS.match(version)
    if not found:
        return None
    numbers = [int(number) for number in found.group(1).split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))


class Evidence(NamedTuple):
    """What says that a registry has an image; no registry was contacted for it."""

    kind: str  #: ``built`` (a workflow published it), ``named`` (a page) or ``none``
    text: str  #: the same for people, a clause
    source: str
    until: str | None = None  #: month of the last publication, None: it goes on


class BaseImage(NamedTuple):
    """An image of the organisation that instances are built on."""

    repository: str
    tags: tuple[str, ...]
    family: str  #: what counts as the same image, whatever its tag
    registries: tuple[str, ...]  #: where its makers publish it, Docker Hub first
    system: str  #: key of its :class:`System`
    python: str
    evidence: Mapping[str, Evidence]  #: by registry
    source: str
    release: str | None = None  #: label of the only release that it is made for
    node: str | None = None  #: major; None: unknown
    node_until: Mapping[str, str] = {}  #: days are tags of it: the Node up to a day
    docker: str | None = None  #: the least Docker on the machine that builds on it
    architectures: tuple[str, ...] = ()  #: empty: no limit is known
    note: str = ""
    doubtful: bool = False  #: it may never have existed
    sources: Mapping[str, str] = {}  #: by key: where it was read, if not in ``source``
    unconfirmed: tuple[str, ...] = ()

    @property
    def home(self) -> Image:
        """Return it where its makers publish it outside of Docker Hub."""
        host = next(host for host in self.registries if host != DOCKER_HUB)
        return Image(host, self.repository, self.tags[0])

    def at(self, tag: str) -> BaseImage | None:
        """Return the image as it is in one of its tags, None for another tag."""
        if tag in self.tags:
            return self
        if not self.node_until or not _DAY.fullmatch(tag):
            return None
        days = [day for day in self.node_until if tag <= day]
        return self._replace(node=self.node_until[min(days)]) if days else self


class OtherImage(NamedTuple):
    """An image that is no base image, and what its tags say about what is in it."""

    repository: str
    source: str
    tag: Pattern = "(?!)"  #: its groups: python, node, system; matches none: unknown
    systems: Mapping[str, str] = {}  #: the group ``system`` -> key of the system
    system_python: tuple[str, ...] = ()  #: systems whose own ``python3`` is installed
    manager: str | None = None  #: of a tag that says no system
    note: str = ""  #: what people have to know, a whole sentence


class Provides(NamedTuple):
    """What an image brings; None: unknown, or not there."""

    python: str | None = None
    node: str | None = None  #: major
    system: str | None = None  #: key of the :class:`System`
    manager: str | None = None  #: package manager: ``dnf``, ``yum``, ``apt``, ``apk``


class Identity(NamedTuple):
    """What is known about an image that a file names."""

    image: Image
    upstream: Image  #: behind caches and copies, as its makers publish it
    base: BaseImage | None
    provides: Provides
    organisation: bool  #: whether it is one of the organisation's
    on_hub: bool  #: one of the organisation's, on Docker Hub, and in no copy
    safe: bool  #: in a copy that is configured
    explained: bool  #: False: a base image below a host that nobody explained

    @property
    def evidence(self) -> Evidence | None:
        """Return what says that its registry has it, None when nothing is known."""
        return self.base.evidence.get(self.upstream.registry) if self.base else None


class Needed(NamedTuple):
    """A service and the version that a release requires."""

    name: str
    version: str


class FileChange(NamedTuple):
    """What an upgrade page changes in a file of the instance."""

    file: str
    what: str  #: named in the line that changes
    page: str
    old: str = ""  #: what that line has
    new: str = ""


class Release(NamedTuple):
    """A minor release of InvenioRDM or InvenioILS."""

    flavour: str  #: ``RDM`` or ``ILS``
    name: str
    page: str  #: its notes
    label: str = ""  #: as an upgrade path says it: the major when it is the only minor
    date: datetime.date | None = None
    kind: str = ""  #: ``LTS``, ``STS``, ``release candidate``, ...
    maintained_until: datetime.date | None = None  #: None: no date is published
    maintained_note: str = ""
    last_patch: str | None = None
    upgrade_page: str | None = None
    upgrade_from: tuple[str, ...] = ()  #: the releases that this page starts from
    pythons: tuple[str, ...] = ()  #: ascending; empty: unknown
    requires_python: bool = True  #: False: it was tested with these, and requires none
    node_least: int | None = None
    node_greatest: int | None = None
    node_builds_to: int | None = None  #: the last Node that its assets build with
    needs: tuple[str, ...] = ()  #: services: "PostgreSQL 12"
    invenio_cli: str | None = None  #: the least
    invenio_cli_to: str | None = None  #: the last that still runs it
    image: ImageName | None = None  #: canonical; None: unknown, or by Python
    changes: tuple[FileChange, ...] = ()
    note: str = ""
    sources: Mapping[str, str] = {}  #: by key: where it was read, if not in the notes
    unconfirmed: tuple[str, ...] = ()

    @property
    def segments(self) -> tuple[int, ...]:
        """Return major, minor and patch as numbers."""
        return segments(self.name) or (0, 0, 0)

    @property
    def major(self) -> int:
        """Return the first number of the version."""
        return self.segments[0]

    @property
    def node(self) -> tuple[int | None, int | None]:
        """Return the least and the greatest major of Node, None: no bound is known."""
        return self.node_least, self.node_greatest

    @property
    def services(self) -> tuple[Needed, ...]:
        """Return the services that it needs; any one of the search engines is enough."""
        return tuple(Needed(*text.rpartition(" ")[::2]) for text in self.needs)

    @property
    def own_image(self) -> bool:
        """Tell whether its makers publish its image outside of Docker Hub."""
        return bool(self.image) and parse(self.image or "").registry != DOCKER_HUB

    @property
    def pre_release(self) -> bool:
        """Tell whether the release is no final one itself (``1.0.0rc1``)."""
        return is_pre_release(self.name)


def is_pre_release(version: str) -> bool:
    """Tell whether letters follow the numbers (``14.0.0b5``); ``.post1`` is none."""
    rest = version.strip().lower().lstrip("v").lstrip("0123456789.")
    return rest[:1] in tuple("abcdr") and not rest.startswith("r0")


class Standing(NamedTuple):
    """Where a version stands among the releases of the catalogue."""

    listed: bool  #: whether the catalogue has its minor
    pre_release: bool
    final: str | None  #: of a pre-release: the final one that is out
    last_patch: str | None  #: when it is later than the version


class System(NamedTuple):
    """An operating system that base images are made of."""

    key: str
    name: str
    manager: str  #: its package manager
    end_of_life: datetime.date  #: the last day with fixes from its own makers
    source: str
    extended_until: datetime.date | None = None  #: fixes of others, such as Debian LTS
    extended_by: str = ""
    mirrors_closed: datetime.date | None = None  #: no package can be installed since
    python: str | None = None  #: what its package ``python3`` is
    available: tuple[str, ...] = ()  #: all Pythons that it has packages of
    pythons: Mapping[str, datetime.date] = {}  #: those it patches itself, until when
    note: str = ""
    sources: Mapping[str, str] = {}  #: by key: where it was read, if not in ``source``
    unconfirmed: tuple[str, ...] = ()


class Ends(NamedTuple):
    """The last days with fixes of Python, Node or a service, by minor or major."""

    name: str
    ends: Mapping[str, datetime.date]
    source: str


class ServiceKind(NamedTuple):
    """A service that releases need, and the images that run it."""

    name: str
    images: tuple[str, ...]  #: repositories
    source: str


class Index(NamedTuple):
    """What the whole catalogue is about: the file ``catalog.toml``."""

    date: datetime.date  #: on which a fact was last changed
    read: str  #: the month in which the sources were read, ``2026-08``
    refuge: str  #: the registry that is named for images which were on Docker Hub


class Registry(NamedTuple):
    """A registry on which the organisation publishes, or published."""

    host: str
    name: str  #: what people call it
    source: str
    note: str = ""  #: what to expect of it, a clause
    official: tuple[str, ...] = ()  #: names that are nobody's own there
    passes_through: Mapping[str, str] = {}  #: another registry -> its place in this one


class CommandRule(NamedTuple):
    """Commands that fail on a system already (no ``to``), or break on the way to another."""

    id: str
    systems: tuple[str, ...]
    message: str
    instead: str
    source: str
    to: tuple[str, ...] = ()
    pythons: tuple[str, ...] = ()  #: of the new image; empty: any
    instructions: tuple[str, ...] = ("RUN",)
    programs: tuple[str, ...] = ()  #: empty: any
    verbs: tuple[str, ...] = ()  #: the first word that is no option; empty: any
    words: tuple[str, ...] = ()  #: shell patterns; each word that matches is a place
    ignore: tuple[str, ...] = ()  #: commands that it says nothing about
    unless: tuple[str, ...] = ()  #: commands after which it says nothing
    outer: bool = False  #: only what the shell of the RUN itself runs
    certain: bool = True  #: False: the command may still work
    packages: bool = False  #: what to do instead is made of ``packages.toml``


class Packages(NamedTuple):
    """What the packages of RPM systems are called on another system."""

    system: str
    source: str
    names: Mapping[str, str]
    drop: Mapping[str, str]  #: shell pattern -> why it is not needed, a clause


class Recipe(NamedTuple):
    """Lines for a Dockerfile that resolve one of our findings."""

    id: str
    name: str
    systems: tuple[str, ...]
    lines: tuple[str, ...]  #: to write below the FROM line
    tested: str  #: what was tried, "" when nothing was
    source: str
    python: str | None = None  #: it brings this Python
    managers: tuple[str, ...] = ()  #: to builds with these managers; empty: any
    node: str | None = None  #: it brings this Node, by its major
    rules: tuple[str, ...] = ()  #: the command rules that it resolves
