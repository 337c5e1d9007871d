# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Thirty instances in one repository, made of the examples."""

from __future__ import annotations

import shutil
from pathlib import Path

#: How many instances are like which example, in this order.
_LIKE = (
    ("rdm-9.1/my-site", 7),
    ("ils-1.0/my-ils", 2),
    ("rdm-12/my-site", 6),
    ("rdm-13/my-site", 1),
    ("rdm-13-python3.12/my-site", 8),
    ("rdm-14/my-site", 4),
    ("ils-4.5/my-ils", 1),
    ("rdm-13-python3.12/my-site", 1),
)
#: An instance on Docker Hub that is known, and borne for a while.
_ACCEPTED = "sites/site-02/.invenio"
_ACCEPT = """
[registry]
accept = inveniosoftware/centos8-python:3.8 until 2027-03-01
"""
#: An instance whose Pipfile has a mistake: the extras must be quoted.
_BROKEN = "sites/site-30/Pipfile"


def make_sites(examples: Path, folder: Path) -> None:
    """Write ``sites/site-01`` to ``sites/site-30`` into a folder."""
    names = [name for name, count in _LIKE for _ in range(count)]
    for number, name in enumerate(names, start=1):
        shutil.copytree(examples / name, folder / f"sites/site-{number:02}")
    with (folder / _ACCEPTED).open("a", encoding="utf-8") as file:
        file.write(_ACCEPT)
    pipfile = folder / _BROKEN
    text = pipfile.read_text(encoding="utf-8")
    pipfile.write_text(text.replace('["opensearch2"]', "[opensearch2]"), "utf-8")
