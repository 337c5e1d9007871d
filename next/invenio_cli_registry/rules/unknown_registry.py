# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A base image below a host that nobody explained: a cache, or a copy? Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from .rule import MIGRATION_PAGE, Rule


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each base image below such a host."""
    for reference in instance.references:
        identity = case.identity(reference)
        if not identity or identity.explained or instance.is_local(reference):
            continue
        image, base = identity.image, identity.base
        if base is None:
            continue
        upstream, target = base.registries[0], image.name[: -len(base.repository) - 1]
        if "/" not in target:
            # A mirror has a path: a whole registry serves more than one upstream.
            owner = base.repository.partition("/")[0]
            upstream, target = f"{upstream}/{owner}", f"{target}/{owner}"
        line = f"{upstream} = {target}"
        yield Finding(
            rule=RULE.id,
            act="no",
            span=reference.span,
            message=f"Nothing says whether {target} is a cache of {upstream}, or a copy.",
            help=f"Add one line to [registry] of .invenio: `mirrors = {line}` for a cache, "
            f"`copies = {line}` for a copy.",
            source=MIGRATION_PAGE,
            subject=reference.text,
            reference=reference,
        )


RULE = Rule(
    "unknown-registry",
    "Registry not explained",
    "The base image is at a registry that may be a cache, which loses what the upstream "
    "loses, or your own copy, which keeps it.",
    "no",
    "Add a line `mirrors = ...` or `copies = ...` to the settings.",
    MIGRATION_PAGE,
    find,
)
