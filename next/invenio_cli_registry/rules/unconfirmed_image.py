# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""An image at a registry where only a page, or nothing, says that it exists. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from .rule import MIGRATION_PAGE, Rule


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each reference that no workflow is known to have published."""
    for reference in instance.references:
        identity = case.identity(reference)
        if not identity or instance.is_local(reference) or not identity.organisation:
            continue
        base, host = identity.base, identity.upstream.registry
        if not base or identity.on_hub or identity.safe or not identity.explained:
            continue
        evidence = base.evidence.get(host)
        if evidence and evidence.kind == "built":
            continue
        known = case.catalog.registries.get(host)
        where = known.name if known else host
        said = (
            evidence.text
            if evidence
            else "no page and no workflow says that it is there"
        )
        yield Finding(
            rule=RULE.id,
            act="plan",
            span=reference.span,
            message=f"It is not confirmed that {where} has {reference.text}: {said}.",
            help=f"Ask the registry: run `{case.prog} verify`.",
            source=(evidence.source if evidence else "") or MIGRATION_PAGE,
            subject=reference.text,
            reference=reference,
        )


RULE = Rule(
    "unconfirmed-image",
    "Image not confirmed",
    "The image is named at a registry where only a documentation page, or nothing, says "
    "that it exists. The next build on a new machine may not find it.",
    "plan",
    "Run `{prog} verify`: it asks the registry.",
    MIGRATION_PAGE,
    find,
)
