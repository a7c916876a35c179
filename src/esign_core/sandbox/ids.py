"""Make identifiers for a sandbox: they look like the vendor's and depend on the seed, the kind and a number."""

from __future__ import annotations

import hashlib
import uuid
from typing import Final

UPPER_ALPHANUMERIC: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HEXADECIMAL: Final = "0123456789abcdef"


def make_id(kind: str, number: int, *, seed: str = "", alphabet: str = UPPER_ALPHANUMERIC, length: int = 10) -> str:
    """Return the identifier of the given number; another seed, kind or number gives another one."""
    rest = int.from_bytes(hashlib.sha256(f"{seed}:{kind}:{number}".encode()).digest())
    letters: list[str] = []
    for _ in range(length):
        rest, letter = divmod(rest, len(alphabet))
        letters.append(alphabet[letter])
    return "".join(letters)


def make_guid(kind: str, number: int, *, seed: str = "") -> str:
    """Return the GUID of the given number; another seed, kind or number gives another one."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://sandbox.invalid/{seed}/{kind}/{number}"))
