# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Our image references against an established parser of the distribution grammar.

``docker-image-py`` takes ``ParseNormalizedNamed`` of ``distribution/reference`` over into
Python. Compared are what is accepted, and the parts. Where the two differ, the grammar
decides; each difference stands below with its reason.
"""

import os

import pytest
from docker_image.digest import InvalidDigest
from docker_image.reference import InvalidReference as Refused
from docker_image.reference import Reference
from hypothesis import event, given, settings
from hypothesis import strategies as st

from invenio_cli_registry.reference import (
    DOCKER_HUB,
    HUB_ALIASES,
    InvalidReference,
    parse,
)

#: More with REFERENCE_CASES=100000 in the environment.
CASES = int(os.environ.get("REFERENCE_CASES", "2000"))

HEX = "0123456789abcdef"
HOSTS = [
    "x.org",
    "X",
    "localhost",
    "[::1]",
    "[fe80::1]",
    "1.2.3.4",
    "a-b.c",
    "docker.io",
]
HUBS = sorted(HUB_ALIASES)
PORTS = [":5000", ":", ":0", ":x"]
WORDS = [
    "a",
    "b9",
    "library",
    "redis",
    "a.b",
    "a_b",
    "a__b",
    "a---b",
    "A",
    "é",
    "0" * 63,
]
SIGNS = [
    "/",
    "//",
    ":",
    "@",
    ".",
    "_",
    "__",
    "___",
    "-",
    "[",
    "]",
    " ",
    "\n",
    "\0",
    "%",
]
TAGS = [":1", ":V1.2_x-y", ":.x", ":-x", ":_x", ":" + "t" * 128, ":" + "t" * 129, ":٣"]
DIGESTS = [
    *("@sha256:" + HEX * 4, "@sha384:" + HEX * 6, "@sha512:" + HEX * 8),
    *("@sha256:" + HEX * 3, "@SHA256:" + HEX * 4, "@sha256:" + HEX.upper() * 4),
    *("@md5:" + HEX * 2, "@a+b.c:" + HEX * 4, "@sha256", "@"),
]
LONG = ["a" * 127, "a" * 128, HEX * 4, HEX * 4 + "0"]

#: Anything of these in a row, and what is near to a name.
SOUP = st.lists(
    st.one_of(
        map(
            st.sampled_from,
            [HOSTS, HUBS, PORTS, WORDS, SIGNS, TAGS, DIGESTS, LONG],
        )
    )
    | st.text(max_size=2),
    max_size=8,
).map("".join)


GOOD_WORDS = st.sampled_from(["a", "b9", "library", "redis", "a.b__c--d"])


@st.composite
def names(draw):
    """What is a name, but for one part of it at times."""
    words = GOOD_WORDS | GOOD_WORDS | GOOD_WORDS | st.sampled_from([*WORDS, *LONG])
    host = draw(st.sampled_from(["", *HOSTS, *HUBS]))
    port = draw(st.sampled_from(["", "", ":5000", *PORTS])) if host else ""
    path = "/".join(draw(st.lists(words, min_size=1, max_size=3)))
    tag = draw(st.sampled_from(["", "", ":1", ":7-x", *TAGS]))
    digest = draw(st.sampled_from(["", "", "", *DIGESTS[:3], *DIGESTS]))
    return f"{host}{port}/{path}{tag}{digest}" if host else f"{path}{tag}{digest}"


def ours(text):
    """Return registry, repository, tag and digest; None when it is refused."""
    try:
        return tuple(parse(text))
    except InvalidReference:
        return None


def theirs(text):
    try:
        found = Reference.parse_normalized_named(text)
    except (Refused, InvalidDigest):
        return None
    return (found.domain(), found.path(), found["tag"], found["digest"])


def by_the_grammar(text):
    """Return the same as ``theirs``, but for the differences that are told below."""
    if text.endswith("\n"):
        return None
    host, slash, path = text.partition("/")
    return theirs(DOCKER_HUB + slash + path if slash and host in HUB_ALIASES else text)


@settings(max_examples=CASES, deadline=None)
@given(names() | SOUP)
def test_the_same_names_and_parts(text):
    found = ours(text)
    event("a name" if found else "none")
    assert found == by_the_grammar(text)


def test_a_line_feed_at_the_end_is_no_part_of_a_name():
    """``$`` is the end of the text to Go; to Python also what is before a line feed."""
    assert theirs("redis:7\n") == ("docker.io", "library/redis", "7", None)
    assert ours("redis:7\n") is None


@pytest.mark.parametrize("host", HUBS)
def test_a_spelling_of_docker_hub_is_docker_hub(host):
    """The grammar knows one alias; the others answer with the same images."""
    hub = (DOCKER_HUB, "library/redis", "7", None)
    known = host == "index.docker.io"
    assert theirs(f"{host}/redis:7") == (hub if known else (host, "redis", "7", None))
    assert ours(f"{host}/redis:7") == hub
