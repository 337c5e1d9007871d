# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A Dockerfile that is written in a compose file, each place in it found again. Pure."""

from __future__ import annotations

import re
from typing import Mapping, NamedTuple, Sequence

from .dockerfile import read_dockerfile
from .model import Dockerfile, Heredoc, Instruction, Piece, Reference, Stage
from .nodes import ScalarNode, begin_of
from .source import Source, Span
from .variables import Pieces

#: What the text is called while it is read; no file can have this name.
_INNER = "\0"
#: Compose makes one dollar of two, before Docker sees the text.
_CHARACTER = re.compile(r"\$\$|.", re.DOTALL)


class _Frame(NamedTuple):
    """The text of a Dockerfile, and where its characters stand in the compose file."""

    inner: Source
    outer: Source
    offsets: Sequence[int] | None  #: one more than there are characters; None: unknown
    whole: Span  #: of the scalar

    def span(self, span: Span) -> Span:
        """Return a span in the compose file; a build argument's is there already."""
        if span.path != _INNER:
            return span
        if self.offsets is None:
            return self.whole
        start, last = self.offsets[span.start], self.offsets[max(span.end - 1, 0)]
        return Span(self.outer.path, start, max(last + 1, start))

    def offset(self, offset: int) -> int:
        """Return an offset in the compose file."""
        return self.whole.start if self.offsets is None else self.offsets[offset]

    def line(self, line: int) -> int:
        """Return the line in the compose file."""
        return self.outer.position(self.offset(self.inner.offset(line, 1)))[0]


def read_inline(
    node: ScalarNode, args: Mapping[str, Pieces], source: Source
) -> Dockerfile:
    """Read the Dockerfile of ``dockerfile_inline``.

    In a literal block every line stands as it is, behind its indent, and can be changed.
    Elsewhere the places are those of the whole scalar, and nothing can be written.

    :param args: build arguments that the compose file gives it.
    """
    kept = [found.start() for found in _CHARACTER.finditer(node.value)]
    places = _align(node, source)
    frame = _Frame(
        Source(_INNER, "".join(node.value[at] for at in kept)),
        source,
        [places[at] for at in (*kept, len(node.value))] if places else None,
        Span(source.path, begin_of(node, source), node.end),
    )
    read = read_dockerfile(frame.inner, args)
    return Dockerfile(
        source.path,
        tuple(_move_instruction(one, frame) for one in read.instructions),
        tuple(_move_stage(one, frame) for one in read.stages),
        tuple(_move_reference(one, frame) for one in read.references),
    )


def _align(node: ScalarNode, source: Source) -> list[int] | None:
    """Return where each character of a literal block stands, and where it ends.

    None for any other scalar, and where YAML sees the end of a line and Docker does not.
    """
    at = source.text.find("\n", begin_of(node, source)) + 1
    texts, lines = node.value.split("\n"), source.text[at : node.end].split("\n")
    if node.style != "|" or len(lines) < len(texts):
        return None
    places: list[int] = []
    for text, line in zip(texts, lines):
        indent = len(line.rstrip("\r")) - len(text)
        if line.rstrip("\r") != " " * indent + text:
            return None
        places.extend(range(at + indent, at + indent + len(text)))
        places.append(at + len(line))
        at += len(line) + 1
    return places


def _move_reference(reference: Reference, frame: _Frame) -> Reference:
    span = frame.span(reference.span)
    written = frame.outer.cut(span)
    same = written.replace("$$", "$") == reference.text
    return reference._replace(
        span=span,
        text=written if same else reference.text,
        pieces=tuple(_move_piece(piece, frame) for piece in reference.pieces),
    )


def _move_piece(piece: Piece, frame: _Frame) -> Piece:
    span = piece.span and frame.span(piece.span)
    return piece._replace(
        span=span if span and frame.outer.cut(span) == piece.text else None
    )


def _move_stage(stage: Stage, frame: _Frame) -> Stage:
    base = stage.base and _move_reference(stage.base, frame)
    return stage._replace(base=base, line=frame.line(stage.line))


def _move_instruction(instruction: Instruction, frame: _Frame) -> Instruction:
    return instruction._replace(
        start=frame.offset(instruction.start),
        end=frame.offset(instruction.end),
        line=frame.line(instruction.line),
        offsets=[frame.offset(offset) for offset in instruction.offsets],
        heredocs=tuple(_move_heredoc(one, frame) for one in instruction.heredocs),
    )


def _move_heredoc(heredoc: Heredoc, frame: _Frame) -> Heredoc:
    return heredoc._replace(body=frame.span(heredoc.body))
