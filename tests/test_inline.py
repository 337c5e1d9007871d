# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A Dockerfile in a compose file: every place of it is one of that file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.readers.source import Source
from invenio_cli_registry.readers.yaml import read_yaml

HEAD = "# é\U0001f600\nservices:\n  a:\n    build:\n      dockerfile_inline: "


def read(written, args=""):
    """Read a compose file with this behind ``dockerfile_inline:``, and more behind it."""
    source = Source("compose.yml", f"{HEAD}{written}{args}\n    ports: [FROM, c]\n")
    (service,) = read_yaml(source).services
    return source, service.build.inline


def block(*lines, header="|"):
    return header + "".join(f"\n        {line}" for line in lines)


def written(source, reference):
    """Return what stands at the place of use, and at each place that can be changed."""
    pieces = [source.cut(piece.span) for piece in reference.pieces if piece.span]
    return source.cut(reference.span), pieces


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param(["FROM a/b:1"], [("a/b:1", ["a/b:1"])], id="from"),
        pytest.param(
            ["FROM a/b:1 AS x", "FROM x", "COPY --from=c:1 . ."],
            [("a/b:1", ["a/b:1"]), ("c:1", ["c:1"])],
            id="stages",
        ),
        pytest.param(
            ["ARG B=a/b", "FROM ${B}:1"], [("${B}:1", ["a/b", ":1"])], id="arg"
        ),
        pytest.param(["", "FROM a/b:1", "", ""], [("a/b:1", ["a/b:1"])], id="blank"),
        pytest.param(["FROM \\", "  a/b:1"], [("a/b:1", ["a/b:1"])], id="continued"),
        pytest.param(
            ["# syntax=s/t:1", "FROM a/b:1"],
            [("s/t:1", ["s/t:1"]), ("a/b:1", ["a/b:1"])],
            id="syntax",
        ),
        pytest.param(
            ["# escape=`", "FROM `", "a/b:1"], [("a/b:1", ["a/b:1"])], id="escape"
        ),
        pytest.param(
            ["FROM a/b:1", "RUN <<E", "from c", "E", "COPY --from=d:1 . ."],
            [("a/b:1", ["a/b:1"]), ("d:1", ["d:1"])],
            id="heredoc",
        ),
        pytest.param(
            ["ARG B=a/b:1", "FROM $$B"], [("$$B", ["a/b:1"])], id="dollar-of-docker"
        ),
        pytest.param(
            ["ARG B=a/b:1", "FROM $${B}"], [("$${B}", ["a/b:1"])], id="braces"
        ),
        pytest.param(["FROM a/b$$c"], [("a/b$$c", ["a/b"])], id="unset"),
        pytest.param(["FROM é"], [("é", ["é"])], id="characters"),
    ],
)
@pytest.mark.parametrize("header", ["|", "|-", "|+", "|2-", "&x |", "!t |  # c"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_literal_block(lines, header, end, expected):
    if header == "|2-":
        lines = [line and f"      {line}" for line in lines]
        header = "|8-"
    source, inline = read(block(*lines, header=header).replace("\n", end))
    assert [written(source, one) for one in inline.references] == expected
    assert inline.path == "compose.yml"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_and_steps_are_those_of_the_compose_file(end):
    text = block("FROM a/b:1 AS x", "RUN yum \\", "  y", "FROM x", "RUN <<E", "z", "E")
    source, inline = read(text.replace("\n", end))
    assert [one.line for one in inline.instructions] == [6, 7, 9, 10]
    assert [one.line for one in inline.stages] == [6, 9]
    for step in inline.instructions:
        assert source.text[step.start :].startswith(step.keyword)
        cut = [source.text[offset] for offset in step.offsets]
        assert "".join(cut) == step.text
        assert step.start < step.end <= source.text.index("ports")
    (heredoc,) = inline.instructions[-1].heredocs
    assert source.cut(heredoc.body).strip() == "z"


def test_the_base_of_a_stage_is_the_reference():
    _, inline = read(block("ARG B=a/b", "FROM $$B"))
    assert [one.base for one in inline.stages] == list(inline.references)


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        pytest.param(["FROM $${B}"], "$${B}", id="dollars"),
        pytest.param(["FROM a/b:1"], "a/b:1", id="plain"),
        pytest.param(["FROM a\\", "/b:1"], "a/b:1", id="continued"),
    ],
)
def test_the_text_is_the_one_that_is_written(lines, text):
    _, inline = read(block(*lines))
    assert inline.references[0].text == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"FROM a/b:1\\nRUN x"', id="escapes"),
        pytest.param("FROM a/b:1", id="plain"),
        pytest.param("'FROM a/b:1'", id="quotes"),
        pytest.param(block("FROM a/b:1", "", "RUN x", header=">"), id="folded"),
        pytest.param(block("FROM a/b:1\x85        RUN x"), id="next-line"),
        pytest.param(block("# c\r        FROM a/b:1"), id="carriage-return"),
        pytest.param("|\r        FROM a/b:1\r", id="carriage-returns-only"),
        pytest.param(block("FROM a/b:1", "RUN \udcff"), id="no-utf8"),
    ],
)
def test_what_is_written_otherwise_cannot_be_changed(text):
    source, inline = read(text)
    (found,) = inline.references
    assert (found.expanded, found.span.path) == ("a/b:1", "compose.yml")
    assert [piece.span for piece in found.pieces] == [None]
    assert "FROM a/b:1" in source.cut(found.span)
    assert inline.stages[0].base == found
    line = source.position(found.span.start)[0]
    assert {one.line for one in inline.instructions} == {line}


def test_an_argument_of_the_compose_file_stays_where_it_is():
    text = block("ARG B", "FROM $$B")
    source, inline = read(text, "\n      args:\n        B: a/b:1")
    assert [written(source, one) for one in inline.references] == [("$$B", ["a/b:1"])]
    (piece,) = inline.references[0].pieces
    assert piece.span.start > inline.references[0].span.end


@pytest.mark.parametrize(
    "text", ["", "|", "|\n", '""', "[FROM a/b:1]", "~", "|+\n\n\n"]
)
def test_no_image_is_named(text):
    source = Source("compose.yml", HEAD + text)
    (service,) = read_yaml(source).services
    inline = service.build.inline
    assert inline is None or inline.references == ()


@given(
    st.lists(
        st.text(alphabet="FROM a/b:1$\\\"'<>#=-\r\x85\u2028é\t", max_size=20),
        max_size=6,
    ),
    st.sampled_from(["|", "|-", "|+", ">", "|8"]),
)
def test_any_text_is_read(lines, header):
    source = Source("compose.yml", HEAD + block(*lines, header=header) + "\n")
    for service in read_yaml(source).services:
        inline = service.build.inline
        for reference in inline.references if inline else ():
            for piece in reference.pieces:
                assert piece.span is None or source.cut(piece.span) == piece.text
