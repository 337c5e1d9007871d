# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Version constraints in all their forms."""

import pytest

from invenio_cli_registry.project.constraint import parse, parse_version


@pytest.mark.parametrize(
    ("text", "lower", "inside", "outside"),
    [
        pytest.param("~=9.1.0", "9.1.0", "9.1.7", "9.2.0", id="compatible"),
        pytest.param("~=12.0", "12.0", "12.1.0", "13.0.0", id="two-part"),
        pytest.param("==13.0.2", "13.0.2", "13.0.2", "13.0.3", id="exact"),
        pytest.param("===13.0.2", "13.0.2", "13.0.2", "13.0.3", id="arbitrary"),
        pytest.param("==13.*", "13", "13.1.2", "14.0.0", id="wildcard"),
        pytest.param(">=12,<14", "12", "13.0.0", "14.0.0", id="range"),
        pytest.param("<14.0.0,>=12.0.0", "12.0.0", "13.1.0", "14.0.0", id="turned"),
        pytest.param("!=12.0.1,~=12.0.0", "12.0.0", "12.0.2", "12.0.1", id="hole"),
        pytest.param(">12.0.5", "12.0.5", "12.0.6", "12.0.5", id="above"),
        pytest.param(">=v15.0.0b2.dev1", "15.0.0b2.dev1", "15.0.0", "14.0.5", id="v"),
        pytest.param("~=13.0.0rc6", "13.0.0rc6", "13.0.0rc7", "13.0.0rc5", id="rc"),
        pytest.param("~=13.0.0dev0", "13.0.0.dev0", "13.0.0b1", "12.9", id="dev"),
        pytest.param("^13.0", "13.0", "13.1.2", "14.0.0", id="caret"),
        pytest.param("^13.0.1", "13.0.1", "13.1.0", "13.0.0", id="caret-patch"),
        pytest.param("^0.3", "0.3", "0.3.9", "0.4.0", id="caret-zero"),
        pytest.param("^0.0", "0.0", "0.0.5", "0.1.0", id="caret-zeros"),
        pytest.param("~13.0", "13.0", "13.0.9", "13.1.0", id="tilde"),
        pytest.param("~13", "13", "13.9", "14.0.0", id="tilde-major"),
        pytest.param("~4.4.0", "4.4.0", "4.4.9", "4.5.0", id="mistyped"),
        pytest.param("13.0.2", "13.0.2", "13.0.2", "13.0.3", id="bare"),
        pytest.param("3.9.*", "3.9", "3.9.18", "3.10.0", id="bare-wildcard"),
        pytest.param("^12.0 || ^13.0", "12.0", "13.1", "14.0", id="either"),
        pytest.param("^12.0|^13.0", "12.0", "12.5", "14.0", id="either-short"),
        pytest.param(">= 12.0 < 13", "12.0", "12.5", "13.0", id="blanks"),
    ],
)
def test_constraints(text, lower, inside, outside):
    parsed = parse(text)
    assert str(parsed.lower_bound) == lower
    assert parsed.contains(inside)
    assert not parsed.contains(outside)


@pytest.mark.parametrize("text", ["*", "", " * ", "<14", "!=13.0.1", "^12.0 || *"])
def test_constraints_without_lower_bound(text):
    parsed = parse(text)
    assert parsed.lower_bound is None
    assert parsed.contains("12.3.4")


@pytest.mark.parametrize(
    "text", ["latest", "^", "~", "^x", "==", ">=1.0 and <2", "1.0||nope", "9" * 300]
)
def test_what_is_no_constraint(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("==13.0.2", True),
        ("===13.0.2", True),
        ("13.0.2", True),
        ("==13.0.*", False),
        ("~=13.0.0", False),
        ("==12.0.0 || ==13.0.0", False),
        ("*", False),
    ],
)
def test_exact_names_one_version(text, exact):
    assert parse(text).exact is exact


@pytest.mark.parametrize(
    ("text", "reads"),
    [("~=4.4.0", True), ("*", True), ("~4.4.0", False), ("^13", False), ("13", False)],
)
def test_what_pip_reads(text, reads):
    assert parse(text).pip_reads_it is reads


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v13.0.2", "13.0.2"),
        ("13.0.0b3.dev11", "13.0.0b3.dev11"),
        ("master", "None"),
        ("1" * 5000, "None"),
    ],
)
def test_versions(text, version):
    assert str(parse_version(text)) == version
