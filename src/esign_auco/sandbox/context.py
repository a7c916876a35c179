"""What a handler of the Auco sandbox is given, and the error by which it refuses a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs

from esign_auco.settings import AucoSettings
from esign_core.sandbox import Reply, Request, State


class VendorError(Exception):
    """The vendor's no: an HTTP status and the vendor's code, or a text where no code is documented."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@attrs.frozen(kw_only=True)
class Context:
    """The request, the moment, the account and the state that a handler works with."""

    state: State
    settings: AucoSettings
    now: datetime
    request: Request = attrs.field(factory=lambda: Request(method="GET", url="https://auco-sandbox.invalid/"))
    params: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def classic(self) -> bool:
        """Return whether the account uses the older dialect of the vendor's texts."""
        return str(self.settings.dialect) == "classic"

    def body(self) -> dict[str, Any]:
        """Return the request's JSON object."""
        if not self.request.headers.get("content-type", "").lower().startswith("application/json"):
            raise VendorError("The body must be sent as application/json")
        try:
            body = self.request.json()
        except ValueError as error:
            raise VendorError("The body is not valid JSON") from error
        if not isinstance(body, dict):
            raise VendorError("The body must be an object")
        return body

    def query(self, *known: str) -> dict[str, str]:
        """Return the query; other names than these are refused."""
        query = self.request.query
        for name, value in query.items():
            if name not in known:
                raise VendorError(f'"{name}" is not allowed')
            if not value:
                raise VendorError(f'"{name}" is not allowed to be empty')
        return query


Handler = Callable[[Context], Reply]
