# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The options that several commands have, each with the parsing of its values."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Callable, Iterable, Sequence

import click

from .terminal import printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from .image import Mirror

Option = Callable[[Callable[..., None]], Callable[..., None]]

_MIRROR = "UPSTREAM=HOST[:PORT]/PATH"


def suggest(word: str, names: Iterable[str]) -> str:
    """Return a sentence that names what was meant, "" when nothing is close."""
    close = difflib.get_close_matches(word, list(names), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""


class OneOf(click.ParamType):  # type: ignore[type-arg] # not generic in every click
    """One of a few words."""

    def __init__(
        self, name: str, find_words: Callable[[], Sequence[str]], *, strict: bool = True
    ) -> None:
        """Take what a word is called, and what finds the words when they are needed.

        :param strict: False: the words are offered by the shell, others are accepted.
        """
        self.name = name
        self.find_words = find_words
        self.strict = strict

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """Return the word; another one is a usage error that names the nearest."""
        if self.strict and value not in self.find_words():
            words = self.find_words()
            hint = suggest(value, words) or f" Known: {', '.join(words)}."
            self.fail(f"no such {self.name}: {printable(value)}.{hint}", param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the words that begin like this; click 7 does not ask."""
        from click.shell_completion import CompletionItem

        words = (word for word in self.find_words() if word.startswith(incomplete))
        return [CompletionItem(word) for word in words]


def _find_releases() -> Sequence[str]:
    from .catalog import load

    return list(dict.fromkeys(release.label for release in load().releases))


def _find_rules() -> Sequence[str]:
    from .rules import RULES

    return list(RULES)


def _parse_mirror(text: str) -> Mirror:
    from .image import InvalidMirror, Mirror

    try:
        return Mirror.parse(text)
    except InvalidMirror as error:
        raise click.BadParameter(printable(str(error))) from error


RULE = OneOf("rule", _find_rules)


def flag(*names: str, text: str) -> Option:
    """Return an option without a value."""
    return click.option(*names, is_flag=True, help=text)


def choose(*names: str, words: str, text: str, default: str | None = None) -> Option:
    """Return an option with one of some words, ``a|b|c``."""
    return click.option(
        *names,
        type=OneOf("value", lambda: words.split("|")),
        metavar=f"[{words}]",
        default=default,
        show_default=bool(default),
        help=text,
    )


def repeatable(*names: str, metavar: str, text: str, parse: Any = str) -> Option:  # noqa: ANN401
    """Return an option that may be given more than once."""
    help_ = f"{text}; repeatable."
    return click.option(*names, multiple=True, metavar=metavar, type=parse, help=help_)


def _combine(*options: Option) -> Option:
    """Return options as one; the help lists them in this order."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


use_catalogue = click.option(
    "--catalogue",
    type=click.Path(exists=True, file_okay=False),
    metavar="FOLDER",
    help="Use the catalogue in this folder instead of the installed one.",
)
select_files = _combine(
    click.argument("paths", nargs=-1, type=click.Path()),
    repeatable(
        "--exclude", metavar="GLOB", text="Leave out files and folders that match"
    ),
    use_catalogue,
)
choose_target = _combine(
    choose(
        "--to",
        words="auto|same|almalinux|debian",
        default="auto",
        text="What the images become. auto: what `check` advises; same: the same image "
        "in CERN's registry; almalinux, debian: an image with this system.",
    ),
    repeatable(
        "--mirror",
        "mirrors",
        metavar=_MIRROR,
        parse=_parse_mirror,
        text="Pull the images of a registry through this cache",
    ),
    repeatable(
        "--copy",
        "copies",
        metavar=_MIRROR,
        parse=_parse_mirror,
        text="Use your own copies of a registry's images",
    ),
)
suppose_release = click.option(
    "--for",
    "release",
    type=OneOf("release", _find_releases, strict=False),
    metavar="RELEASE",
    help="Show or make what the upgrade to this release needs, for example 14 or 13.1.",
)
ask_registries = _combine(
    click.option(
        "--timeout",
        type=click.FloatRange(0.1, 60),
        default=10.0,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for one image.",
    ),
    repeatable(
        "--insecure", metavar="HOST", text="Contact this registry over plain HTTP"
    ),
)
