"""Proofs of identity: neutral challenges and channels turned into `camera`, `otpCode` and `options`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from esign_auco.settings import Dialect
from esign_core.model.drafts import Challenge, ChallengeMethod, Channel, SignerDraft
from esign_core.model.errors import Problem

__all__ = ["Identity", "card_of", "identity_of", "problems", "write_card", "write_identity"]

_OTP = {Channel.EMAIL: "email", Channel.SMS: "phone"}
# Of all that the vendor and its integrators name: a kind outside the list is answered with 400.
_KINDS = ("CC", "CE", "CI", "CCCR", "CURP", "DL", "DNI", "DUI", "PASSPORT", "PEP", "PPT", "RUN", "RUT")
_OVER_WHATSAPP = (Channel.WHATSAPP, Channel.EMAIL_AND_WHATSAPP)
# Where the vendor's older and newest texts spell one field differently.
_BACK: dict[Dialect, str] = {"classic": "identificationCardback", "current": "identificationCardBack"}


@attrs.frozen(kw_only=True)
class Identity:
    """What is asked of a person besides signing; in a package, of everybody."""

    face: str | None = None
    """`photo`, or `identification`: the face is matched to the identity document."""
    back: bool = False
    video: bool = False
    otp: str | None = None
    whatsapp: bool = False
    both: bool = False


def identity_of(signer: SignerDraft) -> Identity:
    """Return what a draft asks of a person; the face matched to a document includes the photo of the face."""
    asked = {challenge.method: challenge for challenge in signer.challenges}
    card, code = asked.get(ChallengeMethod.ID_DOCUMENT), asked.get(ChallengeMethod.OTP)
    photo = "photo" if ChallengeMethod.FACE_PHOTO in asked else None
    return Identity(
        face="identification" if card else photo,
        back=card is not None and card.back,
        video=ChallengeMethod.VIDEO in asked,
        otp=_OTP.get(code.channel) if code and code.channel else None,
        whatsapp=signer.channel in _OVER_WHATSAPP,
        both=signer.channel is Channel.EMAIL_AND_WHATSAPP,
    )


def card_of(signer: SignerDraft) -> Challenge | None:
    """Return the identity document a draft asks of a person."""
    return next((item for item in signer.challenges if item.method is ChallengeMethod.ID_DOCUMENT), None)


def write_identity(identity: Identity, dialect: Dialect) -> dict[str, Any]:
    """Return the fields that ask for it, to be put beside each other at the root or in a signer."""
    options: dict[str, Any] = {}
    written: dict[str, Any] = {}
    if identity.face or identity.video:
        written["camera"] = True
    if identity.face:
        options["camera"] = identity.face
    if identity.back:
        options[_BACK[dialect]] = True
    if identity.video:
        options["video"] = True
    if identity.whatsapp:
        options["whatsapp"] = True
    if identity.both:
        (written if dialect == "classic" else options)["both"] = True
    if identity.otp:
        written["otpCode"] = True
        options["otpCode"] = identity.otp
    return {**written, "options": options} if options else written


def write_card(card: Challenge | None) -> dict[str, Any]:
    """Return the fields that say which identity document a person has."""
    if card is None:
        return {}
    return {"identification": card.number, "identificationType": card.kind, "country": card.country}


def problems(where: str, signer: SignerDraft, dialect: Dialect) -> Iterator[Problem]:
    """Find what Auco cannot ask of a person."""
    seen: set[ChallengeMethod] = set()
    for number, challenge in enumerate(signer.challenges):
        path = f"{where}.challenges[{number}]"
        if challenge.method in seen:
            yield _problem(path, "asks a second time for the same kind of proof", "ask for each kind once")
        seen.add(challenge.method)
        yield from _one(path, where, challenge, signer, dialect)


def _one(path: str, where: str, challenge: Challenge, signer: SignerDraft, dialect: Dialect) -> Iterator[Problem]:
    over_whatsapp = signer.channel in _OVER_WHATSAPP
    if challenge.method is ChallengeMethod.OTP:
        yield from _code(path, where, challenge, signer)
    if challenge.method is ChallengeMethod.VIDEO and dialect == "current":
        yield _problem(
            path, "is no longer known to Auco's newest texts", 'ask for face_photo(), or set dialect = "classic"'
        )
    if challenge.method is ChallengeMethod.VIDEO and not over_whatsapp:
        yield _problem(path, "works over WhatsApp only", "give this person Channel.WHATSAPP")
    if challenge.back and not over_whatsapp:
        yield _problem(path, "asks for the card's back, which works over WhatsApp only", "give them Channel.WHATSAPP")
    if challenge.method is ChallengeMethod.ID_DOCUMENT:
        yield from _card(path, challenge)


def _card(path: str, challenge: Challenge) -> Iterator[Problem]:
    country = challenge.country or ""
    if not (len(country) == 2 and country.isascii() and country.isalpha() and country.isupper()):
        yield Problem(path=f"{path}.country", message="is no country of two letters", hint='give ISO 3166: "CO"')
    # A kind that is missing is malformed anywhere, and said so before.
    if challenge.kind and challenge.kind not in _KINDS:
        yield _problem(f"{path}.kind", "is no kind of document that Auco checks", f"one of {', '.join(_KINDS)}")


def _code(path: str, where: str, challenge: Challenge, signer: SignerDraft) -> Iterator[Problem]:
    if challenge.channel not in _OTP:
        yield _problem(
            f"{path}.channel",
            "is no way for a code to travel at Auco",
            "Challenge.otp(Channel.EMAIL) or Challenge.otp(Channel.SMS)",
        )
    elif challenge.channel is Channel.SMS and signer.phone is None:
        hint = "the code travels to it; give one, or use Challenge.otp(Channel.EMAIL)"
        yield Problem(path=f"{where}.phone", message="is missing", hint=hint)


def _problem(path: str, message: str, hint: str) -> Problem:
    return Problem(path=path, message=message, hint=hint, unsupported=True)
