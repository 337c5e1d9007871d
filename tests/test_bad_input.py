# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Files that are not what they should be: named with their place, and never a traceback."""

import json
import os

import pytest

from .instances import build, configure, instance, plain, rdm, rdm_uv
from .test_cli import ALMA, CERN, DAY, HUB, run

NINE = {**rdm("9.1.7", "3.8"), **build(HUB)}
ANY = "Dockerfile:1:6"


def with_pipfile(text):
    return {**NINE, "Pipfile": text}


def replace_by_folder(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()


#: Files, exit code of ``check``, and what is said, with the place and the next step.
FILES = [
    pytest.param(build(HUB), 1, "No InvenioRDM, no InvenioILS", id="no .invenio"),
    pytest.param(
        {**NINE, ".invenio": ""},
        2,
        '.invenio has no sections: write "[cli]"',
        id="empty .invenio",
    ),
    pytest.param(
        {**NINE, ".invenio": "flavour = RDM\n"},
        2,
        ".invenio:1 not INI",
        id="no section",
    ),
    pytest.param(
        {**NINE, ".invenio": "[cli]\nflavour = RDM\n[cli]\n"},
        2,
        ".invenio:3 not INI",
        id="a section twice",
    ),
    pytest.param(
        {**NINE, ".invenio": "[cli]\nflavour = 100%\n"},
        1,
        ANY,
        id="a lone percent sign",
    ),
    pytest.param(
        {**NINE, ".invenio": "\ufeff" + NINE[".invenio"]},
        1,
        "InvenioRDM 9.1.7",
        id="BOM",
    ),
    pytest.param(
        with_pipfile("[packages]\nx = [\n"), 2, "Pipfile:3 not TOML", id="Pipfile"
    ),
    pytest.param(
        with_pipfile("[packages]\nx = {extras = [opensearch2], version = '~=9.1'}\n"),
        2,
        'Pipfile:2 not TOML: extras must be quoted: ["opensearch2"]',
        id="the documentation's extras",
    ),
    pytest.param(with_pipfile(""), 1, "InvenioRDM 9.1.7 (Pipfile.lock)", id="empty"),
    pytest.param(with_pipfile("packages = 1\n"), 1, ANY, id="no table"),
    pytest.param(
        {**NINE, "Pipfile.lock": "{"}, 2, "Pipfile.lock:1 not JSON", id="lock file"
    ),
    pytest.param(
        {**NINE, "Pipfile.lock": "[]"},
        2,
        "Pipfile.lock:1 no lock file: make it anew: `invenio-cli packages lock`",
        id="a lock that is a list",
    ),
    pytest.param(
        {**rdm_uv("13.1.2", "3.9"), "pyproject.toml": "[project\n", **build(ALMA)},
        2,
        "pyproject.toml:1 not TOML",
        id="pyproject.toml",
    ),
    pytest.param(
        {
            **NINE,
            "Pipfile.lock": "{}",
            "Pipfile": "[packages]\ninvenio-app-rdm = '*'\n",
        },
        1,
        "Pipfile:2 no version of invenio-app-rdm is to be found: write one, as in",
        id="no version",
    ),
    pytest.param(
        {
            **NINE,
            "Pipfile.lock": "{}",
            "Pipfile": "[packages]\ninvenio-app-rdm = {git = 'https://x.example/y'}\n",
        },
        1,
        "release unknown: judged by its images only",
        id="a version that nobody can read",
    ),
    pytest.param(
        {**rdm("99.0.0", "3.9"), **build(ALMA)},
        0,
        "fine. InvenioRDM 99.0.0",
        id="a version of the future",
    ),
    pytest.param({**NINE, "Dockerfile": ""}, 0, "no image", id="empty Dockerfile"),
    pytest.param(
        {**NINE, "Dockerfile": "RUN x\n"}, 1, "Dockerfile:1:1", id="no FROM at all"
    ),
    pytest.param(
        {**NINE, "Dockerfile": "\n"}, 0, "no image", id="a Dockerfile of nothing"
    ),
    pytest.param(
        {**NINE, "Dockerfile": f"FROM {HUB} # old\n"},
        1,
        "Docker refuses a line: a comment is not allowed",
        id="a comment behind FROM",
    ),
    pytest.param(
        {**NINE, "Dockerfile": "FROM inveniosoftware/$X\n"},
        1,
        "Dockerfile:1:6 inveniosoftware/$X unresolved X has no value",
        id="a variable without value",
    ),
    pytest.param(
        {**NINE, "Dockerfile": "FROM $X\n"}, 0, "no image of the", id="of any image"
    ),
    pytest.param(
        {**NINE, "Dockerfile": f"FROM {HUB}\nFROM inveniosoftware/$X\n"},
        1,
        "Dockerfile:2:6 inveniosoftware/$X unresolved X has no value",
        id="impacted and unresolved",
    ),
    pytest.param(
        {**NINE, "Dockerfile": f"FROM {HUB}\nRUN <<EOF\n"},
        1,
        ANY,
        id="no end of a heredoc",
    ),
    pytest.param(
        {**NINE, "Dockerfile": f"FROM {HUB} \\"}, 1, ANY, id="goes on nowhere"
    ),
    pytest.param(
        {**NINE, "compose.yaml": "a:\n\t- b\n"},
        2,
        "compose.yaml:2 not YAML",
        id="a tab",
    ),
    pytest.param(
        {**NINE, "compose.yaml": "services: [a, {b: c}, 1]\n"},
        1,
        ANY,
        id="odd services",
    ),
    pytest.param({**NINE, "compose.yaml": ""}, 1, ANY, id="an empty compose file"),
    pytest.param(
        {**NINE, "compose.yaml": "[" * 5000},
        2,
        "compose.yaml:1 not YAML",
        id="deep YAML",
    ),
    pytest.param(
        {**NINE, "k/x.yaml": "{{ a }}\n b: {{ c }}\n"},
        1,
        ANY,
        id="a template of others",
    ),
    pytest.param(
        {**NINE, "k/x.yaml": "{{ a }}\n b: inveniosoftware/x:{{ c }}\n"},
        1,
        "k/x.yaml:2 not YAML",
        id="a template that names the organisation",
    ),
    pytest.param(
        configure(NINE, "mirrors = docker.io"),
        2,
        ".invenio:6 [registry] mirrors: 'docker.io'",
        id="a mirror that is none",
    ),
    pytest.param(
        configure(NINE, "copies = docker.io=https://x.example/y"),
        2,
        ".invenio:6 [registry] copies:",
        id="a copy with a scheme",
    ),
    pytest.param(
        configure(NINE, "preflight = maybe"),
        2,
        ".invenio:6 [registry] preflight: 'maybe' is none of warn, fail, off",
        id="a preflight that is none",
    ),
    pytest.param(
        configure(NINE, "accept = x", "nonsense = y"),
        2,
        ".invenio:7 [registry] nonsense: no setting",
        id="lines that are no settings",
    ),
    pytest.param(
        {
            **plain("3.8"),
            **build(HUB),
            "pyproject.toml": "[tool.invenio-cli-registry]\nmirrors = 1\n",
        },
        2,
        "pyproject.toml [registry] mirrors: '1' has no '=': write UPSTREAM=HOST",
        id="a number for a mirror",
    ),
]


@pytest.mark.parametrize(("files", "code", "said"), FILES)
def test_files(tmp_path, files, code, said):
    with instance(tmp_path, files):
        done = run("check", *DAY)
        data = run("check", "--format", "json", "--all", *DAY)
        change = run("migrate", "--yes")
    assert (done.exit_code, data.exit_code) == (code, code)
    assert said in " ".join(done.stdout.split())
    assert (change.exit_code == 2) is (code == 2)
    json.loads(data.stdout)


def test_what_was_read_is_still_judged(tmp_path):
    """One broken file keeps nobody from the answer about the others."""
    files = {
        **NINE,
        "compose.yml": "a: [",
        "Pipfile.lock": "{",
        "x/Dockerfile": "FROM $",
    }
    with instance(tmp_path, files):
        done = run("check", *DAY)
        assert run("migrate", "--yes").exit_code == 2
        assert CERN in (tmp_path / "my-site/Dockerfile").read_text()
    assert done.exit_code == 2
    assert done.stdout.startswith("my-site: impacted.")


#: What lies in a file's place, how it is put there, and what is said with exit code 2.
KINDS = {
    "folder": replace_by_folder,
    "pipe": lambda folder, name: (
        (folder / name).unlink(),
        os.mkfifo(folder / name),
    ),
    "dangling": lambda folder, name: (
        (folder / name).unlink(),
        (folder / name).symlink_to("nowhere"),
    ),
    "loop": lambda folder, name: (
        (folder / name).unlink(),
        (folder / name).symlink_to(name),
    ),
    "NUL": lambda folder, name: (folder / name).write_bytes(b"FROM x\0y\n"),
    "large": lambda folder, name: (folder / name).write_bytes(b"#" * ((1 << 20) + 1)),
}


@pytest.mark.parametrize(
    ("kind", "name", "path", "said"),
    [
        ("folder", "Dockerfile", ".", "it is no regular file"),
        ("pipe", "Dockerfile", ".", "it is no regular file"),
        ("pipe", "Dockerfile", "Dockerfile", "it is no regular file"),
        ("pipe", "compose.yml", ".", "it is no regular file"),
        ("dangling", "Dockerfile", ".", "No such file or directory: it was not read"),
        ("dangling", "compose.yml", ".", "No such file or directory: it was not read"),
        ("dangling", "Dockerfile", "Dockerfile", "No such file or directory"),
        ("loop", "Dockerfile", ".", "Too many levels of symbolic links"),
        ("NUL", "Dockerfile", "Dockerfile", "it holds NUL bytes: it is no text"),
        ("large", "Dockerfile", "Dockerfile", "it is larger than 1 MiB, and was not"),
        ("folder", "Pipfile", ".", "Pipfile"),
        ("loop", "Pipfile", ".", "Pipfile"),
        ("folder", "Pipfile.lock", ".", "Pipfile.lock"),
        ("pipe", "Pipfile.lock", ".", "Pipfile.lock"),
        ("NUL", "Pipfile", ".", "Pipfile"),
    ],
)
def test_what_cannot_be_read(tmp_path, kind, name, path, said):
    with instance(tmp_path, {**NINE, "compose.yml": "services: {}\n"}) as folder:
        KINDS[kind](folder, name)
        done = run("check", path, *DAY)
        change = run("migrate", path, "--dry-run")
    assert (done.exit_code, change.exit_code) == (2, 2)
    (line,) = [one for one in done.stdout.splitlines() if one.startswith(f"  {name}")]
    assert said in line
    assert said in change.stderr


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("pipe", "k.yml"),
        ("dangling", "k.yml"),
        ("NUL", "k.yml"),
        ("NUL", "Dockerfile.swap"),
        ("large", "k.yml"),
        ("folder", "my.dockerfile"),
        ("dangling", ".#Dockerfile"),
    ],
)
def test_what_is_passed_over(tmp_path, kind, name):
    with instance(tmp_path, {**rdm("13.1.2", "3.9"), name: ""}) as folder:
        KINDS[kind](folder, name)
        done = run("check", "--today", "2026-06-01")
    assert done.exit_code == 0
    assert done.stdout == (
        "my-site: fine. InvenioRDM 13.1.2; no image of the organisation is named.\n"
    )


def test_a_file_that_nobody_may_read(tmp_path, monkeypatch):
    """Root may read everything: the system's answer is handed in."""
    real = open

    def refuse(path, *args, **options):
        if str(path).endswith("Dockerfile"):
            raise PermissionError(13, "Permission denied", path)
        return real(path, *args, **options)

    monkeypatch.setattr("builtins.open", refuse)
    with instance(tmp_path, NINE):
        done = run("check", *DAY)
    assert done.exit_code == 2
    assert "  Dockerfile  Permission denied: it was not read\n" in done.stdout


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("check", "nope"), "nope there is no such file or folder"),
        (("check", "no\x1bpe"), "no\\x1bpe there is no such file or folder"),
        (("migrate", "nope", "--yes"), "nope there is no such file or folder"),
        (("check", "--format", "xml"), "--format"),
        (("check", "--today", "soon"), "--today"),
        (("migrate", "--to", "debian12"), "--to"),
        (("migrate", "--mirror", "docker.io"), "UPSTREAM=HOST[:PORT]/PATH"),
        (("migrate", "--mirror", "docker.io=https://x/y"), "--mirror"),
        (("migrate", "--copy", "docker.io=/y"), "--copy"),
        (("migrate", "--timeout", "0"), "--timeout"),
        (("nonsense",), "No such command 'nonsense'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_was_typed(tmp_path, args, said):
    with instance(tmp_path, build("x")):
        done = run(*args, catch_exceptions=True)
    assert done.exit_code == 2
    assert said in " ".join((done.stdout + done.stderr).split())


@pytest.mark.parametrize("name", [".invenio", "Pipfile", "Pipfile.lock", "Dockerfile"])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\xff\xfe\x00\xd8", id="broken UTF-16"),
        pytest.param(b"\xff\xfe\xff\xff\xff", id="no text"),
        pytest.param(b"[cli]\nx = \xe9\n", id="Latin-1"),
        pytest.param(b"\x1b]0;x\x07[\n", id="escape"),
        pytest.param(b"=" * 100_000, id="one character"),
        pytest.param(b"[" * 100_000, id="brackets"),
        pytest.param(b"a\n" * 50_000, id="lines"),
        pytest.param(b"\r\r\r", id="returns"),
    ],
)
def test_any_bytes(tmp_path, name, data):
    with instance(tmp_path, NINE) as folder:
        (folder / name).write_bytes(data)
        done = run("check", *DAY)
        change = run("migrate", "--dry-run", "--set-python")
    assert done.exit_code in (0, 1, 2)
    assert change.exit_code in (0, 1, 2)
    assert not {"\x1b", "\x07"} & set(done.stdout + change.stdout + change.stderr)
