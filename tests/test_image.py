# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Image references by the distribution project's grammar, and registries that stand in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.image import (
    Image,
    InvalidMirror,
    InvalidReference,
    Mirror,
    apply_mirrors,
    named_image,
    parse,
)

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
        pytest.param("B" * 80, f"'{'B' * 80}' is no", id="quoted in whole"),
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


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        pytest.param(("a/", "b:1"), "a/b:1", id="all known"),
        pytest.param(("a/b:", None), "a/b", id="unknown tag"),
        pytest.param(("x.org:5000/a:", None), "x.org:5000/a", id="a port, unknown tag"),
        pytest.param((None, "/b:1"), None, id="unknown registry"),
        pytest.param(("a/", None, ":1"), None, id="unknown repository"),
        pytest.param(("A/B:", None), None, id="no name before an unknown tag"),
        pytest.param(("a/b", ":"), "a/b", id="an empty tag"),
    ],
)
def test_an_image_whose_parts_are_known(parts, name):
    assert named_image(parts) == (name and parse(name))


HUB = Mirror.parse("docker.io=harbor.example.org/hub")
CERN = Mirror.parse("registry.cern.ch=harbor.example.org/cern")
OURS = Mirror.parse("docker.io/inveniosoftware=registry.example.org:5000/invenio")
ALL = (HUB, CERN, OURS)


@pytest.mark.parametrize(
    ("text", "upstream", "target"),
    [
        pytest.param("docker.io=h.org/hub", "docker.io", "h.org/hub", id="registry"),
        pytest.param(
            "docker.io/inveniosoftware=h.org:5000/a/b",
            "docker.io/inveniosoftware",
            "h.org:5000/a/b",
            id="path, port, deep target",
        ),
        pytest.param(" docker.io = h.org/hub/ ", "docker.io", "h.org/hub", id="blanks"),
        pytest.param("ghcr.io=localhost/x", "ghcr.io", "localhost/x", id="localhost"),
        pytest.param("index.docker.io=h.org/x", "docker.io", "h.org/x", id="hub alias"),
        pytest.param(
            "ghcr.io=docker.io/us", "ghcr.io", "docker.io/us", id="to the hub"
        ),
        pytest.param("ghcr.io=[::1]:5000/x", "ghcr.io", "[::1]:5000/x", id="IPv6"),
    ],
)
def test_a_mirror_is_read(text, upstream, target):
    mirror = Mirror.parse(text)
    assert mirror == (upstream, target)
    assert Mirror.parse(str(mirror)) == mirror


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("docker.io", "has no '='", id="one side only"),
        pytest.param("", "has no '='", id="nothing"),
        pytest.param("docker.io=", "'' is no registry", id="no target"),
        pytest.param("=h.org/x", "'' is no registry", id="no upstream"),
        pytest.param("docker.io=harbor/hub", "no registry host", id="no host"),
        pytest.param("inveniosoftware=h.org/x", "no registry host", id="path only"),
        pytest.param("docker.io=h.org", "has no path", id="no path"),
        pytest.param("docker.io=https://h.org/x", "is no registry", id="a URL"),
        pytest.param("docker.io=h.org/Hub", "is no registry", id="capitals"),
        pytest.param("docker.io=h.org:x/hub", "is no registry", id="bad port"),
        pytest.param("docker.io=h.org/x:1", "is no registry", id="a tag"),
        pytest.param("docker.io=h.org/a=b", "is no registry", id="two equals signs"),
        pytest.param("docker.io=h.org/../x", "is no registry", id="dots"),
        pytest.param("docker.io=h.org/x@sha256:0", "is no registry", id="a digest"),
        pytest.param("h.org/x=h.org/x", "leads to itself", id="to itself"),
        pytest.param("a.org=b.org/x=c.org/y", "is no registry", id="two targets"),
    ],
)
def test_what_is_no_mirror_is_named_with_the_form(text, says):
    with pytest.raises(InvalidMirror, match="write UPSTREAM=HOST") as error:
        Mirror.parse(text)
    assert says in str(error.value)


@pytest.mark.parametrize("name", ["YOUR.REGISTRY", "your.registry"])
def test_a_placeholder_is_refused_by_its_name(name):
    with pytest.raises(
        InvalidMirror, match=r"^YOUR\.REGISTRY is a placeholder: write the"
    ):
        Mirror.parse(f"docker.io={name}/invenio")


@pytest.mark.parametrize(
    ("image", "served"),
    [
        pytest.param(
            "redis:7", "harbor.example.org/hub/library/redis:7", id="official image"
        ),
        pytest.param("a/b", "harbor.example.org/hub/a/b", id="no tag"),
        pytest.param(
            "index.docker.io/a/b:1", "harbor.example.org/hub/a/b:1", id="hub alias"
        ),
        pytest.param(
            "a/b:1@sha256:" + "0" * 64,
            "harbor.example.org/hub/a/b:1@sha256:" + "0" * 64,
            id="digest",
        ),
        pytest.param(
            "inveniosoftware/centos7-python:3.9",
            "registry.example.org:5000/invenio/centos7-python:3.9",
            id="the longest upstream wins",
        ),
        pytest.param(
            "inveniosoftware2/x:1",
            "harbor.example.org/hub/inveniosoftware2/x:1",
            id="a longer name is another path",
        ),
        pytest.param(
            "registry.cern.ch/inveniosoftware/almalinux:1",
            "harbor.example.org/cern/inveniosoftware/almalinux:1",
            id="another registry",
        ),
    ],
)
def test_an_image_is_taken_to_its_mirror_and_back(image, served):
    found = apply_mirrors(parse(image), ALL)
    assert found == parse(served)
    assert apply_mirrors(found, ALL) is None
    assert [m.restore(found) for m in ALL if m.restore(found)] == [parse(image)]


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(
            "ghcr.io/inveniosoftware/invenio:14-debian", id="no mirror for it"
        ),
        pytest.param("harbor.example.org/hub/library/redis:7", id="there already"),
        pytest.param("harbor.example.org/other/x:1", id="same host, other path"),
        pytest.param("registry.cern.ch.example.org/x:1", id="a longer host"),
        pytest.param("localhost:5000/docker.io/x:1", id="upstream as a path"),
    ],
)
def test_an_image_stays(image):
    assert apply_mirrors(parse(image), ALL) is None


def test_a_mirror_below_its_own_upstream_is_applied_once():
    mirror = Mirror.parse("registry.cern.ch=registry.cern.ch/cache")
    once = mirror.apply(parse("registry.cern.ch/a/b:1"))
    assert once == parse("registry.cern.ch/cache/a/b:1")
    assert mirror.apply(once) is None


def test_two_mirrors_do_not_hand_an_image_round():
    there, back = Mirror.parse("a.org=b.org/x"), Mirror.parse("b.org=a.org/y")
    once = apply_mirrors(parse("a.org/i:1"), (there, back))
    assert once == parse("b.org/x/i:1")
    assert apply_mirrors(once, (there, back)) is None


def test_an_official_image_is_restored_without_its_library():
    assert HUB.restore(parse("harbor.example.org/hub/redis:7")) == parse("redis:7")


def test_one_image_can_have_a_mirror_of_its_own():
    mirror = Mirror.parse("registry.cern.ch/a/b=harbor.example.org/x/b")
    served = mirror.apply(parse("registry.cern.ch/a/b:1"))
    assert served == parse("harbor.example.org/x/b:1")
    assert mirror.restore(served) == parse("registry.cern.ch/a/b:1")


@pytest.mark.parametrize("mirror", [HUB, OURS, CERN], ids=str)
def test_the_target_itself_is_no_image_of_a_registry(mirror):
    assert mirror.restore(parse(f"{mirror.target}:1")) is None


def test_without_mirrors_nothing_is_taken():
    assert apply_mirrors(parse("redis:7"), ()) is None
