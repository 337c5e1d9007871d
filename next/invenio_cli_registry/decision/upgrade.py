# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``--for``: the same findings with another release, as the list of what it needs. Pure."""

from __future__ import annotations

from typing import Sequence

from ..case import Case
from ..catalog import Release
from ..model import Finding, Option
from ..rules.services import list_needs, list_running
from ..survey import Instance
from .model import Advice, Upgrade
from .options import lock_commands

#: The order in which changes are made; what is not listed comes last.
_ORDER = ("Python", "package", "base image")
#: What the pages of a release may not say, as it is called.
_SAID = (
    ("pythons", "Python"),
    ("node_least", "Node"),
    ("needs", "PostgreSQL and the search engine"),
    ("invenio_cli", "the least invenio-cli"),
)


def advise_for(
    instance: Instance, findings: Sequence[Finding], case: Case, today: Advice
) -> Advice:
    """Return the answer as if the instance were on the release that was asked for.

    :param findings: those of a case with ``asked``.
    :param today: the answer for the instance as it is.
    """
    upgrade = plan_upgrade(instance, findings, case)
    release, number = upgrade.release, len(upgrade.changes)
    changes = f"{number} change" + ("" if number == 1 else "s")
    version = instance.project.version or "an unknown release"
    answer = f"the upgrade from {version} to {release.label} takes {changes}."
    if not upgrade.changes:
        answer = f"the upgrade from {version} to {release.label} changes no file."
    cautions = today.cautions
    if today.act in ("now", "soon"):
        cautions = (f"Today: {today.answer}", *cautions)
    return today._replace(
        state="upgrade",
        answer=answer,
        recommended=_recommend(instance, upgrade, case),
        alternatives=(),
        impossible=(),
        cautions=cautions,
        upgrade=upgrade,
    )


def advise_already(release: Release, today: Advice) -> Advice:
    """Return the answer of an instance that is on the release already."""
    upgrade = Upgrade(release, (), (), (), (), (), (), already=True)
    answer = f"already {release.name}."
    return today._replace(
        state="already", answer=answer, upgrade=upgrade, recommended=None
    )


def plan_upgrade(
    instance: Instance, findings: Sequence[Finding], case: Case
) -> Upgrade:
    """Return everything that a release needs, in the order to do it."""
    release = case.release
    if release is None:
        raise ValueError("an upgrade has a release")
    changes = [one for one in findings if one.step and one.rule != "service"]
    changes.sort(key=_rank)
    own = case.own
    steps = case.catalog.steps(own, release) if own else ()
    pages = case.catalog.pages(own, release) if own else ()
    return Upgrade(
        release=release,
        steps=steps or (release,),
        changes=tuple(changes),
        services=tuple(one for one in findings if one.rule == "service" and one.step),
        compatible=tuple(_list_compatible(instance, case)),
        unknown=tuple(name for key, name in _SAID if not getattr(release, key)),
        pages=pages or tuple(filter(None, (release.upgrade_page, release.page)))[:1],
    )


def _rank(finding: Finding) -> tuple[int, tuple[str, int, int]]:
    what = finding.step.what if finding.step else ""
    if finding.rule == "package":
        what = "package"
    order = _ORDER.index(what) if what in _ORDER else len(_ORDER)
    return order, finding.span.key


def _list_compatible(instance: Instance, case: Case) -> list[str]:
    needed = [one for group in list_needs(case) for one in group]
    return [
        f"{one.reference.text} ({one.reference.span.at_line})"
        for one in list_running(instance, case)
        if any(map(one.is_enough, needed))
    ]


def _recommend(instance: Instance, upgrade: Upgrade, case: Case) -> Option | None:
    """Return what to type: the release in between first, else what migrate makes."""
    if len(upgrade.steps) > 1:
        first = upgrade.steps[0].label
        command = case.command("check", "--for", first)
        return Option(
            f"Upgrade one major version at a time. Go to {first} first:", (command,)
        )
    made = [
        number
        for number, one in enumerate(upgrade.changes, 1)
        if one.step and not one.step.by_hand
    ]
    if not made:
        return None
    words = ["migrate", "--for", upgrade.release.label]
    pins = [
        one.step
        for one in upgrade.changes
        if one.step and one.step.what == "Python" and not one.step.by_hand
    ]
    words += ["--set-python"] if pins else []
    *numbers, last = map(str, made)
    many = f"{', '.join(numbers)} and {last}" if numbers else last
    remark = f"makes change{'s' if numbers else ''} {many}"
    commands = (case.command(*words, remark=remark),)
    python = upgrade.release.pythons[-1] if pins and upgrade.release.pythons else ""
    return Option(
        "Make the changes in this order:",
        (*commands, *lock_commands(instance, case, python)),
    )
