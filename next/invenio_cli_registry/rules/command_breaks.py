# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A command that would fail on the image that the build moves to. Pure."""

from __future__ import annotations

from typing import Iterator, Sequence

from ..builds import find_breaking
from ..case import Case
from ..model import Finding, Reference, Step, Way
from ..survey import Instance
from ..ways import find_way
from .rule import Rule

_SOURCE = "https://www.debian.org/doc/manuals/debian-faq/pkgtools.en.html"


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each command that breaks on the way that is proposed."""
    moves = [(one, find_way(one, instance, case)) for one in instance.references]
    yield from find_on(moves, instance, case)


def find_on(
    moves: Sequence[tuple[Reference, Way]], instance: Instance, case: Case
) -> Iterator[Finding]:
    """Yield each command that breaks when references go their ways.

    :param moves: the references, each with where it goes.
    """
    seen = set()
    for reference, way in moves:
        base = case.identify(way.image).base if way.image else None
        for build in instance.builds_on(reference) if base else ():
            if base is None or build.system in (None, base.system):
                continue
            for hit in find_breaking(build, base, case.catalog):
                if (hit.span.key, hit.rule) in seen:
                    continue
                seen.add((hit.span.key, hit.rule))
                step = Step(hit.excerpt, hit.excerpt, hit.instead)
                yield Finding(
                    rule=RULE.id,
                    act="no" if not hit.certain else "plan" if case.asked else "no",
                    span=hit.span,
                    message=f"`{hit.excerpt}`: {hit.message}",
                    help=hit.instead,
                    source=hit.source or _SOURCE,
                    subject=hit.excerpt,
                    reference=reference,
                    step=step if case.asked else None,
                )


RULE = Rule(
    "command-breaks",
    "Command that fails on the new image",
    "The recommended image has another operating system, on which this command fails.",
    "no",
    "Change the command together with the image; `{prog} check` says to what.",
    _SOURCE,
    find,
)
