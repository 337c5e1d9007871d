# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Time what the plugin costs: a check, a start of Python, the look before a build.

The first two are measured in two environments, with and without the plugin, in turn.
Without arguments they are made by pip in a temporary folder.

    python benchmarks/start.py [--runs N] [PYTHON-WITHOUT PYTHON-WITH]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from measure import Run, report, report_ratio, run

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.hosts import SITE
from tests.instances import write

RUNS, OTHER_FILES = 25, 5_000
#: The console script of an environment; as an argument it wakes the start-up file.
HOST = "invenio-cli"
#: What the wrapped commands do first, after the host has imported what it needs itself.
_LOOK = """
import time
import invenio_cli.cli.cli
from invenio_cli_registry import plugin

clock, cpu = time.perf_counter(), time.process_time()
plugin._check()
print(1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu))
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        without, plugged = given.pythons or [
            make_environment(Path(folder, "without"), HOST),
            make_environment(Path(folder, "with"), HOST, str(ROOT)),
        ]
        site = write(Path(folder, "my-site"), SITE)
        time_check(without, plugged, site, given.runs)
        time_start(without, plugged, site, given.runs)
        time_look(plugged, site, given.runs, "an instance of 9.1")
        # None of these belongs to the build.
        records = (f"{n // 50:03}/record-{n}.json" for n in range(OTHER_FILES))
        write(site / "data", dict.fromkeys(records, "{}\n"))
        time_look(plugged, site, given.runs, f"{OTHER_FILES} other files in it")


def make_environment(folder: Path, *packages: str) -> str:
    """Return the Python of a new environment with some packages."""
    venv.create(folder, with_pip=True)
    python = str(folder / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python


def time_check(without: str, plugged: str, site: Path, runs: int) -> None:
    """Compare a check of one instance with the help of invenio-cli alone."""
    base, ours = take_turns(
        [str(Path(without).with_name(HOST)), "--help"],
        [str(Path(plugged).with_name(HOST)), "registry", "check"],
        site,
        runs,
    )
    report("invenio-cli --help, s", [one.seconds for one in base])
    report("invenio-cli registry check, s", [one.seconds for one in ours])
    report_ratio("registry check / --help without the plugin", ours, base)


def time_start(without: str, plugged: str, folder: Path, runs: int) -> None:
    """Compare a start of Python with the start-up file of the bridge and without."""
    # So short a time needs more of them.
    command = ["-c", "pass"]
    base, ours = take_turns([without, *command], [plugged, *command], folder, 10 * runs)
    report("python -c pass, ms", [1000 * one.seconds for one in base])
    report_ratio("start of Python with the bridge / without", ours, base)


def take_turns(
    base: list[str], ours: list[str], folder: Path, runs: int
) -> tuple[list[Run], list[Run]]:
    """Run two commands in turn, after each once to fill the caches."""
    pairs = [(run(base, folder), run(ours, folder)) for _ in range(runs + 1)]
    return [one for one, _ in pairs[1:]], [one for _, one in pairs[1:]]


def time_look(python: str, site: Path, runs: int, what: str) -> None:
    """Print what the check before a build adds, each time in a new process."""
    command, environ = [python, "-c", _LOOK, HOST], {"PYTHONPATH": str(ROOT)}
    clock, cpu = [], []
    for _ in range(runs):
        printed = subprocess.check_output(
            command, cwd=site, env=environ, stderr=subprocess.PIPE
        ).split()
        clock.append(float(printed[0]))
        cpu.append(float(printed[1]))
    report(f"added to containers build, {what}, ms", clock)
    report(f"added to containers build, {what}, cpu, ms", cpu)


if __name__ == "__main__":
    main()
