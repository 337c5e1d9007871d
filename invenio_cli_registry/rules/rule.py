# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What a rule is, and what its findings share. Pure."""

from __future__ import annotations

from typing import Callable, Collection, Iterator, NamedTuple, Sequence

from ..builds import Build
from ..case import Case
from ..catalog import Identity, Recipe
from ..model import Finding, Option, Reference, Span, Step, Way
from ..survey import Instance

MIGRATION_PAGE = "https://inveniordm.docs.cern.ch/releases/migrate-docker-images/"
MAINTENANCE_POLICY = "https://inveniordm.docs.cern.ch/releases/maintenance-policy/"


class Rule(NamedTuple):
    """One kind of finding, as ``registry rules`` and SARIF explain it."""

    id: str
    title: str  #: a few words
    act: str  #: the usual answer to "Act now?": one of ``ACTS``
    finds: str  #: what it finds, and why that matters: whole sentences
    help: str  #: what to do, whole sentences; ``{prog}`` is how we are called
    source: str  #: the page behind it, where a finding names no nearer one
    find: Callable[[Instance, Case], Iterator[Finding]]


def list_images(instance: Instance, case: Case) -> Iterator[tuple[Reference, Identity]]:
    """Yield the references to images of others, each with what is known of it."""
    for reference in instance.references:
        identity = case.identity(reference)
        if identity and not instance.is_local(reference):
            yield reference, identity


def image_step(way: Way, reference: Reference, case: Case) -> Step | None:
    """Return the line of an upgrade's list for a base image that changes."""
    if not case.asked or way.becomes is None:
        return None
    base = case.identify(way.image).base if way.image else None
    only = ""
    if base and base.architectures:
        only = f"The image is for {' and '.join(base.architectures)} machines only."
    by_hand = not (way.writes or way.python)
    return Step("base image", reference.text, way.becomes.familiar, by_hand, only)


def about(reference: Reference, rule: str, act: str, message: str) -> Finding:
    """Return a finding about a reference, at its place."""
    place, subject = reference.span, reference.text
    return Finding(rule, act, place, message, subject=subject, reference=reference)


def with_options(finding: Finding, options: Sequence[Option]) -> Finding:
    """Return a finding with what to do about it, the recommended option first."""
    return finding._replace(help=options[0].sentence, options=tuple(options))


def place_of(build: Build) -> Span:
    """Return where a build names what it is built on: its base image, else its stage."""
    return build.base.span if build.base else build.stage.span


def find_recipe(
    case: Case,
    build: Build,
    *,
    python: str | None = None,
    nodes: Collection[int] = (),
    rule: str = "",
) -> Recipe | None:
    """Return the lines that bring what a build lacks, None when there are none.

    :param python: the minor version that it has to have.
    :param nodes: the majors of which it has to have one.
    :param rule: id of the command rule to resolve.
    """
    for one in case.catalog.records(Recipe):
        fits = not one.managers or build.manager in one.managers
        brings = (
            (python and one.python == python)
            or int(one.node or 0) in nodes
            or rule in one.rules
        )
        if fits and brings and build.system in one.systems:
            return one
    return None
