# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The upgrade: where it leads, and what a release of ``--for`` needs, in its order. Pure."""

from __future__ import annotations

from typing import Iterator, Sequence

from ..case import Case
from ..catalog import Release
from ..model import Finding, Option
from ..rules.options import lock_commands
from ..rules.releases import list_running
from ..survey import Instance
from . import Advice, Upgrade

#: What the pages of a release may not say, as it is called.
_SAID = (
    ("pythons", "Python"),
    ("node_least", "Node"),
    ("needs", "PostgreSQL and the search engine"),
    ("invenio_cli", "the least invenio-cli"),
)


def upgrade_option(case: Case) -> list[Option]:
    """Return the upgrade, with the command that previews its first step, if there is one."""
    release = case.release
    path = case.catalog.path(release) if release else ()
    if not release or not path:
        return []
    command = case.command("check", "--for", path[0].label)
    if len(path) == 1 and not case.is_over(release.maintained_until):
        python = f", which uses Python {path[0].pythons[-1]}" if path[0].pythons else ""
        return [Option(f"Or upgrade to {path[0].label}{python}:", (command,))]
    return [Option(f"Lasting fix: upgrade {show_path(case)}.", (command,))]


def show_path(case: Case) -> str:
    """Return the way to the newest release, ``9.1 -> 10.1 -> 11``, "" on that one."""
    release = case.release
    path = case.catalog.path(release) if release else ()
    steps = [release, *path] if release and path else []
    return " -> ".join(one.label for one in steps)


def needed_host(release: Release) -> str:
    """Return ``invenio-cli 1.0.5 to 1.11``, "" when no page names a version."""
    least, last = release.invenio_cli, release.invenio_cli_to
    if least:
        return f"invenio-cli {least} " + (f"to {last}" if last else "or later")
    return f"invenio-cli up to {last}" if last else ""


# ---- ``--for`` ------------------------------------------------------------------------


def advise_for(
    instance: Instance, findings: Sequence[Finding], case: Case, today: Advice
) -> Advice:
    """Return the answer as if the instance were on the release that was asked for.

    :param findings: those of a case with ``asked``.
    :param today: the answer for the instance as it is.
    """
    upgrade = plan_upgrade(instance, findings, case)
    number, label = len(upgrade.changes), upgrade.release.label
    takes = f"takes {number} change{'' if number == 1 else 's'}"
    version = instance.project.version or "an unknown release"
    answer = f"the upgrade from {version} to {label} {takes if number else 'changes no file'}."
    said = [f"Today: {today.answer}"] if today.act in ("now", "soon") else []
    return today._replace(
        state="upgrade",
        answer=answer,
        options=tuple(_recommend(instance, upgrade, case)),
        cautions=(*said, *build_first(instance, findings)),
        upgrade=upgrade,
    )


def build_first(instance: Instance, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield that a base image which the instance builds itself has to be built first."""
    if instance.local_bases and any(one.way and one.way.becomes for one in findings):
        names = ", ".join(dict.fromkeys(one.text for one in instance.local_bases))
        hosted = ".invenio" in instance.project.manifests.present
        then = "run `invenio-cli containers build --no-pull`" if hosted else "the rest"
        yield f"Build {names} first, then {then}: it is built locally."


def advise_already(release: Release, own: Release | None, today: Advice) -> Advice:
    """Return the answer of an instance that is on the release already."""
    answer = f"already {release.name}."
    if own and own != release:
        answer = f"already on {own.name}, which is after {release.label}."
    return today._replace(
        state="already",
        answer=answer,
        upgrade=Upgrade(release, already=True),
        options=(),
    )


def plan_upgrade(
    instance: Instance, findings: Sequence[Finding], case: Case
) -> Upgrade:
    """Return everything that a release needs, in the order to do it."""
    release, own = case.release, case.own
    if release is None:
        raise ValueError("an upgrade has a release")
    compatible = [
        f"{one.name} {'.'.join(map(str, one.version or ()))} "
        f"({one.reference.span.at_line})"
        for one in list_running(instance, case)
        if any(map(one.is_enough, release.services))
    ]
    changes = [one for one in findings if one.step and one.rule != "service"]
    pages = case.catalog.pages(own, release) if own else ()
    return Upgrade(
        release=release,
        steps=(own and case.catalog.steps(own, release)) or (release,),
        changes=tuple(sorted(changes, key=_rank)),
        services=tuple(one for one in findings if one.rule == "service" and one.step),
        host=needed_host(release),
        compatible=tuple(compatible),
        unknown=tuple(name for key, name in _SAID if not getattr(release, key)),
        pages=pages or tuple(filter(None, (release.upgrade_page, release.page)))[:1],
    )


def _rank(finding: Finding) -> tuple[int, tuple[str, int, int]]:
    """Return what sorts changes: Python, then the package, the image, the rest."""
    what = finding.step.what if finding.step else ""
    order = ("Python", "package", "base image")
    what = "package" if finding.rule == "package" else what
    return order.index(what) if what in order else len(order), finding.span.key


def _recommend(instance: Instance, upgrade: Upgrade, case: Case) -> Iterator[Option]:
    """Yield what to type: the release in between first, else what migrate makes."""
    label = upgrade.release.label
    if len(upgrade.steps) > 1:
        first = upgrade.steps[0].label
        text = f"Upgrade one major version at a time. Go to {first} first:"
        yield Option(text, (case.command("check", "--for", first),))
        return
    made: dict[str, str] = {}
    by_hand: list[str] = []
    for number, one in enumerate(upgrade.changes, 1):
        if one.step and one.step.by_hand:
            by_hand.append(str(number))
        elif one.step:
            made[str(number)] = one.step.what
    if not made:
        return
    text = "Make the changes in this order:"
    if by_hand:
        text = f"Make {_name_changes(by_hand)} by hand, then:"
    many = _name_changes([*made])
    pin = ("--set-python",) if "Python" in made.values() else ()
    python = upgrade.release.pythons[-1] if pin else ""
    command = case.command("migrate", "--for", label, *pin, remark=f"makes {many}")
    lock = lock_commands(instance, case, python)
    yield Option(text, (command, *lock))


def _name_changes(numbers: Sequence[str]) -> str:
    """Return ``change 2``, or ``changes 1, 2 and 4``."""
    *before, last = numbers
    return f"changes {', '.join(before)} and {last}" if before else f"change {last}"
