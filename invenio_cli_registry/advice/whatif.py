# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What an upgrade to a release would change, in the order to do it. Pure.

Images and Python are what ``migrate --for`` writes. The package's specifier is changed by
hand, for its upgrade page says when; the services lie outside of the instance.
"""

from __future__ import annotations

from typing import Callable, Mapping, Sequence

from ..catalog import Release
from ..judgement import Judged, Setting
from ..project.specifier import Specifier
from ..readers.model import Reference
from .changes import Plan, list_changes
from .decision import find_target, gather_cautions
from .lines import list_breaking
from .model import Advice, Change, Command, Finding, Option, Upgrade
from .options import lock_command
from .services import list_fitting, list_running, list_service_changes
from .words import command, count, steps

#: What a release's pages may leave unsaid, as it is called.
_SAID = (
    ("pythons", "Python"),
    ("node", "Node"),
    ("postgresql", "PostgreSQL"),
    ("search", "the search engine"),
    ("invenio_cli", "the least invenio-cli"),
)


#: Why each of some findings cannot be written, by its reference.
Hold = Callable[[Sequence[Finding]], Mapping[Reference, str]]


def advise_for(
    judged: Sequence[Judged],
    release: Release,
    setting: Setting,
    today: Advice,
    specifier: Specifier | None,
    hold: Hold = lambda findings: {},
) -> Advice:
    """Return the answer as if the project were that release, as the setting has it.

    :param judged: every reference, judged as of that release.
    :param today: the answer for the project as it is: its act is the urgency.
    :param hold: tells which findings cannot be written in their files, and why.
    """
    findings = tuple(find_target(one, setting) for one in judged)
    plan = Plan(findings, release, setting, specifier, hold(findings))
    upgrade = plan_upgrade(plan)
    return today._replace(
        action="upgrade" if upgrade.changes else "none",
        answer=_answer(upgrade, setting),
        recommended=_recommend(upgrade, setting),
        alternatives=(),
        no_way=(),
        cautions=gather_cautions(findings, setting),
        findings=findings,
        breaking=list_breaking(findings, setting),
        upgrade=upgrade,
    )


def _answer(upgrade: Upgrade, setting: Setting) -> str:
    release, said = upgrade.release, setting.project.release or "no version"
    kind = f"Invenio{release.flavour} {release.label}"
    changes = count(len(upgrade.changes), "change")
    return f"as {kind} (what-if; the files say {said}): {changes}."


def _recommend(upgrade: Upgrade, setting: Setting) -> Option | None:
    if upgrade.first:
        label = upgrade.first.label
        way = steps(upgrade.path, setting.since)
        text = f"go to {label}; an upgrade goes one major at a time: {way}."
        return Option(text, (command(setting, "check", f"--for {label}"),))
    commands = (upgrade.command,) if upgrade.command else ()
    if not upgrade.changes:
        return None
    return Option("in this order, in one commit.", (*commands, *upgrade.after))


def plan_upgrade(plan: Plan) -> Upgrade:
    """Return everything that a release asks for, in the order to do it."""
    release, setting = plan.release, plan.setting
    catalog, since = setting.catalog, setting.since
    first = catalog.first_step(since, release) if since else release
    path = catalog.path(since) if since and first != release else ()
    changes = list_changes(plan)
    running = list_running(plan.findings, setting)
    return Upgrade(
        release=release,
        first=None if first == release else first,
        path=(*(step for step in path if step.major < release.major), release),
        changes=changes,
        services=tuple(list_service_changes(running, setting)),
        unknown=tuple(name for field, name in _SAID if not _says(release, field)),
        fitting=tuple(list_fitting(running, setting)),
        command=_migration(changes, plan),
        after=_list_after(changes, plan),
    )


def _says(release: Release, field: str) -> bool:
    value = getattr(release, field)
    return any(value) if isinstance(value, tuple) else bool(value)


def _migration(changes: Sequence[Change], plan: Plan) -> Command | None:
    """Return the command that makes the part which is no guess."""
    written = [number for number, one in enumerate(changes, 1) if one.by == "migrate"]
    if not written:
        return None
    *numbers, last = map(str, written)
    does = f"{', '.join(numbers)} and {last}" if numbers else last
    words = ["migrate", f"--for {plan.release.label}"]
    if any((one.kind, one.by) == ("python", "migrate") for one in changes):
        words.append("--set-python")
    return command(plan.setting, *words, remark=f"does {does}")


def _list_after(changes: Sequence[Change], plan: Plan) -> tuple[Command, ...]:
    """Return what follows the changes: a lock of its own, then what is installed."""
    if not changes or plan.setting.project.manager in ("pip", None):
        return ()
    pythons = [one.what for one in changes if one.kind == "python"]
    lock = lock_command(plan.setting, "")
    remark = f"needs {pythons[0]} here" if pythons else ""
    return (lock._replace(remark=remark), Command("invenio-cli install"))
