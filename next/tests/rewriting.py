# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Rewrite files as ``migrate`` does, and check what must hold of every change."""

import codecs
from typing import NamedTuple

from invenio_cli_registry.edits import Wanted, check_edits, plan_edits
from invenio_cli_registry.image import DOCKER_HUB, Image, Mirror, apply_mirrors
from invenio_cli_registry.model import Source
from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.readers.yaml import read_yaml

OURS = frozenset({"inveniosoftware/almalinux"})


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


class Read(NamedTuple):
    """What reading files gives."""

    references: list
    dockerfiles: list
    structure: list  #: everything else


def read(*sources):
    """Read files; a Dockerfile once for each compose service that builds it."""
    yamls = [one for one in sources if one.path.endswith((".yml", ".yaml"))]
    found = [read_yaml(one, OURS) for one in yamls]
    references = [reference for one in found for reference in one.references]
    structure = [[service.name for service in one.services] for one in found]
    builds = [
        service.build for one in found for service in one.services if service.build
    ]
    dockerfiles = [build.inline for build in builds if build.inline]
    for source in (one for one in sources if one not in yamls):
        own = [one for one in builds if (one.dockerfile or "Dockerfile") == source.path]
        given = [{}, *(one.args for one in own if one.args)]
        dockerfiles += [read_dockerfile(source, args) for args in given]
    for one in dockerfiles:
        references += one.references
        steps = [
            (step.keyword, step.span.line, step.stage) for step in one.instructions
        ]
        stages = [(stage.name, stage.parent, stage.span.line) for stage in one.stages]
        structure.append((steps, stages))
    return Read(references, dockerfiles, structure)


def rewrite_all(sources, move=CERN):
    """Return the files with their new texts, the plan, and what reading them gave."""
    found = read(*sources)
    chosen = [one.image and move.choose(one.image) for one in found.references]
    wanted = [
        Wanted(one, image, move.same_content)
        for one, image in zip(found.references, chosen)
    ]
    plan = plan_edits(wanted, found.dockerfiles)

    def change(texts):
        return [one.changed(texts.get(one.path, one.text)) for one in sources]

    changed = check_edits(wanted, plan, lambda texts: read(*change(texts)).references)
    return change({source.path: text for source, text in changed}), plan, found


def rewrite(data, path="Dockerfile", move=CERN):
    """Return a file's new bytes, and the plan."""
    (source,), plan, _ = rewrite_all([Source.from_bytes(path, data)], move)
    return source.to_bytes(), plan


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
        (changed,), plan, found = rewrite_all([Source.from_bytes(path, data)], move)
        assert changed.to_bytes() == expected
        assert plan.left == ()
        (again,), second, found_again = rewrite_all([changed], move)
        assert again.text == changed.text
        assert second.edits == second.left == ()
        assert found_again.structure == found.structure
