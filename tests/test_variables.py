# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Variables as BuildKit's shell lexer and compose expand them, and hostile ones."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invenio_cli_registry.readers.dockerfile import may_hold, read_dockerfile
from invenio_cli_registry.readers.heredocs import split_words, unquote
from invenio_cli_registry.readers.model import Piece
from invenio_cli_registry.readers.source import Source, Span
from invenio_cli_registry.readers.variables import (
    CannotExpand,
    Text,
    expand,
    list_unset,
)

VALUES = {
    "A": "alpha",
    "E": "",
    "P": "registry.example.org/x/y",
    "S": "a*b",
    "V": "3.9.1",
    "_1": "under",
}


def lex(text, **options):
    values = {
        name: (Piece(value, None),) if value else () for name, value in VALUES.items()
    }
    pieces = expand(Text(text, range(len(text)), "D", **options), values)
    texts = [piece.text for piece in pieces]
    return None if None in texts else "".join(texts)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("plain", "plain", id="plain"),
        pytest.param("$A", "alpha", id="bare"),
        pytest.param("${A}b", "alphab", id="braces"),
        pytest.param("$A.$V", "alpha.3.9.1", id="two"),
        pytest.param("$_1", "under", id="underscore"),
        pytest.param("$NO", None, id="unset"),
        pytest.param("$1", None, id="special"),
        pytest.param("$", "$", id="dollar-at-end"),
        pytest.param("$.x", "$.x", id="dollar-no-name"),
        # Defaults.
        pytest.param("${NO:-d}", "d", id="default"),
        pytest.param("${E:-d}", "d", id="default-for-empty"),
        pytest.param("${E-d}", "", id="no-default-for-empty"),
        pytest.param("${NO-d}", "d", id="default-for-unset"),
        pytest.param("${A:-d}", "alpha", id="default-not-needed"),
        pytest.param("${NO:-$A}", "alpha", id="default-variable"),
        pytest.param("${NO:-${OTHER:-${A}}}", "alpha", id="default-nested"),
        pytest.param("${NO:-a\\}b}", "a}b", id="default-escaped-brace"),
        # Alternatives.
        pytest.param("${A:+x}", "x", id="alternative"),
        pytest.param("${E:+x}", "", id="alternative-empty"),
        pytest.param("${E+x}", "x", id="alternative-set"),
        pytest.param("${NO+x}", "", id="alternative-unset"),
        # Demands.
        pytest.param("${A:?must}", "alpha", id="demand"),
        pytest.param("${E?must}", "", id="demand-set"),
        pytest.param("${E:?must}", None, id="demand-empty"),
        pytest.param("${NO?must}", None, id="demand-unset"),
        # Patterns.
        pytest.param("${P#*/}", "x/y", id="shortest-prefix"),
        pytest.param("${P##*/}", "y", id="longest-prefix"),
        pytest.param("${P%/*}", "registry.example.org/x", id="shortest-suffix"),
        pytest.param("${P%%/*}", "registry.example.org", id="longest-suffix"),
        pytest.param("${V%.?}", "3.9", id="question-mark"),
        pytest.param("${V#x}", "3.9.1", id="prefix-not-there"),
        pytest.param("${V/./-}", "3-9.1", id="replace-first"),
        pytest.param("${V//./-}", "3-9-1", id="replace-all"),
        pytest.param("${V//./}", "391", id="replace-by-nothing"),
        pytest.param("${V///-}", "-3-.-9-.-1-", id="replace-nothing"),
        pytest.param("${S/\\*/-}", "a-b", id="escaped-star"),
        pytest.param("${V/./a\\b}", "3a\\b9.1", id="escape-in-replacement"),
        pytest.param("${A/*/x}", "x", id="replace-whole"),
        pytest.param("${NO#x}", None, id="pattern-of-unset"),
        pytest.param("${V#$NO}", None, id="unset-pattern"),
        pytest.param("${V:#3.}", "9.1", id="colon-before-pattern"),
        pytest.param("${V#\\}}", "3.9.1", id="escaped-brace-in-pattern"),
        pytest.param('${V%".1"}', "3.9", id="quotes-in-pattern"),
        pytest.param('${V%"\\\\".1}', "3.9.1", id="escape-in-quotes-in-pattern"),
        pytest.param("${V//./\\$}", None, id="dollar-in-replacement"),
        pytest.param("${V/./$NO}", None, id="unset-replacement"),
        # Words.
        pytest.param("${NO:-'}'}", "}", id="quoted-brace"),
        pytest.param("${NO:-'${'}", "${", id="quoted-dollar-brace"),
        pytest.param("${A:-$NO}", "alpha", id="unset-default-not-needed"),
        pytest.param("$12x", None, id="number"),
        pytest.param("$\xe9", None, id="letter"),
        # Quotes and escapes.
        pytest.param("'$A'", "$A", id="single-quotes"),
        pytest.param('"$A"', "alpha", id="double-quotes"),
        pytest.param(
            '"a\\"b\\$c\\\\d\\e"', 'a"b$c\\d\\e', id="escapes-in-double-quotes"
        ),
        pytest.param('"$A-$V"', "alpha-3.9.1", id="two-in-double-quotes"),
        pytest.param("\\$A", "$A", id="escape"),
        pytest.param("a\\", "a", id="escape-at-end"),
    ],
)
def test_buildkit(text, value):
    assert lex(text) == value


def test_the_escape_character_is_the_directives():
    assert lex("`$A\\", escape="`") == "$A\\"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a$$b", "a$b", id="dollar"),
        pytest.param("'$A'", "'alpha'", id="quotes-are-text"),
        pytest.param("a\\b", "a\\b", id="escapes-are-text"),
        pytest.param("${NO:-d\\}", "d\\", id="escape-in-default"),
        pytest.param("${NO:-x:${E:-1}}", "x:1", id="nested"),
        pytest.param("$1", "$1", id="no-special-names"),
    ],
)
def test_compose(text, value):
    assert lex(text, compose=True) == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("${A#x}", id="prefix"),
        pytest.param("${A%x}", id="suffix"),
        pytest.param("${A/x/y}", id="replace"),
    ],
)
def test_compose_has_no_patterns(text):
    with pytest.raises(CannotExpand, match="unknown operator"):
        lex(text, compose=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("${A//.}", "not closed", id="replace-without-second-slash"),
        pytest.param("${A#\\x}", "escape", id="bad-pattern"),
        pytest.param("${A:}", "unknown operator", id="colon-alone"),
        pytest.param("${A:/x/y}", "unknown operator", id="colon-slash"),
        pytest.param("${A:-'}", "quote", id="quote-in-word"),
        pytest.param("$A" * 200, "more than 128 parts", id="many-parts"),
    ],
)
def test_what_docker_refuses(text, said):
    with pytest.raises(CannotExpand, match=said):
        lex(text)


@pytest.mark.parametrize(
    ("text", "unset"),
    [
        pytest.param("${A:-$NO}", [], id="default-not-used"),
        pytest.param("${NO:-$OTHER}", ["OTHER"], id="default-used"),
        pytest.param("${NO:+$OTHER}", [], id="alternative-not-used"),
        pytest.param("${A:+$OTHER}", ["OTHER"], id="alternative-used"),
        pytest.param("${A:?$OTHER}", [], id="message"),
    ],
)
def test_what_a_word_lacks_counts_where_the_word_is_used(text, unset):
    values = {"A": (Piece("a", None),)}
    assert list_unset(Text(text, range(len(text)), "D"), values) == unset


def test_many_words_are_not_nested_ones():
    assert lex("${NO:-d}" * 60) == "d" * 60
    with pytest.raises(CannotExpand, match="its variables are nested too deeply"):
        lex("${NO:-" * 60 + "}" * 60)


def test_an_alternative_to_what_may_be_empty_is_unknown():
    text = "${A:+x}"
    unknown = (Piece(None, None),)
    assert expand(Text(text, range(len(text)), "D"), {"A": unknown}) == unknown


def test_names_without_a_value_are_listed():
    text = "$A${B:-$C}${D:?x}${E}"
    assert list_unset(Text(text, range(len(text)), "D"), {"A": ()}) == ["C", "D", "E"]


def test_a_value_too_long_for_a_name_is_none():
    with pytest.raises(CannotExpand, match="longer than 4096"):
        expand(Text("a" * 5000, range(5000), "D"), {})


def test_what_a_value_has_room_for():
    assert expand(Text("a" * 4096, range(4096), "D"), {})[0].text == "a" * 4096
    with pytest.raises(CannotExpand, match="longer than 4096"):
        expand(Text("a" * 4097, range(4097), "D"), {})


def test_a_value_too_long_through_its_variables_is_none():
    with pytest.raises(CannotExpand, match="longer than 4096"):
        expand(Text("$A$A", range(4), "D"), {"A": (Piece("a" * 4000, None),)})


def test_an_empty_part_that_stands_nowhere_is_left_out():
    pieces = expand(Text("$Ab", range(3), "D"), {"Ab": (Piece("", None),)})
    assert pieces == ()


def test_pieces_of_a_text_with_gaps_are_apart():
    # As joined from two lines: "ab" and "c$A", four characters apart.
    pieces = expand(Text("abc$A", [0, 1, 6, 7, 8], "D"), {"A": (Piece("x", None),)})
    assert pieces == (
        Piece("ab", Span("D", 0, 2)),
        Piece("c", Span("D", 6, 7)),
        Piece("x", None),
    )


def test_a_plain_text_with_a_gap_stands_nowhere_whole():
    assert expand(Text("abcd", [0, 1, 6, 7], "D"), {}) == (Piece("abcd", None),)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        pytest.param("a  b\tc", ["a", "b", "c"], id="blanks"),
        pytest.param("a 'b c' \"d e\"", ["a", "'b c'", '"d e"'], id="quotes"),
        pytest.param("a\\ b c\\", ["a\\ b", "c\\"], id="escapes"),
        pytest.param("'open", ["'open"], id="open-quote"),
    ],
)
def test_words(line, words):
    assert split_words(line) == words


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        pytest.param("EOF", "EOF", id="plain"),
        pytest.param("'E F'", "E F", id="single"),
        pytest.param('"E\\"F\\x"', 'E"F\\x', id="double"),
        pytest.param("E\\F", "EF", id="escape"),
    ],
)
def test_unquoted(word, plain):
    assert unquote(word) == plain


LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "FROM a:1",
                "FROM $A AS b",
                "ARG A=${A:-x}$A",
                "RUN <<EOF",
                "EOF",
                "RUN --mount=from=x,target=/ y \\",
                "COPY --from=b . .",
                "# escape=`",
                "ONBUILD FROM inveniosoftware/x",
                "FROM inveniosoftware/\\",
                "x:1 AS $TARGETARCH",
                "",
            ]
        ),
        st.text(max_size=20),
    ),
    max_size=12,
)


@given(LINES, st.sampled_from(["\n", "\r\n", "\r"]))
@example(["FROM ${${"], "\n")
def test_any_text_is_read_and_every_piece_stands_where_it_says(lines, end):
    source = Source("D", end.join(lines))
    found = read_dockerfile(source)
    for reference in found.references:
        for piece in reference.pieces:
            if piece.span and source.cut(piece.span) != piece.text:
                # Only a name that goes on in the next line is written otherwise.
                assert "\n" in source.cut(piece.span)
    for step in found.instructions:
        assert [source.text[at] for at in step.offsets] == list(step.text)


@given(LINES)
def test_the_prefilter_never_passes_over_one_of_ours(lines):
    source = Source("D", "\n".join(lines))
    names = [one.expanded or "" for one in read_dockerfile(source).references]
    if any("inveniosoftware" in name for name in names):
        assert may_hold(source.to_bytes(), [b"inveniosoftware"])


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data):
    source = Source.from_bytes("D", data)
    assert source.to_bytes() == data
    assert read_dockerfile(source).path == "D"
