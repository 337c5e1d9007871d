# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""``migrate`` as a whole: what is written, asked and said, also while things go wrong."""

from __future__ import annotations

import errno
import os
import pty
import select
import signal
import subprocess
import sys
import warnings

import pytest

from invenio_cli_registry import verify
from invenio_cli_registry.registries import Answer

from .conftest import ROOT
from .instances import (
    CATALOGUE,
    PIPENV,
    UV,
    build,
    call,
    instance,
    plain,
    rdm,
    rdm_uv,
    run,
)
from .tables import rows, site

HUB = "inveniosoftware/centos8-python:3.8"
C7_39 = "inveniosoftware/centos7-python:3.9"
DEBIAN = "ghcr.io/inveniosoftware/invenio:14-debian"
CERN, ALMA = f"registry.cern.ch/{HUB}", "registry.cern.ch/inveniosoftware/almalinux:1"
NINE = site("9.1.7", "3.8", HUB)
THIRTEEN = site("13.1.2", "3.12", ALMA)
HOSTILE = "a\x1b[31m\u202eb"
NOTHING = "my-site: nothing to change; {} other finding{}: run `invenio-cli registry check`.\n"
NOT_WRITTEN = (
    "{} would change; nothing was written (exit code {}). To write, repeat the command "
    "without `--dry-run`."
)


def below(*folders, files=NINE):
    """Return the files of one instance in several folders."""
    return {f"{one}/{name}": text for one in folders for name, text in files.items()}


def words(ran):
    return " ".join(f"{ran.out} {ran.err}".split())


def snapshot(folder):
    """Return the bytes of every file, and when it was written."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


# ---- What is written ------------------------------------------------------------------


def test_the_change_is_shown_written_and_made_once(tmp_path):
    with instance(tmp_path, NINE) as folder:
        before = snapshot(folder)
        shown = call("migrate", "--dry-run")
        assert snapshot(folder) == before
        written = call("migrate", "--yes")
        after = snapshot(folder)
        again = call("migrate", "--yes")
        assert (folder / "Dockerfile").read_text() == f"FROM {CERN}\n{PIPENV}"
        assert snapshot(folder) == after
    assert shown.out == (
        f"--- Dockerfile\n+++ Dockerfile\n@@ -1 +1 @@\n-FROM {HUB}\n+FROM {CERN}\n"
        "Not checked: whether CERN's registry has centos8-python:3.8 (documented, but we\n"
        "  found no workflow that publishes it). Add --verify to check.\n"
    )
    assert shown.code == 1
    assert " ".join(shown.err.split()) == NOT_WRITTEN.format("1 file", 1)
    assert written.out.startswith(shown.out)
    assert written.out[len(shown.out) :] == (
        "Written. Pipfile.lock does not change.\n"
        "Next: invenio-cli containers build; test; commit\n"
        "Undo: restore the lines marked - above (not a git repository)\n"
    )
    assert (written.code, written.err) == (0, "")
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("my-site: nothing to change; ")


NOTHING_BUT_THE_NAME_CHANGES = {
    "CRLF": (b"FROM %s\r\nRUN a\r\n"),
    "BOM": (b"\xef\xbb\xbfFROM %s\n"),
    "no line end": (b"FROM %s"),
    "Latin-1": (b"FROM   %s   AS x\n# caf\xe9\n"),
    "control characters": (b"# \x1b[31m\nFROM %s AS a\n"),
}


@pytest.mark.parametrize("data", rows(NOTHING_BUT_THE_NAME_CHANGES))
def test_nothing_but_the_name_changes(tmp_path, data):
    with instance(tmp_path, rdm("9.1.7", "3.8")) as folder:
        (folder / "Dockerfile").write_bytes(data % HUB.encode())
        (folder / "Dockerfile").chmod(0o640)
        assert call("migrate", "--yes").code == 0
        assert (folder / "Dockerfile").read_bytes() == data % CERN.encode()
        assert (folder / "Dockerfile").stat().st_mode & 0o777 == 0o640


def test_the_pin_is_changed_where_it_is_written(tmp_path):
    with instance(tmp_path, THIRTEEN) as folder:
        ran = call("migrate", "--set-python", "--yes")
        text = THIRTEEN["Pipfile"].replace('"3.12"', '"3.9"')
        assert (folder / "Pipfile").read_text() == text
        again = call("migrate", "--set-python", "--yes")
    assert '-python_version = "3.12"\n+python_version = "3.9"\n' in ran.out
    assert "Pipfile.lock was made for another Python" in ran.out
    assert ran.err.startswith("Written. The build will NOT work until you:\n")
    assert (again.code, again.err) == (0, "")
    assert again.out.startswith("my-site: nothing to change; ")


def test_a_named_file_alone_is_changed(tmp_path):
    files = {
        **NINE,
        "Dockerfile.base": f"FROM {HUB}\n",
        "old/Dockerfile": f"FROM {HUB}\n",
    }
    with instance(tmp_path, files) as folder:
        assert call("migrate", "--yes", "Dockerfile").code == 0
        assert CERN in (folder / "Dockerfile").read_text()
        assert (folder / "Dockerfile.base").read_text() == f"FROM {HUB}\n"
        assert call("migrate", "--yes", "--exclude", "old/").code == 0
        assert (folder / "Dockerfile.base").read_text() == f"FROM {CERN}\n"
        assert (folder / "old/Dockerfile").read_text() == f"FROM {HUB}\n"


def test_a_value_is_changed_where_it_is_written(tmp_path):
    compose = (
        "services:\n  a:\n    build:\n      context: .\n      args:\n        I: %s\n"
    )
    dockerfile = f"ARG I=scratch\nFROM $I\n{PIPENV}"
    files = {
        **rdm("9.1.7", "3.8"),
        "Dockerfile": dockerfile,
        "docker-compose.yml": compose % HUB,
    }
    with instance(tmp_path, files) as folder:
        assert call("migrate", "--yes", "Dockerfile").code == 0
        assert (folder / "docker-compose.yml").read_text() == compose % CERN
        assert (folder / "Dockerfile").read_text() == dockerfile


TWO = {**NINE, "docker-compose.yml": f"services:\n  a:\n    image: {HUB}\n"}


def fault_at(monkeypatch, name, at, fault):
    """Let a call of the system go wrong the first, the second, ... time."""
    original, made = getattr(os, name), []

    def made_or_not(*args, **options):
        made.append(name)
        return fault() if len(made) == at else original(*args, **options)

    monkeypatch.setattr(os, name, made_or_not)


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("name", ["fsync", "replace"])
def test_a_call_that_fails_leaves_everything_and_is_said(
    tmp_path, monkeypatch, name, at
):
    def fault():
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with instance(tmp_path, TWO) as folder:
        fault_at(monkeypatch, name, at, fault)
        ran = call("migrate", "--yes")
        assert {path: (folder / path).read_text() for path in TWO} == TWO
    assert ran.code == 1
    assert ran.err.startswith("my-site: ")
    assert "No space left on device; nothing was written" in words(ran)


@pytest.mark.parametrize("at", [1, 2])
def test_a_migrate_that_was_killed_is_completed_by_the_next(tmp_path, monkeypatch, at):
    with instance(tmp_path, TWO) as folder:
        with warnings.catch_warnings():
            # Other tests may have threads; the child calls nothing that waits for one.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            kill = lambda: os.kill(os.getpid(), signal.SIGKILL)  # noqa: E731
            fault_at(monkeypatch, "replace", at, kill)
            call("migrate", "--yes")
            os._exit(0)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        texts = [(folder / path).read_text() for path in TWO]
        assert sum(CERN in text for text in texts) == at - 1
        assert call("migrate", "--yes").code == 0
        texts = [(folder / path).read_text() for path in TWO]
        assert sum(CERN in text for text in texts) == 2


# ---- Several instances ----------------------------------------------------------------


def test_each_of_several_instances_is_changed_once(tmp_path):
    with instance(tmp_path, below("a/my-site", "b/my-site")):
        assert call("migrate", "--yes").code == 0
        again = call("migrate", "--yes")
    assert again.code == 0
    for one in "ab":
        assert f"{one}/my-site: nothing to change; " in again.out
        assert f"run `invenio-cli registry check {one}/my-site`." in words(again)


def test_what_cannot_be_written_holds_back_its_own_instance_only(tmp_path):
    with instance(tmp_path, below("a", "b")) as folder:
        (folder / "a/Dockerfile").chmod(0o444)
        ran = call("migrate", "--yes", "a", "b")
        assert HUB in (folder / "a/Dockerfile").read_text()
        assert CERN in (folder / "b/Dockerfile").read_text()
    assert ran.code == 1
    assert ran.err.startswith("a: a/Dockerfile: it ")
    assert ran.err.endswith("read-only; nothing was written\n")


def test_without_a_terminal_nobody_is_asked(tmp_path):
    with instance(tmp_path, below("a", "b")) as folder:
        before = snapshot(folder)
        ran = call("migrate", "a", "b", "nope")
        assert snapshot(folder) == before
    assert ran.code == 2
    assert ran.out.count(f"+FROM {CERN}") == 2
    for one in "ab":
        assert f"{one}: no terminal to ask on: add `--yes` to write or" in ran.err
    assert "nope there is no such file or folder" in words(ran)


def test_advised_commands_are_never_broken(tmp_path):
    long = "a-folder-with-a-name/that-goes-on-and-on/and-does-not-end/my-site"
    files = below(long, files=site("13.1.2", "3.12", HUB))
    with instance(tmp_path, files):
        ran = call("migrate", "--exclude", "x y", long)
    line = f"`invenio-cli registry migrate --set-python --exclude 'x y' {long}`"
    assert line in ran.err


def test_a_dry_run_ends_with_what_it_means(tmp_path):
    files = {**below("a", "b"), "b/x.yml": f"services:\n  x:\n    image: {HUB}\n"}
    with instance(tmp_path, files):
        ran, missed = (
            call("migrate", "--dry-run"),
            call("migrate", "--dry-run", "a", "x"),
        )
    assert ran.code == 1
    assert words(ran).endswith(NOT_WRITTEN.format("3 files", 1))
    assert missed.code == 2
    assert words(missed).endswith(NOT_WRITTEN.format("1 file", 2))


IS_NOT_CHANGED = {
    "nothing else": (site("14.0.5", "3.14", DEBIAN), "my-site: nothing to change.\n"),
    # The Node of the image, and the end of life of the release.
    "a Node": (
        site("12.0.19", "3.9", ALMA, f"RUN dnf module enable nodejs:16\n{PIPENV}"),
        NOTHING.format(2, "s"),
    ),
    "a command": (
        site("9.1.7", "3.8", CERN, f"RUN yum install -y x\n{PIPENV}"),
        NOTHING.format(4, "s"),
    ),
}


@pytest.mark.parametrize(("files", "said"), rows(IS_NOT_CHANGED))
@pytest.mark.parametrize("option", ["--dry-run", "--yes"])
def test_what_is_wrong_all_the_same_is_counted(tmp_path, files, said, option):
    with instance(tmp_path, files):
        ran = call("migrate", "--catalogue", CATALOGUE, option)
    assert ran == (0, said, "")


def test_a_pin_is_not_set_without_its_image(tmp_path, monkeypatch):
    def ask(images, *_, **__):
        return {
            image: Answer(image, "missing", message="not there") for image in images
        }

    monkeypatch.setattr(verify, "ask", ask)
    with instance(tmp_path, site("12.0.19", "3.8", HUB)) as folder:
        before = snapshot(folder)
        ran = call("migrate", "--set-python", "--verify", "--yes")
        assert snapshot(folder) == before
    assert (ran.code, ran.out) == (1, "")
    assert "refused: image and Python change together" in words(ran)
    assert f"{ALMA}: not there" in words(ran)


# ---- What is said ---------------------------------------------------------------------

BREAKS = f"RUN yum-config-manager --enable PowerTools\n{PIPENV}"
GUIDE = "https://inveniordm.docs.cern.ch/releases/v14/upgrade-v14.0/"


COMES_NEXT = {
    "another application": (
        {**plain("3.6"), **build("inveniosoftware/centos7-python:3.6")},
        (),
        ["Written.", "Next: docker build; test; commit"],
    ),
    "a pin": (
        THIRTEEN,
        ("--set-python",),
        [
            "Written. The build will NOT work until you:",
            "1. remove the old environment: `rm Pipfile.lock; pipenv --rm`",
            "2. run `invenio-cli packages lock`, which needs Python 3.9 on this",
            "3. run `invenio-cli containers build`, and test in a test environment",
        ],
    ),
    "commands that break": (
        site("12.0.19", "3.9", C7_39, BREAKS),
        ("--to", "almalinux"),
        [
            "These commands fail on the new image: Dockerfile:2:33 `PowerTools`:",
            "1. fix Dockerfile:2:33: `PowerTools`: This repository is called crb on EL "
            "9. Use `dnf config-manager --set-enabled crb`.",
        ],
    ),
    "Node": (
        site("9.1.7", "3.9", C7_39),
        ("--to", "almalinux"),
        ["builds its assets with Node 14 (node-sass 4), the new image has Node 16."],
    ),
    "an upgrade": (
        THIRTEEN,
        ("--for", "14", "--set-python"),
        [
            "1. change Pipfile:2:31 (invenio-app-rdm): ==13.1.2 -> ~=14.0.0",
            "2. remove the old environment: ",
            "3. run `invenio-cli packages lock`, which needs Python 3.14 on this",
            f"4. follow the upgrade guide: {GUIDE}",
            "5. run `invenio-cli containers build`, and test in a test environment",
        ],
    ),
    "an upgrade by hand": (
        site("12.0.19", "3.9", ALMA),
        ("--for", "13.1"),
        [
            "Nothing to change in the image. To reach InvenioRDM 13.1, do this in "
            "order: 1. change Pipfile:2:31 (invenio-app-rdm): ==12.0.19 -> ~=13.1.0"
        ],
    ),
}


@pytest.mark.parametrize(("files", "options", "said"), rows(COMES_NEXT))
def test_what_comes_next(tmp_path, files, options, said):
    with instance(tmp_path, files):
        ran = call("migrate", "--yes", "--catalogue", CATALOGUE, *options)
    assert ran.code == 0
    assert [text for text in said if text not in words(ran)] == []


EXIT_CODES = {
    "written, and something left": (
        {**NINE, "values.yaml": f"a:\n  b: {HUB}\n"},
        ("--yes",),
        1,
        "Not changed: values.yaml:2:6 ",
    ),
    "the placeholder": (
        NINE,
        ("--yes", "--copy", "docker.io/inveniosoftware=YOUR.REGISTRY/invenio"),
        2,
        "YOUR.REGISTRY is a placeholder: write the host name of your own",
    ),
    "a release that cannot be reached": (
        NINE,
        ("--yes", "--for", "15"),
        2,
        "InvenioRDM 15 is not in the catalogue",
    ),
    "already there": (
        {**rdm_uv("14.0.5", "==3.14.*"), **build("python:3.14", UV)},
        ("--yes", "--for", "14"),
        0,
        "my-site: nothing to change.",
    ),
}


@pytest.mark.parametrize(("files", "options", "code", "said"), rows(EXIT_CODES))
def test_exit_codes(tmp_path, files, options, code, said):
    with instance(tmp_path, files):
        ran = call("migrate", "--catalogue", CATALOGUE, *options)
    assert ran.code == code
    assert said in words(ran)


# ---- The question ---------------------------------------------------------------------


class Session:
    """``migrate`` on a pseudo-terminal, stopped at its question."""

    def __init__(self, *arguments):
        self.ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "invenio_cli_registry", "migrate", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "COLUMNS": "80",
                "NO_COLOR": "1",
            },
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


ANSWER = {
    "yes": (b"y\n", 0),
    "no is the default": (b"\n", 1),
    "the end of the input": (b"\x04", 1),
}


@pytest.mark.parametrize(("answer", "code"), rows(ANSWER))
def test_the_answer(tmp_path, answer, code):
    with instance(tmp_path, NINE) as folder:
        before = snapshot(folder)
        session = Session()
        assert session.answer(answer) == code
        assert (snapshot(folder) == before) is (code == 1)
    assert b"Traceback" not in session.shown


def test_each_instance_is_asked_about(tmp_path):
    with instance(tmp_path, below("a", "b")) as folder:
        session = Session()
        os.write(session.ours, b"n\n")
        session.read(b"b/Dockerfile? [y/N]: ")
        assert session.answer(b"y\n") == 1
        assert HUB in (folder / "a/Dockerfile").read_text()
        assert CERN in (folder / "b/Dockerfile").read_text()


def test_of_two_that_ask_at_once_the_later_overwrites_nothing(tmp_path):
    with instance(tmp_path, NINE) as folder:
        first, second = Session("--to", "same"), Session("--to", "same")
        assert first.answer(b"y\n") == 0
        (folder / "Dockerfile").write_text(f"FROM {CERN}\n# mine\n")
        assert second.answer(b"y\n") == 1
        assert (folder / "Dockerfile").read_text() == f"FROM {CERN}\n# mine\n"
    assert b"it has changed since it was read" in second.shown


def test_no_name_reaches_the_terminal_as_it_is(tmp_path):
    files = {**below(HOSTILE), f"{HOSTILE}/{HOSTILE}.dockerfile": f"FROM {HUB}\n"}
    with instance(tmp_path, files):
        session = Session(HOSTILE)
        assert session.answer(b"y\n") == 0
        again = call("migrate")
    shown = session.shown.decode()
    assert "Write 2 lines in a\\x1b[31m\\u202eb/Dockerfile" in shown
    for text in (shown, again.out, again.err):
        assert not {"\x1b", "\u202e"} & set(text)


def test_a_folder_without_anything_is_no_success(tmp_path):
    ran = run(tmp_path, {"notes.txt": "x"}, "migrate", "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing to check: no Dockerfile" in ran.err
