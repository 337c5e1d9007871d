# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""JSON that is safe in a log: ASCII, and nothing in it that a pipeline obeys."""

from __future__ import annotations

import json
from typing import Mapping, Sequence


def encode(data: Mapping[str, object] | Sequence[object]) -> str:
    """Return JSON, indented, its last line ended.

    ``##[`` would be a command to GitHub and Azure anywhere in a line; in JSON two signs
    only stand next to each other inside of a string.
    """
    return json.dumps(data, indent=2).replace("##", r"#\u0023") + "\n"
