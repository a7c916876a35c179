"""The rules of placements at ArqSign: one box per person type, signer and document, or no placement at all."""

from __future__ import annotations

from collections.abc import Iterator

from esign_arqsign.wire import choices
from esign_core.model.drafts import Placement, PlacementKind, ProcessDraft, SignerDraft
from esign_core.model.errors import Problem

__all__ = ["placement_problems"]

_Found = Iterator[Problem]


def placement_problems(path: str, draft: ProcessDraft, signer: SignerDraft) -> _Found:
    """Yield what is wrong with one signer's boxes: as soon as one signer has any, all need them in every document."""
    boxes = [each for each in signer.placements if each.kind is PlacementKind.BOX]
    if not choices.placed(draft) or len(boxes) < len(signer.placements):
        return
    wanted = 2 if choices.signs_as(signer) == choices.BOTH else 1
    for index in range(len(draft.documents)):
        found = [each for each in boxes if each.document in (None, index)]
        if not found:
            hint = "give every signer a box in every document, or leave all placements out"
            yield Problem.invalid(f"{path}.placements", f"has no box in document {index}", hint)
        elif len(found) != wanted:
            hint = "give two, the person's and then the company's" if wanted == 2 else "give one box for each document"
            message = f"has {len(found)} boxes in document {index}, and ArqSign takes {wanted}"
            yield Problem.unsupported(f"{path}.placements", message, hint)
    yield from _company_boxes(path, signer, boxes)


def _company_boxes(path: str, signer: SignerDraft, boxes: list[Placement]) -> _Found:
    if choices.signs_as(signer) == choices.PERSON:
        return
    for number, box in enumerate(boxes):
        if not box.x or not box.y:
            hint = "a company's box must not touch the page's edge: move it by a point"
            yield Problem.unsupported(f"{path}.placements[{number}]", "lies on the edge of its page", hint)
