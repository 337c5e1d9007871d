# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The answer for one instance: am I impacted, should I act now, what do I do. Pure."""

from __future__ import annotations

from typing import Iterator, Mapping, NamedTuple, Sequence

from ..case import Case
from ..model import ACTS, Finding, Option, Way
from ..rules.options import move_to_system
from ..survey import Instance
from . import Advice
from .accept import FOREVER
from .upgrade import build_first, needed_host, show_path, upgrade_option

#: What is said in the first sentence when it is urgent, by rule, in this order.
_URGENT: Mapping[str, str] = {
    "python": "wrong Python. {}",
    "lock-python": "the lock file does not fit. {}",
    "refused": "not buildable. {}",
    "node": "wrong Node. {}",
    "command-fails": "some commands of its Dockerfile no longer work.",
    "unresolved": "cannot tell. An inveniosoftware image depends on a variable with no "
    "value.",
}
_LEADS: Mapping[str, str] = {
    "now": "Yes, before the next build.",
    "soon": "Soon.",
    "plan": "No, but plan for it.",
    "no": "No.",
}
_CERN_UPTIME = (
    "CERN does not guarantee the uptime of its registry. A cache in your institution covers "
    "outages; only your own copy survives a deletion."
)
_CACHE = "Your cache covers outages of CERN's registry; only your own copy survives a deletion."


class Said(NamedTuple):
    """The first sentence of an answer."""

    state: str
    text: str
    finding: Finding | None = None  #: the one that it is about, where that is one


def advise(instance: Instance, findings: Sequence[Finding], case: Case) -> Advice:
    """Return the answer for an instance.

    :param findings: the most urgent first; accepted ones are marked.
    """
    counted = [one for one in findings if not one.accepted_until]
    act = min((one.act for one in counted), key=ACTS.index, default="no")
    urgent = [one for one in counted if one.act in ("now", "soon")]
    planned = [one for one in counted if one.act == "plan"]
    lead = _LEADS[act]
    if urgent:
        said = _answer_urgent(urgent)
        lead = _lead_failing(urgent) or lead
        reasons = [one.why for one in urgent if one.why]
        # The Node of an image that stays belongs to the same change.
        moving = {one.reference for one in urgent if one.way and one.way.image}
        also = [
            one for one in planned if one.rule == "node" and one.reference not in moving
        ]
        options = _list_options([*urgent, *also], case)
    else:
        said = _answer_calm(instance, planned, findings, case)
        reasons = _list_reasons(said, planned, case)
        options = _plan(said, planned, instance, case)
    early = [one.message for one in counted if one.rule == "pre-release"]
    cautions = _list_cautions(said, instance, counted, case)
    return Advice(
        state=said.state,
        act=act,
        answer=" ".join([said.text, *early]),
        lead=lead,
        reasons=tuple(dict.fromkeys(reasons)),
        options=tuple(options),
        cautions=tuple(dict.fromkeys(cautions)),
        ends=tuple(dict.fromkeys(one.end for one in findings if one.end)),
        path=case.catalog.path(case.release) if case.release else (),
    )


# ---- The first sentence ---------------------------------------------------------------


def _answer_urgent(urgent: Sequence[Finding]) -> Said:
    by_rule = {one.rule: one for one in reversed(urgent)}
    rule = next((rule for rule in _URGENT if rule in by_rule), urgent[0].rule)
    text = _URGENT.get(rule, "{}").format(by_rule[rule].message)
    if "docker-hub" not in by_rule:
        lead = "the images need not move, but " if rule == "command-fails" else ""
        return Said(rule, f"{lead}{text}", by_rule[rule])
    if rule not in ("docker-hub", "unresolved"):
        return Said("impacted", f"impacted, and {text}")
    hit = [one.reference for one in urgent if one.rule == "docker-hub"]
    is_base = any(reference and reference.kind == "from" for reference in hit)
    what = "Its base image" if is_base else "An image that it uses"
    return Said("impacted", f"impacted. {what} is on Docker Hub and may be removed.")


def _answer_calm(
    instance: Instance,
    planned: Sequence[Finding],
    findings: Sequence[Finding],
    case: Case,
) -> Said:
    """Return the answer where nothing has to be done soon."""
    accepted = [one for one in findings if one.accepted_until and one.act != "no"]
    if accepted:
        return Said("accepted", _answer_accepted(accepted, case))
    for one in planned:
        if one.rule in ("unknown-image", "unconfirmed-image", "other-release"):
            return Said(one.rule, f"check the image. {one.message}", one)
    missing = [build.missing for build in instance.builds if build.missing]
    if missing and not any(build.base for build in instance.builds):
        text = f"cannot tell. The Dockerfile of {missing[0].text} was not found."
        return Said("unclear", text)
    over = [one for one in planned if one.end and case.is_over(one.end.end)]
    over.sort(key=lambda one: one.subject == case.product)
    if over:
        return _answer_over(over[0], instance, case)
    for one in planned:
        if one.rule == "node":
            return Said("node", f"wrong Node. {one.message}", one)
    return _answer_ok(instance, case)


def _answer_over(finding: Finding, instance: Instance, case: Case) -> Said:
    if finding.subject == case.product:
        lead = "the image need not move, but " if _show_build(instance) else ""
        return Said("unsupported", f"{lead}{finding.message}", finding)
    lead = (
        "no need to move the image, but its operating system is no longer maintained:"
    )
    return Said("outdated", f"{lead} {finding.message}", finding)


def _answer_accepted(accepted: Sequence[Finding], case: Case) -> str:
    until = min(one.accepted_until for one in accepted if one.accepted_until)
    names = ", ".join(dict.fromkeys(one.subject for one in accepted))
    if until == FOREVER:
        return f"accepted: {names}."
    return f"accepted until {until} (in {case.days_to(until)}): {names}."


def _answer_ok(instance: Instance, case: Case) -> Said:
    project, image = instance.project, _show_build(instance)
    if not project.flavour:
        kind = "a template" if project.template else "not an Invenio instance"
        found = [case.identity(one) for one in instance.references]
        if not any(one and one.organisation for one in found):
            return Said("other", f"{kind}; no inveniosoftware image found.")
        return Said("ok", f"{kind}, on {image}." if image else f"{kind}.")
    if not project.version:
        on = f" Its build is on {image}." if image else ""
        text = f"release unknown. No file names a version of {case.product}.{on}"
        return Said("unknown-release", text)
    if case.release is None:
        on = f" Its build is on {image}." if image else ""
        return Said("unknown-release", f"release not known.{on}")
    if not image:
        return Said("ok", f"no Dockerfile names a base image. {case.product}.")
    return Said("ok", f"ok. {case.product} on {image}.")


def _show_build(instance: Instance) -> str:
    """Return what the instance's packages are built on: ``almalinux:1 with Python 3.9``."""
    builds = [one for one in instance.builds if one.base and one.counts and one.built]
    if not builds:
        return ""
    build = min(builds, key=lambda one: not one.installs_instance)
    upstream = build.identity.upstream if build.identity else None
    name = upstream.familiar.rpartition("/")[2] if upstream else ""
    python = build.python
    if python.version is None:
        return name
    place = f" ({python.source})" if python.installed else ""
    return f"{name} with Python {python.version}{place}"


# ---- Should I act now? ----------------------------------------------------------------


def _lead_failing(urgent: Sequence[Finding]) -> str:
    """Return the first words behind "Act now?" when commands alone stop the build."""
    now = [one.rule for one in urgent if one.act == "now"]
    if set(now) != {"command-fails"}:
        return ""
    fail = "commands fail" if now[1:] else "command of the Dockerfile fails"
    return f"Yes, before you rebuild: {len(now)} {fail}, whatever the registry."


def _list_reasons(said: Said, planned: Sequence[Finding], case: Case) -> list[str]:
    """Return which dates are past or near, and which upgrade to plan.

    What is wrong at a place is said there.
    """
    dates = [one for one in planned if one.rule == "end-of-life"]
    texts = [one.message for one in dates if one != said.finding]
    release = case.release
    path = case.catalog.path(release) if release else ()
    if release and path and case.is_over(release.maintained_until):
        why, end = "", path[0].maintained_until
        if path[1:] and end and case.is_near(end):
            label = path[0].label.partition(".")[0]
            why = f" in one project, because {label} itself ends in "
            why += f"{case.days_to(end)} ({end})"
        texts.append(f"Plan the upgrade {show_path(case)}{why}.")
    return texts


# ---- What to do -----------------------------------------------------------------------


def _list_options(urgent: Sequence[Finding], case: Case) -> list[Option]:
    """Return what to do about urgent findings, each option once, and the upgrade last.

    What stops the build comes first; what is to be done as well follows.
    """
    kept: list[Option] = []
    seen: set[str] = set()
    for finding in urgent:
        first, *others = _options_of(finding)
        for option in (first, *others):
            said = [command.line for command in option.commands] or [option.text]
            if not seen.issuperset(said):
                follows = kept and option == first
                kept.append(_then(option) if follows else option)
                seen.update(said)
    return [*kept, *upgrade_option(case)]


def _options_of(finding: Finding) -> Sequence[Option]:
    return finding.options or (Option(finding.help),)


def _then(option: Option) -> Option:
    """Return an option as the next thing to do."""
    return option._replace(text=f"Then {option.text[:1].lower()}{option.text[1:]}")


def _plan(
    said: Said, planned: Sequence[Finding], instance: Instance, case: Case
) -> list[Option]:
    """Return what to do in time: verify an image, move to a system, preview the upgrade."""
    release, upgrade = case.release, upgrade_option(case)
    if said.finding and said.state not in ("outdated", "unsupported"):
        return [_options_of(said.finding)[0], *upgrade]
    early = [one.help for one in planned if one.rule == "pre-release" and one.help]
    if early:
        return [Option(early[0])]
    preview = [
        Option("Preview the upgrade (changes nothing):", one.commands)
        for one in upgrade
    ]
    if said.state == "outdated" and said.finding and said.finding.reference:
        return [*preview, *move_to_system(said.finding.reference, instance, case)]
    if not release or not upgrade:
        return []
    end, path = release.maintained_until, case.catalog.path(release)
    if end and case.is_near(end):
        major, days = release.label.partition(".")[0], case.days_to(end)
        text = f"Plan {path[0].label}: fixes for {major} end on {end} (in {days})."
        return [Option(text, upgrade[0].commands)]
    if release.flavour == "ILS":
        text = (
            f"Plan the upgrade to {path[-1].label}; InvenioILS publishes no end-of-life "
            "dates."
        )
        return [Option(text, upgrade[0].commands)]
    return preview if planned else []


# ---- What else to know ----------------------------------------------------------------


def _list_cautions(
    said: Said, instance: Instance, counted: Sequence[Finding], case: Case
) -> Iterator[str]:
    project, release = instance.project, case.release
    for note in project.notes:
        yield f"{note[:1].upper()}{note[1:]}."
    if project.template:
        yield "This is a template: generate an instance from it, then check that one."
    yield from _list_minor(said, instance, counted, case)
    for build in instance.builds:
        if build.missing and said.state != "unclear":
            yield (
                f"The Dockerfile of {build.missing.text} was not found: what it is built "
                "on is not checked."
            )
        if build.manager and build.built and build.base and build.python.unknown:
            yield (
                f"Cannot tell which Python {build.path} installs packages into: "
                f"{build.python.unknown}."
            )
    yield from _about_targets([one.way for one in counted if one.way], case)
    yield from build_first(instance, counted)
    hosted = ".invenio" in project.manifests.present and said.state != "ok"
    if hosted and release and release.invenio_cli_to:
        yield f"{case.label()} works with {needed_host(release)}."


def _list_minor(
    said: Said, instance: Instance, counted: Sequence[Finding], case: Case
) -> Iterator[str]:
    """Yield a later patch, and what is to be planned although the answer is "ok"."""
    for one in counted:
        if one.rule == "old-patch":
            yield f"{one.message} {one.help}"
        said_above = one.rule == "pre-release" or one.subject == case.product
        if said.state != "ok" or one.act != "plan" or said_above:
            continue
        if instance.is_built(one.span.path):
            yield f"{one.message} {one.help}".strip()
        else:
            yield f"{one.span.path} is not built by any compose file. {one.message}"


def _about_targets(ways: Sequence[Way], case: Case) -> Iterator[str]:
    """Yield what to know of the images that builds move to."""
    for way in ways:
        if way.image and way.becomes and way.image.registry == case.catalog.refuge:
            if way.image == way.becomes:
                yield _CERN_UPTIME
            elif not case.identify(way.becomes).safe:
                yield _CACHE
    targets = [way.becomes for way in ways if way.becomes]
    for base in filter(None, (case.identify(image).base for image in targets)):
        name = f"{base.repository}:{base.tags[0]}" if base.tags else base.repository
        if base.docker:
            yield f"{name} needs Docker {base.docker} or later on the build machine."
        if base.architectures:
            yield f"{name} is built for {' and '.join(base.architectures)} machines only."
