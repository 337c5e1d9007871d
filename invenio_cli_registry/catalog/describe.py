# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the catalogue says about a release or an image, with its sources. Pure."""

from __future__ import annotations

import re
from typing import Iterator

from ..image import InvalidReference, parse
from . import Catalog
from .reading import CatalogError
from .records import BaseImage, Release, System

_RELEASE = re.compile(r"(?:invenio)?(rdm|ils)?\s*(v?\d[\w.]*)", re.IGNORECASE)
_WIDTH = 18
#: What is in the heading, or has lines of its own.
_HIDDEN = frozenset(
    ("flavour", "name", "label", "key", "repository", "changes", "evidence")
    + ("sources", "unconfirmed", "requires_python", "doubtful")
)


def describe(catalog: Catalog, text: str = "") -> list[str]:
    """Return what is known about a release or an image; without a text, list them all.

    :param text: ``14``, ``ILS 5``, ``almalinux``, ``almalinux:1`` or a whole image name.
    :raises CatalogError: when the catalogue has neither.
    """
    lines = [*_describe_releases(catalog, text), *_describe_images(catalog, text)]
    if text and not lines:
        raise CatalogError(
            f"{text!r} is not in the catalogue. Name a release (14, 13.1, ILS 5) or an "
            "image (almalinux:1); without a name, all are listed."
        )
    read = f"Changed on {catalog.date}; its sources were read in {catalog.read}."
    return [*(lines or _list_all(catalog)), read, "No registry was contacted for it."]


def _list_all(catalog: Catalog) -> Iterator[str]:
    for release in catalog.releases:
        end = release.maintained_until or "no date"
        yield f"Invenio{release.flavour} {release.name:<9} fixes until {end}"
    yield ""
    for base in catalog.images:
        name = f"{base.repository}:{base.tags[0]}"
        system = catalog.systems[base.system].name
        yield f"{name:<36} {system}, Python {base.python}, Node {base.node or 'unknown'}"
    yield ""


def _describe_releases(catalog: Catalog, text: str) -> Iterator[str]:
    wanted = _RELEASE.fullmatch(text.strip())
    for flavour in ("RDM", "ILS"):
        release = catalog.find_release(flavour, wanted[2]) if wanted else None
        if release and wanted and (wanted[1] or flavour).upper() == flavour:
            yield f"Invenio{flavour} {release.name}"
            yield from _show(release)
            for one in release.changes:
                says = f"{one.old or '(new)'} -> {one.new or '(removed)'}"
                yield f"  The upgrade changes {one.file}, {one.what}: {says}"
            yield ""


def _describe_images(catalog: Catalog, text: str) -> Iterator[str]:
    """Yield what is known of each image that is named; the last part of a name is enough."""
    try:
        image = parse(text)
    except InvalidReference:
        return
    name = image.repository.rpartition("/")[2]
    for one in catalog.images:
        base = one.at(image.tag) if image.tag else one
        if base and base.repository.endswith(f"/{name}"):
            yield base.repository
            yield from _show(base)
            for host, said in base.evidence.items():
                yield f"  {catalog.registries[host].name}: {said.text}"
                yield f"  {'':<{_WIDTH}}{said.source}"
            system = catalog.systems[base.system]
            yield f"  {system.name}:"
            yield from (f"  {line}" for line in _show(system))
            yield ""


def _show(record: Release | BaseImage | System) -> Iterator[str]:
    """Yield the fields of a record by their names in its file, each with its source."""
    for key, value in record._asdict().items():
        if key in _HIDDEN or value in (None, (), "", {}):
            continue
        if isinstance(value, dict):
            value = [f"{one}: {end}" for one, end in value.items()]
        text = ", ".join(value) if isinstance(value, (list, tuple)) else str(value)
        mark = " (not confirmed)" if key in record.unconfirmed else ""
        yield f"  {key.replace('_', ' '):<{_WIDTH}}{text}{mark}"
        source = record.sources.get(key) or record.sources.get(key.partition("_")[0])
        if source:
            yield f"  {'':<{_WIDTH}}{source}"
