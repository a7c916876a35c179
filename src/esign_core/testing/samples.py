"""Sample values for tests: a small PDF, two invented people, and the portable draft."""

from __future__ import annotations

from typing import Any

from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft, SignerDraft
from esign_core.sandbox.sample import sample_pdf

__all__ = ["FIRST", "SECOND", "sample_document", "sample_draft", "sample_pdf"]

FIRST = SignerDraft(name="Anahí Quiroga Ejemplo", email="anahi.quiroga@example.com", phone="+573005550101")
"""An invented person with a Colombian number."""
SECOND = SignerDraft(name="Bruno Tavares Exemplo", email="bruno.tavares@example.com", phone="+5511955550102")
"""An invented person with a Brazilian number."""


def sample_document(name: str = "contract.pdf") -> Document:
    """Return a PDF of one page."""
    return Document.from_bytes(sample_pdf(), name=name)


def sample_draft(**changes: Any) -> ProcessDraft:
    """Return the portable draft, a name, one PDF and two people, with other fields as given."""
    fields: dict[str, Any] = {"name": "Services agreement", "documents": [sample_document()]}
    return ProcessDraft(**{**fields, "signers": [FIRST, SECOND], **changes})
