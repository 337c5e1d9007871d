# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Every place that has to change for a release, with what it becomes. Pure."""

from __future__ import annotations

from typing import Iterator, Mapping, NamedTuple

from ..builds import instructions
from ..catalog import Release
from ..judgement import Setting
from ..migration.pins import respell_pin
from ..project.detection import Pin
from ..project.places import Place
from ..project.specifier import Specifier
from ..pythons import InstalledPython, find_line_runner, find_pythons
from ..readers.model import Reference
from ..runs.installs import installed_node, package_manager
from .lines import list_breaking
from .model import Change, Finding
from .targets import list_pins, own_image


class Plan(NamedTuple):
    """What an upgrade is planned from."""

    findings: tuple[Finding, ...]
    release: Release
    setting: Setting
    specifier: Specifier | None
    held: Mapping[Reference, str] = {}


def list_changes(plan: Plan) -> tuple[Change, ...]:
    """Return the changes to an instance's own files, in the order to make them."""
    found = [
        *_python_changes(plan),
        *_package_changes(plan),
        *_image_changes(plan),
        *_base_changes(plan),
        *_installed_changes(plan),
        *_node_changes(plan),
    ]
    return tuple(dict.fromkeys(found))


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
    """Yield each Python that a Dockerfile brings itself and that the release is not for.

    What dnf installs is among the lines that break.
    """
    setting, pythons = plan.setting, plan.release.pythons
    broken = {(line.path, line.line) for line in list_breaking(plan.findings, setting)}
    for found in dict.fromkeys(_bring_pythons(plan)):
        place = Place(found.path, *setting.locate(found.path, found.offset))
        said = (place.path, place.line) in broken
        if pythons and found.version not in pythons and not said:
            new, remark = pythons[-1], "the Dockerfile has it"
            old = found.version
            yield Change("python", f"Python {new}", place, old, new, "hand", remark)


def _bring_pythons(plan: Plan) -> Iterator[InstalledPython]:
    """Yield the Pythons that builds install, and those that they are told to run under."""
    own = own_image(plan.setting)
    for one in plan.findings:
        for line in one.judged.lineages:
            installed = find_pythons(line)
            yield from installed
            runner = find_line_runner(line, own[1].python) if own else None
            known = {found.version for found in installed}
            if runner and runner.python and runner.python not in known:
                yield InstalledPython(runner.python, runner.path, runner.offset)


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
