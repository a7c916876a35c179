"""Read the answers about a process: signers, full process, light status, resend; and make neutral values of them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.statuses import PROCESS, PROCESS_TEXT
from esign_arqsign.wire.bits import CONVERTER, contact_channel
from esign_arqsign.wire.errors import fold
from esign_arqsign.wire.people import Person, load_people, signer_of
from esign_arqsign.wire.shapes import folded, listed, notice, rows, success, tree_of
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process, ProcessDocument
from esign_core.model.resend import Notified, ResendReport
from esign_core.model.status import Basis, ProcessStatus, StatusDetail
from esign_core.providers.convert import Flag, Number, Text, fact_date, load, wired
from esign_core.providers.flow import Reply

__all__ = ["File", "Summary", "files_of", "load_full", "load_light", "load_resent", "load_signers", "status_of"]


@attrs.frozen(repr=False)
class Summary:
    """What every read says of the process itself."""

    name: Text = wired("nomeprocesso", None)
    status_id: Text = wired("idstatus", None)
    status: Text = wired("status", None)
    expired: Flag = wired("expirado", None)
    created_at: Any = wired("datacadastro", None)
    sent_at: Any = wired("dataenvio", None)
    resent_at: Any = wired("datareenvio", None)
    completed_at: Any = wired("dataconclusao", None)
    cancelled_at: Any = wired("datacancelamento", None)
    expires_at: Any = wired("dataexpiracao", None)


@attrs.frozen(repr=False)
class File:
    """One of `documentos`."""

    id: Text = wired("id", None)
    name: Text = wired("nomedocumento", None)
    order: Number = wired("ordemdocumento", None)
    link: Text = wired("linkparabaixardocumento", None)
    content: Text = wired("base64documento", None)


def load_signers(reply: Reply, process_id: str, settings: ArqSignSettings, now: datetime) -> Process:
    """Read the answer of `dados-signatarios`, which names those who sign and no documents."""
    tree = tree_of(reply)
    answer = folded(tree, "the process")
    people = load_people(rows(answer.get("signatarios") or [], "signatarios"), "signatarios")
    return _process(process_id, _summary(answer, reply), people, settings, now, tree)


def load_full(reply: Reply, process_id: str, settings: ArqSignSettings, now: datetime | None) -> Process:
    """Read the answer of the full read: people, documents and dates; without `now` nothing is overdue."""
    tree = tree_of(reply)
    answer = folded(tree, "the process")
    people = load_people(rows(answer.get("signatarios") or [], "signatarios"), "signatarios")
    process = _process(process_id, _summary(answer, reply), people, settings, now, tree)
    documents = [ProcessDocument(id=each.id or "", name=each.name or "", order=each.order) for each in files_of(reply)]
    return attrs.evolve(process, documents=documents)


def load_light(reply: Reply, process_id: str, settings: ArqSignSettings, now: datetime | None) -> Process:
    """Read the answer of `status-do-processo`: name, status and dates, without people."""
    tree = tree_of(reply)
    return _process(process_id, _summary(folded(tree, "the status"), reply), None, settings, now, tree)


def files_of(reply: Reply) -> list[File]:
    """Read the documents of a full read.

    Raises:
        UnreadableReplyError: they do not fit.
    """
    answer = folded(tree_of(reply), "the process")
    found = rows(answer.get("documentos") or [], "documentos")
    # One page prints a key with a blank at its end.
    return [load(CONVERTER, File, {key.strip(): row[key] for key in row}, "documentos") for row in found]


def status_of(
    summary: Summary, people: list[Person] | None, settings: ArqSignSettings, now: datetime | None
) -> tuple[ProcessStatus, StatusDetail]:
    """Return where a process stands: by its number, or by the text of old answers that have none."""
    facts = set()
    if _overdue(summary, settings, now):
        facts.add("overdue")
    if people is None:
        facts.add("signers_unlisted")
    elif any(person.declined for person in people):
        facts.add("declined")
    if summary.status_id:
        return PROCESS.read(summary.status_id, facts)
    return PROCESS_TEXT.read(summary.status, facts)


def _overdue(summary: Summary, settings: ArqSignSettings, now: datetime | None) -> bool:
    if summary.expired is not None:
        return summary.expired
    expires = _expiry(summary, settings)
    return now is not None and expires is not None and now > expires


def _expiry(summary: Summary, settings: ArqSignSettings) -> datetime | None:
    moment = fact_date(summary.expires_at, settings.zone)
    # A bare date: the process lives until that day is over.
    bare = len(str(summary.expires_at).strip()) <= len("2025-07-31")
    return moment + timedelta(days=1) if moment is not None and bare else moment


def _summary(answer: dict[str, Any], reply: Reply) -> Summary:
    summary = load(CONVERTER, Summary, answer, "the process")
    if not summary.status_id and not summary.status:
        raise UnreadableReplyError(
            "unexpected response from the vendor: it does not say the process's status", status=reply.status
        )
    return summary


def _process(
    process_id: str,
    summary: Summary,
    people: list[Person] | None,
    settings: ArqSignSettings,
    now: datetime | None,
    tree: dict[str, Any],
) -> Process:
    status, detail = status_of(summary, people, settings, now)
    signing = [person for person in people or () if not person.copies]
    current = min((person.order for person in signing if person.order is not None and not person.done), default=None)

    def instant(value: Any) -> datetime | None:
        return fact_date(value, settings.zone)

    changes = (summary.sent_at, summary.resent_at, summary.completed_at, summary.cancelled_at)
    return Process(
        id=process_id,
        name=summary.name or "",
        status=status,
        status_detail=detail,
        signers=[signer_of(person, status, current) for person in signing],
        created_at=instant(summary.created_at),
        updated_at=max(filter(None, map(instant, changes)), default=None),
        expires_at=_expiry(summary, settings),
        raw=tree,
    )


@attrs.frozen(repr=False)
class _Pending:
    """One item of the answer: somebody who has still to sign."""

    signer_id: Text = wired("idprocessodestinatario", None)
    order: Number = wired("ordem", None)
    contact: Text = wired("formaenvioprocesso", None)
    name: Text = wired("nome", None)


# Only a number that stands before people or messages counts them.
_COUNTED = re.compile(r"\b(\d{1,4}) (?:destinatari|signatari|participante|pessoa|notifica|mensage|recipient|signer)")


def load_resent(reply: Reply, process_id: str, now: datetime, *, reopened: bool | None) -> ResendReport:
    """Read who is pending after a resend: everybody who has still to sign, edited or not.

    The vendor lists pending people and does not say that each was notified, hence the basis DERIVED. Older answers
    are a sentence of success; such a report names no person, and has a count only where the sentence has one.

    Raises:
        UnreadableReplyError: it is neither.
    """
    tree = tree_of(reply)
    listing = listed(tree, "destinatarios")
    said = notice(tree)
    if listing is None and not success(said):
        raise UnreadableReplyError(
            "the vendor's answer to a resend must be a list of people or a sentence of success",
            status=reply.status,
            vendor_message=said,
        )
    people = [load(CONVERTER, _Pending, row, "resend") for row in listing or ()]
    counted = _COUNTED.search(fold(said or ""))
    return ResendReport(
        process_id=process_id,
        notified=map(_notified, people),
        count=len(people) if listing is not None else counted and int(counted[1]),
        reopened=reopened,
        at=now,
        raw=tree,
    )


def _notified(person: _Pending) -> Notified:
    return Notified(
        name=person.name,
        signer_id=person.signer_id,
        order=person.order,
        channel=contact_channel(person.contact),
        destination=person.contact,
        basis=Basis.DERIVED,
    )
