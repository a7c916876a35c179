"""Provide an invented certificate, trusted by tests only, and sockets that speak TLS with it."""

from __future__ import annotations

import ssl
from pathlib import Path

CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBtDCCAVqgAwIBAgIUVBxfkiGdx1u/BWvrV15NBifdi/kwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKZXNpZ24gdGVzdDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEw
MTAwMDAwMFowFTETMBEGA1UEAwwKZXNpZ24gdGVzdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABGPzGC7jxg9crWXYuSoIyCH0q0T2gb0nCj8+cgsnPvgFKFpjA7PP
1HhnnWBYX2yJlYa6S6Z5oQTDsk+nMT7KV3OjgYUwgYIwQAYDVR0RBDkwN4IJbG9j
YWxob3N0ghBhcGkuYWNtZS5leGFtcGxlghJmaWxlcy5hY21lLmV4YW1wbGWHBH8A
AAEwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAoQwHQYDVR0OBBYEFF3p
qvb1lEbuG14uvW6+t4+UvHIiMAoGCCqGSM49BAMCA0gAMEUCIQCkRRKCeKN89JGh
pIvdIJDv7e5opyowx2M9vJ1kFLROAAIgFkaFHsz9EceJK5l9z2rMq9tIV7xZtUnc
GyKrXnzRk7w=
-----END CERTIFICATE-----
"""
"""For localhost, 127.0.0.1, api.acme.example and files.acme.example; self-signed, from 2020 to 2120."""

_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNgwv4y3nI660q/yD
ztMVqP06hKv8JXyOKcQwnZ84Q1+hRANCAARj8xgu48YPXK1l2LkqCMgh9KtE9oG9
Jwo/PnILJz74BShaYwOzz9R4Z51gWF9siZWGukumeaEEw7JPpzE+yldz
-----END PRIVATE KEY-----
"""


def certificate_file(folder: Path) -> Path:
    """Write the certificate into a folder, as a `ca_file`."""
    path = folder / "ca.pem"
    path.write_text(CERTIFICATE)
    return path


def server_context(folder: Path) -> ssl.SSLContext:
    """Return what makes a server's sockets speak TLS."""
    both = folder / "server.pem"
    both.write_text(_KEY + CERTIFICATE)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return context
