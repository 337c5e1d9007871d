# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The directive ``house``: a drawing of the package and a table, from its real imports."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from docutils import nodes
from house import Part, find_floors, find_stairs, read_parts
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_WIDTH, _BOX_WIDTH, _BOX_HEIGHT, _FLOOR_HEIGHT = 780, 112, 26, 58
_STYLE = """
.house text { font: 13px ui-monospace, monospace; text-anchor: middle; }
.house rect { fill: #f4f1ea; stroke: #8a8170; }
.house path { fill: none; stroke: #3b6ea5; stroke-opacity: .55; }
"""


class Place(NamedTuple):
    """The middle of a box's upper edge, in pixels."""

    x: float
    y: float


class HouseDirective(SphinxDirective):
    """Draw the floors of the package, and list what is on them."""

    def run(self) -> list[nodes.Node]:
        """Return the drawing, and a list that says the same in words."""
        parts = read_parts()
        svg = nodes.raw("", draw(parts), format="html")
        return [svg, *self.parse_text_to_nodes(_tell(parts))]


def draw(parts: dict[str, Part]) -> str:
    """Return the house as SVG; lines for imports that no longer way implies."""
    places = _place(parts)
    height = max(place.y for place in places.values()) + _BOX_HEIGHT + 12
    lines = [_line(places[upper], places[lower]) for upper, lower in find_stairs(parts)]
    boxes = [_box(parts[name], place) for name, place in places.items()]
    return (
        f'<svg class="house" xmlns="http://www.w3.org/2000/svg" role="img" '
        f'aria-label="The parts of the package, each above what it imports" '
        f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}">'
        f"<style>{_STYLE}</style>{''.join(lines + boxes)}</svg>"
    )


def _place(parts: dict[str, Part]) -> dict[str, Place]:
    """Put each box on its floor, near the middle of those above that import it."""
    places: dict[str, Place] = {}
    stairs = find_stairs(parts)
    for number, floor in enumerate(find_floors(parts)):
        wanted = {}
        for part in floor:
            above = [places[up].x for up, low in stairs if low == part.name]
            wanted[part.name] = sum(above) / len(above) if above else 0
        step = _WIDTH / len(floor)
        for index, name in enumerate(sorted(wanted, key=wanted.__getitem__)):
            places[name] = Place(step * (index + 0.5), 12 + number * _FLOOR_HEIGHT)
    return places


def _line(upper: Place, lower: Place) -> str:
    start, end = upper.y + _BOX_HEIGHT, lower.y
    bend = min(40, (end - start) / 2)
    return (
        f'<path d="M{upper.x:.0f} {start} C{upper.x:.0f} {start + bend:.0f} '
        f'{lower.x:.0f} {end - bend:.0f} {lower.x:.0f} {end}"/>'
    )


def _box(part: Part, place: Place) -> str:
    left = place.x - _BOX_WIDTH / 2
    return (
        f"<g><title>{escape(part.purpose)}</title>"
        f'<rect x="{left:.0f}" y="{place.y}" width="{_BOX_WIDTH}" '
        f'height="{_BOX_HEIGHT}" rx="4"/>'
        f'<text x="{place.x:.0f}" y="{place.y + 17}">{escape(part.name)}</text></g>'
    )


def _tell(parts: dict[str, Part]) -> str:
    told = [
        f"``{part.name}``\n    {part.purpose}\n\n    {_imports(part)}\n"
        for floor in find_floors(parts)
        for part in floor
    ]
    return "\n".join(told)


def _imports(part: Part) -> str:
    names = ", ".join(f"``{name}``" for name in sorted(part.imports))
    return f"Imports {names}." if names else "Imports nothing of the package."


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("house", HouseDirective)
    return {"parallel_read_safe": True, "version": "1"}
