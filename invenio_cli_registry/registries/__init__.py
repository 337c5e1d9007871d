# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What registries say of many images, each asked once, within a time that is kept.

A registry may hold a connection as long as it likes, byte for byte. So each image is
asked for in a thread of its own that nobody waits for beyond its time. Hosts take turns,
and one that could not be reached is not asked again: dead hosts take no time from others.

This file loads nothing heavy: reports import it also where no registry is asked.
"""

from __future__ import annotations

import dataclasses
import datetime
import queue
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Callable, Iterable, Mapping, NamedTuple, Sequence
from urllib.parse import urlsplit

from ..image import DOCKER_HUB, Image
from .credentials import DockerConfiguration, is_loopback

if TYPE_CHECKING:
    from .client import Client

EXISTS = "exists"
#: Those that are no answer: the same question may have one later.
NO_ANSWER = frozenset({"unreachable", "rate-limited"})

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


class Answer(NamedTuple):
    """What a registry said of one image."""

    image: Image
    #: ``exists``, ``missing``, ``private`` (or missing: without a login registries say the
    #: same of both), ``another digest`` than asked for; or one of ``NO_ANSWER``.
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


def common_cause(answers: Iterable[Answer]) -> str:
    """Return the one cause for which no registry was reached at all, else ""."""
    causes = {answer.cause for answer in answers}
    return causes.pop() if len(causes) == 1 and not causes & REACHED else ""


def address_of(registry: str, asking: Asking) -> str:
    """Return scheme and host that are asked: HTTPS but for this machine and by request."""
    if registry == DOCKER_HUB:
        return "https://registry-1.docker.io"
    here = is_loopback(urlsplit(f"//{registry}").hostname or "")
    return f"{'http' if here or registry in asking.insecure else 'https'}://{registry}"


def ask(
    images: Sequence[Image],
    asking: Asking,
    configuration: DockerConfiguration,
    dates: Callable[[Image], bool],
) -> dict[Image, Answer]:
    """Return what the registries say of each image, in the order given.

    :param dates: which images are also asked when they were made.
    :raises RegistryError: the environment names certificates that are not there.
    """
    from .client import Client, open_session

    end = time.monotonic() + asking.left
    clients = {}
    with open_session() as session:
        for image in images:
            address, dated = address_of(image.registry, asking), dates(image)
            clients[image] = Client(image, address, session, configuration, dated)
        found = _in_turns(clients, asking, end)
    asking.progress(len(clients), len(clients))
    asking.left = max(0.0, end - time.monotonic())
    said = "not asked: the time for all registries is used up"
    return {image: found.get(image) or _silence(image, said) for image in clients}


def _in_turns(
    clients: Mapping[Image, Client], asking: Asking, end: float
) -> dict[Image, Answer]:
    """Ask some at once; what takes too long is left behind.

    :param end: by ``time.monotonic()``; what is not asked by then has no answer.
    """
    results: queue.Queue[Answer] = queue.Queue()
    waiting = list(clients)
    running: dict[Image, float] = {}
    found: dict[Image, Answer] = {}
    heard: set[str] = set()  # hosts that gave any answer

    def work(image: Image, deadline: float) -> None:
        results.put(clients[image].ask(deadline))

    while True:
        while waiting and len(running) < asking.at_once and time.monotonic() < end:
            busy = Counter(image.registry for image in running)
            image = min(waiting, key=lambda one: busy[one.registry])
            waiting.remove(image)
            running[image] = deadline = min(time.monotonic() + asking.timeout, end)
            threading.Thread(target=work, args=(image, deadline), daemon=True).start()
        if not running:
            return found
        first = min(running, key=lambda one: running[one])
        try:
            answer = results.get(timeout=max(0.0, running[first] - time.monotonic()))
        except queue.Empty:
            answer = _silence(first, f"no answer in {asking.timeout:g} s")
        if running.pop(answer.image, None) is None:
            continue  # It came too late.
        host = answer.image.registry
        if answer.cause in REACHED:
            heard.add(host)
        same = [one for one in waiting if one.registry == host and host not in heard]
        waiting = [one for one in waiting if one not in same]
        found.update((one, answer._replace(image=one)) for one in (answer.image, *same))
        asking.progress(len(found), len(clients))


def _silence(image: Image, message: str) -> Answer:
    return Answer(image, "unreachable", message=message, cause="timeout")
