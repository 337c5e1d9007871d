# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Instances written into a folder, and inspected there as on one fixed day."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
from pathlib import Path
from typing import Iterator, Mapping

from invenio_cli_registry.advice.model import Advice
from invenio_cli_registry.inspection import (
    Inspected,
    Options,
    inspect,
    inspect_projects,
)
from invenio_cli_registry.mirrors import Mirror
from invenio_cli_registry.report.model import Report

TODAY = datetime.date(2026, 11, 24)
PROG = "invenio-cli registry"

PIPENV = "COPY Pipfile Pipfile.lock ./\nRUN pipenv install --deploy --system\n"
UV = "COPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"
POETRY = "COPY pyproject.toml poetry.lock ./\nRUN poetry install\n"
PIP = "COPY requirements.txt ./\nRUN pip install -r requirements.txt\n"


def rdm(
    version: str, python: str | None = None, lock_python: str | None = None
) -> dict[str, str]:
    """Return the files of an InvenioRDM instance under pipenv, without its Dockerfile.

    :param python: what the Pipfile asks for, None for no pin.
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


def configure(files: Mapping[str, str], *lines: str) -> dict[str, str]:
    """Return the files with lines of ``[registry]`` in ``.invenio``."""
    settings = "[registry]\n" + "".join(f"{line}\n" for line in lines)
    return {**files, ".invenio": files[".invenio"] + settings}


@contextlib.contextmanager
def instance(folder: Path, files: Mapping[str, str]) -> Iterator[Path]:
    """Write an instance ``my-site`` below a folder, and stand in it."""
    site = folder / "my-site"
    for name, text in files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    before = os.getcwd()
    os.chdir(str(site))
    try:
        yield site
    finally:
        os.chdir(before)


def inspect_instance(
    folder: Path,
    files: Mapping[str, str],
    *,
    today: datetime.date = TODAY,
    every: bool = False,
    mirrors: tuple[str, ...] = (),
    copies: tuple[str, ...] = (),
    release: str | None = None,
) -> Inspected:
    """Return an instance as read, judged and advised; there is one project in it.

    :param release: the one that ``--for`` names.
    """
    options = Options(
        today=today,
        release=release,
        every=every,
        mirrors=tuple(Mirror.parse(line) for line in mirrors),
        copies=tuple(Mirror.parse(line) for line in copies),
        prog=PROG,
    )
    with instance(folder, files):
        (found,) = inspect_projects((".",), options, [])
    return found


def decide_instance(
    folder: Path, files: Mapping[str, str], release: str | None = None
) -> Advice:
    """Return the answer for an instance."""
    return inspect_instance(folder, files, release=release).advice


def report_instance(
    folder: Path,
    files: Mapping[str, str],
    *,
    today: datetime.date = TODAY,
    release: str | None = None,
) -> Report:
    """Return the report on an instance, as ``check`` prints it."""
    with instance(folder, files):
        return inspect((".",), Options(today=today, prog=PROG, release=release))
