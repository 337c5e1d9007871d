# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""PostgreSQL and the search engine of the compose files, against the release. Pure."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple, Sequence

from ..case import Case, list_or
from ..catalog import Needed
from ..model import Finding, Reference, Step
from ..survey import Instance
from .rule import Rule

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?![\d.])")
#: Only of it is a later major always compatible; a search engine's has another API.
_DATABASE = "PostgreSQL"


class Running(NamedTuple):
    """A service of a compose file, by the image that it runs."""

    name: str
    version: tuple[int, ...] | None  #: None: its tag names none
    reference: Reference


def list_running(instance: Instance, case: Case) -> list[Running]:
    """Return the databases and search engines that the compose files run."""
    found = []
    for reference in instance.references:
        identity = case.identity(reference)
        name = (
            identity and reference.service and case.catalog.service(identity.upstream)
        )
        if identity and name:
            tag = _VERSION.match(identity.upstream.tag or "")
            numbers = tuple(int(part) for part in tag[1].split(".")) if tag else None
            found.append(Running(name, numbers, reference))
    return found


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield each service that is older than what the release requires."""
    running = list_running(instance, case)
    for needed in list_needs(case):
        kind = _kind(needed[0].name)
        for one in running:
            if _kind(one.name) != kind or any(is_enough(one, need) for need in needed):
                continue
            if one.version is None and not case.asked:
                continue
            yield _finding(one, needed, case)


def _finding(one: Running, needed: Sequence[Needed], case: Case) -> Finding:
    wanted = list_or([describe_need(need) for need in needed])
    text = one.reference.text
    remark = "" if one.version else "its tag names no version"
    return Finding(
        rule=RULE.id,
        act="plan",
        span=one.reference.span,
        message=f"{case.label()} requires {wanted}; the compose file runs {text}.",
        help=f"Upgrade the service by hand: {case.release.upgrade_page or case.release.page}"
        if case.release
        else "",
        source=case.release.page if case.release else "",
        subject=text,
        reference=one.reference,
        step=Step(one.name, text, wanted, remark=remark) if case.asked else None,
    )


def list_needs(case: Case) -> Iterator[list[Needed]]:
    """Yield what the release requires: the database, then any of the search engines."""
    services = case.release.services if case.release else ()
    for kind in (_DATABASE, "search"):
        group = [one for one in services if _kind(one.name) == kind]
        if group:
            yield group


def describe_need(needed: Needed) -> str:
    """Return what is required as people say it: ``PostgreSQL 15``, ``OpenSearch 2.12``."""
    return f"{needed.name} {needed.version}"


def is_enough(running: Running, needed: Needed) -> bool:
    """Tell whether a service is what a release requires; of a database, or later."""
    least = tuple(int(part) for part in needed.version.split("."))
    version = running.version
    if running.name != needed.name or version is None:
        return False
    least = least[: len(version)]
    same_major = version[0] == least[0] or needed.name == _DATABASE
    return same_major and version >= least


def _kind(name: str) -> str:
    return name if name == _DATABASE else "search"


RULE = Rule(
    "service",
    "Service too old for the release",
    "PostgreSQL or the search engine in a compose file is older than the release requires.",
    "plan",
    "Upgrade the service by hand, as the upgrade page of the release says.",
    "https://inveniordm.docs.cern.ch/install/requirements/",
    find,
)
