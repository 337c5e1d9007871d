# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""From paths to a report: the pipeline on one page.

::

    paths -> find files -> read -> Instance -> rules -> findings -> advise -> Report
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from dataclasses import replace
from typing import Iterator, NamedTuple, Sequence

from .case import Case
from .catalog import Release, is_pre_release, load
from .decision import Checked, Judged, Report
from .decision.accept import accept
from .decision.advice import advise
from .decision.upgrade import advise_already, advise_for
from .edits import Wanted, plan_edits
from .files import Found, find_files
from .image import Mirror
from .instance import Project, detect
from .model import Finding, Problem, Reference
from .rules import judge
from .survey import Instance, is_build, read_files, survey
from .ways import find_way

NOTHING = "Nothing to check: no Dockerfile, compose file or manifest below this folder."


class Options(NamedTuple):
    """What a command was asked for."""

    today: datetime.date
    exclude: tuple[str, ...] = ()
    every: bool = False  #: read every file, list every image
    mirrors: tuple[Mirror, ...] = ()  #: caches, in addition to those of the settings
    copies: tuple[Mirror, ...] = ()
    prog: str = "invenio-cli-registry"
    release: str | None = None  #: judge as if the instances were on this one
    catalogue: str | None = None  #: a folder with another catalogue
    ignore: tuple[str, ...] = ()  #: rules that are left out
    only: tuple[str, ...] = ()  #: the only rules that count; empty: all


class Looked(NamedTuple):
    """One instance as checked, and against what."""

    checked: Checked
    case: Case
    problems: tuple[Problem, ...] = ()
    silent: tuple[str, ...] = ()  #: silences that match nothing
    not_asked: str = ""  #: why ``--for`` does not apply to it, a clause
    builds: bool = False  #: there are Dockerfiles or compose files, whatever is in them

    @property
    def project(self) -> Project:
        """Return what the instance is."""
        return self.case.project


def check(paths: Sequence[str], options: Options) -> Report:
    """Return the report on everything below some paths.

    :raises CatalogError: when the catalogue of the options cannot be read.
    """
    catalog = load(options.catalogue)
    problems: list[Problem] = []
    looked = list(look(paths, options, problems))
    found = list_problems(problems, looked, options)
    # What --for does not apply to is a problem, and nothing else is said of it.
    looked = [one for one in looked if not one.not_asked]
    # Of other repositories only those are told that name an image, if there are any.
    read = [
        one for one in looked if one.project.marker or one.checked.instance.references
    ]
    read = read or [one for one in looked if one.builds]
    return Report(
        instances=tuple(one.checked for one in read),
        problems=found,
        catalogue=catalog.date,
        facts_read=catalog.read,
        today=options.today,
        prog=options.prog,
        nothing="" if read or found else NOTHING,
        silent=tuple(text for one in looked for text in one.silent),
    )


def list_problems(
    problems: Sequence[Problem], looked: Sequence[Looked], options: Options
) -> tuple[Problem, ...]:
    """Return each problem once, and which instances ``--for`` does not apply to.

    :param problems: of no instance. That ``--for`` applies to one instance is enough.
    """
    found = {*problems, *(problem for one in looked for problem in one.problems)}
    refused = [one for one in looked if one.not_asked]
    fatal = len(refused) == len(looked)
    instances = [one for one in refused if one.project.flavour]
    for one in instances or (refused if fatal else ()):
        text = f"--for {options.release}: {one.not_asked}"
        found.add(Problem(one.project.path, 0, text, fatal))
    return tuple(sorted(found))


def look(
    paths: Sequence[str], options: Options, problems: list[Problem]
) -> Iterator[Looked]:
    """Yield each instance below some paths, by its folder.

    :param problems: takes what belongs to no instance, such as paths that do not exist.
    """
    by_folder: dict[str, list[Found]] = {}
    for found in find_files(paths, options.exclude):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            by_folder.setdefault(found.project, []).append(found)
    for folder in sorted(by_folder, key=lambda path: (path != ".", path)):
        yield look_at(detect(folder), by_folder[folder], options)


def look_at(project: Project, files: Sequence[Found], options: Options) -> Looked:
    """Read, judge and advise one instance."""
    catalog, settings = load(options.catalogue), project.settings
    release = None
    if project.flavour and project.version:
        release = catalog.release(project.flavour, project.version)
    case = Case(
        catalog=catalog,
        today=options.today,
        project=project,
        release=release,
        own=release,
        mirrors=(*options.mirrors, *settings.mirrors),
        copies=(*options.copies, *settings.copies),
        prog=options.prog,
        exclude=options.exclude,
    )
    read = read_files(
        project,
        files,
        [mirror.target for mirror in (*case.mirrors, *case.copies)],
        every=options.every or bool(case.mirrors or options.release),
        exclude=(*options.exclude, *settings.exclude),
    )
    instance = survey(project, read, catalog, case.identify)
    looked = _judge(instance, case, options)
    looked = looked._replace(builds=any(map(is_build, files)))
    asked = _find_asked(case, options.release) if options.release else None
    if asked is None:
        return looked
    if isinstance(asked, str):
        return looked._replace(not_asked=asked)
    checked, today = looked.checked, looked.checked.advice
    if _is_on(case, asked):
        advice = advise_already(asked, case.own, today)
        return looked._replace(checked=checked._replace(advice=advice))
    then = _judge(instance, replace(case, release=asked, asked=True), options)
    advice = advise_for(instance, then.checked.findings, then.case, today)
    checked = then.checked._replace(release=release, advice=advice)
    return looked._replace(checked=checked, case=then.case)


def _judge(instance: Instance, case: Case, options: Options) -> Looked:
    """Return an instance with what the rules find, and the advice on that."""
    found, silent = accept(judge(instance, case), instance, case)
    chosen = [
        one
        for one in found
        if one.rule not in options.ignore
        and (not options.only or one.rule in options.only)
    ]
    findings = tuple(_with_edits(chosen, instance))
    checked = Checked(
        instance,
        case.release,
        findings,
        tuple(_judge_references(instance, findings, case)),
        advise(instance, findings, case),
    )
    problems = (*case.project.problems, *instance.problems)
    return Looked(checked, case, problems, silent)


def _with_edits(findings: Sequence[Finding], instance: Instance) -> Iterator[Finding]:
    """Yield the findings, those that ``migrate`` resolves unasked with what it writes."""
    becomes = {
        one.reference.span.key: one.way.becomes
        for one in findings
        if one.reference and one.way and one.way.writes
    }
    wanted = [Wanted(one, becomes.get(one.span.key)) for one in instance.references]
    plan = plan_edits(wanted, instance.dockerfiles)
    edits = {one.reference.span.key: one.edits for one in plan.outcomes}
    for one in findings:
        key = one.reference.span.key if one.reference and one.way else None
        yield one._replace(edits=edits[key]) if key in edits else one


def _judge_references(
    instance: Instance, findings: Sequence[Finding], case: Case
) -> Iterator[Judged]:
    """Yield each reference with the one status that tables show."""
    by_reference = defaultdict(list)
    for one in findings:
        if one.reference:
            by_reference[one.reference.span.key].append(one)
    for reference in instance.references:
        own = tuple(by_reference[reference.span.key])
        status = _status(reference, own, instance, case)
        way = find_way(reference, instance, case)
        yield Judged(reference, status, reference.image, own, way)


def _status(
    reference: Reference, own: Sequence[Finding], instance: Instance, case: Case
) -> str:
    """Return the first status that applies."""
    rules, identity = {one.rule for one in own}, case.identity(reference)
    if "docker-hub" in rules:
        return "impacted"
    if rules & {"unresolved", "refused"} or identity is None:
        return "unresolved"
    if instance.is_local(reference):
        return "local"
    if "python" in rules:
        return "unsuitable"
    system = case.catalog.systems.get(identity.provides.system or "")
    if identity.base and system and case.is_over(system.end_of_life):
        return "outdated"
    return "ok" if identity.base else "other"


# ---- ``--for`` ------------------------------------------------------------------------


def _find_asked(case: Case, text: str) -> Release | str:
    """Return the release that is meant, or why ``--for`` does not apply, and what does."""
    project, catalog = case.project, case.catalog
    path, possible = catalog.path(case.own) if case.own else (), ""
    if case.own and path:
        line = case.command("check", "--for", path[0].label).line
        possible = f". The next step from {case.own.label}: `{line}`"
    if project.flavour is None:
        return "this is not an Invenio instance, so it has no release to upgrade to"
    release = catalog.find_release(project.flavour, text)
    if release is None:
        of_flavour = [row for row in catalog.releases if row.flavour == project.flavour]
        name, newest = f"Invenio{project.flavour} {text}", of_flavour[-1].label
        return f"{name} is not in the catalogue, whose newest release is {newest}{possible}"
    if case.own is None and project.version:
        why = "so no upgrade page is known that leads from it"
        return f"{case.product} is not in the catalogue, {why}"
    leads = case.own in (None, release) or catalog.steps(case.own, release)
    if case.own and not (leads or _is_on(case, release)):
        return (
            f"no upgrade page leads from {case.own.label} to {release.label}{possible}"
        )
    return release


def _is_on(case: Case, release: Release) -> bool:
    """Tell whether an instance is on a release already, or on a later one."""
    own, project = case.own, case.project
    if not own or own.segments < release.segments:
        return False
    early = is_pre_release(project.version or "")
    return not (early and own.segments == release.segments)
