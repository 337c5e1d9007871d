# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The ways out of each finding, with the commands to type. Pure."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from ..catalog import Evidence
from ..judgement import Setting
from ..reference import Image
from .model import Command, Finding, Line, Option, Target
from .targets import EARLY, NONE, era, own_image
from .words import command, copy_commands, short_image, steps


class Ways(NamedTuple):
    """What to do about one finding: first this, or else that, and what is no way."""

    action: str
    first: Option
    others: tuple[Option, ...] = ()
    no_way: tuple[str, ...] = ()


def find_ways(finding: Finding, breaking: Sequence[Line], setting: Setting) -> Ways:
    """Return the ways out of one finding, by its row of the decision table."""
    status, target = finding.judged.status, finding.target
    if status == "unresolved":
        return _ways_for_unresolved(finding)
    if status == "unsuitable" or (finding.judged.mismatch and not target.same):
        return _ways_for_python(finding, setting)
    if finding.judged.base is None:
        return _ways_for_unknown(finding, setting)
    if target.image and not target.same:
        return _ways_to_own(finding, breaking, setting)
    if target.auto:
        return _ways_to_cern(finding, setting)
    return _ways_to_copy(finding, setting)


def _ways_for_unresolved(finding: Finding) -> Ways:
    judged = finding.judged
    why = judged.reasons[0].text
    text = f"write the image's name out, or give the value: {why}."
    return Ways("review", Option(text))


def _ways_for_unknown(finding: Finding, setting: Setting) -> Ways:
    name = finding.judged.reference.text
    text = f"no counterpart of {name} is known; ask whoever made it, or keep a copy."
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
    others = (copy, *_almalinux(finding, setting), *upgrade(setting))
    return Ways("rewrite", first, others, _no_almalinux(finding, setting))


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
    return Ways(
        "copy", first, (*upgrade(setting), same), _no_almalinux(finding, setting)
    )


def _ways_to_own(finding: Finding, breaking: Sequence[Line], setting: Setting) -> Ways:
    """Answer v11 and later: the release's own image."""
    first = _move_to_own(finding.target, setting)
    if breaking:
        after = "Some lines of the Dockerfile would break there; they are listed below."
        first = first._replace(after=after)
    return Ways("rewrite", first, upgrade(setting))


def _move_to_own(target: Target, setting: Setting) -> Option:
    name = short_image(target.image) if target.image else ""
    if target.python:
        text = f"the release's own image, {name}, and its Python {target.python}."
        commands = (
            command(setting, "migrate", "--set-python"),
            lock_command(setting, target.python),
        )
        return Option(text, commands)
    own = own_image(setting)
    python = own[1].python if own else ""
    text = f"the release's own image, {name}; its Python {python} fits."
    return Option(text, (command(setting, "migrate"),))


def lock_command(setting: Setting, python: str) -> Command:
    """Return how the lock file is made anew."""
    line = {
        "uv": "uv lock",
        "poetry": "poetry lock",
    }.get(setting.project.manager or "", "invenio-cli packages lock")
    return Command(line, f"needs Python {python} here")


def _ways_for_python(finding: Finding, setting: Setting) -> Ways:
    """Answer an image whose Python is not the one asked for."""
    target, mismatch = finding.target, finding.judged.mismatch
    if target.image and (target.auto or target.python):
        return Ways("rewrite", _move_to_own(target, setting), upgrade(setting))
    if target.image:
        return _ways_to_other_image(finding, target.image, setting)
    if mismatch is None or mismatch.installed or not target.python:
        text = "make the two agree, in the Dockerfile or in the file that asks."
        return Ways("review", Option(text), upgrade(setting))
    supports = f" ({setting.release.label} supports it)" if setting.release else ""
    pin = mismatch.pin
    change = f"{pin.source}: {pin.text} > {target.python}" if pin else ""
    first = Option(
        f"take the image's Python{supports}.",
        (
            command(setting, "migrate", "--set-python", remark=change),
            lock_command(setting, target.python),
        ),
        "A new lock also renews every package that the release leaves open.",
    )
    install = Option(f"Or keep {mismatch.wanted}: install it in the Dockerfile.")
    return Ways("python", first, (install, *upgrade(setting)))


def _ways_to_other_image(finding: Finding, image: Image, setting: Setting) -> Ways:
    first = Option(f"an image with the Python asked for, by hand: {image}")
    same: tuple[Option, ...] = ()
    if finding.judged.status == "impacted":
        only = command(setting, "migrate", "--verify")
        same = (Option("Or only make the image safe:", (only,)),)
    return Ways("review", first, (*same, *upgrade(setting)))


def upgrade(setting: Setting) -> tuple[Option, ...]:
    """Return the upgrade path as a way out, none for the newest release."""
    release = setting.release
    path = setting.catalog.path(release) if release else ()
    if not release or not path:
        return ()
    after = ""
    if era(setting) == EARLY and release.flavour == "RDM":
        after = (
            "Docker Hub is left behind with 11, which gets no fixes any more either."
        )
    return (Option(f"Or upgrade: {steps(path, release)}", (), after),)


def _almalinux(finding: Finding, setting: Setting) -> tuple[Option, ...]:
    """Offer AlmaLinux to v10, whose Python 3.9 it has."""
    if not _almalinux_is_way(setting) or finding.judged.reference.kind != "from":
        return ()
    pin = setting.project.pins.get(setting.project.manager or "")
    if pin is not None and not pin.accepts("3.9"):
        return ()
    text = "Or AlmaLinux 9 (Python 3.9 fits):"
    return (Option(text, (command(setting, "migrate", "--to almalinux"),)),)


def _almalinux_is_way(setting: Setting) -> bool:
    release = setting.release
    return bool(release and release.flavour == "RDM" and not release.node_builds_to)


def _no_almalinux(finding: Finding, setting: Setting) -> tuple[str, ...]:
    release, base = setting.release, finding.judged.base
    if release and release.node_builds_to:
        return (
            f"AlmaLinux. {release.label} builds its assets on Node "
            f"{release.node_builds_to}, almalinux:1 has 16.",
        )
    if base and base.python != "3.9" and era(setting) == NONE:
        return (
            f"AlmaLinux, as it is: it has Python 3.9 and no {base.python}; what is "
            "installed must fit 3.9 first.",
        )
    return ()
