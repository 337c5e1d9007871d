# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Many images at once: each once, hosts in turns, in the time that there is."""

import time

import pytest

from invenio_cli_registry.image import parse
from invenio_cli_registry.registries import (
    Answer,
    Asking,
    address_of,
    ask,
    common_cause,
)
from invenio_cli_registry.registries.credentials import DockerConfiguration
from invenio_cli_registry.terminal import RegistryError

from .serving import EXISTS, Reply, serve


def ask_for(registries, count, asking, dates=False):
    """Ask each registry for some images."""
    images = [parse(f"{one.host}/a/b:{n}") for one in registries for n in range(count)]
    return ask(images, asking, DockerConfiguration(), lambda image: dates)


def test_each_image_once_and_some_at_a_time():
    running, most = [], []

    def reply(asked):
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()
        return EXISTS

    shown = []
    asking = Asking(at_once=3, progress=lambda *pair: shown.append(pair))
    with serve(reply) as registry:
        images = [parse(f"{registry.host}/a/b:{n % 6}") for n in range(12)]
        found = ask(images, asking, DockerConfiguration(), lambda image: False)
    assert [image.tag for image in found] == list("012345")
    assert (len(registry.asked), max(most), shown[-1]) == (6, 3, (6, 6))
    assert registry.connections == 3  # Connections are used again.


def test_dead_hosts_take_no_time_from_live_ones():
    asking = Asking(timeout=0.7, left=3.0, at_once=4)
    silent = Reply(200, delay=9)
    with serve(silent) as one, serve(silent) as other, serve(EXISTS) as live:
        started = time.monotonic()
        found = ask_for([one, other, live], 20, asking)
    assert time.monotonic() - started < 2.5
    statuses = [answer.status for answer in found.values()]
    assert statuses == ["unreachable"] * 40 + ["exists"] * 20
    # A host that was never reached is not asked for all of its images.
    assert len(one.asked) + len(other.asked) < 10


def test_a_host_that_answered_once_is_asked_on():
    def reply(asked):
        return EXISTS._replace(delay=2.0 if asked.path.endswith("/1") else 0.0)

    with serve(reply) as registry:
        found = ask_for([registry], 4, Asking(timeout=0.5, at_once=1))
    statuses = [answer.status for answer in found.values()]
    assert statuses == ["exists", "unreachable", "exists", "exists"]


def test_the_time_for_all_is_kept_over_several_calls():
    shown = []
    asking = Asking(timeout=9, left=0.6, at_once=2)
    asking.progress = lambda *pair: shown.append(pair)
    with serve(EXISTS._replace(delay=0.4)) as registry:
        first = ask_for([registry], 1, asking, dates=True)
        second = ask_for([registry], 5, asking)
    assert [answer.status for answer in first.values()] == ["exists"]
    assert {answer.status for answer in second.values()} == {"unreachable"}
    assert {answer.cause for answer in second.values()} == {"timeout"}
    assert asking.left == 0
    assert shown[-1] == (5, 5)  # What shows it on a terminal ends.


@pytest.mark.parametrize(
    ("causes", "common"),
    [
        (["no-name", "no-name"], "no-name"),
        (["no-name", "refused"], ""),
        (["no-name", ""], ""),
        (["failing", "failing"], ""),
        ([], ""),
    ],
)
def test_one_cause_of_all(causes, common):
    image = parse("x.org/a:1")
    assert common_cause([Answer(image, "", cause=one) for one in causes]) == common


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_certificates_that_are_not_there_are_said_first(name, monkeypatch):
    monkeypatch.setenv(name, "/no/such/file.pem")
    said = pytest.raises(RegistryError, match=rf"{name} .*: /no/such/file\.pem")
    with serve(EXISTS) as registry, said:
        ask_for([registry], 1, Asking())
    assert registry.asked == []


@pytest.mark.parametrize(
    ("registry", "address"),
    [
        ("docker.io", "https://registry-1.docker.io"),
        ("x.org", "https://x.org"),
        ("x.org:5000", "https://x.org:5000"),
        ("localhost:5000", "http://localhost:5000"),
        ("127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("[::1]:5000", "http://[::1]:5000"),
        ("plain.org:80", "http://plain.org:80"),
    ],
)
def test_how_a_registry_is_reached(registry, address):
    asking = Asking(insecure=frozenset({"plain.org:80"}))
    assert address_of(registry, asking) == address
