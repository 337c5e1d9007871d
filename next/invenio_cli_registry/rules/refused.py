# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A FROM line that Docker refuses, or a built Dockerfile without one. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding
from ..survey import Instance
from ..ways import find_for_release
from .rule import Rule

_SOURCE = "https://docs.docker.com/reference/dockerfile/#from"


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each line that stops the build before it begins."""
    if case.asked:
        return
    for reference in instance.references:
        template = instance.project.template or "{{" in reference.text
        if not reference.refused or template:
            continue
        why = reference.refused
        if reference.text:
            ours = reference.names_organisation
            message = f"Docker refuses the line {reference.text}: {why}."
            help_ = "Write the line as Docker reads it."
        else:
            image = find_for_release(case)
            ours = True
            message = "The Dockerfile has no FROM line, and Docker refuses it."
            help_ = f"Begin it with `FROM {image}`." if image else "Begin it with FROM."
        yield Finding(
            rule=RULE.id,
            act="now" if ours else "no",
            span=reference.span,
            message=message,
            why="The build does not start.",
            help=help_,
            source=_SOURCE,
            subject=reference.text,
            reference=reference,
        )


RULE = Rule(
    "refused",
    "Docker refuses the line",
    "Docker refuses a FROM line, or a Dockerfile that is built has none.",
    "now",
    "Write the line as Docker reads it; `{prog} check` says what is wrong.",
    _SOURCE,
    find,
)
