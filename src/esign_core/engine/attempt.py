"""One attempt at a call: the outcome it ended in, and the target that its files go to."""

from __future__ import annotations

import attrs

from esign_core.providers.flow import Reply


@attrs.frozen(kw_only=True)
class Failure:
    """Why an attempt brought no answer that can be used."""

    what: str
    sent: bool
    """False: it is proven that nothing of the call left."""
    final: bool = False
    """True: trying again would end the same."""
    unreadable: bool = False
    """True: an answer came, and it cannot be read."""
    status: int | None = None
    error: Exception | None = attrs.field(default=None, repr=False)
    """The local error that stopped it, ready to be raised."""


@attrs.frozen(kw_only=True)
class Outcome:
    """What became of one attempt."""

    reply: Reply | None = None
    failure: Failure | None = None
    bytes_sent: int = 0
    bytes_received: int = 0
    seconds: float = 0.0
