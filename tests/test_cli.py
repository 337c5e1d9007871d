# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The command line: options, help, exit codes, and what the machine may refuse."""

from __future__ import annotations

import datetime
import json
import os
import pty
import subprocess
import sys

import click
import pytest

from invenio_cli_registry.cli import registry
from invenio_cli_registry.rules import RULES

from .conftest import ROOT, clean_environ
from .instances import CATALOGUE, build, call, configure, instance, rdm, run

HUB = "inveniosoftware/centos8-python:3.8"
CERN = f"registry.cern.ch/{HUB}"
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
V9 = {**rdm("9.1.7", "3.8"), **build(HUB)}
FINE = {**rdm("13.1.2", "3.9"), **build(ALMA)}
WRONG = {**rdm("13.1.2", "3.12"), **build(ALMA)}
COMMANDS = list(registry.commands)


# ---- Help -----------------------------------------------------------------------------


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_the_commands_in_the_order_in_which_they_are_needed(option):
    lines = call(option).out.split("Commands:\n")[1].splitlines()
    names = [line.split()[0] for line in lines]
    assert names == COMMANDS
    assert names[:3] == ["check", "migrate", "verify"]
    assert not [line for line in lines if line.endswith("...")]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command(name):
    text = call(name, "-h").out
    assert text == call(name, "--help").out
    assert text.startswith(f"Usage: invenio-cli registry {name} [OPTIONS]")
    assert "[default: none]" not in text
    codes = text.split("Exit codes:\n")[1].split("\n\n")[0].splitlines()
    assert codes[0].startswith("    0: ")
    assert codes[-1].startswith(("    2: ", "       "))
    *_, title, first, second = text.splitlines()
    assert title == "  Examples:"
    for line in (first, second):
        assert line.startswith(f"    invenio-cli registry {name}")
    for option in registry.commands[name].params:
        if isinstance(option, click.Option):
            assert option.help.endswith(("repeatable.", ".")), option.name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_the_help_are_read(name, tmp_path, monkeypatch):
    """They are those of an instance and of two sites; a registry is not contacted."""
    monkeypatch.setattr("invenio_cli_registry.verify.ask", lambda *a, **b: {})
    sites = {f"sites/{site}/{path}": V9[path] for site in "ab" for path in V9}
    with instance(tmp_path, {**V9, **sites}):
        for line in call(name, "-h").out.splitlines()[-2:]:
            ran = call(*line.split()[2:])
            assert "Usage:" not in ran.err, line
            assert ran.code in (0, 1, 2)


def test_the_help_says_where_to_start():
    assert "Start with `check`" in call("--help").out


def test_the_version():
    assert call("--version").out.startswith("invenio-cli-registry, version ")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("chekc",), "No such command 'chekc'. Did you mean 'check'?"),
        (("check", "--fial-on", "now"), "--fial-on"),
        (("check", "--format", "sariff"), "sariff. Did you mean 'sarif'?"),
        (("check", "--format", "x"), "Known: text, json, sarif, github"),
        (("check", "--fail-on", "sone"), "Did you mean 'soon'?"),
        (("check", "--only", "docker-hubb"), "Did you mean 'docker-hub'?"),
        (("check", "--ignore", "\x1b"), r"no such rule: \x1b. Known: "),
        (("rules", "pyton"), "Did you mean 'python'?"),
        (("migrate", "--to", "alma"), "Did you mean 'almalinux'?"),
        (("migrate", "--mirror", "docker.io"), "UPSTREAM=HOST[:PORT]/PATH"),
        (("migrate", "--copy", "docker.io/inveniosoftware=YOUR.REGISTRY/x"), "YOUR"),
        (("verify", "--timeout", "0"), "--timeout"),
        (("check", "--today", "tomorrow"), "--today"),
        (("check", "--catalogue", "nowhere"), "nowhere"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_usage_error_names_what_was_meant(tmp_path, arguments, said):
    with instance(tmp_path, {}):
        ran = call(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert said in " ".join(ran.err.split())


# ---- check ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        pytest.param(V9, (), 1, id="soon"),
        pytest.param(V9, ("--fail-on", "now"), 0, id="soon-below-now"),
        pytest.param(V9, ("--fail-on", "never"), 0, id="never"),
        pytest.param(WRONG, ("--fail-on", "now"), 1, id="now"),
        pytest.param(FINE, (), 0, id="ok"),
        pytest.param({}, (), 2, id="nothing"),
        pytest.param(V9, ("nowhere",), 2, id="no-path"),
        pytest.param(configure(V9, "fail-on = now"), (), 0, id="setting"),
        pytest.param(
            configure(V9, "fail-on = now"), ("--fail-on", "soon"), 1, id="wins"
        ),
        pytest.param(V9, ("--ignore", "docker-hub"), 0, id="ignore"),
        pytest.param(V9, ("--only", "python"), 0, id="only-another"),
        pytest.param(V9, ("--only", "python", "--only", "docker-hub"), 1, id="only"),
        pytest.param(V9, ("--for", "10.1"), 1, id="for"),
    ],
)
def test_the_exit_code(tmp_path, files, arguments, code):
    ran = run(tmp_path, files, "check", *arguments)
    assert (ran.code, ran.err) == (code, "")


def test_each_instance_has_its_own_fail_on(tmp_path):
    lenient = configure(V9, "fail-on = never")
    files = {f"a/{path}": text for path, text in lenient.items()}
    assert run(tmp_path, files, "check").code == 0
    files.update({f"b/{path}": text for path, text in V9.items()})
    assert run(tmp_path, files, "check").code == 1


def test_without_paths_the_instance_around_the_current_folder(tmp_path):
    with instance(tmp_path, {**V9, "docker/x": ""}):
        os.chdir("docker")
        ran = call("check", "--catalogue", CATALOGUE)
    assert ran.code == 1
    assert ran.out.startswith("my-site (..): ")
    assert "migrate --verify .." in ran.out


@pytest.mark.parametrize(
    "form", ["text", "json", "sarif", "github", "gitlab", "markdown"]
)
def test_a_format_is_printed_or_written(tmp_path, form):
    printed = run(tmp_path / "printed", V9, "check", "--format", form)
    written = run(tmp_path, V9, "check", "--format", form, "--output", "report")
    report = (tmp_path / "my-site/report").read_text("utf-8")
    assert report == printed.out
    assert written.out == run(tmp_path / "text", V9, "check").out
    assert {printed.code, written.code} == {1}
    if form in ("json", "sarif", "gitlab"):
        json.loads(report)


@pytest.mark.parametrize("name", ["Dockerfile", "Pipfile", ".invenio", "./Dockerfile"])
def test_a_report_is_never_written_over_what_is_read(tmp_path, name):
    ran = run(tmp_path, V9, "check", "--output", name)
    assert ran.code == 2
    assert name in ran.err
    assert (tmp_path / "my-site" / name).read_text("utf-8") == V9[
        name.lstrip("./") if name.startswith("./") else name
    ]


def test_the_summary_is_the_table_alone(tmp_path):
    files = {f"{site}/{path}": V9[path] for site in "ab" for path in V9}
    ran = run(tmp_path, files, "check", "--summary")
    assert ran.out.startswith("2 instances: ")
    assert "Act now?" not in ran.out
    assert "Act now?" in run(tmp_path, files, "check").out


def test_today_is_the_day_of_the_answer(tmp_path):
    assert (
        run(tmp_path, FINE, "check", "--today", "2027-03-01").out
        != run(tmp_path, FINE, "check", today=datetime.date(2026, 11, 24)).out
    )


def test_exclude_and_a_named_file(tmp_path):
    files = {**V9, "old/Dockerfile": "FROM inveniosoftware/centos7-python:3.6\n"}
    assert "old/Dockerfile" in run(tmp_path, files, "check").out
    assert "old/" not in run(tmp_path, files, "check", "--exclude", "old").out
    assert "old/Dockerfile" in run(tmp_path, files, "check", "old/Dockerfile").out


def test_commands_are_advised_by_the_name_that_was_called(tmp_path):
    code = "from invenio_cli_registry.cli import main; main()"
    environ = {**clean_environ(), "PYTHONPATH": str(ROOT)}
    with instance(tmp_path, V9):
        for command, name in (
            (["-m", "invenio_cli_registry"], "python -m invenio_cli_registry"),
            (["-c", code], "-c"),
        ):
            command = [sys.executable, *command, "check"]
            done = subprocess.run(command, env=environ, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (1, "")
            assert f"    {name} migrate" in done.stdout


# ---- The other commands ---------------------------------------------------------------


def test_migrate_shows_writes_and_is_done(tmp_path):
    with instance(tmp_path, V9) as site:
        shown = call("migrate", "--catalogue", CATALOGUE, "--dry-run")
        assert shown.code == 1
        assert shown.err.startswith("1 file would change; nothing was written (exit")
        assert f"+FROM {CERN}\n" in shown.out
        assert (site / "Dockerfile").read_text() == V9["Dockerfile"]
        asked = call("migrate", "--catalogue", CATALOGUE)
        assert asked.code == 2
        assert "add `--yes` to write or `--dry-run`" in " ".join(asked.err.split())
        written = call("migrate", "--catalogue", CATALOGUE, "--yes")
        assert written.code == 0
        assert (site / "Dockerfile").read_text().startswith(f"FROM {CERN}\n")
        again = call("migrate", "--catalogue", CATALOGUE, "--yes")
        assert again.code == 0
        assert again.out.startswith("my-site: nothing to change; 3 other findings:")


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_migrate_asks_on_a_terminal(tmp_path, answer, code):
    ours, theirs = pty.openpty()
    environ = {**clean_environ(), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "invenio_cli_registry", "migrate"]
    with instance(tmp_path, V9) as site:
        process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environ,
        )
        with process:
            os.write(ours, f"{answer}\n".encode())
            _, errors = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == code
    assert b"[y/N]" in errors
    assert (CERN in (site / "Dockerfile").read_text()) is (answer == "y")


def test_schema_prints_a_schema():
    for name in ("check", "verify"):
        assert json.loads(call("schema", name).out)["$id"]
    assert call("schema").out == call("schema", "check").out


def test_rules_lists_and_explains_each():
    listed, hint = call("rules").out.rstrip().split("\n\n")
    heading, *lines = (line.split() for line in listed.splitlines())
    assert heading == ["Rule", "Act", "now?", "What", "it", "finds"]
    assert [words[:2] for words in lines] == [
        [one.id, one.act] for one in RULES.values()
    ]
    assert "rules ID" in hint
    for name, rule in RULES.items():
        said = call("rules", name)
        assert said.code == 0
        words = " ".join(said.out.split())
        assert f"What it finds: {rule.finds} What to do: " in words
        assert words.endswith(f" Source: {rule.source}")
        assert "{prog}" not in said.out


def test_catalogue_tells_a_release_and_an_image():
    for name in ("14", "almalinux:1", HUB):
        ran = call("catalogue", "--catalogue", CATALOGUE, name)
        assert ran.code == 0
        assert "https://" in ran.out
    assert call("catalogue", "nothing").code == 2


def test_settings_with_their_places(tmp_path):
    mirror = "docker.io=harbor.example.org/hub"
    files = configure(V9, "preflight = fail", f"mirrors = {mirror}")
    ran = run(tmp_path, files, "settings")
    assert ran.code == 0
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["preflight", "=", "fail", ".invenio:6"] in lines
    assert ["mirrors", "=", mirror, ".invenio:7"] in lines
    assert ["fail-on", "=", "soon", "default"] in lines


def test_instances_with_the_same_settings_are_said_once(tmp_path):
    files = {f"{name}/{path}": text for name in "ab" for path, text in V9.items()}
    out = run(tmp_path, files, "settings", "a", "b").out
    assert out.startswith("a, b:\n  preflight = warn")
    assert "[tool.invenio-cli-registry]" in out


def test_another_catalogue_that_is_broken_is_refused(tmp_path):
    with instance(tmp_path, {**V9, "facts/catalog.toml": "date = x\n"}):
        ran = call("check", "--catalogue", "facts")
    assert (ran.code, ran.out) == (2, "")
    assert "facts" in ran.err


# ---- What the machine may refuse ------------------------------------------------------


def shell(line, folder):
    """Run a line of shell in which ``$R`` is the command."""
    environ = {**clean_environ(), "PYTHONPATH": str(ROOT)}
    environ["R"] = f"{sys.executable} -m invenio_cli_registry"
    return subprocess.run(
        ["sh", "-c", line], cwd=folder, env=environ, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        pytest.param("$R check >&-", 2, "stdout is closed", id="closed-stdout"),
        pytest.param("$R check <&-", 1, "", id="closed-stdin"),
        pytest.param(
            "$R migrate <&-", 2, "no terminal to ask on", id="closed-question"
        ),
        pytest.param("$R check 2>&-", 1, "", id="closed-stderr"),
        pytest.param("$R chekc 2>&-", 2, "", id="closed-stderr-error"),
        pytest.param("$R check >/dev/full", 2, "No space left", id="full-disk"),
        pytest.param("$R --help >/dev/full", 2, "No space left", id="full-disk-help"),
        pytest.param(
            "$R check -h >/dev/full", 2, "No space left", id="full-disk-check"
        ),
        pytest.param(
            "mkdir x; cd x; rmdir ../x; $R check", 2, "was deleted", id="deleted-folder"
        ),
        pytest.param("$R check --output /dev/full", 2, "/dev/full", id="full-output"),
        pytest.param("$R check | true", 0, "", id="reader-ends"),
    ],
)
def test_a_fault_is_a_message_and_an_exit_code(tmp_path, line, code, said):
    with instance(tmp_path, V9) as site:
        done = shell(line, site)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert len(done.stderr.splitlines()) <= 4


def test_colours_only_where_they_are_wanted(tmp_path):
    environ = {**clean_environ(), "PYTHONPATH": str(ROOT)}
    environ.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "invenio_cli_registry", "check"]
    ours, theirs = pty.openpty()
    with instance(tmp_path, V9):
        for extra, expected in (({}, True), ({"NO_COLOR": "1"}, False)):
            subprocess.run(command, stdout=theirs, env={**environ, **extra})
            assert (b"\x1b[" in os.read(ours, 100_000)) is expected
        for extra, expected in (({}, False), ({"FORCE_COLOR": "1"}, True)):
            done = subprocess.run(
                command, capture_output=True, env={**environ, **extra}
            )
            assert (b"\x1b[" in done.stdout) is expected
    os.close(ours)
    os.close(theirs)
