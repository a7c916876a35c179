"""What is secret or personal, and how a text hides it. Imports nothing of ours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "[hidden]"

_GUID = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
_DATE = r"\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_OBJECT_ID = r"\b[0-9a-f]{24}\b"

_PRIVATE = (
    r"\b(?:puk|prk)_[A-Za-z0-9_\-]+",
    r"(?i:\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=\-]{6,})",
    r"[^\s@<>\"'(),;:\[\]{}]+(?:@|%40)[^\s@<>\"'(),;:\[\]{}]+\.[^\s@<>\"'(),;:\[\]{}]+",
    r"https?://[^\s\"'<>]+",
    r"\+?\(?\d[\d .()/\-]{5,}\d",
    r"\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/[0-9A-Z]{4}-?\d{2}\b",
)

# Identifiers and dates are matched first and kept: they look like numbers, and a reader needs them.
_KEEP_OR_HIDE = re.compile(f"(?P<keep>{_GUID}|{_OBJECT_ID}|{_DATE})|(?P<hide>{'|'.join(_PRIVATE)})")

_ID_SEGMENT = re.compile(r"^(?=.*[0-9A-Z])[0-9A-Za-z\-]{9,}$")


def mask(text: str, values: Iterable[str] = ()) -> str:
    """Return the text without the given values and without anything that looks secret or personal."""
    for value in sorted({value for value in values if value}, key=len, reverse=True):
        for spelling in _spellings(value):
            text = re.sub(_whole(spelling), MASK, text, flags=re.IGNORECASE)
    return _KEEP_OR_HIDE.sub(lambda found: found["keep"] or MASK, text)


def _spellings(value: str) -> set[str]:
    stripped = value.strip()
    escaped = json.dumps(stripped)[1:-1]
    digits = re.sub(r"\D", "", stripped)
    spellings = {stripped, escaped, quote(stripped, safe=""), quote_plus(stripped, safe="")}
    if len(digits) >= 4 and not re.search(r"[A-Za-z]", stripped):
        spellings.add(digits)
    return {spelling for spelling in spellings if spelling}


def _whole(spelling: str) -> str:
    # A short value inside a longer word is a coincidence; a long one is a leak wherever it stands.
    pattern = re.escape(spelling)
    return rf"(?<!\w){pattern}(?!\w)" if len(spelling) < 8 else pattern


def route(path: str) -> str:
    """Return a path with its identifiers replaced by `{id}`, fit for logs and metrics."""
    bare = path.split("?", 1)[0]
    return "/".join("{id}" if _ID_SEGMENT.match(part) else part for part in bare.split("/"))
