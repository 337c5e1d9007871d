# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which commands of a build fail already, or break on another system. Pure.

The rules are the catalogue's; here they are held against the commands.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Collection, Iterable, Iterator, Mapping, NamedTuple

from ..catalog import Catalog, Rule
from ..readers.model import Instruction
from .script import REMEMBERED, Command, Said, split_commands, split_said

#: Programs that only print their arguments, unless into a file.
_PRINTS = frozenset({":", "echo", "printf", "true"})
_LONGEST_WORD = 1000
#: Characters. Of a longer text it is not asked what it lifts, which would take minutes.
_LONGEST_TEXT = 20_000
_READS_ANOTHER = re.compile(r"(?:--\S+\s+)*--from")
_FLAGS = re.DOTALL | re.IGNORECASE
#: Of their options those that take a value of their own.
_WITH_VALUE = frozenset(
    (
        *(
            "--disablerepo",
            "--enablerepo",
            "--exclude",
            "--installroot",
            "--releasever",
        ),
        *("--repo", "--repoid", "--setopt", "-c", "-d", "-e", "-x"),
    )
)
_ARCHITECTURE = re.compile(r"\.(?:aarch64|i686|noarch|x86_64)$")
#: What apt installs on Debian when it is told to, and what comes with it.
_BRINGS = {
    "dnf": ("dnf", "rpm"),
    "microdnf": ("microdnf", "rpm"),
    "rpm": ("rpm",),
    "yum": ("dnf", "rpm", "yum"),
}
_VERBS = frozenset(
    {"builddep", "group", "groupinstall", "install", "localinstall", "reinstall"}
)


class Breaking(NamedTuple):
    """A place in a Dockerfile that fails, or would."""

    path: str
    offset: int  #: in the file, of what ``excerpt`` shows
    excerpt: str
    command: Command
    message: str
    instead: str
    rule: Rule

    @property
    def certain(self) -> bool:
        """Tell whether it breaks for sure; else a person has to ask."""
        return self.rule.certain


def find_breaking(
    steps: Iterable[tuple[str, Instruction]],
    system: str,
    target: str | None,
    catalog: Catalog,
) -> tuple[Breaking, ...]:
    """List what fails in a build on its system, or breaks when it moves to another one.

    :param steps: one build's instructions with their files, in the order in which they
        run: those of the local bases and earlier stages below it first.
    :param system: key of the system that the build stands on.
    :param target: key of the system that it moves to, None for what fails already.
    """
    move = _Move(system, target, catalog)
    lifted: frozenset[str] = frozenset()
    found: list[Breaking] = []
    for path, instruction in steps:
        seen = _look(Said.by(instruction), move, lifted)
        lifted = seen.lifted
        if seen.hits:
            commands = split_commands(instruction)
            found += [_report(path, commands, hit, move) for hit in seen.hits]
    return tuple(found)


class _Move(NamedTuple):
    """What an instruction is held against."""

    system: str
    target: str | None
    catalog: Catalog


class _Hit(NamedTuple):
    """What a rule finds in one of an instruction's commands."""

    command: int  #: its number
    start: int  #: in the command's text
    end: int
    rule: Rule


class _Seen(NamedTuple):
    """What the rules find in an instruction, and what it lifts."""

    hits: tuple[_Hit, ...]
    lifted: frozenset[str]  #: the rules that stand no more, the programs that are there


@lru_cache(maxsize=REMEMBERED)
def _look(said: Said, move: _Move, before: frozenset[str]) -> _Seen:
    """Hold what an instruction says against the rules that are not lifted yet."""
    rules = _select(move)
    lifted, hits = set(before), []
    for number, command in enumerate(split_said(said)):
        standing = [rule for rule in rules if _stands(rule, command, lifted)]
        if not _is_readable(command.text):
            continue
        judged = _judge(command, standing, moves=move.target is not None)
        hits += [_Hit(number, *span, rule) for span, rule in judged]
        lifted.update(_lift(command.text, command.keyword, standing))
        lifted.update(_bring(command))
    for body in filter(_is_readable, said.bodies):
        lifted.update(_lift(body, "", rules))
    return _Seen(tuple(hits), frozenset(lifted))


@lru_cache(maxsize=None)
def _select(move: _Move) -> tuple[Rule, ...]:
    if move.system == move.target:
        return ()
    return tuple(rule for rule in move.catalog.rules if _applies(rule, move))


def _applies(rule: Rule, move: _Move) -> bool:
    """Tell whether a rule is about a system, or about the way to another one.

    What fails there already, and not here, breaks on the way, too.
    """
    here = move.system in rule.systems
    if move.target is None:
        return here and not rule.to
    if rule.to:
        return here and move.target in rule.to
    return move.target in rule.systems and not here


def _stands(rule: Rule, command: Command, lifted: Collection[str]) -> bool:
    """Tell whether a rule has something to say of a command, after what was before."""
    there = command.guarded or command.program in lifted
    return rule.id not in lifted and not (rule.missing and there)


def _bring(command: Command) -> Iterator[str]:
    """Yield the programs that a command installs and that a rule misses."""
    if command.program in ("apt", "apt-get") and "install" in command.words:
        for word in command.words:
            yield from _BRINGS.get(word, ())


def _search(pattern: str, text: str) -> re.Match[str] | None:
    # `re` keeps what it compiled, so that only the patterns in use are compiled, once.
    return re.search(pattern, text, _FLAGS)


def _is_readable(text: str) -> bool:
    """Tell whether a person wrote it: no words (packed data) that cost the rules minutes."""
    return max(map(len, text.split()), default=0) <= _LONGEST_WORD


def _lift(text: str, keyword: str, rules: Iterable[Rule]) -> Iterator[str]:
    """Yield the rules that have nothing to say after a command."""
    text = text if keyword in ("", "RUN") else f"{keyword} {text}"
    for rule in rules if len(text) <= _LONGEST_TEXT else ():
        if rule.unless and _search(rule.unless, text):
            yield rule.id


def _judge(
    command: Command, rules: Iterable[Rule], *, moves: bool
) -> Iterator[tuple[tuple[int, int], Rule]]:
    """Yield what the rules find in one command; of two in one place the first."""
    if command.keyword == "RUN" and command.program in _PRINTS and not command.writes:
        return
    taken = bytearray(len(command.text))
    for rule in rules:
        for span in _find(rule, command, moves=moves):
            place = slice(*span)
            if not any(taken[place]):
                taken[place] = b"\1" * (span[1] - span[0])
                yield span, rule


def _find(rule: Rule, command: Command, *, moves: bool) -> Iterator[tuple[int, int]]:
    """Yield each place where a rule finds something in a command."""
    ignored = command.optional and not moves
    if ignored or command.keyword not in rule.instructions:
        return
    if rule.commands and not _search(rule.commands, command.text):
        return
    least = _find_destination(command)
    for match in re.finditer(rule.pattern, command.text, _FLAGS):
        span = match.span("at" if "at" in match.re.groupindex else 0)
        if span[0] >= least:
            yield span


def _find_destination(command: Command) -> int:
    """Return where it is named what is on this system: ``COPY --from`` reads another."""
    if command.keyword != "COPY" or not _READS_ANOTHER.match(command.text):
        return 0
    return command.text.rindex(command.words[-1])


def _report(
    path: str, commands: tuple[Command, ...], hit: _Hit, move: _Move
) -> Breaking:
    """Name the system in the message, and the packages in what to do instead."""
    command, rule = commands[hit.command], hit.rule
    system, catalog = move.catalog.systems[move.system], move.catalog
    instead, target = rule.instead, move.target or move.system
    if rule.packages:
        names = catalog.packages.get(target, {}), catalog.drops.get(target, {})
        instead = _replace(_list_packages(command), *names) or instead
    return Breaking(
        path=path,
        offset=command.offsets[hit.start],
        excerpt=" ".join(command.text[hit.start : hit.end].split()),
        command=command,
        message=rule.message.format(
            system=system.name, mirrors_closed=system.mirrors_closed
        ),
        instead=instead,
        rule=rule,
    )


def _list_packages(command: Command) -> list[str]:
    """Return the packages that a package tool is told to install."""
    arguments = command.words[1:]
    if not _VERBS.intersection(arguments):
        return []
    return [
        _ARCHITECTURE.sub("", word)
        for before, word in zip(command.words, arguments)
        if word not in _VERBS
        and word[:1] not in ("-", "")
        and before not in _WITH_VALUE
    ]


def _replace(
    packages: list[str], names: Mapping[str, str], drops: Mapping[str, str]
) -> str:
    """Say what to do about packages: their names there, why to drop one, or unknown."""
    dropped = {name: _why_drop(name, drops) for name in packages}
    reasons = [reason for reason in dropped.values() if reason]
    if reasons and all(dropped.values()):
        return "drop it, " + ", ".join(dict.fromkeys(reasons))
    known = dict.fromkeys(names[name] for name in packages if name in names)
    unknown = [name for name in packages if name not in names and not dropped[name]]
    parts = [f"apt-get update && apt-get install -y {' '.join(known)}"] if known else []
    parts += [f"drop {name} ({reason})" for name, reason in dropped.items() if reason]
    parts += [f"look up on Debian: {' '.join(unknown)}"] if unknown else []
    return "; ".join(parts)


def _why_drop(name: str, drops: Mapping[str, str]) -> str:
    found = (reason for pattern, reason in drops.items() if fnmatchcase(name, pattern))
    return next(found, "")
