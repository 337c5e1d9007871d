# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Recipes: lines for a Dockerfile, with what vouches for them."""

from __future__ import annotations

from typing import Any, Iterator

from ..catalog import Recipe
from ..terminal import printable
from .layout import Layout, tie, wrap
from .model import ProjectReport


def recipe_lines(one: ProjectReport, layout: Layout) -> Iterator[str]:
    """Yield each recipe once, with the FROM lines that it belongs below."""
    places: dict[Recipe, list[str]] = {}
    for finding in one.advice.findings:
        span = finding.judged.reference.span
        for recipe in finding.recipes:
            place = tie(f"{span.path}:{one.places[span][0]}")
            places.setdefault(recipe, []).append(place)
    if places:
        yield "  Recipes for the Dockerfile:"
    for recipe, below in places.items():
        yield from _recipe_lines(recipe, below, layout)


def _recipe_lines(recipe: Recipe, below: list[str], layout: Layout) -> Iterator[str]:
    tested = "tested" if recipe.tested else "not tested"
    head = f"{recipe.name} ({tested}), below {', '.join(below)}:"
    yield from wrap(head, layout.width, "    ", "      ")
    for line in recipe.lines:
        yield f"      {layout.paint(printable(line), 'bold')}"
    yield from wrap(f"When: {recipe.situation}.", layout.width, "      ", "        ")
    yield f"      Source: {recipe.source}"
    yield from wrap(f"{recipe.says}.", layout.width, "        ", "        ")


def describe_recipe(recipe: Recipe) -> dict[str, Any]:
    """Return a recipe for programs."""
    return {
        "id": recipe.id,
        "name": recipe.name,
        "situation": recipe.situation,
        "lines": list(recipe.lines),
        "tested": recipe.tested,
        "source": recipe.source,
        "says": recipe.says,
    }
