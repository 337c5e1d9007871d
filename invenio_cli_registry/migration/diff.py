# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Show a changed text as a unified diff without context. Pure."""

from __future__ import annotations

from typing import Iterable, Iterator, Sequence

from ..readers.source import Source
from ..terminal import printable

_NO_END = "\\ No newline at end of file"


def show_diff(source: Source, text: str) -> str:
    """Return the unified diff from a file to a changed text, safe to print.

    Nothing has to be aligned: an edit stays within its line, so that the lines of both
    texts have the same numbers. It is empty when nothing changes.
    """
    olds, news = source.text.split("\n"), text.split("\n")
    changed = [at for at, (old, new) in enumerate(zip(olds, news)) if old != new]
    if not changed:
        return ""
    path = printable(source.path)
    shown = [f"--- {path}", f"+++ {path}"]
    for run in _find_runs(changed):
        first, count = run.start + 1, len(run)
        lines = f"{first}" if count == 1 else f"{first},{count}"
        shown.append(f"@@ -{lines} +{lines} @@")
        shown.extend(_show_lines("-", olds, run))
        shown.extend(_show_lines("+", news, run))
    return "\n".join(shown) + "\n"


def _find_runs(numbers: Iterable[int]) -> Iterator[range]:
    """Yield stretches of numbers without a gap; they make one hunk."""
    run = range(0)
    for number in numbers:
        if run and number != run.stop:
            yield run
            run = range(0)
        run = range(run.start if run else number, number + 1)
    yield run


def _show_lines(sign: str, lines: Sequence[str], run: range) -> Iterator[str]:
    for number in run:
        line = lines[number]
        # The carriage return of a line's end is no part of what changes.
        yield sign + printable(line[:-1] if line.endswith("\r") else line)
    if run.stop == len(lines):
        yield _NO_END
