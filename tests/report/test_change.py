# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What ``migrate`` says: the diff, what speaks for the new images, what to do next."""

from __future__ import annotations

import pytest

from invenio_cli_registry.report.change import show_colours
from invenio_cli_registry.report.layout import Layout

from ..instances import build, rdm, run
from .records import CERN, HUB

ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
WRONG = {**rdm("13.1.2", "3.12"), **build(ALMA)}

DIFF = f"""\
--- Dockerfile
+++ Dockerfile
@@ -1 +1 @@
-FROM {HUB}
+FROM {CERN}
"""


def test_a_diff_is_coloured_and_printable():
    layout = Layout(paint=lambda text, colour: f"<{colour}>{text}</>")
    diff = "--- a\n+++ a\n@@ -1 +1 @@\n-x\x1b\n+y\n"
    assert list(show_colours(diff, layout)) == [
        "<bold>--- a</>",
        "<bold>+++ a</>",
        "@@ -1 +1 @@",
        "<red>-x\\x1b</>",
        "<green>+y</>",
    ]


def test_before_it_is_written(tmp_path):
    ran = run(tmp_path, NINE, "migrate", "--dry-run")
    assert ran.code == 1
    assert ran.out == DIFF + (
        "Not checked: whether CERN's registry has centos8-python:3.8 (documented, but we\n"
        "  found no workflow that publishes it). Add --verify to check.\n"
    )


LOCK = [
    "Written. The build will NOT work until you:",
    "  1. remove the old environment: `rm Pipfile.lock; pipenv --rm` (first save",
    "     var/instance/data, if you use it)",
    "  2. run `invenio-cli packages lock`, which needs Python 3.9 on this machine",
    "  3. run `invenio-cli containers build`, and test in a test environment",
]
SAME = [
    "Written. Pipfile.lock does not change.",
    "Next: invenio-cli containers build; test; commit",
    "Undo: restore the lines marked - above (not a git repository)",
]
NO_INSTANCE = ["Written.", "Next: docker build; test; commit"]


@pytest.mark.parametrize(
    ("files", "options", "said"),
    [
        (NINE, (), SAME),
        ({"Dockerfile": f"FROM {HUB}\n"}, (), NO_INSTANCE),
        (WRONG, ("--set-python",), LOCK),
    ],
    ids=["the same image", "no instance", "another Python"],
)
def test_after_it_was_written(tmp_path, files, options, said):
    ran = run(tmp_path, files, "migrate", "--yes", *options)
    lines = (ran.out + ran.err).splitlines()
    assert lines[lines.index(said[0]) :][: len(said)] == said


def test_an_upgrade_lists_what_is_left(tmp_path):
    files = {**rdm("13.1.2", "3.9"), **build(ALMA)}
    ran = run(tmp_path, files, "migrate", "--for", "14", "--set-python", "--yes")
    assert ran.err.startswith(
        "Written. The build will NOT work until you:\n"
        "  1. change Pipfile:2:31 (invenio-app-rdm): ==13.1.2 -> ~=14.0.0\n"
    )
    assert "https://inveniordm.docs.cern.ch/releases/v14/upgrade-v14.0/" in ran.err


@pytest.mark.parametrize("width", [60, 80])
def test_the_node_of_another_system_is_said(tmp_path, width):
    ran = run(
        tmp_path, NINE, "migrate", "--to", "almalinux", "--set-python", "--dry-run"
    )
    said = " ".join(ran.out.split())
    assert "InvenioRDM 9.1 builds its assets with Node 14 (node-sass 4)" in said
