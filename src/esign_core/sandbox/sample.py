"""Make a small PDF, for a demo without a file."""

from __future__ import annotations

__all__ = ["sample_pdf"]

_LINES = (
    "Services agreement",
    "",
    "between Example Legal Ltd and Sample Trading Ltd.",
    "",
    "1. The parties try out electronic signatures.",
    "2. Nothing in this text binds anybody.",
)
_RESOURCES = b"<< /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def sample_pdf() -> bytes:
    """Make a contract of one page."""
    drawing = b"BT /F1 14 Tf 72 720 Td 20 TL " + b" ".join(b"(%b) Tj T*" % line.encode() for line in _LINES) + b" ET"
    bodies = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources %b >>" % _RESOURCES,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
    )
    written = b"%PDF-1.4\n"
    starts = []
    for number, body in enumerate(bodies, start=1):
        starts.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % start for start in starts)
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(bodies) + 1, rows)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, len(written))
    return written + table + trailer
