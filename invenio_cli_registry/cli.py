# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands: options in, exit code out."""

from __future__ import annotations

import contextlib
import datetime
import errno
import gc
import os
import shutil
import sys
from typing import TYPE_CHECKING, Any, Iterator, Mapping

import click

from .options import (
    RULE,
    ask_registries,
    choose,
    choose_target,
    flag,
    select_files,
    select_rules,
    suggest,
    suppose_release,
    use_catalogue,
)
from .terminal import RegistryError, choose_colour, escape_unknown, printable

if TYPE_CHECKING:
    from .checking import Options
    from .decision import Report
    from .registries import Asking

_NAME = "invenio-cli-registry"
_WIDTH = 80


class Commands(click.Group):
    """The group: faults of the machine become messages, mistyped names are suggested."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        """Read the group's own arguments, among them ``--help``."""
        with explain_faults():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        with explain_faults():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are needed."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the one that was meant; not every click does."""
        word = args[0]
        hint = suggest(word, self.list_commands(ctx))
        if hint and not (ctx.resilient_parsing or self.get_command(ctx, word)):
            ctx.fail(f"No such command '{printable(word)}'.{hint}")
        return super().resolve_command(ctx, args)


@contextlib.contextmanager
def explain_faults() -> Iterator[None]:
    """Turn what the machine refuses into a message and an exit code of 2.

    :raises RegistryError: the current folder is gone, stdout is closed, a disk is full.
    """
    if sys.stderr is None:  # closed by whoever started us; click needs one to write to
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        raise RegistryError("stdout is closed: there is nowhere to print the answer")
    try:
        os.getcwd()
    except OSError as error:
        text = "the current folder was deleted: change to another one (`cd`)"
        raise RegistryError(text) from error
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # click ends quietly, as for `... | head`
        # At its end Python would try again to write what stdout has not taken.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        place = error.filename or "the answer was not written"
        raise RegistryError(f"{place}: {error.strerror or error}") from error


def _show_version(
    context: click.Context, parameter: click.Parameter, asked: bool
) -> None:
    """Print the installed version; click's own option knows packages only from 8.0 on."""
    if asked and not context.resilient_parsing:
        from importlib import metadata

        click.echo(f"{_NAME}, version {metadata.version(_NAME)}")
        context.exit()


@click.group(
    name="registry",
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
)
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
    # To look for garbage in all that invenio-cli has imported, and again and again in what
    # an answer is made of, takes a quarter of the time; there is next to none.
    gc.freeze()
    gc.disable()
    context.call_on_close(gc.enable)
    escape_unknown()
    context.color = choose_colour(os.environ)


def main() -> None:
    """Run the commands without invenio-cli."""
    name = os.path.basename(sys.argv[0])
    prog = "python -m invenio_cli_registry" if name == "__main__.py" else None
    registry(prog_name=prog)


def read_clock() -> datetime.date:
    """Return today; the tests have a day of their own."""
    return datetime.date.today()


def _examples(*lines: str) -> str:
    """Return an epilog that click prints line by line."""
    body = "\n".join(f"  invenio-cli registry {line}" for line in lines)
    return f"\b\nExamples:\n{body}"


@registry.command(
    epilog=_examples("check --for 14", "check --format sarif --output report.sarif .")
)
@select_files
@suppose_release
@select_rules
@flag("--all", "every", text="List all images, including those that are fine.")
@flag(
    "--verbose",
    text="Add builds, lines for the Dockerfile, the upgrade path and the sources.",
)
@flag("--summary", text="Of several instances, print the table only.")
@choose(
    "--format",
    "form",
    words="text|json|sarif|github|gitlab|markdown",
    default="text",
    text="Output format.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False),
    metavar="FILE",
    help="Write the report to a file, and print the text.",
)
@choose(
    "--fail-on",
    words="now|soon|plan|never",
    text='Exit with 1 if the answer to "Act now?" is this or more urgent. '
    "By default soon, or what the settings say.",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Evaluate as of this date.",
)
@click.pass_context
def check(
    context: click.Context,
    /,
    verbose: bool,
    summary: bool,
    form: str,
    output: str | None,
    fail_on: str | None,
    today: datetime.datetime | None,
    **given: object,
) -> None:
    """Check whether base images are safe and match the instance.

    PATHS are folders or files, by default the instance around the current folder. Changes
    no file and contacts no registry. Exits with 1 when something should be done soon or
    now, or has to change for the release of --for; with 2 when something could not be
    read, nothing was found to check, or --for names a release that cannot be reached.
    """
    from .checking import check as check_paths
    from .files import find_root
    from .report import render
    from .report.layout import Layout
    from .writing import write_report

    paths, options = _read_options(context, given)
    if today:
        options = options._replace(today=today.date())
    report = check_paths(paths, options)
    plain = Layout(_WIDTH, options.every, verbose, summary, root=find_root(paths[0]))
    layout = plain._replace(width=_width(), paint=_paint)
    click.echo(render("text" if output else form, report, layout), nl=False)
    if output:
        read = [path for one in report.instances for path in one.instance.sources]
        write_report(output, render(form, report, plain), read)
    context.exit(_exit_code(report, fail_on))


def _exit_code(report: Report, fail_on: str | None) -> int:
    """Return the exit code; each instance's own settings say what counts."""
    codes = [
        report._replace(instances=(one,)).exit_code(
            fail_on or one.instance.project.settings.fail_on or "soon"
        )
        for one in report.instances
    ]
    return max([report._replace(instances=()).exit_code(), *codes])


@registry.command(epilog=_examples("migrate --dry-run", "migrate --verify --yes"))
@select_files
@choose_target
@suppose_release
@flag("--set-python", text="Also change the required Python version to the image's.")
@flag("--verify", text="Check in the registries first; write only what exists.")
@ask_registries
@flag("--dry-run", text="Show the change, write nothing.")
@flag("--yes", text="Write without asking.")
@click.pass_context
def migrate(
    context: click.Context,
    /,
    to: str,
    set_python: bool,
    verify: bool,
    timeout: float,
    insecure: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    **given: object,
) -> None:
    """Change the images in the files, and nothing else in them.

    PATHS are folders or files, by default the instance around the current folder. Shows
    the change as a diff and asks before writing it. Exits with 1 when something was
    refused, declined or left; with --dry-run, when there is something to change; with 2
    when something could not be read.
    """
    from .migrate import migrate_paths
    from .moves import Request
    from .report.layout import Layout

    paths, options = _read_options(context, given)
    request = Request(to, set_python, yes, dry_run, verify)
    asking = _make_asking(timeout, insecure)
    layout = Layout(_width(), paint=_paint)
    context.exit(migrate_paths(paths, options, request, asking, layout))


@registry.command(epilog=_examples("verify", "verify --format json sites/a sites/b"))
@select_files
@choose_target
@suppose_release
@ask_registries
@flag(
    "--all",
    "every",
    text="List all images, including those that exist, and when each was made.",
)
@choose("--format", "form", words="text|json", default="text", text="Output format.")
@click.pass_context
def verify(
    context: click.Context,
    /,
    to: str,
    timeout: float,
    insecure: tuple[str, ...],
    every: bool,
    form: str,
    **given: object,
) -> None:
    """Check in the registries that current and new images exist.

    PATHS are folders or files, by default the instance around the current folder. Pulls no
    image. Exits with 1 when an image is missing, private or unresolved; with 2 when a
    registry gave no answer or something could not be read.
    """
    from .moves import Request
    from .report.verify import render_verify, render_verify_json
    from .verify import verify_paths

    paths, options = _read_options(context, {**given, "every": True})
    asking = _make_asking(timeout, insecure)
    found = verify_paths(paths, options, Request(to), asking, every=every)
    if form == "json":
        click.echo(render_verify_json(found), nl=False)
    else:
        click.echo(render_verify(found, width=_width(), every=every), nl=False)
    context.exit(found.exit_code)


@registry.command(epilog=_examples("rules", "rules docker-hub"))
@click.argument("rule_id", metavar="[ID]", required=False, type=RULE)
@click.pass_context
def rules(context: click.Context, rule_id: str | None) -> None:
    """List the rules: what each one finds, and what to do about it."""
    from .report.layout import wrap
    from .rules import RULES

    if rule_id is None:
        for rule in RULES.values():
            click.echo(f"{rule.id:<20}{rule.title}")
        click.echo(f"\n`{_prog(context)} rules ID` explains a rule, and what to do.")
        return
    rule = RULES[rule_id]
    help_ = rule.help.format(prog=_prog(context))
    for text in (f"{rule.id}: {rule.title}.", rule.finds, help_, rule.source):
        click.echo("\n".join(wrap(text, _WIDTH)) + "\n")


@registry.command(epilog=_examples("catalogue 14", "catalogue almalinux:1"))
@click.argument("name", metavar="[RELEASE|IMAGE]", required=False)
@use_catalogue
def catalogue(name: str | None, catalogue: str | None) -> None:
    """Print what is known about a release or an image."""
    from .catalog import load
    from .catalog.describe import describe

    for line in describe(load(catalogue), name or ""):
        click.echo(printable(line))


@registry.command(epilog=_examples("settings", "settings sites/a"))
@select_files
@click.pass_context
def settings(context: click.Context, /, **given: object) -> None:
    """Print the settings that apply, and where they come from."""
    from .files import Found, find_files
    from .instance import detect
    from .report.layout import Layout, problem_lines

    paths, options = _read_options(context, given)
    found = list(find_files(paths, options.exclude))
    problems = [one for one in found if not isinstance(one, Found)]
    for folder in sorted({one.project for one in found if isinstance(one, Found)}):
        project = detect(folder)
        problems += project.settings.problems
        click.echo(f"{printable(project.title)}:")
        for line in project.settings.origins:
            text = f"  {line.key} = {line.text}".ljust(50)
            click.echo(printable(f"{text}  {line.span.at_line}"))
        if not project.settings.origins:
            click.echo("  nothing is set; the defaults apply")
    for text in problem_lines(problems, Layout(_width())):
        click.echo(text, err=True)
    context.exit(2 if problems else 0)


@registry.command(epilog=_examples("schema", "schema verify"))
@click.argument(
    "name",
    metavar="[check|verify]",
    default="check",
    type=click.Choice(["check", "verify"]),
)
def schema(name: str) -> None:
    """Print the JSON schema of what --format json prints."""
    from .report import read_schema

    click.echo(read_schema(name), nl=False)


def _read_options(
    context: click.Context, given: Mapping[str, Any]
) -> tuple[tuple[str, ...], Options]:
    """Return the paths, by default the instance's, and the options of the pipeline.

    :param given: ``paths``, and the options that have the pipeline's names.
    """
    from .checking import Options
    from .files import default_path

    others = {name: value for name, value in given.items() if name != "paths"}
    options = Options(today=read_clock(), prog=_prog(context), **others)
    return given["paths"] or (default_path(),), options


def _prog(context: click.Context) -> str:
    """Return the name that we were called by, as advised commands begin."""
    return context.parent.command_path if context.parent else _NAME


def _make_asking(timeout: float, insecure: tuple[str, ...]) -> Asking:
    from .registries import Asking

    return Asking(timeout, insecure=frozenset(insecure), progress=_show_progress)


def _show_progress(done: int, total: int) -> None:
    """Show the progress on a terminal; a log stays as it is."""
    if sys.stderr.isatty():
        end = "\r\x1b[K" if done == total else ""
        text = f"\rContacting registries: {done} of {total} images{end}"
        click.echo(text, nl=False, err=True)


def _width() -> int:
    if not sys.stdout.isatty():
        return _WIDTH
    return max(60, min(100, shutil.get_terminal_size((_WIDTH, 24)).columns))


def _paint(text: str, colour: str) -> str:
    """Style a text; where no colours are wanted, click takes them out again."""
    return click.style(text, fg=None if colour == "bold" else colour, bold=True)
