# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The garbage collector, which has nothing to do while a command of ours runs."""

from __future__ import annotations

import gc

import click


def rest_collector(context: click.Context) -> None:
    """Have the collector look at nothing until a command ends.

    What a command makes is not freed by it, for nothing there refers to itself, and looking
    for that takes a third of a command's time. What was imported before stays left out: the
    interpreter would look through all of invenio-cli once more at its end.
    """
    if gc.isenabled():
        gc.freeze()
        gc.disable()
        context.call_on_close(gc.enable)
