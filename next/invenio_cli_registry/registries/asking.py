# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Ask for many images at once, each once, within a time that is kept.

A registry may hold a connection as long as it likes, byte for byte. So each image is
asked for in a thread of its own that nobody waits for beyond its time. Hosts take turns,
and one that could not be reached is not asked again: dead hosts take no time from others.
"""

from __future__ import annotations

import dataclasses
import os
import queue
import threading
import time
from collections import Counter
from typing import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import requests

from ..image import DOCKER_HUB, Image
from ..terminal import RegistryError
from . import EXISTS, REACHED, UNREACHABLE, Answer, Asking
from .client import Client
from .credentials import DockerConfiguration
from .trust import is_loopback

_HUB_ADDRESS = "https://registry-1.docker.io"


def ask(
    images: Sequence[Image],
    asking: Asking,
    configuration: DockerConfiguration,
    dates: Callable[[Image], bool],
) -> dict[Image, Answer]:
    """Return what the registries say of each image, in the order given.

    :param dates: which images may be asked when they were made, after all have answered;
        where that would cost a pull, they may not.
    :raises RegistryError: before anything is asked, when the environment names a file
        of certificates that is not there.
    """
    end = time.monotonic() + asking.left
    images = tuple(dict.fromkeys(images))
    addresses = {image.registry: address_of(image.registry, asking) for image in images}
    sessions = {host: _open_session(address) for host, address in addresses.items()}
    clients = {
        one: Client(one, addresses[one.registry], sessions[one.registry], configuration)
        for one in images
    }

    def date(image: Image, deadline: float) -> Answer:
        answer = answers[image]
        reference = answer.digest or image.tag or "latest"
        return answer._replace(created=clients[image].ask_created(reference, deadline))

    answers = _in_turns(
        images, lambda image, deadline: clients[image].ask(deadline), asking, end
    )
    dated = [one for one in images if answers[one].status == EXISTS and dates(one)]
    quiet = dataclasses.replace(asking, progress=lambda done, total: None)
    for image, answer in _in_turns(dated, date, quiet, end).items():
        if answer.created:
            answers[image] = answer
    for session in sessions.values():
        session.close()
    asking.left = max(0.0, end - time.monotonic())
    return answers


def address_of(registry: str, asking: Asking) -> str:
    """Return scheme and host that are asked: HTTPS but for this machine and by request."""
    if registry in asking.addresses:
        return asking.addresses[registry]
    if registry == DOCKER_HUB:
        return _HUB_ADDRESS
    host, _, port = registry.rpartition(":")
    plain = is_loopback(host if host and port.isdigit() else registry)
    return f"{'http' if plain or registry in asking.insecure else 'https'}://{registry}"


def _open_session(address: str) -> requests.Session:
    """Return what shares the connections to one registry."""
    session = requests.Session()
    # Without this it would take passwords from ~/.netrc.
    session.auth = lambda request: request
    # An environment that names a proxy does not mean this machine; Docker skips it, too.
    session.trust_env = not is_loopback(urlsplit(address).hostname or "")
    for name in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        path = os.environ.get(name)
        if path and not os.path.exists(path):
            raise RegistryError(
                f"{name} names a file that does not exist: {path}. Set it to a file of "
                "certificates, or unset it."
            )
        session.verify = path or session.verify
    return session


def _in_turns(
    images: Sequence[Image],
    job: Callable[[Image, float], Answer],
    asking: Asking,
    end: float,
) -> dict[Image, Answer]:
    """Run a job for each image, some at once; what takes too long is left behind.

    :param end: of all, by ``time.monotonic()``; a job gets its own, which is not later.
    """
    results: queue.Queue[Answer] = queue.Queue()
    waiting = list(images)
    running: dict[Image, float] = {}
    found: dict[Image, Answer] = {}
    heard: set[str] = set()  # hosts that gave any answer

    def work(image: Image, deadline: float) -> None:
        results.put(job(image, deadline))

    while True:
        while waiting and len(running) < asking.at_once and time.monotonic() < end:
            busy = Counter(image.registry for image in running)
            image = min(waiting, key=lambda one: busy[one.registry])
            waiting.remove(image)
            running[image] = min(time.monotonic() + asking.timeout, end)
            threading.Thread(
                target=work, args=(image, running[image]), daemon=True
            ).start()
        if not running:
            break
        answer = _wait(results, running, asking.timeout)
        if running.pop(answer.image, None) is None:
            continue  # It came too late.
        host = answer.image.registry
        if answer.cause in REACHED:
            heard.add(host)
        same = [one for one in waiting if one.registry == host and host not in heard]
        waiting = [one for one in waiting if one not in same]
        for image in (answer.image, *same):
            found[image] = answer._replace(image=image)
        asking.progress(len(found), len(images))
    asking.progress(len(images), len(images))
    said = "not asked: the time for all registries is used up"
    late = {
        one: Answer(one, UNREACHABLE, message=said, cause="timeout") for one in waiting
    }
    found.update(late)
    return {image: found[image] for image in images}


def _wait(
    results: queue.Queue[Answer], running: Mapping[Image, float], timeout: float
) -> Answer:
    """Return the next answer, or for the image whose time is over that there is none."""
    image = min(running, key=lambda one: running[one])
    try:
        return results.get(timeout=max(0.0, running[image] - time.monotonic()))
    except queue.Empty:
        said = f"no answer in {timeout:g} s"
        return Answer(image, UNREACHABLE, None, timeout, said, cause="timeout")
