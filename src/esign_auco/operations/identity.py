"""Identity without a document to sign: AucoFace validations, checks of images, background checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from esign_auco.operations.shared import given, named, need
from esign_auco.provider import Auco
from esign_auco.wire.background import BackgroundReport, load_report
from esign_auco.wire.faces import (
    CardCheck,
    FaceMatch,
    FaceValidation,
    load_card,
    load_code,
    load_face,
    load_match,
)
from esign_auco.wire.kit import read_object
from esign_core.model.documents import Document
from esign_core.model.errors import Problem
from esign_core.providers.capabilities import refuse
from esign_core.providers.convert import format_instant
from esign_core.providers.flow import Call, Flow

__all__ = [
    "background_report",
    "check_background",
    "check_card",
    "check_representatives",
    "face_validation",
    "match_face",
    "validate_face",
]

_NAMED_KINDS = ("PP", "INT")


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
        target_webhooks: ids of the webhooks to be told; `default` otherwise.
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
            tags=_listed(tags),
            targetWebhooks=_listed(target_webhooks),
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


def check_background(  # noqa: PLR0913 - each argument is a field of the vendor's
    provider: Auco,
    *,
    kind: str,
    number: str,
    name: str | None = None,
    issued_on: date | None = None,
    custom: Mapping[str, Any] | None = None,
    tags: Iterable[str] | None = None,
    target_webhooks: Iterable[str] | None = None,
    requested_by: str | None = None,
) -> Flow[str]:
    """Begin a background check, ready within about a minute; returns its code.

    Args:
        provider: the account's provider.
        kind: `CC`, `CE`, `NIT`, `PPT` (needs `issued_on`), `PP` or `INT` (both need `name`).
        number: of the document.
        name: of the person.
        issued_on: the day the document was issued.
        custom: your own data, given back.
        tags: names of tags that are there already.
        target_webhooks: ids of the webhooks to be told; `default` otherwise.
        requested_by: the user who asks; the account's sender otherwise.
    """
    need(name=kind in _NAMED_KINDS and not name, issued_on=kind == "PPT" and issued_on is None)
    body = {
        "email": provider.acting(requested_by),
        "identification": number,
        "type": kind,
        **given(
            name=name,
            expeditionDate=None if issued_on is None else issued_on.strftime("%d/%m/%Y"),
            custom=custom,
            tags=_listed(tags),
            targetWebhooks=_listed(target_webhooks),
        ),
    }
    reply = yield Call.post("/validate/background", json=body)
    return load_code(reply, "the background check")


def background_report(provider: Auco, code: str, *, now: datetime | None = None) -> Flow[BackgroundReport]:
    """Read a background check; its link holds for two minutes."""
    del provider
    need(code=not code)
    reply = yield Call.get("/validate/background", query={"code": code})
    return load_report(reply, code, now)


def check_representatives(
    provider: Auco,
    *,
    document_number: str,
    country: str = "CO",
    complete: bool | None = None,
    tags: Iterable[str] | None = None,
    target_webhooks: Iterable[str] | None = None,
    requested_by: str | None = None,
) -> Flow[Mapping[str, Any]]:
    """Check a company's legal representatives; Auco does not document the answer's shape, so it comes as it is."""
    digits = document_number.isascii() and document_number.isdecimal() and len(document_number) == 9
    wrong = {"document_number": country == "CO" and not digits}
    refuse(named(wrong, "is not nine digits", "give a Colombian NIT without its check digit"))
    body = {
        "email": provider.acting(requested_by),
        "documentNumber": document_number,
        "country": country,
        **given(complete=complete, tags=_listed(tags), targetWebhooks=_listed(target_webhooks)),
    }
    reply = yield Call.post("/validate/company/representatives", json=body)
    return read_object(reply, "the company's representatives")


def _face_problems(platform: str, phone: str | None, wanted: list[str] | None) -> list[Problem]:
    lonely = wanted is not None and "identificationBack" in wanted and "identification" not in wanted
    return [
        *named({"phone": platform == "whatsapp" and phone is None}, "is missing", "the person is asked there"),
        *named({"validations": wanted is not None and platform != "web"}, "are for the web", 'use platform="web"'),
        *named({"validations": lonely}, "ask for the back alone", "ask for identification too"),
    ]


def _listed(values: Iterable[str] | None) -> list[str] | None:
    return None if values is None else list(values)
