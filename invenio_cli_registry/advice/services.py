# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The database and the search engine of the compose files against a release. Pure."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Sequence

from ..judgement import Judged, Setting
from ..project.places import Place
from ..records import Needed
from .model import Change, Finding

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?![\d.])")
#: Only of these a later major is fine as well; a search engine's is another API.
_OPEN_ENDED = frozenset({"PostgreSQL"})


class Running(NamedTuple):
    """A service of a compose file, by the image that it runs."""

    name: str
    version: tuple[int, ...] | None  #: None: its tag says none
    place: Place
    text: str  #: the image as written


def list_running(findings: Sequence[Finding], setting: Setting) -> list[Running]:
    """Return the databases and search engines that the compose files name."""
    named = (_running(finding.judged, setting) for finding in findings)
    return [one for one in named if one]


def _running(judged: Judged, setting: Setting) -> Running | None:
    reference, image = judged.reference, judged.upstream
    name = setting.catalog.service(image) if image and reference.service else None
    if image is None or name is None:
        return None
    found = _VERSION.match(image.tag or "")
    version = tuple(int(part) for part in found[1].split(".")) if found else None
    line, column = setting.locate(reference.span.path, reference.span.start)
    place = Place(reference.span.path, line, column)
    return Running(name, version, place, reference.text)


def list_service_changes(
    running: Sequence[Running], setting: Setting
) -> Iterator[Change]:
    """Yield each service that is not what the release asks for, or may not be."""
    for needed in _groups(setting):
        names = {one.name for one in needed}
        asked = " or ".join(describe_needed(one) for one in needed)
        kind = "PostgreSQL" if "PostgreSQL" in names else "Search engine"
        found = [one for one in running if _kind(one.name) == kind]
        for one in found:
            if one.version is None:
                remark = "its tag says no version: look it up"
                yield Change(
                    "service", one.name, one.place, one.text, asked, "hand", remark
                )
            elif not any(_is_enough(one, need) for need in needed):
                beyond = any(_is_beyond(one, need) for need in needed)
                remark = "no page speaks of this later major" if beyond else ""
                yield Change(
                    "service", one.name, one.place, one.text, asked, "hand", remark
                )
        if not found:
            remark = "no compose file here names one that is known: look at the server in use"
            yield Change("service", kind, None, "", asked, "hand", remark)


def list_fitting(running: Sequence[Running], setting: Setting) -> Iterator[str]:
    """Yield each service that is what the release asks for, with its place."""
    needed = [one for group in _groups(setting) for one in group]
    for one in running:
        if one.version and any(_is_enough(one, need) for need in needed):
            yield f"{one.text} ({one.place.path}:{one.place.line})"


def _groups(setting: Setting) -> Iterator[list[Needed]]:
    """Yield what the release asks for: the database, then any of the search engines."""
    services = setting.release.services if setting.release else ()
    for kind in ("PostgreSQL", "Search engine"):
        group = [one for one in services if _kind(one.name) == kind]
        if group:
            yield group


def _kind(name: str) -> str:
    return name if name == "PostgreSQL" else "Search engine"


def describe_needed(needed: Needed) -> str:
    """Return what is asked for as people say it: ``PostgreSQL >= 15``."""
    exact = needed.name not in _OPEN_ENDED and "." not in needed.version
    return f"{needed.name} {'' if exact else '>= '}{needed.version}"


def _is_beyond(running: Running, needed: Needed) -> bool:
    """Tell whether it is the same service in a later major, of which nobody says a word."""
    major = int(needed.version.partition(".")[0])
    return running.name == needed.name and (running.version or (0,))[0] > major


def _is_enough(running: Running, needed: Needed) -> bool:
    least = tuple(int(part) for part in needed.version.split("."))
    version = running.version
    if running.name != needed.name or version is None:
        return False
    if len(version) < len(least):
        least = least[: len(version)]
    same_major = version[0] == least[0] or needed.name in _OPEN_ENDED
    return same_major and version >= least
