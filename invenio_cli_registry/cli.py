# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands: options in, exit code out."""

from __future__ import annotations

import datetime
import gc
import os
import sys
from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence, TypeVar

import click

from .options import (
    RULE,
    ask_registries,
    choose,
    choose_target,
    flag,
    repeatable,
    select_files,
    suggest,
    suppose_release,
    use_catalogue,
)
from .terminal import (
    WIDTH,
    escape_unknown,
    explain_faults,
    find_width,
    paint,
    printable,
    show_progress,
)

if TYPE_CHECKING:
    from .checking import Options
    from .registries import Asking

Record = TypeVar("Record")

_NAME = "invenio-cli-registry"
_WHERE_TO_SET = (
    "Set them in [registry] of .invenio or in [tool.invenio-cli-registry] of\n"
    "pyproject.toml, in the instance's folder or one above it in its repository, or in\n"
    "the file that INVENIO_CLI_REGISTRY_CONFIG names."
)


class Commands(click.Group):
    """The group: faults of the machine become messages, mistyped names are suggested."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:  # noqa: ANN401
        """Read the group's own arguments, among them ``--help``."""
        with explain_faults():
            return super().make_context(*args, **extra)

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
        hint = suggest(args[0], self.commands)
        if hint and args[0] not in self.commands and not ctx.resilient_parsing:
            ctx.fail(f"No such command '{printable(args[0])}'.{hint}")
        return super().resolve_command(ctx, args)


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
    """Check and move the base images that an instance is built from.

    Start with `check` in the folder of the instance: it changes nothing, and says what to
    do next.
    """
    # To look for garbage in all that invenio-cli has imported, again and again, takes a
    # quarter of the time.
    gc.freeze()
    escape_unknown()
    # https://no-color.org
    if os.environ.get("NO_COLOR"):
        context.color = False
    elif os.environ.get("FORCE_COLOR"):
        context.color = os.environ["FORCE_COLOR"] != "0"


def main() -> None:
    """Run the commands without invenio-cli."""
    name = os.path.basename(sys.argv[0])
    prog = "python -m invenio_cli_registry" if name == "__main__.py" else None
    registry(prog_name=prog)


def read_clock() -> datetime.date:
    """Return today; the tests have a day of their own."""
    return datetime.date.today()


def _command(*exits: str, examples: Sequence[str]) -> Callable[..., click.Command]:
    """Return the decorator of a command whose help ends with exit codes and examples."""
    codes = "\n".join(f"  {line}" for line in exits)
    lines = "\n".join(f"  invenio-cli registry {line}" for line in examples)
    epilog = f"\b\nExit codes:\n{codes}\n\n\b\nExamples:\n{lines}"
    return registry.command(epilog=epilog)


_NO_UPGRADE = "   or no upgrade leads to the release of --for"


@_command(
    "0: nothing has to be done now or soon (see --fail-on)",
    "1: something has to be done now or soon, or has to change for --for",
    "2: wrong usage, nothing to check, a file that cannot be read,",
    _NO_UPGRADE,
    examples=("check --for 14", "check --format sarif --output report.sarif ."),
)
@select_files
@suppose_release
@repeatable(
    "--only", parse=RULE, metavar="ID", text="Report findings of this rule only"
)
@repeatable(
    "--ignore", parse=RULE, metavar="ID", text="Report no findings of this rule"
)
@flag("--all", "every", text="List all images, including those that are fine.")
@flag(
    "--verbose",
    text="Also show the builds, the lines to add to a Dockerfile, the upgrade path and "
    "the sources.",
)
@flag("--summary", text="Print only the table of several instances.")
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
    help="Write the report to this file, and print the text.",
)
@choose(
    "--fail-on",
    words="now|soon|plan|never",
    text="From which urgency on the exit code is 1: now is the most urgent; never: "
    "nothing that is found counts. Default: soon, or fail-on of the settings.",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Check as if this were today's date.",
)
@click.pass_context
def check(
    context: click.Context,
    /,
    form: str,
    output: str | None,
    fail_on: str | None,
    **given: object,
) -> None:
    """Check whether base images are safe and match the instance.

    PATHS are folders or files, by default the instance around the current folder. Changes
    no file and contacts no registry.
    """
    from .checking import check as check_paths
    from .files import find_root
    from .report import render
    from .report.layout import Layout
    from .writing import write_report

    paths, options = _read_options(context, given)
    report = check_paths(paths, options)
    plain = _fill(Layout, given)._replace(root=find_root(paths[0]))
    layout = plain._replace(width=find_width(), paint=paint)
    click.echo(render("text" if output else form, report, layout), nl=False)
    if output:
        read = [path for one in report.instances for path in one.instance.sources]
        write_report(output, render(form, report, plain), read)
    context.exit(report.exit_code(fail_on))


@_command(
    "0: everything is written, or there is nothing to change",
    "1: a change is refused, declined or not possible; with --dry-run: there is",
    "   something to change",
    "2: wrong usage, a file that cannot be read, no terminal to ask on,",
    _NO_UPGRADE,
    examples=("migrate --dry-run", "migrate --verify --yes"),
)
@select_files
@choose_target
@suppose_release
@flag(
    "--set-python",
    text="Also change the Python that the instance requires to that of the new image.",
)
@flag("--verify", text="Check in the registries first; write only what exists.")
@ask_registries
@flag("--dry-run", text="Show the change, write nothing.")
@flag("--yes", text="Write without asking.")
@click.pass_context
def migrate(context: click.Context, /, **given: object) -> None:
    """Change the images in the files, and nothing else in them.

    PATHS are folders or files, by default the instance around the current folder. Shows
    the change as a diff and asks before writing it.
    """
    from .migrate import migrate_paths
    from .moves import Request
    from .report.layout import Layout

    paths, options = _read_options(context, given)
    request, layout = _fill(Request, given), Layout(find_width(), paint=paint)
    context.exit(migrate_paths(paths, options, request, _make_asking(given), layout))


@_command(
    "0: every image exists",
    "1: an image is missing or private, or its name is not known",
    "2: wrong usage, a registry without an answer, a file that cannot be read,",
    _NO_UPGRADE,
    examples=("verify", "verify --format json sites/a sites/b"),
)
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
def verify(context: click.Context, /, every: bool, form: str, **given: object) -> None:
    """Check in the registries that current and new images exist.

    PATHS are folders or files, by default the instance around the current folder. Pulls no
    image.
    """
    from .moves import Request
    from .report.verify import render_verify, render_verify_json
    from .verify import verify_paths

    paths, options = _read_options(context, {**given, "every": True})
    request = _fill(Request, given)
    found = verify_paths(paths, options, request, _make_asking(given), every=every)
    if form == "json":
        click.echo(render_verify_json(found), nl=False)
    else:
        click.echo(render_verify(found, width=find_width(), every=every), nl=False)
    context.exit(found.exit_code)


@_command("0: printed", "2: no such rule", examples=("rules", "rules docker-hub"))
@click.argument("rule_id", metavar="[ID]", required=False, type=RULE)
@click.pass_context
def rules(context: click.Context, rule_id: str | None) -> None:
    """List the rules: what each one finds, and what to do about it."""
    from .report.layout import wrap
    from .rules import RULES

    if rule_id is None:
        click.echo(f"{'Rule':<20}{'Act now?':<10}What it finds")
        for rule in RULES.values():
            click.echo(f"{rule.id:<20}{rule.act:<10}{rule.title}")
        click.echo(f"\n`{_prog(context)} rules ID` explains a rule, and what to do.")
        return
    rule = RULES[rule_id]
    click.echo(f"{rule.id}: {rule.title}.\nAct now? Usually: {rule.act}.")
    help_ = rule.help.format(prog=_prog(context))
    parts = {"What it finds": rule.finds, "What to do": help_, "Source": rule.source}
    for label, text in parts.items():
        click.echo("\n".join(["", f"{label}:", *wrap(text, WIDTH, "  ", "  ")]))


@_command(
    "0: printed",
    "2: not in the catalogue",
    examples=("catalogue 14", "catalogue almalinux:1"),
)
@click.argument("name", metavar="[RELEASE|IMAGE]", required=False)
@use_catalogue
def catalogue(name: str | None, catalogue: str | None) -> None:
    """Print what is known about a release or an image."""
    from .catalog import load
    from .catalog.describe import describe

    for line in describe(load(catalogue), name or ""):
        click.echo(printable(line))


@_command(
    "0: all settings are valid",
    "2: a setting is not valid, or a file cannot be read",
    examples=("settings", "settings sites/a"),
)
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
    same: dict[tuple[tuple[str, str, str], ...], list[str]] = {}
    for folder in sorted({one.project for one in found if isinstance(one, Found)}):
        project = detect(folder)
        problems += project.settings.problems
        same.setdefault(tuple(project.settings.list_all()), []).append(project.title)
    for rows, titles in same.items():
        click.echo(f"{printable(', '.join(titles))}:")
        lines = [printable(f"{key} = {value}") for key, value, _ in rows]
        wide = max(map(len, lines))
        for line, (*_, origin) in zip(lines, rows):
            click.echo(f"  {line:<{wide}}  {printable(origin)}")
    click.echo(f"\n{_WHERE_TO_SET}")
    for text in problem_lines(problems, Layout(find_width())):
        click.echo(text, err=True)
    context.exit(2 if problems else 0)


@_command("0: printed", "2: wrong usage", examples=("schema", "schema verify"))
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


def _fill(record: Callable[..., Record], given: Mapping[str, Any]) -> Record:
    """Return a record with what was given for those of its fields that are options."""
    fields = record.__annotations__
    return record(**{name: given[name] for name in fields if name in given})


def _read_options(
    context: click.Context, given: Mapping[str, Any]
) -> tuple[tuple[str, ...], Options]:
    """Return the paths, by default the instance's, and the options of the pipeline."""
    from .checking import Options
    from .files import default_path

    today = given["today"].date() if given.get("today") else read_clock()
    options = _fill(Options, {**given, "today": today, "prog": _prog(context)})
    return given["paths"] or (default_path(),), options


def _prog(context: click.Context) -> str:
    """Return the name that we were called by, as advised commands begin."""
    return context.parent.command_path if context.parent else _NAME


def _make_asking(given: Mapping[str, Any]) -> Asking:
    from .registries import Asking

    return Asking(given["timeout"], frozenset(given["insecure"]), show_progress)
