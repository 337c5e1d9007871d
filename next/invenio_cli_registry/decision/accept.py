# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Findings that somebody accepted until a date: by a setting, or a comment above a line. Pure."""

from __future__ import annotations

import datetime
import re
from fnmatch import fnmatchcase
from typing import Iterator, NamedTuple, Sequence

from ..case import Case
from ..image import Image
from ..model import Finding, Source
from ..survey import Instance

#: The day of an acceptance without an end.
FOREVER = datetime.date.max
_COMMENT = re.compile(
    r"^[ \t]*#[ \t]*invenio-registry:[ \t]*ignore=([\w,-]+)"
    r"(?:[ \t]+until[ \t]+(\d{4}-\d\d-\d\d))?[ \t\r]*$",
    re.MULTILINE,
)


class Silence(NamedTuple):
    """One acceptance: which findings, where, until when."""

    rules: frozenset[str]  #: empty: of any rule
    image: Image | None
    path: str  #: shell pattern, relative to the instance; "" for every file
    line: int  #: the line that a comment is above, 0 for every line
    until: datetime.date
    place: str  #: where it is written

    def covers(self, finding: Finding, relative: str, case: Case) -> bool:
        """Tell whether it is about a finding.

        :param relative: the finding's path from the instance's folder.
        """
        if self.rules and finding.rule not in self.rules:
            return False
        if self.path and not fnmatchcase(relative, self.path):
            return False
        if self.line and finding.span.line != self.line:
            return False
        return self.image is None or _is_meant(finding, self.image, case)


def accept(
    findings: Sequence[Finding], instance: Instance, case: Case
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Mark the findings that are accepted, and list the silences that match nothing."""
    silences = [*_list_settings(instance), *_list_comments(instance)]
    used: set[Silence] = set()
    marked = []
    for finding in findings:
        relative = _relate(finding.span.path, instance.path)
        found = [one for one in silences if one.covers(finding, relative, case)]
        used.update(found)
        days = [one.until for one in found if one.until > case.today]
        until = max(days, default=None)
        marked.append(finding._replace(accepted_until=until) if until else finding)
    unused = tuple(one.place for one in silences if one not in used)
    return tuple(marked), unused


def _list_settings(instance: Instance) -> Iterator[Silence]:
    for one in instance.project.settings.accept:
        rules = frozenset() if one.image else frozenset((one.what,))
        place = f"{one.span.at_line}  accept = {one.what}"
        yield Silence(rules, one.image, one.path or "", 0, one.until, place)


def _list_comments(instance: Instance) -> Iterator[Silence]:
    for source in instance.sources.values():
        if "invenio-registry:" in source.text:
            yield from _read_comments(source, instance)


def _read_comments(source: Source, instance: Instance) -> Iterator[Silence]:
    relative = _relate(source.path, instance.path)
    for match in _COMMENT.finditer(source.text):
        line = source.position(match.start())[0]
        try:
            until = datetime.date.fromisoformat(match[2]) if match[2] else FOREVER
        except ValueError:
            continue
        rules = frozenset(match[1].split(","))
        place = f"{source.path}:{line}  ignore={match[1]}"
        yield Silence(rules, None, relative, line + 1, until, place)


def _relate(path: str, folder: str) -> str:
    inside = "" if folder == "." else f"{folder}/"
    return path[len(inside) :] if path.startswith(inside) else path


def _is_meant(finding: Finding, named: Image, case: Case) -> bool:
    """Tell whether a finding is about an image; without a digest the tag is meant."""
    image = finding.reference.image if finding.reference else None
    if image is None or (finding.reference and finding.reference.tag_unknown):
        return False
    candidates = (image, case.identify(image).upstream)
    return any(
        str(one if named.digest or not one.tag else one._replace(digest=None))
        == str(named)
        for one in candidates
    )
