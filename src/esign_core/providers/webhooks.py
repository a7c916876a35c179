"""Helpers for reading webhooks: comparing secrets and naming repeated deliveries."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable


def same_secret(given: str | bytes, accepted: Iterable[str]) -> bool:
    """Compare with every accepted secret, in a time that tells nothing about any of them."""
    digest = _digest(given)
    # A list, not a generator: every secret is compared whatever the first says.
    return any([hmac.compare_digest(digest, _digest(secret)) for secret in accepted])  # noqa: C419 - every secret is tried, so that time tells nothing


def _digest(value: str | bytes) -> bytes:
    raw = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return hashlib.sha256(raw).digest()


def dedupe_key(*parts: str | None) -> str:
    """Return a key that is the same for the same parts; an absent part differs from an empty one."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
