# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Time ``check`` of a tree of Dockerfiles against BuildKit's own parser, which only parses.

Both read the same files as whole processes, in turn. Needs the package ``dockerfile``.

    python benchmarks/tree.py [1000 10000 100000]
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from dockerfiles import make_tree

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 10_000, 100_000)
#: Fewer of the largest: one run of it takes as long as ten of the next.
RUNS = {1_000: 9, 10_000: 7}
FEWEST = 3
CHECK = [sys.executable, "-m", "invenio_cli_registry", "check", "--format", "json"]
_PARSE = """
import dockerfile, os
for folder, _, names in os.walk("."):
    for name in names:
        dockerfile.parse_file(os.path.join(folder, name))
"""
COMMANDS = {
    "BuildKit's parser": [sys.executable, "-c", _PARSE],
    "check": CHECK,
    "check --all": [*CHECK, "--all"],
}


class Run(NamedTuple):
    """One process."""

    seconds: float
    memory: float  #: at its greatest, in MiB


def run(command: list[str], folder: Path) -> Run:
    """Run a command in a folder; what it prints is thrown away."""
    started = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    process.returncode = os.WEXITSTATUS(status)
    # Something is to be done in every tree: 1.
    assert process.returncode in (0, 1), command
    return Run(seconds, used.ru_maxrss / 1024)


def compare(count: int, folder: Path) -> None:
    """Print the figures of a tree of so many Dockerfiles."""
    make_tree(folder, count)
    runs: dict[str, list[Run]] = {name: [] for name in COMMANDS}
    for _ in range(RUNS.get(count, FEWEST) + 1):
        for name, command in COMMANDS.items():
            runs[name].append(run(command, folder))
    print(f"{count} Dockerfiles")
    parser, *ours = runs
    base = [one.seconds for one in runs[parser][1:]]  # the first fills the caches
    for name in runs:
        report(f"  {name}, s", [one.seconds for one in runs[name][1:]])
        per_file = [one.seconds / count * 1e6 for one in runs[name][1:]]
        report(f"  {name}, µs per file", per_file)
        report(f"  {name}, peak MiB", [one.memory for one in runs[name][1:]])
    for name in ours:
        pairs = zip(runs[name][1:], base)
        report(
            f"  ratio {name} / {parser}", [one.seconds / other for one, other in pairs]
        )


def report(name: str, figures: list[float]) -> None:
    """Print a figure as median (least to greatest)."""
    median, least, most = statistics.median(figures), min(figures), max(figures)
    print(f"{name}: {median:.2f} ({least:.2f} to {most:.2f})", flush=True)


def main() -> None:
    """Make a tree of each size, and compare."""
    for count in [int(text) for text in sys.argv[1:]] or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            compare(count, Path(folder))


if __name__ == "__main__":
    main()
