"""A visit at the Auco sandbox's desk: the request, the moment, the account; and how a visitor is turned away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import attrs

from esign_auco.settings import AucoSettings
from esign_core.providers.flow import Reply
from esign_core.sandbox import Request, State

OK = {"message": "OK"}


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """The vendor's no: an HTTP status and the vendor's code, or a text where no code is documented."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@attrs.frozen(kw_only=True)
class Visit:
    """Everything a handler may look at."""

    state: State
    settings: AucoSettings
    now: datetime
    request: Request = attrs.field(factory=lambda: Request(method="GET", url="https://auco-sandbox.invalid/"))
    params: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def classic(self) -> bool:
        """Tell whether the account speaks the older dialect of the vendor's texts."""
        return str(self.settings.dialect) == "classic"

    def body(self) -> dict[str, Any]:
        """Give the request's JSON object."""
        if not self.request.headers.get("content-type", "").lower().startswith("application/json"):
            raise Refusal("The body must be sent as application/json")
        try:
            body = self.request.json()
        except ValueError as error:
            raise Refusal("The body is no valid JSON") from error
        if not isinstance(body, dict):
            raise Refusal("The body must be an object")
        return body

    def query(self, *known: str) -> dict[str, str]:
        """Give the query, in which nothing but these names may stand."""
        query = self.request.query
        for name, value in query.items():
            if name not in known:
                raise Refusal(f'"{name}" is not allowed')
            if not value:
                raise Refusal(f'"{name}" is not allowed to be empty')
        return query


Handler = Callable[[Visit], Reply]
