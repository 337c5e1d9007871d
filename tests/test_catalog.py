# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The lookups of the catalogue, how its files are read, and what the command prints."""

import shutil
from pathlib import Path

import pytest

from invenio_cli_registry.catalog import CatalogError, is_pre_release, load, segments
from invenio_cli_registry.catalog.describe import (
    _IMAGE_LABELS,
    _RELEASE_LABELS,
    _SYSTEM_LABELS,
    describe,
)
from invenio_cli_registry.catalog.records import BaseImage, Release, System
from invenio_cli_registry.image import Mirror, parse

from .instances import CATALOGUE

CATALOG = load(CATALOGUE)
CERN = "registry.cern.ch/inveniosoftware/"
DIGEST = "@sha256:" + "0" * 64


def release(version, flavour="RDM"):
    found = CATALOG.release(flavour, version)
    assert found
    return found


def labels(releases):
    return " ".join(one.label for one in releases)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        pytest.param("9", (9, 0, 0), id="major"),
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
    ("version", "expected"),
    [
        ("14.0.0", False),
        ("v14.0.0", False),
        ("14.0.0.post1", False),
        ("14.0.0b5", True),
        ("14.0.0.dev1", True),
        ("13.0.0rc6", True),
        ("10.0.0a1", True),
        ("main", False),
    ],
)
def test_pre_release(version, expected):
    assert is_pre_release(version) is expected


@pytest.mark.parametrize(
    ("flavour", "version", "name"),
    [
        pytest.param("RDM", "9.1.7", "9.1", id="patch"),
        pytest.param("RDM", "9", "9.0", id="major-alone"),
        pytest.param("RDM", "9.7", "9.1", id="minor-that-is-not-listed"),
        pytest.param("RDM", "12.1.0", "12.0", id="patch-line-with-another-minor"),
        pytest.param("RDM", "14.0.0b11.dev1", "14.0", id="development-release"),
        pytest.param("RDM", "10.10.0", "10.1", id="numbers-not-text"),
        pytest.param("ILS", "4.4.0", "4.0", id="ils-between"),
        pytest.param("ILS", "1.0.0rc5", "1.0.0rc1", id="ils-later-candidate"),
        pytest.param("RDM", "15.0.0b6", None, id="not-in-the-catalogue"),
        pytest.param("RDM", "0.12.5", None, id="before-the-first"),
        pytest.param("RDM", "main", None, id="no-version"),
        pytest.param("CDS", "9.1", None, id="another-flavour"),
    ],
)
def test_release(flavour, version, name):
    found = CATALOG.release(flavour, version)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("14", "14.0"),
        ("v13.1", "13.1"),
        ("13", "13.1"),
        ("13.1.2", "13.1"),
        ("13.2", None),
        ("15", None),
        ("x", None),
    ],
)
def test_find_release(text, name):
    found = CATALOG.find_release("RDM", text)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    ("flavour", "version", "listed", "early", "final", "last"),
    [
        pytest.param("RDM", "14.0.5", True, False, None, None, id="the-last-patch"),
        pytest.param("RDM", "14.0.2", True, False, None, "14.0.5", id="an-old-patch"),
        pytest.param("RDM", "14.0.9", True, False, None, None, id="a-later-patch"),
        pytest.param("RDM", "14.0.0b5", True, True, "14.0.5", "14.0.5", id="final-out"),
        pytest.param("RDM", "13.2.0rc1", False, True, None, None, id="minor-not-out"),
        pytest.param("RDM", "15.0.0b2", False, True, None, None, id="major-not-out"),
        pytest.param("RDM", "14.1.0", False, False, None, None, id="unknown-minor"),
        pytest.param("RDM", "12.0.0", True, False, None, "12.1.0", id="minor-as-patch"),
        pytest.param("RDM", "12.1.0", True, False, None, None, id="12.1.0"),
        pytest.param("ILS", "1.0.0rc1", True, True, None, None, id="candidates-only"),
        pytest.param("RDM", "main", False, False, None, None, id="no-version"),
    ],
)
def test_standing(flavour, version, listed, early, final, last):
    assert CATALOG.standing(flavour, version) == (listed, early, final, last)


@pytest.mark.parametrize(
    ("flavour", "version", "path"),
    [
        pytest.param("RDM", "8.0", "9.1 10.1 11 12 13.1 14", id="last-minors"),
        pytest.param("RDM", "9.0", "9.1 10.1 11 12 13.1 14", id="10-starts-from-9.1"),
        pytest.param("RDM", "10.0", "11 12 13.1 14", id="10.0-need-not-stop-at-10.1"),
        pytest.param("RDM", "12.0", "13.1 14", id="12"),
        pytest.param("RDM", "13.0", "14", id="13.0-is-one-step"),
        pytest.param("RDM", "14.0", "", id="the-newest"),
        pytest.param("RDM", "4.0", "6 ", id="past-5"),
        pytest.param("RDM", "5.0", "", id="no-page-starts-from-5"),
        pytest.param("ILS", "4.5", "5 6", id="ils-as-far-as-pages-lead"),
        pytest.param("ILS", "1.0.0rc1", "", id="ils-candidates"),
        pytest.param("ILS", "7.3", "", id="ils-without-a-page"),
    ],
)
def test_path(flavour, version, path):
    assert labels(CATALOG.path(release(version, flavour))) == path.strip()


@pytest.mark.parametrize(
    ("since", "target", "steps"),
    [
        pytest.param("9.1", "10.0", "10.0", id="the-minor-that-is-named"),
        pytest.param("9.1", "14.0", "10.1 11 12 13.1 14", id="last-minors-between"),
        pytest.param("12.0", "13.0", "13.0", id="13.0"),
        pytest.param("13.0", "13.1", "13.1", id="minor"),
        pytest.param("13.0", "14.0", "14", id="13.0-to-14"),
        pytest.param("14.0", "13.1", "", id="down"),
        pytest.param("14.0", "14.0", "", id="the-same"),
    ],
)
def test_steps(since, target, steps):
    assert labels(CATALOG.steps(release(since), release(target))) == steps


@pytest.mark.parametrize(
    ("since", "target", "pages"),
    [
        pytest.param("8.0", "9.1", "upgrade-v9.0 version-v9.1.0", id="9.0-first"),
        pytest.param("9.1", "10.1", "upgrade-v10.0 version-v10.1.0", id="10.0-first"),
        pytest.param(
            "12.0", "14.0", "upgrade-v13.0 version-v13.1.0 upgrade-v14.0", id="12-to-14"
        ),
        pytest.param("13.0", "14.0", "upgrade-v14.0", id="13.1-is-not-on-the-way"),
        pytest.param("14.0", "14.0", "", id="none"),
    ],
)
def test_pages(since, target, pages):
    found = CATALOG.pages(release(since), release(target))
    names = (page.partition("#")[0].rstrip("/").rpartition("/")[2] for page in found)
    assert " ".join(names) == pages


def test_what_a_release_requires():
    assert release("9.1").node == (14, 14)
    assert release("8.0").node_builds_to == 14
    assert release("10.0").node_builds_to is None
    assert release("11.0").services[1] == ("Elasticsearch", "7")
    assert release("13.1").services == (("PostgreSQL", "12"), ("OpenSearch", "2.12"))
    assert release("9.0", "ILS").pythons == ()
    assert [release(one).own_image for one in ("10.1", "11.0")] == [False, True]
    assert not release("1.0.0rc1", "ILS").own_image


@pytest.mark.parametrize(
    ("image", "python", "node", "on_hub", "explained"),
    [
        pytest.param("inveniosoftware/centos8-python:3.8", "3.8", "14", 1, 1, id="hub"),
        pytest.param(
            "registry.cern.ch/docker.io/inveniosoftware/centos7-python:3.6",
            *("3.6", "14", 1, 1),
            id="through-a-known-cache",
        ),
        pytest.param(
            f"inveniosoftware/centos8-python:3.8{DIGEST}",
            *("3.8", "14", 1, 1),
            id="digest-beside-the-tag",
        ),
        pytest.param(CERN + "almalinux:1", "3.9", "16", 0, 1, id="cern"),
        pytest.param(CERN + "almalinux:1.0.3", "3.9", "16", 0, 1, id="patch-tag"),
        pytest.param(CERN + "almalinux", "3.9", "22", 0, 1, id="no-tag-is-latest"),
        pytest.param(CERN + "almalinux:20240604", "3.9", "16", 0, 1, id="Node-16-day"),
        pytest.param(CERN + "almalinux:20250107", "3.9", "20", 0, 1, id="Node-20-day"),
        pytest.param(CERN + "almalinux:20260131", "3.9", "22", 0, 1, id="Node-22-day"),
        pytest.param(
            "ghcr.io/inveniosoftware/invenio:debian-python3.14",
            *("3.14", "24", 0, 1),
            id="another-tag-of-14-debian",
        ),
        pytest.param(
            "localhost:5000/inveniosoftware/centos7-python:3.9",
            *("3.9", "14", 0, 0),
            id="a-host-that-nobody-explained",
        ),
        pytest.param(
            "ghcr.io/someone/inveniosoftware/centos7-python:3.9",
            *("3.9", "14", 0, 0),
            id="somebody-elses-folder",
        ),
    ],
)
def test_base_image(image, python, node, on_hub, explained):
    found = CATALOG.identify(parse(image))
    assert found.base
    assert (found.base.python, found.base.node) == (python, node)
    assert (found.provides.python, found.provides.node) == (python, node)
    assert (found.on_hub, found.explained) == (bool(on_hub), bool(explained))


@pytest.mark.parametrize(
    ("image", "organisation"),
    [
        pytest.param("inveniosoftware/centos8-python:3.9", True, id="an-unknown-tag"),
        pytest.param("inveniosoftware/centos8-python", True, id="no-latest"),
        pytest.param(CERN + "almalinux:2026013", True, id="no-day"),
        pytest.param(CERN + "almalinux" + DIGEST, True, id="digest-alone"),
        pytest.param("ghcr.io/inveniosoftware/invenio:15-debian", True, id="15-debian"),
        pytest.param(
            "ghcr.io/inveniosoftware/demo-inveniordm/demo-inveniordm:1", True, id="demo"
        ),
        pytest.param("harbor.uni.edu/inveniosoftware/x", False, id="unknown-host"),
        pytest.param("x.org/xinveniosoftware/centos7-python:3.9", False, id="owner"),
        pytest.param("inveniosoftware", False, id="an-official-name"),
        pytest.param("almalinux:9", False, id="another-image"),
        pytest.param("my-site-base", False, id="local"),
    ],
)
def test_no_base_image(image, organisation):
    found = CATALOG.identify(parse(image))
    assert (found.base, found.organisation) == (None, organisation)


def test_other_images_of_the_organisation():
    demo = parse("ghcr.io/inveniosoftware/demo-inveniordm/demo-inveniordm:1")
    assert CATALOG.describe_other(demo).startswith("It is the image of the demo site")
    assert not CATALOG.describe_other(parse("inveniosoftware/x"))


@pytest.mark.parametrize(
    ("image", "mirrors", "copies", "upstream", "safe"),
    [
        pytest.param(
            *("h.org/hub/inveniosoftware/centos8-python:3.8", ["docker.io=h.org/hub"]),
            *([], "docker.io/inveniosoftware/centos8-python:3.8", False),
            id="a-cache",
        ),
        pytest.param(
            *("h.org/own/centos8-python:3.8", []),
            *(["docker.io/inveniosoftware=h.org/own"],),
            *("docker.io/inveniosoftware/centos8-python:3.8", True),
            id="a-copy",
        ),
        pytest.param(
            *("c.org/h/own/almalinux:1", ["h.org=c.org/h"]),
            *([f"{CERN[:-1]}=h.org/own"], CERN + "almalinux:1", True),
            id="a-cache-of-a-copy",
        ),
        pytest.param(
            *("h.org/hub/own/almalinux:1", ["docker.io=h.org/hub"]),
            *([f"{CERN[:-1]}=h.org/hub/own"], CERN + "almalinux:1", True),
            id="the-longest-target",
        ),
        pytest.param(
            *("a.org/x/y:1", ["b.org/x=a.org/x", "a.org/x=b.org/x"]),
            *([], "a.org/x/y:1", False),
            id="a-circle-ends",
        ),
    ],
)
def test_behind_caches_and_copies(image, mirrors, copies, upstream, safe):
    found = CATALOG.identify(
        parse(image), [*map(Mirror.parse, mirrors)], [*map(Mirror.parse, copies)]
    )
    assert (str(found.upstream), found.safe, found.on_hub) == (
        upstream,
        safe,
        upstream.startswith("docker.io") and not safe,
    )


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("python:3.12-bookworm", ("3.12", None, "debian12", "apt")),
        ("python:3.12.4-slim-trixie", ("3.12", None, "debian13", "apt")),
        ("python:3.14.0rc1", ("3.14", None, None, "apt")),
        ("python:3.12-alpine3.20", ("3.12", None, None, "apk")),
        ("python:latest", (None, None, None, None)),
        ("registry.cern.ch/docker.io/python:3.9", ("3.9", None, None, "apt")),
        (
            "ghcr.io/astral-sh/uv:0.9.5-python3.12-trixie",
            ("3.12", None, "debian13", "apt"),
        ),
        ("ghcr.io/astral-sh/uv:latest", (None, None, None, None)),
        ("node:24-bookworm-slim", (None, "24", "debian12", "apt")),
        ("almalinux:10.1", ("3.12", None, "almalinux10", "dnf")),
        ("almalinux:9", ("3.9", None, "almalinux9", "dnf")),
        ("almalinux:8", (None, None, "almalinux8", "dnf")),
        ("almalinux:9-minimal", (None, None, None, None)),
        ("debian:trixie-slim", (None, None, "debian13", "apt")),
        ("ubuntu:24.04", (None, None, "ubuntu24.04", "apt")),
        ("centos:7", (None, None, "centos7", "yum")),
        ("someone/python:3.12", (None, None, None, None)),
    ],
)
def test_images_of_others(image, expected):
    assert CATALOG.identify(parse(image)).provides == expected


@pytest.mark.parametrize(
    ("image", "becomes", "kind"),
    [
        ("inveniosoftware/centos7-python:3.6", CERN + "centos7-python:3.6", "built"),
        (
            "inveniosoftware/centos8-python:3.8" + DIGEST,
            CERN + "centos8-python:3.8",
            "named",
        ),
        ("inveniosoftware/centos8-python:3.7", CERN + "centos8-python:3.7", "none"),
        (
            "inveniosoftware/invenio:14-debian",
            "ghcr.io/inveniosoftware/invenio:14-debian",
            "built",
        ),
        (CERN + "centos8-python:3.8", None, None),
        ("inveniosoftware/centos8-python:4", None, None),
        ("nginx:1", None, None),
        ("harbor.uni.edu/inveniosoftware/centos8-python:3.8", None, None),
    ],
)
def test_counterpart(image, becomes, kind):
    found = CATALOG.counterpart(parse(image))
    assert (found and (str(found[0]), found[1].kind)) == (becomes and (becomes, kind))


@pytest.mark.parametrize(
    ("image", "name", "end"),
    [
        ("postgres:14.13", "PostgreSQL", "2026-11-12"),
        ("registry.cern.ch/docker.io/postgres:12", "PostgreSQL", "2024-11-21"),
        ("opensearchproject/opensearch:2.17.1", "OpenSearch", "None"),
        ("elasticsearch/elasticsearch-oss:7.10", "Elasticsearch", "2026-01-15"),
        ("someone/postgres:14", None, "None"),
        ("redis:7", None, "None"),
    ],
)
def test_service(image, name, end):
    found = CATALOG.identify(parse(image)).upstream
    assert CATALOG.service(found) == name
    assert str(CATALOG.end_of(name or "", found.tag)) == end


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        pytest.param(CATALOG.end_of("Python", "3.8.12"), "2024-10-07", id="patch"),
        pytest.param(CATALOG.end_of("Python", "3.9"), "2025-10-31", id="3.9"),
        pytest.param(
            CATALOG.end_of("Python", "3.9", "almalinux9"), "2032-05-31", id="alma"
        ),
        pytest.param(
            CATALOG.end_of("Python", "3.9", "centos7"), "2025-10-31", id="centos"
        ),
        pytest.param(CATALOG.end_of("Python", "3"), "None", id="no-minor"),
        pytest.param(CATALOG.end_of("Node", "16.20.1"), "2023-09-11", id="node"),
        pytest.param(CATALOG.end_of("Node", "99"), "None", id="unknown-node"),
    ],
)
def test_ends(end, expected):
    assert str(end) == expected


# ---- How it is read --------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(CATALOGUE, tmp_path / "catalog")
    return tmp_path / "catalog"


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        pytest.param(
            "releases.toml",
            'last_patch = "14.0.5"',
            'last_pach = "14.0.5"',
            "releases.toml: [[releases]] 14.0 (number 14): unknown key 'last_pach'; known are",
            id="unknown-key",
        ),
        pytest.param(
            "releases.toml",
            'page = "https://inveniordm.docs.cern.ch/releases/v14/version-v14.0/"',
            "",
            "releases.toml: [[releases]] 14.0 (number 14): the key 'page' is missing",
            id="missing-key",
        ),
        pytest.param(
            "releases.toml",
            "date = 2026-08-07",
            'date = "2026-08-07"',
            "releases.toml: [[releases]] 14.0 (number 14), date: expected a date without quotes, "
            "2026-11-24, found '2026-08-07'",
            id="date-in-quotes",
        ),
        pytest.param(
            "releases.toml",
            'pythons = ["3.14"]',
            "pythons = [3.14]",
            'releases.toml: [[releases]] 14.0 (number 14), pythons: expected a text in quotes, "3.12"',
            id="version-without-quotes",
        ),
        pytest.param(
            "images.toml",
            'kind = "built"\nuntil',
            'kin = "built"\nuntil',
            "images.toml: [[images]] inveniosoftware/centos7-python (number 1), evidence."
            "registry.cern.ch: unknown key 'kin'",
            id="nested-record",
        ),
        pytest.param(
            "systems.toml",
            "end_of_life = 2024-06-30",
            "end_of_life = true",
            "systems.toml: [[systems]] centos7 (number 1), end_of_life: expected a date",
            id="a-flag-for-a-date",
        ),
        pytest.param(
            "services.toml",
            'name = "PostgreSQL"',
            'name = "PostgreSQL',
            "services.toml: Illegal character",
            id="no-TOML",
        ),
        pytest.param(
            "registries.toml",
            "[[registries]]",
            "[[registry]]\nhost = 1\n[[registries]]",
            "registries.toml: unknown table 'registry'",
            id="unknown-table",
        ),
        pytest.param(
            "releases.toml",
            'image = "ghcr.io/inveniosoftware/invenio:14-debian"',
            'image = "ghcr.io/Inveniosoftware/invenio:14-debian"',
            "releases.toml: [[releases]] 14.0 (number 14), image: "
            "'ghcr.io/Inveniosoftware/invenio:14-debian': 'Inveniosoftware/invenio' is no",
            id="no-image",
        ),
        pytest.param(
            "images.toml",
            'system = "debian13"',
            'system = "debian14"',
            "images.toml: [[images]] inveniosoftware/invenio: it needs a tag, a listed",
            id="a-system-that-is-not-listed",
        ),
        pytest.param(
            "images.toml",
            "tag = '(?P<python>",
            "tag = '((?P<python>",
            "images.toml: [[others]] library/python (number 4), tag: '((?P<python>",
            id="no-regular-expression",
        ),
        pytest.param(
            "catalog.toml",
            'read = "2026-08"',
            "",
            "catalog.toml: the key 'read' is missing",
            id="index",
        ),
    ],
)
def test_a_wrong_record_is_named(folder, file, old, new, message):
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CatalogError) as caught:
        load(str(folder))
    assert caught.value.message.startswith(f"{folder}/{message}")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda path: None, "No such file or directory", id="missing"),
        pytest.param(Path.mkdir, "No such file or directory", id="empty"),
        pytest.param(
            lambda path: path.write_bytes(b"PK\3\4"), "Not a directory", id="a-zip-file"
        ),
    ],
)
def test_what_is_no_catalogue(tmp_path, make, message):
    make(tmp_path / "x")
    with pytest.raises(CatalogError, match=rf"x/catalog\.toml: .*{message}"):
        load(str(tmp_path / "x"))


# ---- What the command prints -----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "14",
            [
                "InvenioRDM 14.0 Released on 2026-08-07",
                "Fixes until no date is published (until six months after the next major)",
                "Python 3.14",
                "Node 24 or later",
                "Requires PostgreSQL 15 or later; OpenSearch 2.12 or a later 2.x",
                "invenio-cli 1.12.0 or later",
                "Upgrade from 13.0, 13.1",
                "The upgrade replaces `WSGI_PROXIES` with `PROXYFIX_CONFIG` (proxies) in "
                "docker-services.yml",
            ],
            id="release",
        ),
        pytest.param(
            "13.0",
            [
                "The upgrade removes `postgresql` from invenio-app-rdm in Pipfile",
                "The upgrade adds types to docker/nginx/nginx.conf: application/javascript "
                "js mjs;",
            ],
            id="what-an-upgrade-changes",
        ),
        pytest.param(
            "11",
            [
                "Node 14 to 16",
                "Requires PostgreSQL 10 or later; Elasticsearch 7 or OpenSearch 1 or "
                "OpenSearch 2",
            ],
            id="bounds",
        ),
        pytest.param(
            "9.1",
            [
                "Fixes until 2025-02-01 https://inveniordm.docs.cern.ch/releases/maintenance-",
                "Node 14 https://github.com/inveniosoftware/invenio-cli/",
                "Node for assets 14 or earlier",
                "invenio-cli 1.0.5 to 1.11",
            ],
            id="one-Node",
        ),
        pytest.param("1", ["invenio-cli 1.11 or earlier"], id="no-lower-bound"),
        pytest.param("InvenioILS 5", ["InvenioILS 5.0 Released"], id="flavour"),
        pytest.param("9", ["InvenioRDM 9.1 ", "InvenioILS 9.0 "], id="of-both"),
        pytest.param(
            "ILS 4",
            [
                "Fixes until no date is published",
                "Python 3.9 (tested with it, not required) https://invenioils.docs",
            ],
            id="not-required",
        ),
        pytest.param(
            "ILS 9",
            [
                "Python not known Node not known Requires not known",
                "Base image registry.cern.ch/inveniosoftware/almalinux:1 (not confirmed)",
            ],
            id="not-confirmed-and-not-known",
        ),
        pytest.param(
            "almalinux:20240604",
            ["inveniosoftware/almalinux:20240604 Tags latest", " Node 16 "],
            id="day",
        ),
        pytest.param(
            "invenio:14-debian",
            [
                "Made for InvenioRDM 14",
                "Docker 20.10.10 or later on the machine that builds (not confirmed)",
                "Architectures amd64 only",
                "Debian 13 Fixes until 2028-08-09",
                "Extended until 2030-06-30 Extended by Debian LTS",
            ],
            id="image",
        ),
        pytest.param(
            "almalinux:1",
            ["Patches itself Python 3.9 until 2032-05-31 (not confirmed)"],
            id="system",
        ),
        pytest.param(
            CERN + "centos8-python:3.7",
            [
                "At CERN's registry no page names it, and we found no workflow that "
                "publishes it https://"
            ],
            id="evidence",
        ),
        pytest.param(
            "",
            [
                "InvenioRDM 13.1 fixes until 2027-02-07",
                "InvenioILS 5.0 no end of fixes is published",
            ],
            id="all",
        ),
    ],
)
def test_describe(text, said):
    found = describe(CATALOG, text)
    flat = " ".join(" ".join(found).split())
    assert [one for one in said if one not in flat] == []
    assert found[-2:] == [
        "Changed on 2026-11-24; its sources were read in 2026-08.",
        "No registry was contacted for it.",
    ]
    assert all(len(line) <= 100 for line in found if "https://" not in line)


def test_describe_is_a_table():
    lines = describe(CATALOG, "almalinux:1")
    at = lines.index(
        "  Docker                20.10.10 or later on the machine that builds"
    )
    assert lines[at + 1].startswith(f"{' ' * 24}https://")


def test_every_fact_has_a_label():
    """A further key of the data is printed, or named here as one that is not."""
    hidden = {"flavour", "name", "label", "key", "repository", "changes", "evidence"}
    hidden |= {"sources", "unconfirmed", "requires_python", "doubtful", "family"}
    hidden |= {"maintained_note", "node_greatest", "invenio_cli_to"}
    for record, labels in (
        (Release, _RELEASE_LABELS),
        (BaseImage, _IMAGE_LABELS),
        (System, _SYSTEM_LABELS),
    ):
        assert {*record._fields} - {*labels} <= hidden
        assert {*labels} <= {*record._fields}


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("15", "InvenioRDM 14.0"),
        ("0.1", "InvenioRDM 1.0"),
        ("13.9", "InvenioRDM 13.1"),
        ("ILS 99", "InvenioILS 9.0"),
        ("almalinux:2", "almalinux:1"),
        ("inveniosoftware/centos8-pyton:3.8", "centos8-python:3.8"),
        ("nginx", None),
        ("???", None),
    ],
)
def test_the_nearest_is_named(text, nearest):
    with pytest.raises(CatalogError, match="is not in the catalogue") as caught:
        describe(CATALOG, text)
    said = f"The nearest is {nearest}. Name a release"
    assert (said in caught.value.message) is bool(nearest)
