"""Reading at Auco: `GET /document`, `/document/roadmap`, `/attachments`, `/whatsapp/records`."""

from __future__ import annotations

import re
from typing import Any, Final

from esign_auco.sandbox import messages, templates
from esign_auco.sandbox.context import Context, VendorError
from esign_auco.sandbox.links import download_address
from esign_auco.sandbox.state import (
    CODE_LENGTH,
    CONTRACT_LENGTH,
    FACE_LENGTH,
    PACKAGE_LENGTH,
    Paper,
    Process,
    Signer,
    by_any,
    by_code,
    by_package,
    is_package,
    papers_of,
    signer_of,
    table,
)
from esign_core.sandbox import Reply, json_reply

_CODE: Final = re.compile(r"[0-9A-Za-z]{9,10}")
_OF_PAPER: Final = {"CREATE": "CREATED", "FINISH": "FINISH", "REJECT": "REJECTED", "EXPIRED": "EXPIRED"}


def document(context: Context) -> Reply:
    """Answer `GET /document`: a document, a package, or the list of templates where no id is given."""
    query = context.query("code", "package", "image")
    if "image" in query and query["image"] not in ("true", "false"):
        raise VendorError('"image" must be "true"')
    code, package = query.get("code"), query.get("package")
    if code and package:
        raise VendorError(messages.exclusive("code", "package"))
    if not code and not package:
        return templates.automated(context)
    # The older page asks for a package by `code` in one of its samples.
    if package or len(str(code)) == PACKAGE_LENGTH:
        process = by_package(context.state, str(package or code))
        if process is None:
            raise VendorError(messages.DOCUMENT_NOT_FOUND)
        return json_reply(200, _package(process))
    found = by_code(context.state, str(code))
    if found is None:
        raise VendorError(messages.DOCUMENT_NOT_FOUND)
    return json_reply(200, _document(context, *found, images=query.get("image") == "true"))


def roadmap(context: Context) -> Reply:
    """Answer `GET /document/roadmap`."""
    code = context.query("code").get("code", "")
    if not _CODE.fullmatch(code):
        raise VendorError('"code" must have 9 or 10 characters')
    found = by_code(context.state, code)
    if found is None:
        raise VendorError(messages.DOCUMENT_NOT_FOUND)
    process, paper = found
    active = {line["participant"] for line in process["log"]}
    people: list[dict[str, Any]] = []
    for signer in process["signers"]:
        # Only a person with a line in the log has an id; what is not there is left out, never null.
        shown: dict[str, Any] = {"id": signer["id"]} if signer["id"] in active else {}
        shown |= {"name": signer["name"], "role": signer["role"], "email": signer["email"]}
        people.append({**shown, "phone": signer["phone"]} if signer["phone"] else shown)
    people += [{"name": one["name"], "role": "READER", "email": one["email"]} for one in process["readers"]]
    tree = {
        "name": paper["name"],
        "documentCode": paper["code"],
        "createdAt": process["created"],
        "author": {"name": "Sandbox User", "email": process["email"]},
        "participants": people,
        "activityLog": process["log"],
    }
    return json_reply(200, tree)


def attachments(context: Context) -> Reply:
    """Answer `GET /attachments`: who was asked for files, or what one of them has uploaded."""
    query = context.query("package", "code", "userId")
    package, code = query.get("package"), query.get("code")
    if package and code and not context.classic:
        raise VendorError(messages.exclusive("package", "code"))
    if not package and not code:
        raise VendorError(messages.one_required("package", "code"))
    # The older page ignores one of two ids.
    process = by_any(context.state, str(package or code))
    if process is None or process["kind"] != "attachments":
        raise VendorError(messages.ATTACHMENT_NOT_FOUND)
    head = {"package": process["package"], "name": process["name"], "finish": _all_in(process)}
    if "userId" not in query:
        people = [_user(signer) for signer in process["signers"]]
        return json_reply(200, {**head, "signers": people})
    signer = signer_of(process, query["userId"])
    if signer is None:
        raise VendorError(messages.ATTACHMENT_NOT_FOUND)
    return json_reply(200, {**head, "signer": _uploaded(context, process, signer)})


def whatsapp(context: Context) -> Reply:
    """Answer `GET /whatsapp/records`: what was written to one participant, and what they answered."""
    query = context.query("code", "userId")
    code = query.get("code", "")
    if not code:
        raise VendorError(messages.CODE_REQUIRED)
    if not code.isalnum() or len(code) not in (CONTRACT_LENGTH, CODE_LENGTH, FACE_LENGTH, PACKAGE_LENGTH):
        raise VendorError(messages.CODE_NOT_VALID)
    if len(code) == FACE_LENGTH:
        if "userId" in query:
            raise VendorError(messages.USER_ID_NOT_ALLOWED)
        if code not in table(context.state, "faces"):
            raise VendorError(messages.PROCESS_NOT_FOUND)
        return json_reply(200, table(context.state, "faces")[code]["talks"])
    if "userId" not in query:
        raise VendorError(messages.USER_ID_REQUIRED)
    process = by_any(context.state, code)
    if process is None or signer_of(process, query["userId"]) is None:
        raise VendorError(messages.PROCESS_NOT_FOUND)
    spoken = [{name: value for name, value in talk.items() if name != "to"} for talk in process["talks"]
              if talk["to"] == query["userId"]]  # fmt: skip
    return json_reply(200, spoken)


def _package(process: Process) -> dict[str, Any]:
    signers: list[dict[str, Any]] = []
    for signer in process["signers"]:
        shown: dict[str, Any] = {"userId": signer["id"], "email": signer["email"], "name": signer["name"]}
        if signer["phone"]:
            shown["phone"] = signer["phone"]
        signers.append({**shown, "status": signer["status"]})
    tree: dict[str, Any] = {
        "_id": process["package"],
        "codes": [paper["code"] for paper in process["papers"]],
        "name": process["name"],
        "signers": signers,
        "signFinish": process["status"] == "FINISH",
        "createdAt": process["created"],
        "updatedAt": process["updated"],
        "status": process["status"],
    }
    return tree if process["custom"] is None else {**tree, "custom": process["custom"]}


def _document(context: Context, process: Process, paper: Paper, *, images: bool) -> dict[str, Any]:
    status = _OF_PAPER[paper["status"]] if is_package(process) else process["status"]
    plain = [_participant(signer, paper) for signer in process["signers"] if signer["id"] in paper["signers"]]
    data = {
        "code": paper["code"],
        "name": paper["name"],
        "camera": process["camera"],
        "otpCode": process["otpCode"],
        "signFinish": status == "FINISH",
        "signProfile": plain,
        "createdAt": process["created"],
        "updatedAt": process["updated"],
    }
    tree: dict[str, Any] = {"name": paper["name"], "code": paper["code"], "status": status, "data": data}
    if paper["here"]:
        tree = {"url": download_address(context.now, f"documents/{paper['code']}.pdf"), **tree}
    people = {signer["id"]: signer for signer in process["signers"]}
    shown = [{**one, **(_images(context, process, people[one["id"]]) if images else {})} for one in plain]
    tree["signProfile"] = shown
    return tree if process["custom"] is None else {**tree, "custom": process["custom"]}


def _participant(signer: Signer, paper: Paper) -> dict[str, Any]:
    status = "FINISH" if signer["id"] in paper["signed"] else signer["status"]
    # One rejected document of a package makes its signer a rejecting one there, and not in the others.
    if status == "REJECT" and paper["status"] not in ("REJECT", "EXPIRED"):
        status = "NOTIFICATION"
    return {"name": signer["name"], "email": signer["email"], "id": signer["id"], "status": status}


def _images(context: Context, process: Process, signer: Signer) -> dict[str, Any]:
    if signer["status"] != "FINISH" or not signer["checks"]["camera"]:
        return {}
    options = signer["checks"]["options"]
    names = ["photo"]
    if options.get("camera") == "identification":
        names.append("identificationCard")
    if options.get("identificationCardBack") or options.get("identificationCardback"):
        names.append("identificationCardBack")
    thing = f"images/{process['key']}/{signer['id']}"
    return {name: {"type": "presigned", "data": download_address(context.now, f"{thing}/{name}")} for name in names}


def _user(signer: Signer) -> dict[str, Any]:
    return {"userId": signer["id"], "email": signer["email"], "name": signer["name"]}


def _uploaded(context: Context, process: Process, signer: Signer) -> dict[str, Any]:
    files: list[dict[str, Any]] = []
    for index, file in enumerate(signer["files"]):
        shown: dict[str, Any] = {"name": file["name"]}
        if file["here"]:
            shown["url"] = download_address(context.now, f"attachments/{process['key']}/{signer['id']}/{index}")
        files.append(shown)
    return {**_user(signer), "status": signer["review"], "files": files}


def _all_in(process: Process) -> bool:
    approved = all(signer["review"] == "approved" for signer in process["signers"])
    signed = all(paper["status"] == "FINISH" for signer in process["signers"] for paper in papers_of(process, signer))
    return approved and signed
