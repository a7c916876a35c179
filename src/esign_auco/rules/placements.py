"""Rules for placements: what Auco can take of them, and what must be known when the request is written."""

from __future__ import annotations

from collections.abc import Iterator

from esign_auco.settings import AucoSettings
from esign_auco.wire.fields import Path, travels_inline
from esign_auco.wire.positions import signed_by
from esign_core.model.documents import Document
from esign_core.model.drafts import PlacementKind, ProcessDraft, SignerDraft
from esign_core.model.errors import Problem

__all__ = ["placement_problems", "stored_positions", "tag_problems", "unplaced"]


def placement_problems(where: str, signer: SignerDraft, draft: ProcessDraft) -> Iterator[Problem]:
    """Find placements that Auco cannot take: of two kinds, repeated, or on documents the person does not sign."""
    kinds = {placement.kind for placement in signer.placements}
    if len(kinds) > 1:
        hint = "give one person placements of one kind"
        yield Problem.unsupported(f"{where}.placements", "must not mix boxes, tags and roles", hint)
        return
    if kinds and PlacementKind.BOX not in kinds and len(signer.placements) > 1:
        yield Problem.unsupported(
            f"{where}.placements", "must not name more than one tag or role", "one is enough: it applies to all pages"
        )
    signed = signed_by(draft, signer)
    for number, placement in enumerate(signer.placements):
        if placement.document is not None and placement.document not in signed:
            hint = "place signatures on the documents this person signs"
            yield Problem.invalid(
                f"{where}.placements[{number}].document", "must be a document this person signs", hint
            )
    covered = {placement.document for placement in signer.placements}
    for index in signed if covered and None not in covered else ():
        if index not in covered:
            hint = f"this person signs documents[{index}] too: give a placement there, or name their documents"
            yield Problem.invalid(f"{where}.placements", "leave one document without a place to sign", hint)


def unplaced(draft: ProcessDraft) -> Iterator[Problem]:
    """Find what is missing when the request is written: a place for each person, and the size of its page."""
    for index, signer in enumerate(draft.signers):
        where = f"signers[{index}].placements"
        if not signer.placements and draft.documents:
            templates = not any(isinstance(document, Document) for document in draft.documents)
            hint = (
                "name the template's role: Placement.template_role(...)" if templates else "give a Placement.box(...)"
            )
            yield Problem.invalid(where, "must be given: Auco finds no place itself", hint)
        for number, placement in enumerate(signer.placements):
            sized = placement.page_size and all(side > 0 for side in placement.page_size)
            if placement.kind is PlacementKind.BOX and not sized:
                hint = "give page_size, or send through client.create, which reads it from the PDF"
                yield Problem.invalid(f"{where}[{number}].page_size", "is not known", hint)


def tag_problems(
    where: str, signer: SignerDraft, draft: ProcessDraft, path: Path, settings: AucoSettings
) -> Iterator[Problem]:
    """Find a tag in a PDF that is not part of the request, where Auco does not look for it."""
    tagged = any(placement.kind is PlacementKind.TAG for placement in signer.placements)
    if tagged and not travels_inline(draft, path, settings) and not path.is_package and draft.documents:
        hint = "give boxes, or raise the setting inline_limit"
        message = "name a tag, which Auco finds only in a PDF inside the request"
        yield Problem.unsupported(f"{where}.placements", message, hint)


def stored_positions(draft: ProcessDraft) -> Iterator[Problem]:
    """Find roles of more than one template: a process takes its positions from one."""
    named = [placement for signer in draft.signers for placement in signer.placements if placement.template_id]
    if len({placement.template_id for placement in named}) > 1:
        hint = "take all roles from one template"
        yield Problem.unsupported("signers", "name roles of several templates", hint)
