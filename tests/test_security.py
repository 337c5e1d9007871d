# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""SECURITY.rst says what the code says."""

import re

from invenio_cli_registry import git, selection
from invenio_cli_registry.availability import client, credentials
from invenio_cli_registry.availability.answers import Asking
from invenio_cli_registry.project import configuration, host, manifests
from invenio_cli_registry.readers import files, nodes, variables

from .conftest import ROOT

TEXT = (ROOT / "SECURITY.rst").read_text("utf-8")


def figures(row):
    """Return the figures of a row of the table of limits, in bytes where it says MiB."""
    (line,) = [line for line in TEXT.split("\n") if line.startswith(row)]
    found = re.findall(r"([\d,]+)( MiB)?(?: s)?(?:;|$)", line[len(row) :])
    return [int(one.replace(",", "")) << 20 * bool(unit) for one, unit in found]


def test_the_limits_are_those_of_the_code():
    asking = Asking()
    assert files.LARGEST == manifests.LARGEST
    assert {
        row: figures(row)
        for row in re.findall(r"^(\w.*?)(?:  +\d)", TEXT, re.MULTILINE)
    } == {
        "A file that is read": [files.LARGEST],
        "A lock file": [manifests.LARGEST_LOCK],
        "A larger file, searched for the name of the organisation": [
            files.MOST_SEARCHED
        ],
        "FROM lines of all Dockerfiles of a project": [selection.MOST_IMAGES],
        "YAML: levels; characters that aliases repeat": [
            nodes.DEEPEST,
            nodes.MOST_REPEATED,
        ],
        "INI: lines": [manifests._LINES],
        "Lines of settings": [configuration.MOST_LINES],
        "A value of a Dockerfile's variables, in characters; in parts": [
            variables.LONGEST,
            variables._MOST_PIECES,
        ],
        "invenio-cli's reader: characters of a file": [host._LARGEST],
        "An answer of a registry; redirects": [client._LARGEST, client._MOST_REDIRECTS],
        "An image (``--timeout``); all images; at a time": [
            asking.timeout,
            asking.total,
            asking.at_once,
        ],
        "A credential helper; git": [credentials.HELPER_SECONDS, git._SECONDS],
    }


def test_every_file_of_an_instance_that_is_read_is_named():
    reads = TEXT.partition("What it reads")[2].partition("What it writes")[0]
    assert [name for name in manifests.FILES if f"``{name}``" not in reads] == []


def test_the_startup_line_is_shown_to_the_byte():
    line = (ROOT / "invenio_cli_registry.pth").read_text("utf-8")
    assert f"\n    {line}" in TEXT


def test_only_two_modules_start_programs():
    package = ROOT / "invenio_cli_registry"
    starts = re.compile(r"\bsubprocess\b|os\.(?:system|popen|exec|spawn|posix_spawn)")
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if starts.search(path.read_text("utf-8"))
    }
    assert found == {"availability/credentials.py", "git.py"}


def test_only_one_module_uses_the_network():
    package = ROOT / "invenio_cli_registry"
    uses = re.compile(r"^\s*(?:import|from) (?:requests|urllib3|http|socket)\b", re.M)
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if uses.search(path.read_text("utf-8"))
    }
    # The last asks nobody: it reads addresses as a resolver would.
    assert found == {"availability/client.py", "availability/trust.py"}
