# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Records about the commands of Dockerfiles: which fail, what packages are called, recipes.

Their files explain themselves: ``commands.toml``, ``packages.toml``, ``recipes.toml``. Pure.
"""

from __future__ import annotations

from typing import Mapping, NamedTuple


class CommandRule(NamedTuple):
    """Commands that fail on a system already (no ``to``), or break on the way to another."""

    id: str
    systems: tuple[str, ...]
    message: str
    instead: str
    source: str
    to: tuple[str, ...] = ()
    pythons: tuple[str, ...] = ()  #: of the new image; empty: any
    instructions: tuple[str, ...] = ("RUN",)
    programs: tuple[str, ...] = ()  #: empty: any
    verbs: tuple[str, ...] = ()  #: the first word that is no option; empty: any
    words: tuple[str, ...] = ()  #: shell patterns; each word that matches is a place
    without: tuple[str, ...] = ()  #: says nothing about a command with such a word
    ignore: tuple[str, ...] = ()  #: commands that it says nothing about
    unless: tuple[str, ...] = ()  #: commands after which it says nothing
    missing: bool = False  #: it is about programs that are not there
    outer: bool = False  #: only what the shell of the RUN itself runs
    certain: bool = True  #: False: the command may still work
    packages: bool = False  #: what to do instead is made of ``packages.toml``


class Packages(NamedTuple):
    """What the packages of RPM systems are called on another system."""

    system: str
    source: str
    names: Mapping[str, str]
    drop: Mapping[str, str]  #: shell pattern -> why it is not needed, a clause


class Recipe(NamedTuple):
    """Lines for a Dockerfile that resolve one of our findings."""

    id: str
    name: str
    systems: tuple[str, ...]
    lines: tuple[str, ...]  #: to write below the FROM line
    tested: str  #: what was tried, "" when nothing was
    source: str
    python: str | None = None  #: it brings this Python
    managers: tuple[str, ...] = ()  #: to builds with these managers; empty: any
    node: str | None = None  #: it brings this Node, by its major
    rules: tuple[str, ...] = ()  #: the command rules that it resolves
