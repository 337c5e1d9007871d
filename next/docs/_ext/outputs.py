# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The directive ``run``: commands, and what they print on an example of this repository."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator
from unittest import mock

from click.testing import CliRunner
from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

from invenio_cli_registry import cli, verify
from invenio_cli_registry.preflight import inspect_build
from invenio_cli_registry.registries import Answer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = next(up / "examples" for up in Path(__file__).parents if (up / "examples").is_dir())
#: The day of every output: it changes with the facts, and not with the calendar.
DAY = datetime.date(2026, 11, 24)
PROG = "invenio-cli registry"
#: The argument for a repository with thirty instances: how many are like which example.
SITES = "sites"
_LIKE = {
    "rdm-9.1/my-site": 7,
    "ils-1.0/my-ils": 2,
    "rdm-12/my-site": 6,
    "rdm-13/my-site": 1,
    "rdm-14-from-13/my-site": 8,
    "rdm-14/my-site": 6,
}


def copy_example(name: str, folder: Path) -> Path:
    """Copy an example into a folder, or make thirty instances there; return the copy."""
    if name != SITES:
        return Path(shutil.copytree(EXAMPLES / name, folder / Path(name).name))
    names = [example for example, count in _LIKE.items() for _ in range(count)]
    for number, example in enumerate(names, start=1):
        shutil.copytree(EXAMPLES / example, folder / SITES / f"site-{number:02}")
    return folder


def run(command: str, folder: Path, missing: str = "-") -> tuple[str, int]:
    """Run a command in a folder, in 80 columns; return what it prints, and its exit code.

    Of ``invenio-cli containers build`` it is the check before the build. Registries answer
    that they have every image.

    :param missing: the registry that has no image, ``-`` for none.
    :raises ValueError: the command is not one of this package, or it crashes.
    """
    with _inside(folder), _registries(missing):
        if command == "invenio-cli containers build":
            notice = inspect_build(os.curdir, {}, DAY)
            return notice.text, int(notice.stop)
        words = shlex.split(command)
        if words[:2] != PROG.split():
            raise ValueError(f"not a command of this package: {command}")
        result = CliRunner(env={"NO_COLOR": "1"}).invoke(
            cli.registry, words[2:], prog_name=PROG
        )
    if result.exception and not isinstance(result.exception, SystemExit):
        raise ValueError(f"{command}: {result.exception!r}")
    return result.output.rstrip("\n"), result.exit_code


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Change to a folder, on the documented day and without this machine's settings."""
    before = os.getcwd()
    kept = {name: os.environ[name] for name in os.environ if "INVENIO" not in name}
    os.chdir(folder)
    try:
        with mock.patch.dict(os.environ, kept, clear=True), mock.patch.object(
            cli, "read_clock", return_value=DAY
        ):
            yield
    finally:
        os.chdir(before)


def _registries(missing: str) -> Any:  # noqa: ANN401 - what mock returns
    """Answer for the registries: each image exists, except those of one of them."""

    def ask(images: Any, *_: object, **__: object) -> dict[Any, Answer]:  # noqa: ANN401
        return {image: answer(image) for image in images}

    def answer(image: Any) -> Answer:  # noqa: ANN401
        if image.registry == missing:
            return Answer(image, "missing", message="the registry does not have it")
        name = f"{image.repository}:{image.tag}".encode()
        return Answer(image, "exists", f"sha256:{hashlib.sha256(name).hexdigest()}", 0.3)

    return mock.patch.object(verify, "ask", ask)


class RunDirective(SphinxDirective):
    """Show commands and their outputs, run one after the other in a copy of an example.

    The argument is a folder of ``examples/``, or ``sites``. ``:add: FILE TEXT-FILE`` first
    adds a file of the documentation to one of the copy. ``:exits:`` are the exit codes that
    the text relies on: another one fails the build. ``:lines:`` cuts each output.
    """

    required_arguments = 1
    has_content = True
    option_spec = {  # noqa: RUF012 - the way of docutils
        "add": directives.unchanged_required,
        "exits": directives.unchanged_required,
        "lines": directives.positive_int,
        "missing": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the commands with their outputs as one block."""
        lines, exits = [], []
        with tempfile.TemporaryDirectory() as temporary:
            folder = copy_example(self.arguments[0], Path(temporary))
            if "add" in self.options:
                name, source = self.options["add"].split()
                text = Path(self.env.srcdir, source).read_text(encoding="utf-8")
                with Path(folder, name).open("a", encoding="utf-8") as file:
                    file.write(f"\n{text}")
            for command in filter(None, self.content):
                try:
                    output, code = run(command, folder, self.options.get("missing", "-"))
                except ValueError as error:
                    raise self.error(str(error)) from error
                lines += [f"$ {command}", cut(output, self.options.get("lines")), ""]
                exits.append(str(code))
        if exits != self.options["exits"].split():
            raise self.error(f"the exit codes are {' '.join(exits)}")
        text = "\n".join(lines).rstrip("\n")
        return [nodes.literal_block(text, text, language="console")]


def cut(output: str, most: int | None) -> str:
    """Return the first lines of an output, and a mark when there are more."""
    lines = output.split("\n")
    return "\n".join([*lines[:most], "[...]"] if most and len(lines) > most else lines)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("run", RunDirective)
    return {"parallel_read_safe": False, "version": "1"}
