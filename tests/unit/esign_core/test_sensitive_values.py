"""What an operation was given is searched for everything personal, and errors are cleaned of it."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import (
    Challenge,
    Channel,
    CopyRecipient,
    Party,
    ProcessDraft,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.model.errors import EsignError, InvalidRequestError, OutcomeUnknownError, Problem, RefusedError
from esign_core.model.process import Process, Signer
from esign_core.model.resend import (
    Missed,
    PartyEdit,
    Resend,
    ResendReport,
    SecurityCodeEdit,
    SignatureDataEdit,
    SignerEdit,
)
from esign_core.redaction import scrub, sensitive_values, sensitive_values_in

WORDS = {
    "Ana María Pérez",
    "ana@example.com",
    "+573001234567",
    "0417",
    "code@example.com",
    "+573007654321",
    "Acme Example SAS",
    "901.234.567-8",
    "52998224725",
    "read this",
    "CC-1234",
    "Bo Copy",
    "bo@example.com",
    "hidden value",
    "deep value",
    "4711",
    "of a template",
}
DRAFT = ProcessDraft(
    name="Services agreement",
    documents=[
        Document.from_bytes(b"%PDF-1.7", name="agreement.pdf"),
        TemplateDocument(template_id="T1", values={"who": "of a template"}),
    ],
    signers=[
        SignerDraft(
            name="Ana María Pérez",
            email="ana@example.com",
            phone="+573001234567",
            message="read this",
            security_code=SecurityCode(
                code="0417", channel=Channel.EMAIL, email="code@example.com", phone="+573007654321"
            ),
            signature_data=SignatureData(
                signatory=Party(document_number="52998224725"),
                company=Party(name="Acme Example SAS", document_number="901.234.567-8"),
            ),
            challenges=[Challenge.id_document(number="CC-1234", kind="CC", country="CO")],
            extras={"a": {"b": ["hidden value", True, 4711]}},
        )
    ],
    cc=[CopyRecipient(name="Bo Copy", email="bo@example.com")],
    extras={"c": [{"d": "deep value"}]},
)


def test_everything_personal_in_a_draft_is_found() -> None:
    """People, their numbers, codes and messages, copies, templates' values and extras; at any depth."""
    found = sensitive_values(DRAFT)
    assert set(found) >= WORDS
    assert len(found) == len(set(found))


def test_people_are_known_by_each_of_their_names() -> None:
    """A vendor may call somebody by the second surname; two letters are too short to search for."""
    assert {"Ana", "María", "Pérez"} <= set(sensitive_values(DRAFT))
    assert "Bo" not in sensitive_values(DRAFT)


@pytest.mark.parametrize("word", ["Services", "agreement.pdf", "CC", "T1", "EMAIL"])
def test_what_is_not_personal_stays_readable(word: str) -> None:
    """Single words of the process's own name, kinds and identifiers are what an error is about."""
    assert word not in sensitive_values(DRAFT)


def test_everything_personal_in_edits_and_processes_is_found() -> None:
    """What a resend brings, and what a process read before already knows."""
    edit = SignerEdit(
        signer_id="S1",
        name="Eva Example",
        email="eva@example.com",
        phone="+34600000001",
        security_code=SecurityCodeEdit(email="c@example.com", phone="+34600000002"),
        signature_data=SignatureDataEdit(signatory=PartyEdit(document_number="52998224725", name=None)),
    )
    process = Process(
        id="P1",
        signers=[Signer(id="S1", email="old@example.com", link="https://sign.example.com/1", facts={"k": "secret1"})],
    )
    found = sensitive_values(process, Resend(edits=[edit]), None, "a reason", "me@example.com")
    assert {"Eva Example", "eva@example.com", "+34600000001", "c@example.com", "+34600000002"} <= set(found)
    assert {"52998224725", "old@example.com", "https://sign.example.com/1", "secret1"} <= set(found)
    assert {"a reason", "me@example.com"} <= set(found)
    assert not {"S1", "P1"} & set(found)


@given(st.recursive(st.text() | st.integers() | st.none() | st.binary(), st.lists, max_leaves=8))
def test_any_argument_of_an_operation_can_be_searched(value: object) -> None:
    """A provider's own operations take what they like."""
    assert all(isinstance(each, str) for each in sensitive_values(value))


def test_every_text_of_an_error_is_cleaned() -> None:
    """Message, vendor's code and words, hint, problems, and the errors of those whom a resend missed."""
    error = InvalidRequestError(
        "Ana failed",
        vendor_code="ana@example.com",
        vendor_message="no Ana",
        hint="ask Ana",
        problems=[Problem(path="name", message="Ana is odd", hint="for example ana@example.com")],
    )
    missed = RefusedError("Ana refused", vendor_message="Ana!")
    error.report = ResendReport(process_id="P1", missed=[Missed(signer_id="S1", error=missed)])
    assert scrub(error, ("Ana",)) is error
    assert (error.message, error.vendor_code, error.vendor_message, error.hint) == (
        "[hidden] failed",
        "[hidden]",
        "no [hidden]",
        "ask [hidden]",
    )
    assert error.problems == (Problem(path="name", message="[hidden] is odd", hint="for example ana@example.com"),)
    assert str(missed) == "[hidden] refused The vendor says: [hidden]!"


@pytest.mark.parametrize("value", ["SIGNER", "signer", "Sequence", "SUPPORTED"])
def test_a_vendor_s_constant_stays_whole_although_a_request_held_one_of_its_words(value: str) -> None:
    """Programs compare with codes, and a role or a kind that was sent makes no word of theirs personal."""
    error = scrub(RefusedError(vendor_code="SIGNER_SEQUENCE_NOT_SUPPORTED"), (value,))
    assert error.vendor_code == "SIGNER_SEQUENCE_NOT_SUPPORTED"


@pytest.mark.parametrize(("code", "value"), [("Ana", "Ana"), ("prk_invented", "x"), ("ANA_B_REFUSED", "ANA_B")])
def test_a_vendor_s_code_that_repeats_more_than_a_plain_word_is_cleaned(code: str, value: str) -> None:
    """A code that is not a constant may hold anything, and a value that is not a plain word is not in a vocabulary."""
    assert "[hidden]" in str(scrub(RefusedError(vendor_code=code), (value,)).vendor_code)


def test_an_error_without_texts_stays_as_it_is() -> None:
    """A missing text is not invented."""
    error = scrub(OutcomeUnknownError(), ("Ana",))
    assert error.vendor_message is None
    assert str(error) == OutcomeUnknownError.summary


@given(data=st.data())
def test_no_personal_field_of_anybody_survives_in_an_error(data: st.DataObject) -> None:
    """The vendor may repeat any value it was given; the text of the error holds none of them."""
    value = data.draw(st.sampled_from(sorted(WORDS)))
    error = scrub(EsignError("refused", vendor_message=f"the field <{value}> is wrong"), sensitive_values(DRAFT))
    assert value not in str(error)


def test_every_personal_field_hides_its_value_in_a_repr() -> None:
    """What the search finds does not show when a draft is printed."""
    shown = repr(DRAFT) + repr(attrs.evolve(DRAFT, signers=list(DRAFT.signers)))
    assert not [word for word in WORDS if word in shown]


def test_what_earlier_answers_said_of_people_is_found() -> None:
    """A later refusal may repeat it; single words of the process's own name stay; what is not JSON says nothing."""
    answers = [
        b'{"name": "Our Agreement", "signers": [{"name": "Ana Geheim", "email": "ana@example.com", "order": 1}]}',
        b"<html>Bo</html>",
        b"",
    ]
    found = sensitive_values_in(answers)
    assert {"Ana Geheim", "Geheim", "ana@example.com"} <= set(found)
    assert "Our Agreement" in found
    assert not {"Agreement", "Bo", "1"} & set(found)


def test_names_of_files_are_nobodys() -> None:
    """A vendor's sentence about one of several documents must still say which."""
    assert sensitive_values({"nome": "Ana Beispiel", "arquivo": "contrato.pdf"}) == ("Ana Beispiel",)


def test_names_of_processes_are_hidden() -> None:
    """A name or a subject may say who signs what; so may a message and the caller's own key."""
    draft = attrs.evolve(DRAFT, subject="Divorce of Ana", message="Dear Ana", reference="case-4711")
    process = Process(id="P1", name="Our agreement", reference="case-4712")
    found = sensitive_values(draft, process)
    assert {"Services agreement", "Divorce of Ana", "Dear Ana", "case-4711", "Our agreement", "case-4712"} <= set(found)
