# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What imports what in the package, and on which floor each part stands."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Iterator, Mapping, NamedTuple

PACKAGE = Path(__file__).resolve().parents[2] / "invenio_cli_registry"
#: What is reported is made below; only the words for it stand on top.
_APART = ("report", "model")


class Part(NamedTuple):
    """A module, or a folder of modules, of the package."""

    name: str
    purpose: str  #: the first paragraph of its docstring
    imports: frozenset[str]  #: the parts that it imports, also inside a function


def read_parts() -> dict[str, Part]:
    """Read every module of the package, and return its parts by name."""
    purposes: dict[str, str] = {}
    imports: dict[str, set[str]] = {}
    for path in sorted(PACKAGE.rglob("*.py"), key=lambda path: path.as_posix()):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        name = _part(*path.relative_to(PACKAGE).with_suffix("").parts)
        first = (ast.get_docstring(tree) or "").split("\n\n")[0]
        purposes.setdefault(name, " ".join(first.split()))
        imports.setdefault(name, set()).update(_imported(tree, path))
    names = set(purposes) - {"__init__", "__main__"}
    return {
        name: Part(name, purposes[name], frozenset(imports[name] & names - {name}))
        for name in sorted(names)
    }


def _part(*module: str) -> str:
    return ".".join(module[:2]) if module[:2] == _APART else module[0]


def _imported(tree: ast.Module, path: Path) -> Iterator[str]:
    here = path.relative_to(PACKAGE).parts[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = here[: len(here) + 1 - node.level]
            for name in (
                [node.module] if node.module else [each.name for each in node.names]
            ):
                yield _part(*base, *name.split("."))


def find_floors(parts: Mapping[str, Part]) -> list[list[Part]]:
    """Put each part right below the lowest one that imports it, the roof first.

    :raises ValueError: when parts import each other in a circle.
    """
    floors: list[list[Part]] = []
    waiting = dict(parts)
    while waiting:
        used = set().union(*(part.imports for part in waiting.values()))
        floor = [part for part in waiting.values() if part.name not in used]
        if not floor:
            raise ValueError(f"import each other in a circle: {', '.join(waiting)}")
        floors.append(floor)
        for part in floor:
            del waiting[part.name]
    return floors


def find_stairs(parts: Mapping[str, Part]) -> list[tuple[str, str]]:
    """Return the imports that no longer way implies: what a drawing needs."""
    return [
        (part.name, below)
        for part in parts.values()
        for below in sorted(part.imports)
        if not any(below in _reach(parts, other) for other in part.imports - {below})
    ]


def _reach(parts: Mapping[str, Part], name: str) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = parts[waiting.pop()].imports - found
        found |= new
        waiting += new
    return found
