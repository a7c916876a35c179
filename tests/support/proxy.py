"""Serve as an HTTP proxy on a loopback address, and note what clients ask of it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from urllib.parse import urlsplit


class Proxy:
    """Opens tunnels to one address, whichever host is asked for, or refuses them."""

    def __init__(self, target: str, *, refusal: bytes = b"", context: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        """The head of each request to the proxy."""
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 0)
        self._refusal = refusal
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """End the listener, and wait for every tunnel."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, plain: socket.socket) -> None:
        plain.settimeout(10)
        with plain, contextlib.suppress(OSError):
            client = plain if self._context is None else self._context.wrap_socket(plain, server_side=True)
            with client:
                head = b""
                while b"\r\n\r\n" not in head:
                    step = client.recv(65536)
                    if not step:
                        return
                    head += step
                self.asked.append(head.decode("latin-1"))
                if self._refusal:
                    client.sendall(self._refusal)
                    return
                with socket.create_connection(self._target, timeout=10) as server:
                    if head.startswith(b"CONNECT"):
                        client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    else:
                        server.sendall(head)
                    back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                    back.start()
                    _copy(client, server)
                    back.join(10)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError, ValueError):
        while step := source.recv(65536):
            target.sendall(step)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)
