# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The builds of an instance: what they are built on, what they provide, what fails in them."""

from .chains import Build, Locals, find_locals, trace_builds
from .failing import Hit, find_breaking, find_failing
from .pythons import Provided

__all__ = (
    "Build",
    "Hit",
    "Locals",
    "Provided",
    "find_breaking",
    "find_failing",
    "find_locals",
    "trace_builds",
)
