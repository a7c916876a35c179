"""HTTP headers as a value: case-insensitive to read, silent about their contents when printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any


class Headers(Mapping[str, str]):
    """A read-only mapping of header names to values; names are compared without regard to case (RFC 9110, 5.1)."""

    __slots__ = ("_pairs",)

    def __init__(self, given: Mapping[Any, Any] | Iterable[tuple[Any, Any]] | None = None) -> None:
        pairs = given.items() if isinstance(given, Mapping) else given or ()
        self._pairs: dict[str, tuple[str, str]] = {}
        for raw_name, raw_value in pairs:
            name, value = _text(raw_name), _text(raw_value)
            earlier = self._pairs.get(name.lower())
            self._pairs[name.lower()] = (name, f"{earlier[1]}, {value}" if earlier else value)

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


def _text(given: Any) -> str:
    return given.decode("latin-1") if isinstance(given, bytes) else str(given)
