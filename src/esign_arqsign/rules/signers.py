"""The rules of one signer of a draft at ArqSign: contact, certificate, message, security code, signature data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.br import cnpj, cpf

from esign_arqsign.rules.placements import placement_problems
from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.wire import choices
from esign_arqsign.wire.bits import OTHER_KIND
from esign_core.model.drafts import ChallengeMethod, Channel, Party, ProcessDraft, SignerDraft
from esign_core.model.errors import Problem

__all__ = ["is_brazilian", "is_valid_number", "number_problem", "signer_problems"]

_Found = Iterator[Problem]
_invalid, _unsupported = Problem.invalid, Problem.unsupported
_LONGEST_TITLE = 150


def signer_problems(draft: ProcessDraft, index: int, settings: ArqSignSettings) -> _Found:
    """Yield everything that ArqSign cannot take of one signer."""
    signer = draft.signers[index]
    path = f"signers[{index}]"
    yield from _contact(path, signer)
    yield from _certificate(path, signer)
    yield from _message(path, draft, signer)
    yield from _code(path, signer)
    yield from _data(path, signer, settings)
    yield from placement_problems(path, draft, signer)


def is_valid_number(kind: str, number: str) -> bool:
    """Tell whether a number is right for its kind: check digits of CPF and CNPJ, the alphanumeric CNPJ included.

    A number of one repeated digit has right check digits and was never given out. A CNH has 11 digits; the numbers of
    an RG and of any other document have no known form.
    """
    bare = re.sub(r"[\s./-]", "", number)
    if kind == "CPF":
        return len(set(bare)) > 1 and cpf.is_valid(number)
    if kind == "CNPJ":
        return len(set(bare)) > 1 and cnpj.is_valid(number)
    return kind != "CNH" or re.fullmatch("[0-9]{11}", bare) is not None


def is_brazilian(phone: str) -> bool:
    """Tell whether a phone number in E.164 is one that ArqSign sends an SMS to: two digits of area, 8 or 9 more."""
    return re.fullmatch(r"\+55[0-9]{10,11}", phone) is not None


def _message(path: str, draft: ProcessDraft, signer: SignerDraft) -> _Found:
    if signer.message is None:
        return
    if not signer.message.strip():
        yield _invalid(f"{path}.message", "is blank", "give a text, or leave it unset")
    if len(choices.title(draft)) > _LONGEST_TITLE and len(draft.subject or "") <= _LONGEST_TITLE:
        hint = f"give a subject of at most {_LONGEST_TITLE} characters: without one the process's name stands in"
        yield _invalid("subject", "is needed above a message to one signer, as the name is too long for it", hint)


def _contact(path: str, signer: SignerDraft) -> _Found:
    if signer.channel is Channel.EMAIL_AND_WHATSAPP:
        hint = "choose Channel.EMAIL or Channel.WHATSAPP"
        yield _unsupported(
            f"{path}.channel", "must be one channel: ArqSign asks a person by e-mail or by WhatsApp", hint
        )
    elif signer.channel is Channel.NONE and choices.contact(signer) == (None, None):
        yield _invalid(
            f"{path}.email", "is missing", "ArqSign needs an e-mail or a phone even where nobody is notified"
        )
    if signer.channel is Channel.NONE and signer.notify:
        hint = "leave notify out, or choose the channel by which to notify"
        yield _invalid(f"{path}.notify", "contradicts the channel, which is none", hint)


def _certificate(path: str, signer: SignerDraft) -> _Found:
    asked = [n for n, each in enumerate(signer.challenges) if each.method is ChallengeMethod.CERTIFICATE]
    for number in asked[1:]:
        yield _invalid(f"{path}.challenges[{number}]", "is a second certificate", "ask for one")
    if asked and signer.channel is Channel.WHATSAPP:
        hint = "ask people who sign with a certificate by e-mail"
        yield _unsupported(f"{path}.channel", "cannot be WhatsApp with a certificate", hint)


def _code(path: str, signer: SignerDraft) -> _Found:
    code = signer.security_code
    if code is None or not isinstance(code.channel, Channel):
        return
    email, phone = choices.code_contacts(signer, code)
    where = f"{path}.security_code"
    if code.channel is Channel.EMAIL and email is None:
        yield _invalid(f"{where}.email", "is missing", "the code goes out by e-mail")
    if code.channel in (Channel.SMS, Channel.WHATSAPP) and phone is None:
        yield _invalid(f"{where}.phone", "is missing", "the code goes out by phone")
    elif code.channel is Channel.SMS and not is_brazilian(str(phone)):
        hint = "send the code by e-mail or WhatsApp"
        yield _unsupported(f"{where}.phone", "is not Brazilian, and ArqSign sends no SMS abroad", hint)


def _data(path: str, signer: SignerDraft, settings: ArqSignSettings) -> _Found:
    data = signer.signature_data
    if data is None:
        return
    kinds = {"signatory": choices.person_kind, "company": choices.company_kind}
    for side, kind_of in kinds.items():
        party: Party | None = getattr(data, side)
        if party is None:
            continue
        where = f"{path}.signature_data.{side}"
        stated = (party.name, party.document_number, party.document_kind, party.validate)
        if choices.certificate(signer) is not None and stated != (None,) * 4:
            hint = "leave it out: with a certificate the signer's data are the certificate's"
            yield _unsupported(where, "would be ignored by ArqSign", hint)
            continue
        kind, name = kind_of(party, settings)
        yield from _party(where, party, name)
        if kind == OTHER_KIND and party.document_number is not None:
            yield from _other(where, party.document_number, side, settings)


def _party(where: str, party: Party, kind: str) -> _Found:
    if party.document_number is not None:
        # The vendor judges every number by its kind, also one that is only filled in.
        yield from number_problem(where, kind, party.document_number)
    elif party.validate:
        yield _invalid(f"{where}.document_number", "is missing", "validate needs a number to compare with")


def number_problem(where: str, kind: str, number: str) -> _Found:
    """Yield what is wrong with a document's number."""
    if not is_valid_number(kind, number):
        hint = "check its digits: in a CPF or CNPJ the last two are computed from the others"
        yield _invalid(f"{where}.document_number", f"is not a valid {kind}", hint)


def _other(where: str, number: str, side: str, settings: ArqSignSettings) -> _Found:
    prefix = "document" if side == "signatory" else "company_document"
    longest: int = getattr(settings, f"{prefix}_length")
    if len(number) > longest:
        hint = f"the account's {prefix}_length allows {longest}"
        yield _invalid(f"{where}.document_number", "has too many characters", hint)
    if getattr(settings, f"{prefix}_format") == "numeric" and not number.isdecimal():
        hint = f"the account's {prefix}_format is numeric"
        yield _invalid(f"{where}.document_number", "is not made of digits", hint)
