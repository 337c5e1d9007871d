# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What a release would ask for, as a numbered list: the answer to ``check --for``."""

from __future__ import annotations

from typing import Iterator

from ..advice.model import Advice, Change, Upgrade
from ..project.places import Place
from ..terminal import printable
from .layout import Layout, command_lines, tie, wrap

#: Column behind the number and the name of a change.
_NAME = 18


def upgrade_lines(advice: Advice, upgrade: Upgrade, layout: Layout) -> Iterator[str]:
    """Yield the changes in their order, what makes them, and what lies outside."""
    first = advice.recommended
    if upgrade.first and first:
        yield from wrap(f"Before that, {first.text}", layout.width, "  ", "  ")
        for command in first.commands:
            yield from command_lines(command, layout)
    if upgrade.changes:
        yield "  In this order, in one commit:"
    for number, change in enumerate(upgrade.changes, 1):
        yield from _change_lines(number, change, layout)
    if upgrade.command and not upgrade.first:
        yield from command_lines(upgrade.command, layout)
    for number, command in enumerate(upgrade.after):
        lead = "Then: " if number == 0 else "      "
        remark = f"  {command.remark}" if command.remark else ""
        yield f"  {lead}{layout.paint(command.line, 'bold')}{remark}"


def outside_lines(upgrade: Upgrade, layout: Layout) -> Iterator[str]:
    """Yield what is not in the instance's own files, what nobody says, and the pages."""
    if upgrade.services:
        yield "  Outside this tool:"
    for change in upgrade.services:
        yield from wrap(_describe_service(change), layout.width, "    ", "      ")
    if upgrade.fitting:
        text = f"Fits already: {', '.join(map(tie, upgrade.fitting))}."
        yield from wrap(text, layout.width, "  ", "    ")
    if upgrade.unknown:
        names = ", ".join(upgrade.unknown)
        flavour, label = upgrade.release.flavour, upgrade.release.label
        text = f"No page says it of Invenio{flavour} {label}: {names}."
        yield from wrap(text, layout.width, "  ", "  ")
    yield "  What to do beside this, and in which order:"
    yield from (f"    {page}" for page in upgrade.pages)


def _change_lines(number: int, change: Change, layout: Layout) -> Iterator[str]:
    head = f"{number}. {change.what}".ljust(_NAME)
    where = printable(format_place(change.place)) if change.place else "by hand"
    remark = f"  ({change.remark})" if change.remark else ""
    if change.kind == "image":
        yield f"  {head}  {where}"
        yield f"       {printable(change.old)}"
        hand = ", by hand" if change.by == "hand" else ""
        yield f"       becomes {printable(change.new)}{hand}{remark}"
        return
    old = printable(change.old) or "no version"
    hand = ", by hand" if change.by == "hand" else ""
    text = f"{old} > {change.new}{hand}"
    line = f"  {head}  {where}  {text}"
    yield line
    if change.remark:
        yield f"  {' ' * _NAME}  {change.remark}"


def format_place(place: Place) -> str:
    """Return a place as reports print it: ``Pipfile:21:19``."""
    return f"{place.path}:{place.line}:{place.column}"


def _describe_service(change: Change) -> str:
    text = change.new
    if change.place:
        text = f"{text}: {tie(format_place(change.place))} {tie(change.old)}"
    return f"{text}; {change.remark}" if change.remark else text
