# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What registries are asked, and what they answer; ``asking.ask`` does it.

This file loads nothing heavy: reports import it also where no registry is asked.
"""

from __future__ import annotations

import dataclasses
import datetime
from typing import Callable, Iterable, Mapping, NamedTuple

from ..image import Image

EXISTS, MISSING = "exists", "missing"
PRIVATE = "private"  #: or missing: without a login registries say the same of both
UNREACHABLE, RATE_LIMITED = "unreachable", "rate-limited"
ANOTHER_DIGEST = "another digest"  #: a digest was asked for, another one was answered
#: Those that are no answer: the same question may have one later.
NO_ANSWER = frozenset({UNREACHABLE, RATE_LIMITED})

#: Why there is no answer, as a clause.
CAUSES: Mapping[str, str] = {
    "no-name": "host name could not be resolved",
    "refused": "connection refused",
    "timeout": "no answer in time",
    "tls": "no secure connection; if the registry has no TLS, add --insecure HOST",
    "proxy": "the proxy did not answer, or refused",
    "socks": "the proxy is a SOCKS proxy, which requires PySocks: run "
    "`pip install PySocks`, or set HTTPS_PROXY to an http:// proxy",
    "broken": "the connection was closed without an answer",
    "odd": "it does not answer as a registry does",
    "failing": "it answers with an error",
    "limit": "too many requests",
}
#: Those of a registry that was reached: its next image may be answered.
REACHED = frozenset({"", "odd", "failing", "limit"})


#: What reading an answer raises that is none.
MALFORMED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


class Fault(Exception):
    """No answer: a key of ``CAUSES``, and a clause for people."""

    def __init__(self, cause: str, message: str = "", wait: float = 0.0) -> None:
        """Take the cause's own clause when there is no better one.

        :param wait: seconds that the registry requires before the next try.
        """
        super().__init__(message or CAUSES[cause])
        self.cause = cause
        self.wait = wait


class Answer(NamedTuple):
    """What a registry said of one image."""

    image: Image
    status: str
    digest: str | None = None
    seconds: float = 0.0
    message: str = ""  #: a clause; empty when the image exists
    created: datetime.datetime | None = None
    pulls: tuple[int, int] | None = None  #: Docker Hub: those left, of how many
    cause: str = ""  #: a key of ``CAUSES`` when there is no answer


@dataclasses.dataclass
class Asking:
    """How registries are asked; one for a whole run."""

    timeout: float = 10.0  #: seconds for one image
    insecure: frozenset[str] = frozenset()  #: hosts (with port) asked over plain HTTP
    progress: Callable[[int, int], None] = lambda done, total: None
    left: float = 60.0  #: seconds for all projects together; ``ask`` takes from it
    at_once: int = 8
    #: Where a registry is really asked, by its host; for tests.
    addresses: Mapping[str, str] = dataclasses.field(default_factory=dict)


def common_cause(answers: Iterable[Answer]) -> str:
    """Return the one cause for which no registry was reached at all, else ""."""
    causes = {answer.cause for answer in answers}
    return causes.pop() if len(causes) == 1 and not causes & REACHED else ""
