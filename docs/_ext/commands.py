# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The directive ``registry``: commands and what they really print, on an example."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from answers import answer_from
from click.testing import CliRunner
from docutils import nodes
from docutils.parsers.rst import directives
from sites import make_sites
from sphinx.util.docutils import SphinxDirective

from invenio_cli_registry.cli import registry
from invenio_cli_registry.preflight import inspect_build

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
#: The day of every output, so that it changes with the facts and not with the calendar.
DAY = "2026-11-24"
PROG = "invenio-cli registry"
_BUILD = "invenio-cli containers build"
#: What in the environment of the reader's machine would change the output.
_OTHERS = ("INVENIO", "FORCE_COLOR", "COLUMNS", "DOCKER_", "GIT_")
#: The argument that stands for a repository with thirty instances.
_SITES = "sites"


class Done(NamedTuple):
    """A command that has run, as a terminal shows it."""

    command: str
    output: str
    exit_code: int | None  #: None: what follows is not ours


def run(command: str, folder: Path) -> Done:
    """Run a command in a folder, in 80 columns and without colour.

    In this process, for the start of a host takes longer than the command. Of
    ``invenio-cli containers build`` only the look before it is run.

    :raises ValueError: for a command that is none of ours, or that crashes.
    """
    before = os.getcwd()
    os.chdir(folder)
    try:
        if command == _BUILD:
            return _look_first(command)
        return _invoke(command)
    finally:
        os.chdir(before)


def _look_first(command: str) -> Done:
    notice = inspect_build(os.curdir, {})
    return Done(
        command, notice.text if notice else "", 1 if notice and notice.stop else None
    )


def _invoke(command: str) -> Done:
    name, group, *arguments = shlex.split(command)
    if f"{name} {group}" != PROG:
        raise ValueError(f"not a command of this package: {command}")
    today = ["--today", DAY] if arguments[0] == "check" else []
    environ = {name: None for name in os.environ if name.startswith(_OTHERS)}
    runner = CliRunner(env={**environ, "NO_COLOR": "1"})
    result = runner.invoke(registry, [*arguments, *today], prog_name=PROG)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise ValueError(f"{command}: {result.exception!r}")
    return Done(command, result.output, result.exit_code)


class RegistryDirective(SphinxDirective):
    """Show commands, a line each, as they run one after the other in a copy of an example.

    The argument is a folder of ``examples/``, or ``sites`` for thirty of them.
    ``:append: FILE TEXT-FILE`` adds a file of the documentation to one of the copy before
    the first command, ``:answers:`` names a file with what registries say. ``:exits:``
    lists the exit codes that the text around it counts on; only so many ``:lines:`` of each
    output are shown.
    """

    required_arguments = 1
    has_content = True
    option_spec = {  # noqa: RUF012 - docutils' own way
        "answers": directives.unchanged_required,
        "append": directives.unchanged_required,
        "exits": directives.unchanged_required,
        "lines": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """Run the commands and return them with their outputs as one block."""
        with tempfile.TemporaryDirectory() as temporary:
            folder = self._copy(Path(temporary))
            self._append(folder)
            try:
                with self._answers():
                    done = [run(line, folder) for line in self.content if line]
            except ValueError as error:
                raise self.error(str(error)) from error
        self._compare(
            [str(each.exit_code) for each in done if each.exit_code is not None]
        )
        text = "\n".join(_show(each, self.options.get("lines")) for each in done)
        return [nodes.literal_block(text, text, language="text", classes=["terminal"])]

    def _copy(self, temporary: Path) -> Path:
        name, examples = self.arguments[0], ROOT / "examples"
        folder = temporary / Path(name).name
        if name == _SITES:
            make_sites(examples, folder)
            return folder
        return Path(shutil.copytree(examples / name, folder))

    def _append(self, folder: Path) -> None:
        if "append" in self.options:
            name, source = self.options["append"].split()
            text = Path(self.env.srcdir, source).read_text(encoding="utf-8")
            with Path(folder, name).open("a", encoding="utf-8") as file:
                file.write("\n" + text)

    def _answers(self) -> contextlib.AbstractContextManager[None]:
        name = self.options.get("answers")
        path = name and Path(self.env.srcdir, name)
        return answer_from(path) if path else contextlib.nullcontext()

    def _compare(self, exits: list[str]) -> None:
        expected = self.options.get("exits", "").split()
        if expected and exits != expected:
            raise self.error(f"exit codes are {' '.join(exits)}")


def _show(done: Done, most: int | None = None) -> str:
    """Return what a terminal would show, and the exit code."""
    lines = done.output.rstrip("\n").split("\n") if done.output else []
    if most and len(lines) > most:
        lines[most:] = ["[...]"]
    end = "[...]" if done.exit_code is None else f"[exit code {done.exit_code}]"
    return "\n".join([f"$ {done.command}", *lines, end, ""])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("registry", RegistryDirective)
    return {"parallel_read_safe": False, "version": "1"}
