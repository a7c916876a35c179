"""Define HTTP headers as a value: names are case-insensitive, and no repr shows the contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class Headers(Mapping[str, str]):
    """A read-only mapping of header names to values; names are compared without regard to case (RFC 9110, 5.1)."""

    __slots__ = ("_pairs",)

    def __init__(self, given: Mapping[Any, Any] | Iterable[tuple[Any, Any]] | None = None) -> None:
        # `email.message.Message`, which `http.server` gives, is not a Mapping and has `items`.
        items = getattr(given, "items", None)
        pairs = items() if callable(items) else given or ()
        wsgi = isinstance(given, Mapping) and "wsgi.input" in given
        self._pairs: dict[str, tuple[str, str]] = {}
        found: dict[str, tuple[str, list[str]]] = {}
        for raw_name, raw_value in pairs:
            name = _wsgi_name(_text(raw_name)) if wsgi else _text(raw_name)
            if name or not wsgi:
                found.setdefault(name.lower(), (name, []))[1].extend(_values(raw_value))
        for lowered, (name, values) in found.items():
            self._pairs[lowered] = (name, ", ".join(values))

    def __getitem__(self, name: str) -> str:
        return self._pairs[name.lower()][1]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._pairs

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._pairs.values())

    def __len__(self) -> int:
        return len(self._pairs)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return self._folded() == (other if isinstance(other, Headers) else Headers(other))._folded()

    def __hash__(self) -> int:
        return hash(frozenset(self._folded().items()))

    def __repr__(self) -> str:
        return f"Headers({', '.join(sorted(self._pairs))})"

    def _folded(self) -> dict[str, str]:
        return {name: value for name, (_, value) in self._pairs.items()}


def _values(given: Any) -> Iterator[str]:
    """Yield the texts of one value, which may be a list: a header may come several times."""
    if isinstance(given, (list, tuple)):
        yield from map(_text, given)
    else:
        yield _text(given)


def _text(given: Any) -> str:
    if isinstance(given, (bytes, bytearray)):
        return given.decode("latin-1")
    if isinstance(given, (str, int, float)):
        return str(given)
    raise TypeError("a header must be a text")


def _wsgi_name(key: str) -> str:
    """Return the header of a key of WSGI's environment (PEP 3333); empty for its other keys."""
    if key.startswith("HTTP_"):
        return key.removeprefix("HTTP_").replace("_", "-").title()
    return key.replace("_", "-").title() if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else ""
