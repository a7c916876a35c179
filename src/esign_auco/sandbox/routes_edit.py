"""Edition at Auco: `POST` and `GET` of `/document/edit` and `/package/edit`."""

from __future__ import annotations

import re
from typing import Any

from esign_auco.sandbox import life, messages
from esign_auco.sandbox.context import Context, VendorError
from esign_auco.sandbox.links import download_address
from esign_auco.sandbox.schema import shape, text
from esign_auco.sandbox.state import Process, by_code, by_package, is_package
from esign_core.sandbox import Reply, json_reply


def mark(context: Context) -> Reply:
    """Answer `POST /{resource}/edit`: what people have done so far is thrown away for good."""
    name = _name(context)
    body = context.body()
    shape({name: text})(body, "")
    process = _found(context, name, body[name])
    if process["status"] != "CREATED" or process["editing"]:
        raise VendorError(_missing(name))
    life.forget(context, process)
    process["editing"] = True
    return json_reply(200, {"message": messages.PACKAGE_MODIFIED if name == "package" else messages.DOCUMENT_MODIFIED})


def inspect(context: Context) -> Reply:
    """Answer `GET /{resource}/edit`: what is in edition; the one reading that takes the private key."""
    name = _name(context)
    query = context.query(name)
    shape({name: text})(query, "")
    process = _found(context, name, query[name])
    if not process["editing"]:
        raise VendorError(_missing(name))
    signers = [{"name": one["name"], "email": one["email"], "status": "pending"} for one in process["signers"]]
    tree: dict[str, Any] = {"name": process["name"]}
    tree |= {name: process[name] for name in ("subject", "message") if process[name]}
    documents: list[dict[str, Any]] = []
    for paper in process["papers"]:
        of_paper = [{"name": one["name"], "email": one["email"]} for one in process["signers"]
                    if one["id"] in paper["signers"]]  # fmt: skip
        listed: dict[str, Any] = {"code": paper["code"], "name": paper["name"]}
        if paper["here"]:
            listed["url"] = download_address(context.now, f"documents/{paper['code']}.pdf")
        documents.append({**listed, "signProfile": of_paper})
    return json_reply(200, {**tree, "signers": signers, "documents": documents})


def _name(context: Context) -> str:
    """Return the name by which a resource is identified."""
    resource = context.params["resource"]
    if resource not in ("document", "package"):
        raise VendorError(messages.INVALID_RESOURCE)
    return "package" if resource == "package" else "code"


def _missing(name: str) -> str:
    return messages.PACKAGE_NOT_FOUND if name == "package" else messages.DOCUMENT_NOT_FOUND


def _found(context: Context, name: str, value: str) -> Process:
    if name == "package":
        if not re.fullmatch("[0-9a-f]{24}", value):
            raise VendorError(messages.PACKAGE_ID_INVALID)
        process = by_package(context.state, value)
    else:
        found = by_code(context.state, value)
        process = found[0] if found else None
    # A document of a package is edited with its package; a request for attachments has no edition of its own.
    if process is None or is_package(process) != (name == "package") or process["kind"] == "attachments":
        raise VendorError(_missing(name))
    return process
