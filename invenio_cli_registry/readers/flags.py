# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The flags in front of an instruction's arguments, as BuildKit takes them. Pure.

Quotes and backslashes follow ``extractBuilderFlags`` of ``parser/split_command.go``: in a
flag the backslash escapes, whatever the file's escape character is. That function takes
each byte for a character: 85 and A0 are blanks, also at the end of one in UTF-8.
"""

from __future__ import annotations

import re
from typing import Iterator

from .model import Instruction
from .source import SPACE
from .variables import Text

_BLANK = re.compile(r"[\t\v\f\r ]*")
#: A no-break space stands for a character whose bytes end the flag, and are part of it.
_FLAG = re.compile(
    r"""--(?:[^\t\v\f\r\xa0 "'\\]+|\\[^\xa0]?"""
    r"""|"(?:[^"\\]+|\\.?)*"?|'(?:[^'\\]+|\\.?)*'?)*\xa0?""",
    re.DOTALL,
)
_NO_MORE_FLAGS = re.compile(r"""--(?:""|'')*(?=[\t\v\f\r ]|\Z)""")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_QUOTING = re.compile(r"[\"'\\]")


def skip_flags(text: str) -> int:
    """Return where an instruction's arguments begin behind its flags."""
    start = max((end for _, _, end in _find_flags(text)), default=0)
    # What was pasted may begin with a no-break space: BuildKit drops that too.
    return len(text) - len(text[start:].lstrip(SPACE))


def flag_values(read: Instruction, name: str, path: str) -> Iterator[Text]:
    """Yield the value of each flag of a name, without quotes and escapes."""
    for start, end, _ in _find_flags(read.text):
        key, equals, value = read.text[start:end].partition("=")
        if equals and key.lower() == f"--{name}":
            start += len(key) + 1
            whole = Text(value, read.offsets[start:end], path)
            yield _unquote(whole) if _QUOTING.search(value) else whole


def mounted(read: Instruction, path: str) -> Iterator[Text]:
    """Yield what each mount takes ``from``; nothing there is the build context."""
    for mount in flag_values(read, "mount", path):
        at, found = 0, None
        for field in mount.text.split(","):
            key, _, value = field.partition("=")
            if key.lower() == "from":
                start = at + len(key) + 1
                found = mount.cut(start, start + len(value))
            at += len(field) + 1
        if found:
            yield found


def skip_dashes(text: str, at: int) -> int:
    """Return where it goes on behind ``--`` alone: ONBUILD has no other flag."""
    match = _NO_MORE_FLAGS.match(text, at)
    return match.end() if match else at


def _find_flags(text: str) -> Iterator[tuple[int, int, int]]:
    """Yield where each flag begins and ends, and where what follows it begins."""
    if not text.startswith("--"):
        return
    text, at = _BEYOND_ASCII.sub(_as_bytes, text), 0
    match = _FLAG.match(text)
    while match:
        blank = _BLANK.match(text, match.end())
        at = blank.end() if blank else match.end()
        yield match.start(), match.end(), at
        match = None if _NO_MORE_FLAGS.fullmatch(match[0]) else _FLAG.match(text, at)


def _as_bytes(character: re.Match[str]) -> str:
    """Return what the bytes of a character are to BuildKit: blanks, a mix, or letters."""
    code = ord(character[0])
    if code >> 8 == 0xDC:  # one byte that is no UTF-8
        data = bytes([code & 0xFF])
    else:
        data = character[0].encode("utf-8", "replace")
    if b"\x85" not in data and b"\xa0" not in data:
        return "x"
    return "\xa0" if len(data) > 1 else " "


def _unquote(value: Text) -> Text:
    kept: list[int] = []
    quote, at = "", 0
    while at < len(value.text):
        character = value.text[at]
        if character == "\\":
            at += 1
            kept.extend(range(at, min(at + 1, len(value.text))))
        elif quote and character == quote:
            quote = ""
        elif not quote and character in "\"'":
            quote = character
        else:
            kept.append(at)
        at += 1
    return value._replace(
        text="".join([value.text[at] for at in kept]),
        offsets=[value.offsets[at] for at in kept],
    )
