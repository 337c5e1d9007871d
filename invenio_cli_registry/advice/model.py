# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The answer for one project, as records; the reports lay them out."""

from __future__ import annotations

from typing import NamedTuple

from ..catalog import Evidence, Recipe, Release
from ..judgement import Judged
from ..project.places import Place
from ..reference import Image


class Command(NamedTuple):
    """A line to type, and a word on it."""

    line: str
    remark: str = ""
    words: str = ""  #: of one of ours: without our name, and what it is about


class Option(NamedTuple):
    """One way to go on."""

    text: str
    commands: tuple[Command, ...] = ()
    after: str = ""


class Cause(NamedTuple):
    """One reason to act, or not to, as it is said behind "Act now?"."""

    act: str
    text: str


class Fact(NamedTuple):
    """What the instance is, where that was read, and until when it is looked after."""

    what: str
    source: str
    state: str


class Target(NamedTuple):
    """What a reference should become."""

    image: Image | None = None
    evidence: Evidence | None = None
    where: str = ""  #: what people call the registry that the evidence is about
    same: bool = True  #: the same image, elsewhere
    auto: bool = False  #: ``migrate`` writes it without being asked for by name
    python: str | None = None  #: the Python that the pin must first be set to
    why_not: str = ""  #: why ``migrate`` does not write it by itself


class Finding(NamedTuple):
    """A judged reference and what it should become."""

    judged: Judged
    target: Target
    becomes: Image | None = None  #: the target, as served by a copy or through a cache
    recipes: tuple[Recipe, ...] = ()  #: what closes it, for the build on its FROM line


class Line(NamedTuple):
    """A line of a Dockerfile that fails already, or would break."""

    path: str
    line: int
    column: int
    excerpt: str
    message: str
    instead: str = ""
    source: str = ""
    certain: bool = True  #: False: it may still work, a person has to ask
    rule: str = ""


class Change(NamedTuple):
    """One place that has to change for a release."""

    kind: str  #: ``python``, ``package``, ``image``, ``node`` or ``service``
    what: str  #: as people call it: "Python 3.14", "Base image", "PostgreSQL"
    place: Place | None
    old: str  #: as written; empty where nothing is
    new: str
    by: str = "migrate"  #: or ``hand``: nobody but a person can
    remark: str = ""


class Upgrade(NamedTuple):
    """What an upgrade to a release asks for, in the order to do it."""

    release: Release
    first: Release | None  #: the release in between, which comes before it
    path: tuple[Release, ...]  #: every step, the release itself the last
    changes: tuple[Change, ...]
    services: tuple[Change, ...]  #: outside of the instance's files
    unknown: tuple[str, ...]  #: what no page says of the release
    fitting: tuple[str, ...] = ()  #: what needs no change, with its place
    command: Command | None = None  #: makes the part that is no guess
    after: tuple[Command, ...] = ()

    @property
    def pages(self) -> tuple[str, ...]:
        """Return the pages of every step, in order."""
        found = [step.upgrade_page or step.page for step in self.path]
        return tuple(dict.fromkeys(found))


class Advice(NamedTuple):
    """The answer: am I impacted, must I act, and what do I do."""

    act: str  #: ``now``, ``soon``, ``plan`` or ``no``
    action: str  #: ``none``, ``rewrite``, ``copy``, ``upgrade``, ``python``, ``review``
    answer: str  #: one sentence
    why: tuple[Cause, ...]  #: the reasons of the act, the most urgent first
    facts: tuple[Fact, ...] = ()
    recommended: Option | None = None
    alternatives: tuple[Option, ...] = ()
    no_way: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    failing: tuple[Line, ...] = ()
    breaking: tuple[Line, ...] = ()
    path: tuple[Release, ...] = ()
    hint: str = ""  #: what to do in time, when nothing has to be done now
    upgrade: Upgrade | None = None  #: asked for with ``--for``

    @property
    def commands(self) -> tuple[Command, ...]:
        """Return the commands of the recommendation."""
        return self.recommended.commands if self.recommended else ()
