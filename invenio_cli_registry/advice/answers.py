# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Am I impacted? The first sentence of each answer, and the hint of a fine instance. Pure."""

from __future__ import annotations

from typing import Sequence

from ..builds import instructions
from ..judgement import Judged, Setting, is_refused
from ..pythons import find_pythons, hides_python
from ..runs.installs import package_manager
from .model import Line
from .words import (
    count_days,
    is_near,
    place,
    product,
    short_name,
    since_or_until,
    steps,
)


def answer(
    judged: Sequence[Judged], failing: Sequence[Line], act: str, setting: Setting
) -> str:
    """Return the one sentence that answers "am I impacted?"."""
    accepted = [one for one in judged if one.accepted_until]
    counted = [one for one in judged if not one.accepted_until]
    found = _answer_trouble(counted, failing, act, setting)
    if found or not accepted:
        return found or _answer_fine(judged, act, setting)
    return _answer_accepted(accepted, setting)


def _answer_trouble(
    judged: Sequence[Judged], failing: Sequence[Line], act: str, setting: Setting
) -> str:
    """Return what is the matter, nothing when the images are fine."""
    statuses = {one.status for one in judged if one.act != "no"}
    refused = any(one.act == "now" and is_refused(one.reference) for one in judged)
    empty = any(one.act == "now" and not one.reference.text for one in judged)
    if "impacted" in statuses:
        return _answer_impacted(judged, failing, refused, setting)
    if "unsuitable" in statuses:
        return f"wrong Python. {_mismatches(judged)}"
    if empty:
        return "no image at all. A Dockerfile of it has no FROM line."
    if refused:
        return "Docker refuses a line of its Dockerfile."
    if "unresolved" in statuses:
        return "not clear. An image of the organisation hangs on an unknown value."
    failing = [line for line in failing if line.certain]
    if failing:
        return (
            "its images stay where they are, but lines of its Dockerfile fail already."
        )
    if act in ("now", "soon"):
        return "its images stay where they are, but the next build is in danger."
    return ""


def _answer_accepted(accepted: Sequence[Judged], setting: Setting) -> str:
    until = min(one.accepted_until for one in accepted if one.accepted_until)
    names = ", ".join(dict.fromkeys(one.reference.text for one in accepted))
    return f"accepted until {until} ({count_days(until, setting.today)}): {names}."


def _answer_impacted(
    judged: Sequence[Judged], failing: Sequence[Line], refused: bool, setting: Setting
) -> str:
    if refused:
        return "impacted, and Docker refuses a line of its Dockerfile."
    if any(one.mismatch and one.mismatch.act == "now" for one in judged):
        return f"impacted, and wrong Python. {_mismatches(judged)}"
    if any(line.certain for line in failing):
        return "impacted, and lines of its Dockerfile fail already."
    hit = {one.reference.span.path for one in judged if one.status == "impacted"}
    local = [
        one for one in judged if one.status == "local" and one.reference.kind == "from"
    ]
    rest = {one.reference.span.path for one in local} - hit
    if rest:
        names = sorted({one.reference.text for one in local})
        of = f"in {len(hit)} of {len(hit | rest)} Dockerfiles"
        return f"impacted, {of} (the others build on {', '.join(names)})."
    return "impacted. Its base image lies on Docker Hub, with no promise to stay."


def _mismatches(judged: Sequence[Judged]) -> str:
    texts = [
        reason.text
        for one in judged
        for reason in one.reasons
        if reason.status == "unsuitable"
    ]
    return f"{'; '.join(dict.fromkeys(texts))}."


def _answer_fine(judged: Sequence[Judged], act: str, setting: Setting) -> str:
    release = setting.release
    bases = [one for one in judged if one.base and one.reference.kind == "from"]
    outdated = [
        reason
        for one in judged
        for reason in one.reasons
        if reason.status == "outdated"
    ]
    if outdated:
        return f"the image stays where it is, its system has ended. {outdated[0].text}."
    missing = [one for one in judged if one.status == "local" and one.reasons]
    if missing and not bases:
        return (
            f"not clear. The Dockerfile of {missing[0].reference.text} was not found."
        )
    end = release.maintained_until if release else None
    if end and end <= setting.today:
        state = since_or_until(end, setting.today)
        if not bases:
            return f"no image of the organisation is named; the release ended: {state}."
        return f"the image is fine, the release is not: {state}."
    if not bases:
        return f"fine. {_kind(setting)}; no image of the organisation is named."
    # What packages are installed on says more than what files are copied from.
    bases.sort(key=lambda one: not _installs(one))
    others = [one for one in judged if one.base is None and _installs(one)]
    if others and not _installs(bases[0]):
        text = others[0].reference.text
        return f"fine. {_kind(setting)}; its packages are installed on {text}."
    image = short_name(bases[0])
    if release and release.flavour == "ILS" and setting.catalog.path(release):
        return f"the image is fine. {_kind(setting)}, {_python(bases[0], setting)}."
    return f"fine. {_kind(setting)} on {image}, {_python(bases[0], setting)}."


def _installs(one: Judged) -> bool:
    """Tell whether Python packages are installed on an image."""
    managers = (package_manager(instructions(line)) for line in one.lineages)
    return any(managers)


def _kind(setting: Setting) -> str:
    project = setting.project
    if project.flavour:
        return product(setting)
    return "No InvenioRDM, no InvenioILS"


def _python(one: Judged, setting: Setting) -> str:
    """Return the Python that the build runs, and where that was read."""
    if any(map(hides_python, one.lineages)):
        return "and a Python of its own"
    for line in one.lineages:
        for found in find_pythons(line)[-1:]:
            return f"Python {found.version} ({place(found, setting)})"
    python = one.base.python if one.base else ""
    pin = setting.project.pins.get(setting.project.manager or "")
    source = f" ({pin.source})" if pin and pin.minor == python else ""
    return f"Python {python}{source}"


def hint(setting: Setting) -> str:
    """Return what to plan for when nothing has to be done: the next release."""
    release = setting.release
    path = setting.catalog.path(release) if release else ()
    if not release or not path:
        return ""
    end, today = release.maintained_until, setting.today
    if release.flavour == "ILS":
        return _ils_hint(path[-1].label)
    if end and is_near(end, today):
        major = release.label.partition(".")[0]
        days = count_days(end, today)
        return f"Plan {path[-1].label}: {major} ends on {end} ({days})."
    if end and end <= today:
        return plan_upgrade(setting)
    return ""


def _ils_hint(newest: str) -> str:
    return (
        f"Plan the upgrade (the newest is {newest}): ILS is production-grade from 5 on; "
        "no end dates are published."
    )


def plan_upgrade(setting: Setting) -> str:
    """Return the path of an ended release, and what is special about it."""
    release = setting.release
    path = setting.catalog.path(release) if release else ()
    if not release or not path:
        return "Plan the upgrade, when the catalogue knows a newer release."
    text, way = "Plan the upgrade", steps(path, release)
    if path[0].major == release.major:
        text = f"Go to {path[0].label} first"
    ending = [
        (step, step.maintained_until)
        for step in path[:-1]
        if step.maintained_until and is_near(step.maintained_until, setting.today)
    ]
    if not ending or len(path) > 2:
        return f"{text}: {way}."
    step, end = ending[0]
    days, major = count_days(end, setting.today), step.label.partition(".")[0]
    return f"{text}: {way}, in one go, for {major} itself ends on {end} ({days})."
