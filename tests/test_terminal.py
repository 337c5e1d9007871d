# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Hostile text on a terminal."""

import pytest

from invenio_cli_registry.terminal import printable


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("FROM inveniosoftware/centos8-python:3.8", id="plain"),
        pytest.param("RUN\techo", id="a tab"),
        pytest.param("Zürich, 東京, Ω, 🚀", id="other scripts"),
        pytest.param("é", id="a combining accent"),
        pytest.param(r"C:\x1b", id="a backslash"),
        pytest.param("a\u00a0b", id="a no-break space"),
        pytest.param("[::1]:5000/x ## a::b #[x]", id="an address, a heading"),
    ],
)
def test_harmless_text_is_shown_as_it_is(text):
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[2Jgone", r"\x1b[2Jgone", id="escape sequence"),
        pytest.param("a\nb", r"a\x0ab", id="line feed"),
        pytest.param("ok\rbad", r"ok\x0dbad", id="carriage return"),
        pytest.param("a\bb\0", r"a\x08b\x00", id="backspace and NUL"),
        pytest.param("\x7f", r"\x7f", id="delete"),
        pytest.param("\x9b2J", r"\x9b2J", id="C1 control sequence"),
        pytest.param("\x85", r"\x85", id="next line"),
        pytest.param("a\u202eb", r"a\u202eb", id="right-to-left override"),
        pytest.param("\u2066x\u2069", r"\u2066x\u2069", id="isolates"),
        pytest.param("\u200b", r"\u200b", id="zero width"),
        pytest.param("\ufeff", r"\ufeff", id="byte order mark"),
        pytest.param("a\u3164", r"a\u3164", id="a filler"),
        pytest.param("\u2800\ufe0f", r"\u2800\ufe0f", id="blank and variation"),
        pytest.param("\U000e0100", r"\U000e0100", id="variation of a name"),
        pytest.param("\u2028\u2029", r"\u2028\u2029", id="line separators"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag character"),
        pytest.param("\udcff", r"\xff", id="a byte that is no UTF-8"),
        pytest.param("\ud800", r"\ud800", id="a lone surrogate"),
        pytest.param("::error::x", r"\x3a:error::x", id="a command of GitHub"),
        pytest.param("a ::x::", r"a \x3a:x::", id="which may come to begin a line"),
        pytest.param("\x1c::x", r"\x1c\x3a:x", id="behind another blank"),
        pytest.param("a##[x]y", r"a\x23#[x]y", id="of its older form, anywhere"),
        pytest.param("##vso[x]", r"\x23#vso[x]", id="of Azure"),
        pytest.param("##teamcity[x]", r"\x23#teamcity[x]", id="of TeamCity"),
    ],
)
def test_hostile_text_is_escaped(text, shown):
    assert printable(text) == shown
    assert printable(shown) == shown
    shown.encode("utf-8")
