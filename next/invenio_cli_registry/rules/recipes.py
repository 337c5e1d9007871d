# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which lines of the catalogue's recipes resolve a finding. Pure."""

from __future__ import annotations

from ..builds import Build
from ..case import Case
from ..catalog.commands import Lines
from ..model import Recipe


def find_recipe(
    case: Case,
    build: Build,
    *,
    python: str | None = None,
    node: int | None = None,
    command: str | None = None,
    exact: bool = False,
) -> Recipe | None:
    """Return the recipe that brings what is missing to a build, None when there is none.

    :param python: the minor version that the build has to have.
    :param node: the least major, or with ``exact`` the only one.
    :param command: id of the command rule that it resolves.
    """
    for one in case.catalog.records(Lines):
        if build.system not in one.systems:
            continue
        brings_python = python is not None and one.python == python
        fits_manager = not one.managers or build.manager in one.managers
        brings_node = node is not None and one.node is not None
        if brings_node and one.node:
            brings_node = (
                int(one.node) == node if exact else int(one.node) >= (node or 0)
            )
        resolves = command is not None and command in one.rules
        if (brings_python and fits_manager) or brings_node or resolves:
            return Recipe(one.name, one.lines, one.tested, one.source)
    return None
