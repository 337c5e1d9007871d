# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Findings in, the answer out, as these records: am I impacted, must I act, what do I do. Pure."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from ..catalog import Release
from ..image import Image
from ..model import ACTS, EndOfLife, Finding, Option, Problem, Reference, Way
from ..survey import Instance


class Upgrade(NamedTuple):
    """What an upgrade to a release needs; the changes themselves are findings."""

    release: Release
    already: bool = False  #: the instance is on it
    steps: tuple[Release, ...] = ()  #: every release on the way, the asked one last
    changes: tuple[
        Finding, ...
    ] = ()  #: in the order to make them, each with its ``step``
    services: tuple[Finding, ...] = ()  #: outside of the instance's own files
    host: str = ""  #: the invenio-cli that it requires
    compatible: tuple[str, ...] = ()  #: services that need no change, with their places
    unknown: tuple[str, ...] = ()  #: what no page says of the release
    pages: tuple[str, ...] = ()  #: of every release passed over, in order


class Advice(NamedTuple):
    """The answer: am I impacted, should I act now, what do I do."""

    state: str  #: the kind of answer, a key: ``impacted``, ``python``, ``ok``, ...
    act: str  #: one of ``ACTS``
    answer: str  #: one sentence, behind the instance's name: ``impacted. Its ...``
    lead: str = ""  #: the answer to "Act now?": ``Yes, before the next build.``
    reasons: tuple[str, ...] = ()  #: why, whole sentences, the most urgent first
    options: tuple[Option, ...] = ()  #: what to do, the recommended one first
    cautions: tuple[str, ...] = ()  #: whole sentences
    ends: tuple[EndOfLife, ...] = ()
    path: tuple[Release, ...] = ()  #: the releases to the newest one
    upgrade: Upgrade | None = None  #: with ``--for``


class Judged(NamedTuple):
    """A reference with its status, for tables."""

    reference: Reference
    #: ``unresolved``, ``impacted``, ``unsuitable``, ``outdated``, ``ok``, ``other``,
    #: ``local``: the first that applies.
    status: str
    image: Image | None  #: as named
    findings: tuple[Finding, ...]  #: those of this reference
    way: Way

    @property
    def accepted_until(self) -> datetime.date | None:
        """Return the day on which an accepted reference counts again."""
        urgent = [one for one in self.findings if one.act in ("now", "soon")]
        if any(one.accepted_until is None for one in urgent):
            return None
        days = [one.accepted_until for one in self.findings if one.accepted_until]
        return min(days, default=None)


class Checked(NamedTuple):
    """One instance: what it is, what was found, what to do."""

    instance: Instance
    release: Release | None
    findings: tuple[Finding, ...]  #: the most urgent first, then by place
    judged: tuple[Judged, ...]  #: every reference, by place
    advice: Advice

    @property
    def counted(self) -> tuple[Finding, ...]:
        """Return the findings that are not accepted."""
        return tuple(one for one in self.findings if not one.accepted_until)


class Report(NamedTuple):
    """Every instance, everything that could not be read, and the day it is about."""

    instances: tuple[Checked, ...]
    problems: tuple[Problem, ...]
    catalogue: datetime.date  #: when the facts were last changed
    facts_read: str  #: when their sources were read, ``2026-08``
    today: datetime.date
    prog: str = "invenio-cli-registry"  #: how advised commands begin
    nothing: str = ""  #: why there was nothing to check, a whole sentence
    silent: tuple[str, ...] = ()  #: silencings that match nothing, whole sentences

    def exit_code(self, fail_on: str | None = None) -> int:
        """Return 2 when something was not read, 1 when something is to be done, else 0.

        :param fail_on: the least urgent act that is something to be done, or ``never``;
            None: what the settings of each instance say.
        """
        if self.nothing or any(problem.fatal for problem in self.problems):
            return 2
        return int(any(_is_urgent(one, fail_on) for one in self.instances))


def _is_urgent(one: Checked, fail_on: str | None) -> bool:
    least = fail_on or one.instance.project.settings.fail_on or "soon"
    if least == "never":
        return False
    changes = one.advice.upgrade.changes if one.advice.upgrade else ()
    return ACTS.index(one.advice.act) <= ACTS.index(least) or bool(changes)
