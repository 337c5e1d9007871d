# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The builds of an instance: what they are built on, what they provide, what fails in them."""

from .chains import Build, Locals, find_locals, trace_builds
from .failing import find_breaking, find_failing

__all__ = (
    "Build",
    "Locals",
    "find_breaking",
    "find_failing",
    "find_locals",
    "trace_builds",
)
