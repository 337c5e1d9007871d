# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The ways out of each finding, with the commands to type. Pure."""

from __future__ import annotations

from typing import Iterator, NamedTuple, Sequence

from ..builds import tag_unknown
from ..catalog import BaseImage, Evidence
from ..judgement import Setting, node_reason
from ..migration.pins import respell_pin
from ..pythons import Mismatch, describe_mismatch, find_pythons
from .model import Command, Finding, Line, Option, Target
from .targets import (
    COPY,
    find_fitting,
    find_for_release,
    own_image,
)
from .upgrades import no_almalinux, own_system, upgrade_instead, upgrade_path
from .words import command, copy_commands

_NEW_LOCK = "A new lock also renews every package that the release leaves open."


class Ways(NamedTuple):
    """What to do about one finding: first this, or else that, and what is no way."""

    action: str
    first: Option
    others: tuple[Option, ...] = ()
    no_way: tuple[str, ...] = ()


def find_ways(
    finding: Finding, breaking: Sequence[Line], setting: Setting
) -> Iterator[Ways]:
    """Yield the ways out of each thing that is the matter, by its row of the table."""
    judged = finding.judged
    if judged.status == "unresolved":
        yield _ways_for_unresolved(finding, setting)
    elif judged.status == "impacted":
        yield _ways_for_impacted(finding, breaking, setting)
    elif judged.status == "outdated":
        yield _ways_for_outdated(finding, setting)
    if judged.mismatch and _python_stays(finding):
        yield _ways_for_python(finding, breaking, setting)
    node = node_reason(judged)
    if node:
        yield _ways_for_node(finding, node.text, setting)


def _python_stays(finding: Finding) -> bool:
    """Tell whether what is done about an impacted image leaves its Python wrong."""
    judged, target = finding.judged, finding.target
    installed = judged.mismatch is not None and judged.mismatch.installed
    return judged.status != "impacted" or target.same or installed


def _ways_for_unresolved(finding: Finding, setting: Setting) -> Ways:
    reference = finding.judged.reference
    if not reference.text:
        image = find_for_release(setting)
        named = f"FROM {image}" if image else "a FROM line"
        return Ways(
            "review", Option(f"let it begin with: {named}"), upgrade_instead(setting)
        )
    why = reference.refused or reference.unresolved
    text = f"write the image's name out, or give the value: {why}."
    if reference.refused:
        text = f"write the line as Docker reads it: {why}."
    return Ways("review", Option(text))


def _ways_for_impacted(
    finding: Finding, breaking: Sequence[Line], setting: Setting
) -> Ways:
    judged, target = finding.judged, finding.target
    if target.evidence is COPY:
        return _ways_to_own_copy(target, setting)
    if judged.base is None:
        return _ways_for_unknown(finding, setting)
    if target.image and not target.same:
        return _ways_to_another(finding, breaking, setting)
    if target.auto:
        return _ways_to_cern(finding, setting)
    return _ways_to_copy(finding, setting)


def _ways_for_unknown(finding: Finding, setting: Setting) -> Ways:
    name = finding.judged.reference.text
    text = f"no counterpart of {name} is known; ask whoever made it, or keep a copy."
    if tag_unknown(finding.judged.reference):
        text = f"write out the tag of {name}; what it becomes hangs on that."
    others = (
        Option(
            "CERN's registry may have it under the same name; nobody vouches for it:",
            (command(setting, "migrate", "--to same"),),
        ),
    )
    return Ways("review", Option(text), others)


def _ways_to_cern(finding: Finding, setting: Setting) -> Ways:
    """Answer v1-v10, early ILS, and projects without a release: the same image at CERN."""
    target = finding.target
    locked = setting.project.manager in ("pipenv", "uv", "poetry")
    rest = "Python and lock file stay" if locked else "nothing else changes"
    first = Option(
        f"the same image from {target.where}; {rest}.",
        (command(setting, "migrate", "--verify"),),
        _who_vouches(target.evidence),
    )
    copy = Option("If it is not there:", _copy_of(finding, setting))
    others = (copy, *own_system(finding, setting), *upgrade_instead(setting))
    return Ways("rewrite", first, others, no_almalinux(finding, setting))


def _who_vouches(evidence: Evidence | None) -> str:
    if evidence and evidence.kind == "named":
        return "Only a page says that it is there; --verify asks first."
    return "A workflow pushed it there; whether it still is, --verify asks first."


def _copy_of(finding: Finding, setting: Setting) -> tuple[Command, ...]:
    image = finding.judged.upstream
    return copy_commands(image, setting) if image else ()


def _ways_to_copy(finding: Finding, setting: Setting) -> Ways:
    first = Option(
        f"a copy of your own, while Docker Hub has it: {finding.target.why_not}.",
        _copy_of(finding, setting),
    )
    same = Option(
        "CERN's name for it can be written all the same, on nobody's word:",
        (command(setting, "migrate", "--to same"),),
    )
    others = (*own_system(finding, setting), *upgrade_instead(setting), same)
    return Ways("copy", first, others, no_almalinux(finding, setting))


def _ways_to_own_copy(target: Target, setting: Setting) -> Ways:
    first = Option(f"your own copy at {target.where}.", (command(setting, "migrate"),))
    return Ways("rewrite", first, upgrade_instead(setting))


def _ways_to_another(
    finding: Finding, breaking: Sequence[Line], setting: Setting
) -> Ways:
    """Answer an image that is to become another one: the release's own, or by hand."""
    own, target = own_image(setting), finding.target
    if own is None or target.image != own[0]:
        return _ways_by_hand(finding, setting)
    first = _move_to_own(finding, own[1], setting)
    if breaking:
        after = "Some lines of the Dockerfile would break there; they are listed below."
        first = first._replace(after=f"{first.after} {after}".strip())
    return Ways("rewrite", first, upgrade_instead(setting))


def _move_to_own(finding: Finding, own: BaseImage, setting: Setting) -> Option:
    target = finding.target
    name = f"{own.repository.rpartition('/')[2]}:{own.tags[0]}"
    if target.python:
        text = f"the release's own image, {name}, and its Python {target.python}."
        commands = (
            command(setting, "migrate", "--set-python"),
            lock_command(setting, target.python),
        )
        return Option(text, commands, _NEW_LOCK)
    installs = any(find_pythons(line) for line in finding.judged.lineages)
    fits = "" if installs else f"; its Python {own.python} fits"
    words = ("migrate",) if target.auto else ("migrate", "--to almalinux")
    return Option(
        f"the release's own image, {name}{fits}.", (command(setting, *words),)
    )


def lock_command(setting: Setting, python: str) -> Command:
    """Return how the lock file is made anew; the host's command is for its instances."""
    manager = setting.project.manager or ""
    other = "invenio-cli packages lock" if setting.project.flavour else "pipenv lock"
    line = {"uv": "uv lock", "poetry": "poetry lock"}.get(manager, other)
    return Command(line, f"needs Python {python} here")


def _ways_for_python(
    finding: Finding, breaking: Sequence[Line], setting: Setting
) -> Ways:
    """Answer an image whose Python is not the one asked for."""
    target, mismatch = finding.target, finding.judged.mismatch
    if finding.judged.status != "impacted" and target.image:
        return _ways_to_another(finding, breaking, setting)
    base = finding.judged.base
    if mismatch and mismatch.installed and base and _own_fits(mismatch, base, setting):
        text = (
            f"drop the lines that install Python {mismatch.python}: the image has "
            f"{base.python}, which is asked for."
        )
        return Ways("review", Option(text), upgrade_instead(setting))
    if mismatch is None or not (mismatch.pin and target.python):
        what = f"{describe_mismatch(mismatch)}; " if mismatch else ""
        text = f"{what}make the two agree, in the Dockerfile or where it is asked for."
        return Ways("review", Option(text), upgrade_instead(setting))
    supports = f" ({setting.release.label} supports it)" if setting.release else ""
    pin = mismatch.pin
    change = f"{pin.source}: {pin.text} > {respell_pin(pin, target.python)}"
    first = Option(
        f"take the image's Python{supports}.",
        (
            command(setting, "migrate", "--set-python", remark=change),
            lock_command(setting, target.python),
        ),
        _NEW_LOCK,
    )
    lines = _hint(any(recipe.python for recipe in finding.recipes))
    install = Option(f"Or keep {mismatch.wanted}: install it in the Dockerfile{lines}.")
    others = (install, *_another_image(finding, setting), *upgrade_instead(setting))
    return Ways("python", first, others)


def _hint(has_recipe: bool) -> str:
    return " (--verbose: the lines)" if has_recipe else ""


def _own_fits(mismatch: Mismatch, base: BaseImage, setting: Setting) -> bool:
    """Tell whether the Python that an image brings is the one that is asked for."""
    pins = setting.project.pins
    pin = mismatch.pin or pins.get(mismatch.manager or "")
    return pin is not None and pin.accepts(base.python)


def _another_image(finding: Finding, setting: Setting) -> tuple[Option, ...]:
    image = find_fitting(finding.judged, setting).image
    if image is None:
        return ()
    return (Option(f"Or an image that has the Python asked for, by hand: {image}"),)


def _ways_by_hand(finding: Finding, setting: Setting) -> Ways:
    image = finding.target.image
    first = Option(f"an image with the Python asked for, by hand: {image}")
    same: tuple[Option, ...] = ()
    if finding.judged.status == "impacted":
        only = command(setting, "migrate", "--verify")
        same = (Option("Or only make the image safe:", (only,)),)
    no_way = no_almalinux(finding, setting)
    return Ways("review", first, (*same, *upgrade_instead(setting)), no_way)


def _ways_for_outdated(finding: Finding, setting: Setting) -> Ways:
    """Answer a system without fixes that nobody takes away: there is time to plan."""
    path = upgrade_path(setting)
    first = path[0] if path else Option("plan the move to a system that gets fixes.")
    others = own_system(finding, setting)
    return Ways("upgrade", first, others, no_almalinux(finding, setting))


def _ways_for_node(finding: Finding, why: str, setting: Setting) -> Ways:
    greatest = setting.release.node_builds_to if setting.release else None
    lines = _hint(any(recipe.node for recipe in finding.recipes))
    text = f"install Node {greatest} in the Dockerfile{lines}: {why}."
    return Ways("review", Option(text), upgrade_instead(setting))


def ways_for_lock(setting: Setting) -> Ways:
    """Answer a lock that was made for another Python than the one asked for."""
    pin = setting.project.pins["pipenv"]
    text = f"make the lock anew, for the Python {pin.text} that {pin.source} asks for."
    python = pin.minor or pin.text
    return Ways("python", Option(text, (lock_command(setting, python),), _NEW_LOCK))
