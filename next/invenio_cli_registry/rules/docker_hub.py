# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""An image of the organisation on Docker Hub, however it is spelt or cached. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from ..ways import find_way
from .rule import MIGRATION_PAGE, Rule, image_step

WHY = (
    "No removal has been announced, but nothing guarantees that the image stays. "
    "Switching to a safe image takes about ten minutes."
)


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each reference to such an image."""
    for reference in instance.references:
        identity = case.identity(reference)
        if not identity or not identity.on_hub or instance.is_local(reference):
            continue
        way = find_way(reference, instance, case)
        if way.becomes and (way.writes or way.python):
            help_ = f"Use {way.becomes.familiar}: run `{case.prog} migrate --verify`."
        elif way.image:
            help_ = f"Change it by hand to {way.image.familiar}, which has the Python that is required."
        else:
            help_ = f"Copy it to your own registry while it is there: {way.why_not}."
        yield Finding(
            rule=RULE.id,
            act="soon",
            span=reference.span,
            message=f"{reference.text} is on Docker Hub and may be removed.",
            why=WHY,
            help=help_,
            source=MIGRATION_PAGE,
            subject=reference.text,
            reference=reference,
            way=way,
            step=image_step(way, reference, case),
        )


RULE = Rule(
    "docker-hub",
    "Image on Docker Hub",
    "The image is on Docker Hub, where the organisation no longer publishes. It may be "
    "removed there. A cache of Docker Hub loses what Docker Hub loses.",
    "soon",
    "Run `{prog} migrate --verify`: it asks the registries, then changes the line.",
    MIGRATION_PAGE,
    find,
)
