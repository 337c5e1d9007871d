# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""The check before a container build: no network, only the files that the build uses."""

from __future__ import annotations

from typing import Mapping, NamedTuple


class Notice(NamedTuple):
    """What to say before the build, and whether the build must not start."""

    text: str
    stop: bool


def inspect_build(folder: str, environ: Mapping[str, str]) -> Notice | None:
    """Return what the administrator should know before the build, None when nothing.

    :param folder: the instance, where ``docker-compose.full.yml`` lies.
    :param environ: the environment, for ``INVENIO_CLI_REGISTRY_PREFLIGHT``.
    """
    return None
