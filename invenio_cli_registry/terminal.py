# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The terminal: text made harmless for it, its width and colours, errors that show there.

The errors end a command, each with its exit code and what to type next::

    click.ClickException
    └── RegistryError            exit 2: usage, or something could not be read
        └── Refused              exit 1: nothing written, and why
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import shutil
import sys
import unicodedata
from typing import Iterator

import click

#: Columns of what is not printed on a terminal.
WIDTH = 80
#: Control, format (bidirectional and invisible marks), surrogate, line, paragraph.
_HOSTILE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: Letters and marks that show nothing: fillers of Hangul and Braille, variation selectors,
#: the joiner of combining marks, and what Khmer and Mongolian have of the kind.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
).union(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
#: What the log of a pipeline takes for a command: ``::`` where a line may begin (GitHub),
#: ``##[`` anywhere (GitHub, Azure), ``##teamcity[``.
_COMMAND = re.compile(r"(?<!\S):(?=:)|#(?=#(?:vso|teamcity)?\[)")


def printable(text: str) -> str:
    r"""Return a text with everything that moves the cursor or hides itself escaped.

    A tab stays. A line feed becomes ``\x0a``: what is given is one line. A byte that could
    not be decoded is shown as that byte. What a pipeline would take for a command has its
    first character escaped, too.
    """
    if "::" in text or "##" in text:
        text = _COMMAND.sub(lambda found: _escape(found.group()), text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        _escape(character) if _is_hostile(character) else character
        for character in text
    )


def _is_hostile(character: str) -> bool:
    hostile = unicodedata.category(character) in _HOSTILE and character != "\t"
    return hostile or character in _INVISIBLE


def _escape(character: str) -> str:
    code = ord(character)
    # Python's surrogateescape keeps a byte that is no UTF-8 as one of these.
    if 0xDC80 <= code <= 0xDCFF:
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


class RegistryError(click.ClickException):
    """The command cannot go on; the message names the place and the next step."""

    exit_code = 2

    def format_message(self) -> str:
        """Return the message, what files and paths put into it made harmless."""
        return printable(self.message)


class Refused(RegistryError):
    """A change that would be a guess, or do harm, was not made."""

    exit_code = 1


@contextlib.contextmanager
def explain_faults() -> Iterator[None]:
    """Turn what the machine refuses into a message and an exit code of 2.

    :raises RegistryError: the current folder is gone, stdout is closed, a disk is full.
    """
    if sys.stderr is None:  # closed by whoever started us; click needs one to write to
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stdout is None:
        raise RegistryError("stdout is closed: there is nowhere to print the answer")
    try:
        os.getcwd()
    except OSError as error:
        text = "the current folder was deleted: change to another one (`cd`)"
        raise RegistryError(text) from error
    try:
        yield
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise  # click ends quietly, as for `... | head`
        # At its end Python would try again to write what stdout has not taken.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        place = error.filename or "the answer was not written"
        raise RegistryError(f"{place}: {error.strerror or error}") from error


def escape_unknown() -> None:
    """Let stdout and stderr escape what their encoding does not have, and not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def show_progress(done: int, total: int) -> None:
    """Show the progress on a terminal; a log stays as it is."""
    if sys.stderr.isatty():
        end = "\r\x1b[K" if done == total else ""
        text = f"\rContacting registries: {done} of {total} images{end}"
        click.echo(text, nl=False, err=True)


def find_width() -> int:
    """Return the columns to print in: those of a terminal, within reason."""
    if not sys.stdout.isatty():
        return WIDTH
    return max(60, min(100, shutil.get_terminal_size((WIDTH, 24)).columns))


def paint(text: str, colour: str) -> str:
    """Style a text; where no colours are wanted, click takes them out again."""
    return click.style(text, fg=None if colour == "bold" else colour, bold=True)
