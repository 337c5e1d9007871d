# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The ways out of each finding, with the commands to type. Pure."""

from __future__ import annotations

from typing import NamedTuple, Sequence

from ..judgement import Setting
from ..reference import Image
from .model import Command, Finding, Line, Option, Target
from .targets import ALMA, DEBIAN, EARLY, era, move_to_own, own_image
from .words import command, copy_commands, short_image, short_name, steps


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
    image, evidence = finding.judged.upstream, finding.target.evidence
    assert image is not None
    assert evidence is not None
    first = Option(
        "the same image from CERN's registry; Python and lock file stay.",
        (command(setting, "migrate", "--verify"),),
        _who_vouches(evidence.kind),
    )
    copy = Option("If CERN does not have it:", copy_commands(image, setting))
    others = (copy, *_almalinux(finding, setting), *upgrade(setting))
    return Ways("rewrite", first, others, _no_almalinux(setting))


def _who_vouches(kind: str) -> str:
    if kind == "named":
        return "Only a page says that CERN has it; --verify asks first."
    return (
        "A workflow pushed it to CERN; whether it is still there, --verify asks first."
    )


def _ways_to_copy(finding: Finding, setting: Setting) -> Ways:
    image = finding.judged.upstream
    assert image is not None
    first = Option(
        f"a copy of your own, while Docker Hub has it: {finding.target.why_not}.",
        copy_commands(image, setting),
    )
    same = Option(
        "CERN's name for it can be written all the same, on nobody's word:",
        (command(setting, "migrate", "--to same"),),
    )
    return Ways("copy", first, (*upgrade(setting), same), _no_almalinux(setting))


def _ways_to_own(finding: Finding, breaking: Sequence[Line], setting: Setting) -> Ways:
    """Answer v11 and later: the release's own image."""
    target = finding.target
    assert target.image is not None
    own = own_image(setting)
    python = own[1].python if own else ""
    if target.python:
        text = (
            f"the release's own image, {short_image(target.image)}, and its Python "
            f"{target.python}; then a new lock."
        )
        commands = (
            command(setting, "migrate", "--set-python"),
            lock_command(setting, target.python),
        )
    else:
        text = (
            f"the release's own image, {short_image(target.image)}; its Python {python} "
            "is the one asked for."
        )
        commands = (command(setting, "migrate"),)
    after = ""
    if breaking:
        after = "Some lines of the Dockerfile would break there; they are listed below."
    return Ways("rewrite", Option(text, commands, after), upgrade(setting))


def lock_command(setting: Setting, python: str) -> Command:
    """Return how the lock file is made anew."""
    line = {
        "uv": "uv lock",
        "poetry": "poetry lock",
    }.get(setting.project.manager or "", "invenio-cli packages lock")
    return Command(line, f"needs Python {python} here")


def _ways_for_python(finding: Finding, setting: Setting) -> Ways:
    mismatch, target, base = (
        finding.judged.mismatch,
        finding.target,
        finding.judged.base,
    )
    assert mismatch is not None
    assert base is not None
    if target.image and not target.same:
        return _ways_to_other_image(finding, target, setting)
    if mismatch.installed or not target.python:
        text = f"make the two agree: the build runs {mismatch.python}, {mismatch.wanted} is asked for."
        return Ways("review", Option(text), upgrade(setting))
    supports = f" ({setting.release.label} supports it)" if setting.release else ""
    change = (
        f"{mismatch.pin.source}: {mismatch.pin.text} > {target.python}"
        if mismatch.pin
        else ""
    )
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


def _ways_to_other_image(finding: Finding, target: Target, setting: Setting) -> Ways:
    assert target.image is not None
    image = target.image
    if target.auto:
        first = Option(
            f"the release's own image, {short_image(image)}.",
            (command(setting, "migrate"),),
        )
        return Ways("rewrite", first, upgrade(setting))
    if target.python:
        first = Option(
            f"the release's own image, {short_image(image)}, and its Python {target.python}; then a new lock.",
            (
                command(setting, "migrate", "--set-python"),
                lock_command(setting, target.python),
            ),
        )
        return Ways("rewrite", first, upgrade(setting))
    first = Option(f"an image with the Python asked for, by hand: {image}")
    same: tuple[Option, ...] = ()
    if finding.judged.status == "impacted":
        same = (
            Option(
                "Or only make the image safe:",
                (command(setting, "migrate", "--verify"),),
            ),
        )
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


def _no_almalinux(setting: Setting) -> tuple[str, ...]:
    release = setting.release
    if not release or not release.node_builds_to or era(setting) != EARLY:
        return ()
    return (
        f"AlmaLinux. {release.label} builds its assets on Node "
        f"{release.node_builds_to}, almalinux:1 has 16.",
    )
