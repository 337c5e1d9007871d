# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Where images are, and what is known of them: five rules about references. Pure."""

from __future__ import annotations

from typing import Iterator

from ..case import Case
from ..model import Finding, Option
from ..survey import Instance
from ..ways import find_way, is_for_another_release
from .options import move_image
from .rule import MIGRATION_PAGE, Rule, about, image_step, list_images, with_options

_DOCKER_INVENIO = "https://github.com/inveniosoftware/docker-invenio"
_NO_REMOVAL = (
    "No removal has been announced, but nothing guarantees that the image stays."
)
_ASK = "Ask the registry whether it has the image:"
_TEN_MINUTES = " Moving the image takes about ten minutes."


def find_on_hub(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield the images of the organisation on Docker Hub, however spelt or cached."""
    for reference, identity in list_images(instance, case):
        if not identity.on_hub:
            continue
        way = find_way(reference, instance, case)
        message = f"{reference.text} is on Docker Hub and may be removed."
        found = about(reference, "docker-hub", "soon", message)._replace(
            why=_NO_REMOVAL + (_TEN_MINUTES if way.writes else ""),
            way=way,
            step=image_step(way, reference, case),
        )
        yield with_options(found, move_image(reference, way, instance, case))


def find_unconfirmed(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield the images at a registry where only a page, or nothing, names them."""
    for reference, identity in list_images(instance, case):
        evidence = identity.evidence
        placed = identity.organisation and identity.base and identity.explained
        if not placed or identity.on_hub or identity.safe:
            continue
        if evidence and evidence.kind == "built":
            continue
        host = identity.upstream.registry
        known = case.catalog.registries.get(host)
        said = evidence.text if evidence else "no page and no workflow names it"
        message = (
            f"It is not confirmed that {known.name if known else host} has "
            f"{identity.upstream}: {said}."
        )
        found = about(reference, "unconfirmed-image", "plan", message)
        found = found._replace(source=evidence.source if evidence else "")
        yield with_options(found, [Option(_ASK, (case.command("verify"),))])


def find_unknown(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield the images of the organisation that the catalogue does not have."""
    for reference, identity in list_images(instance, case):
        known = identity.base or reference.tag_unknown or identity.on_hub
        if not identity.organisation or known:
            continue
        note = case.catalog.describe_other(identity.upstream)
        message = f"{reference.text} is not in the catalogue. {note}".strip()
        found = about(reference, "unknown-image", "plan", message)
        yield with_options(found, [Option(_ASK, (case.command("verify", "--all"),))])


def find_other_release(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield the base images that are made for another release than the instance's."""
    for reference, identity in list_images(instance, case):
        base = identity.base
        if not base or identity.on_hub or reference.kind != "from":
            continue
        if not is_for_another_release(base, case):
            continue
        way = find_way(reference, instance, case)
        message = (
            f"{reference.text} is made for release {base.release}, the instance is "
            f"{case.label()}."
        )
        found = about(reference, "other-release", "plan", message)._replace(
            help="Use the image of the release.",
            source=base.source,
            way=way,
            step=image_step(way, reference, case),
        )
        if way.row != "stays":
            found = with_options(found, move_image(reference, way, instance, case))
        yield found


def find_unexplained(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield the base images below a host that nobody explained, a cache or a copy."""
    for reference, identity in list_images(instance, case):
        base = identity.base
        if identity.explained or base is None:
            continue
        upstream = base.registries[0]
        target = identity.image.name[: -len(base.repository) - 1]
        if "/" not in target:
            # A mirror has a path: a whole registry serves more than one upstream.
            owner = base.repository.partition("/")[0]
            upstream, target = f"{upstream}/{owner}", f"{target}/{owner}"
        line = f"{upstream} = {target}"
        message = f"Nothing says whether {target} is a cache of {upstream}, or a copy."
        yield about(reference, "unknown-registry", "no", message)._replace(
            help=f"Add one line to [registry] of .invenio: `mirrors = {line}` for a cache, "
            f"`copies = {line}` for a copy."
        )


RULES = (
    Rule(
        "docker-hub",
        "Image on Docker Hub that may be removed",
        "soon",
        "The image is on Docker Hub, where the organisation no longer publishes, and may be "
        "removed there. A cache of Docker Hub loses what Docker Hub loses.",
        "Run `{prog} migrate --verify`: it asks the registries, then changes the line.",
        MIGRATION_PAGE,
        find_on_hub,
    ),
    Rule(
        "unknown-image",
        "inveniosoftware image that the catalogue does not list",
        "plan",
        "The image belongs to the organisation, but the catalogue does not have it: its "
        "Python, its operating system and its future are not known.",
        "Run `{prog} verify --all` to see that it exists, or update invenio-cli-registry.",
        _DOCKER_INVENIO,
        find_unknown,
    ),
    Rule(
        "unconfirmed-image",
        "Image that its registry may not have",
        "plan",
        "Only a documentation page, or nothing, says that the registry has this image. The "
        "next build on a new machine may not find it.",
        "Run `{prog} verify`: it asks the registry.",
        MIGRATION_PAGE,
        find_unconfirmed,
    ),
    Rule(
        "other-release",
        "Image made for another release",
        "plan",
        "The base image is made for another release than the one that the instance runs.",
        "Run `{prog} check`: it names the image of the release.",
        _DOCKER_INVENIO,
        find_other_release,
    ),
    Rule(
        "unknown-registry",
        "Registry that may be a cache or a copy",
        "no",
        "The base image is at a registry that may be a cache, which loses what the upstream "
        "loses, or your own copy, which keeps it.",
        "Add a line `mirrors = ...` or `copies = ...` to the settings.",
        MIGRATION_PAGE,
        find_unexplained,
    ),
)
