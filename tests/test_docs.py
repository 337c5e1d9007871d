# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The documentation is built as it is published, and its files are what they claim."""

from __future__ import annotations

import re
import runpy
import shlex
import subprocess
import sys

import click
import pytest

from invenio_cli_registry.cli import registry
from invenio_cli_registry.project.detection import detect

from .conftest import ROOT, clean_environ
from .instances import instance, rdm

DOCS = ROOT / "docs"


def test_the_documentation_has_no_warnings(tmp_path):
    strict = ["-W", "--keep-going", "-n", "-q", "-d", str(tmp_path / "cache")]
    command = [
        sys.executable,
        "-m",
        "sphinx",
        *strict,
        str(DOCS),
        str(tmp_path / "site"),
    ]
    done = subprocess.run(
        command, env=clean_environ(), capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["github", "gitlab"])
def test_a_workflow_is_one_for_the_schema_of_its_service(name):
    schema = {"github": "vendor.github-workflows", "gitlab": "vendor.gitlab-ci"}[name]
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema]
        + [str(DOCS / f"workflows/{name}.yml")],
        env=clean_environ(),
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr


_COMMAND = re.compile(
    r"invenio-cli[ -]registry (check|migrate|verify)\b([^`|;#)\\\n]*)"
)
_TEXTS = [*DOCS.glob("*.rst"), *DOCS.glob("workflows/*"), ROOT / "README.rst"]
COMMANDS = sorted(
    {found for path in _TEXTS for found in _COMMAND.findall(path.read_text("utf-8"))}
)


@pytest.mark.parametrize(("name", "arguments"), COMMANDS, ids="".join)
def test_a_command_that_is_shown_is_one(name, arguments):
    words = shlex.split(arguments.rstrip(" .,:"))
    context = registry.commands[name].make_context(name, words)
    assert isinstance(context, click.Context)


@pytest.mark.parametrize(
    ("snippet", "name", "settings"),
    [
        pytest.param("registry.ini", ".invenio", (2, 1, 1, "warn"), id="all"),
        pytest.param("pyproject.toml", "pyproject.toml", (2, 1, 1, "warn"), id="toml"),
        pytest.param("accept.ini", ".invenio", (0, 0, 1, None), id="accept"),
        pytest.param("copies.ini", ".invenio", (0, 1, 0, None), id="copies"),
    ],
)
def test_a_configuration_that_is_shown_is_one(snippet, name, settings, tmp_path):
    shown = (DOCS / "snippets" / snippet).read_text("utf-8")
    files = rdm("9.1.7", "3.8") if name == ".invenio" else {}
    with instance(tmp_path, {**files, name: files.get(name, "") + shown}) as folder:
        project = detect(folder, ".")
    assert project.problems == ()
    lines = (len(project.mirrors), len(project.copies), len(project.accept))
    assert (*lines, project.preflight) == settings


def test_the_picture_is_what_the_script_makes_now():
    script = runpy.run_path(str(DOCS / "picture.py"))
    drawn = script["draw"](script["record"]())
    assert (DOCS / "terminal.svg").read_text("utf-8") == drawn, "python docs/picture.py"


def test_the_picture_has_the_colours_of_the_text():
    script = runpy.run_path(str(DOCS / "picture.py"))
    plain, bold, red = script["read_pieces"]("a \x1b[1mb \x1b[31mc\x1b[0m")
    assert (plain.text, plain.bold) == ("a ", False)
    assert (bold.text, bold.bold, bold.column) == ("b ", True, 2)
    assert (red.text, red.bold, red.colour) == ("c", True, "#f2777a")


def test_parts_that_import_each_other_have_no_floors():
    house = runpy.run_path(str(DOCS / "_ext/house.py"))
    parts = [house["Part"](name, "", frozenset("ab") - {name}) for name in "ab"]
    with pytest.raises(ValueError, match="in a circle: a, b"):
        house["find_floors"]({part.name: part for part in parts})
