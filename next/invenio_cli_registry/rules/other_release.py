# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A base image that was made for another release than the instance's. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from ..ways import find_way, is_for_another_release
from .rule import Rule, image_step, short_name

_SOURCE = "https://github.com/inveniosoftware/docker-invenio"


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each base image of another release."""
    for reference in instance.references:
        identity = case.identity(reference)
        base = identity.base if identity else None
        if not base or not identity or identity.on_hub or instance.is_local(reference):
            continue
        if reference.kind != "from" or not is_for_another_release(base, case):
            continue
        way = find_way(reference, instance, case)
        new = f" Use {way.becomes.familiar}." if way.becomes else ""
        yield Finding(
            rule=RULE.id,
            act="plan",
            span=reference.span,
            message=f"{short_name(reference)} is made for release {base.release}, the "
            f"instance is {case.label()}.",
            help=f"Use the image of the release.{new}",
            source=base.source or _SOURCE,
            subject=reference.text,
            reference=reference,
            way=way,
            step=image_step(way, reference, case),
        )


RULE = Rule(
    "other-release",
    "Image of another release",
    "The base image is made for another release of InvenioRDM than the one that the "
    "instance runs.",
    "plan",
    "Run `{prog} check`: it names the image of the release.",
    _SOURCE,
    find,
)
