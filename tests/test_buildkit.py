# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Our reader against BuildKit's own parser (``dockerfile`` on PyPI), on generated files.

Compared are the instructions with their lines, the heredocs, and the images in the order
of their use. The parser splits and does not expand: what comes behind it has its rows in
``readers/test_dockerfile.py``. It refuses what it does not like as a whole; ours reads on,
and must not raise.

Not generated is what our reader leaves as unresolved: quotes and escapes inside the value
of a flag, and bytes of a flag that BuildKit takes for blanks (85 and A0, also as a part of
a character). Nor what the binding cannot show: a text behind a NUL, bytes that are no UTF-8.
"""

import os
import re

import dockerfile
import pytest
from hypothesis import assume, given, settings

from invenio_cli_registry.model import Source
from invenio_cli_registry.readers.dockerfile import KEYWORDS, read_dockerfile

from .dockerfiles import SOUP, files

#: More with BUILDKIT_CASES=100000 in the environment.
CASES = int(os.environ.get("BUILDKIT_CASES", "500"))

STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")


def read(text):
    return read_dockerfile(Source.from_bytes("D", text.encode()))


def steps_of_ours(found):
    """Return keyword, line and heredocs of each instruction, as BuildKit counts them."""
    return [
        (
            "ONBUILD" if step.onbuild else step.keyword,
            step.span.line,
            # The binding does not show those of an ONBUILD.
            [(one.name, one.text) for one in step.heredocs if not step.onbuild],
        )
        for step in found.instructions
    ]


def first_line_of_theirs(step, text):
    """Return the line of the keyword; BuildKit counts lines that hold nothing before it."""
    lines = text[text.startswith("\ufeff") :].split("\n")
    at = step.start_line
    while re.fullmatch(r"[\s\x85]*([\\`][ \t]*\r*)?|\s*#.*", lines[at - 1]):
        at += 1
    return at


def steps_of_theirs(text):
    """Return the same of BuildKit's; what it parses and Docker does not know, we skip."""
    return [
        (
            step.cmd.upper(),
            first_line_of_theirs(step, text),
            [(heredoc.name, heredoc.content) for heredoc in step.heredocs],
        )
        for step in dockerfile.parse_string(text)
        if is_known(step)
    ]


def is_known(step):
    """Tell what is an instruction; ONBUILD has no flags, although the parser takes some."""
    known = step.sub_cmd if is_onbuild(step) else step.cmd
    flagged = is_onbuild(step) and re.match(r"\s*\S+\s+--", step.original)
    return (known or "").upper() in KEYWORDS and not flagged


def is_onbuild(step):
    return (step.cmd or "").upper() == "ONBUILD"


def images_of_ours(found):
    """Return kind and text of each image; a flag's text is what BuildKit makes of it."""
    return [
        (one.kind, one.text if one.kind == "from" else as_bytes(one.text))
        for one in found.references
        if one.kind != "syntax"
    ]


def as_bytes(flag):
    """Return a flag as BuildKit takes it: each byte is a character."""
    return flag.encode().decode("latin-1")


def images_of_theirs(text):
    """Return the images of BuildKit's instructions, looked up as BuildKit does."""
    steps = [step for step in dockerfile.parse_string(text) if is_known(step)]
    stages = {name for step in steps for name in stage_name(step)}
    earlier, found = set(), []
    for step in steps:
        if step.cmd.upper() == "FROM":
            if step.value[0] not in {"", "scratch", *earlier}:
                found.append(("from", step.value[0]))
            earlier.update(stage_name(step))
        else:
            found.extend(
                pair for pair in flagged(step) if pair[1].lower() not in {"", *stages}
            )
    return found


def stage_name(step):
    """Yield the name that a FROM gives its stage."""
    if step.cmd.upper() == "FROM" and len(step.value) == 3:
        _, word, name = step.value
        if word.lower() == "as" and STAGE_NAME.fullmatch(name.lower()):
            yield name.lower()


def flagged(step):
    """Yield the images of an instruction's flags; behind ONBUILD it is parsed anew."""
    if is_onbuild(step):
        rest = step.original.strip()[len("ONBUILD") :].strip()
        (step,) = dockerfile.parse_string(rest.replace("<<", ""))
    for flag in step.flags:
        name, _, content = flag.partition("=")
        if (step.cmd.upper(), name.lower()) == ("COPY", "--from"):
            if not re.fullmatch("[+-]?[0-9]+", content):
                yield "copy", content
        elif (step.cmd.upper(), name.lower()) == ("RUN", "--mount"):
            fields = [field.partition("=") for field in content.split(",")]
            named = [value for key, _, value in fields if key.lower() == "from"]
            yield from [("mount", name) for name in named[-1:]]


@settings(max_examples=CASES, deadline=None)
@given(files())
def test_the_same_eyes_as_buildkit(text):
    found = read(text)
    try:
        theirs = steps_of_theirs(text)
    except dockerfile.GoParseError:
        # Also the guard: hypothesis fails a test that rejects nearly everything.
        assume(False)
    assert steps_of_ours(found) == theirs
    assert images_of_ours(found) == images_of_theirs(text)


@settings(max_examples=CASES, deadline=None)
@given(SOUP)
def test_the_same_lines_as_buildkit_in_any_mess(text):
    found = read(text)
    try:
        theirs = steps_of_theirs(text)
    except dockerfile.GoParseError:
        assume(False)
    assert steps_of_ours(found) == theirs


CENTOS = "inveniosoftware/centos8-python:3.8"
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
DIGEST = "@sha256:" + "0123456789abcdef" * 4

#: What public Dockerfiles of Invenio instances look like, and what is legal beside.
SHAPES = [
    pytest.param(f"FROM {CENTOS}\n", [("from", CENTOS)], id="plain"),
    pytest.param(
        f"from {CENTOS}", [("from", CENTOS)], id="lower-case, no last line end"
    ),
    pytest.param(
        f"# A base for ours\n\nFROM docker.io/{CENTOS}\nRUN yum install -y é\n",
        [("from", f"docker.io/{CENTOS}")],
        id="with its registry, and text beyond ASCII",
    ),
    pytest.param(
        f"FROM --platform=linux/amd64 {ALMA} AS builder\nCOPY . /opt\n"
        f"FROM --platform=$BUILDPLATFORM {ALMA}\nCOPY --from=builder /opt /opt\n"
        f"FROM --platform=${{P}} {ALMA} as last\n",
        [("from", ALMA)] * 3,
        id="platforms and stages",
    ),
    pytest.param(
        f"ARG TAG=3.8\n# FROM {CENTOS}\nFROM {ALMA}\n#FROM x\n  # FROM y\n",
        [("from", ALMA)],
        id="an ARG that nothing uses, and FROM in comments",
    ),
    pytest.param(
        f"FROM {CENTOS} # was centos7\nRUN x\n",
        [("from", CENTOS)],
        id="a comment that Docker refuses",
    ),
    pytest.param(
        f"{{% if cookiecutter.a %}}\nFROM {CENTOS}\n{{% else %}}\nFROM {ALMA}\n"
        "{% endif %}\n{% include 'x' %}\nCOPY {{ site }} ./\n",
        [("from", CENTOS), ("from", ALMA)],
        id="a template",
    ),
    pytest.param(
        f"FROM {ALMA}\nRUN <<EOF python3\nfrom pathlib import Path\nEOF\nRUN x\n",
        [("from", ALMA)],
        id="Python in a heredoc",
    ),
    pytest.param(
        f"FROM {CENTOS}\nRUN yum -y install \\\n    # git\n\n    gcc && \\\n  \n"
        "    from x && \\\n    yum clean all\nFROM x\n",
        [("from", CENTOS), ("from", "x")],
        id="comments and blank lines in a command",
    ),
    pytest.param(
        "ARG REPO=inveniosoftware/centos8-python\nARG V=3.8\nFROM ${REPO}:$V\n"
        "FROM ${OTHER:-a/b}:1\n",
        [("from", "${REPO}:$V"), ("from", "${OTHER:-a/b}:1")],
        id="names of ARGs",
    ),
    pytest.param(
        f"FROM {CENTOS}{DIGEST}\nFROM x{DIGEST} AS y\n",
        [("from", CENTOS + DIGEST), ("from", "x" + DIGEST)],
        id="digests",
    ),
    pytest.param(
        f"FROM {ALMA}\nCOPY --chown=a:b --from={CENTOS} /a /b\n"
        f"RUN --mount=type=cache,target=/c --mount=from={ALMA},target=/x ls\n"
        f"ONBUILD COPY --from={ALMA} /a /b\nCOPY --from=0 /a /b\n",
        [("from", ALMA), ("copy", CENTOS), ("mount", ALMA), ("copy", ALMA)],
        id="images that are copied from",
    ),
    pytest.param(
        f"FROM \\\n  {CENTOS} \\\n  AS base\nFROM base\n",
        [("from", CENTOS)],
        id="a FROM over three lines",
    ),
    pytest.param(
        f"# escape=`\nFROM {CENTOS} `\n AS x\nCOPY a C:\\\nFROM x\n",
        [("from", CENTOS)],
        id="another escape character",
    ),
    pytest.param(
        "FROM invenio-base:latest\nRUN git reset inveniosoftware/maint-1\n"
        "RUN sed -i 's/FROM inveniosoftware/x/' y\n",
        [("from", "invenio-base:latest")],
        id="a local base, and names that are no images",
    ),
]


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(("text", "images"), SHAPES)
def test_the_shapes_of_real_files(text, images, end, mark):
    text = mark + text.replace("\n", end)
    found = read(text)
    assert images_of_ours(found) == images
    assert images_of_theirs(text) == images
    assert steps_of_ours(found) == steps_of_theirs(text)


#: BuildKit's parser refuses each as a whole.
REFUSED = [
    pytest.param("", [], id="nothing"),
    pytest.param("# a comment\n", [], id="only comments"),
    pytest.param("FROM a\nRUN <<E\nx\n", [("from", "a")], id="no end of a heredoc"),
    pytest.param("# escape=x\nFROM a\n", [("from", "a")], id="an escape that is none"),
    pytest.param(
        "# escape=`\n# escape=`\nFROM a `\n AS b\n", [("from", "a")], id="two of them"
    ),
    pytest.param("ENV a\nFROM a\n", [("from", "a")], id="ENV without a value"),
]


@pytest.mark.parametrize(("text", "images"), REFUSED)
def test_what_buildkit_refuses_is_read_as_far_as_it_goes(text, images):
    with pytest.raises(dockerfile.GoParseError):
        dockerfile.parse_string(text)
    assert images_of_ours(read(text)) == images


def test_buildkit_is_read_as_it_answers():
    text = "FROM a AS s\nRUN <<E\nFROM x\nE\nCOPY --from=b /a /b\n"
    assert steps_of_theirs(text) == [
        ("FROM", 1, []),
        ("RUN", 2, [("E", "FROM x\n")]),
        ("COPY", 5, []),
    ]
    assert images_of_theirs(text) == [("from", "a"), ("copy", "b")]
