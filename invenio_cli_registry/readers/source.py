# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A file as text that can be written back byte for byte, and places in it."""

from __future__ import annotations

import bisect
import codecs
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

#: Longest mark first: UTF-32-LE begins with the mark of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: What Go's ``unicode.IsSpace`` is true of; Python's own idea has the separators 1c to 1f.
SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
)


class Span(NamedTuple):
    """A stretch of one file's text, in code points from 0, the byte order mark not counted."""

    path: str
    start: int
    end: int


class Problem(NamedTuple):
    """Something that could not be read or understood, and where; line 0: the whole file."""

    path: str
    line: int
    message: str
    #: Whether ``check`` ends with 2 for it.
    fatal: bool = False


class Source:
    """The text of a file, and what it takes to give its bytes back."""

    def __init__(
        self, path: str, text: str, mark: bytes = b"", encoding: str = "utf-8"
    ) -> None:
        """Keep the text without its byte order mark.

        :param path: the file's name as it is printed.
        """
        self.path = path
        self.text = text
        self.mark = mark
        self.encoding = encoding

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> Source:
        """Decode by the byte order mark, else as UTF-8; bytes that are neither survive."""
        marks = (found for found in _MARKS if data.startswith(found[0]))
        mark, encoding = next(marks, (b"", "utf-8"))
        try:
            source = cls(path, data[len(mark) :].decode(encoding), mark, encoding)
        except UnicodeDecodeError:
            # Only UTF-8 escapes any byte there and back.
            mark = codecs.BOM_UTF8 if encoding == "utf-8" and mark else b""
            text = data[len(mark) :].decode("utf-8", "surrogateescape")
            source = cls(path, text, mark)
        return source

    def changed(self, text: str) -> Source:
        """Return the same file with another text."""
        return Source(self.path, text, self.mark, self.encoding)

    def to_bytes(self, text: str | None = None) -> bytes:
        """Encode the text, or a changed one, as the file was."""
        text = self.text if text is None else text
        return self.mark + text.encode(self.encoding, "surrogateescape")

    @cached_property
    def _line_starts(self) -> list[int]:
        lengths = (len(line) + 1 for line in self.text.split("\n"))
        return [0, *accumulate(lengths)]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column of an offset, both from 1; only a line feed ends a line."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column, both from 1."""
        return self._line_starts[line - 1] + column - 1

    def cut(self, span: Span) -> str:
        """Return the text of a span."""
        return self.text[span.start : span.end]
