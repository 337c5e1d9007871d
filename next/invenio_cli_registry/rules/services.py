# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""PostgreSQL and the search engine of the compose files, against the release. Pure."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from ..case import Case, list_or
from ..catalog import Needed
from ..model import Finding, Reference, Step
from ..survey import Instance
from .rule import Rule, about

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
        text, page = one.reference.text, release.upgrade_page or release.page
        remark = "" if one.version else "its tag names no version"
        step = Step(one.name, text, wanted, remark=remark)
        message = f"{case.label()} requires {wanted}; the compose file runs {text}."
        yield about(one.reference, "service", "plan", message)._replace(
            help=f"Upgrade the service by hand: {page}",
            source=release.page,
            step=step if case.asked else None,
        )


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
)
