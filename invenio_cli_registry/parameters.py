# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The options that several commands have, each with the parsing of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, TypeVar

import click

from .terminal import printable

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from .mirrors import Mirror

Command = TypeVar("Command", bound=Callable[..., None])

_FLAVOURS = ("RDM", "ILS")


def select_files(command: Command) -> Command:
    """Add what chooses the files: PATHS and ``--exclude``."""
    exclude = click.option(
        "--exclude",
        multiple=True,
        metavar="GLOB",
        help="Leave out files and folders that match; may be given again.  [default: none]",
    )
    paths = click.argument("paths", nargs=-1, type=click.Path())
    return paths(exclude(command))


def _parse_mirrors(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> tuple[Mirror, ...]:
    """Parse ``UPSTREAM=HOST[:PORT]/PATH``; what is none is a usage error."""
    from .mirrors import InvalidMirror, Mirror

    try:
        return tuple(Mirror.parse(value) for value in values)
    except InvalidMirror as error:
        raise click.BadParameter(str(error), context, parameter) from error


def choose_target(command: Command) -> Command:
    """Add what the images become: ``--to``, ``--mirror``, ``--copy``."""
    to = click.option(
        "--to",
        type=click.Choice(["auto", "same", "almalinux", "debian"]),
        default="auto",
        show_default=True,
        help="What the release asks for, the same image at CERN, or another system.",
    )
    mirror = click.option(
        "--mirror",
        "mirrors",
        multiple=True,
        metavar="UPSTREAM=HOST[:PORT]/PATH",
        callback=_parse_mirrors,
        help="A cache of a registry to go through; may be given again.  [default: none]",
    )
    copy = click.option(
        "--copy",
        "copies",
        multiple=True,
        metavar="UPSTREAM=HOST[:PORT]/PATH",
        callback=_parse_mirrors,
        help="A copy of one's own to move to; may be given again.  [default: none]",
    )
    return to(mirror(copy(command)))


def suppose_release(command: Command) -> Command:
    """Add the what-if: ``--for``."""
    return click.option(
        "--for",
        "release",
        type=_ReleaseType(),
        metavar="RELEASE",
        help="As if the project were this later release: 14, 13.1.  [default: its own]",
    )(command)


class _ReleaseType(click.ParamType):  # type: ignore[type-arg] # not generic in every click
    """A release of the catalogue, of whichever flavour."""

    name = "release"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """Return the release as given; another one is a usage error."""
        from .catalog import load

        catalog = load()
        if not any(catalog.find_release(flavour, value) for flavour in _FLAVOURS):
            newest = [catalog.newest(flavour) for flavour in _FLAVOURS]
            names = " and ".join(f"Invenio{row.flavour} {row.label}" for row in newest)
            said = f"{printable(value)} is no release of the catalogue"
            self.fail(f"{said}; the newest are {names}", param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the releases that begin like this; click 7 does not ask."""
        from click.shell_completion import CompletionItem

        from .catalog import load

        labels = [release.label for release in load().releases]
        return [
            CompletionItem(label)
            for label in dict.fromkeys(labels)
            if label.startswith(incomplete)
        ]


def ask_registries(command: Command) -> Command:
    """Add how registries are asked: ``--timeout``, ``--insecure``."""
    timeout = click.option(
        "--timeout",
        type=click.FloatRange(0.1, 60),
        default=10.0,
        show_default=True,
        metavar="SECONDS",
        help="How long to wait for one image.",
    )
    insecure = click.option(
        "--insecure",
        multiple=True,
        metavar="HOST",
        help="Ask this registry over plain HTTP; may be given again.  [default: none]",
    )
    return timeout(insecure(command))
