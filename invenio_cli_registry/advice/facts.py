# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What an instance is: release, Python, system, Node, each with its end. Pure."""

from __future__ import annotations

from typing import Iterator, Sequence, Tuple

from ..builds import instructions
from ..catalog import BaseImage
from ..judgement import NEAR, Judged, Setting
from ..pythons import find_line_runner, find_pythons, hides_python
from ..runs.installs import installed_node
from .model import Fact
from .words import place, product, since_or_until

Based = Tuple[Judged, BaseImage]


def list_facts(judged: Sequence[Judged], setting: Setting) -> tuple[Fact, ...]:
    """Return what the project is, each fact with where it was read and its end."""
    bases = [
        (one, one.base) for one in judged if one.base and one.reference.kind == "from"
    ]
    found = [
        *_release_facts(setting),
        *_python_facts(bases, setting),
        *_system_facts(bases, setting),
        *_node_facts(bases, setting),
    ]
    return tuple(dict.fromkeys(found))


def _release_facts(setting: Setting) -> Iterator[Fact]:
    project, release = setting.project, setting.release
    if not project.flavour:
        yield Fact("No InvenioRDM, no InvenioILS", "", "judged by its images only")
        return
    if not project.release:
        yield Fact(product(setting), "", "release unknown: judged by its images only")
        return
    said = list(project.release_notes)
    if release is None:
        said.insert(0, "not in the catalogue: judged by its images only")
    elif release.maintained_until:
        said.insert(0, since_or_until(release.maintained_until, setting.today))
    elif release.maintained_note:
        said.insert(0, f"fixes {release.maintained_note}")
    yield Fact(product(setting), project.release_source or "", "; ".join(said))


def _python_facts(bases: Sequence[Based], setting: Setting) -> Iterator[Fact]:
    """Yield the Python that each build runs, or else the one that is asked for."""
    for one, base in bases:
        for line in one.lineages:
            if hides_python(line):
                continue
            found = find_pythons(line)[-1:]
            version = found[0].version if found else base.python
            source = (
                place(found[0], setting) if found else _pin_source(version, setting)
            )
            state = _python_state(version, None if found else base.os, setting)
            yield Fact(f"Python {version}", source, state)


def list_untold(judged: Judged, setting: Setting) -> Iterator[str]:
    """Yield it when a build installs a Python, and the text tells not what runs under it."""
    base = judged.base
    for line in judged.lineages if base else ():
        if hides_python(line):
            yield f"Cannot tell from the text which Python {line.path} installs."
        found = find_pythons(line)[-1:]
        runner = find_line_runner(line, base.python) if base and found else None
        if runner and runner.python is None:
            where = f"{runner.path}:{setting.locate(runner.path, runner.offset)[0]}"
            yield (
                f"Cannot tell from the text whether {runner.manager} ({where}) runs "
                f"under Python {found[0].version} ({place(found[0], setting)})."
            )


def _pin_source(version: str, setting: Setting) -> str:
    pin = setting.project.pins.get(setting.project.manager or "")
    return pin.source if pin and pin.minor == version else "base image"


def _python_state(version: str, system: str | None, setting: Setting) -> str:
    end = setting.catalog.python_end(version)
    mended = system and setting.catalog.python_end(version, system)
    if end and end <= setting.today and mended and mended > setting.today:
        name = setting.catalog.systems[system or ""].name
        return f"ended at python.org on {end}, still mended by {name} (to {mended})"
    return since_or_until(end, setting.today) if end else ""


def _system_facts(bases: Sequence[Based], setting: Setting) -> Iterator[Fact]:
    for _, base in bases:
        system = setting.catalog.systems[base.os]
        if system.end_of_life > setting.today + NEAR:
            continue
        state = since_or_until(system.end_of_life, setting.today)
        yield Fact(system.name, "base image", state)


def _node_facts(bases: Sequence[Based], setting: Setting) -> Iterator[Fact]:
    """Yield the image's Node where it has ended or is too old for the release."""
    for one, base in bases:
        node = base.node
        own = any(installed_node(instructions(line)) for line in one.lineages)
        if node is None or own:
            continue
        end = setting.catalog.node_end(node)
        system = setting.catalog.systems[base.os]
        parts = []
        # Where the whole system has ended, its Node is no news.
        if system.end_of_life > setting.today and end and end <= setting.today:
            parts.append(since_or_until(end, setting.today))
        least = setting.release.node[0] if setting.release else None
        if setting.release and least and int(node) < least:
            parts.append(f"{setting.release.label} asks for {least} or later")
        if parts:
            yield Fact(f"Node {node}", "base image", "; ".join(parts))
