"""Write challenges and channels in Auco's fields `camera`, `otpCode` and `options`."""

from __future__ import annotations

from typing import Any

import attrs

from esign_auco.settings import Dialect
from esign_core.model.drafts import Challenge, ChallengeMethod, Channel, SignerDraft

__all__ = ["Identity", "OTP_WORDS", "OVER_WHATSAPP", "PROOFS", "card_of", "identity_of", "write_card", "write_identity"]

OTP_WORDS = {Channel.EMAIL: "email", Channel.SMS: "phone"}
"""How Auco names the channels by which a one-time code is sent."""
OVER_WHATSAPP = (Channel.WHATSAPP, Channel.EMAIL_AND_WHATSAPP)
"""The channels by which Auco asks a person over WhatsApp."""
PROOFS = ("camera", "otpCode", "both", "options")
"""The fields that ask for proofs of identity: at the root of all signers, in a signer of that person."""
# Where the vendor's older and newest texts spell one field differently.
_BACK: dict[Dialect, str] = {"classic": "identificationCardback", "current": "identificationCardBack"}


@attrs.frozen(kw_only=True)
class Identity:
    """The proofs of identity asked of a person; in a package, of all."""

    face: str | None = None
    """`photo`, or `identification`: the face is matched to the identity document."""
    back: bool = False
    video: bool = False
    otp: str | None = None
    whatsapp: bool = False
    both: bool = False


def identity_of(signer: SignerDraft) -> Identity:
    """Return what a draft asks of a person; matching the face to a document includes the photo of the face."""
    asked = {challenge.method: challenge for challenge in signer.challenges}
    card, code = asked.get(ChallengeMethod.ID_DOCUMENT), asked.get(ChallengeMethod.OTP)
    photo = "photo" if ChallengeMethod.FACE_PHOTO in asked else None
    return Identity(
        face="identification" if card else photo,
        back=card is not None and card.back,
        video=ChallengeMethod.VIDEO in asked,
        otp=OTP_WORDS.get(code.channel) if code and code.channel else None,
        whatsapp=signer.channel in OVER_WHATSAPP,
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
