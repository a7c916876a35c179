"""Templates of the Auco sandbox: listed, described, made, changed; and the people that a template brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from esign_auco.sandbox import forms, messages
from esign_auco.sandbox.context import Context, VendorError
from esign_auco.sandbox.links import FIVE_MINUTES, upload_address
from esign_auco.sandbox.state import PACKAGE_LENGTH, date_json, table
from esign_core.sandbox import Reply, json_reply
from esign_core.sandbox.ids import HEXADECIMAL

_NOWHERE: Final = "0" * 24
"""The one template that never exists."""
_PARTS: Final = ("mask", "complete")
_CONSOLE: Final[dict[str, Any]] = {
    "name": "Template made in the console",
    "config": [
        {"name": "nombre", "type": "name", "description": "Name of the signer"},
        {"name": "correo", "type": "email", "description": "E-mail of the signer"},
        {"name": "telefono", "type": "phone", "description": "Phone of the signer"},
    ],
    "sign": ["nombre", "correo", "telefono"],
    "signatureProfile": [{"name": "nombre", "email": "correo", "phone": "telefono", "type": "cliente"}],
    "preBuild": False,
}


def show(context: Context) -> Reply:
    """Answer `GET /template`: all of them, or one with its questions."""
    query = context.query("id")
    if "id" not in query:
        listed = [_summary(key, one) for key, one in table(context.state, "templates").items()]
        return json_reply(200, {"data": listed})
    found = table(context.state, "templates").get(query["id"])
    if found is None:
        raise VendorError(messages.TEMPLATE_NOT_FOUND, status=404)
    details = {name: found[name] for name in ("config", "sign", "signatureProfile", "preBuild")}
    return json_reply(200, {**_summary(query["id"], found), **details})


def automated(context: Context) -> Reply:
    """Answer `GET /document` without an id; the shape of this list is documented nowhere."""
    kept = table(context.state, "templates")
    return json_reply(200, [{"_id": key, "name": one["name"], "status": _status(one)} for key, one in kept.items()])


def create(context: Context) -> Reply:
    """Answer `POST /template`."""
    body = context.body()
    forms.template(new=True)(body, "")
    number = context.state.number("template")
    key = context.state.make_id("auco-template", number, alphabet=HEXADECIMAL, length=PACKAGE_LENGTH)
    _keep(context, key, {"preBuild": False, **body}, parts=[])
    return _addresses(context, key)


def change(context: Context) -> Reply:
    """Answer `PUT /template`: what is sent replaces, what is not stays."""
    body = context.body()
    forms.template(new=False)(body, "")
    key = body.pop("id")
    if key not in table(context.state, "templates"):
        raise VendorError(messages.TEMPLATE_NOT_FOUND, status=404)
    table(context.state, "templates")[key].update(body, updated_at=date_json(context.now))
    return _addresses(context, key)


def known(context: Context, key: str, code: str = messages.DOCUMENT_NOT_FOUND) -> dict[str, Any]:
    """Return the template of an id.

    Templates are mostly made in the vendor's console, which a sandbox does not have: an id that looks like one is taken
    for a template made there, with a name, an e-mail and a phone to fill in. The id of zeros never exists.
    """
    key = key.lower()
    if key == _NOWHERE:
        raise VendorError(code)
    kept = table(context.state, "templates")
    if key not in kept:
        _keep(context, key, _CONSOLE, parts=list(_PARTS))
        kept[key]["console"] = True
    found: dict[str, Any] = kept[key]
    return found


def fill(template: Mapping[str, Any], data: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Return the signers that a template and its variables make."""
    values = {item["key"]: item["value"] for item in data}
    questions = {question["name"] for question in template["config"]}
    # What the console holds is not known here, so its variables are not judged.
    if not template.get("console") and not set(values) <= questions:
        raise VendorError('"data" names a variable that the template does not have')
    return [_signer(profile, values, index) for index, profile in enumerate(template["signatureProfile"], 1)]


def _signer(profile: Mapping[str, Any], values: Mapping[str, str], index: int) -> dict[str, Any]:
    names = profile.get("name", [])
    parts = [values.get(name, "") for name in ([names] if isinstance(names, str) else names)]
    signer: dict[str, Any] = {
        "name": " ".join(part for part in parts if part) or f"Signer {index}",
        "email": values.get(str(profile.get("email")), "") or f"signer{index}@example.com",
        "type": profile.get("type", ""),
    }
    phone = values.get(str(profile.get("phone")), "")
    kept = {name: profile[name] for name in ("notification", "role", "order") if name in profile}
    return {**signer, **({"phone": phone} if phone else {}), **kept}


def _keep(context: Context, key: str, fields: Mapping[str, Any], *, parts: list[str]) -> None:
    at = date_json(context.now)
    table(context.state, "templates")[key] = {**fields, "created_at": at, "updated_at": at, "parts": parts}


def _addresses(context: Context, key: str) -> Reply:
    urls = {part: upload_address(context, "template", f"{key}/{part}.html", FIVE_MINUTES) for part in _PARTS}
    return json_reply(200, {"id": key, "urls": urls})


def _summary(key: str, template: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: template[name] for name in ("name", "description", "created_at", "updated_at") if name in template}
    return {"id": key, **shown, "status": _status(template)}


def _status(template: Mapping[str, Any]) -> str:
    return "active" if len(template["parts"]) == len(_PARTS) else "inactive"
