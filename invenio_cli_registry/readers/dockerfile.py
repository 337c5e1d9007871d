# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Read a Dockerfile: its instructions, its stages, and the images a build pulls. Pure.

How the text is split follows ``frontend/dockerfile/parser`` of BuildKit; which name is a
stage and which is an image follows ``dockerfile2llb``. What is not understood, such as the
``{% if %}`` of a template, is skipped.
"""

from __future__ import annotations

import re
from array import array
from itertools import chain, islice
from typing import Iterator, Mapping, Sequence

from ..model import (
    Dockerfile,
    Heredoc,
    Instruction,
    Pieces,
    Reference,
    Source,
    Span,
    Stage,
)
from .variables import UNKNOWN, UNSET, Text, Value, expand, join, refer

#: What an instruction begins with, ONBUILD left out; of anything else nothing is read.
KEYWORDS = frozenset([
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK",
    "LABEL", "MAINTAINER", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
])  # fmt: skip
_WITH_HEREDOC = frozenset({"ADD", "COPY", "RUN"})
#: The flags that name an image, and the kind of its reference.
_COPIES = {("COPY", "from"): "copy", ("RUN", "mount"): "mount"}
#: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
_PLATFORM_ARGUMENTS = tuple(
    side + part
    for side in ("BUILD", "TARGET")
    for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)
#: A base with an unknown part is compared with this many stages at most.
_MOST_STAGES = 100
#: Behind so many heredocs that nothing ends, no more are looked for.
_MOST_UNCLOSED = 100

#: By escape character, as an expression.
_ESCAPES = {"\\": r"\\", "`": "`"}
#: Comments and empty lines, also those between the lines of one instruction.
_SKIPPED = r"(?:[^\S\n]*(?:#[^\n]*)?(?:\n|\Z))*"
#: Between two lines of one instruction: an escape character at the end but for blanks, not
#: itself escaped.
_JOIN = {
    escape: re.compile(rf"{sign}(?<!{sign}{sign})[ \t]*\r*(?:\n|\Z){_SKIPPED}")
    for escape, sign in _ESCAPES.items()
}
#: An instruction with the lines that continue it.
_LOGICAL = {
    escape: re.compile(rf"{_SKIPPED}((?:[^\n]*{join.pattern})*[^\n]*)\n?")
    for escape, join in _JOIN.items()
}
_KEYWORD = re.compile(r"\s*((onbuild[\t\v\f\r ]\s*)?([^\t\v\f\r ]+))\s*", re.IGNORECASE)
_DIRECTIVE = re.compile(
    r"[^\S\n]*#[^\S\n]*(check|escape|syntax)[^\S\n]*=[^\S\n]*(\S+)[^\n]*\n?",
    re.IGNORECASE,
)
_FLAG = re.compile(
    r"""--([^\s="']*)(?:=((?:[^\s"']+|"[^"]*"|'[^']*'|["'])*))?\s*""", re.DOTALL
)
#: What a mount takes ``from``, among its fields.
_MOUNTED = re.compile(r"(?:^|,)from=([^,]*)", re.IGNORECASE)
#: A word of FROM; a template's expression is part of one, with its blanks.
_ARGUMENT = re.compile(r"(?:\{[{%][^{}]*\}\}?|[^\t\v\f\r ])+")
_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")
_NUMBER = re.compile(r"[+-]?[0-9]+")
#: A word of a shell, quotes kept.
_WORD = {
    escape: re.compile(
        rf"""(?:[^\s"'{sign}]+|{sign}.?|"(?:[^"{sign}]+|{sign}.)*"?|'[^']*'?)+""",
        re.DOTALL,
    )
    for escape, sign in _ESCAPES.items()
}
_QUOTES = re.compile(r"[\"'\\]")
#: Nobody gives one a longer name.
_HEREDOC = re.compile(r"[0-9]*<<(-?)([^<]{1,100})")
#: ``<< EOF``, which newer releases of BuildKit take as well.
_APART = re.compile(r"<<[\t ]+")


def read_dockerfile(
    source: Source,
    arguments: Mapping[str, Pieces] = {},
    contexts: frozenset[str] = frozenset(),
) -> Dockerfile:
    """Read a Dockerfile; any text is one.

    :param arguments: build arguments from outside (compose ``build.args``); they count
        where an ARG before the first FROM declares them.
    :param contexts: names of additional build contexts, which are no images.
    """
    reader = _Reader(source, arguments, contexts)
    instructions = tuple(reader.read())
    # A later stage may be named, too: Docker then says that it is one.
    references = [one for one in reader.references if not reader.is_local(one)]
    return Dockerfile(
        source, instructions, tuple(reader.stages), tuple(references), arguments
    )


class _Reader:
    """One pass over the text of a Dockerfile."""

    def __init__(
        self,
        source: Source,
        arguments: Mapping[str, Pieces],
        contexts: frozenset[str],
    ) -> None:
        self.source, self.text, self.escape = source, source.text, "\\"
        self.arguments, self.contexts = arguments, contexts
        unknown = Value((UNKNOWN,), "it depends on the platform of the build")
        #: What FROM lines see.
        self.values = dict.fromkeys(_PLATFORM_ARGUMENTS, unknown)
        self.stages: list[Stage] = []
        self.stage: int | None = None  #: number of the latest
        self.numbers: dict[str, int] = {}  #: of stages, by name; the latest is the last
        self.references: list[Reference] = []
        self.unclosed = 0  #: heredocs that nothing ends

    def read(self) -> Iterator[Instruction]:
        """Yield the instructions in their order, and keep what they name."""
        self._read_directives()
        at, pattern = 0, _LOGICAL[self.escape]
        while at < len(self.text):
            match = pattern.match(self.text, at)
            assert match is not None  # noqa: S101 - it matches any text
            at, end = match.end(), match.end(1)
            line, offsets = self._join(match.start(1), end)
            begins = _KEYWORD.match(line)
            keyword = begins[3].upper() if begins else ""
            if begins is None or keyword not in KEYWORDS:
                continue
            heredocs: tuple[Heredoc, ...] = ()
            if "<<" in line and keyword in _WITH_HEREDOC:
                heredocs = tuple(self._read_heredocs(line, at))
                if heredocs:
                    end = self.text.find("\n", heredocs[-1].body.end)
                    end = at = len(self.text) if end < 0 else end
            span = Span(self.source, offsets[begins.start(1)], end)
            first, text = begins.end(), line[begins.end() :].rstrip()
            offsets, onbuild = offsets[first : first + len(text)], begins[2] is not None
            if text.startswith("--") or keyword in ("ARG", "FROM"):
                written = Text(text, offsets, self.source, self.escape)
                self._take(keyword, onbuild, written, span)
            yield Instruction(
                keyword, span, text, offsets, heredocs, self.stage, onbuild
            )

    def _read_directives(self) -> None:
        """Read the unbroken block of directives at the top; the first of a kind counts."""
        found: dict[str, Span] = {}
        match = _DIRECTIVE.match(self.text)
        while match:
            found.setdefault(match[1].lower(), Span(self.source, *match.span(2)))
            match = _DIRECTIVE.match(self.text, match.end())
        if "escape" in found and found["escape"].text == "`":
            self.escape = "`"
        if "syntax" in found:
            span = found["syntax"]
            text = Text(span.text, range(span.start, span.end), self.source)
            self.references.append(refer("syntax", span, span.text, Value(text.pieces)))

    def _join(self, start: int, end: int) -> tuple[str, Sequence[int]]:
        """Return the lines of an instruction as one, and where each character is written.

        Without comments, empty lines, and the escape characters that end lines.
        """
        text = self.text[start:end]
        if self.escape not in text:
            return text, range(start, end)
        parts = []
        for gap in _JOIN[self.escape].finditer(self.text, start, end):
            parts.append(range(start, gap.start()))
            start = gap.end()
        parts.append(range(start, end))
        offsets = array("l", chain.from_iterable(parts))
        return "".join(self.text[one.start : one.stop] for one in parts), offsets

    def _read_heredocs(self, line: str, at: int) -> Iterator[Heredoc]:
        """Yield the heredocs that a line begins; their bodies follow in their order.

        One that nothing ends is none: Docker refuses it, and ``$((1 << 2))`` looks alike.

        :param at: where the next line starts.
        """
        for word in _WORD["\\"].findall(_APART.sub("<<", line)):
            match = _HEREDOC.fullmatch(word)
            name = _QUOTES.sub("", match[2]) if match else ""
            if match is None or not name or self.unclosed > _MOST_UNCLOSED:
                continue
            tabs = r"\t*" if match[1] else ""
            ending = re.compile(rf"^{tabs}{re.escape(name)}\r*$", re.MULTILINE)
            found = ending.search(self.text, at)
            if found:
                body = Span(self.source, at, found.start())
                at = found.end() + 1
                yield Heredoc(name, body, body.text)
            else:
                self.unclosed += 1

    def _take(self, keyword: str, onbuild: bool, text: Text, span: Span) -> None:
        """Take what an instruction says of images; a trigger runs in another build."""
        if keyword == "FROM" and not onbuild:
            self._take_from(text, span)
        elif keyword == "ARG" and not onbuild and not self.stages:
            self._take_arg(text)
        elif text.text.startswith("--"):
            self.references.extend(self._list_copied(keyword, text))

    def _take_arg(self, text: Text) -> None:
        """Take the build arguments of an ARG; a later one may use an earlier one."""
        for match in _WORD[self.escape].finditer(text.text):
            name, equals, _ = match[0].partition("=")
            if name in self.arguments:
                pieces = self.arguments[name]
                reason = f"{name} has no value" if join(pieces) is None else ""
                self.values[name] = Value(pieces, reason)
            elif equals:
                value = text.cut(match.start() + len(name) + 1, match.end())
                self.values[name] = expand(value, self.values)

    def _take_from(self, text: Text, span: Span) -> None:
        """Take the stage of a FROM, and its base if that is an image."""
        words = [*_ARGUMENT.finditer(text.text, skip_flags(text.text))]
        if not words:
            return
        image = text.cut(*words[0].span())
        value = expand(image, self.values)
        self.stage = len(self.stages)
        base: Reference | None
        base = refer("from", image.span, image.text, value, self.stage)
        name, refused = _read_stage_name([word[0] for word in words[1:]])
        if "{{" not in text.text and "{%" not in text.text:
            base = base._replace(refused=refused)
        parent = self._find_stage(value.pieces)
        if parent is not None or base.expanded in ("scratch", *self.contexts):
            base = None
        else:
            self.references.append(base)
        self.stages.append(Stage(self.stage, name, base, parent, span))
        if name:
            self.numbers.pop(name, None)
            self.numbers[name] = self.stage

    def _find_stage(self, pieces: Pieces) -> int | None:
        """Return the earlier stage that a value is, or could be on some platform.

        Of a value with unknown parts the two ends are compared.
        """
        # A variable without a value is empty to Docker.
        parts = ["" if piece is UNSET else piece.text for piece in pieces]
        if None not in parts:
            return self.numbers.get("".join(part or "" for part in parts))
        first, last = parts[0] or "", parts[-1] or ""
        for name in islice(reversed(self.numbers), _MOST_STAGES):
            if name.startswith(first) and name[len(first) :].endswith(last):
                return self.numbers[name]
        return None

    def _list_copied(self, keyword: str, text: Text) -> Iterator[Reference]:
        """Yield what COPY and RUN take files from: an image, or a stage, as it is named."""
        for flag in _find_flags(text.text):
            kind = _COPIES.get((keyword, flag[1].lower()))
            if kind is None or not flag[2]:
                continue
            named = text.cut(*_unquote(flag))
            if kind == "mount":
                fields = [*_MOUNTED.finditer(named.text)]
                named = named.cut(*fields[-1].span(1)) if fields else named.cut(0, 0)
            # A number is a stage, to COPY; nothing at all is the build context.
            is_stage = kind == "copy" and _NUMBER.fullmatch(named.text)
            if named.text and not is_stage:
                reference = refer(
                    kind, named.span, named.text, Value(named.pieces), self.stage
                )
                if "$" in named.text:
                    reason = f"{keyword} --{flag[1].lower()} expands no variables"
                    reference = reference._replace(unresolved=reason)
                yield reference

    def is_local(self, reference: Reference) -> bool:
        """Tell whether COPY or RUN names a stage or a build context."""
        name = reference.text
        is_other = name.lower() in self.numbers or name in self.contexts
        return reference.kind in ("copy", "mount") and is_other


def _read_stage_name(rest: Sequence[str]) -> tuple[str | None, str]:
    """Return the stage's name, and why Docker refuses what follows the image."""
    if not rest:
        return None, ""
    if any(word.startswith("#") for word in rest):
        return None, "a comment is not allowed behind FROM's image"
    if len(rest) != 2 or rest[0].lower() != "as":
        return None, "FROM takes an image, or an image, AS and a name"
    name = rest[1].lower()
    if not _STAGE_NAME.fullmatch(name):
        return None, f"{rest[1]!r} is not a valid name for a build stage"
    return name, ""


def skip_flags(text: str) -> int:
    """Return where an instruction's arguments begin behind its flags."""
    return max((flag.end() for flag in _find_flags(text)), default=0)


def flag_values(text: str, name: str) -> Iterator[str]:
    """Yield the values of the flags of a name, without the quotes around them."""
    for flag in _find_flags(text):
        if flag[1].lower() == name and flag[2]:
            start, end = _unquote(flag)
            yield text[start:end]


def _unquote(flag: re.Match[str]) -> tuple[int, int]:
    """Return where the value of a flag is, without the quotes around it."""
    value = flag[2]
    quoted = len(value) > 1 and value[0] in "\"'" and value[0] == value[-1]
    return flag.start(2) + quoted, flag.end(2) - quoted


def _find_flags(text: str) -> Iterator[re.Match[str]]:
    """Yield the flags before an instruction's arguments; ``--`` alone is the last one."""
    match = _FLAG.match(text)
    while match:
        yield match
        match = _FLAG.match(text, match.end()) if match[1] else None


#: What can hide a name, in lower case: a FROM with a variable, quotes or escapes, and lines
#: that are joined within a word. All take time in proportion to the text, on any bytes: no
#: two matches of one begin in the same line or word.
_HIDING = (
    re.compile(rb"""\n[^!-~\n]*(?:onbuild\s+)?from\b[^\n$\\`"']*[$\\`"']"""),
    re.compile(rb"\\(?<=\S.)[ \t\r]*\n"),
    re.compile(rb"`(?<=\S.)[ \t\r]*\n"),
)


def may_hold(data: bytes, needles: Sequence[bytes]) -> bool:
    """Tell whether a Dockerfile could name one of the needles, in its bytes or hidden."""
    if any(needle in data for needle in needles):
        return True
    lower = b"\n" + data.lower()
    return any(pattern.search(lower) for pattern in _HIDING)
