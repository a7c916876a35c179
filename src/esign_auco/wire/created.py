"""Read answers to creations, in the shape of every generation of the vendor's texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from esign_auco.wire.fields import Path, choose
from esign_auco.wire.loading import maybe_id, maybe_text, objects_in, phone_of, read_object, unexpected
from esign_auco.wire.requests import is_notified, order_of
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft
from esign_core.model.errors import OutcomeUnknownError
from esign_core.model.process import Process, ProcessDocument, Signer
from esign_core.model.status import ProcessStatus, SignerStatus, implied
from esign_core.providers.convert import plain_id
from esign_core.providers.flow import Reply

__all__ = ["Created", "CreatedDocument", "CreatedSigner", "created_process", "load_created", "unfinished", "uploads"]


@attrs.frozen(kw_only=True)
class CreatedSigner:
    """A person of a new process; only those whom Auco does not notify have an id."""

    id: str | None = None
    name: str | None = attrs.field(default=None, repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)


@attrs.frozen(kw_only=True)
class CreatedDocument:
    """One document of a new package."""

    code: str | None = None
    name: str | None = attrs.field(default=None, repr=False)
    url: str | None = attrs.field(default=None, repr=False)
    signers: tuple[CreatedSigner, ...] = ()


@attrs.frozen(kw_only=True)
class Created:
    """An answer to a creation: `{document, url?}`, `{package, code?, url?}` or `{id, documents}`."""

    process_id: str
    """The id that every later call takes: the code of a document where there is one, else the id of the package."""
    code: str | None = None
    url: str | None = attrs.field(default=None, repr=False)
    signers: tuple[CreatedSigner, ...] = ()
    documents: tuple[CreatedDocument, ...] | None = None
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)


_OF_PACKAGE = ("id", "_id", "package")
_OF_DOCUMENT = ("document", "code")


def load_created(reply: Reply) -> Created:
    """Read an answer to a creation: its id strictly, everything else as far as it can be read.

    The process exists already, so a field of a wrong type must not cost the id.

    Raises:
        UnreadableReplyError: the answer has no id, or only ids that are not one plain word.
    """
    tree = read_object(reply, "the new process")
    is_package = isinstance(tree.get("documents"), list)
    code = None if is_package else _first_id(tree, _OF_DOCUMENT)
    process_id = code or _first_id(tree, _OF_PACKAGE)
    if process_id is None:
        names = _OF_PACKAGE if is_package else (*_OF_DOCUMENT, *_OF_PACKAGE)
        given = next((tree[name] for name in names if tree.get(name)), None)
        if given is None:
            raise unexpected("the new process has no code")
        process_id = plain_id(given)
    return Created(
        process_id=process_id,
        code=code,
        url=maybe_text(tree.get("url")),
        signers=_created_signers(tree.get("signProfile")),
        documents=tuple(map(_created_document, objects_in(tree["documents"]))) if is_package else None,
        raw=tree,
    )


def _first_id(tree: Mapping[str, Any], names: Sequence[str]) -> str | None:
    return next(filter(None, (maybe_id(tree.get(name)) for name in names)), None)


def _created_document(tree: Mapping[str, Any]) -> CreatedDocument:
    return CreatedDocument(
        code=maybe_id(tree.get("code")),
        name=maybe_text(tree.get("name")),
        url=maybe_text(tree.get("url")),
        signers=_created_signers(tree.get("signProfile")),
    )


def _created_signers(value: Any) -> tuple[CreatedSigner, ...]:
    return tuple(
        CreatedSigner(
            id=maybe_id(each.get("id")),
            name=maybe_text(each.get("name")),
            email=maybe_text(each.get("email")),
            phone=phone_of(maybe_text(each.get("phone"))),
        )
        for each in objects_in(value)
    )


def uploads(created: Created, draft: ProcessDraft, body: Mapping[str, Any]) -> Sequence[tuple[str, Document]]:
    """Return where each PDF that was not part of the request has to be uploaded now.

    Raises:
        OutcomeUnknownError: an address that was expected is missing; the process exists without its PDF.
    """
    path = choose(draft)
    pdfs = [document for document in draft.documents if isinstance(document, Document)]
    if path is Path.MANY:
        return [(_address(part.url, created), pdf) for part, pdf in zip(_matched(created, pdfs), pdfs, strict=True)]
    return [(_address(created.url, created), pdfs[0])] if body.get("compress") is True else []


def _address(url: str | None, created: Created) -> str:
    if not url:
        raise _without_pdf(created, "the answer lacks an upload address")
    return url


def _matched(created: Created, pdfs: Sequence[Document]) -> Sequence[CreatedDocument]:
    """Return the answer's documents in the order of the draft's; a PDF must not be stored under another's code."""
    parts = created.documents or ()
    names = [pdf.name for pdf in pdfs]
    if len(parts) == len(names):
        if all(part.name in (None, name) for part, name in zip(parts, names, strict=True)):
            return parts
        by_name = {part.name: part for part in parts}
        if len(by_name) == len(names) and set(by_name) == set(names):
            return [by_name[name] for name in names]
    raise _without_pdf(created, "the documents of the new package are not the ones that were sent")


def _without_pdf(created: Created, what: str) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        f"{OutcomeUnknownError.summary}: unexpected response from the vendor: {what}",
        process_id=created.process_id,
        advice=unfinished(created.process_id, is_package=created.documents is not None),
    )


def unfinished(process_id: str, *, is_package: bool) -> str:
    """Return the advice for a process that was created and did not get all of its PDFs.

    Auco documents no way to cancel a package and no way to renew an upload address; edition and overwriting are
    documented for both kinds of process.
    """
    send_again = (
        f'put it in edition with client.run(operations.edit, "{process_id}", confirm=...) and send the draft again in '
        f'its place with client.run(operations.overwrite, "{process_id}", draft, now=..., confirm=...)'
    )
    if is_package:
        return f"The package {process_id} exists, and a PDF of it may be missing: {send_again}. It keeps its id."
    return (
        f"The process {process_id} exists, and its PDF may be missing: {send_again}, or cancel it with "
        "client.cancel before you create another."
    )


def created_process(created: Created, draft: ProcessDraft) -> Process:
    """Return the process that follows from the answer, the draft and the accepted call."""
    status = ProcessStatus.IN_PROGRESS
    has_place = choose(draft) in (Path.UPLOAD, Path.MANY, Path.MANY_TEMPLATES)
    return Process(
        id=created.process_id,
        name=draft.name,
        status=status,
        status_detail=implied(status, "auco.create.accepted"),
        signers=_drafted_signers(created, draft) if draft.signers else _template_signers(created),
        documents=_created_documents(created, draft),
        expires_at=draft.expires_at,
        reference=draft.reference if has_place else None,
        raw=created.raw,
    )


def _created_documents(created: Created, draft: ProcessDraft) -> tuple[ProcessDocument, ...]:
    if created.documents is not None:
        return tuple(ProcessDocument(id=part.code, name=part.name or "") for part in created.documents if part.code)
    return (ProcessDocument(id=created.code, name=draft.name),) if created.code else ()


def _created_people(created: Created) -> tuple[CreatedSigner, ...]:
    inner = [person for part in created.documents or () for person in part.signers]
    return (*created.signers, *inner)


def _drafted_signers(created: Created, draft: ProcessDraft) -> tuple[Signer, ...]:
    ids = {(person.email or "").casefold(): person.id for person in _created_people(created) if person.id}
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


def _template_signers(created: Created) -> tuple[Signer, ...]:
    """Return the people named in the answer to a template's process, each once although a package repeats them."""
    found: dict[str, Signer] = {}
    for person in _created_people(created):
        # Auco gives an id only to those whom it does not notify.
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
