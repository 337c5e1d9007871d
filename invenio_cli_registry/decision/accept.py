# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Findings that are accepted until a date: by a setting, or a comment above a line. Pure."""

from __future__ import annotations

import datetime
import re
from fnmatch import fnmatchcase
from typing import Iterator, NamedTuple, Sequence

from ..case import Case
from ..image import Image
from ..model import Finding
from ..survey import Instance

#: The day of an acceptance without an end.
FOREVER = datetime.date.max
_COMMENT = re.compile(
    r"^[ \t]*#[ \t]*invenio-registry:[ \t]*(ignore=([\w,-]+)"
    r"(?:[ \t]+until[ \t]+(\d{4}-\d\d-\d\d))?)[ \t\r]*$",
    re.MULTILINE,
)


class Silence(NamedTuple):
    """One acceptance: which findings, where, until when."""

    place: str  #: where it is written: ``.invenio:6: `accept = python```
    rules: frozenset[str]  #: empty: of any rule
    image: Image | None
    path: str  #: shell pattern, relative to the instance; "" for every file
    line: int  #: the line that a comment is above, 0 for every line
    until: datetime.date

    def covers(self, finding: Finding, path: str, case: Case) -> bool:
        """Tell whether it is about a finding.

        :param path: the finding's, relative to the instance.
        """
        return (
            (not self.rules or finding.rule in self.rules)
            and (not self.path or fnmatchcase(path, self.path))
            and self.line in (0, finding.span.line)
            and (self.image is None or _is_meant(finding, self.image, case))
        )


def accept(
    findings: Sequence[Finding], instance: Instance, case: Case
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Mark the findings that are accepted, and say which acceptances match nothing."""
    silences = [*_list_settings(instance), *_list_comments(instance)]
    used: set[Silence] = set()
    marked = []
    for finding in findings:
        path = _relate(finding.span.path, instance)
        found = [one for one in silences if one.covers(finding, path, case)]
        used.update(found)
        days = [one.until for one in found if one.until > case.today]
        marked.append(finding._replace(accepted_until=max(days, default=None)))
    unused = (one.place for one in silences if one not in used)
    return tuple(marked), tuple(f"{place} matches nothing." for place in unused)


def _list_settings(instance: Instance) -> Iterator[Silence]:
    for one in instance.project.settings.accept:
        rules = frozenset(() if one.image else (one.what,))
        place = f"{one.span.at_line}: `accept = {one.what}`"
        yield Silence(place, rules, one.image, one.path or "", 0, one.until)


def _list_comments(instance: Instance) -> Iterator[Silence]:
    for source in instance.sources.values():
        if "invenio-registry:" not in source.text:
            continue
        path = _relate(source.path, instance)
        for match in _COMMENT.finditer(source.text):
            line = source.position(match.start())[0]
            place = f"{source.path}:{line}: `{match[1]}`"
            rules, until = frozenset(match[2].split(",")), FOREVER
            try:
                until = datetime.date.fromisoformat(match[3]) if match[3] else FOREVER
            except ValueError:
                rules = frozenset(("",))  # What has no such day matches nothing.
            yield Silence(place, rules, None, path, line + 1, until)


def _relate(path: str, instance: Instance) -> str:
    inside = "" if instance.path == "." else f"{instance.path}/"
    return path[len(inside) :] if path.startswith(inside) else path


def _is_meant(finding: Finding, named: Image, case: Case) -> bool:
    """Tell whether a finding is about an image; without a digest the tag is meant."""
    reference = finding.reference
    if reference is None or reference.image is None or reference.tag_unknown:
        return False
    for one in (reference.image, case.identify(reference.image).upstream):
        keeps = named.digest or not one.tag
        if str(one if keeps else one._replace(digest=None)) == str(named):
            return True
    return False
