# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Which commands of a build fail today, or break on another image. Pure.

The rules are the catalogue's (``commands.toml`` explains them); here they are held against
the commands of a build, in the order in which these run.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase, translate
from functools import lru_cache
from typing import Iterator, Mapping, NamedTuple

from ..catalog import BaseImage, Catalog, CommandRule, Packages
from ..model import Span
from .chains import Build
from .commands import Command

#: Programs that only print their arguments, unless into a file.
_PRINTS = frozenset({":", "echo", "printf", "true"})
#: Characters. A longer word was not written by a person (packed data).
_LONGEST_WORD = 1000
#: Options of yum and dnf with a value in the next word.
_WITH_VALUE = frozenset(
    {"--disablerepo", "--enablerepo", "--exclude", "--installroot", "--releasever"}
    | {"--repo", "--repoid", "--setopt", "-c", "-d", "-e", "-x"}
)
#: What follows the verb of these is what they install, not what they are to do.
_VERBS = frozenset({"group", "install", "module"})
_ARCHITECTURE = re.compile(r"\.(?:aarch64|i686|noarch|x86_64)$")


class Hit(NamedTuple):
    """A command that fails, or would."""

    rule: str  #: id of the rule in ``commands.toml``
    span: Span  #: of the command
    excerpt: str  #: the word that it is about, or the beginning of the command
    message: str  #: a whole sentence
    instead: str  #: what to do, whole sentences
    certain: bool  #: False: it may still work
    source: str


def find_failing(build: Build, catalog: Catalog) -> tuple[Hit, ...]:
    """List the commands of a build that fail on the system that it is built on."""
    identity, system = build.identity, build.system
    if identity is None or system not in catalog.systems:
        return ()
    rules = [rule for rule in _rules(catalog) if system in rule.systems and not rule.to]
    provides = identity.provides
    name = identity.image.familiar
    facts = _facts(catalog, system, name, provides.python, provides.node)
    return _find(build, _Judge(rules, facts, catalog, system, moves=False))


def find_breaking(build: Build, target: BaseImage, catalog: Catalog) -> tuple[Hit, ...]:
    """List the commands of a build that would fail on another base image.

    What fails there already, and not here, breaks on the way, too.
    """
    system = build.system
    if system not in catalog.systems or system == target.system:
        return ()
    rules = [rule for rule in _rules(catalog) if _breaks(rule, system, target)]
    name = f"{target.repository.rpartition('/')[2]}:{target.tags[0]}"
    facts = _facts(catalog, system, name, target.python, target.node)
    return _find(build, _Judge(rules, facts, catalog, target.system, moves=True))


def _rules(catalog: Catalog) -> tuple[CommandRule, ...]:
    return catalog.records(CommandRule)


def _breaks(rule: CommandRule, system: str | None, target: BaseImage) -> bool:
    here = system in rule.systems
    if rule.pythons and target.python not in rule.pythons:
        return False
    if rule.to:
        return here and target.system in rule.to
    return target.system in rule.systems and not here


def _facts(
    catalog: Catalog, system: str, target: str, python: str | None, node: str | None
) -> Mapping[str, str]:
    """Return what the texts of the rules may name."""
    found = catalog.systems[system]
    return {
        "system": found.name,
        "mirrors_closed": str(found.mirrors_closed or ""),
        "target": target,
        "python": python or "",
        "node": node or "",
    }


class _Judge(NamedTuple):
    """The rules that the commands of one build are held against."""

    rules: list[CommandRule]
    facts: Mapping[str, str]
    catalog: Catalog
    system: str  #: that the commands have to work on
    moves: bool


def _find(build: Build, judge: _Judge) -> tuple[Hit, ...]:
    found: list[Hit] = []
    lifted: set[str] = set()
    for command in build.commands:
        if max(map(len, command.words)) > _LONGEST_WORD:
            continue
        taken: set[str] = set()
        for rule in judge.rules:
            if rule.id in lifted:
                continue
            if any(_is_like(command, line) for line in rule.unless):
                lifted.add(rule.id)
            elif _concerns(rule, command, judge):
                # Of two rules about one word the first one speaks.
                for excerpt in _list_places(rule, command, judge.facts):
                    if excerpt not in taken:
                        taken.add(excerpt)
                        found.append(_report(rule, command, excerpt, judge))
    return tuple(found)


def _concerns(rule: CommandRule, command: Command, judge: _Judge) -> bool:
    """Tell whether a rule is about a command."""
    runs = command.keyword == "RUN"
    if command.keyword not in rule.instructions or (command.inner and rule.outer):
        return False
    if runs and command.program in _PRINTS and not command.writes:
        return False
    if (command.optional and not judge.moves) or (command.guarded and rule.missing):
        return False
    if rule.programs and not _matches(rule.programs, [command.program]):
        return False
    if rule.verbs and "".join(_arguments(command)[:1]) not in rule.verbs:
        return False
    without = rule.without and _matches(rule.without, command.words)
    return not without and not any(_is_like(command, line) for line in rule.ignore)


def _list_places(
    rule: CommandRule, command: Command, facts: Mapping[str, str]
) -> list[str]:
    """Return the words that a rule is about, or the beginning of the command."""
    if not rule.words:
        return [_shorten(command)]
    globs = tuple(glob.format(**facts) for glob in rule.words)
    words = _list_words(command)
    return [word.lstrip(">") for word in dict.fromkeys(_matches(globs, words))]


def _list_words(command: Command) -> list[str]:
    """Return the words of a command on this image, ``>`` before the file that it writes."""
    words = [*command.words]
    if command.keyword == "COPY" and any(word[:7] == "--from=" for word in words):
        words = words[-1:]  # The others are in another image.
    if command.writes and command.writes not in words:
        words.append(f">{command.writes}")
    return words


def _matches(globs: tuple[str, ...], words: list[str] | tuple[str, ...]) -> list[str]:
    """Return the words that match a pattern and none that begins with ``!``."""
    wanted, unwanted = _compile(globs)
    return [
        word
        for word in words
        if wanted.match(word) and not (unwanted and unwanted.match(word))
    ]


@lru_cache(maxsize=None)
def _compile(globs: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    unwanted = tuple(glob[1:] for glob in globs if glob[0] == "!")
    wanted = tuple(glob for glob in globs if glob[0] != "!")
    return _join(wanted), _join(unwanted) if unwanted else None


def _join(globs: tuple[str, ...]) -> re.Pattern[str]:
    """Return one expression for shell patterns, whatever the case.

    It never tries a second place for what is before a ``*``: that takes polynomial time,
    and finds nothing more (``fnmatch`` does the same from Python 3.9 on).
    """
    number, found = 0, []
    for glob in globs:
        first, *rest = [translate(part)[:-2] for part in glob.split("*")]
        text = first
        for part in rest[:-1]:
            number += 1
            text += rf"(?=(.*?{part}))\{number}"
        found.append(text + (f".*{rest[-1]}" if rest else "") + r"\Z")
    return re.compile("|".join(found), re.DOTALL | re.IGNORECASE)


def _is_like(command: Command, line: str) -> bool:
    """Tell whether a command is like a line of a rule: ``sed|perl *mirror*centos*``."""
    programs, *globs = line.split(" ")
    if programs != "*" and command.program not in programs.split("|"):
        return False
    words = [*command.words, f">{command.writes}"]
    for glob in globs:
        unwanted = glob[0] == "!"
        if bool(_matches((glob.lstrip("!"),), words)) is unwanted:
            return False
    return True


def _arguments(command: Command) -> list[str]:
    """Return the words of a command that are no options, nor values of options."""
    return [
        word
        for before, word in zip(command.words, command.words[1:])
        if word[:1] not in ("-", "") and before not in _WITH_VALUE
    ]


def _shorten(command: Command) -> str:
    """Return the beginning of a command, to the second word that is no option."""
    last = "".join(_arguments(command)[1:2]) or "".join(_arguments(command)[:1])
    at = command.words.index(last) if last else 3
    return " ".join(command.words[: at + 1])


def _report(rule: CommandRule, command: Command, excerpt: str, judge: _Judge) -> Hit:
    instead = rule.instead.format(**judge.facts)
    if rule.packages:
        packages = judge.catalog.records(Packages)
        for one in packages:
            if one.system == judge.system:
                named = " ".join(_replace(_list_packages(command), one, judge.facts))
                instead = named or instead
    return Hit(
        rule=rule.id,
        span=command.span,
        excerpt=excerpt,
        message=rule.message.format(**judge.facts),
        instead=instead,
        certain=rule.certain,
        source=rule.source,
    )


def _list_packages(command: Command) -> list[str]:
    """Return the packages that a package tool is told to install."""
    words = _arguments(command)
    while words and (words[0] in _VERBS or words[0].endswith("install")):
        words = words[1:]
    return [_ARCHITECTURE.sub("", word) for word in words]


def _replace(
    packages: list[str], known: Packages, facts: Mapping[str, str]
) -> Iterator[str]:
    """Yield what to do about packages, as sentences."""
    names = dict.fromkeys(known.names[one] for one in packages if one in known.names)
    reasons: dict[str, list[str]] = {}
    for one in packages:
        why = [why for glob, why in known.drop.items() if fnmatchcase(one, glob)]
        if why and one not in known.names:
            reasons.setdefault(why[0].format(**facts), []).append(one)
    dropped = [one for some in reasons.values() for one in some]
    unknown = [one for one in packages if one not in known.names and one not in dropped]
    if names:
        yield f"Use `apt-get update && apt-get install -y {' '.join(names)}`."
    for why, some in reasons.items():
        yield f"Remove {', '.join(some)}: {why}."
    if unknown:
        yield f"Look up the Debian packages for {', '.join(unknown)}."
