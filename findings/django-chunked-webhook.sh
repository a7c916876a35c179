#!/usr/bin/env bash
# Django on gunicorn reads a chunked webhook as empty and answers 200.
#
# Expected: a webhook whose body comes in chunks, without Content-Length, is
# read like any other (RFC 9112, section 7.1), or is refused.
# Seen with Django 5.2.19 on gunicorn 27.0.1 (WSGI): request.body is empty, no
# error is raised and the view answers 200.
#     status and bytes read of a plain body: (200, 18)
#     status and bytes read of a chunked body: (200, 0)
# Why it matters: the sender takes 200 as delivered and does not repeat it, so
# the event that a contract was signed is lost. Answer 411 to a request without
# Content-Length, or serve the view by ASGI.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    django==5.2.19 \
    gunicorn==27.0.1
cat >"$folder/receiver.py" <<'PY'
from django.conf import settings

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="example")

from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

urlpatterns = [
    path("webhook", csrf_exempt(lambda request: HttpResponse(str(len(request.body)))))
]
application = get_wsgi_application()
PY
PORT="$("$folder/venv/bin/python" -c \
    'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')"
export PORT
timeout 60 "$folder/venv/bin/gunicorn" --chdir "$folder" --log-level error \
    --bind "127.0.0.1:$PORT" receiver:application &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT

"$folder/venv/bin/python" -W ignore - <<'PY'
import http.client
import os
import time


def expect(what, seen, known):
    print(f"{what}: {seen!r}")
    if seen != known:
        raise SystemExit(f"CHANGED: {what} was {known!r}")


def post(body, **options):
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["PORT"]), timeout=10)
    connection.request("POST", "/webhook", body, **options)
    answer = connection.getresponse()
    return answer.status, int(answer.read())


EVENT = b'{"event":"signed"}'
for _ in range(100):  # the server takes a moment to start
    try:
        plain = post(EVENT)
        break
    except ConnectionRefusedError:
        time.sleep(0.2)
header = {"Transfer-Encoding": "chunked"}
chunked = post(iter([EVENT]), encode_chunked=True, headers=header)
expect("status and bytes read of a plain body", plain, (200, 18))
expect("status and bytes read of a chunked body", chunked, (200, 0))
PY
