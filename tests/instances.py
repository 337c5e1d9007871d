# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Instances written into a folder, and the commands run there as on one fixed day.

A test is a row of a table: the files of an instance go in, and what is printed, the JSON,
the diff or the report come out::

    FILES = {**rdm("9.1.7", "3.8"), **build("inveniosoftware/centos8-python:3.8")}

    printed(tmp_path, FILES)                          text of ``check``
    as_json(tmp_path, FILES, "--for", "10.1")         its JSON, parsed
    diff(tmp_path, FILES, "--set-python")             text of ``migrate --dry-run``
    run(tmp_path, FILES, "check", "--summary")        exit code, stdout and stderr
    check(tmp_path, FILES, release="14")              the report of the pipeline
    find(tmp_path, FILES)                             [(rule, act, "Dockerfile:1"), ...]

All of them use the frozen catalogue in ``tests/catalog``, and 2026-11-24 as today.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from pathlib import Path
from typing import Any, Iterator, Mapping, NamedTuple
from unittest import mock

from click.testing import CliRunner

TODAY = datetime.date(2026, 11, 24)
PROG = "invenio-cli registry"
#: A catalogue that no change of the real data touches.
CATALOGUE = str(Path(__file__).with_name("catalog"))

PIPENV = "COPY Pipfile Pipfile.lock ./\nRUN pipenv install --deploy --system\n"
UV = "COPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"
POETRY = "COPY pyproject.toml poetry.lock ./\nRUN poetry install\n"
PIP = "COPY requirements.txt ./\nRUN pip install -r requirements.txt\n"

Files = Mapping[str, str]


def rdm(
    version: str, python: str | None = None, lock_python: str | None = None
) -> dict[str, str]:
    """Return the files of an InvenioRDM instance under pipenv, without its Dockerfile.

    :param python: what the Pipfile requires, None for no pin.
    :param lock_python: what the lock was made for, when that is another one.
    """
    return _pipenv("RDM", version, python, lock_python)


def ils(version: str, python: str | None = None) -> dict[str, str]:
    """Return the same of InvenioILS."""
    return _pipenv("ILS", version, python, None)


def _pipenv(
    flavour: str, version: str, python: str | None, lock_python: str | None
) -> dict[str, str]:
    name = f"invenio-app-{flavour.lower()}"
    requires = f'\n[requires]\npython_version = "{python}"\n' if python else ""
    locked = lock_python or python
    meta = {"requires": {"python_version": locked} if locked else {}}
    lock = {"_meta": meta, "default": {name: {"version": f"=={version}"}}}
    return {
        ".invenio": _invenio(flavour),
        "Pipfile": f'[packages]\n{name} = {{version = "=={version}"}}\n{requires}',
        "Pipfile.lock": json.dumps(lock),
    }


def _invenio(flavour: str) -> str:
    return f"[cli]\nflavour = {flavour}\n[cookiecutter]\nproject_shortname = my-site\n"


def plain(python: str) -> dict[str, str]:
    """Return the files of another application under pipenv."""
    requires = f'[requires]\npython_version = "{python}"\n'
    return {"Pipfile": f'[packages]\nflask = "*"\n\n{requires}'}


def rdm_uv(version: str, python: str) -> dict[str, str]:
    """Return the files of an InvenioRDM instance under uv: ``requires-python``."""
    project = (
        f'[project]\nname = "my-site"\nrequires-python = "{python}"\n'
        f'dependencies = ["invenio-app-rdm=={version}"]\n'
    )
    return {".invenio": _invenio("RDM"), "pyproject.toml": project, "uv.lock": ""}


def rdm_poetry(version: str, python: str) -> dict[str, str]:
    """Return the same under poetry: ``python`` among the dependencies."""
    project = (
        '[tool.poetry]\nname = "my-site"\n[tool.poetry.dependencies]\n'
        f'python = "{python}"\ninvenio-app-rdm = "{version}"\n'
    )
    return {".invenio": _invenio("RDM"), "pyproject.toml": project, "poetry.lock": ""}


def build(image: str, steps: str = PIPENV) -> dict[str, str]:
    """Return a Dockerfile on an image."""
    return {"Dockerfile": f"FROM {image}\n{steps}"}


def configure(files: Files, *lines: str) -> dict[str, str]:
    """Return the files with lines of ``[registry]`` in ``.invenio``."""
    settings = "[registry]\n" + "".join(f"{line}\n" for line in lines)
    return {**files, ".invenio": files.get(".invenio", "") + settings}


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[Path]:
    """Make a folder the current one until the end of the block."""
    before = os.getcwd()
    os.chdir(str(folder))
    try:
        yield folder
    finally:
        os.chdir(before)


def write(folder: Path, files: Files) -> Path:
    """Write files into a folder; surrogate escapes become the bytes that they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8", "surrogateescape"))
    return folder


@contextlib.contextmanager
def instance(folder: Path, files: Files, name: str = "my-site") -> Iterator[Path]:
    """Write an instance below a folder, and make it the current one."""
    with inside(write(folder / name, files)) as site:
        yield site


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


def call(
    *arguments: str, stdin: str | None = None, today: datetime.date = TODAY
) -> Ran:
    """Run a command in the current folder, with the catalogue as it is given.

    An exception that is no exit reaches the test.
    """
    from invenio_cli_registry import cli

    runner = _make_runner()
    with mock.patch.object(cli, "read_clock", return_value=today):
        ran = runner.invoke(
            cli.registry,
            list(arguments),
            input=stdin,
            prog_name=PROG,
            catch_exceptions=False,
        )
    return Ran(ran.exit_code, ran.stdout, ran.stderr)


def _make_runner() -> CliRunner:
    try:
        return CliRunner(mix_stderr=False)  # the way of click 7
    except TypeError:
        return CliRunner()


def run(
    folder: Path, files: Files, command: str, *arguments: str, **options: Any
) -> Ran:
    """Run a command in an instance, with the frozen catalogue."""
    with instance(folder, files):
        return call(command, "--catalogue", CATALOGUE, *arguments, **options)


def printed(folder: Path, files: Files, *arguments: str) -> str:
    """Return the text that ``check`` prints; it is the same whatever the exit code."""
    ran = run(folder, files, "check", *arguments)
    assert ran.err == "", ran
    return ran.out


def as_json(folder: Path, files: Files, *arguments: str) -> Any:
    """Return the JSON report of ``check``, parsed."""
    return json.loads(printed(folder, files, "--format", "json", *arguments))


def diff(folder: Path, files: Files, *arguments: str) -> str:
    """Return what ``migrate --dry-run`` prints: the diff, and what is left and why."""
    return run(folder, files, "migrate", "--dry-run", *arguments).out


def check(folder: Path, files: Files, *paths: str, **options: Any) -> Any:
    """Return the report of ``checking.check`` on an instance.

    :param paths: as on the command line; without any, the instance.
    :param options: those of ``checking.Options`` that differ from the usual; ``mirrors``
        and ``copies`` may be given as text.
    """
    from invenio_cli_registry import checking
    from invenio_cli_registry.image import Mirror

    for name in ("mirrors", "copies"):
        if name in options:
            options[name] = tuple(map(Mirror.parse, options[name]))
    usual = {"today": TODAY, "prog": PROG, "catalogue": CATALOGUE}
    with instance(folder, files):
        return checking.check(paths or (".",), checking.Options(**{**usual, **options}))


def find(folder: Path, files: Files, *arguments: str) -> list[tuple[str, str, str]]:
    """Return rule, act and place (``Dockerfile:1``) of each finding of the one project."""
    (project,) = as_json(folder, files, *arguments)["projects"]
    return [
        (one["rule"], one["act"], f"{one['path']}:{one['line']}")
        for one in project["findings"]
    ]
