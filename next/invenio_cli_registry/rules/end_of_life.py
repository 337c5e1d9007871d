# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is no longer supported, or will not be within 180 days. Pure."""

from __future__ import annotations

import datetime
from typing import Iterator

from ..builds import Build
from ..case import Case
from ..model import Finding, Span
from ..survey import Instance
from .rule import MAINTENANCE_POLICY, Rule, place_of
from .service import list_running


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield the release, the systems, Pythons, Nodes and services past their end."""
    if case.asked:
        return
    yield from _find_release(instance, case)
    seen = set()
    for build in instance.builds:
        if not build.counts or not build.base:
            continue
        for one in (*_find_system(build, case), *_find_runtimes(build, case)):
            if (one.subject, one.span.path) not in seen:
                seen.add((one.subject, one.span.path))
                yield one
    for running in list_running(instance, case):
        version = ".".join(map(str, running.version or ()))
        end = case.catalog.service_end(running.name, version) if version else None
        if _counts(end, case):
            what = f"{running.name} {version.partition('.')[0]}"
            yield _finding(what, end, running.reference.span, "no", case)


def _find_release(instance: Instance, case: Case) -> Iterator[Finding]:
    release, project = case.release, instance.project
    end = release.maintained_until if release else None
    if release is None or not _counts(end, case):
        return
    span = project.version_span or _whole(instance)
    if span is None:
        return
    found = _finding(case.product, end, span, "plan", case)
    path = case.catalog.path(release)
    if path:
        page = path[0].upgrade_page or path[0].page
        found = found._replace(help=f"Upgrade to {path[0].label}: {page}")
    yield found._replace(source=release.source or MAINTENANCE_POLICY)


def _find_system(build: Build, case: Case) -> Iterator[Finding]:
    system = case.catalog.systems.get(build.system or "")
    if system and _counts(system.end_of_life, case):
        end = system.end_of_life
        found = _finding(system.name, end, place_of(build), "plan", case)
        yield found._replace(source=system.source, reference=build.base)


def _find_runtimes(build: Build, case: Case) -> Iterator[Finding]:
    """Yield Python and Node; where the whole system is past its end, Node is no news."""
    python, node, catalog = build.python, build.node, case.catalog
    system = catalog.systems.get(build.system or "")
    if python.version:
        end = catalog.python_end(python.version)
        patched = catalog.python_end(python.version, build.system)
        if _counts(end, case) and not (
            case.is_over(end) and _is_later(patched, end, case)
        ):
            yield _finding(f"Python {python.version}", end, place_of(build), "no", case)
    if node.version and not (system and case.is_over(system.end_of_life)):
        end = catalog.node_end(node.version)
        if _counts(end, case):
            yield _finding(f"Node {node.version}", end, place_of(build), "no", case)


def _is_later(
    patched: datetime.date | None, end: datetime.date | None, case: Case
) -> bool:
    """Tell whether the distribution patches a Python for longer than its makers."""
    return bool(patched and patched != end and not case.is_over(patched))


def _counts(end: datetime.date | None, case: Case) -> bool:
    return case.is_over(end) or case.is_near(end)


def _finding(
    what: str, end: datetime.date | None, span: Span, act: str, case: Case
) -> Finding:
    if case.is_over(end):
        message = f"{what} has had no fixes since {end}."
    else:
        days = case.days_to(end) if end else ""
        message = f"Fixes for {what} end on {end} (in {days})."
    return Finding(RULE.id, act, span, message, subject=what)


def _whole(instance: Instance) -> Span | None:
    """Return the beginning of the file that decided the release."""
    sources = instance.project.manifests.sources
    source = sources.get(instance.project.version_source or "")
    return source.span() if source else None


RULE = Rule(
    "end-of-life",
    "End of life",
    "The release, the operating system, Python, Node or a service gets no more fixes from "
    "its makers, or will not within 180 days.",
    "plan",
    "Plan the upgrade: `{prog} check --verbose` lists its steps and their pages.",
    MAINTENANCE_POLICY,
    find,
)
