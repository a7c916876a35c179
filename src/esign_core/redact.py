"""What is secret or personal, and how a text hides it. Imports nothing of ours."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

MASK = "[hidden]"

_GUID = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
_DAY = r"\b(?:19|20)\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_DATE = rf"{_DAY}(?:[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:\.\d+)?)?(?:Z|[+-]\d{{2}}:?\d{{2}})?)?(?![-\d])"
_OBJECT_ID = r"\b[0-9a-f]{24}\b"

_PRIVATE = (
    r"\b(?:puk|prk)_[A-Za-z0-9_\-]+",
    r"(?i:\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=\-]{6,})",
    r"(?:\[hidden\])?[^\s@<>\"'(),;:\[\]{}]*(?:@|%40)[^\s@<>\"'(),;:\[\]{}]+\.[^\s@<>\"'(),;:\[\]{}]+",
    r"(?i:https?)://[^\s\"'<>]+",
    r"\+?\(?\d[\d .()/\-]{5,}\d",
    r"\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/[0-9A-Z]{4}-?\d{2}\b",
)

# Identifiers and dates are matched first and kept: they look like numbers, and a reader needs them.
_KEEP_OR_HIDE = re.compile(f"(?P<keep>{_GUID}|{_OBJECT_ID}|{_DATE})|(?P<hide>{'|'.join(_PRIVATE)})")

_ID_SEGMENT = re.compile(r"^(?=.*[0-9A-Z])[0-9A-Za-z\-]{9,}$")

# What may stand before a short value without being part of its word: an escape, or a percent sign's two digits.
_BEFORE = r"(?:(?<![^\W_])|(?<=\\[bfnrt])|(?<=\\u[0-9a-f]{4})|(?<=%[0-9a-f]{2}))"
_AFTER = r"(?![^\W_])"
_SEPARATORS = r"[\s.()/\-]*"
_BLANKS = r"(?:\s|\+|%[0-9a-f]{2}|\\[nrt]|\\u[0-9a-f]{4}|&\w+;)+"
_LONGEST_NUMBER = 40
_LONGEST_VALUE = 400


def mask(text: str, values: Iterable[str] = ()) -> str:
    """Return the text without the given values and without anything that looks secret or personal."""
    for value in sorted({value for value in values if value}, key=len, reverse=True):
        for pattern in _patterns(value.strip()):
            text = re.sub(pattern, MASK, text, flags=re.IGNORECASE)
    return _KEEP_OR_HIDE.sub(lambda found: found["keep"] or MASK, text)


def _patterns(value: str) -> list[str]:
    forms = sorted({value, unicodedata.normalize("NFC", value)} - {""})
    return [pattern for form in forms for pattern in (_whole(form), *_numbers(form))]


def _whole(value: str) -> str:
    if len(value) > _LONGEST_VALUE:
        return re.escape(value)
    pattern = _BLANKS.join("".join(map(_letter, word)) for word in value.split())
    # A short value inside a longer word is a coincidence; a long one is a leak wherever it stands.
    return f"{_BEFORE}{pattern}{_AFTER}" if len(value) < 8 else pattern


def _letter(letter: str) -> str:
    """Return the pattern of one letter: itself, or as JSON, HTML or an address would escape it."""
    if letter.isascii() and letter.isalnum():
        return letter
    spellings = {
        letter,
        letter.upper(),
        # Systems that know no accents drop them.
        unicodedata.normalize("NFD", letter)[:1],
        unicodedata.normalize("NFD", letter),
        json.dumps(letter)[1:-1],
        html.escape(letter),
        f"&#{ord(letter)};",
        quote(letter, safe="", errors="surrogatepass"),
    }
    return f"(?:{'|'.join(map(re.escape, sorted(spellings, key=len, reverse=True)))})"


def _numbers(value: str) -> list[str]:
    """Return the pattern of a value that is mostly a number, however its parts are set off: `1.234-5`, `12345`."""
    compact = re.sub(r"[\W_]", "", value)
    if "@" in value or len(compact) > _LONGEST_NUMBER or sum(letter.isdigit() for letter in compact) < 4:
        return []
    return [_BEFORE + _SEPARATORS.join(map(re.escape, compact)) + _AFTER]


def route(path: str) -> str:
    """Return a path with `{id}` for its identifiers and for whatever looks personal, fit for logs and metrics."""
    return "/".join("{id}" if _tells(part) else part for part in path.split("?", 1)[0].split("/"))


def _tells(part: str) -> bool:
    return "%" in part or _ID_SEGMENT.match(part) is not None or mask(part) != part
