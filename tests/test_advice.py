# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The decision: an instance, its images and a day in; act, action, command, image out."""

import datetime
import shlex

import click
import pytest

from invenio_cli_registry.advice.decision import advise
from invenio_cli_registry.advice.standins import ask_about_host
from invenio_cli_registry.catalog import load
from invenio_cli_registry.cli import registry
from invenio_cli_registry.inspection import Options, inspect_projects

from .instances import (
    PIP,
    PIPENV,
    POETRY,
    PROG,
    TODAY,
    UV,
    build,
    configure,
    ils,
    inspect_instance,
    instance,
    plain,
    rdm,
    rdm_poetry,
    rdm_uv,
)

CERN = "registry.cern.ch/inveniosoftware"
HUB = "inveniosoftware"
C7_36, C7_37, C7_39 = (f"{HUB}/centos7-python:3.{minor}" for minor in (6, 7, 9))
C8_37, C8_38 = (f"{HUB}/centos8-python:3.{minor}" for minor in (7, 8))
ALMA = f"{CERN}/almalinux:1"
DEBIAN_13 = "ghcr.io/inveniosoftware/invenio:13-debian"
DEBIAN_14 = "ghcr.io/inveniosoftware/invenio:14-debian"
#: The Dockerfile of v14's template: no image of the organisation.
TEMPLATE_14 = (
    "ARG PYTHON_VERSION=3.14\nARG OS_VERSION=trixie\n"
    "FROM python:${PYTHON_VERSION}-${OS_VERSION}\n"
    "COPY --from=docker.io/astral/uv:0.11 /uv /bin/\n" + UV
)
#: The last day of 13.
END = load().release("RDM", "13.1").maintained_until
WITH_312 = "RUN dnf -y install python3.12 python3.12-devel\n" + PIPENV

VERIFY = f"{PROG} migrate --verify"
MIGRATE = f"{PROG} migrate"
SET_PYTHON = f"{PROG} migrate --set-python"
ASK = f"{PROG} check --for "
TO_ALMA = f"{PROG} migrate --to almalinux"
TO_DEBIAN = f"{PROG} migrate --to debian"
TO_SAME = f"{PROG} migrate --to same"
LOCK = "invenio-cli packages lock"
SKOPEO = "skopeo copy --all docker://docker.io/inveniosoftware/"


def at_cern(image):
    return image.replace(HUB, CERN, 1)


def no_instance(image, steps=PIP):
    return build(image, steps)


def two(first, second):
    """Return two Dockerfiles, of the same build."""
    return {
        "Dockerfile": f"FROM {first}\n{PIPENV}",
        "Dockerfile.worker": f"FROM {second}\n{PIPENV}",
    }


def before_end(days):
    """Return the day so many days before the end of 13."""
    return str(END - datetime.timedelta(days))


def row(files, act, action, first, becomes=(), *, name, day="2026-11-24"):
    """Return one row of the table; ``first`` is the command to type before any other."""
    today = datetime.date.fromisoformat(day)
    return pytest.param(files, today, act, action, first, becomes, id=name)


TABLE = [
    # v1-v10, impacted; the same image at CERN is built or named.
    row(
        {**rdm("9.1.7", "3.8"), **build(C8_38)},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="a: 9.1 on centos8-python:3.8, which a page names",
    ),
    row(
        {**rdm("10.1.1", "3.9"), **build(C7_39)},
        *("soon", "rewrite", VERIFY, [at_cern(C7_39)]),
        name="10.1 on centos7-python:3.9, which a workflow pushed",
    ),
    row(
        {**rdm("6.0.5", "3.6"), **build(C7_36)},
        *("soon", "rewrite", VERIFY, [at_cern(C7_36)]),
        name="6.0 on centos7-python:3.6",
    ),
    row(
        {**rdm("1.0.0", "3.8"), **build(C8_38)},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="1.0, the oldest",
    ),
    row(
        {**rdm("9.1.7"), **build(C8_38)},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="9.1 without a pin, which accepts every Python",
    ),
    row(
        {**rdm("9.1.7", "3.8"), **build(f"docker.io/{C8_38}")},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="Docker Hub by its name",
    ),
    row(
        {**rdm("9.1.7", "3.8"), **build(f"registry.hub.docker.com/{C8_38}")},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="Docker Hub by another name",
    ),
    row(
        {**rdm("9.1.7", "3.8"), **build(f"registry.cern.ch/docker.io/{C8_38}")},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="Docker Hub through CERN's cache",
    ),
    row(
        configure(
            {**rdm("9.1.7", "3.8"), **build(f"harbor.example.org/hub/{C8_38}")},
            "mirrors = docker.io=harbor.example.org/hub",
        ),
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="Docker Hub through a configured cache",
    ),
    row(
        configure(
            {**rdm("9.1.7", "3.8"), **build(C8_38)},
            "mirrors = registry.cern.ch=harbor.example.org/cern",
        ),
        *("soon", "rewrite", VERIFY),
        [f"harbor.example.org/cern/{C8_38}"],
        name="a configured cache of CERN comes in between",
    ),
    row(
        configure(
            {
                **rdm("9.1.7", "3.8"),
                **build(f"harbor.example.org/cern/docker.io/{C8_38}"),
            },
            "mirrors = registry.cern.ch=harbor.example.org/cern",
        ),
        *("soon", "rewrite", VERIFY),
        [f"harbor.example.org/cern/{C8_38}"],
        name="Docker Hub through a cache of CERN's cache",
    ),
    row(
        {
            **rdm("9.1.7", "3.8"),
            **build(C8_38, "RUN yum install -y gcc\n" + PIPENV),
        },
        *("now", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="a line that fails: now, the row stays the recommendation",
    ),
    row(
        {
            **rdm("9.1.7", "3.8"),
            **build(
                C8_38,
                "RUN sed -i s,mirror.centos.org,vault.centos.org, /etc/yum.repos.d/*\n"
                "RUN yum install -y gcc\n" + PIPENV,
            ),
        },
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="the vault: the line works",
    ),
    row(
        {**rdm("9.1.7", "3.8"), "Dockerfile": f"FROM {C8_38} # old\n{PIPENV}"},
        *("now", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="a comment behind FROM: Docker refuses the line",
    ),
    row(
        {**rdm("9.1.7", "3.8"), **build("python:3.8", f"COPY --from={C8_38} /a /a\n")},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="COPY --from",
    ),
    row(
        {
            **rdm("13.1.2", "3.9"),
            **build(ALMA, f"COPY --from={C8_38} /a /a\n{PIPENV}"),
        },
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="COPY --from in a release with an image of its own: the same image",
    ),
    row(
        {
            **rdm("9.1.7", "3.8"),
            "docker-compose.yml": f"services:\n  web:\n    image: {C8_38}\n",
        },
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="the image of a compose service",
    ),
    row(
        {
            **rdm("9.1.7", "3.8"),
            "values.yaml": f"job:\n  runner: {C8_38}\n",
        },
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="a scalar that names the organisation",
    ),
    row(
        {**rdm("9.1.7", "3.8"), **two(C8_38, C7_36)},
        *("now", "review", VERIFY, [at_cern(C8_38), at_cern(C8_38)]),
        name="two images: the wrong one is the more urgent",
    ),
    row(
        {**rdm_poetry("9.1.7", "^3.8"), **build(C8_38, POETRY)},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="poetry: a range that accepts the image",
    ),
    # v1-v10, impacted; nobody vouches for CERN.
    row(
        {**rdm("9.1.7", "3.7"), **build(C8_37)},
        *("soon", "copy", SKOPEO, [at_cern(C8_37)]),
        name="9.1 on centos8-python:3.7: a copy",
    ),
    row(
        {**rdm("10.0.0", "3.7"), **build(C7_37)},
        *("soon", "copy", SKOPEO, [at_cern(C7_37)]),
        name="10.0 on centos7-python:3.7, which may never have existed",
    ),
    row(
        configure(
            {**rdm("9.1.7", "3.7"), **build(C8_37)},
            "copies = docker.io/inveniosoftware=registry.example.org/invenio",
        ),
        *("soon", "rewrite", MIGRATE),
        ["registry.example.org/invenio/centos8-python:3.7"],
        name="a copy that is configured comes first",
    ),
    row(
        configure(
            {**rdm("13.1.2", "3.9"), **build(C7_39)},
            "copies = docker.io/inveniosoftware=registry.example.org/invenio",
        ),
        *("soon", "rewrite", MIGRATE),
        ["registry.example.org/invenio/centos7-python:3.9"],
        name="a copy comes before the release's own image",
    ),
    row(
        configure(
            {
                **rdm("9.1.7", "3.7"),
                **build("registry.example.org/invenio/centos8-python:3.7"),
            },
            "copies = docker.io/inveniosoftware=registry.example.org/invenio",
        ),
        *("plan", "upgrade", None),
        name="in a copy it is safe, and its system has ended",
    ),
    # v1-v10, impacted and unsuitable at once.
    row(
        {**rdm("9.1.7", "3.9"), **build(C8_38)},
        *("now", "review", VERIFY, [at_cern(C7_39)]),
        name="9.1 for 3.9 on an image with 3.8: the image with 3.9, by hand",
    ),
    row(
        {**rdm("9.1.7", "3.8"), **build(C7_39)},
        *("soon", "review", VERIFY, [at_cern(C8_38)]),
        name="9.1 for 3.8 on an image with 3.9: mostly installs",
    ),
    row(
        {**rdm("9.1.7", "3.11"), **build(C8_38)},
        *("now", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="9.1 for 3.11: no image has what both accept",
    ),
    row(
        {**rdm_poetry("9.1.7", "3.8"), **build(C7_39, POETRY)},
        *("now", "review", VERIFY, [at_cern(C8_38)]),
        name="poetry refuses a newer Python as well",
    ),
    row(
        {**rdm("9.1.7", "3.9"), **build(C8_38, PIP)},
        *("soon", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="pip reads no pin",
    ),
    row(
        {
            **rdm("9.1.7", "3.12"),
            **build(C8_38, "RUN pyenv install 3.11\n" + PIPENV),
        },
        *("now", "rewrite", VERIFY, [at_cern(C8_38)]),
        name="impacted, and the Dockerfile installs the wrong Python",
    ),
    # v11-v13, impacted: the release's own image.
    row(
        {**rdm("11.0.6", "3.9"), **build(C7_39)},
        *("soon", "rewrite", MIGRATE, [ALMA]),
        name="11 on centos7-python:3.9",
    ),
    row(
        {**rdm("12.0.19", "3.9"), **build(C7_39)},
        *("soon", "rewrite", MIGRATE, [ALMA]),
        name="12 on centos7-python:3.9",
    ),
    row(
        {**rdm("13.1.2", "3.9"), **build(f"{HUB}/almalinux:1")},
        *("soon", "rewrite", MIGRATE, [ALMA]),
        name="13.1 on an almalinux of Docker Hub",
    ),
    row(
        {**rdm("13.1.2", "3.9"), **build(f"{HUB}/almalinux")},
        *("soon", "rewrite", MIGRATE, [ALMA]),
        name="13.1 on almalinux without a tag",
    ),
    row(
        {**rdm("12.0.19", "3.8"), **build(C8_38)},
        *("now", "rewrite", SET_PYTHON, [ALMA]),
        name="12 for 3.8: the pin does not fit",
    ),
    row(
        {**rdm("13.1.2", "3.12"), **build(C7_39)},
        *("now", "rewrite", SET_PYTHON, [ALMA]),
        name="13.1 for 3.12 on centos7",
    ),
    row(
        {**rdm("12.0.19", "3.12"), **build(C7_39, WITH_312)},
        *("now", "rewrite", MIGRATE, [ALMA]),
        name="12 installs its Python itself",
    ),
    # v11-v13 and ILS, unsuitable.
    row(
        {**rdm("13.1.2", "3.12"), **build(ALMA)},
        *("now", "python", SET_PYTHON),
        name="c: 13.1 as its template makes it",
    ),
    row(
        {**rdm("13.1.2", "3.11"), **build(ALMA)},
        *("now", "python", SET_PYTHON),
        name="13.1 for 3.11",
    ),
    row(
        {**rdm("13.1.2", "3.12"), **build(DEBIAN_13)},
        *("now", "python", SET_PYTHON),
        name="13.1 for 3.12 on 13-debian, which has 3.11",
    ),
    row(
        {**rdm("13.1.2", "3.11"), **build(DEBIAN_13)},
        *("plan", "upgrade", None),
        name="13.1 for 3.11 on 13-debian fits",
    ),
    row(
        {**rdm("12.0.19", "3.8"), **build(ALMA)},
        *("soon", "python", SET_PYTHON),
        name="12 for 3.8 on almalinux: newer, and supported",
    ),
    row(
        {**rdm("11.0.6", "3.8"), **build(at_cern(C8_38))},
        *("now", "rewrite", SET_PYTHON, [ALMA]),
        name="11 on CentOS goes to almalinux",
    ),
    row(
        {**rdm("11.0.6", "3.9"), **build(at_cern(C8_38))},
        *("now", "rewrite", TO_ALMA, [ALMA]),
        name="11 on CentOS, the pin fits: asked for by name",
    ),
    row(
        {**ils("4.5.0", "3.12"), **build(ALMA)},
        *("now", "python", SET_PYTHON),
        name="ILS 4.5 for 3.12",
    ),
    row(
        {**rdm_uv("13.1.2", "==3.8.*"), **build(ALMA, UV)},
        *("now", "python", SET_PYTHON),
        name="uv refuses a newer Python",
    ),
    row(
        {
            **rdm("13.1.2", "3.12"),
            **build(ALMA, "RUN dnf install -y python3.11\n" + PIPENV),
        },
        *("now", "review", None),
        name="13.1 installs another Python than it asks for",
    ),
    # v1-v10, none, unknown, unsuitable only.
    row(
        {**rdm("10.1.1", "3.9"), **build(at_cern(C8_38))},
        *("now", "python", SET_PYTHON),
        name="10.1 supports the image's Python",
    ),
    row(
        {**rdm("8.0.0"), **build(at_cern(C7_36))},
        *("now", "review", None, [at_cern(C7_39)]),
        name="8.0 does not support the image's Python",
    ),
    row(
        {**plain("3.9"), **build(at_cern(C7_36))},
        *("now", "review", None, [at_cern(C7_39)]),
        name="no release, a pin: the image with that Python",
    ),
    row(
        {**plain("3.13"), **build(at_cern(C7_39))},
        *("now", "python", SET_PYTHON),
        name="no release, a pin that no image has: the image's Python",
    ),
    row(
        {**rdm("15.0.0b1", "3.8"), **build(ALMA)},
        *("soon", "review", None, [at_cern(C8_38)]),
        name="a release that the catalogue does not know, and a pin",
    ),
    # v14.
    row(
        {**rdm_uv("14.0.5", "==3.14.*"), **build(C7_39, UV)},
        *("now", "rewrite", MIGRATE, [DEBIAN_14]),
        name="14 on Docker Hub",
    ),
    row(
        {**rdm_uv("14.0.5", "==3.14.*"), **build(ALMA, UV)},
        *("now", "rewrite", MIGRATE, [DEBIAN_14]),
        name="14 on almalinux",
    ),
    row(
        {**rdm_uv("14.0.5", "==3.9.*"), **build(ALMA, UV)},
        *("now", "rewrite", SET_PYTHON, [DEBIAN_14]),
        name="14 on almalinux, for its Python 3.9",
    ),
    row(
        {**rdm("14.0.5", "3.8"), **build(ALMA)},
        *("now", "rewrite", SET_PYTHON, [DEBIAN_14]),
        name="14 for 3.8: newer than the pin, older than the release",
    ),
    row(
        {
            **rdm("13.1.2", "3.12"),
            **build(ALMA, f"RUN dnf -y install python3.11 python3.11-devel\n{PIPENV}"),
        },
        *("now", "review", None),
        name="13.1 with a Python of its own that is another one",
    ),
    row(
        {**rdm("14.0.5", "3.14"), **build(ALMA, WITH_312)},
        *("now", "rewrite", MIGRATE, [DEBIAN_14]),
        name="14 on almalinux with a Python of its own, which is left behind",
    ),
    row(
        {**rdm("14.0.5", "3.12"), **build(ALMA, WITH_312)},
        *("now", "rewrite", SET_PYTHON, [DEBIAN_14]),
        name="14 on almalinux with a Python of its own, and a pin for that",
    ),
    row(
        {**rdm("14.0.5", "3.14"), **build(DEBIAN_14, WITH_312)},
        *("now", "review", None, []),
        name="14 on its own image, with another Python of its own",
    ),
    row(
        {**rdm("14.0.5", "3.14"), **build(DEBIAN_13)},
        *("now", "rewrite", MIGRATE, [DEBIAN_14]),
        name="14 on 13-debian",
    ),
    row(
        {**rdm_uv("14.0.5", "==3.12.*"), **build(DEBIAN_14, UV)},
        *("now", "python", SET_PYTHON),
        name="14 on its own image, and another pin",
    ),
    row(
        {**rdm_uv("14.0.5", "==3.14.*"), **build(DEBIAN_14, UV)},
        *("no", "none", None),
        name="14 on its own image",
    ),
    row(
        {**rdm_uv("14.0.5", "==3.14.*"), "Dockerfile": TEMPLATE_14},
        *("no", "none", None),
        name="14 as its template makes it: no image of the organisation",
    ),
    row(
        {
            **rdm_uv("14.0.5", "==3.14.*"),
            **build(at_cern(C7_39), "RUN uv python install 3.14\n" + UV),
        },
        *("plan", "upgrade", TO_DEBIAN),
        name="14 on CentOS with a Python of its own: its system has ended",
    ),
    # ILS, impacted.
    row(
        {**ils("1.0.0rc1", "3.9"), **build(C7_39)},
        *("soon", "rewrite", VERIFY, [at_cern(C7_39)]),
        name="h: ILS 1.0.0rc1",
    ),
    row(
        {**ils("3.0.0rc1", "3.9"), **build(C7_39)},
        *("soon", "rewrite", VERIFY, [at_cern(C7_39)]),
        name="ILS 3.0.0rc1",
    ),
    row(
        {**ils("4.5.0", "3.9"), **build(C7_39)},
        *("soon", "rewrite", MIGRATE, [ALMA]),
        name="ILS 4.5: from 4.0 on almalinux",
    ),
    row(
        {**ils("4.5.0", "3.9"), "docker/backend/Dockerfile": f"FROM {ALMA}\n{PIPENV}"},
        *("no", "none", None),
        name="h: ILS 4.5 that is fine",
    ),
    row(
        {**ils("9.0.0", "3.9"), **build(ALMA)},
        *("no", "none", None),
        name="ILS 9, whose Pythons are unknown",
    ),
    # None and unknown, impacted.
    row(
        {"requirements.txt": "flask\n", **build(C7_36, PIP)},
        *("soon", "rewrite", VERIFY, [at_cern(C7_36)]),
        name="a portal: the same image at CERN",
    ),
    row(
        {
            "requirements.txt": "flask\n",
            **build(
                C7_36, "RUN yum install -y a\nRUN rpm -i https://x.org/el7/b.rpm\n"
            ),
        },
        *("now", "rewrite", VERIFY, [at_cern(C7_36)]),
        name="i: a portal whose lines fail",
    ),
    row(
        {"requirements.txt": "flask\n", **build(C8_37, PIP)},
        *("soon", "copy", SKOPEO, [at_cern(C8_37)]),
        name="a portal on an image that nobody vouches for",
    ),
    row(
        {**rdm("15.0.0b1", "3.9"), **build(C7_39)},
        *("soon", "rewrite", VERIFY, [at_cern(C7_39)]),
        name="a release that the catalogue does not know",
    ),
    # Any: an image of the organisation that the catalogue does not know.
    row(
        {**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")},
        *("soon", "review", TO_SAME),
        name="an unknown image of the organisation",
    ),
    row(
        configure(
            {**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")},
            "copies = docker.io/inveniosoftware=registry.example.org/invenio",
        ),
        *("soon", "review", TO_SAME),
        name="an unknown image comes before a copy",
    ),
    row(
        configure(
            {
                **rdm("9.1.7", "3.8"),
                "Dockerfile": f"ARG V\nFROM {HUB}/centos8-python:$V\n{PIPENV}",
            },
            "copies = docker.io/inveniosoftware=registry.example.org/invenio",
        ),
        *("soon", "rewrite", MIGRATE),
        ["registry.example.org/invenio/centos8-python:latest"],
        name="a copy takes a known image with an unknown tag",
    ),
    row(
        build(f"{HUB}/invenio:13-debian", PIP),
        *("soon", "rewrite", VERIFY, [DEBIAN_13]),
        name="an image that its makers publish elsewhere",
    ),
    row(
        {**rdm("9.1.7", "3.8"), **build(f"{HUB}/centos8-python:3.5")},
        *("soon", "review", TO_SAME),
        name="an unknown tag of a base image",
    ),
    row(
        {
            **rdm("9.1.7", "3.8"),
            "Dockerfile": f"ARG V\nFROM {HUB}/centos8-python:$V\n{PIPENV}",
        },
        *("soon", "review", TO_SAME),
        name="a tag that hangs on a variable",
    ),
    row(
        {
            **rdm("9.1.7", "3.8"),
            "Dockerfile": f"FROM {HUB}/centos8-python:{{{{ cookiecutter.python }}}}\n",
        },
        *("soon", "review", TO_SAME),
        name="a tag that a template fills in",
    ),
    row(
        {
            **rdm("13.1.2", "3.9"),
            "Dockerfile": f"ARG V\nFROM {HUB}/almalinux:$V\n{PIPENV}",
        },
        *("soon", "review", TO_SAME),
        name="an unknown tag is not latest",
    ),
    # Unresolved.
    row(
        {
            **rdm("9.1.7", "3.8"),
            "Dockerfile": f"ARG NAME\nFROM {HUB}/$NAME:3.8\n{PIPENV}",
        },
        *("soon", "review", None),
        name="a name that hangs on a variable",
    ),
    row(
        {**rdm("14.0.5", "3.14"), "Dockerfile": "ARG BASE\nFROM $BASE\nRUN true\n"},
        *("no", "none", None),
        name="a variable that does not name the organisation",
    ),
    row(
        {**rdm("9.1.7", "3.8"), "Dockerfile": f"FROM {at_cern(C8_38)} # ok\n{PIPENV}"},
        *("now", "review", None),
        name="a comment behind FROM, at CERN",
    ),
    row(
        {**rdm("6.0.5", "3.9"), "Dockerfile": f"# nothing\n{PIPENV}"},
        *("now", "review", None),
        name="6.0 for 3.9 as its template makes it: no FROM at all",
    ),
    row(
        {**rdm("14.0.5", "3.14"), **build(ALMA, "RUN true\n"), "b/Dockerfile": "RUN x"},
        *("now", "rewrite", MIGRATE, [DEBIAN_14]),
        name="no FROM in a Dockerfile that nobody builds",
    ),
    # A host that is not known.
    row(
        {**rdm("9.1.7", "3.8"), **build(f"harbor.uni.example/hub/{C8_38}")},
        *("plan", "upgrade", None),
        name="an unknown host: its system has ended",
    ),
    row(
        {**rdm("13.1.2", "3.12"), **build(f"harbor.uni.example/hub/{HUB}/almalinux:1")},
        *("now", "python", SET_PYTHON),
        name="an unknown host: its Python is wrong",
    ),
    # Nothing of these.
    row(
        {**rdm("12.0.19", "3.9"), **build(ALMA)},
        *("plan", "upgrade", None),
        name="b: 12 is fine, and has ended",
    ),
    row(
        {**rdm("12.1.0", "3.9"), **build(ALMA)},
        *("plan", "upgrade", None),
        name="12.1 is 12",
    ),
    row(
        {**rdm("13.0.9", "3.9"), **build(ALMA)},
        *("plan", "upgrade", None),
        name="13.0 ended with 13.1",
    ),
    row(
        {**rdm("13.0.0rc6", "3.9"), **build(ALMA)},
        *("plan", "upgrade", None),
        name="a pre-release is its release",
    ),
    row(
        {**rdm("13.1.2", "3.12"), **build(ALMA, WITH_312)},
        *("plan", "upgrade", None),
        name="d: 13.1 with a Python of its own, near its end",
    ),
    row(
        {**rdm("13.1.2", "3.12"), **build(ALMA, WITH_312)},
        *("no", "none", None),
        name="13.1, 181 days before its end",
        day=before_end(181),
    ),
    row(
        {**rdm("13.1.2", "3.12"), **build(ALMA, WITH_312)},
        *("plan", "upgrade", None),
        name="13.1, 180 days before its end",
        day=before_end(180),
    ),
    row(
        {**rdm("13.1.2", "3.9"), **build(ALMA)},
        *("plan", "upgrade", None),
        name="13.1 after its end",
        day=before_end(0),
    ),
    row(
        {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)},
        *("plan", "upgrade", None),
        name="Debian 13 near its end",
        day="2030-02-01",
    ),
    row(
        {"requirements.txt": "flask\n", **build("python:3.12", PIP)},
        *("no", "none", None),
        name="nothing of the organisation's",
    ),
    # The system has ended, nothing else.
    row(
        {**rdm("9.1.7", "3.8"), **build(at_cern(C8_38))},
        *("plan", "upgrade", None),
        name="9.1 at CERN",
    ),
    row(
        {**rdm("10.1.1", "3.9"), **build(at_cern(C7_39))},
        *("plan", "upgrade", TO_ALMA),
        name="10.1 at CERN: AlmaLinux has its Python",
    ),
    row(
        {**rdm("10.1.1", "3.8"), **build(at_cern(C8_38))},
        *("plan", "upgrade", None),
        name="10.1 at CERN for 3.8",
    ),
    row(
        {**rdm("12.0.19", "3.9"), **build(at_cern(C7_39))},
        *("plan", "upgrade", TO_ALMA),
        name="12 at CERN on centos7",
    ),
    row(
        {**ils("4.5.0", "3.9"), **build(at_cern(C7_39))},
        *("plan", "upgrade", TO_ALMA),
        name="ILS 4.5 at CERN on centos7",
    ),
    row(
        {**ils("1.0.0rc1", "3.9"), **build(at_cern(C7_39))},
        *("plan", "upgrade", None),
        name="ILS 1.0.0rc1 at CERN",
    ),
    row(
        {"requirements.txt": "flask\n", **build(at_cern(C7_36), PIP)},
        *("plan", "upgrade", None),
        name="a portal at CERN",
    ),
    row(
        {
            **rdm("9.1.7", "3.8"),
            **build(at_cern(C8_38), "RUN yum install -y gcc\n" + PIPENV),
        },
        *("now", "upgrade", None),
        name="9.1 at CERN, a line that fails",
    ),
    row(
        {
            **rdm("4.0.0", "3.8"),
            **build(at_cern(C8_38), "RUN yum install -y gcc\n" + PIPENV),
        },
        *("now", "review", None),
        name="a line that fails while all is looked after",
        day="2021-06-01",
    ),
    # Node.
    row(
        {**rdm("9.1.7", "3.9"), **build(ALMA)},
        *("now", "review", None),
        name="9.1 on almalinux: Node 16",
    ),
    row(
        {
            **rdm("9.1.7", "3.9"),
            **build(ALMA, "RUN dnf module install -y nodejs:14\n" + PIPENV),
        },
        *("plan", "upgrade", None),
        name="9.1 on almalinux with a Node of its own",
    ),
    row(
        {**rdm("9.1.7", "3.8"), **build(ALMA)},
        *("now", "python", SET_PYTHON),
        name="9.1 on almalinux for 3.8: Node and Python",
    ),
    row(
        {**rdm("10.1.1", "3.9"), **build(ALMA)},
        *("plan", "upgrade", None),
        name="10.1 on almalinux: any Node from 14 on",
    ),
    # Pipfile and lock.
    row(
        {**rdm("13.1.2", "3.9", lock_python="3.12"), **build(ALMA)},
        *("now", "python", LOCK),
        name="a lock for another Python",
    ),
    row(
        {**rdm("13.1.2", "3.12", lock_python="3.9"), **build(ALMA)},
        *("now", "python", SET_PYTHON),
        name="a lock for the image's Python, and another pin",
    ),
    row(
        {**rdm("9.1.7", "3.8", lock_python="3.7"), **build(C8_38)},
        *("now", "python", LOCK, [at_cern(C8_38)]),
        name="a lock for another Python is more urgent than Docker Hub",
    ),
    row(
        {**rdm("13.1.2", "3.9", lock_python="3.12"), **build(ALMA, PIP)},
        *("plan", "upgrade", None),
        name="a lock that the build does not read",
    ),
    row(
        {**rdm("13.1.2", "3.9", lock_python="3"), **build(ALMA)},
        *("plan", "upgrade", None),
        name="a lock that names no minor",
    ),
    # Local bases.
    row(
        {
            **rdm("10.1.1", "3.9"),
            "Dockerfile": f"FROM my-site-base\n{PIPENV}",
            "Dockerfile.base": f"FROM {C7_39}\nRUN yum install -y gcc\n",
        },
        *("now", "rewrite", VERIFY, [at_cern(C7_39)]),
        name="f: a local base, and a line of it that fails",
    ),
    row(
        {
            **rdm("13.1.2", "3.12"),
            "Dockerfile": f"FROM my-site-base\n{PIPENV}",
            "Dockerfile.base": f"FROM {ALMA}\nRUN true\n",
        },
        *("now", "python", SET_PYTHON),
        name="the pin is held against the base's image",
    ),
    row(
        {
            **rdm("13.1.2", "3.12"),
            "Dockerfile": f"FROM my-site-base\n{PIPENV}",
            "Dockerfile.base": f"FROM {ALMA}\nRUN dnf install -y python3.12\n",
        },
        *("plan", "upgrade", None),
        name="the base installs the Python",
    ),
    row(
        {**rdm("14.0.5", "3.14"), "Dockerfile": f"FROM my-site-base\n{PIPENV}"},
        *("no", "none", None),
        name="a local base that is not there",
    ),
]


def first_command(advice):
    """Return the first thing to type: of what is recommended, else of the other ways.

    What the next release would change can be asked in every case.
    """
    ways = (advice.recommended, *advice.alternatives)
    lines = (command.line for way in ways if way for command in way.commands)
    return next((line for line in lines if not line.startswith(ASK)), None)


@pytest.mark.parametrize(("files", "today", "act", "action", "first", "becomes"), TABLE)
def test_decision(files, today, act, action, first, becomes, tmp_path):
    found = inspect_instance(tmp_path, files, today=today)
    advice = found.advice
    said = [str(one.becomes) for one in advice.findings if one.becomes]
    command = first_command(advice)
    assert (advice.act, advice.action, said) == (act, action, list(becomes))
    # Of the lines that make a copy the beginning is enough.
    assert command == first or (first == SKOPEO and command.startswith(first))


def list_commands(advice):
    ways = (advice.recommended, *advice.alternatives)
    return [command.line for way in ways if way for command in way.commands]


@pytest.mark.parametrize(
    ("files", "today"), [pytest.param(*p.values[:2], id=p.id) for p in TABLE]
)
def test_what_holds_for_every_answer(files, today, tmp_path):
    advice = inspect_instance(tmp_path, files, today=today).advice
    acts = {cause.act for cause in advice.why}
    # Whatever makes it urgent is said, the most urgent thing first.
    assert acts >= {
        one.judged.act for one in advice.findings if one.judged.act in ("now", "soon")
    }
    assert (advice.why[0].act if advice.why else "no") == advice.act
    assert all(cause.text.endswith(".") for cause in advice.why)
    assert bool(advice.recommended) >= (advice.action not in ("none", "upgrade"))
    assert not list_commands(advice) or advice.recommended
    # Each command once, and each one of ours is one.
    assert len(set(list_commands(advice))) == len(list_commands(advice))
    for line in list_commands(advice):
        if line.startswith(PROG):
            name, *words = shlex.split(line.replace("\\\n", " "))[2:]
            command = registry.commands[name]
            assert command.make_context(name, words, parent=click.Context(registry))


def decide(tmp_path, files, day="2026-11-24"):
    today = datetime.date.fromisoformat(day)
    return inspect_instance(tmp_path, files, today=today).advice


ENDED = "The real repair is the upgrade: everything below has ended."
UNSUITABLE = "leaves out, without an error"


@pytest.mark.parametrize(
    ("files", "answer"),
    [
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(C8_38)},
            "impacted. Its base image lies on Docker Hub, with no promise to stay.",
            id="impacted",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), "Dockerfile": f"FROM {C8_38} # old\n{PIPENV}"},
            "impacted, and Docker refuses a line of its Dockerfile.",
            id="impacted and refused",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(C8_38)},
            "impacted, and wrong Python. Pipfile asks for 3.9, the image has 3.8.",
            id="impacted and unsuitable",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(C8_38, "RUN yum install -y gcc\n")},
            "impacted, and lines of its Dockerfile fail already.",
            id="impacted and failing",
        ),
        pytest.param(
            {
                **rdm("9.1.7", "3.8"),
                **build(C8_38, "RUN rpm -i https://x.org/el8/a.rpm\n"),
            },
            "impacted. Its base image lies on Docker Hub, with no promise to stay.",
            id="a line that may still work is none that fails",
        ),
        pytest.param(
            {
                **rdm("10.1.1", "3.9"),
                "Dockerfile": f"FROM my-site-base:1\n{PIPENV}",
                "Dockerfile.worker": f"FROM my-site-base:1\n{PIPENV}",
                "Dockerfile.base": f"FROM {C7_39}\nRUN true\n",
            },
            "impacted, in 1 of 3 Dockerfiles (the others build on my-site-base:1).",
            id="impacted below local bases",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.8"), **build(at_cern(C8_38))},
            "wrong Python. InvenioRDM 12 supports 3.9, 3.11, 3.12, the image has 3.8.",
            id="wrong Python for the release",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                **build(ALMA, "RUN dnf install -y python3.11\n" + PIPENV),
            },
            "wrong Python. Pipfile asks for 3.12, the Dockerfile installs 3.11.",
            id="wrong Python that the Dockerfile installs",
        ),
        pytest.param(
            {**rdm("6.0.5", "3.9"), "Dockerfile": PIPENV},
            "no image at all. A Dockerfile of it has no FROM line.",
            id="no FROM",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), "Dockerfile": f"FROM {at_cern(C8_38)} # ok\n"},
            "Docker refuses a line of its Dockerfile.",
            id="refused",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), "Dockerfile": f"ARG N\nFROM {HUB}/$N:1\n"},
            "not clear. An image of the organisation hangs on an unknown value.",
            id="unresolved",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(at_cern(C8_38), "RUN dnf update -y\n")},
            "its images stay where they are, but lines of its Dockerfile fail already.",
            id="failing",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(ALMA)},
            "its images stay where they are, but the next build is in danger.",
            id="Node",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(at_cern(C8_38))},
            "the image stays where it is, its system has ended. CentOS 8 has had no "
            "fixes since 2021-12-31.",
            id="outdated",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(ALMA)},
            "the image is fine, the release is not: no fixes since 2026-01-24.",
            id="b: the release has ended",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build("my-site-base")},
            "not clear. The Dockerfile of my-site-base was not found.",
            id="the release has ended, and what it is built on is not known",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build("python:3.9")},
            "no image of the organisation is named; the release ended: no fixes since "
            "2026-01-24.",
            id="the release has ended, on another image",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA, WITH_312)},
            "fine. InvenioRDM 13.1.2 on almalinux:1, Python 3.12 (Dockerfile:2).",
            id="d: fine, with the place of the Python",
        ),
        pytest.param(
            {**rdm_uv("14.0.5", "==3.14.*"), **build(DEBIAN_14, UV)},
            "fine. InvenioRDM 14.0.5 on invenio:14-debian, Python 3.14 "
            "(pyproject.toml).",
            id="fine, with the file of the pin",
        ),
        pytest.param(
            {**rdm("14.0.5"), **build(DEBIAN_14, "RUN uv sync\n")},
            "fine. InvenioRDM 14.0.5 on invenio:14-debian, Python 3.14.",
            id="fine without a pin",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                **build(ALMA, f"ARG V\nRUN dnf -y install python$V\n{PIPENV}"),
            },
            "fine. InvenioRDM 13.1.2 on almalinux:1, and a Python of its own.",
            id="a Python that the text does not tell",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                "Dockerfile": f"FROM {ALMA} AS a\nRUN true\nFROM python:3.12\n{PIPENV}",
            },
            "fine. InvenioRDM 13.1.2; its packages are installed on python:3.12.",
            id="packages on another image",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.9"),
                "Dockerfile": f"FROM {DEBIAN_14} AS a\nRUN true\nFROM {ALMA}\n{PIPENV}",
            },
            "fine. InvenioRDM 13.1.2 on almalinux:1, Python 3.9 (Pipfile).",
            id="the image that packages are installed on",
        ),
        pytest.param(
            {**rdm_uv("14.0.5", "==3.14.*"), "Dockerfile": TEMPLATE_14},
            "fine. InvenioRDM 14.0.5; no image of the organisation is named.",
            id="no image of the organisation",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), "Dockerfile": "FROM my-site-base\nRUN true\n"},
            "not clear. The Dockerfile of my-site-base was not found.",
            id="a local base that is not there",
        ),
        pytest.param(
            build("python:3.12", PIP),
            "fine. No InvenioRDM, no InvenioILS; no image of the organisation is named.",
            id="no instance",
        ),
        pytest.param(
            {**ils("4.5.0", "3.9"), **build(ALMA)},
            "the image is fine. InvenioILS 4.5.0, Python 3.9 (Pipfile).",
            id="h: ILS with an upgrade",
        ),
        pytest.param(
            {**ils("9.0.0", "3.9"), **build(ALMA)},
            "fine. InvenioILS 9.0.0 on almalinux:1, Python 3.9 (Pipfile).",
            id="the newest ILS",
        ),
    ],
)
def test_answer(files, answer, tmp_path):
    assert decide(tmp_path, files).answer == answer


@pytest.mark.parametrize(
    ("files", "day", "said"),
    [
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(C8_38)},
            "2026-11-24",
            [
                "soon No removal is announced",
                ENDED,
                "plan Plan the upgrade: 9.1 > 10.1",
            ],
            id="a: no date, and everything has ended",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(C7_39)},
            "2023-01-01",
            ["soon No removal is announced", "takes ten minutes."],
            id="not everything has ended",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(ALMA)},
            "2026-11-24",
            [
                "plan Not for the image. Plan the upgrade: 12 > 13.1 > 14, in one go, "
                "for 13 itself ends on 2027-02-07 (75 days)."
            ],
            id="b: 12 to 14 is one project",
        ),
        pytest.param(
            {**rdm("11.0.6", "3.9"), **build(ALMA)},
            "2026-11-24",
            ["plan Not for the image. Plan the upgrade: 11 > 12 > 13.1 > 14."],
            id="11 has further to go",
        ),
        pytest.param(
            {**rdm("13.0.9", "3.9"), **build(ALMA)},
            "2026-11-24",
            [
                "plan Not for the image. Go to 13.1 first: 13.0 > 13.1 > 14, in one go, "
                "for 13 itself ends on 2027-02-07 (75 days)."
            ],
            id="13.0 goes to 13.1 first",
        ),
        pytest.param(
            {**rdm("13.0.9", "3.9"), **build(ALMA)},
            before_end(-1),
            ["plan Not for the image. Go to 13.1 first: 13.0 > 13.1 > 14."],
            id="13.0 when all of 13 has ended",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.9"), **build(ALMA)},
            before_end(1),
            [f"plan Plan 14: 13 ends on {before_end(0)} (1 day)."],
            id="one day",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            "2026-11-24",
            ["now before the next build. v13's template", "no mistake", UNSUITABLE],
            id="c: the template's mistake, and what it does",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.12"), **build(ALMA)},
            "2026-11-24",
            ["now before the next build. pipenv in this image", UNSUITABLE],
            id="12's template has no such mistake",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.8"), **build(at_cern(C8_38))},
            "2026-11-24",
            ["now before the next build. InvenioRDM 12 supports", "plan CentOS 8"],
            id="older than the release, nothing is left out",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.8"), **build(ALMA)},
            "2026-11-24",
            ["soon Pipfile asks for 3.8, the image has 3.9: a newer Python mostly"],
            id="newer",
        ),
        pytest.param(
            {**rdm_uv("13.1.2", "==3.12.*"), **build(ALMA, UV)},
            "2026-11-24",
            ["now before the next build. v13's", "uv refuses a Python outside"],
            id="uv",
        ),
        pytest.param(
            {**rdm_poetry("13.1.2", "~3.12"), **build(ALMA, POETRY)},
            "2026-11-24",
            ["pyproject.toml asks for ~3.12, the image has 3.9."],
            id="poetry",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(ALMA)},
            "2026-11-24",
            ["now before the next build. 9.1 builds its assets with node-sass 4"],
            id="Node",
        ),
        pytest.param(
            {
                **rdm("9.1.7", "3.8"),
                **build(C8_38, "RUN yum -y install a\nRUN yum -y install b\n"),
            },
            "2026-11-24",
            ["now if you must rebuild: 2 lines cannot work, on any registry."],
            id="lines that fail",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), "Dockerfile": f"FROM {C8_38} # old\n{PIPENV}"},
            "2026-11-24",
            ["now the build does not start, Docker refuses a line: a comment"],
            id="refused",
        ),
        pytest.param(
            {**rdm("6.0.5", "3.9"), "Dockerfile": PIPENV},
            "2026-11-24",
            ["now the build does not start: it has no FROM line"],
            id="no FROM",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), "Dockerfile": f"ARG N\nFROM {HUB}/$N:1\n"},
            "2026-11-24",
            ["soon An image of the organisation hangs on a value"],
            id="unresolved",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.9", lock_python="3.12"), **build(ALMA)},
            "2026-11-24",
            [
                "now Pipfile asks for Python 3.9, Pipfile.lock was made for 3.12: the "
                "build stops"
            ],
            id="the lock",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)},
            "2030-02-01",
            ["plan Debian 13 ends on 2030-06-30."],
            id="a system near its end",
        ),
    ],
)
def test_causes(files, day, said, tmp_path):
    causes = decide(tmp_path, files, day).why
    text = "\n".join(f"{cause.act} {cause.text}" for cause in causes)
    assert all(part in text for part in said), text
    assert text.startswith(said[0].partition(" ")[0]) or said[0] in text


def list_ways(advice):
    """Return the texts of what is to do: the first way, the others, and no ways."""
    ways = [way for way in (advice.recommended, *advice.alternatives) if way]
    return [way.text for way in ways], list(advice.no_way)


PATH_9 = "upgrade: 9.1 > 10.1 > 11 > 12 > 13.1 > 14"
NO_NODE = "AlmaLinux. 9.1 builds its assets on Node 14, almalinux:1 has 16."


@pytest.mark.parametrize(
    ("files", "ways", "no_way"),
    [
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(C8_38)},
            [
                "the same image from CERN's registry; Python and lock file stay.",
                "If it is not there:",
                f"Or {PATH_9}",
            ],
            [NO_NODE],
            id="a: CERN, a copy, the upgrade; no AlmaLinux",
        ),
        pytest.param(
            {**rdm("10.1.1", "3.9"), **build(C7_39)},
            [
                "the same image from CERN's registry; Python and lock file stay.",
                "If it is not there:",
                "Or AlmaLinux 9 (Python 3.9 fits):",
                "Or upgrade: 10.1 > 11 > 12 > 13.1 > 14",
            ],
            [],
            id="f: AlmaLinux for 10 when the pin accepts 3.9",
        ),
        pytest.param(
            {**rdm("10.1.1", "3.8"), **build(C8_38)},
            [
                "the same image from CERN's registry; Python and lock file stay.",
                "If it is not there:",
                "Or upgrade: 10.1 > 11 > 12 > 13.1 > 14",
            ],
            [],
            id="no AlmaLinux for 10 when it does not",
        ),
        pytest.param(
            {**rdm("10.1.1"), **build("python:3.9", f"COPY --from={C7_39} /a /a\n")},
            [
                "the same image from CERN's registry; Python and lock file stay.",
                "If it is not there:",
                "Or upgrade: 10.1 > 11 > 12 > 13.1 > 14",
            ],
            [],
            id="no AlmaLinux for what is copied from",
        ),
        pytest.param(
            build(C7_36, PIP),
            [
                "the same image from CERN's registry; nothing else changes.",
                "If it is not there:",
            ],
            [
                "AlmaLinux, as it is: it has Python 3.9 and no 3.6; what is installed "
                "must fit 3.9 first."
            ],
            id="i: a portal",
        ),
        pytest.param(
            build(C7_39, PIP),
            [
                "the same image from CERN's registry; nothing else changes.",
                "If it is not there:",
            ],
            [],
            id="a portal with the Python of AlmaLinux",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.7"), **build(C8_37)},
            [
                "a copy of your own, while Docker Hub has it: nobody vouches that "
                "CERN's registry has it.",
                f"Or {PATH_9}",
                "CERN's name for it can be written all the same, on nobody's word:",
            ],
            [NO_NODE],
            id="a copy first",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(C8_38)},
            [
                "an image with the Python asked for, by hand: "
                "registry.cern.ch/inveniosoftware/centos7-python:3.9",
                "Or only make the image safe:",
                f"Or {PATH_9}",
            ],
            [NO_NODE],
            id="impacted and unsuitable",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(C7_39, "RUN yum install -y gcc\n")},
            [
                "the release's own image, almalinux:1; its Python 3.9 fits.",
                "Or upgrade: 12 > 13.1 > 14",
            ],
            [],
            id="the release's own image",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.12"), **build(C7_39, WITH_312)},
            ["the release's own image, almalinux:1.", "Or upgrade: 12 > 13.1 > 14"],
            [],
            id="the release's own image under a Python of one's own",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), **build(ALMA)},
            [
                "take the image's Python (13.1 supports it).",
                "Or keep 3.12: install it in the Dockerfile (--verbose: the lines).",
                "Or upgrade: 13.1 > 14",
            ],
            [],
            id="c: the image's Python, or that of one's own",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.11"), **build(ALMA)},
            [
                "take the image's Python (13.1 supports it).",
                "Or keep 3.11: install it in the Dockerfile (--verbose: the lines).",
                "Or an image that has the Python asked for, by hand: "
                "ghcr.io/inveniosoftware/invenio:13-debian",
                "Or upgrade: 13.1 > 14",
            ],
            [],
            id="13-debian has 3.11",
        ),
        pytest.param(
            {**plain("3.13"), **build(at_cern(C7_39))},
            ["take the image's Python.", "Or keep 3.13: install it in the Dockerfile."],
            [],
            id="no release to support it",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(f"{HUB}/web-node:1")},
            [
                "no counterpart of inveniosoftware/web-node:1 is known; ask whoever made "
                "it, or keep a copy.",
                "CERN's registry may have it under the same name; nobody vouches for it:",
            ],
            [],
            id="an unknown image",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), "Dockerfile": f"ARG V\nFROM {HUB}/almalinux:$V\n"},
            [
                "write out the tag of inveniosoftware/almalinux:$V; what it becomes "
                "hangs on that.",
                "CERN's registry may have it under the same name; nobody vouches for it:",
            ],
            [],
            id="an unknown tag",
        ),
        pytest.param(
            {**rdm("6.0.5", "3.9"), "Dockerfile": PIPENV},
            [
                "let it begin with: FROM "
                "registry.cern.ch/inveniosoftware/centos7-python:3.9",
                "Or upgrade: 6 > 7 > 8 > 9.1 > 10.1 > 11 > 12 > 13.1 > 14",
            ],
            [],
            id="no FROM: the image for that release and pin",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.9"), "Dockerfile": PIPENV},
            [f"let it begin with: FROM {ALMA}", "Or upgrade: 13.1 > 14"],
            [],
            id="no FROM: the release's own image",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.11"), "Dockerfile": PIPENV},
            [f"let it begin with: FROM {DEBIAN_13}", "Or upgrade: 13.1 > 14"],
            [],
            id="no FROM: another image of the release",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.12"), "Dockerfile": PIPENV},
            [f"let it begin with: FROM {ALMA}", "Or upgrade: 13.1 > 14"],
            [],
            id="no FROM: no image has the Python",
        ),
        pytest.param(
            {**plain("3.9"), "Dockerfile": PIPENV},
            ["let it begin with: a FROM line"],
            [],
            id="no FROM, no release",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.9"), **build(ALMA)},
            [
                "install Node 14 in the Dockerfile (--verbose: the lines): 9.1 builds its "
                "assets with node-sass 4, which ends at Node 14; the image has 16.",
                f"Or {PATH_9}",
            ],
            [],
            id="Node",
        ),
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(at_cern(C8_38))},
            [PATH_9],
            [NO_NODE],
            id="outdated alone: the path",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(at_cern(C7_39))},
            ["upgrade: 12 > 13.1 > 14", "Or AlmaLinux 9 (Python 3.9 fits):"],
            [],
            id="outdated alone: AlmaLinux where the release has it",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.12"), **build(at_cern(C7_39), WITH_312)},
            ["upgrade: 12 > 13.1 > 14", "Or AlmaLinux 9:"],
            [],
            id="outdated alone, under a Python of one's own",
        ),
        pytest.param(
            {**rdm("13.1.2", "3.9"), **build(ALMA)},
            ["see what the upgrade changes, before anything is touched."],
            [],
            id="near its end",
        ),
        pytest.param(
            {**rdm_uv("14.0.5", "==3.14.*"), **build(DEBIAN_14, UV)},
            [],
            [],
            id="nothing to do",
        ),
    ],
)
def test_ways(files, ways, no_way, tmp_path):
    assert list_ways(decide(tmp_path, files)) == (ways, no_way)


@pytest.mark.parametrize(
    ("files", "facts"),
    [
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(C8_38)},
            [
                ("InvenioRDM 9.1.7", "Pipfile.lock", "no fixes since 2025-02-01"),
                ("Python 3.8", "Pipfile", "no fixes since 2024-10-07"),
                ("CentOS 8", "base image", "no fixes since 2021-12-31"),
            ],
            id="a: everything has ended",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(ALMA)},
            [
                ("InvenioRDM 12.0.19", "Pipfile.lock", "no fixes since 2026-01-24"),
                (
                    "Python 3.9",
                    "Pipfile",
                    "ended at python.org on 2025-10-31, still mended by AlmaLinux 9 "
                    "(to 2032-05-31)",
                ),
                (
                    "Node 16",
                    "base image",
                    "no fixes since 2023-09-11; 12 asks for 18 or later",
                ),
            ],
            id="b: mended by the system; Node is not",
        ),
        pytest.param(
            {
                **rdm("13.1.2", "3.12"),
                **build(ALMA, "RUN dnf module install -y nodejs:18\n" + WITH_312),
            },
            [
                (
                    "InvenioRDM 13.1.2",
                    "Pipfile.lock",
                    "fixes until 2027-02-07 (75 days)",
                ),
                ("Python 3.12", "Dockerfile:3", "fixes until 2028-10-31"),
            ],
            id="Python and Node that the Dockerfile installs",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)},
            [
                (
                    "InvenioRDM 14.0.5",
                    "Pipfile.lock",
                    "fixes until six months after the next major",
                ),
                ("Python 3.14", "Pipfile", "fixes until 2030-10-31"),
            ],
            id="no date before the next major",
        ),
        pytest.param(
            {**rdm("10.0.0", "3.7"), **build(C7_37)},
            [
                ("InvenioRDM 10.0.0", "Pipfile.lock", "no fixes since 2023-01-26"),
                ("Python 3.7", "Pipfile", "no fixes since 2023-06-27"),
                ("CentOS 7", "base image", "no fixes since 2024-06-30"),
            ],
            id="a Node that nobody knows",
        ),
        pytest.param(
            {**rdm("15.0.0", "3.14"), **build("python:3.14")},
            [
                (
                    "InvenioRDM 15.0.0",
                    "Pipfile.lock",
                    "not in the catalogue: judged by its images only",
                )
            ],
            id="a release that the catalogue does not know",
        ),
        pytest.param(
            {".invenio": "[cli]\nflavour = RDM\n", **build("python:3.14")},
            [("InvenioRDM", "", "release unknown: judged by its images only")],
            id="no release",
        ),
        pytest.param(
            build("python:3.14"),
            [("No InvenioRDM, no InvenioILS", "", "judged by its images only")],
            id="no instance",
        ),
    ],
)
def test_facts(files, facts, tmp_path):
    assert list(decide(tmp_path, files).facts) == facts


CACHE = "mirrors = docker.io=harbor.example.org/hub"
CACHED = {**rdm("9.1.7", "3.8"), **build(f"harbor.example.org/hub/{C8_38}")}


@pytest.mark.parametrize(
    ("files", "cautions"),
    [
        pytest.param(
            {**rdm("9.1.7", "3.8"), **build(C8_38)},
            ["CERN's registry has no guaranteed uptime"],
            id="CERN",
        ),
        pytest.param(
            {**rdm("12.0.19", "3.9"), **build(C7_39)},
            ["CERN's registry has no guaranteed uptime", "Docker >= 20.10.10"],
            id="AlmaLinux",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), **build(ALMA)},
            ["inveniosoftware/invenio:14-debian is made for amd64 only."],
            id="Debian",
        ),
        pytest.param(
            configure(CACHED, CACHE),
            [
                "registry.cern.ch/inveniosoftware/centos8-python:3.8 does not come "
                "through your cache harbor.example.org/hub any more; one of "
                "registry.cern.ch needs the line: "
                "mirrors = registry.cern.ch=harbor.example.org/PATH.",
                "A cache bridges downtime and is no copy",
            ],
            id="the move leaves a cache of Docker Hub",
        ),
        pytest.param(
            configure(CACHED, CACHE, "  registry.cern.ch=harbor.example.org/cern"),
            ["A cache bridges downtime and is no copy"],
            id="there is a cache of CERN, too",
        ),
        pytest.param(
            {**rdm("14.0.5", "3.14"), "Dockerfile": "FROM my-site-base\nRUN true\n"},
            ["my-site-base: its Dockerfile was not found: what it is built on"],
            id="a local base that is not there",
        ),
        pytest.param({**rdm("12.0.19", "3.9"), **build(ALMA)}, [], id="nothing moves"),
    ],
)
def test_cautions(files, cautions, tmp_path):
    said = decide(tmp_path, files).cautions
    assert len(said) == len(cautions)
    assert all(text.startswith(part) for text, part in zip(said, cautions)), said


def test_copy_is_made_with_two_lines(tmp_path):
    advice = decide(tmp_path, {**rdm("9.1.7", "3.7"), **build(C8_37)})
    assert [command.line for command in advice.commands] == [
        "skopeo copy --all docker://docker.io/inveniosoftware/centos8-python:3.7 \\\n"
        "                  docker://YOUR.REGISTRY/invenio/centos8-python:3.7",
        f"{PROG} migrate \\\n"
        "    --copy docker.io/inveniosoftware=YOUR.REGISTRY/invenio",
    ]


def test_the_change_of_the_pin_is_shown(tmp_path):
    pipfile = decide(tmp_path / "a", {**rdm("13.1.2", "3.12"), **build(ALMA)})
    specifier = {**rdm_uv("13.1.2", ">=3.12"), **build(ALMA, UV)}
    assert [command.remark for command in pipfile.commands] == [
        "Pipfile: 3.12 > 3.9",
        "needs Python 3.9 here",
    ]
    commands = decide(tmp_path / "b", specifier).commands
    assert commands[0].remark == "pyproject.toml: >=3.12 > ==3.9.*"
    assert commands[1].line == "uv lock"


def test_lines_that_break_are_listed(tmp_path):
    files = {**rdm_uv("14.0.5", "==3.14.*"), **build(ALMA, "RUN dnf install -y gcc\n")}
    advice = decide(tmp_path, files)
    assert [(line.path, line.line) for line in advice.breaking] == [("Dockerfile", 2)]
    assert advice.recommended.after.startswith("Some lines of the Dockerfile")


def test_commands_name_the_project(tmp_path):
    files = {**rdm("9.1.7", "3.8"), **build(C8_38)}
    nested = {f"a site/{name}": text for name, text in files.items()}
    with instance(tmp_path, nested):
        options = Options(today=TODAY, prog=PROG)
        found = [one.advice for one in inspect_projects((".",), options, [])]
    assert [command.line for one in found for command in one.commands] == [
        f"{VERIFY} 'a site'"
    ]


@pytest.mark.parametrize(
    ("image", "question"),
    [
        pytest.param(
            "harbor.uni.example/hub/inveniosoftware/centos8-python:3.8",
            "docker.io=harbor.uni.example/hub",
            id="below a path",
        ),
        pytest.param(
            "harbor.uni.example/inveniosoftware/centos8-python:3.8",
            "docker.io/inveniosoftware=harbor.uni.example/inveniosoftware",
            id="a whole host",
        ),
        pytest.param(
            "harbor.uni.example/cern/inveniosoftware/almalinux:1",
            "registry.cern.ch=harbor.uni.example/cern",
            id="an image that is not from Docker Hub",
        ),
        pytest.param(f"{CERN}/almalinux:1", "", id="a known host"),
        pytest.param("harbor.uni.example/redis:7", "", id="no base image"),
    ],
)
def test_the_question_about_a_host_names_the_line_that_answers(
    image, question, tmp_path
):
    files = {**rdm("9.1.7", "3.8"), **build(image)}
    found = inspect_instance(tmp_path / "a", files)
    (asked,) = [ask_about_host(one) for one in found.judged]
    assert bool(asked) == bool(question)
    assert (
        f"mirrors = {question} for a cache, copies = {question}" in asked or not asked
    )
    if question:
        answered = configure(files, f"mirrors = {question}")
        again = inspect_instance(tmp_path / "b", answered)
        assert [ask_about_host(one) for one in again.judged] == [""]


def test_the_newest_release_ends_some_day(tmp_path):
    found = inspect_instance(tmp_path, {**rdm("14.0.5", "3.14"), **build(DEBIAN_14)})
    ended = found.setting.release._replace(maintained_until=datetime.date(2026, 1, 1))
    advice = advise(found.judged, found.setting._replace(release=ended))
    assert (advice.act, advice.action) == ("plan", "upgrade")
    assert advice.why[0].text.endswith("when the catalogue knows a newer release.")
    assert advice.hint == advice.why[0].text


def test_a_python_that_the_text_does_not_tell_is_no_fact(tmp_path):
    files = {
        **rdm("13.1.2", "3.12"),
        **build(ALMA, f"ARG V\nRUN dnf -y install python$V\n{PIPENV}"),
    }
    advice = inspect_instance(tmp_path, files).advice
    assert not [fact for fact in advice.facts if fact.what.startswith("Python")]
    said = "Cannot tell from the text which Python Dockerfile installs."
    assert said in advice.cautions
