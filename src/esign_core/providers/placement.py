"""Pages: their sizes read from PDFs, and a box at the foot of the last one for people who have no place to sign.

Reading needs pypdf (the extra `[pdf]`), which is imported only here and only when a draft asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from esign_core.model.documents import Document
from esign_core.model.drafts import Placement, PlacementKind, ProcessDraft, SignerDraft
from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.model.pdf import page_sizes, quiet_pypdf
from esign_core.providers.validation import outside

MARGIN = 36.0
"""Points between a box and the page's edges."""
BOX = (120.0, 50.0)
"""Width and height, in points, of the box of somebody for whom none was given."""
_GAP = 12.0
# Mending a broken cross-reference table reads the whole file into memory: done for small files only.
_LENIENT_UP_TO = 8 * 1024 * 1024


def complete(draft: ProcessDraft, *, place: bool, sizes: bool) -> ProcessDraft:
    """Return the draft with boxes where there were none and with page sizes, as far as the provider needs them.

    Args:
        draft: a well-formed draft.
        place: give people without placements a box at the foot of each document's last page.
        sizes: give every box the size of its page, and one document; otherwise boxes are judged as far as pages can
            be read, and stay as they are.

    Raises:
        InvalidRequestError: a PDF cannot be read, or a box lies on a page that is not there; all problems at once.
    """
    reader = _Pages(draft, needed=sizes)
    signers = []
    for index, signer in enumerate(draft.signers):
        placements = tuple(_sized(index, signer, reader))
        if place and not signer.placements:
            placements = tuple(_at_the_foot(index, len(draft.signers), signer, reader))
        signers.append(attrs.evolve(signer, placements=placements))
    if reader.problems:
        raise InvalidRequestError(problems=list(dict.fromkeys(reader.problems)))
    return attrs.evolve(draft, signers=signers)


class _Pages:
    """The page sizes of a draft's documents, each document opened once and only if asked for."""

    def __init__(self, draft: ProcessDraft, *, needed: bool) -> None:
        self.documents = draft.documents
        self.needed = needed
        self.problems: list[Problem] = []
        self._sizes: dict[int, list[tuple[float, float]]] = {}

    def signed_by(self, signer: SignerDraft) -> Iterator[int]:
        wanted = range(len(self.documents)) if signer.documents is None else signer.documents
        return (index for index in wanted if isinstance(self.documents[index], Document))

    def sizes(self, index: int) -> list[tuple[float, float]]:
        if index not in self._sizes:
            self._sizes[index] = self._read(index)
        return self._sizes[index]

    def _read(self, index: int) -> list[tuple[float, float]]:
        document = self.documents[index]
        try:
            from pypdf import PdfReader
        except ImportError:
            self._problem(index, "has pages whose size must be read", 'install "esign[pdf]", or give page_size')
            return []
        if not isinstance(document, Document) or document.size is None:
            self._problem(index, "has no bytes here from which a page's size could be read", "give page_size")
            return []
        try:
            with document.open() as file, quiet_pypdf():
                return page_sizes(PdfReader(file, strict=document.size > _LENIENT_UP_TO))
        except InvalidRequestError as error:
            self.problems.extend(error.problems)
        except Exception:  # noqa: BLE001 - a broken PDF makes pypdf fail in any way
            self._problem(index, "is a PDF whose pages cannot be read", "mend it, or give placements with page_size")
        return []

    def _problem(self, index: int, message: str, hint: str) -> None:
        # A vendor that measures from the page's corner needs no size: what cannot be read is for the vendor to judge.
        if self.needed:
            self.problems.append(Problem(path=f"documents[{index}]", message=message, hint=hint))


def _sized(index: int, signer: SignerDraft, pages: _Pages) -> Iterator[Placement]:
    for number, placement in enumerate(signer.placements):
        if placement.kind is not PlacementKind.BOX:
            yield placement
            continue
        targets = pages.signed_by(signer) if placement.document is None else iter((placement.document,))
        sized = [_judged(placement, target, f"signers[{index}].placements[{number}]", pages) for target in targets]
        yield from sized if pages.needed else (placement,)


def _judged(placement: Placement, target: int, path: str, pages: _Pages) -> Placement:
    size = placement.page_size or _size_of(pages, target, placement.page, path)
    sized = attrs.evolve(placement, document=target, page_size=size)
    if size is not None and outside(sized):
        hint = f"page {placement.page} of document {target} is {size[0]:g} by {size[1]:g} points"
        pages.problems.append(Problem(path=path, message="lies outside its page", hint=hint))
    return sized


def _size_of(pages: _Pages, target: int, page: int, path: str) -> tuple[float, float] | None:
    sizes = pages.sizes(target)
    if sizes and page > len(sizes):
        hint = f"document {target} has {len(sizes)} pages"
        problem = Problem(path=f"{path}.page", message="is not there", hint=hint)
        pages.problems.append(problem)
        return None
    return sizes[page - 1] if sizes else None


def _at_the_foot(index: int, people: int, signer: SignerDraft, pages: _Pages) -> Iterator[Placement]:
    for target in pages.signed_by(signer):
        sizes = pages.sizes(target)
        if sizes:
            yield _foot(index, people, sizes[-1], len(sizes), target)


def _foot(index: int, people: int, size: tuple[float, float], page: int, target: int) -> Placement:
    """Side by side from the left, in rows from the foot upwards; smaller where the page is too small for all."""
    width, height = size
    margin = min(MARGIN, width / 20, height / 20)
    room = width - 2 * margin
    columns = max(1, min(people, int((room + _GAP) // (BOX[0] + _GAP))))
    rows = -(-people // columns)
    step_x = room / columns
    step_y = min(BOX[1] + _GAP, (height - 2 * margin) / rows)
    row, column = divmod(index, columns)
    return Placement.box(
        page,
        round(margin + column * step_x, 2),
        round(height - margin - (row + 1) * step_y, 2),
        round(min(BOX[0], step_x * 0.9), 2),
        round(min(BOX[1], step_y * 0.9), 2),
        page_size=size,
        document=target,
    )
