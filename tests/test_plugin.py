# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What invenio-cli loads: the group, and the step before a container build."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from invenio_cli.commands import ContainersCommands
from invenio_cli.commands.steps import FunctionStep
from invenio_cli.helpers.process import ProcessResponse

from invenio_cli_registry import cli, plugin
from invenio_cli_registry.preflight import Notice

INSPECT = "invenio_cli_registry.preflight.inspect_build"


@pytest.fixture
def steps():
    return [FunctionStep(func=ProcessResponse, message="Building images...")]


@pytest.fixture
def build(monkeypatch, steps):
    """Put a plain method into the host, the preflight around it, and return the result."""
    monkeypatch.setattr(ContainersCommands, "build", lambda self, *a, **o: steps)
    plugin.install_preflight()
    return lambda *args, **options: ContainersCommands.build(None, *args, **options)


def test_nothing_to_say_changes_nothing(build, steps, mocker):
    mocker.patch(INSPECT, return_value=None)
    assert build() is steps


def test_a_notice_is_one_step_before_the_others(build, steps, mocker):
    mocker.patch(INSPECT, return_value=Notice("look", stop=False))
    first, *others = build()
    assert others == steps
    assert (first.message, first.skippable) == ("Checking the base images.", False)


@pytest.mark.parametrize(
    ("stop", "status", "error"),
    [
        pytest.param(False, 0, None, id="the build goes on"),
        pytest.param(True, 1, plugin._STOPPED, id="the build stops"),
    ],
)
def test_the_step_shows_the_notice(build, mocker, capsys, stop, status, error):
    mocker.patch(INSPECT, return_value=Notice("Dockerfile:1:6\n  becomes", stop))
    response = build()[0].execute()
    assert (response.status_code, response.error) == (status, error)
    # 1.0.5 takes a warning for a failure and prints what is in output.
    assert (response.warning, response.output) == (False, None)
    assert capsys.readouterr() == ("", "Dockerfile:1:6\n  becomes\n")


def test_the_current_folder_and_the_environment_are_looked_at(
    build, mocker, monkeypatch
):
    inspect = mocker.patch(INSPECT, return_value=None)
    monkeypatch.setenv("INVENIO_CLI_REGISTRY_PREFLIGHT", "fail")
    build()
    (folder, environ), _ = inspect.call_args
    assert (folder, environ["INVENIO_CLI_REGISTRY_PREFLIGHT"]) == (".", "fail")


def test_the_hosts_method_gets_its_arguments(monkeypatch, mocker):
    host = mocker.Mock(spec=[], __name__="build", return_value=[])
    monkeypatch.setattr(ContainersCommands, "build", host)
    mocker.patch(INSPECT, return_value=None)
    plugin.install_preflight()
    ContainersCommands.build("self", False, cache=True)
    host.assert_called_once_with("self", False, cache=True)


@pytest.mark.parametrize("error", [RuntimeError("oh"), RecursionError("oh")])
def test_a_check_that_raises_leaves_the_original_steps(
    build, steps, mocker, capsys, error
):
    mocker.patch(INSPECT, side_effect=error)
    assert build() is steps
    assert capsys.readouterr().err == (
        f"invenio-cli-registry: the images were not checked: {error!r}\n"
    )


def test_a_check_that_is_not_there_leaves_the_original_steps(build, steps, monkeypatch):
    monkeypatch.setitem(sys.modules, "invenio_cli_registry.preflight", None)
    assert build() is steps


def test_a_host_whose_steps_are_elsewhere_keeps_its_own(
    build, steps, mocker, monkeypatch
):
    mocker.patch(INSPECT, return_value=Notice("look", stop=False))
    monkeypatch.setitem(sys.modules, "invenio_cli.commands.steps", None)
    assert build() is steps


def test_a_closed_terminal_stops_no_build(build, mocker):
    mocker.patch(INSPECT, return_value=Notice("look", stop=False))
    mocker.patch("click.secho", side_effect=BrokenPipeError)
    assert build()[0].execute().status_code == 0


def test_the_hosts_own_error_is_the_hosts(monkeypatch):
    def fail(self):
        raise KeyError("the host's own")

    monkeypatch.setattr(ContainersCommands, "build", fail)
    plugin.install_preflight()
    with pytest.raises(KeyError, match="the host's own"):
        ContainersCommands.build(None)


def test_it_wraps_once(build):
    wrapped = ContainersCommands.build
    plugin.install_preflight()
    assert ContainersCommands.build is wrapped


def test_a_host_without_the_method_is_left_alone(monkeypatch):
    monkeypatch.delattr(ContainersCommands, "build")
    plugin.install_preflight()
    assert not hasattr(ContainersCommands, "build")


def test_a_host_without_the_commands_is_left_alone(monkeypatch):
    monkeypatch.setitem(sys.modules, "invenio_cli.commands", None)
    before = ContainersCommands.build
    plugin.install_preflight()
    assert ContainersCommands.build is before


def test_the_import_puts_it_in_place_and_imports_nothing_else_of_ours():
    code = (
        "import sys, invenio_cli_registry.plugin as plugin\n"
        "from invenio_cli.commands import ContainersCommands\n"
        "assert ContainersCommands.build.__wrapped__.__name__ == 'build'\n"
        "print(*sorted(m for m in sys.modules if m.startswith('invenio_cli_registry')))"
    )
    output = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert output.split() == ["invenio_cli_registry", "invenio_cli_registry.plugin"]


@pytest.fixture
def host():
    group = click.Group("invenio-cli")
    group.add_command(plugin.registry)
    return group


def help_of(group, *args):
    result = CliRunner().invoke(group, [*args, "--help"], prog_name="same")
    assert result.exit_code == 0
    return result.output


def test_the_groups_help_is_that_of_the_real_one():
    assert help_of(plugin.registry) == help_of(cli.registry)


@pytest.mark.parametrize("name", sorted(cli.registry.commands))
def test_a_commands_help_is_that_of_the_real_one(name):
    assert help_of(plugin.registry, name) == help_of(cli.registry, name)


def test_a_command_that_does_not_exist_is_named(host):
    result = CliRunner().invoke(host, ["registry", "chekc"])
    assert result.exit_code == 2
    assert "No such command 'chekc'" in result.output


def test_a_command_knows_the_name_it_was_called_by(host, mocker):
    seen = []
    command = click.Command("x", callback=lambda: seen.append(path()))
    mocker.patch.dict(cli.registry.commands, x=command)
    CliRunner().invoke(host, ["registry", "x"], prog_name="invenio-cli")
    assert seen == ["invenio-cli registry x"]


def path():
    return click.get_current_context().command_path
