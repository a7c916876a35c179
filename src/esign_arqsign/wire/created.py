"""Read the answer of a create: the id, documents and recipients; and make the process that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

import attrs

from esign_arqsign.settings import is_guid
from esign_arqsign.statuses import CREATED
from esign_arqsign.wire import choices
from esign_arqsign.wire.bits import CODE_CHANNELS
from esign_arqsign.wire.shapes import folded, read_fields, tree_of
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft
from esign_core.model.process import Process, ProcessDocument, Signer
from esign_core.model.status import ProcessStatus, SignerStatus, implied
from esign_core.providers.convert import Number, Text, plain_id, wired
from esign_core.providers.flow import Reply

__all__ = ["load_created"]

T = TypeVar("T")


@attrs.frozen(repr=False)
class _File:
    id: Text = wired("id", None)
    order: Number = wired("ordem", None)
    name: Text = wired("nome", None)


@attrs.frozen(repr=False)
class _Recipient:
    id: Text = wired("idprocessodestinatario", None)
    order: Number = wired("ordem", None)
    contact: Text = wired("formaenvio", None)
    name: Text = wired("nomesignatario", None)
    link: Text = wired("linkprocesso", None)


def load_created(reply: Reply, draft: ProcessDraft, sent: Mapping[str, Any], now: datetime) -> Process:
    """Read a new process: an object, in old answers without recipients, or the bare id.

    The create cannot be repeated, so the id is kept wherever it can be found, even if the rest cannot be read.

    Args:
        reply: the answer.
        draft: what was asked for.
        sent: the body that was sent.
        now: the time of the create.

    Raises:
        UnreadableReplyError: there is no id in it.
    """
    tree = tree_of(reply)
    if is_guid(tree):
        return _process(tree, draft, sent, {}, now, {"idProcesso": tree})
    answer = folded(tree, "the new process")
    found = answer.get("idprocesso")
    if found is None and is_guid(answer.get("id")):
        found = answer["id"]
    return _process(plain_id(found), draft, sent, answer, now, tree)


def _rows(answer: Mapping[str, Any], member: str, cls: type[T]) -> list[T]:
    """Read a list as far as it can be read; what cannot costs only itself, never the id."""
    rows = answer.get(member)
    return [read_fields(cls, row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _process(
    process_id: str,
    draft: ProcessDraft,
    sent: Mapping[str, Any],
    answer: Mapping[str, Any],
    now: datetime,
    tree: dict[str, Any],
) -> Process:
    files = _rows(answer, "documentos", _File)
    rule = implied(ProcessStatus.IN_PROGRESS, CREATED)
    # Its own object for each: the one found first is not given to the next person of the same name.
    left = _rows(answer, "destinatarios", _Recipient)
    first = min((choices.order_of(draft, index) for index in range(len(draft.signers))), default=1)
    return Process(
        id=process_id,
        name=draft.name,
        status=ProcessStatus.IN_PROGRESS,
        status_detail=rule,
        signers=[_signer(draft, index, sent, left, first) for index in range(len(draft.signers))],
        documents=[ProcessDocument(id=each.id or "", name=each.name or "", order=each.order) for each in files]
        or [
            ProcessDocument(name=choices.file_name(each.name), order=number)
            for number, each in enumerate(draft.documents, start=1)
            if isinstance(each, Document)
        ],
        expires_at=draft.expires_at and choices.expiry(draft.expires_at, now),
        raw=tree,
    )


def _signer(draft: ProcessDraft, index: int, sent: Mapping[str, Any], left: list[_Recipient], first: int) -> Signer:
    wanted = draft.signers[index]
    order = choices.order_of(draft, index)
    answered = _taken(left, draft, index)
    waits = order > first or choices.silent(draft, wanted)
    status = SignerStatus.NOT_NOTIFIED if waits else SignerStatus.NOTIFIED
    return Signer(
        id=answered.id or "",
        name=wanted.name,
        email=wanted.email,
        phone=wanted.phone,
        role=wanted.role,
        order=order if answered.order is None else answered.order,
        status=status,
        status_detail=implied(status, CREATED),
        link=answered.link or None,
        facts={
            "idTipoAcao": 1,
            "idTipoAssinatura": choices.signature_type(wanted),
            "idMeioEnvioCodigoSeguranca": CODE_CHANNELS[wanted.security_code.channel] if wanted.security_code else None,
            **_told(sent, index),
        },
    )


def _told(sent: Mapping[str, Any], index: int) -> dict[str, Any]:
    """Return what later decides whether edited signature data count: as whom the signer signs, and with which data.

    Read from what was sent, extras included; what extras have made unreadable is left out.
    """
    try:
        online = sent["destinatarios"][index]["assinarOnline"]
        return {"assinarComo": online["assinarComo"], "dadosAssinatura": bool(online.get("dadosAssinatura"))}
    except (LookupError, TypeError, AttributeError):
        return {}


def _taken(left: list[_Recipient], draft: ProcessDraft, index: int) -> _Recipient:
    """Take from the answer the recipient who is this signer: same contact and name, in the same order if possible."""
    wanted = draft.signers[index]
    contact = _plain(next(filter(None, choices.contact(wanted)), None))

    def likeness(recipient: _Recipient) -> tuple[bool, bool]:
        return recipient.order == choices.order_of(draft, index), _plain(recipient.name) == _plain(wanted.name)

    candidates = [each for each in left if contact and _plain(each.contact) == contact]
    if not candidates:
        return _Recipient()
    best = max(candidates, key=likeness)
    left[:] = [each for each in left if each is not best]
    return best


def _plain(text: str | None) -> str:
    return (text or "").strip().casefold()
