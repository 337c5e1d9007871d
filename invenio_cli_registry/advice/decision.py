# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The decision: project, references, catalogue and today in, advice out. Pure."""

from __future__ import annotations

from typing import Iterator, Sequence

from ..judgement import ACTS, Judged, Setting
from ..mirrors import apply_mirrors
from .acts import list_causes, lock_differs
from .answers import answer, hint
from .facts import list_facts, list_untold
from .lines import list_breaking, list_failing
from .model import Advice, Finding, Line, Option
from .options import Ways, find_ways, ways_for_lock
from .recipes import list_recipes
from .standins import describe_leaving
from .targets import CERN, recommend_target
from .upgrades import ask_for_next

_MEND = Option("mend the lines that fail already; they are listed below.")
_TABLE_ORDER = ("impacted", "unsuitable", "unresolved", "outdated", "ok")


def advise(judged: Sequence[Judged], setting: Setting) -> Advice:
    """Return the answer for one project.

    :param judged: every reference of the project, in the order of use.
    """
    facts = list_facts(judged, setting)
    failing = list_failing(judged, setting)
    causes = list_causes(judged, failing, facts, setting)
    act = causes[0].act if causes else "no"
    findings = tuple(find_target(one, setting) for one in judged)
    counted = [one for one in findings if not one.judged.accepted_until]
    breaking = list_breaking(counted, setting)
    ways = _rank_ways(findings, breaking, setting)
    if not ways and act in ("now", "soon"):
        ways = [Ways("review", _MEND)]
    first, others, no_way = _merge(ways)
    if not first and act == "plan":
        first = ask_for_next(setting)
    return Advice(
        act=act,
        action=_action(ways, act),
        answer=answer(judged, failing, act, setting),
        why=causes,
        facts=facts,
        recommended=first,
        alternatives=others,
        no_way=no_way,
        cautions=gather_cautions(findings, setting),
        findings=findings,
        failing=failing,
        breaking=breaking,
        path=setting.catalog.path(setting.release) if setting.release else (),
        hint=hint(setting) or (causes[0].text if act == "plan" else ""),
    )


def find_target(judged: Judged, setting: Setting) -> Finding:
    """Return a reference with what it should become, as a copy or a cache serves it."""
    target = recommend_target(judged, setting)
    image = target.image
    if image and setting.what_if:
        image = apply_mirrors(image, setting.copies) or image
    becomes = (apply_mirrors(image, setting.mirrors) or image) if image else None
    recipes = list_recipes(judged, target, setting)
    return Finding(judged, target, becomes, recipes)


def gather_cautions(findings: Sequence[Finding], setting: Setting) -> tuple[str, ...]:
    """Return what to keep in mind, each once: what was not found, what moves bring."""
    said = (*_gaps(findings, setting), *_cautions(findings, setting))
    return tuple(dict.fromkeys(said))


def _rank_ways(
    findings: Sequence[Finding], breaking: Sequence[Line], setting: Setting
) -> list[Ways]:
    """Return the ways out of what counts: by act, then in the table's order."""
    ranked = [
        (_urgency(one.judged), ways)
        for one in findings
        if one.judged.act != "no" and not one.judged.accepted_until
        for ways in find_ways(one, breaking, setting)
    ]
    if lock_differs([one.judged for one in findings], setting):
        ranked.append(((0, len(_TABLE_ORDER)), ways_for_lock(setting)))
    ranked.sort(key=lambda pair: pair[0])
    return list(dict.fromkeys(ways for _, ways in ranked))


def _urgency(judged: Judged) -> tuple[int, int]:
    return ACTS.index(judged.act), _TABLE_ORDER.index(judged.status)


def _merge(
    ways: Sequence[Ways],
) -> tuple[Option | None, tuple[Option, ...], tuple[str, ...]]:
    """Return the first way, every other one once, and what is no way."""
    if not ways:
        return None, (), ()
    first = ways[0].first
    rest = [_as_alternative(way.first) for way in ways[1:]]
    others = [*rest, *(option for way in ways for option in way.others)]
    typed = {command.line for command in first.commands}
    alternatives = []
    for option in dict.fromkeys(others):
        lines = {command.line for command in option.commands}
        # What is typed already needs no second word: two images, one command.
        if not lines or lines - typed:
            alternatives.append(option)
            typed |= lines
    no_way = [text for way in ways for text in way.no_way]
    return first, tuple(alternatives), tuple(dict.fromkeys(no_way))


def _as_alternative(option: Option) -> Option:
    return option._replace(text=f"Also: {option.text}")


def _action(ways: Sequence[Ways], act: str) -> str:
    if ways:
        return ways[0].action
    return "upgrade" if act == "plan" else "none"


def _gaps(findings: Sequence[Finding], setting: Setting) -> Iterator[str]:
    """Yield what was not found, and what a move leaves behind."""
    for one in findings:
        yield from list_untold(one.judged, setting)
        if one.judged.status == "local":
            text = one.judged.reference.text
            yield from (f"{text}: {reason.text}." for reason in one.judged.reasons)
        leaving = one.becomes and describe_leaving(one.judged, one.becomes, setting)
        if leaving:
            yield f"{leaving}."


def _cautions(findings: Sequence[Finding], setting: Setting) -> Iterator[str]:
    """Yield what to keep in mind about the images it would move to."""
    images = [
        one.target.image
        for one in findings
        if one.target.image and not one.judged.accepted_until
    ]
    bases = [setting.catalog.base_image(image) for image in images]
    if any(image.registry == CERN for image in images) and not setting.mirrors:
        yield (
            "CERN's registry has no guaranteed uptime: a cache bridges that, only a copy "
            "survives a deletion."
        )
    for found in bases:
        if found and found[0].docker:
            yield f"Docker >= {found[0].docker} is needed for {found[0].repository}."
        if found and found[0].architectures and not setting.what_if:
            names = ", ".join(found[0].architectures)
            yield f"{found[0].repository}:{found[0].tags[0]} is made for {names} only."
    if setting.mirrors and images:
        yield (
            "A cache bridges downtime and is no copy: what is deleted upstream, it soon "
            "serves no more."
        )
