"""Statuses: the vendor's words and flags as tables of rules, one for each place they are read in.

The number `idStatus` decides about a process, never the localised text beside it; the text is read only in old
answers that have no number. People have no status at ArqSign: theirs follows from the flags of an answer.
"""

from __future__ import annotations

from typing import Any

from esign_core.model.status import Basis, EndReason, ProcessStatus, Rule, SignerStatus, Vocabulary

__all__ = [
    "CREATED",
    "ENDED",
    "EVENT_SIGNER",
    "PROCESS",
    "PROCESS_TEXT",
    "SIGNER",
]

_OVER = EndReason.DEADLINE_PASSED
_REFUSED = EndReason.SIGNER_DECLINED
_CANCELLED = EndReason.SENDER_CANCELLED
_FULL = "full process read (GET v2)"
_LIGHT = "light status read (GET v1 status-do-processo)"
_SIGNERS = "signers read (GET v1 dados-signatarios)"
_HOOK = "table of webhook triggers (POST v1 confwebhook)"
_INFERRED = "inferred: "


def _process_rules(words: tuple[str, str, str, str, str], source: str) -> tuple[Rule[ProcessStatus], ...]:
    created, waiting, signing, done, ended = words
    status, derived = ProcessStatus, Basis.DERIVED
    flag = _LIGHT + ", flag expirado; or expiry date before now"
    late: dict[str, Any] = {
        "facts": {"overdue"},
        "basis": derived,
        "end_reason": _OVER,
        "reopenable": True,
        "source": flag,
    }
    refused: dict[str, Any] = {"facts": {"declined"}, "basis": derived, "end_reason": _REFUSED}
    unlisted: dict[str, Any] = {"facts": {"signers_unlisted"}, "basis": Basis.AMBIGUOUS, "end_reason": _CANCELLED}
    return (
        Rule("created", created, status.DRAFT, source=source),
        Rule("waiting_overdue", waiting, status.EXPIRED, **late),
        Rule("signing_overdue", signing, status.EXPIRED, **late),
        Rule("waiting", waiting, status.IN_PROGRESS, source=source),
        Rule("signing", signing, status.IN_PROGRESS, source=source),
        Rule("done", done, status.COMPLETED, end_reason=EndReason.ALL_DONE, source=source),
        Rule("declined", ended, status.DECLINED, source=f"{_FULL}, flag assinaturaRecusada", **refused),
        Rule("ended_unlisted", ended, status.CANCELLED, source=f"{source}; the answer names no signers", **unlisted),
        Rule("cancelled", ended, status.CANCELLED, basis=derived, end_reason=_CANCELLED, source=source),
    )


PROCESS = Vocabulary(
    "arqsign.process",
    ProcessStatus.UNKNOWN,
    _process_rules(("1", "2", "3", "4", "5"), f"{_FULL}, idStatus"),
)
"""What `idStatus` means, with the facts `overdue`, `declined` and `signers_unlisted`."""

PROCESS_TEXT = Vocabulary(
    "arqsign.process_text",
    ProcessStatus.UNKNOWN,
    _process_rules(("Criado", "Aguardando", "Em processo", "Concluído", "Cancelado"), f"{_FULL}, status in Portuguese"),
)
"""What the text means in answers that have no `idStatus`: only the documented Portuguese words."""

_FLAGS = Basis.DERIVED

SIGNER = Vocabulary(
    "arqsign.signer",
    SignerStatus.UNKNOWN,
    (
        Rule(
            "declined",
            None,
            SignerStatus.DECLINED,
            facts={"assinaturaRecusada"},
            basis=_FLAGS,
            end_reason=_REFUSED,
            source=_SIGNERS,
        ),
        Rule("signed", None, SignerStatus.DONE, facts={"assinado"}, basis=_FLAGS, source=_SIGNERS),
        Rule("signed_on", None, SignerStatus.DONE, facts={"dataAssinatura"}, basis=_FLAGS, source=_FULL),
        Rule(
            "process_ended",
            None,
            SignerStatus.CANCELLED,
            facts={"process_ended"},
            basis=_FLAGS,
            source=_INFERRED + "a cancelled process cannot be signed any more",
        ),
        Rule(
            "process_overdue",
            None,
            SignerStatus.EXPIRED,
            facts={"process_overdue"},
            basis=_FLAGS,
            end_reason=_OVER,
            reopenable=True,
            source=_INFERRED + "an expired process cannot be signed until it is resent",
        ),
        Rule(
            "process_created",
            None,
            SignerStatus.NOT_NOTIFIED,
            facts={"process_created"},
            basis=_FLAGS,
            source=_INFERRED + "a process that was not sent has notified no signer",
        ),
        Rule("waiting", None, SignerStatus.NOT_NOTIFIED, facts={"aguardandoEnvio"}, basis=_FLAGS, source=_FULL),
        Rule(
            "later_order",
            None,
            SignerStatus.NOT_NOTIFIED,
            facts={"later_order"},
            basis=_FLAGS,
            source="send (POST v2): later orders go out as earlier ones finish",
        ),
        Rule("undelivered", None, SignerStatus.DELIVERY_FAILED, facts={"falhaEnvio"}, basis=_FLAGS, source=_SIGNERS),
        Rule(
            "code_undelivered",
            None,
            SignerStatus.DELIVERY_FAILED,
            facts={"falhaEnvioCodigoSeguranca"},
            basis=_FLAGS,
            source=_SIGNERS,
        ),
        Rule(
            "asked",
            None,
            SignerStatus.NOTIFIED,
            basis=_FLAGS,
            source=_INFERRED + "in a sent process, in the current order, and no flag is set",
        ),
    ),
)
"""What the flags of a signer mean; the first that is set decides."""

EVENT_SIGNER = Vocabulary(
    "arqsign.event_signer",
    SignerStatus.UNKNOWN,
    (
        Rule("undelivered", "2", SignerStatus.DELIVERY_FAILED, source=_HOOK),
        Rule("signed", "3", SignerStatus.DONE, source=_HOOK),
        Rule("declined", "4", SignerStatus.DECLINED, end_reason=_REFUSED, source=_HOOK),
        Rule("resent", "7", SignerStatus.NOTIFIED, source=_HOOK),
    ),
)
"""What a webhook's trigger says of the signer it names."""

CREATED = "arqsign.command.create"
"""The rule of a status that follows from an accepted create."""

ENDED = "arqsign.command.cancel"
"""The rule of a status that follows from an accepted cancel."""
