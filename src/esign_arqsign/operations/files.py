"""Files beside the signed documents: audit records, and what signers attached."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from esign_arqsign.operations.reads import full_process
from esign_arqsign.wire.fetching import fetch, fetch_record, fetch_records
from esign_arqsign.wire.lookups import SignerAttachments, load_attachments
from esign_arqsign.wire.paths import with_id
from esign_core.model.documents import FileKind, SignedFile
from esign_core.model.errors import UnreadableReplyError
from esign_core.providers.flow import Call, Flow, Save

if TYPE_CHECKING:
    from esign_arqsign.provider import ArqSign

__all__ = ["attachments", "audit_record", "audit_records", "download_attachments"]


def audit_record(provider: ArqSign, document_id: str, *, name: str = "Registro de assinaturas.pdf") -> Flow[SignedFile]:
    """Fetch the audit record of one document, streamed out of the Base64 that the vendor wraps it in.

    Args:
        provider: given by `client.run`.
        document_id: the id of a document (`ProcessDocument.id`), not of a process.
        name: what to call the file.
    """
    del provider
    return (yield from fetch_record(document_id, name, None))


def audit_records(provider: ArqSign, process_id: str) -> Flow[tuple[SignedFile, ...]]:
    """Fetch the audit records of all documents of a process: one request that lists them, and one for each."""
    process = yield from full_process(provider, process_id)
    return (yield from fetch_records(process.documents, process_id))


def attachments(
    provider: ArqSign, process_id: str, *, signer_ids: Iterable[str] = (), base64: bool = False
) -> Flow[tuple[SignerAttachments, ...]]:
    """List what signers attached, with a link to each file.

    Args:
        provider: given by `client.run`.
        process_id: the process.
        signer_ids: whose files; everybody's where none are named.
        base64: True for the files themselves in place of links.
    """
    del provider
    wanted = list(signer_ids)
    body = {"arquivoTipo": 1 if base64 else 2, **({"signatarios": wanted} if wanted else {})}
    path = with_id("/api/v1/processo/{}/buscar-anexos-signatarios", process_id)
    reply = yield Call.post(path, json=body, process_id=process_id, repeatable=True)
    return load_attachments(reply)


def download_attachments(
    provider: ArqSign, process_id: str, *, signer_ids: Iterable[str] = ()
) -> Flow[tuple[SignedFile, ...]]:
    """Fetch what signers attached: one request that lists the files, and one for each."""
    found = yield from attachments(provider, process_id, signer_ids=signer_ids)
    files = [file for signer in found for file in signer.files]
    links = [(file.content or "", Save(file.name or "attachment", FileKind.ATTACHMENT)) for file in files]
    if not all(link.startswith(("https://", "http://")) for link, _ in links):
        raise UnreadableReplyError("the vendor gave something else where links to attachments were asked for")
    return (yield from fetch(links, process_id))
