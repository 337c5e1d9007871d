# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The directive ``registry``: commands and what they really print, on an example."""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from click.testing import CliRunner
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from invenio_cli_registry.cli import registry

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
#: The day of every output, so that it changes with the facts and not with the calendar.
DAY = "2026-11-24"
PROG = "invenio-cli registry"


class Done(NamedTuple):
    """A command that has run, as a terminal shows it."""

    command: str
    output: str
    exit_code: int


def run(command: str, folder: Path) -> Done:
    """Run ``invenio-cli registry ...`` in a folder, in 80 columns and without colour.

    In this process, for each start of the host takes longer than the command.

    :raises ValueError: for a command that is none of ours, or that crashes.
    """
    name, group, *arguments = shlex.split(command)
    if (name, group) != tuple(PROG.split()):
        raise ValueError(f"not a command of this package: {command}")
    today = ["--today", DAY] if arguments[0] == "check" else []
    environ = dict.fromkeys(_OURS, None)
    before = os.getcwd()
    os.chdir(folder)
    try:
        result = CliRunner(env={**environ, "NO_COLOR": "1"}).invoke(
            registry, [*arguments, *today], prog_name=PROG
        )
    finally:
        os.chdir(before)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise ValueError(f"{command}: {result.exception!r}")
    return Done(command, result.output, result.exit_code)


_OURS = [name for name in os.environ if name.startswith(("INVENIO", "FORCE_COLOR"))]


class RegistryDirective(SphinxDirective):
    """Show commands, a line each, as they run one after the other in a copy of an example.

    The argument is a folder of ``examples/``; ``:append: FILE TEXT-FILE`` adds a file of
    the documentation to one of the copy before the first command. ``:exits:`` lists the
    exit codes that the text around it counts on.
    """

    required_arguments = 1
    has_content = True
    option_spec = {  # noqa: RUF012 - docutils' own way
        "append": directives.unchanged_required,
        "exits": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Run the commands and return them with their outputs as one block."""
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / Path(self.arguments[0]).name
            shutil.copytree(ROOT / "examples" / self.arguments[0], folder)
            self._append(folder)
            try:
                done = [run(line, folder) for line in self.content if line.strip()]
            except ValueError as error:
                raise self.error(str(error)) from error
        self._compare([str(each.exit_code) for each in done])
        return [_block(done)]

    def _append(self, folder: Path) -> None:
        if "append" in self.options:
            name, source = self.options["append"].split()
            text = Path(self.env.srcdir, source).read_text(encoding="utf-8")
            with (folder / name).open("a", encoding="utf-8") as file:
                file.write("\n" + text)

    def _compare(self, exits: list[str]) -> None:
        expected = self.options.get("exits", "").split()
        if expected and exits != expected:
            raise self.error(f"exit codes are {' '.join(exits)}")


def _block(done: list[Done]) -> nodes.literal_block:
    """Return what a terminal would show; the prompt after a failure tells its code."""
    text = "\n".join(_show(each) for each in done)
    return nodes.literal_block(text, text, language="text", classes=["terminal"])


def _show(done: Done) -> str:
    output = done.output if done.output.endswith("\n") else done.output + "\n"
    return f"$ {done.command}\n{output}[exit code {done.exit_code}]\n"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("registry", RegistryDirective)
    return {"parallel_read_safe": False, "version": "1"}
