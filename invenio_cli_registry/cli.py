# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands: options in, exit code out."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from .collector import rest_collector
from .parameters import ask_registries, choose_target, select_files, suppose_release
from .terminal import choose_colour, escape_unknown

if TYPE_CHECKING:
    from .availability.answers import Asking
    from .inspection import Options
    from .mirrors import Mirror

_WIDTH = 80
_DATE = click.DateTime(["%Y-%m-%d"])


def _show_version(
    context: click.Context, parameter: click.Parameter, asked: bool
) -> None:
    """Print the installed version; click's own option knows packages only from 8.0 on."""
    if asked and not context.resilient_parsing:
        from importlib import metadata

        name = "invenio-cli-registry"
        click.echo(f"{name}, version {metadata.version(name)}")
        context.exit()


@click.group(name="registry")
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version and exit.",
)
@click.pass_context
def registry(context: click.Context) -> None:
    """Check and move the base images that an instance is built from."""
    context.call_on_close(rest_collector())
    escape_unknown()
    context.color = choose_colour(os.environ)


def main() -> None:
    """Run the commands without invenio-cli's bridge."""
    name = os.path.basename(sys.argv[0])
    prog = "python -m invenio_cli_registry" if name == "__main__.py" else None
    registry(prog_name=prog)


@registry.command()
@select_files
@suppose_release
@click.option(
    "--all", "every", is_flag=True, help="List every image, also the fine ones."
)
@click.option(
    "--verbose",
    is_flag=True,
    help="Add the upgrade path, recipes for the Dockerfile, and the sources.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github", "gitlab"]),
    default="text",
    show_default=True,
    help="Print a report for people, for programs, or for what a platform shows.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False),
    default=None,
    metavar="FILE",
    help="Write the report into a file, and print the text.  [default: none]",
)
@click.option(
    "--fail-on",
    type=click.Choice(["now", "soon", "plan", "never"]),
    default="soon",
    show_default=True,
    help='From which answer to "Act now?" on the exit code is 1.',
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
    release: str | None,
    every: bool,
    verbose: bool,
    form: str,
    output: str | None,
    fail_on: str,
    today: datetime.datetime | None,
) -> None:
    """Tell whether the base images will still be there, and still fit.

    PATHS are folders or files, by default the current folder. No file that is looked at is
    written, and no registry is asked. Exits with 1 when something should be done soon or
    now, or has to change for the release of --for; with 2 when something could not be
    read, or no project has that release ahead of it.
    """
    from .inspection import Options, inspect
    from .output import write_report
    from .readers.projects import find_root
    from .report.formats import FORMATS, Request
    from .report.layout import Layout

    day = today.date() if today else datetime.date.today()
    prog = _prog(context)
    options = Options(
        exclude=exclude, every=every, prog=prog, today=day, release=release
    )
    report = inspect(paths or (".",), options)
    layout = Layout(_width(), every, verbose, _paint)
    first = paths[0] if paths else "."
    root = find_root(first if os.path.isdir(first) else os.path.dirname(first) or ".")
    request = Request(prog, root, layout)
    click.echo(FORMATS["text" if output else form](report, request), nl=False)
    if output:
        plain = request._replace(layout=Layout(_WIDTH, every, verbose))
        write_report(output, FORMATS[form](report, plain), report.read)
    context.exit(report.exit_code(fail_on))


def _prog(context: click.Context) -> str:
    """Return the name that we were called by, as advised commands begin."""
    return context.parent.command_path if context.parent else "invenio-cli-registry"


def _width() -> int:
    if not sys.stdout.isatty():
        return _WIDTH
    return max(60, min(100, shutil.get_terminal_size((_WIDTH, 24)).columns))


def _paint(text: str, colour: str) -> str:
    wanted = choose_colour(os.environ)
    if not (sys.stdout.isatty() if wanted is None else wanted):
        return text
    if colour == "bold":
        return click.style(text, bold=True)
    return click.style(text, fg=colour, bold=True)


@registry.command()
@select_files
@choose_target
@suppose_release
@click.option(
    "--set-python",
    is_flag=True,
    help="Also set the Python that is asked for to the image's.",
)
@click.option(
    "--verify", is_flag=True, help="Ask the registries first; write only what exists."
)
@ask_registries
@click.option("--dry-run", is_flag=True, help="Show the change, write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.pass_context
def migrate(
    context: click.Context,
    paths: tuple[str, ...],
    exclude: tuple[str, ...],
    to: str,
    mirrors: tuple[Mirror, ...],
    copies: tuple[Mirror, ...],
    release: str | None,
    set_python: bool,
    verify: bool,
    timeout: float,
    insecure: tuple[str, ...],
    dry_run: bool,
    yes: bool,
) -> None:
    """Change the images in the files, and nothing else in them.

    PATHS are folders or files, by default the current folder. The change is shown as a
    diff, and asked for, before it is written. Exits with 1 when something was refused,
    declined or left, with 2 when something could not be read.
    """
    from .migrate import migrate_projects
    from .moves import Request

    options = _options(context, exclude, mirrors, copies, release)
    request = Request(to, set_python, yes, dry_run, verify)
    asking = _asking(timeout, insecure)
    code = migrate_projects(paths or (".",), options, request, asking, _width())
    context.exit(code)


@registry.command()
@select_files
@choose_target
@suppose_release
@ask_registries
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="List every image, also those that exist, and when it was made.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Print the answers for people, or for programs.",
)
@click.pass_context
def verify(
    context: click.Context,
    paths: tuple[str, ...],
    exclude: tuple[str, ...],
    to: str,
    mirrors: tuple[Mirror, ...],
    copies: tuple[Mirror, ...],
    release: str | None,
    timeout: float,
    insecure: tuple[str, ...],
    every: bool,
    form: str,
) -> None:
    """Ask the registries whether the images exist, and what they would become.

    PATHS are folders or files, by default the current folder. No image is pulled. Exits
    with 1 when an image is missing, private or unresolved, with 2 when a registry gave no
    answer or something could not be read.
    """
    from .moves import Request
    from .report.verify import render_verify, render_verify_json
    from .verification import verify_projects

    options = _options(context, exclude, mirrors, copies, release)._replace(every=True)
    asking = _asking(timeout, insecure)
    found = verify_projects(paths or (".",), options, Request(to), asking, every=every)
    if form == "json":
        click.echo(render_verify_json(found), nl=False)
    else:
        click.echo(render_verify(found, width=_width(), every=every), nl=False)
    context.exit(found.exit_code)


def _options(
    context: click.Context,
    exclude: tuple[str, ...],
    mirrors: tuple[Mirror, ...],
    copies: tuple[Mirror, ...],
    release: str | None,
) -> Options:
    from .inspection import Options

    return Options(
        today=datetime.date.today(),
        exclude=exclude,
        every=bool(mirrors),
        mirrors=mirrors,
        copies=copies,
        prog=_prog(context),
        release=release,
    )


def _asking(timeout: float, insecure: tuple[str, ...]) -> Asking:
    from .availability.answers import Asking

    return Asking(timeout, insecure=frozenset(insecure), progress=_show_progress)


def _show_progress(done: int, total: int) -> None:
    """Show on a terminal how many images have been asked for; a log stays as it is."""
    if sys.stderr.isatty():
        end = "\r\x1b[K" if done == total else ""
        click.echo(
            f"\rAsking registries: {done} of {total} images{end}", nl=False, err=True
        )
