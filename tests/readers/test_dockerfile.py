# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A Dockerfile, and the images that BuildKit pulls for it: a row a rule."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from invenio_cli_registry.model import Piece, Source
from invenio_cli_registry.readers.dockerfile import may_hold, read_dockerfile

#: Each a Dockerfile and its images, ``?`` where the value is unknown.
RULES = {
    "plain": ("FROM a/b:1\n", ["a/b:1"]),
    "lower-no-end": ("from a/b:1", ["a/b:1"]),
    "blanks-crlf": ("  FROM\ta/b:1  \r\n", ["a/b:1"]),
    "pasted-blank": ("FROM \xa0a:1\n", ["a:1"]),
    "platform": ("FROM --platform=$X a:1 AS b", ["a:1"]),
    "quoted-flag": ("FROM --x='a b' a:1", ["a:1"]),
    "end-of-flags": ("FROM -- a:1", ["a:1"]),
    "continued": ("FROM \\\n  a:1\n", ["a:1"]),
    "continued-in-the-word": ("FROM a\\\n:1\n", ["a:1"]),
    "escape": ("# escape=`\nFROM `\n a:1\nRUN x \\\nFROM b:1\n", ["a:1", "b:1"]),
    "escaped-escape-does-not-continue": ("FROM a:1\\\\\nFROM b:1\n", ["a:1\\", "b:1"]),
    "scratch": ("FROM scratch\n", []),
    "scratch-and-a-comment": ("FROM scratch # none\n", []),
    "single-quotes": ("FROM 'a:1'\n", ["a:1"]),
    "double-quotes": ('FROM "a:1"\n', ["a:1"]),
    "nothing": ("FROM\n", []),
    "empty": ("", []),
    "comments": ("# FROM a:1\n  # FROM b:1\n", []),
    "no-keyword": ("FROMM a:1\nFROM_ b:1\n", []),
    "jinja": ("{% if x %}\nFROM a:1\n{% endif %}\n", ["a:1"]),
    "stage": ("FROM a:1 AS x\nFROM x\n", ["a:1"]),
    "stage-lowered": ("FROM a:1 as X\nFROM x\n", ["a:1"]),
    "stage-case": ("FROM a:1 AS x\nFROM X\n", ["a:1", "X"]),
    "not-its-own-stage": ("FROM node AS node\n", ["node"]),
    "later-stage": ("FROM b\nFROM a AS b\n", ["b", "a"]),
    "expanded-stage": ("ARG S=x\nFROM a:1 AS x\nFROM $S\n", ["a:1"]),
    "platform-stage": ("FROM a:1 AS base-amd64\nFROM base-$TARGETARCH\n", ["a:1"]),
    "platform-no-stage": ("FROM base-$TARGETARCH\n", ["?"]),
    "unset-is-empty": ("FROM a:1 AS base-\nFROM base-$NO\n", ["a:1"]),
    "arg": ("ARG V=3\nFROM a:$V\n", ["a:3"]),
    "arg-of-arg": ("ARG V=3 W=$V.9\nFROM a:$W\n", ["a:3.9"]),
    "arg-quoted": ('ARG V="3"\nFROM a:${V}\n', ["a:3"]),
    "arg-again": ("ARG V=1\nARG V\nFROM a:$V\n", ["a:1"]),
    "arg-set-again": ("ARG V=1\nARG V=2\nFROM a:$V\n", ["a:2"]),
    "arg-empty": ("ARG T=\nFROM a$T\n", ["a"]),
    "arg-of-itself": ("ARG V=$V\nFROM a:$V\n", ["?"]),
    "arg-of-a-stage": ("FROM b\nARG V=3\nFROM a:$V\n", ["b", "?"]),
    "arg-onbuild": ("ONBUILD ARG V=3\nFROM a:$V\n", ["?"]),
    "arg-platform": ("ARG TARGETARCH=arm\nFROM a:$TARGETARCH\n", ["a:arm"]),
    "copy": ("FROM a\nCOPY --from=b:1 x y\n", ["a", "b:1"]),
    "copy-stage": ("FROM a AS s\nCOPY --from=S x y\n", ["a"]),
    "copy-number": ("FROM a\nCOPY --from=0 x y\n", ["a"]),
    "copy-no-flag": ("FROM a\nCOPY x --from=b y\n", ["a"]),
    "copy-scratch": ("FROM a\nCOPY --from=scratch x y\n", ["a", "scratch"]),
    "copy-onbuild": ("FROM a\nONBUILD COPY --from=b:1 x y\n", ["a", "b:1"]),
    "add-has-no-from": ("FROM a\nADD --from=b:1 x y\n", ["a"]),
    "copy-quoted": ('FROM a\nCOPY --from="b:1" x y\n', ["a", "b:1"]),
    "copy-context": ("FROM a\nCOPY --from= x y\n", ["a"]),
    "mount": ("FROM a\nRUN --mount=type=bind,from=b:1,target=/x c\n", ["a", "b:1"]),
    "mounts-stage": (
        "FROM a AS s\nRUN --mount=from=S,target=/x --mount=from=b,target=/y c\n",
        ["a", "b"],
    ),
    "mount-context": ("FROM a\nRUN --mount=from=,target=/x c\n", ["a"]),
    "mount-no-flag": ("FROM a\nRUN c --mount=from=b\n", ["a"]),
    "heredoc": (
        "FROM a\nRUN <<EOF python3\nfrom pathlib import Path\nEOF\nFROM b\n",
        ["a", "b"],
    ),
    "heredocs": (
        "FROM a\nRUN cat <<'E' >x <<-F\nFROM c\nE\nFROM d\n\tF\nFROM b\n",
        ["a", "b"],
    ),
    "heredoc-only-tabs-are-dropped": (
        "FROM a\nRUN <<-E\nFROM b\n  E\nFROM c\n\tE\nFROM d\n",
        ["a", "d"],
    ),
    "no-heredoc": ("FROM a\nRUN cat<<EOF\nFROM b\n", ["a", "b"]),
    "heredoc-copy-onbuild": (
        "FROM a\nCOPY <<EOF /x\nFROM b\nEOF\nONBUILD RUN <<E\nFROM c\nE\n",
        ["a"],
    ),
    "heredoc-elsewhere": ("FROM a\nLABEL x=<<EOF\nFROM b\n", ["a", "b"]),
    "heredoc-of-another-instruction": (
        "FROM a\nCMD cat <<EOF\nFROM b\nEOF\n",
        ["a", "b"],
    ),
    "heredoc-apart": ("FROM a\nRUN cat << EOF\nFROM c\nEOF\nFROM b\n", ["a", "b"]),
    "shift-is-no-heredoc": ("FROM a\nRUN echo $((1 << 2))\nFROM b\n", ["a", "b"]),
    "comments-and-empty-lines-inside": (
        "FROM a\nRUN x \\\n# FROM b\n\n  \\\n  y\nFROM c\n",
        ["a", "c"],
    ),
    "blanks-behind": ("FROM a\nRUN x \\  \nFROM b\n", ["a"]),
    "nothing-continued": ("\\\nFROM a\n", ["a"]),
    "syntax": ("# syntax=docker/dockerfile:1\nFROM a\n", ["docker/dockerfile:1", "a"]),
    "syntax-not-on-top": ("\n# syntax=x/y:1\nFROM a\n", ["a"]),
    "syntax-behind-comment": ("# a comment\n# syntax=x/y:1\nFROM a\n", ["a"]),
    "syntax-once": (
        "# check=skip=all\n#Syntax = x/y:1 \n# syntax=z\nFROM a\n",
        ["x/y:1", "a"],
    ),
    "syntax-alone": ("# syntax=x/y:1", ["x/y:1"]),
    "syntax-behind-unknown": ("# foo=bar\n# syntax=x/y:1\n", []),
    "syntax-first-word": ("# syntax=x/y:1 z\n", ["x/y:1"]),
    "syntax-no-name": ("# syntax=X/\n", ["X/"]),
    "onbuild-nothing": ("ONBUILD\nONBUILD foo\nFROM a\n", ["a"]),
    "heredoc-with-a-tab-behind": ("FROM a\nRUN <<-E\nE\t\nFROM b\n", ["a", "b"]),
    "heredoc-no-end": ("FROM a\nRUN <<E\nFROM b\n", ["a", "b"]),
    "vertical-tab-is-blank": ("FROM a\x0bAS b\x0c\n", ["a"]),
    "line-separator": ("FROM a\u2028b\n", ["a\u2028b"]),
    "next-line": ("FROM a\x85b\n", ["a\x85b"]),
}

#: In ``shell/lex.go`` and ``dockerfile2llb/convert.go``; each with the name of BuildKit's own rule.
BUILDKIT = {
    "processDollar: a name": ("ARG V=1\nFROM a:$V", ["a:1"]),
    "processDollar: a name in braces": ("ARG V=1\nFROM a:${V}x", ["a:1x"]),
    "processDollar: no name": ("FROM a$.b", ["a$.b"]),
    "processDollar: missing brace": ("FROM a:${V", ["?"]),
    "processDollar: bad substitution": ("FROM a:${}", ["?"]),
    "processDollar: unsupported modifier": ("ARG V=1\nFROM a:${V^^}", ["?"]),
    "processDollar: :- and unset": ("FROM a:${V:-2}", ["a:2"]),
    "processDollar: :- and empty": ("ARG V=\nFROM a:${V:-2}", ["a:2"]),
    "processDollar: :- and a value": ("ARG V=1\nFROM a:${V:-2}", ["a:1"]),
    "processDollar: - and unset": ("FROM a:${V-2}", ["a:2"]),
    "processDollar: - and empty": ("ARG V=\nFROM a${V-2}", ["a"]),
    "processDollar: :+ and unset": ("FROM a${V:+2}", ["a"]),
    "processDollar: :+ and empty": ("ARG V=\nFROM a${V:+2}", ["a"]),
    "processDollar: :+ and a value": ("ARG V=1\nFROM a${V:+2}", ["a2"]),
    "processDollar: + and empty": ("ARG V=\nFROM a${V+2}", ["a2"]),
    "processDollar: :? and a value": ("ARG V=1\nFROM a:${V:?no}", ["a:1"]),
    "processDollar: :? and empty": ("ARG V=\nFROM a:${V:?no}", ["?"]),
    "processDollar: ? and unset": ("FROM a:${V?no}", ["?"]),
    "processDollar: ? and empty": ("ARG V=\nFROM a${V?no}", ["a"]),
    "processDollar: a word with variables": ("ARG V=1\nFROM a:${W:-$V}", ["a:1"]),
    "processName: letters, digits, _": ("ARG _1b=x\nFROM a:$_1b", ["a:x"]),
    "processName: digits alone": ("ARG 1=x\nFROM a:$1", ["a:x"]),
    "getEnv: case counts": ("ARG v=1\nFROM a:$V", ["?"]),
    "processSingleQuote": ("ARG V=1\nFROM 'a$V'", ["a$V"]),
    "processSingleQuote: not closed": ("FROM 'a", ["?"]),
    "processDoubleQuote": ('ARG V=1\nFROM "a:$V"', ["a:1"]),
    "processDoubleQuote: escapes": ('FROM "a\\$V"', ["a$V"]),
    "processDoubleQuote: not closed": ('FROM "a', ["?"]),
    "processStopOn: an escape": ("FROM a\\$V", ["a$V"]),
    "processStopOn: an escape at the end": ("FROM a\\", ["a"]),
    "NewLex: the escape of the file": ("# escape=`\nFROM a`$V", ["a$V"]),
    "buildMetaArgs: in their order": ("ARG V=1 W=$V.2\nFROM a:$W", ["a:1.2"]),
    "buildMetaArgs: of itself": ("ARG V=1\nARG V=$V.2\nFROM a:$V", ["a:1.2"]),
    "globalArgs: only before FROM": ("FROM a\nARG V=1\nFROM b:$V", ["a", "?"]),
    "globalArgs: no ENV": ("FROM a\nENV V=1\nFROM b:$V", ["a", "?"]),
    "defaultArgs: BUILDPLATFORM": ("FROM a:$BUILDPLATFORM", ["?"]),
    "defaultArgs: BUILDOS": ("FROM a:$BUILDOS", ["?"]),
    "defaultArgs: BUILDARCH": ("FROM a:$BUILDARCH", ["?"]),
    "defaultArgs: BUILDVARIANT": ("FROM a$BUILDVARIANT", ["?"]),
    "defaultArgs: TARGETPLATFORM": ("FROM a:$TARGETPLATFORM", ["?"]),
    "defaultArgs: TARGETOS": ("FROM a:$TARGETOS", ["?"]),
    "defaultArgs: TARGETARCH": ("FROM a:$TARGETARCH", ["?"]),
    "defaultArgs: TARGETVARIANT": ("FROM a$TARGETVARIANT", ["?"]),
    "defaultArgs: an ARG wins": ("ARG TARGETOS=x\nFROM a:$TARGETOS", ["a:x"]),
    "defaultArgs: a stage of the platform": (
        "FROM a AS s-amd64\nFROM b AS s-arm64\nFROM s-$TARGETARCH",
        ["a", "b"],
    ),
    "buildDispatchStates: no blank name": ("ARG V=\nFROM $V", [""]),
    "buildDispatchStates: expanded, then sought": (
        "ARG V=s\nFROM a AS s\nFROM $V",
        ["a"],
    ),
    "addState: an earlier stage": ("FROM s\nFROM a AS s\nFROM s", ["s", "a"]),
    "addState: the name in lower case": ("FROM a AS S\nFROM s", ["a"]),
    "addState: the base as it is": ("FROM a AS s\nFROM S", ["a", "S"]),
    "emptyImageName": ("FROM scratch\nFROM $V", ["?"]),
    "emptyImageName: only of a FROM": (
        "FROM a\nCOPY --from=scratch b c",
        ["a", "scratch"],
    ),
    "toCommand: expands nothing": ("ARG V=b\nFROM a\nCOPY --from=$V b c", ["a", "$V"]),
    "toCommand: Atoi": ("FROM a\nCOPY --from=0 b c\nCOPY --from=+1 b c", ["a"]),
    "toCommand: findStateByName": (
        "FROM a AS s\nFROM b\nCOPY --from=S c d",
        ["a", "b"],
    ),
    "toCommand: an image": ("FROM a\nCOPY --from=b:1 c d", ["a", "b:1"]),
    "toCommand: no ADD": ("FROM a\nADD --from=b:1 c d", ["a"]),
    "findStateByIndex: out of range": ("FROM a\nCOPY --from=9 b c", ["a"]),
    "detectRunMount: findStateByName": (
        "FROM a AS s\nFROM b\nRUN --mount=from=S,target=/s x",
        ["a", "b"],
    ),
    "detectRunMount: no number": ("FROM a\nRUN --mount=from=0,target=/s x", ["a", "0"]),
    "detectRunMount: an image": ("FROM a\nRUN --mount=from=b,target=/s x", ["a", "b"]),
    "detectRunMount: the build context": (
        "FROM a\nRUN --mount=from=,target=/s --mount=target=/t x",
        ["a"],
    ),
    "detectRunMount: expands no name": (
        "ARG V=b\nFROM a\nRUN --mount=from=$V,target=/s x",
        ["a", "$V"],
    ),
    "initOnBuildTriggers": (
        "FROM a\nONBUILD COPY --from=b c d\nONBUILD RUN --mount=from=e,target=/s x",
        ["a", "b", "e"],
    ),
    "parseFrom: AS in any case": ("FROM a aS s\nFROM s", ["a"]),
    "parseBuildStageName: no such name": ("FROM a AS 1s\nFROM 1s", ["a", "1s"]),
    "parseBuildStageName: other signs": ("FROM a AS s-_.1\nFROM s-_.1", ["a"]),
    "DetectSyntax": ("# syntax=a/b:1\nFROM c", ["a/b:1", "c"]),
    "DetectSyntax: up to a blank": ("# syntax=a/b:1 x\nFROM c", ["a/b:1", "c"]),
    "ParseDirective: only at the top": ("FROM c\n# syntax=a/b:1", ["c"]),
}


def read(text, arguments=None, contexts=frozenset()):
    return read_dockerfile(Source("Dockerfile", text), arguments or {}, contexts)


def images(text, *more):
    found = read(text, *more).references
    return ["?" if one.expanded is None else one.expanded for one in found]


@pytest.mark.parametrize("rule", [*RULES, *BUILDKIT])
def test_a_rule(rule):
    text, expected = {**RULES, **BUILDKIT}[rule]
    assert images(text) == expected
    assert images(text.replace("\n", "\r\n")) == expected


def test_the_kinds_of_references():
    text = "# syntax=a\nFROM b\nCOPY --from=c d e\nRUN --mount=from=f,target=/g h\n"
    found = [(one.kind, one.text, one.stage) for one in read(text).references]
    assert found == [
        ("syntax", "a", None),
        ("from", "b", 0),
        ("copy", "c", 0),
        ("mount", "f", 0),
    ]


NOT_UNDERSTOOD = "a ${...} in it is not closed, or not understood"
#: What no value is given, and why; the last image of each.
UNRESOLVED = {
    "unset": ("FROM a:$NO", "NO has no value"),
    "demanded": ("FROM a:${NO:?x}", "NO has no value"),
    "platform": ("FROM a:$TARGETOS", "it depends on the platform of the build"),
    "empty": ("FROM ''", "the image's name is empty"),
    "capitals": ("FROM a/B", "'a/B' is no repository name"),
    "brace": ("FROM ${", NOT_UNDERSTOOD),
    "open": ("FROM a:${B", NOT_UNDERSTOOD),
    "open-word": ("FROM a:${B:-c", NOT_UNDERSTOOD),
    "operator": ("FROM a:${B!}", NOT_UNDERSTOOD),
    "prefix": ("ARG B=c\nFROM a:${B#x}", "${B#...} is not evaluated"),
    "suffix": ("ARG B=c\nFROM a:${B%%x}", "${B%...} is not evaluated"),
    "replaced": ("ARG B=c\nFROM a:${B/c/$d}", "${B/...} is not evaluated"),
    "single-quote": ("FROM 'a", "a quote is not closed"),
    "double-quote": ('FROM "a', "a quote is not closed"),
    "copy": ("FROM a\nCOPY --from=$X b c", "COPY --from expands no variables"),
    "mount": ("FROM a\nRUN --mount=from=$X b", "RUN --mount expands no variables"),
    "copy-name": ("FROM a\nCOPY --from=b/B b c", "'b/B' is no repository name"),
    "copy-quotes": ("FROM a\nCOPY --from=b'c' b c", "\"b'c'\" is no repository name"),
    "arg-error": ("ARG A='x\nFROM $A", "a quote is not closed"),
    "arg-of-unset": ("ARG A=$NO\nFROM x:$A", "NO has no value"),
    "arg-of-itself": ("ARG A=$A\nFROM x:$A", "A has no value"),
    "template": ("FROM {{ a.b }}", "it contains a template expression"),
    "template-part": ("FROM a/{{ b }}:1 AS c", "it contains a template expression"),
    "template-if": (
        "FROM a{% if x %}b{% endif %}",
        "it contains a template expression",
    ),
    "template-copy": ("COPY --from={{ x }} a b", "it contains a template expression"),
}


@pytest.mark.parametrize(("text", "reason"), UNRESOLVED.values(), ids=UNRESOLVED)
def test_what_has_no_value_says_why(text, reason):
    found = read(text).references[-1]
    assert (found.unresolved, found.refused) == (reason, "")


@pytest.mark.parametrize(
    ("rest", "refused"),
    [
        ("AS b # old", "a comment is not allowed behind FROM's image"),
        ("# old", "a comment is not allowed behind FROM's image"),
        ("b", "FROM takes an image, or an image, AS and a name"),
        ("AS", "FROM takes an image, or an image, AS and a name"),
        ("AS 1x", "'1x' is not a valid name for a build stage"),
    ],
)
def test_a_line_that_docker_refuses_is_read_all_the_same(rest, refused):
    (one,) = read(f"FROM a/b:1 {rest}\n").references
    assert (one.text, one.refused, one.unresolved) == ("a/b:1", refused, "")


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        pytest.param("FROM a/b:1", ["a/b:1"], id="whole"),
        pytest.param("FROM 'a/b:1'", ["a/b:1"], id="quotes-stay-outside"),
        pytest.param("ARG V=3\nFROM a:$V", ["a:", "3"], id="default"),
        pytest.param("FROM ${X:-a/b}:1", ["a/b", ":1"], id="default-in-place"),
        pytest.param("ARG A=x\nARG B=${A}y\nFROM $B", ["x", "y"], id="through-two"),
        pytest.param("FROM a/\\\nb:1", [None], id="over-two-lines"),
        pytest.param("FROM a/\\\nb:$V", [None, None], id="over-two-lines-and-unset"),
        pytest.param('COPY --from="a:1" b c', ["a:1"], id="quoted-flag"),
        pytest.param("RUN --mount='from=a:1,ro' c", ["a:1"], id="quoted-mount"),
    ],
)
def test_each_piece_is_where_it_is_written(text, pieces):
    (one,) = read(text).references
    assert [piece.span and piece.span.text for piece in one.pieces] == pieces
    assert all(
        piece.span is None or piece.span.text == piece.text for piece in one.pieces
    )


def test_build_arguments_from_outside_win_where_they_are_declared():
    outside = Source("compose.yml", "A: 9")
    given = {"V": (Piece("9", outside.span(3, 4)),), "W": (Piece("8", None),)}
    assert images("ARG V=3\nFROM a:$V\nFROM b:$W\n", given) == ["a:9", "?"]
    assert read("ARG V\nFROM a:$V", given).references[0].pieces[-1] == given["V"][0]
    assert read("ARG V\nFROM $V", {"V": (Piece(None, None),)}).references[
        0
    ].unresolved == ("V has no value")


def test_a_build_context_is_no_image():
    text = (
        "FROM base AS x\nFROM b\nCOPY --from=assets a b\nRUN --mount=from=assets,ro c\n"
    )
    assert images(text) == ["base", "b", "assets", "assets"]
    assert images(text, {}, frozenset({"base", "assets"})) == ["b"]


#: The number of the stage that the last FROM is built on.
PARENTS = {
    "variant-may-be-empty": ("FROM a AS base\nFROM base$TARGETVARIANT", 0),
    "variant-or-nothing": ("FROM a AS base-v\nFROM base${TARGETVARIANT:+-v}", 0),
    "beginning": ("FROM a AS base\nFROM ${TARGETOS}base", 0),
    "middle": ("FROM a AS b-x-y\nFROM b-$TARGETOS-y", 0),
    "two": ("FROM a AS b-x-y-z\nFROM b$TARGETOS-y$TARGETARCH", 0),
    "overlap": ("FROM a AS aba\nFROM ab${TARGETOS}ba", None),
    "other-end": ("FROM a AS base\nFROM b${TARGETOS}x", None),
    "pattern": ("ARG V=3.9\nFROM a AS py3\nFROM py${V%.*}", 0),
    "latest-wins": ("FROM a AS b\nFROM a AS b\nFROM b", 1),
    "unset-is-empty": ("ARG A=$NO\nFROM a AS base\nFROM a AS base-\nFROM base$A", 0),
    "unset-is-not-anything": ("FROM a AS base\nFROM $NO", None),
    "with-a-value": ("ARG A=base\nFROM a AS base-\nFROM $A-$NO", 0),
    "with-another": ("ARG A=other\nFROM a AS base-\nFROM $A-$NO", None),
}


@pytest.mark.parametrize(("text", "parent"), PARENTS.values(), ids=PARENTS)
def test_which_stage_a_base_is(text, parent):
    assert read(text).stages[-1].parent == parent


def test_stages_and_instructions():
    found = read("FROM a AS X\nRUN 1\nFROM x\n\nRUN 2\nFROM scratch\n")
    rows = [
        (one.number, one.name, one.parent, one.base and one.base.text, str(one.span))
        for one in found.stages
    ]
    assert rows == [
        (0, "x", None, "a", "Dockerfile:1:1"),
        (1, None, 0, None, "Dockerfile:3:1"),
        (2, None, None, None, "Dockerfile:6:1"),
    ]
    steps = [(one.keyword, one.stage, one.span.line) for one in found.instructions]
    assert steps == [
        ("FROM", 0, 1),
        ("RUN", 0, 2),
        ("FROM", 1, 3),
        ("RUN", 1, 5),
        ("FROM", 2, 6),
    ]


def test_the_places_of_an_instruction():
    text = "FROM a\nrun x \\\n# c\n   yum  \nRUN <<-E cat\n\tx\n\tE\nRUN y\n"
    _, run, heredoc, last = read(text).instructions
    assert run.text == "x    yum"
    assert run.span.text == "run x \\\n# c\n   yum  "
    assert run.place(5, 8).text == "yum"
    assert (heredoc.text, heredoc.span.text) == (
        "<<-E cat",
        "RUN <<-E cat\n\tx\n\tE",
    )
    (body,) = heredoc.heredocs
    assert (body.name, body.text, body.body.text) == ("E", "\tx\n", "\tx\n")
    assert last.span.line == 8


def test_a_directive_knows_its_place():
    text = "# check=skip=all\n# escape=`\n# syntax=a/b:1\nFROM c\n"
    syntax = read(text).references[0]
    assert (str(syntax.span), syntax.span.text) == ("Dockerfile:3:10", "a/b:1")


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
        pytest.param("FROM " + "$TARGETOS" * 200, id="many-parts"),
    ],
)
def test_hostile_variables_end_without_a_value(text):
    (found,) = read(text).references
    assert found.expanded is None
    assert found.unresolved


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"FROM inveniosoftware/x\n", True, id="needle"),
        pytest.param(b"FROM $A\n", True, id="variable"),
        pytest.param(b"  onbuild from ${A}\n", True, id="onbuild"),
        pytest.param(b"FROM \\\n $A\n", True, id="continued-from"),
        pytest.param(b"COPY --from=invenio\\\nsoftware/x a b\n", True, id="joined"),
        pytest.param(b"FROM a\nRUN x && \\\n    y $A\n", False, id="nothing"),
        pytest.param(b"FROM inv'enio'software/x\n", True, id="quotes"),
        pytest.param(b"\xc2\xa0FROM $A\n", True, id="other-blank"),
        pytest.param(b"COPY --from='b' c d\n", False, id="flag"),
        pytest.param(b"FROM a AS b\r\nFROM b\r\n", False, id="crlf"),
        pytest.param(b"", False, id="empty"),
    ],
)
def test_which_files_are_worth_parsing(data, expected):
    assert may_hold(data, [b"inveniosoftware"]) is expected


#: Each could hide the next one, or be hidden.
LINES = st.sampled_from(
    [
        *(
            "FROM a:1",
            "from b AS c",
            "FROM $A AS b",
            "ARG A=${A:-x}$A",
            "ONBUILD FROM f",
        ),
        *(
            "FROM b\\c AS d",
            "FROM inveniosoftware/\\",
            "x:1 AS $TARGETARCH",
            "FROM ${${",
        ),
        *(
            "COPY --from=b . .",
            "COPY\t --from=c / /",
            "ONBUILD COPY --from=g / /",
            "ENV",
        ),
        *(
            "RUN --mount=from=x,target=/ y \\",
            "RUN\v--mount=from=j,target=/j x",
            "run x",
        ),
        *("RUN make \\", "RUN make \\  \r", "RUN make \\\\", "RUN --\\", "RUN\\", "\\"),
        *("RUN a `", "# FROM k \\", "  # x", "\v# \\", "\x85#x", "", " \t\r", "RUN #x"),
        *(
            "RUN cat <<END",
            "RUN <<END cat \\",
            "COPY <<-END /x",
            "END",
            "\tEND",
            "RUN <\\",
        ),
        *("{% if x %}", "WORKDIR /x \\", "  ENV A=b", "RUN -\\", "-from=x a", "<END"),
    ]
)


@given(
    st.lists(LINES | st.text(max_size=20), max_size=12),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", "# escape=`\n"]),
)
@example(["RUN make \\", "  # x", "FROM b\\c AS d"], "\n", "")
def test_what_holds_of_any_text(lines, end, directive):
    source = Source("D", directive + end.join(lines))
    found = read_dockerfile(source)
    for reference in found.references:
        for piece in reference.pieces:
            assert piece.span is None or piece.span.text == piece.text
    at = 0
    for step in found.instructions:
        assert at <= step.span.start < step.span.end <= len(source.text)
        assert [source.text[at] for at in step.offsets] == list(step.text)
        at = step.span.end
    names = [one.expanded or "" for one in found.references]
    if any("inveniosoftware" in name for name in names):
        assert may_hold(source.to_bytes(), [b"inveniosoftware"])


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data):
    source = Source.from_bytes("D", data)
    assert read_dockerfile(source).path == "D"
    may_hold(data, [b"x"])
