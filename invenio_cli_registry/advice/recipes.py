# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which of the catalogue's recipes close something that was found. Pure."""

from __future__ import annotations

from ..catalog import Recipe, Release
from ..judgement import Judged, Setting
from .lines import list_failing
from .model import Target


def list_recipes(
    judged: Judged, target: Target, setting: Setting
) -> tuple[Recipe, ...]:
    """Return the recipes for the builds on a FROM line.

    What moves to another image for a release has no need of them.
    """
    moves = setting.what_if and target.image is not None
    base = judged.base
    if base is None or moves or judged.reference.kind != "from":
        return ()
    recipes = [one for one in setting.catalog.recipes if base.os in one.systems]
    return tuple(one for one in recipes if _closes(one, judged, setting))


def _closes(recipe: Recipe, judged: Judged, setting: Setting) -> bool:
    if recipe.python:
        return _closes_mismatch(recipe, recipe.python, judged, setting.release)
    if recipe.node:
        return _closes_node(int(recipe.node), judged, setting.release)
    failing = list_failing([judged], setting)
    return any(line.rule in recipe.rules for line in failing)


def _closes_mismatch(
    recipe: Recipe, python: str, judged: Judged, release: Release | None
) -> bool:
    """Tell whether the Python is the one that the pin asks for, and the release bears."""
    mismatch = judged.mismatch
    if mismatch is None or mismatch.pin is None or mismatch.installed:
        return False
    supported = release.pythons if release else ()
    return (
        mismatch.manager in recipe.managers
        and mismatch.pin.accepts(python)
        and (not supported or python in supported)
    )


def _closes_node(node: int, judged: Judged, release: Release | None) -> bool:
    """Tell whether the release wants another Node than the image has, such as this one."""
    wrong = any(reason.status == "ok" for reason in judged.reasons)
    if release is None or not wrong:
        return False
    least, greatest = release.node[0] or 0, release.node_builds_to or node
    return least <= node <= greatest
