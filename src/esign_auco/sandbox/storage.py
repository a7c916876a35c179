"""The sandbox's storage: takes files in at upload addresses, once, and hands them out while a link holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from esign_auco.sandbox import life, papers
from esign_auco.sandbox.context import Context
from esign_auco.sandbox.links import seal
from esign_auco.sandbox.state import by_any, by_code, signer_of, table
from esign_core.sandbox import Reply, binary_reply
from esign_core.sandbox.clock import moment


def take_in(context: Context) -> Reply:
    """Take in a file at an upload address."""
    if context.request.method != "PUT":
        return _denied("MethodNotAllowed", 405)
    if "authorization" in context.request.headers:
        # An address that is signed is a credential by itself; real storage refuses a second one.
        return _denied("InvalidArgument", 400)
    slot = table(context.state, "uploads").get(context.request.query.get("X-Amz-Signature", ""))
    if slot is None or slot["used"] or context.request.path != f"/{slot['target']}":
        return _denied("AccessDenied", 403)
    if context.now > moment(slot["until"]):
        return _denied("AccessDenied", 403)
    store = _document if slot["kind"] == "document" else _mask
    if not store(context, slot):
        return _denied("InvalidRequest", 400)
    slot["used"] = True
    return Reply(status=200)


def hand_out(context: Context) -> Reply:
    """Hand out a file at a download address."""
    if context.request.method != "GET":
        return _denied("MethodNotAllowed", 405)
    if "authorization" in context.request.headers:
        return _denied("InvalidArgument", 400)
    thing, query = context.request.path[1:], context.request.query
    until = query.get("Expires", "")
    if not until.isdecimal() or query.get("Signature") != seal(f"{thing}?{until}"):
        return _denied("AccessDenied", 403)
    if context.now > datetime.fromtimestamp(int(until), UTC):
        return _denied("AccessDenied", 403)
    kind, _, rest = thing.partition("/")
    return _SHELVES[kind](context, rest)


def _document(context: Context, slot: dict[str, Any]) -> bool:
    found = by_code(context.state, slot["target"].removesuffix(".pdf"))
    if found is None or not context.request.body.startswith(b"%PDF-"):
        return False
    process, paper = found
    papers.keep(context.state, paper, context.request.body)
    life.open_up(context, process)
    return True


def _mask(context: Context, slot: dict[str, Any]) -> bool:
    if context.request.headers.get("content-type", "").partition(";")[0].strip() != "text/html":
        return False
    template, _, part = slot["target"].removesuffix(".html").partition("/")
    found = table(context.state, "templates")[template]
    found["parts"] = sorted({*found["parts"], part})
    context.state.put_blob(f"html:{template}:{part}", context.request.body)
    return True


def _paper(context: Context, rest: str) -> Reply:
    found = by_code(context.state, rest.removesuffix(".pdf"))
    if found is None or not found[1]["here"]:
        return _denied("NoSuchKey", 404)
    return binary_reply(200, papers.current(context.state, *found), "application/pdf")


def _attachment(context: Context, rest: str) -> Reply:
    key, signer_id, index = rest.split("/")
    process = by_any(context.state, key)
    content = context.state.blob(f"file:{key}:{signer_id}:{index}")
    if process is None or signer_of(process, signer_id) is None or content is None:
        return _denied("NoSuchKey", 404)
    return binary_reply(200, content, "application/pdf")


def _report(_: Context, rest: str) -> Reply:
    return binary_reply(200, papers.drawn(["Background check", rest.removesuffix(".pdf")]), "application/pdf")


def _image(_: Context, __: str) -> Reply:
    return binary_reply(200, papers.JPEG, "image/jpeg")


_SHELVES: Final[dict[str, Callable[[Context, str], Reply]]] = {
    "documents": _paper,
    "attachments": _attachment,
    "checks": _report,
    "images": _image,
}


def _denied(code: str, status: int) -> Reply:
    body = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code></Error>".encode()
    return binary_reply(status, body, "application/xml")
