"""AucoFace: validate a person's identity without a document to sign, and check single images."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import attrs

from esign_auco.operations.shared import given, listed, load_code, named, need
from esign_auco.provider import Auco
from esign_auco.statuses import FACE
from esign_auco.wire.loading import answered_at, read, read_object
from esign_core.model.documents import Document
from esign_core.model.errors import Problem
from esign_core.model.status import ProcessStatus, StatusDetail
from esign_core.providers.capabilities import refuse
from esign_core.providers.convert import Flag, Text, format_instant, wired
from esign_core.providers.flow import Call, Flow, Reply

__all__ = [
    "Attempt",
    "CardCheck",
    "FaceError",
    "FaceMatch",
    "FaceValidation",
    "LIFETIME",
    "WireFace",
    "check_card",
    "face_validation",
    "load_card",
    "load_face",
    "load_match",
    "match_face",
    "validate_face",
]

LIFETIME = timedelta(minutes=5)
"""How long the addresses of the images of a validation hold."""


@attrs.frozen(kw_only=True)
class FaceError:
    """Why an attempt failed."""

    key: Text = wired("key", None)
    error: Text = wired("error", None)


@attrs.frozen(kw_only=True)
class Attempt:
    """One try of a person to show who they are; its images are in `raw`, at addresses that hold for five minutes."""

    similarity: float | None = wired("similarity", None)
    """From 0 to 100."""
    errors: tuple[FaceError, ...] = wired("errorMessages", ())
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class WireFace:
    """A validation as the answer has it."""

    status: str = wired("status")
    code: Text = wired("code", None)
    attempts: tuple[Mapping[str, Any], ...] | None = wired("attempts", None)
    ocr_data: Any = wired("ocrData", None, repr=False)
    hash: Text = wired("hash", None)
    custom: Any = wired("custom", None, repr=False)


@attrs.frozen(kw_only=True)
class FaceValidation:
    """Where a validation of a person's identity stands."""

    code: str
    status: ProcessStatus
    status_detail: StatusDetail
    attempts: tuple[Attempt, ...] = attrs.field(default=(), repr=False)
    ocr_data: Any = attrs.field(default=None, repr=False)
    """What was read from the identity document."""
    hash: str | None = None
    """Of the finished validation."""
    custom: Any = attrs.field(default=None, repr=False)
    images_until: datetime | None = None
    """Until when the addresses of the images hold; None where the answer had no date and the caller gave no moment."""
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class CardCheck:
    """Whether an image shows a genuine identity document."""

    code: Text = wired("code", None)
    error: Flag = wired("error")
    message: Text = wired("message", None)
    """Why not, for example `DOCUMENT_FAKE`."""
    is_front: Flag = wired("isFront", None)
    data: Any = wired("data", None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


@attrs.frozen(kw_only=True)
class FaceMatch:
    """Whether a face is the one on an identity document."""

    error: Flag = wired("error")
    similarity: float | None = wired("similarity", None)
    code: Text = wired("code", None)
    card: CardCheck | None = wired("identificationCard", None)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


def load_face(reply: Reply, code: str, now: datetime | None) -> FaceValidation:
    """Read where a validation stands.

    Raises:
        UnreadableReplyError: the answer does not say.
    """
    tree = read_object(reply, "the validation")
    answer = read(WireFace, tree, "the validation")
    status, detail = FACE.read(answer.status)
    moment = answered_at(reply, now)
    return FaceValidation(
        code=answer.code or code,
        status=status,
        status_detail=detail,
        attempts=tuple(read(Attempt, each, "an attempt") for each in answer.attempts or ()),
        ocr_data=answer.ocr_data,
        hash=answer.hash,
        custom=answer.custom,
        images_until=None if moment is None else moment + LIFETIME,
        raw=tree,
    )


def load_match(reply: Reply) -> FaceMatch:
    """Read whether a face is the one on a document.

    Raises:
        UnreadableReplyError: the answer does not say.
    """
    return read(FaceMatch, read_object(reply, "the comparison"), "the comparison")


def load_card(reply: Reply) -> CardCheck:
    """Read whether an image shows a genuine document.

    Raises:
        UnreadableReplyError: the answer does not say.
    """
    return read(CardCheck, read_object(reply, "the check"), "the check")


def validate_face(  # noqa: PLR0913 - each argument is a field of the vendor's
    provider: Auco,
    *,
    name: str,
    platform: Literal["whatsapp", "web"],
    country: str,
    kind: str,
    number: str,
    phone: str | None = None,
    user_email: str | None = None,
    validations: Iterable[str] | None = None,
    custom: Mapping[str, Any] | None = None,
    expires_at: datetime | None = None,
    tags: Iterable[str] | None = None,
    target_webhooks: Iterable[str] | None = None,
    requested_by: str | None = None,
) -> Flow[str]:
    """Ask a person to show who they are; returns the validation's code.

    Args:
        provider: the account's provider.
        name: of the person.
        platform: `whatsapp` (needs `phone`) or `web`.
        country: two letters.
        kind: of identity document, such as `CC`.
        number: of the identity document.
        phone: in E.164.
        user_email: of the person.
        validations: over the web only: `photo`, `identification`, `identificationBack` (which needs the second).
        custom: your own data, given back by reads and webhooks.
        expires_at: an aware datetime, more than 3 days ahead.
        tags: names of tags that are there already.
        target_webhooks: ids of the webhooks to notify; `default` otherwise.
        requested_by: the user who asks; the account's sender otherwise.
    """
    wanted = None if validations is None else list(validations)
    refuse(_face_problems(platform, phone, wanted))
    body = {
        "email": provider.acting(requested_by),
        "platform": platform,
        "name": name,
        "country": country,
        "type": kind,
        "identification": number,
        **given(
            phone=phone,
            userEmail=user_email,
            validationTypes=wanted,
            custom=custom,
            expiredDate=None if expires_at is None else format_instant(expires_at),
            tags=listed(tags),
            targetWebhooks=listed(target_webhooks),
        ),
    }
    reply = yield Call.post("/veriface", json=body)
    return load_code(reply, "the validation")


def face_validation(provider: Auco, code: str, *, now: datetime | None = None) -> Flow[FaceValidation]:
    """Read where a validation stands, and its attempts."""
    del provider
    need(code=not code)
    reply = yield Call.get("/veriface", query={"code": code})
    return load_face(reply, code, now)


def match_face(
    provider: Auco,
    *,
    country: str,
    kind: str,
    number: str,
    document_image: Document | str,
    photo: Document | str,
) -> Flow[FaceMatch]:
    """Compare a face with the one on an identity document; images are JPEG or PNG, or addresses of such."""
    del provider
    body = {
        "country": country,
        "type": kind,
        "identification": number,
        "documentImage": document_image,
        "photo": photo,
    }
    reply = yield Call.post("/veriface/validate", json=body)
    return load_match(reply)


def check_card(provider: Auco, *, country: str, kind: str, number: str, image: Document | str) -> Flow[CardCheck]:
    """Check whether an image shows a genuine identity document."""
    del provider
    body = {"country": country, "type": kind, "identification": number, "image": image}
    reply = yield Call.post("/veriface/check", json=body)
    return load_card(reply)


def _face_problems(platform: str, phone: str | None, wanted: list[str] | None) -> list[Problem]:
    lonely = wanted is not None and "identificationBack" in wanted and "identification" not in wanted
    return [
        *named({"phone": platform == "whatsapp" and phone is None}, "is missing", "the person is asked over WhatsApp"),
        *named({"validations": wanted is not None and platform != "web"}, "are for the web", 'use platform="web"'),
        *named({"validations": lonely}, "ask for the back alone", "ask for identification too"),
    ]
