"""Helpers for reading webhooks: comparing secrets and naming repeated deliveries."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable


def same_secret(given: str | bytes, accepted: Iterable[str]) -> bool:
    """Compare a header's value with every accepted secret, in a time that says nothing about any of them.

    A secret's UTF-8 bytes are compared with the header's bytes, whichever way the server decoded them: as Latin-1
    (PEP 3333, ASGI), as UTF-8, or with surrogate escapes.
    """
    digests = [hashlib.sha256(raw).digest() for raw in _bytes(given)]
    # A list, not a generator: every secret is compared, also after a match.
    return any([hmac.compare_digest(digest, _digest(secret)) for secret in accepted for digest in digests])  # noqa: C419 - every secret is tried, so that time says nothing


def _bytes(given: str | bytes) -> tuple[bytes, bytes]:
    """Return the bytes that a server may have received: its text in UTF-8, and in Latin-1 where that fits."""
    if isinstance(given, bytes):
        return given, given
    errors = "surrogateescape" if any("\udc80" <= letter <= "\udcff" for letter in given) else "surrogatepass"
    try:
        utf8 = given.encode("utf-8", errors)
    except UnicodeEncodeError:
        utf8 = given.encode("utf-8", "surrogatepass")
    try:
        return utf8, given.encode("latin-1")
    except UnicodeEncodeError:
        return utf8, utf8


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def dedupe_key(*parts: str | None) -> str:
    """Return a key that is the same for the same parts; an absent part differs from an empty one."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
