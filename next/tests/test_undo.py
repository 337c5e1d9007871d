# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is said about getting files back works when it is typed; nothing else is run."""

import os
import subprocess
from pathlib import Path

import pytest

from invenio_cli_registry.undo import is_clean, undo_lines

BY_HAND = "restore the lines marked - above"
HUB = b"FROM inveniosoftware/centos8-python:3.8\n"


def git(*args):
    user = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    allow = ("-c", "protocol.file.allow=always")
    subprocess.run(["git", *user, *allow, *args], check=True, capture_output=True)


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A repository with two files, which is the current folder."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    folder = tmp_path / "site"
    (folder / "docker").mkdir(parents=True)
    monkeypatch.chdir(folder)
    git("init", "-q")
    commit(folder, **{"Dockerfile": HUB, "docker/my file": HUB})
    return folder


def commit(folder, **files):
    for name, data in files.items():
        (folder / name).write_bytes(data)
    git("-C", str(folder), "add", "-f", ".")
    git("-C", str(folder), "commit", "-qm", "x")


def check_restored(lines, *paths):
    """Change the files, type the lines, and check that the files are as they were."""
    before = [Path(path).read_bytes() for path in paths]
    for path in paths:
        Path(path).write_bytes(b"FROM h.org/x\n")
    for line in lines:
        subprocess.run(line, shell=True, check=True)
    assert [Path(path).read_bytes() for path in paths] == before


def test_what_is_committed_is_given_back(site):
    lines = undo_lines(["Dockerfile", "docker/my file"])
    assert lines == ("git checkout -- Dockerfile 'docker/my file'",)
    check_restored(lines, "Dockerfile", "docker/my file")


@pytest.mark.parametrize("name", ["--help", "ü", "-", "$(x)", "a b"])
def test_any_name_can_be_typed(site, name):
    commit(site, **{name: HUB})
    lines = undo_lines([f"./{name}"])
    assert len(lines) == 1
    check_restored(lines, name)


def test_from_a_folder_of_the_repository(site, monkeypatch):
    monkeypatch.chdir(site / "docker")
    lines = undo_lines(["my file", "../Dockerfile"])
    assert lines == ("git checkout -- 'my file' ../Dockerfile",)
    check_restored(lines, "my file", "../Dockerfile")


def test_from_outside_of_the_repository(site, monkeypatch):
    monkeypatch.chdir(site.parent)
    lines = undo_lines(["site/docker/my file"])
    assert lines == ("git -C site checkout -- 'docker/my file'",)
    check_restored(lines, "site/docker/my file")


def test_in_a_submodule_its_own_repository_gives_back(site):
    git("init", "-q", "../theme")
    commit(site.parent / "theme", Dockerfile=HUB)
    git("submodule", "add", "-q", str(site.parent / "theme"), "theme")
    git("commit", "-qm", "theme")
    lines = undo_lines(["Dockerfile", "theme/Dockerfile"])
    assert lines == (
        "git checkout -- Dockerfile",
        "git -C theme checkout -- Dockerfile",
    )
    check_restored(lines, "Dockerfile", "theme/Dockerfile")


def test_what_is_staged_is_given_back_as_staged(site):
    (site / "Dockerfile").write_bytes(HUB * 2)
    git("add", "Dockerfile")
    check_restored(undo_lines(["Dockerfile"]), "Dockerfile")


@pytest.mark.parametrize(
    ("convert", "data", "works"),
    [
        ("true", HUB, False),
        ("true", HUB.replace(b"\n", b"\r\n"), True),
        ("input", HUB, True),
        ("input", HUB.replace(b"\n", b"\r\n"), False),
    ],
    ids=["true, LF", "true, CRLF", "input, LF", "input, CRLF"],
)
def test_line_ends_that_git_converts(site, convert, data, works):
    git("config", "core.autocrlf", convert)
    git("config", "core.safecrlf", "false")
    commit(site, Converted=data)
    lines = undo_lines(["Converted"])
    assert lines == (("git checkout -- Converted",) if works else (BY_HAND,))
    if works:
        check_restored(lines, "Converted")


def change(site):
    (site / "Dockerfile").write_bytes(HUB + b"# mine\n")


def forget(site):
    git("rm", "-q", "--cached", "Dockerfile")


def ignore(site):
    (site / ".gitignore").write_text("Dockerfile\n")
    forget(site)


def link(site):
    (site / "Dockerfile").rename("real")
    (site / "Dockerfile").symlink_to("real")
    git("add", ".")
    git("commit", "-qm", "x")


def break_git(site):
    (site / ".git/HEAD").unlink()


def name_a_filter(site):
    git("config", "filter.a.b=c.clean", "cat")


@pytest.mark.parametrize(
    "spoil", [change, forget, ignore, link, break_git, name_a_filter]
)
def test_what_git_does_not_give_back_is_restored_by_hand(site, spoil):
    spoil(site)
    assert undo_lines(["Dockerfile"]) == (BY_HAND,)


def test_without_git_files_are_restored_by_hand(site, monkeypatch):
    monkeypatch.setenv("PATH", str(site))
    assert undo_lines(["Dockerfile"]) == (BY_HAND,)


@pytest.mark.parametrize("name", ["a\nb", "*", "[a]", "a?", "a\\b", ":(top)a"])
def test_what_git_takes_for_a_pattern_is_restored_by_hand(site, name):
    commit(site, **{name: HUB})
    assert undo_lines([name]) == (BY_HAND,)


def test_some_with_git_and_some_by_hand(site):
    (site / "new").write_bytes(HUB)
    assert undo_lines(["Dockerfile", "new"]) == (
        "git checkout -- Dockerfile",
        f"{BY_HAND} in new",
    )


def test_where_there_is_no_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_bytes(HUB)
    assert undo_lines(["Dockerfile"]) == (f"{BY_HAND} (not a git repository)",)


@pytest.mark.parametrize("key", ["clean", "smudge", "process"])
def test_no_program_of_the_repository_is_run(site, key):
    """A repository that was unpacked, not cloned: git reads the file to tell."""
    script = f"sh -c 'touch {site}/ran; cat'"
    (site / ".gitattributes").write_text("* filter=evil\n")
    git("config", "core.fsmonitor", script)
    git("config", f"filter.evil.{key}", script)
    git("config", "filter.evil.required", "true")
    os.utime("Dockerfile", (1, 1))
    assert is_clean("Dockerfile")
    assert not (site / "ran").exists()
