# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""How advice counts, and what is near."""

import datetime

import pytest

from invenio_cli_registry.advice.words import count, is_near, since_or_until

TODAY = datetime.date(2026, 11, 24)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 lines"), (1, "1 line"), (2, "2 lines")]
)
def test_one_has_no_s(number, text):
    assert count(number, "line") == text


@pytest.mark.parametrize(
    ("days", "near"),
    [
        pytest.param(-1, False, id="past"),
        pytest.param(0, False, id="today"),
        pytest.param(1, True, id="tomorrow"),
        pytest.param(2000, False, id="far"),
    ],
)
def test_what_is_near(days, near):
    assert is_near(TODAY + datetime.timedelta(days), TODAY) is near


@pytest.mark.parametrize(
    ("days", "text"),
    [
        pytest.param(0, "no fixes since 2026-11-24", id="today"),
        pytest.param(1, "fixes until 2026-11-25 (1 day)", id="tomorrow"),
        pytest.param(2, "fixes until 2026-11-26 (2 days)", id="the-day-after"),
    ],
)
def test_until_when_there_are_fixes(days, text):
    assert since_or_until(TODAY + datetime.timedelta(days), TODAY) == text
