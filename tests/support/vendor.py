"""Serve HTTP on a loopback address and answer as a test says: well, badly, late, partly or not at all."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

import attrs

Answer = bytes | Callable[["Vendor", socket.socket], object]
"""Bytes, or what writes them; if that returns True, the connection is kept."""


@attrs.frozen
class Heard:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    whole: bool
    """False: it ended before its announced length."""
    connection: int = 0
    """The number of the connection that it came on."""

    def json(self) -> Any:
        """Return its body as JSON."""
        return json.loads(self.body)


def answer(body: bytes | Any = b"", status: int = 200, **headers: str) -> bytes:
    """Return a whole HTTP answer; anything but bytes is written as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"content-type": "application/json", "content-length": str(len(raw)), "connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + raw


FINE = answer({"id": "P1"})
KEPT = answer({"id": "P1"}, connection="keep-alive")


def stalled(begun: bytes = b"") -> Answer:
    """Return an answer that begins and then sends nothing more until the vendor is closed."""

    def stall(vendor: Vendor, connection: socket.socket) -> None:
        connection.sendall(begun)
        vendor.stalling.set()
        vendor.closing.wait(10)

    return stall


def reset(vendor: Vendor, connection: socket.socket) -> None:
    """Reset the connection."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Vendor:
    """Answers each request with the next of its answers, or with `FINE` when it has none left."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answers: list[Answer] = []
        self.keeping = False
        """True: connections are kept after answers that say so; False: each is closed in any case."""
        self.deaf = False
        """True: answers as soon as the headers have arrived, without reading the body."""
        self.on_headers: Callable[[], object] = lambda: None
        """Called when the headers of a request have arrived and its body has not been read."""
        self.closing = threading.Event()
        self.stalling = threading.Event()
        self.connections = 0
        """How many connections have been accepted."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        # Little is on its way at a time, so that what is sent waits for what is read.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        self.origin = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        """Where it listens."""
        self._threads: list[threading.Thread] = []
        self._open: list[socket.socket] = []
        self._start(self._accept)

    def say(self, *answers: Answer) -> None:
        """Set what the next requests are answered with."""
        self.answers[:] = answers
        self.heard.clear()

    def settle(self) -> None:
        """Wait until every connection so far has been closed from this end."""
        for thread in self._threads[1:]:
            thread.join(10)

    def close(self) -> None:
        """End every connection and wait for them."""
        self.closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            # One that is kept waits for its next request.
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RD)
        for thread in self._threads:
            thread.join(10)

    def _start(self, work: Callable[..., None], *args: Any) -> None:
        thread = threading.Thread(target=work, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection = self._listener.accept()[0]
                self.connections += 1
                self._open.append(connection)
                self._start(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(10)
            while self._exchange(connection, number):
                pass

    def _exchange(self, connection: socket.socket, number: int) -> bool:
        """Answer one request; return whether the connection stays open."""
        heard = self._hear(connection, number)
        if heard is None:
            return False
        self.heard.append(heard)
        said = self.answers.pop(0) if self.answers else FINE
        if callable(said):
            return said(self, connection) is True
        connection.sendall(said)
        return self.keeping and b"connection: keep-alive" in said.partition(b"\r\n\r\n")[0]

    def _hear(self, connection: socket.socket, number: int) -> Heard | None:
        raw = b""
        while b"\r\n\r\n" not in raw:
            step = connection.recv(65536)
            if not step:
                return None
            raw += step
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        due = int(headers.get("content-length", "0"))
        self.on_headers()
        with contextlib.suppress(ConnectionError):
            while len(body) < due and not self.deaf:
                step = connection.recv(65536)
                if not step:
                    break
                body += step
        method, path, _ = first.split(" ")
        return Heard(method, path, headers, body, len(body) >= due, number)
