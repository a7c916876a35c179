"""Rules for the people of a draft: contacts, order, proofs of identity, files asked of them."""

from __future__ import annotations

from collections.abc import Iterator

from esign_auco.rules.placements import placement_problems, stored_positions, tag_problems
from esign_auco.settings import AucoSettings, Dialect
from esign_auco.wire.fields import Path
from esign_auco.wire.identity import OTP_WORDS, OVER_WHATSAPP
from esign_core.model.drafts import Challenge, ChallengeMethod, Channel, PlacementKind, ProcessDraft, Role, SignerDraft
from esign_core.model.errors import Problem
from esign_core.providers.validation import repeated

__all__ = ["Problems", "proof_problems", "signer_problems", "used_by"]

# Of all that the vendor and its integrators name: a kind outside the list is answered with 400.
_KINDS = ("CC", "CE", "CI", "CCCR", "CURP", "DL", "DNI", "DUI", "PASSPORT", "PEP", "PPT", "RUN", "RUT")

Problems = Iterator[Problem]


def signer_problems(draft: ProcessDraft, path: Path, settings: AucoSettings) -> Problems:
    """Find what Auco cannot accept of the people of a draft."""
    for index, signer in enumerate(draft.signers):
        where = f"signers[{index}]"
        yield from _contact(where, signer, path)
        yield from proof_problems(where, signer, settings.dialect)
        yield from placement_problems(where, signer, draft)
        yield from tag_problems(where, signer, draft, path, settings)
        if signer.notify is True and signer.channel is Channel.NONE:
            yield Problem.invalid(f"{where}.notify", "contradicts Channel.NONE", "leave one of them out")
        if path is Path.ATTACHMENTS and not signer.attachments:
            hint = "ask them for a file too, with required=False if need be"
            yield Problem.unsupported(
                f"{where}.attachments", "must not be empty: where Auco asks for files, it asks every signer", hint
            )
    yield from stored_positions(draft)
    yield from _repeated(draft)
    yield from _order(draft)


def used_by(signer: SignerDraft, where: str, path: Path) -> Iterator[tuple[str, str]]:
    """Yield the rows of the table of fields that a signer uses, each with the place in the draft."""
    # Who is asked for files is notified in any case, so that asking for it needs no place.
    silenced = signer.notify is False or (signer.notify is True and path is not Path.ATTACHMENTS)
    used = {
        "role: APPROVER": signer.role is Role.APPROVER,
        "notify": silenced,
        "channel: NONE": signer.channel is Channel.NONE,
        "attachments": bool(signer.attachments),
    }
    yield from ((f"signers[].{name}", f"{where}.{name.partition(':')[0]}") for name, is_used in used.items() if is_used)
    for number, placement in enumerate(signer.placements):
        at = f"{where}.placements[{number}]"
        if placement.kind is PlacementKind.TAG:
            yield "signers[].placements: tag", at
        if placement.template_id is not None:
            yield "signers[].placements: template_role(template_id=)", f"{at}.template_id"


def _contact(where: str, signer: SignerDraft, path: Path) -> Problems:
    if signer.email is None:
        yield Problem.unsupported(f"{where}.email", "is missing", "Auco identifies people by it, over WhatsApp too")
    if path is Path.ATTACHMENTS and signer.phone is None:
        yield Problem.unsupported(
            f"{where}.phone", "is missing", "Auco requires one of every signer where it asks for files"
        )


def _repeated(draft: ProcessDraft) -> Problems:
    for name in ("email", "phone"):
        for index in repeated(getattr(signer, name) for signer in draft.signers):
            hint = "give each person their own: Auco identifies people by it"
            yield Problem.unsupported(f"signers[{index}].{name}", "must not be another signer's too", hint)


def _order(draft: ProcessDraft) -> Problems:
    given = [signer.order is not None for signer in draft.signers]
    if draft.ordered and any(given):
        for index in (index for index, has in enumerate(given) if not has):
            hint = "give an order to all signers, or to none"
            yield Problem.invalid(f"signers[{index}].order", "must be given where others have one", hint)


def proof_problems(where: str, signer: SignerDraft, dialect: Dialect) -> Iterator[Problem]:
    """Find what Auco cannot ask of a person."""
    seen: set[ChallengeMethod] = set()
    for number, challenge in enumerate(signer.challenges):
        path = f"{where}.challenges[{number}]"
        if challenge.method in seen:
            yield Problem.unsupported(path, "asks a second time for the same kind of proof", "ask for each kind once")
        seen.add(challenge.method)
        yield from _one(path, where, challenge, signer, dialect)


def _one(path: str, where: str, challenge: Challenge, signer: SignerDraft, dialect: Dialect) -> Iterator[Problem]:
    over_whatsapp = signer.channel in OVER_WHATSAPP
    if challenge.method is ChallengeMethod.OTP:
        yield from _code(path, where, challenge, signer)
    if challenge.method is ChallengeMethod.VIDEO and dialect == "current":
        yield Problem.unsupported(
            path, "is not in Auco's newest texts any more", 'ask for face_photo(), or set dialect = "classic"'
        )
    if challenge.method is ChallengeMethod.VIDEO and not over_whatsapp:
        yield Problem.unsupported(path, "works over WhatsApp only", "give this person Channel.WHATSAPP")
    if challenge.back and not over_whatsapp:
        message = "asks for the card's back, which works over WhatsApp only"
        yield Problem.unsupported(path, message, "give them Channel.WHATSAPP")
    if challenge.method is ChallengeMethod.ID_DOCUMENT:
        yield from _card(path, challenge)


def _card(path: str, challenge: Challenge) -> Iterator[Problem]:
    country = challenge.country or ""
    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        yield Problem.invalid(f"{path}.country", "must be a country code of two letters", 'give ISO 3166: "CO"')
    # A missing kind is malformed at any provider, and core has found it already.
    if challenge.kind and challenge.kind not in _KINDS:
        hint = f"give one of {', '.join(_KINDS)}"
        yield Problem.unsupported(f"{path}.kind", "must be a kind of document that Auco checks", hint)


def _code(path: str, where: str, challenge: Challenge, signer: SignerDraft) -> Iterator[Problem]:
    if challenge.channel not in OTP_WORDS:
        yield Problem.unsupported(
            f"{path}.channel",
            "must be a channel by which Auco sends codes",
            "Challenge.otp(Channel.EMAIL) or Challenge.otp(Channel.SMS)",
        )
    elif challenge.channel is Channel.SMS and signer.phone is None:
        hint = "the code is sent to it: give one, or use Challenge.otp(Channel.EMAIL)"
        yield Problem.invalid(f"{where}.phone", "is missing", hint)
