"""Incoming webhooks: a raw delivery, the events it carries, and the answer its sender needs."""

from __future__ import annotations

import enum
import hashlib
import hmac
import json
import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from esign_core.drafts import as_tuple
from esign_core.headers import Headers
from esign_core.process import ProcessDocument, Signer

MAX_DEPTH = 64
"""How deep a delivery's JSON may be nested."""
MAX_BYTES = 200 * 1024 * 1024
"""How long a delivery's body may be."""


class Authenticity(enum.Enum):
    """How well a delivery proves where it comes from."""

    BODY_SIGNED = "body_signed"
    """A signature covers the body: its facts may be believed."""
    SENDER_ONLY = "sender_only"
    """The sender knew a shared value: a hint that asks for a read."""
    NONE = "none"


class EventKind(enum.Enum):
    """What happened."""

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
    return given.encode("utf-8", "surrogatepass") if isinstance(given, str) else bytes(given)


@attrs.frozen(kw_only=True)
class Delivery:
    """A webhook as it arrived: pass the raw body, never one parsed and written again."""

    headers: Headers = attrs.field(converter=Headers)
    body: bytes = attrs.field(converter=_body, repr=False)
    received_at: datetime | None = None
    """An aware datetime; the client's clock stands in."""


@attrs.frozen(kw_only=True)
class WebhookReply:
    """What the receiver must answer so that the vendor neither repeats nor gives up."""

    status: int
    headers: Headers = attrs.field(factory=Headers, converter=Headers)
    body: bytes = b""


@attrs.frozen(kw_only=True)
class Event:
    """One thing that a delivery says has happened."""

    kind: EventKind
    process_id: str | None = None
    """None where the delivery names no process."""
    signer: Signer | None = None
    documents: tuple[ProcessDocument, ...] = attrs.field(default=(), converter=as_tuple)
    message: str | None = attrs.field(default=None, repr=False)
    tags: tuple[str, ...] = attrs.field(default=(), converter=as_tuple, repr=False)
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    authenticity: Authenticity = Authenticity.NONE
    provider: str = ""
    account: str = ""
    dedupe_key: str = ""
    """The same for a repeated delivery; different for different signers."""
    vendor_status: str = ""
    """The vendor's own word for it."""
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Receipt:
    """What a delivery was worth, and what to answer."""

    reply: WebhookReply
    events: tuple[Event, ...] = attrs.field(default=(), converter=as_tuple)
    authenticity: Authenticity = Authenticity.NONE
    problem: str | None = None
    """Why an authentic delivery gave no events, or why one was refused; without its contents."""


class UnreadableBodyError(ValueError):
    """A body is no JSON that can be trusted to mean one thing."""


def same_secret(given: str | bytes, accepted: Iterable[str]) -> bool:
    """Compare with every accepted secret, in a time that tells nothing about any of them."""
    digest = _digest(given)
    # A list, not a generator: every secret is compared whatever the first says.
    return any([hmac.compare_digest(digest, _digest(secret)) for secret in accepted])  # noqa: C419 - every secret is tried, so that time tells nothing


def _digest(value: str | bytes) -> bytes:
    raw = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
    return hashlib.sha256(raw).digest()


def dedupe_key(*parts: str | None) -> str:
    """Return a key that is the same for the same parts; an absent part differs from an empty one."""
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def decode_object(body: bytes) -> dict[str, Any]:
    """Decode a JSON object strictly: UTF-8, no duplicate key, no NaN, bounded in size and depth.

    Raises:
        UnreadableBodyError: it is something else; the text says what, never the contents.
    """
    tree = decode_json(body)
    if not isinstance(tree, dict):
        raise UnreadableBodyError("the body is JSON, but no object")
    return tree


def decode_json(body: bytes) -> Any:
    """Decode any JSON strictly; see `decode_object`."""
    problem = ""
    tree: Any = None
    if len(body) > MAX_BYTES:
        raise UnreadableBodyError("the body is too long")
    try:
        text = body.decode("utf-8-sig")
        tree = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError:
        problem = "the body is not UTF-8"
    except RecursionError:
        problem = "the body is nested too deeply"
    except UnreadableBodyError as error:
        problem = str(error)
    except ValueError:
        problem = "the body is no JSON"
    if problem:
        raise UnreadableBodyError(problem)
    _measure(tree)
    return tree


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise UnreadableBodyError("the body names a key twice")
    return tree


def _no_constant(_: str) -> Any:
    raise UnreadableBodyError("the body holds a number that JSON does not know")


def _finite(digits: str) -> float:
    number = float(digits)
    # Read as infinite, it could not be written as JSON again.
    return number if math.isfinite(number) else _no_constant(digits)


def _measure(tree: Any) -> None:
    level = [tree]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for node in level:
            if isinstance(node, dict):
                below.extend(node.values())
                _encodable("".join(node))
            elif isinstance(node, list):
                below.extend(node)
            elif isinstance(node, str):
                _encodable(node)
        if not below:
            return
        level = below
    raise UnreadableBodyError("the body is nested too deeply")


def _encodable(text: str) -> None:
    try:
        text.encode()
        return
    except UnicodeEncodeError:
        pass
    raise UnreadableBodyError("the body holds half a character")
