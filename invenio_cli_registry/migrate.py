# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Carry out ``migrate``: show each project's change, ask, write, say what comes next."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Mapping, Sequence

import click

from .availability.answers import NO_ANSWER, Answer, Asking
from .errors import RegistryError
from .git import is_clean
from .inspection import Inspected, Options, explain_unasked, inspect_projects
from .migration.writing import write_changes
from .moves import Request, choose_moves
from .project.manifests import load
from .proposal import Proposal, propose
from .readers.source import Problem
from .reference import Image
from .report.change import (
    describe_change,
    describe_hand,
    describe_next,
    question,
)
from .report.layout import problem_line, tie, wrap
from .terminal import printable
from .verification import ask_for_moves, hold_back


def migrate_projects(
    paths: Sequence[str],
    options: Options,
    request: Request,
    asking: Asking,
    width: int,
) -> int:
    """Return the exit code: 0 all done, 1 refused, declined or left, 2 not read."""
    problems: list[Problem] = []
    code = 0
    asked = []
    for found in inspect_projects(paths, options, problems):
        problems.extend(found.problems)
        asked.append((found.survey.project, found.unasked))
        if found.unasked:
            continue
        try:
            done = _migrate(found, request, asking, width)
        except RegistryError as error:
            # What cannot be done in one project holds back that project only.
            _say(f"{tie(found.survey.project.title)}: {error.message}", width)
            done = error.exit_code
        code = max(code, done)
    problems.extend(explain_unasked(asked, options))
    for problem in sorted(problems):
        _say(problem_line(problem), width)
    return 2 if any(problem.fatal for problem in problems) else code


def _migrate(found: Inspected, request: Request, asking: Asking, width: int) -> int:
    project = found.survey.project
    moves = choose_moves(found.advice.findings, request, found.setting)
    answers: Mapping[Image, Answer] = {}
    if request.verify and not moves.refusals:
        answers, warnings = ask_for_moves(found, moves, asking)
        for warning in warnings:
            _say(warning, width)
        # The old image's answer is only good to compare with.
        wanted = {move.image for move in moves.moves}
        silent = [
            one
            for one in answers.values()
            if one.status in NO_ANSWER and one.image in wanted
        ]
        if silent:
            return _report_silent(found, silent, width)
        moves = hold_back(moves, answers, found.setting)
    proposal = propose(found, load(Path(project.path), project.path), moves)
    for refusal in proposal.refusals:
        _say(f"{tie(project.title)}: refused, {refusal}", width)
    if not proposal.changes:
        return _report_nothing(found, proposal, width)
    click.echo(proposal.diff, nl=False)
    text = describe_change(proposal, found.setting, width, answers)
    click.echo(text, nl=False)
    if request.dry_run:
        return 1
    if not request.yes and not _confirm(question(proposal)):
        return 1
    clean = [one.path for one in proposal.changes if is_clean(one.path)]
    write_changes(Path(project.path), proposal.changes)
    text = describe_next(proposal, found.setting, clean, width, found.advice.upgrade)
    undone = bool(proposal.moves.python or found.advice.upgrade)
    click.echo(text, nl=False, err=undone)
    return int(bool(proposal.left))


def _report_silent(found: Inspected, silent: Sequence[Answer], width: int) -> int:
    """Say who gave no answer; nothing is written on nobody's word."""
    title = tie(found.survey.project.title)
    for answer in silent:
        why = f"no answer for {answer.image}: {answer.message}"
        _say(f"{title}: nothing written, {why}", width)
    return 2


def _report_nothing(found: Inspected, proposal: Proposal, width: int) -> int:
    title = found.survey.project.title
    for text in proposal.left:
        _say(f"{tie(title)}: left, {text}", width)
    upgrade = found.advice.upgrade
    if upgrade and upgrade.changes and not proposal.refusals:
        text = describe_hand(proposal, found.setting, width, upgrade)
        click.echo(text, nl=False, err=True)
    elif not proposal.refusals and not proposal.left:
        click.echo(f"{printable(title)}: nothing to change.")
    return int(bool(proposal.refusals or proposal.left))


def _confirm(text: str) -> bool:
    if not sys.stdin.isatty():
        raise RegistryError(
            f"{text} Nobody is there to answer: add `--yes`, or `--dry-run`."
        )
    return click.confirm(text, err=True)


def _say(text: str, width: int) -> None:
    for line in wrap(text, width, "", "  "):
        click.echo(line, err=True)
