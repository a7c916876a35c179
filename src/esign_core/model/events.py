"""Describe incoming webhooks: the raw delivery, its events, and the reply for its sender."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_core.model.fields import as_tuple
from esign_core.model.headers import Headers
from esign_core.model.process import ProcessDocument, Signer
from esign_core.model.status import Basis


class Authenticity(enum.Enum):
    """The proof of a delivery's sender."""

    BODY_SIGNED = "body_signed"
    """A signature covers the body: its facts can be trusted."""
    SENDER_ONLY = "sender_only"
    """The sender knew a shared value: a hint that asks for a read."""
    NONE = "none"


class EventKind(enum.Enum):
    """The kinds of events."""

    PROCESS_CREATED = "process.created"
    PROCESS_PREPARED = "process.prepared"
    PROCESS_SENT = "process.sent"
    PROCESS_APPROVAL_REQUESTED = "process.approval_requested"
    PROCESS_APPROVED = "process.approved"
    PROCESS_HELD = "process.held"
    PROCESS_RESUMED = "process.resumed"
    PROCESS_COMPLETED = "process.completed"
    PROCESS_DECLINED = "process.declined"
    PROCESS_CANCELLED = "process.cancelled"
    PROCESS_EXPIRED = "process.expired"
    PROCESS_EXPIRING = "process.expiring"
    PROCESS_REOPENED = "process.reopened"
    PROCESS_FAILED = "process.failed"
    PROCESS_DELETED = "process.deleted"
    SIGNER_NOTIFIED = "signer.notified"
    SIGNER_DELIVERY_FAILED = "signer.delivery_failed"
    SIGNER_VIEWED = "signer.viewed"
    SIGNER_AUTH_STARTED = "signer.auth_started"
    SIGNER_AUTH_PASSED = "signer.auth_passed"
    SIGNER_AUTH_FAILED = "signer.auth_failed"
    SIGNER_BLOCKED = "signer.blocked"
    SIGNER_UNBLOCKED = "signer.unblocked"
    SIGNER_DONE = "signer.done"
    SIGNER_DECLINED = "signer.declined"
    SIGNER_REPLACED = "signer.replaced"
    SIGNER_REMOVED = "signer.removed"
    SIGNER_EXPIRED = "signer.expired"
    SIGNER_REMINDED = "signer.reminded"
    DOCUMENT_DECLINED = "document.declined"
    FILES_READY = "files.ready"
    ACCOUNT_WEBHOOK_DISABLED = "account.webhook_disabled"
    UNKNOWN = "unknown"


def _body(given: Any) -> bytes:
    if isinstance(given, str):
        return given.encode("utf-8", "surrogatepass")
    # A value that is not a body is kept as it is: the client's `receive` reports it. `bytes(10**9)` makes a gigabyte.
    return bytes(given) if isinstance(given, (bytes, bytearray, memoryview)) else given


def _headers(given: Any) -> Headers:
    try:
        return Headers(given)
    except Exception:  # noqa: BLE001 - a mapping of another library fails in its own ways; `receive` names it
        return given  # type: ignore[no-any-return]  # see above


@attrs.frozen(kw_only=True)
class Delivery:
    """A webhook as it arrived: pass the raw body, never one parsed and written again.

    Headers may be a mapping (also of lists, or of WSGI's `HTTP_X_NAME`), an object with `items()` such as
    `http.server` has, or pairs of texts or bytes, as in ASGI. `client.receive` refuses values of another kind.
    """

    headers: Headers = attrs.field(converter=_headers)
    body: bytes = attrs.field(converter=_body, repr=False)
    received_at: datetime | None = None
    """An aware datetime; the client's clock stands in."""


@attrs.frozen(kw_only=True)
class WebhookReply:
    """The HTTP reply that the receiver must send, so that the vendor neither repeats nor stops."""

    status: int
    headers: Headers = attrs.field(factory=Headers, converter=Headers)
    body: bytes = b""


@attrs.frozen(kw_only=True)
class Event:
    """One event that a delivery reports."""

    kind: EventKind
    process_id: str | None = None
    """None if the delivery does not name a process."""
    reference: str | None = attrs.field(default=None, repr=False)
    """Your own key of the process (`ProcessDraft.reference`), if the delivery has it."""
    name: str | None = attrs.field(default=None, repr=False)
    """The name of the process, if the delivery has it."""
    signer: Signer | None = None
    documents: tuple[ProcessDocument, ...] = attrs.field(default=(), converter=as_tuple)
    message: str | None = attrs.field(default=None, repr=False)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, repr=False)
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    authenticity: Authenticity = Authenticity.NONE
    provider: str = ""
    account: str = ""
    basis: Basis = Basis.EXACT
    """How sure `kind` is: EXACT as the vendor says it, DERIVED from other fields, AMBIGUOUS where its word means
    more than one thing."""
    dedupe_key: str = ""
    """The same for a repeated delivery; different for different signers."""
    dedupe_for: timedelta | None = None
    """How long an equal `dedupe_key` means the same event; None: for ever."""
    vendor_status: str = ""
    """The vendor's own word for it."""
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Receipt:
    """The result of reading a delivery: its proof, its events and the reply to send."""

    reply: WebhookReply
    events: tuple[Event, ...] = attrs.field(default=(), converter=as_tuple)
    authenticity: Authenticity = Authenticity.NONE
    problem: str | None = None
    """The reason why an authentic delivery gave no events, or was refused; without its contents."""
