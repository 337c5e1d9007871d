# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The catalogue: what is known about releases, images and systems, and its lookups.

The facts are data, in the TOML files of this folder, each with its source. No fact is
written here. A further kind of record takes three lines: a NamedTuple whose fields are
the keys of its tables, an entry in ``TABLES``, and ``catalog.records(RecordClass)``.
"""

from __future__ import annotations

import datetime
import functools
import re
from typing import Any, Callable, Iterator, Mapping, Sequence

from ..image import DOCKER_HUB, Image, InvalidReference, Mirror, parse
from .commands import CommandRule, Packages, Recipe
from .reading import (
    CatalogError,
    Opener,
    Record,
    open_other,
    open_packaged,
    read_file,
    read_record,
    read_records,
)
from .records import (
    BaseImage,
    Cache,
    Ends,
    Evidence,
    Identity,
    Index,
    NamedImage,
    Needed,
    OtherImage,
    Provides,
    Registry,
    Release,
    ServiceKind,
    Standing,
    System,
    is_pre_release,
    segments,
)

__all__ = (
    "BaseImage",
    "Catalog",
    "CatalogError",
    "CommandRule",
    "Evidence",
    "Identity",
    "Needed",
    "Packages",
    "Provides",
    "Recipe",
    "Registry",
    "Release",
    "System",
    "is_pre_release",
    "load",
    "segments",
)

#: By record: the file it is in, and its array of tables there.
TABLES: Mapping[Callable[..., Any], tuple[str, str]] = {
    Release: ("releases.toml", "releases"),
    BaseImage: ("images.toml", "images"),
    NamedImage: ("images.toml", "names"),
    OtherImage: ("images.toml", "others"),
    System: ("systems.toml", "systems"),
    Ends: ("systems.toml", "ends"),
    ServiceKind: ("services.toml", "services"),
    Registry: ("registries.toml", "registries"),
    Cache: ("registries.toml", "caches"),
    CommandRule: ("commands.toml", "commands"),
    Packages: ("packages.toml", "packages"),
    Recipe: ("recipes.toml", "recipes"),
}
#: Caches and copies of caches: more than this is a circle.
_MOST_HOPS = 8


class Catalog:
    """The facts, and the questions that they answer."""

    def __init__(self, opener: Opener, place: str = "") -> None:
        """Read what is always needed; the other files are read when they are.

        :param place: where the catalogue is, for messages.
        :raises CatalogError: when a file is missing or wrong.
        """
        self._opener = opener
        self._place = place
        self._files: dict[str, dict[str, Any]] = {}
        self._records: dict[object, Any] = {}
        index = read_record(self.file("catalog.toml"), Index, f"{place}catalog.toml")
        #: The day on which a fact was last changed.
        self.date = index.date
        #: The month in which the sources were read, ``2026-08``.
        self.read = index.read
        #: The organisation whose images this is about, on any registry.
        self.organisation = index.organisation
        #: The registry that is named for images which were on Docker Hub.
        self.refuge = index.refuge
        self.registries = {row.host: row for row in self.records(Registry)}
        #: Names in Docker Hub's ``library/``: no project's own image has one.
        self.official = frozenset(
            name for row in self.records(Registry) for name in row.official
        )
        #: The places that are known to pass through what another registry has.
        self.caches = [Mirror(one.upstream, one.target) for one in self.records(Cache)]
        self.systems = {row.key: row for row in self.records(System)}
        #: The organisation's base images, and their repositories.
        self.images = self.records(BaseImage)
        self.repositories = frozenset(image.repository for image in self.images)
        #: The releases, those of a flavour upwards.
        self.releases = _label(self.records(Release))

    def file(self, name: str) -> dict[str, Any]:
        """Return one file of the catalogue as TOML has it.

        :raises CatalogError: when it is missing or no TOML.
        """
        if name not in self._files:
            self._files[name] = read_file(self._opener, name, self._place)
        return self._files[name]

    def records(self, record: Callable[..., Record]) -> tuple[Record, ...]:
        """Return all records of one kind, a class that ``TABLES`` names.

        :raises CatalogError: when a record is not as it has to be.
        """
        if record not in self._records:
            name, table = TABLES[record]
            rows = self.file(name).get(table, [])
            place = f"{self._place}{name}: [[{table}]]"
            self._records[record] = read_records(rows, record, place)
        found: tuple[Record, ...] = self._records[record]
        return found

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """Return the lines for Dockerfiles that resolve findings."""
        return self.records(Recipe)

    # Releases.

    def _of(self, flavour: str) -> list[Release]:
        return [row for row in self.releases if row.flavour == flavour]

    def release(self, flavour: str, version: str) -> Release | None:
        """Find the greatest release of the same major that is not above the version.

        None when the text is no version, or its major is not in the catalogue.
        """
        wanted = segments(version)
        found = None
        for row in self._of(flavour):
            if wanted and row.major == wanted[0] and row.segments <= wanted:
                found = row
        return found

    def find_release(self, flavour: str, text: str) -> Release | None:
        """Find the release that people mean: ``14`` (its last minor), ``v13.1``, ``13.1.2``.

        None for a release that is not in the catalogue.
        """
        numbers = segments(text)
        wanted = 2 if "." in text else 1
        found = None
        for row in self._of(flavour):
            if numbers and row.segments[:wanted] == numbers[:wanted]:
                found = row
        return found

    def standing(self, flavour: str, version: str) -> Standing:
        """Tell where a version stands: pre-release, patch, or not in the catalogue."""
        release, numbers = self.release(flavour, version), segments(version)
        early = is_pre_release(version)
        if not release or not numbers:
            return Standing(None, False, early, None, None)
        is_out = numbers <= release.last_segments and not release.pre_release
        last = release.last_patch
        return Standing(
            release=release,
            listed=numbers[:2] <= release.last_segments[:2],
            pre_release=early,
            final=(last or release.name) if early and is_out else None,
            last_patch=last if last and numbers < release.last_segments else None,
        )

    def path(self, release: Release) -> tuple[Release, ...]:
        """Return the steps of the upgrade as far up as upgrade pages lead."""
        later = [row for row in self._of(release.flavour) if _is_later(row, release)]
        paths = (self.steps(release, row) for row in reversed(later))
        return next((steps for steps in paths if steps), ())

    def steps(self, since: Release, target: Release) -> tuple[Release, ...]:
        """Return the releases that an upgrade stops at, the target last.

        Each one is as far as one upgrade goes: a page says that it starts from the release
        before, or from a minor of the same major whose own page does. () when no page
        leads to the target.
        """
        ahead = [
            row
            for row in self._of(since.flavour)
            if row.segments <= target.segments and self._hops(since, row)
        ]
        if target in ahead:
            return (target,)
        for row in reversed(ahead):
            rest = self.steps(row, target)
            if rest:
                return (row, *rest)
        return ()

    def _hops(self, since: Release, target: Release) -> tuple[Release, ...]:
        """Return the releases whose pages are followed in one step, () when none lead."""
        if not _is_later(target, since):
            return ()
        if since.name in target.upgrade_from:
            return (target,)
        for row in self._of(target.flavour):
            if row.major == target.major and row.name in target.upgrade_from:
                hops = self._hops(since, row)
                if hops:
                    return (*hops, target)
        return ()

    def passed(self, since: Release, target: Release) -> tuple[Release, ...]:
        """Return all releases that an upgrade passes over, in their order, the target last.

        What is said of a later minor covers that minor only: ``x.0`` comes first.
        """
        passed: list[Release] = []
        for step in self.steps(since, target):
            passed += self._hops(since, step)
            since = step
        return tuple(passed)

    def pages(self, since: Release, target: Release) -> tuple[str, ...]:
        """Return the upgrade pages of all releases that are passed over, in their order."""
        pages = (row.upgrade_page for row in self.passed(since, target))
        return tuple(dict.fromkeys(page for page in pages if page))

    # Images.

    def identify(
        self,
        image: Image,
        mirrors: Sequence[Mirror] = (),
        copies: Sequence[Mirror] = (),
    ) -> Identity:
        """Tell what is known about an image.

        :param mirrors: the caches that are configured.
        :param copies: the copies that are configured: what is in one is safe.
        """
        upstream, safe = image, False
        for _ in range(_MOST_HOPS):
            served = [*copies, *mirrors, *self.caches]
            found = [one for one in served if one.restore(upstream)]
            if not found:
                break
            nearest = max(found, key=lambda one: len(one.target))
            safe = safe or nearest in copies
            upstream = nearest.restore(upstream) or upstream
        bases = (_find_tag(row, upstream) for row in self.images)
        base = next((found for found in bases if found), None)
        known = upstream.registry in self.registries
        owner = upstream.repository.partition("/")[0]
        organisation = known and owner == self.organisation
        return Identity(
            image=image,
            upstream=upstream,
            base=base,
            provides=self._provides(base, upstream),
            organisation=organisation,
            on_hub=organisation and upstream.registry == DOCKER_HUB and not safe,
            safe=safe,
            explained=not base or (known and base.repository == upstream.repository),
        )

    def _provides(self, base: BaseImage | None, image: Image) -> Provides:
        if base:
            manager = self.systems[base.system].manager
            return Provides(base.python, base.node, base.system, manager)
        for row in self.records(OtherImage):
            if _in_repository(row.repository, image):
                found = re.fullmatch(row.tag, image.tag or "latest")
                if found:
                    return self._read_tag(row, found.groupdict())
        return Provides()

    def _read_tag(self, row: OtherImage, parts: Mapping[str, str | None]) -> Provides:
        """Return what the parts of a tag say about an image of other makers."""
        key = row.systems.get(parts.get("system") or "")
        system = self.systems.get(key or "")
        own = system.python if system and key in row.system_python else None
        return Provides(
            python=parts.get("python") or own,
            node=parts.get("node"),
            system=key,
            manager=system.manager if system else row.manager,
        )

    def counterpart(self, image: Image) -> tuple[Image, Evidence] | None:
        """Return the same image at a registry other than Docker Hub, and its evidence.

        The digest is left out: nothing says that it is the same there. None for an image
        that is not on Docker Hub, or that the catalogue does not have.
        """
        found = self.identify(image)
        if not found.base or found.upstream.registry != DOCKER_HUB:
            return None
        host = next(host for host in found.base.registries if host != DOCKER_HUB)
        same = found.upstream._replace(registry=host, digest=None)
        return same, found.base.evidence[host]

    def published(self, base: BaseImage) -> Image | None:
        """Return a base image where its makers publish it outside of Docker Hub."""
        host = next((host for host in base.registries if host != DOCKER_HUB), None)
        return Image(host, base.repository, base.tags[0]) if host else None

    def describe_other(self, image: Image) -> str:
        """Return what is known of an image that is no base image: a sentence, or ""."""
        rows = self.records(NamedImage)
        notes = (row.note for row in rows if _in_repository(row.repository, image))
        return next(notes, "")

    # Services, and ends of life.

    def service(self, image: Image) -> str | None:
        """Return which service an image runs (``PostgreSQL``), None for any other."""
        for row in self.records(ServiceKind):
            if any(_in_repository(name, image) for name in row.images):
                return row.name
        return None

    def service_end(self, name: str, version: str) -> datetime.date | None:
        """Return the last day with fixes for a service, by its major."""
        for row in self.records(ServiceKind):
            if row.name == name:
                return row.ends.get(version.split(".")[0])
        return None

    def python_end(
        self, version: str, system: str | None = None
    ) -> datetime.date | None:
        """Return the last day with fixes for a Python, from its makers or the system's."""
        minor = ".".join(version.split(".")[:2])
        found = self.systems.get(system or "")
        patched = found.pythons.get(minor) if found else None
        return patched or self._ends("Python").get(minor)

    def node_end(self, version: str) -> datetime.date | None:
        """Return the last day with fixes for a Node, by its major."""
        return self._ends("Node").get(version.split(".")[0])

    def _ends(self, name: str) -> Mapping[str, datetime.date]:
        rows = (row.ends for row in self.records(Ends) if row.name == name)
        return next(rows, {})


def _label(rows: Sequence[Release]) -> tuple[Release, ...]:
    """Return the releases with what an upgrade path calls them."""
    majors = [(row.flavour, row.major) for row in rows]
    return tuple(
        row._replace(
            label=str(row.major)
            if majors.count(major) == 1 and not row.pre_release
            else row.name,
        )
        for row, major in zip(rows, majors)
    )


def _is_later(release: Release, other: Release) -> bool:
    return release.flavour == other.flavour and release.segments > other.segments


def _in_repository(repository: str, image: Image) -> bool:
    """Tell whether an image is of a repository; a cache puts a path of its own before."""
    return f"/{image.repository}".endswith(f"/{repository}")


def _find_tag(base: BaseImage, image: Image) -> BaseImage | None:
    """Return a base image as it is in a tag, None when the image is another one."""
    tag = image.tag or ("" if image.digest else "latest")
    return base.at(tag) if _in_repository(base.repository, image) else None


@functools.lru_cache(maxsize=None)
def load(path: str | None = None) -> Catalog:
    """Load the catalogue: the package's, or that of a folder, a zip or a tar archive.

    The package's files are read when they are needed. Another catalogue is read as a
    whole: one that is wrong anywhere is not used.

    :raises CatalogError: when a file is missing or wrong.
    """
    if path is None:
        return Catalog(open_packaged)
    catalog = Catalog(open_other(path), f"{path}: ")
    for record in TABLES:
        catalog.records(record)
    for fault in (*_find_faults(catalog), *_find_image_faults(catalog)):
        raise CatalogError(f"{path}: {fault}")
    return catalog


def _find_faults(catalog: Catalog) -> Iterator[str]:
    """Yield what is wrong between the records of a catalogue: names that do not exist."""
    for name in {name for name, _ in TABLES.values()}:
        unknown = {(name, table) for table in catalog.file(name)} - {*TABLES.values()}
        for _, table in unknown:
            yield f"{name}: unknown table {table!r}"
    for row in catalog.releases:
        place = f"releases.toml: [[releases]] {row.name}"
        if row.image and not _is_image(row.image):
            yield f"{place}, image: {row.image!r} is not an image name"
        if not all(" " in text for text in row.needs):
            yield f"{place}, needs: write a name and a version, as in 'PostgreSQL 12'"
    for cache in catalog.records(Cache):
        if not _is_image(f"{cache.target}/x") or not _is_image(f"{cache.upstream}/x"):
            yield f"registries.toml: [[caches]] {cache.target}: not a place in a registry"


def _find_image_faults(catalog: Catalog) -> Iterator[str]:
    hosts, systems = set(catalog.registries), set(catalog.systems)
    for base in catalog.images:
        place = f"images.toml: [[images]] {base.repository}"
        elsewhere = set(base.registries) - {DOCKER_HUB}
        if not base.tags or not elsewhere or not elsewhere <= set(base.evidence):
            yield f"{place}: needs a tag, and a registry besides Docker Hub with evidence"
        if base.system not in systems or not set(base.evidence) <= hosts:
            yield f"{place}: its system or a registry of its evidence is not listed"
    for row in catalog.records(OtherImage):
        place = f"images.toml: [[others]] {row.repository}"
        try:
            re.compile(row.tag)
        except re.error as error:
            yield f"{place}, tag: {error}"
        if not set(row.systems.values()) <= systems:
            yield f"{place}, systems: one is not listed in systems.toml"


def _is_image(text: str) -> bool:
    try:
        parse(text)
    except InvalidReference:
        return False
    return True
