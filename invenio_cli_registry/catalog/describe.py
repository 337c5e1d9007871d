# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the catalogue says about a release or an image, with its sources. Pure."""

from __future__ import annotations

import difflib
import re
import textwrap
from typing import Iterator, Mapping

from ..image import InvalidReference, parse
from . import Catalog
from .reading import CatalogError
from .records import BaseImage, FileChange, Release, System, segments

_RELEASE = re.compile(r"(?:invenio)?(rdm|ils)?\s*(v?\d[\w.]*)", re.IGNORECASE)
#: Columns of a label, and of a line.
_LABEL, _WIDTH = 24, 100
#: Says when the releases of InvenioRDM stop getting fixes.
_POLICY = "https://inveniordm.docs.cern.ch/releases/maintenance-policy/"
#: What the fields of each record are called, and what is said with them, in the order in
#: which they are printed.
_RELEASE_LABELS = {
    "date": "Released on",
    "kind": "Kind",
    "maintained_until": "Fixes until",
    "last_patch": "Last patch",
    "pythons": "Python",
    "node_least": "Node",
    "node_builds_to": "Node for assets: {} or earlier",
    "needs": "Requires",
    "invenio_cli": "invenio-cli",
    "image": "Base image",
    "upgrade_from": "Upgrade from",
    "upgrade_page": "Upgrade page",
    "page": "Release notes",
    "note": "Note",
}
_IMAGE_LABELS = {
    "tags": "Tags",
    "release": "Made for: InvenioRDM {}",
    "system": "Operating system",
    "python": "Python",
    "node": "Node",
    "node_until": "Node of older tags",
    "docker": "Docker: {} or later on the machine that builds",
    "architectures": "Architectures: {} only",
    "note": "Note",
    "source": "Source",
    "registries": "Published at",
}
_SYSTEM_LABELS = {
    "end_of_life": "Fixes until",
    "extended_until": "Extended until",
    "extended_by": "Extended by",
    "mirrors_closed": "Mirrors closed on",
    "manager": "Package manager",
    "python": "Package python3: installs Python {}",
    "available": "Pythons to install",
    "pythons": "Patches itself",
    "note": "Note",
    "source": "Source",
}


def describe(catalog: Catalog, text: str = "") -> list[str]:
    """Return what is known about a release or an image; without a text, list them all.

    :param text: ``14``, ``ILS 5``, ``almalinux``, ``almalinux:1`` or a whole image name.
    :raises CatalogError: when the catalogue has neither; it names the nearest.
    """
    lines = [*_describe_releases(catalog, text), *_describe_images(catalog, text)]
    if text and not lines:
        raise CatalogError(
            f"{text!r} is not in the catalogue. {_find_nearest(catalog, text)}Name a "
            "release (14, 13.1, ILS 5) or an image (almalinux:1); without a name, all are "
            "listed."
        )
    read = f"Changed on {catalog.date}; its sources were read in {catalog.read}."
    return [*(lines or _list_all(catalog)), read, "No registry was contacted for it."]


def _find_nearest(catalog: Catalog, text: str) -> str:
    """Return a sentence about the nearest release or image, "" when none is near."""
    wanted = _RELEASE.fullmatch(text.strip())
    if wanted:
        flavour, numbers = (wanted[1] or "RDM").upper(), segments(wanted[2]) or ()
        rows = [row for row in catalog.releases if row.flavour == flavour]
        below = [row for row in rows if row.segments <= numbers]
        return f"The nearest is Invenio{flavour} {(below or rows[:1])[-1].name}. "
    names = [f"{one.repository}:{tag}" for one in catalog.images for tag in one.tags]
    short = [name.rpartition("/")[2] for name in names]
    near = difflib.get_close_matches(text.rpartition("/")[2], short, 1)
    return f"The nearest is {near[0]}. " if near else ""


def _list_all(catalog: Catalog) -> Iterator[str]:
    for release in catalog.releases:
        end = release.maintained_until
        fixes = f"fixes until {end}" if end else "no end of fixes is published"
        yield f"Invenio{release.flavour} {release.name:<9} {fixes}"
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
            yield from _describe_release(release)
            yield "  What has no address below it is in the release notes."
            yield ""


def _describe_release(release: Release) -> Iterator[str]:
    end, why = release.maintained_until, release.maintained_note
    tested = "" if release.requires_python else " (tested with it, not required)"
    values = {
        "maintained_until": f"{end or 'no date is published'}{why and f' ({why})'}",
        "pythons": ", ".join(release.pythons or ["not known"]) + tested,
        "node_least": _describe_range(*release.node),
        "needs": _describe_needs(release),
        "invenio_cli": _describe_range(release.invenio_cli, release.invenio_cli_to),
    }
    policy = {"maintained_until": _POLICY} if release.flavour == "RDM" else {}
    yield from _show(release, _RELEASE_LABELS, values, policy)
    for one in release.changes:
        yield from _lay_out("The upgrade", _describe_change(one), one.page)


def _describe_range(least: object, last: object) -> str:
    """Return two versions of which each may be None: ``14 to 16``, ``18 or later``."""
    if last is None:
        return f"{least} or later" if least else "not known"
    if least is None:
        return f"{last} or earlier"
    return f"{least}" if least == last else f"{least} to {last}"


def _describe_needs(release: Release) -> str:
    """Return the services; any one of the search engines is enough."""
    databases, engines = [], []
    for name, version in release.services:
        major, dot, _ = version.partition(".")
        if name == "PostgreSQL":
            databases.append(f"{name} {version} or later")
        else:
            # A later major has another API.
            later = f" or a later {major}.x" if dot else ""
            engines.append(f"{name} {version}{later}")
    both = filter(None, (*databases, " or ".join(engines)))
    return "; ".join(both) or "not known"


def _describe_change(change: FileChange) -> str:
    """Return what an upgrade does to a file."""
    if not change.new:
        return f"removes `{change.old}` from {change.what} in {change.file}"
    if not change.old:
        return f"adds {change.what} to {change.file}: {change.new}"
    return (
        f"replaces `{change.old}` with `{change.new}` ({change.what}) in {change.file}"
    )


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
            yield f"{base.repository}:{image.tag or base.tags[0]}"
            system = catalog.systems[base.system]
            days = [f"{node} up to {day}" for day, node in base.node_until.items()]
            values = {
                "system": system.name,
                "node": base.node or "not known",
                "node_until": ", ".join(days),
            }
            yield from _show(base, _IMAGE_LABELS, values)
            for host, said in base.evidence.items():
                label = f"At {catalog.registries[host].name}"
                yield from _lay_out(label, said.text, said.source)
            yield ""
            yield system.name
            own = [f"Python {one} until {end}" for one, end in system.pythons.items()]
            yield from _show(system, _SYSTEM_LABELS, {"pythons": ", ".join(own)})
            yield ""


def _show(
    record: Release | BaseImage | System,
    labels: Mapping[str, str],
    values: Mapping[str, str],
    sources: Mapping[str, str] = {},
) -> Iterator[str]:
    """Yield a table of what is known of a record.

    :param labels: what is said with a field follows its label: ``Docker: {} or later``.
    :param values: what is said instead of a field as it is.
    :param sources: by field, where the record names none.
    """
    sources = {**sources, **record.sources}
    for key, named in labels.items():
        value = values.get(key, getattr(record, key))
        label, _, form = named.partition(": ")
        text = ", ".join(value) if isinstance(value, tuple) else str(value)
        text = (form or "{}").format(text)
        text += " (not confirmed)" if key in record.unconfirmed else ""
        source = sources.get(key) or sources.get(key.partition("_")[0], "")
        if value:
            yield from _lay_out(label, text, source)


def _lay_out(label: str, text: str, source: str) -> Iterator[str]:
    """Yield a row of a table: a label, a text, and below that its source."""
    lines = textwrap.wrap(text, _WIDTH - _LABEL, break_on_hyphens=False)
    for line in filter(None, (*lines, source)):
        yield f"  {label:<{_LABEL - 2}}{line}"
        label = ""
