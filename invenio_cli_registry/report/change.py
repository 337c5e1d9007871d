# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``migrate`` says before it writes, and after."""

from __future__ import annotations

import shlex
from typing import Iterator, Mapping, Sequence

from ..advice.model import Line, Upgrade
from ..advice.options import lock_command
from ..advice.words import command, count, short_image
from ..availability.answers import Answer
from ..builds import instructions
from ..judgement import Setting
from ..moves import Move
from ..proposal import Proposal
from ..reference import Image
from ..runs.installs import installed_node
from ..terminal import printable
from .layout import tie, wrap
from .whatif import format_place


def describe_change(
    proposal: Proposal,
    setting: Setting,
    width: int = 80,
    answers: Mapping[Image, Answer] = {},
) -> str:
    """Return what is to be known of a change before it is written.

    Who vouches for the new images, what breaks, what is left.
    """
    lines = [
        *_evidence(proposal.moved, answers, width),
        *(line for note in proposal.notes for line in wrap(note, width)),
        *_breaks(proposal, setting, width),
        *describe_left(proposal, width),
    ]
    return "".join(f"{line}\n" for line in lines)


def describe_left(proposal: Proposal, width: int = 80) -> Iterator[str]:
    """Yield what stays although something is the matter with it."""
    for text in proposal.left:
        yield from wrap(f"Left: {text}", width, "", "  ")


def _evidence(
    moved: Sequence[Move], answers: Mapping[Image, Answer], width: int
) -> Iterator[str]:
    """Yield who vouches for each new image, each once."""
    said = [_vouch(move, answers) for move in moved if move.target.image or answers]
    for text in dict.fromkeys(said):
        yield from wrap(text[:1].upper() + text[1:], width)


def _vouch(move: Move, answers: Mapping[Image, Answer]) -> str:
    target, image = move.target, move.image or move.target.image
    if image is None:
        return ""
    where, name = target.where or image.registry, short_image(image)
    answer = answers.get(image)
    if answer is None:
        by = target.evidence.text if target.evidence else "nobody vouches for it"
        return f"{where} was not asked; about {name}: {by}."
    old = answers.get(move.judged.image) if move.judged.image else None
    if old and old.digest and old.digest == answer.digest:
        return f"{where} has {name}, same digest: the same image to the byte."
    return f"{where} has {name}."


def _breaks(proposal: Proposal, setting: Setting, width: int) -> Iterator[str]:
    items = [*_break_items(proposal, setting)]
    if items:
        yield "This breaks the build as it stands:"
    for item in items:
        yield from wrap(item, width, "  - ", "    ")


def _break_items(proposal: Proposal, setting: Setting) -> Iterator[str]:
    yield from _mending(proposal, setting)
    lock = _lock_name(setting)
    if proposal.moves.python and lock:
        stops = ' ("Aborting deploy")' if lock == "Pipfile.lock" else ""
        yield (
            f"{lock} is for another Python: the build stops{stops} until it is made anew."
        )
        yield "A new lock also renews every package that the release leaves open: compare."


def _mending(proposal: Proposal, setting: Setting) -> Iterator[str]:
    """Yield what somebody has to mend in the Dockerfile."""
    for line in proposal.moves.breaking:
        yield _describe_line(line)
    yield from _node_items(proposal.moved, setting)


def _describe_line(line: Line) -> str:
    text = f"{line.path}:{line.line}:{line.column}  {line.excerpt}: {line.message}"
    return f"{text}; {line.instead}" if line.instead else text


def _node_items(moved: Sequence[Move], setting: Setting) -> Iterator[str]:
    """Yield what the new image's Node breaks: up to 9.1 the assets need Node 14."""
    release = setting.release
    greatest = release.node_builds_to if release else None
    if not release or not greatest:
        return
    nodes = {int(node) for node in _list_nodes(moved, setting) if int(node) > greatest}
    for node in sorted(nodes):
        yield (
            f"Node {greatest} > {node}: {release.label} builds its assets with node-sass "
            f"4, which ends at Node {greatest}. Install Node {greatest} in the Dockerfile "
            "first; not tested by us."
        )


def _list_nodes(moved: Sequence[Move], setting: Setting) -> Iterator[str]:
    """Yield the Node of each new image whose builds do not install their own."""
    for move in moved:
        image = move.target.image
        found = setting.catalog.base_image(image) if image else None
        builds = [instructions(line) for line in move.judged.lineages]
        if found and found[0].node and not any(map(installed_node, builds)):
            yield found[0].node


def _lock_name(setting: Setting) -> str:
    manager = setting.project.manager or ""
    return {"pipenv": "Pipfile.lock", "uv": "uv.lock", "poetry": "poetry.lock"}.get(
        manager, ""
    )


def describe_next(
    proposal: Proposal,
    setting: Setting,
    clean: Sequence[str],
    width: int = 80,
    upgrade: Upgrade | None = None,
) -> str:
    """Return what to do after a change was written.

    :param clean: the changed files that git can give back as they were.
    :param upgrade: what the release of ``--for`` asks for.
    """
    if upgrade:
        lines = [*_hand_lines("Written.", proposal, upgrade, setting, width)]
    else:
        lines = [*_next_lines(proposal, setting, width)]
    back = [path for path in clean if path in {one.path for one in proposal.changes}]
    if back:
        names = " ".join(shlex.quote(path) for path in back)
        lines.append(f"Back:  git checkout -- {printable(names)}")
    else:
        lines.append("Back:  the lines with a minus above, by hand")
    if not upgrade:
        lines.extend(_still_open(setting, width))
    return "".join(f"{line}\n" for line in lines)


def describe_hand(
    proposal: Proposal, setting: Setting, width: int, upgrade: Upgrade
) -> str:
    """Return what a release asks for where there is nothing to write."""
    lines = _hand_lines("Nothing to write.", proposal, upgrade, setting, width)
    return "".join(f"{line}\n" for line in lines)


def _next_lines(proposal: Proposal, setting: Setting, width: int) -> Iterator[str]:
    if not proposal.moves.python:
        lock = _lock_name(setting)
        rest = f" {lock} is untouched: no new lock file is needed." if lock else ""
        yield from wrap(f"Written.{rest}", width)
        if [*_mending(proposal, setting)]:
            yield "The build does NOT work before you have mended what is named above."
        yield f"Next:  {_build(setting).ljust(30)}  then test, then commit"
        return
    yield "Written. The build does NOT work before you have done this:"
    python = proposal.moves.python
    lock = lock_command(setting, python).line
    if setting.project.manager == "pipenv":
        yield "  1. rm Pipfile.lock; pipenv --rm      (save var/instance/data first, if used)"
    else:
        yield f"  1. install Python {python} on this machine"
    yield f"  2. {lock.ljust(32)}  with Python {python} on this machine"
    yield f"  3. {_build(setting).ljust(32)}  {_docker(proposal, setting)}".rstrip()
    yield "  4. Test in a test environment."


def _hand_lines(
    lead: str, proposal: Proposal, upgrade: Upgrade, setting: Setting, width: int
) -> Iterator[str]:
    """Yield what is left to do by hand for a release, in order."""
    label = upgrade.release.label
    yield f"{lead} It is not {label} before you have done this, in this order:"
    for number, text in enumerate(_hand_steps(proposal, upgrade, setting), 1):
        yield from wrap(text, width, f"  {number}. ", "     ")


def _hand_steps(
    proposal: Proposal, upgrade: Upgrade, setting: Setting
) -> Iterator[str]:
    for change in upgrade.changes:
        if change.by == "hand":
            where = f"{tie(format_place(change.place))} " if change.place else ""
            old = change.old or "no version"
            remark = f" ({change.remark})" if change.remark else ""
            yield f"{where}{change.what}: {old} > {change.new}{remark}"
    for line in proposal.moves.breaking:
        yield _describe_line(line)
    for change in upgrade.services:
        where = (
            f" ({tie(format_place(change.place))} {change.old})" if change.place else ""
        )
        yield f"{change.new}{where}, outside of this tool"
    for after in upgrade.after:
        remark = f", {after.remark}" if after.remark else ""
        yield f"`{after.line}`{remark}"
    yield "its page, from the database on: " + " ".join(upgrade.pages)
    yield f"`{_build(setting)}`, then test in a test environment"


def _build(setting: Setting) -> str:
    """Return what is done next: the host's command is for its instances."""
    flavour = setting.project.flavour
    return "invenio-cli containers build" if flavour else "build the images"


def _docker(proposal: Proposal, setting: Setting) -> str:
    """Return the least Docker that the new images run on, where one is known."""
    images = [move.target.image for move in proposal.moved if move.target.image]
    found = [setting.catalog.base_image(image) for image in images]
    least = {one[0].docker for one in found if one and one[0].docker}
    return f"Docker >= {', '.join(sorted(least))}" if least else ""


def _still_open(setting: Setting, width: int) -> Iterator[str]:
    release = setting.release
    end = release.maintained_until if release else None
    if release and end and end <= setting.today:
        check = command(setting, "check").line
        text = f"Still open: {release.label} has had no fixes since {end} (`{check}`)"
        yield from wrap(text, width)


def question(proposal: Proposal) -> str:
    """Return what is asked before anything is written."""
    changed = sum(
        line.startswith("+") and not line.startswith("+++ ")
        for line in proposal.diff.splitlines()
    )
    names = ", ".join(change.path for change in proposal.changes)
    return f"Write {count(changed, 'line')} in {printable(names)}?"
