"""What a create answers: the new process's id, its documents and recipients; and the process that follows from it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_arqsign.settings import is_guid
from esign_arqsign.statuses import CREATED
from esign_arqsign.wire import choices
from esign_arqsign.wire.bits import CODE_CHANNELS, CONVERTER
from esign_arqsign.wire.shapes import folded, kind_of, rows, tree_of
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process, ProcessDocument, Signer
from esign_core.model.status import ProcessStatus, SignerStatus, implied
from esign_core.providers.convert import Number, Text, load, wired
from esign_core.providers.flow import Reply

__all__ = ["load_created"]


@attrs.frozen(repr=False)
class _Answer:
    id: Text = wired("idprocesso", None)


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


def load_created(reply: Reply, draft: ProcessDraft, now: datetime) -> Process:
    """Read a new process: an object, in old answers without recipients, or the bare id.

    Raises:
        UnreadableReplyError: there is no id in it.
    """
    tree = tree_of(reply)
    if is_guid(tree):
        return _process(str(tree), draft, (), [], now, {"idProcesso": tree})
    answer = folded(tree, "the new process")
    process_id = load(CONVERTER, _Answer, answer, "the new process").id
    if not is_guid(process_id):
        raise UnreadableReplyError(
            f"the vendor's answer holds no id of a process: idProcesso is {kind_of(process_id)}", status=reply.status
        )
    files = [load(CONVERTER, _File, row, "documentos") for row in rows(answer.get("documentos") or [], "documentos")]
    people = rows(answer.get("destinatarios") or [], "destinatarios")
    recipients = [load(CONVERTER, _Recipient, row, "destinatarios") for row in people]
    return _process(str(process_id), draft, files, recipients, now, tree)


def _process(
    process_id: str,
    draft: ProcessDraft,
    files: Any,
    recipients: list[_Recipient],
    now: datetime,
    tree: dict[str, Any],
) -> Process:
    rule = implied(ProcessStatus.IN_PROGRESS, CREATED)
    # Its own object for each: the one found first is not given to the next person of the same name.
    left = list(recipients)
    first = min((choices.order_of(draft, index) for index in range(len(draft.signers))), default=1)
    deadline = draft.expires_at and now + timedelta(days=choices.days_until(draft.expires_at, now))
    return Process(
        id=process_id,
        name=draft.name,
        status=ProcessStatus.IN_PROGRESS,
        status_detail=rule,
        signers=[_signer(draft, index, left, first) for index in range(len(draft.signers))],
        documents=[ProcessDocument(id=each.id or "", name=each.name or "", order=each.order) for each in files]
        or [
            ProcessDocument(name=choices.file_name(each.name), order=number)
            for number, each in enumerate(draft.documents, start=1)
            if isinstance(each, Document)
        ],
        expires_at=deadline,
        raw=tree,
    )


def _signer(draft: ProcessDraft, index: int, left: list[_Recipient], first: int) -> Signer:
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
        },
    )


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
