"""Identifiers a sandbox makes up: they look like the vendor's and are the same in every run."""

from __future__ import annotations

import hashlib
import uuid
from typing import Final

UPPER_ALPHANUMERIC: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HEXADECIMAL: Final = "0123456789abcdef"


def made_up(kind: str, number: int, *, alphabet: str = UPPER_ALPHANUMERIC, length: int = 10) -> str:
    """Make up the identifier of the given number; another kind or number gives another one."""
    rest = int.from_bytes(hashlib.sha256(f"{kind}:{number}".encode()).digest())
    letters: list[str] = []
    for _ in range(length):
        rest, letter = divmod(rest, len(alphabet))
        letters.append(alphabet[letter])
    return "".join(letters)


def made_up_guid(kind: str, number: int) -> str:
    """Make up a GUID of the given number."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://sandbox.invalid/{kind}/{number}"))
