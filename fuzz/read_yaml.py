# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Fuzz the reader of YAML files, and the rewriting of what it finds."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["invenio_cli_registry"]):
    from tests.properties import check_yaml

if __name__ == "__main__":
    atheris.Setup(sys.argv, check_yaml)
    atheris.Fuzz()
