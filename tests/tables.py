# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Tables of tests, a row a line: its name, and what goes in and comes out."""

from __future__ import annotations

from typing import Any, Mapping

import pytest

from .instances import PIPENV, build, rdm


def rows(table: Mapping[str, Any]) -> list[Any]:
    """Return the rows of a table as ``parametrize`` takes them, their names as ids."""
    found = {
        name: row if isinstance(row, tuple) else (row,) for name, row in table.items()
    }
    return [pytest.param(*row, id=name) for name, row in found.items()]


def site(version: str, python: str, image: str, steps: str = PIPENV) -> dict[str, str]:
    """Return an instance of InvenioRDM under pipenv, with its Dockerfile."""
    return {**rdm(version, python), **build(image, steps)}
