# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Sentences, wrapped and made safe to print; names, paths and commands are never cut."""

from __future__ import annotations

import re
import textwrap

from ..readers.source import Problem
from ..terminal import printable

_QUOTED = re.compile(r"`[^`]*`")
_TIE = "\x1f"  # printable() leaves no other


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Wrap a text between words; what stands in backticks is one word.

    :param width: in columns, the indents counted.
    :param first: indent of the first line, ``rest`` of those after it.
    """
    whole = _QUOTED.sub(lambda found: found.group().replace(" ", _TIE), printable(text))
    lines = textwrap.wrap(
        whole,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(_TIE, " ") for line in lines]


def problem_line(problem: Problem) -> str:
    """Return what could not be read, with its place."""
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    return f"{place}  {problem.message}"
