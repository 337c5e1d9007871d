# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A request and the findings in; what is written, and what is refused, out. Pure.

What becomes of an image is decided in ``ways.py``; here a way is taken, or another row of
the same table that was asked for by name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Iterator, Mapping, NamedTuple, Sequence

from .case import Case, list_or
from .checking import Looked
from .edits import Wanted, change_files, check_edits, plan_edits, show_diff
from .image import Image, apply_mirrors
from .instance import plan_pins
from .model import Change, Edit, Finding, Reference, Way
from .rules.lines import find_breaks_on
from .rules.options import SYSTEM_NAMES
from .survey import Instance, survey
from .terminal import Refused
from .ways import STAYS, find_system_image, find_way, go_to_same, go_to_system

AUTO = "auto"
TOGETHER = "image and Python change together, and the image cannot be changed"


class Request(NamedTuple):
    """What ``migrate`` was asked for."""

    to: str = AUTO  #: or ``same``, ``almalinux``, ``debian``
    set_python: bool = False
    yes: bool = False
    dry_run: bool = False
    verify: bool = False  #: ask the registries before anything is written


class Move(NamedTuple):
    """One reference, and the way it goes."""

    reference: Reference
    way: Way

    @property
    def image(self) -> Image | None:
        """Return the image that is written, through copies and caches; None: it stays."""
        return self.way.becomes


class Proposal(NamedTuple):
    """One instance's migration, ready to be shown and written."""

    moves: tuple[Move, ...] = ()
    python: str | None = None  #: the Python that the pin is set to
    changes: tuple[Change, ...] = ()
    diff: str = ""
    breaking: tuple[Finding, ...] = ()  #: commands that fail on the new images
    notes: tuple[str, ...] = ()  #: what to know of the change, whole sentences
    left: tuple[str, ...] = ()  #: what stays although something is wrong with it
    refusals: tuple[str, ...] = ()  #: why nothing of the instance is changed

    @property
    def moved(self) -> tuple[Move, ...]:
        """Return the references that change."""
        return tuple(move for move in self.moves if move.image)


def choose_moves(looked: Looked, request: Request) -> Proposal:
    """Return what each reference becomes, or why the instance is left alone."""
    instance, case = looked.checked.instance, looked.case
    named = request.to in SYSTEM_NAMES
    target = find_system_image(request.to, case) if named else None
    impossible = tuple(_refuse_request(request, looked, target))
    if impossible:
        return Proposal(refusals=impossible)
    moves = tuple(
        Move(reference, _choose_way(reference, instance, case, request, target))
        for reference in instance.references
    )
    pythons = sorted({move.way.python for move in moves if move.way.python})
    chosen = Proposal(
        moves,
        python=pythons[0] if request.set_python and len(pythons) == 1 else None,
        breaking=tuple(find_breaks_on(moves, instance, case)),
        notes=tuple(dict.fromkeys(_notes(moves, case))),
    )
    refusals = tuple(_refuse(chosen, pythons, request, case))
    left = () if refusals else tuple(_list_left(looked, chosen))
    return chosen._replace(refusals=refusals, left=left)


def _refuse_request(
    request: Request, looked: Looked, target: Image | None
) -> Iterator[str]:
    """Yield why what was asked for is not possible, whatever the files say."""
    case, upgrade = looked.case, looked.checked.advice.upgrade
    if upgrade and len(upgrade.steps) > 1 and case.own:
        first = upgrade.steps[0].label
        line = case.command("migrate", "--for", first).line
        yield (
            f"{first} comes between {case.own.label} and {upgrade.release.label}; upgrade "
            f"one major version at a time: `{line}`"
        )
    elif request.to in SYSTEM_NAMES and target is None:
        pythons = list_or(case.release.pythons) if case.release else ""
        line = case.command("check").line
        yield (
            f"{case.label()} needs Python {pythons}, which no {SYSTEM_NAMES[request.to]} "
            f"image has; `{line}` shows what is possible"
        )


def _choose_way(
    reference: Reference,
    instance: Instance,
    case: Case,
    request: Request,
    target: Image | None,
) -> Way:
    """Return the way that is taken; one that is not written has no image."""
    if target:
        return go_to_system(reference, instance, case, target)
    way = find_way(reference, instance, case)
    same = go_to_same(reference, instance, case)
    if request.to == AUTO:
        if way.writes or way.python or way.row == "stays":
            return way
        known = same.evidence is not None and same.evidence.kind != "none"
        # The registry itself will say whether it has it.
        asks = way.row == "keep_a_copy" and request.verify
        # Another image fits the pin; the same one is safe at least.
        if not asks and not (way.row == "fitting_image" and known):
            return way._replace(image=None, becomes=None)
    identity = case.identity(reference)
    unfit = any(
        build.pin and not build.python.installed and case.mismatch(build)
        for build in instance.builds_on(reference)
    )
    if request.set_python and unfit and identity and identity.base:
        return same._replace(python=identity.base.python)
    return same


def _notes(moves: Sequence[Move], case: Case) -> Iterator[str]:
    """Yield what to know of the images that the moves lead to."""
    for move in moves:
        image = move.reference.image
        served = apply_mirrors(image, case.mirrors) if image else None
        if move.reference.kind == "syntax" and image and served:
            yield (
                f"{move.reference.span.path}: `# syntax={move.reference.text}` is not "
                f"changed and is still pulled from {image.registry}; your cache has it as "
                f"{served}."
            )
        if move.way.row == "stays" and move.way.why_not:
            yield f"{move.reference.span} is not changed: {move.way.why_not}."
        if move.image and move.reference.refused:
            where, why = move.reference.span, move.reference.refused
            yield f"{where}: Docker still refuses the line: {why}."
    settings = case.project.settings
    given = [("mirrors", one) for one in case.mirrors if one not in settings.mirrors]
    given += [("copies", one) for one in case.copies if one not in settings.copies]
    for key, mirror in given:
        if any(move.image and mirror.restore(move.image) for move in moves):
            line = f"`{key} = {mirror}`"
            yield f"To use it in every run, add {line} to [registry] of .invenio."


def _refuse(
    chosen: Proposal, pythons: Sequence[str], request: Request, case: Case
) -> Iterator[str]:
    """Yield why nothing of the instance is changed."""
    words = ["--for", case.release.label] if case.asked and case.release else []
    words += ["--to", request.to] if request.to != AUTO else []
    if request.set_python and len(pythons) > 1:
        yield f"the images have different Pythons ({', '.join(pythons)}): set it by hand"
    if not request.set_python and any(move.way.python for move in chosen.moved):
        line = case.command("migrate", *words, "--set-python").line
        pin = case.project.pins.get(case.project.manager or "")
        required = (
            f"{pin.source} requires Python {pin.text}" if pin else "another Python"
        )
        yield f"{required}, the new image has {pythons[0]}. Run `{line}` to change both."
    unasked = request.yes and not request.dry_run and not words
    if unasked and chosen.breaking and case.own_image:
        system = case.own_image[1].system
        to = next(name for name in SYSTEM_NAMES if system.startswith(name))
        line = case.command("migrate", "--to", to, "--yes").line
        yield f"the move breaks commands of the Dockerfile; ask for it by name: `{line}`"


def _list_left(looked: Looked, chosen: Proposal) -> Iterator[str]:
    """Yield what stays as it is although something is wrong with it."""
    ways = {move.reference.span.key: move.way for move in chosen.moves}
    for one in looked.checked.counted:
        taken = ways.get(one.reference.span.key) if one.reference else None
        if not one.reference or not taken or one.act not in ("now", "soon"):
            continue
        text, advised = f"{one.span}  {one.reference.text}", one.way or STAYS
        if one.rule == "unresolved":
            yield f"{text}: {one.message}"
        elif one.rule == "docker-hub" and not taken.becomes:
            yield f"{text}: {advised.why_not or one.help}"
        elif one.rule == "python":
            fits = taken.becomes is not None and taken.image == advised.image
            if not (advised.python == chosen.python if advised.python else fits):
                why = advised.why_not
                why = why and f" {why[:1].upper()}{why[1:]}."
                yield f"{text}: {one.message}{why}"


# ---- From moves to bytes --------------------------------------------------------------


def carry_out(chosen: Proposal, looked: Looked) -> Proposal:
    """Return a proposal with its edits, its diff, and what turned out to be left."""
    if chosen.refusals:
        return chosen
    instance, project = looked.checked.instance, looked.checked.instance.project
    wanted = [
        # A digest stays true in a copy and in a cache of the same image.
        Wanted(one, way.becomes, way.row == "own_copy" or way.image is None)
        for one, way in chosen.moves
    ]
    plan = plan_edits(wanted, instance.dockerfiles)
    left = {
        one.reference.span.key: f"{one.reference.span}  {one.reference.text}: {one.reason}"
        for one in plan.left
    }
    pins: tuple[Edit, ...] = ()
    if chosen.python:
        pins, refusals = plan_pins(project.manifests, project.manager, chosen.python)
        for move in chosen.moved:
            text = left.get(move.reference.span.key)
            if text and move.way.python:
                refusals = (*refusals, f"{TOGETHER}: {text}")
        if refusals:
            return chosen._replace(refusals=refusals)

    def read_again(texts: Mapping[str, str]) -> Sequence[Reference]:
        """Return the references of the instance with some of its files changed."""
        dockerfiles, yaml_files = (
            {
                path: one.changed(texts.get(path, one.text))
                for path, one in files.items()
            }
            for files in (instance.files.dockerfiles, instance.files.yaml_files)
        )
        files = replace(instance.files, dockerfiles=dockerfiles, yaml_files=yaml_files)
        case = looked.case
        return survey(project, files, case.catalog, case.identify).references

    try:
        changed = check_edits(plan, read_again)
    except Refused as error:
        return chosen._replace(refusals=(error.message,))
    files = sorted((*changed, *change_files(pins)), key=lambda one: one[0].path)
    files = [(source, text) for source, text in files if text != source.text]
    return chosen._replace(
        python=chosen.python if pins else None,
        changes=tuple(
            Change(source.path, source.to_bytes(), source.to_bytes(text))
            for source, text in files
        ),
        diff="".join(show_diff(source, text) for source, text in files),
        notes=(*chosen.notes, *(f"{note}." for note in plan.notes)),
        left=(*chosen.left, *left.values()),
    )
