# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What registries answer, and what we make of it: the protocol, a case a test."""

import base64
import datetime
import json
import socket
import ssl
import subprocess
import time

import pytest

from invenio_cli_registry.availability import client as client_module
from invenio_cli_registry.availability.answers import Asking
from invenio_cli_registry.availability.asking import address_of, ask, ask_one
from invenio_cli_registry.availability.credentials import Credentials
from invenio_cli_registry.reference import parse

from .registries import DIGEST, EXISTS, MANIFEST, MISSING, Reply, serve


class Known:
    """Credentials of some registries."""

    def __init__(self, **known):
        self.known = known
        self.warnings = []

    def find(self, registry):
        return self.known.get(registry) or self.known.get("any")


def answer(registry, name="a/b:1", known=None, seconds=5.0, **asking):
    image = parse(f"{registry.host}/{name}")
    deadline = time.monotonic() + seconds
    return ask_one(image, Asking(**asking), known or Known(), deadline)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(client_module, "_BACKOFF", (0.01, 0.02))
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.parametrize(
    ("replies", "status", "methods"),
    [
        pytest.param([EXISTS], "exists", "HEAD", id="there"),
        pytest.param([MISSING], "missing", "HEAD", id="missing"),
        pytest.param([Reply(405), EXISTS], "exists", "HEAD GET", id="head-not-allowed"),
        pytest.param([Reply(403), EXISTS], "exists", "HEAD GET", id="head-forbidden"),
        pytest.param([Reply(403), MISSING], "missing", "HEAD GET", id="then-missing"),
        pytest.param([Reply(403), Reply(403)], "private", "HEAD GET", id="forbidden"),
        pytest.param([Reply(401)], "private", "HEAD", id="no-challenge"),
        pytest.param(
            [Reply(500), Reply(502), EXISTS],
            "exists",
            "HEAD HEAD HEAD",
            id="errors-pass",
        ),
        pytest.param([Reply(503)], "unreachable", "HEAD HEAD HEAD", id="errors-stay"),
        pytest.param(
            [Reply(429, {"Retry-After": "0"}), EXISTS], "exists", "HEAD HEAD", id="wait"
        ),
        pytest.param(
            [Reply(429, {"Retry-After": "99"})],
            "rate-limited",
            "HEAD",
            id="wait-too-long",
        ),
        pytest.param(
            [Reply(429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), EXISTS],
            "exists",
            "HEAD HEAD",
            id="wait-until-a-date-that-is-past",
        ),
        pytest.param(
            [Reply(429, {"Retry-After": "Wed, 21 Oct 2099 07:28:00 GMT"})],
            "rate-limited",
            "HEAD",
            id="wait-until-a-date-too-far",
        ),
        pytest.param(
            [Reply(429, {"Retry-After": "soon"}), EXISTS],
            "exists",
            "HEAD HEAD",
            id="wait-for-no-one-knows",
        ),
        pytest.param(
            [Reply(429, {"Retry-After": "0"})],
            "rate-limited",
            "HEAD HEAD HEAD",
            id="wait-again-and-again",
        ),
        pytest.param([Reply(418)], "unreachable", "HEAD", id="odd"),
        pytest.param(
            [Reply(302, {"Location": "/v2/x"}), EXISTS],
            "exists",
            "HEAD HEAD",
            id="redirect",
        ),
        pytest.param(
            [Reply(302, {"Location": "/x"})], "unreachable", "HEAD " * 6, id="redirects"
        ),
        pytest.param(
            [Reply(302, {"Location": "file:///etc/passwd"})],
            "unreachable",
            "HEAD",
            id="to-a-file",
        ),
        pytest.param([Reply(302)], "unreachable", "HEAD " * 6, id="to-nowhere"),
        pytest.param(
            [Reply(302, {"Location": "http://127.0.0.1:99999999/"})],
            "unreachable",
            "HEAD",
            id="to-no-port",
        ),
        pytest.param(
            [Reply(302, {"Location": "http://[bad"})],
            "unreachable",
            "HEAD",
            id="to-no-address",
        ),
    ],
)
def test_a_reply_and_its_verdict(replies, status, methods):
    with serve(replies) as registry:
        found = answer(registry)
    assert found.status == status
    assert registry.methods() == methods.split()
    assert bool(found.message) is (status != "exists")


def test_one_request_tells_that_it_exists():
    with serve(EXISTS) as registry:
        found = answer(registry, "a/b")
    (asked,) = registry.asked
    assert (asked.method, asked.path) == ("HEAD", "/v2/a/b/manifests/latest")
    assert found.digest == DIGEST
    accepted = asked.headers["Accept"]
    for kind in (
        "oci.image.index",
        "oci.image.manifest",
        "docker.distribution.manifest.v2",
        "docker.distribution.manifest.list.v2",
    ):
        assert kind in accepted
    assert "Authorization" not in asked.headers


def test_a_digest_is_asked_for_before_the_tag():
    with serve(EXISTS) as registry:
        answer(registry, f"a/b:1@{DIGEST}")
    assert registry.asked[0].path.endswith(DIGEST)


def test_the_digest_of_a_body_when_the_registry_says_none():
    with serve([Reply(405), Reply(200, {}, MANIFEST.encode())]) as registry:
        assert answer(registry).digest == DIGEST
    kind = {"Content-Type": "application/vnd.oci.image.manifest.v1+json; charset=utf-8"}
    with serve(
        Reply(200, {**kind, "Docker-Content-Digest": "x\x1b"}, b"{}")
    ) as registry:
        found = answer(registry)
    assert (found.status, found.digest) == ("exists", None)


@pytest.mark.parametrize(
    "replies",
    [
        pytest.param([Reply(200, {"Content-Type": "text/html"}, b"<html>")], id="page"),
        pytest.param([Reply(200)], id="nothing"),
        pytest.param([Reply(405), Reply(200, {}, b"<html>")], id="page-by-get"),
        pytest.param([Reply(405), Reply(200, {}, b'{"a": 1}')], id="other-json"),
        pytest.param(
            [Reply(302, {"Location": "/users/sign_in"}), Reply(200, {}, b"<html>")],
            id="login-page",
        ),
    ],
)
def test_a_page_is_no_image(replies):
    with serve(replies) as registry:
        found = answer(registry)
    assert (found.status, found.message) == (
        "unreachable",
        "its answer is none of a registry's",
    )


def test_docker_hubs_remaining_pulls():
    headers = {"ratelimit-limit": "100;w=21600", "ratelimit-remaining": "98;w=21600"}
    with serve(EXISTS._replace(headers={**EXISTS.headers, **headers})) as registry:
        assert answer(registry).pulls == (98, 100)
    endless = dict.fromkeys(headers, "9" * 6000)
    with serve(EXISTS._replace(headers={**EXISTS.headers, **endless})) as registry:
        assert answer(registry).pulls is None
    with serve(EXISTS) as registry:
        assert answer(registry).pulls is None


def token_server(field="token", status=200, challenge=None, inner=EXISTS):
    """Return a registry that wants a bearer token, and gives it by itself."""

    def reply(asked):
        if asked.path.startswith("/token"):
            return Reply(status, {}, json.dumps({field: "t0"}).encode())
        if asked.headers.get("Authorization") == "Bearer t0":
            return inner
        host = asked.headers["Host"]
        realm = challenge or f'Bearer realm="http://{host}/token",service="s"'
        return Reply(401, {"WWW-Authenticate": realm})

    return reply


@pytest.mark.parametrize("field", ["token", "access_token"])
def test_a_token_is_fetched_and_shown(field):
    with serve(token_server(field)) as registry:
        assert answer(registry).status == "exists"
    assert registry.asked[1].path == "/token?service=s&scope=repository%3Aa%2Fb%3Apull"
    assert "Authorization" not in registry.asked[1].headers


def test_a_realm_with_a_query_of_its_own_and_a_scope():
    challenge = 'Bearer realm="/token?x=1",service="s",scope="y"'
    with serve(token_server(challenge=challenge)) as registry:
        assert answer(registry).status == "exists"
    assert registry.asked[1].path == "/token?x=1&service=s&scope=y"


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        pytest.param(
            token_server(inner=Reply(401)), "private", id="refused-after-a-token"
        ),
        pytest.param(token_server(status=403), "private", id="no-token-given"),
        pytest.param(token_server(status=429), "rate-limited", id="token-limited"),
        pytest.param(token_server(field="other"), "private", id="no-token-in-it"),
        pytest.param(
            token_server(challenge="Bearer service=x"), "private", id="no-realm"
        ),
        pytest.param(
            token_server(challenge="Digest realm=x"), "private", id="other-scheme"
        ),
        pytest.param(
            token_server(challenge='Bearer realm="file:///x"'),
            "unreachable",
            id="realm-a-file",
        ),
    ],
)
def test_a_token_that_does_not_open(reply, status):
    with serve(reply) as registry:
        assert answer(registry).status == status


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<html>", id="page"),
        pytest.param(b"[]", id="list"),
        pytest.param(b"[" * 200_000, id="nested-too-deep"),
    ],
)
def test_a_token_that_is_no_json_object_is_no_answer(body):
    def reply(asked):
        if asked.path.startswith("/token"):
            return Reply(200, {}, body)
        return Reply(401, {"WWW-Authenticate": 'Bearer realm="/token"'})

    with serve(reply) as registry:
        found = answer(registry)
    assert (found.status, "none of a registry's" in found.message) == (
        "unreachable",
        True,
    )


@pytest.mark.parametrize(
    "token",
    [
        pytest.param({"a": 1}, id="object"),
        pytest.param("x\r\nHost: y", id="line-feed"),
        pytest.param("\u2603", id="no-ascii"),
        pytest.param("", id="empty"),
    ],
)
def test_a_token_that_cannot_be_sent_is_none(token):
    def reply(asked):
        if asked.path.startswith("/token"):
            return Reply(200, {}, json.dumps({"token": token}).encode())
        return Reply(401, {"WWW-Authenticate": 'Bearer realm="/token"'})

    with serve(reply) as registry:
        assert answer(registry).status == "private"
    assert registry.methods() == ["HEAD", "GET"]


def test_a_token_is_asked_for_once():
    def reply(asked):
        opened = "Authorization" in asked.headers and asked.method == "HEAD"
        return (
            Reply(405)
            if opened
            else token_server()(asked._replace(headers=bare(asked)))
        )

    def bare(asked):
        return {"Host": asked.headers["Host"]}

    with serve(reply) as registry:
        assert answer(registry).status == "private"
    assert registry.methods() == ["HEAD", "GET", "HEAD", "GET"]


def flaky_token_server(*replies):
    """Return a registry whose token server answers otherwise before it gives a token."""
    waiting = list(replies)
    steady = token_server()

    def reply(asked):
        if asked.path.startswith("/token") and waiting:
            return waiting.pop(0)
        return steady(asked)

    return reply


@pytest.mark.parametrize(
    ("replies", "status", "said"),
    [
        pytest.param([Reply(503)] * 2, "exists", "", id="errors-pass"),
        pytest.param(
            [Reply(503)] * 3,
            "unreachable",
            "its token server: answered 503",
            id="errors-stay",
        ),
        pytest.param([Reply(429, {"Retry-After": "0"})], "exists", "", id="wait"),
        pytest.param(
            [Reply(429, {"Retry-After": "99"})],
            "rate-limited",
            "its token server: too many requests; it asks to wait 99 s",
            id="wait-too-long",
        ),
        pytest.param(
            [Reply(307, {"Location": "/token/new"})], "exists", "", id="redirect"
        ),
    ],
)
def test_a_token_server_is_asked_as_patiently_as_a_registry(replies, status, said):
    with serve(flaky_token_server(*replies)) as registry:
        found = answer(registry)
    assert (found.status, found.message) == (status, said)


@pytest.mark.parametrize(
    "both",
    [
        'Basic realm="x", Bearer realm="/token",service="s"',
        'Bearer realm="/token",service="s", Basic realm="x"',
        'BASIC realm="x",bearer realm="/token", service="s"',
    ],
)
def test_of_two_challenges_the_token_is_taken(both):
    with serve(token_server(challenge=both)) as registry:
        assert answer(registry).status == "exists"
    assert registry.asked[1].path.startswith("/token?service=s&")


def test_a_challenge_without_end_ends():
    # Searched to its end from each of its letters, it would hold every thread.
    with serve(Reply(401, {"WWW-Authenticate": "Bearer " + "a" * 65_000})) as registry:
        assert answer(registry).status == "private"


BASIC = "Basic " + base64.b64encode(b"u:p").decode()


def test_a_password_goes_to_its_registry_and_token_server():
    known = Known(any=Credentials("u", "p"))
    with serve(token_server()) as registry:
        assert answer(registry, known=known).status == "exists"
    assert [a.headers.get("Authorization") for a in registry.asked] == [
        None,
        BASIC,
        "Bearer t0",
    ]


def test_basic_authentication():
    def reply(asked):
        if asked.headers.get("Authorization") == BASIC:
            return EXISTS
        return Reply(401, {"WWW-Authenticate": 'Basic realm="x"'})

    with serve(reply) as registry:
        assert answer(registry).status == "private"
        known = Known(any=Credentials("u", "p"))
        assert answer(registry, known=known).status == "exists"
        found = answer(registry, known=Known(any=Credentials("u", "wrong")))
    assert (found.status, found.message) == (
        "private",
        "private, or missing: your login does not open it",
    )


def test_an_identity_token_is_exchanged():
    known = Known(any=Credentials("", "", "id0"))
    with serve(token_server()) as registry:
        assert answer(registry, known=known).status == "exists"
    asked = registry.asked[1]
    assert (asked.method, b"refresh_token=id0" in asked.body) == ("POST", True)


def test_another_hosts_token_server_hears_no_password(monkeypatch):
    known = Known(any=Credentials("u", "p"))
    with serve(token_server()) as other:
        realm = f'Bearer realm="http://localhost:{other.host.split(":")[1]}/token"'
        with serve(token_server(challenge=realm)) as registry:
            answer(registry, known=known)
    (asked,) = other.asked
    assert "Authorization" not in asked.headers


def test_a_redirect_to_another_host_takes_no_password_along():
    known = Known(any=Credentials("u", "p"))

    def reply(asked):
        if asked.headers.get("Authorization") != BASIC:
            return Reply(401, {"WWW-Authenticate": "Basic x=y"})
        return Reply(307, {"Location": f"{other.url}/blob"})

    with serve(EXISTS) as other, serve(reply) as registry:
        assert answer(registry, known=known).status == "exists"
    assert "Authorization" not in other.asked[0].headers


def test_a_registry_on_this_machine_is_asked_past_the_proxy(monkeypatch):
    known = Known(any=Credentials("u", "p"))
    with serve(MISSING) as proxy, serve(token_server()) as registry:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        assert answer(registry, known=known).status == "exists"
    assert proxy.asked == []


def test_another_registry_is_asked_through_the_proxy(monkeypatch):
    asking = Asking(insecure=frozenset({"x.invalid"}))
    with serve(EXISTS) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        image, deadline = parse("x.invalid/a/b:1"), time.monotonic() + 5
        assert ask_one(image, asking, Known(), deadline).status == "exists"
        monkeypatch.setenv("NO_PROXY", "x.invalid")
        found = ask_one(image, asking, Known(), deadline)
    assert found.message == "its name is not known"
    assert [asked.path for asked in proxy.asked] == [
        "http://x.invalid/v2/a/b/manifests/1"
    ]


def test_a_password_of_netrc_is_not_used(tmp_path, monkeypatch):
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login u password p\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serve(Reply(401)) as registry:
        answer(registry)
    assert "Authorization" not in registry.asked[0].headers


def drip(handler):
    for _ in range(200):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    drip(handler)


def flood(handler):
    for _ in range(100):
        handler.wfile.write(b"x" * (1 << 17))


def hang_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        pytest.param([Reply(200, delay=9)], "no answer in", id="silence"),
        pytest.param(
            [Reply(0, write=drip_headers)], "no answer in", id="headers-without-end"
        ),
        pytest.param(
            [Reply(405), Reply(200, {"Content-Length": "9999"}, write=drip)],
            "no answer in",
            id="drips",
        ),
        pytest.param([Reply(0, write=hang_up)], "broke off", id="hangs-up"),
    ],
)
def test_no_registry_can_hold_us(replies, said):
    with serve(replies) as registry:
        image = parse(f"{registry.host}/a/b:1")
        started = time.monotonic()
        found = ask([image], Asking(timeout=0.6), Known(), lambda image: False)[image]
        assert time.monotonic() - started < 5
    assert (found.status, said in found.message) == ("unreachable", True)


def test_a_body_without_end_is_not_read_to_its_end():
    flooding = Reply(200, {"Connection": "close"}, write=flood)
    with serve([Reply(405), flooding]) as registry:
        found = answer(registry, seconds=30.0)
    assert (found.status, found.message) == (
        "unreachable",
        "its answer is larger than 4 MiB",
    )


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "gzip, gzip, gzip", "br"])
def test_nothing_is_unpacked(encoding):
    """A few bytes become gigabytes where one packing is in another."""
    kind = {"Content-Type": "application/vnd.oci.image.index.v1+json"}
    packed = Reply(200, {**kind, "Content-Encoding": encoding}, b"\x1f\x8b" * 9)
    with serve([Reply(405), packed]) as registry:
        found = answer(registry)
    assert (found.status, found.digest) == ("exists", None)
    assert {asked.headers["Accept-Encoding"] for asked in registry.asked} == {
        "identity"
    }


def test_a_packed_token_is_none():
    packed = Reply(200, {"Content-Encoding": "gzip"}, b'{"token": "t"}')
    with serve([Reply(401, {"WWW-Authenticate": 'Bearer realm="/t"'}), packed]) as one:
        found = answer(one)
    assert found.message == "its answer is none of a registry's"


def test_a_registry_that_is_not_there():
    with serve(EXISTS) as registry:
        pass
    found = answer(registry)
    assert (found.status, found.message) == ("unreachable", "refused")


def test_a_name_that_nobody_knows():
    image = parse("no-such-host.invalid/a:1")
    found = ask_one(image, Asking(), Known(), time.monotonic() + 5)
    assert (found.status, found.message) == ("unreachable", "its name is not known")


def test_each_image_once_and_some_at_a_time():
    running, most = [], []

    def reply(asked):
        running.append(1)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()
        return EXISTS

    with serve(reply) as registry:
        images = [parse(f"{registry.host}/a/b:{n % 6}") for n in range(12)]
        shown = []
        found = ask(
            images,
            Asking(at_once=3, progress=lambda *pair: shown.append(pair)),
            Known(),
            lambda image: False,
        )
    assert [image.tag for image in found] == list("012345")
    assert len(registry.asked) == 6
    assert max(most) <= 3
    assert shown[-1] == (6, 6)


def test_the_time_for_all_is_kept():
    shown = []
    with serve(Reply(200, delay=3)) as registry:
        images = [parse(f"{registry.host}/a/b:{n}") for n in range(5)]
        found = ask(
            images,
            Asking(
                timeout=9,
                total=0.3,
                at_once=2,
                progress=lambda *pair: shown.append(pair),
            ),
            Known(),
            lambda image: True,
        )
    # The bar on a terminal goes away also where some are left.
    assert shown[-1] == (5, 5)
    assert {one.status for one in found.values()} == {"unreachable"}
    assert list(found) == images


def test_an_answer_that_comes_too_late_is_none():
    def reply(asked):
        slow = asked.path.endswith("slow")
        return EXISTS._replace(delay=2.5 if slow else 0.5)

    with serve(reply) as registry:
        images = [parse(f"{registry.host}/a/b:{tag}") for tag in ("slow", "quick")]
        found = ask(
            images, Asking(timeout=1.5, at_once=1), Known(), lambda image: False
        )
    assert [one.status for one in found.values()] == ["unreachable", "exists"]


def test_a_certificate_of_nobody_is_not_tried_again(tmp_path):
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=x",
            "-keyout",
            str(key),
            "-out",
            str(cert),
            "-days",
            "1",
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    with serve(EXISTS) as registry:
        registry.server.socket = context.wrap_socket(
            registry.server.socket, server_side=True
        )
        addresses = {registry.host: f"https://{registry.host}"}
        found = answer(registry, addresses=addresses)
    assert (found.status, found.message) == (
        "unreachable",
        "its certificate was not accepted",
    )


def test_no_time_left_is_no_answer():
    with serve(Reply(503)) as registry:
        assert answer(registry, seconds=-1).message == "no answer in time"
    assert registry.asked == []


def test_a_proxy_that_does_not_answer(monkeypatch):
    with serve(EXISTS) as gone:
        pass
    monkeypatch.setenv("HTTPS_PROXY", gone.url)
    monkeypatch.setenv("NO_PROXY", "")
    found = ask_one(parse("x.invalid/a:1"), Asking(), Known(), time.monotonic() + 5)
    assert (found.status, found.message) == ("unreachable", "the proxy did not answer")


def test_backoff_keeps_the_time(monkeypatch):
    monkeypatch.setattr(client_module, "_BACKOFF", (9, 9))
    with serve(Reply(503)) as registry:
        assert answer(registry).message == "no answer in time"


CREATED = "2026-11-20T01:02:03.5Z"
CONFIG = json.dumps({"created": CREATED}).encode()


def dated(config=CONFIG, manifest=MANIFEST):
    def reply(asked):
        if "/blobs/" in asked.path:
            return Reply(200, {}, config)
        return Reply(200, {"Docker-Content-Digest": DIGEST}, manifest.encode())

    return reply


INDEX = json.dumps(
    {
        "manifests": [
            "odd",
            {"digest": "sha256:" + "1" * 64, "platform": {"architecture": "arm64"}},
            {
                "digest": "sha256:" + "3" * 64,
                "platform": {"os": "windows", "architecture": "amd64"},
            },
            {"digest": "sha256:" + "2" * 64, "platform": {"architecture": "amd64"}},
        ]
    }
)


def test_when_an_image_was_made():
    with serve(dated()) as registry:
        image = parse(f"{registry.host}/a/b:1")
        found = ask([image], Asking(), Known(), lambda image: True)[image]
    assert found.created == datetime.datetime(
        2026, 11, 20, 1, 2, 3, tzinfo=datetime.timezone.utc
    )
    assert [a.path.split("/")[-2] for a in registry.asked] == [
        "manifests",
        "manifests",
        "blobs",
    ]


def test_when_one_of_several_platforms_was_made():
    def reply(asked):
        if asked.path.endswith("2" * 64):
            return Reply(200, {}, MANIFEST.encode())
        return dated(manifest=INDEX)(asked)

    with serve(reply) as registry:
        image = parse(f"{registry.host}/a/b:1")
        found = ask([image], Asking(), Known(), lambda image: True)[image]
    assert found.created is not None


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(dated(config=b"no json"), id="no-json"),
        pytest.param(dated(config=b"[]"), id="no-object"),
        pytest.param(dated(config=b'{"created": 5}'), id="no-text"),
        pytest.param(dated(config=b'{"created": "then"}'), id="no-date"),
        pytest.param(
            dated(config=b'{"created": "1970-01-01T00:00:00Z"}'), id="reproducible"
        ),
        pytest.param(dated(manifest="{}"), id="no-config"),
        pytest.param(dated(manifest='{"manifests": []}'), id="no-platform"),
        pytest.param(dated(manifest='{"manifests": 5}'), id="no-list"),
        pytest.param(dated(manifest='{"config":' + "[" * 200_000), id="deep"),
        pytest.param(
            dated(manifest='{"config": {"digest": "../../x"}}'), id="hostile-digest"
        ),
    ],
)
def test_a_date_that_is_not_said_is_not_missed(reply):
    with serve(reply) as registry:
        image = parse(f"{registry.host}/a/b:1")
        found = ask([image], Asking(), Known(), lambda image: True)[image]
    assert (found.status, found.created) == ("exists", None)


def test_dates_are_asked_for_only_where_they_may_be():
    with serve(dated()) as registry:
        image = parse(f"{registry.host}/a/b:1")
        ask([image], Asking(), Known(), lambda image: False)
    assert registry.methods() == ["HEAD"]


def test_a_date_whose_registry_fails():
    replies = [EXISTS, Reply(500)]
    with serve(replies) as registry:
        image = parse(f"{registry.host}/a/b:1")
        assert (
            ask([image], Asking(), Known(), lambda image: True)[image].created is None
        )
    with serve([EXISTS, Reply(404)]) as registry:
        image = parse(f"{registry.host}/a/b:1")
        assert (
            ask([image], Asking(), Known(), lambda image: True)[image].created is None
        )


@pytest.mark.parametrize(
    ("registry", "address"),
    [
        ("docker.io", "https://registry-1.docker.io"),
        ("x.org", "https://x.org"),
        ("x.org:5000", "https://x.org:5000"),
        ("localhost", "http://localhost"),
        ("localhost:5000", "http://localhost:5000"),
        ("127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("[::1]:5000", "http://[::1]:5000"),
        ("plain.org:80", "http://plain.org:80"),
        ("fake.org", "http://127.0.0.1:1"),
    ],
)
def test_how_a_registry_is_reached(registry, address):
    asking = Asking(
        insecure=frozenset({"plain.org:80"}),
        addresses={"fake.org": "http://127.0.0.1:1"},
    )
    assert address_of(registry, asking) == address
