"""The webhooks of the Auco sandbox, with the vocabularies and the gaps of the vendor's own examples."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from esign_auco.sandbox.company import company
from esign_auco.sandbox.context import Context
from esign_auco.sandbox.links import download_address
from esign_auco.sandbox.state import Paper, Process, Signer, is_package
from esign_core.sandbox import outbox


def created(context: Context, process: Process) -> None:
    """Announce that a process was created."""
    _of_state(context, process, "CREATE", "CREATE")


def signed(context: Context, process: Process, signer: Signer) -> None:
    """Announce that a person has signed; the vendor's word for it is NOTIFICATION."""
    _send(context, process, {**_name(process), "signer": _person(signer), "status": "NOTIFICATION"})


def finished(context: Context, process: Process) -> None:
    """Announce that all have signed."""
    _of_state(context, process, "FINISH", "SIGNED_PACKAGE")


def rejected(context: Context, process: Process, signer: Signer) -> None:
    """Announce that a person rejected: first the detail, then the state."""
    person = {"signer": _person(signer), "status": "REJECTED", "message": signer["reason"] or ""}
    _send(context, process, {**_detail(process), **person})
    _of_state(context, process, "REJECT", "DOCUMENT_REJECT")


def cancelled(context: Context, process: Process, message: str) -> None:
    """Announce that a process was cancelled.

    The vendor says that a cancel is announced and not by which word; its table calls REJECTED the detail of a
    cancellation or rejection, so this word is sent, and without a signer, because no signer has rejected.
    """
    _send(context, process, {**_detail(process), "status": "REJECTED", "message": message})


def blocked(context: Context, process: Process, signer: Signer) -> None:
    """Announce that a person failed the identity check three times."""
    person = {"signer": _person(signer), "status": "BLOCKED", "message": signer["reason"] or ""}
    _send(context, process, {**_detail(process), **person})


def expired(context: Context, process: Process) -> None:
    """Announce that a document has expired; the vendor knows no such word for a package."""
    if process["papers"] and not is_package(process):
        url = _url(context, process["papers"][0])
        _send(context, process, {**_name(process), "status": "EXPIRED", "url": url})


def face(context: Context, check: Mapping[str, Any], word: str, message: str) -> None:
    """Announce the state of an AucoFace validation."""
    body: dict[str, Any] = {"code": check["code"], "type": "veriface", "finish": word != "BLOCKED", "status": word}
    if message:
        body["message"] = message
    body["data"] = {"name": check["name"], "documentName": check["name"]}
    if check.get("similarity") is not None:
        # A share of one here, a share of a hundred in the query: so are the vendor's examples.
        body["similarity"] = round(check["similarity"] / 100, 4)
    _post(context, check.get("targets") or [], body)


def _of_state(context: Context, process: Process, single: str, package: str) -> None:
    if is_package(process):
        documents = [_listed(context, paper) for paper in process["papers"]]
        _send(context, process, {**_name(process), "status": package, "documents": documents})
    elif process["papers"]:
        url = _url(context, process["papers"][0])
        _send(context, process, {**_name(process), "status": single, "url": url})


def _name(process: Process) -> dict[str, Any]:
    identity = {"package": process["key"]} if is_package(process) else {"code": process["key"]}
    return {**identity, "name": process["name"]}


def _detail(process: Process) -> dict[str, Any]:
    # In the vendor's examples the detail of a single document names no code, against its own table.
    return _name(process) if is_package(process) else {"name": process["name"]}


def _listed(context: Context, paper: Paper) -> dict[str, Any]:
    return {"code": paper["code"], "name": paper["name"], "status": paper["status"], "url": _url(context, paper)}


def _person(signer: Signer) -> dict[str, Any]:
    person = {"id": signer["id"], "name": signer["name"], "email": signer["email"]}
    return {**person, "phone": signer["phone"]} if signer["phone"] else person


def _url(context: Context, paper: Paper) -> str:
    return download_address(context.now, f"documents/{paper['code']}.pdf")


def _notes(process: Process) -> dict[str, Any]:
    """Return the tags and the custom object of a process, as its webhooks carry them.

    Both pages say "if set", of every status. A document's has `tags` and `custom`, which was sent as an object and
    comes back as a list of one text in which the quotes have changed. A package's has `tags` alone, which its page
    calls "tags or custom fields".
    """
    custom = []
    if process["custom"] is not None:
        custom = [json.dumps(process["custom"], separators=(",", ":"), ensure_ascii=False).replace('"', "'")]
    tags = process["tags"]
    notes = {"tags": [*tags, *custom]} if is_package(process) else {"tags": tags, "custom": custom}
    return {name: value for name, value in notes.items() if value}


def _send(context: Context, process: Process, body: dict[str, Any]) -> None:
    # A request for attachments alone has no document, and no example says what it would announce.
    if process["papers"]:
        _post(context, process["targets"], {**body, **_notes(process)})


def _post(context: Context, targets: list[str], body: dict[str, Any]) -> None:
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    for headers in _receivers(context, targets or ["default"]):
        outbox.post(context.state, context.now, {"Content-Type": "application/json", **headers}, raw)


def _receivers(context: Context, targets: list[str]) -> Iterator[dict[str, str]]:
    for webhook in company(context)["webhooks"]:
        if webhook["id"] in targets:
            header = webhook.get("header")
            yield {header["key"]: header["value"]} if header else {}
