# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A pre-release, or a release that the catalogue does not have. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from .rule import MAINTENANCE_POLICY, Rule


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for a version that is not a final one of the catalogue."""
    project = instance.project
    if case.asked or not project.flavour or not project.version:
        return
    span = project.version_span
    standing = case.catalog.standing(project.flavour, project.version)
    if span is None or (standing.listed and not standing.pre_release):
        return
    name, act = case.product, "no"
    help_ = "Update invenio-cli-registry: `pip install -U invenio-cli-registry`."
    if standing.final:
        message = f"{name} is a pre-release, and the final {standing.final} is out."
        act, help_ = "plan", f"Update to {standing.final}."
    elif standing.pre_release and standing.listed:
        message, help_ = f"{name} is a pre-release.", ""
    elif standing.pre_release:
        message = f"{name} is a pre-release, and not in the catalogue."
    else:
        message = f"{name} is not in the catalogue."
    yield Finding(
        rule=RULE.id,
        act=act,
        span=span,
        message=message,
        help=help_,
        source=MAINTENANCE_POLICY,
        subject=project.version,
    )


RULE = Rule(
    "pre-release",
    "Not a final release",
    "The instance runs a pre-release, or a release that the catalogue does not have. What "
    "is known of final releases may not hold for it.",
    "plan",
    "Update to the final release, or update invenio-cli-registry.",
    MAINTENANCE_POLICY,
    find,
)
