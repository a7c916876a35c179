"""The sandbox's storage: takes files in at upload addresses, once, and hands them out while a link holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from esign_auco.sandbox import life, papers
from esign_auco.sandbox.links import seal
from esign_auco.sandbox.state import by_any, by_code, signer_of, table
from esign_auco.sandbox.visit import Visit
from esign_core.providers.flow import Reply
from esign_core.sandbox import binary_reply
from esign_core.sandbox.clock import moment


def take_in(visit: Visit) -> Reply:
    """Take in a file at an upload address."""
    if visit.request.method != "PUT":
        return _denied("MethodNotAllowed", 405)
    if "authorization" in visit.request.headers:
        # An address that is signed is a credential by itself; real storage refuses a second one.
        return _denied("InvalidArgument", 400)
    slot = table(visit.state, "uploads").get(visit.request.query.get("X-Amz-Signature", ""))
    if slot is None or slot["used"] or visit.request.path != f"/{slot['target']}":
        return _denied("AccessDenied", 403)
    if visit.now > moment(slot["until"]):
        return _denied("AccessDenied", 403)
    store = _document if slot["kind"] == "document" else _mask
    if not store(visit, slot):
        return _denied("InvalidRequest", 400)
    slot["used"] = True
    return Reply(status=200)


def hand_out(visit: Visit) -> Reply:
    """Hand out a file at a download address."""
    if visit.request.method != "GET":
        return _denied("MethodNotAllowed", 405)
    if "authorization" in visit.request.headers:
        return _denied("InvalidArgument", 400)
    thing, query = visit.request.path[1:], visit.request.query
    until = query.get("Expires", "")
    if not until.isdecimal() or query.get("Signature") != seal(f"{thing}?{until}"):
        return _denied("AccessDenied", 403)
    if visit.now > datetime.fromtimestamp(int(until), UTC):
        return _denied("AccessDenied", 403)
    kind, _, rest = thing.partition("/")
    return _SHELVES[kind](visit, rest)


def _document(visit: Visit, slot: dict[str, Any]) -> bool:
    found = by_code(visit.state, slot["target"].removesuffix(".pdf"))
    if found is None or not visit.request.body.startswith(b"%PDF-"):
        return False
    process, paper = found
    papers.keep(visit.state, paper, visit.request.body)
    life.open_up(visit, process)
    return True


def _mask(visit: Visit, slot: dict[str, Any]) -> bool:
    if visit.request.headers.get("content-type", "").partition(";")[0].strip() != "text/html":
        return False
    template, _, part = slot["target"].removesuffix(".html").partition("/")
    found = table(visit.state, "templates")[template]
    found["parts"] = sorted({*found["parts"], part})
    visit.state.put_blob(f"html:{template}:{part}", visit.request.body)
    return True


def _paper(visit: Visit, rest: str) -> Reply:
    found = by_code(visit.state, rest.removesuffix(".pdf"))
    if found is None or not found[1]["here"]:
        return _denied("NoSuchKey", 404)
    return binary_reply(200, papers.current(visit.state, *found), "application/pdf")


def _attachment(visit: Visit, rest: str) -> Reply:
    key, signer_id, index = rest.split("/")
    process = by_any(visit.state, key)
    content = visit.state.blob(f"file:{key}:{signer_id}:{index}")
    if process is None or signer_of(process, signer_id) is None or content is None:
        return _denied("NoSuchKey", 404)
    return binary_reply(200, content, "application/pdf")


def _report(_: Visit, rest: str) -> Reply:
    return binary_reply(200, papers.drawn(["Background check", rest.removesuffix(".pdf")]), "application/pdf")


def _image(_: Visit, __: str) -> Reply:
    return binary_reply(200, papers.JPEG, "image/jpeg")


_SHELVES: Final[dict[str, Callable[[Visit, str], Reply]]] = {
    "documents": _paper,
    "attachments": _attachment,
    "checks": _report,
    "images": _image,
}


def _denied(code: str, status: int) -> Reply:
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code></Error>".encode()
    return binary_reply(status, body, "application/xml")
