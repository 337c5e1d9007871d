# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the readers give: references and instructions, as places in the original text."""

from __future__ import annotations

from typing import Mapping, NamedTuple, Sequence

from .source import Problem, Span


class Piece(NamedTuple):
    """A part of a reference's value and where it is written.

    ``text`` is None when the value is unknown (a variable without one, or one that hangs
    on the build's platform). ``span`` is None where nothing can be written safely.
    """

    text: str | None
    span: Span | None


class Reference(NamedTuple):
    """An image named in a file, at its place of use."""

    kind: str  #: ``from``, ``copy``, ``mount``, ``yaml`` or ``syntax``
    span: Span  #: the text at the place of use
    text: str  #: that text, as written
    pieces: tuple[Piece, ...]  #: what it expands to, and where each part is written
    stage: int | None = None  #: number of the stage it begins, or stands in
    refused: str = ""  #: why Docker refuses the line
    unresolved: str = ""  #: why there is no whole value ("PYTHON has no value")
    service: str = ""  #: the compose service it is the image of
    split: bool = False  #: Helm: the pieces are registry, repository and tag
    report_only: bool = False  #: a scalar that only names the organisation

    @property
    def expanded(self) -> str | None:
        """Return the text with every variable replaced, None when one has no value."""
        texts = [piece.text for piece in self.pieces]
        return None if None in texts else "".join(text or "" for text in texts)


class Heredoc(NamedTuple):
    """The body of a heredoc (``<<EOF``) and the word that ends it."""

    name: str
    body: Span
    text: str = ""  #: the body as written


class Instruction(NamedTuple):
    """One instruction, continuations joined, comments inside it left out."""

    keyword: str  #: upper-case; of ``ONBUILD RUN ...`` it is ``RUN``
    start: int  #: offset of the keyword as written
    end: int  #: offset after the instruction, heredocs included
    line: int
    text: str  #: the arguments, flags first, on one line (as BuildKit joins them)
    offsets: Sequence[int]  #: offset in the file of each character of ``text``
    heredocs: tuple[Heredoc, ...] = ()
    stage: int | None = None  #: None before the first FROM
    onbuild: bool = False


class Stage(NamedTuple):
    """One FROM and what follows it."""

    number: int
    name: str | None  #: lower-case
    base: Reference | None  #: None for ``scratch`` and for an earlier stage
    parent: int | None  #: number of the earlier stage that it is built on
    line: int


class Dockerfile(NamedTuple):
    """A Dockerfile as read: every instruction, every stage, every external image."""

    path: str
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    references: tuple[Reference, ...]  #: in the order of use
    given: frozenset[str] = frozenset()  #: the build arguments that it was read with


class Build(NamedTuple):
    """The ``build:`` of a compose service."""

    context: str
    dockerfile: str | None
    args: Mapping[str, tuple[Piece, ...]]
    inline: Dockerfile | None = None


class Service(NamedTuple):
    """A compose service: what it is built from, or which image it runs."""

    name: str
    image: Reference | None
    build: Build | None
    extends: tuple[str | None, str] | None = None  #: file (None: this one) and service


class YamlFile(NamedTuple):
    """A YAML file as read. ``services`` is empty for anything but a compose file."""

    path: str
    references: tuple[Reference, ...]
    services: tuple[Service, ...]
    problems: tuple[Problem, ...]
