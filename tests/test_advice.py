# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The decision: an instance, its images and a day in; act, action, command, image out."""

import datetime
import shlex

import click
import pytest

from invenio_cli_registry.cli import registry

from .instances import (
    PIP,
    PIPENV,
    POETRY,
    PROG,
    UV,
    build,
    configure,
    ils,
    inspect_instance,
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
WITH_312 = "RUN dnf -y install python3.12 python3.12-devel\n" + PIPENV

VERIFY = f"{PROG} migrate --verify"
MIGRATE = f"{PROG} migrate"
SET_PYTHON = f"{PROG} migrate --set-python"
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
        day="2026-08-10",
    ),
    row(
        {**rdm("13.1.2", "3.12"), **build(ALMA, WITH_312)},
        *("plan", "upgrade", None),
        name="13.1, 180 days before its end",
        day="2026-08-11",
    ),
    row(
        {**rdm("13.1.2", "3.9"), **build(ALMA)},
        *("plan", "upgrade", None),
        name="13.1 after its end",
        day="2027-02-07",
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
    """Return the first thing to type: of what is recommended, else of the other ways."""
    ways = (advice.recommended, *advice.alternatives)
    lines = (command.line for way in ways if way for command in way.commands)
    return next(lines, None)


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
