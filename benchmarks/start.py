# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Time what the plugin costs: a check, a start of Python, the making of a build's steps.

Each is measured in two environments, with and without the plugin, in turn. Without
arguments they are made by pip in a temporary folder.

    python benchmarks/start.py [--runs N] [PYTHON-WITHOUT PYTHON-WITH]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import venv
from pathlib import Path

from measure import Run, report, report_ratio, run

ROOT = Path(__file__).resolve().parents[1]
INSTANCE = ROOT / "examples" / "rdm-9.1" / "my-site"
RUNS, OTHER_FILES = 25, 5_000
#: The console script of an environment; as an argument it wakes the start-up file.
HOST = "invenio-cli"
#: Without Docker: only the building itself would ask it.
_STEPS = """
import os, sys, time, types
import invenio_cli.cli.cli
from invenio_cli.commands import ContainersCommands
from invenio_cli.helpers.cli_config import CLIConfig

docker = types.SimpleNamespace(build_images=None)
commands = ContainersCommands(CLIConfig(os.curdir), docker)
with_preflight = ContainersCommands.build
build = with_preflight if sys.argv[2] == "with" else with_preflight.__wrapped__
clock, cpu = time.perf_counter(), time.process_time()
steps = build(commands)
print(1000 * (time.perf_counter() - clock), 1000 * (time.process_time() - cpu))
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("pythons", nargs="*", metavar="PYTHON")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        pythons = given.pythons or [
            make_environment(Path(folder, "without"), "invenio-cli"),
            make_environment(Path(folder, "with"), "invenio-cli", str(ROOT)),
        ]
        instance = Path(folder, "my-site")
        shutil.copytree(INSTANCE, instance)
        without, plugged = map(str, pythons)
        time_check(without, plugged, instance, given.runs)
        time_start(without, plugged, instance, given.runs)
        time_preflight(plugged, instance, given.runs, "the example of 9.1")
        add_files(instance / "data")
        what = f"{OTHER_FILES} other files beside"
        time_preflight(plugged, instance, given.runs, what)


def make_environment(folder: Path, *packages: str) -> Path:
    """Return the Python of a new environment with some packages."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", *packages], check=True)
    return python


def time_check(without: str, plugged: str, instance: Path, runs: int) -> None:
    """Compare a check of one instance with the help of invenio-cli alone."""
    base, ours = take_turns(
        [str(Path(without).with_name(HOST)), "--help"],
        [str(Path(plugged).with_name(HOST)), "registry", "check"],
        instance,
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


def time_preflight(plugged: str, instance: Path, runs: int, what: str) -> None:
    """Print what the check before a build adds to the making of its steps."""
    clock, cpu = [], []
    for _ in range(runs):
        plain, checked = (make_steps(plugged, instance, how) for how in ("no", "with"))
        clock.append(checked[0] - plain[0])
        cpu.append(checked[1] - plain[1])
    report(f"added to the steps of containers build, {what}, ms", clock)
    report(f"added to the steps of containers build, {what}, cpu, ms", cpu)


def make_steps(python: str, instance: Path, how: str) -> list[float]:
    """Return what the steps of one build took in a new process, clock and cpu, in ms."""
    done = subprocess.run(
        [python, "-c", _STEPS, HOST, how],
        cwd=instance,
        env={},
        stdout=subprocess.PIPE,
        check=True,
    )
    return [float(figure) for figure in done.stdout.split()]


def add_files(folder: Path) -> None:
    """Write files that are none of a build's, fifty in each folder."""
    for number in range(OTHER_FILES):
        path = folder / f"{number // 50:03}" / f"record-{number}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
