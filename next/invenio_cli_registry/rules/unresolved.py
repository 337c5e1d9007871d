# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A reference to the organisation that depends on a variable without a value. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from .rule import Rule

_SOURCE = (
    "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact"
)


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each reference that names no image that anybody could tell."""
    for reference in instance.references:
        if reference.image or reference.refused:
            continue
        ours = reference.names_organisation
        why = reference.unresolved or "it is not an image reference"
        if not ours and reference.kind not in ("from", "copy", "mount"):
            continue
        template = instance.project.template or "{{" in reference.text
        yield Finding(
            rule=RULE.id,
            act="soon" if ours and not template else "no",
            span=reference.span,
            message=f"Cannot tell which image {reference.text} is: {why}.",
            help="Write the image's name out, or give the variable a value.",
            source=_SOURCE,
            subject=reference.text,
            reference=reference,
        )


RULE = Rule(
    "unresolved",
    "Image not known",
    "The image depends on a variable that has no value in the files, so nobody can tell "
    "which one it is.",
    "soon",
    "Give the variable a default, or write the image's name out; then run `{prog} check`.",
    _SOURCE,
    find,
)
