"""All malformed fields are found at once, with any values in the fields, and well-formed fields are not reported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import (
    Attachment,
    Challenge,
    ChallengeMethod,
    Channel,
    CopyRecipient,
    Party,
    Placement,
    PlacementKind,
    ProcessDraft,
    Role,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignatureDataEdit, SignerEdit
from esign_core.providers.capabilities import Capabilities, Feature
from esign_core.providers.validation import (
    canonical,
    draft_problems,
    is_email,
    is_phone,
    kind_problems,
    outside,
    repeated,
    resend_problems,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PDF = Document.from_bytes(b"%PDF-1.7", name="agreement.pdf")
TEMPLATE = TemplateDocument(template_id="T1", values={"who": "Ana"})
ANA = SignerDraft(name="Ana Example", email="ana@example.com", phone="+573001234567")
DRAFT = ProcessDraft(name="Agreement", documents=[PDF], signers=[ANA])
RICH = ProcessDraft(
    name="Agreement",
    subject="Sign",
    message="Please",
    documents=[PDF, Document.from_url("https://files.example.com/a.pdf", name="a.pdf"), TEMPLATE],
    signers=[
        attrs.evolve(
            ANA,
            role=Role.APPROVER,
            order=1,
            channel=Channel.EMAIL_AND_WHATSAPP,
            challenges=[
                Challenge.otp(Channel.EMAIL),
                Challenge.id_document(number="1234", kind="CC", country="CO"),
                Challenge.video(),
            ],
            security_code=SecurityCode(code="0417", email="ana@example.com", phone="+573001234567"),
            signature_data=SignatureData(signatory=Party(name="Ana", document_number="1", document_kind="CPF")),
            placements=[
                Placement.box(1, 0, 0, 612, 792, page_size=(612, 792), document=0),
                Placement.tag(),
                Placement.template_role("codeudor", "T1"),
            ],
            documents=[0, 2],
            attachments=[Attachment(name="Passport"), Attachment(name="Photo", required=False)],
            message="Hello",
            notify=False,
            extras={"any": "thing"},
        )
    ],
    cc=[CopyRecipient(name="Bo Example", email="bo@example.com")],
    expires_at=NOW + timedelta(days=1),
    remind_every=timedelta(hours=3),
    ordered=True,
    folder="a/b",
    reference="R1",
    tags=["one"],
    notify=True,
    extras={},
)
RESEND = Resend(
    edits=[
        SignerEdit(
            signer_id="S1",
            name="Ana Example",
            email="ana@example.com",
            phone=None,
            channel=Channel.SMS,
            security_code=SecurityCodeEdit(channel=Channel.SMS, email=None, phone="+573001234567"),
            signature_data=SignatureDataEdit(signatory=PartyEdit(name="Ana", document_number="1"), company=None),
        ),
        SignerEdit(signer_id="S2", security_code=None),
    ],
    requested_by="me@example.com",
)


def odd(value: Any) -> Any:
    """Return a value where its type is wrong on purpose."""
    return value


def paths(draft: ProcessDraft) -> list[str]:
    """Return the paths of all that is wrong with a draft."""
    return [problem.path for problem in kind_problems(draft) or draft_problems(canonical(draft), NOW)]


def of_signer(**changes: Any) -> list[str]:
    """Return the paths of all that is wrong when the one signer is changed."""
    return paths(attrs.evolve(DRAFT, signers=[attrs.evolve(ANA, **changes)]))


@pytest.mark.parametrize("draft", [DRAFT, RICH, attrs.evolve(DRAFT, documents=[TEMPLATE], signers=[])])
def test_a_well_formed_draft_has_no_problems(draft: ProcessDraft) -> None:
    """From the least that is needed to everything that can be asked for."""
    assert paths(draft) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": " "}, ["name"]),
        ({"name": None}, ["name"]),
        ({"name": 5}, ["name"]),
        ({"name": "half \ud800"}, ["name"]),
        ({"name": "nul \0"}, ["name"]),
        (
            {"subject": 5, "message": "\0", "folder": b"x", "reference": 1.5},
            ["subject", "message", "folder", "reference"],
        ),
        ({"tags": ["", "ok"]}, ["tags[0]"]),
        ({"tags": "one"}, ["tags"]),
        ({"tags": ["ok", 5]}, ["tags[1]"]),
        ({"documents": []}, ["documents"]),
        ({"documents": PDF}, ["documents"]),
        ({"documents": [PDF, "a.pdf"]}, ["documents[1]"]),
        ({"documents": [Document.from_bytes(b"PK", name=" ")]}, ["documents[0].name", "documents[0]"]),
        (
            {"documents": [attrs.evolve(TEMPLATE, template_id="", name="\0")]},
            ["documents[0].template_id", "documents[0].name"],
        ),
        ({"documents": [attrs.evolve(TEMPLATE, values=odd([1]))]}, ["documents[0].values"]),
        ({"documents": [Document.from_url("http://example.com/a", name="a")]}, ["documents[0].url"]),
        ({"signers": []}, ["signers"]),
        ({"signers": [ANA, None]}, ["signers[1]"]),
        ({"cc": ["bo@example.com"]}, ["cc[0]"]),
        ({"cc": [CopyRecipient(name="", email="bo@")]}, ["cc[0].name", "cc[0].email"]),
        ({"expires_at": NOW}, ["expires_at"]),
        ({"expires_at": NOW.replace(tzinfo=None)}, ["expires_at"]),
        ({"expires_at": "tomorrow"}, ["expires_at"]),
        ({"remind_every": timedelta(0)}, ["remind_every"]),
        ({"remind_every": 3}, ["remind_every"]),
        ({"extras": [1]}, ["extras"]),
    ],
)
def test_what_is_malformed_in_a_draft_is_found_where_it_is(changes: dict[str, Any], expected: list[str]) -> None:
    """Each problem names its path."""
    assert sorted(paths(attrs.evolve(DRAFT, **changes))) == sorted(expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": ""}, ["name"]),
        ({"message": 5}, ["message"]),
        ({"email": "ana"}, ["email"]),
        ({"email": None}, ["email"]),
        ({"phone": "3001234567"}, ["phone"]),
        ({"phone": None, "channel": Channel.SMS}, ["phone"]),
        ({"phone": None, "email": None, "channel": Channel.EMAIL_AND_WHATSAPP}, ["email", "phone"]),
        ({"phone": None, "email": None, "channel": Channel.NONE}, []),
        ({"channel": "email"}, ["channel"]),
        ({"role": "signer"}, ["role"]),
        ({"order": True}, ["order"]),
        ({"order": 0}, ["order", "order"]),
        ({"order": 1}, ["order"]),
        ({"documents": [1]}, ["documents"]),
        ({"documents": [-1]}, ["documents"]),
        ({"documents": []}, ["documents"]),
        ({"documents": ["0"]}, ["documents[0]"]),
        ({"documents": 0}, ["documents"]),
        (
            {"challenges": [Challenge.otp(Channel.NONE), Challenge(method=ChallengeMethod.OTP)]},
            ["challenges[0].channel", "challenges[1].channel"],
        ),
        (
            {"challenges": [Challenge.id_document(number="", kind=" ", country="CO")]},
            ["challenges[0].number", "challenges[0].kind"],
        ),
        ({"challenges": ["otp"]}, ["challenges[0]"]),
        ({"challenges": [attrs.evolve(Challenge.video(), method=odd("video"))]}, ["challenges[0].method"]),
        (
            {"security_code": SecurityCode(code="417", channel=Channel.EMAIL_AND_WHATSAPP, email="x", phone="y")},
            [f"security_code.{name}" for name in ("code", "channel", "email", "phone")],
        ),
        ({"security_code": SecurityCode(code="٠٤١٧")}, ["security_code.code"]),
        ({"security_code": "0417"}, ["security_code"]),
        (
            {"signature_data": SignatureData(company=Party(name=odd(5), document_number="\0"))},
            ["signature_data.company.name", "signature_data.company.document_number"],
        ),
        ({"signature_data": SignatureData(signatory=odd("Ana"))}, ["signature_data.signatory"]),
        (
            {"attachments": [Attachment(name=""), Attachment(name="A"), Attachment(name=" a ")]},
            ["attachments[0].name", "attachments[2].name"],
        ),
        ({"extras": None}, ["extras"]),
    ],
)
def test_what_is_malformed_in_a_person_is_found_where_it_is(changes: dict[str, Any], expected: list[str]) -> None:
    """Each problem names the person and the field."""
    assert sorted(of_signer(**changes)) == sorted(f"signers[0].{path}" for path in expected)


@pytest.mark.parametrize(
    ("placement", "expected"),
    [
        (Placement.box(0, 1, 1, 1, 1), [".page"]),
        (Placement.box(1, 1, 1, 0, 1), [""]),
        (Placement.box(1, 1, 1, 1, -1), [""]),
        (Placement.box(1, -1, 1, 1, 1), [""]),
        (Placement.box(1, 1, float("nan"), 1, 1), [""]),
        (Placement.box(1, 1, 1, float("inf"), 1), [""]),
        (Placement.box(1, 1, 1, float("nan"), 1), [""]),
        (Placement.box(1, 600, 1, 13, 1, page_size=(612, 792)), [""]),
        (Placement.box(1, 1, 1, 1, 1, page_size=(612, 0)), [".page_size"]),
        (Placement.box(1, 1, 1, 1, 1, page_size=odd((612,))), [".page_size"]),
        (Placement.box(1, 1, 1, 1, 1, page_size=odd("A4")), [".page_size"]),
        (Placement.box(1, 1, 1, 1, 1, document=1), [".document"]),
        (Placement.box(1, 1, 1, 1, 1, document=-1), [".document"]),
        (Placement.box(odd("1"), odd(None), 1, 1, 1), [".page", ".x"]),
        (Placement.template_role(" "), [".role"]),
        (attrs.evolve(Placement.tag(), kind=odd("tag")), [".kind"]),
    ],
)
def test_what_is_malformed_in_a_placement_is_found_where_it_is(placement: Placement, expected: list[str]) -> None:
    """Pages, sides and sizes are judged; what cannot be compared is refused."""
    assert of_signer(placements=[placement]) == [f"signers[0].placements[0]{path}" for path in expected]


@pytest.mark.parametrize(
    ("resend", "expected"),
    [
        (Resend(), []),
        (RESEND, []),
        (None, ["resend"]),
        (attrs.evolve(RESEND, requested_by="me"), ["requested_by"]),
        (Resend(edits=odd("S1")), ["edits"]),
        (Resend(edits=odd(["S1"])), ["edits[0]"]),
        (Resend(edits=[SignerEdit(signer_id="s1"), SignerEdit(signer_id="S1 ")]), ["edits[1].signer_id"]),
        (
            Resend(edits=[SignerEdit(signer_id="", email="x", phone="y", name=odd(5))]),
            ["edits[0].signer_id", "edits[0].email", "edits[0].phone", "edits[0].name"],
        ),
        (
            Resend(edits=[SignerEdit(signer_id="S1", security_code=SecurityCodeEdit(email="x", phone="y"))]),
            ["edits[0].security_code.email", "edits[0].security_code.phone"],
        ),
        (
            Resend(
                edits=[SignerEdit(signer_id="S1", security_code=odd("0417"), channel=odd("sms"), signature_data=odd(1))]
            ),
            ["edits[0].channel", "edits[0].security_code", "edits[0].signature_data"],
        ),
        (
            Resend(edits=[SignerEdit(signer_id="S1", signature_data=SignatureDataEdit(signatory=odd("Ana")))]),
            ["edits[0].signature_data.signatory"],
        ),
        (
            Resend(edits=[SignerEdit(signer_id="S1", signature_data=SignatureDataEdit(company=PartyEdit(name="\0")))]),
            ["edits[0].signature_data.company.name"],
        ),
    ],
)
def test_what_is_malformed_in_a_resend_is_found_where_it_is(resend: Any, expected: list[str]) -> None:
    """Each problem names the edit and the field; null and unset are fine."""
    assert sorted(problem.path for problem in resend_problems(resend)) == sorted(expected)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.just("\ud800"),
    st.binary(max_size=5),
    st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    st.sampled_from(
        [
            object(),
            int,
            NOW,
            NOW.replace(tzinfo=None),
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-14))),
            timedelta(1),
            ...,
        ]
    ),
    st.sampled_from([*Channel, *Role, *PlacementKind, *ChallengeMethod]),
)


def spoilt(value: Any) -> st.SearchStrategy[Any]:
    """Return a value that may be something else, or hold something else at any depth."""
    if isinstance(value, tuple):
        return st.sampled_from([0, 1, 2]).flatmap(
            lambda way: [JUNK, st.tuples(*map(spoilt, value)), st.lists(st.one_of(JUNK, *map(spoilt, value)))][way]
        )
    if not attrs.has(type(value)):
        return st.booleans().flatmap(lambda keep: st.just(value) if keep else JUNK)
    return st.sampled_from([0, 1, 2]).flatmap(lambda way: [st.just(value), JUNK, spoilt_inside(value)][way])


def spoilt_inside(value: Any) -> st.SearchStrategy[Any]:
    """Return a value of its own kind, of which any field may be something else."""
    fields = {field.name: spoilt(getattr(value, field.name)) for field in attrs.fields(type(value))}
    return st.fixed_dictionaries(fields).map(lambda given: type(value)(**given))


@given(spoilt_inside(RICH))
def test_checks_of_a_draft_never_raise_whatever_is_in_its_fields(draft: ProcessDraft) -> None:
    """A draft that passes can be asked for the features it needs; one that does not says why."""
    problems = kind_problems(draft) or draft_problems(canonical(draft), NOW)
    assert all(problem.path and problem.message for problem in problems)
    if not problems:
        Capabilities(features=Feature).missing(draft)


@given(spoilt_inside(RICH.signers[0]))
def test_checks_of_a_person_never_raise_whatever_is_in_their_fields(signer: SignerDraft) -> None:
    """With the rest of the draft in order, what is odd about a person is judged to its depth."""
    draft = attrs.evolve(RICH, signers=[signer])
    if not (kind_problems(draft) or draft_problems(canonical(draft), NOW)):
        Capabilities(features=Feature).missing(draft)


@given(spoilt_inside(RESEND))
def test_checks_of_a_resend_never_raise_whatever_is_in_its_fields(resend: Any) -> None:
    """A value that is not a resend is a problem like any other."""
    assert all(problem.path and problem.message for problem in resend_problems(resend))


def test_no_problem_repeats_the_value_that_is_wrong() -> None:
    """A problem is shown to people and written into logs."""
    wrong = attrs.evolve(ANA, name="\0Ana", email="secret@", phone="+57 300 999")
    draft = attrs.evolve(DRAFT, signers=[wrong])
    text = "".join(map(str, draft_problems(draft, NOW)))
    assert not any(word in text for word in ("Ana", "secret", "999"))


@pytest.mark.parametrize(
    "text", ["ana@example.com", "a.b+c-d_e@mail.example.co", "josé@correo.example.com", "a@xn--bcher-kva.example.com"]
)
def test_an_e_mail_address_is_known_by_its_form(text: str) -> None:
    """Dots, tags and letters of any alphabet are fine."""
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "ana@", "@example.com", "ana@example", "ana@@example.com", "a b@example.com", "ana@example..com",
        ".ana@example.com", "ana.@example.com", "ana@-example.com", "ana@example.c", "ana@example.com\n",
        "Ana <ana@example.com>", "a@example.com,b@example.com", f"{'a' * 250}@example.com", None, 5, b"ana@example.com",
    ],
)  # fmt: skip
def test_what_is_no_e_mail_address_is_known_too(text: object) -> None:
    """Anything else is not."""
    assert not is_email(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("+573001234567", True),
        ("+1234567", True),
        ("+123456", False),
        ("+0573001234567", False),
        ("573001234567", False),
        ("+57 3001234567", False),
        ("+1234567890123456", False),
        ("+57300123456\u0667", False),
        ("+573001234567\n", False),
        (5, False),
        (None, False),
    ],
)
def test_a_phone_number_is_known_by_its_form(text: object, fits: bool) -> None:
    """E.164: a plus sign, a country's code, at most fifteen digits."""
    assert is_phone(text) is fits


@given(st.lists(st.sampled_from(["a", "A", " a ", "b", "", " "]) | st.none()))
def test_repeated_values_are_those_that_stood_there_before(values: list[str | None]) -> None:
    """Compared without case and outer blanks; nothing is never repeated."""
    folded = [(value or "").strip().casefold() for value in values]
    expected = [index for index, value in enumerate(folded) if value and value in folded[:index]]
    assert list(repeated(values)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, False),
        ({"x": 0.005}, False),
        ({"x": 0.02}, True),
        ({"y": 0.02}, True),
        ({"y": 99.0, "page_size": None}, False),
    ],
)
def test_a_box_may_touch_the_edges_of_its_page(changes: dict[str, Any], expected: bool) -> None:
    """A hair's breadth is forgiven; a page of unknown size forgives everything."""
    box = Placement.box(1, 0, 0, 612, 792, page_size=(612, 792))
    assert outside(attrs.evolve(box, **changes)) is expected


def test_a_blank_name_in_an_edit_is_told() -> None:
    """A name must not be blank; null, which takes a name away, is something else."""
    blank = Resend(edits=[SignerEdit(signer_id="s1", name=" ")])
    assert [problem.path for problem in resend_problems(blank)] == ["edits[0].name"]
    assert resend_problems(Resend(edits=[SignerEdit(signer_id="s1", name=None)])) == ()
