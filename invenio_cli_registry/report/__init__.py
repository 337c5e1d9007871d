# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The answers, laid out for people and for other programs.

What a format needs is imported when it is used.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..decision import Report
    from .layout import Layout

#: Where the function ``render_NAME`` of a format is.
FORMATS = {
    "text": "text",
    "json": "json",
    "sarif": "platforms",
    "github": "platforms",
    "gitlab": "platforms",
    "markdown": "platforms",
}


def render(name: str, report: Report, layout: Layout) -> str:
    """Return a report in the format of a name."""
    module = import_module(f".{FORMATS[name]}", __name__)
    return str(getattr(module, f"render_{name}")(report, layout))


def read_schema(name: str) -> str:
    """Return the JSON schema of ``check`` or ``verify`` as it is in the package."""
    data = pkgutil.get_data(__name__, f"{name}.schema.json")
    return (data or b"").decode("utf-8")
