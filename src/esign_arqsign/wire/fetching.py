"""Files: documents and attachments by their links, audit records out of the JSON they come in."""

from __future__ import annotations

from collections.abc import Iterable

from esign_arqsign.wire.paths import with_id
from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import ProcessDocument
from esign_core.providers.flow import Call, Flow, Save

__all__ = ["fetch", "fetch_record", "fetch_records"]


def fetch(links: Iterable[tuple[str, Save]], process_id: str) -> Flow[tuple[SignedFile, ...]]:
    """Fetch the file behind each link; a link is its own permission, so no key goes with it."""
    files = []
    for link, save in links:
        reply = yield Call.get(link, save=save, anonymous=True, process_id=process_id)
        files.append(reply.file)
    return tuple(file for file in files if file is not None)


def fetch_record(document_id: str, name: str, process_id: str | None) -> Flow[SignedFile]:
    """Fetch the audit record of one document, streamed out of the Base64 that the vendor wraps it in."""
    path = with_id("/api/v1/processo/{}/registro-assinaturas", document_id)
    save = Save(name, FileKind.AUDIT_RECORD, member="base64")
    reply = yield Call.get(path, save=save, process_id=process_id)
    if reply.file is None:
        raise UnreadableReplyError("the vendor's answer holds no audit record", status=reply.status)
    return reply.file


def fetch_records(documents: Iterable[ProcessDocument], process_id: str) -> Flow[tuple[SignedFile, ...]]:
    """Fetch the audit record of each document, one request for each."""
    found = []
    for document in documents:
        name = f"{document.name.removesuffix('.pdf')}_Registro de assinaturas.pdf"
        record = yield from fetch_record(document.id, name, process_id)
        found.append(record)
    return tuple(found)
