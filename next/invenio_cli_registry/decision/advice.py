# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The answer for one instance: am I impacted, should I act now, what do I do. Pure."""

from __future__ import annotations

from typing import Iterator, Mapping, Sequence

from ..case import Case
from ..image import Image
from ..model import ACTS, Finding, Option
from ..survey import Instance
from .accept import FOREVER
from .model import Advice
from .options import list_options, preview_upgrade, show_path, upgrade_option

#: What is said in the first sentence when it is urgent, by rule, in this order.
_URGENT: Mapping[str, str] = {
    "python": "wrong Python. {}",
    "lock-python": "the lock file does not fit. {}",
    "refused": "the build does not start. {}",
    "node": "wrong Node. {}",
    "unresolved": "cannot tell. An inveniosoftware image depends on a variable with no "
    "value.",
    "command-fails": "the images need not move, but some commands of its Dockerfile no "
    "longer work.",
}
_CERN_UPTIME = (
    "CERN does not guarantee uptime. A cache covers outages; only your own copy survives a "
    "deletion."
)
_CACHE = (
    "A cache is not a copy: an image deleted upstream is lost once the cache expires."
)


def advise(instance: Instance, findings: Sequence[Finding], case: Case) -> Advice:
    """Return the answer for an instance.

    :param findings: the most urgent first; accepted ones are marked.
    """
    counted = [one for one in findings if not one.accepted_until]
    act = min((one.act for one in counted), key=ACTS.index, default="no")
    if act in ("now", "soon"):
        state, answer = _answer_urgent(instance, counted)
        recommended, alternatives, impossible = _options(counted, instance, case)
        reasons = [one.why for one in counted if one.act in ("now", "soon") and one.why]
    else:
        state, answer = _answer_calm(instance, counted, findings, case)
        recommended, alternatives, impossible = _plan(counted, case), (), ()
        reasons = _planned(counted, case)
    early = [one.message for one in counted if one.rule == "pre-release"]
    return Advice(
        state=state,
        act=act,
        answer=" ".join([answer, *early]),
        lead=_lead(counted, act),
        reasons=tuple(dict.fromkeys(reasons)),
        recommended=recommended,
        alternatives=alternatives,
        impossible=impossible,
        cautions=tuple(dict.fromkeys(_cautions(instance, counted, case))),
        ends=tuple(dict.fromkeys(one.end for one in findings if one.end)),
        path=case.catalog.path(case.release) if case.release else (),
    )


# ---- The first sentence ---------------------------------------------------------------


def _answer_urgent(instance: Instance, counted: Sequence[Finding]) -> tuple[str, str]:
    """Return the kind of answer, and the sentence behind the instance's name."""
    by_rule: dict[str, list[Finding]] = {}
    for one in counted:
        if one.act in ("now", "soon"):
            by_rule.setdefault(one.rule, []).append(one)
    if "docker-hub" in by_rule:
        return "impacted", _answer_impacted(instance, by_rule)
    rule = next(rule for rule in _URGENT if rule in by_rule)
    return rule, _URGENT[rule].format(by_rule[rule][0].message)


def _answer_impacted(
    instance: Instance, by_rule: Mapping[str, Sequence[Finding]]
) -> str:
    if "refused" in by_rule:
        return "impacted, and Docker refuses a line of its Dockerfile."
    if "python" in by_rule:
        return f"impacted, and wrong Python. {by_rule['python'][0].message}"
    if "command-fails" in by_rule:
        return "impacted, and some commands of its Dockerfile no longer work."
    hit = by_rule["docker-hub"]
    if not any(one.reference and one.reference.kind == "from" for one in hit):
        return "impacted. An image that it uses is on Docker Hub and may be removed."
    paths = {one.span.path for one in hit}
    local = instance.local_bases
    rest = {one.span.path for one in local} - paths
    if not rest:
        return "impacted. Its base image is on Docker Hub and may be removed."
    names = ", ".join(sorted({one.text for one in local}))
    number = f"{len(paths)} of {len(paths | rest)}"
    return f"impacted, in {number} Dockerfiles (the others build on {names})."


def _answer_calm(
    instance: Instance,
    counted: Sequence[Finding],
    findings: Sequence[Finding],
    case: Case,
) -> tuple[str, str]:
    """Return the answer where nothing has to be done soon."""
    accepted = [one for one in findings if one.accepted_until and one.act != "no"]
    planned = {one.rule: one for one in reversed(counted) if one.act == "plan"}
    if accepted:
        return "accepted", _answer_accepted(accepted, case)
    for rule in ("unknown-image", "unconfirmed-image", "other-release"):
        if rule in planned:
            return rule, f"check the image. {planned[rule].message}"
    missing = [build.missing for build in instance.builds if build.missing]
    if missing and not any(build.base for build in instance.builds):
        text = f"cannot tell. The Dockerfile of {missing[0].text} was not found."
        return "unclear", text
    for build in instance.builds:
        system = case.catalog.systems.get(build.system or "")
        if system and build.counts and case.is_over(system.end_of_life):
            return "outdated", (
                "no need to move the image, but its operating system is no longer "
                f"maintained: {system.name} has had no fixes since {system.end_of_life}."
            )
    release = case.release
    if release and case.is_over(release.maintained_until):
        lead = "the image need not move, but " if _show_build(instance) else ""
        since = f"{case.product} has had no fixes since {release.maintained_until}."
        return "unsupported", f"{lead}{since}"
    return _answer_ok(instance, case)


def _answer_accepted(accepted: Sequence[Finding], case: Case) -> str:
    days = [one.accepted_until for one in accepted if one.accepted_until]
    until, names = min(days), ", ".join(dict.fromkeys(one.subject for one in accepted))
    if until == FOREVER:
        return f"accepted: {names}."
    return f"accepted until {until} (in {case.days_to(until)}): {names}."


def _answer_ok(instance: Instance, case: Case) -> tuple[str, str]:
    project, image = instance.project, _show_build(instance)
    if not project.flavour:
        kind = "a template" if project.template else "not an Invenio instance"
        found = [case.identity(one) for one in instance.references]
        if not any(one and one.organisation for one in found):
            return "other", f"{kind}; no inveniosoftware image found."
        return "ok", f"{kind}, on {image}." if image else f"{kind}."
    if not project.version:
        on = f" Its build is on {image}." if image else ""
        text = f"release unknown. No file names a version of {case.product}.{on}"
        return "unknown-release", text
    if not image:
        return "ok", f"no Dockerfile names a base image. {case.product}."
    return "ok", f"ok. {case.product} on {image}."


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
        why = f" (cannot tell its Python: {python.unknown})" if build.manager else ""
        return f"{name}{why}"
    place = f" ({python.source})" if python.installed else ""
    return f"{name} with Python {python.version}{place}"


# ---- Should I act now? ----------------------------------------------------------------


def _lead(counted: Sequence[Finding], act: str) -> str:
    """Return the first words behind "Act now?"."""
    urgent = [one.rule for one in counted if one.act == "now"]
    if set(urgent) == {"command-fails"}:
        fail = "commands fail" if urgent[1:] else "command of the Dockerfile fails"
        return f"Yes, before you rebuild: {len(urgent)} {fail}, whatever the registry."
    return {
        "now": "Yes, before the next build.",
        "soon": "Soon.",
        "plan": "No, but plan for it.",
        "no": "No.",
    }[act]


def _planned(counted: Sequence[Finding], case: Case) -> list[str]:
    release = case.release
    texts = [one.message for one in counted if one.act == "plan"]
    texts = [text for text in texts if text not in _early(counted)]
    if (
        release
        and case.is_over(release.maintained_until)
        and case.catalog.path(release)
    ):
        texts.append(f"Plan the upgrade {show_path(case)}.")
    return texts


def _early(counted: Sequence[Finding]) -> set[str]:
    return {one.message for one in counted if one.rule == "pre-release"}


# ---- What to do -----------------------------------------------------------------------


def _options(
    counted: Sequence[Finding], instance: Instance, case: Case
) -> tuple[Option | None, tuple[Option, ...], tuple[str, ...]]:
    """Return the first thing to do, every other one once, and what is not possible.

    What stops the build comes first.
    """
    found = [
        list_options(one, instance, case)
        for one in counted
        if one.act in ("now", "soon")
    ]
    options = list(dict.fromkeys(one for one in found if one))
    if not options:
        return None, (), ()
    first, kept = options[0].first, []
    others = [one.first for one in options[1:]]
    others += [option for one in options for option in one.others]
    typed = {command.line for command in first.commands}
    for option in dict.fromkeys(others):
        lines = {command.line for command in option.commands}
        if option.text != first.text and (not lines or lines - typed):
            kept.append(option)
            typed |= lines
    impossible = (text for one in options for text in one.impossible)
    return first, tuple(kept), tuple(dict.fromkeys(impossible))


def _plan(counted: Sequence[Finding], case: Case) -> Option | None:
    """Return what to do in time: verify an image, or preview the upgrade."""
    planned = {one.rule: one for one in counted if one.act == "plan"}
    release, upgrade = case.release, upgrade_option(case)
    if {"unconfirmed-image", "unknown-image"} & set(planned):
        words = ("verify", "--all") if "unknown-image" in planned else ("verify",)
        text = "Ask the registry whether it has the image:"
        return Option(text, (case.command(*words),))
    if "pre-release" in planned:
        return Option(planned["pre-release"].help)
    if not release or not upgrade:
        return None
    end, path = release.maintained_until, case.catalog.path(release)
    if end and case.is_near(end):
        major, days = release.label.partition(".")[0], case.days_to(end)
        text = f"Plan {path[0].label}: fixes for {major} end on {end} (in {days})."
        return Option(text, upgrade.commands)
    if release.flavour == "ILS":
        text = (
            f"Plan the upgrade to {path[-1].label}; InvenioILS publishes no end-of-life "
            "dates."
        )
        return Option(text, upgrade.commands)
    return preview_upgrade(case) if planned else None


# ---- What else to know ----------------------------------------------------------------


def _cautions(
    instance: Instance, counted: Sequence[Finding], case: Case
) -> Iterator[str]:
    for note in instance.project.notes:
        yield f"{note[:1].upper()}{note[1:]}."
    for build in instance.builds:
        if build.missing:
            yield (
                f"The Dockerfile of {build.missing.text} was not found: what it is built "
                "on is not checked."
            )
        if build.manager and build.built and build.base and build.python.unknown:
            yield (
                f"Cannot tell which Python {build.path} installs packages into: "
                f"{build.python.unknown}."
            )
    targets = [one.way.becomes for one in counted if one.way and one.way.becomes]
    yield from _about_targets(targets, case)
    if instance.local_bases and targets:
        names = ", ".join(dict.fromkeys(one.text for one in instance.local_bases))
        yield (
            f"Build {names} first, and then run `invenio-cli containers build --no-pull`: "
            "it is a local image."
        )


def _about_targets(targets: Sequence[Image], case: Case) -> Iterator[str]:
    """Yield what to know of the images that builds move to."""
    if any(image.registry == case.catalog.refuge for image in targets):
        yield _CACHE if case.mirrors else _CERN_UPTIME
    for base in filter(None, (case.identify(image).base for image in targets)):
        name = f"{base.repository}:{base.tags[0]}" if base.tags else base.repository
        if base.docker:
            yield f"{name} needs Docker {base.docker} or later on the build machine."
        if base.architectures:
            yield f"{name} is built for {', '.join(base.architectures)} only."
