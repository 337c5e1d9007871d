# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Text from files and registries made harmless for a terminal, and errors that show it.

The errors end a command, each with its exit code and what to type next::

    click.ClickException
    └── RegistryError            exit 2: usage, or something could not be read
        └── Refused              exit 1: nothing written, and why
"""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from typing import Mapping

import click

#: Control, format (bidirectional and invisible marks), surrogate, line, paragraph.
_HOSTILE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
#: Letters and marks that show nothing: fillers of Hangul and Braille, variation selectors,
#: the joiner of combining marks, and what Khmer and Mongolian have of the kind.
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
).union(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
#: Python's surrogateescape keeps a byte that is no UTF-8 as one of these.
_FIRST_BYTE, _LAST_BYTE, _ESCAPED = 0xDC80, 0xDCFF, 0xDC00
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


class RegistryError(click.ClickException):
    """The command cannot go on; the message names the place and the next step."""

    exit_code = 2

    def format_message(self) -> str:
        """Return the message, what files and paths put into it made harmless."""
        return printable(self.message)


class Refused(RegistryError):
    """A change that would be a guess, or do harm, was not made."""

    exit_code = 1


def escape_unknown() -> None:
    """Let stdout and stderr escape what their encoding does not have, and not fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def choose_colour(environ: Mapping[str, str]) -> bool | None:
    """Return whether colours are wanted, None when the terminal decides.

    ``NO_COLOR`` (https://no-color.org) wins over ``FORCE_COLOR``; a 0 in that is a no.
    """
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR")
    return forced != "0" if forced else None


def _is_hostile(character: str) -> bool:
    if character in _INVISIBLE:
        return True
    return character != "\t" and unicodedata.category(character) in _HOSTILE


def _escape(character: str) -> str:
    code = ord(character)
    if _FIRST_BYTE <= code <= _LAST_BYTE:
        code -= _ESCAPED
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
