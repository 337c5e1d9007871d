# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Time ``verify`` of 20 images against ``skopeo inspect`` of each, one after the other.

Both ask the same registry on loopback, which answers after 200 ms. Needs skopeo.

    python benchmarks/verify.py
"""

from __future__ import annotations

import hashlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.registries import Asked, Reply, serve

IMAGES, DELAY, RUNS = 20, 0.2, 3
#: The whole command as a process.
VERIFY = [sys.executable, "-m", "invenio_cli_registry", "verify"]
#: As people type it, and as it is quickest: the manifest alone.
SKOPEO = ["skopeo", "inspect", "--tls-verify=false"]
QUICKEST = [*SKOPEO, "--raw"]

KIND = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = (
    b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'
)
_MANIFEST = {
    "schemaVersion": 2,
    "mediaType": KIND,
    "config": {
        "mediaType": "application/vnd.docker.container.image.v1+json",
        "size": len(CONFIG),
        "digest": f"sha256:{hashlib.sha256(CONFIG).hexdigest()}",
    },
    "layers": [],
}
MANIFEST = json.dumps(_MANIFEST).encode()


#: When each request came, by ``time.monotonic()``.
arrivals: list[float] = []


def answer(asked: Asked) -> Reply:
    """Serve one image under every name, each answer after the delay."""
    arrivals.append(time.monotonic())
    if asked.path.endswith("/tags/list"):
        return Reply(200, {}, b'{"name": "a/b", "tags": ["1"]}', delay=DELAY)
    if "/blobs/" in asked.path:
        return Reply(200, {}, CONFIG, delay=DELAY)
    digest = f"sha256:{hashlib.sha256(MANIFEST).hexdigest()}"
    headers = {"Content-Type": KIND, "Docker-Content-Digest": digest}
    return Reply(200, headers, MANIFEST, delay=DELAY)


class Run(NamedTuple):
    """One ``verify``, as its user and as the registry saw it."""

    seconds: float
    before: float  #: seconds from the start of the process to the first request
    round_trips: float  #: from the first request to the last answer, in delays
    requests: float  #: per image


def time_verify(folder: Path) -> Run:
    """Return what one ``verify`` of the folder takes."""
    arrivals.clear()
    started = time.monotonic()
    done = subprocess.run(
        VERIFY,
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    seconds = time.monotonic() - started
    assert done.returncode == 0, done.stderr
    first, answered = min(arrivals), max(arrivals) + DELAY
    trips = (answered - first) / DELAY
    return Run(seconds, first - started, trips, len(arrivals) / IMAGES)


def time_skopeo(command: list[str], host: str) -> float:
    """Return the seconds that skopeo takes for every image, one after the other."""
    started = time.monotonic()
    for number in range(IMAGES):
        whole = [*command, f"docker://{host}/a/b:{number}"]
        subprocess.run(whole, capture_output=True, check=True)
    return time.monotonic() - started


def main() -> None:
    """Print the medians, the ratios, and the requests per image."""
    runs, skopeo, quickest = [], [], []
    with tempfile.TemporaryDirectory() as folder, serve(answer) as registry:
        lines = "".join(f"FROM {registry.host}/a/b:{n}\n" for n in range(IMAGES))
        Path(folder, "Dockerfile").write_text(lines, encoding="utf-8")
        for _ in range(RUNS):
            runs.append(time_verify(Path(folder)))
            skopeo.append(time_skopeo(SKOPEO, registry.host))
            quickest.append(time_skopeo(QUICKEST, registry.host))
    verify = [run.seconds for run in runs]
    report("verify, 20 images, s", verify)
    report("skopeo inspect, one after the other, s", skopeo)
    report("skopeo inspect --raw, one after the other, s", quickest)
    report("before the first request, s", [run.before for run in runs])
    report("ratio skopeo inspect / verify", divide(skopeo, verify))
    report("ratio skopeo inspect --raw / verify", divide(quickest, verify))
    report("round trips of verify", [run.round_trips for run in runs])
    report("requests per image", [run.requests for run in runs])


def divide(ones: list[float], others: list[float]) -> list[float]:
    """Return the ratios, pair by pair of one run."""
    return [one / other for one, other in zip(ones, others)]


def report(name: str, figures: list[float]) -> None:
    """Print a figure as median (least to greatest)."""
    median, least, most = statistics.median(figures), min(figures), max(figures)
    print(f"{name}: {median:.2f} ({least:.2f} to {most:.2f})")


if __name__ == "__main__":
    main()
