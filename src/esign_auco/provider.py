"""The provider: each operation a flow that reads from top to bottom."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

import attrs

from esign_auco import webhooks
from esign_auco.capabilities import CAPABILITIES
from esign_auco.rules import drafts, edits, placements
from esign_auco.settings import AucoSettings
from esign_auco.wire import created, responses
from esign_auco.wire.errors import error_of
from esign_auco.wire.fields import choose
from esign_auco.wire.requests import dump_creation
from esign_auco.wire.roadmap import Roadmap, load_roadmap, timeline_of
from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import (
    ConfigError,
    ConflictError,
    EsignError,
    NotFoundError,
    OutcomeUnknownError,
    Problem,
    RefusedError,
    UnsupportedError,
)
from esign_core.model.events import Delivery, Receipt
from esign_core.model.process import Process, Signer, TimelineEntry
from esign_core.model.resend import Missed, Notified, Resend, ResendReport
from esign_core.model.status import EndReason, ProcessStatus, SignerStatus, implied
from esign_core.providers.base import Provider
from esign_core.providers.capabilities import refuse
from esign_core.providers.flow import Call, Flow, Reply, Save
from esign_core.providers.validation import is_email

if TYPE_CHECKING:
    from esign_core.sandbox import Sandbox

__all__ = ["Auco"]

_PACKAGE = re.compile(r"[0-9a-fA-F]{24}")
_CODE = re.compile(r"[0-9A-Za-z]{9,10}")
_SIGNED = (ProcessStatus.COMPLETED, ProcessStatus.FINALIZING)
_ENDED = (*_SIGNED, ProcessStatus.DECLINED, ProcessStatus.CANCELLED, ProcessStatus.EXPIRED)
# Auco cancels an expired process too: its page excludes only what is signed by all or rejected.
_NOT_CANCELLABLE = (*_SIGNED, ProcessStatus.DECLINED, ProcessStatus.CANCELLED)


class Auco(Provider):
    """Auco, through its external API v1.5."""

    name: ClassVar[str] = "auco"
    Settings = AucoSettings
    capabilities = CAPABILITIES
    needs_page_sizes = True

    settings: AucoSettings

    def authorize(self, call: Call) -> Call:
        """Return the call with the public key for a read, or with the private one for everything else."""
        public = self._reads(call) if call.credential is None else call.credential == "public"
        key = self.settings.public_key if public else self.settings.private_key
        if key is None:
            name = "public_key" if public else "private_key"
            raise ConfigError(f"this account has no {name}", hint=f"Set {name} in the account's table.")
        return call.with_headers({"Authorization": key.get_secret_value()})

    @staticmethod
    def _reads(call: Call) -> bool:
        # Auco reads what is in edition with the private key only.
        return call.method == "GET" and not call.path.endswith("/edit")

    def owns(self, process_id: str) -> bool:
        """Return whether an id has the form of a package's, a document's or a contract's."""
        return bool(_PACKAGE.fullmatch(process_id) or _CODE.fullmatch(process_id))

    def is_package(self, process_id: str) -> bool:
        """Return whether an id is a package's; any other id is a document's code."""
        return _PACKAGE.fullmatch(process_id) is not None

    def error(self, call: Call, reply: Reply) -> EsignError:
        """Return the error of a refusal, by its code and its status."""
        return error_of(call, reply)

    def check(self, draft: ProcessDraft, now: datetime) -> tuple[Problem, ...]:
        """Return what Auco cannot accept on the path this draft takes."""
        return (*self.capabilities.missing(draft), *drafts.draft_problems(draft, self.settings, now))

    def create(self, draft: ProcessDraft, now: datetime) -> Flow[Process]:
        """Create a process and send it; a PDF that is too large for the request is uploaded at once."""
        refuse((*self.check(draft, now), *placements.unplaced(draft)))
        return (yield from self.send(draft))

    def send(self, draft: ProcessDraft, over: str | None = None) -> Flow[Process]:
        """Send a draft that passed the checks; `over` is a process in edition that it replaces."""
        body = dump_creation(draft, self.settings, self.acting(None))
        if over is not None:
            body["package" if self.is_package(over) else "code"] = over
        reply = yield Call.post(choose(draft).address, json=body, process_id=over)
        answer = created.load_created(reply)
        # An upload address is valid once, and perhaps for five seconds only: no other call comes in between.
        for url, pdf in created.uploads(answer, draft, body):
            headers = {"content-type": "application/pdf"}
            try:
                yield Call.put(url, content=pdf, anonymous=True, headers=headers, process_id=answer.process_id)
            except OutcomeUnknownError as error:
                error.advice = created.unfinished(answer.process_id, is_package=answer.documents is not None)
                raise
        return created.created_process(answer, draft)

    def get(self, process_id: str, now: datetime) -> Flow[Process]:
        """Read a document, a contract or a package."""
        del now
        queried = yield from self._query(process_id)
        return responses.process_from(queried, process_id)

    def resend(self, process_id: str, resend: Resend, now: datetime, known: Process | None) -> Flow[ResendReport]:
        """Remind all who were asked and have not answered, or reopen what was rejected or has expired."""
        refuse(edits.resend_problems(resend))
        if resend.reopen:
            return (yield from self._reopen(process_id, resend.requested_by, now, known))
        if known is None or not known.status_detail.vendor_status:
            known = yield from self.get(process_id, now)
        if known.status in _ENDED:
            hint = "Bring it back with Resend(reopen=True)." if known.status_detail.reopenable else None
            raise ConflictError("the process has ended, so no reminder can be sent", process_id=process_id, hint=hint)
        return (yield from self._remind_all(process_id, now, known))

    def cancel(self, process_id: str, reason: str, requested_by: str | None, known: Process | None) -> Flow[Process]:
        """Cancel a document; Auco documents no way to cancel a package."""
        if self.is_package(process_id):
            raise UnsupportedError(
                "Auco documents no way to cancel a package", process_id=process_id, hint="Cancel it in Auco's console."
            )
        if known is not None and known.status in _NOT_CANCELLABLE:
            raise ConflictError("the process has ended, so it cannot be cancelled", process_id=process_id)
        body = {
            "codes": [process_id],
            "message": reason.strip() or self.settings.cancel_message,
            "email": self.acting(requested_by),
        }
        reply = yield Call.post("/document/cancel", json=body, process_id=process_id)
        if responses.load_cancelled(reply).errors.count:
            hint = "A process that all have signed or one has rejected cannot be cancelled: read it again."
            error = ConflictError(
                "Auco did not cancel the process", process_id=process_id, status=reply.status, hint=hint
            )
            error.definite = True
            raise error
        detail = implied(ProcessStatus.CANCELLED, "auco.cancel.accepted", end_reason=EndReason.SENDER_CANCELLED)
        return attrs.evolve(
            known or Process(id=process_id),
            status=ProcessStatus.CANCELLED,
            status_detail=attrs.evolve(detail, reopenable=True),
            read_at=None,
        )

    def download(self, process_id: str, known: Process | None, *, audit: bool = False) -> Flow[tuple[SignedFile, ...]]:
        """Fetch the finished PDF of a document, or that of each document of a package.

        Args:
            process_id: a document, contract or package.
            known: the process, where the caller has it.
            audit: fetch the roadmap of each document as well: the whole history, as the JSON that Auco answers.
        """
        codes = [process_id]
        if self.is_package(process_id):
            if known is None or known.status is not ProcessStatus.COMPLETED or not known.documents:
                queried = yield from self._query(process_id)
                known = responses.process_from(queried, process_id)
            _finished(known, process_id)
            codes = [document.id for document in known.documents]
        files: list[SignedFile] = []
        names: set[str] = set()
        for code in codes:
            queried = yield from self._query(code)
            process = responses.process_from(queried, code)
            _finished(process, process_id)
            save = Save(_file_name(process.name or code, code, names, ".pdf"))
            reply = yield Call.get(queried.url or "", save=save, anonymous=True, process_id=process_id)
            files += [reply.file] if reply.file else []
            if audit:
                name = _file_name(f"{process.name or code} (roadmap)", code, names, ".json")
                save = Save(name, kind=FileKind.AUDIT_RECORD)
                reply = yield Call.get("/document/roadmap", query={"code": code}, save=save, process_id=process_id)
                files += [reply.file] if reply.file else []
        return tuple(files)

    def timeline(self, process_id: str) -> Flow[tuple[TimelineEntry, ...]]:
        """Read the history of a document or contract; packages have none."""
        roadmap = yield from self.roadmap(process_id)
        return timeline_of(roadmap)

    def receive(self, delivery: Delivery) -> Receipt:
        """Verify the header of a webhook and read its body; its events are hints that ask for a read."""
        return webhooks.receive(delivery, self.settings)

    @classmethod
    def sandbox(cls, settings: AucoSettings) -> Sandbox:
        """Return Auco's emulator, whose `.settings` the provider is then built with."""
        from esign_auco.sandbox import Box

        return Box(settings)

    def roadmap(self, process_id: str) -> Flow[Roadmap]:
        """Read a document's history in the vendor's words."""
        if self.is_package(process_id):
            raise UnsupportedError(
                "Auco has no history of a package",
                process_id=process_id,
                hint="Ask for the history of each of its documents: process.documents.",
            )
        reply = yield Call.get("/document/roadmap", query={"code": process_id}, process_id=process_id)
        return load_roadmap(reply)

    def acting(self, requested_by: str | None) -> str:
        """Return the user under whom an action is recorded: the one who asks for it, or the account's sender."""
        email = requested_by or self.settings.sender
        if email is None:
            raise ConfigError("this account has no sender", hint="Set sender to a user's e-mail, or give requested_by.")
        if not is_email(email):
            refuse([Problem.invalid("requested_by", "must be an e-mail address", "give that of a platform user")])
        return email

    def remind(self, process_id: str, signer_id: str) -> Flow[Reply]:
        """Remind one person; the code is the id of the process followed by that of the person."""
        code = process_id + signer_id
        if self.is_package(process_id):
            call = Call.post("/document/many/reminder", json={"package": code}, process_id=process_id)
        else:
            call = Call.post("/document/reminder", json={"code": code}, process_id=process_id)
        reply = yield call
        responses.load_message(reply)
        return reply

    def _query(self, process_id: str) -> Flow[responses.Queried]:
        name = "package" if self.is_package(process_id) else "code"
        reply = yield Call.get("/document", query={name: process_id}, process_id=process_id)
        return responses.load_query(reply)

    def _reopen(
        self, process_id: str, requested_by: str | None, now: datetime, known: Process | None
    ) -> Flow[ResendReport]:
        if known is not None and known.status_detail.vendor_status and not known.status_detail.reopenable:
            raise ConflictError(
                "only a rejected or expired process can be reopened",
                process_id=process_id,
                hint="Remind its signers with Resend(), or read it again." if known.status not in _ENDED else None,
            )
        name = "package" if self.is_package(process_id) else "code"
        body = {name: process_id, "email": self.acting(requested_by)}
        reply = yield Call.put("/document/reactivate", json=body, process_id=process_id)
        answer = responses.load_reactivated(reply)
        return ResendReport(
            process_id=process_id,
            notified=[Notified(name=user) for user in answer.users],
            count=answer.notifications,
            reopened=True,
            at=now,
            raw=answer.raw,
        )

    def _remind_all(self, process_id: str, now: datetime, known: Process) -> Flow[ResendReport]:
        """Remind each signer who was asked; one who is refused does not keep the others from their reminder."""
        report = ResendReport(process_id=process_id, count=0, reopened=False, at=now, raw=())
        for signer in known.signers:
            if signer.status is not SignerStatus.NOTIFIED:
                continue
            refused: EsignError | None = None
            try:
                answer = yield from self._remind(process_id, signer)
            except (RefusedError, ConflictError, NotFoundError) as error:
                refused = error
            except EsignError as error:
                error.report = report
                raise
            if refused is not None:
                missed = Missed(signer_id=signer.id, error=refused)
                report = attrs.evolve(report, missed=(*report.missed, missed))
            else:
                notified = (*report.notified, Notified(name=signer.name, signer_id=signer.id, order=signer.order))
                report = attrs.evolve(report, notified=notified, count=len(notified), raw=(*report.raw, answer))
        return report

    def _remind(self, process_id: str, signer: Signer) -> Flow[object]:
        if not signer.id:
            raise NotFoundError("Auco gives no id for this person, so no reminder can be sent", process_id=process_id)
        reply = yield from self.remind(process_id, signer.id)
        return reply.json()


def _finished(process: Process, process_id: str) -> None:
    """Refuse a process whose file is not the finished one.

    Raises:
        ConflictError: it is not signed by all, or Auco has not made the file yet.
    """
    if process.status is ProcessStatus.FINALIZING:
        raise ConflictError(
            "the process is signed by all, and Auco gives no address of its file yet",
            process_id=process_id,
            hint="Wait until its status is COMPLETED.",
        )
    if process.status is not ProcessStatus.COMPLETED:
        raise ConflictError(
            "the process is not signed by all, and Auco would return an unsigned PDF",
            process_id=process_id,
            hint="Wait until its status is COMPLETED.",
        )


def _file_name(name: str, code: str, taken: set[str], suffix: str) -> str:
    """Return the name of a document's file, different from those of the other documents of its package."""
    stem = name.removesuffix(suffix)
    chosen = f"{stem}{suffix}" if f"{stem}{suffix}".casefold() not in taken else f"{stem} ({code}){suffix}"
    taken.add(chosen.casefold())
    return chosen
