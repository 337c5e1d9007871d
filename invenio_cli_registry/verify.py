# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Ask the registries about the images of instances, and about what they would become."""

from __future__ import annotations

from typing import Iterable, Mapping, Sequence

from .case import Case
from .checking import Looked, Options, list_problems, look
from .image import DOCKER_HUB, Image
from .model import Problem
from .moves import AUTO, Move, Request, choose_moves
from .registries import Answer, Asking, ask
from .registries.credentials import HELPER_SECONDS, DockerConfiguration
from .report.verify import Pair, Verification, Verified
from .rules.options import copy_commands
from .ways import STAYS


def verify_paths(
    paths: Sequence[str],
    options: Options,
    request: Request,
    asking: Asking,
    *,
    every: bool = False,
) -> Verification:
    """Ask about every image below some paths, and about what each would become.

    :param every: ask of every image when it was made, not of the organisation's only.
    """
    problems: list[Problem] = []
    seen = list(look(paths, options, problems))
    instances = [_pair_images(looked, request) for looked in seen]
    images = [
        image
        for one in instances
        for pair in one.pairs
        for image in (pair.image, pair.becomes)
    ]
    answers, warnings = _ask(images, asking, [one.case for one in seen], every=every)
    return Verification(
        tuple(instances), answers, warnings, list_problems(problems, seen, options)
    )


def _pair_images(looked: Looked, request: Request) -> Verified:
    """Return each reference of an instance with what ``migrate`` would make of it.

    Where ``auto`` writes nothing by itself, it is what is recommended.
    """
    auto = request.to == AUTO
    chosen = choose_moves(looked, request._replace(verify=auto, set_python=not auto))
    taken = {move.reference.span.key: move.way for move in chosen.moves}
    pairs = []
    for judged in looked.checked.judged:
        way = taken.get(judged.reference.span.key, STAYS)
        way = judged.way if auto and not way.becomes else way
        identity = looked.case.identity(judged.reference)
        copy = copy_commands(identity.upstream, looked.case) if identity else ()
        pairs.append(Pair(judged, way, copy))
    return Verified(looked.checked, tuple(pairs), () if auto else chosen.refusals)


def ask_for(
    looked: Looked, moves: Sequence[Move], asking: Asking
) -> tuple[Mapping[Image, Answer], tuple[str, ...]]:
    """Ask for the images that a migration moves to, and for those that it leaves."""
    images = []
    for move in moves:
        if move.image and not (move.reference.tag_unknown and not move.image.tag):
            old = None if move.reference.tag_unknown else move.reference.image
            images += [old, move.image]
    return _ask(images, asking, [looked.case])


def _ask(
    images: Iterable[Image | None],
    asking: Asking,
    cases: Sequence[Case],
    *,
    every: bool = False,
) -> tuple[Mapping[Image, Answer], tuple[str, ...]]:
    """Ask for each image once."""
    # Half of an image's time: with a helper that hangs it is still asked anonymously.
    configuration = DockerConfiguration(min(HELPER_SECONDS, asking.timeout / 2))

    def may_date(image: Image) -> bool:
        """Tell whether the date of an image is worth two requests, which are no pull."""
        found = [case.identify(image) for case in cases]
        if any(one.upstream.registry == DOCKER_HUB for one in found):
            return False
        return every or any(one.organisation for one in found)

    wanted = tuple(dict.fromkeys(image for image in images if image))
    answers = ask(wanted, asking, configuration, dates=may_date)
    return answers, tuple(configuration.warnings)
