# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What the README shows is what is printed, and what it says to type can be typed."""

from __future__ import annotations

import re
import shlex
import shutil
import textwrap

import click
import pytest

from invenio_cli_registry.cli import registry

from .conftest import ROOT
from .instances import call, inside
from .test_package import STARTUP

README = (ROOT / "README.rst").read_text(encoding="utf-8")
BLOCKS = [
    textwrap.dedent(block).strip("\n").split("\n")
    for block in re.findall(r"code-block:: \w+\n\n((?: {4}.*\n|\n)+)", README)
]
SHOWN = [block for block in BLOCKS if block[0].startswith("$ ")]
#: Other documents that show commands to type.
TEXTS = [*ROOT.glob("*.rst"), *ROOT.glob("docs/*.rst"), *ROOT.glob("docs/workflows/*")]
COMMAND = re.compile(
    r"invenio-cli[ -]registry (check|migrate|verify|rules|catalogue|settings|schema)\b"
    r"([^`|;#)\\\n]*)"
)
COMMANDS = sorted(
    {found for path in TEXTS for found in COMMAND.findall(path.read_text("utf-8"))}
)
#: The rows of the table: only their second column is code.
SITUATIONS = re.findall(r"  ``([a-z]+)( ?.*)``$", README, re.MULTILINE)


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block[0])
def test_an_output_is_what_the_example_prints(block, tmp_path):
    example = ROOT / "examples/rdm-9.1/my-site"
    command, *shown = block
    with inside(shutil.copytree(example, tmp_path / "my-site")):
        ran = call(*shlex.split(command)[3:])
    printed = ran.out.rstrip("\n").split("\n")
    if shown[-1] == "[...]":
        shown, printed = shown[:-1], printed[: len(shown) - 1]
    assert printed == shown


def test_two_outputs_are_shown():
    assert [block[0][2:] for block in SHOWN] == [
        "invenio-cli registry check",
        "invenio-cli registry migrate --dry-run",
    ]


@pytest.mark.parametrize(("name", "arguments"), SITUATIONS + COMMANDS, ids="".join)
def test_a_command_can_be_typed(name, arguments, tmp_path):
    words = shlex.split(arguments.rstrip(" .,:"))
    words = [str(tmp_path) if "catalogue" in word else word for word in words]
    try:
        parent = click.Context(registry, **registry.context_settings)
        context = registry.commands[name].make_context(name, words, parent=parent)
    except click.exceptions.Exit:  # --help
        return
    assert isinstance(context, click.Context)


def test_the_startup_line_is_the_one_that_is_installed():
    lines = [f"{block[0]}\n".encode() for block in BLOCKS]
    assert STARTUP in lines


@pytest.mark.parametrize(
    "command",
    [
        "python3 -m venv .venv && . .venv/bin/activate && pip install --quiet . && "
        "(cd examples/rdm-9.1/my-site; invenio-cli registry check; "
        "invenio-cli registry migrate --dry-run)",
        "python3 -m venv .venv && . .venv/bin/activate && "
        'pip install --quiet -e ".[tests]" && ./run-tests.sh',
    ],
    ids=["example", "tests"],
)
def test_a_fresh_machine_has_its_command(command):
    assert [command] in BLOCKS


def test_a_new_machine_runs_the_command_of_the_tests():
    (command,) = (block[0] for block in BLOCKS if "run-tests" in block[0])
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert command in lines


def test_no_link_or_picture_is_relative():
    """A package index shows the README and the changes without the other files."""
    for name in ("README.rst", "CHANGES.rst"):
        text = (ROOT / name).read_text(encoding="utf-8")
        targets = re.findall(r"(?:image|figure|include):: (\S+)|`[^`]*<(\S+)>`_", text)
        for target in filter(None, (one for found in targets for one in found)):
            assert target.startswith("https://"), target
        assert not re.search(r":(doc|ref|download):", text)
