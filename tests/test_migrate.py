# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``migrate`` on odd ground: several projects, Git, links, terminals, hostile names."""

import os
import pty
import select
import subprocess
import sys

import pytest

from .conftest import ROOT
from .instances import PIPENV, UV, build, instance, plain, rdm, rdm_poetry, rdm_uv
from .test_cli import ALMA, CERN, HUB, run, snapshot

NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
HOSTILE = "a\x1b[31m\u202eb"


def below(*folders, files=NINE):
    """Return the files of one instance in several folders."""
    return {f"{one}/{name}": text for one in folders for name, text in files.items()}


def words(text):
    return " ".join(text.split())


def commit():
    who = ("-c", "user.name=a", "-c", "user.email=a@b.c")
    for command in (("init", "-q"), ("add", "-A"), (*who, "commit", "-qm", "x")):
        subprocess.run(["git", *command], check=True)


# Several projects


def test_what_cannot_be_written_holds_back_its_own_project_only(tmp_path):
    with instance(tmp_path, below("a", "b")) as folder:
        (folder / "a/Dockerfile").chmod(0o444)
        done = run("migrate", "--yes", "a", "b")
        assert HUB in (folder / "a/Dockerfile").read_text()
        assert CERN in (folder / "b/Dockerfile").read_text()
    assert done.exit_code == 1
    assert done.stderr == "a: a/Dockerfile: it is read-only; nothing was written\n"


def test_nobody_is_asked_about_several_projects(tmp_path):
    with instance(tmp_path, {**below("a", "b"), "b/x.yml": "a: ["}) as folder:
        before = snapshot(folder)
        done = run("migrate", "a", "b", "nope")
        assert snapshot(folder) == before
    assert done.exit_code == 2
    assert done.stdout.count(f"+FROM {CERN}") == 2
    assert done.stderr.count("Nobody is there to answer") == 2
    assert done.stderr.endswith("nope  there is no such file or folder\n")


def test_each_of_several_projects_is_changed_once(tmp_path):
    with instance(tmp_path, below("a/my-site", "b/my-site")):
        done = run("migrate", "--yes")
        again = run("migrate", "--yes")
    assert done.exit_code == 0
    assert "`invenio-cli registry check b/my-site`" in words(done.stdout)
    assert (again.exit_code, again.stdout) == (
        0,
        "my-site: nothing to change.\n"
        "a/my-site: nothing to change.\n"
        "b/my-site: nothing to change.\n",
    )


def test_what_is_excluded_stays(tmp_path):
    files = {**NINE, "old/Dockerfile": f"FROM {HUB}\n"}
    with instance(tmp_path, files) as folder:
        assert run("migrate", "--yes", "--exclude", "old/").exit_code == 0
        assert (folder / "old/Dockerfile").read_text() == f"FROM {HUB}\n"


# Files that are named


def test_a_named_file_alone_is_changed(tmp_path):
    files = {**NINE, "Dockerfile.base": f"FROM {HUB}\n"}
    with instance(tmp_path, files) as folder:
        assert run("migrate", "--yes", "Dockerfile").exit_code == 0
        assert CERN in (folder / "Dockerfile").read_text()
        assert (folder / "Dockerfile.base").read_text() == f"FROM {HUB}\n"


def test_the_value_of_a_named_file_is_changed_where_it_stands(tmp_path):
    compose = "services:\n  a:\n    build:\n      context: .\n      args:\n        IMAGE: %s\n"
    files = {
        **rdm("9.1.7", "3.8"),
        "Dockerfile": "ARG IMAGE=scratch\nFROM $IMAGE\n" + PIPENV,
        "docker-compose.yml": compose % HUB,
    }
    with instance(tmp_path, files) as folder:
        done = run("migrate", "--yes", "Dockerfile")
        assert (folder / "docker-compose.yml").read_text() == compose % CERN
        assert (folder / "Dockerfile").read_text() == files["Dockerfile"]
    assert done.exit_code == 0
    assert "+++ docker-compose.yml\n@@ -6 +6 @@\n" in done.stdout


# Git


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("Dockerfile", "Dockerfile", id="plain"),
        pytest.param("my Dockerfile", "'my Dockerfile'", id="a space"),
        pytest.param("Dockerfile.*", "'Dockerfile.*'", id="a pattern is a name"),
        pytest.param(":!Dockerfile", "':!Dockerfile'", id="a path's magic is a name"),
        pytest.param("d/Dockerfile", "d/Dockerfile", id="in a folder"),
    ],
)
def test_git_gives_back_what_was_clean(tmp_path, name, shown):
    with instance(tmp_path, {**rdm("9.1.7", "3.8"), name: f"FROM {HUB}\n"}):
        commit()
        done = run("migrate", "--yes")
    assert f"Back:  git checkout -- {shown}\n" in done.stdout


def test_only_what_was_clean_is_given_back(tmp_path):
    with instance(tmp_path, {**NINE, "Dockerfile.b": f"FROM {HUB}\n"}) as folder:
        commit()
        (folder / "Dockerfile").write_text(f"FROM {HUB}\n# mine\n")
        (folder / "Dockerfile.new").write_text(f"FROM {HUB}\n")
        done = run("migrate", "--yes")
    assert "Back:  git checkout -- Dockerfile.b\n" in done.stdout


@pytest.mark.parametrize("kind", ["dirty", "untracked", "ignored", "no-git"])
def test_what_git_cannot_give_back_is_put_back_by_hand(tmp_path, monkeypatch, kind):
    with instance(tmp_path, NINE) as folder:
        if kind == "ignored":
            (folder / ".gitignore").write_text("Dockerfile\n")
        if kind == "untracked":
            (folder / ".gitignore").write_text("")
            text = (folder / "Dockerfile").read_text()
            (folder / "Dockerfile").unlink()
        commit()
        if kind == "untracked":
            (folder / "Dockerfile").write_text(text)
        if kind == "dirty":
            (folder / "Dockerfile").write_text(f"FROM {HUB}\n# mine\n")
        if kind == "no-git":
            monkeypatch.setenv("PATH", str(folder))
        done = run("migrate", "--yes")
    assert "Back:  the lines with a minus above, by hand\n" in done.stdout


def test_no_program_of_the_repository_is_run(tmp_path):
    with instance(tmp_path, NINE) as folder:
        commit()
        (folder / "watch").write_text("#!/bin/sh\ntouch ran\n")
        (folder / "watch").chmod(0o755)
        command = ["git", "config", "core.fsmonitor", str(folder / "watch")]
        subprocess.run(command, check=True)
        done = run("migrate", "--yes")
        assert "git checkout -- Dockerfile" in done.stdout
        assert not (folder / "ran").exists()


@pytest.mark.parametrize("name", ["evil", "a.b=c"])
def test_no_filter_of_the_repository_is_run(tmp_path, name):
    """A repository that was unpacked, not cloned: git reads the file to tell."""
    with instance(tmp_path, NINE) as folder:
        (folder / ".gitattributes").write_text(f"* filter={name}\n")
        commit()
        for key in ("clean", "smudge", "process", "required"):
            script = f"sh -c 'touch {folder}/ran; cat'" if key != "required" else "true"
            subprocess.run(
                ["git", "config", f"filter.{name}.{key}", script], check=True
            )
        os.utime(folder / "Dockerfile", (1, 1))
        done = run("migrate", "--yes")
        assert not (folder / "ran").exists()
    said = "git checkout -- Dockerfile" in done.stdout
    assert (done.exit_code, said) == (0, name == "evil")


# Links, modes, line ends


def test_a_link_stays_a_link(tmp_path):
    with instance(tmp_path, NINE) as folder:
        (folder / "Dockerfile").rename(folder / "real")
        (folder / "Dockerfile").symlink_to("real")
        commit()
        done = run("migrate", "--yes")
        assert os.readlink(folder / "Dockerfile") == "real"
        assert CERN in (folder / "real").read_text()
    assert done.exit_code == 0
    # Git would give back the link, which is as it was.
    assert "git checkout" not in done.stdout


def test_a_link_out_of_the_project_is_not_followed(tmp_path):
    with instance(tmp_path, rdm("9.1.7", "3.8")) as folder:
        (tmp_path / "Dockerfile").write_text(f"FROM {HUB}\n")
        (folder / "Dockerfile").symlink_to("../Dockerfile")
        done = run("migrate", "--yes")
        assert (tmp_path / "Dockerfile").read_text() == f"FROM {HUB}\n"
    assert done.exit_code == 1
    assert "Dockerfile: it lies outside the project" in words(done.stderr)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"FROM %s\r\nRUN a\r\n", id="CRLF"),
        pytest.param(b"\xef\xbb\xbfFROM %s\n", id="BOM"),
        pytest.param(b"FROM %s", id="no line end"),
        pytest.param(b"FROM   %s   AS x\n# caf\xe9\n", id="Latin-1"),
        pytest.param(b"# \x1b[31m\nFROM %s AS a\n", id="control characters"),
    ],
)
def test_nothing_but_the_name_changes(tmp_path, data):
    with instance(tmp_path, rdm("9.1.7", "3.8")) as folder:
        (folder / "Dockerfile").write_bytes(data % HUB.encode())
        (folder / "Dockerfile").chmod(0o640)
        assert run("migrate", "--yes").exit_code == 0
        assert (folder / "Dockerfile").read_bytes() == data % CERN.encode()
        assert (folder / "Dockerfile").stat().st_mode & 0o777 == 0o640
        before = snapshot(folder)
        assert run("migrate", "--yes").exit_code == 0
        assert snapshot(folder) == before


# The question


class Session:
    """``migrate`` on a pseudo-terminal, stopped at its question."""

    def __init__(self, *args):
        self.ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "invenio_cli_registry", "migrate", *args]
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"},
        )
        os.close(theirs)
        self.shown = b""
        self.read(b"[y/N]: ")

    def read(self, end=None):
        """Read up to some text, or all of it."""
        while end is None or end not in self.shown:
            assert select.select([self.ours], [], [], 60)[0], self.shown
            try:
                self.shown += os.read(self.ours, 4096)
            except OSError:  # The other side is closed.
                break

    def answer(self, text):
        os.write(self.ours, text)
        self.read()
        os.close(self.ours)
        return self.process.wait(timeout=60)


def test_a_file_that_changes_while_somebody_thinks_is_left(tmp_path):
    with instance(tmp_path, NINE) as folder:
        session = Session()
        (folder / "Dockerfile").write_text("FROM mine\n")
        assert session.answer(b"y\n") == 1
        assert (folder / "Dockerfile").read_text() == "FROM mine\n"
    assert b"Dockerfile: it has changed since it was read" in session.shown


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        pytest.param(b"y\n", 0, id="yes"),
        pytest.param(b"n\n", 1, id="no"),
        pytest.param(b"\n", 1, id="no is the default"),
        pytest.param(b"\x04", 1, id="the end of the input"),
    ],
)
def test_the_answer(tmp_path, answer, code):
    with instance(tmp_path, NINE) as folder:
        before = snapshot(folder)
        session = Session()
        assert session.answer(answer) == code
        assert (snapshot(folder) == before) is (code == 1)
    assert b"Traceback" not in session.shown


def test_each_project_is_asked_about(tmp_path):
    with instance(tmp_path, below("a", "b")) as folder:
        session = Session()
        os.write(session.ours, b"n\n")
        session.read(b"b/Dockerfile? [y/N]: ")
        assert session.answer(b"y\n") == 1
        assert HUB in (folder / "a/Dockerfile").read_text()
        assert CERN in (folder / "b/Dockerfile").read_text()


def test_no_name_reaches_the_terminal_as_it_is(tmp_path):
    files = {**below(HOSTILE), f"{HOSTILE}/{HOSTILE}.dockerfile": f"FROM {HUB}\n"}
    with instance(tmp_path, files):
        commit()
        session = Session(HOSTILE)
        assert session.answer(b"y\n") == 0
        again = run("migrate")
    shown = session.shown.decode()
    assert "Write 2 lines in a\\x1b[31m\\u202eb/Dockerfile" in shown
    assert "Back:  git checkout -- 'a\\x1b[31m\\u202eb/Dockerfile'" in shown
    for text in (shown, again.stdout, again.stderr):
        assert not {"\x1b", "\u202e"} & set(text)


# What comes next


@pytest.mark.parametrize(
    ("files", "options", "said", "unsaid"),
    [
        pytest.param(
            NINE, (), "Next:  invenio-cli containers build ", "mended", id="instance"
        ),
        pytest.param(
            {**plain("3.6"), **build("inveniosoftware/centos7-python:3.6")},
            (),
            "Next:  build the images ",
            "invenio-cli containers",
            id="another application",
        ),
        pytest.param(
            {**plain("3.6"), **build("inveniosoftware/centos7-python:3.6")},
            ("--to", "almalinux", "--set-python"),
            "2. pipenv lock ",
            "invenio-cli",
            id="another application, its Python",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            ("--set-python",),
            "2. invenio-cli packages lock ",
            "Docker >=",
            id="the Python alone",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(HUB)},
            ("--to", "almalinux", "--set-python"),
            "3. invenio-cli containers build Docker >= 20.10.10",
            "4. Test in production",
            id="AlmaLinux asks for a Docker",
        ),
        pytest.param(
            {**rdm_uv("14.0.5", "==3.14.*"), **build(ALMA, UV + "RUN dnf install x\n")},
            ("--to", "debian"),
            "The build does NOT work before you have mended what is named above.",
            "Docker >=",
            id="lines that break",
        ),
        pytest.param(
            {
                **rdm("9.1.7", "3.9"),
                **build(HUB.replace("8-python:3.8", "7-python:3.9")),
            },
            ("--to", "almalinux"),
            "Install Node 14 in the Dockerfile first",
            "Docker still refuses",
            id="Node",
        ),
        pytest.param(
            {
                **rdm("9.1.7", "3.9"),
                **build(
                    HUB.replace("8-python:3.8", "7-python:3.9"),
                    "RUN dnf module install -y nodejs:14\n" + PIPENV,
                ),
            },
            ("--to", "almalinux"),
            "Written.",
            "Install Node 14",
            id="a Node of its own",
        ),
    ],
)
def test_what_comes_next(tmp_path, files, options, said, unsaid):
    with instance(tmp_path, files):
        done = run("migrate", "--yes", *options)
    text = words(done.stdout + done.stderr)
    assert done.exit_code == 0
    assert words(said) in text
    assert unsaid not in text


@pytest.mark.parametrize(
    ("files", "old", "new", "lock"),
    [
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            'python_version = "3.12"',
            'python_version = "3.9"',
            "Pipfile.lock",
            id="pipenv",
        ),
        pytest.param(
            {**rdm_uv("13.1.2", ">=3.11,<3.13"), **build(ALMA, UV)},
            'requires-python = ">=3.11,<3.13"',
            'requires-python = "==3.9.*"',
            "uv.lock",
            id="uv",
        ),
        pytest.param(
            {**rdm_poetry("13.1.2", "^3.11"), **build(ALMA, "RUN poetry install\n")},
            'python = "^3.11"',
            'python = "^3.9"',
            "poetry.lock",
            id="poetry",
        ),
    ],
)
def test_the_pin_is_changed_where_it_stands(tmp_path, files, old, new, lock):
    with instance(tmp_path, files) as folder:
        done = run("migrate", "--set-python", "--yes")
        name = "Pipfile" if "Pipfile" in files else "pyproject.toml"
        assert (folder / name).read_text() == files[name].replace(old, new)
        assert (folder / ".invenio").read_text() == files[".invenio"]
        again = run("migrate", "--set-python", "--yes")
    assert f"-{old}\n+{new}\n" in done.stdout
    assert f"{lock} is for another Python" in done.stdout
    assert done.stderr.startswith("Written. The build does NOT work before")
    assert (again.exit_code, again.stdout) == (0, "my-site: nothing to change.\n")


@pytest.mark.parametrize(
    ("files", "left"),
    [
        pytest.param(
            {"Dockerfile": "ARG X\nFROM inveniosoftware/$X\n"},
            "Dockerfile:2:6 inveniosoftware/$X: X has no value",
            id="a variable",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.7"), **build(HUB.replace("3.8", "3.7"))},
            f"Dockerfile:1:6 {HUB.replace('3.8', '3.7')}: nobody vouches",
            id="nobody vouches",
        ),
        pytest.param(
            {"values.yaml": f"a:\n  b: {HUB}\n"},
            f"values.yaml:2:6 {HUB}: no place of an image is known here",
            id="a scalar",
        ),
        pytest.param(
            {"Dockerfile": f"FROM {HUB} # old\n"},
            "Dockerfile:1:6: Docker still refuses the line",
            id="refused by Docker",
        ),
    ],
)
def test_what_is_left_is_named_with_its_place(tmp_path, files, left):
    with instance(tmp_path, {**rdm("9.1.7", "3.8"), **files}):
        done = run("migrate", "--dry-run")
    assert done.exit_code == 1
    assert left in words(done.stdout + done.stderr)


def test_advised_commands_are_never_broken(tmp_path):
    long = "a-folder-with-a-name/that-goes-on-and-on/and-does-not-end/my-site"
    with instance(tmp_path, below(long, files={**rdm("13.1.2", "3.12"), **build(HUB)})):
        done = run("migrate", "--exclude", "x y", long)
    line = f"`invenio-cli registry migrate --set-python --exclude 'x y' {long}`"
    assert line in done.stderr
