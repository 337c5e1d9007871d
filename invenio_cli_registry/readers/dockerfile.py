# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A Dockerfile's stages and the images that BuildKit would pull for them. Pure.

Which name is a stage and which an image follows ``frontend/dockerfile/dockerfile2llb``.
"""

from __future__ import annotations

import re
from typing import Iterator, Mapping, NamedTuple, Sequence

from ..reference import InvalidReference, parse
from .instructions import read_directives, read_instructions
from .model import Dockerfile, Instruction, Piece, Reference, Stage
from .source import Source, Span
from .variables import CannotExpand, Pieces, Text, expand, list_unset

_BLANKS = "\t\v\f\r "
_ARGUMENT = re.compile(r"[^\t\v\f\r ]+")
_FLAG = re.compile(r"--(?:[^\t\v\f\r \"'\\]|\\.|\"[^\"]*\"|'[^']*')*")
_USED = re.compile(r"\$\{?([A-Za-z_]\w*)")
_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")
_ARG_WORD = re.compile(r"""(?:[^\s"'\\]|\\.?|"(?:[^"\\]|\\.)*"?|'[^']*'?)+""")
#: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
PLATFORM_ARGUMENTS = tuple(
    f"{side}{part}"
    for side in ("BUILD", "TARGET")
    for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)
#: What a value is that hangs on the machine that builds.
_UNKNOWN: Pieces = (Piece(None, None),)
_PLAIN = re.compile(r"[^$\"'\\`]*")


class _Values(NamedTuple):
    """The build arguments that FROM lines see."""

    pieces: dict[str, Pieces]
    reasons: dict[str, str]  #: why one has no value, although it is declared


class _Base(NamedTuple):
    """What a FROM line names."""

    reference: Reference | None
    parent: int | None


def read_dockerfile(source: Source, arguments: Mapping[str, Pieces] = {}) -> Dockerfile:
    """Read a Dockerfile; any text is one, and what is not understood is skipped.

    :param arguments: build arguments from outside (compose ``build.args``); they count
        where an ARG before the first FROM declares them.
    """
    directives = read_directives(source)
    values = _Values(dict.fromkeys(PLATFORM_ARGUMENTS, _UNKNOWN), {})
    names: dict[str, int] = {}
    stages: list[Stage] = []
    instructions: list[Instruction] = []
    for read in read_instructions(source, directives.escape):
        if read.keyword == "FROM" and not read.onbuild:
            stage = _read_from(
                read, source.path, directives.escape, values, names, stages
            )
            if stage:
                stages.append(stage)
                if stage.name:
                    names[stage.name] = stage.number
        elif read.keyword == "ARG" and not stages and not read.onbuild:
            _read_arg(read, source.path, directives.escape, values, arguments)
        number = len(stages) - 1 if stages else None
        instructions.append(read._replace(stage=number))
    references = [*_read_syntax(directives.syntax, source)]
    for read in instructions:
        references.extend(_list_references(read, source, names, stages))
    return Dockerfile(
        source.path, tuple(instructions), tuple(stages), tuple(references)
    )


def _read_syntax(span: Span | None, source: Source) -> Iterator[Reference]:
    if span:
        text = source.cut(span)
        yield _finish(Reference("syntax", span, text, (Piece(text, span),)))


def _list_references(
    read: Instruction, source: Source, names: Mapping[str, int], stages: Sequence[Stage]
) -> Iterator[Reference]:
    """Yield the images that one instruction pulls."""
    if read.keyword == "FROM":
        base = stages[read.stage].base if read.stage is not None else None
        # What follows a refused FROM belongs to the stage before it.
        yield from [base] if base and read.start <= base.span.start < read.end else []
    elif read.keyword == "COPY":
        # A number is a stage, or refused.
        for value in _flag_values(read, source, "from"):
            if not value.text.isdigit() and value.text.lower() not in names:
                yield _name_image("copy", value, read)
    elif read.keyword == "RUN":
        for value in _mounted(read, source):
            if value.text.lower() not in names:
                yield _name_image("mount", value, read)


def _skip_flags(text: str) -> int:
    """Return where an instruction's arguments begin behind its flags."""
    return max((end for _, _, end in _find_flags(text)), default=0)


def _find_flags(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where each flag begins and ends, and where what follows it begins."""
    at = 0
    while True:
        match = _FLAG.match(text, at)
        if not match:
            return
        at = match.end()
        while at < len(text) and text[at] in _BLANKS:
            at += 1
        yield match.start(), match.end(), at
        if match[0] == "--":
            return


def _flag_values(read: Instruction, source: Source, name: str) -> Iterator[Text]:
    """Yield the value of each flag of a name in front of an instruction's arguments."""
    for start, end, _ in _find_flags(read.text):
        key, equals, _ = read.text[start:end].partition("=")
        if equals and key.lower() == f"--{name}":
            start += len(key) + 1
            yield Text(read.text[start:end], read.offsets[start:end], source.path)


def _mounted(read: Instruction, source: Source) -> Iterator[Text]:
    """Yield what ``from=`` names in mounts; an empty one is the build context."""
    for mount in _flag_values(read, source, "mount"):
        at = 0
        for field in mount.text.split(","):
            key, _, value = field.partition("=")
            if value and key.strip().lower() == "from":
                start = at + len(key) + 1
                yield mount.cut(start, start + len(value))
            at += len(field) + 1


def _name_image(kind: str, value: Text, read: Instruction) -> Reference:
    """Return the reference of a name in which nothing is expanded."""
    span, piece = _place(value)
    reference = Reference(kind, span, value.text, (piece,), stage=read.stage)
    if "$" in value.text:
        flag = "COPY --from" if kind == "copy" else "RUN --mount"
        return reference._replace(unresolved=f"{flag} expands no variables")
    if kind == "copy" and value.text == "scratch":
        return reference
    return _finish(reference)


def _place(value: Text) -> tuple[Span, Piece]:
    """Return where a text stands, continued lines and all, and the piece that it is."""
    offsets = value.offsets
    at, end = (offsets[0], offsets[-1] + 1) if value.text else (0, 0)
    span = Span(value.path, at, end)
    return span, Piece(value.text, span)


def _finish(reference: Reference) -> Reference:
    """Say why a name is none that Docker accepts."""
    text = reference.expanded
    if text is None or reference.unresolved:
        return reference
    try:
        parse(text)
    except InvalidReference as error:
        return reference._replace(unresolved=str(error))
    return reference


def _read_from(
    read: Instruction,
    path: str,
    escape: str,
    values: _Values,
    names: Mapping[str, int],
    stages: Sequence[Stage],
) -> Stage | None:
    words = list(_ARGUMENT.finditer(read.text, _skip_flags(read.text)))
    if not words:
        return None
    start, end = words[0].span()
    text = Text(read.text[start:end], read.offsets[start:end], path, escape)
    number = len(stages)
    base = _resolve_base(text, values, names, stages, number)
    rest = [word[0] for word in words[1:]]
    name, refused = _read_stage_name(rest)
    reference = base.reference
    if reference and refused:
        reference = reference._replace(refused=refused)
    return Stage(number, name, reference, base.parent, read.line)


def _read_stage_name(rest: Sequence[str]) -> tuple[str | None, str]:
    """Return the stage's name, and why Docker refuses what follows the image."""
    if not rest:
        return None, ""
    if len(rest) == 2 and rest[0].lower() == "as":
        name = rest[1].lower()
        if _STAGE_NAME.fullmatch(name):
            return name, ""
        return None, f"{rest[1]!r} is no name for a build stage"
    if rest[0].startswith("#"):
        return None, "a comment is not allowed behind FROM's image"
    return None, "FROM takes an image, or an image, AS and a name"


def _resolve_base(
    text: Text,
    values: _Values,
    names: Mapping[str, int],
    stages: Sequence[Stage],
    number: int,
) -> _Base:
    """Expand a base, then look it up among the earlier stages."""
    span, piece = _place(text)
    reference = Reference("from", span, text.text, (piece,), stage=number)
    if not _PLAIN.fullmatch(text.text):
        try:
            pieces = expand(text, values.pieces)
        except CannotExpand as error:
            failed = (Piece(None, None),)
            return _Base(reference._replace(pieces=failed, unresolved=str(error)), None)
        reference = reference._replace(pieces=pieces)
    found = _find_stage(reference, text, values, names)
    if found is not None:
        return _Base(None, found)
    expanded = reference.expanded
    if expanded == "scratch":
        return _Base(None, None)
    if expanded is None:
        reason = _why_unknown(text, values)
        return _Base(reference._replace(unresolved=reason), None)
    if not expanded:
        reference = reference._replace(unresolved="the image's name is empty")
    return _Base(_finish(reference), None)


def _find_stage(
    reference: Reference, text: Text, values: _Values, names: Mapping[str, int]
) -> int | None:
    """Return the earlier stage that a base names, or could name on some platform."""
    expanded = reference.expanded
    if expanded is not None:
        return names.get(expanded)
    # A variable without a value is empty; a platform's has one that nobody knows here.
    unknown = "" if list_unset(text, values.pieces) else ".+"
    parts = (
        unknown if piece.text is None else re.escape(piece.text)
        for piece in reference.pieces
    )
    pattern = re.compile("".join(parts))
    matches = [number for name, number in names.items() if pattern.fullmatch(name)]
    return max(matches, default=None)


def _why_unknown(text: Text, values: _Values) -> str:
    unset = list_unset(text, values.pieces)
    if unset:
        return f"{unset[0]} has no value"
    used = _USED.findall(text.text)
    reasons = [values.reasons[name] for name in used if name in values.reasons]
    if reasons:
        return reasons[0]
    return "its value hangs on the platform of the build"


def _read_arg(
    read: Instruction,
    path: str,
    escape: str,
    values: _Values,
    arguments: Mapping[str, Pieces],
) -> None:
    """Take the global build arguments of one ARG; a later one may use an earlier one."""
    for match in _ARG_WORD.finditer(read.text):
        name, equals, _ = match[0].partition("=")
        start, end = match.start() + len(name) + 1, match.end()
        if name in arguments:
            values.pieces[name] = arguments[name]
        elif equals:
            text = Text(read.text[start:end], read.offsets[start:end], path, escape)
            try:
                values.pieces[name] = expand(text, values.pieces)
                values.reasons.pop(name, None)
            except CannotExpand as error:
                values.pieces[name] = _UNKNOWN
                values.reasons[name] = f"{name}: {error}"


#: A line that names an image with a variable, or may be continued in the middle of one.
_DYNAMIC = re.compile(
    rb"(?im)^[ \t]*(?:onbuild[ \t]+)?from\b[^\n]*(?:\$|[\\`][ \t\r]*$)"
)
_ESCAPED_END = re.compile(rb"\S[\\`][ \t\r]*\n")


def may_hold(data: bytes, needles: Sequence[bytes]) -> bool:
    """Tell whether a Dockerfile could name one of the needles.

    It does when they are in its bytes; it may when a FROM line holds a variable, or when
    an escape character joins two lines in the middle of a word.
    """
    if any(needle in data for needle in needles):
        return True
    return bool(_DYNAMIC.search(data) or _ESCAPED_END.search(data))
