# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Read a change again before it is made: the last safety net. Pure."""

from __future__ import annotations

from typing import Callable, Mapping, Sequence

from ..errors import Refused
from ..readers.model import Reference
from .edits import Plan, Sources, Wanted
from .spelling import spell
from .splice import apply_edits, place


def check_edits(
    wanted: Sequence[Wanted],
    plan: Plan,
    sources: Sources,
    read: Callable[[Mapping[str, str]], Sequence[Reference]],
) -> dict[str, str]:
    """Return the new text of each file that changes, after reading all of it again.

    :param read: given the changed texts by path, reads all the files again and returns
        their references in the order of ``wanted``.
    :raises Refused: when anything but the intended references would have changed.
    """
    paths = dict.fromkeys(edit.span.path for edit in plan.edits)
    texts = {path: apply_edits(sources[path], plan.edits) for path in paths}
    after = read(texts)
    for item, expected, found in zip(wanted, plan.expected, after):
        if _identity(item.reference) != _identity(found) or spell(found) != expected:
            where = place(sources[item.reference.span.path], item.reference.span)
            raise Refused(f"{where}: the changed file would read otherwise here")
    if len(after) != len(wanted):
        named = ", ".join(paths)
        raise Refused(f"{named}: the changed files would name other images than before")
    return texts


def _identity(reference: Reference) -> tuple[object, ...]:
    """Return what no change of a name may touch."""
    return (
        reference.kind,
        reference.span.path,
        reference.stage,
        reference.service,
        reference.split,
        reference.report_only,
        reference.refused,
        reference.unresolved,
    )
