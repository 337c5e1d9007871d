# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The benchmarks run, at their smallest. How fast anything is, no test asks."""

import re
import subprocess
import sys
from pathlib import Path

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
FIGURE = re.compile(r"(.+): -?\d+\.\d\d \(-?\d+\.\d\d to -?\d+\.\d\d\)")


def run(name, *arguments):
    """Return the names of the figures that a benchmark prints."""
    command = [sys.executable, str(BENCHMARKS / name), "--runs", "1", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = map(FIGURE.fullmatch, done.stdout.splitlines())
    return [figure[1] for figure in found if figure]


def test_start():
    """Both environments are this one; what is printed counts, not how much it is."""
    printed = run("start.py", sys.executable, sys.executable)
    assert [name for name in printed if name.startswith(("ratio", "added"))] == [
        "ratio registry check / --help without the plugin",
        "ratio registry check / --help without the plugin, cpu",
        "ratio start of Python with the bridge / without",
        "ratio start of Python with the bridge / without, cpu",
        "added to the steps of containers build, the example of 9.1, ms",
        "added to the steps of containers build, the example of 9.1, cpu, ms",
        "added to the steps of containers build, 5000 other files beside, ms",
        "added to the steps of containers build, 5000 other files beside, cpu, ms",
    ]


def test_tree():
    printed = run("tree.py", "10")
    assert [name for name in printed if name.startswith("ratio")] == [
        "ratio check / BuildKit's parser",
        "ratio check / BuildKit's parser, cpu",
        "ratio check --all / BuildKit's parser",
        "ratio check --all / BuildKit's parser, cpu",
    ]
    assert "check --all, peak MiB" in printed
