# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The benchmarks run, at their smallest. How fast anything is, no test checks."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from .conftest import ROOT
from .parts import need

FIGURE = re.compile(r"(.+): -?\d+\.\d\d \(-?\d+\.\d\d to -?\d+\.\d\d\)")


@pytest.mark.parametrize(
    ("name", "arguments", "last"),
    [
        # Both environments are this one.
        (
            "start",
            (sys.executable, sys.executable),
            "added to containers build, 5000 other files in it, cpu, ms",
        ),
        ("tree", ("10",), "ratio check --all / BuildKit's parser, cpu"),
        pytest.param("verify", (), "requests per image", marks=pytest.mark.parts),
    ],
)
def test_a_benchmark_prints_its_figures(name, arguments, last):
    if name == "verify":
        need("skopeo")
    script = str(ROOT / f"benchmarks/{name}.py")
    done = subprocess.run(
        [sys.executable, script, "--runs", "1", *arguments],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    found = [FIGURE.fullmatch(line) for line in done.stdout.splitlines()]
    assert found[-1], done.stdout
    assert found[-1][1] == last
