# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The garbage collector, which has nothing to do while a command of ours runs."""

from __future__ import annotations

import gc
from typing import Callable


def rest_collector() -> Callable[[], None]:
    """Have the collector look at nothing, and return what wakes it again.

    What a command makes is not freed by it, for nothing there refers to itself, and looking
    for that takes a third of a command's time. What was imported before stays left out: the
    interpreter would look through all of invenio-cli once more at its end.
    """
    if not gc.isenabled():
        return _leave
    gc.freeze()
    gc.disable()
    return gc.enable


def _leave() -> None:
    """Leave the collector to whoever has it rest."""
