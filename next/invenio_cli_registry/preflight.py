# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The check before a container build: no network, only the files that the build uses."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Iterator, Mapping, NamedTuple, Sequence

from .checking import Options, look_at
from .files import Found, is_below, read_source
from .instance import detect
from .model import Service, Source
from .readers.yaml import built_file, read_yaml
from .report.layout import wrap

#: What ``invenio-cli containers build`` builds, in every release.
COMPOSE = "docker-compose.full.yml"
VARIABLE = "INVENIO_CLI_REGISTRY_PREFLIGHT"
_PROG = "invenio-cli registry"
#: A usual sentence about a usual image is one line.
_WIDTH = 88
_LABEL = "registry: "
#: A chain of compose files that extend each other ends here.
_MOST_FILES = 50


class Notice(NamedTuple):
    """What to say before the build, "" when nothing, and whether it must not start."""

    text: str = ""
    stop: bool = False


class _Build(NamedTuple):
    """The files of the build, and what cannot be looked at."""

    files: tuple[Found, ...]
    unread: tuple[str, ...]  #: whole sentences


def inspect_build(
    folder: str, environ: Mapping[str, str], today: datetime.date | None = None
) -> Notice:
    """Return what the administrator should know before the build.

    :param folder: the instance, with its ``docker-compose.full.yml``.
    :param environ: the environment, for ``INVENIO_CLI_REGISTRY_PREFLIGHT``.
    """
    if environ.get(VARIABLE) == "off":
        return Notice()
    project = detect(Path(folder), folder)
    asked = environ.get(VARIABLE) or project.settings.preflight
    if asked == "off":
        return Notice()
    wrong = [
        f"{one.path}:{one.line}: {one.message}" for one in project.settings.problems
    ]
    if asked not in (None, "warn", "fail"):
        wrong.append(f"{VARIABLE}={asked} is not valid (warn, fail, off); using warn")
    build = find_build(folder)
    options = Options(today=today or datetime.date.today(), prog=_PROG)
    looked = look_at(project, build.files, options)
    found = [
        finding.message
        for finding in looked.checked.counted
        if finding.act == "now" or finding.rule == "docker-hub"
    ]
    if asked == "fail":
        found += build.unread
        found += [
            f"{one.path} was not checked: {one.message}"
            for one in looked.checked.instance.problems
            if one.fatal
        ]
    stop = asked == "fail" and bool(found)
    end = f"Run `{_PROG} check` for what to do."
    end += "" if stop else " The build continues."
    return Notice("\n".join(_lay_out([*wrong, *found], end)), stop)


def find_build(folder: str) -> _Build:
    """Return the compose file of the build, what it extends, Dockerfiles and local bases."""
    queue = [os.path.normpath(os.path.join(folder, COMPOSE))]
    found: dict[str, Found] = {}
    unread: list[str] = []
    while queue and len(found) < _MOST_FILES:
        path = queue.pop()
        if path in found or not is_below(path, folder):
            continue
        is_yaml = path.endswith((".yml", ".yaml"))
        # A Dockerfile counts as named: it is a problem if it cannot be read.
        kind = "yaml" if is_yaml else "dockerfile"
        found[path] = Found(path, kind, not is_yaml, folder)
        read = read_source(found[path]) if is_yaml else None
        for service in read_yaml(read).services if isinstance(read, Source) else ():
            queue += _list_files(path, service)
            unread += _list_unread(path, service, folder)
    bases = [base for path in list(found) for base in _find_bases(path, folder)]
    files = {**{base.path: base for base in bases}, **found}
    return _Build(tuple(files.values()), tuple(unread))


def _list_files(path: str, service: Service) -> Iterator[str]:
    """Yield the compose file that a service extends, and the Dockerfile that it builds."""
    if service.extends and service.extends[0]:
        here = os.path.dirname(path)
        yield os.path.normpath(os.path.join(here, service.extends[0]))
    built = built_file(path, service)
    if built:
        yield built


def _list_unread(path: str, service: Service, folder: str) -> Iterator[str]:
    """Yield a sentence about a Dockerfile that is built and not looked at."""
    if service.build is None or service.build.inline:
        return
    built = built_file(path, service)
    if not built or not is_below(built, folder):
        name = service.build.dockerfile or service.build.context
        why = "it is not in the instance" if built else "its name has a variable"
        yield f"{path}: {name} of {service.name} was not checked: {why}"


def _find_bases(path: str, folder: str) -> Iterator[Found]:
    """Yield the Dockerfiles of local bases, which are next to those that build on them."""
    if path.endswith((".yml", ".yaml")):
        return
    here = os.path.dirname(path) or os.curdir
    for name in sorted(os.listdir(here)):
        lower = name.lower()
        if "dockerfile" in lower and "base" in lower:
            base = os.path.normpath(os.path.join(here, name))
            yield Found(base, "dockerfile", False, folder)


def _lay_out(sentences: Sequence[str], end: str) -> Iterator[str]:
    """Yield the sentences one below the other, and what happens next behind the last."""
    indent = " " * len(_LABEL)
    for text in dict.fromkeys(sentences):
        yield from wrap(text, _WIDTH, _LABEL, indent)
    if sentences:
        yield from wrap(end, _WIDTH, indent, indent)
