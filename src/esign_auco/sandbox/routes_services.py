"""Auco's other services: AucoFace (`/veriface`) and background checks (`/validate`)."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import timedelta
from typing import Any, Final

from esign_auco.sandbox import messages, rules
from esign_auco.sandbox.context import Context, VendorError
from esign_auco.sandbox.links import TWO_MINUTES, download_address
from esign_auco.sandbox.schema import (
    Check,
    date,
    email,
    flag,
    free_object,
    items,
    one_of,
    phone,
    refuse_if,
    shape,
    text,
    web_address,
)
from esign_auco.sandbox.state import FACE_LENGTH, date_json, table
from esign_core.sandbox import Reply, json_reply
from esign_core.sandbox.clock import moment

_READY_AFTER: Final = timedelta(minutes=1)
_PERSON: Final[dict[str, Check]] = {"country": text, "type": text, "identification": text}
_TARGETS: Final[dict[str, Check]] = {"targetWebhooks": items(text), "tags": items(text)}
_FORGED: Final = b"FORGED"
"""An image that holds these bytes is taken for a forgery."""


def face_create(context: Context) -> Reply:
    """Answer `POST /veriface`."""
    body = context.body()
    kinds: Check = items(one_of("photo", "identification", "identificationBack"))
    required: dict[str, Check] = {"email": email, "platform": one_of("whatsapp", "web"), "name": text, **_PERSON}
    optional: dict[str, Check] = {
        "phone": phone,
        "userEmail": email,
        "custom": free_object,
        "expiredDate": date,
        "validationTypes": kinds,
        **_TARGETS,
    }
    shape(required, optional)(body, "")
    by_web = body["platform"] == "web"
    refuse_if(not by_web and "phone" not in body, "phone", "is required")
    refuse_if(not by_web and "validationTypes" in body, "validationTypes", "is not allowed")
    asked = body.get("validationTypes", [])
    refuse_if("identificationBack" in asked and "identification" not in asked, "validationTypes", "is incomplete")
    rules.member(body["email"])
    rules.expiry(context, body)
    code = context.state.make_id("auco-face", context.state.number("face"), length=FACE_LENGTH)
    kept = {**body, "code": code, "status": "INPROGRESS", "message": "", "similarity": None}
    kept |= {
        "targets": body.get("targetWebhooks", []),
        "created": date_json(context.now),
        "talks": _talk(context, body),
    }
    table(context.state, "faces")[code] = kept
    return json_reply(200, {"code": code})


def face_show(context: Context) -> Reply:
    """Answer `GET /veriface`."""
    code = context.query("code").get("code", "")
    refuse_if(len(code) != FACE_LENGTH, "code", "must have 16 characters")
    kept = table(context.state, "faces").get(code)
    if kept is None:
        raise VendorError(messages.PROCESS_NOT_FOUND)
    names = ("code", "name", "email", "country", "type", "identification", "platform", "status", "custom")
    shown: dict[str, Any] = {name: kept[name] for name in names if name in kept}
    status = kept["status"]
    if status == "INPROGRESS" and "expiredDate" in kept and moment(kept["expiredDate"]) <= context.now:
        shown["status"] = "EXPIRED"
    shown["attempts"] = [] if status == "INPROGRESS" else [_attempt(context, kept)]
    if status in ("APPROVED", "INVALIDATED"):
        shown["hash"] = context.state.make_id(f"auco-hash-{code}", 1, alphabet="0123456789abcdef", length=64)
        shown["ocrData"] = {"name": kept["name"], "identification": kept["identification"]}
    return json_reply(200, shown)


def face_validate(context: Context) -> Reply:
    """Answer `POST /veriface/validate`: a face against a card."""
    body = context.body()
    shape({**_PERSON, "documentImage": text, "photo": text})(body, "")
    card = _picture(body["documentImage"], "documentImage")
    face = _picture(body["photo"], "photo")
    number = context.state.number("biometrics")
    front = {"error": _FORGED in card, "isFront": True, "data": {"identification": body["identification"]}}
    if front["error"]:
        front["message"] = "DOCUMENT_FAKE"
    failed = _FORGED in card or _FORGED in face
    code = context.state.make_id("auco-biometrics", number, length=FACE_LENGTH)
    similarity = 12.5 if failed else 97.5
    return json_reply(200, {"error": failed, "similarity": similarity, "code": code, "identificationCard": front})


def face_check(context: Context) -> Reply:
    """Answer `POST /veriface/check`: a card alone."""
    body = context.body()
    shape({**_PERSON, "image": text})(body, "")
    failed = _FORGED in _picture(body["image"], "image")
    code = context.state.make_id("auco-card", context.state.number("card"), length=FACE_LENGTH)
    said = {"message": "DOCUMENT_FAKE"} if failed else {}
    data = {"identification": body["identification"]}
    return json_reply(200, {"code": code, "error": failed, **said, "isFront": True, "data": data})


def background_create(context: Context) -> Reply:
    """Answer `POST /validate/background`."""
    body = context.body()
    required: dict[str, Check] = {"email": email, "identification": text}
    required["type"] = one_of("CC", "CE", "NIT", "PPT", "PP", "INT")
    shape(required, {"name": text, "expeditionDate": _day, "custom": free_object, **_TARGETS})(body, "")
    refuse_if(body["type"] in ("PP", "INT") and "name" not in body, "name", "is required")
    refuse_if(body["type"] == "PPT" and "expeditionDate" not in body, "expeditionDate", "is required")
    rules.member(body["email"])
    return _check_begins(context, body, body.get("name", "Sandbox Person"))


def background_show(context: Context) -> Reply:
    """Answer `GET /validate/background`: ready a minute after it was asked for."""
    code = context.query("code").get("code", "")
    refuse_if(not code, "code", "is required")
    kept = table(context.state, "checks").get(code)
    if kept is None:
        raise VendorError(messages.VALIDATION_NOT_FOUND)
    ready = context.now >= moment(kept["asked"]) + _READY_AFTER
    shown = {"code": code, "name": kept["name"], "email": kept["email"], "ready": ready, "data": kept["data"]}
    if ready:
        shown["url"] = download_address(context.now, f"checks/{code}.pdf", TWO_MINUTES)
        shown["validation"] = {"found": False, "lists": []}
    return json_reply(200, shown)


def representatives(context: Context) -> Reply:
    """Answer `POST /validate/company/representatives`."""
    body = context.body()
    required: dict[str, Check] = {"email": email, "documentNumber": _nine_digits, "country": one_of("CO")}
    shape(required, {"complete": flag, **_TARGETS})(body, "")
    rules.member(body["email"])
    return _check_begins(context, body, "Sandbox Company")


def _check_begins(context: Context, body: dict[str, Any], name: str) -> Reply:
    code = context.state.make_id("auco-check", context.state.number("check"))
    data = {key: value for key, value in body.items() if key in ("identification", "type", "documentNumber", "country")}
    kept = {"name": name, "email": body["email"], "asked": context.now.isoformat(), "data": data}
    table(context.state, "checks")[code] = kept
    return json_reply(200, {"name": name, "code": code})


def _talk(context: Context, body: dict[str, Any]) -> list[dict[str, Any]]:
    if body["platform"] != "whatsapp":
        return []
    at = int(context.now.timestamp() * 1000)
    sent = {"action": "sent", "timestamp": at}
    return [{"entity": "auco", "phone": body["phone"], "message": "VERIFACE", "date": at, "actions": [sent]}]


def _attempt(context: Context, kept: dict[str, Any]) -> dict[str, Any]:
    pictures = {
        name: download_address(context.now, f"images/{kept['code']}/{name}") for name in ("photo", "identificationCard")
    }
    errors = [{"key": "photo", "error": kept["message"]}] if kept["message"] else []
    return {**pictures, "similarity": kept["similarity"], "errorMessages": errors}


def _picture(value: str, path: str) -> bytes:
    if value.startswith(("http://", "https://")):
        web_address(value, path)
        # The sandbox opens no connection; it takes the picture behind an address for a good one.
        return b""
    try:
        content = base64.b64decode(value.partition(",")[2] if value.startswith("data:") else value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise VendorError(f'"{path}" must be a valid base64 string') from error
    refuse_if(not content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")), path, "must be a JPEG or PNG")
    return content


def _day(value: Any, path: str) -> None:
    text(value, path)
    refuse_if(not re.fullmatch(r"\d{2}/\d{2}/\d{4}", value), path, "must be a date such as 01/01/1995")


def _nine_digits(value: Any, path: str) -> None:
    text(value, path)
    refuse_if(not re.fullmatch(r"\d{9}", value), path, "must have 9 digits")
