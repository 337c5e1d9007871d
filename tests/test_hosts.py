# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The corners of the compatibility matrix: oldest and newest invenio-cli and Python.

``matrix.py`` holds every cell of it against the same tests.
"""

from __future__ import annotations

import sys

import pytest

from .conftest import copy_source
from .hosts import (
    IMAGE,
    NEWEST_MINOR,
    OLDEST,
    OLDEST_MINOR,
    Environment,
    find_python,
    list_wanted,
    tell,
)
from .standins import serve_engine

pytestmark = pytest.mark.hosts

SAID = f"registry: {IMAGE} is on Docker Hub and may be removed.\n"
GOES_ON = "The build continues.\n"
STOPPED = "build stopped by `preflight = fail`\n"

#: The Pythons that a host starts on, the one that is wanted first.
_OLDEST_FIRST = range(OLDEST_MINOR, 14)
_NEWEST_FIRST = range(NEWEST_MINOR, 8, -1)
_RUNNING_FIRST = sorted(_NEWEST_FIRST, key=lambda minor: minor != sys.version_info[1])
_WANTED = [
    (OLDEST, "wheel", _OLDEST_FIRST),
    ("1.0.5", "editable", _OLDEST_FIRST),
    ("1.9.2", "wheel", _RUNNING_FIRST),
    ("1.9.2", "editable", _RUNNING_FIRST),
    ("latest", "wheel", _NEWEST_FIRST),
    ("latest", "editable", _NEWEST_FIRST),
]
_FOUND = [(host, kind, find_python(minors)) for host, kind, minors in _WANTED]
CORNERS = [
    pytest.param(found, id=f"{found[0]}-{found[1]}") for found in _FOUND if found[2]
]


@pytest.fixture(scope="module")
def engine():
    with serve_engine() as address:
        yield address


@pytest.fixture(scope="module", params=CORNERS)
def story(tmp_path_factory, engine, wheel, request):
    host, kind, python = request.param
    folder = tmp_path_factory.mktemp("host")
    environment = Environment(folder, python, engine)
    environment.pip("install", *list_wanted(host))
    ours = [str(wheel)] if kind == "wheel" else ["-e", str(copy_source(folder / "src"))]
    return tell(environment, ours)


def test_the_host_is_as_it_was_before(story):
    assert story.before.status == story.after.status == 0
    assert story.before == story.after
    assert "registry" not in story.before.output


def test_nothing_that_the_host_had_is_upgraded(story):
    assert story.frozen <= story.frozen_with
    assert any("invenio-cli-registry" in line for line in story.frozen_with)


def test_an_uninstall_leaves_nothing_behind(story):
    assert story.left == []


def test_the_hosts_help_lists_the_command(story):
    assert (story.help.status, story.help.errors) == (0, story.before.errors)
    (ours,) = set(story.help.output.splitlines()) - set(
        story.before.output.splitlines()
    )
    assert ours.split()[:2] == ["registry", "Check"]


def test_the_version_is_ours(story):
    assert story.version.output == "invenio-cli-registry, version 1.0.0\n"


def test_check_answers_about_the_instance(story):
    assert (story.check.status, story.check.errors) == (1, "")
    assert story.check.output.startswith("my-site: impacted.")
    assert "invenio-cli registry migrate" in story.check.output


def test_the_command_on_its_own_answers_and_shows_the_change(story):
    assert story.alone.output.startswith("my-site: impacted.")
    assert f"+FROM registry.cern.ch/{IMAGE}\n" in story.alone_dry.output
    assert (story.alone.status, story.alone_dry.status) == (1, 1)
    assert story.alone.errors == ""
    assert story.alone_dry.errors.startswith("1 file would change; nothing was written")


def test_the_command_on_its_own_says_the_same_but_for_its_name(story):
    """A command that is longer or shorter may leave another place for what follows it."""
    said = story.check.output.replace("invenio-cli registry", "invenio-cli-registry")
    assert story.alone.output.split() == said.split()


def test_a_build_is_warned_of_and_goes_on(story):
    assert story.build.status == 0
    assert "Images built successfully." in story.build.output
    assert IMAGE not in story.build.output
    assert story.build.errors.startswith(SAID)
    assert story.build.errors.endswith(GOES_ON)
    (call,) = story.calls
    assert call.endswith("--file docker-compose.full.yml build")


def test_a_build_with_fail_stops_before_it_begins(story):
    assert (story.stopped.status, story.stopped.output) == (1, "")
    assert story.stopped.errors.startswith(SAID)
    assert story.stopped.errors.endswith(STOPPED)
    assert story.stopped_calls == []


def test_a_build_with_off_says_nothing(story):
    assert (story.off.status, story.off.errors) == (0, "")
    assert story.off_calls == story.calls


def test_without_a_docker_engine_the_check_still_comes_first(story):
    """What the host says about the engine, a traceback, comes after it."""
    assert story.without_engine.status == 1
    assert story.without_engine.errors.startswith(SAID)
    assert story.stopped_without_engine == story.stopped


def test_a_start_that_builds_is_warned_of_too(story):
    assert story.start.status == 0
    assert story.start.errors.startswith(SAID)


def test_migrate_moves_the_image_and_the_instance_is_no_longer_impacted(story):
    assert (story.migrate.status, story.migrate.errors) == (0, "")
    assert story.migrate.output.startswith(story.alone_dry.output)
    assert (story.moved.status, story.moved.errors) == (0, "")
    assert "impacted" not in story.moved.output
