# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The check before a container build: no network, only the files that the build uses."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Iterator, Mapping, NamedTuple

from .advice.model import Line
from .builds import tag_unknown
from .inspection import Inspected, Options, inspect_files
from .judgement import Judged
from .project.configuration import SECTION
from .project.detection import Project, detect
from .readers.compose import built_file
from .readers.files import Found, lies_below, read_source
from .readers.source import Source
from .readers.yaml import read_yaml
from .terminal import printable

#: What ``invenio-cli containers build`` builds, in every release.
COMPOSE = "docker-compose.full.yml"
VARIABLE = "INVENIO_CLI_REGISTRY_PREFLIGHT"
_MODES = ("warn", "fail", "off")
_PROG = "invenio-cli registry"
_MOST_FILES = 50


class Notice(NamedTuple):
    """What to say before the build, and whether the build must not start."""

    text: str
    stop: bool


def inspect_build(folder: str, environ: Mapping[str, str]) -> Notice | None:
    """Return what the administrator should know before the build, None when nothing.

    :param folder: the instance, where ``docker-compose.full.yml`` lies.
    :param environ: the environment, for ``INVENIO_CLI_REGISTRY_PREFLIGHT``.
    """
    asked = environ.get(VARIABLE)
    if asked == "off":
        return None
    project = detect(Path(folder), folder)
    mode = asked or project.preflight or "warn"
    lines = []
    if mode not in _MODES:
        lines.append(
            f"Registry: {VARIABLE}={printable(mode)} is none of {', '.join(_MODES)}.\n"
            "  It counts as warn."
        )
    elif mode == "off":
        return None
    elif not asked:
        lines.extend(_unknown_settings(project))
    today = datetime.date.today()
    found = inspect_files(project, find_build_files(folder), Options(today, prog=_PROG))
    lines.extend(_describe(found))
    if not lines:
        return None
    stop = mode == "fail" and any(map(_stops, found.judged))
    # Two lines for each finding, and what becomes of the build behind the last.
    end = "The build stops here: preflight = fail." if stop else "Builds go on."
    return Notice("\n".join(lines) + f"   {end}", stop)


def _unknown_settings(project: Project) -> Iterator[str]:
    """Yield what ``preflight`` of the configuration is, when it is none of its values."""
    for problem in project.problems:
        if problem.message.startswith(f"[{SECTION}] preflight:"):
            text = f"{problem.path}:{problem.line}  {problem.message}"
            yield f"Registry: {printable(text)}.\n  It counts as warn."


def find_build_files(folder: str) -> list[Found]:
    """Return the compose file of the build, what it extends, the Dockerfiles, local bases."""
    queue = [os.path.normpath(os.path.join(folder, COMPOSE))]
    found: dict[str, Found] = {}
    while queue and len(found) < _MOST_FILES:
        path = queue.pop()
        if path in found or not lies_below(path, folder):
            continue
        is_yaml = path.endswith((".yml", ".yaml"))
        found[path] = Found(path, "yaml" if is_yaml else "dockerfile", False, folder)
        read = read_source(found[path]) if is_yaml else None
        if isinstance(read, Source):
            queue.extend(_named_files(read))
    bases = [base for path in list(found) for base in _find_bases(path, folder)]
    return [*found.values(), *(base for base in bases if base.path not in found)]


def _named_files(source: Source) -> Iterator[str]:
    for service in read_yaml(source).services:
        if service.extends and service.extends[0]:
            here = os.path.dirname(source.path)
            yield os.path.normpath(os.path.join(here, service.extends[0]))
        built = built_file(source.path, service)
        if built:
            yield built


def _find_bases(path: str, folder: str) -> Iterator[Found]:
    """Yield the Dockerfiles of local bases, which lie beside those that stand on them."""
    if path.endswith((".yml", ".yaml")):
        return
    here = os.path.dirname(path) or "."
    for name in sorted(os.listdir(here)) if os.path.isdir(here) else ():
        lower = name.lower()
        if "dockerfile" in lower and "base" in lower:
            base = os.path.normpath(os.path.join(here, name))
            yield Found(base, "dockerfile", False, folder)


def _stops(judged: Judged) -> bool:
    counts = judged.accepted_until is None
    return counts and judged.status in ("impacted", "unsuitable")


def _is_urgent(judged: Judged) -> bool:
    return judged.act == "now" and judged.accepted_until is None


def _describe(found: Inspected) -> Iterator[str]:
    """Yield two lines for each finding, the command to type in the second."""
    details = f"Details: {_PROG} check"
    for judged in found.judged:
        urgent = _is_urgent(judged)
        if urgent or (judged.status == "impacted" and judged.accepted_until is None):
            span = judged.reference.span
            number = found.setting.locate(span.path, span.start)[0]
            sentence = printable(_sentence(judged, f"{span.path}:{number}"))
            can_wait = not urgent and not tag_unknown(judged.reference)
            mute = f"   Mute: [{SECTION}] accept" if can_wait else ""
            yield f"Registry: {sentence}\n  {details}{mute}"
    for line in found.advice.failing:
        if line.certain:
            yield f"Registry: {printable(_fails(line))}\n  {details}"
    for cause in _causes_of_project(found):
        yield f"Registry: {printable(cause)}\n  {details}"


def _causes_of_project(found: Inspected) -> list[str]:
    """Return what makes the act "now" although no image and no line of its own does."""
    said = found.advice.failing or any(map(_is_urgent, found.judged))
    urgent = [cause.text for cause in found.advice.why if cause.act == "now"]
    return [] if said else urgent


def _sentence(judged: Judged, place: str) -> str:
    reasons = [reason for reason in judged.reasons if reason.act == judged.act]
    why = reasons[0].text if reasons else ""
    if judged.mismatch and judged.mismatch.act == "now":
        return f"WRONG PYTHON ({place}). {why}."
    if judged.status == "impacted" and judged.act == "soon":
        return f"{judged.reference.text} lies on Docker Hub ({place})."
    return f"{judged.reference.text or 'no FROM'} ({place}): {why}."


def _fails(line: Line) -> str:
    return f"{line.path}:{line.line} cannot work: {line.excerpt}: {line.message}"
