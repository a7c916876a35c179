"""A process finds its people by e-mail or by id, and shows none of them."""

from __future__ import annotations

import pytest

from esign_core.model.process import Process, ProcessDocument, Signer, TimelineEntry

ANA = Signer(id="S1", name="Ana Example", email="Ana@Example.com", phone="+573001234567")
BO = Signer(id="S2", name="Bo Example", email=" bo@example.com ", reason="no", link="https://sign.example.com/x")
TWIN = Signer(id="S3", name="Bo Twin", email="bo@example.com")
PROCESS = Process(id="P1", name="Agreement", signers=[ANA, BO], documents=[ProcessDocument(id="D1", name="a.pdf")])


@pytest.mark.parametrize("email", ["ana@example.com", " ANA@EXAMPLE.COM "])
def test_a_signer_is_found_by_e_mail_without_case(email: str) -> None:
    """As mail servers compare addresses."""
    assert PROCESS.signer(email=email) is ANA


def test_a_signer_is_found_by_id() -> None:
    """Letter for letter."""
    assert PROCESS.signer(id="S2") is BO
    assert PROCESS.signer(email="bo@example.com") is BO


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"email": "eva@example.com"}, "no signer of process P1 has that e-mail; process.signers lists all of them"),
        ({"id": "s1"}, "no signer of process P1 has that id; process.signers lists all of them"),
        ({"email": ""}, "no signer of process P1 has that e-mail; process.signers lists all of them"),
        ({}, "no signer of process P1 has that e-mail; process.signers lists all of them"),
    ],
)
def test_signer_unknown_raises(wanted: dict[str, str], said: str) -> None:
    """The message names neither the address nor any signer."""
    with pytest.raises(LookupError) as caught:
        PROCESS.signer(**wanted)
    assert str(caught.value) == said


def test_two_people_with_one_address_are_a_lookup_error() -> None:
    """Which one is meant is not guessed."""
    with pytest.raises(LookupError, match="2 signers of process P1 have that e-mail"):
        Process(id="P1", signers=[BO, TWIN]).signer(email="bo@example.com")


def test_people_do_not_show() -> None:
    """Names, contacts, reasons and links stay out of a repr; the id is there to search by."""
    shown = repr(PROCESS) + repr(TimelineEntry(kind="signer.done", participant=ANA, message="Ana wrote"))
    assert "P1" in shown
    assert not any(word in shown for word in ("Ana", "Bo", "example.com", "+57", "reason='no'", "a.pdf", "Agreement"))


def test_the_raw_payload_makes_no_difference_between_equals() -> None:
    """Two reads of the same process are equal, however the vendor spelt them."""
    assert Process(id="P1", raw={"a": 1}) == Process(id="P1", raw={"a": 2})
