# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Ask the registries about the images of instances, and about what they would become."""

from __future__ import annotations

from typing import Callable, Iterable, Mapping, Sequence

from .case import Case
from .checking import NOTHING, Looked, Options, list_problems, look
from .image import DOCKER_HUB, Image
from .model import Command, Problem
from .moves import AUTO, Move, Request, choose_moves
from .registries import Answer, Asking, ask
from .registries.credentials import DockerConfiguration
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
    if not (seen or problems):
        problems.append(Problem(paths[0], 0, NOTHING, True))
    instances = [_pair_images(looked, request, options) for looked in seen]
    pairs = [pair for one in instances for pair in one.pairs]
    images = [image for pair in pairs for image in (pair.image, pair.becomes)]

    def may_date(image: Image) -> bool:
        """Tell whether the date of an image is worth two requests, which are no pull."""
        found = [one.case.identify(image) for one in seen]
        if any(one.upstream.registry == DOCKER_HUB for one in found):
            return False
        return every or any(one.organisation for one in found)

    answers, warnings = _ask(images, asking, may_date)
    found = list_problems(problems, seen, options)
    return Verification(tuple(instances), answers, warnings, found, options.prog)


def _pair_images(looked: Looked, request: Request, options: Options) -> Verified:
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
    then, again, check = _list_commands(looked.case, pairs, request, options)
    # Without moves it was refused as a whole.
    by_hand = any(pair.way.row == "fitting_image" for pair in pairs)
    if by_hand or not chosen.moves:
        then = check._replace(remark="shows what to do first")
    refusals = () if auto else chosen.refusals
    return Verified(looked.checked, tuple(pairs), refusals, then, again, check)


def _list_commands(
    case: Case, pairs: Sequence[Pair], request: Request, options: Options
) -> tuple[Command, Command, Command]:
    """Return ``migrate`` as it writes the images, ``verify`` as it was asked, ``check``."""
    release = ["--for", options.release] if options.release else []
    words = release + (["--to", request.to] if request.to != AUTO else [])
    for mirror in options.mirrors:
        words += ["--mirror", str(mirror)]
    for mirror in options.copies:
        words += ["--copy", str(mirror)]
    again, check = case.command("verify", *words), case.command("check", *release)
    moving = [pair for pair in pairs if pair.becomes]
    if any(pair.way.python for pair in moving):
        words.append("--set-python")
    asks = any(pair.judged.way.row == "keep_a_copy" for pair in moving)
    if asks and request.to == AUTO:
        words.append("--verify")  # Only the registry itself says that it is there.
    return case.command("migrate", *words), again, check


def ask_for(
    looked: Looked, moves: Sequence[Move], asking: Asking
) -> tuple[Mapping[Image, Answer], tuple[str, ...]]:
    """Ask for the images that a migration moves to, and for those that it leaves."""
    images = []
    for move in moves:
        if move.image and not (move.reference.tag_unknown and not move.image.tag):
            old = None if move.reference.tag_unknown else move.reference.image
            images += [old, move.image]
    return _ask(images, asking, lambda image: False)


def _ask(
    images: Iterable[Image | None], asking: Asking, may_date: Callable[[Image], bool]
) -> tuple[Mapping[Image, Answer], tuple[str, ...]]:
    """Ask for each image once."""
    # Half of an image's time: with a helper that hangs it is still asked anonymously.
    configuration = DockerConfiguration(asking.timeout / 2)
    wanted = tuple(dict.fromkeys(image for image in images if image))
    answers = ask(wanted, asking, configuration, may_date)
    return answers, tuple(dict.fromkeys(configuration.warnings))
