# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Commands that fail today, or on the image that a build moves to (all: ``builds/``)."""

from __future__ import annotations

import pytest

from ..instances import PIPENV, build, rdm
from . import ALMA, C7_39, C8_38, at_cern, findings

YUM = "RUN yum install -y gcc\n"
CLOSED = "`yum install -y gcc`: The mirrors of CentOS 8 closed on 2022-01-31."
NINE, THIRTEEN = rdm("9.1.7", "3.8"), rdm("13.1.2", "3.9")
COMPOSE = {"compose.yml": "services:\n  a:\n    build: .\n"}
FAILS = {
    "on CentOS": (
        {**NINE, **build(C8_38, YUM + PIPENV)},
        ("now", "Dockerfile:2", CLOSED),
    ),
    "wherever CentOS comes from": (
        {**NINE, **build(at_cern(C8_38), YUM)},
        ("now", "Dockerfile:2", CLOSED),
    ),
    "in a local base": (
        {
            **NINE,
            **build("my-site-base"),
            "Dockerfile.base": f"FROM {C8_38}\n{YUM}",
        },
        ("now", "Dockerfile.base:2", CLOSED),
    ),
    "nothing builds it": (
        {**NINE, **build(ALMA), **COMPOSE, "Dockerfile.old": f"FROM {C8_38}\n{YUM}"},
        ("plan", "Dockerfile.old:2", CLOSED),
    ),
    "in AlmaLinux": ({**NINE, **build(ALMA, YUM)}, None),
    "of an unknown system": ({**NINE, **build("example.org/a:1", YUM)}, None),
    "with the archive": (
        {
            **NINE,
            **build(
                C8_38,
                "RUN sed -i 's|mirror.c|vault.c|' /etc/yum.repos.d/*.repo\n" + YUM,
            ),
        },
        None,
    ),
}


@pytest.mark.parametrize(("files", "found"), FAILS.values(), ids=FAILS)
def test_fails_today(tmp_path, files, found):
    assert findings(tmp_path, files, "command-fails") == ([found] if found else [])


BREAKS = {
    "what is asked for": (
        {**THIRTEEN, **build(ALMA, "RUN dnf install -y ImageMagick\n" + PIPENV)},
        {"release": "14"},
        ("plan", "Dockerfile:2"),
    ),
    "what is proposed": (
        {**rdm("14.0.5", "3.14"), **build(C7_39, YUM + PIPENV)},
        {},
        ("no", "Dockerfile:2"),
    ),
    "nothing moves": ({**THIRTEEN, **build(ALMA, YUM + PIPENV)}, {}, None),
    "the same system elsewhere": ({**NINE, **build(C8_38, YUM)}, {}, None),
    "what fits": (
        {**THIRTEEN, **build(ALMA, "RUN echo dnf install\n" + PIPENV)},
        {"release": "14"},
        None,
    ),
    "an image that stays": (
        {
            **rdm("13.1.2", "3.14"),
            **build("python:3.14-trixie", "RUN apt-get update\n" + PIPENV),
        },
        {"release": "14"},
        None,
    ),
}


@pytest.mark.parametrize(("files", "options", "found"), BREAKS.values(), ids=BREAKS)
def test_breaks_on_the_new_image(tmp_path, files, options, found):
    told = findings(tmp_path, files, "command-breaks", **options)
    assert [one[:2] for one in told] == ([found] if found else [])
