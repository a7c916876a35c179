"""What a draft chooses without saying so in the vendor's terms: type of signature, who signs, contact, order, days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.wire.bits import COMPANY_KINDS, OTHER_KIND, PERSON_KINDS
from esign_core.model.drafts import Challenge, ChallengeMethod, Channel, Party, ProcessDraft, SecurityCode, SignerDraft

__all__ = [
    "BOTH",
    "COMPANY",
    "ELECTRONIC",
    "MOST_DAYS",
    "PERSON",
    "certificate",
    "code_contacts",
    "company_kind",
    "contact",
    "days_until",
    "expiry",
    "file_name",
    "millimetres",
    "order_of",
    "person_kind",
    "placed",
    "signature_type",
    "signs_as",
    "silent",
    "title",
]

PERSON, COMPANY, BOTH = 1, 2, 3
"""Who signs: `assinarComo`."""

ELECTRONIC, ICP_BRASIL, OTHER_CERTIFICATE = 1, 3, 4

_DAY = timedelta(days=1)

MOST_DAYS = 999
"""How many days an expiry or a reminder may be away."""


def certificate(signer: SignerDraft) -> Challenge | None:
    """Return the digital certificate asked of a signer, if any."""
    return next((each for each in signer.challenges if each.method is ChallengeMethod.CERTIFICATE), None)


def signature_type(signer: SignerDraft) -> int:
    """Return `idTipoAssinatura`: electronic unless a certificate is asked for."""
    asked = certificate(signer)
    if asked is None:
        return ELECTRONIC
    return ICP_BRASIL if asked.icp_brasil else OTHER_CERTIFICATE


def signs_as(signer: SignerDraft) -> int:
    """Return `assinarComo`, from which parties the signature data has; a person by default."""
    data = signer.signature_data
    if data is None or data.company is None:
        return PERSON
    return COMPANY if data.signatory is None else BOTH


def person_kind(party: Party | None, settings: ArqSignSettings) -> tuple[int, str]:
    """Return the vendor's number and the name of the document a person states."""
    return _kind(party, settings.document_kind, PERSON_KINDS)


def company_kind(party: Party | None, settings: ArqSignSettings) -> tuple[int, str]:
    """Return the vendor's number and the name of the document that is stated of a company."""
    return _kind(party, settings.company_document_kind, COMPANY_KINDS)


def _kind(party: Party | None, default: str, numbers: Mapping[str, int]) -> tuple[int, str]:
    name = ((party.document_kind if party else None) or default).strip()
    known = numbers.get(name.upper())
    return (OTHER_KIND, name) if known is None else (known, name.upper())


def contact(signer: SignerDraft) -> tuple[str | None, str | None]:
    """Return e-mail and phone, of which exactly one is given: the vendor takes only one, and asks by it."""
    by_phone = signer.channel is Channel.WHATSAPP or (signer.channel is Channel.NONE and signer.email is None)
    return (None, signer.phone) if by_phone else (signer.email, None)


def silent(draft: ProcessDraft, signer: SignerDraft) -> bool:
    """Tell whether a signer is not to be notified."""
    if signer.channel is Channel.NONE or signer.notify is False:
        return True
    return draft.notify is False and signer.notify is None


def order_of(draft: ProcessDraft, index: int) -> int:
    """Return a signer's place in the order: as given, or as they stand; 1 for all where there is no order."""
    if not draft.ordered:
        return 1
    order = draft.signers[index].order
    return index + 1 if order is None else order


def code_contacts(signer: SignerDraft, code: SecurityCode) -> tuple[str | None, str | None]:
    """Return the e-mail and phone that a security code goes to; the signer's own where it needs one and has none."""
    email, phone = code.email, code.phone
    if code.channel is Channel.EMAIL and email is None:
        email = signer.email
    if code.channel in (Channel.SMS, Channel.WHATSAPP) and phone is None:
        phone = signer.phone
    return email, phone


def placed(draft: ProcessDraft) -> bool:
    """Tell whether any signer has a place to sign; then all need one, in every document."""
    return any(signer.placements for signer in draft.signers)


def days_until(moment: datetime, now: datetime) -> int:
    """Return the whole days from now that reach a moment: the vendor counts in days, so they are rounded up."""
    return -((now - moment) // _DAY)


def expiry(moment: datetime, now: datetime) -> datetime | None:
    """Return when a process expires that must be open until a moment: never earlier, and less than a day later.

    Returns:
        None where the vendor cannot count so far, or where a datetime cannot.
    """
    days = days_until(moment, now)
    try:
        return now + days * _DAY if 1 <= days <= MOST_DAYS else None
    except OverflowError:
        return None


def title(draft: ProcessDraft) -> str:
    """Return what stands above a message to one signer: the subject, or the process's name where it is blank."""
    subject = draft.subject or ""
    return subject if subject.strip() else draft.name


def file_name(name: str) -> str:
    """Return a document's name with the ending that the vendor demands."""
    return name if name.lower().endswith(".pdf") else f"{name}.pdf"


def millimetres(points: float) -> float:
    """Return a length in PDF points (1/72 inch) in millimetres."""
    return round(points * 25.4 / 72, 6)
