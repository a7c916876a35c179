"""What `GET /document` says of a document, of a contract and of a package, read into one process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from esign_auco.statuses import PARTICIPANT, PROCESS, facts
from esign_auco.wire.kit import read, read_object
from esign_core.model.drafts import Role
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process, ProcessDocument, Signer
from esign_core.providers.convert import Flag, Text, lenient_instant, wired
from esign_core.providers.flow import Reply

__all__ = [
    "Participant",
    "Queried",
    "QueriedData",
    "load_query",
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


def load_query(reply: Reply) -> Queried:
    """Read an answer to a query.

    Raises:
        UnreadableReplyError: it is no process; a template list, for example, is what a query without an id brings.
    """
    tree = read_object(reply, "the process")
    queried = read(Queried, tree, "the process")
    if not any(name in tree for name in ("signProfile", "signers", "data")):
        raise UnreadableReplyError("the vendor's answer is not what was due: the process lists no people")
    return queried


def process_from(queried: Queried, process_id: str) -> Process:
    """Return the process an answer describes."""
    data = queried.data or QueriedData()
    signers = tuple(signer_from(person) for person in queried.people)
    status, detail = PROCESS.read(queried.status, facts(signers))
    return Process(
        id=(queried.object_id or queried.id if queried.codes is not None else queried.code or data.code) or process_id,
        name=queried.name or data.name or "",
        status=status,
        status_detail=detail,
        signers=signers,
        documents=_documents(queried, process_id),
        created_at=lenient_instant(queried.created_at or data.created_at),
        updated_at=lenient_instant(queried.updated_at or data.updated_at),
        expires_at=lenient_instant(queried.expired_date or data.expired_date),
        reference=_reference(queried.custom or data.custom),
        raw=queried.raw,
    )


def signer_from(person: Participant) -> Signer:
    """Return the person an answer describes."""
    status, detail = PARTICIPANT.read(person.status)
    return Signer(
        id=person.id or person.user_id or "",
        name=person.name or "",
        email=person.email,
        phone=person.phone,
        role=_ROLES.get(person.role or ""),
        order=_order(person.order),
        status=status,
        status_detail=detail,
    )


def _order(order: Any) -> int | None:
    return int(order) if str(order).isascii() and str(order).isdecimal() else None


def _documents(queried: Queried, process_id: str) -> tuple[ProcessDocument, ...]:
    if queried.codes is not None:
        return tuple(ProcessDocument(id=code) for code in queried.codes)
    data = queried.data or QueriedData()
    signers = tuple(signer_from(person) for person in queried.people)
    status, detail = PROCESS.read(queried.status, facts(signers))
    name = queried.name or data.name or ""
    code = queried.code or data.code or process_id
    return (ProcessDocument(id=code, name=name, status=status, status_detail=detail),)


def _reference(custom: Any) -> str | None:
    reference = custom.get("reference") if isinstance(custom, Mapping) else None
    return reference if isinstance(reference, str) else None
