# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What a rule is, and what its findings share. Pure."""

from __future__ import annotations

from typing import Callable, Iterator, NamedTuple

from ..builds import Build
from ..case import Case
from ..model import Finding, Reference, Span, Step, Way
from ..survey import Instance

MIGRATION_PAGE = "https://inveniordm.docs.cern.ch/releases/migrate-docker-images/"
UPGRADE_POLICY = "https://inveniordm.docs.cern.ch/releases/upgrade-policy/"
MAINTENANCE_POLICY = "https://inveniordm.docs.cern.ch/releases/maintenance-policy/"


class Rule(NamedTuple):
    """One kind of finding, as ``registry rules`` and SARIF explain it."""

    id: str
    title: str  #: a few words
    finds: str  #: what it finds, and why that matters: whole sentences
    act: str  #: the usual answer to "Act now?": one of ``ACTS``
    help: str  #: what to do, whole sentences; ``{prog}`` is how we are called
    source: str  #: the page that it follows
    find: Callable[[Instance, Case], Iterator[Finding]]


def image_step(way: Way, reference: Reference, case: Case) -> Step | None:
    """Return the line of an upgrade's list for a base image that changes."""
    if not case.asked or way.becomes is None:
        return None
    base = case.identify(way.image).base if way.image else None
    only = ", ".join(base.architectures) if base else ""
    remark = f"{only} only" if only else ""
    by_hand = not (way.writes or way.python)
    new = way.becomes.familiar
    return Step("base image", reference.text, new, by_hand, remark)


def place_of(build: Build) -> Span:
    """Return where a build names what it stands on: its base image, else its stage."""
    return build.base.span if build.base else build.stage.span


def short_name(reference: Reference) -> str:
    """Return an image without registry and organisation: ``almalinux:1``."""
    image = reference.image
    return image.familiar.rpartition("/")[2] if image else reference.text
