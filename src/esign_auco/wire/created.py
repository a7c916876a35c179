"""What answers to creations say, in every generation's shape, and the process that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from esign_auco.wire.creation import is_notified, order_of
from esign_auco.wire.fields import Path, choose
from esign_auco.wire.kit import read, read_object
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.process import Process, ProcessDocument, Signer
from esign_core.model.status import ProcessStatus, SignerStatus, implied
from esign_core.providers.convert import Text, wired
from esign_core.providers.flow import Reply

__all__ = [
    "Created",
    "CreatedDocument",
    "CreatedSigner",
    "load_created",
    "process_of",
    "uploads",
]


@attrs.frozen(kw_only=True)
class CreatedSigner:
    """A person of a new process; only those whom Auco does not notify have an id."""

    id: Text = wired("id", None)
    name: Text = wired("name", None, repr=False)
    email: Text = wired("email", None, repr=False)
    phone: Text = wired("phone", None, repr=False)


@attrs.frozen(kw_only=True)
class CreatedDocument:
    """One document of a new package."""

    code: str = wired("code")
    name: Text = wired("name", None, repr=False)
    url: Text = wired("url", None, repr=False)
    signers: tuple[CreatedSigner, ...] | None = wired("signProfile", None)


@attrs.frozen(kw_only=True)
class Created:
    """An answer to a creation: `{document, url?}`, `{package, code?, url?}` or `{id, documents}`."""

    document: str | None = wired("document", None)
    code: str | None = wired("code", None)
    package: str | None = wired("package", None)
    id: str | None = wired("id", None)
    object_id: str | None = wired("_id", None)
    url: Text = wired("url", None, repr=False)
    signers: tuple[CreatedSigner, ...] | None = wired("signProfile", None)
    documents: tuple[CreatedDocument, ...] | None = wired("documents", None)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)

    @property
    def process_id(self) -> str | None:
        """The id that everything later asks for: a document's code where there is one, else the package's."""
        if self.documents is not None:
            return self.id or self.object_id or self.package
        return self.document or self.code or self.package or self.id or self.object_id


def load_created(reply: Reply) -> Created:
    """Read an answer to a creation.

    Raises:
        UnreadableReplyError: it names no process.
    """
    created = read(Created, read_object(reply, "the new process"), "the new process")
    if not created.process_id:
        raise UnreadableReplyError("the vendor's answer is not what was due: the new process has no code")
    return created


def uploads(created: Created, draft: ProcessDraft, body: Mapping[str, Any]) -> Sequence[tuple[str, Document]]:
    """Return where each PDF that did not travel inside the request has to go now.

    Raises:
        UnreadableReplyError: an address that was due did not come.
    """
    path = choose(draft)
    pdfs = [document for document in draft.documents if isinstance(document, Document)]
    if path is Path.MANY:
        return [(_due(part.url, created), pdf) for part, pdf in zip(_matched(created, pdfs), pdfs, strict=True)]
    return [(_due(created.url, created), pdfs[0])] if body.get("compress") is True else []


def _due(url: str | None, created: Created) -> str:
    if url is None:
        raise _unreadable(created, "an upload address was due and none came")
    return url


def _matched(created: Created, pdfs: Sequence[Document]) -> Sequence[CreatedDocument]:
    """Return the answer's documents in the order of the draft's; a PDF must not end up under another's code."""
    parts = created.documents or ()
    names = [pdf.name for pdf in pdfs]
    if len(parts) == len(names):
        if all(part.name in (None, name) for part, name in zip(parts, names, strict=True)):
            return parts
        by_name = {part.name: part for part in parts}
        if len(by_name) == len(names) and set(by_name) == set(names):
            return [by_name[name] for name in names]
    raise _unreadable(created, "the documents of the new package are not the ones that were asked for")


def _unreadable(created: Created, what: str) -> UnreadableReplyError:
    return UnreadableReplyError(
        f"the vendor's answer is not what was due: {what}",
        process_id=created.process_id,
        hint="The process is there, without its PDF: cancel it, then create it anew.",
    )


def process_of(created: Created, draft: ProcessDraft) -> Process:
    """Return the process as the answer, the draft and the accepted command imply it."""
    status = ProcessStatus.IN_PROGRESS
    has_place = choose(draft) in (Path.UPLOAD, Path.MANY, Path.MANY_TEMPLATES)
    return Process(
        id=created.process_id or "",
        name=draft.name,
        status=status,
        status_detail=implied(status, "auco.create.accepted"),
        signers=_signers(created, draft) if draft.signers else _from_template(created),
        documents=_documents(created, draft),
        expires_at=draft.expires_at,
        reference=draft.reference if has_place else None,
        raw=created.raw,
    )


def _documents(created: Created, draft: ProcessDraft) -> tuple[ProcessDocument, ...]:
    if created.documents is not None:
        return tuple(ProcessDocument(id=part.code, name=part.name or "") for part in created.documents)
    code = created.document or created.code
    return (ProcessDocument(id=code, name=draft.name),) if code else ()


def _people(created: Created) -> tuple[CreatedSigner, ...]:
    inner = [person for part in created.documents or () for person in part.signers or ()]
    return (*(created.signers or ()), *inner)


def _signers(created: Created, draft: ProcessDraft) -> tuple[Signer, ...]:
    ids = {(person.email or "").casefold(): person.id for person in _people(created) if person.id}
    orders = [order_of(draft, index) for index in range(len(draft.signers))]
    first = min((order for order in orders if order is not None), default=None)
    signers = []
    for signer, order in zip(draft.signers, orders, strict=True):
        asked = is_notified(draft, signer) and order == first
        status = SignerStatus.NOTIFIED if asked else SignerStatus.NOT_NOTIFIED
        signers.append(
            Signer(
                id=ids.get((signer.email or "").casefold()) or "",
                name=signer.name,
                email=signer.email,
                phone=signer.phone,
                role=signer.role,
                order=order,
                status=status,
                status_detail=implied(status, "auco.create.accepted"),
            )
        )
    return tuple(signers)


def _from_template(created: Created) -> tuple[Signer, ...]:
    """Return the people whom the answer to a template's process names, each once though a package repeats them."""
    found: dict[str, Signer] = {}
    for person in _people(created):
        # Auco gives an id to those alone whom it leaves to the caller.
        status = SignerStatus.NOT_NOTIFIED if person.id else SignerStatus.NOTIFIED
        signer = Signer(
            id=person.id or "",
            name=person.name or "",
            email=person.email,
            phone=person.phone,
            status=status,
            status_detail=implied(status, "auco.create.accepted"),
        )
        found.setdefault((person.email or person.id or person.name or "").casefold(), signer)
    return tuple(found.values())
