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
from ..model import Source, Span
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
#: The place of every command where only its words matter.
_ANYWHERE = Source("", "").span()


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

    rules: Sequence[CommandRule]
    facts: Mapping[str, str]  #: what the texts of the rules may name
    names: Mapping[str, str]  #: of packages on the new system
    drop: Mapping[str, str]  #: packages that are not needed there -> why
    moves: bool  #: to another image

    def fill(self, text: str) -> str:
        """Return a text of a rule with its facts."""
        for name, value in self.facts.items():
            text = text.replace(f"{{{name}}}", value)
        return text


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
    rules = [
        rule
        for rule in catalog.records(CommandRule)
        if (before in rule.systems) is bool(rule.to)
        and system in (rule.to or rule.systems)
        and (not before or python in (rule.pythons or (python,)))
    ]
    facts = {
        "system": catalog.systems[system].name,
        "mirrors_closed": str(catalog.systems[system].mirrors_closed or ""),
        "target": image,
        "python": python or "",
        "node": node or "",
    }
    known = [one for one in catalog.records(Packages) if one.system == system]
    names, drop = (known[0].names, known[0].drop) if known else ({}, {})
    return _Judge(rules, facts, names, drop, moves=before is not None)


def _find(build: Build, judge: _Judge) -> Iterator[Hit]:
    ended: set[str] = set()
    for command in build.commands:
        ends, places = _look(judge, command._replace(span=_ANYWHERE))
        ended |= ends
        said: set[str] = set()
        for rule, excerpt in places:
            # Of two rules about one word the first one speaks.
            if rule.id not in ended and excerpt not in said:
                said.add(excerpt)
                yield _report(rule, command, excerpt, judge)


@lru_cache(maxsize=1 << 14)  # Many Dockerfiles come from one template.
def _look(
    judge: _Judge, command: Command
) -> tuple[set[str], list[tuple[CommandRule, str]]]:
    """Return the ids of the rules that a command ends, and what others are about."""
    if max(map(len, command.words)) > _LONGEST_WORD:
        return set(), []
    ended = {rule.id for rule in judge.rules if _is_like(command, rule.unless)}
    return ended, [
        (rule, excerpt)
        for rule in judge.rules
        if rule.id not in ended and _concerns(rule, command, judge.moves)
        for excerpt in _list_places(rule, command, judge)
    ]


def _concerns(rule: CommandRule, command: Command, moves: bool) -> bool:
    program = command.program
    if command.keyword not in rule.instructions or (command.inner and rule.outer):
        return False
    if rule.programs and not _matches(rule.programs, [program]):
        return False
    if command.keyword == "RUN" and program in _PRINTS and not command.writes:
        return False
    if command.optional and not moves:
        return False
    verb = "".join(_arguments(command)[:1])
    return verb in (rule.verbs or (verb,)) and not _is_like(command, rule.ignore)


def _list_places(rule: CommandRule, command: Command, judge: _Judge) -> list[str]:
    words = [*command.words]
    if not rule.words:
        last = (_arguments(command)[:2] or words[:4])[-1]
        return [" ".join(words[: words.index(last) + 1])]
    if command.keyword == "COPY" and command.option("--from"):
        words = words[-1:]  # The others are in another image.
    if command.writes and command.writes not in words:
        words.append(f">{command.writes}")
    globs = [judge.fill(glob) for glob in rule.words]
    return [word.lstrip(">") for word in dict.fromkeys(_matches(globs, words))]


def _is_like(command: Command, lines: Sequence[str]) -> bool:
    """Tell whether a command is like a line of a rule: ``sed|perl *mirror*centos*``."""
    words = [*command.words, f">{command.writes}"]

    def fits(glob: str) -> bool:
        found = any(map(_compile((glob.lstrip("!"),)).match, words))
        return found is not glob.startswith("!")

    for line in lines:
        programs, *globs = line.split(" ")
        called = programs == "*" or command.program in programs.split("|")
        if called and all(map(fits, globs)):
            return True
    return False


def _matches(globs: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return the words that match a pattern, and none that begins with ``!``."""
    wanted = _compile(tuple(glob for glob in globs if glob[:1] != "!"))
    unwanted = _compile(tuple(glob[1:] for glob in globs if glob[:1] == "!"))
    return [word for word in words if wanted.match(word) and not unwanted.match(word)]


@lru_cache(maxsize=None)
def _compile(globs: tuple[str, ...]) -> re.Pattern[str]:
    """Return one expression for shell patterns, whatever the case."""
    return re.compile("|".join(map(translate, globs)) or r"(?!)", re.IGNORECASE)


def _arguments(command: Command) -> list[str]:
    """Return the words of a command that are no options, nor values of options."""
    return [
        word
        for before, word in zip(command.words, command.words[1:])
        if word[:1] not in ("-", "") and before not in _WITH_VALUE
    ]


def _report(rule: CommandRule, command: Command, excerpt: str, judge: _Judge) -> Hit:
    instead = " ".join(_replace(command, judge)) if rule.packages else ""
    place = command.span
    text = place.text if rule.words else ""
    if len(text) < _LONGEST_TEXT and excerpt in text:
        start = place.start + text.index(excerpt)
        place = Span(place.source, start, start + len(excerpt))
    message, instead = judge.fill(rule.message), instead or judge.fill(rule.instead)
    return Hit(rule.id, place, excerpt, message, instead, rule.certain, rule.source)


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
            reasons.setdefault(judge.fill(why[0]), []).append(package)
        elif package != "install":  # The second word of `group install`.
            unknown.append(package)
    if names:
        yield f"Use `apt-get update && apt-get install -y {' '.join(names)}`."
    for reason, packages in reasons.items():
        yield f"Remove {', '.join(packages)}: {reason}."
    if unknown:
        yield f"Look up the Debian packages for {', '.join(unknown)}."
