# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The documentation is built as it is published, and its files are what they claim."""

from __future__ import annotations

import subprocess
import sys

from .conftest import ROOT, clean_environ

DOCS = ROOT / "docs"


def test_the_documentation_has_no_warnings(tmp_path):
    strict = ["-W", "--keep-going", "-n", "-q", "-d", str(tmp_path / "cache")]
    command = [
        sys.executable,
        "-m",
        "sphinx",
        *strict,
        str(DOCS),
        str(tmp_path / "site"),
    ]
    done = subprocess.run(
        command, env=clean_environ(), capture_output=True, encoding="utf-8"
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
