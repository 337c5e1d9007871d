# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Lines that name no image: Docker refuses them, or nobody can tell. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding, Reference
from ..survey import Instance
from ..ways import find_for_release
from .rule import Rule, about


def _is_template(reference: Reference, instance: Instance) -> bool:
    return instance.project.template or "{{" in reference.text


def find_refused(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each FROM line that Docker refuses, and built Dockerfiles without one."""
    for reference in instance.references:
        if case.asked or not reference.refused or _is_template(reference, instance):
            continue
        message = f"Docker refuses the line {reference.text}: {reference.refused}."
        help_ = "Write the line as Docker reads it."
        if not reference.text:
            image = find_for_release(case)
            message = "The Dockerfile has no FROM line, and Docker refuses it."
            help_ = f"Begin it with `FROM {image}`." if image else "Begin it with FROM."
        ours = reference.names_organisation or not reference.text
        act = "now" if ours else "no"
        why = "The build does not start."
        yield about(reference, "refused", act, message)._replace(why=why, help=help_)


def find_unresolved(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each reference that depends on a variable without a value."""
    for reference in instance.references:
        ours = reference.names_organisation
        named = reference.image or reference.refused
        if named or not (ours or reference.kind != "yaml"):
            continue
        why = reference.unresolved or "it is not an image reference"
        urgent = ours and not _is_template(reference, instance)
        message = f"Cannot tell which image {reference.text} is: {why}."
        yield about(
            reference, "unresolved", "soon" if urgent else "no", message
        )._replace(
            help="Write the image's name out, or give the variable a value.",
        )


RULES = (
    Rule(
        "refused",
        "Docker refuses the line",
        "now",
        "Docker refuses a FROM line, or a Dockerfile that is built has none.",
        "Write the line as Docker reads it; `{prog} check` says what is wrong.",
        "https://docs.docker.com/reference/dockerfile/#from",
        find_refused,
    ),
    Rule(
        "unresolved",
        "Image not known",
        "soon",
        "The image depends on a variable that has no value in the files, so nobody can tell "
        "which one it is.",
        "Give the variable a default, or write the image's name out.",
        "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
        find_unresolved,
    ),
)
