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
from functools import cached_property
from itertools import islice
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

#: What an instruction begins with; of anything else nothing is read.
KEYWORDS = frozenset([
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK",
    "LABEL", "MAINTAINER", "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME",
    "WORKDIR",
])  # fmt: skip
_WITH_HEREDOC = frozenset({"ADD", "COPY", "RUN"})
#: https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
_PLATFORM_ARGUMENTS = tuple(
    side + part
    for side in ("BUILD", "TARGET")
    for part in ("PLATFORM", "OS", "ARCH", "VARIANT")
)
#: A base with an unknown part is compared with this many stages at most.
_MOST_STAGES = 100

#: What Go takes for white space; ``str.strip`` would also take the separators 1C to 1F.
_SPACE = (
    "\t\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
#: Comments and empty lines, also those between the lines of one instruction.
_SKIPPED = rf"(?:[{_SPACE}]*(?:#[^\n]*)?\n)*"
#: By escape character: an instruction with the lines that continue it. A line is continued
#: when its last character but blanks is the escape character, not itself escaped.
_LOGICAL = {
    escape: re.compile(
        rf"{_SKIPPED}((?:[^\n]*{sign}(?<!{sign}{sign})[ \t]*\r*\n{_SKIPPED})*[^\n]*)\n?"
    )
    for escape, sign in (("\\", r"\\"), ("`", "`"))
}
_KEYWORD = re.compile(rf"[{_SPACE}]*([^{_SPACE}][^\t\v\f\r ]*)[\t\v\f\r ]*")
_DIRECTIVE = re.compile(
    rf"[{_SPACE}]*#\s*(check|escape|syntax)\s*=\s*(\S.*)", re.ASCII | re.IGNORECASE
)
_FLAG = re.compile(
    r"""(--(?:[^\t\v\f\r "'\\]+|\\.?|"(?:[^"\\]+|\\.?)*"?|'(?:[^'\\]+|\\.?)*'?)*)"""
    r"""[\t\v\f\r ]*""",
    re.DOTALL,
)
#: A word of FROM; a template's expression is part of one, with its blanks.
_ARGUMENT = re.compile(r"(?:\{[{%][^{}]*\}\}?|[^\t\v\f\r ])+")
_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")
_NUMBER = re.compile(r"[+-]?[0-9]+")
#: By escape character: a word of a shell, quotes kept.
_WORD = {
    escape: re.compile(
        rf"""(?:[^\n{_SPACE}"'{sign}]+|{sign}.?|"(?:[^"{sign}]+|{sign}.)*"?|'[^']*'?)+""",
        re.DOTALL,
    )
    for escape, sign in (("\\", r"\\"), ("`", "`"))
}
_QUOTES = re.compile(r"[\"'\\]")
_HEREDOC = re.compile(r"[0-9]*<<(-?)([^<]+)")
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
    escape, syntax = _read_directives(source)
    instructions = tuple(_Instructions(source, escape).read())
    stages = _Stages(escape, arguments, contexts)
    named: list[Reference] = []
    if syntax:
        value = Value(Text(syntax.text, range(syntax.start, syntax.end), source).pieces)
        named.append(refer("syntax", syntax, syntax.text, value))
    for step in instructions:
        if step.keyword == "FROM" and not step.onbuild:
            stage = stages.take_from(step)
            named.extend([stage.base] if stage and stage.base else [])
        elif step.keyword == "ARG" and not stages.found and not step.onbuild:
            stages.take_arg(step)
        elif step.text.startswith("--"):
            named.extend(_list_copied(step))
    # A later stage may be named, too: Docker then says that it is one.
    references = [one for one in named if not stages.has(one)]
    return Dockerfile(
        source, instructions, tuple(stages.found), tuple(references), arguments
    )


def _read_directives(source: Source) -> tuple[str, Span | None]:
    """Return the escape character, and where the image of ``# syntax=`` is named.

    Directives are the unbroken block of known ones at the top; the first of a kind counts.
    """
    found: dict[str, Span] = {}
    at = 0
    for line in source.text.split("\n", 32)[:32]:
        match = _DIRECTIVE.match(line)
        if match is None:
            break
        name, value = match[1].lower(), match[2].strip()
        value = value.split()[0] if name == "syntax" else value
        start = at + match.start(2)
        found.setdefault(name, Span(source, start, start + len(value)))
        at += len(line) + 1
    is_backtick = "escape" in found and found["escape"].text == "`"
    return "`" if is_backtick else "\\", found.get("syntax")


class _Instructions:
    """The instructions of a Dockerfile's text."""

    def __init__(self, source: Source, escape: str) -> None:
        self.source, self.text, self.escape = source, source.text, escape

    def read(self) -> Iterator[Instruction]:
        """Yield the instructions in their order, each with the number of its stage."""
        at, stage = 0, None
        pattern = _LOGICAL[self.escape]
        while at < len(self.text):
            match = pattern.match(self.text, at)
            assert match is not None  # noqa: S101 - it matches any text
            at = match.end()
            line, offsets = self._join(*match.span(1))
            begin, keyword, rest = _read_keyword(line, 0)
            onbuild = keyword == "ONBUILD"
            if onbuild:
                rest += len("-- ") if line.startswith("-- ", rest) else 0
                _, keyword, rest = _read_keyword(line, rest)
            if keyword not in KEYWORDS:
                continue
            end = match.end(1)
            heredocs: tuple[Heredoc, ...] = ()
            if keyword in _WITH_HEREDOC and "<<" in line:
                heredocs = tuple(self._read_heredocs(line, at))
                if heredocs:
                    end = self.text.find("\n", heredocs[-1].body.end)
                    end = at = len(self.text) if end < 0 else end
            text = line[rest:].rstrip(_SPACE)
            if keyword == "FROM" and not onbuild and _split_from(text):
                stage = 0 if stage is None else stage + 1
            yield Instruction(
                keyword,
                Span(self.source, offsets[begin], end),
                text,
                offsets[rest : rest + len(text)],
                heredocs,
                stage,
                onbuild,
            )

    def _join(self, start: int, end: int) -> tuple[str, Sequence[int]]:
        """Return the lines of an instruction as one, and where each character is written.

        Without comments, empty lines, and the escape characters that end lines.
        """
        text = self.text[start:end]
        if "\n" not in text and not text.rstrip("\t\r ").endswith(self.escape):
            return text, range(start, end)
        kept, offsets, at = [], array("l"), start
        for line in text.split("\n"):
            first = line.lstrip(_SPACE)[:1]
            if at == start or (first and first != "#"):
                body = line.rstrip("\r").rstrip("\t ")
                if body.endswith(self.escape) and not body.endswith(self.escape * 2):
                    part = body[:-1]
                else:
                    part = line.rstrip("\r")
                kept.append(part)
                offsets.extend(range(at, at + len(part)))
            at += len(line) + 1
        return "".join(kept), offsets

    def _read_heredocs(self, line: str, at: int) -> Iterator[Heredoc]:
        """Yield the heredocs that a line begins; their bodies follow in their order.

        One that nothing ends is none: Docker refuses it, and ``$((1 << 2))`` looks alike.

        :param at: where the next line starts.
        """
        for word in _WORD["\\"].findall(_APART.sub("<<", line)):
            match = _HEREDOC.fullmatch(word)
            name = _QUOTES.sub("", match[2]) if match else ""
            if match is None or self._ends[match[1]].get(name, -1) < at or not name:
                continue
            tabs = r"\t*" if match[1] else ""
            ending = re.compile(rf"^{tabs}{re.escape(name)}\r*$", re.MULTILINE)
            found = ending.search(self.text, at)
            assert found is not None  # noqa: S101 - it is one of the lines that follow
            body = Span(self.source, at, found.start())
            at = found.end() + 1
            yield Heredoc(name, body, body.text)

    @cached_property
    def _ends(self) -> Mapping[str, Mapping[str, int]]:
        """Return where each line occurs last; by ``-``: without the tabs before it."""
        ends: dict[str, dict[str, int]] = {"": {}, "-": {}}
        at = 0
        for line in self.text.split("\n"):
            ends[""][line.rstrip("\r")] = at
            ends["-"][line.rstrip("\r").lstrip("\t")] = at
            at += len(line) + 1
        return ends


def _read_keyword(text: str, at: int) -> tuple[int, str, int]:
    """Return where the next word begins, it in upper case, and where the rest begins."""
    match = _KEYWORD.match(text, at)
    return (match.start(1), match[1].upper(), match.end()) if match else (at, "", at)


class _Stages:
    """The stages of a Dockerfile, and the build arguments that its FROM lines see."""

    def __init__(
        self, escape: str, arguments: Mapping[str, Pieces], contexts: frozenset[str]
    ) -> None:
        self.escape, self.arguments, self.contexts = escape, arguments, contexts
        unknown = Value((UNKNOWN,), "it depends on the platform of the build")
        self.values = dict.fromkeys(_PLATFORM_ARGUMENTS, unknown)
        self.found: list[Stage] = []
        self.numbers: dict[str, int] = {}  #: by name; the latest is the last

    def take_arg(self, step: Instruction) -> None:
        """Take the build arguments of an ARG; a later one may use an earlier one."""
        for match in _WORD[self.escape].finditer(step.text):
            name, equals, _ = match[0].partition("=")
            if name in self.arguments:
                pieces = self.arguments[name]
                reason = f"{name} has no value" if join(pieces) is None else ""
                self.values[name] = Value(pieces, reason)
            elif equals:
                text = self._text(step, match.start() + len(name) + 1, match.end())
                self.values[name] = expand(text, self.values)

    def take_from(self, step: Instruction) -> Stage | None:
        """Take a FROM, None when it names nothing."""
        words = _split_from(step.text)
        if not words:
            return None
        name, refused = _read_stage_name([word[0] for word in words[1:]])
        base, parent = self._resolve(self._text(step, *words[0].span()))
        is_template = "{{" in step.text or "{%" in step.text
        if base and refused and not is_template:
            base = base._replace(refused=refused)
        stage = Stage(len(self.found), name, base, parent, step.span)
        self.found.append(stage)
        if name:
            self.numbers.pop(name, None)
            self.numbers[name] = stage.number
        return stage

    def has(self, reference: Reference) -> bool:
        """Tell whether COPY or RUN names a stage or a build context."""
        name = reference.text
        is_other = name.lower() in self.numbers or name in self.contexts
        return reference.kind in ("copy", "mount") and is_other

    def _text(self, step: Instruction, start: int, end: int) -> Text:
        offsets = step.offsets[start:end]
        return Text(step.text[start:end], offsets, step.span.source, self.escape)

    def _resolve(self, text: Text) -> tuple[Reference | None, int | None]:
        """Expand a base; return its image, or the number of the stage that it names."""
        value = expand(text, self.values)
        base = refer("from", text.span, text.text, value, len(self.found))
        parent = self._find(value.pieces)
        is_image = base.expanded != "scratch" and base.expanded not in self.contexts
        return base if parent is None and is_image else None, parent

    def _find(self, pieces: Pieces) -> int | None:
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


def _split_from(text: str) -> list[re.Match[str]]:
    """Return the words of a FROM behind its flags."""
    return list(_ARGUMENT.finditer(text, skip_flags(text)))


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


def _list_copied(step: Instruction) -> Iterator[Reference]:
    """Yield what COPY and RUN take files from: an image, or a stage, as it is named."""
    if step.keyword == "COPY":
        found = [*flag_values(step, "from")]
        kind, flag = "copy", "COPY --from"
    elif step.keyword == "RUN":
        found = [text for text in map(_mounted, flag_values(step, "mount")) if text]
        kind, flag = "mount", "RUN --mount"
    else:
        return
    for text in found:
        # A number is a stage, to COPY; nothing at all is the build context.
        is_stage = kind == "copy" and _NUMBER.fullmatch(text.text)
        if text.text and not is_stage:
            reference = refer(
                kind, text.span, text.text, Value(text.pieces), step.stage
            )
            if "$" in text.text:
                reason = f"{flag} expands no variables"
                reference = reference._replace(unresolved=reason)
            yield reference


def _mounted(mount: Text) -> Text | None:
    """Return what a mount takes ``from``; the last of two counts."""
    at, found = 0, None
    for field in mount.text.split(","):
        key, equals, _ = field.partition("=")
        if equals and key.lower() == "from":
            found = mount.cut(at + len(key) + 1, at + len(field))
        at += len(field) + 1
    return found


def skip_flags(text: str) -> int:
    """Return where an instruction's arguments begin behind its flags."""
    flags = _find_flags(text)
    rest = text[flags[-1][1] if flags else 0 :]
    # Pasted text may begin with a no-break space, which BuildKit drops.
    return len(text) - len(rest.lstrip(_SPACE))


def flag_values(step: Instruction, name: str) -> Iterator[Text]:
    """Yield the value of each flag of a name, without the quotes around it."""
    for start, end in _find_flags(step.text):
        key, equals, value = step.text[start:end].partition("=")
        if equals and key.lower() == f"--{name}":
            quoted = len(value) > 1 and value[0] in "\"'" and value[0] == value[-1]
            first, last = start + len(key) + 1 + quoted, end - quoted
            offsets = step.offsets[first:last]
            yield Text(step.text[first:last], offsets, step.span.source)


def _find_flags(text: str) -> list[tuple[int, int]]:
    """Return where each flag begins and ends; ``--`` alone is the last one.

    In flags the backslash escapes, whatever the file's escape character is.
    """
    found: list[tuple[int, int]] = []
    match = _FLAG.match(text)
    while match:
        found.append(match.span(1))
        match = _FLAG.match(text, match.end()) if match[1] != "--" else None
    return found


#: In lower case: a FROM with a variable, or with quotes or escapes, which can be within a
#: name. All three patterns take time in proportion to the text, on any bytes: no two
#: matches of one begin in the same line or word.
_DYNAMIC = re.compile(
    rb"""\n[^\x21-\x7e\n]*(?:onbuild\s+)?from\b[^\n$\\`"']*[$\\`"']"""
)
_FLAGGED = re.compile(rb"""--(?:from|mount)=[^\s"'\\]*(["'\\]?)""")
_JOINED = tuple(re.compile(sign + rb"(?<=\S.)[ \t\r]*\n") for sign in (rb"\\", b"`"))


def may_hold(data: bytes, needles: Sequence[bytes]) -> bool:
    """Tell whether a Dockerfile could name one of the needles.

    It does when they are in its bytes; it may when a FROM line holds a variable, when a
    name has quotes in it, or when an escape character joins two lines within a word.
    """
    if any(needle in data for needle in needles):
        return True
    lower = b"\n" + data.lower()
    if _DYNAMIC.search(lower) or any(one[1] for one in _FLAGGED.finditer(lower)):
        return True
    return any(pattern.search(data) for pattern in _JOINED)
