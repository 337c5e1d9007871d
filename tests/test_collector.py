# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The garbage collector rests while a command runs, and not longer."""

from __future__ import annotations

import gc

import click
import pytest
from click.testing import CliRunner

from invenio_cli_registry.collector import rest_collector


@pytest.mark.parametrize("enabled", [True, False])
def test_a_command_leaves_the_collector_as_it_was(enabled):
    @click.command()
    @click.pass_context
    def command(context: click.Context) -> None:
        rest_collector(context)
        click.echo(f"enabled: {gc.isenabled()}")

    if not enabled:
        gc.disable()
    try:
        result = CliRunner().invoke(command)
        after = gc.isenabled()
    finally:
        gc.enable()
    assert result.output == "enabled: False\n"
    assert after is enabled
