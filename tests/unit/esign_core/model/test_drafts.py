"""Drafts are values: made of any iterable, judged later, silent about people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from esign_core.model.drafts import (
    Challenge,
    ChallengeMethod,
    Channel,
    Placement,
    PlacementKind,
    ProcessDraft,
    SignerDraft,
)
from esign_core.model.fields import as_tuple


@pytest.mark.parametrize("kind", [list, tuple, iter, lambda items: (each for each in items), dict.fromkeys, set])
def test_any_iterable_becomes_a_tuple(kind: Callable[[tuple[int, ...]], object]) -> None:
    """Lists, iterators, generators and mappings' keys are equal once they are kept."""
    given = kind((1, 2))
    assert as_tuple(given.keys() if isinstance(given, dict) else given) == (1, 2)


@pytest.mark.parametrize("given", [None, "text", b"bytes", {"a": 1}, 5, object])
def test_what_is_no_collection_is_left_for_the_checks(given: object) -> None:
    """A text is not a collection of letters, and a constructor raises nothing."""
    assert as_tuple(given) is given


def test_placements_are_made_by_kind() -> None:
    """A box, a tag and a template's role each set what they need."""
    box = Placement.box(2, 10, 20.5, 100, 50, page_size=[612, 792], document=1)  # type: ignore[arg-type]  # a list will do
    assert box == Placement(
        kind=PlacementKind.BOX, page=2, x=10, y=20.5, width=100, height=50, page_size=(612, 792), document=1
    )
    assert Placement.box(1, 0, 0, 1, 1).page_size is None
    assert Placement.tag().kind is PlacementKind.TAG
    role = Placement.template_role("codeudor", "T1")
    assert (role.kind, role.role, role.template_id) == (PlacementKind.TEMPLATE_ROLE, "codeudor", "T1")


def test_challenges_are_made_by_method() -> None:
    """Each class method sets its method and what belongs to it."""
    assert Challenge.otp(Channel.SMS) == Challenge(method=ChallengeMethod.OTP, channel=Channel.SMS)
    assert Challenge.face_photo().method is ChallengeMethod.FACE_PHOTO
    assert Challenge.video().method is ChallengeMethod.VIDEO
    assert Challenge.certificate(icp_brasil=False).icp_brasil is False
    document = Challenge.id_document(number="1234567", kind="CC", country="CO", back=True)
    assert (document.method, document.kind, document.country, document.back) == (
        ChallengeMethod.ID_DOCUMENT,
        "CC",
        "CO",
        True,
    )
    assert "1234567" not in repr(document)


def test_constructors_judge_nothing() -> None:
    """Everything is judged at once, by check and by the operations."""
    wrong: Any = None
    draft = ProcessDraft(name=wrong, documents=wrong, signers=wrong)
    assert {draft.name, draft.documents, draft.signers} == {None}


def test_values_are_frozen_and_keyword_only() -> None:
    """A draft can be passed around without anybody changing it."""
    signer = SignerDraft(name="Ana Example")
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        signer.name = "Bo"  # type: ignore[misc]  # frozen is the point
    assert attrs.evolve(signer, email="ana@example.com").name == "Ana Example"
