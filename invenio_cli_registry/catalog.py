# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The catalogue: releases, base images, what breaks where, and their lookups.

The facts stand in ``catalog.toml``, each with its source; nothing here knows one.
"""

from __future__ import annotations

import datetime
import functools
import pkgutil
import re
import sys
from typing import Any, Mapping

from .records import (
    BaseImage,
    Evidence,
    Recipe,
    Registry,
    Release,
    Rule,
    Service,
    System,
    segments,
)
from .reference import DOCKER_HUB, Image, parse

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = (
    "BaseImage",
    "Catalog",
    "Evidence",
    "Recipe",
    "Registry",
    "Release",
    "Rule",
    "Service",
    "System",
    "load",
    "segments",
)

_PRE_RELEASE = re.compile(r"[a-z]")


class Catalog:
    """The facts, and the questions that they answer."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        """Build the records of a parsed ``catalog.toml``."""
        self.date: datetime.date = data["date"]
        self.releases = _releases(data["releases"])
        self.images = tuple(_image(row) for row in data["images"])
        self.repositories = frozenset(image.repository for image in self.images)
        self.systems = {row["key"]: _system(row) for row in data["systems"]}
        self.registries = {row["host"]: Registry(**row) for row in data["registries"]}
        self.services = tuple(
            Service(row["name"], tuple(row["images"]), row["source"])
            for row in data.get("services", ())
        )
        self.rules = tuple(_rule(row) for row in data.get("rules", ()))
        self.recipes = tuple(Recipe.read(row) for row in data.get("recipes", ()))
        #: By system: a package of an RPM system -> its name there, or why to drop it.
        self.packages: Mapping[str, Mapping[str, str]] = data.get("packages", {})
        self.drops: Mapping[str, Mapping[str, str]] = data.get("drop", {})
        self._data = data

    def release(self, flavour: str, version: str) -> Release | None:
        """Find the greatest release of the same major that is not above the version.

        :returns: None when the version is none, or its major is unknown.
        """
        wanted = segments(version)
        found = None
        for row in self.releases:
            if wanted and row.flavour == flavour and row.major == wanted[0]:
                found = row if row.segments <= wanted else found
        return found

    def find_release(self, flavour: str, text: str) -> Release | None:
        """Find the release that people mean: ``14``, ``v13.1`` or ``13.1.2``.

        A major alone means its last minor.

        :returns: None for a release that is not in the catalogue.
        """
        numbers = segments(text)
        found = None
        for row in self.releases:
            wanted = 2 if "." in text else 1
            if numbers and row.flavour == flavour:
                same = row.segments[:wanted] == numbers[:wanted]
                found = row if same else found
        return found

    def first_step(self, release: Release, target: Release) -> Release:
        """Return where an upgrade goes first: the target, or the release in between.

        Each upgrade page says from which release it starts (``upgrade_from``); one major
        at a time (the documentation's upgrade policy).
        """
        if release.major == target.major:
            return target
        rows = [row for row in self.releases if row.flavour == target.flavour]
        starts = next(row for row in rows if row.major == target.major).upgrade_from
        between = [
            row
            for row in self.path(release)
            if row.major < target.major and (row.major > release.major or starts)
        ]
        direct = release.name in starts or not between
        return target if direct else between[0]

    def service(self, image: Image) -> str | None:
        """Return which service an image runs (``PostgreSQL``), None for any other.

        A cache has a repository below a name of its own.
        """
        path = f"/{image.repository}"
        names = (
            one.name
            for one in self.services
            if any(path.endswith(f"/{repository}") for repository in one.images)
        )
        return next(names, None)

    def path(self, release: Release) -> tuple[Release, ...]:
        """List the upgrades from a release to the newest, each major by its last minor.

        Upgrades go one major at a time (the documentation's upgrade policy).
        """
        last = {
            row.major: row
            for row in self.releases
            if row.flavour == release.flavour and row.step
        }
        return tuple(row for row in last.values() if row.segments > release.segments)

    def newest(self, flavour: str) -> Release:
        """Return the last release of a flavour."""
        return [row for row in self.releases if row.flavour == flavour][-1]

    def major_end(self, release: Release) -> datetime.date | None:
        """Return the last day with fixes for the last minor of the release's major."""
        rows = (row for row in self.releases if row[0] == release.flavour)
        return [row for row in rows if row.major == release.major][-1].maintained_until

    def hub_name(self, image: Image) -> Image | None:
        """Return the image as Docker Hub knows it, also when it comes through a cache.

        :returns: None for an image of another registry.
        """
        for cache in self._data["caches"]:
            path = cache["path"] + "/"
            if image.registry == cache["host"] and image.repository.startswith(path):
                hub = parse(f"{cache['upstream']}/{image.repository[len(path) :]}")
                return hub._replace(tag=image.tag, digest=image.digest)
        return image if image.registry == DOCKER_HUB else None

    def base_image(self, image: Image) -> tuple[BaseImage, bool] | None:
        """Find a base image, and whether it is named where its makers are known to be.

        Below a host that the catalogue does not know, a base image's repository and tag
        are taken for that image: a cache of Docker Hub, or a copy.
        """
        image = self.hub_name(image) or image
        tag = image.tag or ("" if image.digest else "latest")
        for base in self.images:
            here = image.repository == base.repository
            if (
                here or image.repository.endswith("/" + base.repository)
            ) and base.has_tag(tag):
                return base, here and image.registry in self.registries
        return None

    def counterpart(self, image: Image) -> tuple[Image, Evidence] | None:
        """Return the same image where it does not hang on Docker Hub, by evidence.

        The digest is left out: no one vouches for it there.

        :returns: None for an image that is not on Docker Hub, or unknown.
        """
        hub = self.hub_name(image)
        found = hub and self.base_image(hub)
        if not hub or not found:
            return None
        host = next(host for host in found[0].registries if host != DOCKER_HUB)
        return hub._replace(registry=host, digest=None), found[0].evidence[host]

    def organisation(self, image: Image) -> bool:
        """Tell whether an image is one of the organisation's, on a registry of its own."""
        image = self.hub_name(image) or image
        owner = image.repository.partition("/")[0]
        known = image.registry in self.registries
        return known and owner == self._data["organisation"]

    def python_end(
        self, version: str, system: str | None = None
    ) -> datetime.date | None:
        """Return the last day with fixes for a Python, from its makers or the system's."""
        minor = ".".join(version.split(".")[:2])
        end: datetime.date | None = self._data["python"].get(minor)
        mended = self.systems[system].pythons.get(minor) if system else None
        return mended or end

    def node_end(self, version: str) -> datetime.date | None:
        """Return the last day with fixes for a Node, by its major."""
        end: datetime.date | None = self._data["node"].get(version.split(".")[0])
        return end

    def template_image(self, release: Release, python: str) -> Image | None:
        """Return what the release's template builds on when asked for a Python.

        :returns: None where the template writes no FROM line, or is unknown.
        """
        for row in self._data["templates"]:
            if row["flavour"] == release.flavour and release.major in row["majors"]:
                name = row["images"].get(python)
                return parse(name) if name else None
        return parse(release.image) if release.image else None


def _releases(rows: list[dict[str, Any]]) -> tuple[Release, ...]:
    names = [(row["flavour"], row["name"].split(".")[0]) for row in rows]
    return tuple(_release(row, names.count(key) == 1) for row, key in zip(rows, names))


def _release(row: dict[str, Any], alone: bool) -> Release:
    name = row["name"]
    node = [*row.get("node", ()), None, None]
    whole = alone and not _PRE_RELEASE.search(name)
    return Release(
        flavour=row["flavour"],
        name=name,
        label=name.split(".")[0] if whole else name,
        date=row.get("date"),
        kind=row.get("class", ""),
        maintained_until=row.get("maintained_until"),
        maintained_note=row.get("maintained_note", ""),
        last_patch=row.get("last_patch"),
        page=row["page"],
        upgrade_page=row.get("upgrade_page"),
        upgrade_from=tuple(row.get("upgrade_from", ())),
        pythons=tuple(row.get("pythons", ())),
        node=(node[0], node[1]),
        node_builds_to=row.get("node_builds_to"),
        postgresql=row.get("postgresql"),
        search=row.get("search"),
        invenio_cli=row.get("invenio_cli"),
        invenio_cli_to=row.get("invenio_cli_to"),
        image=row.get("image"),
        step=row.get("step", True),
        source=row.get("source", row["page"]),
    )


def _image(row: dict[str, Any]) -> BaseImage:
    evidence = {
        host: Evidence(said["kind"], said.get("until"), said["text"], said["source"])
        for host, said in row["evidence"].items()
    }
    return BaseImage(
        repository=row["repository"],
        tags=tuple(row["tags"]),
        tag_pattern=row.get("tag_pattern", "(?!)"),
        registries=tuple(row["registries"]),
        os=row["system"],
        python=row["python"],
        node=row.get("node"),
        installer=tuple(row["installer"]),
        evidence=evidence,
        note=row["note"],
        architectures=tuple(row.get("architectures", ())),
        docker=row.get("docker"),
        doubtful=row.get("doubtful", False),
        source=row["source"],
    )


def _system(row: dict[str, Any]) -> System:
    return System(
        key=row["key"],
        name=row["name"],
        end_of_life=row["end_of_life"],
        mirrors_closed=row.get("mirrors_closed"),
        pythons=row.get("mends", {}),
        source=row["source"],
    )


def _rule(row: dict[str, Any]) -> Rule:
    lists = {key: tuple(row[key]) for key in row if isinstance(row[key], list)}
    return Rule(**{**row, **lists})


@functools.lru_cache(maxsize=None)
def load(text: str | None = None) -> Catalog:
    """Load the catalogue that comes with the package, or another one's text."""
    if text is None:
        # Not importlib.resources: its spelling changed with nearly every Python.
        data = pkgutil.get_data(__package__, "catalog.toml") or b""
        text = data.decode("utf-8")
    return Catalog(tomllib.loads(text))
