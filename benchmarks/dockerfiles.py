# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Make a tree of Dockerfiles as they are seen in public repositories.

One in five names an image of the organisation, in the shapes that were counted there. A
half of the files has 27 lines or fewer, a few have hundreds. The same number makes the
same tree.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Iterator

#: One in this many names an image of the organisation.
ONE_IN = 5
_FOLDERS = ("", "docker", "docker/backend", "deploy", "k8s")
_NAMES = ("Dockerfile",) * 8 + ("Dockerfile.base", "Dockerfile.dev", "web.Dockerfile")

#: What a Dockerfile begins with, and how often of a hundred.
_OURS = {
    "FROM inveniosoftware/centos8-python:3.8": 38,
    "FROM docker.io/inveniosoftware/centos7-python:3.6": 3,
    "FROM --platform=linux/amd64 inveniosoftware/centos8-python:3.8": 1,
    "from inveniosoftware/centos7-python:3.9": 1,
    "ARG PYTHON=3.8\nFROM inveniosoftware/centos8-python:${PYTHON}": 1,
    "FROM registry.cern.ch/inveniosoftware/almalinux:1": 48,
    "FROM registry.cern.ch/inveniosoftware/almalinux:1 AS builder": 4,
    "FROM registry.cern.ch/inveniosoftware/almalinux:latest": 1,
    "FROM ghcr.io/inveniosoftware/invenio:14-debian": 3,
}
_OTHERS = {
    "FROM python:3.11-slim": 22,
    "FROM node:20-alpine AS build": 14,
    "FROM ubuntu:22.04": 10,
    "FROM golang:1.22 AS build": 10,
    "FROM alpine:3.19": 9,
    "FROM debian:bookworm-slim": 7,
    "FROM nginx:1.27": 7,
    "FROM postgres:16": 6,
    "ARG VERSION=3.12\nFROM python:${VERSION}-slim": 5,
    "FROM eclipse-temurin:21-jre": 5,
    "FROM --platform=$BUILDPLATFORM golang:1.22 AS build": 3,
    "FROM ghcr.io/astral-sh/uv:0.4 AS uv": 2,
}
#: Their steps, in this order; each line of an instance is in public ones.
_OUR_STEPS = (
    "# The image of the instance: its packages, its settings and its built assets.",
    "ENV INVENIO_COLLECT_VERBOSE=1 LANG=en_US.UTF-8",
    "RUN yum install -y epel-release && \\\n    yum install -y ImageMagick xmlsec1-devel && \\\n"
    "    yum clean all",
    "RUN pip install --upgrade pip setuptools wheel",
    "COPY site ./site",
    "COPY Pipfile Pipfile.lock ./",
    "RUN pipenv install --deploy --system",
    "COPY ./docker/uwsgi/ ${INVENIO_INSTANCE_PATH}",
    "COPY ./invenio.cfg ${INVENIO_INSTANCE_PATH}",
    "COPY ./templates/ ${INVENIO_INSTANCE_PATH}/templates/",
    "COPY ./app_data/ ${INVENIO_INSTANCE_PATH}/app_data/",
    "COPY ./ .",
    "RUN cp -r ./static/. ${INVENIO_INSTANCE_PATH}/static/ && \\\n"
    "    cp -r ./assets/. ${INVENIO_INSTANCE_PATH}/assets/ && \\\n"
    "    invenio collect --verbose && \\\n    invenio webpack buildall",
    'ENTRYPOINT [ "bash", "-c"]',
)
_OTHER_STEPS = (
    "# Install what the build needs",
    "WORKDIR /srv/part{number}",
    "ENV PART_{number}=/srv/part{number}",
    "ARG TOKEN_{number}",
    "COPY requirements-{number}.txt ./",
    "COPY --chown=1000:1000 conf/part{number}.conf /etc/part{number}.conf",
    "RUN pip install --no-cache-dir -r requirements-{number}.txt",
    "RUN npm ci && npm run build:{number}",
    "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends \\\n"
    "        build-essential \\\n        ca-certificates \\\n        libpart{number}-dev \\\n"
    "    && rm -rf /var/lib/apt/lists/*",
    "RUN set -eux; \\\n    # comes from the makers' own page\n"
    '    curl -fsSL "https://example.org/part{number}.tar.gz" | tar xz -C /opt; \\\n'
    "    make -C /opt/part{number} install",
    "RUN --mount=type=cache,target=/root/.cache go build -o /bin/part{number} ./cmd",
    "EXPOSE {number}",
    "USER part{number}",
    'LABEL org.example.part{number}="yes"',
    "HEALTHCHECK CMD curl -f http://localhost:{number}/ || exit 1",
    "RUN cat <<EOF > /etc/part{number}.ini\n[part]\nnumber = {number}\nEOF",
)


def make_tree(folder: Path, count: int) -> None:
    """Write so many Dockerfiles below a folder, five in each repository of it."""
    chance = random.Random(count)
    for number in range(count):
        at, below = divmod(number, len(_FOLDERS))
        place = folder / f"{at // 200:03}/repository{at:05}" / _FOLDERS[below]
        place.mkdir(parents=True, exist_ok=True)
        parts = write_dockerfile(chance, ours=number % ONE_IN == 0)
        text = "\n".join(parts) + "\n"
        (place / chance.choice(_NAMES)).write_text(text, encoding="utf-8")


def write_dockerfile(chance: random.Random, *, ours: bool) -> Iterator[str]:
    """Yield the lines of a Dockerfile, of the organisation's or of another image."""
    first = _OURS if ours else _OTHERS
    yield from chance.choices([*first], [*first.values()])
    for step in _OUR_STEPS if ours else ():
        if chance.random() < 0.85:
            yield from (step, "") if chance.random() < 0.6 else (step,)
    for _ in range(round(chance.lognormvariate(*((0.5, 1) if ours else (2.2, 0.8))))):
        step = chance.choice(_OTHER_STEPS)
        yield step.replace("{number}", f"{chance.randrange(10_000):04}")
        if chance.random() < 0.4:
            yield ""
    if not ours:
        yield from () if chance.random() < 0.7 else ("FROM alpine:3.19",)
        yield 'CMD ["/bin/start"]'
