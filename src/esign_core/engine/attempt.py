"""One attempt at a call: what is seen of it while it runs, the outcome it ends in, and where its files go."""

from __future__ import annotations

from typing import Protocol

import attrs

from esign_core.model.documents import SignedFile
from esign_core.providers.flow import Reply, Save


@attrs.define(kw_only=True)
class AttemptTrace:
    """What has been seen of an attempt so far; kept up to date while it runs, and readable after it was cancelled."""

    traced: bool = False
    """True: the HTTP library reported what it did."""
    headers_sent: bool = False
    """True: sending the request's headers was begun."""
    status: int | None = None
    bytes_sent: int = 0
    bytes_received: int = 0

    @property
    def may_have_been_sent(self) -> bool:
        """Tell whether it is not proven that nothing was sent."""
        return self.headers_sent or not self.traced


class DownloadFile(Protocol):
    """A file while it arrives."""

    @property
    def proves_end(self) -> bool:
        """Tell whether the content itself shows that its end is there."""

    def write(self, step: bytes) -> None:
        """Write the next bytes."""

    def finish(self) -> SignedFile:
        """Return the file, now whole."""

    def discard(self) -> None:
        """Close the file; what has arrived so far is not used."""


class DownloadTarget(Protocol):
    """Where the files of one operation go; all three methods may block."""

    def open(self, save: Save) -> DownloadFile:
        """Return a file to write to; a second attempt at the same file starts from the beginning."""

    def commit(self) -> None:
        """Let the files appear, all together."""

    def rollback(self) -> None:
        """Remove what was not committed."""


@attrs.frozen(kw_only=True)
class Failure:
    """Why an attempt brought no usable answer."""

    what: str
    sent: bool
    """False: it is proven that nothing of the call was sent."""
    final: bool = False
    """True: another attempt would end the same."""
    unreadable: bool = False
    """True: an answer came, and it cannot be read."""
    status: int | None = None
    error: Exception | None = attrs.field(default=None, repr=False)
    """The local error that stopped it, ready to be raised."""


@attrs.frozen(kw_only=True)
class Outcome:
    """The result of one attempt."""

    reply: Reply | None = None
    failure: Failure | None = None
    bytes_sent: int = 0
    bytes_received: int = 0
    seconds: float = 0.0
