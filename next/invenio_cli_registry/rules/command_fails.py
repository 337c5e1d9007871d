# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A command of a build that fails today, whatever the registry. Pure."""

from __future__ import annotations

from typing import Iterator

from ..builds import find_failing
from ..case import Case
from ..model import Finding
from ..survey import Instance
from .recipes import find_recipe
from .rule import Rule

_SOURCE = "https://www.centos.org/centos-linux-eol/"


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each command that cannot work on the system of its build."""
    seen = set()
    for build in instance.builds:
        for hit in find_failing(build, case.catalog):
            if (hit.span.key, hit.rule) in seen:
                continue
            seen.add((hit.span.key, hit.rule))
            yield Finding(
                rule=RULE.id,
                act="now" if hit.certain else "no",
                span=hit.span,
                message=f"`{hit.excerpt}`: {hit.message}",
                why="This command fails, whatever the registry." if hit.certain else "",
                help=hit.instead,
                source=hit.source or _SOURCE,
                subject=hit.excerpt,
                reference=build.base,
                recipe=find_recipe(case, build, command=hit.rule),
            )


RULE = Rule(
    "command-fails",
    "Command that fails today",
    "A command of the build needs something that is gone: the mirrors of CentOS, a package "
    "source.",
    "now",
    "Change the command, or add the lines that `{prog} check --verbose` shows.",
    _SOURCE,
    find,
)
