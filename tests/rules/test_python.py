# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The Python of a build, against what the instance's files and the release require."""

from __future__ import annotations

import pytest

from ..instances import (
    PIP,
    PIPENV,
    POETRY,
    UV,
    build,
    check,
    ils,
    plain,
    rdm,
    rdm_poetry,
    rdm_uv,
)
from . import (
    ALMA,
    C7_37,
    C7_39,
    C8_38,
    DEBIAN_13,
    DNF_312,
    LINK,
    at_cern,
    findings,
)

T312, T39 = rdm("13.1.2", "3.12"), rdm("13.1.2", "3.9")
SET = "alternatives --install /usr/bin/python3 python3 /usr/bin/python3.12 1"
SWITCH = f"RUN {SET} && alternatives --set python3 /usr/bin/python3.12\n"
COMPOSE = {"docker-compose.full.yml": "services:\n  web:\n    build: .\n"}
OLD = f"FROM {ALMA}\n{PIPENV}"
WRONG = "Pipfile requires Python 3.12, the base image has 3.9."


def based(top, base, **others):
    more = {f"Dockerfile.{name}": text for name, text in others.items()}
    return {"Dockerfile": top, "Dockerfile.base": base, **more}


FINDS = {
    "older than the pin": ({**T312, **build(ALMA)}, "now", WRONG),
    "newer than the pin": (
        *({**rdm("11.0.6", "3.8"), **build(ALMA)}, "soon"),
        "Pipfile requires Python 3.8, the base image has 3.9.",
    ),
    "newer, and pipenv stops": (
        *({**T39, **build(DEBIAN_13)}, "now"),
        "Pipfile requires Python 3.9, the base image has 3.11.",
    ),
    "installed, and pipenv takes another": (
        {**T312, **build(ALMA, DNF_312 + PIPENV)},
        "now",
        WRONG,
    ),
    "the Dockerfile switches to another": (
        *({**T39, **build(ALMA, DNF_312 + LINK + PIPENV)}, "now"),
        "Pipfile requires Python 3.9, Dockerfile:3 has 3.12.",
    ),
    "older than the release": (
        *({**rdm("13.1.2"), **build(at_cern(C8_38))}, "now"),
        "InvenioRDM 13.1 requires Python 3.9, 3.11 or 3.12, the base image has 3.8.",
    ),
    "newer than the release": (
        *({**rdm("10.1.1"), **build(DEBIAN_13)}, "soon"),
        "InvenioRDM 10.1 requires Python 3.7, 3.8 or 3.9, the base image has 3.11.",
    ),
    "no release": ({**plain("3.12"), **build(ALMA)}, "now", WRONG),
    "uv, which must not download": (
        {
            **rdm_uv("10.1.1", "==3.8.*"),
            **build(ALMA, "ENV UV_PYTHON_DOWNLOADS=never\n" + UV),
        },
        *("now", "pyproject.toml requires Python ==3.8.*, the base image has 3.9."),
    ),
    "poetry refuses a newer one": (
        *({**rdm_poetry("10.1.1", "~3.8"), **build(ALMA, POETRY)}, "now"),
        "pyproject.toml requires Python ~3.8, the base image has 3.9.",
    ),
    "below a local base": (
        {**T312, **based(f"FROM my-site-base\n{PIPENV}", f"FROM {ALMA}\nRUN true\n")},
        *("now", WRONG),
    ),
    "a stage that installs": (
        {**T312, "Dockerfile": f"FROM {ALMA} AS a\n{PIPENV}FROM python:3.12\n{PIPENV}"},
        *("now", WRONG),
    ),
}
FITS = {
    "the pin": {**T39, **build(ALMA)},
    "a range": {**rdm_poetry("13.1.2", ">=3.9,<3.12"), **build(DEBIAN_13, POETRY)},
    "a link on PATH": {**T312, **build(ALMA, DNF_312 + LINK + PIPENV)},
    "alternatives": {**T312, **build(ALMA, DNF_312 + SWITCH + PIPENV)},
    "pipenv --python": {
        **T312,
        **build(ALMA, DNF_312 + "RUN pipenv install --deploy --system --python 3.12\n"),
    },
    "what uv downloads": {**rdm_uv("14.0.5", "==3.14.*"), **build(ALMA, UV)},
    "what uv may download": {**rdm_uv("14.0.5", ">=3.14"), **build(ALMA, UV)},
    "an image of others": {**T312, **build("python:3.12-bookworm")},
    "an image of uv": {
        **rdm_uv("13.1.2", ">=3.12,<3.13"),
        **build("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", UV),
    },
    "nobody can tell": {**T312, **build("example.org/a:1")},
    "a pin that pip does not read": {**T312, **build(DEBIAN_13, PIP)},
    "no pin, and the release has it": {**rdm("13.1.2"), **build(ALMA)},
    "no page says": {**ils("9.0.0", "3.9"), **build(ALMA)},
    "what ILS was tested with is not required": {
        **ils("1.0.0rc1", "3.7"),
        **build(at_cern(C7_37)),
    },
    "not the instance's packages": {
        **T39,
        **build(ALMA),
        "docs/Dockerfile": "FROM python:3.8\nRUN pip install sphinx\n",
        "twine/Dockerfile": "FROM python:3.7\nRUN pip install twine\n",
    },
    "a stage that installs nothing": {
        **T312,
        "Dockerfile": f"FROM {at_cern(C7_39)} AS a\nRUN npm install\nFROM python:3.12\n{PIPENV}",
    },
    "what is copied from": {
        **T39,
        **build(ALMA, f"COPY --from={at_cern(C8_38)} /a /a\n{PIPENV}"),
    },
    "a template": {
        "{{a}}/.invenio": "[cli]\nflavour = RDM\n",
        "{{a}}/Pipfile": T312["Pipfile"],
        "{{a}}/Dockerfile": OLD,
    },
}


@pytest.mark.parametrize(("files", "act", "message"), FINDS.values(), ids=FINDS)
def test_wrong_python(tmp_path, files, act, message):
    assert [(one[0], one[2]) for one in findings(tmp_path, files, "python")] == [
        (act, message)
    ]


@pytest.mark.parametrize("files", FITS.values(), ids=FITS)
def test_fits(tmp_path, files):
    assert findings(tmp_path, files, "python") == []


WHY = {
    "pipenv, older": (
        {**rdm("12.0.19", "3.12"), **build(ALMA)},
        "pipenv skips packages that are locked for a newer Python, without an error, and "
        "`invenio collect` fails.",
        "python-3.12-on-almalinux",
    ),
    "pipenv, newer": (
        {**rdm("11.0.6", "3.8"), **build(ALMA)},
        "The build may still work, but this combination is not tested.",
        None,
    ),
    "pipenv of 2026": (
        {**T39, **build(DEBIAN_13)},
        "pipenv stops, because the Python is not the one that the Pipfile requires.",
        None,
    ),
    "the template of 13": (
        {**T312, **build(ALMA)},
        "pipenv skips packages that are locked for a newer Python, without an error, and "
        "`invenio collect` fails. The v13 template creates this mismatch; it is not your mistake.",
        "python-3.12-on-almalinux",
    ),
    "poetry": (
        {**rdm_poetry("13.1.2", "~3.12"), **build(ALMA, POETRY)},
        "poetry refuses a Python that pyproject.toml does not allow.",
        None,
    ),
}


@pytest.mark.parametrize(("files", "why", "recipe"), WHY.values(), ids=WHY)
def test_what_the_build_makes_of_it(tmp_path, files, why, recipe):
    (one,) = check(tmp_path, files).instances
    (found,) = [found for found in one.findings if found.rule == "python"]
    assert (found.why, found.recipe and found.recipe.id) == (why, recipe)


LOCKS = {
    "another minor version": ({**rdm("13.1.2", "3.9", "3.12"), **build(ALMA)}, True),
    "the same": ({**T39, **build(ALMA)}, False),
    "pip does not read it": (
        {**rdm("13.1.2", "3.9", "3.12"), **build(ALMA, PIP)},
        False,
    ),
    "no build": ({**rdm("13.1.2", "3.9", "3.12")}, True),
    "no pin": ({**rdm("13.1.2", None, "3.12"), **build(ALMA)}, False),
}


@pytest.mark.parametrize(("files", "found"), LOCKS.values(), ids=LOCKS)
def test_the_lock_file(tmp_path, files, found):
    text = "Pipfile requires Python 3.9, Pipfile.lock was made for 3.12."
    wanted = [("now", "Pipfile.lock:1", text)] if found else []
    assert findings(tmp_path, files, "lock-python") == wanted
