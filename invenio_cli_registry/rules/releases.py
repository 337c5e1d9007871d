# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The release: its services, its end of life, its patches, what an upgrade changes. Pure."""

from __future__ import annotations

import datetime
import re
from typing import Iterator, NamedTuple

from ..builds import Build
from ..case import Case, list_or
from ..catalog import Needed
from ..instance.release import Specifier
from ..model import EndOfLife, Finding, Reference, Span, Step
from ..survey import Instance
from .rule import MAINTENANCE_POLICY, Rule, about, place_of

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?![\d.])")
#: Only of it is a later major always compatible; a search engine's has another API.
_DATABASE = "PostgreSQL"


class Running(NamedTuple):
    """A service of a compose file, by the image that it runs."""

    name: str
    version: tuple[int, ...] | None  #: None: its tag names none
    reference: Reference

    def is_enough(self, needed: Needed) -> bool:
        """Tell whether it is what a release requires; of a database, or later."""
        least = tuple(int(part) for part in needed.version.split("."))
        if self.name != needed.name or self.version is None:
            return False
        same_major = self.version[0] == least[0] or needed.name == _DATABASE
        return same_major and self.version >= least[: len(self.version)]


def list_running(instance: Instance, case: Case) -> list[Running]:
    """Return the databases and search engines that the compose files run."""
    found = []
    for reference in instance.references:
        identity = case.identity(reference) if reference.service else None
        name = case.catalog.service(identity.upstream) if identity else None
        if identity and name:
            tag = _VERSION.match(identity.upstream.tag or "")
            numbers = tuple(int(part) for part in tag[1].split(".")) if tag else None
            found.append(Running(name, numbers, reference))
    return found


def find_services(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each service that is older than what the release requires."""
    release = case.release
    for one in list_running(instance, case) if release else ():
        is_database = one.name == _DATABASE
        # The database, or any one of the search engines.
        services = release.services if release else ()
        needed = [need for need in services if (need.name == _DATABASE) == is_database]
        known = one.version or case.asked
        if not release or not needed or not known or any(map(one.is_enough, needed)):
            continue
        wanted = list_or([f"{need.name} {need.version}" for need in needed])
        wanted += " or later" if is_database else ""
        text, page = one.reference.text, release.upgrade_page or release.page
        remark = "" if one.version else "Its tag names no version."
        step = Step(one.name, text, wanted, remark=remark)
        message = f"{case.label()} requires {wanted}; the compose file runs {text}."
        yield about(one.reference, "service", "plan", message)._replace(
            help=f"Upgrade the service by hand: {page}",
            source=release.page,
            step=step if case.asked else None,
        )


def find_ends(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield what is no longer supported, or will not be within 180 days.

    The release first, then what the builds run on, then the services.
    """
    release, catalog, project = case.release, case.catalog, instance.project
    if case.asked:
        return
    if release and project.version_span:
        where, span = project.version_source or "", project.version_span
        path = catalog.path(release)
        page = (path[0].upgrade_page or path[0].page) if path else ""
        help_ = f"Upgrade to {path[0].label}: {page}" if path else ""
        for one in _end(case.product, where, release.maintained_until, span, case):
            yield one._replace(act="plan", help=help_)
    found = [
        one
        for build in instance.builds
        if build.base and build.counts
        for one in _find_in(build, case)
    ]
    yield from {(one.subject, one.span.path): one for one in reversed(found)}.values()
    for running in list_running(instance, case):
        version = str(running.version[0]) if running.version else ""
        end, at = catalog.end_of(running.name, version), running.reference
        where = at.span.path.rpartition("/")[2]
        yield from _end(f"{running.name} {version}", where, end, at.span, case, at)


def _find_in(build: Build, case: Case) -> Iterator[Finding]:
    """Yield Python, system and Node of a build.

    A Python that the system patches itself is supported; where the system is past its own
    end, its Node is no news.
    """
    catalog, span, base, pin = case.catalog, place_of(build), build.base, build.pin
    python, node, system = (
        build.python,
        build.node,
        catalog.systems.get(build.system or ""),
    )
    end = catalog.end_of("Python", python.version or "")
    patched = catalog.end_of("Python", python.version or "", build.system)
    if patched == end or case.is_over(patched):
        source = pin.source if pin and pin.minor == python.version else python.source
        yield from _end(f"Python {python.version}", source, end, span, case, base)
    last = system.end_of_life if system else None
    for one in (
        _end(system.name, "base image", last, span, case, base) if system else ()
    ):
        yield one._replace(act="plan", source=system.source if system else "")
    if node.version and not case.is_over(last):
        end = catalog.end_of("Node", node.version)
        yield from _end(f"Node {node.version}", node.source, end, span, case, base)


def _end(
    what: str,
    where: str,
    end: datetime.date | None,
    span: Span,
    case: Case,
    reference: Reference | None = None,
) -> Iterator[Finding]:
    if end and (case.is_over(end) or case.is_near(end)):
        message = f"{what} has had no fixes since {end}."
        if case.is_near(end):
            message = f"Fixes for {what} end on {end} (in {case.days_to(end)})."
        told = EndOfLife(what, where, end)
        one = Finding("end-of-life", "no", span, message, subject=what, end=told)
        yield one._replace(reference=reference)


def find_pre_release(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for a pre-release, or a release that the catalogue does not have."""
    project, span = instance.project, instance.project.version_span
    if case.asked or not project.flavour or not project.version or span is None:
        return
    standing = case.catalog.standing(project.flavour, project.version)
    act, help_ = "no", ""
    if not standing.listed:
        help_ = "Update invenio-cli-registry: `pip install -U invenio-cli-registry`."
    if standing.final:
        said = f"is a pre-release, and the final {standing.final} is out"
        act, help_ = "plan", f"Update to {standing.final}."
    elif standing.pre_release:
        said = "is a pre-release"
        said += "" if standing.listed else ", and not in the catalogue"
    elif standing.listed:
        return
    else:
        said = "is not in the catalogue"
    message, subject = f"{case.product} {said}.", project.version
    yield Finding("pre-release", act, span, message, help=help_, subject=subject)


def find_patches(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding when the instance is known to run an older patch."""
    project, release = instance.project, case.release
    known = project.version and project.version_span and not project.lower_bound
    if case.asked or not release or not known or not project.version_span:
        return
    standing = case.catalog.standing(release.flavour, project.version or "")
    last = standing.last_patch
    if last and not standing.pre_release:
        yield Finding(
            "old-patch",
            "no",
            project.version_span,
            f"{case.product} is not the last patch: {last} is.",
            help=_help_update(project.package, last),
            subject=project.version or "",
        )


def _help_update(package: Specifier | None, last: str) -> str:
    """Return how to get a patch: a file that does not allow it has to be changed first."""
    allowed = package.allowed if package else None
    if package is None or allowed is None or allowed.contains(last):
        return f"Update the packages to {last}."
    new = f"~={last.rpartition('.')[0]}.0"
    return f"Change {package.text} to {new} in {package.span.at_line}, then lock again."


def find_changes(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield what changes in the instance's manifests for the release of ``--for``."""
    release, package = case.release, instance.project.package
    if not case.asked or release is None:
        return
    if package and package.span:
        new = f"~={release.major}.{release.segments[1]}.0"
        if release.pre_release:  # Not in the range of the final one.
            new = f"~={release.name}"
        old, page = package.text or "no version", release.upgrade_page or release.page
        yield _change(package.span, Step(package.package, old, new), page, case)
    passed = case.catalog.passed(case.own, release) if case.own else (release,)
    for row in passed:
        for one in row.changes:
            span = instance.project.find_setting(one.file, one.what, one.old)
            is_extra = package and one.what == package.package
            old = f"extra {one.old}" if is_extra else one.old
            step = Step(one.what, old, one.new or "removed")
            if span:
                yield _change(span, step, one.page, case)


def _change(span: Span, step: Step, page: str, case: Case) -> Finding:
    message = f"{case.label()} changes {step.what}: {step.old} -> {step.new}."
    help_ = f"Change it by hand, as the page says: {page}"
    found = Finding("package", "plan", span, message, help=help_, source=page)
    return found._replace(subject=step.what, step=step)


RULES = (
    Rule(
        "service",
        "Service too old for the release",
        "plan",
        "PostgreSQL or the search engine in a compose file is older than the release "
        "requires.",
        "Upgrade the service by hand, as the upgrade page of the release says.",
        "https://inveniordm.docs.cern.ch/install/requirements/",
        find_services,
    ),
    Rule(
        "package",
        "Version or setting to change for an upgrade",
        "plan",
        "The release that `--for` names needs another version of the package, another extra "
        "or another setting.",
        "Run `{prog} check --for RELEASE`: it lists the changes in their order.",
        "https://inveniordm.docs.cern.ch/releases/upgrade-policy/",
        find_changes,
    ),
    Rule(
        "end-of-life",
        "No longer supported, or soon",
        "plan",
        "The release, the operating system, Python, Node or a service gets no more fixes from "
        "its makers, or will not within 180 days.",
        "Plan the upgrade: `{prog} check --verbose` lists its steps and their pages.",
        MAINTENANCE_POLICY,
        find_ends,
    ),
    Rule(
        "pre-release",
        "Pre-release, or release that the catalogue does not list",
        "plan",
        "The instance runs a pre-release, or a release that the catalogue does not have. What "
        "is known of final releases may not hold for it.",
        "Update to the final release, or update invenio-cli-registry.",
        MAINTENANCE_POLICY,
        find_pre_release,
    ),
    Rule(
        "old-patch",
        "Later patch release available",
        "no",
        "The release that the instance runs has a later patch.",
        "Update the packages to the last patch of the release.",
        MAINTENANCE_POLICY,
        find_patches,
    ),
)
