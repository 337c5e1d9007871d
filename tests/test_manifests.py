# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""An instance's own files, and everything that can be wrong with them."""

import os
import re

import pytest

from invenio_cli_registry.project.manifests import FILES, load, read, table

DEEP = "[" * 100_000


def problems_of(folder, printed="site"):
    return [tuple(problem) for problem in load(folder, printed).problems]


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        pytest.param(
            "Pipfile",
            '[packages]\ninvenio-app-rdm = {extras = [opensearch2], version = "~=13.0.0"}\n',
            2, 'not TOML: extras must be quoted: ["opensearch2"]',
            id="the-documentation's-extras",
        ),
        pytest.param(
            "pyproject.toml",
            "[a]\n\nx = {extras = [ opensearch2 , s3]}\n",
            3, 'not TOML: extras must be quoted: ["opensearch2", "s3"]',
            id="two-extras",
        ),
        pytest.param(
            "Pipfile", f"a = {DEEP}", 0,
            "no TOML that anybody wrote: nested too deep, or a line with too many dots", id="deep-toml",
        ),
        pytest.param(
            "Pipfile", "a" + " . a" * 100_000 + " = 1", 0,
            "no TOML that anybody wrote: nested too deep, or a line with too many dots", id="deep-key",
        ),
        pytest.param(
            "Pipfile", '["\\""' + ".'a b'" * 100_000 + "]", 0,
            "no TOML that anybody wrote: nested too deep, or a line with too many dots", id="deep-quoted-key",
        ),
        pytest.param(
            "Pipfile.lock", "{\n<<<<<<< HEAD\n", 2,
            "not JSON: make it anew: `invenio-cli packages lock`", id="conflict-in-lock",
        ),
        pytest.param(
            "Pipfile.lock", DEEP, 0,
            "not JSON: make it anew: `invenio-cli packages lock`", id="deep-json",
        ),
        pytest.param(
            "Pipfile.lock", "[]", 1,
            "no lock file: make it anew: `invenio-cli packages lock`", id="no-object",
        ),
        pytest.param(
            ".invenio", "flavour = RDM\n", 1,
            "not INI: a line before the first section; [cli] is expected",
            id="no-section",
        ),
        pytest.param(
            ".invenio", "# nothing\n", 0,
            'has no sections: write "[cli]" and "flavour = RDM" (or ILS)', id="empty",
        ),
        pytest.param(
            ".invenio", "[cli]\nflavour RDM\n", 2,
            "not INI: neither [section] nor key = value; correct this line",
            id="not-ini",
        ),
        pytest.param(
            ".invenio", "[cli]\na = 1\na = 2\n", 3,
            "not INI: option 'a' in section 'cli' already exists; remove one of them",
            id="option-twice",
        ),
        pytest.param(
            ".invenio", "[cli]\n[cli]\n", 2,
            "not INI: section 'cli' already exists; remove one of them",
            id="section-twice",
        ),
        pytest.param(
            ".invenio.private", "app_rdm = 13\n", 1,
            "not INI: a line before the first section; [cli] is expected",
            id="private",
        ),
    ],
)  # fmt: skip
def test_what_does_not_parse(tmp_path, name, text, line, message):
    (tmp_path / name).write_text(text)
    problem = (f"site/{name}", line, message, True)
    assert problems_of(tmp_path) == [problem]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        pytest.param("[packages\n", 1, "at the end of a table declaration", id="table"),
        pytest.param('a = "x"\nb = """', 2, "unterminated string", id="at-the-end"),
        pytest.param("a = 1\na = 2\n", 2, "overwrite a value", id="twice"),
    ],
)
def test_what_is_no_toml_in_the_words_of_the_parser(tmp_path, text, line, said):
    # Its releases differ in quotes and such.
    (tmp_path / "Pipfile").write_text(text)
    ((path, found, message, is_broken),) = problems_of(tmp_path)
    assert (path, found, is_broken) == ("site/Pipfile", line, True)
    assert re.fullmatch(f"not TOML: (?![A-Z]).*{said}; correct this line", message)


def test_many_dots_in_a_value_are_no_deep_key(tmp_path):
    (tmp_path / "Pipfile").write_text(f'a = "{"x." * 900}" # {"." * 900}\n')
    assert problems_of(tmp_path) == []


def test_what_is_not_utf8_is_not_toml(tmp_path):
    (tmp_path / "Pipfile").write_bytes(b"[packages]\n# Universit\xe9\n")
    message = "not TOML: not UTF-8; save it as UTF-8"
    assert problems_of(tmp_path) == [("site/Pipfile", 2, message, True)]


def test_an_invenio_that_is_not_utf8_is_read(tmp_path):
    (tmp_path / ".invenio").write_bytes(b"[cli]\n# Universit\xe9\nflavour = RDM\n")
    assert load(tmp_path, ".").invenio.get("cli", "flavour") == "RDM"


@pytest.mark.parametrize("name", FILES)
def test_a_binary_file(tmp_path, name):
    (tmp_path / name).write_bytes(b"\x7fELF\0\0")
    message = "is binary; restore it from version control"
    assert problems_of(tmp_path) == [(f"site/{name}", 0, message, True)]


@pytest.mark.parametrize("name", FILES)
def test_a_folder(tmp_path, name):
    (tmp_path / name).mkdir()
    message = "is a folder; a file of this name is expected"
    assert problems_of(tmp_path) == [(f"site/{name}", 0, message, True)]


@pytest.mark.parametrize("name", FILES)
def test_a_fifo_is_not_opened(tmp_path, name):
    os.mkfifo(tmp_path / name)
    message = "is no regular file; a file of this name is expected"
    assert problems_of(tmp_path) == [(f"site/{name}", 0, message, True)]


def test_a_fifo_that_took_the_place_of_a_file_is_not_waited_for(tmp_path, mocker):
    (tmp_path / "Pipfile.lock").write_text("{}")
    status = os.stat(tmp_path / "Pipfile.lock")
    os.mkfifo(tmp_path / "Pipfile")
    writer = os.open(tmp_path / "Pipfile", os.O_RDWR)
    mocker.patch("os.stat", return_value=status)
    try:
        assert read(tmp_path / "Pipfile", 1 << 20) == b""
    finally:
        os.close(writer)


def test_a_link_to_nothing(tmp_path):
    (tmp_path / "Pipfile").symlink_to("gone")
    message = "is a link to nothing; restore it, or remove the link"
    assert problems_of(tmp_path) == [("site/Pipfile", 0, message, True)]


def test_a_link_is_followed(tmp_path):
    (tmp_path / "real").write_text("[packages]\nx = 1\n")
    (tmp_path / "Pipfile").symlink_to("real")
    assert load(tmp_path, ".").pipfile == {"packages": {"x": 1}}


@pytest.mark.parametrize(("name", "limit"), [(".invenio", 1), ("Pipfile.lock", 16)])
def test_a_file_that_is_too_large(tmp_path, name, limit):
    with open(tmp_path / name, "wb") as file:
        file.truncate(100 << 20)
    message = f"is over {limit} MiB; that is no file of an instance"
    assert problems_of(tmp_path) == [(f"site/{name}", 0, message, True)]


def test_a_lock_of_objects_without_end(tmp_path):
    (tmp_path / "Pipfile.lock").write_text('{"a": [' + "{}," * (1 << 17) + "{}]}")
    message = (
        "no lock file that anybody made: make it anew: `invenio-cli packages lock`"
    )
    assert problems_of(tmp_path) == [("site/Pipfile.lock", 0, message, True)]


def test_an_unreadable_file(tmp_path, mocker):
    (tmp_path / "Pipfile").write_text("")
    mocker.patch("builtins.open", side_effect=PermissionError(13, "Permission denied"))
    message = "cannot be read: Permission denied"
    assert problems_of(tmp_path) == [("site/Pipfile", 0, message, True)]


def test_every_problem_is_told_and_the_rest_is_read(tmp_path):
    (tmp_path / ".invenio").write_text("")
    (tmp_path / "Pipfile").write_text("[")
    (tmp_path / "Pipfile.lock").write_text('{"default": {}}')
    manifests = load(tmp_path, ".")
    assert [problem.path for problem in manifests.problems] == [".invenio", "Pipfile"]
    assert manifests.pipfile_lock == {"default": {}}


def test_paths_as_they_are_reached(tmp_path):
    (tmp_path / "Pipfile").write_text("x = 1")
    assert load(tmp_path, ".").where("Pipfile") == "Pipfile"
    assert load(tmp_path, "sites/a").sources["Pipfile"].path == "sites/a/Pipfile"
    assert load(tmp_path, "sites/a").text("uv.lock") == ""


def test_nothing_there(tmp_path):
    manifests = load(tmp_path, ".")
    assert (manifests.present, manifests.problems) == (frozenset(), ())


@pytest.mark.parametrize(
    ("keys", "found"),
    [(("a",), {"b": {"c": 1}}), (("a", "b"), {"c": 1}), (("x", "y"), {}), (("l",), {})],
)
def test_tables(keys, found):
    assert table({"a": {"b": {"c": 1}}, "l": [1]}, *keys) == found
