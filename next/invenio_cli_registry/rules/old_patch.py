# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A later patch of the same release exists. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from .rule import MAINTENANCE_POLICY, Rule


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding when the instance is known to run an older patch."""
    project, release = instance.project, case.release
    if case.asked or not release or not project.version_span:
        return
    if project.lower_bound or not project.version:
        return
    last = case.catalog.standing(release.flavour, project.version).last_patch
    if not last:
        return
    yield Finding(
        rule=RULE.id,
        act="no",
        span=project.version_span,
        message=f"{case.product} is not the last patch: {last} is.",
        help=f"Update the packages to {last}.",
        source=release.source or release.page,
        subject=project.version,
    )


RULE = Rule(
    "old-patch",
    "A later patch exists",
    "The release that the instance runs has a later patch.",
    "no",
    "Update the packages to the last patch of the release.",
    MAINTENANCE_POLICY,
    find,
)
