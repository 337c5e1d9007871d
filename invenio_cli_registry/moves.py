# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``migrate`` makes of each reference, by what was asked for. Pure."""

from __future__ import annotations

from typing import Iterator, NamedTuple, Sequence

from .advice.lines import breaking_lines
from .advice.model import Finding, Line, Target
from .advice.targets import (
    DEBIAN,
    era,
    fits_pin,
    move_to_own,
    own_image,
    same_anyway,
    same_at_cern,
    where_of,
)
from .advice.words import command, steps
from .judgement import Judged, Setting
from .migration.edits import Wanted
from .mirrors import apply_mirrors
from .reference import Image, parse

AUTO, SAME, ALMALINUX, TO_DEBIAN = "auto", "same", "almalinux", "debian"
_ALMALINUX = parse("registry.cern.ch/inveniosoftware/almalinux:1")


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
        for finding, target in zip(findings, targets)
        for line in breaking_lines(Finding(finding.judged, target), setting)
    ]
    chosen = Moves(
        moves,
        python=_choose_python(targets, request),
        breaking=tuple(dict.fromkeys(breaking)),
        held=tuple(_hold(findings, targets, request)),
    )
    return chosen._replace(refusals=tuple(_refuse(chosen, targets, request, setting)))


def _refuse_request(request: Request, setting: Setting) -> str:
    """Return why a move that was asked for by name is none for this release."""
    own, release = own_image(setting), setting.release
    if request.to == TO_DEBIAN and era(setting) != DEBIAN:
        path = setting.catalog.path(release) if release else ()
        way = f" Upgrade first: {steps(path, release)}." if path else ""
        return f"the Debian image is made for InvenioRDM 14 and Python 3.14.{way}"
    if request.to == ALMALINUX and own and era(setting) == DEBIAN:
        return (
            f"AlmaLinux 9 has no Python {own[1].python}, which this release needs: "
            f"{command(setting, 'migrate', '--to debian').line}"
        )
    return ""


def _choose(finding: Finding, request: Request, setting: Setting) -> Target:
    judged = finding.judged
    if judged.status in ("local", "unresolved", "other"):
        return Target()
    if request.to == AUTO:
        return _choose_auto(finding, request, setting)
    if request.to in (ALMALINUX, TO_DEBIAN) and _changes_system(judged, request):
        return _choose_system(judged, request, setting)
    return same_anyway(judged, setting)


def _choose_auto(finding: Finding, request: Request, setting: Setting) -> Target:
    judged, target = finding.judged, finding.target
    if target.auto or (target.python and request.set_python):
        return target
    if request.verify and target.same and target.image:
        return target  # The registry itself will vouch for it, or not.
    if judged.status == "impacted" and target.image and not target.python:
        # The image that fits the pin is another one; the same one is at least safe.
        same = same_at_cern(judged, setting)
        return same if same.auto else target._replace(image=None)
    return target._replace(image=None)


def _changes_system(judged: Judged, request: Request) -> bool:
    if judged.base is None or judged.reference.kind != "from":
        return False
    wanted = "almalinux9" if request.to == ALMALINUX else "debian13"
    return judged.base.os != wanted or judged.mismatch is not None


def _choose_system(judged: Judged, request: Request, setting: Setting) -> Target:
    if request.to == TO_DEBIAN:
        return move_to_own(judged, setting)._replace(auto=True)
    found = setting.catalog.base_image(_ALMALINUX)
    if found is None:
        return Target()
    base = found[0]
    python = None if fits_pin(judged, base, setting) else base.python
    evidence = base.evidence.get(_ALMALINUX.registry)
    where = where_of(_ALMALINUX, setting)
    return Target(_ALMALINUX, evidence, where, False, True, python)


def _move(judged: Judged, target: Target, request: Request, setting: Setting) -> Move:
    """Apply copies before a move of ``auto`` or ``same``, caches after any."""
    image, named = target.image, judged.image
    movable = named is not None and judged.status not in ("local", "unresolved")
    if not movable or judged.reference.kind == "syntax" or named is None:
        return Move(judged, target, None, False)
    as_it_stands = judged.upstream if request.to in (AUTO, SAME) else image
    copied = apply_mirrors(as_it_stands, setting.copies) if as_it_stands else None
    image = copied or image
    mirrored = apply_mirrors(image or named, setting.mirrors)
    return Move(judged, target, mirrored or image, same_content=image is None)


def _choose_python(targets: Sequence[Target], request: Request) -> str | None:
    pythons = {target.python for target in targets if target.python}
    return pythons.pop() if request.set_python and len(pythons) == 1 else None


def _hold(
    findings: Sequence[Finding], targets: Sequence[Target], request: Request
) -> Iterator[str]:
    """Yield what stays as it is although something is the matter with it."""
    for finding, target in zip(findings, targets):
        judged = finding.judged
        hit = judged.status in ("impacted", "unsuitable") and judged.act != "no"
        pinned = target.python and request.set_python
        if hit and not target.image and not pinned and finding.target.why_not:
            yield f"{judged.reference.text}: {finding.target.why_not}"


def _refuse(
    chosen: Moves, targets: Sequence[Target], request: Request, setting: Setting
) -> Iterator[str]:
    pythons = sorted({target.python for target in targets if target.python})
    if pythons and not request.set_python and _needs_pin(targets, request):
        words = ["--set-python"]
        if request.to != AUTO:
            words.insert(0, f"--to {request.to}")
        line = command(setting, "migrate", *words).line
        yield (
            f"the pin does not accept Python {pythons[0]}, which the new image has: "
            f"{line}"
        )
    if request.set_python and len(pythons) > 1:
        yield f"the images have different Pythons ({', '.join(pythons)}): set it by hand"
    if request.yes and request.to == AUTO and chosen.breaking:
        to = TO_DEBIAN if era(setting) == DEBIAN else ALMALINUX
        line = command(setting, "migrate", f"--to {to}", "--yes").line
        yield f"the move breaks lines of the Dockerfile; ask for it by name: {line}"


def _needs_pin(targets: Sequence[Target], request: Request) -> bool:
    """Tell whether an image waits for the pin, and not the pin alone is to be set."""
    return any(
        target.python and (target.image or not target.same) for target in targets
    )
