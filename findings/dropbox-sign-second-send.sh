#!/usr/bin/env bash
# dropbox-sign uploads an empty document when a request is sent again.
#
# Expected: sending the same request object a second time, after the service
# answered 503, uploads the same document.
# Seen with dropbox-sign 2.0.0: the open file was read to its end by the first
# call and is not put back to its start. The second call uploads a file of no
# bytes, gets its answer and raises nothing.
#     bytes of the document in each upload: [5000, 0]
# Why it matters: a retry sends people an empty document to sign, or the
# service refuses a file that was correct. Open the file, or build the request,
# again for each attempt.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    dropbox-sign==2.0.0

"$folder/venv/bin/python" -W ignore - <<'PY'
import email
import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from dropbox_sign import ApiClient, ApiException, Configuration, apis, models


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


uploads = []


class Service(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        kind = self.headers["Content-Type"].encode()
        form = email.message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + body)
        files = [part for part in form.get_payload() if part.get_filename()]
        uploads.append(sum(len(part.get_payload(decode=True)) for part in files))
        answer = json.dumps({"signature_request": {"signature_request_id": "r1"}}).encode()
        self.send_response(503 if len(uploads) == 1 else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
document = io.BytesIO(b"%PDF-1.7".ljust(5000, b"x"))
document.name = "contract.pdf"
request = models.SignatureRequestSendRequest(
    title="Contract",
    files=[document],
    signers=[
        models.SubSignatureRequestSigner(name="Ana Souza", email_address="ana@example.com")
    ],
)
host = f"http://127.0.0.1:{server.server_port}/v3"
statuses = []
try:
    with ApiClient(Configuration(username="key", host=host)) as client:
        for _ in range(2):
            try:
                apis.SignatureRequestApi(client).signature_request_send(request)
                statuses.append(200)
            except ApiException as error:
                statuses.append(error.status)
finally:
    server.shutdown()
expect("statuses", statuses, [503, 200])
expect("bytes of the document in each upload", uploads, [5000, 0])
PY
