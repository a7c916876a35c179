"""Find what a cassette must not contain: keys, real addresses, people's e-mails, phones and document numbers.

Numbers are judged by what is allowed, not by how they look: every run of seven digits or more that is no identifier, no
date and no moment is a finding unless it is one of the invented numbers that are named. Names of people are not found.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus, urlsplit

import attrs

__all__ = ["KEPT_HEADERS", "Leak", "exchange_leaks", "find_leaks"]

KEPT_HEADERS = frozenset({"accept", "content-type", "retry-after"})
"""The only headers kept in a cassette: they identify no person and carry no key."""

_EXAMPLES = ("example.com", "example.org", "example.net")
_INVENTED = (".example", ".invalid", ".test", ".localhost")

_KEYS = re.compile(
    r"\b(?:puk|prk|sk|pk|rk|whsec)_[A-Za-z0-9_\-]{4,}"
    r"|(?i:\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=\-]{6,})"
    r"|\beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}"
    r"|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
)
_KEY_NAMES = re.compile(
    r"(?i)^(?:.*[_\-.])?(?:authorization|(?:app|api|subscription|access|private|secret|ocp.*)[_\-]?key"
    r"|password|senha|secret|(?:(?:access|refresh|auth)[_\-]?)?token)$"
)
_EMAIL = re.compile(r"[^\s@<>\"'(),;:\\\[\]{}/?&=]+@((?:[\w-]+\.)+[\w-]{2,})")
_IP = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_NOBODYS_IPS = ("192.0.2.", "198.51.100.", "203.0.113.", "127.0.0.")
_ADDRESS = re.compile(r"https?://[^\s\"'<>\\]+")
# Identifiers and timestamps contain digits but are not personal numbers: removed before numbers are searched.
_NO_NUMBERS = re.compile(
    r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
    r"|(?<![0-9a-zA-Z])(?=[0-9a-fA-F]*[a-fA-F])[0-9a-fA-F]{24,}(?![0-9a-zA-Z])"
    r"|\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
    r"|\d{2}/\d{2}/\d{4}(?: \d{2}:\d{2}(?::\d{2})?)?"
    r"|\b\d{8}T\d{6}Z\b|\b\d{8}/[a-z0-9-]+/s3/aws4_request\b"
)
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\+?\d(?:[ .()/\-]{0,2}\d){6,}(?![0-9A-Za-z])")
_TAX_NUMBER = re.compile(r"\b[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}\b")
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]{80,}={0,2}")
_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"\(((?:\\.|[^\\()])*)\)\s*Tj")
# The moment until which an address holds, in seconds; elsewhere such a number could be a phone.
_EXPIRES = re.compile(r"(?i)\bexpires=\d{10}\b")


@attrs.frozen(kw_only=True)
class Leak:
    """One leak: what it is and where, without its text."""

    kind: str
    """`key`, `e-mail`, `number`, `address` or `header`."""
    where: str
    """For example `interaction 3, request body, people.0.email`."""

    def __str__(self) -> str:
        return f"{self.kind} in {self.where}"


def find_leaks(cassette: str, *, allowed: Collection[str] = ()) -> tuple[Leak, ...]:
    """Return everything in a cassette's text that must not be there.

    Args:
        cassette: the YAML that vcrpy writes.
        allowed: phones and document numbers of invented people, written in any way.
    """
    from vcr.serializers import yamlserializer  # type: ignore[import-untyped]  # vcrpy has no types

    tree = yamlserializer.deserialize(cassette)
    found: list[Leak] = []
    for number, exchange in enumerate(tree["interactions"], start=1):
        found += exchange_leaks(exchange, f"interaction {number}", allowed)
    return tuple(dict.fromkeys(found))


def exchange_leaks(exchange: Mapping[str, Any], where: str, allowed: Collection[str]) -> Iterator[Leak]:
    """Yield what must not be there in one request and its response, as vcrpy keeps them."""
    numbers = frozenset(re.sub(r"\W", "", number) for number in allowed)
    request, response = exchange["request"], exchange["response"]
    yield from _of_address(request["uri"], f"{where}, address", numbers)
    for part, message in (("request", request), ("response", response)):
        for name, values in (message.get("headers") or {}).items():
            if name.lower() not in KEPT_HEADERS:
                yield Leak(kind="header", where=f"{where}, {part} header {name.lower()}")
            for value in [values] if isinstance(values, str) else values:
                yield from _of_text(value, f"{where}, {part} header {name.lower()}", numbers)
    yield from _of_body(request.get("body"), f"{where}, request body", numbers)
    yield from _of_body((response.get("body") or {}).get("string"), f"{where}, response body", numbers)


def _of_body(body: str | bytes | None, where: str, allowed: frozenset[str]) -> Iterator[Leak]:
    raw = body.encode() if isinstance(body, str) else body or b""
    if b"%PDF-" in raw[:1024]:
        yield from _of_pdf(raw, where, allowed)
        return
    text = raw.decode("utf-8", "replace")
    try:
        tree = json.loads(text)
    except ValueError:
        yield from _of_text(text, where, allowed)
        return
    yield from _of_tree(tree, where, allowed)


def _of_tree(tree: Any, where: str, allowed: frozenset[str]) -> Iterator[Leak]:
    if isinstance(tree, dict | list):
        for name, part in tree.items() if isinstance(tree, dict) else enumerate(tree):
            place = f"{where}, {name}" if where.endswith("body") else f"{where}.{name}"
            if isinstance(part, str) and part and _KEY_NAMES.match(str(name)):
                yield Leak(kind="key", where=place)
            yield from _of_tree(part, place, allowed)
    elif isinstance(tree, str):
        yield from _of_leaf(tree, where, allowed)
    elif isinstance(tree, int) and not isinstance(tree, bool):
        yield from _of_text(str(tree), where, allowed)


def _of_leaf(text: str, where: str, allowed: frozenset[str]) -> Iterator[Leak]:
    if _BASE64.fullmatch(text.rpartition("base64,")[2]):
        try:
            yield from _of_body(base64.b64decode(text.rpartition("base64,")[2]), where, allowed)
            return
        except binascii.Error:
            pass
    yield from _of_text(text, where, allowed)


def _of_pdf(content: bytes, where: str, allowed: frozenset[str]) -> Iterator[Leak]:
    # The texts that a page draws as plain strings; fonts of real documents may hide theirs from this look.
    for stream in _STREAM.findall(content):
        try:
            drawn = zlib.decompress(stream)
        except zlib.error:
            drawn = stream
        for shown in _SHOWN.findall(drawn):
            yield from _of_text(shown.decode("cp1252", "replace"), f"{where}, text of a PDF", allowed)


def _of_text(text: str, where: str, allowed: frozenset[str]) -> Iterator[Leak]:
    if _KEYS.search(text):
        yield Leak(kind="key", where=where)
    if any(not _is_invented(domain) for domain in _EMAIL.findall(text)):
        yield Leak(kind="e-mail", where=where)
    for address in _ADDRESS.findall(text):
        yield from _of_address(address, where, allowed)
    if any(not found.startswith(_NOBODYS_IPS) for found in _IP.findall(text)):
        yield Leak(kind="address", where=where)
    if _numbers(_ADDRESS.sub(" ", text), allowed):
        yield Leak(kind="number", where=where)


def _of_address(address: str, where: str, allowed: frozenset[str]) -> Iterator[Leak]:
    parts = urlsplit(address)
    if not _is_invented(parts.hostname or ""):
        yield Leak(kind="address", where=where)
    query = _EXPIRES.sub(" ", parts.query).replace("&", " ")
    yield from _of_text(unquote_plus(f"{parts.path} {query}"), where, allowed)


def _is_invented(domain: str) -> bool:
    lowered = domain.lower().rstrip(".")
    return lowered.endswith(_INVENTED) or any(lowered == one or lowered.endswith(f".{one}") for one in _EXAMPLES)


def _numbers(text: str, allowed: frozenset[str]) -> list[str]:
    rest = _NO_NUMBERS.sub(" ", _IP.sub(" ", text))
    found = (re.sub(r"\W", "", number) for number in (*_NUMBER.findall(rest), *_TAX_NUMBER.findall(rest)))
    return [number for number in found if number not in allowed]
