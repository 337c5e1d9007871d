# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""From paths to a report: find the files, read them, judge, advise."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence

from .advice.decision import advise
from .advice.model import Advice, Finding
from .advice.whatif import advise_for
from .builds import find_missing, group_by_root, trace_builds
from .catalog import Catalog, Release, load
from .judgement import Judged, Setting, judge
from .migration.edits import Wanted, plan_edits
from .migration.splice import Edit
from .mirrors import Mirror, apply_mirrors
from .project.detection import Project, detect
from .project.manifests import load as load_manifests
from .project.specifier import find_specifier
from .readers.files import Found, find_files
from .readers.model import Reference
from .readers.source import Problem
from .records import segments
from .report.model import PlacedEdit, ProjectReport, Report
from .selection import ProjectFiles, read_project
from .survey import Survey, survey_project


class Options(NamedTuple):
    """What a command was asked for."""

    today: datetime.date
    exclude: tuple[str, ...] = ()
    every: bool = False  #: read every file, list every image
    mirrors: tuple[Mirror, ...] = ()  #: caches, beside those of the configuration
    copies: tuple[Mirror, ...] = ()
    prog: str = "invenio-cli-registry"
    release: str | None = None  #: judge as if the project were this one


class Inspected(NamedTuple):
    """One project as read, judged and advised."""

    read: ProjectFiles
    survey: Survey
    setting: Setting
    judged: tuple[Judged, ...]
    advice: Advice
    problems: tuple[Problem, ...]
    unasked: str = ""  #: why ``--for`` is no question to it


def inspect(paths: Sequence[str], options: Options) -> Report:
    """Return the report on everything below the paths."""
    catalog = load()
    problems: list[Problem] = []
    projects = []
    read: list[str] = []
    asked = []
    for found in inspect_projects(paths, options, problems):
        projects.append(report_project(found))
        asked.append((found.survey.project, found.unasked))
        problems.extend(found.problems)
        read.extend(found.survey.sources)
    problems.extend(explain_unasked(asked, options))
    return Report(
        tuple(projects),
        tuple(sorted(problems)),
        catalog.date,
        options.today,
        tuple(read),
    )


def inspect_projects(
    paths: Sequence[str], options: Options, problems: list[Problem]
) -> Iterator[Inspected]:
    """Yield each project below the paths, by path.

    :param problems: takes what belongs to no project: paths that are not there.
    """
    by_project: dict[str, list[Found]] = {}
    for found in find_files(paths, options.exclude):
        if isinstance(found, Problem):
            problems.append(found)
        else:
            by_project.setdefault(found.project, []).append(found)
    for folder in sorted(by_project, key=lambda path: (path != ".", path)):
        yield inspect_project(folder, by_project[folder], options)


def inspect_project(folder: str, files: Iterable[Found], options: Options) -> Inspected:
    """Read one project's files, judge its images, and advise."""
    return inspect_files(detect(Path(folder), folder), files, options)


def inspect_files(
    project: Project, files: Iterable[Found], options: Options
) -> Inspected:
    """Judge the images of a project in these files, and advise."""
    catalog = load()
    mirrors, copies = stand_ins(project, options)
    needles = [mirror.target for mirror in (*mirrors, *copies)]
    read = read_project(
        project,
        files,
        needles,
        every=options.every or bool(mirrors or options.release),
        exclude=options.exclude,
    )
    survey = survey_project(
        project, read.dockerfiles, read.yaml_files, catalog.repositories, read.aside
    )
    setting = _set(survey, catalog, options)._replace(mirrors=mirrors, copies=copies)
    judged = _judge(survey, read, setting)
    problems = (*project.problems, *read.problems, *survey.problems)
    advice = advise(judged, setting)
    found = Inspected(read, survey, setting, judged, advice, problems)
    return _suppose(found, options.release) if options.release else found


def _judge(survey: Survey, read: ProjectFiles, setting: Setting) -> tuple[Judged, ...]:
    return tuple(
        judge(reference, setting)
        for reference in survey.references
        if read.reports(reference.span.path)
    )


def _suppose(found: Inspected, text: str) -> Inspected:
    """Return the project judged as if it were another release, where that is one of its."""
    project, setting = found.survey.project, found.setting
    release = _find_later(text, setting)
    if isinstance(release, str):
        cautions = found.advice.cautions
        if project.flavour:
            cautions = (*cautions, f"Not asked for {text}: {release}.")
        advice = found.advice._replace(cautions=cautions)
        return found._replace(unasked=release, advice=advice)
    then = setting._replace(release=release, since=setting.release, what_if=True)
    judged = _judge(found.survey, found.read, then)
    manifests = load_manifests(Path(project.path), project.path)
    specifier = find_specifier(manifests, release.flavour, project.manager)

    def hold(findings: Sequence[Finding]) -> Mapping[Reference, str]:
        plan = plan_edits(_want(findings), found.survey.sources)
        return {left.reference: left.reason for left in plan.left}

    advice = advise_for(judged, release, then, found.advice, specifier, hold)
    return found._replace(setting=then, judged=judged, advice=advice)


def explain_unasked(
    asked: Sequence[tuple[Project, str]], options: Options
) -> Iterator[Problem]:
    """Yield why ``--for`` was a question to no project; one that it was to is enough.

    :param asked: the projects, each with why it was none to it.
    """
    if not all(reason for _, reason in asked):
        return
    instances = [(project, reason) for project, reason in asked if project.flavour]
    for project, reason in instances or asked:
        text = f"--for {options.release}: {reason}"
        yield Problem(project.path, 0, text, fatal=True)


def _find_later(text: str, setting: Setting) -> Release | str:
    """Return the release that is meant, or why it is none to go to."""
    flavour, version = setting.project.flavour, setting.project.release
    if flavour is None:
        return "this is no InvenioRDM and no InvenioILS; it has no release to go to"
    release = setting.catalog.find_release(flavour, text)
    if release is None:
        labels = [row.label for row in setting.catalog.releases if row[0] == flavour]
        return (
            f"the catalogue knows no such Invenio{flavour}; it has {', '.join(labels)}"
        )
    own = segments(version or "")
    if own and release.segments[:2] <= own[:2]:
        return f"this is Invenio{flavour} {version} already; name a later release"
    return release


def stand_ins(
    project: Project, options: Options
) -> tuple[tuple[Mirror, ...], tuple[Mirror, ...]]:
    """Return the caches and the copies: those asked for, then the project's own."""
    return (
        (*options.mirrors, *(line.mirror for line in project.mirrors)),
        (*options.copies, *(line.mirror for line in project.copies)),
    )


def _set(survey: Survey, catalog: Catalog, options: Options) -> Setting:
    project = survey.project

    def locate(path: str, offset: int) -> tuple[int, int]:
        return survey.sources[path].position(offset)

    release = None
    if project.flavour and project.release:
        release = catalog.release(project.flavour, project.release)
    lineages = trace_builds(survey.dockerfiles, survey.locals, survey.built_by)
    return Setting(
        project=project,
        release=release,
        catalog=catalog,
        today=options.today,
        lineages=group_by_root(lineages),
        missing=find_missing(lineages),
        locals=survey.locals,
        prog=options.prog,
        exclude=options.exclude,
        locate=locate,
    )


def report_project(found: Inspected) -> ProjectReport:
    """Return what a report needs of a project, its sources left behind."""
    survey = found.survey
    wanted = _want(found.advice.findings)
    plan = plan_edits(wanted, survey.sources)
    edits = {
        item.reference: tuple(_place_edit(edit, survey) for edit in edits)
        for item, edits in zip(wanted, plan.by_reference)
        if edits
    }
    spans = (item.reference.span for item in wanted)
    places = {span: survey.sources[span.path].position(span.start) for span in spans}
    return ProjectReport(
        survey.project,
        found.setting.since if found.setting.what_if else found.setting.release,
        found.advice._replace(findings=tuple(_forget_builds(found.advice.findings))),
        places,
        edits,
        by_mirror=_count_taken(found),
        problems=found.problems,
    )


def _forget_builds(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the findings without the builds, which no report shows: they hold the files."""
    for one in findings:
        yield one._replace(judged=one.judged._replace(lineages=()))


def _want(findings: Iterable[Finding]) -> list[Wanted]:
    return [Wanted(one.judged.reference, one.becomes) for one in findings]


def _place_edit(edit: Edit, survey: Survey) -> PlacedEdit:
    line, column = survey.sources[edit.span.path].position(edit.span.start)
    return PlacedEdit(edit.span.path, line, column, edit.old, edit.new)


def _count_taken(found: Inspected) -> int:
    """Count the images that nothing is to be done about, but a cache would take."""
    return sum(
        1
        for judged in found.judged
        if judged.status in ("ok", "other", "outdated")
        and judged.reference.kind != "syntax"
        and judged.image
        and apply_mirrors(judged.image, found.setting.mirrors)
    )
