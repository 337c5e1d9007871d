# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The answer for one instance: am I impacted, should I act now, what do I do. Pure."""

from __future__ import annotations

from typing import Iterator, Mapping, Sequence

from ..builds import Build
from ..case import Case
from ..model import ACTS, Finding, Option
from ..survey import Instance
from .model import Advice, EndOfLife
from .options import (
    Options,
    list_options,
    preview_upgrade,
    show_path,
    upgrade_option,
)

#: Findings that are said in the first sentence, by rule, in the order of the answers.
_URGENT = ("python", "lock-python", "refused", "node", "unresolved", "command-fails")
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
    state, answer = _answer(instance, counted, findings, case)
    options = _rank_options(counted, instance, case)
    first, others, impossible = _merge(options)
    if act in ("plan", "no"):
        first, others, impossible = _plan(counted, case), (), ()
    return Advice(
        state=state,
        act=act,
        action=_action(options, act),
        answer=answer,
        lead=_lead(counted, act),
        reasons=_reasons(counted, act, case),
        recommended=first,
        alternatives=others,
        impossible=impossible,
        cautions=tuple(dict.fromkeys(_cautions(instance, counted, case))),
        ends=tuple(_ends(findings, instance, case)),
        path=case.catalog.path(case.release) if case.release else (),
    )


# ---- The first sentence ---------------------------------------------------------------


def _answer(
    instance: Instance,
    counted: Sequence[Finding],
    findings: Sequence[Finding],
    case: Case,
) -> tuple[str, str]:
    """Return the kind of answer, and the sentence behind the instance's name."""
    by_rule: dict[str, list[Finding]] = {}
    for one in counted:
        if one.act in ("now", "soon"):
            by_rule.setdefault(one.rule, []).append(one)
    if "docker-hub" in by_rule:
        return "impacted", _answer_impacted(instance, by_rule)
    for rule in _URGENT:
        if rule in by_rule:
            return rule, _ANSWERS[rule].format(by_rule[rule][0].message)
    state, text = _answer_calm(instance, counted, findings, case)
    said = [one.message for one in counted if one.rule == "pre-release"]
    return state, " ".join([text, *said])


_ANSWERS: Mapping[str, str] = {
    "python": "wrong Python. {}",
    "lock-python": "the lock file does not fit. {}",
    "refused": "the build does not start. {}",
    "node": "wrong Node. {}",
    "unresolved": "cannot tell. An inveniosoftware image depends on a variable with no value.",
    "command-fails": "the images need not move, but some commands of its Dockerfile no longer work.",
}


def _answer_impacted(instance: Instance, by_rule: Mapping[str, list[Finding]]) -> str:
    if "refused" in by_rule:
        return "impacted, and Docker refuses a line of its Dockerfile."
    if "python" in by_rule:
        return f"impacted, and wrong Python. {by_rule['python'][0].message}"
    if "command-fails" in by_rule:
        return "impacted, and some commands of its Dockerfile no longer work."
    hit = by_rule["docker-hub"]
    if not any(one.reference and one.reference.kind == "from" for one in hit):
        return "impacted. An image that it uses is on Docker Hub and may be removed."
    local = [
        one
        for one in instance.references
        if one.kind == "from" and instance.is_local(one)
    ]
    paths = {one.span.path for one in hit}
    rest = {one.span.path for one in local} - paths
    if rest:
        names = ", ".join(sorted({one.text for one in local}))
        return (
            f"impacted, in {len(paths)} of {len(paths | rest)} Dockerfiles (the others "
            f"build on {names})."
        )
    return "impacted. Its base image is on Docker Hub and may be removed."


def _answer_calm(
    instance: Instance,
    counted: Sequence[Finding],
    findings: Sequence[Finding],
    case: Case,
) -> tuple[str, str]:
    """Return the answer where nothing has to be done soon."""
    accepted = [one for one in findings if one.accepted_until and one.act != "no"]
    if accepted:
        return "accepted", _answer_accepted(accepted, case)
    rules = {one.rule: one for one in reversed(counted) if one.act == "plan"}
    for rule in ("unknown-image", "unconfirmed-image", "other-release"):
        if rule in rules:
            return rule, f"check the image. {rules[rule].message}"
    missing = [build.missing for build in instance.builds if build.missing]
    if missing and not any(build.base for build in instance.builds):
        return (
            "unclear",
            f"cannot tell. The Dockerfile of {missing[0].text} was not found.",
        )
    ends = [one for one in counted if one.rule == "end-of-life" and one.act == "plan"]
    past = [one for one in ends if one.reference and _is_past(one, case)]
    if past:
        return "outdated", (
            "no need to move the image, but its operating system is no longer maintained: "
            f"{past[0].message}"
        )
    release = case.release
    if release and case.is_over(release.maintained_until):
        since = f"{case.product} has had no fixes since {release.maintained_until}."
        image = _show_build(instance, case)
        lead = "the image need not move, but " if image else ""
        return "unsupported", f"{lead}{since}"
    return _answer_ok(instance, case)


def _is_past(finding: Finding, case: Case) -> bool:
    """Tell whether it is about an operating system past its end of life."""
    systems = [
        one for one in case.catalog.systems.values() if one.name == finding.subject
    ]
    return any(case.is_over(one.end_of_life) for one in systems)


def _answer_accepted(accepted: Sequence[Finding], case: Case) -> str:
    days = [one.accepted_until for one in accepted if one.accepted_until]
    until, names = min(days), ", ".join(dict.fromkeys(one.subject for one in accepted))
    if until.year == 9999:
        return f"accepted: {names}."
    return f"accepted until {until} (in {case.days_to(until)}): {names}."


def _answer_ok(instance: Instance, case: Case) -> tuple[str, str]:
    project, image = instance.project, _show_build(instance, case)
    if not project.flavour:
        kind = "not an Invenio instance"
        if project.template:
            kind = "a template"
        ours = _names_organisation(instance, case)
        said = f"on {image}" if image and ours else "no inveniosoftware image found"
        glue = ", " if image and ours else "; "
        return "ok" if ours else "other", f"{kind}{glue}{said}."
    name = case.product
    if not project.version:
        on = f" Its build is on {image}." if image else ""
        return (
            "unknown-release",
            f"release unknown. No file names a version of {name}.{on}",
        )
    if not image:
        return "ok", f"no Dockerfile names a base image. {name}."
    return "ok", f"ok. {name} on {image}."


def _names_organisation(instance: Instance, case: Case) -> bool:
    found = [case.identity(one) for one in instance.references]
    return any(one and one.organisation for one in found)


def _show_build(instance: Instance, case: Case) -> str:
    """Return what the instance's packages are built on: ``almalinux:1 with Python 3.9``."""
    builds = [one for one in instance.builds if one.base and one.counts and one.built]
    if not builds:
        return ""
    build = min(builds, key=lambda one: (not one.installs_instance, not _is_ours(one)))
    upstream = build.identity.upstream if build.identity else None
    name = upstream.familiar.rpartition("/")[2] if upstream else ""
    python = build.python
    if python.version is None:
        return (
            f"{name} (cannot tell its Python: {python.unknown})"
            if python.unknown
            else name
        )
    place = f" ({python.source})" if python.installed else ""
    return f"{name} with Python {python.version}{place}"


def _is_ours(build: Build) -> bool:
    return bool(build.identity and build.identity.organisation)


# ---- Should I act now? ----------------------------------------------------------------


def _lead(counted: Sequence[Finding], act: str) -> str:
    """Return the first words behind "Act now?"."""
    if act == "now":
        rules = {one.rule for one in counted if one.act == "now"}
        if rules != {"command-fails"}:
            return "Yes, before the next build."
        number = sum(one.act == "now" for one in counted)
        fail = "command of the Dockerfile fails" if number == 1 else "commands fail"
        return f"Yes, before you rebuild: {number} {fail}, whatever the registry."
    return {"soon": "Soon.", "plan": "No, but plan for it."}.get(act, "No.")


def _reasons(counted: Sequence[Finding], act: str, case: Case) -> tuple[str, ...]:
    if act in ("now", "soon"):
        said = [one.why for one in counted if one.act in ("now", "soon") and one.why]
        return tuple(dict.fromkeys(said))
    planned = [one for one in counted if one.act == "plan"]
    texts = [one.message for one in planned if one.rule not in ("pre-release",)]
    release = case.release
    if (
        release
        and case.is_over(release.maintained_until)
        and case.catalog.path(release)
    ):
        texts.append(f"Plan the upgrade {show_path(case)}.")
    return tuple(dict.fromkeys(texts))


# ---- What to do -----------------------------------------------------------------------


def _rank_options(
    counted: Sequence[Finding], instance: Instance, case: Case
) -> list[Options]:
    """Return what to do about what counts; what stops the build comes first."""
    found = [
        list_options(one, instance, case)
        for one in counted
        if one.act in ("now", "soon")
    ]
    return list(dict.fromkeys(one for one in found if one))


def _merge(
    options: Sequence[Options],
) -> tuple[Option | None, tuple[Option, ...], tuple[str, ...]]:
    """Return the first thing to do, every other one once, and what is not possible."""
    if not options:
        return None, (), ()
    first = options[0].first
    rest = [one.first for one in options[1:]]
    others = [*rest, *(option for one in options for option in one.others)]
    typed, alternatives = {command.line for command in first.commands}, []
    for option in dict.fromkeys(others):
        lines = {command.line for command in option.commands}
        if option.text != first.text and (not lines or lines - typed):
            alternatives.append(option)
            typed |= lines
    impossible = [text for one in options for text in one.impossible]
    return first, tuple(alternatives), tuple(dict.fromkeys(impossible))


def _plan(counted: Sequence[Finding], case: Case) -> Option | None:
    """Return what to do in time: verify an image, or preview the upgrade."""
    rules = {one.rule for one in counted if one.act == "plan"}
    if rules & {"unconfirmed-image", "unknown-image"}:
        words = ("verify", "--all") if "unknown-image" in rules else ("verify",)
        return Option(
            "Ask the registry whether it has the image:", (case.command(*words),)
        )
    pre = [one for one in counted if one.rule == "pre-release" and one.act == "plan"]
    if pre:
        return Option(pre[0].help)
    release = case.release
    end = release.maintained_until if release else None
    ils = bool(release and release.flavour == "ILS")
    if not rules and not (ils and upgrade_option(case)):
        return None
    found = upgrade_option(case)
    if not found or not release:
        return None
    if end and case.is_near(end):
        newest = case.catalog.path(release)[0].label
        text = f"Plan {newest}: fixes for {release.label.partition('.')[0]} end on {end} (in {case.days_to(end)})."
        return Option(text, found.commands)
    if ils:
        newest = case.catalog.path(release)[-1].label
        text = (
            f"Plan the upgrade to {newest}; InvenioILS publishes no end-of-life dates."
        )
        return Option(text, found.commands)
    return preview_upgrade(case)


def _action(options: Sequence[Options], act: str) -> str:
    if act in ("now", "soon") and options:
        return options[0].action
    return "upgrade" if act == "plan" else "none"


# ---- What else to know ----------------------------------------------------------------


def _cautions(
    instance: Instance, counted: Sequence[Finding], case: Case
) -> Iterator[str]:
    yield from instance.project.notes
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
    if any(image.registry == case.catalog.refuge for image in targets):
        yield _CERN_UPTIME if not case.mirrors else _CACHE
    for image in targets:
        base = case.identify(image).base
        if base and base.docker:
            name = f"{base.repository}:{base.tags[0]}" if base.tags else base.repository
            yield f"{name} needs Docker {base.docker} or later on the build machine."
        if base and base.architectures:
            only = ", ".join(base.architectures)
            yield f"{base.repository}:{base.tags[0]} is built for {only} only."
    local = [
        one
        for one in instance.references
        if one.kind == "from" and instance.is_local(one)
    ]
    if local and targets:
        names = ", ".join(dict.fromkeys(one.text for one in local))
        yield (
            f"Build {names} first, and then run `invenio-cli containers build --no-pull`: "
            "it is a local image."
        )


def _ends(
    findings: Sequence[Finding], instance: Instance, case: Case
) -> Iterator[EndOfLife]:
    """Yield what is no longer supported, each with where that was read."""
    catalog, seen = case.catalog, set()
    release = case.release
    for one in findings:
        if one.rule != "end-of-life" or one.subject in seen:
            continue
        seen.add(one.subject)
        name, _, version = one.subject.rpartition(" ")
        end = {
            "Python": catalog.python_end(version),
            "Node": catalog.node_end(version),
        }.get(name)
        if one.subject == case.product and release:
            end = release.maintained_until
        for system in catalog.systems.values():
            end = system.end_of_life if system.name == one.subject else end
        end = end or catalog.service_end(name, version)
        if end:
            yield EndOfLife(one.subject, _read_in(one, instance, case), end)


def _read_in(finding: Finding, instance: Instance, case: Case) -> str:
    """Return where a version was read: a file's name, or "base image"."""
    project = instance.project
    if finding.subject == case.product:
        return project.version_source or ""
    if finding.subject.startswith("Python"):
        python = finding.subject.rpartition(" ")[2]
        pin = project.pins.get(project.manager or "")
        if pin and pin.minor == python:
            return pin.source
    if finding.reference and finding.reference.service:
        return finding.span.path.rpartition("/")[2]
    return "base image"
