"""Write placements in Auco's fields: boxes as fractions of their far corner, tags as `label`, roles as `type`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from esign_core.model.drafts import Placement, PlacementKind, ProcessDraft, SignerDraft

__all__ = ["signed_by", "write_placements"]


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
    # A box computed from fractions itself may end slightly beyond its page.
    return min(1.0, round(far / whole, 6))


def _plain(points: float) -> float:
    return int(points) if float(points).is_integer() else points
