#!/usr/bin/env bash
# documenso-sdk reports a document that was sent as a failure.
#
# Expected: the service answers 200 to "distribute" (send the document to its
# signers), so the call returns, whatever new status the service may name.
# Seen with documenso-sdk 0.6.0: a status that this version does not list
# raises ResponseValidationError, although the answer was 200 and the document
# is out.
#     calls that the service carried out: 1
#     error: 'ResponseValidationError with status 200'
# Why it matters: a program that repeats failed calls sends the document again.
# Catch this error apart from the others, read its status_code and body, and
# treat it as done.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    documenso-sdk==0.6.0 \
    pydantic==2.14.4 \
    httpx==0.28.1

"$folder/venv/bin/python" -W ignore - <<'PY'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from documenso_sdk import Documenso, models


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


status = "PENDING"
calls = []


class Service(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        calls.append(self.path)
        document = {
            "visibility": "EVERYONE", "status": status, "source": "DOCUMENT", "id": 7,
            "externalId": None, "userId": 1, "authOptions": None, "formValues": None,
            "title": "Contract", "createdAt": "2026-01-01", "updatedAt": "2026-01-01",
            "completedAt": None, "deletedAt": None, "teamId": 1, "folderId": None,
            "useLegacyFieldInsertion": False, "envelopeId": "e7", "internalVersion": 1,
            "documentDataId": "d7", "templateId": None,
        }  # fmt: skip
        answer = json.dumps(document).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Service)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = Documenso(api_key="key", server_url=f"http://127.0.0.1:{server.server_port}")
try:
    expect("status that it knows", client.documents.distribute(document_id=7).status, "PENDING")
    calls.clear()
    status = "SCHEDULED"
    try:
        client.documents.distribute(document_id=7)
        seen = "no error"
    except models.ResponseValidationError as error:
        seen = f"{type(error).__name__} with status {error.status_code}"
finally:
    server.shutdown()
expect("calls that the service carried out", len(calls), 1)
expect("error", seen, "ResponseValidationError with status 200")
PY
