# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What invenio-cli loads: the group, and the check when ``containers build`` starts."""

from __future__ import annotations

import contextlib
import importlib
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from invenio_cli.cli.containers import containers
from invenio_cli.commands import ContainersCommands

from invenio_cli_registry import cli, plugin

from .conftest import ROOT
from .instances import instance

NOT_CHECKED = "registry: the base images were not checked: "
STOPPED = "build stopped by `preflight = fail`\n"


class Built(Exception):
    """The host's own command was reached."""


@pytest.fixture
def site(tmp_path):
    """An instance that the host's configuration can be read from."""
    text = "[cli]\nflavour = RDM\n[cookiecutter]\nproject_shortname = my-site\n"
    with instance(tmp_path, {".invenio": text}) as folder:
        yield folder


@pytest.fixture
def look(monkeypatch):
    """Replace what looks at the build; take a notice, or an error that it raises."""

    def replace(result):
        seen = []

        def inspect_build(folder, environ):
            seen.append((folder, dict(environ)))
            if isinstance(result, BaseException):
                raise result
            return result

        module = type(sys)("preflight")
        module.inspect_build = inspect_build
        monkeypatch.setitem(sys.modules, "invenio_cli_registry.preflight", module)
        return seen

    return replace


@pytest.fixture
def host(monkeypatch, site):
    """Run a command of the host; it ends where the host would first ask for Docker."""

    def reach(*args, **options):
        raise Built

    monkeypatch.setattr(ContainersCommands, "__init__", reach)

    def run(*args):
        result = CliRunner().invoke(containers, args)
        return type(result.exception) is Built, result.exit_code

    return run


def notice(text="", stop=False):
    return type("Notice", (), {"text": text, "stop": stop})


BUILDS = [("build",), ("build", "--no-pull"), ("start", "--build")]


@pytest.mark.parametrize("command", BUILDS, ids=" ".join)
def test_a_build_begins_with_the_check_and_goes_on(host, look, capfd, command):
    seen = look(notice("registry: look"))
    assert host(*command) == (True, 1)
    assert [folder for folder, _ in seen] == ["."]


@pytest.mark.parametrize("command", BUILDS, ids=" ".join)
def test_it_stops_before_docker_is_asked(host, look, command):
    look(notice("registry: look", stop=True))
    assert host(*command) == (False, 1)


@pytest.mark.parametrize("command", [("start",), ("stop",), ("status",)], ids=" ".join)
def test_other_commands_are_left_alone(host, look, command):
    seen = look(notice("registry: look", stop=True))
    host(*command)
    assert seen == []


@pytest.mark.parametrize(
    ("result", "said"),
    [
        pytest.param(notice(), "", id="nothing"),
        pytest.param(notice("registry: look"), "registry: look\n", id="warning"),
        pytest.param(
            notice("registry: look", True), "registry: look\n" + STOPPED, id="stop"
        ),
        pytest.param(
            RecursionError("oh"), f"{NOT_CHECKED}RecursionError('oh')\n", id="raises"
        ),
    ],
)
def test_what_is_said_is_on_stderr(look, site, capsys, result, said):
    look(result)
    stops = pytest.raises(SystemExit) if STOPPED in said else contextlib.nullcontext()
    with stops:
        plugin._check()
    assert capsys.readouterr() == ("", said)


SETTING = "[registry]\npreflight = {}\n"


@pytest.mark.parametrize(
    ("files", "environ", "stops"),
    [
        pytest.param({}, "", False, id="not-configured"),
        pytest.param({".invenio": SETTING.format("fail")}, "", True, id="invenio"),
        pytest.param({".invenio": SETTING.format("warn")}, "", False, id="warn"),
        pytest.param(
            {"pyproject.toml": '[tool.invenio-cli-registry]\npreflight = "fail"\n'},
            "",
            True,
            id="pyproject",
        ),
        pytest.param({}, "fail", True, id="environment"),
        pytest.param(
            {".invenio": SETTING.format("fail")}, "warn", False, id="environment-wins"
        ),
    ],
)
def test_a_check_that_cannot_be_had_stops_where_fail_is_configured(
    tmp_path, look, monkeypatch, capsys, files, environ, stops
):
    look(RuntimeError("oh"))
    monkeypatch.setenv(plugin.VARIABLE, environ)
    with instance(tmp_path, files):
        if stops:
            with pytest.raises(SystemExit):
                plugin._check()
        else:
            plugin._check()
    assert (STOPPED in capsys.readouterr().err) is stops


def test_a_part_of_ours_that_is_missing_stops_no_build(site, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "invenio_cli_registry.preflight", None)
    plugin._check()
    assert capsys.readouterr().err.startswith(NOT_CHECKED)


def test_a_closed_stderr_stops_no_build(look, site, monkeypatch):
    look(notice("registry: look"))
    monkeypatch.setattr(sys, "stderr", None)
    plugin._check()


def test_the_commands_are_wrapped_once(look, site):
    before = containers.commands["build"].callback
    plugin.install_preflight()
    assert containers.commands["build"].callback is before


def test_what_wrapped_the_build_before_is_kept(monkeypatch, host, look):
    """Another plugin may have replaced the command, or its function."""

    @click.command()
    def build():
        raise Built

    monkeypatch.setitem(containers.commands, "build", build)
    plugin.install_preflight()
    look(notice("registry: look", stop=True))
    assert host("build") == (False, 1)
    look(notice())
    assert host("build") == (True, 1)


@pytest.mark.parametrize("gone", ["build", "start"])
def test_a_host_without_the_command_is_left_alone(monkeypatch, gone):
    monkeypatch.delitem(containers.commands, gone)
    plugin.install_preflight()
    assert gone not in containers.commands


def test_without_the_host_the_group_is_there(monkeypatch):
    monkeypatch.setitem(sys.modules, "invenio_cli.cli.containers", None)
    monkeypatch.delitem(sys.modules, "invenio_cli_registry.plugin")
    assert importlib.import_module("invenio_cli_registry.plugin").registry.name


def test_the_import_puts_it_in_place_and_imports_nothing_else_of_ours():
    code = (
        "import sys, invenio_cli_registry.plugin as plugin\n"
        "from invenio_cli.cli.containers import containers\n"
        "assert containers.commands['build'].callback.checks_base_images\n"
        "print(*sorted(m for m in sys.modules if m.startswith('invenio_cli_registry')))"
    )
    command = [sys.executable, "-c", code]
    output = subprocess.check_output(command, text=True, cwd=ROOT)
    assert output.split() == ["invenio_cli_registry", "invenio_cli_registry.plugin"]


# The group


def run_group(group, *args):
    result = CliRunner().invoke(group, args, prog_name="same")
    return result.exit_code, result.output


@pytest.mark.parametrize(
    "args",
    [("--help",), ("-h",), ("--version",), ("chekc",), ("--nope",)]
    + [(name, "--help") for name in cli.registry.commands],
    ids=" ".join,
)
def test_the_group_is_the_real_one(args):
    assert run_group(plugin.registry, *args) == run_group(cli.registry, *args)


def test_the_hosts_help_says_what_it_does():
    group = click.Group("invenio-cli", commands={"registry": plugin.registry})
    assert plugin.registry.help in run_group(group, "--help")[1]
    assert plugin.registry.help == cli.registry.help.splitlines()[0]


def test_a_command_knows_the_name_it_was_called_by(monkeypatch):
    group = click.Group("invenio-cli", commands={"registry": plugin.registry})
    seen = []

    @click.pass_context
    def call(context):
        seen.append(context.command_path)

    command = click.Command("x", callback=call)
    monkeypatch.setitem(cli.registry.commands, "x", command)
    CliRunner().invoke(group, ["registry", "x"], prog_name="invenio-cli")
    assert seen == ["invenio-cli registry x"]
