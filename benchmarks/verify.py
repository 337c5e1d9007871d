# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""Time ``verify`` of 20 images against ``skopeo inspect`` of each, one after the other.

Both ask the same registry on loopback, which answers after 200 ms. Needs skopeo.

    python benchmarks/verify.py [--runs N]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import report

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.registries.serving import Asked, Reply, serve

IMAGES, DELAY, RUNS = 20, 0.2, 5
VERIFY = [sys.executable, "-m", "invenio_cli_registry", "verify"]
#: As people type it, and as it is quickest: the manifest alone.
SKOPEO = ["skopeo", "inspect", "--tls-verify=false"]
QUICKEST = [*SKOPEO, "--raw"]
KIND = "application/vnd.docker.distribution.manifest.v2+json"
CONFIG = (
    b'{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'
)
_CONFIG = {
    "mediaType": "application/vnd.docker.container.image.v1+json",
    "size": len(CONFIG),
    "digest": f"sha256:{hashlib.sha256(CONFIG).hexdigest()}",
}
MANIFEST = json.dumps(
    {"schemaVersion": 2, "mediaType": KIND, "config": _CONFIG, "layers": []}
).encode()

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


def time_commands(folder: str, commands: list[list[str]]) -> float:
    """Return the seconds that commands take, one after the other."""
    environ = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    started = time.monotonic()
    for command in commands:
        subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, check=True
        )
    return time.monotonic() - started


def main() -> None:
    """Print the medians, the ratios, and the requests per image."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=RUNS)
    runs = parser.parse_args().runs
    ours, trips, requests = [], [], []
    others: dict[str, list[float]] = {"skopeo inspect": [], "skopeo inspect --raw": []}
    with tempfile.TemporaryDirectory() as folder, serve(answer) as registry:
        lines = "".join(f"FROM {registry.host}/a/b:{n}\n" for n in range(IMAGES))
        Path(folder, "Dockerfile").write_text(lines, encoding="utf-8")
        names = [f"docker://{registry.host}/a/b:{n}" for n in range(IMAGES)]
        for _ in range(runs):
            arrivals.clear()
            ours.append(time_commands(folder, [VERIFY]))
            # From the first request to the last answer.
            trips.append((max(arrivals) - min(arrivals)) / DELAY + 1)
            requests.append(len(arrivals) / IMAGES)
            for name, command in zip(others, (SKOPEO, QUICKEST)):
                each = [[*command, image] for image in names]
                others[name].append(time_commands(folder, each))
    report(f"verify, {IMAGES} images, s", ours)
    for name, seconds in others.items():
        report(f"{name}, one after the other, s", seconds)
        report(f"ratio {name} / verify", [a / b for a, b in zip(seconds, ours)])
    report("round trips of verify", trips)
    report("requests per image", requests)


if __name__ == "__main__":
    main()
