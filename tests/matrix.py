# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Every Python of this machine with every kind of host, as ``docs/compatibility.rst``.

Usage: ``python -m tests.matrix [--python 3.MINOR] [--host RELEASE]``, in the environment
of the tests; ``nox -s matrix`` makes it. With an option only those cells are tried, and
no table is written. ``--bounds`` prints the oldest releases that are allowed.

In each cell the tests of ``test_hosts.py`` look at what was seen.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from configparser import ConfigParser
from pathlib import Path
from typing import Callable, Iterator, NamedTuple, Sequence

from . import test_hosts
from .conftest import ROOT, build, copy_source
from .hosts import (
    BESIDE_OLD,
    NEWEST_MINOR,
    OLDEST_MINOR,
    Environment,
    PipError,
    Story,
    find_python,
    name_release,
    tell,
)
from .standins import serve_engine

TABLE = ROOT / "docs/compatibility.rst"
OLDEST = "1.0.5, oldest of all"
#: The hosts, and what a fresh install of each needs beside it today.
HOSTS = {
    "1.0.5": BESIDE_OLD,
    "1.0.14": BESIDE_OLD,
    "1.5.0": (),
    "1.9.2": (),
    "latest": (),
    OLDEST: BESIDE_OLD,
}
#: What holds also where the host itself does not start.
ALONE = (
    test_hosts.test_the_command_on_its_own_answers_and_shows_the_change,
    test_hosts.test_an_uninstall_leaves_nothing_behind,
)
_INTRODUCTION = """\
..
    SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
    SPDX-License-Identifier: MIT

    Written by ``nox -s matrix``.

With which invenio-cli, on which Python
=======================================

Each cell is a fresh environment: pip installs the host, then the wheel of this package. Where it
says *all*, ``invenio-cli --help`` lists ``registry`` and is else what it was; ``check`` and
``migrate`` do their work; ``containers build`` and ``containers start --build`` speak up first, stop
or keep quiet, as they are told to; no package that was there has been upgraded; and an uninstall leaves
nothing behind. Where it says *alone*, invenio-cli itself does not start on that Python (without this
package, either), and ``invenio-cli-registry`` does the work on its own.
"""
_OLDEST_SAYS = """\
The last row has the oldest release of everything that this package allows: {}.
"""


class Cell(NamedTuple):
    """What became of a host on a Python: a word for the table, and why."""

    word: str
    why: str = ""


def read_bounds() -> list[str]:
    """Return the oldest releases that ``setup.cfg`` allows, as pip's constraints."""
    config = ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    lines = config["options"]["install_requires"].splitlines()
    bounds = (re.match(r"([\w-]+)>=([\d.]+)", line) for line in lines)
    return sorted({f"{bound[1]}=={bound[2]}" for bound in bounds if bound})


def find_pythons() -> dict[str, str]:
    """Return the Pythons of this machine, by their names."""
    found = {
        f"3.{minor}": find_python([minor])
        for minor in range(OLDEST_MINOR, NEWEST_MINOR)
    }
    return {name: python for name, python in found.items() if python}


def try_cell(folder: Path, python: str, host: str, wheel: Path, engine: str) -> Cell:
    """Tell the story of a host on a Python, and judge it."""
    environment = Environment(folder, python, engine)
    try:
        install_host(environment, host)
    except PipError as error:
        return try_without(folder / "without", python, wheel, engine, error)
    return judge(tell(environment, [str(wheel)]))


def install_host(environment: Environment, host: str) -> None:
    """Install a host, and for the oldest of all what it stands on.

    :raises PipError: there is none for this Python.
    """
    if host == OLDEST:
        environment.pip("install", *read_bounds(), *HOSTS[host])
    else:
        environment.pip("install", name_release(host), *HOSTS[host])


def try_without(
    folder: Path, python: str, wheel: Path, engine: str, error: PipError
) -> Cell:
    """Try our command where the host cannot be installed: pip chooses another one."""
    folder.mkdir()
    story = tell(Environment(folder, python, engine), [str(wheel)])
    why = f"pip does not install it: {last_line(str(error))}"
    return fail(story, ALONE) or Cell("alone", why)


def judge(story: Story) -> Cell:
    """Hold a story against the tests."""
    if story.before.status == 0:
        return fail(story, every_test()) or Cell("all")
    why = f"it ends with {last_line(story.before.errors)}"
    replaced = find_host(story.frozen_with) - find_host(story.frozen)
    if replaced:
        why += f"; pip puts {replaced.pop()} in its place"
    return fail(story, ALONE) or Cell("alone", why)


def fail(story: Story, tests: Sequence[Callable[[Story], None]]) -> Cell | None:
    """Return which tests fail, None when none does."""
    failed = [test.__name__ for test in tests if not passes(test, story)]
    return Cell("FAILS", ", ".join(failed)) if failed else None


def passes(test: Callable[[Story], None], story: Story) -> bool:
    try:
        test(story)
    except Exception as error:
        print(f"{test.__name__}: {error!r}\n{story}", file=sys.stderr)
        return False
    return True


def every_test() -> list[Callable[[Story], None]]:
    return [test for name, test in vars(test_hosts).items() if name.startswith("test_")]


def find_host(frozen: set[str]) -> set[str]:
    return {line for line in frozen if line.startswith("invenio-cli==")}


def last_line(text: str) -> str:
    """Return what an error comes to: its last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"ERROR|\w*Error", line)]
    return (errors or lines or ["nothing"])[-1]


def try_all(
    pythons: dict[str, str], hosts: Sequence[str]
) -> Iterator[tuple[str, str, Cell]]:
    """Yield host, Python and cell, one after the other."""
    with tempfile.TemporaryDirectory() as top, serve_engine() as engine:
        wheel = build(
            "build_wheel", copy_source(Path(top) / "source"), Path(top) / "wheel"
        )
        for host in hosts:
            for name, python in pythons.items():
                with tempfile.TemporaryDirectory() as folder:
                    cell = try_cell(Path(folder), python, host, wheel, engine)
                print(
                    f"invenio-cli {host}, Python {name}: {': '.join(filter(None, cell))}",
                    flush=True,
                )
                yield host, name, cell


def write_table(cells: dict[tuple[str, str], Cell], pythons: Sequence[str]) -> None:
    """Write the cells as a page of the documentation; footnotes say why."""
    notes: list[str] = []
    rows = [["invenio-cli", *pythons]]
    for host in HOSTS:
        row = [cells[host, name] for name in pythons]
        rows.append([host, *(describe(cell, notes) for cell in row)])
    parts = [
        _INTRODUCTION,
        "\n".join(draw(rows)) + "\n",
        _OLDEST_SAYS.format(", ".join(read_bounds())),
        "".join(f"{at}. {note}\n" for at, note in enumerate(notes, 1)),
    ]
    TABLE.write_text("\n".join(filter(None, parts)), encoding="utf-8")


def describe(cell: Cell, notes: list[str]) -> str:
    """Return a cell's word, with the number of its note."""
    if not cell.why:
        return cell.word
    if cell.why not in notes:
        notes.append(cell.why)
    return f"{cell.word} ({notes.index(cell.why) + 1})"


def draw(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a simple table; its first row is the head."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    rule = "  ".join("=" * width for width in widths)
    lines = [
        "  ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip()
        for row in rows
    ]
    return [rule, lines[0], rule, *lines[1:], rule]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    pythons = find_pythons()
    parser.add_argument("--python", choices=pythons)
    parser.add_argument("--host", choices=HOSTS)
    parser.add_argument("--bounds", action="store_true", help="Only print these.")
    asked = parser.parse_args()
    if asked.bounds:
        print(*read_bounds())
        return 0
    chosen = {asked.python: pythons[asked.python]} if asked.python else pythons
    hosts = [asked.host] if asked.host else list(HOSTS)
    cells = {(host, name): cell for host, name, cell in try_all(chosen, hosts)}
    if not asked.python and not asked.host:
        write_table(cells, list(pythons))
    return int(any(cell.word == "FAILS" for cell in cells.values()))


if __name__ == "__main__":
    sys.exit(main())
