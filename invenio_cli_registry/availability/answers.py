# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What is asked of registries, what they answer, and the errors in between.

::

    RegistryFault                 no answer; ``status`` says which of the verdicts it is
    ├── Unreachable               not connected, broken off, an answer that is none
    └── RateLimited               asked to wait longer than there is time
"""

from __future__ import annotations

import datetime
from typing import Callable, Mapping, NamedTuple

from ..reference import Image

EXISTS, MISSING, PRIVATE = "exists", "missing", "private"
UNREACHABLE, RATE_LIMITED = "unreachable", "rate-limited"
#: Those that are no answer: asked again, they may be one.
NO_ANSWER = frozenset({UNREACHABLE, RATE_LIMITED})


class Answer(NamedTuple):
    """What a registry said of one image."""

    image: Image
    status: str
    digest: str | None = None
    created: datetime.datetime | None = None
    seconds: float = 0.0
    message: str = ""
    pulls: tuple[int, int] | None = None  #: Docker Hub: those left, of how many


class Asking(NamedTuple):
    """How registries are asked."""

    timeout: float = 10.0  #: seconds for one image
    total: float = 60.0  #: seconds for all
    at_once: int = 8
    insecure: frozenset[str] = frozenset()  #: hosts (with port) asked over plain HTTP
    #: Where a registry is really asked; for tests.
    addresses: Mapping[str, str] = {}
    progress: Callable[[int, int], None] = lambda done, all_: None


class RegistryFault(Exception):
    """A registry gave no answer."""

    status = UNREACHABLE


class Unreachable(RegistryFault):
    """It was not reached, broke off, or answered what is no answer."""


class RateLimited(RegistryFault):
    """It asks to wait longer than there is time."""

    status = RATE_LIMITED
