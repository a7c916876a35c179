"""What a route of the ArqSign sandbox is given: state, time, dialect, settings of the sandbox, and the request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_arqsign.sandbox import messages
from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.dialect import Dialect
from esign_arqsign.sandbox.reading import Shape, Tree, an_id, read
from esign_arqsign.sandbox.refusals import MALFORMED, VendorError
from esign_arqsign.sandbox.rules_files import SIZE_LIMIT
from esign_core.providers.flow import Reply
from esign_core.sandbox import Request, State, json_reply


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

    def read(self, shape: Shape, *, many: bool = False) -> Any:
        """Read the request's body; what is no JSON is the server's error 500, as the manual says."""
        if not self.request.body.strip():
            raise VendorError(MALFORMED, messages.UNKNOWN_PARAMETER)
        try:
            raw = self.request.json()
        except ValueError:
            raise VendorError(500, messages.INTERNAL) from None
        return read(shape, raw, self.dialect, many=many)

    def read_nothing(self) -> None:
        """Read the body of a method that takes none: nothing, null or an empty object."""
        if not self.request.body.strip():
            return
        try:
            raw = self.request.json()
        except ValueError:
            raise VendorError(500, messages.INTERNAL) from None
        if raw not in (None, {}):
            raise VendorError(MALFORMED, messages.UNKNOWN_PARAMETER)

    def id(self, name: str) -> str:
        """Read an id of the address."""
        return an_id(self.params[name], name, self.dialect)

    def process(self) -> Tree:
        """Find the process the address names."""
        process = states.processes(self.state).get(self.id("idProcesso"))
        if process is None:
            raise VendorError(MALFORMED, messages.unknown_ids(["idProcesso"]))
        if process["deleted"]:
            raise VendorError(MALFORMED, messages.DELETED)
        return process


def ended(process: Tree) -> str | None:
    """Say why a process can be neither resent nor cancelled, if so."""
    said = {
        states.CREATED: messages.CREATED,
        states.CONCLUDED: messages.CONCLUDED,
        states.CANCELLED: messages.CANCELLED,
    }
    return said.get(process["status"])
