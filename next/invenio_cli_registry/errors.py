# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The errors that end a command, each with its exit code and what to type next.

::

    click.ClickException
    └── RegistryError            exit 2: usage, or something could not be read
        └── Refused              exit 1: nothing written, and why
"""

from __future__ import annotations

import click

from .terminal import printable


class RegistryError(click.ClickException):
    """The command cannot go on; the message names the place and the next step."""

    exit_code = 2

    def format_message(self) -> str:
        """Return the message, what files and paths put into it made harmless."""
        return printable(self.message)


class Refused(RegistryError):
    """A change that would be a guess, or do harm, was not made."""

    exit_code = 1
