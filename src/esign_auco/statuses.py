"""Auco's vocabularies as tables: one for each place a word can stand, because one word has several meanings.

`NOTIFICATION` is the clearest case: in a query the person was asked to sign, in a webhook they have signed.
"""

from __future__ import annotations

import attrs

from esign_core.model.events import EventKind
from esign_core.model.process import Signer
from esign_core.model.status import Basis, EndReason, ProcessStatus, Rule, SignerStatus, Vocabulary

__all__ = [
    "ATTACHMENT_SIGNER",
    "CREATED",
    "DOCUMENT_EVENTS",
    "EDITED_SIGNER",
    "Entry",
    "EventRow",
    "FACE",
    "FACE_EVENTS",
    "PACKAGE_DOCUMENT",
    "PACKAGE_EVENTS",
    "PARTICIPANT",
    "PROCESS",
    "TIMELINE",
    "event_row",
    "facts",
    "kind_of",
]

CREATED = "CREATED"
"""The word of a query for a process that is open."""

_QUERY = "docs.auco.ai, query of documents and of packages"
_PACKAGE_PAGE = "docs.auco.ai, webhooks of packages"
_DOCUMENT_PAGE = "docs.auco.ai, webhooks of documents"
_FACE_PAGE = "docs.auco.ai, AucoFace"
_ATTACHMENTS_PAGE = "docs.auco.ai, query of attachments"
_EDIT_PAGE = "docs.auco.ai, edition of documents and packages"
_ROADMAP_PAGE = "docs.auco.ai, roadmap of a document"

PROCESS: Vocabulary[ProcessStatus] = Vocabulary(
    "auco.process",
    ProcessStatus.UNKNOWN,
    (
        Rule(
            "blocked",
            CREATED,
            ProcessStatus.ON_HOLD,
            facts=["signer_blocked"],
            basis=Basis.DERIVED,
            source=f"inferred: {_QUERY} keeps CREATED while a participant in BLOCK waits for a decision",
        ),
        Rule("created", CREATED, ProcessStatus.IN_PROGRESS, source=_QUERY),
        Rule(
            "finish.no_file",
            "FINISH",
            ProcessStatus.FINALIZING,
            facts=["no_file"],
            basis=Basis.DERIVED,
            source=f"inferred: {_QUERY} answers a signed address of the file, and this answer has none",
        ),
        Rule("finish", "FINISH", ProcessStatus.COMPLETED, end_reason=EndReason.ALL_DONE, source=_QUERY),
        Rule(
            "rejected.by_signer",
            "REJECTED",
            ProcessStatus.DECLINED,
            facts=["signer_rejected"],
            basis=Basis.AMBIGUOUS,
            end_reason=EndReason.SIGNER_DECLINED,
            reopenable=True,
            source=f"{_QUERY}; inferred: a participant in REJECT distinguishes it from a cancel",
        ),
        Rule(
            "rejected",
            "REJECTED",
            ProcessStatus.CANCELLED,
            basis=Basis.AMBIGUOUS,
            end_reason=EndReason.SENDER_CANCELLED,
            reopenable=True,
            source=f"{_QUERY}; inferred: no word for cancelled is listed, and {_DOCUMENT_PAGE} ties this one to it",
        ),
        Rule(
            "expired",
            "EXPIRED",
            ProcessStatus.EXPIRED,
            end_reason=EndReason.DEADLINE_PASSED,
            reopenable=True,
            source=_QUERY,
        ),
    ),
)
"""The word under `status` in a query of a document or a package."""

PARTICIPANT: Vocabulary[SignerStatus] = Vocabulary(
    "auco.participant",
    SignerStatus.UNKNOWN,
    (
        Rule("notification", "NOTIFICATION", SignerStatus.NOTIFIED, source=_QUERY),
        Rule("reject", "REJECT", SignerStatus.DECLINED, end_reason=EndReason.SIGNER_DECLINED, source=_QUERY),
        Rule("finish", "FINISH", SignerStatus.DONE, source=_QUERY),
        Rule("block", "BLOCK", SignerStatus.BLOCKED, source=_QUERY),
        Rule("pending", "PENDING", SignerStatus.NOT_NOTIFIED, source=_QUERY),
    ),
)
"""The word of a person in a query."""

PACKAGE_DOCUMENT: Vocabulary[ProcessStatus] = Vocabulary(
    "auco.package_document",
    ProcessStatus.UNKNOWN,
    (
        Rule("create", "CREATE", ProcessStatus.IN_PROGRESS, source=_PACKAGE_PAGE),
        Rule("finish", "FINISH", ProcessStatus.COMPLETED, end_reason=EndReason.ALL_DONE, source=_PACKAGE_PAGE),
        Rule("reject", "REJECT", ProcessStatus.DECLINED, end_reason=EndReason.SIGNER_DECLINED, source=_PACKAGE_PAGE),
        Rule("expired", "EXPIRED", ProcessStatus.EXPIRED, end_reason=EndReason.DEADLINE_PASSED, source=_PACKAGE_PAGE),
    ),
)
"""The word of one document in a package's webhook."""

ATTACHMENT_SIGNER: Vocabulary[SignerStatus] = Vocabulary(
    "auco.attachment_signer",
    SignerStatus.UNKNOWN,
    (
        Rule("pending", "pending", SignerStatus.NOTIFIED, source=_ATTACHMENTS_PAGE),
        Rule(
            "uploaded",
            "uploaded",
            SignerStatus.DONE,
            basis=Basis.DERIVED,
            source=f"{_ATTACHMENTS_PAGE}: uploaded and not approved yet, so the person has done what was asked",
        ),
        Rule("approved", "approved", SignerStatus.DONE, source=_ATTACHMENTS_PAGE),
    ),
)
"""The word of a person who was asked for files."""

EDITED_SIGNER: Vocabulary[SignerStatus] = Vocabulary(
    "auco.edited_signer",
    SignerStatus.UNKNOWN,
    (Rule("pending", "pending", SignerStatus.NOT_NOTIFIED, source=_EDIT_PAGE),),
)
"""The word of a person in a process that is in edition."""

FACE: Vocabulary[ProcessStatus] = Vocabulary(
    "auco.face",
    ProcessStatus.UNKNOWN,
    (
        Rule("inprogress", "INPROGRESS", ProcessStatus.IN_PROGRESS, source=_FACE_PAGE),
        Rule("blocked", "BLOCKED", ProcessStatus.ON_HOLD, source=_FACE_PAGE),
        Rule("approved", "APPROVED", ProcessStatus.COMPLETED, end_reason=EndReason.ALL_DONE, source=_FACE_PAGE),
        Rule("validated", "VALIDATED", ProcessStatus.COMPLETED, end_reason=EndReason.ALL_DONE, source=_FACE_PAGE),
        Rule(
            "invalidated",
            "INVALIDATED",
            ProcessStatus.FAILED,
            end_reason=EndReason.IDENTITY_FAILED,
            source=_FACE_PAGE,
        ),
        Rule("expired", "EXPIRED", ProcessStatus.EXPIRED, end_reason=EndReason.DEADLINE_PASSED, source=_FACE_PAGE),
    ),
)
"""The word of an identity validation by AucoFace, in its query and in its webhook."""


@attrs.frozen
class EventRow:
    """One word of a webhook: what it says has happened, and the status of its person then."""

    id: str
    word: str
    kinds: tuple[EventKind, ...]
    signer: SignerStatus | None
    source: str
    basis: Basis = Basis.EXACT


_DECLINED = (EventKind.SIGNER_DECLINED, EventKind.PROCESS_DECLINED)
_FINISHED = (EventKind.PROCESS_COMPLETED, EventKind.FILES_READY)

DOCUMENT_EVENTS = (
    EventRow("create", "CREATE", (EventKind.PROCESS_CREATED,), None, _DOCUMENT_PAGE),
    EventRow("notification", "NOTIFICATION", (EventKind.SIGNER_DONE,), SignerStatus.DONE, _DOCUMENT_PAGE),
    EventRow("finish", "FINISH", _FINISHED, None, _DOCUMENT_PAGE),
    EventRow("reject", "REJECT", _DECLINED, SignerStatus.DECLINED, _DOCUMENT_PAGE),
    EventRow("rejected", "REJECTED", _DECLINED, SignerStatus.DECLINED, _DOCUMENT_PAGE),
    EventRow("blocked", "BLOCKED", (EventKind.SIGNER_BLOCKED,), SignerStatus.BLOCKED, _DOCUMENT_PAGE),
    EventRow("expired", "EXPIRED", (EventKind.PROCESS_EXPIRED,), None, _DOCUMENT_PAGE),
)
"""The words of a single document's webhook.

An event about a signer needs a signer in the delivery: without one, `REJECT` and `REJECTED` are `process.declined`
alone, ambiguous, because a cancel is announced by the same words (inferred), and other words are `unknown`.
`files.ready` needs the address of the file in the delivery."""

PACKAGE_EVENTS = (
    EventRow("create", "CREATE", (EventKind.PROCESS_CREATED,), None, _PACKAGE_PAGE),
    EventRow("notification", "NOTIFICATION", (EventKind.SIGNER_DONE,), SignerStatus.DONE, _PACKAGE_PAGE),
    EventRow("signed_package", "SIGNED_PACKAGE", _FINISHED, None, _PACKAGE_PAGE),
    EventRow("document_reject", "DOCUMENT_REJECT", (EventKind.DOCUMENT_DECLINED,), None, _PACKAGE_PAGE),
    EventRow("rejected", "REJECTED", _DECLINED, SignerStatus.DECLINED, _PACKAGE_PAGE),
    EventRow(
        "reject",
        "REJECT",
        _DECLINED,
        SignerStatus.DECLINED,
        f"inferred: {_PACKAGE_PAGE} lists REJECTED, and {_DOCUMENT_PAGE} lists REJECT for the same",
        Basis.DERIVED,
    ),
    EventRow("blocked", "BLOCKED", (EventKind.SIGNER_BLOCKED,), SignerStatus.BLOCKED, _PACKAGE_PAGE),
)
"""The words of a package's webhook; what is said of a document's about signers and files applies here too."""

FACE_EVENTS = (
    EventRow("approved", "APPROVED", (EventKind.SIGNER_AUTH_PASSED,), SignerStatus.DONE, _FACE_PAGE),
    EventRow("blocked", "BLOCKED", (EventKind.SIGNER_BLOCKED,), SignerStatus.BLOCKED, _FACE_PAGE),
    EventRow("validated", "VALIDATED", (EventKind.SIGNER_AUTH_PASSED,), SignerStatus.DONE, _FACE_PAGE),
    EventRow("invalidated", "INVALIDATED", (EventKind.SIGNER_AUTH_FAILED,), SignerStatus.FAILED, _FACE_PAGE),
)
"""The words of an AucoFace webhook."""


@attrs.frozen
class Entry:
    """One word of the roadmap: the neutral name of what happened."""

    word: str
    kind: EventKind
    source: str = _ROADMAP_PAGE


TIMELINE = (
    Entry("NOTIFICATION_SIGN", EventKind.SIGNER_NOTIFIED),
    Entry("NOTIFICATION_APPROVER", EventKind.SIGNER_NOTIFIED),
    Entry("NOTIFICATION_FINISH", EventKind.PROCESS_COMPLETED),
    Entry("NOTIFICATION_FAILED_SIGN", EventKind.SIGNER_DELIVERY_FAILED),
    Entry("REMINDER_SIGN", EventKind.SIGNER_REMINDED),
    Entry("REMINDER_APPROVE", EventKind.SIGNER_REMINDED),
    Entry("REMINDER_UPLOAD", EventKind.SIGNER_REMINDED),
    Entry("REMINDER_PAYMENT", EventKind.SIGNER_REMINDED),
    Entry("PARTICIPANT_READ", EventKind.SIGNER_VIEWED),
    Entry("READ_PARTICIPANT", EventKind.SIGNER_VIEWED),
    Entry("PARTICIPANT_SIGN", EventKind.SIGNER_DONE),
    Entry("PARTICIPANT_APPROVE", EventKind.SIGNER_DONE),
    Entry("PARTICIPANT_REJECT", EventKind.SIGNER_DECLINED),
    Entry("UPDATE_SIGNER", EventKind.SIGNER_REPLACED),
    # The page groups it with what happens to a process and does not say what it means.
    Entry("UPDATE_SIGN", EventKind.UNKNOWN),
    Entry("CANCEL_SIGN", EventKind.PROCESS_CANCELLED),
    Entry("REACTIVATION_SIGN", EventKind.PROCESS_REOPENED),
)
"""The words of the roadmap; the vendor says that there may be more."""


def event_row(table: tuple[EventRow, ...], word: str) -> EventRow | None:
    """Return the row of a webhook's word, or None where it is in no row."""
    return next((row for row in table if row.word == word), None)


def kind_of(action: str) -> EventKind:
    """Return the neutral name of an action of the roadmap."""
    return next((row.kind for row in TIMELINE if row.word == action), EventKind.UNKNOWN)


def facts(signers: tuple[Signer, ...]) -> frozenset[str]:
    """Return the facts that follow from the people of a process, for the rules of `PROCESS`."""
    found = {signer.status for signer in signers}
    names = {"signer_blocked": SignerStatus.BLOCKED, "signer_rejected": SignerStatus.DECLINED}
    return frozenset(name for name, status in names.items() if status in found)
