# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Carry out ``migrate``: show each instance's change, ask, write, say what comes next."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Iterable, Mapping, Sequence

import click

from .checking import NOTHING, Looked, Options, list_problems, look
from .image import Image
from .model import Change, Problem
from .moves import TOGETHER, Move, Proposal, Request, carry_out, choose_moves
from .registries import EXISTS, NO_ANSWER, Answer, Asking
from .report.change import describe_change, describe_next, question, show_colours
from .report.layout import Layout, problem_lines, tie, wrap
from .report.verify import explain_silence
from .terminal import RegistryError
from .verify import ask_for
from .ways import STAYS
from .writing import undo_lines, write_changes


def migrate_paths(
    paths: Sequence[str],
    options: Options,
    request: Request,
    asking: Asking,
    layout: Layout,
) -> int:
    """Return the exit code: 0 all done, 1 refused, declined or left, 2 not read."""
    problems: list[Problem] = []
    code, seen = 0, []
    shown: list[Change] = []
    for looked in look(paths, options, problems):
        seen.append(looked)
        if looked.not_asked:
            continue
        try:
            done, changes = _migrate(looked, request, asking, layout)
        except RegistryError as error:
            # What cannot be done in one instance holds back that instance only.
            title = tie(looked.checked.instance.project.title)
            _say(f"{title}: {error.message}", layout)
            done, changes = error.exit_code, ()
        code = max(code, done)
        shown += changes
    if not (seen or problems):
        problems.append(Problem(paths[0], 0, NOTHING, True))
    found = list_problems(problems, seen, options)
    _print(problem_lines(found, layout), err=True)
    code = 2 if any(problem.fatal for problem in found) else code
    if request.dry_run and shown:
        files = f"{len(shown)} file{'' if len(shown) == 1 else 's'}"
        text = f"{files} would change; nothing was written (exit code {code})."
        _say(f"{text} To write, repeat the command without `--dry-run`.", layout)
    return code


def _migrate(
    looked: Looked, request: Request, asking: Asking, layout: Layout
) -> tuple[int, Sequence[Change]]:
    """Return the exit code of one instance, and the changes that were shown."""
    chosen = choose_moves(looked, request)
    answers: Mapping[Image, Answer] = {}
    if request.verify and not chosen.refusals:
        answers, warnings = ask_for(looked, chosen.moves, asking)
        for warning in warnings:
            _say(warning, layout)
        chosen = _hold_back(chosen, answers)
    proposal = carry_out(chosen, looked)
    if not proposal.changes:
        return _report_nothing(looked, proposal, layout), ()
    _print(show_colours(proposal.diff, layout))
    _print(describe_change(proposal, looked, layout, answers))
    if request.dry_run or not (request.yes or _confirm(question(proposal))):
        return 1, proposal.changes
    undo = undo_lines([one.path for one in proposal.changes])
    write_changes(Path(looked.checked.instance.path), proposal.changes)
    to_do = bool(proposal.python or looked.checked.advice.upgrade)
    _print(describe_next(proposal, looked, undo, layout), err=to_do)
    return int(bool(proposal.left)), proposal.changes


def _hold_back(chosen: Proposal, answers: Mapping[Image, Answer]) -> Proposal:
    """Return the moves without those whose image is not there.

    :raises RegistryError: a registry gave no answer for a new image.
    """
    new = (answers.get(move.image) for move in chosen.moves if move.image)
    silent = [one for one in new if one and one.status in NO_ANSWER]
    if silent:
        raise RegistryError(f"nothing written. {' '.join(explain_silence(silent))}")
    kept, left = [], list(chosen.left)
    for move in chosen.moves:
        answer = answers.get(move.image) if move.image else None
        if move.image and (answer is None or answer.status != EXISTS):
            why = answer.message or answer.status if answer else "its tag is not known"
            place = f"{move.reference.span}  {move.reference.text}"
            left.append(f"{place}: {move.image}: {why}")
            if move.way.python:
                return chosen._replace(refusals=(f"{TOGETHER}: {left[-1]}",))
            move = Move(move.reference, STAYS)
        kept.append(move)
    return chosen._replace(moves=tuple(kept), left=tuple(left))


def _report_nothing(looked: Looked, proposal: Proposal, layout: Layout) -> int:
    """Say why nothing changes, and that something else is wrong; return the exit code."""
    title = tie(looked.checked.instance.project.title)
    for text in proposal.refusals:
        _say(f"{title}: refused: {text}", layout)
    if proposal.refusals:
        return 1
    for text in proposal.left:
        _say(f"{title}: not changed: {text}", layout)
    upgrade = looked.checked.advice.upgrade
    if upgrade and upgrade.changes:
        _print(describe_next(proposal, looked, (), layout), err=True)
    elif not proposal.left:
        text = f"{title}: nothing to change"
        others = sum(finding.act != "no" for finding in looked.checked.counted)
        if others:
            line = looked.case.command("check").line
            text += (
                f"; {others} other finding{'' if others == 1 else 's'}: run `{line}`"
            )
        _say(f"{text}.", layout, err=False)
    return int(bool(proposal.left))


def _confirm(text: str) -> bool:
    """Ask on the terminal.

    :raises RegistryError: when there is none.
    """
    if not sys.stdin or not sys.stdin.isatty():
        raise RegistryError(
            "no terminal to ask on: add `--yes` to write or `--dry-run` to preview"
        )
    return click.confirm(text, err=True)


def _say(text: str, layout: Layout, *, err: bool = True) -> None:
    _print(wrap(text, layout.width, "", "  "), err=err)


def _print(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)
