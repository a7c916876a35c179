"""The request that a sandbox receives, and the replies it gives, as values without an HTTP library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs

from esign_core.model.headers import Headers
from esign_core.model.strict_json import decode_json
from esign_core.providers.flow import Reply


def _upper(method: str) -> str:
    return method.upper()


def _without_query(url: str) -> str:
    # A query names people and tokens; neither belongs in a test report.
    return repr(url.partition("?")[0])


@attrs.frozen(kw_only=True)
class Request:
    """One HTTP request as a sandbox receives it; the sandbox answers it with a `Reply`."""

    method: str = attrs.field(converter=_upper)
    url: str = attrs.field(repr=_without_query)
    headers: Headers = attrs.field(factory=Headers, converter=Headers, repr=False)
    body: bytes = attrs.field(default=b"", repr=False)

    @property
    def host(self) -> str:
        """The host the client addressed, in lower case and without a port."""
        return urlsplit(self.url).hostname or ""

    @property
    def path(self) -> str:
        """The path of the address, percent signs decoded."""
        return unquote(urlsplit(self.url).path) or "/"

    @property
    def query(self) -> dict[str, str]:
        """The query of the address; of a name that is given twice the last value counts."""
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))

    def json(self) -> Any:
        """Decode the body strictly.

        Raises:
            ValueError: it is not one UTF-8 JSON value with unique keys.
        """
        return decode_json(self.body)


def json_reply(status: int, tree: Any, headers: Mapping[str, str] | None = None) -> Reply:
    """Return a reply that carries a JSON value."""
    body = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    return Reply(
        status=status,
        headers=Headers({"content-type": "application/json; charset=utf-8", **(headers or {})}),
        body=body,
    )


def text_reply(status: int, text: str) -> Reply:
    """Return a reply that carries plain text."""
    return binary_reply(status, text.encode("utf-8"), "text/plain; charset=utf-8")


def binary_reply(status: int, body: bytes, content_type: str) -> Reply:
    """Return a reply that carries the bytes of a file."""
    return Reply(status=status, headers=Headers({"content-type": content_type}), body=body)
