# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which commands of a build fail today, or break on another image. Pure.

The rules are the catalogue's (``commands.toml`` explains them); here they are held against
the commands of a build, in the order in which these run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from typing import Iterator, Mapping, NamedTuple, Sequence

from ..catalog import BaseImage, Catalog, CommandRule, Packages
from ..model import Span
from .chains import Build
from .commands import Command

#: Programs that only print their arguments, unless into a file.
_PRINTS = frozenset({":", "echo", "printf", "true"})
#: Characters. A longer word was not written by a person (packed data).
_LONGEST_WORD = 1000
#: Characters. In a longer command a word is not looked for again.
_LONGEST_TEXT = 20_000
#: Options of yum and dnf with a value in the next word.
_WITH_VALUE = frozenset(
    {"--disablerepo", "--enablerepo", "--exclude", "--installroot", "--releasever"}
    | {"--repo", "--repoid", "--setopt", "-c", "-d", "-e", "-x"}
)
#: The version of a package, or its architecture.
_SUFFIX = re.compile(r"-\d[\w.:~+]*$|\.(?:aarch64|i686|noarch|x86_64)$")


class Hit(NamedTuple):
    """A command that fails, or would."""

    rule: str  #: id of the rule in ``commands.toml``
    span: Span  #: of the word that it is about, else of the command
    excerpt: str  #: the word that it is about, or the beginning of the command
    message: str  #: a whole sentence
    instead: str  #: what to do, whole sentences
    certain: bool  #: False: it may still work
    source: str


@dataclass(eq=False)
class _Judge:
    """What the commands of builds are held against."""

    rules: Sequence[CommandRule]  #: their texts filled in
    names: Mapping[str, str]  #: of packages on the new system
    drop: Mapping[str, str]  #: packages that are not needed there -> why
    moves: bool  #: to another image


def find_failing(build: Build, catalog: Catalog) -> tuple[Hit, ...]:
    """List the commands of a build that fail on the system that it is built on."""
    system, provides = build.system, build.provides
    if system not in catalog.systems or build.identity is None:
        return ()
    name = build.identity.image.familiar
    judge = _open_judge(catalog, None, system, name, provides.python, provides.node)
    return tuple(_find(build, judge))


def find_breaking(build: Build, target: BaseImage, catalog: Catalog) -> tuple[Hit, ...]:
    """List the commands of a build that would fail on another base image.

    What fails there already, and not here, breaks on the way, too.
    """
    here, there = build.system, target.system
    if here not in catalog.systems or here == there:
        return ()
    name = f"{target.repository.rpartition('/')[2]}:{target.tags[0]}"
    judge = _open_judge(catalog, here, there, name, target.python, target.node)
    return tuple(_find(build, judge))


@lru_cache(maxsize=64)
def _open_judge(
    catalog: Catalog,
    before: str | None,
    system: str,
    image: str,
    python: str | None,
    node: str | None,
) -> _Judge:
    """Return what commands are held against on an image.

    :param before: the system that a build moves from, None where it stays.
    """
    facts = {
        "system": catalog.systems[system].name,
        "mirrors_closed": str(catalog.systems[system].mirrors_closed or ""),
        "target": image,
        "python": python or "",
        "node": node or "",
    }

    def fill(text: str) -> str:
        for name, value in facts.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    rules = [
        rule._replace(
            words=tuple(map(fill, rule.words)),
            message=fill(rule.message),
            instead=fill(rule.instead),
        )
        for rule in catalog.records(CommandRule)
        if (before in rule.systems) is bool(rule.to)
        and system in (rule.to or rule.systems)
        and (not before or python in (rule.pythons or (python,)))
    ]
    known = [one for one in catalog.records(Packages) if one.system == system]
    names, drop = (known[0].names, known[0].drop) if known else ({}, {})
    drop = {glob: fill(why) for glob, why in drop.items()}
    return _Judge(rules, names, drop, moves=before is not None)


def _find(build: Build, judge: _Judge) -> Iterator[Hit]:
    ended: set[str] = set()
    for step, commands in build.steps:
        for command, ends, places in _look(judge, commands):
            ended |= ends
            said: set[str] = set()
            for rule, excerpt in places:
                # Of two rules about one word the first one speaks.
                if rule.id not in ended and excerpt not in said:
                    said.add(excerpt)
                    yield _report(rule, command, excerpt, command.place(step), judge)


@lru_cache(maxsize=4096)  # Many Dockerfiles have the same instructions.
def _look(
    judge: _Judge, commands: tuple[Command, ...]
) -> Sequence[tuple[Command, set[str], list[tuple[CommandRule, str]]]]:
    """Return the commands that matter: the rules that each ends, and what others find."""
    found = []
    for command in commands:
        if max(map(len, command.words)) > _LONGEST_WORD:
            continue
        ends = {rule.id for rule in judge.rules if _is_like(command, rule.unless)}
        places = [
            (rule, excerpt)
            for rule in judge.rules
            if rule.id not in ends
            for excerpt in _list_places(rule, command, judge.moves)
        ]
        if ends or places:
            found.append((command, ends, places))
    return found


def _list_places(rule: CommandRule, command: Command, moves: bool) -> list[str]:
    """Return what a rule finds: words of a command, or the beginning of it."""
    prints = command.program in _PRINTS and not command.writes
    verb = "".join(_arguments(command)[:1]) if rule.verbs else ""
    if (
        command.keyword not in rule.instructions
        or (rule.programs and not _compile(rule.programs).match(command.program))
        or (rule.verbs and verb not in rule.verbs)
        or (command.keyword == "RUN" and prints)
        or (command.inner and rule.outer)
        or (command.optional and not moves)
        or _is_like(command, rule.ignore)
    ):
        return []
    words = [*command.words]
    if not rule.words:
        last = (_arguments(command)[:2] or words[:4])[-1]
        return [" ".join(words[: words.index(last) + 1])]
    if command.keyword == "COPY" and command.option("--from"):
        words = words[-1:]  # The others are in another image.
    if command.writes and command.writes not in words:
        words.append(f">{command.writes}")
    matches = _compile(rule.words).match
    return [word.lstrip(">") for word in dict.fromkeys(filter(matches, words))]


def _is_like(command: Command, lines: Sequence[str]) -> bool:
    """Tell whether a command is like a line of a rule: ``sed|perl *mirror*centos*``."""
    words = [*command.words, f">{command.writes}"]
    for programs, globs in map(_read_line, lines):
        if (command.program in programs or "*" in programs) and all(
            any(map(pattern.match, words)) is wanted for pattern, wanted in globs
        ):
            return True
    return False


@lru_cache(maxsize=None)
def _read_line(line: str) -> tuple[set[str], list[tuple[re.Pattern[str], bool]]]:
    """Return the programs of a line, and its patterns, each with whether it has to match."""
    programs, *globs = line.split(" ")
    patterns = [(_compile((one.lstrip("!"),)), one[:1] != "!") for one in globs]
    return set(programs.split("|")), patterns


@lru_cache(maxsize=None)
def _compile(globs: tuple[str, ...]) -> re.Pattern[str]:
    """Return what matches one of some shell patterns, and none that begins with ``!``."""
    wanted = "|".join(translate(one) for one in globs if one[0] != "!")
    unwanted = "|".join(translate(one[1:]) for one in globs if one[0] == "!")
    return re.compile(f"(?!{unwanted or '(?!)'})(?:{wanted})", re.IGNORECASE)


def _arguments(command: Command) -> list[str]:
    """Return the words of a command that are no options, nor values of options."""
    return [
        word
        for before, word in zip(command.words, command.words[1:])
        if word[:1] not in ("-", "") and before not in _WITH_VALUE
    ]


def _report(
    rule: CommandRule, command: Command, excerpt: str, place: Span, judge: _Judge
) -> Hit:
    text = place.text if rule.words else ""
    if len(text) < _LONGEST_TEXT and excerpt in text:
        start = place.start + text.index(excerpt)
        place = place.source.span(start, start + len(excerpt))
    instead = " ".join(_replace(command, judge)) if rule.packages else ""
    instead = instead or rule.instead
    return Hit(
        rule.id, place, excerpt, rule.message, instead, rule.certain, rule.source
    )


def _replace(command: Command, judge: _Judge) -> Iterator[str]:
    """Yield what to do about the packages that a command installs, as sentences."""
    names: dict[str, None] = {}
    reasons: dict[str, list[str]] = {}
    unknown = []
    for word in _arguments(command)[1:]:
        package = _SUFFIX.sub("", word)
        why = [why for glob, why in judge.drop.items() if fnmatchcase(package, glob)]
        if package in judge.names:
            names[judge.names[package]] = None
        elif why:
            reasons.setdefault(why[0], []).append(package)
        elif package != "install":  # The second word of `group install`.
            unknown.append(package)
    if names:
        yield f"Use `apt-get update && apt-get install -y {' '.join(names)}`."
    for reason, packages in reasons.items():
        yield f"Remove {', '.join(packages)}: {reason}."
    if unknown:
        yield f"Look up the Debian packages for {', '.join(unknown)}."
