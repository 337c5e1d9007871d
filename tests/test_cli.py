# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The commands from outside: what ``check`` and ``migrate`` print, write and exit with."""

import inspect
import json
import os
import pty
import shutil
import subprocess
import sys
import textwrap

import click
import jsonschema
import pytest
from click.testing import CliRunner

from invenio_cli_registry.cli import registry

from .conftest import ROOT
from .instances import build, configure, instance, plain, rdm, rdm_uv
from .schemas import load_schema

HUB = "inveniosoftware/centos8-python:3.8"
CERN = f"registry.cern.ch/{HUB}"
ALMA = "registry.cern.ch/inveniosoftware/almalinux:1"
DAY = ("--today", "2026-11-24")
EXAMPLES = sorted(
    str(path.parent.relative_to(ROOT / "examples"))
    for path in (ROOT / "examples").glob("*/*/*")
    if path.name in (".invenio", "Dockerfile.base")
)
EXAMPLES = sorted(set(EXAMPLES))
#: Before click 8.2 what goes to stderr has to be kept apart by request.
APART = "mix_stderr" in inspect.signature(CliRunner).parameters
RUNNER = CliRunner(**({"mix_stderr": False} if APART else {}))


def run(*args, **options):
    """Run a command as ``invenio-cli registry`` runs it; nothing but an exit is caught."""
    options.setdefault("catch_exceptions", False)
    return RUNNER.invoke(registry, args, prog_name="invenio-cli registry", **options)


@pytest.fixture
def example(tmp_path, monkeypatch):
    """Return what copies an example, and go there."""

    def copy(name):
        folder = shutil.copytree(ROOT / "examples" / name, tmp_path / name)
        monkeypatch.chdir(folder)
        return folder

    return copy


def snapshot(folder):
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("name", "code", "first", "act"),
    [
        pytest.param(
            "rdm-9.1/my-site",
            1,
            "my-site: impacted. Its base image lies on Docker Hub",
            "Soon.",
            id="a",
        ),
        pytest.param(
            "rdm-12/my-site",
            0,
            "my-site: the image is fine, the release is not: no fixes since 2026-01-24.",
            "Not for the image.",
            id="b",
        ),
        pytest.param(
            "rdm-13/my-site",
            1,
            "my-site: wrong Python. Pipfile asks for 3.12, the image has 3.9.",
            "Yes, before the next build.",
            id="c",
        ),
        pytest.param(
            "rdm-13-python3.12/my-site",
            0,
            "my-site: fine. InvenioRDM 13.1.2 on almalinux:1, Python 3.12 (Dockerfile:13).",
            "Plan 14: 13 ends on 2027-02-07 (75 days).",
            id="d",
        ),
        pytest.param(
            "rdm-14-from-13/my-site",
            0,
            "my-site: fine. InvenioRDM 14.0.5 on invenio:14-debian, Python 3.14 (Pipfile).",
            "",
            id="d and e, done",
        ),
        pytest.param(
            "rdm-14/my-site",
            0,
            "my-site: fine. InvenioRDM 14.0.5 on invenio:14-debian",
            "",
            id="v14",
        ),
        pytest.param(
            "rdm-14-almalinux/my-site",
            1,
            "my-site: wrong Python.",
            "Yes, before",
            id="v14-almalinux",
        ),
        pytest.param(
            "rdm-10.1/my-site",
            1,
            "my-site: impacted, and lines of its Dockerfile fail already.",
            "Yes, if you must rebuild",
            id="f",
        ),
        pytest.param(
            "ils-4.5/my-ils",
            0,
            "my-ils: the image is fine. InvenioILS 4.5.0",
            "",
            id="h",
        ),
        pytest.param("ils-1.0/my-ils", 1, "my-ils: impacted.", "Soon.", id="h-1.0"),
        pytest.param(
            "portal/opendata",
            1,
            "opendata: impacted, and lines of its Dockerfile fail already.",
            "Yes, if you must rebuild",
            id="i",
        ),
    ],
)
def test_the_answer_of_each_example(example, name, code, first, act):
    folder = example(name)
    before = snapshot(folder)
    done = run("check", *DAY)
    lines = done.stdout.splitlines()
    assert done.exit_code == code
    assert lines[0].startswith(first[:70])
    assert any(f"Act now?  {act}" in line for line in lines[:4]) == bool(act)
    assert done.stdout.count("no registry was asked") == bool(act)
    assert done.stderr == ""
    assert max(map(len, lines)) <= 90  # only names and commands are longer than 80
    assert snapshot(folder) == before


def test_every_example_is_in_the_table():
    (table,) = test_the_answer_of_each_example.pytestmark
    assert sorted(case.values[0] for case in table.args[1]) == EXAMPLES


def test_a_fine_instance_is_one_line_or_two(example):
    example("rdm-14/my-site")
    assert len(run("check", *DAY).stdout.splitlines()) == 2  # one sentence, wrapped
    example("rdm-13-python3.12/my-site")
    _, second, command = run("check", *DAY).stdout.split("\n\n")[0].split("\n")
    assert second.startswith("  Act now?  Plan 14: ")
    assert command == "    invenio-cli registry check --for 14"


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("options", [(), ("--all",)], ids=["short", "all"])
def test_json_keeps_to_its_schema(example, name, options):
    example(name)
    done = run("check", "--format", "json", *DAY, *options)
    data = json.loads(done.stdout)
    jsonschema.validate(data, load_schema("check"))
    assert data["version"] == 1


def test_the_fields_of_json(example):
    example("rdm-9.1/my-site")
    data = json.loads(run("check", "--format", "json", *DAY).stdout)
    assert data["catalogue"] == {"date": "2026-11-24"}
    (project,) = data["projects"]
    (reference,) = project["references"]
    assert {
        key: project[key]
        for key in (
            "path",
            "name",
            "flavour",
            "release",
            "release_source",
            "python",
            "python_source",
            "maintained_until",
        )
    } == {
        "path": ".",
        "name": "my-site",
        "flavour": "RDM",
        "release": "9.1.7",
        "release_source": "Pipfile.lock",
        "python": "3.8",
        "python_source": "Pipfile",
        "maintained_until": "2025-02-01",
    }
    assert reference == {
        "path": "Dockerfile",
        "line": 11,
        "column": 6,
        "kind": "from",
        "text": HUB,
        "image": f"docker.io/{HUB}",
        "status": "impacted",
        "reasons": reference["reasons"],
        "evidence": reference["evidence"],
        "accepted_until": None,
        "replacement": CERN,
        "edit": {
            "path": "Dockerfile",
            "line": 11,
            "column": 6,
            "old": HUB,
            "new": CERN,
        },
        "edits": [reference["edit"]],
        "recipes": [],
    }
    assert reference["evidence"]["kind"] == "named"
    advice = project["advice"]
    assert (advice["act"], advice["action"]) == ("soon", "rewrite")
    assert advice["commands"] == ["invenio-cli registry migrate --verify"]
    path = [step["release"] for step in advice["upgrade_path"]]
    assert path == ["10.1", "11", "12", "13.1", "14"]
    assert data["problems"] == []


def test_all_lists_every_image_and_verbose_the_path(example):
    example("rdm-9.1/my-site")
    text = run("check", "--all", *DAY).stdout
    assert "postgres:12.4  other" in text
    text = run("check", "--verbose", *DAY).stdout
    assert "https://inveniordm.docs.cern.ch/releases/v14/upgrade-v14.0/" in text
    assert "14  Python 3.14; invenio-cli >= 1.12.0" in text


def test_verbose_of_a_fine_instance(example):
    example("rdm-14/my-site")
    text = run("check", "--verbose", "--all", *DAY).stdout
    assert "Sources:" in text
    assert "ghcr.io/inveniosoftware/invenio:14-debian  ok" in text


def test_old_facts_are_said_to_be_old(example):
    example("rdm-9.1/my-site")
    text = run("check", "--today", "2028-01-01").stdout
    assert "more than a year old" in " ".join(text.split())


def test_commands_name_the_caller_and_the_path_quoted(tmp_path):
    with instance(tmp_path / "a b", {**rdm("9.1.7", "3.8"), **build(HUB)}):
        os.chdir("../..")
        text = run("check", "a b/my-site", *DAY).stdout
    assert "invenio-cli registry migrate --verify 'a b/my-site'" in text


@pytest.mark.parametrize("module", [True, False], ids=["module", "script"])
def test_the_command_works_on_its_own(example, module):
    example("rdm-9.1/my-site")
    call = "from invenio_cli_registry.cli import main; main()"
    command = ["-m", "invenio_cli_registry"] if module else ["-c", call]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command, "check", *DAY],
        capture_output=True,
        text=True,
        env=environ,
        check=False,
    )
    assert done.returncode == 1
    assert ("python -m invenio_cli_registry migrate" in done.stdout) is module


def test_the_version():
    assert run("--version").stdout.startswith("invenio-cli-registry, version ")


def test_help_names_the_defaults():
    for name, command in registry.commands.items():
        text = run(name, "--help").stdout
        assert "Usage: invenio-cli registry" in text
        options = [one for one in command.params if isinstance(one, click.Option)]
        assert all(
            one.help.rstrip("]").rstrip().endswith((".", "none", "today", "its own"))
            for one in options
        )


def test_several_projects_in_one_report(tmp_path):
    with instance(
        tmp_path,
        {
            **{f"a/{n}": t for n, t in {**rdm("9.1.7", "3.8"), **build(HUB)}.items()},
            **{f"b/{n}": t for n, t in {**rdm("13.1.2", "3.9"), **build(ALMA)}.items()},
            "c/Dockerfile/x": "",
        },
    ):
        done = run("check", "a", "b", *DAY)
        whole = run("check", "--exclude", "a", *DAY)
    assert done.exit_code == 1
    assert done.stdout.index("a: impacted") < done.stdout.index("b: fine")
    assert done.stdout.count("no registry was asked") == 1
    assert whole.exit_code == 2
    assert "c/Dockerfile  it is no regular file" in whole.stdout
    assert "impacted" not in whole.stdout


BAD = [
    pytest.param({"x": ""}, ("nope",), 2, "nope", "no such file", id="no-path"),
    pytest.param({"Dockerfile": ""}, (), 0, "fine", "", id="empty-dockerfile"),
    pytest.param(
        {**rdm("9.1.7"), "Dockerfile": "RUN x\n"},
        (),
        1,
        "Dockerfile:1:1",
        "no FROM",
        id="no-from",
    ),
    pytest.param(
        {".invenio": "x\n", "Dockerfile": "FROM a\n"},
        (),
        2,
        ".invenio:1",
        "INI",
        id="no-ini",
    ),
    pytest.param(
        {".invenio": "", "Dockerfile": f"FROM {HUB}\n"},
        (),
        2,
        ".invenio",
        "[cli]",
        id="no-sections",
    ),
    pytest.param(
        {
            **rdm("9.1.7"),
            "Pipfile": "[packages]\ninvenio-app-rdm = {extras = [opensearch2]}\n",
        },
        (),
        2,
        "Pipfile:2",
        'extras must be quoted: ["opensearch2"]',
        id="unquoted-extras",
    ),
    pytest.param(
        {**rdm("9.1.7"), "Pipfile.lock": "{", **build(HUB)},
        (),
        2,
        "Pipfile.lock",
        "JSON",
        id="lock",
    ),
    pytest.param(
        {".invenio": "[cli]\nflavour = RDM\n", **build(HUB)},
        (),
        1,
        "Pipfile",
        "no version",
        id="no-version",
    ),
    pytest.param(
        {**rdm("latest"), "Pipfile.lock": "{}", **build(HUB)},
        (),
        1,
        "Pipfile:2",
        "write one, as in ~=13.1.0",
        id="odd-version",
    ),
    pytest.param(
        {**rdm("9.1.7", "3.8"), "docker-compose.yml": "a: ["},
        (),
        2,
        "docker-compose.yml:1",
        "not YAML",
        id="compose",
    ),
    pytest.param({"values.yml": "a: {{ b }}\n"}, (), 0, "", "", id="template"),
    pytest.param(
        {"values.yml": "{{ if }}\na: inveniosoftware/x:{{ b }}\n"},
        (),
        0,
        "values.yml:2",
        "not YAML",
        id="template-of-ours",
    ),
    pytest.param(
        {"Dockerfile": f"FROM {HUB} # old\n"},
        (),
        1,
        "Dockerfile:1:6",
        "Docker refuses",
        id="comment",
    ),
    pytest.param(
        {"Dockerfile": "FROM inveniosoftware/$X\n"},
        (),
        1,
        "Dockerfile:1:6",
        "X has no value",
        id="variable",
    ),
    pytest.param(
        {"Dockerfile": f"FROM {HUB}\nFROM inveniosoftware/$X\n"},
        (),
        1,
        HUB,
        "X has no value",
        id="both",
    ),
    pytest.param(
        {"Dockerfile": "FROM a\0\n"},
        ("Dockerfile",),
        2,
        "Dockerfile",
        "NUL",
        id="binary",
    ),
    pytest.param(
        {"Dockerfile": "x" * (1 << 21)},
        ("Dockerfile",),
        2,
        "Dockerfile",
        "1 MiB",
        id="large",
    ),
    pytest.param(
        {"Dockerfile": "x" * (1 << 20) + "\nFROM inveniosoftware/x\n"},
        (),
        0,
        "Dockerfile:2",
        "1 MiB",
        id="large-of-ours",
    ),
    pytest.param(
        configure({**rdm("9.1.7", "3.8"), **build(HUB)}, "mirrors = docker.io"),
        (),
        2,
        ".invenio",
        "UPSTREAM=HOST",
        id="mirror",
    ),
    pytest.param(
        {"Dockerfile": "FROM inveniosoftware/x:\x1b[31m\n"},
        (),
        1,
        "\\x1b",
        "",
        id="escape",
    ),
]


@pytest.mark.parametrize(("files", "paths", "code", "place", "said"), BAD)
def test_bad_input_is_named_with_its_place(tmp_path, files, paths, code, place, said):
    with instance(tmp_path, files):
        done = run("check", *paths, *DAY)
        form = run("check", "--format", "json", *paths, *DAY)
    text = " ".join(done.stdout.split())
    assert (done.exit_code, form.exit_code) == (code, code)
    assert place in text
    assert said in text
    assert "\x1b" not in done.stdout
    json.loads(form.stdout)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        pytest.param({"dir/x": ""}, "dangling", id="dangling"),
    ],
)
def test_a_dangling_dockerfile(tmp_path, files, said):
    with instance(tmp_path, files):
        os.symlink("nowhere", "Dockerfile")
        done = run("check")
    assert done.exit_code == 2
    assert "Dockerfile" in done.stdout


# migrate


def test_the_change_is_shown_and_nothing_written(example):
    folder = example("rdm-9.1/my-site")
    before = snapshot(folder)
    done = run("migrate", "--dry-run")
    assert done.exit_code == 1
    assert done.stdout == textwrap.dedent(
        f"""\
        --- Dockerfile
        +++ Dockerfile
        @@ -11 +11 @@
        -FROM {HUB}
        +FROM {CERN}
        CERN's registry was not asked; about centos8-python:3.8: only a page names it;
        no workflow pushed it.
        """
    )
    assert snapshot(folder) == before


def test_the_change_is_written_once(example):
    folder = example("rdm-9.1/my-site")
    before = (folder / "Dockerfile").read_bytes()
    done = run("migrate", "--yes")
    assert done.exit_code == 0
    assert (
        "Written. Pipfile.lock is untouched: no new lock file is needed." in done.stdout
    )
    assert "Back:  the lines with a minus above, by hand" in done.stdout
    assert "Still open: 9.1 has had no fixes since 2025-02-01" in done.stdout
    after = (folder / "Dockerfile").read_bytes()
    assert after == before.replace(HUB.encode(), CERN.encode())
    again = run("migrate", "--yes")
    assert (again.exit_code, again.stdout) == (0, "my-site: nothing to change.\n")
    assert (folder / "Dockerfile").read_bytes() == after


def test_nobody_there_to_answer(example):
    folder = example("rdm-9.1/my-site")
    before = snapshot(folder)
    done = run("migrate")
    assert done.exit_code == 2
    assert "add `--yes`, or `--dry-run`." in " ".join(done.stderr.split())
    assert snapshot(folder) == before


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1)])
def test_the_question_on_a_terminal(example, answer, code):
    folder = example("rdm-9.1/my-site")
    ours, theirs = pty.openpty()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "invenio_cli_registry", "migrate"]
    with subprocess.Popen(
        command,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environ,
    ) as process:
        os.write(ours, f"{answer}\n".encode())
        _, err = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert process.returncode == code
    assert b"Write 1 line in Dockerfile? [y/N]" in err
    assert (CERN in (folder / "Dockerfile").read_text()) is (answer == "y")


def test_git_gives_back_what_was_clean(example):
    example("rdm-9.1/my-site")
    for command in (
        ["init", "-q"],
        ["add", "Dockerfile"],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], check=True)
    assert "Back:  git checkout -- Dockerfile" in run("migrate", "--yes").stdout


def test_the_python_is_set_with_the_image(example):
    folder = example("rdm-9.1/my-site")
    done = run("migrate", "--to", "almalinux", "--set-python", "--yes")
    assert done.exit_code == 0
    assert "Node 14 > 16" in done.stdout
    assert "The build does NOT work before you have done this" in done.stderr
    assert 'python_version = "3.9"' in (folder / "Pipfile").read_text()
    assert ALMA in (folder / "Dockerfile").read_text()


def test_what_waits_for_the_python_is_refused(example):
    folder = example("rdm-9.1/my-site")
    before = snapshot(folder)
    done = run("migrate", "--to", "almalinux", "--yes")
    assert done.exit_code == 1
    assert "--to almalinux --set-python" in " ".join(done.stderr.split())
    assert snapshot(folder) == before


def test_a_cache_takes_every_image(example):
    folder = example("rdm-9.1/my-site")
    done = run(
        "migrate",
        "--yes",
        "--mirror",
        "docker.io=harbor.example.org/hub",
        "--mirror",
        "registry.cern.ch=harbor.example.org/cern",
    )
    assert done.exit_code == 0
    assert f"harbor.example.org/cern/{HUB}" in (folder / "Dockerfile").read_text()
    assert (
        "harbor.example.org/hub/library/redis:6"
        in (folder / "docker-services.yml").read_text()
    )
    assert "mirrors = registry.cern.ch=harbor.example.org/cern" in " ".join(
        done.stdout.split()
    )


def test_a_syntax_line_is_left_and_pointed_out(tmp_path):
    text = "# syntax=docker/dockerfile:1\nFROM redis:7\n"
    mirror = "mirrors = docker.io=harbor.example.org/hub"
    with instance(
        tmp_path, configure({**rdm("13.1.2"), "Dockerfile": text}, mirror)
    ) as site:
        checked = run("check", *DAY)
        done = run("migrate", "--yes")
        after = (site / "Dockerfile").read_text()
    assert after == text.replace("redis", "harbor.example.org/hub/library/redis")
    assert (
        "`# syntax=docker/dockerfile:1` is left as it is, and is still pulled"
        in " ".join(done.stdout.split())
    )
    assert "take 2 images" not in checked.stdout


def test_a_copy_is_taken_as_it_stands(example):
    folder = example("rdm-9.1/my-site")
    copy = "docker.io/inveniosoftware=registry.example.org/invenio"
    assert run("migrate", "--yes", "--copy", copy).exit_code == 0
    assert (
        "FROM registry.example.org/invenio/centos8-python:3.8"
        in (folder / "Dockerfile").read_text()
    )


def test_a_mirror_that_is_none(example):
    example("rdm-9.1/my-site")
    done = run("migrate", "--mirror", "docker.io", catch_exceptions=True)
    assert done.exit_code == 2
    assert "UPSTREAM=HOST[:PORT]/PATH" in done.stderr


def test_what_cannot_be_changed_is_left_and_named(tmp_path):
    files = {
        **rdm("9.1.7", "3.8"),
        "Dockerfile": f"FROM {HUB}\nFROM inveniosoftware/$X\n",
    }
    with instance(tmp_path, files) as folder:
        done = run("migrate", "--yes")
        text = (folder / "Dockerfile").read_text()
    assert done.exit_code == 1
    assert "X has no value" in done.stdout
    assert text == f"FROM {CERN}\nFROM inveniosoftware/$X\n"


def test_nothing_but_what_is_left(tmp_path):
    with instance(
        tmp_path, {**rdm("9.1.7", "3.8"), "Dockerfile": "FROM inveniosoftware/$X\n"}
    ):
        done = run("migrate", "--yes")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "left" in done.stderr


def test_a_refusal_holds_back_its_own_project_only(tmp_path):
    with instance(
        tmp_path,
        {
            **{f"a/{n}": t for n, t in {**rdm("13.1.2", "3.12"), **build(HUB)}.items()},
            **{f"b/{n}": t for n, t in {**rdm("9.1.7", "3.8"), **build(HUB)}.items()},
        },
    ) as folder:
        done = run("migrate", "--yes", "a", "b")
        assert done.exit_code == 1
        assert "a: refused" in done.stderr
        assert HUB in (folder / "a/Dockerfile").read_text()
        assert CERN in (folder / "b/Dockerfile").read_text()


def test_a_read_only_file_is_refused_by_name(tmp_path):
    with instance(tmp_path, {**rdm("9.1.7", "3.8"), **build(HUB)}) as folder:
        (folder / "Dockerfile").chmod(0o444)
        done = run("migrate", "--yes")
        assert done.exit_code == 1
        assert "Dockerfile" in done.stderr
        assert HUB in (folder / "Dockerfile").read_text()


def test_migrate_says_what_was_not_read(tmp_path):
    with instance(
        tmp_path, {**rdm("9.1.7", "3.8"), **build(HUB), "docker-compose.yml": "a: ["}
    ):
        done = run("migrate", "--dry-run")
    assert done.exit_code == 2
    assert "docker-compose.yml:1  not YAML" in done.stderr


def test_the_pin_of_uv(tmp_path):
    with instance(
        tmp_path,
        {
            **rdm_uv("13.1.2", ">=3.12,<3.13"),
            "Dockerfile": f"FROM {ALMA}\nRUN uv sync\n",
        },
    ) as folder:
        done = run("migrate", "--set-python", "--yes")
        assert done.exit_code == 0
        assert 'requires-python = "==3.9.*"' in (folder / "pyproject.toml").read_text()
    assert "uv lock" in done.stderr


def test_named_files_are_reported_with_their_context_read(tmp_path):
    files = {
        **rdm("9.1.7", "3.8"),
        "Dockerfile": "FROM my-site-base\nRUN pipenv install --deploy\n",
        "Dockerfile.base": f"FROM {HUB}\n",
        "docker-compose.yml": "services: {a: {image: inveniosoftware/centos7-python:3.6}}\n",
    }
    with instance(tmp_path, files):
        done = run("check", "--format", "json", "Dockerfile", *DAY)
        base = run("check", "--format", "json", "Dockerfile.base", *DAY)
    assert json.loads(done.stdout)["projects"][0]["references"] == []
    (reference,) = json.loads(base.stdout)["projects"][0]["references"]
    assert (reference["path"], reference["status"]) == ("Dockerfile.base", "impacted")


def test_colours_only_when_asked_for(example, monkeypatch):
    example("rdm-9.1/my-site")
    assert "\x1b" not in run("check").stdout
    ours, theirs = pty.openpty()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    environ.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "invenio_cli_registry", "check"]
    for extra, expected in (({}, True), ({"NO_COLOR": "1"}, False)):
        subprocess.run(command, stdout=theirs, env={**environ, **extra}, check=False)
        shown = os.read(ours, 100_000)
        assert (b"\x1b[" in shown) is expected
    os.close(ours)
    os.close(theirs)


def test_a_project_outside_of_pipenv_keeps_its_words(tmp_path):
    with instance(
        tmp_path,
        {**plain("3.6"), "Dockerfile": "FROM inveniosoftware/centos7-python:3.6\n"},
    ):
        text = run("check", *DAY).stdout
    assert "No way: AlmaLinux, as it is: it has Python 3.9 and no 3.6" in " ".join(
        text.split()
    )
