# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What every report is made of."""

from __future__ import annotations

import datetime
from typing import Mapping, NamedTuple

from ..advice.model import Advice
from ..catalog import Release
from ..judgement import ACTS
from ..project.detection import Project
from ..readers.model import Reference
from ..readers.source import Problem, Span

#: What ``--fail-on`` takes, beside the acts that ask for something.
NEVER = "never"


class PlacedEdit(NamedTuple):
    """A change to a file, at its line and column (both from 1)."""

    path: str
    line: int
    column: int
    old: str
    new: str


class ProjectReport(NamedTuple):
    """One project: what it is, what was found, what to do."""

    project: Project
    release: Release | None
    advice: Advice
    places: Mapping[Span, tuple[int, int]]  #: line and column of each reference
    edits: Mapping[Reference, tuple[PlacedEdit, ...]] = {}
    #: Images that nothing else is to be done about, but a cache takes.
    by_mirror: int = 0
    problems: tuple[Problem, ...] = ()


class Report(NamedTuple):
    """Every project, everything that could not be read, and the day it is about."""

    projects: tuple[ProjectReport, ...]
    problems: tuple[Problem, ...]
    facts_of: datetime.date
    today: datetime.date
    read: tuple[str, ...] = ()  #: the files that were parsed

    def exit_code(self, fail_on: str = "soon") -> int:
        """Return 2 when something was not read, 1 when something is to be done, else 0.

        :param fail_on: the least urgent act that is something to be done, or ``never``.
        """
        if any(problem.fatal for problem in self.problems):
            return 2
        return int(any(_asks_for_something(one, fail_on) for one in self.projects))

    @property
    def act_is_no(self) -> bool:
        """Tell whether no project has anything to do."""
        return all(one.advice.act == "no" for one in self.projects)


def _asks_for_something(one: ProjectReport, fail_on: str) -> bool:
    if fail_on == NEVER:
        return False
    upgrade, least = one.advice.upgrade, ACTS.index(fail_on)
    return ACTS.index(one.advice.act) <= least or bool(upgrade and upgrade.changes)
