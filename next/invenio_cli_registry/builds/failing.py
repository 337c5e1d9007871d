# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which commands of a build fail today, or break on another image. Pure.

The rules are the catalogue's (``commands.toml`` explains them); here they are held against
the commands of a build, in the order in which these run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from typing import (
    FrozenSet,
    Iterator,
    List,
    Mapping,
    NamedTuple,
    Sequence,
    Tuple,
)

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


#: The ids of rules, and words with the rules that are about them.
_Look = Tuple[FrozenSet[str], List[Tuple[CommandRule, str]]]


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
    packages: Packages | None  #: names on the system that the commands have to work on
    moves: bool  #: to another image
    known: dict[tuple[object, ...], _Look] = field(default_factory=dict)

    def look(self, command: Command) -> _Look:
        """Return which rules a command ends, and the words that others are about.

        Instances come from one template: the same command is in many Dockerfiles.
        """
        place = Command._fields.index("span")
        said = command[:place] + command[place + 1 :]
        if said not in self.known:
            self.known[said] = self._look(command)
        return self.known[said]

    def _look(self, command: Command) -> _Look:
        if max(map(len, command.words)) > _LONGEST_WORD:
            return frozenset(), []
        ended = frozenset(
            rule.id for rule in self.rules if _is_like(command, rule.unless)
        )
        return ended, [
            (rule, excerpt)
            for rule in self.rules
            if rule.id not in ended and _concerns(rule, command, self.moves)
            for excerpt in _list_places(rule, command, self.facts)
        ]


def find_failing(build: Build, catalog: Catalog) -> tuple[Hit, ...]:
    """List the commands of a build that fail on the system that it is built on."""
    system, provides = build.system, build.provides
    if system not in catalog.systems or build.identity is None:
        return ()
    name = build.identity.image.familiar
    judge = _open_judge(catalog, system, None, name, provides.python, provides.node)
    return tuple(_find(build, judge))


def find_breaking(build: Build, target: BaseImage, catalog: Catalog) -> tuple[Hit, ...]:
    """List the commands of a build that would fail on another base image.

    What fails there already, and not here, breaks on the way, too.
    """
    here, there = build.system, target.system
    if here not in catalog.systems or here == there:
        return ()
    name = f"{target.repository.rpartition('/')[2]}:{target.tags[0]}"
    judge = _open_judge(catalog, there, here, name, target.python, target.node)
    return tuple(_find(build, judge))


@lru_cache(maxsize=64)
def _open_judge(
    catalog: Catalog,
    system: str,
    before: str | None,
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
        if (
            (before in rule.systems) is bool(rule.to)
            and system in (rule.to or rule.systems)
            and python in (rule.pythons or (python,))
            if before
            else system in rule.systems and not rule.to
        )
    ]
    facts = {
        "system": catalog.systems[system].name,
        "mirrors_closed": str(catalog.systems[system].mirrors_closed or ""),
        "target": image,
        "python": python or "",
        "node": node or "",
    }
    known = (one for one in catalog.records(Packages) if one.system == system)
    return _Judge(rules, facts, next(known, None), moves=before is not None)


def _find(build: Build, judge: _Judge) -> Iterator[Hit]:
    ended: set[str] = set()
    for command in build.commands:
        ends, places = judge.look(command)
        ended |= ends
        said: set[str] = set()
        for rule, excerpt in places:
            # Of two rules about one word the first one speaks.
            if rule.id not in ended and excerpt not in said:
                said.add(excerpt)
                yield _report(rule, command, excerpt, judge)


def _concerns(rule: CommandRule, command: Command, moves: bool) -> bool:
    """Tell whether a rule is about a command."""
    program = command.program
    if command.keyword not in rule.instructions or (command.inner and rule.outer):
        return False
    if rule.programs and not _matches(rule.programs, [program]):
        return False
    if command.keyword == "RUN" and program in _PRINTS and not command.writes:
        return False
    if (command.optional and not moves) or (command.guarded and rule.missing):
        return False
    verb = "".join(_arguments(command)[:1])
    without = rule.without and _matches(rule.without, command.words)
    fits = verb in (rule.verbs or (verb,)) and not without
    return fits and not _is_like(command, rule.ignore)


def _list_places(
    rule: CommandRule, command: Command, facts: Mapping[str, str]
) -> list[str]:
    """Return the words that a rule is about, or the beginning of the command."""
    words = [*command.words]
    if not rule.words:
        last = (_arguments(command)[:2] or words[:4])[-1]
        return [" ".join(words[: words.index(last) + 1])]
    if command.keyword == "COPY" and any(word[:7] == "--from=" for word in words):
        words = words[-1:]  # The others are in another image.
    if command.writes and command.writes not in words:
        words.append(f">{command.writes}")
    globs = tuple(_fill(glob, facts) for glob in rule.words)
    return [word.lstrip(">") for word in dict.fromkeys(_matches(globs, words))]


def _fill(text: str, facts: Mapping[str, str]) -> str:
    for name, value in facts.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _is_like(command: Command, lines: Sequence[str]) -> bool:
    """Tell whether a command is like a line of a rule: ``sed|perl *mirror*centos*``."""
    for line in lines:
        programs, *globs = line.split(" ")
        if programs == "*" or command.program in programs.split("|"):
            words = [*command.words, f">{command.writes}"]
            if all(_fits(glob, words) for glob in globs):
                return True
    return False


def _fits(glob: str, words: Sequence[str]) -> bool:
    """Tell whether a word matches a pattern, or none does one that begins with ``!``."""
    found = any(map(_compile((glob.lstrip("!"),)).match, words))
    return found is not glob.startswith("!")


def _matches(globs: Sequence[str], words: Sequence[str]) -> list[str]:
    """Return the words that match a pattern, and none that begins with ``!``."""
    wanted = _compile(tuple(glob for glob in globs if glob[:1] != "!"))
    unwanted = _compile(tuple(glob[1:] for glob in globs if glob[:1] == "!"))
    return [word for word in words if wanted.match(word) and not unwanted.match(word)]


@lru_cache(maxsize=None)
def _compile(globs: tuple[str, ...]) -> re.Pattern[str]:
    """Return one expression for shell patterns, whatever the case.

    What is before a ``*`` is never looked for in a second place: that would take
    polynomial time and find nothing more (``fnmatch`` knows it from Python 3.9 on).
    """
    number, found = 0, []
    for glob in globs:
        text, *rest = [translate(part)[:-2] for part in glob.split("*")]
        for part in rest[:-1]:
            number += 1
            text += rf"(?=(.*?{part}))\{number}"
        found.append(text + (f".*{rest[-1]}" if rest else "") + r"\Z")
    return re.compile("|".join(found) or r"(?!)", re.DOTALL | re.IGNORECASE)


def _arguments(command: Command) -> list[str]:
    """Return the words of a command that are no options, nor values of options."""
    return [
        word
        for before, word in zip(command.words, command.words[1:])
        if word[:1] not in ("-", "") and before not in _WITH_VALUE
    ]


def _report(rule: CommandRule, command: Command, excerpt: str, judge: _Judge) -> Hit:
    instead = _fill(rule.instead, judge.facts)
    if rule.packages and judge.packages:
        instead = " ".join(_replace(command, judge.packages, judge.facts)) or instead
    message = _fill(rule.message, judge.facts)
    place = command.span
    text = place.text if rule.words else ""
    if len(text) < _LONGEST_TEXT and excerpt in text:
        start = place.start + text.index(excerpt)
        place = Span(place.source, start, start + len(excerpt))
    return Hit(rule.id, place, excerpt, message, instead, rule.certain, rule.source)


def _replace(
    command: Command, known: Packages, facts: Mapping[str, str]
) -> Iterator[str]:
    """Yield what to do about the packages that a command installs, as sentences."""
    names: dict[str, None] = {}
    reasons: dict[str, list[str]] = {}
    unknown = []
    for word in _arguments(command)[1:]:
        package = _SUFFIX.sub("", word)
        why = [why for glob, why in known.drop.items() if fnmatchcase(package, glob)]
        if package in known.names:
            names[known.names[package]] = None
        elif why:
            reasons.setdefault(_fill(why[0], facts), []).append(package)
        elif package != "install":  # The second word of `group install`.
            unknown.append(package)
    if names:
        yield f"Use `apt-get update && apt-get install -y {' '.join(names)}`."
    for reason, packages in reasons.items():
        yield f"Remove {', '.join(packages)}: {reason}."
    if unknown:
        yield f"Look up the Debian packages for {', '.join(unknown)}."
