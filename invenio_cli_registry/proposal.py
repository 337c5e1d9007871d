# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``migrate`` would do to one project: the edits, the diff, what is left. Pure."""

from __future__ import annotations

from typing import Callable, Iterator, Mapping, NamedTuple, Sequence

from .errors import Refused
from .inspection import Inspected
from .migration.check import check_edits
from .migration.diff import show_diff
from .migration.edits import Plan, plan_edits
from .migration.pins import PinPlan, plan_pins
from .migration.splice import apply_edits
from .migration.writing import Change
from .moves import Move, Moves
from .project.manifests import Manifests
from .readers.model import Reference
from .readers.source import Source
from .survey import survey_project


class Proposal(NamedTuple):
    """A project's migration, ready to be shown and written."""

    moves: Moves
    changes: tuple[Change, ...] = ()
    diff: str = ""
    notes: tuple[str, ...] = ()  #: on what is changed: a digest dropped, ...
    left: tuple[str, ...] = ()  #: what stays although something is the matter
    refusals: tuple[str, ...] = ()  #: why nothing of the project is changed

    @property
    def moved(self) -> tuple[Move, ...]:
        """Return the references that change."""
        return tuple(move for move in self.moves.moves if move.image)


def propose(found: Inspected, manifests: Manifests, moves: Moves) -> Proposal:
    """Return what would change in a project, and why something would not."""
    if moves.refusals:
        return Proposal(moves, refusals=moves.refusals)
    sources = dict(found.survey.sources)
    plan = plan_edits(moves.wanted, sources)
    pins = PinPlan()
    if moves.python:
        pins = plan_pins(manifests, found.survey.project.manager, moves.python)
    refusals = (*pins.left, *_describe_apart(moves, plan, sources))
    if refusals:
        return Proposal(moves, refusals=refusals)
    try:
        texts = check_edits(moves.wanted, plan, sources, _read_again(found))
    except Refused as error:
        return Proposal(moves, refusals=(error.message,))
    if not pins.edits:
        moves = moves._replace(python=None)
    pin_sources = {source.path: source for source in manifests.sources.values()}
    for edit in pins.edits:
        path = edit.span.path
        texts.setdefault(path, apply_edits(pin_sources[path], pins.edits))
    return _propose(moves, plan, texts, {**pin_sources, **sources})


def _propose(
    moves: Moves, plan: Plan, texts: Mapping[str, str], sources: Mapping[str, Source]
) -> Proposal:
    changed = [
        (sources[path], text)
        for path, text in sorted(texts.items())
        if text != sources[path].text
    ]
    return Proposal(
        moves,
        tuple(
            Change(source.path, source.to_bytes(), source.to_bytes(text))
            for source, text in changed
        ),
        "".join(show_diff(source, text) for source, text in changed),
        (*moves.notes, *plan.notes),
        (*moves.held, *_describe_left(plan, sources)),
    )


def _describe_apart(
    moves: Moves, plan: Plan, sources: Mapping[str, Source]
) -> Iterator[str]:
    """Yield each image that is left while its Python would be asked for."""
    waiting = {
        move.judged.reference
        for move in moves.moves
        if moves.python and move.image and move.target.python
    }
    left = [one for one in plan.left if one.reference in waiting]
    for text in _describe_left(plan._replace(left=tuple(left)), sources):
        yield f"image and Python change together, and the image cannot: {text}"


def _describe_left(plan: Plan, sources: Mapping[str, Source]) -> Iterator[str]:
    for left in plan.left:
        span = left.reference.span
        line, column = sources[span.path].position(span.start)
        yield f"{span.path}:{line}:{column}  {left.reference.text}: {left.reason}"


def _read_again(
    found: Inspected,
) -> Callable[[Mapping[str, str]], Sequence[Reference]]:
    """Return what reads the project's files with some of them changed."""
    read = found.read

    def replace(
        sources: Mapping[str, Source], texts: Mapping[str, str]
    ) -> Mapping[str, Source]:
        return {
            path: source.changed(texts[path]) if path in texts else source
            for path, source in sources.items()
        }

    def read_again(texts: Mapping[str, str]) -> Sequence[Reference]:
        survey = survey_project(
            found.survey.project,
            replace(read.dockerfiles, texts),
            replace(read.yaml_files, texts),
            found.setting.catalog.repositories,
        )
        return [one for one in survey.references if read.reports(one.span.path)]

    return read_again
