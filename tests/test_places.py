# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Where values stand in TOML and INI files."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.project.manifests import parse_toml
from invenio_cli_registry.project.places import Entry, find_entries, find_string
from invenio_cli_registry.readers.source import Source

KEYS = ("requires", "python_version")


def find(text, keys=KEYS):
    return find_string(Source("Pipfile", text), parse_toml(text), keys)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param('[requires]\npython_version = "3.8"\n', 2, 19, id="plain"),
        pytest.param("[requires]\npython_version='3.8'", 2, 17, id="single-quotes"),
        pytest.param('requires.python_version = "3.8"\n', 1, 28, id="dotted"),
        pytest.param('requires = {python_version = "3.8"}\n', 1, 31, id="inline"),
        pytest.param('["requires"]\n"python_version"="3.8"', 2, 19, id="quoted-keys"),
        pytest.param('[requires]\r\npython_version = "3.8"\r\n', 2, 19, id="crlf"),
        pytest.param(
            '# python_version = "3.8"\n[requires]\npython_version = "3.8"\n',
            3, 19, id="comment-before",
        ),
        pytest.param(
            '[requires]\npython_version = "3.8"  # was "3.8"\n', 2, 19, id="comment-behind"
        ),
        pytest.param(
            '[packages]\na = "3.8"\n[requires]\npython_version = "3.8"\n',
            4, 19, id="same-value-elsewhere",
        ),
        pytest.param(
            '[requires]\na = """\npython_version = "3.8"\n"""\npython_version = "3.8"\n',
            5, 19, id="inside-a-string",
        ),
        pytest.param('[requires]\npython_version = """3.8"""\n', 2, 21, id="long-quotes"),
        pytest.param(
            '"3.8" = 1\n"3.8PROBE" = 2\n[requires]\npython_version = "3.8"\n',
            4, 19, id="a-key-that-cannot-be-probed",
        ),
        pytest.param('# é😀\n[requires]\n  python_version = "3.8"\n', 3, 21, id="code-points"),
    ],
)  # fmt: skip
def test_finds_the_value(text, line, column):
    assert find(text) == ("Pipfile", line, column)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[requires]\npython_version = "3\\u002e8"\n', id="escaped"),
        pytest.param("[requires]\npython_version = 3.8\n", id="a-number"),
        pytest.param(
            '# "3.8"\n' * 60 + '[requires]\npython_version = "3.8"', id="often"
        ),
        pytest.param('x = nan\n[requires]\npython_version = "3.8"\n', id="no-equality"),
    ],
)
def test_no_place_rather_than_a_guess(text):
    assert find(text) is None


def test_finds_items_of_arrays():
    text = 'a = ["x", "y", "x"]\n'
    assert find(text, ("a", 2)) == ("Pipfile", 1, 17)


def test_a_huge_file_is_not_parsed_often():
    text = '[requires]\npython_version = "3.8"\n' + "#" * (1 << 23)
    assert find(text) is None


@given(st.integers(0, 5), st.sampled_from(["#", '# "3.8"', 'a = "3.8"', ""]))
def test_what_stands_around_does_not_move_it(count, noise):
    lines = [f"[t{number}]\n{noise}\n" for number in range(count)]
    text = (
        "".join(lines)
        + '[requires]\npython_version = "3.8"\n'
        + "".join(line.replace("[t", "[u") for line in lines)
    )
    assert find(text) == ("Pipfile", 3 * count - count + 2, 19)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        pytest.param("[registry]\nmirrors = a=b\n", [("a=b", 2, 11)], id="one"),
        pytest.param("[registry]\nmirrors: a=b\n", [("a=b", 2, 10)], id="colon"),
        pytest.param(
            "[registry]\nmirrors =\n  a=b\n\n  # c\n\tc=d\n",
            [("a=b", 3, 3), ("c=d", 6, 2)],
            id="lines",
        ),
        pytest.param("[x]\nmirrors = a\n[registry]\ny = 1\n", [], id="other-section"),
        pytest.param("[registry]\nother =\n  mirrors = a\n", [], id="continuation"),
        pytest.param("[registry]\nmirrors =\n", [], id="empty"),
        pytest.param("[registry]\r\nMIRRORS = a=b\r\n", [("a=b", 2, 11)], id="crlf"),
        pytest.param(
            "[registry]\n; mirrors = x\nmirrors=y", [("y", 3, 9)], id="comment"
        ),
        pytest.param("  [registry]\n  mirrors = y", [("y", 2, 13)], id="indented"),
    ],
)
def test_entries_of_an_option(text, entries):
    found = find_entries(text, "registry").get("mirrors", [])
    assert found == [Entry(*one) for one in entries]
