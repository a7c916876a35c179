"""The vendor's creation forms, field by field, in both dialects: upload, save, prebuild, many, package upload."""

from __future__ import annotations

from typing import Any, Final

from esign_auco.sandbox.schema import (
    Check,
    anything,
    color,
    country,
    date,
    either,
    email,
    flag,
    fraction,
    free_object,
    hex_id,
    hours,
    hours_by_three,
    items,
    length,
    one_of,
    page,
    pdf,
    phone,
    shape,
    string,
    text,
    text_up_to,
    turn,
    web_address,
)

_POSITION: Final = shape({"page": page, "x": fraction, "y": fraction, "w": length, "h": length})
_READERS: Final = items(shape({"name": text, "email": email}), least=0)
# A variable's value may be an empty text: the table asks for a string, not for a filled one.
_DATA: Final = items(shape({"key": text, "value": string}), least=0)
_TEXTS: Final = items(text)
_ID_TYPES: Final = one_of("CC", "CE", "PPT", "PEP", "DL", "CI", "RUT", "RUN", "CCCR", "DUI", "DNI", "CURP", "PASSPORT")
_IDENTITY: Final[dict[str, Check]] = {"identification": text, "identificationType": _ID_TYPES, "country": country}


def _options(*, classic: bool) -> Check:
    known: dict[str, Check] = {
        "camera": one_of("identification", "photo"),
        "otpCode": one_of("phone", "email"),
        "whatsapp": flag,
        "both": flag,
    }
    # The newer page has lost video and flow, and writes the back of the card with a capital B.
    newer: dict[str, Check] = {"identificationCardBack": flag}
    older: dict[str, Check] = {"identificationCardback": flag, "video": flag, "flow": flag}
    return shape({}, {**known, **(older if classic else newer)})


def _checks(*, classic: bool) -> dict[str, Check]:
    checks: dict[str, Check] = {"camera": flag, "otpCode": flag, "options": _options(classic=classic)}
    # `both` stands beside `options` in the older texts; the newer ones say it exists inside alone.
    return {**checks, "both": flag} if classic else checks


def _place(*, classic: bool) -> dict[str, Check]:
    label = flag if classic else either(flag, text)
    return {"label": label, "position": items(_POSITION), "type": text}


def _signer(*, classic: bool) -> dict[str, Check]:
    own: dict[str, Check] = {"phone": phone, "role": one_of("SIGNER", "APPROVER"), "order": turn}
    return {**own, **_place(classic=classic), **_checks(classic=classic), **_IDENTITY}


def _common(*, classic: bool) -> dict[str, Check]:
    own: dict[str, Check] = {"folder": text, "expiredDate": date, "readers": _READERS}
    return {**own, **_checks(classic=classic), "message": text, "subject": text}


def upload(*, classic: bool) -> Check:
    """Check the body of `POST /document/upload`."""
    required: dict[str, Check] = {"email": email, "name": text}
    letter: dict[str, Check] = {"message": text, "subject": text}
    signer = shape({"name": text, "email": email}, {**_signer(classic=classic), "notification": flag})
    optional: dict[str, Check] = {
        **_common(classic=classic),
        "code": text,
        "document": text,
        "file": pdf,
        "compress": flag,
        "remember": hours_by_three if classic else hours,
        "notification": flag,
        "targetWebhooks": _TEXTS,
        "tags": _TEXTS,
        "custom": free_object,
    }
    return shape({**required, **(letter if classic else {}), "signProfile": items(signer)}, optional)


def save(*, classic: bool) -> Check:
    """Check the body of `POST /document/save`; it has no `custom`."""
    optional: dict[str, Check] = {
        **_common(classic=classic),
        "code": text,
        "remember": hours,
        "notification": flag,
        "targetWebhooks": _TEXTS,
        "tags": _TEXTS,
        "data": _DATA,
    }
    return shape({"email": email, "document": text, "sign": flag, "name": text}, optional)


def prebuild(*, classic: bool) -> Check:
    """Check the body of `POST /document/prebuild`."""
    required: dict[str, Check] = {
        "email": email,
        "name": text,
        "document": text,
        "preBuild": _DATA,
        "sign": flag,
        "notification": flag,
        "emailTo": email,
    }
    return shape(required, {"folder": text, "expiredDate": date, **_checks(classic=classic)})


def many(*, classic: bool) -> Check:
    """Check the body of `POST /document/many`; it has neither `tags` nor `targetWebhooks`."""
    own: dict[str, Check] = {"phone": phone, **_place(classic=classic), **_IDENTITY, "notification": flag}
    signer = shape({"name": text, "email": email}, own)
    document = shape({}, {"name": text, "document": text, "data": _DATA, "signProfile": items(signer)})
    optional: dict[str, Check] = {
        **_common(classic=classic),
        "package": text,
        "document": text,
        "data": _DATA,
        "remember": hours_by_three,
        "notification": flag,
        "custom": free_object,
    }
    return shape({"email": email, "name": text, "documents": items(document, least=2)}, optional)


def package_upload(*, classic: bool) -> Check:
    """Check the body of `POST /package/upload`; it has no `notification`."""
    files = items(shape({"name": text}, {"optional": flag}))
    signer = shape({"name": text, "email": email, "phone": phone, "files": files}, _signer(classic=classic))
    common = _common(classic=classic)
    # Readers are not in this table.
    del common["readers"]
    optional: dict[str, Check] = {
        **common,
        "name": text,
        "file": pdf,
        "compress": flag,
        "document": text,
        "remember": hours_by_three,
    }
    return shape({"email": email, "packageName": text, "signProfile": items(signer)}, optional)


def company() -> Check:
    """Check the body of `PUT /company`; everything is optional, and what is sent replaces."""
    header = shape({"key": text, "value": text})
    webhook = shape({"id": text, "url": web_address}, {"description": text, "header": header})
    looks = shape({}, {"primaryColor": color, "alternateColor": color})
    return shape({}, {"name": text, "image": web_address, "uxOptions": looks, "webhooks": items(webhook)})


_QUESTION_TYPES: Final = one_of(
    "text", "name", "email", "phone", "number", "currency", "date", "nit", "identification", "department", "select",
    "searchlist", "clausula", "check", "image", "signature", "request",
)  # fmt: skip


def _question(value: Any, path: str) -> None:
    # A question has more fields than its page lists; the name and the type are what everything hangs on.
    free_object(value, path)
    known = {"name": text, "type": _QUESTION_TYPES}
    shape(known, dict.fromkeys(value, anything))(value, path)


def template(*, new: bool) -> Check:
    """Check the body of `POST /template` and `PUT /template`."""
    fields: dict[str, Check] = {
        "name": text,
        "config": items(_question),
        "signatureProfile": items(free_object, least=0),
        "sign": items(text, least=0),
    }
    rest: dict[str, Check] = {"preBuild": flag, "description": text_up_to(500)}
    return shape(fields, rest) if new else shape({"id": hex_id}, {**fields, **rest})
