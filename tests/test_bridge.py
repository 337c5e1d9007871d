# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The bridge: in this process with a stand-in host, and at the start of a real Python."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import re
import shutil
import subprocess
import sys
import textwrap
import venv
import zipfile
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from invenio_cli_registry import bridge

from .conftest import clean_environ

HOST = "stand_in_host"
GROUP = "stand_in.commands"
HOST_SOURCE = """\
import click

@click.group()
def invenio_cli():
    "The host."

@invenio_cli.command()
def install():
    "The host's own."
    click.echo("the host's own")
"""


@pytest.fixture
def host(tmp_path, monkeypatch):
    """Put a host on the path, and the bridge in place for it and for our entry points."""
    monkeypatch.setattr(bridge, "HOST", HOST)
    monkeypatch.setattr(bridge, "GROUP", GROUP)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.delenv(bridge.SWITCH, raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    path = tmp_path / f"{HOST}.py"
    path.write_text(HOST_SOURCE)
    before = set(sys.modules)
    yield path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def finders():
    return [one for one in sys.meta_path if isinstance(one, bridge.HostFinder)]


def load_host():
    return importlib.import_module(HOST)


def add_plugin(folder, line, group=GROUP, name="plugin", suffix="dist-info"):
    """Install a distribution that has nothing but one entry point."""
    info = folder / f"{name}-1.0.{suffix}"
    info.mkdir()
    metadata = "METADATA" if suffix == "dist-info" else "PKG-INFO"
    (info / metadata).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{line}\n")


def add_command(folder, module="hello", text="hello"):
    (folder / f"{module}.py").write_text(
        f"import click\ncommand = click.Command('x', callback=lambda: click.echo({text!r}))\n"
    )


def call(group, *args):
    result = CliRunner().invoke(group, args)
    return result.exit_code, result.output


def test_installed_five_times_it_is_one_finder_and_none_after_the_import(host):
    for _ in range(5):
        bridge.install()
    assert len(finders()) == 1
    load_host()
    assert finders() == []
    bridge.install()
    assert finders() == []


def test_the_switch_turns_it_off(host, monkeypatch):
    monkeypatch.setenv(bridge.SWITCH, "1")
    bridge.install()
    assert finders() == []


def test_a_mere_question_for_the_spec_does_not_disarm_it(host):
    bridge.install()
    spec = importlib.util.find_spec(HOST)
    assert spec.loader.get_source(HOST) == HOST_SOURCE
    assert len(finders()) == 1


def test_a_spec_that_was_asked_for_loads_also_after_the_import(host):
    bridge.install()
    spec = importlib.util.find_spec(HOST)
    load_host()
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.invenio_cli.name


def test_the_host_does_not_see_that_it_was_loaded_through_us(host):
    bridge.install()
    module = load_host()
    assert not isinstance(module.__loader__, bridge.HostLoader)
    assert module.__spec__.loader is module.__loader__
    assert inspect.getsource(module) == HOST_SOURCE


def test_other_modules_are_left_alone(host):
    assert bridge.HostFinder().find_spec("json") is None


def test_a_host_that_is_not_there_is_not_found(host):
    host.unlink()
    importlib.invalidate_caches()
    bridge.install()
    with pytest.raises(ModuleNotFoundError, match=HOST):
        load_host()


def test_a_finder_of_the_old_kind_is_passed_over(host):
    bridge.install()
    sys.meta_path.insert(1, object())
    assert load_host().invenio_cli.name


def test_a_loader_of_the_old_kind_is_left_alone(host, mocker):
    spec = mocker.Mock(loader=object())
    finder = mocker.Mock()
    finder.find_spec.return_value = spec
    loader = spec.loader
    bridge.install()
    sys.meta_path.insert(1, finder)
    assert finders()[0].find_spec(HOST) is spec
    assert spec.loader is loader


def test_a_host_that_does_not_start_raises_its_own_error(host):
    host.write_text("raise RuntimeError('the host is broken')\n")
    bridge.install()
    with pytest.raises(RuntimeError, match="the host is broken"):
        load_host()


def test_a_host_without_the_group_starts_and_is_told_about(host, capsys):
    host.write_text("cli = None\n")
    bridge.install()
    load_host()
    assert capsys.readouterr().err.startswith(
        "invenio-cli-registry: this invenio-cli takes no plugins (AttributeError("
    )


def test_a_command_of_a_plugin_is_there(host, tmp_path):
    add_plugin(tmp_path, "hello = hello:command")
    add_command(tmp_path)
    bridge.install()
    assert call(load_host().invenio_cli, "hello") == (0, "hello\n")


def test_a_plugin_that_is_listed_twice_is_one_command(host, tmp_path):
    add_plugin(tmp_path, "hello = hello:command")
    add_plugin(tmp_path, "hello = hello:command", suffix="egg-info")
    add_command(tmp_path)
    group = load_host().invenio_cli
    bridge.attach(group)
    assert sorted(group.commands) == ["hello", "install"]


def test_the_hosts_own_command_wins(host, tmp_path):
    add_plugin(tmp_path, "install = hello:command")
    add_command(tmp_path)
    bridge.install()
    assert call(load_host().invenio_cli, "install") == (0, "the host's own\n")


@pytest.mark.parametrize("order", [("first", "second"), ("second", "first")])
def test_of_two_plugins_with_one_name_it_is_always_the_same(host, tmp_path, order):
    for name, module in zip(("a", "b"), order):
        add_command(tmp_path, f"the_{module}", text=module)
        add_plugin(tmp_path, f"hello = the_{module}:command", name=name)
    group = load_host().invenio_cli
    bridge.attach(group)
    assert call(group, "hello") == (0, "first\n")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        pytest.param(None, "ModuleNotFoundError", id="no such module"),
        pytest.param("", "AttributeError", id="no such command"),
        pytest.param("command = print", "TypeError", id="not a command"),
        pytest.param("1 / 0", "ZeroDivisionError", id="raises when imported"),
        pytest.param("raise SystemExit(3)", "SystemExit", id="exits when imported"),
        pytest.param("raise GeneratorExit", "GeneratorExit", id="raises BaseException"),
        pytest.param(
            "import click\nclass C(click.Command):\n"
            "    def get_short_help_str(self, limit=45): raise BaseException\n"
            "command = C('x')",
            "BaseException",
            id="raises in its help",
        ),
    ],
)
def test_a_broken_plugin_is_a_command_that_says_why(host, tmp_path, source, kind):
    add_plugin(tmp_path, "broken = bad_plugin:command", name="bad")
    add_plugin(tmp_path, "hello = hello:command", name="good")
    add_command(tmp_path)
    if source is not None:
        (tmp_path / "bad_plugin.py").write_text(source)
    bridge.install()
    group = load_host().invenio_cli
    assert f"broken   (broken plugin: {kind})" in call(group, "--help")[1]
    assert call(group, "hello") == (0, "hello\n")
    for args in ((), ("--help",), ("sub", "--option", "x")):
        status, output = call(group, "broken", *args)
        assert status == 1
        assert output.startswith(f"Error: plugin bad_plugin:command is broken: {kind}(")


@pytest.mark.parametrize("text", ["no section\n[", "[x]\n=\n[[", "\udcff"])
def test_a_broken_list_of_another_distribution_hides_no_plugin(host, tmp_path, text):
    add_plugin(tmp_path, "hello = hello:command")
    add_plugin(tmp_path, "x = x:x", name="another")
    path = tmp_path / "another-1.0.dist-info/entry_points.txt"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    add_command(tmp_path)
    bridge.install()
    assert call(load_host().invenio_cli, "hello") == (0, "hello\n")


def test_a_closed_stderr_does_not_stop_the_host(host, monkeypatch):
    host.write_text("cli = None\n")
    monkeypatch.setattr(sys, "stderr", None)
    bridge.install()
    assert load_host().cli is None


# From here on: a real Python that reads the start-up file of a real wheel.


@pytest.fixture(scope="module")
def installed(tmp_path_factory, wheel):
    return make_environment(tmp_path_factory.mktemp("environment"), wheel)


@pytest.fixture
def run():
    def run(environment, *args, **variables):
        return subprocess.run(
            [str(environment / "bin/python"), *args],
            env={**clean_environ(), **variables},
            cwd=str(environment),
            capture_output=True,
            text=True,
        )

    return run


def make_environment(folder, wheel):
    """Make an environment with the wheel, click, and a host that is a group only."""
    venv.create(folder, symlinks=True)
    packages = site_packages(folder)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    shutil.copytree(Path(click.__file__).parent, packages / "click")
    package = packages / "invenio_cli/cli"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(HOST_SOURCE)
    script = folder / "bin/invenio-cli"
    script.write_text("from invenio_cli.cli.cli import invenio_cli\ninvenio_cli()\n")
    return folder


def site_packages(environment):
    (packages,) = environment.glob("lib/python3.*/site-packages")
    return packages


def lists(result, *names):
    """Tell whether the host started without a word and lists commands."""
    assert (result.returncode, result.stderr) == (0, "")
    commands = result.stdout.split("Commands:")[1].splitlines()
    return {line.split()[0] for line in commands if line} == {"install", *names}


def test_the_host_lists_the_command(installed, run):
    assert lists(run(installed, "bin/invenio-cli", "--help"), "registry")


def test_the_host_of_an_isolated_python_lists_the_command(installed, run):
    assert lists(run(installed, "-I", "bin/invenio-cli", "--help"), "registry")


def test_the_switch_leaves_the_host_alone(installed, run):
    off = {bridge.SWITCH: "1"}
    assert lists(run(installed, "bin/invenio-cli", "--help", **off))


def test_a_python_without_site_leaves_the_host_alone(installed, run):
    path = {"PYTHONPATH": str(site_packages(installed))}
    assert lists(run(installed, "-S", "bin/invenio-cli", "--help", **path))


def test_the_hosts_help_imports_nothing_of_ours_but_bridge_and_plugin(installed, run):
    result = run(installed, "-v", "bin/invenio-cli", "--help")
    assert imports_of_ours(result.stderr) == {"", ".bridge", ".plugin"}


def test_any_other_python_imports_nothing_of_ours(installed, run):
    result = run(installed, "-v", "-c", "pass")
    assert "import 'site'" in result.stderr
    assert imports_of_ours(result.stderr) == set()


def imports_of_ours(log):
    """Read what ``python -v`` says; ``-X importtime`` does not see import_module."""
    modules = re.findall(r"^import '([\w.]+)'", log, re.MULTILINE)
    package = "invenio_cli_registry"
    return {m[len(package) :] for m in modules if m.split(".")[0] == package}


def test_the_module_in_the_arguments_of_another_program_does_no_harm(installed, run):
    result = run(installed, "-c", "print('fine')", "invenio-cli")
    assert (result.stdout, result.stderr) == ("fine\n", "")


def test_another_plugin_next_to_ours(installed, run, tmp_path):
    add_plugin(tmp_path, "hello = hello:command", bridge.GROUP, name="good")
    add_plugin(tmp_path, "broken = nothing:command", bridge.GROUP, name="bad")
    add_command(tmp_path)
    path = {"PYTHONPATH": str(tmp_path)}
    result = run(installed, "bin/invenio-cli", "--help", **path)
    assert lists(result, "registry", "hello", "broken")
    assert run(installed, "bin/invenio-cli", "hello", **path).stdout == "hello\n"
    assert run(installed, "bin/invenio-cli", "broken", **path).returncode == 1


def test_without_the_host_every_python_starts(installed, run, tmp_path):
    script = tmp_path / "invenio-cli"
    script.write_text("import invenio_cli.cli.other\n")
    result = run(installed, str(script))
    assert "No module named 'invenio_cli.cli.other'" in result.stderr


def test_a_module_that_was_deleted_by_hand(tmp_path, wheel, run):
    environment = make_environment(tmp_path / "environment", wheel)
    shutil.rmtree(site_packages(environment) / "invenio_cli_registry")
    result = run(environment, "-c", "print('fine')")
    assert (result.stdout, result.stderr) == ("fine\n", "")
    result = run(environment, "bin/invenio-cli", "install")
    assert (result.returncode, result.stdout) == (0, "the host's own\n")
    assert "invenio_cli_registry" in result.stderr


def test_a_module_that_a_full_disk_cut_short(tmp_path, wheel, run):
    """Wherever it is cut, the host starts; what Python says of it is on stderr."""
    environment = make_environment(tmp_path / "environment", wheel)
    path = site_packages(environment) / "invenio_cli_registry/bridge.py"
    lines = path.read_text().splitlines(keepends=True)
    for kept in range(0, len(lines), 12):
        path.write_text("".join(lines[:kept]))
        result = run(environment, "-B", "bin/invenio-cli", "install")
        assert (result.returncode, result.stdout) == (0, "the host's own\n"), kept


def test_a_host_that_loads_plugins_itself_keeps_its_own(tmp_path, wheel, run):
    environment = make_environment(tmp_path / "environment", wheel)
    host = site_packages(environment) / "invenio_cli/cli/cli.py"
    host.write_text(
        HOST_SOURCE
        + textwrap.dedent(
            """
            import invenio_cli_registry.plugin
            invenio_cli.add_command(click.Command("registry", help="By the host."))
            """
        )
    )
    result = run(environment, "bin/invenio-cli", "--help")
    assert lists(result, "registry")
    assert "By the host." in result.stdout


LAZY_HOST = """
import click
from importlib import import_module

class Plugins(click.Group):
    def list_commands(self, context):
        self.add_command(import_module("invenio_cli_registry.plugin").registry)
        return super().list_commands(context)

@click.group(cls=Plugins)
def invenio_cli():
    "The host."

@invenio_cli.command()
def install():
    "The host's own."
"""


def test_a_host_that_loads_plugins_when_it_is_asked_is_given_none(tmp_path, wheel, run):
    environment = make_environment(tmp_path / "environment", wheel)
    host = site_packages(environment) / "invenio_cli/cli/cli.py"
    host.write_text(LAZY_HOST)
    bridge_file = site_packages(environment) / "invenio_cli_registry/bridge.py"
    bridge_file.write_text(bridge_file.read_text() + "\n_load = None\n")
    assert lists(run(environment, "bin/invenio-cli", "--help"), "registry")
    host.write_text(HOST_SOURCE)
    result = run(environment, "bin/invenio-cli", "--help")
    assert "this invenio-cli takes no plugins (TypeError" in result.stderr


def test_our_own_command_does_not_need_the_bridge(installed, run):
    result = run(installed, "-v", "-m", "invenio_cli_registry", "--help")
    assert result.stdout.startswith("Usage: python -m invenio_cli_registry [OPTIONS]")
    assert not {".bridge", ".plugin"} & imports_of_ours(result.stderr)


def test_the_environment_is_not_the_one_of_the_tests(installed, run):
    result = run(installed, "-c", "import click, os; print(click.__file__)")
    assert result.stdout.startswith(os.path.realpath(str(installed)))
