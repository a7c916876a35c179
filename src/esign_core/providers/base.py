"""Define the base class of providers: a value for one vendor, whose methods are flows.

A minimal provider has `authorize`, `owns` and the flows `create` and `get`; everything else has a working default.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from esign_core.accounts.settings import Settings as BaseSettings
from esign_core.model.documents import SignedFile
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import (
    AuthenticationError,
    ConflictError,
    EsignError,
    NotFoundError,
    Problem,
    RateLimitError,
    RefusedError,
    UnavailableError,
    UnsupportedError,
)
from esign_core.model.events import Delivery, Receipt
from esign_core.model.process import Process, TimelineEntry
from esign_core.model.resend import Resend, ResendReport
from esign_core.model.strict_json import UnreadableBodyError, decode_json
from esign_core.providers.capabilities import Capabilities, Feature
from esign_core.providers.flow import Call, Flow, Reply

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox

_LONGEST_MESSAGE = 2000
_MESSAGE_KEYS = ("message", "mensagem", "error_description", "detail", "title", "error")

_BY_STATUS: Mapping[int, type[EsignError]] = {
    401: AuthenticationError,
    403: AuthenticationError,
    404: NotFoundError,
    405: UnsupportedError,
    408: UnavailableError,
    409: ConflictError,
    410: NotFoundError,
    425: UnavailableError,
    429: RateLimitError,
}

_HINTS: Mapping[type[EsignError], str] = {
    AuthenticationError: "Look at the account's keys and at what they may do.",
    NotFoundError: "Look at the identifier, and whether the process belongs to this account.",
    ConflictError: "Read the process again to see where it stands.",
    RateLimitError: "Wait before the next call.",
    RefusedError: "Correct what the vendor names, then send it again.",
    UnsupportedError: "The vendor does not offer this under this address: look at base_url.",
    UnavailableError: "Try again later.",
}


class Provider(ABC):
    """One vendor, built from an account's settings: `cls(settings)`.

    Class attributes:
        name: the entry point's name.
        Settings: the class of this vendor's settings, derived from `esign_core.Settings`.
        capabilities: the features that this vendor supports.
        needs_page_sizes: True if a box is sent relative to the size of its page.
    """

    name: ClassVar[str]
    Settings: ClassVar[type[BaseSettings]] = BaseSettings
    capabilities: ClassVar[Capabilities] = Capabilities(features=())
    needs_page_sizes: ClassVar[bool] = False

    def __init__(self, settings: Any) -> None:
        self.settings = settings

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    @abstractmethod
    def authorize(self, call: Call) -> Call:
        """Return the call with the account's credentials; never called for an anonymous call."""

    @abstractmethod
    def owns(self, process_id: str) -> bool:
        """Tell whether an id has the form of this vendor's ids."""

    @abstractmethod
    def create(self, draft: ProcessDraft, now: datetime) -> Flow[Process]:
        """Create a process and send it."""

    @abstractmethod
    def get(self, process_id: str, now: datetime) -> Flow[Process]:
        """Read a process."""

    def check(self, draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
        """Return what this vendor does not support; the draft is well-formed, `now` is aware and in UTC."""
        del now
        return self.capabilities.missing(draft)

    def notes(self, draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
        """Return what a caller should know about a draft that can be sent: notes (`Problem.note` is True)."""
        del draft, now
        return ()

    def error(self, call: Call, reply: Reply) -> EsignError:
        """Return the error for a reply of 400 or more from the vendor's own address, for any call.

        An error with `definite` set to True is raised as it is, also after a call with an effect: the reply says that
        the vendor refused and that nothing happened. Without it, the status decides. The `advice` of an
        `OutcomeUnknownError` returned here is used where the outcome is unknown.
        """
        del call
        return error_by_status(reply)

    def resend(self, process_id: str, resend: Resend, now: datetime, known: Process | None) -> Flow[ResendReport]:
        """Ask the signers who have not signed again; `known` is the process, if the caller gave it."""
        del process_id, resend, now, known
        return self._unsupported("resend a process")

    def cancel(self, process_id: str, reason: str, requested_by: str | None, known: Process | None) -> Flow[Process]:
        """Cancel a process."""
        del process_id, reason, requested_by, known
        return self._unsupported("cancel a process")

    def download(self, process_id: str, known: Process | None) -> Flow[tuple[SignedFile, ...]]:
        """Fetch the files of a finished process.

        A provider with `Feature.AUDIT_RECORD` takes a further keyword, `audit: bool = False`; it is given as True where
        the caller wants the audit record too.
        """
        del process_id, known
        return self._unsupported("download the files of a process")

    def timeline(self, process_id: str) -> Flow[tuple[TimelineEntry, ...]]:
        """Read the history of a process."""
        del process_id
        return self._unsupported("read the history of a process", Feature.TIMELINE)

    def receive(self, delivery: Delivery) -> Receipt:
        """Verify and read a webhook; never raises because of a delivery's contents.

        Raises:
            ConfigError: the account has no secret to verify it with.
        """
        del delivery
        raise UnsupportedError("This provider cannot read webhooks.", hint="Read the process with client.get instead.")

    def _unsupported(self, what: str, feature: Feature | None = None) -> Flow[Any]:
        yield from ()
        hint = self.capabilities.hints.get(feature) if feature else None
        raise UnsupportedError(
            f"This provider cannot {what}.", hint=hint or "Use the vendor's own interface, or client.call."
        )

    @classmethod
    def sandbox(cls, settings: Any) -> Sandbox:
        """Return this vendor's sandbox; the provider is then built with its `.settings`."""
        del settings
        raise UnsupportedError("This provider does not have a sandbox.", hint="Give the account another environment.")


def vendor_message(reply: Reply) -> str | None:
    """Return what an error's body says: a JSON text, a member of a JSON object, or plain text."""
    try:
        tree = decode_json(reply.body)
    except UnreadableBodyError:
        text = reply.text.strip()
        return text[:_LONGEST_MESSAGE] or None if not text.startswith("<") else None
    if isinstance(tree, dict):
        folded = {str(key).lower(): value for key, value in tree.items()}
        tree = next((folded[key] for key in _MESSAGE_KEYS if folded.get(key)), None)
        if isinstance(tree, dict):
            tree = tree.get("message")
    if isinstance(tree, list):
        tree = "; ".join(str(item) for item in tree if isinstance(item, str))
    return tree[:_LONGEST_MESSAGE] if isinstance(tree, str) and tree.strip() else None


def error_by_status(
    reply: Reply, *, kind: type[EsignError] | None = None, vendor_code: str | None = None
) -> EsignError:
    """Return the error a reply means, by its HTTP status unless a kind is given."""
    by_status = UnavailableError if reply.status >= 500 else _BY_STATUS.get(reply.status, RefusedError)
    chosen = kind or by_status
    return chosen(
        status=reply.status, vendor_code=vendor_code, vendor_message=vendor_message(reply), hint=_HINTS.get(chosen)
    )
