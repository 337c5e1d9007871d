# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Make ``terminal.svg``: what ``check`` and ``migrate --dry-run`` print, in colour.

``python docs/picture.py`` writes it; the tests compare it with what it would be now.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Iterator, NamedTuple

HERE = Path(__file__).resolve().parent
TARGET = HERE / "terminal.svg"
DAY = "2026-11-24"
COLUMNS = 80

_CALL = "from invenio_cli_registry.cli import registry as r; r(prog_name='invenio-cli registry')"
_COMMANDS = {
    "check": ["check", "--today", DAY],
    "migrate --dry-run": ["migrate", "--dry-run"],
}

_CELL_WIDTH, _LINE_HEIGHT, _MARGIN, _BAR = 8.4, 19, 16, 34
_INK, _PAPER, _EDGE = "#d7dae0", "#1d2025", "#33373e"
#: By the number of the colour's sequence.
_COLOURS = {
    31: "#f2777a",
    32: "#8fd18f",
    33: "#f0c674",
    34: "#7aa6da",
    35: "#c397d8",
    36: "#70c0ba",
}
_SEQUENCE = re.compile(r"\x1b\[([\d;]*)m")


class Piece(NamedTuple):
    """Text of one line in one style."""

    column: int
    text: str
    bold: bool
    colour: str


def record() -> str:
    """Run the commands in a copy of the example, and return all that a terminal gets."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "my-site"
        shutil.copytree(HERE.parent / "examples/rdm-9.1/my-site", folder)
        return "\n".join(
            f"\x1b[1m$ invenio-cli registry {shown}\x1b[0m\n{_run(command, folder)}"
            for shown, command in _COMMANDS.items()
        )


def _run(command: list[str], folder: Path) -> str:
    ours = {"PYTHONPATH": str(HERE.parent), "COLUMNS": str(COLUMNS), "FORCE_COLOR": "1"}
    others = ("INVENIO", "NO_COLOR", "COV_", "PYTHON")
    environ = {k: v for k, v in os.environ.items() if not k.startswith(others)}
    done = subprocess.run(
        [sys.executable, "-c", _CALL, *command],
        cwd=folder,
        env={**environ, **ours},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    return done.stdout


def read_pieces(line: str) -> Iterator[Piece]:
    """Cut a line at its colour sequences; they end with the line."""
    column, bold, colour = 0, False, _INK
    for index, part in enumerate(_SEQUENCE.split(line)):
        if index % 2:
            for number in map(int, part.split(";") if part else ["0"]):
                bold = number == 1 or (bold and number not in (0, 22))
                colour = _COLOURS.get(number, _INK if number in (0, 39) else colour)
        elif part:
            yield Piece(column, part, bold, colour)
            column += len(part)


def draw(text: str) -> str:
    """Return the picture of a terminal that shows a text with colour sequences."""
    lines = text.rstrip("\n").split("\n")
    width = round(COLUMNS * _CELL_WIDTH + 2 * _MARGIN)
    height = _BAR + len(lines) * _LINE_HEIGHT + 2 * _MARGIN
    rows = [
        _draw_piece(piece, _BAR + _MARGIN + (number + 1) * _LINE_HEIGHT - 5)
        for number, line in enumerate(lines)
        for piece in read_pieces(line)
    ]
    return "\n".join([*_frame(width, height), *rows, "</svg>", ""])


def _frame(width: int, height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" '
        f'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">'
    )
    yield "<!-- SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors. -->"
    yield "<!-- SPDX-License-Identifier: MIT. Made by docs/picture.py. -->"
    yield "<title>invenio-cli registry check, then migrate --dry-run, in a terminal</title>"
    yield f'<rect width="{width}" height="{height}" rx="9" fill="{_PAPER}"/>'
    yield f'<path d="M0 {_BAR}V9a9 9 0 0 1 9-9H{width - 9}a9 9 0 0 1 9 9V{_BAR}z" fill="{_EDGE}"/>'
    for number, colour in enumerate(("#f2777a", "#f0c674", "#8fd18f")):
        yield f'<circle cx="{18 + 20 * number}" cy="{_BAR / 2:g}" r="6" fill="{colour}"/>'
    yield f'<text x="{width / 2:g}" y="22" text-anchor="middle" fill="{_INK}">my-site</text>'


def _draw_piece(piece: Piece, y: int) -> str:
    blank = len(piece.text) - len(piece.text.lstrip(" "))
    text = piece.text.strip(" ")
    if not text:
        return ""
    x = _MARGIN + (piece.column + blank) * _CELL_WIDTH
    weight = ' font-weight="bold"' if piece.bold else ""
    # The length holds the columns together, whatever font there is.
    return (
        f'<text x="{x:g}" y="{y}" textLength="{len(text) * _CELL_WIDTH:g}" '
        f'lengthAdjust="spacingAndGlyphs" xml:space="preserve" '
        f'fill="{piece.colour}"{weight}>{escape(text, quote=False)}</text>'
    )


if __name__ == "__main__":
    TARGET.write_text(draw(record()), encoding="utf-8")
