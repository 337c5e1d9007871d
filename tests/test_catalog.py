# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The lookups of the catalogue: releases, paths, images, evidence, ends."""

import datetime

import pytest

from invenio_cli_registry.catalog import load, segments
from invenio_cli_registry.reference import parse


@pytest.fixture(name="catalog", scope="module")
def _catalog():
    return load()


def test_it_is_loaded_once():
    assert load() is load()


def test_another_text_is_another_catalogue():
    text = (
        "date = 2020-01-01\nreleases = []\nimages = []\nsystems = []\nregistries = []\n"
    )
    other = load(text)
    assert other.date == datetime.date(2020, 1, 1)
    assert other.rules == ()
    assert other.release("RDM", "9.1") is None


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        pytest.param("9", (9, 0, 0), id="major"),
        pytest.param("9.1", (9, 1, 0), id="minor"),
        pytest.param("9.1.7", (9, 1, 7), id="patch"),
        pytest.param("v9.1.7", (9, 1, 7), id="v"),
        pytest.param(" 9.1", (9, 1, 0), id="blank"),
        pytest.param("14.0.0b11.dev1", (14, 0, 0), id="pre-release"),
        pytest.param("9.1.7.1", (9, 1, 7, 1), id="four"),
        pytest.param("", None, id="empty"),
        pytest.param("main", None, id="branch"),
        pytest.param("~=9.1", None, id="specifier"),
    ],
)
def test_segments(version, expected):
    assert segments(version) == expected


@pytest.mark.parametrize(
    ("flavour", "version", "name"),
    [
        pytest.param("RDM", "9.1.7", "9.1", id="patch"),
        pytest.param("RDM", "9.0.6", "9.0", id="patch-of-the-first-minor"),
        pytest.param("RDM", "9.1", "9.1", id="minor"),
        pytest.param("RDM", "9", "9.0", id="major-alone"),
        pytest.param("RDM", "9.7", "9.1", id="minor-that-is-not-listed"),
        pytest.param("RDM", "12.1.0", "12.0", id="package-of-no-release"),
        pytest.param("RDM", "14.0.0b11.dev1", "14.0", id="development-release"),
        pytest.param("RDM", "13.0.0rc6", "13.0", id="release-candidate"),
        pytest.param("RDM", "v13.1.2", "13.1", id="v"),
        pytest.param("RDM", "10.10.0", "10.1", id="numbers-not-text"),
        pytest.param("ILS", "4.5.0", "4.5", id="ils"),
        pytest.param("ILS", "4.4.0", "4.0", id="ils-between"),
        pytest.param("ILS", "1.0.0rc1", "1.0.0rc1", id="ils-release-candidate"),
        pytest.param("ILS", "1.0.0rc5", "1.0.0rc1", id="ils-later-candidate"),
        pytest.param("ILS", "9.2.1", "9", id="ils-newest"),
    ],
)
def test_release(catalog, flavour, version, name):
    found = catalog.release(flavour, version)
    assert (found.flavour, found.name) == (flavour, name)


@pytest.mark.parametrize(
    ("flavour", "version"),
    [
        pytest.param("RDM", "15.0.0b6.dev0", id="not-released"),
        pytest.param("RDM", "0.9", id="before-the-first"),
        pytest.param("RDM", "main", id="no-version"),
        pytest.param("RDM", "", id="empty"),
        pytest.param("ILS", "10.0", id="ils-unknown"),
        pytest.param("CDS", "9.1", id="another-flavour"),
    ],
)
def test_unknown_release(catalog, flavour, version):
    assert catalog.release(flavour, version) is None


@pytest.mark.parametrize(
    ("version", "label"),
    [
        ("1.0", "1"),
        ("9.0", "9.0"),
        ("9.1", "9.1"),
        ("11.0", "11"),
        ("12.0", "12"),
        ("13.1", "13.1"),
        ("14.0", "14"),
    ],
)
def test_label(catalog, version, label):
    assert catalog.release("RDM", version).label == label


RDM_END = ["9.1", "10.1", "11", "12", "13.1", "14"]


@pytest.mark.parametrize(
    ("flavour", "version", "path"),
    [
        pytest.param("RDM", "9.0", RDM_END, id="last-minor-first"),
        pytest.param("RDM", "9.1", RDM_END[1:], id="from-the-last-minor"),
        pytest.param("RDM", "10.0", RDM_END[1:], id="10.0"),
        pytest.param("RDM", "10.1", RDM_END[2:], id="10.1"),
        pytest.param("RDM", "12.0", ["13.1", "14"], id="12"),
        pytest.param("RDM", "13.0", ["13.1", "14"], id="13.0-goes-to-13.1-first"),
        pytest.param("RDM", "13.1", ["14"], id="13.1"),
        pytest.param("RDM", "14.0", [], id="the-newest"),
        pytest.param(
            "RDM", "1.0", ["2", "3", "4", "6", "7", "8", *RDM_END], id="from-1-past-5"
        ),
        pytest.param("RDM", "4.0", ["6", "7", "8", *RDM_END], id="4-goes-to-6"),
        pytest.param("RDM", "5.0", ["6", "7", "8", *RDM_END], id="5-goes-to-6"),
        pytest.param("ILS", "4.5", ["5", "6", "7.3", "8", "9"], id="ils"),
        pytest.param("ILS", "7.0", ["7.3", "8", "9"], id="ils-last-minor-first"),
        pytest.param("ILS", "9", [], id="ils-newest"),
    ],
)
def test_path(catalog, flavour, version, path):
    steps = catalog.path(catalog.release(flavour, version))
    assert [step.label for step in steps] == path


def test_newest(catalog):
    assert catalog.newest("RDM").label == "14"
    assert catalog.newest("ILS").label == "9"


@pytest.mark.parametrize(
    ("version", "last"),
    [
        pytest.param("13.0", "13.1", id="13.0-has-an-end-of-its-own"),
        pytest.param("13.1", "13.1", id="13.1"),
        pytest.param("12.0", "12.0", id="12"),
        pytest.param("14.0", "14.0", id="14-has-no-date"),
    ],
)
def test_a_major_ends_with_its_last_minor(catalog, version, last):
    release = catalog.release("RDM", version)
    end = catalog.release("RDM", last).maintained_until
    assert catalog.major_end(release) == end
    assert (release.maintained_until == end) is (version == last)


def test_14_says_when_it_will_end(catalog):
    assert catalog.release("RDM", "14.0").maintained_note


def test_no_release_of_ils_has_an_end(catalog):
    assert not any(
        row.maintained_until for row in catalog.releases if row.flavour == "ILS"
    )


@pytest.mark.parametrize(
    ("version", "node", "builds_to"),
    [
        pytest.param(
            "8.0", (14, None), 14, id="8-asks-for-14-or-later-and-builds-to-14"
        ),
        pytest.param("9.1", (14, 14), 14, id="9.1"),
        pytest.param("10.0", (14, None), None, id="10-is-clear-of-node-sass"),
        pytest.param("11.0", (14, 16), None, id="11"),
        pytest.param("14.0", (24, None), None, id="14"),
    ],
)
def test_node(catalog, version, node, builds_to):
    release = catalog.release("RDM", version)
    assert (release.node, release.node_builds_to) == (node, builds_to)


def test_unknown_facts_are_unknown(catalog):
    release = catalog.release("ILS", "9")
    assert release.pythons == ()
    assert release.node == (None, None)
    assert release.date is release.upgrade_page is release.postgresql is None


@pytest.mark.parametrize(
    ("image", "hub"),
    [
        pytest.param(
            "inveniosoftware/x:1", "docker.io/inveniosoftware/x:1", id="short"
        ),
        pytest.param(
            "index.docker.io/inveniosoftware/x:1",
            "docker.io/inveniosoftware/x:1",
            id="alias",
        ),
        pytest.param(
            "registry.cern.ch/docker.io/inveniosoftware/x:1",
            "docker.io/inveniosoftware/x:1",
            id="cache",
        ),
        pytest.param(
            "registry.cern.ch/docker.io/library/nginx",
            "docker.io/library/nginx:latest",
            id="official-through-the-cache",
        ),
        pytest.param(
            "registry.cern.ch/docker.io/nginx:1",
            "docker.io/library/nginx:1",
            id="official-without-library",
        ),
        pytest.param("registry.cern.ch/inveniosoftware/x:1", "None", id="cern"),
        pytest.param("registry.cern.ch/docker.iox/x:1", "None", id="no-cache"),
        pytest.param(
            "harbor.example.org/docker.io/x:1", "None", id="somebody-elses-cache"
        ),
        pytest.param("ghcr.io/inveniosoftware/invenio:14-debian", "None", id="ghcr"),
    ],
)
def test_hub_name(catalog, image, hub):
    assert str(catalog.hub_name(parse(image))) == hub


def test_the_digest_goes_through_the_cache(catalog):
    digest = "sha256:" + "0" * 64
    found = catalog.hub_name(parse(f"registry.cern.ch/docker.io/x/y:1@{digest}"))
    assert found == parse(f"x/y:1@{digest}")


@pytest.mark.parametrize(
    ("image", "system", "python", "known"),
    [
        pytest.param(
            "inveniosoftware/centos8-python:3.8", "centos8", "3.8", True, id="hub"
        ),
        pytest.param(
            "inveniosoftware/centos7-python:3.9",
            "centos7",
            "3.9",
            True,
            id="hub-centos7",
        ),
        pytest.param(
            "registry.cern.ch/inveniosoftware/centos7-python:3.6",
            "centos7",
            "3.6",
            True,
            id="cern",
        ),
        pytest.param(
            "registry.cern.ch/docker.io/inveniosoftware/centos7-python:3.6",
            "centos7",
            "3.6",
            True,
            id="through-the-cache",
        ),
        pytest.param(
            "registry.cern.ch/inveniosoftware/almalinux:1",
            "almalinux9",
            "3.9",
            True,
            id="almalinux",
        ),
        pytest.param(
            "registry.cern.ch/inveniosoftware/almalinux",
            "almalinux9",
            "3.9",
            True,
            id="no-tag-is-latest",
        ),
        pytest.param(
            "registry.cern.ch/inveniosoftware/almalinux:20260131",
            "almalinux9",
            "3.9",
            True,
            id="a-day",
        ),
        pytest.param(
            "inveniosoftware/almalinux:1",
            "almalinux9",
            "3.9",
            True,
            id="almalinux-on-the-hub",
        ),
        pytest.param(
            "ghcr.io/inveniosoftware/invenio:14-debian",
            "debian13",
            "3.14",
            True,
            id="debian",
        ),
        pytest.param(
            "ghcr.io/inveniosoftware/invenio:debian-python3.14",
            "debian13",
            "3.14",
            True,
            id="debian-by-python",
        ),
        pytest.param(
            "ghcr.io/inveniosoftware/invenio:13-debian",
            "debian13",
            "3.11",
            True,
            id="debian-13",
        ),
        pytest.param(
            "harbor.uni.edu/dockerhub/inveniosoftware/centos7-python:3.9",
            "centos7",
            "3.9",
            False,
            id="unknown-host",
        ),
        pytest.param(
            "localhost:5000/inveniosoftware/centos7-python:3.9",
            "centos7",
            "3.9",
            False,
            id="a-host-of-ones-own",
        ),
        pytest.param(
            "ghcr.io/someone/inveniosoftware/centos7-python:3.9",
            "centos7",
            "3.9",
            False,
            id="somebodys-folder",
        ),
    ],
)
def test_base_image(catalog, image, system, python, known):
    base, is_known = catalog.base_image(parse(image))
    assert (base.os, base.python, is_known) == (system, python, known)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param("inveniosoftware/centos8-python:3.9", id="a-tag-that-never-was"),
        pytest.param("inveniosoftware/centos8-python", id="no-latest"),
        pytest.param("registry.cern.ch/inveniosoftware/almalinux:2", id="another-tag"),
        pytest.param("registry.cern.ch/inveniosoftware/almalinux:2026013", id="no-day"),
        pytest.param(
            "registry.cern.ch/inveniosoftware/almalinux@sha256:" + "0" * 64,
            id="digest-alone",
        ),
        pytest.param(
            "harbor.uni.edu/xinveniosoftware/centos7-python:3.9", id="another-owner"
        ),
        pytest.param(
            "ghcr.io/inveniosoftware/demo-inveniordm/demo-inveniordm:1",
            id="an-application",
        ),
        pytest.param("almalinux:9", id="another-image"),
        pytest.param("my-site-base", id="local"),
    ],
)
def test_no_base_image(catalog, image):
    assert catalog.base_image(parse(image)) is None


def test_a_digest_beside_the_tag_does_not_matter(catalog):
    image = parse("inveniosoftware/centos8-python:3.8@sha256:" + "0" * 64)
    assert catalog.base_image(image)[0].python == "3.8"


CERN = "registry.cern.ch/inveniosoftware/"


@pytest.mark.parametrize(
    ("image", "becomes", "kind", "until"),
    [
        pytest.param(
            "inveniosoftware/centos7-python:3.6",
            CERN + "centos7-python:3.6",
            "built",
            "2024-12",
            id="3.6",
        ),
        pytest.param(
            "inveniosoftware/centos7-python:3.7",
            CERN + "centos7-python:3.7",
            "named",
            None,
            id="centos7-3.7",
        ),
        pytest.param(
            "inveniosoftware/centos7-python:3.9",
            CERN + "centos7-python:3.9",
            "built",
            "2024-12",
            id="3.9",
        ),
        pytest.param(
            "inveniosoftware/centos8-python:3.7",
            CERN + "centos8-python:3.7",
            "none",
            None,
            id="centos8-3.7",
        ),
        pytest.param(
            "inveniosoftware/centos8-python:3.8",
            CERN + "centos8-python:3.8",
            "named",
            None,
            id="3.8",
        ),
        pytest.param(
            "inveniosoftware/almalinux:1",
            CERN + "almalinux:1",
            "built",
            None,
            id="almalinux",
        ),
        pytest.param(
            "registry.cern.ch/docker.io/inveniosoftware/centos7-python:3.9",
            CERN + "centos7-python:3.9",
            "built",
            "2024-12",
            id="through-the-cache",
        ),
        pytest.param(
            "inveniosoftware/invenio:14-debian",
            "ghcr.io/inveniosoftware/invenio:14-debian",
            "built",
            None,
            id="debian-belongs-to-ghcr",
        ),
        pytest.param(
            "inveniosoftware/centos8-python:3.8@sha256:" + "0" * 64,
            CERN + "centos8-python:3.8",
            "named",
            None,
            id="nobody-vouches-for-the-digest",
        ),
    ],
)
def test_counterpart(catalog, image, becomes, kind, until):
    found, evidence = catalog.counterpart(parse(image))
    assert str(found) == becomes
    assert (evidence.kind, evidence.until) == (kind, until)


@pytest.mark.parametrize(
    "image",
    [
        pytest.param(CERN + "centos8-python:3.8", id="there-already"),
        pytest.param("inveniosoftware/centos8-python:4", id="an-unknown-tag"),
        pytest.param("inveniosoftware/unknown:1", id="an-unknown-image"),
        pytest.param("nginx:1", id="another-image"),
        pytest.param(
            "harbor.uni.edu/inveniosoftware/centos8-python:3.8", id="another-host"
        ),
    ],
)
def test_no_counterpart(catalog, image):
    assert catalog.counterpart(parse(image)) is None


def test_only_one_image_is_doubtful(catalog):
    (doubtful,) = [base for base in catalog.images if base.doubtful]
    assert (doubtful.repository, doubtful.tags) == (
        "inveniosoftware/centos7-python",
        ("3.7",),
    )
    assert doubtful.node is None


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        pytest.param("inveniosoftware/anything", True, id="hub"),
        pytest.param(
            "registry.cern.ch/docker.io/inveniosoftware/x:1", True, id="cache"
        ),
        pytest.param("registry.cern.ch/inveniosoftware/x:1", True, id="cern"),
        pytest.param(
            "ghcr.io/inveniosoftware/demo-inveniordm/demo-inveniordm", True, id="ghcr"
        ),
        pytest.param("inveniosoftware", False, id="an-official-image-of-that-name"),
        pytest.param("inveniosoftwarex/x", False, id="another-owner"),
        pytest.param("x/inveniosoftware", False, id="a-repository-of-that-name"),
        pytest.param("harbor.uni.edu/inveniosoftware/x", False, id="unknown-host"),
        pytest.param("nginx", False, id="another-image"),
    ],
)
def test_organisation(catalog, image, expected):
    assert catalog.organisation(parse(image)) is expected


@pytest.mark.parametrize(
    ("version", "system", "end"),
    [
        pytest.param("3.8", None, "2024-10-07", id="minor"),
        pytest.param("3.8.12", None, "2024-10-07", id="patch"),
        pytest.param("3.9", None, "2025-10-31", id="3.9"),
        pytest.param("3.9", "almalinux9", "2032-05-31", id="3.9-mended-by-almalinux"),
        pytest.param("3.9", "centos7", "2025-10-31", id="3.9-on-centos"),
        pytest.param("3.12", "almalinux9", "2028-10-31", id="3.12-on-almalinux"),
        pytest.param("3.8", "centos8", "2024-10-07", id="3.8-on-centos8-is-not-mended"),
        pytest.param("3.5", None, "None", id="unknown"),
        pytest.param("3", None, "None", id="no-minor"),
    ],
)
def test_python_end(catalog, version, system, end):
    assert str(catalog.python_end(version, system)) == end


@pytest.mark.parametrize(
    ("version", "end"),
    [
        ("14", "2023-04-30"),
        ("16", "2023-09-11"),
        ("16.20.1", "2023-09-11"),
        ("24", "2028-04-30"),
        ("99", "None"),
    ],
)
def test_node_end(catalog, version, end):
    assert str(catalog.node_end(version)) == end


@pytest.mark.parametrize(
    ("flavour", "version", "python", "image"),
    [
        pytest.param(
            "RDM",
            "6.0",
            "3.8",
            "docker.io/inveniosoftware/centos8-python:3.8",
            id="v6-3.8",
        ),
        pytest.param(
            "RDM",
            "6.0",
            "3.7",
            "docker.io/inveniosoftware/centos8-python:3.7",
            id="v6-3.7",
        ),
        pytest.param(
            "RDM",
            "6.0",
            "3.6",
            "docker.io/inveniosoftware/centos7-python:3.6",
            id="v6-3.6",
        ),
        pytest.param("RDM", "6.0", "3.9", "None", id="v6-3.9-has-no-from"),
        pytest.param(
            "RDM",
            "9.1",
            "3.7",
            "docker.io/inveniosoftware/centos7-python:3.7",
            id="v9-3.7",
        ),
        pytest.param(
            "RDM",
            "9.1",
            "3.9",
            "docker.io/inveniosoftware/centos7-python:3.9",
            id="v9-3.9",
        ),
        pytest.param("RDM", "12.0", "3.9", CERN + "almalinux:1", id="v12"),
        pytest.param(
            "RDM", "13.1", "3.12", CERN + "almalinux:1", id="v13-whatever-python"
        ),
        pytest.param(
            "RDM", "14.0", "3.14", "ghcr.io/inveniosoftware/invenio:14-debian", id="v14"
        ),
        pytest.param(
            "ILS",
            "1.0.0rc1",
            "3.9",
            "docker.io/inveniosoftware/centos7-python:3.9",
            id="ils-1",
        ),
        pytest.param("ILS", "2.0.0rc1", "3.9", "None", id="ils-2-unknown"),
        pytest.param("ILS", "4.5", "3.9", CERN + "almalinux:1", id="ils-4"),
    ],
)
def test_template_image(catalog, flavour, version, python, image):
    release = catalog.release(flavour, version)
    assert str(catalog.template_image(release, python)) == image
