# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""An instance's own files, and everything that can be wrong with them."""

import os
import re

import pytest

from invenio_cli_registry.instance.manifests import load

DEEP = "[" * 100_000
TOML = "unusually large or malformed TOML file: nested too deep, or too many dots"
AGAIN = "run `invenio-cli packages lock` to make it again"


def problems_of(folder):
    """Return the problems, their paths as seen from the folder around."""
    found = load(str(folder)).problems
    return [(one.path.replace(str(folder), "site"), *one[1:]) for one in found]


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        pytest.param(
            "Pipfile", '[packages]\nx = {extras = [opensearch2], version = "~=13.0.0"}\n', 2,
            'not TOML: extras must be quoted: ["opensearch2"]', id="the documentation's extras",
        ),
        pytest.param(
            "pyproject.toml", "[a]\n\nx = {extras = [ opensearch2 , s3]}\n", 3,
            'not TOML: extras must be quoted: ["opensearch2", "s3"]', id="two extras",
        ),
        pytest.param("Pipfile", f"a = {DEEP}", 0, TOML, id="deep TOML"),
        pytest.param("Pipfile", "a" + " . a" * 100_000 + " = 1", 0, TOML, id="deep key"),
        pytest.param("Pipfile.lock", "{\n<<<<<<< HEAD\n", 2, f"not JSON: {AGAIN}", id="conflict in lock"),
        pytest.param("Pipfile.lock", DEEP, 0, f"not JSON: {AGAIN}", id="deep JSON"),
        pytest.param("Pipfile.lock", "[]", 1, f"not a lock file: {AGAIN}", id="no object"),
        pytest.param(
            ".invenio", "flavour = RDM\n", 1,
            "not INI: [section] or key = value is expected; correct this line", id="no section",
        ),
        pytest.param(
            ".invenio", "[cli]\nflavour RDM\n", 2,
            "not INI: [section] or key = value is expected; correct this line", id="not INI",
        ),
        pytest.param(
            ".invenio", "[cli]\na = 1\na = 2\n", 3,
            "not INI: option 'a' in section 'cli' already exists; remove one of them", id="option twice",
        ),
        pytest.param(
            ".invenio", "[cli]\n[cli]\n", 2,
            "not INI: section 'cli' already exists; remove one of them", id="section twice",
        ),
        pytest.param(
            ".invenio", "[cli]\na = " + " " * 300 + "x\n", 0,
            "unusually large or malformed INI file: not read", id="blanks",
        ),
        pytest.param(
            ".invenio.private", "app_rdm = 13\n", 1,
            "not INI: [section] or key = value is expected; correct this line", id="private",
        ),
    ],
)  # fmt: skip
def test_what_does_not_parse(tmp_path, name, text, line, message):
    (tmp_path / name).write_text(text)
    assert problems_of(tmp_path) == [(f"site/{name}", line, message, True)]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("[packages\n", 1, "at the end of a table declaration", id="table"),
        pytest.param('a = "x"\nb = """', 2, "unterminated string", id="at the end"),
        pytest.param("a = 1\na = 2\n", 2, "overwrite a value", id="twice"),
    ],
)
def test_what_is_no_toml_in_the_words_of_the_parser(tmp_path, text, line, said):
    # Its releases differ in quotes and such.
    (tmp_path / "Pipfile").write_text(text)
    ((path, found, message, is_fatal),) = problems_of(tmp_path)
    assert (path, found, is_fatal) == ("site/Pipfile", line, True)
    assert re.fullmatch(f"not TOML: (?![A-Z]).*{said}; correct this line", message)


def test_encodings(tmp_path):
    (tmp_path / "Pipfile").write_bytes(b"[packages]\n# Universit\xe9\n")
    (tmp_path / ".invenio").write_bytes(b"[cli]\n# Universit\xe9\nflavour = RDM\n")
    (tmp_path / "pyproject.toml").write_text(
        "[project]\nname = 'x'\n", encoding="utf-16"
    )
    manifests = load(str(tmp_path))
    assert problems_of(tmp_path) == [
        ("site/Pipfile", 2, "not TOML: not UTF-8; save it as UTF-8", True),
        ("site/pyproject.toml", 0, "it is not UTF-8: save it as UTF-8", True),
    ]
    assert manifests.option(".invenio", "cli", "flavour") == "RDM"


def binary(path):
    path.write_bytes(b"\x7fELF\0\0")


def link(path):
    path.symlink_to("gone")


@pytest.mark.parametrize("name", [".invenio", "Pipfile", "uv.lock", "requirements.txt"])
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (binary, "it contains NUL bytes, so it is not text"),
        (os.mkdir, "it is a folder, so it was not read"),
        (os.mkfifo, "it is not a regular file, so it was not read"),
        (link, "No such file or directory: it was not read"),
    ],
)
def test_what_is_no_file(tmp_path, name, make, message):
    make(tmp_path / name)
    assert problems_of(tmp_path) == [(f"site/{name}", 0, message, True)]


@pytest.mark.parametrize(("name", "limit"), [(".invenio", 1), ("Pipfile.lock", 16)])
def test_a_file_that_is_too_large(tmp_path, name, limit):
    with open(tmp_path / name, "wb") as file:
        file.truncate(100 << 20)
    message = f"it is larger than {limit} MiB, so it was not read"
    assert problems_of(tmp_path) == [(f"site/{name}", 0, message, True)]


def test_every_problem_is_told_and_the_rest_is_read(tmp_path):
    (tmp_path / ".invenio").write_text("x")
    (tmp_path / "Pipfile").write_text("[")
    (tmp_path / "Pipfile.lock").symlink_to("real")
    (tmp_path / "real").write_text('{"default": {"x": {}}, "l": [1]}')
    manifests = load(str(tmp_path))
    assert [one[0] for one in problems_of(tmp_path)] == [
        "site/.invenio",
        "site/Pipfile",
    ]
    assert manifests.table("Pipfile.lock", "default") == {"x": {}}
    assert manifests.table("Pipfile.lock", "l") == {}
    assert manifests.table("Pipfile", "x", "y") == {}


def test_the_files_of_requirements_in_the_folder_come_first(tmp_path):
    for name in ("docker/app/requirements.txt", "docker/requirements-x.txt", "requirements.in",
                 "requirements.txt", "docker/b/c/requirements.txt", "a/requirements.txt", "requirements.md"):  # fmt: skip
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x\n")
    assert load(str(tmp_path)).requirements == [
        "requirements.in", "requirements.txt", "docker/requirements-x.txt", "docker/app/requirements.txt",
    ]  # fmt: skip
