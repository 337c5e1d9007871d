# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Time ``check`` of a tree of Dockerfiles against BuildKit's own parser, which only parses.

Both read the same files as whole processes, in turn. Needs the package ``dockerfile``.

    python benchmarks/tree.py [--runs N] [1000 10000 100000]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from dockerfiles import make_tree
from measure import Run, report, report_ratio, run

ROOT = Path(__file__).resolve().parents[1]
SIZES, RUNS = (1_000, 10_000), 7
CHECK = [sys.executable, "-m", "invenio_cli_registry", "check", "--format", "json"]
_PARSE = """
import dockerfile, os
for folder, _, names in os.walk("."):
    for name in names:
        dockerfile.parse_file(os.path.join(folder, name))
"""
PARSER = "BuildKit's parser"
COMMANDS = {
    PARSER: [sys.executable, "-c", _PARSE],
    "check": CHECK,
    "check --all": [*CHECK, "--all"],
}


def main() -> None:
    """Make a tree of each size, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("sizes", type=int, nargs="*", metavar="SIZE", default=SIZES)
    given = parser.parse_args()
    for count in given.sizes:
        with tempfile.TemporaryDirectory() as folder:
            make_tree(Path(folder), count)
            compare(count, Path(folder), given.runs)


def compare(count: int, folder: Path, times: int) -> None:
    """Print the figures of a tree of so many Dockerfiles."""
    print(f"{count} Dockerfiles", flush=True)
    runs: dict[str, list[Run]] = {name: [] for name in COMMANDS}
    for _ in range(times + 1):
        for name, command in COMMANDS.items():
            runs[name].append(run(command, folder, {"PYTHONPATH": str(ROOT)}))
    for name, measured in runs.items():
        timed = measured[1:]  # the first fills the caches
        report(f"{name}, s", [one.seconds for one in timed])
        report(f"{name}, cpu, s", [one.cpu for one in timed])
        report(f"{name}, peak MiB", [one.memory for one in timed])
        if name != PARSER:
            report_ratio(f"{name} / {PARSER}", timed, runs[PARSER][1:])


if __name__ == "__main__":
    main()
