"""What a draft needs, and what a provider lacks, is data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import (
    Attachment,
    Challenge,
    ChallengeMethod,
    Channel,
    CopyRecipient,
    Placement,
    PlacementKind,
    ProcessDraft,
    Role,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.model.errors import InvalidRequestError, Problem, UnsupportedError
from esign_core.providers.capabilities import Capabilities, Feature, needed, refuse

PDF = Document.from_bytes(b"%PDF-1.7", name="a.pdf")
ANA = SignerDraft(name="Ana Example", email="ana@example.com", phone="+573001234567")
DRAFT = ProcessDraft(name="Agreement", documents=[PDF], signers=[ANA])
NOTHING = Capabilities(features=(), hints={Feature.ORDER: "send them one by one"})


def needs(draft: ProcessDraft) -> list[tuple[Feature, str]]:
    """Return what a draft needs."""
    return list(needed(draft))


@pytest.mark.parametrize(
    ("changes", "need"),
    [
        ({}, []),
        ({"reference": "R1", "tags": ["a"], "subject": "s", "message": "m", "notify": True}, []),
        ({"documents": [PDF, PDF]}, [(Feature.SEVERAL_DOCUMENTS, "documents")]),
        ({"documents": [TemplateDocument(template_id="T")]}, [(Feature.TEMPLATES, "documents")]),
        ({"documents": [Document.from_url("https://x.example.com", name="x")]}, [(Feature.DOCUMENT_LINK, "documents")]),
        ({"ordered": True}, [(Feature.ORDER, "ordered")]),
        ({"cc": [CopyRecipient(name="Bo", email="bo@example.com")]}, [(Feature.COPY_RECIPIENTS, "cc")]),
        ({"expires_at": datetime(2026, 1, 1, tzinfo=UTC)}, [(Feature.EXPIRY, "expires_at")]),
        ({"remind_every": timedelta(1)}, [(Feature.REMINDERS, "remind_every")]),
        ({"folder": ""}, [(Feature.FOLDER, "folder")]),
        ({"notify": False}, [(Feature.NOTIFY, "notify")]),
    ],
)
def test_a_draft_needs_what_it_asks_for(changes: dict[str, Any], need: list[tuple[Feature, str]]) -> None:
    """Notes are never needed; everything else is, once it is set."""
    assert needs(attrs.evolve(DRAFT, **changes)) == need


@pytest.mark.parametrize(
    ("changes", "need"),
    [
        ({"role": Role.APPROVER}, [(Feature.APPROVER, "role")]),
        ({"security_code": SecurityCode(code="0417")}, [(Feature.SECURITY_CODE, "security_code")]),
        ({"signature_data": SignatureData()}, [(Feature.SIGNATURE_DATA, "signature_data")]),
        ({"attachments": [Attachment(name="Photo")]}, [(Feature.ATTACHMENTS, "attachments")]),
        ({"channel": Channel.SMS}, [(Feature.SMS, "channel")]),
        ({"channel": Channel.WHATSAPP}, [(Feature.WHATSAPP, "channel")]),
        ({"channel": Channel.EMAIL_AND_WHATSAPP}, [(Feature.WHATSAPP, "channel")]),
        ({"channel": Channel.NONE}, [(Feature.SIGNER_NOTIFY, "notify")]),
        ({"notify": True}, [(Feature.SIGNER_NOTIFY, "notify")]),
        ({"message": ""}, [(Feature.SIGNER_MESSAGE, "message")]),
        ({"documents": [0]}, [(Feature.SIGNER_DOCUMENTS, "documents")]),
        (
            {"challenges": [Challenge(method=method) for method in ChallengeMethod]},
            [
                (Feature.OTP, "challenges[0]"),
                (Feature.FACE_PHOTO, "challenges[1]"),
                (Feature.ID_DOCUMENT, "challenges[2]"),
                (Feature.VIDEO, "challenges[3]"),
                (Feature.CERTIFICATE, "challenges[4]"),
            ],
        ),
        (
            {"placements": [Placement(kind=kind) for kind in PlacementKind]},
            [
                (Feature.PLACEMENT_BOX, "placements[0]"),
                (Feature.PLACEMENT_TAG, "placements[1]"),
                (Feature.PLACEMENT_TEMPLATE_ROLE, "placements[2]"),
            ],
        ),
    ],
)
def test_a_person_needs_what_is_asked_of_them(changes: dict[str, Any], need: list[tuple[Feature, str]]) -> None:
    """Each need names the person and the field."""
    draft = attrs.evolve(DRAFT, signers=[attrs.evolve(ANA, **changes)])
    assert needs(draft) == [(feature, f"signers[0].{path}") for feature, path in need]


def test_what_is_missing_is_unsupported_and_hinted() -> None:
    """Each problem says what is not known here, and what to do instead."""
    one, other = NOTHING.missing(attrs.evolve(DRAFT, ordered=True, folder="a"))
    assert one == Problem(
        path="ordered",
        message="this provider does not support people asked one after another",
        hint="send them one by one",
        unsupported=True,
    )
    assert "esign providers" in other.hint


def test_what_a_provider_has_is_not_missing() -> None:
    """Features are a set, for any collection given."""
    capable = Capabilities(features=[Feature.ORDER, Feature.ORDER])
    assert capable.supports(Feature.ORDER)
    assert not capable.supports(Feature.FOLDER)
    assert capable.missing(attrs.evolve(DRAFT, ordered=True)) == ()


def test_problems_are_raised_by_their_kind() -> None:
    """Another provider helps only where nothing is malformed."""
    cannot, wrong = Problem(path="a", message="m", unsupported=True), Problem(path="b", message="m")
    refuse(iter(()))
    with pytest.raises(UnsupportedError) as unsupported:
        refuse([cannot])
    assert unsupported.value.problems == (cannot,)
    with pytest.raises(InvalidRequestError) as invalid:
        refuse(iter([cannot, wrong]))
    assert type(invalid.value) is InvalidRequestError
    assert invalid.value.problems == (cannot, wrong)
