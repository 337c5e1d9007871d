# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``migrate`` says below its diff before it writes, and afterwards. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterator, Mapping, Sequence

from ..image import Image
from ..model import Finding
from ..registries import Answer
from ..rules.options import lock_commands
from ..terminal import printable
from .layout import Layout, tie, wrap
from .text import finding_lines

if TYPE_CHECKING:
    from ..checking import Looked
    from ..moves import Move, Proposal

_COLOURS = {"-": "red", "+": "green"}


def show_colours(diff: str, layout: Layout) -> Iterator[str]:
    """Yield the lines of a diff, safe to print: red what goes, green what comes."""
    for line in diff.splitlines():
        heading = line.startswith(("--- ", "+++ "))
        colour, safe = _COLOURS.get(line[:1]), printable(line)
        yield layout.paint(safe, "bold" if heading else colour) if colour else safe


def question(proposal: Proposal) -> str:
    """Return what is asked before anything is written."""
    # The heading of each file is no line of it.
    added = f"\n{proposal.diff}".count("\n+") - len(proposal.changes)
    names = ", ".join(printable(change.path) for change in proposal.changes)
    return f"Write {added} line{'' if added == 1 else 's'} in {names}?"


def describe_change(
    proposal: Proposal, looked: Looked, layout: Layout, answers: Mapping[Image, Answer]
) -> Iterator[str]:
    """Yield what to know of a change before it is written.

    What speaks for the new images, what breaks with them, what is left and why.
    """
    said = [_describe_image(move, answers) for move in proposal.moved]
    lock = looked.checked.instance.project.lock
    if proposal.python and lock:
        said.append(
            f"{lock.name} was made for another Python: the build stops until you make it "
            "again. Re-locking also updates packages that the release does not pin: "
            "review the lock file diff."
        )
    said += [*proposal.notes, *_describe_node(proposal, looked)]
    for text in dict.fromkeys(said):
        yield from wrap(text, layout.width, "", "  ")
    if proposal.breaking:
        yield "These commands fail on the new image:"
    for finding in proposal.breaking:
        yield from finding_lines(finding, layout)
    for text in proposal.left:
        yield from wrap(f"Not changed: {text}", layout.width, "", "  ")


def _describe_image(move: Move, answers: Mapping[Image, Answer]) -> str:
    """Return whether the new image is there, and whether it is the same."""
    image, way = move.image, move.way
    if image is None or (way.image is None and not answers):
        return ""
    where = way.where or image.registry
    name = image.familiar.rpartition("/")[2]
    answer = answers.get(image)
    if answer is None:
        why = way.evidence.text if way.evidence else "nothing says that it is there"
        return (
            f"Not checked: whether {where} has {name} ({why}). Add --verify to check."
        )
    old = answers.get(move.reference.image) if move.reference.image else None
    same = old and old.digest and old.digest == answer.digest
    return f"{where} has {name}." + (" Same digest: identical image." if same else "")


def _describe_node(proposal: Proposal, looked: Looked) -> Iterator[str]:
    """Yield that the assets do not build with the Node of a new image."""
    case, release = looked.case, looked.case.release
    greatest = release.node_builds_to if release else None
    for move in proposal.moved:
        base = case.identify(move.image).base if move.image else None
        builds = looked.checked.instance.builds_on(move.reference)
        brings = any(build.node.installed for build in builds)
        if greatest and base and base.node and not brings and int(base.node) > greatest:
            yield (
                f"{case.label()} builds its assets with Node {greatest} (node-sass 4), the "
                f"new image has Node {base.node}. Install Node {greatest} yourself, or "
                "switch to sass."
            )


def describe_next(
    proposal: Proposal, looked: Looked, undo: Sequence[str], layout: Layout
) -> Iterator[str]:
    """Yield what to do after a change was written, or instead of one.

    :param undo: how to get the files back; empty when nothing was written.
    """
    project, upgrade = looked.checked.instance.project, looked.checked.advice.upgrade
    steps = list(dict.fromkeys(_steps(proposal, looked)))
    # The host's command works in its own instances only.
    host = ".invenio" in project.manifests.present
    build = "invenio-cli containers build" if host else "docker build"
    if not steps:
        lock = f" {project.lock.name} does not change." if project.lock else ""
        yield f"Written.{lock}"
        yield f"Next: {build}; test; commit"
    elif upgrade and not proposal.changes:
        label = looked.case.label(upgrade.release)
        yield f"Nothing to change in the image. To reach {label}, do this in order:"
    else:
        yield "Written. The build will NOT work until you:"
    if steps:
        steps.append(f"run `{build}`, and test in a test environment")
    for number, text in enumerate(steps, 1):
        yield from wrap(f"{number}. {text}", layout.width, "  ", "     ")
    for line in undo:
        yield f"Undo: {printable(line)}"


def _steps(proposal: Proposal, looked: Looked) -> Iterator[str]:
    """Yield what has to be done by hand before the build works, in its order."""
    checked = looked.checked
    upgrade, project = checked.advice.upgrade, checked.instance.project
    for finding in upgrade.changes if upgrade else ():
        if finding.step and finding.step.by_hand:
            yield _describe_step(finding)
    for finding in () if upgrade else proposal.breaking:
        yield f"fix {tie(str(finding.span))}: {finding.message} {finding.help}"
    yield from _describe_node(proposal, looked)
    if proposal.python and project.manager == "pipenv" and project.lock:
        yield (
            f"remove the old environment: `rm {project.lock.name}; pipenv --rm` (first "
            "save var/instance/data, if you use it)"
        )
    if proposal.python:
        commands = lock_commands(checked.instance, looked.case, proposal.python)
        yield from (f"run `{one.line}`, which {one.remark}" for one in commands)
    if upgrade:
        yield from map(_describe_step, upgrade.services)
        yield f"follow the upgrade guide: {' '.join(upgrade.pages)}"


def _describe_step(finding: Finding) -> str:
    step = finding.step
    if step is None:
        return finding.message
    old = f"{tie(step.old)} -> " if step.old else ""
    remark = f" ({step.remark})" if step.remark else ""
    place = tie(str(finding.span))
    return f"change {place} ({step.what}): {old}{step.new}{remark}"
