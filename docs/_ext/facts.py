# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The directive ``facts``: one table of the catalogue, each row with its source."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Callable, Iterable, Iterator, Mapping, Sequence

import tomllib
from commands import ROOT
from docutils import nodes
from reference import escape
from sphinx.util.docutils import SphinxDirective

from invenio_cli_registry.catalog import Catalog, load

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Row = Sequence[object]


class Link(str):
    """The address of a page."""

    __slots__ = ()


class Lines(str):
    """Lines of a file, each as it is."""

    __slots__ = ()


def _releases(catalog: Catalog, flavour: str) -> Iterator[Row]:
    yield (
        "Release",
        "Released",
        "Fixes until",
        "Python",
        "Node",
        "invenio-cli",
        "Source",
    )
    for row in catalog.releases:
        if row.flavour == flavour:
            name = f"{row.name} ({row.kind})" if row.kind else row.name
            until = row.maintained_until or row.maintained_note or "no date published"
            pythons = ", ".join(row.pythons)
            cli = row.invenio_cli and f"{row.invenio_cli} or later"
            source = Link(row.source)
            yield name, row.date, until, pythons, _range(*row.node), cli, source


def _range(least: int | None, greatest: int | None) -> str:
    if greatest is None:
        return f"{least} or later" if least else ""
    return f"{least} to {greatest}" if greatest != least else f"{least} only"


def _evidence(catalog: Catalog) -> Iterator[Row]:
    yield "Image", "Registry", "What speaks for it", "Source"
    for image in catalog.images:
        for host, said in image.evidence.items():
            names = ", ".join(f"{image.repository}:{tag}" for tag in image.tags)
            yield names, host, f"{said.kind}: {said.text}", Link(said.source)


def _contents(catalog: Catalog) -> Iterator[Row]:
    yield "Image", "System", "Python", "Node", "To know", "Source"
    for image in catalog.images:
        names = ", ".join(f"{image.repository}:{tag}" for tag in image.tags)
        system = catalog.systems[image.os].name
        yield names, system, image.python, image.node, image.note, Link(image.source)


def _systems(catalog: Catalog) -> Iterator[Row]:
    yield "System", "Fixes until", "Mirrors closed", "Mends itself", "Source"
    for row in catalog.systems.values():
        mends = ", ".join(
            f"Python {name} to {day}" for name, day in row.pythons.items()
        )
        yield (
            row.name,
            row.end_of_life,
            row.mirrors_closed or "open",
            mends,
            Link(row.source),
        )


def _registries(catalog: Catalog) -> Iterator[Row]:
    yield "Registry", "Host", "To know", "Source"
    for row in catalog.registries.values():
        yield row.name, row.host, row.note, Link(row.source)


def _rules(catalog: Catalog) -> Iterator[Row]:
    yield "Rule", "On", "On the way to", "What is wrong", "Instead", "Source"
    for row in catalog.rules:
        here = ", ".join(catalog.systems[key].name for key in row.systems)
        there = ", ".join(catalog.systems[key].name for key in row.to)
        wrong = row.message.format_map(_LATER) + ("" if row.certain else " (ask)")
        instead = "the packages' names there" if row.packages else row.instead
        yield row.id, here, there or "fails already", wrong, instead, Link(row.source)


def _recipes(catalog: Catalog) -> Iterator[Row]:
    yield "Recipe", "When", "Lines", "Tested", "Why", "Source"
    for row in catalog.recipes:
        lines, tested = Lines("\n".join(row.lines)), "yes" if row.tested else "no"
        yield row.name, row.situation, lines, tested, row.says, Link(row.source)


#: Filled in for each system when a rule speaks.
_LATER = {"system": "the system", "mirrors_closed": "on the day above"}


def _packages(catalog: Catalog) -> Iterator[Row]:
    yield "To", "dnf install", "There"
    for key, names in catalog.packages.items():
        for name, there in names.items():
            yield catalog.systems[key].name, name, there
    for key, names in catalog.drops.items():
        for name, why in names.items():
            yield catalog.systems[key].name, name, f"drop it: {why}"


def _ends(name: str) -> Iterator[Row]:
    """Yield what the catalogue answers only one at a time: the table as it is written."""
    text = (ROOT / "invenio_cli_registry/catalog.toml").read_text(encoding="utf-8")
    table = dict(tomllib.loads(text)[name])
    source = Link(table.pop("source"))
    yield name.capitalize(), "Fixes until", "Source"
    for version, day in table.items():
        yield version, day, source


_TABLES: Mapping[str, Callable[[Catalog], Iterable[Row]]] = {
    "rdm": lambda catalog: _releases(catalog, "RDM"),
    "ils": lambda catalog: _releases(catalog, "ILS"),
    "images": _contents,
    "evidence": _evidence,
    "systems": _systems,
    "registries": _registries,
    "rules": _rules,
    "packages": _packages,
    "recipes": _recipes,
    "python": lambda catalog: _ends("python"),
    "node": lambda catalog: _ends("node"),
}


class FactsDirective(SphinxDirective):
    """Show one of the tables by its name."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(str(ROOT / "invenio_cli_registry/catalog.toml"))
        rows = _TABLES[self.arguments[0]](load())
        return self.parse_text_to_nodes("\n".join(_tabulate(rows)))


def _tabulate(rows: Iterable[Row]) -> Iterator[str]:
    yield ".. list-table::\n   :header-rows: 1\n   :class: facts\n"
    for row in rows:
        for index, cell in enumerate(row):
            yield f"   {'* -' if index == 0 else '  -'} {_cell(cell)}"


def _cell(value: object) -> str:
    if isinstance(value, Link):
        host = value.partition("://")[2].split("/")[0]
        return f"`{host} <{value}>`__"
    if isinstance(value, Lines):
        return "::\n\n" + textwrap.indent(value, " " * 9)
    return escape(str(value)) if value else ""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("facts", FactsDirective)
    return {"parallel_read_safe": True, "version": "1"}
