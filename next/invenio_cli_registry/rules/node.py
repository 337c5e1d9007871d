# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Node of a build, against what the release requires and builds its assets with. Pure."""

from __future__ import annotations

from typing import Iterator

from ..builds import Build
from ..case import Case
from ..catalog import Release
from ..model import Finding, Step
from ..survey import Instance
from ..ways import find_way
from .rule import Rule, find_recipe, place_of

_NODE_SASS = "https://github.com/sass/node-sass#node-version-support-policy"


def find_nodes(instance: Instance, case: Case) -> Iterator[Finding]:
    """Yield a finding for each build whose Node the release does not work with."""
    release, seen = case.release, set()
    for build in instance.builds if release else ():
        place = (build.node.span or place_of(build)).key
        node = int(build.node.version or 0)
        if release is None or not node or not build.installs_instance or place in seen:
            continue
        moves = build.base and find_way(build.base, instance, case).becomes
        if case.asked and moves and not build.node.installed:
            continue  # The new image brings its own Node.
        seen.add(place)
        wanted, act, why = _compare(node, release)
        if wanted:
            yield _finding(build, release, wanted, act, why, case)


def _compare(node: int, release: Release) -> tuple[int, str, str]:
    """Return the Node that the release works with, the act, and what it requires."""
    least, greatest = release.node
    if release.node_builds_to and node > release.node_builds_to:
        wanted = release.node_builds_to
        return wanted, "now", f"builds its assets with node-sass 4, up to Node {wanted}"
    if least and node < least:
        return least, "plan", f"requires Node {least} or later"
    if greatest and node > greatest:
        return greatest, "plan", f"requires Node {least} to {greatest}"
    return 0, "no", ""


def _finding(
    build: Build, release: Release, wanted: int, act: str, why: str, case: Case
) -> Finding:
    installed, node = build.node.installed, build.node.version or ""
    exactly = int(node) > wanted  # A later one is what does not work.
    nodes = range(wanted, wanted + 1 if exactly else 100)
    recipe = find_recipe(case, build, nodes=nodes)
    lines = " (`--verbose` shows the lines)" if recipe else ""
    new = str(wanted) if exactly else f"{wanted} or later"
    return Finding(
        "node",
        act,
        build.node.span or place_of(build),
        f"{case.label()} {why}; {build.node.source if installed else 'the base image'} has "
        f"Node {node}.",
        why="The assets do not build." if act == "now" else "",
        help=f"Install Node {new} in the Dockerfile{lines}.",
        source=_NODE_SASS if act == "now" else release.page,
        subject=f"Node {node}",
        reference=build.base,
        recipe=recipe,
        step=Step("Node", node, new) if case.asked else None,
    )


RULES = (
    Rule(
        "node",
        "Node does not fit the release",
        "plan",
        "The Node of the build is older than the release requires, or newer than its assets "
        "can be built with.",
        "Install the Node that the release requires in the Dockerfile; `{prog} check "
        "--verbose` shows the lines.",
        "https://inveniordm.docs.cern.ch/install/requirements/",
        find_nodes,
    ),
)
