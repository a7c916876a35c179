"""Prepare requests: address, headers, and a body in steps whose length is known before it is sent."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import attrs
import httpx

from esign_core.accounts.settings import is_loopback
from esign_core.http.addresses import NamedHostRule
from esign_core.http.network import refused_address
from esign_core.model.documents import Document
from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.model.fields import UNSET
from esign_core.providers.flow import Call, is_absolute

AGENT = "esign-python"
"""What the library calls itself to vendors."""

# RFC 9110, 5.1 and 5.5.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


@attrs.frozen(kw_only=True)
class PreparedRequest:
    """A call ready to be sent; the body is made in steps, and can be made again."""

    method: str
    url: str = attrs.field(repr=False)
    headers: dict[str, str] = attrs.field(repr=False)
    parts: tuple[bytes | Document, ...] = attrs.field(repr=False)
    inline: bool
    """True: documents among the parts are written as Base64; False: as they are."""

    @property
    def length(self) -> int:
        """How many bytes the body has."""
        return sum(len(part) if isinstance(part, bytes) else self._size(part) for part in self.parts)

    def steps(self) -> Iterator[bytes]:
        """Yield the body in steps."""
        for part in self.parts:
            if isinstance(part, bytes):
                yield part
            else:
                yield from part.base64_steps() if self.inline else part.steps()

    def _size(self, document: Document) -> int:
        return document.base64_size if self.inline else document.size or 0


def prepare(call: Call, base: str, file_hosts: tuple[str, ...] = ()) -> PreparedRequest:
    """Return a call ready to be sent to an account whose address is `base`.

    Raises:
        InvalidRequestError: its JSON holds something that JSON cannot express.
        ValueError: a header holds something that HTTP cannot carry.
        UnreadableReplyError: an answer named an address that must not be used.
    """
    parts, kind, inline = _parts(call)
    for part in parts:
        # Check files here, before connecting; changes after that are found while reading.
        if isinstance(part, Document):
            part.open().close()
    headers = {
        "accept": "*/*" if call.save and not call.save.member else "application/json",
        # The size of a compressed answer is not known before it is decoded; identity is asked for, others still read.
        "accept-encoding": "identity",
        "user-agent": AGENT,
    }
    url = address(call, base, file_hosts)
    prepared = PreparedRequest(method=call.method, url=url, headers=headers, parts=parts, inline=inline)
    if kind is not None:
        headers["content-type"] = kind
    if kind is not None or call.method in ("POST", "PUT", "PATCH"):
        headers["content-length"] = str(prepared.length)
    for name, value in call.headers.items():
        # Found here, because the HTTP library would find it only when it has begun to send.
        if not _HEADER_NAME.fullmatch(name) or _CONTROL.search(value):
            raise ValueError("a header that HTTP cannot carry")
        headers[name.lower()] = value
    return prepared


def address(call: Call, base: str, file_hosts: tuple[str, ...] = ()) -> str:
    """Return the whole address of a call, with its query.

    Raises:
        UnreadableReplyError: an answer named an address that must not be used.
    """
    if not is_absolute(call):
        query = urlencode(dict(call.query), quote_via=quote)
        return f"{base}{call.path}" + (f"?{query}" if query else "")
    if not call.anonymous or not _may_be_used(call.path, base, file_hosts):
        error = refused_address()
        error.process_id = call.process_id
        raise error
    return call.path


def host_of(url: str) -> str:
    """Return the host of an address."""
    return urlsplit(url).hostname or ""


def _may_be_used(url: str, base: str, file_hosts: tuple[str, ...]) -> bool:
    try:
        parts, own = urlsplit(url), urlsplit(base)
        port, own_port = parts.port, own.port
        # Two readers of one address must find the same host in it.
        read_alike = httpx.URL(url).host == parts.hostname
    except (ValueError, httpx.InvalidURL):
        return False
    if not parts.hostname or not read_alike or "@" in parts.netloc or not url.isprintable():
        return False
    if " " in url or "\\" in url or not NamedHostRule(own.hostname or "", file_hosts).allows_host(parts.hostname):
        return False
    same = (parts.scheme, parts.hostname, port) == (own.scheme, own.hostname, own_port)
    return parts.scheme == "https" or (same and is_loopback(own.hostname))


def _parts(call: Call) -> tuple[tuple[bytes | Document, ...], str | None, bool]:
    if call.content is not None:
        return (call.content,), "application/pdf" if call.content.is_pdf else "application/octet-stream", False
    if call.json is UNSET:
        return (), None, False
    return tuple(_json_parts(call.json)), "application/json", True


def _json_parts(tree: Any) -> Iterator[bytes | Document]:
    """Write the tree as JSON, with each document as a part of its own between two quotation marks."""
    found: list[Document] = []
    mark = f"document-{secrets.token_hex(16)}"

    def leaf(value: Any) -> str:
        if not isinstance(value, Document):
            msg = "not JSON"
            raise TypeError(msg)
        found.append(value)
        return mark

    try:
        text = json.dumps(tree, default=leaf, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError, RecursionError):
        text = None
    if text is None:
        problem = Problem(
            path="json", message="holds something that JSON cannot say", hint="give texts, numbers, lists"
        )
        raise InvalidRequestError(problems=[problem])
    pieces = text.split(mark.encode())
    for piece, document in zip(pieces, [*found, None], strict=True):
        yield piece
        if document is not None:
            yield document
