# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The rules, each with a table: an instance in; act, place and message of findings out."""

from __future__ import annotations

from ..instances import check

HUB, CERN = "inveniosoftware", "registry.cern.ch/inveniosoftware"
C7_36, C7_37, C7_39 = (f"{HUB}/centos7-python:3.{minor}" for minor in (6, 7, 9))
C8_37, C8_38 = (f"{HUB}/centos8-python:3.{minor}" for minor in (7, 8))
ALMA, LATEST = f"{CERN}/almalinux:1", f"{CERN}/almalinux:latest"
DEBIAN_13, DEBIAN_14 = (
    f"ghcr.io/{HUB}/invenio:{major}-debian" for major in ("13", "14")
)
DNF_312 = "RUN dnf install -y python3.12 && pip3.12 install pipenv\n"
LINK = "RUN ln -sfn /usr/bin/python3.12 /usr/local/bin/python3\n"


def at_cern(image):
    return image.replace(HUB, CERN, 1)


def findings(folder, files, rule, **options):
    """Return act, place and message of what one rule finds in the one instance."""
    (one,) = check(folder, files, every=True, **options).instances
    return [
        (found.act, found.span.at_line, found.message)
        for found in one.findings
        if found.rule == rule
    ]
