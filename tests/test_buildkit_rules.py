# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What BuildKit does behind its parser, a row a rule: a Dockerfile, and the images of it.

The oracle of ``test_buildkit.py`` parses and does no more. Each row has the name of
BuildKit's own rule: a function or a name of ``frontend/dockerfile``, and what of it.
"""

import pytest

from invenio_cli_registry.readers.dockerfile import read_dockerfile
from invenio_cli_registry.readers.source import Source

#: In ``shell/lex.go``, which expands.
EXPANSION = {
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
    "processDollar: / the first match": ("ARG V=1.1\nFROM a:${V/1/2}", ["a:2.1"]),
    "processDollar: // every match": ("ARG V=1.1\nFROM a:${V//1/2}", ["a:2.2"]),
    "processName: letters, digits, _": ("ARG _1b=x\nFROM a:$_1b", ["a:x"]),
    "processName: digits alone": ("ARG 1=x\nFROM a:$1", ["a:x"]),
    "isSpecialParam": ("FROM a:$?", ["?"]),
    "getEnv: case counts": ("ARG v=1\nFROM a:$V", ["?"]),
    "trimPrefix: # the shortest": ("ARG V=x-y-z\nFROM a:${V#*-}", ["a:y-z"]),
    "trimPrefix: ## the longest": ("ARG V=x-y-z\nFROM a:${V##*-}", ["a:z"]),
    "trimSuffix: % the shortest": ("ARG V=x-y-z\nFROM a:${V%-*}", ["a:x-y"]),
    "trimSuffix: %% the longest": ("ARG V=x-y-z\nFROM a:${V%%-*}", ["a:x"]),
    "convertShellPatternToRegex: ?": ("ARG V=3.9\nFROM a:${V%.?}", ["a:3"]),
    "convertShellPatternToRegex: no class": ("ARG V=3\nFROM a:${V#[3]}", ["a:3"]),
    "convertShellPatternToRegex: escape": ("ARG V=3\nFROM a:${V#\\x}", ["?"]),
    "processSingleQuote": ("ARG V=1\nFROM 'a$V'", ["a$V"]),
    "processSingleQuote: not closed": ("FROM 'a", ["?"]),
    "processDoubleQuote": ('ARG V=1\nFROM "a:$V"', ["a:1"]),
    "processDoubleQuote: escapes": ('FROM "a\\$V"', ["a$V"]),
    "processDoubleQuote: not closed": ('FROM "a', ["?"]),
    "processStopOn: an escape": ("FROM a\\$V", ["a$V"]),
    "processStopOn: an escape at the end": ("FROM a\\", ["a"]),
    "NewLex: the escape of the file": ("# escape=`\nFROM a`$V", ["a$V"]),
}

#: In ``dockerfile2llb/convert.go``: which values there are, and what is a stage.
CONVERSION = {
    "buildMetaArgs: in their order": ("ARG V=1 W=$V.2\nFROM a:$W", ["a:1.2"]),
    "buildMetaArgs: the last counts": ("ARG V=1\nARG V=2\nFROM a:$V", ["a:2"]),
    "buildMetaArgs: no value keeps it": ("ARG V=1\nARG V\nFROM a:$V", ["a:1"]),
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
    "addState: not its own name": ("FROM node AS node", ["node"]),
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
}

#: In ``instructions/parse.go`` and ``parser/directives.go``.
PARSING = {
    "parseFrom: AS in any case": ("FROM a aS s\nFROM s", ["a"]),
    "parseBuildStageName: no such name": ("FROM a AS 1s\nFROM 1s", ["a", "1s"]),
    "parseBuildStageName: other signs": ("FROM a AS s-_.1\nFROM s-_.1", ["a"]),
    "DetectSyntax": ("# syntax=a/b:1\nFROM c", ["a/b:1", "c"]),
    "DetectSyntax: up to a blank": ("# syntax=a/b:1 x\nFROM c", ["a/b:1", "c"]),
    "ParseDirective: only at the top": ("FROM c\n# syntax=a/b:1", ["c"]),
}


def images(text):
    """Return the name of each image; ``?`` is one that nobody knows, or that is refused."""
    found = read_dockerfile(Source("Dockerfile", text)).references
    return ["?" if one.expanded is None else one.expanded for one in found]


@pytest.mark.parametrize("rule", [*EXPANSION, *CONVERSION, *PARSING])
def test_a_rule_of_buildkit(rule):
    text, expected = {**EXPANSION, **CONVERSION, **PARSING}[rule]
    assert images(text) == expected
    assert images(text.replace("\n", "\r\n") + "\r\n") == expected
