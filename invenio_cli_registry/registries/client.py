# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""One image's conversation with its registry, by the OCI distribution protocol.

HEAD first, which costs no pull on Docker Hub; GET where HEAD is refused (Nexus). Whoever
answers may be hostile: every wait has an end, every body a bound, and credentials go to
their own registry only. So redirects are followed and requests sent again here:
``requests`` reads the body of a redirect without a bound, ``urllib3`` that of a failure,
and it sleeps for as long as a registry says.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md, and for the
tokens https://distribution.github.io/distribution/spec/auth/token/.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import json
import os
import re
import socket
import ssl
import time
from typing import Any, Mapping, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from requests import exceptions
from requests.utils import parse_dict_header
from urllib3.exceptions import HTTPError

from ..image import Image
from ..terminal import RegistryError
from . import CAUSES, EXISTS, Answer
from .credentials import (
    MALFORMED,
    Credentials,
    DockerConfiguration,
    is_loopback,
    may_hear,
)

_MANIFEST_KINDS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ACCEPTED = ", ".join((*_MANIFEST_KINDS, "*/*"))
_LARGEST = 4 << 20
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_PAUSES = (0.3, 0.9)  # seconds before the second and the third try
_PASSING = frozenset({"broken", "failing", "limit"})  # causes that have these
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_KINDS = (
    ((exceptions.ProxyError, exceptions.InvalidProxyURL), "proxy"),
    (exceptions.InvalidSchema, "socks"),  # of addresses, others are refused
    (socket.gaierror, "no-name"),
    (ConnectionRefusedError, "refused"),
    (ssl.SSLError, "tls"),
    (socket.timeout, "timeout"),
    (ValueError, "odd"),
)


class Fault(Exception):
    """No answer, and why, as a clause."""

    def __init__(self, cause: str, message: str = "", wait: float = 0.0) -> None:
        """Take a key of ``CAUSES``, and seconds that the registry requires to wait."""
        super().__init__(message or CAUSES[cause])
        self.cause, self.wait = cause, wait


class Reply(NamedTuple):
    """A registry's reply, its body read to the end."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclasses.dataclass
class Client:
    """Asks one registry about one image; not shared between threads."""

    image: Image
    address: str  #: scheme and host that are really asked
    session: requests.Session
    configuration: DockerConfiguration
    dated: bool  #: also asks when the image was made
    deadline: float = 0.0  #: by ``time.monotonic()``
    authorization: str | None = None  #: "" when there is nothing to show

    def ask(self, deadline: float) -> Answer:
        """Return what the registry says until a time of ``time.monotonic()``."""
        started, self.deadline = time.monotonic(), deadline
        reference = self.image.digest or self.image.tag or "latest"
        try:
            reply = self._ask("HEAD", "manifests", reference)
            if reply.status in (403, 405):
                reply = self._ask("GET", "manifests", reference)
            answer = self._judge(reply)
        except (Fault, *MALFORMED) as error:
            fault = error if isinstance(error, Fault) else Fault("odd")
            status = "rate-limited" if fault.cause == "limit" else "unreachable"
            answer = Answer(self.image, status, message=str(fault), cause=fault.cause)
        answer = answer._replace(seconds=time.monotonic() - started)
        return self._date(answer) if self.dated and answer.status == EXISTS else answer

    def _date(self, answer: Answer) -> Answer:
        """Return an answer with when the image was made; of several platforms, the first."""
        try:
            self.deadline -= self._left() / 2  # or the answer itself came too late
            tag = self.image.tag or "latest"
            manifest = self._fetch("manifests", answer.digest or tag)
            if manifest.get("manifests"):
                manifest = self._fetch("manifests", manifest["manifests"][0]["digest"])
            made = self._fetch("blobs", manifest["config"]["digest"])["created"]
            day = datetime.datetime.strptime(f"{made[:19]}Z", "%Y-%m-%dT%H:%M:%S%z")
        except (Fault, *MALFORMED):
            return answer  # The image exists; when it was made is only good to know.
        return answer._replace(created=day)

    def _judge(self, reply: Reply) -> Answer:
        image, headers = self.image, reply.headers
        if reply.status == 404:
            return Answer(image, "missing", message="the registry does not have it")
        if reply.status in (401, 403):
            known = self._find(self.address)
            why = "your login cannot read it" if known else "requires a login"
            return Answer(image, "private", message=f"private or missing: {why}")
        if reply.status != 200:
            raise Fault("odd", f"answered {reply.status}")
        said = headers.get("Docker-Content-Digest", "")
        digest = said if _DIGEST.fullmatch(said) else None
        kind = headers.get("Content-Type", "").partition(";")[0].strip()
        if not digest and kind not in _MANIFEST_KINDS:
            raise Fault("odd")  # A login page is answered with 200 as well.
        asked = image.digest or ""
        if digest and digest != asked and asked.startswith("sha256:"):
            return Answer(
                image, "another digest", digest, message=f"it answers {digest}"
            )
        left = _number(headers.get("RateLimit-Remaining"))
        limit = _number(headers.get("RateLimit-Limit"))
        return Answer(image, EXISTS, digest, pulls=(left, limit) if limit else None)

    def _fetch(self, kind: str, reference: str) -> dict[str, Any]:
        return dict(json.loads(self._ask("GET", kind, reference).body))

    def _ask(self, method: str, kind: str, reference: str) -> Reply:
        url = f"{self.address}/v2/{self.image.repository}/{kind}/{reference}"
        reply = self._insist(method, url, self.authorization or "")
        if reply.status == 401 and self.authorization is None:
            self.authorization = self._authorize(reply)
            if self.authorization:
                reply = self._insist(method, url, self.authorization)
        return reply

    def _insist(
        self, method: str, url: str, login: str, form: dict[str, str] | None = None
    ) -> Reply:
        """Send until there is an answer; what may pass has two more tries."""
        for pause in _PAUSES:
            try:
                return self._follow(method, url, login, form)
            except Fault as fault:
                wait = max(pause, fault.wait)
                if fault.cause not in _PASSING or wait >= self._left():
                    raise
            time.sleep(wait)
        return self._follow(method, url, login, form)

    def _follow(
        self, method: str, url: str, login: str, form: dict[str, str] | None
    ) -> Reply:
        """Send a request and follow where it leads, with credentials on its host only."""
        first = urlsplit(url)[:2]
        for _ in range(_MOST_REDIRECTS + 1):
            host = urlsplit(url).hostname or ""
            headers = {"Accept": _ACCEPTED, "Accept-Encoding": "identity"}
            if login and urlsplit(url)[:2] == first:
                headers["Authorization"] = login
            try:
                with self.session.request(
                    method,
                    url,
                    headers=headers,
                    data=form,
                    # Proxies are not for this machine; Docker skips them, too.
                    proxies={"no_proxy": host} if is_loopback(host) else None,
                    timeout=self._left(),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    body = response.raw.read(_LARGEST + 1, decode_content=False)
            except (requests.RequestException, HTTPError) as error:
                raise _explain(error) from error
            if len(body) > _LARGEST:
                raise Fault("odd", f"its answer is larger than {_LARGEST >> 20} MiB")
            status, answered = response.status_code, response.headers
            if status == 429:
                wait = _number(answered.get("Retry-After"))
                said = f"too many requests; wait {wait} s" if wait else ""
                raise Fault("limit", said, wait)
            if status >= 500:
                raise Fault("failing", f"answered {status}")
            if form or status not in _REDIRECTS:
                return Reply(status, answered, body)
            url = follow(url, answered.get("Location", ""))
        raise Fault("odd", f"it redirects more than {_MOST_REDIRECTS} times")

    def _left(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise Fault("timeout")
        return left

    def _authorize(self, reply: Reply) -> str:
        """Return what a 401 requires: a bearer token, or the user's password; else ""."""
        challenge = reply.headers.get("WWW-Authenticate", "")
        start = challenge.lower().find("bearer ")
        bearer = parse_dict_header(challenge[start + 7 :]) if start >= 0 else {}
        if bearer.get("realm"):
            return self._fetch_token(bearer)
        basic = "basic" in challenge.lower()
        return _log_in(self._find(self.address)) if basic else ""

    def _find(self, url: str) -> Credentials | None:
        if may_hear(self.image.registry, self.address, url):
            return self.configuration.find(self.image.registry)
        return None

    def _fetch_token(self, challenge: Mapping[str, Any]) -> str:
        """Return a bearer token of the registry's token server, "" when it gives none.

        By GET, or with an identity token by POST, as the token specification says.
        """
        scope = f"repository:{self.image.repository}:pull"
        query = {"service": challenge.get("service") or ""}
        query["scope"] = challenge.get("scope") or scope
        realm = follow(self.address, str(challenge["realm"]))
        known = self._find(realm)
        try:
            if known and known.identity_token:
                query["grant_type"] = "refresh_token"
                query["client_id"] = "invenio-cli-registry"
                query["refresh_token"] = known.identity_token
                reply = self._insist("POST", realm, "", query)
            else:
                mark = "&" if urlsplit(realm).query else "?"
                url = f"{realm}{mark}{urlencode(query)}"
                reply = self._insist("GET", url, _log_in(known))
        except Fault as fault:
            raise Fault(fault.cause, f"its token server: {fault}") from fault
        data = json.loads(reply.body) if reply.status == 200 else {}
        token = data.get("token") or data.get("access_token")
        return f"Bearer {token}" if token else ""


def open_session() -> requests.Session:
    """Return what shares the connections to the registries.

    :raises RegistryError: the environment names certificates that are not there.
    """
    for name in ("CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        path = os.environ.get(name)
        if path and not os.path.exists(path):
            raise RegistryError(
                f"{name} names a file that does not exist: {path}. Set it to a file of "
                "certificates, or unset it."
            )
    session = requests.Session()
    # Without this it would take passwords from ~/.netrc.
    session.auth = lambda request: request
    return session


def follow(here: str, location: str) -> str:
    """Return the address that another one leads to.

    :raises Fault: when it must not be followed; ValueError when it is none.
    """
    there = urljoin(here, location)
    old, new = urlsplit(here), urlsplit(there)
    if new.scheme not in ("http", "https") or not new.hostname:
        raise Fault("odd", "it leads to something that is not a web address")
    if old.scheme == "https" and new.scheme == "http":
        raise Fault("odd", "it leads from HTTPS to plain HTTP")
    if is_loopback(new.hostname) and not is_loopback(old.hostname or ""):
        raise Fault("odd", "it leads to this machine")
    return there


def _log_in(known: Credentials | None) -> str:
    if known is None or not known.user:
        return ""
    pair = f"{known.user}:{known.password}".encode()
    return f"Basic {base64.b64encode(pair).decode()}"


def _explain(error: BaseException) -> Fault:
    """Return why no reply came; the libraries' own texts are long."""
    inner: BaseException | None = error
    while inner:
        if isinstance(inner, ssl.SSLCertVerificationError):
            said = f"its certificate was not accepted: {inner.verify_message}"
            return Fault("tls", said)
        for kind, cause in _KINDS:
            if isinstance(inner, kind):
                return Fault(cause)
        inner = inner.__cause__ or inner.__context__
    return Fault("broken")


def _number(header: str | None) -> int:
    text = (header or "").partition(";")[0].strip()
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0
