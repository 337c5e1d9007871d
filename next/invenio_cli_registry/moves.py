# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A request and the findings in; what is written, and what is refused, out. Pure.

What becomes of an image is decided in ``ways.py``; here a way is taken, or another row of
the same table that was asked for by name.
"""

from __future__ import annotations

from typing import Callable, Iterator, Mapping, NamedTuple, Sequence

from .case import Case
from .checking import Looked
from .edits import Plan, Wanted, change_files, check_edits, plan_edits, show_diff
from .errors import Refused
from .image import Image, apply_mirrors
from .instance import plan_pins
from .model import Change, Edit, Finding, Reference, Source, Way
from .rules.commands import find_breaks_on
from .survey import Instance, survey
from .ways import STAYS, SYSTEMS, find_system_image, find_way, go_to_same, go_to_system

AUTO, SAME = "auto", "same"


class Request(NamedTuple):
    """What ``migrate`` was asked for."""

    to: str = AUTO  #: or ``same``, ``almalinux``, ``debian``
    set_python: bool = False
    yes: bool = False
    dry_run: bool = False
    verify: bool = False  #: ask the registries before anything is written


class Move(NamedTuple):
    """One reference, the way it goes, and the image that is written."""

    reference: Reference
    way: Way
    image: Image | None  #: through copies and caches; None: it stays
    same_content: bool = False  #: only a cache or a copy: a digest stays true


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


def propose(looked: Looked, request: Request) -> Proposal:
    """Return what would change in an instance, and why something would not."""
    return carry_out(choose_moves(looked, request), looked)


def choose_moves(looked: Looked, request: Request) -> Proposal:
    """Return what each reference becomes, or why the instance is left alone."""
    instance, case = looked.checked.instance, looked.case
    target, refusal = _find_target(request, looked)
    if refusal:
        return Proposal(refusals=(refusal,))
    moves = []
    for reference in instance.references:
        way = _choose_way(reference, instance, case, request, target)
        moves.append(_move(reference, way, case))
    pythons = sorted({move.way.python for move in moves if move.way.python})
    breaking = find_breaks_on(
        [(move.reference, move.way) for move in moves if move.image], instance, case
    )
    chosen = Proposal(
        moves=tuple(moves),
        python=pythons[0] if request.set_python and len(pythons) == 1 else None,
        breaking=tuple(breaking),
        notes=tuple(dict.fromkeys(_notes(moves, case))),
    )
    refusals = tuple(_refuse(chosen, pythons, request, case))
    left = tuple(_list_left(looked, chosen))
    return chosen._replace(refusals=refusals, left=left)


def _find_target(request: Request, looked: Looked) -> tuple[Image | None, str]:
    """Return the image that ``--to`` names, or why it is not one for this release."""
    case, upgrade = looked.case, looked.checked.advice.upgrade
    if upgrade and len(upgrade.steps) > 1 and case.own:
        first = upgrade.steps[0].label
        line = case.command("migrate", "--for", first).line
        return None, (
            f"{first} comes between {case.own.label} and {upgrade.release.label}; upgrade "
            f"one major version at a time: `{line}`"
        )
    if request.to not in SYSTEMS:
        return None, ""
    target = find_system_image(request.to, case)
    if target is None:
        names = {"almalinux": "AlmaLinux", "debian": "Debian"}
        pythons = case.release.pythons if case.release else ()
        return None, (
            f"{case.label()} needs Python {' or '.join(pythons)}, which no "
            f"{names[request.to]} image has; `{case.command('check').line}` shows what is possible"
        )
    return target, ""


def _choose_way(
    reference: Reference,
    instance: Instance,
    case: Case,
    request: Request,
    target: Image | None,
) -> Way:
    """Return the way that is taken; one that is not written has no image."""
    if request.to == SAME:
        way = go_to_same(reference, instance, case)
        return _with_pin(way, reference, instance, case, request)
    if target:
        return go_to_system(reference, instance, case, target)
    way = find_way(reference, instance, case)
    if way.writes or way.row == "stays" or (way.python and request.set_python):
        return way
    same = go_to_same(reference, instance, case)
    if way.row == "keep_a_copy" and request.verify:
        return same  # The registry itself will say whether it has it.
    if way.row == "fitting_image" and same.evidence and same.evidence.kind != "none":
        # Another image fits the pin; the same one is safe at least.
        return _with_pin(same, reference, instance, case, request)
    return way._replace(image=None, becomes=None)


def _with_pin(
    way: Way, reference: Reference, instance: Instance, case: Case, request: Request
) -> Way:
    """Have the pin set to the Python of an image that stays the same."""
    identity = case.identity(reference)
    pins = [
        build.pin
        for build in instance.builds_on(reference)
        if build.pin and not build.python.installed and case.mismatch(build)
    ]
    if request.set_python and pins and identity and identity.base:
        return way._replace(python=identity.base.python)
    return way


def _move(reference: Reference, way: Way, case: Case) -> Move:
    if reference.kind == "syntax":
        return Move(reference, STAYS, None)
    own_copy = way.row == "own_copy" or way.image is None
    return Move(reference, way, way.becomes, own_copy)


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
        if move.image and move.reference.refused:
            where, why = move.reference.span, move.reference.refused
            yield f"{where}: Docker still refuses the line: {why}."
    images = [move.image for move in moves if move.image]
    settings = case.project.settings
    for key, given, known in (
        ("mirrors", case.mirrors, settings.mirrors),
        ("copies", case.copies, settings.copies),
    ):
        for mirror in given:
            used = any(mirror.restore(image) for image in images)
            if used and mirror not in known:
                yield f"To use it in every run, add to [registry] of .invenio: {key} = {mirror}"


def _refuse(
    chosen: Proposal, pythons: Sequence[str], request: Request, case: Case
) -> Iterator[str]:
    """Yield why nothing of the instance is changed."""
    waiting = [move for move in chosen.moves if move.way.python and move.way.image]
    asked = ["--for", case.release.label] if case.asked and case.release else []
    words = asked + (["--to", request.to] if request.to != AUTO else [])
    if waiting and not request.set_python:
        line = case.command("migrate", *words, "--set-python").line
        pin = case.project.pins.get(case.project.manager or "")
        required = (
            f"{pin.source} requires Python {pin.text}"
            if pin
            else "the pin does not fit"
        )
        yield f"{required}, the new image has {pythons[0]}. Run `{line}` to change both."
    if request.set_python and len(pythons) > 1:
        yield f"the images have different Pythons ({', '.join(pythons)}): set it by hand"
    certain = [one for one in chosen.breaking if one.act != "no" or not case.asked]
    if request.yes and not words and certain and not request.dry_run:
        moved = [move for move in chosen.moved if move.way.row == "release_image"]
        if moved:
            base = (
                case.identify(moved[0].way.image).base if moved[0].way.image else None
            )
            to = next(
                (key for key in SYSTEMS if base and base.system.startswith(key)), ""
            )
            line = case.command("migrate", "--to", to, "--yes").line
            yield f"the move breaks commands of the Dockerfile; ask for it by name: `{line}`"


def _list_left(looked: Looked, chosen: Proposal) -> Iterator[str]:
    """Yield what stays as it is although something is wrong with it."""
    moved = {move.reference.span.key for move in chosen.moved}
    for one in looked.checked.counted:
        reference = one.reference
        if reference is None or one.act not in ("now", "soon"):
            continue
        text = f"{one.span}  {reference.text or 'no FROM line'}"
        way = one.way or STAYS
        if one.rule == "unresolved":
            yield f"{text}: {one.message}"
        elif one.rule == "docker-hub" and reference.span.key not in moved:
            yield f"{text}: {way.why_not or one.help}"
        elif one.rule == "python" and not _fits_then(one, chosen, moved):
            why = f" {way.why_not[:1].upper()}{way.why_not[1:]}." if way.why_not else ""
            yield f"{text}: {one.message}{why}"


def _fits_then(
    finding: Finding, chosen: Proposal, moved: set[tuple[str, int, int]]
) -> bool:
    """Tell whether a build has the required Python once all is written."""
    way, reference = finding.way or STAYS, finding.reference
    if way.python:
        return way.python == chosen.python
    return bool(
        reference and reference.span.key in moved and not way.same and way.image
    )


# ---- From moves to bytes --------------------------------------------------------------


def carry_out(chosen: Proposal, looked: Looked) -> Proposal:
    """Return a proposal with its edits, its diff, and what turned out to be left."""
    if chosen.refusals:
        return chosen
    instance, project = looked.checked.instance, looked.checked.instance.project
    wanted = [
        Wanted(one.reference, one.image, one.same_content) for one in chosen.moves
    ]
    plan = plan_edits(wanted, instance.dockerfiles)
    pins: tuple[Edit, ...] = ()
    refusals = tuple(_describe_apart(chosen, plan))
    if chosen.python:
        pin_plan = plan_pins(project, project.manager, chosen.python)
        pins, refusals = pin_plan.edits, (*pin_plan.left, *refusals)
    if refusals:
        return chosen._replace(refusals=refusals)
    try:
        changed = check_edits(wanted, plan, _read_again(looked))
    except Refused as error:
        return chosen._replace(refusals=(error.message,))
    files = sorted((*changed, *change_files(pins)), key=lambda one: one[0].path)
    files = [(source, text) for source, text in files if text != source.text]
    left = (
        f"{one.reference.span}  {one.reference.text}: {one.reason}" for one in plan.left
    )
    return chosen._replace(
        python=chosen.python if pins else None,
        changes=tuple(
            Change(source.path, source.to_bytes(), source.to_bytes(text))
            for source, text in files
        ),
        diff="".join(show_diff(source, text) for source, text in files),
        notes=(*chosen.notes, *(f"{note}." for note in plan.notes)),
        left=(*chosen.left, *left),
    )


def _describe_apart(chosen: Proposal, plan: Plan) -> Iterator[str]:
    """Yield each image that cannot be written while its Python would be set."""
    waiting = {
        move.reference.span.key
        for move in chosen.moves
        if chosen.python and move.image and move.way.python
    }
    for one in plan.left:
        if one.reference.span.key in waiting:
            yield (
                "image and Python change together, and the image cannot be changed: "
                f"{one.reference.span}  {one.reference.text}: {one.reason}"
            )


def _read_again(
    looked: Looked,
) -> Callable[[Mapping[str, str]], Sequence[Reference]]:
    """Return what reads the instance's files with some of them changed."""
    instance, case = looked.checked.instance, looked.case

    def replace(
        sources: Mapping[str, Source], texts: Mapping[str, str]
    ) -> Mapping[str, Source]:
        return {
            path: source.changed(texts[path]) if path in texts else source
            for path, source in sources.items()
        }

    def read_again(texts: Mapping[str, str]) -> Sequence[Reference]:
        files = instance.files._replace(
            dockerfiles=replace(instance.files.dockerfiles, texts),
            yaml_files=replace(instance.files.yaml_files, texts),
        )
        again = survey(
            instance.project,
            files,
            case.catalog.repositories,
            case.identify,
            case.catalog.official,
        )
        return again.references

    return read_again
