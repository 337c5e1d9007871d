# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands: options in, exit code out."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from typing import TYPE_CHECKING, Callable, TypeVar

import click

if TYPE_CHECKING:
    from .mirrors import Mirror

Command = TypeVar("Command", bound=Callable[..., None])

_WIDTH = 80
_DATE = click.DateTime(["%Y-%m-%d"])


@click.group(name="registry")
@click.version_option(
    package_name="invenio-cli-registry", prog_name="invenio-cli-registry"
)
def registry() -> None:
    """Check and move the base images that an instance is built from."""


def main() -> None:
    """Run the commands without invenio-cli's bridge."""
    name = os.path.basename(sys.argv[0])
    prog = "python -m invenio_cli_registry" if name == "__main__.py" else None
    registry(prog_name=prog)


def _select_files(command: Command) -> Command:
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


@registry.command()
@_select_files
@click.option(
    "--all", "every", is_flag=True, help="List every image, also the fine ones."
)
@click.option(
    "--verbose", is_flag=True, help="Add the upgrade path, sources, and recipes."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Print a report for people, or for programs.",
)
@click.option(
    "--today",
    type=_DATE,
    default=None,
    metavar="YYYY-MM-DD",
    help="Judge as on this day.  [default: today]",
)
@click.pass_context
def check(
    context: click.Context,
    paths: tuple[str, ...],
    exclude: tuple[str, ...],
    every: bool,
    verbose: bool,
    form: str,
    today: datetime.datetime | None,
) -> None:
    """Tell whether the base images will still be there, and still fit.

    PATHS are folders or files, by default the current folder. Nothing is written, and no
    registry is asked. Exits with 1 when something should be done soon or now, with 2 when
    something could not be read.
    """
    from .inspection import Options, inspect
    from .report.json import render_json
    from .report.text import Layout, render_text

    day = today.date() if today else datetime.date.today()
    options = Options(exclude=exclude, every=every, prog=_prog(context), today=day)
    report = inspect(paths or (".",), options)
    if form == "json":
        text = render_json(report, every=every)
    else:
        text = render_text(report, Layout(_width(), every, verbose, _paint))
    click.echo(text, nl=False)
    context.exit(report.exit_code)


def _prog(context: click.Context) -> str:
    """Return the name that we were called by, as advised commands begin."""
    return context.parent.command_path if context.parent else "invenio-cli-registry"


def _width() -> int:
    if not sys.stdout.isatty():
        return _WIDTH
    return max(60, min(100, shutil.get_terminal_size((_WIDTH, 24)).columns))


def _paint(text: str, colour: str) -> str:
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    if colour == "bold":
        return click.style(text, bold=True)
    return click.style(text, fg=colour, bold=True)


@registry.command()
@_select_files
@click.option(
    "--to",
    type=click.Choice(["auto", "same", "almalinux", "debian"]),
    default="auto",
    show_default=True,
    help="Move to what the release asks for, the same image at CERN, or another system.",
)
@click.option(
    "--mirror",
    "mirrors",
    multiple=True,
    metavar="UPSTREAM=HOST[:PORT]/PATH",
    callback=_parse_mirrors,
    help="Go through a cache of a registry; may be given again.  [default: none]",
)
@click.option(
    "--set-python",
    is_flag=True,
    help="Also set the Python that is asked for to the image's.",
)
@click.option("--dry-run", is_flag=True, help="Show the change, write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.pass_context
def migrate(
    context: click.Context,
    paths: tuple[str, ...],
    exclude: tuple[str, ...],
    to: str,
    mirrors: tuple[Mirror, ...],
    set_python: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    """Change the images in the files, and nothing else in them.

    PATHS are folders or files, by default the current folder. The change is shown as a
    diff, and asked for, before it is written. Exits with 1 when something was refused,
    declined or left, with 2 when something could not be read.
    """
    from .inspection import Options
    from .migrate import migrate_projects
    from .moves import Request

    options = Options(
        today=datetime.date.today(),
        exclude=exclude,
        every=bool(mirrors),
        mirrors=mirrors,
        prog=_prog(context),
    )
    request = Request(to, set_python, yes, dry_run)
    context.exit(migrate_projects(paths or (".",), options, request, _width()))
