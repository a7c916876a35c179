"""What the tests of this vendor share: an account, small PDFs, people who do not exist, problems by their paths."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs

from esign_auco.provider import Auco
from esign_auco.settings import AucoSettings
from esign_core.accounts.settings import Secret
from esign_core.model.documents import Document
from esign_core.model.drafts import Placement, ProcessDraft, SignerDraft
from esign_core.model.errors import InvalidRequestError, Problem
from esign_core.model.events import Delivery, Receipt

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
PACKAGE = "6a95b55966dd1c779500b962"
CODE = "GNAZED5HTR"
PAGE = (600.0, 800.0)
HOOK_VALUE = "hook-value-1"

PDF = Document.from_bytes(b"%PDF-1.4 small", name="contract.pdf")
OTHER_PDF = Document.from_bytes(b"%PDF-1.4 other", name="annex.pdf")
BOX = Placement.box(1, 60, 600, 120, 40, page_size=PAGE)

ANA = SignerDraft(name="Ana", email="ana@example.com", phone="+573000000001", placements=[BOX])
LUZ = SignerDraft(name="Luz", email="luz@example.com", phone="+573000000002", placements=[BOX])


def settings(**changes: Any) -> AucoSettings:
    """Return the settings of an invented account."""
    values: dict[str, Any] = {
        "environment": "stage",
        "public_key": Secret("puk_invented"),
        "private_key": Secret("prk_invented"),
        "sender": "example@auco.ai",
        "webhook_header": "X-Hook",
        "webhook_secrets": (Secret(HOOK_VALUE),),
    }
    return AucoSettings(**{**values, **changes})


def provider(**changes: Any) -> Auco:
    """Return a provider with an invented account."""
    return Auco(settings(**changes))


def draft(**changes: Any) -> ProcessDraft:
    """Return a draft of one PDF and one person."""
    return ProcessDraft(**{"name": "Lease", "documents": [PDF], "signers": [ANA], **changes})


def ana(**changes: Any) -> SignerDraft:
    """Return Ana, changed."""
    return attrs.evolve(ANA, **changes)


def found(problems: tuple[Problem, ...]) -> dict[str, bool]:
    """Return the paths of problems, and whether each means that this vendor cannot carry it."""
    return {problem.path: problem.unsupported for problem in problems}


def refused(given: ProcessDraft, **changes: Any) -> dict[str, bool]:
    """Return what `check` finds."""
    return found(provider(**changes).check(given, NOW))


def paths_of(error: InvalidRequestError) -> list[str]:
    """Return the paths of an error's problems."""
    return [problem.path for problem in error.problems]


def delivered(body: bytes | str, headers: Any = (("X-Hook", HOOK_VALUE),), **changes: Any) -> Receipt:
    """Return what a delivery is worth."""
    return provider(**changes).receive(Delivery(headers=headers, body=body))
