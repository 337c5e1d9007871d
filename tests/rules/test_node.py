# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Node of a build, against what the release requires and builds its assets with."""

from __future__ import annotations

import pytest

from ..instances import PIP, PIPENV, UV, build, check, ils, plain, rdm, rdm_uv
from . import ALMA, C8_38, DEBIAN_13, DEBIAN_14, LATEST, at_cern, findings

OWN_18 = "RUN dnf module install -y nodejs:18\n"
SASS = "InvenioRDM 9.1 builds its assets with node-sass 4, up to Node 14"
OLD_12 = "InvenioRDM 12 requires Node 18 or later; the base image has Node 16."
OLD_14 = "InvenioRDM 14 requires Node 24 or later; the base image has Node"
ROWS = {
    "12 on AlmaLinux": (
        {**rdm("12.0.19", "3.9"), **build(ALMA)},
        ("no", "Dockerfile:1", OLD_12),
    ),
    "14 on AlmaLinux": (
        {**rdm("14.0.5", "3.14"), **build(ALMA)},
        ("plan", "Dockerfile:1", f"{OLD_14} 16."),
    ),
    "14 with uv on AlmaLinux": (
        {**rdm_uv("14.0.5", "==3.14.*"), **build(ALMA, UV)},
        ("plan", "Dockerfile:1", f"{OLD_14} 16."),
    ),
    "14 on the image of 13": (
        {**rdm("14.0.5", "3.14"), **build(DEBIAN_13)},
        ("plan", "Dockerfile:1", f"{OLD_14} 22."),
    ),
    "newer than the notes of 11 say": (
        {**rdm("11.0.6", "3.9"), **build(LATEST)},
        (
            *("plan", "Dockerfile:1"),
            "InvenioRDM 11 requires Node 14 to 16; the base image has Node 22.",
        ),
    ),
    "too new for node-sass": (
        {**rdm("9.1.7", "3.9"), **build(ALMA)},
        ("now", "Dockerfile:1", f"{SASS}; the base image has Node 16."),
    ),
    "installed, and too new for node-sass": (
        {**rdm("9.1.7", "3.8"), **build(at_cern(C8_38), OWN_18 + PIPENV)},
        ("now", "Dockerfile:2", f"{SASS}; Dockerfile:2 has Node 18."),
    ),
    "installed, and too old": (
        {**rdm("14.0.5", "3.14"), **build(DEBIAN_14, "RUN n 20\n" + PIPENV)},
        (
            *("plan", "Dockerfile:2"),
            "InvenioRDM 14 requires Node 24 or later; Dockerfile:2 has Node 20.",
        ),
    ),
    "its own image": ({**rdm("14.0.5", "3.14"), **build(DEBIAN_14)}, None),
    "9.1 on CentOS": ({**rdm("9.1.7", "3.8"), **build(at_cern(C8_38))}, None),
    "10 has no node-sass": ({**rdm("10.1.1", "3.9"), **build(ALMA)}, None),
    "the Dockerfile installs it": (
        {**rdm("12.0.19", "3.9"), **build(ALMA, OWN_18 + PIPENV)},
        None,
    ),
    "copied": (
        {
            **rdm("12.0.19", "3.9"),
            **build(ALMA, "COPY --from=node:22 /usr/local /usr/local\n" + PIPENV),
        },
        None,
    ),
    "nobody can tell": (
        {**rdm("14.0.5", "3.14"), **build("python:3.14", PIPENV)},
        None,
    ),
    "no page says": ({**ils("9.0.0", "3.9"), **build(ALMA)}, None),
    "no release": ({**plain("3.9"), **build(ALMA)}, None),
    "not the instance's packages": (
        {**rdm("14.0.5", "3.14"), **build(ALMA, "RUN pip install twine\n")},
        None,
    ),
    "another manager's": ({**rdm("14.0.5", "3.14"), **build(ALMA, PIP)}, None),
}


@pytest.mark.parametrize(("files", "found"), ROWS.values(), ids=ROWS)
def test_node(tmp_path, files, found):
    assert findings(tmp_path, files, "node") == ([found] if found else [])


@pytest.mark.parametrize(
    ("version", "python", "image", "recipe", "release"),
    [
        ("12.0.19", "3.9", ALMA, "node-18-on-almalinux", None),
        ("11.0.6", "3.9", ALMA, "node-18-on-almalinux", "12"),
        ("12.0.19", "3.9", ALMA, "node-18-on-almalinux", "13.1"),
        ("14.0.5", "3.14", ALMA, "node-24-on-almalinux", None),
        ("9.1.7", "3.9", ALMA, "node-14-on-almalinux", None),
        ("11.0.6", "3.9", LATEST, None, None),
        ("14.0.5", "3.14", DEBIAN_13, None, None),
    ],
)
def test_the_lines_that_bring_it(tmp_path, version, python, image, recipe, release):
    files = {**rdm(version, python), **build(image)}
    (one,) = check(tmp_path, files, release=release).instances
    (found,) = [found for found in one.findings if found.rule == "node"]
    assert (found.recipe and found.recipe.id) == recipe


def test_a_new_image_brings_its_own(tmp_path):
    files = {**rdm("13.1.2", "3.9"), **build(ALMA)}
    assert findings(tmp_path, files, "node", release="14") == []
