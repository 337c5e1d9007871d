# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The rules of BuildKit's reader, a row each: a Dockerfile, and the images it pulls."""

import pytest

from invenio_cli_registry.readers.dockerfile import may_hold, read_dockerfile
from invenio_cli_registry.readers.model import Piece
from invenio_cli_registry.readers.source import Source, Span


def read(text, arguments=None):
    return read_dockerfile(Source("Dockerfile", text), arguments or {})


def images(text, arguments=None):
    """Return kind and value of each reference, ``?`` where nobody knows it."""
    found = read(text, arguments).references
    return [(one.kind, "?" if one.expanded is None else one.expanded) for one in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("FROM a/b:1\n", [("from", "a/b:1")], id="plain"),
        pytest.param("from a/b:1", [("from", "a/b:1")], id="lower-no-end"),
        pytest.param("  FROM\ta/b:1  \r\n", [("from", "a/b:1")], id="blanks-crlf"),
        pytest.param("FROM \xa0a:1\n", [("from", "a:1")], id="pasted-blank"),
        pytest.param("FROM --platform=$X a:1 AS b", [("from", "a:1")], id="platform"),
        pytest.param("FROM --x='a b' a:1", [("from", "a:1")], id="quoted-flag"),
        pytest.param("FROM -- a:1", [("from", "a:1")], id="end-of-flags"),
        pytest.param("FROM \\\n  a:1\n", [("from", "a:1")], id="continued"),
        pytest.param("FROM a\\\n:1\n", [("from", "a:1")], id="continued-in-the-word"),
        pytest.param(
            "# escape=`\nFROM `\n a:1\nRUN x \\\nFROM b:1\n",
            [("from", "a:1"), ("from", "b:1")],
            id="escape",
        ),
        pytest.param(
            "FROM a:1\\\\\nFROM b:1\n",
            [("from", "a:1\\"), ("from", "b:1")],
            id="escaped-escape-does-not-continue",
        ),
        pytest.param("FROM scratch\n", [], id="scratch"),
        pytest.param("FROM scratch # none\n", [], id="scratch-and-a-comment"),
        pytest.param("FROM 'a:1'\n", [("from", "a:1")], id="single-quotes"),
        pytest.param('FROM "a:1"\n', [("from", "a:1")], id="double-quotes"),
        pytest.param("FROM\n", [], id="nothing"),
        pytest.param("", [], id="empty"),
        pytest.param("# FROM a:1\n  # FROM b:1\n", [], id="comments"),
        pytest.param("FROMM a:1\nFROM_ b:1\n", [], id="no-keyword"),
        pytest.param(
            "{% if x %}\nFROM a:1\n{% endif %}\n", [("from", "a:1")], id="jinja"
        ),
        # Stages.
        pytest.param("FROM a:1 AS x\nFROM x\n", [("from", "a:1")], id="stage"),
        pytest.param("FROM a:1 as X\nFROM x\n", [("from", "a:1")], id="stage-lowered"),
        pytest.param(
            "FROM a:1 AS x\nFROM X\n", [("from", "a:1"), ("from", "X")], id="stage-case"
        ),
        pytest.param("FROM node AS node\n", [("from", "node")], id="not-its-own-stage"),
        pytest.param(
            "FROM b\nFROM a AS b\n", [("from", "b"), ("from", "a")], id="later-stage"
        ),
        pytest.param(
            "ARG S=x\nFROM a:1 AS x\nFROM $S\n", [("from", "a:1")], id="expanded-stage"
        ),
        pytest.param(
            "FROM a:1 AS base-amd64\nFROM base-$TARGETARCH\n",
            [("from", "a:1")],
            id="platform-stage",
        ),
        pytest.param(
            "FROM base-$TARGETARCH\n", [("from", "?")], id="platform-no-stage"
        ),
        pytest.param(
            "FROM a:1 AS base-\nFROM base-$NO\n", [("from", "a:1")], id="unset-is-empty"
        ),
        # Build arguments.
        pytest.param("ARG V=3\nFROM a:$V\n", [("from", "a:3")], id="arg"),
        pytest.param(
            "ARG V=3 W=$V.9\nFROM a:$W\n", [("from", "a:3.9")], id="arg-of-arg"
        ),
        pytest.param('ARG V="3"\nFROM a:${V}\n', [("from", "a:3")], id="arg-quoted"),
        pytest.param("ARG V=1\nARG V\nFROM a:$V\n", [("from", "a:1")], id="arg-again"),
        pytest.param(
            "ARG V=1\nARG V=2\nFROM a:$V\n", [("from", "a:2")], id="arg-set-again"
        ),
        pytest.param("ARG T=\nFROM a$T\n", [("from", "a")], id="arg-empty"),
        pytest.param("ARG V=$V\nFROM a:$V\n", [("from", "?")], id="arg-of-itself"),
        pytest.param(
            "FROM b\nARG V=3\nFROM a:$V\n",
            [("from", "b"), ("from", "?")],
            id="arg-of-a-stage",
        ),
        pytest.param("ONBUILD ARG V=3\nFROM a:$V\n", [("from", "?")], id="arg-onbuild"),
        pytest.param(
            "ARG TARGETARCH=arm\nFROM a:$TARGETARCH\n",
            [("from", "a:arm")],
            id="arg-platform",
        ),
        # COPY --from.
        pytest.param(
            "FROM a\nCOPY --from=b:1 x y\n", [("from", "a"), ("copy", "b:1")], id="copy"
        ),
        pytest.param(
            "FROM a\nCOPY --chown=u --FROM=b:1 x y\n",
            [("from", "a"), ("copy", "b:1")],
            id="copy-second-flag",
        ),
        pytest.param(
            "FROM a AS s\nCOPY --from=S x y\n", [("from", "a")], id="copy-stage"
        ),
        pytest.param("FROM a\nCOPY --from=0 x y\n", [("from", "a")], id="copy-number"),
        pytest.param("FROM a\nCOPY x --from=b y\n", [("from", "a")], id="copy-no-flag"),
        pytest.param(
            "FROM a\nCOPY --from=scratch x y\n",
            [("from", "a"), ("copy", "scratch")],
            id="copy-scratch",
        ),
        pytest.param(
            "FROM a\nONBUILD COPY --from=b:1 x y\n",
            [("from", "a"), ("copy", "b:1")],
            id="copy-onbuild",
        ),
        pytest.param(
            "FROM a\nONBUILD -- COPY --from=b:1 x y\nONBUILD --x COPY --from=c x y",
            [("from", "a"), ("copy", "b:1")],
            id="copy-onbuild-dashes",
        ),
        pytest.param(
            "FROM a\nADD --from=b:1 x y\n", [("from", "a")], id="add-has-no-from"
        ),
        pytest.param(
            'FROM a\nCOPY --from="b:1" x y\n',
            [("from", "a"), ("copy", "b:1")],
            id="copy-quoted",
        ),
        pytest.param("FROM a\nCOPY --from= x y\n", [("from", "a")], id="copy-context"),
        pytest.param("FROM a\nCOPY --from=+1 x y\n", [("from", "a")], id="copy-sign"),
        # RUN --mount.
        pytest.param(
            "FROM a\nRUN --mount=type=bind,from=b:1,target=/x c\n",
            [("from", "a"), ("mount", "b:1")],
            id="mount",
        ),
        pytest.param(
            "FROM a AS s\nRUN --mount=from=S,target=/x --mount=from=b,target=/y c\n",
            [("from", "a"), ("mount", "b")],
            id="mounts-stage",
        ),
        pytest.param(
            "FROM a\nRUN --mount=from=,target=/x c\n",
            [("from", "a")],
            id="mount-context",
        ),
        pytest.param(
            "FROM a\nRUN c --mount=from=b\n", [("from", "a")], id="mount-no-flag"
        ),
        # Heredocs.
        pytest.param(
            "FROM a\nRUN <<EOF python3\nfrom pathlib import Path\nEOF\nFROM b\n",
            [("from", "a"), ("from", "b")],
            id="heredoc",
        ),
        pytest.param(
            "FROM a\nRUN cat <<'E' >x <<-F\nFROM c\nE\nFROM d\n\tF\nFROM b\n",
            [("from", "a"), ("from", "b")],
            id="heredocs",
        ),
        pytest.param(
            "FROM a\nRUN <<-E\nFROM b\n  E\nFROM c\n\tE\nFROM d\n",
            [("from", "a"), ("from", "d")],
            id="heredoc-only-tabs-are-dropped",
        ),
        pytest.param(
            'FROM a\nRUN --network=none ["a", "\\u00e9\\n"] <<E\nFROM b\n',
            [("from", "a"), ("from", "b")],
            id="no-heredoc-behind-a-list",
        ),
        pytest.param(
            "FROM a\nRUN [a] <<E\nFROM b\nE\nRUN [ ] <<E\nFROM c\n",
            [("from", "a"), ("from", "c")],
            id="no-list",
        ),
        pytest.param(
            "FROM a\nRUN cat<<EOF\nFROM b\n",
            [("from", "a"), ("from", "b")],
            id="no-heredoc",
        ),
        pytest.param(
            "FROM a\nCOPY <<EOF /x\nFROM b\nEOF\nONBUILD RUN <<E\nFROM c\nE\n",
            [("from", "a")],
            id="heredoc-copy-onbuild",
        ),
        pytest.param(
            "FROM a\nRUN <<EOF\nFROM b\n", [("from", "a")], id="heredoc-no-end"
        ),
        pytest.param(
            "FROM a\nLABEL x=<<EOF\nFROM b\n",
            [("from", "a"), ("from", "b")],
            id="heredoc-elsewhere",
        ),
        pytest.param(
            "FROM a\nCMD cat <<EOF\nFROM b\nEOF\n",
            [("from", "a"), ("from", "b")],
            id="heredoc-of-another-instruction",
        ),
        pytest.param(
            "FROM a\nRUN cat << EOF\nFROM c\nEOF\nFROM b\n",
            [("from", "a"), ("from", "b")],
            id="heredoc-apart",
        ),
        pytest.param(
            "FROM a\nRUN echo $((1 << 2))\nFROM b\n",
            [("from", "a"), ("from", "b")],
            id="shift-is-no-heredoc",
        ),
        pytest.param(
            "FROM a\nRUN <<EOF it's\nFROM b\n",
            [("from", "a"), ("from", "b")],
            id="no-heredoc-beside-an-open-quote",
        ),
        # Continuations.
        pytest.param(
            "FROM a\nRUN x \\\n# FROM b\n\n  \\\n  y\nFROM c\n",
            [("from", "a"), ("from", "c")],
            id="comments-and-empty-lines-inside",
        ),
        pytest.param(
            "FROM a\nRUN x \\  \nFROM b\n", [("from", "a")], id="blanks-behind"
        ),
        pytest.param("\\\nFROM a\n", [("from", "a")], id="nothing-continued"),
        pytest.param(
            "FROM a\nRUN x \\\x0b\nFROM b\n",
            [("from", "a"), ("from", "b")],
            id="another-blank-behind",
        ),
        # Directives.
        pytest.param(
            "# syntax=docker/dockerfile:1\nFROM a\n",
            [("syntax", "docker/dockerfile:1"), ("from", "a")],
            id="syntax",
        ),
        pytest.param(
            "\n# syntax=x/y:1\nFROM a\n", [("from", "a")], id="syntax-not-on-top"
        ),
        pytest.param(
            "# a comment\n# syntax=x/y:1\nFROM a\n",
            [("from", "a")],
            id="syntax-behind-comment",
        ),
        pytest.param(
            "# check=skip=all\n#Syntax = x/y:1 \n# syntax=z\nFROM a\n",
            [("syntax", "x/y:1"), ("from", "a")],
            id="syntax-once",
        ),
        pytest.param("# syntax=x/y:1", [("syntax", "x/y:1")], id="syntax-alone"),
        pytest.param(
            "# foo=bar\n# syntax=x/y:1\n",
            [],
            id="syntax-behind-unknown",
        ),
        pytest.param(
            "# syntax=x/y:1 z\n", [("syntax", "x/y:1")], id="syntax-first-word"
        ),
        pytest.param(
            " # escape=`\n # syntax=x/y:1\nFROM `\n a\n",
            [("from", "a")],
            id="indented-escape-no-syntax",
        ),
        pytest.param("# syntax=X/\n", [("syntax", "X/")], id="syntax-no-name"),
        pytest.param(
            "ONBUILD\nONBUILD foo\nFROM a\n", [("from", "a")], id="onbuild-nothing"
        ),
        # Only a line feed ends a line.
        pytest.param(
            "FROM a\x0bAS b\x0c\n", [("from", "a")], id="vertical-tab-is-blank"
        ),
        pytest.param("FROM a\u2028b\n", [("from", "a\u2028b")], id="line-separator"),
        pytest.param("FROM a\x85b\n", [("from", "a\x85b")], id="next-line"),
    ],
)
def test_a_rule(text, expected):
    assert images(text) == expected
    assert images(text.replace("\n", "\r\n")) == expected


@pytest.mark.parametrize(
    ("text", "unresolved"),
    [
        pytest.param("FROM a:$NO", "NO has no value", id="unset"),
        pytest.param("FROM a:${NO:?x}", "NO has no value", id="demanded"),
        pytest.param(
            "FROM a:$TARGETOS",
            "its value hangs on the platform of the build",
            id="platform",
        ),
        pytest.param(
            "ARG A='x\nFROM a:$TARGETOS",
            "its value hangs on the platform of the build",
            id="platform-beside-an-error",
        ),
        pytest.param("FROM ''", "the image's name is empty", id="empty"),
        pytest.param("FROM a/B", "'a/B' is no repository name", id="capitals"),
        pytest.param("FROM ${", "${ is not followed by a name", id="brace"),
        pytest.param(
            "FROM a:${B", "${B is not closed, or has an unknown operator", id="open"
        ),
        pytest.param("FROM a:${B:-c", "${ is not closed", id="open-word"),
        pytest.param(
            "FROM a:${B!}",
            "${B is not closed, or has an unknown operator",
            id="operator",
        ),
        pytest.param("FROM 'a", "a quote is not closed", id="single-quote"),
        pytest.param('FROM "a', "a quote is not closed", id="double-quote"),
        pytest.param(
            "FROM a\nCOPY --from=$X b c", "COPY --from expands no variables", id="copy"
        ),
        pytest.param(
            "FROM a\nRUN --mount=from=$X b",
            "RUN --mount expands no variables",
            id="mount",
        ),
        pytest.param(
            "FROM a\nCOPY --from=b/B b c", "'b/B' is no repository name", id="copy-name"
        ),
        pytest.param("ARG A='x\nFROM $A", "A: a quote is not closed", id="arg-error"),
        pytest.param("ARG A=$NO\nFROM x:$A", "NO has no value", id="arg-of-unset"),
        pytest.param("ARG A=$A\nFROM x:$A", "A has no value", id="arg-of-itself"),
    ],
)
def test_no_value_and_why(text, unresolved):
    assert read(text).references[-1].unresolved == unresolved


@pytest.mark.parametrize(
    ("rest", "refused"),
    [
        pytest.param(
            "AS b # old",
            "a comment is not allowed behind FROM's image",
            id="behind-name",
        ),
        pytest.param(
            "# old", "a comment is not allowed behind FROM's image", id="comment"
        ),
        pytest.param("b", "FROM takes an image, or an image, AS and a name", id="two"),
        pytest.param(
            "AS", "FROM takes an image, or an image, AS and a name", id="as-nothing"
        ),
        pytest.param("AS 1x", "'1x' is no name for a build stage", id="stage-name"),
    ],
)
def test_a_line_that_docker_refuses_is_read_all_the_same(rest, refused):
    (one,) = read(f"FROM a/b:1 {rest}\n").references
    assert (one.text, one.refused, one.unresolved) == ("a/b:1", refused, "")


def test_a_refused_default_counts_no_more_once_there_is_a_good_one():
    (one,) = read("ARG A='x\nARG A=a:1\nFROM $A\n").references
    assert one.expanded == "a:1"


def test_build_arguments_from_outside_override_what_is_declared():
    given = {"V": (Piece("9", Span("compose.yml", 5, 6)),), "W": (Piece("8", None),)}
    assert images("ARG V=3\nFROM a:$V\nFROM b:$W\n", given) == [
        ("from", "a:9"),
        ("from", "?"),
    ]
    (one, _) = read("ARG V\nFROM a:$V\nFROM b\n", given).references
    assert one.pieces[-1].span == Span("compose.yml", 5, 6)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("FROM a/b:1", ["a/b:1"], id="whole"),
        pytest.param("FROM 'a/b:1'", ["a/b:1"], id="quotes-stay-outside"),
        pytest.param("ARG V=3\nFROM a:$V", ["a:", "3"], id="default"),
        pytest.param("FROM ${X:-a/b}:1", ["a/b", ":1"], id="default-in-place"),
        pytest.param("ARG A=x\nARG B=${A}y\nFROM $B", ["x", "y"], id="through-two"),
    ],
)
def test_each_piece_is_where_it_is_written(text, pieces):
    source = Source("Dockerfile", text)
    (one,) = read_dockerfile(source).references
    assert [source.cut(piece.span) for piece in one.pieces] == pieces
    assert [piece.text for piece in one.pieces] == pieces


def test_a_build_argument_from_outside_may_lack_its_value():
    (one,) = read("ARG V=3\nFROM a:$V\n", {"V": (Piece(None, None),)}).references
    assert one.unresolved == "V has no value"


def test_words_of_an_arg_follow_the_escape_character():
    assert images('# escape=`\nARG A="c:\\" B=b:1\nFROM $B\n') == [("from", "b:1")]


@pytest.mark.parametrize(
    ("base", "parent"),
    [
        pytest.param("base$TARGETVARIANT", 0, id="variant-may-be-empty"),
        pytest.param("${TARGETOS}base", 0, id="beginning"),
        pytest.param("b$TARGETOS-$TARGETARCH", None, id="other"),
    ],
)
def test_a_base_that_some_platform_makes_a_stage(base, parent):
    assert read(f"FROM a AS base\nFROM {base}\n").stages[1].parent == parent


def test_what_has_a_value_keeps_it_when_a_stage_is_sought():
    text = "ARG A={}\nFROM a AS base-\nFROM $A-$NO\n"
    assert read(text.format("base")).stages[1].parent == 0
    assert read(text.format("other")).stages[1].parent is None


def test_what_a_default_lacks_is_empty_when_a_stage_is_sought():
    text = "ARG A=$NO\nFROM a AS base\nFROM a AS base-\nFROM base$A\n"
    assert read(text).stages[2].parent == 0


def test_a_directive_knows_its_place():
    source = Source("D", "# check=skip=all\n# escape=`\n# syntax=a/b:1\nFROM c\n")
    (syntax, _) = read_dockerfile(source).references
    assert source.position(syntax.span.start) == (3, 10)
    assert source.cut(syntax.span) == "a/b:1"


def test_the_text_of_an_instruction_ends_where_it_ends():
    run = read("FROM a \t\nRUN x \x0c\n").instructions
    assert [step.text for step in run] == ["a", "x"]


def test_a_line_that_only_goes_on_begins_with_the_next():
    text = "\\\n  FROM a\nRUN x\n"
    first = read(text).instructions[0]
    assert (first.keyword, text[first.start :][:6], first.line) == ("FROM", "FROM a", 1)


def test_a_heredoc_without_end_ends_the_file():
    text = "FROM a\nRUN <<E\nx\n"
    assert read(text).instructions[-1].end == len(text)


def test_what_an_operator_made_is_written_nowhere():
    (one,) = read("ARG V=3.9\nFROM a:${V%.9}\n").references
    assert one.pieces[-1] == Piece("3", None)


def test_stages_have_their_numbers_names_and_parents():
    found = read("FROM a AS x\nRUN 1\nFROM x\nRUN 2\nFROM scratch\n")
    rows = [(s.number, s.name, s.parent, s.base and s.base.text) for s in found.stages]
    assert rows == [(0, "x", None, "a"), (1, None, 0, None), (2, None, None, None)]
    steps = [(i.keyword, i.stage, i.line) for i in found.instructions]
    assert steps == [
        ("FROM", 0, 1),
        ("RUN", 0, 2),
        ("FROM", 1, 3),
        ("RUN", 1, 4),
        ("FROM", 2, 5),
    ]


def test_a_joined_instruction_knows_where_each_character_is():
    source = Source("Dockerfile", "FROM a\nRUN x \\\n# c\n   yum\n")
    run = read_dockerfile(source).instructions[-1]
    assert run.text == "x    yum"
    assert [source.text[at] for at in run.offsets] == list(run.text)


def test_a_heredoc_is_kept_with_its_place():
    source = Source("Dockerfile", "FROM a\nRUN <<-E\n\tx\n\tE\nRUN y\n")
    (heredoc,) = read_dockerfile(source).instructions[1].heredocs
    assert (heredoc.name, heredoc.text, source.cut(heredoc.body)) == (
        "E",
        "\tx\n",
        "\tx\n",
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "ARG A=xxxxxxxx\n" + "ARG A=$A$A\n" * 60 + "FROM $A\n", id="doubling"
        ),
        pytest.param(
            "ARG A=$TARGETOS\n" + "ARG A=$A$A\n" * 60 + "FROM $A\n",
            id="unknown-doubling",
        ),
        pytest.param("FROM " + "${a:-" * 100_000, id="nested"),
        pytest.param("FROM " + "${a:-" * 60 + "b" + "}" * 60, id="closed-nested"),
        pytest.param("FROM " + "a" * 1_000_000, id="long"),
        pytest.param("ARG V=" + "a" * 600 + "\nFROM ${V#*a*a}", id="costly-pattern"),
    ],
)
def test_hostile_variables_end_without_a_value(text):
    found = read(text).references
    assert found
    assert all(one.expanded is None or one.unresolved for one in found)


NEEDLES = [b"inveniosoftware"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(b"FROM inveniosoftware/x\n", True, id="needle"),
        pytest.param(b"FROM $A\n", True, id="variable"),
        pytest.param(b"  onbuild from ${A}\n", True, id="onbuild"),
        pytest.param(b"FROM \\\n $A\n", True, id="continued-from"),
        pytest.param(
            b"FROM a\nCOPY --from=invenio\\\nsoftware/x a b\n", True, id="joined"
        ),
        pytest.param(b"FROM a\nRUN x && \\\n    y $A\n", False, id="nothing"),
        pytest.param(b"FROM inv'enio'software/x\n", True, id="quotes"),
        pytest.param(b"\xc2\xa0FROM $A\n", True, id="other-blank"),
        pytest.param(b"FROM a\nCOPY --from='i'nveniosoftware/x a b", True, id="flag"),
        pytest.param(b"FROM a\nCOPY --from=b 'c' d\n", False, id="flag-plain"),
        pytest.param(b"FROM a AS b\r\nFROM b\r\n", False, id="crlf"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_which_files_are_worth_parsing(text, expected):
    assert may_hold(text, NEEDLES) is expected
