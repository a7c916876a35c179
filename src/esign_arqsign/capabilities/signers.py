"""The rules one signer of a draft has to keep at ArqSign: contact, certificate, security code, data and places."""

from __future__ import annotations

from collections.abc import Iterator

from esign_arqsign.capabilities.numbers import is_brazilian, is_valid
from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.wire import choices
from esign_arqsign.wire.bits import OTHER_KIND
from esign_core.model.drafts import ChallengeMethod, Channel, Party, Placement, PlacementKind, ProcessDraft, SignerDraft
from esign_core.model.errors import Problem

__all__ = ["number_problem", "signer_problems"]

_Found = Iterator[Problem]


def signer_problems(draft: ProcessDraft, index: int, settings: ArqSignSettings) -> _Found:
    """Yield everything that ArqSign cannot take of one signer."""
    signer = draft.signers[index]
    path = f"signers[{index}]"
    yield from _contact(path, signer)
    yield from _certificate(path, signer)
    if signer.message is not None and not signer.message.strip():
        yield _problem(f"{path}.message", "is blank", "give a text, or leave it unset")
    yield from _code(path, signer)
    yield from _data(path, signer, settings)
    if choices.placed(draft):
        yield from _places(path, draft, signer)


def _problem(path: str, message: str, hint: str, *, unsupported: bool = False) -> Problem:
    return Problem(path=path, message=message, hint=hint, unsupported=unsupported)


def _contact(path: str, signer: SignerDraft) -> _Found:
    if signer.channel is Channel.EMAIL_AND_WHATSAPP:
        hint = "choose Channel.EMAIL or Channel.WHATSAPP"
        yield _problem(f"{path}.channel", "ArqSign asks a person in one way only", hint, unsupported=True)
    elif signer.channel is Channel.NONE and choices.contact(signer) == (None, None):
        yield _problem(
            f"{path}.email", "is missing", "ArqSign needs an e-mail or a phone even where nobody is notified"
        )
    if signer.channel is Channel.NONE and signer.notify:
        hint = "leave notify out, or choose the channel by which to notify"
        yield _problem(f"{path}.notify", "contradicts the channel, which is none", hint)


def _certificate(path: str, signer: SignerDraft) -> _Found:
    asked = [n for n, each in enumerate(signer.challenges) if each.method is ChallengeMethod.CERTIFICATE]
    for number in asked[1:]:
        yield _problem(f"{path}.challenges[{number}]", "is a second certificate", "ask for one")
    if asked and signer.channel is Channel.WHATSAPP:
        hint = "ask people who sign with a certificate by e-mail"
        yield _problem(f"{path}.channel", "cannot be WhatsApp with a certificate", hint, unsupported=True)


def _code(path: str, signer: SignerDraft) -> _Found:
    code = signer.security_code
    if code is None or not isinstance(code.channel, Channel):
        return
    email, phone = choices.code_contacts(signer, code)
    where = f"{path}.security_code"
    if code.channel is Channel.EMAIL and email is None:
        yield _problem(f"{where}.email", "is missing", "the code is to travel by e-mail")
    if code.channel in (Channel.SMS, Channel.WHATSAPP) and phone is None:
        yield _problem(f"{where}.phone", "is missing", "the code is to travel by phone")
    elif code.channel is Channel.SMS and not is_brazilian(str(phone)):
        hint = "send the code by e-mail or WhatsApp"
        yield _problem(f"{where}.phone", "is not Brazilian, and ArqSign sends no SMS abroad", hint, unsupported=True)


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
            yield _problem(where, "would be ignored by ArqSign", hint, unsupported=True)
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
        yield _problem(f"{where}.document_number", "is missing", "validate needs a number to compare with")


def number_problem(where: str, kind: str, number: str) -> _Found:
    """Yield what is wrong with a document's number."""
    if not is_valid(kind, number):
        hint = "look at its digits again: in a CPF or CNPJ the last two are computed from the others"
        yield _problem(f"{where}.document_number", f"is no valid {kind}", hint)


def _other(where: str, number: str, side: str, settings: ArqSignSettings) -> _Found:
    prefix = "document" if side == "signatory" else "company_document"
    longest: int = getattr(settings, f"{prefix}_length")
    if len(number) > longest:
        hint = f"the account's {prefix}_length allows {longest}"
        yield _problem(f"{where}.document_number", "has too many characters", hint)
    if getattr(settings, f"{prefix}_format") == "numeric" and not number.isdecimal():
        hint = f"the account's {prefix}_format is numeric"
        yield _problem(f"{where}.document_number", "is not made of digits", hint)


def _places(path: str, draft: ProcessDraft, signer: SignerDraft) -> _Found:
    """Once anybody has a place, everybody needs theirs in every document."""
    boxes = [each for each in signer.placements if each.kind is PlacementKind.BOX]
    if len(boxes) < len(signer.placements):
        return
    wanted = 2 if choices.signs_as(signer) == choices.BOTH else 1
    for index in range(len(draft.documents)):
        found = [each for each in boxes if each.document in (None, index)]
        if not found:
            hint = "give every signer a box in every document, or leave all placements out"
            yield _problem(f"{path}.placements", f"has no box in document {index}", hint)
        elif len(found) != wanted:
            hint = "give two, the person's and then the company's" if wanted == 2 else "give one box for each document"
            message = f"has {len(found)} boxes in document {index}, and ArqSign takes {wanted}"
            yield _problem(f"{path}.placements", message, hint, unsupported=True)
    yield from _company_boxes(path, signer, boxes)


def _company_boxes(path: str, signer: SignerDraft, boxes: list[Placement]) -> _Found:
    if choices.signs_as(signer) == choices.PERSON:
        return
    for number, box in enumerate(boxes):
        if not box.x or not box.y:
            hint = "a company's box may not begin at the very edge: move it by a point"
            yield _problem(f"{path}.placements[{number}]", "lies on the edge of its page", hint, unsupported=True)
