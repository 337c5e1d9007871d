# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The facts themselves: complete, consistent, each with its source.

They are checked as they are, and with a release that comes next: 14.1 and 15.0 with an
image of its own are added to a copy of the data, and nothing else has to change.
"""

import datetime
import re
import shutil
from pathlib import Path

import pytest

import invenio_cli_registry.catalog
from invenio_cli_registry.catalog import ORGANISATION, load
from invenio_cli_registry.catalog.describe import describe
from invenio_cli_registry.catalog.records import Ends, OtherImage, ServiceKind
from invenio_cli_registry.image import DOCKER_HUB, parse

FOLDER = Path(invenio_cli_registry.catalog.__file__).parent
ADDRESS = re.compile(r"https://[\w.-]+(/\S*)?")
DOCS = "https://inveniordm.docs.cern.ch/releases/"

#: The file, how a table begins that may be there already, the table, and what it is above.
NEXT = [
    (
        "releases.toml",
        '[[releases]]\nflavour = "RDM"\nname = "14.1"\n',
        f"""date = 2026-11-24
page = "{DOCS}v14/version-v14.1/"
upgrade_page = "{DOCS}v14/version-v14.1/"
upgrade_from = ["14.0"]
pythons = ["3.14"]
image = "ghcr.io/inveniosoftware/invenio:14-debian"
""",
        "# InvenioILS publishes",
    ),
    (
        "releases.toml",
        '[[releases]]\nflavour = "RDM"\nname = "15.0"\n',
        f"""date = 2026-11-24
page = "{DOCS}v15/version-v15.0/"
upgrade_page = "{DOCS}v15/upgrade-v15.0/"
upgrade_from = ["14.0", "14.1"]
pythons = ["3.14"]
image = "ghcr.io/inveniosoftware/invenio:15-debian"
""",
        "# InvenioILS publishes",
    ),
    (
        "images.toml",
        '[[images]]\nrepository = "inveniosoftware/invenio"\ntags = ["15-debian"',
        """]
family = "15-debian"
release = "15"
registries = ["ghcr.io"]
system = "debian13"
python = "3.14"
source = "https://github.com/inveniosoftware/docker-invenio"

[images.evidence."ghcr.io"]
kind = "built"
text = "a weekly workflow builds it"
source = "https://github.com/inveniosoftware/docker-invenio"
""",
        "# Images of the organisation that are no base images",
    ),
]


@pytest.fixture(name="folder", scope="module", params=["as-it-is", "with-15"])
def _folder(request, tmp_path_factory):
    if request.param == "as-it-is":
        return FOLDER
    return add_next(tmp_path_factory.mktemp("facts"))


def add_next(parent):
    """Copy the facts, add 14.1 and 15.0 where they are not there yet; return the folder."""
    folder = parent / "catalog"
    shutil.copytree(FOLDER, folder)
    for name, start, rest, mark in NEXT:
        text = (folder / name).read_text("utf-8")
        assert text.count(mark) == 1
        if start not in text:
            text = text.replace(mark, f"{start}{rest}\n{mark}")
            (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(name="catalog", scope="module")
def _catalog(folder):
    return load(str(folder))


def test_every_table_names_its_source(folder):
    for path in folder.glob("*.toml"):
        text = path.read_text("utf-8")
        assert text.startswith("# SPDX-FileCopyrightText"), path.name
        for table in re.split(r"^\[\[", text, flags=re.MULTILINE)[1:]:
            named = re.search(r'^(source|page) = "https://', table, re.MULTILINE)
            assert named, f"{path.name}: {table[:80]}"


def test_every_address_is_one(folder):
    for path in folder.glob("*.toml"):
        found = re.findall(
            r'^\w*(?:page|source) = "(.*)"$', path.read_text("utf-8"), re.M
        )
        assert [one for one in found if not ADDRESS.fullmatch(one)] == []


def test_the_index(catalog):
    assert type(catalog.date) is datetime.date
    assert re.fullmatch(r"20\d\d-[01]\d", catalog.read)
    assert catalog.refuge in catalog.registries
    assert {"almalinux", "python", "postgres"} <= catalog.official
    assert ORGANISATION not in catalog.official


@pytest.mark.parametrize("flavour", ["RDM", "ILS"])
def test_releases_go_upwards(catalog, flavour):
    rows = [row for row in catalog.releases if row.flavour == flavour]
    numbers = [row.segments for row in rows]
    assert numbers == sorted(set(numbers))
    days = [row.date for row in rows if row.date]
    assert days == sorted(days)
    assert not days or days[-1] <= catalog.date


def test_releases(catalog):
    for row in catalog.releases:
        name = f"{row.flavour} {row.name}"
        assert row.flavour in ("RDM", "ILS"), name
        minors = [tuple(map(int, python.split("."))) for python in row.pythons]
        assert minors == sorted(set(minors)), name
        assert all(catalog.end_of("Python", python) for python in row.pythons), name
        least, greatest = row.node
        assert (least or 0) <= (greatest or 99), name
        assert {need.name for need in row.services} <= {
            kind.name for kind in catalog.records(ServiceKind)
        }, name
        if row.maintained_until:
            assert row.maintained_until > row.date, name
        if row.last_patch:
            assert catalog.release(row.flavour, row.last_patch) == row, name
            assert not catalog.standing(row.flavour, row.last_patch).last_patch, name
        assert set(row.unconfirmed) <= set(row._fields), name
        assert all(ADDRESS.fullmatch(source) for source in row.sources.values()), name


def test_upgrades_start_from_earlier_releases_that_exist(catalog):
    for row in catalog.releases:
        assert bool(row.upgrade_page) is bool(row.upgrade_from), row.name
        for name in row.upgrade_from:
            before = catalog.find_release(row.flavour, name)
            assert before.name == name
            assert before.segments < row.segments


def test_every_release_of_rdm_leads_to_the_newest(catalog):
    rows = [row for row in catalog.releases if row.flavour == "RDM"]
    for row in rows[:-1]:
        path = catalog.path(row)
        # 5.0 was the release candidate of 6: no page starts from it.
        assert (path[-1] == rows[-1]) if row.name != "5.0" else path == ()
        assert all(step.upgrade_page for step in path)
        assert len(catalog.pages(row, rows[-1])) >= len(path)


def test_changes_of_files_are_on_upgrade_pages(catalog):
    pages = {row.upgrade_page for row in catalog.releases}
    for row in catalog.releases:
        for change in row.changes:
            assert change.page in pages
            assert change.old or change.new


def test_a_release_builds_on_an_image_that_is_known_there(catalog):
    for row in catalog.releases:
        if row.image:
            found = catalog.identify(parse(row.image))
            assert str(parse(row.image)) == row.image
            assert found.base, row.name
            assert found.explained, row.name
            said = found.base.evidence[found.upstream.registry]
            assert said.kind == "built" or not row.own_image, row.name
            assert not row.pythons or found.base.python in row.pythons, row.name
            assert found.base.release in (None, str(row.major)), row.name
        if row.flavour == "RDM":
            assert row.own_image is (row.major >= 11), row.name


def test_images(catalog):
    tags = [(base.repository, tag) for base in catalog.images for tag in base.tags]
    assert len(tags) == len(set(tags))
    order = [list(catalog.systems).index(base.system) for base in catalog.images]
    assert order == sorted(order)
    for base in catalog.images:
        assert base.tags
        assert catalog.end_of("Python", base.python), base
        assert base.node is None or catalog.end_of("Node", base.node), base
        assert {*base.registries, *base.evidence} <= set(catalog.registries), base
        assert set(base.registries) <= set(base.evidence), base
        assert all(base.at(tag) == base for tag in base.tags), base
        assert set(base.unconfirmed) <= set(base._fields), base
        same = [one for one in catalog.images if one.family == base.family]
        assert {(one.python, one.system, one.release) for one in same} == {
            (base.python, base.system, base.release)
        }, base
        for said in base.evidence.values():
            assert said.kind in ("built", "named", "none"), base
            assert said.until is None or re.fullmatch(r"20\d\d-[01]\d", said.until)
            assert said.kind == "built" or said.until is None, base


def test_every_image_has_a_place_outside_of_docker_hub(catalog):
    for base in catalog.images:
        hub = parse(f"{DOCKER_HUB}/{base.repository}:{base.tags[0]}")
        target, _ = catalog.counterpart(hub)
        assert target == base.home
        assert catalog.counterpart(target) is None
        assert catalog.identify(target).base == base


def test_images_of_others_are_of_known_systems(catalog):
    for row in catalog.records(OtherImage):
        assert set(row.systems.values()) <= set(catalog.systems)
        assert set(row.system_python) <= set(row.systems.values())
        assert set(re.compile(row.tag).groupindex) <= {"python", "node", "system"}
        owner, _, name = row.repository.partition("/")
        assert owner != "library" or name in catalog.official


def test_ends(catalog):
    for system in catalog.systems.values():
        end = system.end_of_life
        assert system.mirrors_closed is None or system.mirrors_closed > end
        assert system.extended_until is None or system.extended_until > end
        assert bool(system.extended_until) is bool(system.extended_by)
        assert not system.available or system.python in system.available
        assert all(catalog.end_of("Python", python) for python in system.available[1:])
        for python, patched in system.pythons.items():
            assert catalog.end_of("Python", python) < patched <= end
    for row in catalog.records(Ends):
        versions = [tuple(map(int, version.split("."))) for version in row.ends]
        assert versions == sorted(versions), row.name
        # An odd Node is maintained for half a year only.
        odd = row.name == "Node"
        ends = [
            end
            for (*_, last), end in zip(versions, row.ends.values())
            if not odd or last % 2 == 0
        ]
        assert ends == sorted(ends), row.name


def test_registries(catalog):
    for host in catalog.registries:
        assert parse(f"{host}/x/y").registry == host
    for cache in catalog.caches:
        assert cache.upstream in catalog.registries


def test_each_fact_can_be_printed(catalog):
    assert len(describe(catalog)) > len(catalog.releases) + len(catalog.images)
    for row in catalog.releases:
        lines = describe(catalog, f"{row.flavour} {row.name}")
        assert any(line.endswith(row.page) for line in lines)
    for base in catalog.images:
        assert f"{base.repository}:{base.tags[0]}" in describe(catalog, str(base.home))


@pytest.mark.parametrize("folder", ["with-15"], indirect=True)
def test_the_next_release_is_data(catalog):
    names = {text: catalog.find_release("RDM", text) for text in ("13.1", "14.0", "15")}
    steps = catalog.steps(names["13.1"], names["15"])
    assert [step.name for step in steps] == ["14.1", "15.0"]
    assert catalog.steps(names["14.0"], names["15"]) == (names["15"],)
    assert catalog.pages(names["13.1"], names["15"]) == (
        f"{DOCS}v14/upgrade-v14.0/",
        f"{DOCS}v14/version-v14.1/",
        f"{DOCS}v15/upgrade-v15.0/",
    )
    old, new = (
        catalog.identify(parse(f"ghcr.io/inveniosoftware/invenio:{tag}")).base
        for tag in ("14-debian", "15-debian")
    )
    assert (new.python, new.system) == (old.python, old.system)
    assert new.family != old.family
    assert catalog.standing("RDM", "15.0.0b2").final == "15.0"
