# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The answer for one instance: am I impacted, should I act now, what do I do. Pure."""

from __future__ import annotations

from typing import Iterator, Mapping, NamedTuple, Sequence

from ..case import Case
from ..catalog import Release
from ..model import ACTS, Finding, Option, Way
from ..rules.releases import list_running
from ..survey import Instance
from . import Advice, Upgrade
from .accept import FOREVER
from .options import (
    Facts,
    Options,
    list_options,
    lock_commands,
    move_to_system,
    needed_host,
    show_path,
    upgrade_option,
)

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
#: What the pages of a release may not say, as it is called.
_SAID = (
    ("pythons", "Python"),
    ("node_least", "Node"),
    ("needs", "PostgreSQL and the search engine"),
    ("invenio_cli", "the least invenio-cli"),
)
_CERN_UPTIME = (
    "CERN does not guarantee uptime. A cache covers outages; only your own copy survives a "
    "deletion."
)
_CACHE = (
    "A cache is not a copy: an image deleted upstream is lost once the cache expires."
)


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
        ways = _list_ways(urgent, instance, case)
    else:
        said = _answer_calm(instance, planned, findings, case)
        reasons = _list_reasons(said, planned, case)
        ways = _plan(said, planned, instance, case)
    early = [one.message for one in counted if one.rule == "pre-release"]
    cautions = _list_cautions(said, instance, counted, case)
    return Advice(
        state=said.state,
        act=act,
        answer=" ".join([said.text, *early]),
        lead=lead,
        reasons=tuple(dict.fromkeys(reasons)),
        recommended=ways.first,
        alternatives=ways.others,
        impossible=ways.impossible,
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
        if one.rule == "node" and not _is_on_own_image(one, case):
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


def _is_on_own_image(finding: Finding, case: Case) -> bool:
    """Tell whether an image is the release's own: its makers build with that Node, too."""
    identity = case.identity(finding.reference) if finding.reference else None
    base, own = identity and identity.base, case.own_image
    return bool(base and own and base.family == own[1].family)


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


def _list_ways(urgent: Sequence[Finding], instance: Instance, case: Case) -> Options:
    """Return the first thing to do, every other one once, and what is not possible.

    What stops the build comes first, the upgrade last.
    """
    ways = [list_options(one, instance, case) for one in urgent]
    found = [option for one in ways for option in (one.first, *one.others)]
    kept: list[Option] = []
    typed: set[str] = set()
    for option in dict.fromkeys([*found, upgrade_option(case)]):
        lines = {command.line for command in option.commands} if option else set()
        if option and (not option.commands or lines - typed):
            kept.append(option)
            typed |= lines
    impossible = (text for one in ways for text in one.impossible)
    return Options(kept[0], tuple(kept[1:]), tuple(dict.fromkeys(impossible)))


def _plan(
    said: Said, planned: Sequence[Finding], instance: Instance, case: Case
) -> Options:
    """Return what to do in time: verify an image, move to a system, preview the upgrade."""
    release, upgrade = case.release, upgrade_option(case)
    others = (upgrade,) if upgrade else ()
    if said.state in ("unknown-image", "unconfirmed-image"):
        words = ("verify", "--all") if said.state == "unknown-image" else ("verify",)
        text = "Ask the registry whether it has the image:"
        return Options(Option(text, (case.command(*words),)), others)
    if said.state in ("other-release", "node") and said.finding:
        return Options(list_options(said.finding, instance, case).first, others)
    early = [one.help for one in planned if one.rule == "pre-release" and one.help]
    if early:
        return Options(Option(early[0]))
    preview = upgrade and Option(
        "Preview the upgrade (changes nothing):", upgrade.commands
    )
    if said.state == "outdated" and said.finding:
        system = move_to_system(Facts(said.finding, instance, case))
        return Options(preview, system.others, system.impossible)
    if not release or not upgrade:
        return Options()
    end, path = release.maintained_until, case.catalog.path(release)
    if end and case.is_near(end):
        major, days = release.label.partition(".")[0], case.days_to(end)
        text = f"Plan {path[0].label}: fixes for {major} end on {end} (in {days})."
        return Options(Option(text, upgrade.commands))
    if release.flavour == "ILS":
        text = (
            f"Plan the upgrade to {path[-1].label}; InvenioILS publishes no end-of-life "
            "dates."
        )
        return Options(Option(text, upgrade.commands))
    return Options(preview if planned else None)


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
    yield from _build_first(instance, counted)
    hosted = ".invenio" in project.manifests.present and said.state != "ok"
    if hosted and release and release.invenio_cli_to:
        yield f"Also needed: {needed_host(release)}."


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


def _build_first(instance: Instance, counted: Sequence[Finding]) -> Iterator[str]:
    if instance.local_bases and any(one.way and one.way.becomes for one in counted):
        names = ", ".join(dict.fromkeys(one.text for one in instance.local_bases))
        hosted = ".invenio" in instance.project.manifests.present
        then = "run `invenio-cli containers build --no-pull`" if hosted else "the rest"
        yield f"Build {names} first, then {then}: it is built locally."


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
            yield f"{name} is built for {', '.join(base.architectures)} only."


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
        recommended=_recommend(instance, upgrade, case),
        alternatives=(),
        impossible=(),
        cautions=(*said, *_build_first(instance, findings)),
        upgrade=upgrade,
    )


def advise_already(release: Release, today: Advice) -> Advice:
    """Return the answer of an instance that is on the release already."""
    return today._replace(
        state="already",
        answer=f"already {release.name}.",
        upgrade=Upgrade(release, already=True),
        recommended=None,
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


def _recommend(instance: Instance, upgrade: Upgrade, case: Case) -> Option | None:
    """Return what to type: the release in between first, else what migrate makes."""
    label = upgrade.release.label
    if len(upgrade.steps) > 1:
        first = upgrade.steps[0].label
        text = f"Upgrade one major version at a time. Go to {first} first:"
        return Option(text, (case.command("check", "--for", first),))
    made: dict[str, str] = {}
    by_hand: list[str] = []
    for number, one in enumerate(upgrade.changes, 1):
        if one.step and one.step.by_hand:
            by_hand.append(str(number))
        elif one.step:
            made[str(number)] = one.step.what
    if not made:
        return None
    text = "Make the changes in this order:"
    if by_hand:
        text = f"Make {_name_changes(by_hand)} by hand, then:"
    many = _name_changes([*made])
    pin = ("--set-python",) if "Python" in made.values() else ()
    python = upgrade.release.pythons[-1] if pin else ""
    command = case.command("migrate", "--for", label, *pin, remark=f"makes {many}")
    lock = lock_commands(instance, case, python)
    return Option(text, (command, *lock))


def _name_changes(numbers: Sequence[str]) -> str:
    """Return ``change 2``, or ``changes 1, 2 and 4``."""
    *before, last = numbers
    return f"changes {', '.join(before)} and {last}" if before else f"change {last}"
