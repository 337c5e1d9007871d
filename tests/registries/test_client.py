# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What registries answer, and what it means: the protocol, a row a case."""

import base64
import datetime
import json
import socket
import ssl
import subprocess
import time

import pytest

from invenio_cli_registry import registries
from invenio_cli_registry.image import parse
from invenio_cli_registry.registries import Asking, ask, client
from invenio_cli_registry.registries.credentials import Credentials

from ..tables import rows
from .serving import DIGEST, EXISTS, KIND, MANIFEST, MISSING, Reply, serve

OTHER = "sha256:" + "d" * 64
BASIC = "Basic " + base64.b64encode(b"u:p").decode()
CONFIG = json.dumps({"created": "2026-11-20T01:02:03.5Z"}).encode()


class Known:
    """A login at every registry."""

    def __init__(self, *login):
        self.login = Credentials(*login) if login else None

    def find(self, registry):
        return self.login


def answer(registry, name="a/b:1", *login, dates=False, **asking):
    """Ask about one image of a registry, or of a host."""
    image = parse(f"{getattr(registry, 'host', registry)}/{name}")
    asking = Asking(**{"timeout": 5.0, **asking})
    return ask([image], asking, Known(*login), lambda image: dates)[image]


def limited(wait):
    return Reply(429, {"Retry-After": wait})


def leads(to):
    return Reply(302, {"Location": to})


PAGE = Reply(200, {"Content-Type": "text/html"}, b"<html>")
REPLIES = {
    "there": ([EXISTS], "exists", "HEAD"),
    "missing": ([MISSING], "missing", "HEAD"),
    "no-head": ([Reply(405), EXISTS], "exists", "HEAD GET"),
    "head-403": ([Reply(403), MISSING], "missing", "HEAD GET"),
    "forbidden": ([Reply(403)], "private", "HEAD GET"),
    "no-challenge": ([Reply(401)], "private", "HEAD"),
    "5xx-pass": ([Reply(500), Reply(502), EXISTS], "exists", "HEAD " * 3),
    "5xx-stay": ([Reply(503)], "unreachable failing", "HEAD " * 3),
    "wait": ([limited("0"), EXISTS], "exists", "HEAD " * 2),
    "wait-too-long": ([limited("99")], "rate-limited limit", "HEAD"),
    "wait-for-what": ([limited("soon"), EXISTS], "exists", "HEAD " * 2),
    "wait-again": ([limited("0")], "rate-limited limit", "HEAD " * 3),
    "teapot": ([Reply(418)], "unreachable odd", "HEAD"),
    "redirect": ([leads("/v2/x"), EXISTS], "exists", "HEAD " * 2),
    "redirects": ([leads("/x")], "unreachable odd", "HEAD " * 6),
    "to-a-file": ([leads("file:///etc/passwd")], "unreachable odd", "HEAD"),
    "to-no-address": ([leads("http://[bad")], "unreachable odd", "HEAD"),
    "to-no-port": ([leads("http://127.0.0.1:99999/")], "unreachable odd", "HEAD"),
    "page": ([PAGE], "unreachable odd", "HEAD"),
    "json": ([Reply(405), Reply(200, {}, b"{}")], "unreachable odd", "HEAD GET"),
    "login-page": ([leads("/users/sign_in"), PAGE], "unreachable odd", "HEAD " * 2),
}


@pytest.mark.parametrize(("replies", "said", "methods"), rows(REPLIES))
def test_a_reply_and_what_it_means(replies, said, methods):
    with serve(replies) as registry:
        found = answer(registry)
    assert f"{found.status} {found.cause}".strip() == said
    assert registry.methods() == methods.split()
    assert bool(found.message) is (said != "exists")


def test_one_request_tells_that_it_exists():
    with serve(EXISTS) as registry:
        found = answer(registry, "a/b")
    (asked,) = registry.asked
    assert (asked.method, asked.path) == ("HEAD", "/v2/a/b/manifests/latest")
    assert found.digest == DIGEST
    for kind in ("oci.image.index", "oci.image.manifest", "v2+json", "list.v2+json"):
        assert kind in asked.headers["Accept"]
    assert asked.headers["Accept-Encoding"] == "identity"  # Nothing to unpack.
    assert "Authorization" not in asked.headers


BODY = Reply(200, {"Content-Type": f"{KIND}; charset=utf-8"}, MANIFEST.encode())
ODD = Reply(200, {"Content-Type": KIND, "Docker-Content-Digest": "x\x1b"})
DIGESTS = {
    "as-asked": (EXISTS, f"a/b:1@{DIGEST}", "exists", DIGEST),
    "another": (EXISTS, f"a/b@{OTHER}", "another digest", DIGEST),
    "another-algorithm": (EXISTS, f"a/b@sha512:{'a' * 128}", "exists", DIGEST),
    "not-said": (BODY, f"a/b@{OTHER}", "exists", None),
    "unreadable": (ODD, "a/b:1", "exists", None),
}


@pytest.mark.parametrize(("reply", "name", "status", "digest"), rows(DIGESTS))
def test_the_digest(reply, name, status, digest):
    with serve(reply) as registry:
        found = answer(registry, name)
    assert (found.status, found.digest) == (status, digest)
    assert registry.asked[0].path.endswith(name.rpartition("@")[2].rpartition("1")[2])


@pytest.mark.parametrize(
    ("left", "limit", "pulls"),
    [
        ("98;w=21600", "100;w=21600", (98, 100)),
        ("0;w=1", "100;w=1", (0, 100)),
        ("9" * 6000, "9" * 6000, None),
        ("", "", None),
    ],
)
def test_the_pulls_that_docker_hub_leaves(left, limit, pulls):
    headers = {"ratelimit-remaining": left, "ratelimit-limit": limit}
    with serve(EXISTS._replace(headers={**EXISTS.headers, **headers})) as registry:
        assert answer(registry).pulls == pulls


def token_server(token="t0", challenge='Bearer realm="/token",service="s"', first=()):
    """Return a registry that requires a bearer token, and gives it itself."""
    waiting = list(first)

    def reply(asked):
        if asked.path.startswith("/token"):
            if waiting:
                return waiting.pop(0)
            return Reply(200, {}, json.dumps({"token": token}).encode())
        if asked.headers.get("Authorization") == "Bearer t0":
            return EXISTS
        return Reply(401, {"WWW-Authenticate": challenge})

    return reply


PLAIN = "service=s&scope=repository%3Aa%2Fb%3Apull"
CHALLENGES = {
    "plain": ('Bearer realm="/token",service="s"', f"/token?{PLAIN}"),
    "query-and-scope": (
        'bearer realm="/token?x=1", service="s", scope="y"',
        "/token?x=1&service=s&scope=y",
    ),
    "after-basic": (
        'Basic realm="x", Bearer realm="/token",service="s",scope="a,b"',
        "/token?service=s&scope=a%2Cb",
    ),
    "before-basic": (
        'Bearer realm="/token",service="s",scope="y", Basic realm="x"',
        "/token?service=s&scope=y",
    ),
}


@pytest.mark.parametrize(("challenge", "asked"), rows(CHALLENGES))
def test_a_token_is_fetched_and_shown(challenge, asked):
    with serve(token_server(challenge=challenge)) as registry:
        assert answer(registry).status == "exists"
    assert registry.asked[1].path == asked
    shown = [one.headers.get("Authorization") for one in registry.asked]
    assert shown == [None, None, "Bearer t0"]


def first(*replies):
    return token_server(first=replies)


def challenged(challenge):
    return token_server(challenge=challenge)


NESTED = Reply(200, {}, b"[" * 200_000)
LIMITED = "rate-limited: its token server: too many requests; wait 99 s"
OTHER_NAME = Reply(200, {}, b'{"access_token": "t0"}')
TOKEN_SERVERS = {
    "other-name": (first(OTHER_NAME), "exists"),
    "refused": (token_server(token="wrong"), "private: private or missing"),
    "not-given": (first(Reply(403)), "private"),
    "empty": (token_server(token=""), "private"),
    "no-realm": (challenged("Bearer x=y"), "private"),
    "digest": (challenged("Digest x=y"), "private"),
    "without-end": (challenged("Bearer " + "a" * 60_000), "private"),
    "realm-a-file": (
        challenged('Bearer realm="file:///x"'),
        "unreachable: it leads to something that is not a web address",
    ),
    "line-feed": (token_server(token="x\r\nHost: y"), "unreachable"),
    "not-ascii": (token_server(token="\u2603"), "unreachable"),
    "nested": (first(NESTED), "unreachable: it does not answer as"),
    "page": (first(PAGE), "unreachable: it does not answer as"),
    "errors-pass": (first(Reply(503), Reply(503)), "exists"),
    "errors-stay": (
        first(*[Reply(503)] * 3),
        "unreachable: its token server: answered 503",
    ),
    "limited": (first(limited("99")), LIMITED),
    "redirect": (first(Reply(307, {"Location": "/token/new"})), "exists"),
}


@pytest.mark.parametrize(("server", "said"), rows(TOKEN_SERVERS))
def test_token_servers(server, said):
    with serve(server) as registry:
        found = answer(registry)
    assert f"{found.status}: {found.message}".startswith(said)


def test_a_token_is_asked_for_once():
    def reply(asked):
        if asked.method == "HEAD" and "Authorization" in asked.headers:
            return Reply(405)
        return token_server(token="wrong")(asked)

    with serve(reply) as registry:
        assert answer(registry).status == "private"
    assert registry.methods() == ["HEAD", "GET", "HEAD", "GET"]


def basic_server(then=EXISTS):
    def reply(asked):
        if asked.headers.get("Authorization") == BASIC:
            return then
        return Reply(401, {"WWW-Authenticate": 'Basic realm="x"'})

    return reply


@pytest.mark.parametrize(
    ("login", "status", "message"),
    [
        ((), "private", "private or missing: requires a login"),
        (("u", "wrong"), "private", "private or missing: your login cannot read it"),
        (("u", "p"), "exists", ""),
    ],
)
def test_basic_authentication(login, status, message):
    with serve(basic_server()) as registry:
        found = answer(registry, "a/b:1", *login)
    assert (found.status, found.message) == (status, message)


def test_a_login_at_a_token_server():
    with serve(token_server()) as registry:
        assert answer(registry, "a/b:1", "u", "p").status == "exists"
        assert answer(registry, "a/b:1", "", "", "id0").status == "exists"
    logins = [asked.headers.get("Authorization") for asked in registry.asked]
    assert logins == [None, BASIC, "Bearer t0", None, None, "Bearer t0"]
    posted = registry.asked[4]
    assert (posted.method, b"refresh_token=id0" in posted.body) == ("POST", True)


def test_another_hosts_token_server_hears_no_password():
    with serve(token_server()) as other:
        realm = f'Bearer realm="http://localhost:{other.host.split(":")[1]}/token"'
        with serve(token_server(challenge=realm)) as registry:
            answer(registry, "a/b:1", "u", "p")
    (asked,) = other.asked
    assert "Authorization" not in asked.headers


def test_a_redirect_to_another_host_takes_no_password_along():
    with serve(EXISTS) as other:
        elsewhere = Reply(307, {"Location": f"{other.url}/blob"})
        with serve(basic_server(elsewhere)) as registry:
            assert answer(registry, "a/b:1", "u", "p").status == "exists"
    assert "Authorization" not in other.asked[0].headers


def test_nobody_hears_a_password_over_plain_http(monkeypatch):
    with serve(basic_server()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        insecure = frozenset({"x.invalid"})
        found = answer("x.invalid", "a:1", "u", "p", insecure=insecure)
    assert found.message == "private or missing: requires a login"
    assert all("Authorization" not in asked.headers for asked in proxy.asked)


def test_a_password_of_netrc_is_not_used(tmp_path, monkeypatch):
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login u password p\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serve([leads("/x"), Reply(401)]) as registry:
        answer(registry)
    assert all("Authorization" not in asked.headers for asked in registry.asked)


def test_proxies(monkeypatch):
    with serve(EXISTS) as proxy, serve(EXISTS) as registry:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        insecure = frozenset({"x.invalid"})
        assert answer("x.invalid", insecure=insecure).status == "exists"
        assert answer(registry).status == "exists"  # This machine is not behind it.
        monkeypatch.setenv("NO_PROXY", "x.invalid")
        assert answer("x.invalid", insecure=insecure).cause == "no-name"
    assert [asked.path for asked in proxy.asked] == [
        "http://x.invalid/v2/a/b/manifests/1"
    ]


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


CLOSE = {"Connection": "close"}
ENDLESS = {
    "silence": ([Reply(200, delay=9)], "timeout"),
    "endless-headers": ([Reply(0, write=drip_headers)], "timeout"),
    "drips": (
        [Reply(405), Reply(200, {"Content-Length": "999"}, write=drip)],
        "timeout",
    ),
    "hangs-up": ([Reply(0, write=hang_up)], "broken"),
    "body-without-end": ([Reply(405), Reply(200, CLOSE, write=flood)], "odd"),
    "redirects": ([Reply(302, {"Location": "/x", **CLOSE}, write=flood)], "odd"),
}


@pytest.mark.parametrize(("replies", "cause"), rows(ENDLESS))
def test_no_registry_can_hold_us(replies, cause):
    with serve(replies) as registry:
        started = time.monotonic()
        found = answer(registry, timeout=0.8)
        assert time.monotonic() - started < 5
    assert (found.status, found.cause) == ("unreachable", cause)


def gone():
    """Return a host at which nobody listens."""
    with serve(EXISTS) as registry:
        return registry.host


UNREACHED = {
    "refused": (gone, "", "refused"),
    "name": ("no-such-host.invalid", "", "no-name"),
    "proxy": ("x.invalid", gone, "proxy"),
    "no-proxy": ("x.invalid", "no-such-proxy.invalid:3128", "proxy"),
    "socks": ("x.invalid", "socks5://127.0.0.1:1", "socks"),
    "not-a-proxy": ("x.invalid", "http:///", "proxy"),
}


@pytest.mark.parametrize(("host", "proxy", "cause"), rows(UNREACHED))
def test_why_a_registry_is_not_reached(host, proxy, cause, monkeypatch):
    if proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy() if callable(proxy) else proxy)
    found = answer(host() if callable(host) else host)
    assert (found.status, found.cause) == ("unreachable", cause)


def test_a_proxy_that_needs_another_package_is_named(monkeypatch):
    monkeypatch.setenv("ALL_PROXY", "socks5://user:secret@127.0.0.1:1")
    said = answer("x.invalid").message
    assert ("SOCKS" in said, "pip install PySocks" in said) == (True, True)
    assert "secret" not in said


def test_certificates(tmp_path, monkeypatch):
    monkeypatch.setattr(registries, "address_of", lambda host, _: f"https://{host}")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subject = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x")
    files = ("-keyout", str(key), "-out", str(certificate), "-days", "1")
    subprocess.run(["openssl", *subject, *files], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with serve(EXISTS) as registry:
        plain = answer(registry)
    with serve(EXISTS) as registry:
        registry.socket = context.wrap_socket(registry.socket, server_side=True)
        found = answer(registry)
    assert (found.cause, plain.cause) == ("tls", "tls")
    assert "certificate was not accepted: self" in found.message
    assert "--insecure" in plain.message


def dated(config=CONFIG, manifest=MANIFEST):
    def reply(asked):
        if "/blobs/" in asked.path:
            return Reply(200, {}, config)
        said = MANIFEST if asked.path.endswith("1" * 64) else manifest
        return Reply(200, {"Docker-Content-Digest": DIGEST}, said.encode())

    return reply


INDEX = json.dumps({"manifests": [{"digest": "sha256:" + "1" * 64}]})
MADE = datetime.datetime(2026, 11, 20, 1, 2, 3, tzinfo=datetime.timezone.utc)


DATES = {
    "image": (dated(), MADE),
    "of-several-platforms": (dated(manifest=INDEX), MADE),
    "no-json": (dated(config=b"no json"), None),
    "no-object": (dated(config=b"[]"), None),
    "no-date": (dated(config=b'{"created": "then"}'), None),
    "no-config": (dated(manifest="{}"), None),
    "deep": (dated(manifest='{"config":' + "[" * 200_000), None),
    "registry-fails": ([EXISTS, Reply(500)], None),
    "gone": ([EXISTS, Reply(404)], None),
}


@pytest.mark.parametrize(("reply", "created"), rows(DATES))
def test_when_an_image_was_made(reply, created):
    with serve(reply) as registry:
        found = answer(registry, dates=True)
    assert (found.status, found.created) == ("exists", created)


def test_dates_are_asked_for_only_where_they_may_be():
    with serve(dated()) as registry:
        answer(registry, dates=False)
    assert registry.methods() == ["HEAD"]


LEADS = {
    "path": ("https://x.org/a", "/b", "https://x.org/b"),
    "cdn": ("https://x.org/a", "https://c.org/b", "https://c.org/b"),
    "tls": ("http://x.org/a", "https://x.org/a", "https://x.org/a"),
    "loopback": ("http://127.0.0.1:1/", "http://127.0.0.1:2/", "http://127.0.0.1:2/"),
    "to-plain-http": ("https://x.org/a", "http://x.org/a", None),
    "to-loopback": ("https://x.org/a", "https://127.0.0.1/b", None),
    "file": ("https://x.org/a", "file:///etc/passwd", None),
    "no-address": ("https://x.org/a", "https://[x/b", None),
}


@pytest.mark.parametrize(("here", "location", "there"), rows(LEADS))
def test_where_a_registry_may_lead(here, location, there):
    if there:
        assert client.follow(here, location) == there
    else:
        with pytest.raises((client.Fault, ValueError)):
            client.follow(here, location)
