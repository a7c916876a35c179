"""The rules of a resend at ArqSign: those that its edits decide alone, and those that a known process decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from esign_arqsign.rules.signers import is_brazilian, number_problem
from esign_arqsign.settings import is_guid
from esign_arqsign.wire.bits import CODE_CHANNELS, DELIVERY_CHANNELS
from esign_arqsign.wire.choices import ELECTRONIC, PERSON
from esign_arqsign.wire.fields import too_long
from esign_arqsign.wire.resend import RESEND
from esign_core.model.drafts import Channel
from esign_core.model.errors import ConflictError, Problem
from esign_core.model.fields import given
from esign_core.model.process import Process, Signer
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignatureDataEdit, SignerEdit
from esign_core.model.status import ProcessStatus, SignerStatus

__all__ = ["FINAL", "conflict", "has_expired", "known_problems", "resend_problems"]

_Found = Iterator[Problem]
_invalid, _unsupported = Problem.invalid, Problem.unsupported

FINAL = frozenset({ProcessStatus.COMPLETED, ProcessStatus.CANCELLED, ProcessStatus.DECLINED})
"""The statuses in which nothing can be done any more; a process never leaves them."""

_OVER = {SignerStatus.DONE: "has signed", SignerStatus.DECLINED: "has declined"}


def resend_problems(resend: Resend) -> tuple[Problem, ...]:
    """Return what ArqSign never accepts in a resend."""
    long = (
        _invalid(path, f"is longer than ArqSign's {limit} characters", "shorten it")
        for path, limit in too_long(resend, RESEND)
    )
    return (*long, *(problem for index, edit in enumerate(resend.edits) for problem in _edit(f"edits[{index}]", edit)))


def known_problems(resend: Resend, known: Process) -> tuple[Problem, ...]:
    """Return which edits the process forbids, as far as it was read."""
    return tuple(
        problem for index, edit in enumerate(resend.edits) for problem in _against(f"edits[{index}]", edit, known)
    )


def conflict(resend: Resend, known: Process, now: datetime) -> ConflictError | None:
    """Return the error where the process is in a state that cannot be resent as asked."""
    if known.status in FINAL:
        what = f"the process is {known.status.value} and cannot be resent"
        return ConflictError(what, hint="Create a new process: ArqSign can only bring back expired ones.")
    # A process just created may have a deadline that only the vendor knows.
    timed = known.status is ProcessStatus.IN_PROGRESS and known.expires_at is not None
    if resend.reopen and timed and not has_expired(known, now):
        return ConflictError("the process is open, so there is nothing to reopen", hint="Resend it without reopen.")
    if not resend.reopen and known.status is ProcessStatus.EXPIRED:
        return ConflictError("the process has expired", hint="Bring it back by Resend(reopen=True).")
    return None


def has_expired(known: Process | None, now: datetime) -> bool:
    """Tell whether a process read before is known to have expired by now."""
    if known is None:
        return False
    late = known.expires_at is not None and known.expires_at <= now
    return known.status is ProcessStatus.EXPIRED or (known.status is ProcessStatus.IN_PROGRESS and late)


def _edit(path: str, edit: SignerEdit) -> _Found:
    if edit.signer_id and not is_guid(edit.signer_id):
        yield _invalid(
            f"{path}.signer_id", "must be the id of a signer at ArqSign", "read the process: Signer.id is a GUID"
        )
    channel = edit.channel
    if isinstance(channel, Channel) and channel not in DELIVERY_CHANNELS:
        hint = "choose Channel.EMAIL or Channel.WHATSAPP"
        yield _unsupported(f"{path}.channel", "must be a channel by which ArqSign asks people", hint)
    if channel is Channel.EMAIL and not edit.email:
        yield _invalid(f"{path}.email", "is missing", "ArqSign wants the address again where the channel is e-mail")
    if channel is Channel.WHATSAPP and not edit.phone:
        yield _invalid(f"{path}.phone", "is missing", "ArqSign wants the number again where the channel is WhatsApp")
    if isinstance(edit.security_code, SecurityCodeEdit):
        yield from _code(f"{path}.security_code", edit.security_code)
    if isinstance(edit.signature_data, SignatureDataEdit):
        yield from _party(f"{path}.signature_data.signatory", edit.signature_data.signatory, "CPF")
        yield from _party(f"{path}.signature_data.company", edit.signature_data.company, "CNPJ")


def _code(path: str, code: SecurityCodeEdit) -> _Found:
    if isinstance(code.channel, Channel) and code.channel not in CODE_CHANNELS:
        hint = "choose EMAIL, SMS, WHATSAPP or NONE"
        yield _unsupported(f"{path}.channel", "must be a channel by which ArqSign sends codes", hint)
    if code.channel is Channel.EMAIL and not code.email:
        yield _invalid(f"{path}.email", "is missing", "the code goes out by e-mail")
    if code.channel in (Channel.SMS, Channel.WHATSAPP) and not code.phone:
        yield _invalid(f"{path}.phone", "is missing", "the code goes out by phone")
    elif code.channel is Channel.SMS and not is_brazilian(str(code.phone)):
        hint = "send the code by e-mail or WhatsApp"
        yield _unsupported(f"{path}.phone", "is not Brazilian, and ArqSign sends no SMS abroad", hint)


def _party(path: str, party: object, default: str) -> _Found:
    if not isinstance(party, PartyEdit):
        return
    has_name, has_number = bool(party.name), bool(party.document_number)
    if given(party.validate) and party.validate is not None and not has_number:
        hint = "give the number with it, or leave validate out"
        yield _unsupported(f"{path}.validate", "is ignored by ArqSign without a document_number", hint)
    if party.discard_previous and has_name and has_number:
        hint = "leave it out: both stored values are replaced anyway"
        yield _unsupported(f"{path}.discard_previous", "is ignored by ArqSign beside both values", hint)
    if party.validate is True and isinstance(party.document_number, str) and has_number:
        kind = (party.document_kind or default).strip().upper()
        yield from number_problem(path, kind, party.document_number)


def _against(path: str, edit: SignerEdit, known: Process) -> _Found:
    signer = next((each for each in known.signers if each.id.lower() == edit.signer_id.lower()), None)
    if signer is None:
        # Without ids (an old answer, a process just created) the signer may be one of those without.
        if known.signers and all(each.id for each in known.signers):
            hint = "edit people who sign: copies cannot be resent"
            yield _invalid(f"{path}.signer_id", "is not a signer of this process", hint)
        return
    if signer.status in _OVER:
        yield _invalid(f"{path}.signer_id", f"{_OVER[signer.status]} already", "edit people who have still to sign")
    signs_with = signer.facts.get("idTipoAssinatura")
    if edit.channel is Channel.WHATSAPP and signs_with not in (None, ELECTRONIC):
        hint = "ask people who sign with a certificate by e-mail"
        yield _unsupported(f"{path}.channel", "cannot be WhatsApp with a certificate", hint)
    no_code = signer.facts.get("idMeioEnvioCodigoSeguranca", "unsaid") is None
    if given(edit.security_code) and no_code:
        hint = "a code can be sent another way, but not be added: cancel, and create a new process"
        yield _unsupported(f"{path}.security_code", "is for a signer who has no code", hint)
    if isinstance(edit.signature_data, SignatureDataEdit):
        yield from _ignored_data(f"{path}.signature_data", edit.signature_data, signer)


def _ignored_data(path: str, data: SignatureDataEdit, signer: Signer) -> _Found:
    """Yield the data that ArqSign would accept and throw away ("serão desconsiderados"), as far as that is known."""
    facts = signer.facts
    hint = "leave it out; to set such data, cancel and create a new process"
    if facts.get("idTipoAssinatura") not in (None, ELECTRONIC):
        yield _unsupported(path, "is ignored by ArqSign for a signer with a certificate", hint)
    elif facts.get("dadosAssinatura") is False:
        yield _unsupported(path, "is ignored by ArqSign for a signer who was created without such data", hint)
    elif data.company and facts.get("assinarComo") == PERSON:
        yield _unsupported(f"{path}.company", "is ignored by ArqSign for a signer who signs as a person", hint)
