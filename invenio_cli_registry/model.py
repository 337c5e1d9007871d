# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The nouns: a file and a place in it, what the readers find there, findings and edits.

Nothing here reads, judges or prints. Every place is a span of the original text, so that a
file can be changed without being printed again.
"""

from __future__ import annotations

import bisect
import codecs
import datetime
import shlex
from functools import cached_property
from itertools import accumulate
from typing import Mapping, NamedTuple, Sequence, Tuple

from .catalog import Evidence, Recipe
from .image import Image, InvalidReference, named_image, parse

#: From the most to the least urgent: the answers to "Should I act now?".
ACTS = ("now", "soon", "plan", "no")


class Source:
    """The text of a file, and what it takes to write its bytes back."""

    def __init__(self, path: str, text: str, mark: bytes = b"") -> None:
        """Keep the text without its byte order mark.

        :param path: the file as reached from the current directory, as it is printed.
        """
        self.path = path
        self.text = text
        self.mark = mark

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Source:
        """Decode UTF-8, with a byte order mark or without; other bytes survive."""
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        return cls(path, data[len(mark) :].decode("utf-8", "surrogateescape"), mark)

    def changed(self, text: str) -> Source:
        """Return the same file with another text."""
        return Source(self.path, text, self.mark)

    def to_bytes(self, text: str | None = None) -> bytes:
        """Encode the text, or a changed one, as the file was."""
        text = self.text if text is None else text
        return self.mark + text.encode("utf-8", "surrogateescape")

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return [0, *accumulate(lengths)]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, from 1; only a line feed ends a line."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Return a place in it; without arguments, its beginning."""
        return Span(self, start, start if end is None else end)


class Span(NamedTuple):
    """A stretch of one file's text, in code points from 0."""

    source: Source
    start: int
    end: int

    @property
    def path(self) -> str:
        """Return the file's path as it is printed."""
        return self.source.path

    @property
    def text(self) -> str:
        """Return what is written there."""
        return self.source.text[self.start : self.end]

    @property
    def line(self) -> int:
        """Return the line that it begins in, from 1."""
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        """Return the column that it begins in, from 1, in code points."""
        return self.source.position(self.start)[1]

    @property
    def end_column(self) -> int | None:
        """Return the first column behind it, None when it is empty or ends in another line."""
        line, column = self.source.position(self.end)
        return column if self.start < self.end and line == self.line else None

    @property
    def key(self) -> tuple[str, int, int]:
        """Return what sorts and compares places, also those of a file read again."""
        return self.source.path, self.start, self.end

    @property
    def at_line(self) -> str:
        """Return ``Dockerfile:11``."""
        return f"{self.path}:{self.line}"

    def __str__(self) -> str:
        """Return ``Dockerfile:11:6``."""
        return f"{self.path}:{self.line}:{self.column}"


class Problem(NamedTuple):
    """Something that could not be read or understood; line 0 is the whole file."""

    path: str
    line: int
    message: str
    fatal: bool = False  #: whether ``check`` exits with 2 because of it


class Piece(NamedTuple):
    """A part of a reference's value and where it is written.

    ``text`` is None when the value is unknown (a variable without one, or one that depends
    on the platform of the build). ``span`` is None where nothing can be written safely.
    """

    text: str | None
    span: Span | None


Pieces = Tuple[Piece, ...]


class Reference(NamedTuple):
    """An image named in a file, at its place of use."""

    kind: str  #: ``from``, ``copy``, ``mount``, ``yaml`` or ``syntax``
    span: Span  #: the text at the place of use
    text: str  #: that text, as written
    pieces: Pieces  #: what it expands to, and where each part is written
    stage: int | None = None  #: number of the stage it begins, or is in
    refused: str = ""  #: why Docker refuses the line, a clause
    unresolved: str = ""  #: why there is no whole value ("PYTHON has no value")
    service: str = ""  #: the compose or CI service it is the image of
    split: bool = False  #: Helm: the pieces are registry, repository and tag
    fixed: str = ""  #: why it is never rewritten at this place, a clause

    @property
    def expanded(self) -> str | None:
        """Return the text with every variable replaced, None when one has no value."""
        texts = [piece.text for piece in self.pieces]
        return None if None in texts else "".join(text or "" for text in texts)

    @property
    def image(self) -> Image | None:
        """Return the image it names; of ``x/y:$V`` without tag, None when less is known."""
        return named_image(tuple(piece.text for piece in self.pieces))

    @property
    def tag_unknown(self) -> bool:
        """Tell whether the repository is known and the tag is not."""
        try:
            parse(self.expanded or "")
        except InvalidReference:
            return self.image is not None
        return False

    @property
    def names_organisation(self) -> bool:
        """Tell whether the text, or a value in it, names ``inveniosoftware``."""
        values = (piece.text or "" for piece in self.pieces)
        return any("inveniosoftware" in text for text in (self.text, *values))


class Heredoc(NamedTuple):
    """The body of a heredoc (``<<EOF``)."""

    name: str
    body: Span
    text: str  #: the body as written


class Instruction(NamedTuple):
    """One instruction, continuations joined, comments inside it left out."""

    keyword: str  #: upper-case; of ``ONBUILD RUN ...`` it is ``RUN``
    span: Span  #: from the keyword to the end, heredocs included
    text: str  #: the arguments, flags first, on one line (as BuildKit joins them)
    offsets: Sequence[int]  #: offset in the file of each character of ``text``
    heredocs: tuple[Heredoc, ...] = ()
    stage: int | None = None  #: None before the first FROM
    onbuild: bool = False

    def place(self, start: int, end: int) -> Span:
        """Return where a stretch of ``text`` is written."""
        if not self.offsets:
            return self.span
        first = self.offsets[min(start, len(self.offsets) - 1)]
        last = self.offsets[max(min(end, len(self.offsets)) - 1, 0)]
        return Span(self.span.source, first, max(last + 1, first))


class Stage(NamedTuple):
    """One FROM and what follows it."""

    number: int
    name: str | None  #: lower-case
    base: Reference | None  #: None for ``scratch`` and for an earlier stage
    parent: int | None  #: number of the earlier stage that it is built on
    span: Span  #: of the FROM instruction


class Dockerfile(NamedTuple):
    """A Dockerfile as read: every instruction, every stage, every external image."""

    source: Source
    instructions: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    references: tuple[Reference, ...]  #: in the order of use
    arguments: Mapping[str, Pieces] = {}  #: the build arguments it was read with

    @property
    def path(self) -> str:
        """Return the file's path; of an inline one, the compose file's."""
        return self.source.path


class ComposeBuild(NamedTuple):
    """The ``build:`` of a compose service."""

    context: str
    dockerfile: str | None
    args: Mapping[str, Pieces]
    inline: Dockerfile | None = None
    contexts: tuple[Reference, ...] = ()  #: ``additional_contexts`` that are images
    names: frozenset[str] = frozenset()  #: of all ``additional_contexts``


class Service(NamedTuple):
    """A compose service: what it is built from, or which image it runs."""

    name: str
    image: Reference | None
    build: ComposeBuild | None
    extends: tuple[str | None, str] | None = None  #: file (None: this one) and service


class YamlFile(NamedTuple):
    """A YAML file as read; ``services`` is empty for anything but a compose file."""

    source: Source
    references: tuple[Reference, ...]
    services: tuple[Service, ...] = ()
    problems: tuple[Problem, ...] = ()


class Edit(NamedTuple):
    """A stretch of one file's text, and what it becomes."""

    span: Span
    new: str

    @property
    def old(self) -> str:
        """Return the text that is replaced."""
        return self.span.text


class Change(NamedTuple):
    """The bytes that a file was read with, and those it shall have."""

    path: str
    old: bytes
    new: bytes


class Command(NamedTuple):
    """A command to type."""

    words: tuple[str, ...]  #: as a program receives them
    remark: str = ""  #: a few words behind it
    folder: str = ""  #: where it has to be typed, "" for the current folder

    @property
    def line(self) -> str:
        """Return it as a shell takes it."""
        text = " ".join(shlex.quote(word) for word in self.words)
        return f"(cd {shlex.quote(self.folder)} && {text})" if self.folder else text


class Option(NamedTuple):
    """One way to go on: a whole sentence that begins with a verb, and what to type."""

    text: str
    commands: tuple[Command, ...] = ()
    after: str = ""  #: what to know about it, whole sentences
    details: tuple[Command, ...] = ()  #: what ``--verbose`` shows in their place

    @property
    def sentence(self) -> str:
        """Return it with the first of its commands, on one line."""
        if not self.commands:
            return self.text
        line = f"`{self.commands[0].line}`."
        text = self.text
        return f"{text} {line}" if text.endswith(":") else f"{text} Run {line}"


class Way(NamedTuple):
    """What becomes of one reference: a row of the table in ``ways.py``, filled in."""

    row: str  #: name of the row
    image: Image | None = None  #: what it becomes, None: it stays
    becomes: Image | None = None  #: the same through the copies and caches in use
    evidence: Evidence | None = None  #: what speaks for ``image`` being there
    where: str = ""  #: what people call its registry
    same: bool = False  #: the same image, elsewhere
    writes: bool = False  #: ``migrate`` writes it without being asked for by name
    python: str | None = None  #: the Python that the pin has to be set to
    why_not: str = ""  #: why ``migrate`` does not write it unasked, a clause


class EndOfLife(NamedTuple):
    """A part of an instance that is no longer supported, or soon will not be."""

    what: str  #: ``InvenioRDM 9.1.7``, ``Python 3.8``, ``CentOS 8``
    source: str  #: where that was read: ``Pipfile.lock``, ``base image``
    end: datetime.date


class Step(NamedTuple):
    """One change that a release needs, as a line of a list: what, from, to, by whom."""

    what: str  #: "Python", "invenio-app-rdm", "base image", "PostgreSQL"
    old: str
    new: str
    by_hand: bool = True
    remark: str = ""


class Finding(NamedTuple):
    """One thing that is wrong, or will be, with its place."""

    rule: str
    act: str  #: one of ``ACTS``
    span: Span  #: of a whole file, its beginning
    message: str  #: a whole sentence
    why: str = ""  #: what happens if nothing is done, whole sentences
    help: str = ""  #: what to do, whole sentences
    options: tuple[
        Option, ...
    ] = ()  #: the same with commands, the recommended one first
    source: str = ""  #: the page that says so
    subject: str = ""  #: what it is about: an image, a version
    reference: Reference | None = None
    way: Way | None = None
    edits: tuple[Edit, ...] = ()  #: what ``migrate`` writes for it unasked
    recipe: Recipe | None = None  #: the lines that resolve it
    end: EndOfLife | None = None
    step: Step | None = None  #: in an upgrade, its line of the list
    accepted_until: datetime.date | None = None
