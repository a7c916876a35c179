"""The PDFs of the Auco sandbox: those that were sent, those made from templates, and the finished ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from esign_auco.sandbox.state import Paper, Process
from esign_core.sandbox import State, finished_pdf

JPEG: Final = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
"""The smallest picture that stands for a face or a card."""


def keep(state: State, paper: Paper, content: bytes) -> None:
    """Keep the PDF of a document; from now on it is here."""
    state.put_blob(f"pdf:{paper['code']}", content)
    paper["here"] = True


def unsigned(state: State, paper: Paper) -> bytes:
    """Return the PDF as it was sent."""
    return state.blob(f"pdf:{paper['code']}") or drawn([paper["name"]])


def current(state: State, process: Process, paper: Paper) -> bytes:
    """Return the finished PDF of a document that all have signed, and the one that was sent before that."""
    content = unsigned(state, paper)
    if paper["status"] != "FINISH":
        return content
    people = [signer for signer in process["signers"] if signer["id"] in paper["signed"]]
    lines = [f"Document {paper['code']}: {paper['name']}", ""]
    for signer in people:
        verb = "Approved" if signer["role"] == "APPROVER" else "Signed"
        lines.append(f"{verb} by {signer['name']} ({signer['email']}) on {signer['signed_at']}")
    return finished_pdf(content, title="Certificate of signatures", lines=lines)


def drawn(lines: Sequence[str]) -> bytes:
    """Draw a PDF of one page with a few lines, as a template would come out."""
    rows = [b"(" + _plain(line) + b") Tj T*" for line in lines]
    drawing = b"\n".join([b"BT /F1 11 Tf 54 720 Td 16 TL", *rows, b"ET"])
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    ]
    out, starts = b"%PDF-1.4\n", []
    for index, part in enumerate(parts, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (index, part)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return out + b"xref\n0 7\n0000000000 65535 f \n%strailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(out),
    )


def _plain(line: str) -> bytes:
    return line.encode("cp1252", "replace").translate(bytes.maketrans(b"\\()\r\n", b"/[]  "))
