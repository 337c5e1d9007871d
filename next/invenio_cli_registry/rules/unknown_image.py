# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""An image of the organisation that the catalogue does not have. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from .rule import Rule

_SOURCE = "https://github.com/inveniosoftware/docker-invenio"


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each such image that is not on Docker Hub."""
    for reference in instance.references:
        identity = case.identity(reference)
        if not identity or instance.is_local(reference) or reference.tag_unknown:
            continue
        if not identity.organisation or identity.base or identity.on_hub:
            continue
        note = case.catalog.describe_other(identity.upstream)
        said = f" {note}" if note else ""
        yield Finding(
            rule=RULE.id,
            act="plan",
            span=reference.span,
            message=f"{reference.text} is not in the catalogue.{said}",
            help=f"Check that it exists: run `{case.prog} verify --all`. Its Python and its "
            "operating system are not known here.",
            source=_SOURCE,
            subject=reference.text,
            reference=reference,
        )


RULE = Rule(
    "unknown-image",
    "Image not in the catalogue",
    "The image belongs to the organisation, but the catalogue does not have it: its Python, "
    "its operating system and its future are not known.",
    "plan",
    "Run `{prog} verify --all` to see that it exists, or update invenio-cli-registry.",
    _SOURCE,
    find,
)
