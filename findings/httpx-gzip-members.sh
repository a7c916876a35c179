#!/usr/bin/env bash
# httpx returns the first part of a compressed download as if it were whole.
#
# Expected: a gzip body may consist of several members, one after the other,
# and every reader puts their contents together (RFC 1952, section 2.2;
# Python's gzip.decompress does so).
# Seen with httpx 0.28.1: the answer has status 200 and its whole length
# arrives, yet content holds the first member only, and no error is raised.
#     bytes that Python's gzip reads: 80000
#     status: 200
#     bytes in response.content: 40000
# Why it matters: a storage service that compresses a file piece by piece sends
# such bodies. A signed contract is then saved cut in the middle. Compare what
# was read with what the service says of the file, or ask for no compression
# with the header "Accept-Encoding: identity".
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    httpx==0.28.1

"$folder/venv/bin/python" -W ignore - <<'PY'
import gzip
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


DOCUMENT = b"%PDF-1.7\n".ljust(80000, b"x")
BODY = gzip.compress(DOCUMENT[:40000]) + gzip.compress(DOCUMENT[40000:])


class Storage(BaseHTTPRequestHandler):
    def do_GET(self):
        plain = self.headers.get("Accept-Encoding") == "identity"
        body = DOCUMENT if plain else BODY
        self.send_response(200)
        self.send_header("Content-Type", "application/pdf")
        self.send_header("Content-Length", str(len(body)))
        if not plain:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Storage)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/contract.pdf"
try:
    expect("bytes that Python's gzip reads", len(gzip.decompress(BODY)), 80000)
    response = httpx.get(address)
    expect("status", response.status_code, 200)
    expect("bytes in the body as sent", response.num_bytes_downloaded, len(BODY))
    expect("bytes in response.content", len(response.content), 40000)
    plain = httpx.get(address, headers={"Accept-Encoding": "identity"})
    expect("bytes without compression", len(plain.content), 80000)
finally:
    server.shutdown()
PY
