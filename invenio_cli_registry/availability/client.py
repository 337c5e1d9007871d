# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""One image's conversation with its registry, by the OCI distribution protocol.

HEAD first, which costs no pull on Docker Hub; GET where HEAD is refused (Nexus). Every
wait has an end, every body a bound, and credentials go to their own registry only. That is
most of what is here, and would have to be built around ``python-dxf`` as well: so it is
written on ``requests``, which invenio-cli brings along.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md, and for the
tokens https://distribution.github.io/distribution/spec/auth/token/.
"""

from __future__ import annotations

import base64
import datetime
import time
from typing import Any, Callable, Mapping
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from ..reference import Image
from .answers import RateLimited, RegistryFault, Unreachable
from .credentials import Credentials
from .replies import (
    MANIFEST_KINDS,
    Reply,
    challenges_of,
    choose_platform,
    digest_in,
    parse_object,
    parse_time,
    wait_of,
)
from .trust import is_loopback, may_hear, why_not_follow

_MANIFESTS = ", ".join(MANIFEST_KINDS)
_LARGEST = 4 << 20
_CHUNK = 1 << 14
_PLAIN = "identity"
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BACKOFF = (0.3, 0.9)  # seconds before the second and the third try
_MOST_WAITS = 3  # times that a 429 is waited for
#: An environment that names a proxy does not mean this machine; Docker skips it as well.
_NO_PROXY: dict[str, Any] = {"http": None, "https": None, "all": None}
#: How systems, and both major releases of urllib3, say that a host is not known.
_UNKNOWN_NAME = ("NameResolution", "Name or service", "name resolution", "nodename nor")


class Client:
    """Asks one registry about one image; not shared between threads."""

    def __init__(
        self,
        image: Image,
        address: str,
        find_credentials: Callable[[str], Credentials | None],
        deadline: float,
    ) -> None:
        """Ask nothing yet.

        :param address: scheme and host that are really asked.
        :param deadline: by ``time.monotonic()``; nothing is waited for beyond it.
        """
        self.image = image
        self.address = address
        self.deadline = deadline
        self.logged_in = False  #: whether the user's own login was shown
        self._find_credentials = find_credentials
        self._authorization = ""
        self._authorized = False
        self._session = requests.Session()
        # Without this the session would take passwords from ~/.netrc.
        self._session.auth = _keep

    def fetch_manifest(self) -> Reply:
        """Ask for the manifest: HEAD, and GET when that is refused."""
        reference = self.image.digest or self.image.tag or "latest"
        path = self._path("manifests", reference)
        reply = self._ask("HEAD", path, _MANIFESTS)
        if reply.status in (403, 405):
            reply = self._ask("GET", path, _MANIFESTS)
        return reply

    def fetch_created(self, reference: str) -> datetime.datetime | None:
        """Return when an image was made, by its configuration; None when it is not said."""
        manifest = self._fetch(self._path("manifests", reference), _MANIFESTS)
        if "manifests" in manifest:
            digest = choose_platform(manifest["manifests"])
            manifest = self._fetch(self._path("manifests", digest), _MANIFESTS)
        config = digest_in(manifest.get("config"))
        return parse_time(
            self._fetch(self._path("blobs", config), "*/*").get("created")
        )

    def _path(self, kind: str, reference: str) -> str:
        return f"{self.address}/v2/{self.image.repository}/{kind}/{reference}"

    def _fetch(self, url: str, accept: str) -> dict[str, Any]:
        reply = self._ask("GET", url, accept)
        if reply.status != 200:
            raise Unreachable(f"answered {reply.status}")
        return parse_object(reply.body)

    def _ask(self, method: str, url: str, accept: str) -> Reply:
        """Send a request, and once more with what a 401 asks for."""

        def send() -> Reply:
            return self._follow(method, url, {"Accept": accept}, self._authorization)

        reply = self._insist(send)
        if reply.status == 401 and self._authorize(reply):
            reply = self._insist(send)
        return reply

    def _insist(self, send: Callable[[], Reply]) -> Reply:
        """Send until there is a reply that stays: broken connections, 5xx and 429 pass."""
        backoff, waits = list(_BACKOFF), _MOST_WAITS
        while True:
            reply = self._try(send, bool(backoff))
            if reply is None or (reply.status >= 500 and backoff):
                self._sleep(backoff.pop(0))
            elif reply.status == 429:
                waits -= 1
                self._wait_as_asked(reply, bool(waits))
            elif reply.status >= 500:
                raise Unreachable(f"answered {reply.status}")
            else:
                return reply

    def _try(self, send: Callable[[], Reply], again: bool) -> Reply | None:
        """Send a request, None when the connection broke off and may be tried again."""
        try:
            return send()
        except (requests.RequestException, HTTPError) as error:
            # Some of urllib3's errors reach us as they are, by the release of requests.
            if again and _may_pass(error):
                return None
            raise Unreachable(_reason(error)) from error

    def _follow(
        self, method: str, url: str, headers: Mapping[str, str], authorization: str
    ) -> Reply:
        """Send a request and follow where it leads, never with credentials elsewhere."""
        first = urlsplit(url)
        for _ in range(_MOST_REDIRECTS + 1):
            here = urlsplit(url)
            same = (here.scheme, here.netloc) == (first.scheme, first.netloc)
            known = {"Authorization": authorization} if authorization and same else {}
            reply = self._send(method, url, {**headers, **known})
            if reply.status not in _REDIRECTS:
                return reply
            url = urljoin(url, reply.headers.get("Location", ""))
            _check_lead(here.geturl(), url)
        raise Unreachable(f"redirects more than {_MOST_REDIRECTS} times")

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], data: str | None = None
    ) -> Reply:
        left = self._left()
        with self._session.request(  # every wait is bounded by what is left
            method,
            url,
            headers={**headers, "Accept-Encoding": _PLAIN},
            data=data,
            timeout=left,
            allow_redirects=False,
            stream=True,
            proxies=_NO_PROXY if is_loopback(urlsplit(url).hostname or "") else None,
        ) as response:
            body = b"" if method == "HEAD" else self._read(response)
            return Reply(response.status_code, response.headers, body)

    def _read(self, response: requests.Response) -> bytes:
        if response.headers.get("Content-Encoding", _PLAIN).lower() != _PLAIN:
            return b""  # Nobody asked for it, and a few bytes may become gigabytes.
        body = bytearray()
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > _LARGEST:
                raise Unreachable(f"its answer is larger than {_LARGEST >> 20} MiB")
            self._left()
        return bytes(body)

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Unreachable("no answer in time")
        return left

    def _sleep(self, seconds: float) -> None:
        if seconds >= self._left():
            raise Unreachable("no answer in time")
        time.sleep(seconds)

    def _wait_as_asked(self, reply: Reply, again: bool) -> None:
        asked = wait_of(reply, time.time())
        seconds = 1.0 if asked is None else asked
        if not again or seconds >= self._left():
            wait = f"; it asks to wait {asked:.0f} s" if asked else ""
            raise RateLimited(f"too many requests{wait}")
        time.sleep(max(seconds, 0.1))

    def _authorize(self, reply: Reply) -> bool:
        """Get, once, what a 401 asks for: a bearer token, or the user's own password."""
        if self._authorized:
            return False
        self._authorized = True
        asked = challenges_of(reply)
        bearer = asked.get("bearer", {})
        if bearer.get("realm"):
            self._authorization = self._fetch_token(bearer)
        elif "basic" in asked:
            self._authorization = self._log_in(self._credentials_for(self.address))
        return bool(self._authorization)

    def _credentials_for(self, url: str) -> Credentials | None:
        """Return the registry's credentials, None where this address must not hear them."""
        if not may_hear(self.image.registry, self.address, url):
            return None
        return self._find_credentials(self.image.registry)

    def _log_in(self, known: Credentials | None) -> str:
        """Return what shows a user and a password, nothing when there are none."""
        if known is None or not known.user:
            return ""
        self.logged_in = True
        pair = f"{known.user}:{known.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    def _fetch_token(self, asked: Mapping[str, str]) -> str:
        realm = urljoin(self.address, asked["realm"])
        _check_lead(self.address, realm)
        scope = asked.get("scope") or f"repository:{self.image.repository}:pull"
        query = {"service": asked.get("service", ""), "scope": scope}
        known = self._credentials_for(realm)
        try:
            reply = self._insist(lambda: self._ask_for_token(realm, query, known))
        except RegistryFault as fault:
            raise type(fault)(f"its token server: {fault}") from fault
        if reply.status != 200:
            return ""
        said = parse_object(reply.body)
        token = said.get("token") or said.get("access_token")
        sendable = isinstance(token, str) and token.isascii() and token.isprintable()
        return f"Bearer {token}" if token and sendable else ""

    def _ask_for_token(
        self, realm: str, query: Mapping[str, str], known: Credentials | None
    ) -> Reply:
        """Ask as the token specification says: GET, or POST with an identity token."""
        if known and known.identity_token:
            self.logged_in = True
            form = {
                **query,
                "grant_type": "refresh_token",
                "client_id": "invenio-cli-registry",
                "refresh_token": known.identity_token,
            }
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return self._send("POST", realm, headers, urlencode(form))
        mark = "&" if urlsplit(realm).query else "?"
        url = f"{realm}{mark}{urlencode(query)}"
        return self._follow("GET", url, {}, self._log_in(known))


def _keep(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _check_lead(here: str, there: str) -> None:
    why = why_not_follow(here, there)
    if why:
        raise Unreachable(why)


def _may_pass(error: Exception) -> bool:
    """Tell whether another try could help: not for a certificate or an unknown host."""
    lasting = (requests.exceptions.SSLError, requests.exceptions.ProxyError, ValueError)
    return not isinstance(error, lasting) and not _is_unknown(error)


def _is_unknown(error: Exception) -> bool:
    return any(text in str(error) for text in _UNKNOWN_NAME)


def _reason(error: Exception) -> str:
    """Return a short reason; the library's own texts go on and on."""
    kinds = (
        (requests.exceptions.ProxyError, "the proxy did not answer"),
        (requests.exceptions.SSLError, "its certificate was not accepted"),
        (requests.exceptions.Timeout, "no answer in time"),
        (ValueError, "it leads to an address that is none"),
    )
    for kind, text in kinds:
        if isinstance(error, kind):
            return text
    if _is_unknown(error):
        return "its name is not known"
    return "refused" if "refused" in str(error) else "the connection broke off"
