# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Rewrite one file as ``migrate`` does, and check what it must always hold to."""

import codecs
from typing import NamedTuple

from invenio_cli_registry.builds import named_image
from invenio_cli_registry.migration.check import check_edits
from invenio_cli_registry.migration.edits import Wanted, plan_edits
from invenio_cli_registry.mirrors import Mirror, apply_mirrors
from invenio_cli_registry.project.detection import Project
from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.readers.source import Source
from invenio_cli_registry.readers.yaml import read_yaml
from invenio_cli_registry.reference import DOCKER_HUB, Image
from invenio_cli_registry.survey import survey_project


class Move(NamedTuple):
    """What becomes of each image of a file."""

    choose: object  #: image -> image, or None
    same_content: bool = False


def take_to_cern(image):
    ours = image.registry == DOCKER_HUB
    if ours and image.repository.startswith("inveniosoftware/"):
        return Image("registry.cern.ch", image.repository, image.tag)
    return None


def take_to_alma(image):
    """Return the image that a release brings: another name and another tag."""
    if "inveniosoftware/" in image.repository and image.tag:
        return Image("registry.cern.ch", "inveniosoftware/almalinux", "1")
    return None


def through(*mirrors):
    """Return the move of everything that a mirror serves."""
    parsed = [Mirror.parse(mirror) for mirror in mirrors]
    return Move(lambda image: apply_mirrors(image, parsed), same_content=True)


CERN = Move(take_to_cern)
ALMA = Move(take_to_alma)


def read(source):
    """Return the references of a file, and everything else that reading it tells."""
    if source.path.endswith((".yml", ".yaml")):
        found = read_yaml(source, frozenset({"inveniosoftware/almalinux"}))
        inline = [
            reference
            for service in found.services
            if service.build and service.build.inline
            for reference in service.build.inline.references
        ]
        names = [service.name for service in found.services]
        return (*found.references, *inline), names
    found = read_dockerfile(source, {})
    steps = [(step.keyword, step.line, step.stage) for step in found.instructions]
    stages = [(stage.name, stage.parent, stage.line) for stage in found.stages]
    return found.references, (steps, stages)


def plan_move(references, sources, move):
    wanted = []
    for reference in references:
        image = named_image(reference)
        image = image and move.choose(image)
        wanted.append(Wanted(reference, image, move.same_content))
    return wanted, plan_edits(wanted, sources)


def rewrite(data, path="Dockerfile", move=CERN):
    """Return the file's new bytes, and the plan."""
    source = Source.from_bytes(path, data)
    wanted, plan = plan_move(read(source)[0], {path: source}, move)

    def read_again(texts):
        return read(source.changed(texts.get(path, source.text)))[0]

    texts = check_edits(wanted, plan, {path: source}, read_again)
    return source.to_bytes(texts.get(path)), plan


def rewrite_project(texts, move=CERN):
    """Return the new texts of a compose file and what it builds, and the plan."""

    def survey(texts):
        sources = {path: Source(path, text) for path, text in texts.items()}
        yamls = {path: sources.pop(path) for path in texts if path.endswith(".yml")}
        return survey_project(Project(".", "site"), sources, yamls, frozenset())

    found = survey(texts)
    wanted, plan = plan_move(found.references, found.sources, move)
    changed = check_edits(
        wanted, plan, found.sources, lambda new: survey({**texts, **new}).references
    )
    return {**texts, **changed}, plan


def as_bytes(text):
    return text.encode("utf-8", "surrogateescape")


def twins(text):
    """Yield a file as it is, with CRLF, and with a byte order mark."""
    plain = as_bytes(text)
    yield plain
    yield plain.replace(b"\n", b"\r\n")
    yield codecs.BOM_UTF8 + plain


def check_noop(text, path="Dockerfile", move=CERN):
    """Check that nothing is changed, and nothing is wanted."""
    for data in twins(text):
        changed, plan = rewrite(data, path, move)
        assert changed == data
        assert plan.edits == plan.left == plan.notes == ()


def check_left(text, reason, path="Dockerfile", move=CERN):
    """Check that nothing is changed, and each reference that should be is named."""
    for data in twins(text):
        changed, plan = rewrite(data, path, move)
        assert changed == data
        assert plan.left
        assert all(reason in left.reason for left in plan.left), plan.left


def check_rewritten(before, after, path="Dockerfile", move=CERN):
    """Check a change; a second run changes nothing, and the file reads as before."""
    for data, expected in zip(twins(before), twins(after)):
        changed, plan = rewrite(data, path, move)
        assert changed == expected
        assert plan.left == ()
        again, second = rewrite(changed, path, move)
        assert again == changed
        assert second.edits == second.left == ()
        old, new = (Source.from_bytes(path, each) for each in (data, changed))
        assert read(old)[1] == read(new)[1]
