# SPDX-FileCopyrightText: 2026 invenio-cli-registry contributors.
# SPDX-License-Identifier: MIT

"""A registry on loopback that answers as it is told, and remembers what it was asked.

For what a real one cannot be made to do: Docker Hub's limits, Harbor's and GitLab's token
servers, Nexus' refused HEAD, redirects, bodies without end.
"""

import contextlib
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Callable, Mapping, NamedTuple

KIND = "application/vnd.oci.image.manifest.v1+json"
MANIFEST = json.dumps({"schemaVersion": 2, "config": {"digest": "sha256:" + "c" * 64}})
DIGEST = "sha256:" + hashlib.sha256(MANIFEST.encode()).hexdigest()


class Asked(NamedTuple):
    """One request as it came."""

    method: str
    path: str
    headers: dict
    body: bytes


class Reply(NamedTuple):
    """What is answered; ``write`` sends the body itself, with status 0 everything."""

    status: int = 200
    headers: Mapping = MappingProxyType({})
    body: bytes = b""
    write: Callable = None
    delay: float = 0.0


EXISTS = Reply(200, {"Docker-Content-Digest": DIGEST}, MANIFEST.encode())
MISSING = Reply(404, {}, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}')


class Server(ThreadingHTTPServer):
    """Answers with what a function returns."""

    daemon_threads = True
    #: Who comes when five are waiting would be let in after a second only.
    request_queue_size = 64

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.asked = []
        self.connections = 0
        self.host = f"127.0.0.1:{self.server_address[1]}"
        self.url = f"http://{self.host}"

    def methods(self):
        return [asked.method for asked in self.asked]

    def handle_error(self, request, client_address):
        pass  # Whoever hangs up is part of a test.


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        self.server.connections += 1
        super().setup()

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, dict(self.headers), body)
        self.server.asked.append(asked)
        reply = self.server.answer(asked)
        time.sleep(reply.delay)
        if reply.write and not reply.status:
            reply.write(self)
            return
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if not reply.write:
            self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command != "HEAD":
            (reply.write or (lambda it: it.wfile.write(reply.body)))(self)

    do_GET = do_HEAD = do_POST = handle_any

    def log_message(self, *args):
        pass


@contextlib.contextmanager
def serve(answer):
    """Run a registry; ``answer`` is a function, a reply, or one reply after the other."""
    replies = [answer] if isinstance(answer, Reply) else answer
    if not callable(replies):
        left = list(replies)
        answer = lambda asked: left.pop(0) if len(left) > 1 else left[0]  # noqa: E731
    server = Server(answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
