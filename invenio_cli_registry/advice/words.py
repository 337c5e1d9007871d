# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Dates, paths and commands, as every sentence says them. Pure."""

from __future__ import annotations

import datetime
import shlex

from ..catalog import Release
from ..judgement import NEAR, Judged, Setting
from ..pythons import InstalledPython
from ..readers.model import Reference
from ..reference import Image
from .model import Command

#: Where an institution's own copy would lie, in commands to adapt.
COPY_HOST = "YOUR.REGISTRY"


def command(setting: Setting, *words: str, remark: str = "") -> Command:
    """Return one of our own commands, by the name we were called by, its path quoted.

    What was left out stays out.
    """
    parts = [setting.prog, *words]
    parts += [f"--exclude {shlex.quote(glob)}" for glob in setting.exclude]
    path = setting.project.path
    if path != ".":
        parts.append(shlex.quote(f"./{path}" if path.startswith("-") else path))
    return Command(" ".join(parts), remark, " ".join(words))


def copy_commands(image: Image, setting: Setting) -> tuple[Command, ...]:
    """Return the two lines that make a copy of an image and move to it."""
    owner, _, repository = image.repository.rpartition("/")
    upstream = f"{image.registry}/{owner}" if owner else image.registry
    home = f"{COPY_HOST}/invenio"
    end = str(image)[len(image.name) :]
    return (
        Command(
            f"skopeo copy --all docker://{image} \\\n"
            f"                  docker://{home}/{repository}{end}"
        ),
        command(setting, "migrate \\\n   ", f"--copy {upstream}={home}"),
    )


def product(setting: Setting) -> str:
    """Return what the project is called with its version: ``InvenioRDM 9.1.7``."""
    project = setting.project
    name = f"Invenio{project.flavour}"
    return f"{name} {project.release}" if project.release else name


def steps(path: tuple[Release, ...], start: Release | None) -> str:
    """Return an upgrade path as people write it: ``9.1 > 10.1 > 11``."""
    names = ([start.label] if start else []) + [step.label for step in path]
    return " > ".join(names)


def since_or_until(end: datetime.date, today: datetime.date) -> str:
    """Say ``no fixes since ...`` or ``fixes until ...``, with the days when it is near."""
    if end <= today:
        return f"no fixes since {end}"
    left = f" ({count_days(end, today)})" if is_near(end, today) else ""
    return f"fixes until {end}{left}"


def is_near(end: datetime.date, today: datetime.date) -> bool:
    """Tell whether an end is still to come, and is to be planned for."""
    return today < end <= today + NEAR


def count_days(end: datetime.date, today: datetime.date) -> str:
    """Return how many days are left: ``75 days``."""
    days = (end - today).days
    return f"{days} day" + ("" if days == 1 else "s")


def short_name(judged: Judged) -> str:
    """Return an image's name without registry and organisation: ``almalinux:1``."""
    return short_image(judged.upstream) if judged.upstream else judged.reference.text


def short_image(image: Image) -> str:
    """Return repository's last part and tag."""
    return image.familiar.rpartition("/")[2]


def count(number: int, noun: str) -> str:
    """Return ``1 line`` or ``2 lines``."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def locate(reference: Reference, setting: Setting) -> str:
    """Return where an image is named: ``Dockerfile:11:6``."""
    line, column = setting.locate(reference.span.path, reference.span.start)
    return f"{reference.span.path}:{line}:{column}"


def place(found: InstalledPython, setting: Setting) -> str:
    """Return where a build installs a Python: ``Dockerfile:13``."""
    return f"{found.path}:{setting.locate(found.path, found.offset)[0]}"
