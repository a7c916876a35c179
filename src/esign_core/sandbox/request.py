"""The sandbox's front door: a request in, an answer out, both as plain values that know no HTTP library."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import attrs


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _upper(method: str) -> str:
    return method.upper()


def _bare(url: str) -> str:
    # A query names people and tokens; neither belongs in a test report.
    return repr(url.partition("?")[0])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for key, value in pairs:
        if key in tree:
            raise ValueError("an object of the body has the same key twice")
        tree[key] = value
    return tree


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


@attrs.frozen(kw_only=True)
class Request:
    """What a client sent, as plain values."""

    method: str = attrs.field(converter=_upper)
    url: str = attrs.field(repr=_bare)
    headers: Mapping[str, str] = attrs.field(factory=dict, converter=_lowered, repr=False)
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
        """Read the body strictly; anything but one UTF-8 JSON value without repeated keys is a ValueError."""
        try:
            return json.loads(self.body.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
        except RecursionError as error:
            raise ValueError("the body is nested too deeply") from error


@attrs.frozen(kw_only=True)
class Answer:
    """What the vendor answers."""

    status: int
    headers: Mapping[str, str] = attrs.field(factory=dict, converter=_lowered, repr=False)
    body: bytes = attrs.field(default=b"", repr=False)

    @classmethod
    def json(cls, status: int, tree: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """Answer with a JSON value."""
        body = json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
        return cls(
            status=status, headers={"content-type": "application/json; charset=utf-8", **(headers or {})}, body=body
        )

    @classmethod
    def text(cls, status: int, text: str) -> Answer:
        """Answer with plain text."""
        return cls(status=status, headers={"content-type": "text/plain; charset=utf-8"}, body=text.encode("utf-8"))

    @classmethod
    def binary(cls, status: int, body: bytes, content_type: str) -> Answer:
        """Answer with the bytes of a file."""
        return cls(status=status, headers={"content-type": content_type}, body=body)
