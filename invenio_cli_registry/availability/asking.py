# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Ask for many images at once, each once, within a time that is kept.

A registry may hold a connection as long as it likes, byte for byte. So each image is
asked for in a thread of its own that nobody waits for beyond its time.
"""

from __future__ import annotations

import queue
import threading
import time
from typing import Callable, Sequence

from ..reference import DOCKER_HUB, Image
from .answers import (
    EXISTS,
    MISSING,
    PRIVATE,
    UNREACHABLE,
    Answer,
    Asking,
    RegistryFault,
    Unreachable,
)
from .client import Client
from .credentials import DockerConfiguration
from .replies import Reply, digest_of, is_manifest, pulls_of
from .trust import is_loopback

_HUB_ADDRESS = "https://registry-1.docker.io"
_NO_REGISTRY = "its answer is none of a registry's"


def ask(
    images: Sequence[Image],
    asking: Asking,
    configuration: DockerConfiguration,
    dates: Callable[[Image], bool],
) -> dict[Image, Answer]:
    """Return what the registries say of each image, in the order given.

    :param dates: which images may be asked when they were made, after all have answered;
        where that would cost a pull, they may not.
    """
    end = time.monotonic() + asking.total
    images = tuple(dict.fromkeys(images))

    def answer(image: Image, deadline: float) -> Answer:
        return ask_one(image, asking, configuration, deadline)

    answers = _in_parallel(images, answer, asking, end)
    dated = [
        image for image in images if answers[image].status == EXISTS and dates(image)
    ]

    def date(image: Image, deadline: float) -> Answer:
        return _ask_date(answers[image], asking, configuration, deadline)

    quiet = asking._replace(progress=lambda done, total: None)
    for image, found in _in_parallel(dated, date, quiet, end).items():
        if found.created:
            answers[image] = found
    return answers


def address_of(registry: str, asking: Asking) -> str:
    """Return scheme and host that are asked: HTTPS but for this machine and by request."""
    if registry in asking.addresses:
        return asking.addresses[registry]
    if registry == DOCKER_HUB:
        return _HUB_ADDRESS
    host = (
        registry.rpartition(":")[0]
        if registry[-1:].isdigit() and ":" in registry
        else registry
    )
    plain = is_loopback(host) or registry in asking.insecure
    return f"{'http' if plain else 'https'}://{registry}"


def ask_one(
    image: Image, asking: Asking, configuration: DockerConfiguration, deadline: float
) -> Answer:
    """Return what a registry says of one image; never raises."""
    started = time.monotonic()
    client = _connect(image, asking, configuration, deadline)
    try:
        answer = _judge(image, client.fetch_manifest(), client.logged_in)
    except RegistryFault as fault:
        answer = Answer(image, fault.status, message=str(fault))
    except ValueError:
        answer = Answer(image, UNREACHABLE, message=_NO_REGISTRY)
    return answer._replace(seconds=time.monotonic() - started)


def _connect(
    image: Image, asking: Asking, configuration: DockerConfiguration, deadline: float
) -> Client:
    address = address_of(image.registry, asking)
    return Client(image, address, configuration.find, deadline)


def _judge(image: Image, reply: Reply, logged_in: bool) -> Answer:
    if reply.status == 200 and is_manifest(reply):
        return Answer(image, EXISTS, digest_of(reply), pulls=pulls_of(reply))
    if reply.status == 404:
        return Answer(image, MISSING, message="the registry does not have it")
    if reply.status in (401, 403):
        why = "your login does not open it" if logged_in else "it wants a login"
        return Answer(image, PRIVATE, message=f"private, or missing: {why}")
    raise Unreachable(
        _NO_REGISTRY if reply.status == 200 else f"answered {reply.status}"
    )


def _ask_date(
    answer: Answer, asking: Asking, configuration: DockerConfiguration, deadline: float
) -> Answer:
    image = answer.image
    reference = answer.digest or image.tag or "latest"
    try:
        client = _connect(image, asking, configuration, deadline)
        return answer._replace(created=client.fetch_created(reference))
    except (RegistryFault, ValueError):
        return answer  # It exists; when it was made is only good to know.


def _in_parallel(
    images: Sequence[Image],
    job: Callable[[Image, float], Answer],
    asking: Asking,
    end: float,
) -> dict[Image, Answer]:
    """Run a job for each image, some at once; what takes too long is left behind."""
    results: queue.Queue[tuple[Image, Answer]] = queue.Queue()
    waiting = list(reversed(images))
    running: dict[Image, float] = {}
    found: dict[Image, Answer] = {}

    def run(image: Image, deadline: float) -> None:
        results.put((image, job(image, deadline)))

    while waiting or running:
        now = time.monotonic()
        while waiting and len(running) < asking.at_once and now < end:
            image = waiting.pop()
            running[image] = min(now + asking.timeout, end)
            threading.Thread(
                target=run, args=(image, running[image]), daemon=True
            ).start()
        if not running:
            break
        try:
            image, answer = results.get(timeout=max(0.0, min(running.values()) - now))
            if running.pop(image, None) is not None:
                found[image] = answer
        except queue.Empty:
            now = time.monotonic()
            late = [one for one, limit in running.items() if limit <= now]
            found.update(_leave_behind(late, running, asking.timeout))
        asking.progress(len(found), len(images))
    if len(found) < len(images):
        # Nobody was asked for the rest, but who shows the progress is to end it.
        asking.progress(len(images), len(images))
    return {
        image: found.get(image) or _too_late(image, asking.total) for image in images
    }


def _leave_behind(
    late: Sequence[Image], running: dict[Image, float], seconds: float
) -> dict[Image, Answer]:
    """Take what ran out of time from what runs, with the answer that it is."""
    for image in late:
        del running[image]
    return {image: _too_late(image, seconds) for image in late}


def _too_late(image: Image, seconds: float) -> Answer:
    return Answer(
        image, UNREACHABLE, seconds=seconds, message=f"no answer in {seconds:g} s"
    )
