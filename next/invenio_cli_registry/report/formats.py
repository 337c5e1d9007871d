# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The formats of a report, by name; what a format needs is imported when it is used."""

from __future__ import annotations

from typing import Callable, Mapping, NamedTuple

from ..decision.model import Report
from .layout import Layout


class Request(NamedTuple):
    """How a report is wanted."""

    root: str  #: of the repository, absolute: platforms get paths from there
    layout: Layout = Layout()  #: of the text; ``every`` is for JSON, too


def _text(report: Report, request: Request) -> str:
    from .text import render_text

    return render_text(report, request.layout)


def _json(report: Report, request: Request) -> str:
    from .json import render_json

    return render_json(report, every=request.layout.every)


def _sarif(report: Report, request: Request) -> str:
    from .platforms import render_sarif

    return render_sarif(report, request.root)


def _github(report: Report, request: Request) -> str:
    from .platforms import render_github

    return render_github(report, request.root)


def _gitlab(report: Report, request: Request) -> str:
    from .platforms import render_gitlab

    return render_gitlab(report, request.root)


def _markdown(report: Report, request: Request) -> str:
    from .markdown import render_markdown

    return render_markdown(report)


#: Another format is one line here, a function above, and its module. What accepted
#: findings are is known by then: every format but JSON leaves them out or says so.
FORMATS: Mapping[str, Callable[[Report, Request], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "gitlab": _gitlab,
    "markdown": _markdown,
}


def read_schema(name: str) -> str:
    """Return the JSON schema of ``check`` or ``verify`` as it is in the package."""
    import pkgutil

    data = pkgutil.get_data(__package__, f"{name}.schema.json")
    return (data or b"").decode("utf-8")
