"""What the reads answer: the signers, the full process, the light status; and the neutral process they make."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.statuses import PROCESS, PROCESS_TEXT
from esign_arqsign.wire.bits import CONVERTER
from esign_arqsign.wire.people import Person, load_people, signer_of
from esign_arqsign.wire.shapes import folded, rows, tree_of
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process, ProcessDocument
from esign_core.model.status import ProcessStatus, StatusDetail
from esign_core.providers.convert import Flag, Number, Text, lenient_instant, load, wired
from esign_core.providers.flow import Reply

__all__ = ["File", "Summary", "files_of", "load_full", "load_light", "load_signers", "status_of"]


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
    """Read the answer of `status-do-processo`: name, status and dates, and nobody's name."""
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
    moment = lenient_instant(summary.expires_at, settings.zone)
    # A bare date: the process lives until that day is over.
    bare = len(str(summary.expires_at).strip()) <= len("2025-07-31")
    return moment + timedelta(days=1) if moment is not None and bare else moment


def _summary(answer: dict[str, Any], reply: Reply) -> Summary:
    summary = load(CONVERTER, Summary, answer, "the process")
    if not summary.status_id and not summary.status:
        raise UnreadableReplyError(
            "the vendor's answer is not what was due: it says nothing of the process's status", status=reply.status
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
        return lenient_instant(value, settings.zone)

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
