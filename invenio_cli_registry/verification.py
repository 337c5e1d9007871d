# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Ask the registries about the images of projects, and about what they would become."""

from __future__ import annotations

from typing import Iterable, Mapping, NamedTuple, Sequence

from .advice.words import locate
from .availability.answers import EXISTS, NO_ANSWER, Answer, Asking
from .availability.asking import ask
from .availability.credentials import HELPER_SECONDS, DockerConfiguration
from .inspection import Inspected, Options, explain_unasked, inspect_projects
from .judgement import Judged, Setting, see_through
from .moves import AUTO, Moves, Request, choose_moves
from .readers.source import Problem
from .reference import DOCKER_HUB, Image


class Pair(NamedTuple):
    """A reference, and what it would become."""

    judged: Judged
    becomes: Image | None


class ProjectPairs(NamedTuple):
    """What is asked for one project."""

    found: Inspected
    pairs: tuple[Pair, ...]
    refusals: tuple[str, ...] = ()


class Verification(NamedTuple):
    """Every project with its images, and the registries' answers."""

    projects: tuple[ProjectPairs, ...]
    answers: Mapping[Image, Answer]
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def exit_code(self) -> int:
        """Return 2 without an answer, 1 when an image is not there or not clear, else 0."""
        statuses = {answer.status for answer in self.answers.values()}
        if statuses & NO_ANSWER or any(problem.fatal for problem in self.problems):
            return 2
        unclear = any(
            pair.judged.act != "no" and not _is_clear(pair.judged.image, pair)
            for project in self.projects
            for pair in project.pairs
        )
        refused = any(project.refusals for project in self.projects)
        return int(bool(statuses - {EXISTS}) or unclear or refused)


def verify_projects(
    paths: Sequence[str],
    options: Options,
    request: Request,
    asking: Asking,
    *,
    every: bool = False,
) -> Verification:
    """Ask about every image below the paths, and about what each would become."""
    problems: list[Problem] = []
    inspected = list(inspect_projects(paths, options, problems))
    problems.extend(problem for found in inspected for problem in found.problems)
    asked = [(found.survey.project, found.unasked) for found in inspected]
    problems.extend(explain_unasked(asked, options))
    projects = [pair_images(found, request) for found in inspected]
    return verify(projects, asking, every=every)._replace(
        problems=tuple(sorted(problems))
    )


def pair_images(found: Inspected, request: Request) -> ProjectPairs:
    """Return each reference of a project with what ``migrate`` would make of it.

    Where ``auto`` writes nothing without a word, it is what is recommended.
    """
    findings, auto = found.advice.findings, request.to == AUTO
    asked = request._replace(verify=auto, set_python=not auto)
    moves = choose_moves(findings, asked, found.setting)
    pairs = tuple(
        Pair(finding.judged, move.image or (finding.becomes if auto else None))
        for finding, move in zip(findings, moves.moves)
    )
    return ProjectPairs(found, pairs, () if auto else moves.refusals)


def list_images(projects: Iterable[ProjectPairs]) -> tuple[Image, ...]:
    """Return every image to ask for, each once; local and unresolved ones are not asked."""
    images: dict[Image, None] = {}
    for project in projects:
        for pair in project.pairs:
            if pair.judged.status not in ("local", "unresolved"):
                images.update(dict.fromkeys(_named(pair)))
    return tuple(images)


def _named(pair: Pair) -> list[Image]:
    named = (pair.judged.image, pair.becomes)
    return [image for image in named if image and _is_clear(image, pair)]


def _is_clear(image: Image | None, pair: Pair) -> bool:
    """Tell whether it is known which image is meant.

    A tag that is missing means ``latest`` where the reference could be read as a whole;
    else it is one that nobody knows.
    """
    if image is None:
        return False
    whole = pair.judged.reference.expanded is not None
    return bool(image.tag or image.digest) or whole


def may_date(image: Image, projects: Sequence[ProjectPairs], every: bool) -> bool:
    """Tell whether an image is worth asking when it was made, and that costs no pull.

    It is to be known whether the organisation's images are still rebuilt; two more round
    trips for any other one are made on request only, and never to Docker Hub.
    """
    for project in projects:
        setting = project.found.setting
        upstream = see_through(image, setting)
        if upstream.registry == DOCKER_HUB:
            return False
        every = every or setting.catalog.organisation(upstream)
    return every


def verify(
    projects: Sequence[ProjectPairs], asking: Asking, *, every: bool = False
) -> Verification:
    """Ask the registries, each image once.

    :param every: ask of every image when it was made, not of the organisation's only.
    """
    # Half of an image's time: with a helper that hangs it is still asked anonymously.
    configuration = DockerConfiguration(min(HELPER_SECONDS, asking.timeout / 2))
    answers = ask(
        list_images(projects),
        asking,
        configuration,
        dates=lambda image: may_date(image, projects, every),
    )
    return Verification(tuple(projects), answers, tuple(configuration.warnings))


def hold_back(moves: Moves, answers: Mapping[Image, Answer], setting: Setting) -> Moves:
    """Return the moves with those left out whose image is not there."""
    kept, held = [], list(moves.held)
    for move in moves.moves:
        answer = answers.get(move.image) if move.image else None
        if move.image and (answer is None or answer.status != EXISTS):
            why = (
                (answer.message or answer.status) if answer else "its tag is not known"
            )
            where = locate(move.judged.reference, setting)
            text = move.judged.reference.text
            held.append(f"{where}  {text}: not moved, {move.image.name}: {why}")
            move = move._replace(image=None)
        kept.append(move)
    return moves._replace(moves=tuple(kept), held=tuple(held))


def ask_for_moves(
    found: Inspected, moves: Moves, asking: Asking
) -> tuple[Mapping[Image, Answer], tuple[str, ...]]:
    """Ask for the images that a migration moves to, and for those that it leaves."""
    pairs = tuple(Pair(move.judged, move.image) for move in moves.moves if move.image)
    answered = verify([ProjectPairs(found, pairs)], asking)
    return answered.answers, answered.warnings
