"""Route a sandbox's requests: which handler a method and a path lead to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

import attrs

H = TypeVar("H")


@attrs.frozen(kw_only=True)
class Match(Generic[H]):
    """A route that fits, with the values its template names."""

    handler: H
    params: Mapping[str, str]


@attrs.frozen(kw_only=True)
class NoMatch:
    """No route fits; `allowed` holds the methods the path knows, and is empty where the path itself is unknown."""

    allowed: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class _Route(Generic[H]):
    method: str
    pattern: re.Pattern[str]
    handler: H


def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{(\w+)\}", template)
    # Every second piece is a name, because the split keeps what its group caught.
    return re.compile(
        "".join(f"(?P<{piece}>[^/]+)" if odd % 2 else re.escape(piece) for odd, piece in enumerate(pieces))
    )


class Router(Generic[H]):
    """Routes in the order in which they were added; the first that fits wins."""

    def __init__(self) -> None:
        self._routes: list[_Route[H]] = []

    def add(self, method: str, template: str, handler: H) -> None:
        """Register a handler for a method and a path template such as `/process/{id}/resend`."""
        self._routes.append(_Route(method=method.upper(), pattern=_pattern(template), handler=handler))

    def find(self, method: str, path: str) -> Match[H] | NoMatch:
        """Find the handler for a method and a path."""
        allowed: list[str] = []
        for route in self._routes:
            found = route.pattern.fullmatch(path)
            if found is None:
                continue
            if route.method == method.upper():
                return Match(handler=route.handler, params=found.groupdict())
            allowed.append(route.method)
        return NoMatch(allowed=tuple(dict.fromkeys(allowed)))
