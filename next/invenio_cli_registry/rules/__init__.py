# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The rules: each compares what builds provide with what is required. Pure.

One module a rule, which holds all about it: its id, what it finds, its act, its message,
what to do, its source. Another rule is another module, and a line in ``RULES``.
"""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import ACTS, Finding
from ..survey import Instance
from . import (
    command_breaks,
    command_fails,
    docker_hub,
    end_of_life,
    lock_python,
    node,
    old_patch,
    other_release,
    package,
    pre_release,
    python,
    refused,
    service,
    unconfirmed_image,
    unknown_image,
    unknown_registry,
    unresolved,
)
from .rule import Rule

#: By id, in the order in which a reader asks: what stops the build comes first.
RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        refused.RULE,
        command_fails.RULE,
        python.RULE,
        lock_python.RULE,
        node.RULE,
        docker_hub.RULE,
        unresolved.RULE,
        unknown_image.RULE,
        unconfirmed_image.RULE,
        other_release.RULE,
        unknown_registry.RULE,
        package.RULE,
        command_breaks.RULE,
        service.RULE,
        end_of_life.RULE,
        pre_release.RULE,
        old_patch.RULE,
    )
}


def judge(instance: Instance, case: Case) -> tuple[Finding, ...]:
    """Return every finding of an instance, the most urgent first, then by place."""
    found = [
        _cap(finding, instance)
        for rule in RULES.values()
        for finding in rule.find(instance, case)
    ]
    order = list(RULES)
    found.sort(
        key=lambda one: (ACTS.index(one.act), order.index(one.rule), one.span.key)
    )
    return tuple(found)


def _cap(finding: Finding, instance: Instance) -> Finding:
    """Let what no compose file builds count at most "plan", images on Docker Hub aside."""
    urgent = finding.act in ("now", "soon") and finding.rule != docker_hub.RULE.id
    if urgent and not instance.is_built(finding.span.path):
        return finding._replace(act="plan")
    return finding


def list_rules() -> Iterator[Rule]:
    """Yield the rules in their order."""
    yield from RULES.values()
