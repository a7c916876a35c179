"""The provider: what each operation asks of ArqSign, step by step."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import attrs

from esign_arqsign.capabilities import CAPABILITIES
from esign_arqsign.rules.drafts import draft_notes, draft_problems
from esign_arqsign.rules.edits import FINAL, conflict, has_expired, known_problems, resend_problems
from esign_arqsign.settings import ArqSignSettings, is_guid
from esign_arqsign.statuses import ENDED
from esign_arqsign.webhooks import receive
from esign_arqsign.wire.created import load_created
from esign_arqsign.wire.errors import refusal
from esign_arqsign.wire.fetching import fetch, fetch_records
from esign_arqsign.wire.paths import process_path
from esign_arqsign.wire.requests import dump_send, send_path
from esign_arqsign.wire.resend import dump_resend
from esign_arqsign.wire.responses import files_of, load_full, load_resent, load_signers
from esign_arqsign.wire.shapes import notice, success, tree_of
from esign_core.accounts.settings import Settings as BaseSettings
from esign_core.model.documents import SignedFile
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import ConfigError, ConflictError, EsignError, Problem, UnreadableReplyError
from esign_core.model.events import Delivery, Receipt
from esign_core.model.process import Process, Signer
from esign_core.model.resend import Resend, ResendReport
from esign_core.model.status import EndReason, ProcessStatus, SignerStatus, implied
from esign_core.providers.base import Provider
from esign_core.providers.capabilities import Capabilities, refuse
from esign_core.providers.flow import Call, Flow, Reply, Save

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox

__all__ = ["ArqSign"]

_OVER = {SignerStatus.DONE, SignerStatus.DECLINED}


class ArqSign(Provider):
    """ArqSign, of ArquivAR (Brazil): processes of 1 to 25 PDFs, signed electronically or with a certificate."""

    name: ClassVar[str] = "arqsign"
    Settings: ClassVar[type[BaseSettings]] = ArqSignSettings
    capabilities: ClassVar[Capabilities] = CAPABILITIES
    settings: ArqSignSettings

    def authorize(self, call: Call) -> Call:
        """Return the call with both keys of the account."""
        keys = {"AppKey": self.settings.app_key, "SubscriptionKey": self.settings.subscription_key}
        return call.with_headers({name: key.get_secret_value() for name, key in keys.items() if key is not None})

    def owns(self, process_id: str) -> bool:
        """Tell whether an id is a GUID."""
        return is_guid(process_id)

    def error(self, call: Call, reply: Reply) -> EsignError:
        """Return the error by the vendor's sentence where one is documented, by the status otherwise."""
        return refusal(call, reply)

    def check(self, draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
        """Return everything that ArqSign cannot take of a draft."""
        return draft_problems(draft, self.settings, now)

    def notes(self, draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
        """Return what will happen to a draft that can be sent."""
        return draft_notes(draft, now)

    def create(self, draft: ProcessDraft, now: datetime) -> Flow[Process]:
        """Create a process and send it, in one request; by v3 where only that has a field the draft needs."""
        refuse(self.check(draft, now))
        body = dump_send(draft, self.settings, now)
        reply = yield Call.post(send_path(body), json=body)
        return load_created(reply, draft, body, now)

    def get(self, process_id: str, now: datetime) -> Flow[Process]:
        """Read a process and those who sign it, in one request that brings no file."""
        reply = yield Call.get(process_path("v1", process_id, "/dados-signatarios"), process_id=process_id)
        return load_signers(reply, process_id, self.settings, now)

    def resend(self, process_id: str, resend: Resend, now: datetime, known: Process | None) -> Flow[ResendReport]:
        """Ask all who have still to sign again, with corrections; the expiry starts again.

        The same request brings an expired process back; whether it was one is known only from `known`.
        """
        refuse(resend_problems(resend))
        if known is not None:
            wrong_state = conflict(resend, known, now)
            if wrong_state is not None:
                raise wrong_state
            refuse(known_problems(resend, known))
        path = process_path("v2", process_id, "/reenviar-processo")
        reply = yield Call.patch(path, json=dump_resend(resend, self.settings), process_id=process_id)
        return load_resent(reply, process_id, now, reopened=True if resend.reopen and has_expired(known, now) else None)

    def cancel(self, process_id: str, reason: str, requested_by: str | None, known: Process | None) -> Flow[Process]:
        """Cancel a process; ArqSign has no place for a reason or for who asked."""
        del reason, requested_by
        _refuse_final(known, "cancelled")
        reply = yield Call.patch(process_path("v1", process_id, "/cancelar-processo"), process_id=process_id)
        tree = tree_of(reply)
        # Documented is one sentence; an empty body has also been accepted, and nothing else is.
        if tree != "" and not success(notice(tree), "cancelad", "cancel"):
            raise UnreadableReplyError(
                "the vendor's answer to a cancel must be a sentence of success",
                status=reply.status,
                vendor_message=notice(tree),
            )
        return _cancelled(known or Process(id=process_id))

    def download(self, process_id: str, known: Process | None, *, audit: bool = False) -> Flow[tuple[SignedFile, ...]]:
        """Fetch the signed documents of a completed process, each from its link, and with `audit` their records.

        Links are requested, not the files inside JSON: such an answer would have to be held in memory as a whole.
        """
        if audit and self.settings.subscription_key is None:
            raise ConfigError(
                "subscription_key must be set to fetch audit records",
                hint="Set it to one of the account's two subscription keys.",
            )
        _refuse_final(known, "downloaded", but=ProcessStatus.COMPLETED)
        query = {"arquivoTipo": "2", "retornarRegistroAssinatura": "false"}
        reply = yield Call.get(process_path("v2", process_id), query=query, process_id=process_id)
        process = load_full(reply, process_id, self.settings, None)
        if process.status is not ProcessStatus.COMPLETED:
            raise ConflictError(
                f"the process is {process.status.value}, so its documents are not signed yet",
                hint="Download it once it is completed.",
            )
        documents = files_of(reply)
        if not documents or not all(document.link for document in documents):
            raise UnreadableReplyError(
                "the vendor gave no link to a document, though links were requested",
                hint="Read the process by operations.full_process(process_id, base64=True): `raw` has the files.",
            )
        links = [(each.link or "", Save(each.name or "document.pdf")) for each in documents]
        files = yield from fetch(links, process_id)
        if audit:
            files += yield from fetch_records(process.documents, process_id)
        return files

    def receive(self, delivery: Delivery) -> Receipt:
        """Check a webhook's HMAC, and read the events it carries."""
        return receive(delivery, self.settings)

    @classmethod
    def sandbox(cls, settings: ArqSignSettings) -> Sandbox:
        """Return the emulator of ArqSign."""
        from esign_arqsign.sandbox import Box

        return Box(settings)


def _refuse_final(known: Process | None, done: str, *, but: ProcessStatus | None = None) -> None:
    if known is not None and known.status in FINAL and known.status is not but:
        raise ConflictError(
            f"the process is {known.status.value} and cannot be {done}",
            hint="Create a new process if it is still needed.",
        )


def _cancelled(known: Process) -> Process:
    status = ProcessStatus.CANCELLED
    detail = implied(status, ENDED, end_reason=EndReason.SENDER_CANCELLED)
    signers = [signer if signer.status in _OVER else _released(signer) for signer in known.signers]
    return attrs.evolve(known, status=status, status_detail=detail, signers=signers, read_at=None)


def _released(signer: Signer) -> Signer:
    status = SignerStatus.CANCELLED
    return attrs.evolve(signer, status=status, status_detail=implied(status, ENDED))
