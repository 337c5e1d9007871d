# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""One image's conversation with its registry, by the OCI distribution protocol.

HEAD first, which costs no pull on Docker Hub; GET where HEAD is refused (Nexus). Every
wait has an end, every body a bound, and credentials go to their own registry only.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md, and for the
tokens https://distribution.github.io/distribution/spec/auth/token/.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import re
import time
from typing import Any, Callable, Mapping, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import requests

from ..reference import Image
from .answers import RateLimited, Unreachable
from .credentials import Credentials
from .trust import is_private, may_hear

_MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_LARGEST = 4 << 20
_CHUNK = 1 << 14
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_BACKOFF = (0.3, 0.9)  # seconds before the second and the third try
_CHALLENGE = re.compile(r'(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PULLS = re.compile(r"\d+")


class Reply(NamedTuple):
    """A registry's reply, its body read to the end or to the bound."""

    status: int
    headers: Mapping[str, str]
    body: bytes


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
        self.requests = 0
        self._find_credentials = find_credentials
        self._authorization = ""
        self._asked_for_token = False
        self._session = requests.Session()
        # Without this the session would take passwords from ~/.netrc.
        self._session.auth = _keep

    def fetch_manifest(self, reference: str | None = None) -> Reply:
        """Ask for a manifest: HEAD, and GET when that is refused."""
        path = self._path(
            "manifests", reference or self.image.digest or self.image.tag or "latest"
        )
        reply = self._ask("HEAD", path, _MANIFESTS)
        if reply.status in (403, 405):
            reply = self._ask("GET", path, _MANIFESTS)
        return reply

    def fetch_created(self, reference: str) -> datetime.datetime | None:
        """Return when an image was made, by its configuration; None when it is not said."""
        manifest = self._json(self._path("manifests", reference), _MANIFESTS)
        if "manifests" in manifest:
            digest = _choose_platform(manifest["manifests"])
            manifest = self._json(self._path("manifests", digest), _MANIFESTS)
        config = _digest_in(manifest.get("config"))
        made = self._json(self._path("blobs", config), "*/*").get("created")
        return _parse_time(made)

    def _path(self, kind: str, reference: str) -> str:
        return f"{self.address}/v2/{self.image.repository}/{kind}/{reference}"

    def _json(self, url: str, accept: str) -> dict[str, Any]:
        reply = self._ask("GET", url, accept)
        if reply.status != 200:
            raise Unreachable(f"answered {reply.status}")
        data = json.loads(reply.body)
        if not isinstance(data, dict):
            raise ValueError("no object")
        return data

    def _ask(self, method: str, url: str, accept: str) -> Reply:
        """Send a request, with a token when one is asked for; 429 and 5xx again."""
        waits = list(_BACKOFF)
        while True:
            reply = self._try(method, url, accept, bool(waits))
            if reply is None or (reply.status >= 500 and waits):
                self._sleep(waits.pop(0))
            elif reply.status == 429:
                self._wait_as_asked(reply)
            elif reply.status >= 500:
                raise Unreachable(f"answered {reply.status}")
            elif reply.status != 401 or not self._authorize(reply):
                return reply

    def _try(self, method: str, url: str, accept: str, again: bool) -> Reply | None:
        """Send a request, None when the connection broke off and may be tried again."""
        try:
            return self._follow(method, url, accept)
        except requests.RequestException as error:
            if again and _may_pass(error):
                return None
            raise Unreachable(_reason(error)) from error

    def _follow(self, method: str, url: str, accept: str) -> Reply:
        """Send a request and follow where it leads, never with credentials elsewhere."""
        first = urlsplit(url)
        for _ in range(_MOST_REDIRECTS + 1):
            headers = {"Accept": accept}
            here = urlsplit(url)
            same = (here.scheme, here.netloc) == (first.scheme, first.netloc)
            if self._authorization and same:
                headers["Authorization"] = self._authorization
            reply = self._send(method, url, headers)
            if reply.status not in _REDIRECTS:
                return reply
            url = urljoin(url, reply.headers.get("Location", ""))
            _check_redirect(here, urlsplit(url))
        raise Unreachable(f"redirects more than {_MOST_REDIRECTS} times")

    def _send(
        self, method: str, url: str, headers: Mapping[str, str], data: str | None = None
    ) -> Reply:
        left = self._left()
        self.requests += 1
        with self._session.request(  # every wait is bounded by what is left
            method,
            url,
            headers=dict(headers),
            data=data,
            timeout=left,
            allow_redirects=False,
            stream=True,
        ) as response:
            body = b"" if method == "HEAD" else self._read(response)
            return Reply(response.status_code, response.headers, body)

    def _read(self, response: requests.Response) -> bytes:
        body = b""
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > _LARGEST:
                raise Unreachable(f"its answer is larger than {_LARGEST >> 20} MiB")
            self._left()
        return body

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Unreachable("no answer in time")
        return left

    def _sleep(self, seconds: float) -> None:
        if seconds >= self._left():
            raise Unreachable("no answer in time")
        time.sleep(seconds)

    def _wait_as_asked(self, reply: Reply) -> None:
        asked = reply.headers.get("Retry-After", "")
        seconds = float(asked) if asked.isdigit() else 1.0
        if seconds >= self._left():
            wait = f"; it asks to wait {asked} s" if asked.isdigit() else ""
            raise RateLimited(f"too many requests{wait}")
        time.sleep(max(seconds, 0.1))

    def _authorize(self, reply: Reply) -> bool:
        """Get, once, what a 401 asks for: a bearer token, or the user's own password."""
        if self._asked_for_token:
            return False
        self._asked_for_token = True
        scheme, _, rest = reply.headers.get("WWW-Authenticate", "").partition(" ")
        found = _CHALLENGE.findall(rest)
        values = {name.lower(): quoted or plain for name, quoted, plain in found}
        if scheme.lower() == "basic":
            known = self._credentials_for(self.address)
            self._authorization = _basic(known) if known and known.user else ""
        elif scheme.lower() == "bearer" and values.get("realm"):
            self._authorization = self._fetch_token(values)
        return bool(self._authorization)

    def _credentials_for(self, url: str) -> Credentials | None:
        """Return the registry's credentials, None where this address must not hear them."""
        if not may_hear(self.image.registry, self.address, url):
            return None
        return self._find_credentials(self.image.registry)

    def _fetch_token(self, values: Mapping[str, str]) -> str:
        realm = urljoin(self.address, values["realm"])
        _check_redirect(urlsplit(self.address), urlsplit(realm))
        known = self._credentials_for(realm)
        scope = values.get("scope") or f"repository:{self.image.repository}:pull"
        query = {"service": values.get("service", ""), "scope": scope}
        if known and known.identity_token:
            form = {
                **query,
                "grant_type": "refresh_token",
                "client_id": "invenio-cli-registry",
            }
            form["refresh_token"] = known.identity_token
            reply = self._post(realm, urlencode(form))
        else:
            headers = {"Authorization": _basic(known)} if known else {}
            mark = "&" if urlsplit(realm).query else "?"
            reply = self._send("GET", f"{realm}{mark}{urlencode(query)}", headers)
        if reply.status == 429:
            raise RateLimited("too many requests for a token")
        if reply.status != 200:
            return ""
        said = json.loads(reply.body)
        token = said.get("token") or said.get("access_token") or ""
        return f"Bearer {token}" if token and str(token).isprintable() else ""

    def _post(self, url: str, data: str) -> Reply:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", url, headers, data)


def _keep(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _basic(known: Credentials) -> str:
    pair = f"{known.user}:{known.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def _check_redirect(here: Any, there: Any) -> None:  # noqa: ANN401 - split addresses
    """Refuse to be led astray: to a file, to plain HTTP, to this machine or its network."""
    if there.scheme not in ("http", "https") or not there.hostname:
        raise Unreachable("it leads to an address that is none of the web's")
    if here.scheme == "https" and there.scheme == "http":
        raise Unreachable("it leads from HTTPS to plain HTTP")
    if is_private(there.hostname) and not is_private(here.hostname or ""):
        raise Unreachable("it leads into the network of this machine")


def _may_pass(error: requests.RequestException) -> bool:
    """Tell whether another try could help: not for a certificate or an unknown host."""
    if isinstance(
        error, (requests.exceptions.SSLError, requests.exceptions.ProxyError)
    ):
        return False
    text = str(error)
    return "Name or service" not in text and "NameResolution" not in text


def _reason(error: requests.RequestException) -> str:
    """Return a short reason; the library's own texts go on and on."""
    kinds = (
        (requests.exceptions.ProxyError, "the proxy did not answer"),
        (requests.exceptions.SSLError, "its certificate was not accepted"),
        (requests.exceptions.Timeout, "no answer in time"),
    )
    for kind, text in kinds:
        if isinstance(error, kind):
            return text
    text = str(error)
    if "Name or service" in text or "NameResolution" in text:
        return "its name is not known"
    return "refused" if "refused" in text else "the connection broke off"


def _choose_platform(manifests: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return the digest of the image for linux/amd64, else of the first one."""
    listed = [entry for entry in manifests if isinstance(entry, dict)]
    for entry in listed:
        platform = entry.get("platform")
        if isinstance(platform, dict) and platform.get("architecture") == "amd64":
            return _digest_in(entry)
    return _digest_in(listed[0] if listed else None)


def _digest_in(entry: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    digest = entry.get("digest") if isinstance(entry, dict) else None
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise ValueError("no digest")
    return digest


def _parse_time(made: Any) -> datetime.datetime | None:  # noqa: ANN401
    if not isinstance(made, str):
        return None
    day = datetime.datetime.strptime(made[:19], "%Y-%m-%dT%H:%M:%S")
    return day.replace(tzinfo=datetime.timezone.utc)


def digest_of(reply: Reply) -> str | None:
    """Return a manifest's digest: as the registry says, else that of the body."""
    said = reply.headers.get("Docker-Content-Digest", "")
    if _DIGEST.fullmatch(said):
        return said
    return f"sha256:{hashlib.sha256(reply.body).hexdigest()}" if reply.body else None


def pulls_of(reply: Reply) -> tuple[int, int] | None:
    """Return how many pulls are left, of how many (``ratelimit-remaining: 98;w=21600``)."""
    left = _PULLS.match(reply.headers.get("RateLimit-Remaining", ""))
    limit = _PULLS.match(reply.headers.get("RateLimit-Limit", ""))
    return (int(left[0]), int(limit[0])) if left and limit else None
