"""PDF files written by hand, object by object, so that tests can have any oddity in them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"

AES_256 = base64.b64decode(
    "JVBERi0xLjcKJb/3ov4KMSAwIG9iago8PCAvRXh0ZW5zaW9ucyA8PCAvQURCRSA8PCAvQmFzZVZlcnNpb24gLzEuNyAvRXh0ZW5zaW9uTGV2ZW"
    "wgOCA+PiA+PiAvUGFnZXMgMyAwIFIgL1R5cGUgL0NhdGFsb2cgPj4KZW5kb2JqCjIgMCBvYmoKPDwgL1R5cGUgL09ialN0bSAvTGVuZ3RoIDEx"
    "MiAvRmlsdGVyIC9GbGF0ZURlY29kZSAvTiAyIC9GaXJzdCA5ID4+CnN0cmVhbQrVXZZ9/obXrlTw25fGBcttDNKd0nA/EK7YsTu7Sz2v0zWjyV"
    "vehmCwQHRf+tPyyX7lSk6AfC6cL9zWMUZK+BbrJCJCAwwe1Zr8Yx2XCnJL2UUBwoGWY4slco8KAJMu5DYajbwYX0cGwxS7v/aIXG+sZW5kc3Ry"
    "ZWFtCmVuZG9iago1IDAgb2JqCjw8IC9DRiA8PCAvU3RkQ0YgPDwgL0F1dGhFdmVudCAvRG9jT3BlbiAvQ0ZNIC9BRVNWMyAvTGVuZ3RoIDMyID"
    "4+ID4+IC9GaWx0ZXIgL1N0YW5kYXJkIC9MZW5ndGggMjU2IC9PIDwxYmU0Y2QxOGI0NjkzZjBhN2I5YjI1ZDY2ZTVhM2VhY2RmZDI1OWQ4YTRl"
    "MjgxOGFhYjFmYTQ2NDMzZmMxYjVjM2JjODA0OWM2MmQwNGU3YTYzZGQxNjc2NmU1NjlhMmQ+IC9PRSA8OGE1YjQ4YWEyZWU2ZjY2Y2QwNDI1ND"
    "Q5Mzc5MmY1MDIzYTIwZDBiOGZjNjAzOTUxZjhkY2IyMmYwNWJmYWIxYT4gL1AgLTQgL1Blcm1zIDxmNGQyZWIyZDNkMGFmZjVhNjU2OTE5NDgw"
    "ZDA5ZGQyNT4gL1IgNiAvU3RtRiAvU3RkQ0YgL1N0ckYgL1N0ZENGIC9VIDw2NzdkMjY3Zjk1NDdmZDY4YTI4ODk3ZDQ2ZTc2YTUzMTgyZjI1YW"
    "FlNGM2MDY3YjVmODMxYWNkN2JmYTU3YjRjN2JmZTQ3ZTFhYTE0OGRjZTJlMDIzNzgxMzVhMmRjYTc+IC9VRSA8ZTI5ZTE3NjhmZmM3MmQ3N2Vm"
    "MDVhMDViZGJmYTk4MGJiMTI5NmUwOGJlMGU2NDk2YjZiYWYxYmE4MzEyMzNjYj4gL1YgNSA+PgplbmRvYmoKNiAwIG9iago8PCAvVHlwZSAvWF"
    "JlZiAvTGVuZ3RoIDM3IC9GaWx0ZXIgL0ZsYXRlRGVjb2RlIC9EZWNvZGVQYXJtcyA8PCAvQ29sdW1ucyA0IC9QcmVkaWN0b3IgMTIgPj4gL1cg"
    "WyAxIDIgMSBdIC9Sb290IDEgMCBSIC9TaXplIDcgL0lEIFs8MzMwNDc4YjMwOTk4ODI0MDAzMjFhZjJjZDYwOGMzYTU+PDMzMDQ3OGIzMDk5OD"
    "gyNDAwMzIxYWYyY2Q2MDhjM2E1Pl0gL0VuY3J5cHQgNSAwIFIgPj4Kc3RyZWFtCnicY2IAAiZGBn4GJgaGYhCrAcRiYGT6zxj8n4mBSZkBACb3"
    "A4sKZW5kc3RyZWFtCmVuZG9iagpzdGFydHhyZWYKODg4CiUlRU9GCg=="
)
"""One page of 600 by 800 points, encrypted with AES-256, opens without a password (made with qpdf 11)."""


def pdf_of(objects: Mapping[int, bytes]) -> bytes:
    """Return a PDF of the numbered objects, with a cross-reference table; object 1 is the catalog."""
    out, offsets = bytearray(b"%PDF-1.7\n"), dict[int, int]()
    for number, content in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        used = number in offsets
        out += b"%010d %05d %b \n" % (offsets.get(number, 0), 0 if used else 65535, b"n" if used else b"f")
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, table)
    return bytes(out)


def page_pdf(
    page: bytes, *, above: bytes = b"", catalog: bytes = b"", more: Mapping[int, bytes] | None = None
) -> bytes:
    """Return a PDF of one page with the given entries; `above` are entries of its parent, `catalog` of the catalog."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R %b >>" % catalog,
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 %b >>" % above,
        3: b"<< /Type /Page /Parent 2 0 R %b >>" % page,
    }
    return pdf_of(objects | dict(more or {}))


def tree_pdf(root: bytes, nodes: Sequence[bytes] = ()) -> bytes:
    """Return a PDF whose page tree has the given root (object 2) and further nodes (objects 3, 4, ...)."""
    return pdf_of({1: CATALOG, 2: root} | dict(enumerate(nodes, 3)))


def square(side: int) -> bytes:
    """Return a page of a side's length, so that tests can tell pages apart."""
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] >>" % (side, side)
