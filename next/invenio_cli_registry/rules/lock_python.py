# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A lock file that was made for another Python than the pin. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from .rule import Rule

_SOURCE = "https://pipenv.pypa.io/en/latest/cli.html#install"


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding when Pipfile and lock disagree: pipenv stops ("Aborting deploy")."""
    project = instance.project
    pin, lock = project.pins.get("pipenv"), project.lock
    made_for = lock.python if lock else None
    if case.asked or not pin or not lock or not made_for or not lock.span:
        return
    reads = {build.manager for build in instance.builds if build.counts}
    if reads and not reads & {"pipenv", None}:
        return
    if None in (pin.minor, made_for.minor) or pin.minor == made_for.minor:
        return
    yield Finding(
        rule=RULE.id,
        act="now",
        span=lock.span,
        message=f"{pin.source} requires Python {pin.text}, {lock.name} was made for "
        f"{made_for.text}.",
        why="The build stops until the lock file is made again.",
        help=f"Run `invenio-cli packages lock` with Python {pin.minor}.",
        source=_SOURCE,
        subject=lock.name,
    )


RULE = Rule(
    "lock-python",
    "Lock file for another Python",
    "Pipfile.lock was made for another Python than the Pipfile requires. `pipenv install "
    "--deploy` stops at that.",
    "now",
    "Make the lock file again: `invenio-cli packages lock`.",
    _SOURCE,
    find,
)
