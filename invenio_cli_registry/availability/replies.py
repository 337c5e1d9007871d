# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""What a registry's reply says: a manifest, a digest, a challenge, a wait, a date. Pure.

Whoever answers may be no registry, or a hostile one: lengths are bounded before anything
is searched or counted, and what is no answer is a ``ValueError``.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from email.utils import parsedate_to_datetime
from typing import Any, Mapping, NamedTuple

MANIFEST_KINDS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_LONGEST_CHALLENGE = 4096
_SCHEME = re.compile(r"(?:^|,)\s*(bearer|basic)(?:\s+|$)", re.IGNORECASE)
_PARAMETER = re.compile(r'\b(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_NUMBER = re.compile(r"[0-9]{1,9}(?![0-9])")
#: Builds that are to be the same each time write a date of long ago, not their own.
_FIRST_IMAGES = 2013


class Reply(NamedTuple):
    """A registry's reply, its body read to the end or to the bound."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def is_manifest(reply: Reply) -> bool:
    """Tell whether a reply is a manifest: a login page is answered with 200 too."""
    if _DIGEST.fullmatch(reply.headers.get("Docker-Content-Digest", "")):
        return True
    kind = reply.headers.get("Content-Type", "").partition(";")[0].strip()
    if kind in MANIFEST_KINDS:
        return True
    return bool(reply.body) and "schemaVersion" in parse_object(reply.body)


def digest_of(reply: Reply) -> str | None:
    """Return a manifest's digest: as the registry says, else that of the body."""
    said = reply.headers.get("Docker-Content-Digest", "")
    if _DIGEST.fullmatch(said):
        return said
    return f"sha256:{hashlib.sha256(reply.body).hexdigest()}" if reply.body else None


def pulls_of(reply: Reply) -> tuple[int, int] | None:
    """Return how many pulls are left, of how many (``ratelimit-remaining: 98;w=21600``)."""
    left = _NUMBER.match(reply.headers.get("RateLimit-Remaining", ""))
    limit = _NUMBER.match(reply.headers.get("RateLimit-Limit", ""))
    return (int(left[0]), int(limit[0])) if left and limit else None


def wait_of(reply: Reply, now: float) -> float | None:
    """Return the seconds that ``Retry-After`` asks to wait, None when it does not.

    :param now: seconds since 1970, for the form with a date.
    """
    said = reply.headers.get("Retry-After", "").strip()
    if _NUMBER.fullmatch(said):
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - now)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def challenges_of(reply: Reply) -> dict[str, dict[str, str]]:
    """Return what a 401 asks for, by its scheme in lower case: there may be several."""
    text = reply.headers.get("WWW-Authenticate", "")[:_LONGEST_CHALLENGE]
    parts = _SCHEME.split(text)[1:]
    return {
        scheme.lower(): {
            name.lower(): quoted or plain
            for name, quoted, plain in _PARAMETER.findall(rest)
        }
        for scheme, rest in zip(parts[::2], parts[1::2])
    }


def parse_object(body: bytes) -> dict[str, Any]:
    """Parse a JSON object.

    :raises ValueError: when it is none.
    """
    try:
        data = json.loads(body)
    except RecursionError as error:  # 200,000 brackets are JSON as well
        raise ValueError("nested too deep") from error
    if not isinstance(data, dict):
        raise ValueError("no object")
    return data


def choose_platform(manifests: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return the digest of the image for linux/amd64, else of the first one."""
    entries = manifests if isinstance(manifests, list) else []
    listed = [entry for entry in entries if isinstance(entry, dict)]
    for entry in listed:
        platform = entry.get("platform")
        platform = platform if isinstance(platform, dict) else {}
        kind = (platform.get("os", "linux"), platform.get("architecture"))
        if kind == ("linux", "amd64"):
            return digest_in(entry)
    return digest_in(listed[0] if listed else None)


def digest_in(entry: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    """Return the digest that a descriptor names.

    :raises ValueError: when it names none; it becomes part of an address.
    """
    digest = entry.get("digest") if isinstance(entry, dict) else None
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise ValueError("no digest")
    return digest


def parse_time(made: Any) -> datetime.datetime | None:  # noqa: ANN401
    """Return when an image was made, None when that is not said.

    :raises ValueError: when it is no date.
    """
    if not isinstance(made, str):
        return None
    day = datetime.datetime.strptime(made[:19], "%Y-%m-%dT%H:%M:%S")
    if day.year < _FIRST_IMAGES:
        return None
    return day.replace(tzinfo=datetime.timezone.utc)
