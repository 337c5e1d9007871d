# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The schemas of the package, as it is installed."""

from __future__ import annotations

import json
import pkgutil
from typing import Any


def load_schema(name: str) -> Any:
    """Return the schema of a command's JSON."""
    data = pkgutil.get_data("invenio_cli_registry.report", f"{name}.schema.json")
    return json.loads(data or b"")
