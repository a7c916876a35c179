"""Complete the placements of a draft: page sizes read from its PDFs, and boxes for signers who have none.

Reading needs pypdf (the extra `[pdf]`), which is imported only when a draft needs a page that must be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from esign_core.model.documents import Document
from esign_core.model.drafts import Placement, PlacementKind, ProcessDraft, SignerDraft
from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.model.pdf import Pages, Size, Unreadable, UnreadablePdfError, read_pages, read_traits
from esign_core.providers.validation import outside

MARGIN = 36.0
"""Points between a box and the page's edges."""
BOX = (120.0, 50.0)
"""Width and height, in points, of the box of a signer for whom none was given."""
_GAP = 12.0

_UNREADABLE: Final = {
    Unreadable.DAMAGED: (
        "is a PDF whose pages cannot be read",
        "save it again with a PDF program, or give placements with page_size",
    ),
    Unreadable.ENCRYPTED: (
        "is encrypted",
        "save it without a password, or give placements with page_size",
    ),
    Unreadable.PACKAGE_MISSING: (
        "is encrypted, and the package that reads it is not installed",
        'install "esign[pdf]" (or cryptography), save it without encryption, or give placements with page_size',
    ),
}


def complete(draft: ProcessDraft, *, place: bool, sizes: bool) -> ProcessDraft:
    """Return the draft with missing boxes and page sizes filled in, as far as the provider needs them.

    Args:
        draft: a well-formed draft.
        place: give signers without placements a box at the foot of each document's last page.
        sizes: give every box the size of its page, and one document; otherwise boxes are checked as far as pages can
            be read, and stay as they are.

    Raises:
        InvalidRequestError: a PDF cannot be read, or a box lies on a page that does not exist; all problems at once.
    """
    reader = _Reader(draft, needed=sizes)
    signers = []
    for index, signer in enumerate(draft.signers):
        placements = tuple(_sized(index, signer, reader))
        if place and not signer.placements:
            placements = tuple(_at_the_foot(index, len(draft.signers), signer, reader))
        signers.append(attrs.evolve(signer, placements=placements))
    if reader.problems:
        raise InvalidRequestError(problems=list(dict.fromkeys(reader.problems)))
    return attrs.evolve(draft, signers=signers)


def document_notes(draft: ProcessDraft) -> tuple[Problem, ...]:
    """Return notes about PDFs that a vendor may refuse or change: signed, certified, XFA, portfolio, encrypted.

    Reads the PDFs of the draft. A document that has changed since it was first seen is a problem, not a note.
    """
    problems: list[Problem] = []
    for index, document in enumerate(draft.documents):
        if isinstance(document, Document) and document.size is not None and document.is_pdf:
            try:
                problems += (_note(index, *each) for each in _notable(document))
            except InvalidRequestError as error:
                problems += error.problems
    return tuple(problems)


def _note(index: int, message: str, hint: str) -> Problem:
    return Problem(path=f"documents[{index}]", message=message, hint=hint, note=True)


def _notable(document: Document) -> Iterator[tuple[str, str]]:
    """Yield message and hint for each property of a PDF that is worth a note."""
    try:
        with document.open() as file:
            traits = read_traits(file)
    except UnreadablePdfError as error:
        yield _UNREADABLE_NOTES[error.reason]
        return
    except ImportError:
        yield "is a PDF that was not examined", 'install "esign[pdf]" to examine PDFs'
        return
    for trait, message, hint in _NOTES:
        if getattr(traits, trait):
            yield message, hint


_UNREADABLE_NOTES: Final = {
    Unreadable.DAMAGED: ("is a PDF that cannot be read here", "make sure that it opens in a PDF viewer"),
    Unreadable.ENCRYPTED: ("is encrypted", "save it without a password: the vendor may refuse it as it is"),
    Unreadable.PACKAGE_MISSING: (
        "is encrypted, and was not examined",
        'install "esign[pdf]" (or cryptography) to examine it; the vendor may refuse it as it is',
    ),
}

_NOTES: Final = (
    ("encrypted", "is encrypted, though it opens without a password", "the vendor may refuse it: save it unencrypted"),
    (
        "certified",
        "is certified: its signature restricts later changes (DocMDP)",
        "signing it may make that signature invalid: send a copy that is not certified",
    ),
    (
        "signed",
        "is already signed",
        "the vendor may change the file, which makes the signature invalid: send an unsigned copy",
    ),
    ("xfa", "has an XFA form, which most viewers do not show", "save it as a PDF without XFA (print it to PDF)"),
    ("portfolio", "is a portfolio: most vendors show its cover page only", "send the files in it as documents"),
)


class _Reader:
    """Read the page sizes of a draft's documents; each document is opened once, and only if needed."""

    def __init__(self, draft: ProcessDraft, *, needed: bool) -> None:
        self.documents = draft.documents
        self.needed = needed
        self.problems: list[Problem] = []
        boxes = [box for signer in draft.signers for box in signer.placements if box.kind is PlacementKind.BOX]
        self._wanted = {box.page for box in boxes if box.page_size is None}
        self._pages: dict[int, Pages | None] = {}

    def signed_by(self, signer: SignerDraft) -> Iterator[int]:
        wanted = range(len(self.documents)) if signer.documents is None else signer.documents
        return (index for index in wanted if isinstance(self.documents[index], Document))

    def pages(self, index: int) -> Pages | None:
        if index not in self._pages:
            self._pages[index] = self._read(index)
        return self._pages[index]

    def _read(self, index: int) -> Pages | None:
        document = self.documents[index]
        if not isinstance(document, Document) or document.size is None:
            self._problem(index, "does not hold its bytes, so the page size cannot be read", "give page_size")
            return None
        try:
            with document.open() as file:
                return read_pages(file, self._wanted)
        except ImportError:
            self._problem(index, "has pages whose size must be read", 'install "esign[pdf]", or give page_size')
        except InvalidRequestError as error:
            self.problems.extend(error.problems)
        except UnreadablePdfError as error:
            self._problem(index, *_UNREADABLE[error.reason])
        return None

    def _problem(self, index: int, message: str, hint: str) -> None:
        # A vendor that measures from the page's corner needs no size: it may judge itself what cannot be read here.
        if self.needed:
            self.problems.append(Problem(path=f"documents[{index}]", message=message, hint=hint))


def _sized(index: int, signer: SignerDraft, reader: _Reader) -> Iterator[Placement]:
    for number, placement in enumerate(signer.placements):
        if placement.kind is not PlacementKind.BOX:
            yield placement
            continue
        targets = reader.signed_by(signer) if placement.document is None else iter((placement.document,))
        sized = [_checked(placement, target, f"signers[{index}].placements[{number}]", reader) for target in targets]
        yield from sized if reader.needed else (placement,)


def _checked(placement: Placement, target: int, path: str, reader: _Reader) -> Placement:
    size = placement.page_size or _size_of(reader, target, placement.page, path)
    sized = attrs.evolve(placement, document=target, page_size=size)
    if size is not None and outside(sized):
        hint = f"page {placement.page} of document {target} is {size[0]:g} by {size[1]:g} points"
        reader.problems.append(Problem(path=path, message="lies outside its page", hint=hint))
    return sized


def _size_of(reader: _Reader, target: int, page: int, path: str) -> Size | None:
    pages = reader.pages(target)
    if pages is not None and page > pages.count:
        hint = f"document {target} has {pages.count} page{'s' if pages.count > 1 else ''}"
        reader.problems.append(Problem(path=f"{path}.page", message="does not exist", hint=hint))
    return pages.sizes.get(page) if pages else None


def _at_the_foot(index: int, people: int, signer: SignerDraft, reader: _Reader) -> Iterator[Placement]:
    for target in reader.signed_by(signer):
        pages = reader.pages(target)
        if pages:
            yield _foot(index, people, pages.sizes[pages.count], pages.count, target)


def _foot(index: int, people: int, size: Size, page: int, target: int) -> Placement:
    """Return the box of one of several signers: side by side from the left, in rows from the foot upwards.

    Boxes are smaller where the page is too small for all.
    """
    width, height = size
    margin = min(MARGIN, width / 20, height / 20)
    width_left = width - 2 * margin
    columns = max(1, min(people, int((width_left + _GAP) // (BOX[0] + _GAP))))
    rows = -(-people // columns)
    step_x = width_left / columns
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
