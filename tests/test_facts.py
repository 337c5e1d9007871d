# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The facts themselves: complete, consistent, and each with its source."""

import datetime
import pkgutil
import re

import pytest

from invenio_cli_registry.catalog import load
from invenio_cli_registry.reference import DOCKER_HUB, parse

CATALOG = load()
TEXT = pkgutil.get_data("invenio_cli_registry", "catalog.toml").decode("utf-8")
ADDRESS = re.compile(r"https://[\w.-]+/[^\s]*|https://[\w.-]+")

RELEASES = [
    pytest.param(one, id=f"{one.flavour}-{one.name}") for one in CATALOG.releases
]
IMAGES = [
    pytest.param(one, id=f"{one.repository}:{one.tags[0]}") for one in CATALOG.images
]
RULES = [pytest.param(one, id=one.id) for one in CATALOG.rules]
SYSTEMS = [pytest.param(one, id=one.key) for one in CATALOG.systems.values()]
TEMPLATES = [
    pytest.param(name, id=f"{row['majors'][0]}-{python}")
    for row in CATALOG._data["templates"]
    for python, name in row["images"].items()
]


def test_every_table_of_the_file_names_its_source():
    tables = re.split(r"^\[\[?", TEXT, flags=re.MULTILINE)[1:]
    told_by_their_page = ("releases]]", "templates.images]", "packages.", "drop.")
    for table in tables:
        if not table.startswith(told_by_their_page):
            assert re.search(r'^source = "https://', table, re.MULTILINE), table[:60]


def test_every_address_is_one():
    for address in re.findall(r'^(?:\w*page|source) = "(.*)"$', TEXT, re.MULTILINE):
        assert ADDRESS.fullmatch(address), f"not the address of a page: {address}"


def test_the_date_is_a_day():
    assert type(CATALOG.date) is datetime.date


def test_releases_go_upwards_each_once():
    for flavour in ("RDM", "ILS"):
        rows = [row.segments for row in CATALOG.releases if row.flavour == flavour]
        assert rows == sorted(set(rows))


@pytest.mark.parametrize("release", RELEASES)
def test_release(release):
    assert release.flavour in ("RDM", "ILS")
    assert release.source.startswith("https://")
    assert all(CATALOG.python_end(python) for python in release.pythons)
    assert list(release.pythons) == sorted(set(release.pythons), key=_minor)
    assert release.date is None or release.date <= CATALOG.date
    least, greatest = release.node
    assert least is None or greatest is None or least <= greatest


def _minor(python):
    return int(python.split(".")[1])


@pytest.mark.parametrize("release", RELEASES)
def test_release_ends_after_it_began(release):
    if release.maintained_until:
        assert release.maintained_until > release.date


@pytest.mark.parametrize("release", RELEASES)
def test_release_belongs_to_its_last_patch(release):
    if release.last_patch:
        assert CATALOG.release(release.flavour, release.last_patch) == release


@pytest.mark.parametrize("release", RELEASES)
def test_release_is_upgraded_from_earlier_ones(release):
    for name in release.upgrade_from:
        before = CATALOG.release(release.flavour, name)
        assert before.name == name
        assert before.segments < release.segments


@pytest.mark.parametrize("release", RELEASES)
def test_release_builds_on_a_known_image(release):
    if release.image:
        image = parse(release.image)
        base, known = CATALOG.base_image(image)
        assert str(image) == release.image
        assert known
        assert not release.pythons or base.python in release.pythons


@pytest.mark.parametrize("release", RELEASES)
def test_path_goes_upwards_and_ends_at_the_newest(release):
    steps = (release, *CATALOG.path(release))
    numbers = [step.segments for step in steps]
    assert numbers == sorted(set(numbers))
    assert steps[-1] == CATALOG.newest(release.flavour)
    majors = [step.major for step in steps[1:]]
    assert len(majors) == len(set(majors))


@pytest.mark.parametrize(
    "release", [one for one in RELEASES if one.values[0].flavour == "RDM"]
)
def test_every_step_of_a_path_has_its_page(release):
    assert all(step.upgrade_page for step in CATALOG.path(release))


def test_dates_of_releases_go_upwards():
    for flavour in ("RDM", "ILS"):
        days = [
            row.date for row in CATALOG.releases if row.flavour == flavour and row.date
        ]
        assert days == sorted(days)


def test_images_are_sorted_by_system_each_tag_once():
    tags = [(base.repository, tag) for base in CATALOG.images for tag in base.tags]
    assert len(tags) == len(set(tags))
    systems = [base.os for base in CATALOG.images]
    assert systems == sorted(systems, key=list(CATALOG.systems).index)


@pytest.mark.parametrize("base", IMAGES)
def test_image(base):
    assert base.os in CATALOG.systems
    assert CATALOG.python_end(base.python)
    assert base.node is None or CATALOG.node_end(base.node)
    assert base.installer
    assert {*base.registries, *base.evidence} <= set(CATALOG.registries)
    assert set(base.registries) <= set(base.evidence)
    for tag in base.tags:
        assert parse(f"{base.registries[0]}/{base.repository}:{tag}").tag == tag
        assert base.has_tag(tag)


@pytest.mark.parametrize("base", IMAGES)
def test_evidence(base):
    for said in base.evidence.values():
        assert said.kind in ("built", "named", "none")
        assert said.source.startswith("https://")
        assert said.text
        assert said.until is None or re.fullmatch(r"20\d\d-[01]\d", said.until)
        assert said.kind == "built" or said.until is None


@pytest.mark.parametrize("base", IMAGES)
def test_what_an_image_becomes_is_not_on_docker_hub(base):
    image = parse(f"{DOCKER_HUB}/{base.repository}:{base.tags[0]}")
    target, _ = CATALOG.counterpart(image)
    assert CATALOG.hub_name(target) is None
    assert CATALOG.counterpart(target) is None
    assert CATALOG.base_image(target) == (base, True)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_builds_on_a_known_image(name):
    assert CATALOG.base_image(parse(name))
    assert str(parse(name)) == name


def test_images_from_11_on_are_not_on_docker_hub():
    for release in CATALOG.releases:
        if release.flavour == "RDM" and release.major >= 11:
            assert CATALOG.hub_name(parse(release.image)) is None


@pytest.mark.parametrize("system", SYSTEMS)
def test_system(system):
    assert system.mirrors_closed is None or system.mirrors_closed > system.end_of_life
    for python, end in system.pythons.items():
        assert CATALOG.python_end(python) < end <= system.end_of_life


def test_ends_go_upwards():
    for table in ("python", "node"):
        ends = [value for key, value in CATALOG._data[table].items() if key != "source"]
        assert ends == sorted(ends), f"[{table}]: a later version ends later"
        dates = [type(end) is datetime.date for end in ends]
        assert all(dates), f"[{table}]: a date has no quotes"


def test_rules_have_a_name_each():
    names = [rule.id for rule in CATALOG.rules]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("rule", RULES)
def test_rule(rule):
    assert re.compile(rule.pattern)
    assert re.compile(rule.unless)
    assert not re.search(rule.pattern, "")
    assert set(rule.systems) <= set(CATALOG.systems)
    assert set(rule.to) <= set(CATALOG.systems)
    assert rule.message
    assert rule.instead
    assert not rule.packages or set(rule.to) <= set(CATALOG.packages)
    assert set(re.findall(r"{\w*}", rule.message)) <= {"{system}", "{mirrors_closed}"}


@pytest.mark.parametrize("system", ["debian13"])
def test_packages_are_sorted_and_have_debians_kind_of_name(system):
    for table in (CATALOG.packages[system], CATALOG.drops[system]):
        assert list(table) == sorted(table)
    for name in CATALOG.packages[system].values():
        assert re.fullmatch(r"[a-z0-9][a-z0-9+.-]+", name)
        assert not name.endswith("-devel")
    assert not CATALOG.packages[system].keys() & CATALOG.drops[system].keys()


@pytest.mark.parametrize("host", CATALOG.registries)
def test_registry(host):
    assert parse(f"{host}/x/y").registry == host
    assert CATALOG.registries[host].name
