# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The check before a container build: no network, only the files that the build uses."""

from __future__ import annotations

import datetime
import os
from typing import Iterator, Mapping, NamedTuple

from .checking import Options, look_at
from .files import Found, is_below, read_source
from .instance import detect
from .model import Source
from .readers.yaml import built_file, read_yaml
from .report.layout import wrap

#: What ``invenio-cli containers build`` builds, in every release.
COMPOSE = "docker-compose.full.yml"
VARIABLE = "INVENIO_CLI_REGISTRY_PREFLIGHT"
_PROG = "invenio-cli registry"
#: A usual sentence about a usual image is one line.
_WIDTH = 88
_LABEL = "registry: "


class Notice(NamedTuple):
    """What to say before the build, "" when nothing, and whether it must not start."""

    text: str = ""
    stop: bool = False


def inspect_build(
    folder: str, environ: Mapping[str, str], today: datetime.date | None = None
) -> Notice:
    """Return what the administrator should know before the build.

    :param folder: the instance, with its ``docker-compose.full.yml``.
    :param environ: the environment, for ``INVENIO_CLI_REGISTRY_PREFLIGHT``.
    """
    if environ.get(VARIABLE) == "off":
        return Notice()
    project = detect(folder)
    asked = environ.get(VARIABLE) or project.settings.preflight
    if asked == "off":
        return Notice()
    wrong = [
        f"{one.path}:{one.line}: {one.message}" for one in project.settings.problems
    ]
    if asked not in (None, "warn", "fail"):
        wrong.append(f"{VARIABLE}={asked} is not valid (warn, fail, off); using warn")
    files, unread = find_build(folder)
    options = Options(today=today or datetime.date.today(), prog=_PROG)
    looked = look_at(project, files, options)
    # An image whose name is not known cannot be checked, either.
    rules = ("docker-hub", "unresolved") if asked == "fail" else ("docker-hub",)
    found = [
        finding.message
        for finding in looked.checked.counted
        if finding.act == "now" or finding.rule in rules
    ]
    if asked == "fail":
        found += unread
        found += [
            f"{one.path} was not checked: {one.message}"
            for one in looked.checked.instance.problems
            if one.fatal
        ]
    stop = asked == "fail" and bool(found)
    lines = []
    for text in dict.fromkeys([*wrong, *found]):
        lines += wrap(text, _WIDTH, _LABEL, " " * len(_LABEL))
    if lines:
        end = "" if stop else " The build continues."
        lines.append(f"{' ' * len(_LABEL)}Run `{_PROG} check` for what to do.{end}")
    return Notice("\n".join(lines), stop)


def find_build(folder: str) -> tuple[list[Found], list[str]]:
    """Return the files of the build, and a sentence about each that is not looked at.

    They are the compose file, what it extends, the Dockerfiles, and their local bases.
    """
    queue = [os.path.normpath(os.path.join(folder, COMPOSE))]
    files: dict[str, Found] = {}
    unread = []
    while queue:
        path = queue.pop()
        if path in files or not is_below(path, folder):
            continue
        if not path.endswith((".yml", ".yaml")):
            # As if it was named: a Dockerfile that cannot be read is a problem.
            files[path] = Found(path, "dockerfile", True, folder)
            files.update((one.path, one) for one in _find_bases(path, folder))
            continue
        files[path] = Found(path, "yaml", False, folder)
        source = read_source(files[path])
        for service in read_yaml(source).services if isinstance(source, Source) else ():
            if service.extends and service.extends[0]:
                name = os.path.join(os.path.dirname(path), service.extends[0])
                queue.append(os.path.normpath(name))
            built = built_file(path, service)
            if built and is_below(built, folder):
                queue.append(built)
            elif service.build and not service.build.inline:
                name = service.build.dockerfile or service.build.context
                why = "it is not in the instance" if built else "it has a variable"
                unread.append(f"{path}: {name} was not checked: {why}")
    return list(files.values()), unread


def _find_bases(path: str, folder: str) -> Iterator[Found]:
    """Yield the Dockerfiles of local bases, which are next to those that build on them."""
    here = os.path.dirname(path) or os.curdir
    for name in sorted(os.listdir(here)):
        lower = name.lower()
        if "dockerfile" in lower and "base" in lower:
            base = os.path.normpath(os.path.join(here, name))
            yield Found(base, "dockerfile", False, folder)
