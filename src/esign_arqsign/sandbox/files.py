"""The files the box hands out: documents before and after, audit records, attachments, and the links to them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.reading import Tree
from esign_core.providers.flow import Reply
from esign_core.sandbox import Request, State, binary_reply, finished_pdf, text_reply
from esign_core.sandbox.clock import iso, moment

HOST: Final = "arqsign-sandbox-files.invalid"
ACCESS: Final = "https://arqsign-sandbox-sign.invalid/"
# Signs the links, as the store behind the real vendor does; it opens nothing but a sandbox's own files.
_LINK_KEY: Final = b"sandbox-links"
# A picture of one grey point.
PICTURE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mM4AAAAwgDB/9Yt3AAAAABJRU5ErkJggg=="
)


def document(state: State, process: Tree, one: Tree) -> bytes:
    """Give a document as it stands: as sent until everybody has signed, then with who signed and when."""
    sent = state.blob(one["id"]) or b""
    if process["status"] != states.CONCLUDED:
        return sent
    return finished_pdf(sent, title=f"Signatures of {one['name']}", lines=_lines(process))


def record(state: State, process: Tree, one: Tree) -> bytes:
    """Give the audit record of a document."""
    digest = hashlib.sha256(state.blob(one["id"]) or b"").hexdigest()
    told = [f"Process {process['id']}", f"Document {one['id']}", f"SHA-256 {digest}", "", *_lines(process)]
    return finished_pdf(state.blob(one["id"]) or b"", title=f"Audit record of {one['name']}", lines=told)


def record_name(one: Tree, *, capital: bool) -> str:
    """Give the name of a document's audit record, which the vendor's pages spell in two ways."""
    stem = one["name"].rpartition(".")[0] or one["name"]
    return f"{stem}_Registro de {'A' if capital else 'a'}ssinaturas.pdf"


def link(kind: str, file_id: str, name: str, now: datetime, life: timedelta) -> str:
    """Make a link under which a file can be fetched for a while."""
    until = iso(now + life)
    path = f"/{kind}/{file_id}"
    query = urlencode({"until": until, "sig": _seal(path, until)})
    return f"https://{HOST}{path}/{quote(name, safe='')}?{query}"


def serve(state: State, request: Request, now: datetime) -> Reply:
    """Answer a request to the host of the files: no key is asked for, the link is the key."""
    _, kind, file_id, *_ = [*request.path.split("/"), "", "", ""]
    until, seal = request.query.get("until", ""), request.query.get("sig", "")
    if not hmac.compare_digest(_seal(f"/{kind}/{file_id}", until).encode(), seal.encode()) or moment(until) < now:
        return text_reply(403, "Link expirado ou inválido.")
    if request.method != "GET":
        return text_reply(405, "Somente GET.")
    content = _found(state, kind, file_id)
    if content is None:
        return text_reply(404, "Arquivo não encontrado.")
    return binary_reply(200, content, "image/png" if kind == "anexo" else "application/pdf")


def blank_page() -> bytes:
    """Make a PDF of one empty page, for files that were not sent."""
    from pypdf import PdfWriter

    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(width=595, height=842)
    writer.write(out)
    return out.getvalue()


def _found(state: State, kind: str, file_id: str) -> bytes | None:
    if kind == "anexo":
        return PICTURE
    for process, one in states.documents(state):
        if one["id"] == file_id and not process["deleted"]:
            return record(state, process, one) if kind == "registro" else document(state, process, one)
    return None


def _seal(path: str, until: str) -> str:
    return hmac.new(_LINK_KEY, f"{path}?{until}".encode(), hashlib.sha256).hexdigest()


def _lines(process: Tree) -> list[str]:
    lines = [f"Created on {process['created_at'][:19]}Z."]
    for signer in states.signers(process):
        who = f"{signer['name']} <{states.contact(signer)}>"
        if signer["signed_at"]:
            lines.append(f"{who} signed on {signer['signed_at'][:19]}Z.")
        elif signer["refused"]:
            lines.append(f"{who} declined: {signer['reason']}")
        else:
            lines.append(f"{who} has not signed.")
    return lines
