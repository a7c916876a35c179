"""The checked value is the sent value: texts in one form, dates that can be computed with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType

import attrs
import pytest
from hypothesis import given
from tests.unit.esign_core.providers.test_validation import ANA, DRAFT, NOW, PDF, RICH, of_signer, paths, spoilt_inside

from esign_core.model.drafts import Attachment, Party, ProcessDraft, SignatureData
from esign_core.model.resend import PartyEdit, Resend, SignatureDataEdit, SignerEdit
from esign_core.providers.validation import canonical, draft_problems, kind_problems


def wide(text: str) -> str:
    """Return a text in the full-width characters of East Asian keyboards."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in text)


@pytest.mark.parametrize(
    "text",
    [
        "a\nb",
        "a\rb",
        "a\tb",
        "a\x85b",
        "a\u2028b",
        "a\x1bb",
        "\u200b",
        "\u2060\ufeff",
        "\u3164",
        "\u0301",
        "a\u202eb",
        "a\uffff",
    ],
)
def test_short_texts_are_one_visible_line(text: str) -> None:
    """One rule for all short texts: names, subjects, tags, names of attachments and documents."""
    assert paths(attrs.evolve(DRAFT, name=text, subject=text, folder=text, reference=text, tags=[text])) == [
        "name",
        "subject",
        "folder",
        "reference",
        "tags[0]",
    ]
    assert of_signer(name=text, attachments=[Attachment(name=text)]) == [
        "signers[0].name",
        "signers[0].attachments[0].name",
    ]
    assert paths(attrs.evolve(DRAFT, documents=[attrs.evolve(PDF, name=text)])) == ["documents[0].name"]


@pytest.mark.parametrize("text", ["Łukasz O'Neil-Śmith 3rd", "प्रिया शर्मा", "علی‌رضا", "👩‍💻 Ana", "张伟", "A" * 300])
def test_names_of_all_scripts_are_lines(text: str) -> None:
    """Joiners belong to words of Persian, of India's scripts and to emoji."""
    assert of_signer(name=text) == []


def test_messages_may_have_lines() -> None:
    """Line breaks and tabs are fine, other control characters are not."""
    assert paths(attrs.evolve(DRAFT, message="Dear Ana,\r\n\tplease sign.\n")) == []
    assert paths(attrs.evolve(DRAFT, message="a\x00b")) == ["message"]
    assert of_signer(message="a\u202eb") == ["signers[0].message"]


@pytest.mark.parametrize(
    "text",
    [
        "ana\u200b@example.com",
        "\ufeffana@example.com",
        "ana@exam\u00adple.com",
        "ana@example.com\u200e",
        "ana @example.com",
    ],
)
def test_emails_with_invisible_characters_are_refused(text: str) -> None:
    """The sentence says why: the eye cannot see it."""
    assert of_signer(email=text) == ["signers[0].email"]


@pytest.mark.parametrize(
    ("given_", "sent"),
    [
        ("jose\u0301@correo.example.com", "josé@correo.example.com"),
        ("ana@bu\u0308cher.example", "ana@bücher.example"),
        ("संपर्क@डाटामेल.भारत", "संपर्क@डाटामेल.भारत"),
        ("ana@\uff45xample\u3002com", "ana@example.com"),
        ("Ana@Example.com", "Ana@Example.com"),
    ],
)
def test_emails_are_sent_canonically(given_: str, sent: str) -> None:
    """Composed, and with the full stops of a domain; capitals stay."""
    draft = canonical(attrs.evolve(DRAFT, signers=[attrs.evolve(ANA, email=given_)]))
    assert draft.signers[0].email == sent
    assert draft_problems(draft, NOW) == ()


@pytest.mark.parametrize(
    ("given_", "sent"),
    [
        (wide("+573001234567"), "+573001234567"),
        ("+57 300 123-4567", "+573001234567"),
        ("+57\u00a0300\u2013123.4567", "+573001234567"),
        ("+57300123456\u0667", "+573001234567"),
    ],
)
def test_phones_are_sent_canonically(given_: str, sent: str) -> None:
    """E.164 in the digits of ASCII."""
    draft = canonical(attrs.evolve(DRAFT, signers=[attrs.evolve(ANA, phone=given_)]))
    assert draft.signers[0].phone == sent
    assert draft_problems(draft, NOW) == ()


@pytest.mark.parametrize(
    "text", ["+57300\u200b1234567", "\u202a+573001234567\u202c", "+44 (0)20 7946 0958", "573001234567"]
)
def test_other_phones_are_refused(text: str) -> None:
    """Invisible marks, and zeros in brackets, which are not dialled from abroad."""
    assert of_signer(phone=text) == ["signers[0].phone"]


@pytest.mark.parametrize(
    ("kind", "given_", "sent"),
    [
        (None, "529.982.247-25", "52998224725"),
        ("CPF", "529.982.247\u201325", "52998224725"),
        ("cpf", wide("52998224725"), "52998224725"),
        ("CPF", " 529 982 247 25 ", "52998224725"),
        ("CNPJ", "12.abc.345/01de-35", "12ABC34501DE35"),
        ("CNPJ", "12\u2010345678\u22120001 95", "12345678000195"),
        ("RG", "12.345.678\u2011X", "12.345.678-X"),
        ("CC", "CC-1234", "CC-1234"),
        ("CPF", "123", "123"),
    ],
)
def test_document_numbers_are_sent_canonically(kind: str | None, given_: str, sent: str) -> None:
    """A CPF and a CNPJ without separators, other numbers in the characters of ASCII; in drafts and in edits."""
    data = SignatureData(signatory=Party(document_number=given_, document_kind=kind))
    draft = canonical(attrs.evolve(DRAFT, signers=[attrs.evolve(ANA, signature_data=data)]))
    assert draft.signers[0].signature_data == SignatureData(signatory=Party(document_number=sent, document_kind=kind))
    edited = SignatureDataEdit(company=PartyEdit(document_number=given_, document_kind=kind))
    resend = canonical(Resend(edits=[SignerEdit(signer_id="S1", signature_data=edited)]))
    assert resend.edits[0].signature_data == SignatureDataEdit(
        company=PartyEdit(document_number=sent, document_kind=kind)
    )


def test_names_are_sent_composed() -> None:
    """Without outer blanks and without characters that do nothing; the caller's own keys stay as they are."""
    draft = canonical(attrs.evolve(DRAFT, name=" Jose\u0301\u200b ", subject=" ", reference="jose\u0301 ", folder=" "))
    assert (draft.name, draft.subject, draft.reference, draft.folder) == ("José", None, "jose\u0301 ", None)


@given(spoilt_inside(RICH))
def test_canonical_form_is_stable(draft: ProcessDraft) -> None:
    """Brought into its form again, a draft stays as it is: what is checked is what is sent."""
    if not kind_problems(draft):
        once = canonical(draft)
        assert repr(canonical(once)) == repr(once)


def test_extras_are_plain_copies() -> None:
    """The checked value is sent, even if its mapping changes later."""
    draft = canonical(attrs.evolve(DRAFT, extras=MappingProxyType({"a": ({"b": True}, PDF, None)})))
    assert draft.extras == {"a": [{"b": True}, PDF, None]}
    assert type(draft.extras) is dict


@pytest.mark.parametrize(
    "moment",
    [
        datetime.max.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
        datetime(9999, 12, 31, tzinfo=UTC),
        datetime(3100, 1, 1, tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31),  # noqa: DTZ001 - without a zone on purpose
    ],
)
def test_deadlines_end_before_time_does(moment: datetime) -> None:
    """What cannot be computed with is a problem."""
    assert paths(attrs.evolve(DRAFT, expires_at=moment)) == ["expires_at"]


@pytest.mark.parametrize("wait", [timedelta.max, timedelta.min, timedelta(days=400_000)])
def test_reminders_come_within_reach(wait: timedelta) -> None:
    """No length of time overflows a date."""
    assert paths(attrs.evolve(DRAFT, remind_every=wait)) == ["remind_every"]


def test_long_texts_are_checked_in_linear_time() -> None:
    """Many combining marks in one word neither take the square of their number nor raise."""
    marks = "e" + "\u0301\u0323" * 500_000
    assert of_signer(name=marks) == []
    assert of_signer(email=f"{marks}@{marks}.com", phone="+" + "1" * 10**6) == ["signers[0].email", "signers[0].phone"]
