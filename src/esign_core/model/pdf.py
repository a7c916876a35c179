"""Read page sizes and document properties from PDFs (ISO 32000); the only module that opens PDFs with pypdf."""

from __future__ import annotations

import contextlib
import enum
import io
import logging
import math
import shutil
import sys
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from itertools import accumulate
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

import attrs

if TYPE_CHECKING:
    from pypdf import PdfReader

T = TypeVar("T")
Size = tuple[float, float]
_Box = tuple[float, float, float, float]

LETTER: Final[_Box] = (0.0, 0.0, 612.0, 792.0)
"""The media box of a page that has none that can be used: what PDFium, MuPDF and Poppler take."""
_NODES: Final = 200_000
_TAIL: Final = 64 * 1024
# A tail that sends pypdf looking for the objects themselves: its own repair starts only where a table is announced.
_REPAIRING_TAIL: Final = b"\nstartxref\n0\n%%EOF\n"
_QUIET: ContextVar[bool] = ContextVar("quiet_pypdf", default=False)


class Unreadable(enum.Enum):
    """Why a PDF cannot be read."""

    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    """It opens only with a password, or was encrypted for certain certificates."""
    PACKAGE_MISSING = "package_missing"
    """It opens without a password, but decryption needs the package `cryptography`, which is not installed."""


class UnreadablePdfError(Exception):
    """A PDF cannot be read; `reason` says why."""

    def __init__(self, reason: Unreadable) -> None:
        super().__init__(f"the PDF cannot be read: {reason.value}")
        self.reason = reason


@attrs.frozen
class Pages:
    """The pages of a PDF: how many there are, and the sizes of those asked for and of the last one."""

    count: int
    sizes: dict[int, Size]
    """Width and height in points as displayed, by page number from 1."""


@attrs.frozen(kw_only=True)
class Traits:
    """Properties of a PDF that a vendor or a later reader may treat differently."""

    encrypted: bool
    """Encrypted, but opens without a password."""
    signed: bool
    certified: bool
    """Signed with a signature that restricts later changes (DocMDP)."""
    xfa: bool
    portfolio: bool


def read_pages(file: BinaryIO, wanted: Iterable[int] | None = None) -> Pages:
    """Return the page count and the sizes of the wanted pages; of every page where `wanted` is None.

    Pages beyond the last one have no size. Only the pages needed are read, where the page tree allows it.

    Raises:
        ImportError: pypdf is not installed.
        UnreadablePdfError: the file is damaged or encrypted.
    """
    numbers = None if wanted is None else set(wanted)
    return use_reader(file, lambda reader: _pages(reader, numbers))


def read_traits(file: BinaryIO) -> Traits:
    """Return the properties of a PDF that its catalog and its form fields state.

    Raises:
        ImportError: pypdf is not installed.
        UnreadablePdfError: the file is damaged or encrypted.
    """
    return use_reader(file, _traits)


def use_reader(file: BinaryIO, use: Callable[[PdfReader], T]) -> T:
    """Return what `use` makes of an open PDF, if need be of a repaired copy in memory.

    Repairing takes as much memory as the file has bytes. It is tried only if reading in place failed, and for files of
    any size: viewers repair these too.

    Raises:
        ImportError: pypdf is not installed.
        UnreadablePdfError: the file is damaged or encrypted.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    reason = Unreadable.DAMAGED
    with quiet_pypdf():
        for opened in (_in_place, _repaired):
            try:
                return use(PdfReader(opened(file)))
            except DependencyError:
                # Derives from Exception, not from pypdf's own root, as of pypdf 7.1.
                reason = Unreadable.PACKAGE_MISSING
            except FileNotDecryptedError:
                reason = Unreadable.ENCRYPTED
            except RuntimeError as error:
                # pypdf knows encryption by password only; another security handler raises a kind of RuntimeError.
                reason = Unreadable.DAMAGED if isinstance(error, RecursionError) else Unreadable.ENCRYPTED
            except Exception:  # noqa: BLE001 - a broken PDF makes pypdf fail in any way
                reason = Unreadable.DAMAGED
            if reason is not Unreadable.DAMAGED:
                break
    raise UnreadablePdfError(reason)


def catalog_of(reader: PdfReader) -> Any:
    """Return the document catalog, also where the trailer that names it is lost."""
    from pypdf.errors import PyPdfError
    from pypdf.generic import IndirectObject

    with contextlib.suppress(PyPdfError):
        return reader.root_object
    numbers = [(number, generation) for generation, table in reader.xref.items() for number in table]
    numbers += [(number, 0) for number in reader.xref_objStm]
    found = None
    for number, generation in numbers:
        node = _resolved(IndirectObject(number, generation, reader))
        if isinstance(node, dict) and _entry(node, "/Type") == "/Catalog":
            found = node
    if found is None:
        raise ValueError("no catalog")
    return found


@contextlib.contextmanager
def quiet_pypdf() -> Iterator[None]:
    """Keep pypdf from logging what it finds wrong in a PDF; the caller reports it in its own words."""
    # Filters of a logger do not see the records of its children, so each of pypdf's loggers gets the filter.
    for name in list(sys.modules):
        if name.partition(".")[0] == "pypdf":
            logging.getLogger(name).addFilter(_is_wanted)
    # A context variable, not a level: readers in other threads and tasks keep what they had.
    token = _QUIET.set(True)
    try:
        yield
    finally:
        _QUIET.reset(token)


def _is_wanted(_: logging.LogRecord) -> bool:
    return not _QUIET.get()


def _in_place(file: BinaryIO) -> BinaryIO:
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - _TAIL))
    # pypdf looks for the end marker line by line through the whole file: 16 s for 60 MB that have none.
    if b"%%EOF" not in file.read():
        raise ValueError("no end marker")
    return file


def _repaired(file: BinaryIO) -> BinaryIO:
    copy = io.BytesIO()
    file.seek(0)
    shutil.copyfileobj(file, copy)
    copy.write(_REPAIRING_TAIL)
    # Gives back what was reserved for growing: a buffer of exactly its content is read whole without a copy.
    copy.getvalue()
    return copy


def _pages(reader: PdfReader, wanted: set[int] | None) -> Pages:
    root = _entry(catalog_of(reader), "/Pages")
    count = _count(root)
    found: dict[int, Any] | None = None
    if wanted is not None and count:
        numbers = {number for number in wanted if number <= count} | {count}
        found = _picked(root, numbers)
    if found is None:
        slots = _walked(root, count)
        count = len(slots)
        numbers = set(range(1, count + 1)) if wanted is None else {n for n in wanted if n <= count} | {count}
        found = {number: slots[number - 1] for number in numbers}
    return Pages(count, {number: page_size(page) for number, page in sorted(found.items())})


def page_size(page: Any) -> Size:
    """Return the width and height of a page in points as displayed.

    ISO 32000-1: rectangles have their corners in any order (7.9.5), the crop box counts where it overlaps the media box
    (14.11.2), both and /Rotate are inherited (7.7.3.4), a user unit is a multiple of 1/72 inch (table 30), and an entry
    that is null counts as absent (7.3.9). Where boxes are malformed: what most of PDFium, MuPDF and Poppler do.
    """
    media = _box(page, "/MediaBox") or LETTER
    crop = _box(page, "/CropBox") or media
    left, bottom, right, top = (_overlap(crop, media) or media) if crop is not media else media
    unit = _number(_entry(page, "/UserUnit"))
    unit = unit if unit > 0 else 1.0
    width, height = (right - left) * unit, (top - bottom) * unit
    turn = _number(_inherited(page, "/Rotate"))
    # A value that is not a multiple of 90 is ignored: Poppler and pdf.js; PDFium rounds down and MuPDF to the nearest.
    return (height, width) if turn % 180 == 90 else (width, height)


def _box(page: Any, key: str) -> _Box | None:
    """Return a box with its corners in order, or None where there is none that has an area."""
    corners = _inherited(page, key)
    if not isinstance(corners, list) or len(corners) != 4:
        return None
    x1, y1, x2, y2 = (_number(_resolved(corner)) for corner in corners)
    box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
    return box if box[0] < box[2] and box[1] < box[3] else None


def _overlap(one: _Box, other: _Box) -> _Box | None:
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left < right and bottom < top else None


def _inherited(page: Any, key: str) -> Any:
    """Return an entry of a page or of the nearest node above that has it; a cycle of parents ends the search."""
    node, seen = page, set[int]()
    while isinstance(node, dict) and id(node) not in seen:
        value = _entry(node, key)
        if value is not None:
            return value
        seen.add(id(node))
        node = _entry(node, "/Parent")
    return None


def _picked(root: Any, numbers: set[int]) -> dict[int, Any] | None:
    """Return pages by number, found through the counts in the tree; None where the counts do not fit the tree."""
    found = {number: _descend(root, number) for number in numbers}
    return None if None in found.values() else found


def _descend(root: Any, number: int) -> Any:
    node, above = root, set[int]()
    while id(node) not in above:
        above.add(id(node))
        kids = _kids(node)
        # A flat tree, as most are: the page is found without a look at the others.
        if len(kids) == _count(node) and _is_page(page := _resolved(kids[number - 1])):
            return page
        nodes = [_resolved(kid) for kid in kids]
        weights = [1 if _is_page(kid) else _count(kid) for kid in nodes]
        if sum(weights) != _count(node):
            return None
        ends = list(accumulate(weights))
        chosen = bisect_left(ends, number)
        node, number = nodes[chosen], number - ends[chosen] + weights[chosen]
        if _is_page(node):
            return node
    return None


def _walked(root: Any, count: int) -> list[Any]:
    """Return every page of a tree in order, as viewers count them.

    A kid that is missing takes the place of a page only where the count says that there is one; no viewer shows a page
    beyond the count of the root, and without a count, each leaf is a page.
    """
    slots = list(_leaves(root))
    pages = [page for page in slots if page is not None]
    if len(pages) < count:
        pages = slots
    pages = pages[: count or None]
    while pages and pages[-1] is None:
        pages.pop()
    if not pages:
        raise ValueError("no pages")
    return pages


def _leaves(root: Any) -> Iterator[Any]:
    if _is_page(root):
        yield root
        return
    stack, above = [(id(root), iter(_kids(root)))], {id(root)}
    for _ in range(_NODES):
        kid = next(stack[-1][1], stack)
        if kid is stack:
            above.discard(stack.pop()[0])
            if not stack:
                return
            continue
        node = _resolved(kid)
        if not isinstance(node, dict):
            yield None
        elif _is_page(node):
            yield node
        elif id(node) not in above:
            above.add(id(node))
            stack.append((id(node), iter(_kids(node))))
    raise ValueError("a page tree that is too large")


def _is_page(node: Any) -> bool:
    return isinstance(node, dict) and _entry(node, "/Kids") is None and _entry(node, "/Type") != "/Pages"


def _kids(node: Any) -> list[Any]:
    kids = _entry(node, "/Kids")
    return kids if isinstance(kids, list) else []


def _count(node: Any) -> int:
    count = _entry(node, "/Count")
    return max(count, 0) if isinstance(count, int) else 0


def _traits(reader: PdfReader) -> Traits:
    catalog = catalog_of(reader)
    form = _entry(catalog, "/AcroForm")
    signatures = list(_signatures(form))
    return Traits(
        encrypted=reader.is_encrypted,
        signed=bool(signatures),
        certified=_entry(_entry(catalog, "/Perms"), "/DocMDP") is not None or any(map(_certifies, signatures)),
        xfa=_entry(form, "/XFA") is not None,
        portfolio=_entry(catalog, "/Collection") is not None,
    )


def _signatures(form: Any) -> Iterator[Any]:
    """Yield the values of the signature fields that have been signed (ISO 32000-1, 12.7.4.5)."""
    fields = _entry(form, "/Fields")
    waiting = [_resolved(field) for field in fields] if isinstance(fields, list) else []
    seen = set[int]()
    while waiting and len(seen) < _NODES:
        field = waiting.pop()
        if not isinstance(field, dict) or id(field) in seen:
            continue
        seen.add(id(field))
        value = _entry(field, "/V")
        if isinstance(value, dict) and _inherited(field, "/FT") == "/Sig":
            yield value
        waiting += [_resolved(kid) for kid in _kids(field)]


def _certifies(signature: Any) -> bool:
    references = _entry(signature, "/Reference")
    methods = [_entry(_resolved(each), "/TransformMethod") for each in references if each] if references else []
    return "/DocMDP" in methods


def _entry(node: Any, key: str) -> Any:
    """Return an entry of a dictionary, resolved; None where it is absent or null, or the node is not a dictionary."""
    return _resolved(dict.get(node, key)) if isinstance(node, dict) else None


def _resolved(value: Any) -> Any:
    from pypdf.generic import NullObject, PdfObject

    found = value.get_object() if isinstance(value, PdfObject) else value
    return None if isinstance(found, NullObject) else found


def _number(value: Any) -> float:
    number = float(value) if isinstance(value, (int, float)) else 0.0
    return number if math.isfinite(number) else 0.0
