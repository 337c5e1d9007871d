# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""One image's conversation with its registry, by the OCI distribution protocol.

HEAD first, which costs no pull on Docker Hub; GET where HEAD is refused (Nexus). Whoever
answers may be hostile: every wait has an end, every body a bound, and credentials go to
their own registry only. Redirects are followed here: ``requests`` reads their bodies
without a bound.

Source: https://github.com/opencontainers/distribution-spec/blob/main/spec.md, and for the
tokens https://distribution.github.io/distribution/spec/auth/token/.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import hashlib
import json
import re
import socket
import ssl
import time
from typing import Any, Mapping, NamedTuple
from urllib.parse import urlencode, urlsplit

import requests
from requests.utils import parse_dict_header
from urllib3.exceptions import HTTPError

from ..image import Image
from . import (
    ANOTHER_DIGEST,
    EXISTS,
    MALFORMED,
    MISSING,
    PRIVATE,
    RATE_LIMITED,
    UNREACHABLE,
    Answer,
    Fault,
)
from .credentials import Credentials, DockerConfiguration
from .trust import follow, may_hear

_MANIFEST_KINDS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_ACCEPTED = ", ".join((*_MANIFEST_KINDS, "*/*"))
_LARGEST = 4 << 20
_PLAIN = "identity"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS = 5
_PAUSES = (0.3, 0.9)  # seconds before the second and the third try
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{1,9}(?![0-9])")
#: Builds that are to be the same each time write a date of long ago, not their own.
_FIRST_IMAGES = 2013
_KINDS = (
    (requests.exceptions.ProxyError, "proxy"),
    (requests.exceptions.InvalidProxyURL, "proxy"),
    (requests.exceptions.InvalidSchema, "socks"),  # of addresses, others are refused
    (socket.gaierror, "no-name"),
    (ConnectionRefusedError, "refused"),
    (ssl.SSLError, "tls"),
    (socket.timeout, "timeout"),
    (ValueError, "odd"),
)


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
    deadline: float = 0.0  #: by ``time.monotonic()``
    authorization: str | None = None  #: "" when there is nothing to show

    def ask(self, deadline: float) -> Answer:
        """Return what the registry says of the image.

        :param deadline: by ``time.monotonic()``; nothing is waited for beyond it.
        """
        started, self.deadline = time.monotonic(), deadline
        reference = self.image.digest or self.image.tag or "latest"
        try:
            reply = self._ask("HEAD", "manifests", reference)
            if reply.status in (403, 405):
                reply = self._ask("GET", "manifests", reference)
            answer = self._judge(reply)
        except (Fault, *MALFORMED) as error:
            fault = error if isinstance(error, Fault) else Fault("odd")
            status = RATE_LIMITED if fault.cause == "limit" else UNREACHABLE
            answer = Answer(self.image, status, message=str(fault), cause=fault.cause)
        return answer._replace(seconds=time.monotonic() - started)

    def ask_created(self, reference: str, deadline: float) -> datetime.datetime | None:
        """Return when the image was made; None when that is not said.

        :param reference: digest or tag. Of several platforms linux/amd64 is taken.
        """
        self.deadline = deadline
        try:
            manifest = self._fetch("manifests", reference)
            listed = manifest.get("manifests")
            if listed:
                amd64 = [one for one in listed if _architecture(one) == "amd64"]
                manifest = self._fetch("manifests", (amd64 or listed)[0]["digest"])
            made = self._fetch("blobs", manifest["config"]["digest"])["created"]
            day = datetime.datetime.strptime(made[:19], "%Y-%m-%dT%H:%M:%S")
        except (Fault, *MALFORMED):
            return None  # The image exists; when it was made is only good to know.
        utc = day.replace(tzinfo=datetime.timezone.utc)
        return utc if day.year >= _FIRST_IMAGES else None

    def _judge(self, reply: Reply) -> Answer:
        """Return what a reply to the question for a manifest means."""
        image = self.image
        if reply.status == 404:
            return Answer(image, MISSING, message="the registry does not have it")
        if reply.status in (401, 403):
            known = self._find(self.address)
            why = "your login cannot read it" if known else "requires a login"
            return Answer(image, PRIVATE, message=f"private or missing: {why}")
        if reply.status != 200:
            raise Fault("odd", f"answered {reply.status}")
        said = reply.headers.get("Docker-Content-Digest", "")
        digest = said if _DIGEST.fullmatch(said) else None
        kind = reply.headers.get("Content-Type", "").partition(";")[0].strip()
        if not digest and kind not in _MANIFEST_KINDS:
            raise Fault("odd")  # A login page is answered with 200 as well.
        if not digest and reply.body:
            digest = f"sha256:{hashlib.sha256(reply.body).hexdigest()}"
        asked = image.digest or ""
        if digest and digest != asked and asked.startswith("sha256:"):
            return Answer(image, ANOTHER_DIGEST, digest, message=f"it answers {digest}")
        pulls = (
            _number(reply.headers.get("RateLimit-Remaining")),
            _number(reply.headers.get("RateLimit-Limit")),
        )
        return Answer(image, EXISTS, digest, pulls=pulls if pulls[1] else None)

    def _fetch(self, kind: str, reference: str) -> dict[str, Any]:
        return dict(json.loads(self._ask("GET", kind, reference).body))

    def _ask(self, method: str, kind: str, reference: str) -> Reply:
        """Ask for a manifest or blob, and once more with what a 401 requires."""
        url = f"{self.address}/v2/{self.image.repository}/{kind}/{reference}"
        reply = self._insist(method, url, self.authorization or "")
        if reply.status == 401 and self.authorization is None:
            self.authorization = self._authorize(reply)
            if self.authorization:
                reply = self._insist(method, url, self.authorization)
        return reply

    def _insist(
        self,
        method: str,
        url: str,
        authorization: str = "",
        form: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send until there is an answer: broken connections, 5xx and 429 may pass."""
        pauses = list(_PAUSES)
        while True:
            try:
                reply = self._follow(method, url, authorization, form)
                if reply.status == 429:
                    wait = _number(reply.headers.get("Retry-After"))
                    said = f"too many requests; wait {wait} s" if wait else ""
                    raise Fault("limit", said, wait)
                if reply.status >= 500:
                    raise Fault("failing", f"answered {reply.status}")
                return reply
            except Fault as fault:
                if fault.cause not in ("broken", "failing", "limit") or not pauses:
                    raise
                pause = max(pauses.pop(0), fault.wait)
                if pause >= self._left():
                    raise
            time.sleep(pause)

    def _follow(
        self,
        method: str,
        url: str,
        authorization: str,
        form: Mapping[str, str] | None,
    ) -> Reply:
        """Send a request and follow where it leads, with credentials on its host only."""
        first = urlsplit(url)[:2]
        for _ in range(_MOST_REDIRECTS + 1):
            headers = {"Accept": _ACCEPTED, "Accept-Encoding": _PLAIN}
            if authorization and urlsplit(url)[:2] == first:
                headers["Authorization"] = authorization
            try:
                with self.session.request(
                    method,
                    url,
                    headers=headers,
                    data=form,
                    timeout=self._left(),
                    allow_redirects=False,
                    stream=True,
                ) as response:
                    body = response.raw.read(_LARGEST + 1, decode_content=False)
            except (requests.RequestException, HTTPError) as error:
                raise _explain(error) from error
            if len(body) > _LARGEST:
                raise Fault("odd", f"its answer is larger than {_LARGEST >> 20} MiB")
            if response.headers.get("Content-Encoding", _PLAIN).lower() != _PLAIN:
                body = b""  # Nobody asked for it, and a few bytes may become gigabytes.
            if form or response.status_code not in _REDIRECTS:
                return Reply(response.status_code, response.headers, body)
            url = follow(url, response.headers.get("Location", ""))
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
        """Return the registry's credentials, None where this address must not hear them."""
        if may_hear(self.image.registry, self.address, url):
            return self.configuration.find(self.image.registry)
        return None

    def _fetch_token(self, challenge: Mapping[str, Any]) -> str:
        """Return a bearer token of the registry's token server, "" when it gives none.

        By GET, or with an identity token by POST, as the token specification says.
        """
        scope = f"repository:{self.image.repository}:pull"
        query = {
            "service": str(challenge.get("service") or ""),
            "scope": str(challenge.get("scope") or scope),
        }
        realm = follow(self.address, str(challenge["realm"]))
        known = self._find(realm)
        try:
            if known and known.identity_token:
                query["grant_type"] = "refresh_token"
                query["client_id"] = "invenio-cli-registry"
                query["refresh_token"] = known.identity_token
                reply = self._insist("POST", realm, form=query)
            else:
                mark = "&" if urlsplit(realm).query else "?"
                url = f"{realm}{mark}{urlencode(query)}"
                reply = self._insist("GET", url, _log_in(known))
        except Fault as fault:
            raise Fault(fault.cause, f"its token server: {fault}") from fault
        data = json.loads(reply.body) if reply.status == 200 else {}
        token = data.get("token") or data.get("access_token")
        return f"Bearer {token}" if token else ""


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
    """Return the number at the beginning of a header, 0 without one."""
    found = _NUMBER.match((header or "").strip())
    return int(found[0]) if found else 0


def _architecture(entry: Mapping[str, Any]) -> object:
    return (entry.get("platform") or {}).get("architecture")
