# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Image references by the distribution project's grammar, and files as text."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.readers.source import Source, Span
from invenio_cli_registry.reference import Image, InvalidReference, parse

DIGEST = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("text", "canonical", "familiar"),
    [
        pytest.param("redis", "docker.io/library/redis:latest", "redis", id="official"),
        pytest.param("redis:7", "docker.io/library/redis:7", "redis:7", id="tag"),
        pytest.param("a/b", "docker.io/a/b:latest", "a/b", id="hub"),
        pytest.param("a/b/c:1", "docker.io/a/b/c:1", "a/b/c:1", id="hub-deep"),
        pytest.param("docker.io/a/b:1", "docker.io/a/b:1", "a/b:1", id="hub-host"),
        pytest.param(
            "docker.io/redis",
            "docker.io/library/redis:latest",
            "redis",
            id="hub-official",
        ),
        pytest.param("index.docker.io/a/b:1", "docker.io/a/b:1", "a/b:1", id="index"),
        pytest.param(
            "registry-1.docker.io/a/b:1", "docker.io/a/b:1", "a/b:1", id="registry-1"
        ),
        pytest.param(
            "registry.hub.docker.com/a/b:1",
            "docker.io/a/b:1",
            "a/b:1",
            id="registry-hub",
        ),
        pytest.param("x.org/a", "x.org/a:latest", "x.org/a", id="host"),
        pytest.param(
            "x.org:5000/a/b:1", "x.org:5000/a/b:1", "x.org:5000/a/b:1", id="port"
        ),
        pytest.param("localhost/a:1", "localhost/a:1", "localhost/a:1", id="localhost"),
        pytest.param("[::1]:5000/a:1", "[::1]:5000/a:1", "[::1]:5000/a:1", id="ipv6"),
        pytest.param("Host/a:1", "Host/a:1", "Host/a:1", id="capital-host"),
        pytest.param(
            f"a/b@{DIGEST}", f"docker.io/a/b@{DIGEST}", f"a/b@{DIGEST}", id="digest"
        ),
        pytest.param(
            f"a/b:1@{DIGEST}", f"docker.io/a/b:1@{DIGEST}", f"a/b:1@{DIGEST}", id="both"
        ),
        pytest.param(
            "a__b/c-d.e:v1_2",
            "docker.io/a__b/c-d.e:v1_2",
            "a__b/c-d.e:v1_2",
            id="marks",
        ),
    ],
)
def test_a_reference(text, canonical, familiar):
    image = parse(text)
    assert (str(image), image.familiar) == (canonical, familiar)
    assert parse(familiar) == image


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "'' is no repository name", id="empty"),
        pytest.param("a/", "'a/' is no repository name", id="no-name"),
        pytest.param("a//b", "'a//b' is no repository name", id="two-slashes"),
        pytest.param("a/B", "'a/B' is no repository name", id="capitals"),
        pytest.param("a:", "'' is no tag", id="no-tag"),
        pytest.param("a:.x", "'.x' is no tag", id="tag-begins-with-dot"),
        pytest.param("a:" + "x" * 129, "is no tag", id="long-tag"),
        pytest.param("a@x", "'x' is no digest", id="digest"),
        pytest.param("a@sha256:12", "is no digest", id="short-digest"),
        pytest.param("a@sha256:" + "A" * 64, "is no digest", id="digest-in-capitals"),
        pytest.param("a@md5:" + "0" * 32, "is no digest", id="digest-algorithm"),
        pytest.param("0a" * 32, "64 hexadecimal digits", id="an-image-number"),
        pytest.param("B" * 1000, "BB...' is no repository name", id="quoted-in-part"),
        pytest.param("-x.org/a", "'-x.org' is no registry host", id="host"),
        pytest.param("x.org:port/a", "is no registry host", id="port"),
        pytest.param("a/" + "b" * 300, "longer than 255", id="long"),
        pytest.param("a b", "'a b' is no repository name", id="blank"),
        pytest.param("a\x1b[1m", "is no repository name", id="escape"),
    ],
)
def test_no_reference_and_why(text, said):
    with pytest.raises(InvalidReference, match=r"is no|longer|no name") as error:
        parse(text)
    assert said in str(error.value)


def test_the_longest_name():
    assert parse("x.org/" + "b" * 255).repository == "b" * 255
    with pytest.raises(InvalidReference, match="longer than 255"):
        parse("x.org/" + "b" * 256)
    # Docker Hub's own images are in library/.
    assert parse("b" * 247).repository == "library/" + "b" * 247
    with pytest.raises(InvalidReference, match="longer than 255"):
        parse("b" * 248)


def test_the_name_of_an_image():
    assert Image("x.org", "a/b", "1").name == "x.org/a/b"


@given(st.text(alphabet="aA0.:/@-_[]", max_size=40))
def test_what_is_parsed_reads_the_same_in_its_canonical_form(text):
    try:
        image = parse(text)
    except InvalidReference:
        return
    again = parse(str(image))
    assert again._replace(tag=image.tag) == image


MARKED = [
    pytest.param(b"a\xc3\xa9\n", "a\xe9\n", id="utf-8"),
    pytest.param(b"\xef\xbb\xbfab", "ab", id="utf-8-mark"),
    pytest.param(b"\xff\xfea\0b\0", "ab", id="utf-16-le"),
    pytest.param(b"\xfe\xff\0a\0b", "ab", id="utf-16-be"),
    pytest.param(b"\xff\xfe\0\0a\0\0\0", "a", id="utf-32"),
    pytest.param(b"\xffx", "\udcffx", id="no-utf-8"),
    pytest.param(b"\xef\xbb\xbf\xff", "\udcff", id="mark-and-no-utf-8"),
    pytest.param(b"\xff\xfea", "\udcff\udcfea", id="half-a-character"),
    pytest.param(b"", "", id="empty"),
]


@pytest.mark.parametrize(("data", "text"), MARKED)
def test_bytes_come_back_as_they_were(data, text):
    source = Source.from_bytes("D", data)
    assert source.text == text
    assert source.to_bytes() == data


@pytest.mark.parametrize("size", [0, 1, 100, 5000])
def test_random_bytes_come_back(size):
    data = os.urandom(size)
    assert Source.from_bytes("D", data).to_bytes() == data


def test_a_changed_text_is_encoded_as_the_file_was():
    source = Source.from_bytes("D", b"\xff\xfea\0")
    assert source.changed("b").to_bytes() == b"\xff\xfeb\0"
    assert source.to_bytes("c") == b"\xff\xfec\0"


def test_lines_and_columns_count_code_points_and_line_feeds_only():
    source = Source("D", "\xe9\u2028\r\n\U0001f600x\x0by\n")
    assert [source.position(at) for at in (0, 3, 4, 5, 9)] == [
        (1, 1),
        (1, 4),
        (2, 1),
        (2, 2),
        (3, 1),
    ]
    assert source.offset(2, 2) == 5
    assert source.cut(Span("D", 4, 6)) == "\U0001f600x"
