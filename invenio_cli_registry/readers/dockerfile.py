# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A Dockerfile's stages and the images that BuildKit would pull for them. Pure.

Which name is a stage and which an image follows ``frontend/dockerfile/dockerfile2llb``.
"""

from __future__ import annotations

import re
from collections import ChainMap
from itertools import islice
from typing import Dict, Iterator, Mapping, NamedTuple, Sequence

from ..reference import InvalidReference, parse
from .flags import flag_values, mounted, skip_flags
from .instructions import read_directives, read_instructions
from .model import Dockerfile, Instruction, Piece, Reference, Stage
from .patterns import may_equal
from .source import SPACE, Source, Span
from .variables import CannotExpand, Pieces, Text, as_pieces, expand, join, list_unset

_ARGUMENT = re.compile(r"[^\t\v\f\r ]+")
_USED = re.compile(r"\$\{?([A-Za-z_]\w*)")
_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")
_NUMBER = re.compile(r"[+-]?[0-9]+")
#: By escape character.
_ARG_WORD = {
    escape: re.compile(
        rf"""(?:[^{SPACE}"'{sign}]+|{sign}.?|"(?:[^"{sign}]|{sign}.)*"?|'[^']*'?)+""",
        re.DOTALL,
    )
    for escape, sign in (("\\", r"\\"), ("`", "`"))
}
#: A base could be any of many stages only in a file made to keep us busy.
_MOST_STAGES = 200
#: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
PLATFORM_ARGUMENTS = tuple(
    f"{side}{part}"
    for side in ("BUILD", "TARGET")
    for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)
#: What a value is that hangs on the machine that builds.
_UNKNOWN: Pieces = (Piece(None, None),)


class _Values(NamedTuple):
    """The build arguments that FROM lines see."""

    pieces: dict[str, Pieces]
    reasons: dict[str, str]  #: why one has no value, although it is declared


class _Base(NamedTuple):
    """What a FROM line names."""

    reference: Reference | None
    parent: int | None


def read_dockerfile(
    source: Source, arguments: Mapping[str, Pieces] = {}, *, whole: bool = True
) -> Dockerfile:
    """Read a Dockerfile; any text is one, and what is not understood is skipped.

    :param arguments: build arguments from outside (compose ``build.args``); they count
        where an ARG before the first FROM declares them.
    :param whole: else without the instructions; stages and images are the same.
    """
    directives = read_directives(source)
    values = _Values(dict.fromkeys(PLATFORM_ARGUMENTS, _UNKNOWN), {})
    names: dict[str, int] = {}
    stages: list[Stage] = []
    instructions = tuple(read_instructions(source, directives.escape, whole=whole))
    for read in instructions:
        if read.keyword == "FROM" and not read.onbuild:
            stage = _read_from(
                read, source.path, directives.escape, values, names, stages
            )
            if stage:
                stages.append(stage)
                if stage.name:
                    names.pop(stage.name, None)  # the latest come last
                    names[stage.name] = stage.number
        elif read.keyword == "ARG" and not stages and not read.onbuild:
            _read_arg(read, source.path, directives.escape, values, arguments)
    references = [*_read_syntax(directives.syntax, source)]
    for read in instructions:
        if read.keyword == "FROM" or read.text.startswith("--"):
            references.extend(_list_references(read, source, names, stages))
    kept = instructions if whole else ()
    return Dockerfile(
        source.path, kept, tuple(stages), tuple(references), frozenset(arguments)
    )


def _read_syntax(span: Span | None, source: Source) -> Iterator[Reference]:
    if span:
        text = source.cut(span)
        yield _finish(Reference("syntax", span, text, (Piece(text, span),)))


def _list_references(
    read: Instruction, source: Source, names: Dict[str, int], stages: Sequence[Stage]
) -> Iterator[Reference]:
    """Yield the images that one instruction pulls."""
    if read.keyword == "FROM":
        base = stages[read.stage].base if read.stage is not None else None
        # What follows a refused FROM belongs to the stage before it.
        yield from [base] if base and read.start <= base.span.start < read.end else []
    elif read.keyword == "COPY":
        # A number is a stage, or refused.
        for value in flag_values(read, "from", source.path):
            if not _NUMBER.fullmatch(value.text):
                yield from _name_image("copy", value, read, names)
    elif read.keyword == "RUN":
        for value in mounted(read, source.path):
            yield from _name_image("mount", value, read, names)


def _name_image(
    kind: str, value: Text, read: Instruction, names: Dict[str, int]
) -> Iterator[Reference]:
    """Yield the reference of a name in which nothing is expanded; none is the context."""
    if not value.text or value.text.lower() in names:
        return
    reference = _refer(kind, value, read.stage)
    if "$" in value.text:
        flag = "COPY --from" if kind == "copy" else "RUN --mount"
        reference = reference._replace(unresolved=f"{flag} expands no variables")
    yield _finish(reference)


def _refer(kind: str, value: Text, stage: int | None) -> Reference:
    """Return the reference of a text as it stands, over continued lines as well."""
    span = Span(value.path, value.offsets[0], value.offsets[-1] + 1)
    return Reference(kind, span, value.text, as_pieces(value), stage=stage)


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
    names: Dict[str, int],
    stages: Sequence[Stage],
) -> Stage | None:
    words = list(_ARGUMENT.finditer(read.text, skip_flags(read.text)))
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
    if any(word.startswith("#") for word in rest):
        return None, "a comment is not allowed behind FROM's image"
    return None, "FROM takes an image, or an image, AS and a name"


def _resolve_base(
    text: Text,
    values: _Values,
    names: Dict[str, int],
    stages: Sequence[Stage],
    number: int,
) -> _Base:
    """Expand a base, then look it up among the earlier stages."""
    reference = _refer("from", text, number)
    try:
        reference = reference._replace(pieces=expand(text, values.pieces))
    except CannotExpand as error:
        failed = reference._replace(pieces=_UNKNOWN, unresolved=str(error))
        return _Base(failed, None)
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
    reference: Reference, text: Text, values: _Values, names: Dict[str, int]
) -> int | None:
    """Return the earlier stage that a base names, or could name on some platform."""
    expanded = reference.expanded
    if expanded is not None:
        return names.get(expanded)
    # A variable without a value is empty; a platform's has one that nobody knows here.
    empty: dict[str, Pieces] = dict.fromkeys(_list_unset(text, values), ())
    try:
        pieces = expand(text, ChainMap(empty, values.pieces))
    except CannotExpand:  # A pattern is looked at only where there is a value.
        return None
    parts = [piece.text for piece in pieces]
    latest = islice(reversed(names), _MOST_STAGES)
    return next((names[name] for name in latest if may_equal(name, parts)), None)


def _list_unset(text: Text, values: _Values) -> list[str]:
    """Return the variables that a text uses and that have no value, or lack a part."""
    used = _USED.findall(text.text)
    lacking = [name for name in used if name in values.reasons]
    return [*list_unset(text, values.pieces), *lacking]


def _why_unknown(text: Text, values: _Values) -> str:
    unset = _list_unset(text, values)
    if unset:
        return values.reasons.get(unset[0], f"{unset[0]} has no value")
    return "its value hangs on the platform of the build"


def _read_arg(
    read: Instruction,
    path: str,
    escape: str,
    values: _Values,
    arguments: Mapping[str, Pieces],
) -> None:
    """Take the global build arguments of one ARG; a later one may use an earlier one."""
    for match in _ARG_WORD[escape].finditer(read.text):
        name, equals, _ = match[0].partition("=")
        start, end = match.start() + len(name) + 1, match.end()
        if name in arguments:
            _set(name, arguments[name], f"{name} has no value", values)
        elif equals:
            text = Text(read.text[start:end], read.offsets[start:end], path, escape)
            try:
                unset = _list_unset(text, values)
                reason = f"{unset[0]} has no value" if unset else ""
                _set(name, expand(text, values.pieces), reason, values)
            except CannotExpand as error:
                _set(name, _UNKNOWN, f"{name}: {error}", values)


def _set(name: str, value: Pieces, reason: str, values: _Values) -> None:
    """Give a build argument its value, or say why it has none."""
    values.pieces[name] = value
    if reason and join(value) is None:
        values.reasons[name] = reason
    else:
        values.reasons.pop(name, None)


#: In lower case, behind a line feed: a FROM with a variable, or with quotes and escapes,
#: which can stand within a name. Patterns that begin with one character are ten times as
#: fast as others.
_DYNAMIC = re.compile(
    rb"""\n[^\x21-\x7e\n]*(?:onbuild\s+)?from\b[^\n$\\`"']*[$\\`"']"""
)
_QUOTED_FLAG = re.compile(
    rb"""--(?<![^\s\x80-\xff]--)(?:from|mount)=[^\s"'\\]*["'\\]"""
)
_ESCAPED_ENDS = tuple(
    re.compile(sign + rb"(?<=\S.)[ \t\r]*\n") for sign in (rb"\\", b"`")
)


def may_hold(data: bytes, needles: Sequence[bytes]) -> bool:
    """Tell whether a Dockerfile could name one of the needles.

    It does when they are in its bytes; it may when a FROM line holds a variable, when a
    name has quotes in it, or when an escape character joins two lines within a word.
    """
    for needle in needles:
        if needle in data:
            return True
    lower = b"\n" + data.lower()
    if _DYNAMIC.search(lower) or _QUOTED_FLAG.search(lower):
        return True
    return any(end.search(data) for end in _ESCAPED_ENDS)
