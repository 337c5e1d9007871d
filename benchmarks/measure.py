# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the benchmarks share: one process and what it took, and how figures are printed."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Mapping, NamedTuple, Sequence


class Run(NamedTuple):
    """One process."""

    seconds: float
    cpu: float  #: seconds of all its cores
    memory: float  #: at its greatest, in MiB


def run(
    command: Sequence[str | Path], folder: Path, environ: Mapping[str, str] = {}
) -> Run:
    """Run a command in a folder; what it prints is thrown away.

    It ends with 0, or with 1: something is to be done. A traceback is no result.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, cwd=folder, env=environ, stdout=subprocess.DEVNULL, stderr=errors
        )
        _, status, used = os.wait4(process.pid, 0)
        errors.seek(0)
        said = errors.read().decode()
    seconds = time.monotonic() - started
    process.returncode = os.WEXITSTATUS(status)
    assert os.WIFEXITED(status), command
    assert process.returncode in (0, 1), command
    assert "Traceback" not in said, said
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def report(name: str, figures: Sequence[float]) -> None:
    """Print a figure as median (least to greatest)."""
    median, least, most = statistics.median(figures), min(figures), max(figures)
    print(f"{name}: {median:.2f} ({least:.2f} to {most:.2f})", flush=True)


def report_ratio(name: str, ours: Sequence[Run], base: Sequence[Run]) -> None:
    """Print the ratios pair by pair: of the clock, and of the time on the processor."""
    pairs = list(zip(ours, base))
    report(f"ratio {name}", [one.seconds / other.seconds for one, other in pairs])
    report(f"ratio {name}, cpu", [one.cpu / other.cpu for one, other in pairs])
