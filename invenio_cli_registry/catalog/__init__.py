# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The catalogue: what is known about releases, images and systems, and its lookups.

The facts are data, in the TOML files of this folder, each with its source. A further kind
of record is a NamedTuple whose fields are the keys of its tables, and an entry in ``TABLES``.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Mapping, Sequence

from ..image import DOCKER_HUB, Image, Mirror
from .reading import CatalogError, Record, read_file, read_record, read_records
from .records import (
    BaseImage,
    CommandRule,
    Ends,
    Evidence,
    Identity,
    Index,
    Needed,
    OtherImage,
    Packages,
    Provides,
    Recipe,
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
    "Release",
    "is_pre_release",
    "load",
    "segments",
)

#: Whose images this is about, on any registry.
ORGANISATION = "inveniosoftware"
#: By record: the file it is in, and its array of tables there.
TABLES: Mapping[Callable[..., Any], tuple[str, str]] = {
    Release: ("releases.toml", "releases"),
    BaseImage: ("images.toml", "images"),
    OtherImage: ("images.toml", "others"),
    System: ("systems.toml", "systems"),
    Ends: ("services.toml", "ends"),
    ServiceKind: ("services.toml", "services"),
    Registry: ("registries.toml", "registries"),
    CommandRule: ("commands.toml", "commands"),
    Packages: ("packages.toml", "packages"),
    Recipe: ("recipes.toml", "recipes"),
}
#: Caches and copies of caches: more than this is a circle.
_MOST_HOPS = 8


class Catalog:
    """The facts, and the questions that they answer."""

    def __init__(self, folder: Path) -> None:
        """Read what is always needed; see :func:`load`."""
        self._folder = folder
        self._records: dict[object, Any] = {}
        path = folder / "catalog.toml"
        self.date, self.read, self.refuge = read_record(
            read_file(path), Index, str(path)
        )
        registries = self.records(Registry)
        self.registries = {row.host: row for row in registries}
        #: Names in Docker Hub's ``library/``: no project's own image has one.
        self.official = frozenset(name for row in registries for name in row.official)
        #: The places that are known to pass through what another registry has.
        self.caches = [
            Mirror(*place) for row in registries for place in row.passes_through.items()
        ]
        self.systems = {row.key: row for row in self.records(System)}
        #: The organisation's base images, and their repositories.
        self.images = self.records(BaseImage)
        self.repositories = frozenset(image.repository for image in self.images)
        #: The releases, those of a flavour upwards.
        self.releases = _label(self.records(Release))

    def records(self, record: Callable[..., Record]) -> tuple[Record, ...]:
        """Return all records of one kind, a class that ``TABLES`` names."""
        if record not in self._records:
            name, table = TABLES[record]
            self._records[record] = read_records(self._folder / name, table, record)
        found: tuple[Record, ...] = self._records[record]
        return found

    def _of(self, flavour: str) -> list[Release]:
        return [row for row in self.releases if row.flavour == flavour]

    def release(self, flavour: str, version: str) -> Release | None:
        """Find the greatest release of the same major that is not above the version."""
        wanted = segments(version) or ()
        found = [
            row
            for row in self._of(flavour)
            if row.segments[:1] == wanted[:1] and row.segments <= wanted
        ]
        return found[-1] if found else None

    def find_release(self, flavour: str, text: str) -> Release | None:
        """Find the release that people mean: ``14`` (its last minor), ``v13.1``, ``13.1.2``."""
        wanted = (segments(text) or ())[: 2 if "." in text else 1]
        size = len(wanted)
        found = [row for row in self._of(flavour) if row.segments[:size] == wanted]
        return found[-1] if wanted and found else None

    def standing(self, flavour: str, version: str) -> Standing:
        """Tell where a version stands: pre-release, patch, or not in the catalogue."""
        release, numbers = self.release(flavour, version), segments(version)
        early = is_pre_release(version)
        if not release or not numbers:
            return Standing(False, early, None, None)
        last = release.last_patch or release.name
        newest = segments(last) or numbers
        final = last if numbers <= newest and not release.pre_release else None
        later = release.last_patch if numbers < newest else None
        listed = numbers[:2] <= newest[:2]
        return Standing(listed, early, final if early else None, later)

    def passed(
        self, since: Release, target: Release | None = None
    ) -> tuple[Release, ...]:
        """Return all releases that an upgrade passes over, in their order, the target last.

        What is said of a later minor covers that minor only: ``x.0`` comes first. Without
        a target they go as far up as upgrade pages lead; () when none leads there.
        """
        ways: dict[str, tuple[Release, ...]] = {since.name: ()}
        for row in self._of(since.flavour):
            starts = [name for name in ways if name in row.upgrade_from]
            if starts:
                # What starts from here is one step; else the last minor comes before it.
                start = since.name if since.name in starts else starts[-1]
                ways[row.name] = (*ways[start], row)
        return ways.get(target.name, ()) if target else [*ways.values()][-1]

    def steps(
        self, since: Release, target: Release | None = None
    ) -> tuple[Release, ...]:
        """Return the releases that an upgrade stops at: of each major the last passed."""
        return tuple({row.major: row for row in self.passed(since, target)}.values())

    def path(self, release: Release) -> tuple[Release, ...]:
        """Return the steps of the upgrade as far up as upgrade pages lead."""
        return self.steps(release)

    def pages(self, since: Release, target: Release) -> tuple[str, ...]:
        """Return the upgrade pages of all releases that are passed over, in their order."""
        pages = (row.upgrade_page for row in self.passed(since, target))
        return tuple(dict.fromkeys(page for page in pages if page))

    def identify(
        self,
        image: Image,
        mirrors: Sequence[Mirror] = (),
        copies: Sequence[Mirror] = (),
    ) -> Identity:
        """Tell what is known about an image, behind the caches and copies of settings."""
        upstream, safe = image, False
        for _ in range(_MOST_HOPS):
            served = [*copies, *mirrors, *self.caches]
            found = [one for one in served if one.restore(upstream)]
            if not found:
                break
            nearest = max(found, key=lambda one: len(one.target))
            safe = safe or nearest in copies
            upstream = nearest.restore(upstream) or upstream
        tag = upstream.tag or ("" if upstream.digest else "latest")
        rows = (one for one in self.images if _in_repository(one.repository, upstream))
        base = next(filter(None, (row.at(tag) for row in rows)), None)
        known = upstream.registry in self.registries
        owner = upstream.repository.partition("/")[0]
        organisation = known and owner == ORGANISATION
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
            by = self.systems[base.system].manager
            return Provides(base.python, base.node, base.system, by)
        for row in self.records(OtherImage):
            ours = _in_repository(row.repository, image)
            found = re.fullmatch(row.tag, image.tag or "latest") if ours else None
            if found:
                parts = found.groupdict()
                key = row.systems.get(parts.get("system") or "")
                system = self.systems.get(key or "")
                own = system.python if system and key in row.system_python else None
                manager = system.manager if system else row.manager
                python = parts.get("python") or own
                return Provides(python, parts.get("node"), key, manager)
        return Provides()

    def counterpart(self, image: Image) -> tuple[Image, Evidence] | None:
        """Return the same image at a registry other than Docker Hub, and its evidence.

        The digest is left out: nothing says that it is the same there. None for an image
        that is not on Docker Hub, or that the catalogue does not have.
        """
        found = self.identify(image)
        if not found.base or found.upstream.registry != DOCKER_HUB:
            return None
        host = found.base.home.registry
        same = found.upstream._replace(registry=host, digest=None)
        return same, found.base.evidence[host]

    def describe_other(self, image: Image) -> str:
        """Return what is known of an image that is no base image: a sentence, or ""."""
        rows = self.records(OtherImage)
        notes = (row.note for row in rows if _in_repository(row.repository, image))
        return next(notes, "")

    def service(self, image: Image) -> str | None:
        """Return which service an image runs (``PostgreSQL``), None for any other."""
        for row in self.records(ServiceKind):
            if any(_in_repository(name, image) for name in row.images):
                return row.name
        return None

    def end_of(self, name: str, version: str, system: str | None = None) -> date | None:
        """Return the last day with fixes for Python, Node or a service.

        :param system: the fixes count that it makes for a Python itself.
        """
        major, minor = version.split(".")[0], ".".join(version.split(".")[:2])
        ends = {one.name: one.ends for one in self.records(Ends)}.get(name, {})
        own = self.systems[system].pythons if system in self.systems else {}
        return own.get(minor) or ends.get(minor) or ends.get(major)


def _label(rows: Sequence[Release]) -> tuple[Release, ...]:
    """Return the releases with what an upgrade path calls them."""
    majors = [(row.flavour, row.major) for row in rows]
    found = []
    for row, major in zip(rows, majors):
        alone = majors.count(major) == 1 and not row.pre_release
        found.append(row._replace(label=str(row.major) if alone else row.name))
    return tuple(found)


def _in_repository(repository: str, image: Image) -> bool:
    """Tell whether an image is of a repository; a cache puts a path of its own before."""
    return f"/{image.repository}".endswith(f"/{repository}")


@lru_cache(maxsize=None)
def load(path: str | None = None) -> Catalog:
    """Load the catalogue: the package's, or that of another folder.

    The package's files are read when they are needed. Another catalogue is read as a
    whole: one that is wrong anywhere is not used, and its error names file and record.
    """
    folder = Path(path) if path else Path(__file__).parent
    catalog = Catalog(folder)
    if path is None:
        return catalog
    for record, (name, _) in TABLES.items():
        catalog.records(record)
        for table in read_file(folder / name):
            if (name, table) not in TABLES.values():
                raise CatalogError(f"{folder / name}: unknown table {table!r}")
    for base in catalog.images:
        hosts = {*base.registries} - {DOCKER_HUB}
        named = hosts and hosts <= {*base.evidence} <= {*catalog.registries}
        if not (named and base.tags and base.system in catalog.systems):
            raise CatalogError(
                f"{folder / 'images.toml'}: [[images]] {base.repository}: it needs a tag, "
                "a listed system, evidence for a registry besides Docker Hub"
            )
    return catalog
