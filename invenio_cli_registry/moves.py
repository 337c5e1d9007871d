# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``migrate`` makes of each reference, by what was asked for. Pure."""

from __future__ import annotations

from typing import Iterator, NamedTuple, Sequence

from .advice.lines import breaking_lines
from .advice.model import Finding, Line, Target
from .advice.standins import describe_leaving, list_unremembered
from .advice.targets import (
    DEBIAN,
    era,
    is_unknown,
    move_to_almalinux,
    move_to_own,
    own_image,
    same_anyway,
    same_at_cern,
)
from .advice.words import command, locate, steps
from .judgement import Judged, Setting, is_refused
from .migration.edits import Wanted
from .mirrors import apply_mirrors
from .pythons import describe_mismatch
from .reference import Image

AUTO, SAME, ALMALINUX, TO_DEBIAN = "auto", "same", "almalinux", "debian"


class Move(NamedTuple):
    """One reference, what it becomes, and who vouches for that."""

    judged: Judged
    target: Target
    image: Image | None  #: with caches and copies applied; None: it stays
    same_content: bool  #: only a cache comes in between: a digest stays true


class Moves(NamedTuple):
    """Everything that a project's migration changes, or why it does not."""

    moves: tuple[Move, ...]
    python: str | None = None  #: the Python that the pin is set to
    breaking: tuple[Line, ...] = ()
    refusals: tuple[str, ...] = ()  #: why nothing of the project is changed
    held: tuple[str, ...] = ()  #: what is left as it is, and why
    notes: tuple[str, ...] = ()  #: what to know of the moves

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Return what the edits are planned from, every reference in its order."""
        return tuple(
            Wanted(move.judged.reference, move.image, move.same_content)
            for move in self.moves
        )


class Request(NamedTuple):
    """What ``migrate`` was asked for."""

    to: str = AUTO
    set_python: bool = False
    yes: bool = False
    dry_run: bool = False
    verify: bool = False  #: the registries are asked before anything is written


def choose_moves(
    findings: Sequence[Finding], request: Request, setting: Setting
) -> Moves:
    """Return what each reference becomes, or why the project is left alone."""
    refusal = _refuse_request(request, setting)
    if refusal:
        return Moves((), refusals=(refusal,))
    targets = [_choose(finding, request, setting) for finding in findings]
    moves = tuple(
        _move(finding.judged, target, request, setting)
        for finding, target in zip(findings, targets)
    )
    breaking = [
        line
        for move in moves
        for line in breaking_lines(Finding(move.judged, move.target), setting)
    ]
    python = _choose_python(targets, request)
    chosen = Moves(
        moves,
        python=python,
        breaking=tuple(dict.fromkeys(breaking)),
        held=tuple(_hold(findings, moves, python, setting)),
        notes=tuple(dict.fromkeys(_notes(moves, setting))),
    )
    return chosen._replace(refusals=tuple(_refuse(chosen, targets, request, setting)))


def _refuse_request(request: Request, setting: Setting) -> str:
    """Return why a move that was asked for by name is none for this release."""
    own, release = own_image(setting), setting.release
    if setting.what_if and release and setting.since:
        first = setting.catalog.first_step(setting.since, release)
        if first != release:
            line = command(setting, "migrate", f"--for {first.label}").line
            return (
                f"{first.label} lies between {setting.since.label} and {release.label}, "
                f"and an upgrade goes one major at a time: `{line}`"
            )
    if request.to == TO_DEBIAN and era(setting) != DEBIAN:
        return f"the Debian image is made for InvenioRDM 14 and Python 3.14.{_way(setting)}"
    if request.to == ALMALINUX and own and era(setting) == DEBIAN:
        return (
            f"AlmaLinux 9 has no Python {own[1].python}, which this release needs: "
            f"`{command(setting, 'migrate', '--to debian').line}`"
        )
    return ""


def _way(setting: Setting) -> str:
    """Return how a project gets to the release that the Debian image is made for."""
    release = setting.release
    path = setting.catalog.path(release) if release else ()
    if not release or not path:
        return ""
    line = command(setting, "check", f"--for {path[-1].label}").line
    return f" Upgrade first: {steps(path, release)}; `{line}` says what that changes."


def _choose(finding: Finding, request: Request, setting: Setting) -> Target:
    judged = finding.judged
    if judged.status in ("local", "unresolved", "other"):
        return Target()
    if request.to == AUTO:
        return _choose_auto(finding, request, setting)
    if judged.base and judged.reference.kind == "from":
        if request.to == ALMALINUX:
            return move_to_almalinux(judged, setting)
        if request.to == TO_DEBIAN:
            return move_to_own(judged, setting)
    return _with_pin(same_anyway(judged, setting), judged, request)


def _choose_auto(finding: Finding, request: Request, setting: Setting) -> Target:
    judged, target = finding.judged, finding.target
    if target.auto or (target.python and request.set_python):
        return target
    if request.verify and target.same and target.image:
        return target  # The registry itself will vouch for it, or not.
    if judged.status == "impacted" and target.image and not target.python:
        # The image that fits the pin is another one; the same one is at least safe.
        same = same_at_cern(judged, setting)
        if same.auto:
            return _with_pin(same, judged, request)
    return target._replace(image=None)


def _with_pin(target: Target, judged: Judged, request: Request) -> Target:
    """Have the pin set to the Python of an image that stays what it is."""
    mismatch, base = judged.mismatch, judged.base
    asked = request.set_python and base and mismatch and mismatch.pin
    if not asked or base is None or mismatch is None or mismatch.installed:
        return target
    return target._replace(python=base.python)


def _move(judged: Judged, target: Target, request: Request, setting: Setting) -> Move:
    """Apply copies before a move of ``auto`` or ``same``, caches after any."""
    image, named = target.image, judged.image
    movable = named is not None and judged.status not in ("local", "unresolved")
    if not movable or judged.reference.kind == "syntax" or named is None:
        return Move(judged, target, None, False)
    by_name = (request.to in (ALMALINUX, TO_DEBIAN) or setting.what_if) and image
    as_it_stands = image if by_name else judged.upstream
    copied = as_it_stands and apply_mirrors(as_it_stands, setting.copies)
    if copied == named or (request.to == AUTO and is_unknown(judged)):
        copied = None
    same_content = not by_name and (image is None or copied is not None)
    image = copied or image
    mirrored = apply_mirrors(image or named, setting.mirrors)
    return Move(judged, target, mirrored or image, same_content)


def _choose_python(targets: Sequence[Target], request: Request) -> str | None:
    pythons = {target.python for target in targets if target.python}
    return pythons.pop() if request.set_python and len(pythons) == 1 else None


def _hold(
    findings: Sequence[Finding],
    moves: Sequence[Move],
    python: str | None,
    setting: Setting,
) -> Iterator[str]:
    """Yield what stays as it is although something is the matter with it."""
    for finding, move in zip(findings, moves):
        if move.judged.accepted_until:
            continue
        reference, status = move.judged.reference, move.judged.status
        text = f"{locate(reference, setting)}  {reference.text or 'no FROM'}"
        if status == "unresolved" and move.judged.act != "no":
            yield f"{text}: {move.judged.reasons[0].text}"
        elif status == "impacted" and not _is_safe(move, setting):
            yield f"{text}: {_why_held(finding)}"
        elif move.judged.mismatch and not _fits_then(move, python, setting):
            why = finding.target.why_not
            said = describe_mismatch(move.judged.mismatch)
            yield f"{text}: {said}; {why}" if why else f"{text}: {said}"


def _is_safe(move: Move, setting: Setting) -> bool:
    copied = move.image and any(copy.restore(move.image) for copy in setting.copies)
    return bool(move.target.image or copied)


def _why_held(finding: Finding) -> str:
    target = finding.target
    way = "; --to same writes it all the same" if target.same and target.image else ""
    return f"{target.why_not}{way}"


def _fits_then(move: Move, python: str | None, setting: Setting) -> bool:
    """Tell whether a build gets the Python that it asks for once all is written."""
    mismatch, target = move.judged.mismatch, move.target
    # What a Dockerfile installs for an older release is among the lines that break.
    left_behind = setting.what_if and target.image is not None
    if mismatch is None or (mismatch.installed and not left_behind):
        return False
    if target.python:
        return target.python == python
    return target.image is not None and not target.same


def _notes(moves: Sequence[Move], setting: Setting) -> Iterator[str]:
    """Yield what to know of the images that the moves lead to."""
    for move in moves:
        yield from _note_syntax(move.judged, setting)
        if move.image is None:
            continue
        text = describe_leaving(move.judged, move.image, setting)
        if text:
            yield text
        if is_refused(move.judged.reference):
            why = move.judged.reference.refused
            where = locate(move.judged.reference, setting)
            yield f"{where}: Docker still refuses the line: {why}"
    images = [move.image for move in moves if move.image]
    yield from list_unremembered(images, setting)


def _note_syntax(judged: Judged, setting: Setting) -> Iterator[str]:
    """Point out a parser directive whose image a cache has: it is left as it is."""
    reference, image = judged.reference, judged.image
    served = image and apply_mirrors(image, setting.mirrors)
    if reference.kind == "syntax" and image and served:
        yield (
            f"{reference.span.path}: `# syntax={reference.text}` is left as it is, and is "
            f"still pulled from {image.registry}; your cache has it as {served}"
        )


def _refuse(
    chosen: Moves, targets: Sequence[Target], request: Request, setting: Setting
) -> Iterator[str]:
    pythons = sorted({target.python for target in targets if target.python})
    if pythons and not request.set_python and _needs_pin(targets, request):
        words = ["--set-python"]
        if setting.what_if and setting.release:
            words.insert(0, f"--for {setting.release.label}")
        if request.to != AUTO:
            words.insert(0, f"--to {request.to}")
        line = command(setting, "migrate", *words).line
        yield (
            f"the pin does not accept Python {pythons[0]}, which the new image has: "
            f"`{line}`"
        )
    if request.set_python and len(pythons) > 1:
        yield f"the images have different Pythons ({', '.join(pythons)}): set it by hand"
    by_name = request.to != AUTO or setting.what_if
    if request.yes and not by_name and chosen.breaking:
        to = TO_DEBIAN if era(setting) == DEBIAN else ALMALINUX
        line = command(setting, "migrate", f"--to {to}", "--yes").line
        yield f"the move breaks lines of the Dockerfile; ask for it by name: `{line}`"


def _needs_pin(targets: Sequence[Target], request: Request) -> bool:
    """Tell whether an image waits for the pin, and not the pin alone is to be set."""
    return any(
        target.python and (target.image or not target.same) for target in targets
    )
