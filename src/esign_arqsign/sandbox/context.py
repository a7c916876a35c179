"""What a route of the ArqSign sandbox is given, and how it refuses: problems are collected and answered at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import attrs

from esign_arqsign.sandbox import messages
from esign_arqsign.sandbox.dialect import Dialect
from esign_core.sandbox import Reply, Request, State, json_reply, text_reply

MALFORMED: Final = 400
UNPROCESSABLE: Final = 422
SIZE_LIMIT: Final = 100 * 1024 * 1024


@attrs.frozen(kw_only=True)
class Context:
    """One moment of the sandbox inside one transaction, and the request that a route answers."""

    state: State
    now: datetime
    dialect: Dialect
    link_life: timedelta
    request: Request = attrs.field(factory=lambda: Request(method="GET", url="https://arqsign-sandbox.invalid/"))
    params: Mapping[str, str] = attrs.field(factory=dict)
    size_limit: int = SIZE_LIMIT
    fetch: Callable[[str], bytes | None] = attrs.field(default=lambda _: None, repr=False)

    def answer(self, tree: Any, status: int = 200) -> Reply:
        """Answer with a JSON value in the dialect's spelling."""
        return json_reply(status, self.dialect.spelled(tree))


class VendorError(Exception):
    """The error by which the vendor refuses a request, with everything that is wrong with it."""

    def __init__(self, status: int, *said: str) -> None:
        super().__init__(status)
        self.status = status
        self.said = said


class Problems:
    """What is wrong with a request, in the order in which it was found."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []

    def add(self, status: int, message: str) -> None:
        """Note a problem; the same sentence is noted once."""
        if all(message != known for _, known in self._found):
            self._found.append((status, message))

    def extend(self, found: Iterable[tuple[int, str]]) -> None:
        """Note several problems."""
        for status, message in found:
            self.add(status, message)

    def settle(self) -> None:
        """Refuse if anything is wrong; what cannot be understood outweighs what breaks a rule."""
        if self._found:
            status = min(status for status, _ in self._found)
            raise VendorError(status, *(message for _, message in self._found))


def refusal(dialect: Dialect, status: int, said: tuple[str, ...], *, pictured: bool) -> Reply:
    """Write a refusal in the dialect; `pictured` methods show bare strings in the manual's pictures."""
    text = joined(said)
    shape = dialect.errors
    if shape == "documented":
        shape = "string" if pictured or status in (401, 404) else "object"
    if shape == "text":
        return text_reply(status, text)
    if shape == "string":
        return json_reply(status, text)
    return json_reply(status, dialect.spelled({"codigo": status, "mensagem": text}))


def joined(said: tuple[str, ...]) -> str:
    """Put several messages into one text; a single one stays as it is."""
    if not said:
        return messages.INTERNAL
    *first, last = said
    return " ".join([*(one if one.endswith((".", "”")) else f"{one}." for one in first), last])
