# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Every Python of this machine with every kind of host, as ``docs/compatibility.rst``.

Usage: ``python -m tests.matrix [--python 3.MINOR] [--host HOST]``, in the environment of
the tests; ``nox -s matrix`` makes it. With an option only those cells are tried, and no
page is written. ``--bounds`` prints the oldest releases that are allowed.

In each cell the tests of ``test_hosts.py`` look at what was seen.
"""

from __future__ import annotations

import argparse
import datetime
import os
import re
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Callable, Mapping, NamedTuple, Sequence

from . import test_hosts
from .conftest import ROOT, build, copy_source
from .hosts import (
    HOSTS,
    NEWEST_MINOR,
    OLDEST_MINOR,
    Environment,
    PipError,
    Story,
    find_python,
    list_wanted,
    read_bounds,
    tell,
)
from .standins import serve_engine

PAGE = ROOT / "docs/compatibility.rst"
_EVERY = [test for name, test in vars(test_hosts).items() if name.startswith("test_")]
#: What holds also where the host itself does not start ...
_ALONE = (
    test_hosts.test_the_command_on_its_own_answers_and_shows_the_change,
    test_hosts.test_an_uninstall_leaves_nothing_behind,
    test_hosts.test_nothing_that_the_host_had_is_upgraded,
)
#: ... and what cannot where pip puts another one in its place.
_OF_THE_FIRST = (
    test_hosts.test_the_host_is_as_it_was_before,
    test_hosts.test_the_hosts_help_lists_the_command,
    test_hosts.test_nothing_that_the_host_had_is_upgraded,
)
_REPLACED = [test for test in _EVERY if test not in _OF_THE_FIRST]
_TEXT = """\
..
    SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
    SPDX-License-Identifier: MIT

    Written by ``nox -s matrix``.

Compatibility
=============

Each cell is a fresh environment: pip installs the host, then the wheel of this package. Where it
says *all*, ``invenio-cli --help`` lists ``registry`` and is otherwise unchanged; ``check`` and
``migrate`` work; ``containers build`` and ``containers start --build`` check the base images first, with
and without a Docker engine, and stop or say nothing where they should; no package that was there has been
upgraded; and an uninstall leaves nothing behind. Where it says *alone*, invenio-cli itself does not start
on that Python (without this package, either), and ``invenio-cli-registry`` works by itself.

{table}

Tried on {day}, when the latest was {latest}. The last row has the oldest release of everything that
this package allows: {bounds}.
{notes}"""


class Cell(NamedTuple):
    """What became of a host on a Python: a word for the table, and why."""

    word: str
    why: str = ""
    release: str = ""  #: of the host


Cells = Mapping["tuple[str, str]", Cell]


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
    why = ""
    try:
        environment.pip("install", *list_wanted(host))
    except PipError as error:  # for our wheel it chooses another one
        why = f"pip ends with {quote(str(error))}"
    return judge(tell(environment, [str(wheel)]), why)


def judge(story: Story, why: str = "") -> Cell:
    """Hold a story against the tests.

    :param why: what kept the host from being installed.
    """
    release = find_host(story.frozen)
    if story.before.status == 0:
        return fail(story, _EVERY) or Cell("all", "", release)
    why = why or f"``invenio-cli`` ends with {quote(story.before.errors)}"
    other = find_host(story.frozen_with)
    if other == release:
        return fail(story, _ALONE) or Cell("alone", why, release)
    why += f"; pip puts invenio-cli {other} in its place, where all works"
    return fail(story, _REPLACED) or Cell("alone", why, release)


def fail(story: Story, tests: Sequence[Callable[[Story], None]]) -> Cell | None:
    """Return which tests fail, None when none does; what was seen is printed then."""
    failed = [test.__name__ for test in tests if not passes(test, story)]
    if not failed:
        return None
    for name, seen in story._asdict().items():
        print(f"  {name}: {str(seen)[-1000:]}", file=sys.stderr)
    return Cell("FAILS", ", ".join(failed))


def passes(test: Callable[[Story], None], story: Story) -> bool:
    try:
        test(story)
    except Exception:
        traceback.print_exc()
        return False
    return True


def find_host(frozen: set[str]) -> str:
    """Return the host's release from what pip lists, empty when it is not there."""
    name = "invenio-cli=="
    found = [line[len(name) :] for line in frozen if line.startswith(name)]
    return found[0] if found else ""


def quote(text: str) -> str:
    """Return what an error comes to: its last line that names one, as a literal."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line for line in lines if re.match(r"ERROR|\w*Error", line)]
    return f"``{(errors or lines or ['nothing'])[-1]}``"


def try_all(pythons: Mapping[str, str], hosts: Sequence[str]) -> Cells:
    """Try each host on each Python; most of the time they wait for downloads."""
    with tempfile.TemporaryDirectory() as top, serve_engine() as engine:
        source = copy_source(Path(top) / "source")
        wheel = build("build_wheel", source, Path(top) / "wheel")

        def try_one(at: tuple[str, str]) -> tuple[tuple[str, str], Cell]:
            host, name = at
            with tempfile.TemporaryDirectory() as folder:
                cell = try_cell(Path(folder), pythons[name], host, wheel, engine)
            said = f"{cell.word} {cell.why}".strip()
            print(f"invenio-cli {host}, Python {name}: {said}", flush=True)
            return at, cell

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            wanted = [(host, name) for host in hosts for name in pythons]
            return dict(pool.map(try_one, wanted))


def write_page(cells: Cells, pythons: Sequence[str], day: str) -> str:
    """Return the cells as a page of the documentation; its notes say why."""
    notes: list[str] = []
    rows = [["invenio-cli", *pythons]]
    for host in HOSTS:
        row = [cells[host, name] for name in pythons]
        rows.append([host, *(describe(cell, notes) for cell in row)])
    return _TEXT.format(
        table="\n".join(draw(rows)),
        day=day,
        latest=cells["latest", pythons[-1]].release,
        bounds=", ".join(read_bounds()),
        notes="".join(f"\n{at}. {note}\n" for at, note in enumerate(notes, 1)),
    )


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
    cells = try_all(chosen, [asked.host] if asked.host else list(HOSTS))
    if not asked.python and not asked.host:
        page = write_page(cells, list(pythons), datetime.date.today().isoformat())
        PAGE.write_text(page, encoding="utf-8")
    return int(any(cell.word == "FAILS" for cell in cells.values()))


if __name__ == "__main__":
    sys.exit(main())
