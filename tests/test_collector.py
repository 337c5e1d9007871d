# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The garbage collector rests while a command runs, and not longer."""

import gc

import pytest
from click.testing import CliRunner

from invenio_cli_registry import plugin
from invenio_cli_registry.cli import registry
from invenio_cli_registry.collector import rest_collector


@pytest.mark.parametrize("enabled", [True, False])
def test_it_is_woken_as_it_was(enabled):
    if not enabled:
        gc.disable()
    try:
        wake = rest_collector()
        rests = not gc.isenabled()
        wake()
        after = gc.isenabled()
    finally:
        gc.enable()
    assert rests
    assert after is enabled


@pytest.mark.parametrize("group", [registry, plugin.registry])
def test_it_rests_during_a_command_only(group, monkeypatch, tmp_path):
    seen = []

    def look(*_):
        seen.append(gc.isenabled())
        return "."

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("invenio_cli_registry.readers.projects.find_root", look)
    assert CliRunner().invoke(group, ["check"]).exit_code == 0
    assert seen == [False]
    assert gc.isenabled()


def test_it_rests_during_the_look_before_a_build_only(monkeypatch, tmp_path):
    seen = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "invenio_cli_registry.preflight.inspect_build",
        lambda *_: seen.append(gc.isenabled()),
    )
    build = plugin._with_preflight(lambda: ["step"])
    assert build() == ["step"]
    assert seen == [False]
    assert gc.isenabled()
