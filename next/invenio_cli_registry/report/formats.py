# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The formats of a report, by name; what a format needs is imported when it is used."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Callable, Mapping

from ..decision.model import Report
from .layout import Request

#: Where the function ``render_NAME`` of a format is. Another format is a line here.
_MODULES = {
    "text": "text",
    "json": "json",
    "sarif": "platforms",
    "github": "platforms",
    "gitlab": "platforms",
    "markdown": "markdown",
}


def _find(name: str) -> Callable[[Report, Request], str]:
    def render(report: Report, request: Request) -> str:
        module = import_module(f".{_MODULES[name]}", __package__)
        return str(getattr(module, f"render_{name}")(report, request))

    return render


FORMATS: Mapping[str, Callable[[Report, Request], str]] = {
    name: _find(name) for name in _MODULES
}


def read_schema(name: str) -> str:
    """Return the JSON schema of ``check`` or ``verify`` as it is in the package."""
    data = pkgutil.get_data("invenio_cli_registry.report", f"{name}.schema.json")
    return (data or b"").decode("utf-8")
