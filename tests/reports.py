# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is found in instances and examples, as the reports for other programs have it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Mapping

from invenio_cli_registry.inspection import Options, inspect
from invenio_cli_registry.report.findings import Finding, list_findings

from .conftest import ROOT
from .instances import PROG, TODAY, configure, instance, rdm, report_instance

#: What a file, or a file's name, may hold to reach further than it should.
HOSTILE = {
    "escape": "\x1b[31m",
    "link in a terminal": "\x1b]8;;https://evil.example\x1b\\x",
    "C1": "\x9b31m",
    "line feed": "\n::error::x",
    "return": "\r::error::x",
    "form feed": "\f::error::x",
    "next line": "\x85::error::x",
    "line separator": "\u2028::error::x",
    "right to left": "\u202e",
    "no UTF-8": "\udcff",
    "command": "::stop-commands::x",
    "command, encoded": "%0A::error::x",
    "property": ",line=1,title=x::y",
    "link": "[x](https://evil.example)",
    "quote": '"}],"x":[{"',
}
#: Those of them that a file's name may hold.
NAMES = {name: text for name, text in HOSTILE.items() if "/" not in text}


def find(folder: Path, files: Mapping[str, str]) -> tuple[Finding, ...]:
    """Return what is found in an instance, in ``my-site`` of a repository."""
    return relate(report_instance(folder, files))


def find_in_paths(
    folder: Path, files: Mapping[str, str], *paths: str
) -> tuple[Finding, ...]:
    """Return what is found below some paths, as reached from the instance."""
    with instance(folder, files):
        return relate(inspect(paths, Options(today=TODAY, prog=PROG)))


def find_hostile(folder: Path, text: str) -> tuple[Finding, ...]:
    """Return what is found where a text stands wherever one can."""
    hub = "inveniosoftware/centos8-python:3.8"
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    files = {
        **configure(rdm("9.1.7", "3.8"), f"preflight = {text}"),
        "Dockerfile": f"FROM {hub} AS {text}\nRUN yum install {text}\n",
        "Dockerfile.el": f"FROM {hub}\nADD https://x.example/el7/{text}x.rpm /\n",
        "Dockerfile.a": f"FROM inveniosoftware/{text}\n",
        "Dockerfile.b": f"FROM inveniosoftware/${{{text}}}\n",
        "Dockerfile.c": f"ARG A='{text}'\nFROM inveniosoftware/$A\n",
        "compose.yml": f'services:\n  a:\n    image: "inveniosoftware/{quoted}:1"\n',
        "b/compose.yml": f"a: [\n{text}",
    }
    if "/" not in text:
        files[f"{text}.dockerfile"] = f"FROM {hub}\n"
    site = folder / "my-site"
    for path, content in files.items():
        (site / path).parent.mkdir(parents=True, exist_ok=True)
        (site / path).write_bytes(content.encode("utf-8", "surrogateescape"))
    return find_in_paths(folder, {}, ".", f"nope{text}")


def relate(report) -> tuple[Finding, ...]:
    """Return a report's findings, from the root of a repository that is ``/repo``."""
    return list_findings(
        report, "/repo", lambda path: os.path.normpath(f"/repo/my-site/{path}")
    )


def find_in_example(name: str) -> tuple[Finding, ...]:
    """Return what is found in an example, from the folder of all examples."""
    root = str(ROOT / "examples")
    before = os.getcwd()
    os.chdir(os.path.join(root, name))
    try:
        report = inspect((".",), Options(today=TODAY, prog=PROG))
        return list_findings(report, root, os.path.abspath)
    finally:
        os.chdir(before)
