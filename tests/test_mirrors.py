# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Registries that stand in for others."""

import pytest

from invenio_cli_registry.mirrors import (
    InvalidMirror,
    Mirror,
    apply_mirrors,
)
from invenio_cli_registry.reference import parse

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
    ],
)
def test_what_is_no_mirror_is_named_with_the_form(text, says):
    with pytest.raises(InvalidMirror, match="write UPSTREAM=HOST") as error:
        Mirror.parse(text)
    assert says in str(error.value)


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
