# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Patterns as BuildKit's shell lexer matches them, against a regular expression as oracle."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invenio_cli_registry.readers.patterns import (
    InvalidPattern,
    drop_prefix,
    drop_suffix,
    may_equal,
    substitute,
)


@pytest.mark.parametrize(
    ("value", "pattern", "greedy", "rest"),
    [
        pytest.param("a/b/c", "*/", False, "b/c", id="shortest"),
        pytest.param("a/b/c", "*/", True, "c", id="longest"),
        pytest.param("a/b/c", "x", False, "a/b/c", id="not-there"),
        pytest.param("abc", "??", False, "c", id="any-two"),
        pytest.param("a*c", "a\\*", False, "c", id="escaped-star"),
        pytest.param("a}c", "a\\}", False, "c", id="escaped-brace"),
        pytest.param("abcabc", "a*a*a", True, "abcabc", id="one-too-many"),
        pytest.param("aXbXb", "a*b*b", False, "", id="equal-segments"),
        pytest.param("abab", "a*b", True, "", id="last-place"),
        pytest.param("x", "*a*b", False, "x", id="first-segment-missing"),
        pytest.param("a", "", True, "a", id="empty"),
    ],
)
def test_a_prefix(value, pattern, greedy, rest):
    assert drop_prefix(value, pattern, greedy) == rest


@pytest.mark.parametrize(
    ("value", "pattern", "greedy", "rest"),
    [
        pytest.param("a/b/c", "/*", False, "a/b", id="shortest"),
        pytest.param("a/b/c", "/*", True, "a", id="longest"),
        pytest.param("a*", "\\*", False, "a", id="escaped-star"),
        pytest.param("abc", "x", True, "abc", id="not-there"),
    ],
)
def test_a_suffix(value, pattern, greedy, rest):
    assert drop_suffix(value, pattern, greedy) == rest


@pytest.mark.parametrize(
    ("value", "pattern", "new", "everywhere", "result"),
    [
        pytest.param("3.9.1", ".", "-", False, "3-9.1", id="first"),
        pytest.param("3.9.1", ".", "-", True, "3-9-1", id="all"),
        pytest.param("abc", "x", "-", True, "abc", id="not-there"),
        pytest.param("abc", "", "-", True, "-a-b-c-", id="between-all"),
        pytest.param("abc", "*", "x", True, "x", id="nothing-behind-a-match"),
        pytest.param("abc", "*", "x", False, "x", id="whole"),
        pytest.param("ab1ab2", "a*b", "-", False, "-2", id="as-long-as-can-be"),
        pytest.param("abab", "a?a*z", "-", True, "abab", id="end-missing"),
    ],
)
def test_a_replacement(value, pattern, new, everywhere, result):
    assert substitute(value, pattern, new, everywhere) == result


@pytest.mark.parametrize("pattern", ["a\\b", "a\\"])
def test_an_escape_that_no_pattern_needs_is_refused(pattern):
    with pytest.raises(InvalidPattern, match="escape"):
        drop_prefix("a", pattern, False)


@pytest.mark.parametrize(
    ("name", "parts", "expected"),
    [
        pytest.param("base", ["base"], True, id="known"),
        pytest.param("base", ["bas"], False, id="other"),
        pytest.param("base-amd64", ["base-", None], True, id="end"),
        pytest.param("base", ["base", None], True, id="empty-variant"),
        pytest.param("linux-base", [None, "-base"], True, id="beginning"),
        pytest.param("a-1-b-2-c", ["a", None, "-b-", None, "c"], True, id="middle"),
        pytest.param("a-1-x-2-c", ["a", None, "-b-", None, "c"], False, id="no-middle"),
        pytest.param("aba", ["ab", None, "ba"], False, id="no-overlap"),
        pytest.param("xb", ["a", None, "b"], False, id="head"),
        pytest.param("ax", ["a", None, "b"], False, id="tail"),
        pytest.param("ab", ["a", "b"], True, id="joined"),
        pytest.param("ab", [None, "ab", None, "ab", None], False, id="once-for-two"),
        pytest.param("xb", ["x", None, "b", None, "b"], False, id="the-tail-is-taken"),
    ],
)
def test_a_name_with_unknown_parts(name, parts, expected):
    assert may_equal(name, parts) is expected


def as_regex(pattern, greedy):
    signs = {"*": ".*" if greedy else ".*?", "?": "."}
    return "".join(signs.get(sign, re.escape(sign)) for sign in pattern)


VALUES = st.text("ab/", max_size=8)
PATTERNS = st.text("ab/*?", max_size=6)


@given(VALUES, PATTERNS, st.booleans())
def test_the_same_as_a_regular_expression(value, pattern, greedy):
    match = re.match(as_regex(pattern, greedy), value)
    assert drop_prefix(value, pattern, greedy) == value[match.end() if match else 0 :]
    backwards = drop_suffix(value[::-1], pattern[::-1], greedy)
    assert backwards[::-1] == drop_prefix(value, pattern, greedy)


@given(VALUES, PATTERNS)
def test_the_first_is_replaced_as_by_a_regular_expression(value, pattern):
    expected = re.sub(as_regex(pattern, True), "-", value, count=1)
    assert substitute(value, pattern, "-", False) == expected
