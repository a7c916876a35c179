"""The company behind an Auco account: its looks and where its webhooks go (`GET` and `PUT /company`)."""

from __future__ import annotations

from typing import Any, Final

from esign_auco.sandbox import forms
from esign_auco.sandbox.context import Context, VendorError
from esign_auco.sandbox.schema import refuse_if
from esign_auco.sandbox.state import table
from esign_core.sandbox import Reply, json_reply, make_id
from esign_core.sandbox.ids import HEXADECIMAL

_WHITE: Final = ("#fff", "#ffffff")
_HOOK: Final = "https://hooks.auco-sandbox.invalid/default"


def company(context: Context) -> dict[str, Any]:
    """Return the company as it is set up; its first webhook sends what the account's settings accept."""
    return {
        "id": make_id("auco-company", 1, alphabet=HEXADECIMAL, length=24),
        "name": "Sandbox Company",
        "webhooks": [_first(context)],
        "uxOptions": {"primaryColor": "#021C30", "alternateColor": "#A557F2"},
        "image": "https://auco-sandbox.invalid/logo.png",
        "webhook": "",
        "webhookHeader": {},
        **table(context.state, "company"),
    }


def show(context: Context) -> Reply:
    """Answer `GET /company`."""
    context.query()
    return json_reply(200, company(context))


def change(context: Context) -> Reply:
    """Answer `PUT /company`: the list of webhooks is replaced, the colours are merged."""
    body = context.body()
    forms.company()(body, "")
    looks = body.get("uxOptions", {})
    refuse_if(looks.get("primaryColor", "").lower() in _WHITE, "uxOptions.primaryColor", "must not be white")
    ids = [webhook["id"] for webhook in body.get("webhooks", [])]
    if "webhooks" in body and (ids[0] != "default" or len(set(ids)) != len(ids)):
        raise VendorError('"webhooks" must begin with the one whose id is default, and repeat no id')
    # Only what was changed is kept, so that the first webhook follows the account's settings until it is replaced.
    merged = {**company(context)["uxOptions"], **looks}
    table(context.state, "company").update({**body, "uxOptions": merged})
    return json_reply(200, {"response": "OK"})


def _first(context: Context) -> dict[str, Any]:
    webhook: dict[str, Any] = {"id": "default", "description": "Default", "url": _HOOK}
    secrets = context.settings.webhook_secrets
    if context.settings.webhook_header and secrets:
        webhook["header"] = {"key": context.settings.webhook_header, "value": secrets[0].get_secret_value()}
    return webhook
