# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The formats of a report, by name; what a format needs is imported when it is asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Callable, Mapping, NamedTuple

from .layout import Layout
from .model import Report

if TYPE_CHECKING:
    from .findings import Finding


class Request(NamedTuple):
    """How a report is asked for."""

    prog: str  #: the name that we were called by, as advised commands begin
    root: str  #: the repository's, absolute: paths are printed from there
    layout: Layout = Layout()  #: of the text; ``every`` holds for JSON, too


def _text(report: Report, request: Request) -> str:
    from .text import render_text

    return render_text(report, request.layout)


def _json(report: Report, request: Request) -> str:
    from .json import render_json

    return render_json(report, every=request.layout.every)


def _sarif(report: Report, request: Request) -> str:
    from importlib import metadata

    from .sarif import render_sarif

    version = metadata.version("invenio-cli-registry")
    return render_sarif(_list(report, request), request.prog, version)


def _github(report: Report, request: Request) -> str:
    from .github import render_github

    return render_github(_list(report, request))


def _gitlab(report: Report, request: Request) -> str:
    from .gitlab import render_gitlab

    return render_gitlab(_list(report, request))


def _list(report: Report, request: Request) -> tuple[Finding, ...]:
    from .findings import list_findings

    return list_findings(report, request.root, os.path.realpath)


#: Another format is a line here, a function above, a module of this folder, and its name
#: in ``--format`` of cli.py. The tests of the others show what is asked of it: what is
#: accepted is left out, the text is ASCII, and no name in it is a command to anybody.
FORMATS: Mapping[str, Callable[[Report, Request], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
}
