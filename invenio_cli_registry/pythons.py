# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python that a build runs, against the one that is asked for. Pure."""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from .builds import Lineage, instructions
from .catalog import Release
from .project.detection import Pin, Project
from .readers.flags import flag_values
from .readers.model import Instruction
from .reference import Image, InvalidReference, parse
from .runs.installs import (
    installed_pythons,
    installs_unknown_python,
    package_manager,
)
from .runs.runners import Runner, find_runner

#: Of the official image: ``3.12``, ``3.12.4-slim``.
_PYTHON_TAG = re.compile(r"3\.(\d{1,2})(?![\d])")


class Mismatch(NamedTuple):
    """The Python that a build gets against the one that is asked for."""

    python: str  #: what the build runs
    installed: bool  #: the Dockerfile installs it, the image does not bring it
    wanted: str  #: the pin as written, or the release's Pythons
    asker: str  #: who wants that: "Pipfile asks for", "InvenioRDM 12 supports"
    pin: Pin | None  #: None: the release does not accept it
    older: bool  #: than the pin
    manager: str | None
    act: str
    path: str  #: the Dockerfile whose build it is


def compare_python(
    line: Lineage, image_python: str, project: Project, release: Release | None
) -> Mismatch | None:
    """Hold the Python of one build against its pin, then against the release.

    :param image_python: what the base image brings; a Python that the Dockerfile installs
        counts instead, and where nobody can tell which one that is, nothing is wrong.
    """
    manager = package_manager(instructions(line)) or project.manager
    pin = project.pins.get(manager or "")
    versions = [found.version for found in find_pythons(line)]
    fitting = [version for version in versions if pin is None or pin.accepts(version)]
    unknown = installs_unknown_python(instructions(line))
    runner = find_line_runner(line, image_python) if versions or unknown else None
    told = [runner.python] if runner and runner.python else []
    if unknown and not told:
        return None
    python = (told or fitting or versions or [image_python])[-1]
    accepted = release.pythons if release else ()
    if pin is not None and not pin.accepts(python):
        wanted, asker = pin.text, f"{pin.source} asks for"
    elif release and accepted and python not in accepted:
        pin, wanted = None, ", ".join(accepted)
        asker = f"Invenio{release.flavour} {release.label} supports"
    else:
        return None
    older = pin is not None and _is_older(python, pin.least)
    urgent = older or (accepted and _is_older(python, accepted[0]))
    act = "now" if urgent or manager in ("uv", "poetry") else "soon"
    installed = python in versions
    return Mismatch(
        python, installed, wanted, asker, pin, older, manager, act, line.path
    )


class InstalledPython(NamedTuple):
    """A Python that a build installs itself, and where."""

    version: str
    path: str
    offset: int


def find_pythons(line: Lineage) -> tuple[InstalledPython, ...]:
    """Return the Pythons that a build installs itself, or copies, in order."""
    return tuple(
        found for path, step in line.steps for found in _find_in(line, path, step)
    )


def _find_in(line: Lineage, path: str, step: Instruction) -> Iterator[InstalledPython]:
    for found in installed_pythons([step]):
        yield InstalledPython(found.version, path, found.offset)
    version = _copied(line, step) if path == line.path else None
    if version:
        yield InstalledPython(version, path, step.start)


def _copied(line: Lineage, step: Instruction) -> str | None:
    """Return the Python of the stage, or the image, that a COPY takes files from."""
    if step.keyword != "COPY" or not step.text.startswith("--"):
        return None
    for name in flag_values(step, "from", line.path):
        image = line.find_image(name.text.lower()) or _read_image(name.text)
        tag = _PYTHON_TAG.match(image.tag or "") if image else None
        if image and tag and image.repository == "library/python":
            return f"3.{tag[1]}"
    return None


def _read_image(text: str) -> Image | None:
    try:
        return parse(text)
    except InvalidReference:
        return None


def hides_python(line: Lineage) -> bool:
    """Tell whether a build installs a Python, and the text does not tell which one."""
    return installs_unknown_python(instructions(line)) and not find_pythons(line)


def find_line_runner(line: Lineage, image_python: str) -> Runner | None:
    """Return what installs the packages of a build, and the Python that it runs under."""
    copied = any(_copied(line, step) for _, step in line.steps)
    return find_runner(line.steps, image_python, others=copied)


def _is_older(python: str, least: str | None) -> bool:
    return least is not None and minor_key(python) < minor_key(least)


def minor_key(python: str) -> tuple[int, ...]:
    """Return a Python's minor version as numbers that compare (3.9 before 3.12)."""
    return tuple(int(part) for part in python.split(".")[:2])


def describe_mismatch(mismatch: Mismatch) -> str:
    """Return one sentence on what asks for which Python, and which one is there."""
    has = "the Dockerfile installs" if mismatch.installed else "the image has"
    return f"{mismatch.asker} {mismatch.wanted}, {has} {mismatch.python}"
