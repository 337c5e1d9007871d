# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The rules: each compares what builds provide with what is required. Pure.

A module holds the rules on one subject; a rule is an id, what it finds, its usual act, what
to do, its source, and the function that finds. Another one is added to its module's RULES.
"""

from __future__ import annotations

from ..case import Case
from ..model import ACTS, Finding
from ..survey import Instance
from . import images, lines, releases, runtimes
from .rule import Rule

#: By id, in the order in which a reader asks: what stops the build comes first.
_ORDER = (
    *("refused", "command-fails", "python", "lock-python", "node", "docker-hub"),
    *("unresolved", "unknown-image", "unconfirmed-image", "other-release"),
    *("unknown-registry", "package", "command-breaks", "service", "end-of-life"),
    *("pre-release", "old-patch"),
)
_MODULES = (images, lines, releases, runtimes)
_BY_ID = {rule.id: rule for module in _MODULES for rule in module.RULES}
RULES: dict[str, Rule] = {name: _BY_ID[name] for name in _ORDER}


def judge(instance: Instance, case: Case) -> tuple[Finding, ...]:
    """Return every finding of an instance, the most urgent first, then by place.

    Of a template only images count: what it builds shows after an instance is generated.
    """
    is_template = instance.project.template
    named = ("refused", "unresolved")  # what a template says of images counts, too
    in_template = (*images.RULES, *(RULES[name] for name in named))
    rules = in_template if is_template else RULES.values()
    found = [
        _finish(one, rule, instance)
        for rule in rules
        for one in rule.find(instance, case)
    ]
    order = list(RULES)
    found.sort(key=lambda one: (ACTS.index(one.act), order.index(one.rule)))
    return tuple(found)


def _finish(finding: Finding, rule: Rule, instance: Instance) -> Finding:
    """Name the rule's source where there is no nearer one, and weigh what is not built.

    What no compose file builds counts at most "plan", images on Docker Hub aside.
    """
    act = finding.act
    if act in ("now", "soon") and rule.id != "docker-hub":
        act = act if instance.is_built(finding.span.path) else "plan"
    return finding._replace(act=act, source=finding.source or rule.source)
