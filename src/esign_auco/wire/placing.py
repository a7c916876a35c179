"""Where signatures go: boxes turned into Auco's fractions of their far corner, tags into `label`, roles into `type`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from esign_core.model.documents import Document
from esign_core.model.drafts import Placement, PlacementKind, ProcessDraft, SignerDraft
from esign_core.model.errors import Problem

__all__ = ["problems", "signed_by", "unplaced", "write_placements"]


def signed_by(draft: ProcessDraft, signer: SignerDraft) -> Sequence[int]:
    """Return the indices of the documents a person signs."""
    return range(len(draft.documents)) if signer.documents is None else signer.documents


def write_placements(signer: SignerDraft, index: int) -> dict[str, Any]:
    """Return the one field that says where a person signs a document: `position`, `label` or `type`."""
    here = [placement for placement in signer.placements if placement.document in (None, index)]
    boxes = [_position(placement) for placement in here if placement.kind is PlacementKind.BOX]
    if boxes:
        return {"position": boxes}
    if here and here[0].kind is PlacementKind.TEMPLATE_ROLE:
        return {"type": here[0].role}
    return {"label": True}


def _position(box: Placement) -> dict[str, Any]:
    width, height = box.page_size or (0.0, 0.0)
    return {
        "page": box.page,
        "x": _fraction(box.x + box.width, width),
        "y": _fraction(box.y + box.height, height),
        "w": _plain(box.width),
        "h": _plain(box.height),
    }


def _fraction(far: float, whole: float) -> float:
    # A box may end a hair beyond its page where it was computed from fractions itself.
    return min(1.0, round(far / whole, 6))


def _plain(points: float) -> float:
    return int(points) if float(points).is_integer() else points


def problems(where: str, signer: SignerDraft, draft: ProcessDraft) -> Iterator[Problem]:
    """Find placements that Auco cannot take: of two kinds, repeated, or on documents the person does not sign."""
    kinds = {placement.kind for placement in signer.placements}
    if len(kinds) > 1:
        yield _problem(f"{where}.placements", "mix boxes, tags and roles", "give one person placements of one kind")
        return
    if kinds and PlacementKind.BOX not in kinds and len(signer.placements) > 1:
        yield _problem(
            f"{where}.placements", "name more than one tag or role", "one is enough: it counts for all pages"
        )
    signed = signed_by(draft, signer)
    for number, placement in enumerate(signer.placements):
        if placement.document is not None and placement.document not in signed:
            hint = "place signatures on the documents this person signs"
            yield Problem(path=f"{where}.placements[{number}].document", message="is not theirs to sign", hint=hint)
    covered = {placement.document for placement in signer.placements}
    for index in signed if covered and None not in covered else ():
        if index not in covered:
            hint = f"this person signs documents[{index}] too: give a placement there, or name their documents"
            yield Problem(path=f"{where}.placements", message="leave one document without a place to sign", hint=hint)


def unplaced(draft: ProcessDraft) -> Iterator[Problem]:
    """Find what has to be there when the request is written: a place for each person, and the size of its page."""
    for index, signer in enumerate(draft.signers):
        where = f"signers[{index}].placements"
        if not signer.placements and draft.documents:
            templates = not any(isinstance(document, Document) for document in draft.documents)
            hint = (
                "name the template's role: Placement.template_role(...)" if templates else "give a Placement.box(...)"
            )
            yield Problem(path=where, message="are missing, and Auco finds no place itself", hint=hint)
        for number, placement in enumerate(signer.placements):
            sized = placement.page_size and all(side > 0 for side in placement.page_size)
            if placement.kind is PlacementKind.BOX and not sized:
                hint = "give page_size, or send through client.create, which reads it from the PDF"
                yield Problem(path=f"{where}[{number}].page_size", message="is not known", hint=hint)


def _problem(path: str, message: str, hint: str) -> Problem:
    return Problem(path=path, message=message, hint=hint, unsupported=True)
