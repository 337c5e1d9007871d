# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which commands of a build fail already, or break on another system. Pure.

The rules are the catalogue's; here they are held against the commands.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Iterable, Iterator, Mapping, NamedTuple

from ..catalog import Catalog, Rule, System
from ..readers.model import Instruction
from .script import Command, split_commands

#: Programs that only print their arguments, unless into a file.
_PRINTS = frozenset({":", "echo", "printf", "true"})
_LONGEST_WORD = 1000
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
    rules = tuple(_select(catalog, system, target))
    lifted: set[str] = set()
    found: list[Breaking] = []
    for path, instruction in steps:
        for command in split_commands(instruction):
            standing = [rule for rule in rules if rule.id not in lifted]
            if not _is_readable(command.text):
                continue
            found += _judge(path, command, standing)
            lifted.update(_lift(command.text, command.keyword, standing))
        for heredoc in filter(_is_readable, (doc.text for doc in instruction.heredocs)):
            lifted.update(_lift(heredoc, "", rules))
    stands = catalog.systems[system]
    return tuple(_fill_in(one, stands, target or "", catalog) for one in found)


def _select(catalog: Catalog, system: str, target: str | None) -> Iterator[Rule]:
    """Yield what fails on a system; on the way to another one, what fails there only."""
    for rule in catalog.rules:
        here = system in rule.systems
        if target is None:
            fits = here and not rule.to
        elif rule.to:
            fits = here and target in rule.to
        else:
            fits = target in rule.systems and not here
        if fits and system != target:
            yield rule


def _search(pattern: str, text: str) -> re.Match[str] | None:
    # `re` keeps what it compiled, so that only the patterns in use are compiled, once.
    return re.search(pattern, text, re.DOTALL | re.IGNORECASE)


def _is_readable(text: str) -> bool:
    """Tell whether a person wrote it: no words (packed data) that cost the rules minutes."""
    return max(map(len, text.split()), default=0) <= _LONGEST_WORD


def _lift(text: str, keyword: str, rules: Iterable[Rule]) -> Iterator[str]:
    """Yield the rules that have nothing to say after a command."""
    text = text if keyword in ("", "RUN") else f"{keyword} {text}"
    for rule in rules:
        if rule.unless and _search(rule.unless, text):
            yield rule.id


def _judge(path: str, command: Command, rules: Iterable[Rule]) -> Iterator[Breaking]:
    """Yield what the rules find in one command; of two in one place the first."""
    if command.keyword == "RUN" and command.program in _PRINTS and not command.writes:
        return
    taken: list[tuple[int, int]] = []
    for rule in rules:
        span = _find(rule, command)
        if span and not any(span[0] < end and start < span[1] for start, end in taken):
            taken.append(span)
            yield Breaking(
                path=path,
                offset=command.offsets[span[0]],
                excerpt=" ".join(command.text[slice(*span)].split()),
                command=command,
                message=rule.message,
                instead=rule.instead,
                rule=rule,
            )


def _find(rule: Rule, command: Command) -> tuple[int, int] | None:
    """Return where a rule finds something in a command."""
    ignored = command.optional and not rule.to
    if ignored or command.keyword not in rule.instructions:
        return None
    match = _search(rule.pattern, command.text)
    return match and match.span("at" if "at" in match.re.groupindex else 0)


def _fill_in(
    found: Breaking, system: System, target: str, catalog: Catalog
) -> Breaking:
    """Name the system in the message, and the packages in what to do instead."""
    message = found.message.format(
        system=system.name, mirrors_closed=system.mirrors_closed
    )
    instead = found.instead
    if found.rule.packages:
        names = catalog.packages.get(target, {}), catalog.drops.get(target, {})
        instead = _replace(_list_packages(found.command), *names) or instead
    return found._replace(message=message, instead=instead)


def _list_packages(command: Command) -> list[str]:
    """Return the packages that a package tool is told to install."""
    arguments = command.words[1:]
    if not _VERBS.intersection(arguments):
        return []
    return [
        word for word in arguments if word not in _VERBS and word[:1] not in ("-", "")
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
