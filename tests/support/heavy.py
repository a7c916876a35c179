"""A vendor of heavy files, in a process of its own, which prints its port and serves.

`python -m tests.support.heavy`; below `/small` its files are small ones.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain

BLOCK = b"%PDF-1.7\n" + bytes(range(251)) * 783 + b"%%EOF\n"
"""A multiple of three bytes long, so that its Base64 can be repeated."""
HEAVY, SMALL = 306, 1
"""How often it is repeated: 60 MB and a little more, or once."""


def blocks(times: int, block: bytes = BLOCK) -> Iterator[bytes]:
    """Yield the content of a file."""
    return (block for _ in range(times))


def digest(times: int) -> str:
    """Return its SHA-256."""
    found = hashlib.sha256()
    for block in blocks(times):
        found.update(block)
    return found.hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Takes heavy bodies and gives heavy files, holding neither."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Take a creation with its document inside; below `/up`, name an address to put it to as well."""
        length, _, end = self._take()
        whole = length > self._size() * 4 // 3 and end.endswith(b'"}')
        upload = f"http://{self.headers['host']}{self.path.partition('/processes')[0]}/put"
        tree = {"id": "P1"} | ({"upload": upload} if self.path.startswith("/up") else {})
        self._give(200 if whole else 422, [json.dumps(tree).encode()])

    def do_PUT(self) -> None:
        """Take a document."""
        length, found, _ = self._take()
        self._give(200 if (length, found) == (self._size(), digest(self._times())) else 422, [b"{}"])

    def do_GET(self) -> None:
        """Give the file, as it is or inside JSON."""
        if self.path.endswith("/file"):
            self._give(200, blocks(self._times()), self._size())
            return
        before, after = b'{"name": "x", "Base64": "', b'"}'
        inside = chain([before], blocks(self._times(), base64.b64encode(BLOCK)), [after])
        self._give(200, inside, len(before) + self._size() * 4 // 3 + len(after))

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _times(self) -> int:
        return SMALL if "/small" in self.path else HEAVY

    def _size(self) -> int:
        return len(BLOCK) * self._times()

    def _take(self) -> tuple[int, str, bytes]:
        length = left = int(self.headers["content-length"])
        found, step = hashlib.sha256(), b""
        while left:
            step = self.rfile.read(min(left, 65536))
            left -= len(step)
            found.update(step)
        return length, found.hexdigest(), step

    def _give(self, status: int, steps: Iterator[bytes] | list[bytes], length: int | None = None) -> None:
        due = sum(map(len, steps)) if length is None else length
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(due))
        self.end_headers()
        for step in steps:
            self.wfile.write(step)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
