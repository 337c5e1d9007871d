# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Node of a build, against what the release requires and builds its assets with. Pure."""

from __future__ import annotations

from typing import Iterator

from ..builds import Build
from ..case import Case
from ..model import Finding, Recipe, Step
from ..survey import Instance
from ..ways import find_way
from .recipes import find_recipe
from .rule import Rule, place_of

_NODE_SASS = "https://github.com/sass/node-sass#node-version-support-policy"


def find(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each build whose Node the release does not work with."""
    release = case.release
    seen = set()
    for build in instance.builds if release else ():
        if release is None or not build.counts or not build.installs_instance:
            continue
        if case.asked and build.base and find_way(build.base, instance, case).becomes:
            # The build moves to another image, which brings its own Node.
            if not build.node.installed:
                continue
        node = int(build.node.version or 0)
        least, greatest = release.node
        place = (build.node.span or place_of(build)).key
        if not node or place in seen:
            continue
        seen.add(place)
        name = case.label()
        if release.node_builds_to and node > release.node_builds_to:
            wanted = release.node_builds_to
            yield _finding(
                build,
                "now",
                f"{name} builds its assets with node-sass 4, which works up to Node "
                f"{wanted}; {_has(build)} Node {node}.",
                "The assets do not build.",
                wanted,
                case,
            )
        elif least and node < least:
            yield _finding(
                build,
                "plan",
                f"{name} requires Node {least} or later; {_has(build)} Node {node}.",
                "",
                least,
                case,
            )
        elif greatest and node > greatest:
            yield _finding(
                build,
                "plan",
                f"{name} requires Node {_range(least, greatest)}; {_has(build)} Node {node}.",
                "",
                greatest,
                case,
            )


def _finding(
    build: Build, act: str, message: str, why: str, wanted: int, case: Case
) -> Finding:
    recipe: Recipe | None = find_recipe(case, build, node=wanted, exact=act == "now")
    lines = " (`--verbose` shows the lines)" if recipe else ""
    new = str(wanted) if act == "now" else f"{wanted} or later"
    return Finding(
        rule=RULE.id,
        act=act,
        span=build.node.span or place_of(build),
        message=message,
        why=why,
        help=f"Install Node {new} in the Dockerfile{lines}.",
        source=_NODE_SASS
        if act == "now"
        else (case.release.page if case.release else ""),
        subject=f"Node {build.node.version}",
        reference=build.base,
        recipe=recipe,
        step=Step("Node", build.node.version or "", new) if case.asked else None,
    )


def _has(build: Build) -> str:
    """Return who brings the Node: ``the base image has``."""
    return f"{build.node.source} has" if build.node.installed else "the base image has"


def _range(least: int | None, greatest: int) -> str:
    return f"{least} to {greatest}" if least and least != greatest else str(greatest)


RULE = Rule(
    "node",
    "Node does not fit the release",
    "The Node of the build is older than the release requires, or newer than its assets "
    "can be built with.",
    "plan",
    "Install the Node that the release requires in the Dockerfile; `{prog} check --verbose` "
    "shows the lines.",
    "https://inveniordm.docs.cern.ch/install/requirements/",
    find,
)
