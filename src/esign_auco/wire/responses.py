"""Read what Auco answers about processes: queried, cancelled, reopened, reminded of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from esign_auco.statuses import PARTICIPANT, PROCESS, facts
from esign_auco.wire.custom import reference_in
from esign_auco.wire.loading import maybe_text, phone_of, read, read_object, unexpected
from esign_core.model.drafts import Role
from esign_core.model.process import Process, ProcessDocument, Signer
from esign_core.providers.convert import Flag, Text, lenient_instant, read_number, wired
from esign_core.providers.flow import Reply

__all__ = [
    "Cancelled",
    "Failures",
    "Participant",
    "Queried",
    "QueriedData",
    "Reactivated",
    "load_cancelled",
    "load_message",
    "load_query",
    "load_reactivated",
    "process_from",
    "signer_from",
]

_ROLES = {"SIGNER": Role.SIGNER, "APPROVER": Role.APPROVER}


@attrs.frozen(kw_only=True)
class Participant:
    """A person in a query: `signProfile` calls the id `id`, `signers` calls it `userId`."""

    id: Text = wired("id", None)
    user_id: Text = wired("userId", None)
    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)
    phone: Text = wired("phone", None, repr=False)
    role: Text = wired("role", None)
    order: Any = wired("order", None)
    status: Text = wired("status", None)


@attrs.frozen(kw_only=True)
class QueriedData:
    """The inner object `data` of a document's query, which repeats most of the outer one."""

    code: Text = wired("code", None)
    name: Text = wired("name", None, repr=False)
    signers: tuple[Participant, ...] | None = wired("signProfile", None)
    sign_finish: Flag = wired("signFinish", None)
    created_at: Any = wired("createdAt", None)
    updated_at: Any = wired("updatedAt", None)
    expired_date: Any = wired("expiredDate", None)
    custom: Any = wired("custom", None, repr=False)


@attrs.frozen(kw_only=True)
class Queried:
    """An answer to a query: a document's (`code`, `signProfile`, `data`) or a package's (`_id`, `codes`, `signers`)."""

    status: str = wired("status")
    object_id: Text = wired("_id", None)
    id: Text = wired("id", None)
    package: Text = wired("package", None)
    code: Text = wired("code", None)
    codes: tuple[str, ...] | None = wired("codes", None)
    name: Text = wired("name", None, repr=False)
    url: Text = wired("url", None, repr=False)
    sign_profile: tuple[Participant, ...] | None = wired("signProfile", None)
    signers: tuple[Participant, ...] | None = wired("signers", None)
    data: QueriedData | None = wired("data", None)
    sign_finish: Flag = wired("signFinish", None)
    created_at: Any = wired("createdAt", None)
    updated_at: Any = wired("updatedAt", None)
    expired_date: Any = wired("expiredDate", None)
    custom: Any = wired("custom", None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def people(self) -> tuple[Participant, ...]:
        """The people of the process, wherever the answer lists them."""
        inner = self.data.signers if self.data else None
        return self.sign_profile or self.signers or inner or ()

    @property
    def facts(self) -> frozenset[str]:
        """What the rules of the process's word look at: its people, and whether a document's file has an address."""
        people = facts(tuple(map(signer_from, self.people)))
        return people if self.codes is not None or self.url else people | {"no_file"}


def load_query(reply: Reply) -> Queried:
    """Read an answer to a query.

    Raises:
        UnreadableReplyError: the answer is not a process; a query without an id, for example, brings templates.
    """
    tree = read_object(reply, "the process")
    queried = read(Queried, tree, "the process")
    if not any(name in tree for name in ("signProfile", "signers", "data")):
        raise unexpected("the process lists no people")
    return queried


def process_from(queried: Queried, process_id: str) -> Process:
    """Return the process an answer describes."""
    data = queried.data or QueriedData()
    status, detail = PROCESS.read(queried.status, queried.facts)
    return Process(
        id=(queried.object_id or queried.id if queried.codes is not None else queried.code or data.code) or process_id,
        name=queried.name or data.name or "",
        status=status,
        status_detail=detail,
        signers=tuple(map(signer_from, queried.people)),
        documents=_queried_documents(queried, process_id),
        created_at=lenient_instant(queried.created_at or data.created_at),
        updated_at=lenient_instant(queried.updated_at or data.updated_at),
        expires_at=lenient_instant(queried.expired_date or data.expired_date),
        reference=reference_in(queried.custom or data.custom),
        raw=queried.raw,
    )


def signer_from(person: Participant) -> Signer:
    """Return the person an answer describes."""
    status, detail = PARTICIPANT.read(person.status)
    return Signer(
        id=person.id or person.user_id or "",
        name=person.name or "",
        email=person.email,
        phone=phone_of(person.phone),
        role=_ROLES.get(person.role or ""),
        order=_order(person.order),
        status=status,
        status_detail=detail,
    )


def _order(order: Any) -> int | None:
    return int(order) if str(order).isascii() and str(order).isdecimal() else None


def _queried_documents(queried: Queried, process_id: str) -> tuple[ProcessDocument, ...]:
    if queried.codes is not None:
        return tuple(ProcessDocument(id=code) for code in queried.codes)
    data = queried.data or QueriedData()
    status, detail = PROCESS.read(queried.status, queried.facts)
    name = queried.name or data.name or ""
    code = queried.code or data.code or process_id
    return (ProcessDocument(id=code, name=name, status=status, status_detail=detail),)


@attrs.frozen(kw_only=True)
class Failures:
    """How many documents were not cancelled, and which."""

    count: int = wired("cant")
    documents: tuple[str, ...] = wired("documents", ())


@attrs.frozen(kw_only=True)
class Cancelled:
    """The tally of a cancel; HTTP 200 alone does not mean that anything was cancelled."""

    success: int = wired("success")
    errors: Failures = wired("errors")
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class Reactivated:
    """Who was notified when a process was reopened, as far as the answer says."""

    notifications: int | None = None
    users: tuple[str, ...] = attrs.field(default=(), repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_cancelled(reply: Reply) -> Cancelled:
    """Read the tally of a cancel.

    Raises:
        UnreadableReplyError: the answer is not a tally, or counts no document at all.
    """
    tally = read(Cancelled, read_object(reply, "the tally"), "the tally")
    if tally.success < 1 and tally.errors.count < 1:
        raise unexpected("the tally counts no document at all")
    return tally


def load_reactivated(reply: Reply) -> Reactivated:
    """Read who was notified when a process was reopened; a field of a wrong type costs only that field.

    Raises:
        UnreadableReplyError: the answer says neither how many people were notified nor who.
    """
    tree = read_object(reply, "the reopened process")
    if "notifications" not in tree and "users" not in tree:
        raise unexpected("the reopened process names no notifications")
    users = tree.get("users")
    names = map(maybe_text, users) if isinstance(users, list) else ()
    return Reactivated(notifications=_count(tree.get("notifications")), users=tuple(filter(None, names)), raw=tree)


def _count(value: Any) -> int | None:
    try:
        return read_number(value)
    except ValueError:
        return None


def load_message(reply: Reply) -> Mapping[str, Any]:
    """Read an answer that only confirms: `{"message": "OK"}`, `REMINDER_SENT`, `DOCUMENT_MODIFIED`.

    Raises:
        UnreadableReplyError: the answer has no message.
    """
    tree = read_object(reply, "the confirmation")
    if not isinstance(tree.get("message", tree.get("response")), str):
        raise unexpected("the confirmation has no message")
    return tree
