# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The directive ``run``: commands, and what they print on an example of this repository."""

from __future__ import annotations

import datetime
import hashlib
import os
import shlex
import shutil
import tempfile
from pathlib import Path
from typing import Iterable
from unittest import mock

from click.testing import CliRunner
from docutils import nodes
from docutils.parsers.rst.directives import unchanged
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from invenio_cli_registry import cli, verify
from invenio_cli_registry.image import Image
from invenio_cli_registry.preflight import inspect_build
from invenio_cli_registry.registries import Answer

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
#: The day of every output: it changes with the facts, and not with the calendar.
DAY = datetime.date(2026, 11, 24)
PROG = "invenio-cli registry"
#: Of the thirty instances of ``sites``: how many are like which example.
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
    if name != "sites":
        return Path(shutil.copytree(EXAMPLES / name, folder / Path(name).name))
    names = [example for example, count in _LIKE.items() for _ in range(count)]
    for number, example in enumerate(names, start=1):
        shutil.copytree(EXAMPLES / example, folder / f"sites/site-{number:02}")
    return folder


def run(command: str, folder: Path, missing: str = "") -> tuple[str, int]:
    """Run a command in a folder, in 80 columns; return what it prints, and its exit code.

    Of ``invenio-cli containers build`` it is the check before the build. All registries but
    ``missing`` answer that they have every image.
    """

    def answer(image: Image) -> Answer:
        if image.registry == missing:
            return Answer(image, "missing", message="the registry does not have it")
        name = hashlib.sha256(f"{image.repository}:{image.tag}".encode()).hexdigest()
        return Answer(image, "exists", f"sha256:{name}", 0.3)

    def ask(images: Iterable[Image], *_: object, **__: object) -> dict[Image, Answer]:
        return {image: answer(image) for image in images}

    before = os.getcwd()
    os.chdir(folder)
    try:
        if command == "invenio-cli containers build":
            notice = inspect_build(os.curdir, {}, DAY)
            return notice.text, int(notice.stop)
        clock = mock.patch.object(cli, "read_clock", return_value=DAY)
        with clock, mock.patch.object(verify, "ask", ask):
            result = CliRunner(env={"NO_COLOR": "1"}).invoke(
                cli.registry,
                shlex.split(command.replace(PROG, "", 1)),
                prog_name=PROG,
                catch_exceptions=False,
            )
        return result.output.rstrip("\n"), result.exit_code
    finally:
        os.chdir(before)


class RunDirective(SphinxDirective):
    """Show commands and their outputs, run one after the other in a copy of an example.

    ``:add: FILE TEXT-FILE`` first adds a file of the documentation to one of the copy.
    Other exit codes than ``:exits:`` fail the build. ``:lines:`` cuts each output.
    """

    required_arguments = 1
    has_content = True
    option_spec = dict.fromkeys(("add", "exits", "lines", "missing"), unchanged)

    def run(self) -> list[nodes.Node]:
        """Return the commands with their outputs as one block."""
        texts, exits = [], []
        most = int(self.options.get("lines", 0))
        with tempfile.TemporaryDirectory() as temporary:
            folder = copy_example(self.arguments[0], Path(temporary))
            if "add" in self.options:
                name, source = self.options["add"].split()
                text = Path(self.env.srcdir, source).read_text(encoding="utf-8")
                with Path(folder, name).open("a", encoding="utf-8") as file:
                    file.write(f"\n{text}")
            for command in filter(None, self.content):
                output, code = run(command, folder, self.options.get("missing", ""))
                lines = output.split("\n")
                if most and len(lines) > most:
                    lines[most:] = ["[...]"]
                texts.append("\n".join([f"$ {command}", *lines]))
                exits.append(str(code))
        if exits != self.options["exits"].split():
            raise self.error(f"the exit codes are {' '.join(exits)}")
        text = "\n\n".join(texts)
        return [nodes.literal_block(text, text, language="console")]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("run", RunDirective)
