# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Should I act now? The act of a project, and every reason with its date. Pure."""

from __future__ import annotations

from typing import Iterator, Sequence

from ..builds import instructions
from ..judgement import (
    ACTS,
    Judged,
    Setting,
    is_refused,
    names_organisation,
    node_reason,
)
from ..pythons import Mismatch, describe_mismatch
from ..runs.installs import package_manager
from .answers import hint, plan_upgrade
from .model import Cause, Fact, Line
from .words import count, is_near

NO_REMOVAL = (
    "No removal is announced (Docker withdrew its plan in March 2023), nothing is "
    "promised either."
)


def list_causes(
    judged: Sequence[Judged],
    failing: Sequence[Line],
    facts: Sequence[Fact],
    setting: Setting,
) -> tuple[Cause, ...]:
    """Return every reason, the most urgent first; an accepted image is none."""
    counted = [one for one in judged if not one.accepted_until]
    found = [
        *_refused_lines(counted),
        *_failing_lines(failing),
        *_python_causes(counted, setting),
        *_lock_causes(judged, setting),
        *_node_causes(counted),
        *_hub_causes(counted, facts, setting),
        *_unresolved_causes(counted),
        *_end_causes(counted, setting),
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda cause: ACTS.index(cause.act)))


def _refused_lines(judged: Sequence[Judged]) -> Iterator[Cause]:
    for one in judged:
        if one.act == "now" and one.status == "unresolved":
            yield Cause("now", f"the build does not start: {one.reasons[0].text}.")
        elif is_refused(one.reference) and names_organisation(one.reference):
            why = one.reference.refused
            yield Cause(
                "now", f"the build does not start, Docker refuses a line: {why}."
            )


def _failing_lines(failing: Sequence[Line]) -> Iterator[Cause]:
    certain = sum(line.certain for line in failing)
    if certain:
        lines = count(certain, "line")
        yield Cause(
            "now", f"if you must rebuild: {lines} cannot work, on any registry."
        )


def lock_differs(judged: Sequence[Judged], setting: Setting) -> bool:
    """Tell whether a build with pipenv stops: its lock was made for another Python."""
    project = setting.project
    pin, lock = project.pins.get("pipenv"), project.lock_python
    if not pin or not lock or project.manager != "pipenv":
        return False
    builds = {
        package_manager(instructions(line)) for one in judged for line in one.lineages
    }
    read = not builds or bool(builds & {"pipenv", None})
    return read and None not in (pin.minor, lock.minor) and pin.minor != lock.minor


def _lock_causes(judged: Sequence[Judged], setting: Setting) -> Iterator[Cause]:
    """Yield it when Pipfile and lock disagree: pipenv stops with "Aborting deploy"."""
    pin, lock = setting.project.pins.get("pipenv"), setting.project.lock_python
    if pin and lock and lock_differs(judged, setting):
        text = (
            f"{pin.source} asks for Python {pin.text}, {lock.source} was made for "
            f"{lock.text}: the build stops until the lock is made anew."
        )
        yield Cause("now", text)


def _python_causes(judged: Sequence[Judged], setting: Setting) -> Iterator[Cause]:
    for one in judged:
        mismatch = one.mismatch
        if mismatch is None:
            continue
        if mismatch.act == "now":
            note = _template_note(mismatch, setting)
            text = f"before the next build.{note}{_what_happens(mismatch)}"
            yield Cause("now", text)
        else:
            said = describe_mismatch(mismatch)
            yield Cause("soon", f"{said}: a newer Python mostly installs.")


def _template_note(mismatch: Mismatch, setting: Setting) -> str:
    """Say where the mistake comes from: v13's template asks for 3.12 on almalinux:1."""
    release, pin = setting.release, mismatch.pin
    is_13 = release is not None and release.flavour == "RDM" and release.major == 13
    if is_13 and pin and pin.minor == "3.12" and mismatch.python == "3.9":
        return " v13's template is made like this; it is no mistake of yours."
    return ""


def _what_happens(mismatch: Mismatch) -> str:
    """Say what the build makes of a Python that is too old: tried with pipenv only."""
    if mismatch.manager == "pipenv" and mismatch.older:
        return (
            " pipenv in this image does not stop: it leaves out, without an error, what "
            "is locked for a newer Python. `invenio collect` then fails on an import."
        )
    if mismatch.manager == "uv" and mismatch.pin:
        return " uv refuses a Python outside of requires-python."
    return f" {describe_mismatch(mismatch)}."


def _node_causes(judged: Sequence[Judged]) -> Iterator[Cause]:
    for reason in map(node_reason, judged):
        if reason:
            yield Cause("now", f"before the next build. {reason.text}.")


def _hub_causes(
    judged: Sequence[Judged], facts: Sequence[Fact], setting: Setting
) -> Iterator[Cause]:
    if not any(one.status == "impacted" for one in judged):
        return
    text = f"{NO_REMOVAL} Making the image safe takes ten minutes."
    if (
        setting.release
        and facts
        and all("no fixes since" in fact.state for fact in facts)
    ):
        text += " The real repair is the upgrade: everything below has ended."
    yield Cause("soon", text)


def _unresolved_causes(judged: Sequence[Judged]) -> Iterator[Cause]:
    if any(one.status == "unresolved" and one.act == "soon" for one in judged):
        text = "An image of the organisation hangs on a value that is not in the files."
        yield Cause("soon", text)


def _end_causes(judged: Sequence[Judged], setting: Setting) -> Iterator[Cause]:
    release, today = setting.release, setting.today
    end = release.maintained_until if release else None
    if end and end <= today:
        lead = "" if any(one.act != "no" for one in judged) else "Not for the image. "
        yield Cause("plan", f"{lead}{plan_upgrade(setting)}")
    elif end and is_near(end, today):
        yield Cause("plan", hint(setting))
    for one in judged:
        system = setting.catalog.systems[one.base.os] if one.base else None
        if system is None:
            continue
        if system.end_of_life <= today:
            text = f"{system.name} has had no fixes since {system.end_of_life}."
            yield Cause("plan", text)
        elif is_near(system.end_of_life, today):
            yield Cause("plan", f"{system.name} ends on {system.end_of_life}.")
