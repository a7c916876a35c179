"""WhatsApp records: the conversation with one person, message by message."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs

from esign_auco.provider import Auco
from esign_auco.wire.loading import read, unexpected
from esign_core.providers.convert import Text, wired
from esign_core.providers.flow import Call, Flow, Reply

__all__ = ["WhatsAppAction", "WhatsAppRecord", "load_records", "whatsapp_records"]


@attrs.frozen(kw_only=True)
class WhatsAppAction:
    """What happened to a message."""

    action: str = wired("action")
    """`sent`, `delivered`, `read` or `failed`."""
    timestamp: int = wired("timestamp")
    """In milliseconds since 1970."""
    errors: tuple[str, ...] = wired("errors", ())
    """Why it failed, in Auco's codes."""

    @property
    def at(self) -> datetime:
        """When it happened."""
        return _moment(self.timestamp)


@attrs.frozen(kw_only=True)
class WhatsAppRecord:
    """One message of the conversation with a person."""

    entity: str = wired("entity")
    """Who wrote it: `auco` or `signer`."""
    phone: Text = wired("phone", None, repr=False)
    message: Text = wired("message", None, repr=False)
    date: int = wired("date")
    """In milliseconds since 1970."""
    actions: tuple[WhatsAppAction, ...] = wired("actions", ())
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def at(self) -> datetime:
        """When it was written."""
        return _moment(self.date)


def _moment(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def load_records(reply: Reply) -> tuple[WhatsAppRecord, ...]:
    """Read a conversation; empty where there was none.

    Raises:
        UnreadableReplyError: the answer is not a conversation.
    """
    tree = reply.json()
    if not isinstance(tree, list):
        raise unexpected("the conversation is not a list")
    return tuple(read(WhatsAppRecord, each, "a message") for each in tree)


def whatsapp_records(provider: Auco, code: str, signer_id: str | None = None) -> Flow[tuple[WhatsAppRecord, ...]]:
    """Read the WhatsApp conversation with one person of a process, or of an AucoFace validation (no `signer_id`)."""
    del provider
    query = {"code": code} if signer_id is None else {"code": code, "userId": signer_id}
    reply = yield Call.get("/whatsapp/records", query=query, process_id=code)
    return load_records(reply)
