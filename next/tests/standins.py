# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A container engine that has nothing but a version, and a docker that only takes notes."""

from __future__ import annotations

import contextlib
import json
import socketserver
import tempfile
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Iterator

#: Answers to ``docker compose version`` and ``docker-compose --version`` alike.
_DOCKER = """\
#!/bin/sh
echo "${0##*/} $*" >> "$DOCKER_CALLS"
echo "Docker Compose version v2.29.7"
"""
_VERSION = json.dumps({"Version": "27.0.0", "ApiVersion": "1.44"}).encode()


class _Engine(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(_VERSION)))
        self.end_headers()
        self.wfile.write(_VERSION)

    def log_message(self, *args):
        """Say nothing: the address of a socket of this kind is no pair, either."""


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


@contextlib.contextmanager
def serve_engine() -> Iterator[str]:
    """Answer as an engine until the end of the block, and give its DOCKER_HOST."""
    # A path of pytest may be longer than the 108 bytes that a socket's may have.
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/engine"
        with _Server(path, _Engine) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"unix://{path}"
            server.shutdown()


def write_docker(folder: Path) -> None:
    """Put ``docker`` and ``docker-compose`` there: the older hosts call the second."""
    for name in ("docker", "docker-compose"):
        path = folder / name
        path.write_text(_DOCKER)
        path.chmod(0o755)
