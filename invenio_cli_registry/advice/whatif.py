# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What an upgrade to a release would change, in the order to do it. Pure.

Images and Python are what ``migrate --for`` writes. The package's specifier is changed by
hand, for its upgrade page says when; the services lie outside of the instance.
"""

from __future__ import annotations

from typing import Callable, Iterator, Mapping, NamedTuple, Sequence

from ..builds import instructions
from ..catalog import Release
from ..judgement import Judged, Setting
from ..migration.pins import respell_pin
from ..project.detection import Pin
from ..project.places import Place
from ..project.specifier import Specifier
from ..pythons import find_pythons
from ..readers.model import Reference
from ..runs.installs import installed_node, package_manager
from .decision import find_target, gather_cautions
from .lines import list_breaking
from .model import Advice, Change, Command, Finding, Option, Upgrade
from .options import lock_command
from .services import list_fitting, list_running, list_service_changes
from .targets import list_pins, own_image
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


class Plan(NamedTuple):
    """What an upgrade is planned from."""

    findings: tuple[Finding, ...]
    release: Release
    setting: Setting
    specifier: Specifier | None
    held: Mapping[Reference, str] = {}


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
    changes = tuple(
        dict.fromkeys(
            [
                *_python_changes(plan),
                *_package_changes(plan),
                *_image_changes(plan),
                *_base_changes(plan),
                *_installed_changes(plan),
                *_node_changes(plan),
            ]
        )
    )
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


def _python_changes(plan: Plan) -> Iterator[Change]:
    """Yield each pin that does not accept the Python of the new image.

    It is written together with the image, and not where that is left.
    """
    images = [one for one in plan.findings if one.target.python]
    held = any(one.judged.reference in plan.held for one in images)
    for pin, python in _find_pythons(plan):
        if not pin.accepts(python):
            by = "migrate" if pin.place and images and not held else "hand"
            new = respell_pin(pin, python)
            yield Change("python", f"Python {python}", pin.place, pin.text, new, by)


def _find_pythons(plan: Plan) -> Iterator[tuple[Pin, str]]:
    """Yield each pin with the Python that it has to accept."""
    setting, release = plan.setting, plan.release
    bases = [one for one in plan.findings if one.judged.base]
    for one in bases:
        for pin in list_pins(one.judged, setting):
            if one.target.python:
                yield pin, one.target.python
    stated = setting.project.pins.get(setting.project.manager or "")
    if bases or stated is None or any(map(stated.accepts, release.pythons)):
        return
    # An image that we do not know: what the release asks for is all that is known.
    own = own_image(setting)
    for python in [own[1].python] if own else release.pythons[-1:]:
        yield stated, python


def _package_changes(plan: Plan) -> Iterator[Change]:
    release, found = plan.release, plan.specifier
    if found is None:
        return
    new = f"~={release.major}.{release.segments[1]}.0"
    if release.kind == "release candidate":  # Not in the range of the final one.
        new = f"~={release.name}"
    least = release.invenio_cli
    remark = f"invenio-cli >= {least}" if least else ""
    yield Change("package", found.package, found.place, found.text, new, "hand", remark)


def _image_changes(plan: Plan) -> Iterator[Change]:
    setting = plan.setting
    for one in plan.findings:
        if one.becomes is None:
            continue
        image = one.target.image
        found = setting.catalog.base_image(image) if image else None
        names = ", ".join(found[0].architectures) if found else ""
        reference, new = one.judged.reference, one.becomes.familiar
        why = plan.held.get(reference)
        by = "hand" if why else "migrate"
        remark = why or (f"{names} only" if names else "")
        yield Change(
            "image",
            "Base image",
            _place(reference, plan),
            reference.text,
            new,
            by,
            remark,
        )


def _base_changes(plan: Plan) -> Iterator[Change]:
    """Yield each base image that nobody knows and that packages are installed on."""
    found = own_image(plan.setting)
    for one in plan.findings:
        judged = one.judged
        if found is None or judged.base or judged.status != "other":
            continue
        if any(package_manager(instructions(line)) for line in judged.lineages):
            text, image = judged.reference.text, found[0].familiar
            new = f"one with Python {found[1].python}, such as {image}"
            place, remark = _place(judged.reference, plan), "not in the catalogue"
            yield Change("image", "Base image", place, text, new, "hand", remark)


def _place(reference: Reference, plan: Plan) -> Place:
    path, start = reference.span.path, reference.span.start
    return Place(path, *plan.setting.locate(path, start))


def _installed_changes(plan: Plan) -> Iterator[Change]:
    """Yield each Python that a Dockerfile installs for the release that it leaves.

    What dnf installs is among the lines that break.
    """
    setting, pythons = plan.setting, plan.release.pythons
    broken = {(line.path, line.line) for line in list_breaking(plan.findings, setting)}
    for one in plan.findings:
        for line in one.judged.lineages:
            for found in find_pythons(line):
                place = Place(found.path, *setting.locate(found.path, found.offset))
                said = (place.path, place.line) in broken
                if pythons and found.version not in pythons and not said:
                    what = f"Python {pythons[-1]}"
                    remark = "the Dockerfile installs it"
                    yield Change(
                        "python",
                        what,
                        place,
                        found.version,
                        pythons[-1],
                        "hand",
                        remark,
                    )


def _node_changes(plan: Plan) -> Iterator[Change]:
    """Yield each Node that a Dockerfile installs itself, and that is too old then."""
    least, setting = plan.release.node[0], plan.setting
    steps = {
        (path, step.start): step
        for one in plan.findings
        for line in one.judged.lineages
        for path, step in line.steps
    }
    for (path, _), step in steps.items():
        for found in installed_node([step]):
            if least and int(found.version) < least:
                place = Place(path, *setting.locate(path, found.offset))
                new = f"{least} or later"
                yield Change("node", "Node", place, found.version, new, "hand")


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
