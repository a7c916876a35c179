"""The rules of a draft: each with a draft that breaks it, refused with the field named, and its mended twin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import pytest
from tests.unit.esign_arqsign.data import (
    CNPJ,
    CPF,
    CREATED_EXAMPLE,
    FOLDER_ID,
    IN_A_MONTH,
    NEW_CNPJ,
    NOW,
    PROCESS_ID,
    RESPONSIBLE_ID,
    ana,
    bia,
    document,
    draft,
    provider,
)

from esign_arqsign.rules.drafts import MOST_BYTES
from esign_core.model.documents import TemplateDocument
from esign_core.model.drafts import (
    Attachment,
    Challenge,
    Channel,
    CopyRecipient,
    Party,
    Placement,
    ProcessDraft,
    Role,
    SecurityCode,
    SignatureData,
)
from esign_core.model.errors import InvalidRequestError, UnsupportedError
from esign_core.model.resend import Resend
from esign_core.providers.flow import Reply
from esign_core.testing.play import play

BOX = Placement.box(1, 72, 72, 72, 36)
OTHER_BOX = Placement.box(1, 300, 72, 72, 36)
COPY = CopyRecipient(name="Arquivo Interno", email="copia@example.com")
BOTH = SignatureData(signatory=Party(), company=Party())


def person(**fields: Any) -> SignatureData:
    """Return signature data of a person."""
    return SignatureData(signatory=Party(**fields))


def company(**fields: Any) -> SignatureData:
    """Return signature data of a company."""
    return SignatureData(company=Party(**fields))


def coded(channel: Channel, **fields: Any) -> SecurityCode:
    """Return a security code."""
    return SecurityCode(code="0417", channel=channel, **fields)


def large(size: int) -> Any:
    """Return a document that says it has so many bytes."""
    return attrs.evolve(document(), size=size)


# Path of the problem, the broken draft, its mended twin.
PAIRS: dict[str, tuple[str, ProcessDraft, ProcessDraft]] = {
    "long name": ("name", draft(name="x" * 251), draft(name="x" * 250)),
    "long subject": ("subject", draft(subject="x" * 151), draft(subject="x" * 150)),
    "long signer's name": ("signers[0].name", draft(ana(name="x" * 151)), draft(ana(name="x" * 150))),
    "blank message of one's own": ("signers[0].message", draft(ana(message=" ")), draft(ana(message="Bom dia"))),
    "long attachment": (
        "signers[0].attachments[1].name",
        draft(ana(attachments=[Attachment(name="x"), Attachment(name="y" * 76)])),
        draft(ana(attachments=[Attachment(name="x"), Attachment(name="y" * 75)])),
    ),
    "long kind": (
        "signers[0].signature_data.signatory.document_kind",
        draft(ana(signature_data=person(document_kind="x" * 51))),
        draft(ana(signature_data=person(document_kind="x" * 50))),
    ),
    "long file name": (
        "documents[0].name",
        draft(documents=[document("x" * 147 + ".pdf")]),
        draft(documents=[document("x" * 146 + ".pdf")]),
    ),
    "file name too long with its ending": (
        "documents[0].name",
        draft(documents=[document("x" * 147)]),
        draft(documents=[document("x" * 146)]),
    ),
    "file name twice": (
        "documents[1].name",
        draft(documents=[document("a.pdf"), document("A")]),
        draft(documents=[document("a.pdf"), document("b")]),
    ),
    "too many files": (
        "documents",
        draft(documents=[document(f"{n}.pdf") for n in range(26)]),
        draft(documents=[document(f"{n}.pdf") for n in range(25)]),
    ),
    "too many bytes": (
        "documents",
        draft(documents=[large(MOST_BYTES), attrs.evolve(large(1), name="b.pdf")]),
        draft(documents=[large(MOST_BYTES)]),
    ),
    "no folder's id": ("folder", draft(folder="Contratos"), draft()),
    "expiry too far": (
        "expires_at",
        draft(expires_at=NOW + timedelta(days=999, seconds=1)),
        draft(expires_at=NOW + timedelta(days=999)),
    ),
    "reminder in hours": (
        "remind_every",
        draft(remind_every=timedelta(hours=36)),
        draft(remind_every=timedelta(hours=48)),
    ),
    "reminder too rare": (
        "remind_every",
        draft(remind_every=timedelta(days=1000)),
        draft(remind_every=timedelta(days=999)),
    ),
    "same e-mail": ("signers[1].email", draft(ana(), bia(email="ANA@example.com")), draft(ana(), bia())),
    "same e-mail in one order": (
        "signers[1].email",
        draft(ana(order=1), bia(order=1, email="ana@example.com"), ordered=True),
        draft(ana(order=1), bia(order=2, email="ana@example.com"), ordered=True),
    ),
    "same phone": (
        "signers[1].phone",
        draft(ana(channel=Channel.WHATSAPP), bia(channel=Channel.WHATSAPP, phone="+5511900000001")),
        draft(ana(channel=Channel.WHATSAPP), bia(channel=Channel.WHATSAPP)),
    ),
    "same copy": ("cc[1].email", draft(cc=[COPY, COPY]), draft(cc=[COPY])),
    "order of some": (
        "signers[1].order",
        draft(ana(order=1), bia(), ordered=True),
        draft(ana(order=1), bia(order=2), ordered=True),
    ),
    "order too high": (
        "signers[0].order",
        draft(ana(order=256), ordered=True),
        draft(ana(order=255), ordered=True),
    ),
    "two ways at once": (
        "signers[0].channel",
        draft(ana(channel=Channel.EMAIL_AND_WHATSAPP)),
        draft(ana(channel=Channel.WHATSAPP)),
    ),
    "SMS": ("signers[0].channel", draft(ana(channel=Channel.SMS)), draft(ana())),
    "no contact": (
        "signers[0].email",
        draft(ana(channel=Channel.NONE, email=None, phone=None)),
        draft(ana(channel=Channel.NONE, email=None)),
    ),
    "notified by no channel": (
        "signers[0].notify",
        draft(ana(channel=Channel.NONE, notify=True)),
        draft(ana(channel=Channel.NONE)),
    ),
    "WhatsApp with a certificate": (
        "signers[0].channel",
        draft(ana(channel=Channel.WHATSAPP, challenges=[Challenge.certificate()])),
        draft(ana(challenges=[Challenge.certificate()])),
    ),
    "two certificates": (
        "signers[0].challenges[1]",
        draft(ana(challenges=[Challenge.certificate(), Challenge.certificate(icp_brasil=False)])),
        draft(ana(challenges=[Challenge.certificate()])),
    ),
    "code without e-mail": (
        "signers[0].security_code.email",
        draft(ana(channel=Channel.WHATSAPP, email=None, security_code=coded(Channel.EMAIL))),
        draft(ana(channel=Channel.WHATSAPP, email=None, security_code=coded(Channel.EMAIL, email="a@example.com"))),
    ),
    "code without phone": (
        "signers[0].security_code.phone",
        draft(ana(phone=None, security_code=coded(Channel.SMS))),
        draft(ana(phone=None, security_code=coded(Channel.SMS, phone="+5511900000003"))),
    ),
    "code by SMS abroad": (
        "signers[0].security_code.phone",
        draft(ana(security_code=coded(Channel.SMS, phone="+573001234567"))),
        draft(ana(security_code=coded(Channel.WHATSAPP, phone="+573001234567"))),
    ),
    "wrong check digit": (
        "signers[0].signature_data.signatory.document_number",
        draft(ana(signature_data=person(document_number="529.982.247-26", validate=True))),
        draft(ana(signature_data=person(document_number=CPF, validate=True))),
    ),
    "repeated digit": (
        "signers[0].signature_data.signatory.document_number",
        draft(ana(signature_data=person(document_number="111.111.111-11", validate=True))),
        draft(ana(signature_data=person(document_number=CPF, validate=True))),
    ),
    "wrong CNPJ": (
        "signers[0].signature_data.company.document_number",
        draft(ana(signature_data=company(document_number="16.727.230/0001-98", validate=True))),
        draft(ana(signature_data=company(document_number=CNPJ, validate=True))),
    ),
    "wrong new CNPJ": (
        "signers[0].signature_data.company.document_number",
        draft(ana(signature_data=company(document_number="12.ABC.345/01DE-36", validate=True))),
        draft(ana(signature_data=company(document_number=NEW_CNPJ, validate=True))),
    ),
    "wrong CNH": (
        "signers[0].signature_data.signatory.document_number",
        draft(ana(signature_data=person(document_kind="CNH", document_number="1234"))),
        draft(ana(signature_data=person(document_kind="CNH", document_number="12345678901"))),
    ),
    "wrong number that is only filled in": (
        "signers[0].signature_data.signatory.document_number",
        draft(ana(signature_data=person(document_number="12345678901"))),
        draft(ana(signature_data=person(document_kind="RG", document_number="12345678901"))),
    ),
    "nothing to compare with": (
        "signers[0].signature_data.signatory.document_number",
        draft(ana(signature_data=person(validate=True))),
        draft(ana(signature_data=person(validate=False))),
    ),
    "number of another kind too long": (
        "signers[0].signature_data.signatory.document_number",
        draft(ana(signature_data=person(document_kind="Passaporte", document_number="1" * 21))),
        draft(ana(signature_data=person(document_kind="Passaporte", document_number="1" * 20))),
    ),
    "data with a certificate": (
        "signers[0].signature_data.signatory",
        draft(ana(challenges=[Challenge.certificate()], signature_data=person(name="Ana"))),
        draft(ana(challenges=[Challenge.certificate()], signature_data=person())),
    ),
    "box for one of two": (
        "signers[1].placements",
        draft(ana(placements=[BOX]), bia()),
        draft(ana(placements=[BOX]), bia(placements=[OTHER_BOX])),
    ),
    "box in one of two documents": (
        "signers[0].placements",
        draft(ana(placements=[attrs.evolve(BOX, document=0)]), documents=[document("a.pdf"), document("b.pdf")]),
        draft(ana(placements=[BOX]), documents=[document("a.pdf"), document("b.pdf")]),
    ),
    "two boxes for a person": (
        "signers[0].placements",
        draft(ana(placements=[BOX, OTHER_BOX])),
        draft(ana(placements=[BOX, OTHER_BOX], signature_data=BOTH)),
    ),
    "one box for person and company": (
        "signers[0].placements",
        draft(ana(placements=[BOX], signature_data=BOTH)),
        draft(ana(placements=[BOX])),
    ),
    "company's box on the edge": (
        "signers[0].placements[0]",
        draft(ana(placements=[Placement.box(1, 0, 72, 72, 36)], signature_data=company())),
        draft(ana(placements=[Placement.box(1, 0, 72, 72, 36)])),
    ),
    "tag": ("signers[0].placements[0]", draft(ana(placements=[Placement.tag()])), draft()),
    "template": ("documents", draft(documents=[TemplateDocument(template_id="x")]), draft()),
    "approver": ("signers[0].role", draft(ana(role=Role.APPROVER)), draft()),
    "some documents": (
        "signers[0].documents",
        draft(ana(documents=[1]), documents=[document("a.pdf"), document("b.pdf")]),
        draft(ana(documents=[1, 0]), documents=[document("a.pdf"), document("b.pdf")]),
    ),
    "one-time code": (
        "signers[0].challenges[0]",
        draft(ana(challenges=[Challenge.otp(Channel.EMAIL)])),
        draft(ana(security_code=SecurityCode(code="0417"))),
    ),
}


@pytest.mark.parametrize(("path", "broken", "mended"), PAIRS.values(), ids=PAIRS.keys())
def test_rule_is_kept(path: str, broken: ProcessDraft, mended: ProcessDraft) -> None:
    """The broken draft is refused before anything is sent, naming the field; its twin has no problem and is sent."""
    assert path in {problem.path for problem in provider().check(broken, NOW)}
    assert all(problem.hint for problem in provider().check(broken, NOW))
    with pytest.raises(InvalidRequestError) as caught:
        play(provider().create(broken, NOW))
    assert path in {problem.path for problem in caught.value.problems}
    assert provider().check(mended, NOW) == ()
    assert len(play(provider().create(mended, NOW), Reply.of(CREATED_EXAMPLE)).calls) == 1


def test_all_problems_are_told_at_once() -> None:
    """Nothing is found one by one."""
    broken = draft(
        ana(channel=Channel.SMS, name="x" * 151), name="x" * 251, remind_every=timedelta(hours=1), folder="Contratos"
    )
    found = {problem.path for problem in provider().check(broken, NOW)}
    assert found == {"name", "remind_every", "folder", "signers[0].channel", "signers[0].name"}


def test_what_only_this_vendor_cannot_do_is_unsupported() -> None:
    """A draft that is well-formed and that another provider may carry raises the narrower error."""
    with pytest.raises(UnsupportedError):
        play(provider().create(draft(ana(channel=Channel.SMS)), NOW))


def test_other_kind_of_digits_takes_digits_alone() -> None:
    """The account's format of other documents is kept."""
    wanted = draft(ana(signature_data=company(document_kind="Inscrição", document_number="12a", name="Exemplo")))
    strict = provider(company_document_format="numeric")
    (problem,) = strict.check(wanted, NOW)
    assert problem.path == "signers[0].signature_data.company.document_number"
    assert provider().check(wanted, NOW) == ()


def test_malformed_code_channel_is_left_to_the_general_checks() -> None:
    """What is malformed anywhere is not judged here."""
    code = SecurityCode(code="0417", channel="email")  # type: ignore[arg-type]  # a wrong type is the point
    assert provider().check(draft(ana(security_code=code)), NOW) == ()


def test_expiry_of_the_example_is_fine() -> None:
    """A month is no problem."""
    assert provider().check(draft(expires_at=IN_A_MONTH), NOW) == ()


@pytest.mark.parametrize("now", [NOW, datetime.max.replace(tzinfo=UTC) - timedelta(days=2, hours=1)])
def test_expiry_at_the_end_of_time(now: datetime) -> None:
    """A moment that neither the vendor's days nor a datetime reaches is a problem, never an OverflowError."""
    late = draft(expires_at=datetime.max.replace(tzinfo=UTC))
    (problem,) = provider().check(late, now)
    assert problem.path == "expires_at"
    with pytest.raises(InvalidRequestError):
        play(provider().create(late, now))
    assert provider().notes(late, now) == ()


@pytest.mark.parametrize(
    ("settings", "path"),
    [
        ({"subscription_key": None}, "subscription_key"),
        ({"responsible_id": None}, "responsible_id"),
        ({"folder_id": None}, "folder"),
    ],
)
def test_setting_missing_for_create(settings: dict[str, Any], path: str) -> None:
    """What only a create needs is asked for there, by name, before anything is sent."""
    with pytest.raises(InvalidRequestError) as caught:
        play(provider(**settings).create(draft(), NOW))
    assert [problem.path for problem in caught.value.problems] == [path]
    assert next(iter(settings)) in str(caught.value)


def test_setting_given_by_draft() -> None:
    """A folder of the draft, and ids given by extras, stand in for the account's."""
    extras = {"idResponsavel": RESPONSIBLE_ID, "idPasta": FOLDER_ID}
    bare = provider(responsible_id=None, folder_id=None)
    assert bare.check(draft(extras=extras), NOW) == ()
    assert bare.check(draft(folder=FOLDER_ID, extras={"idResponsavel": RESPONSIBLE_ID}), NOW) == ()


def test_account_that_reads_needs_app_key_alone() -> None:
    """Reads, resends and cancels send the one key that the account has."""
    bare = provider(subscription_key=None, responsible_id=None, folder_id=None)
    assert bare.settings.problems() == ()
    (call,) = play(bare.resend(PROCESS_ID, Resend(), NOW, None), Reply.of([])).calls
    assert dict(bare.authorize(call).headers) == {"AppKey": "fake-app-key"}


def test_note_on_rounded_expiry() -> None:
    """A deadline that is not a whole number of days away is noted with the moment that is sent, and not refused."""
    wanted = draft(expires_at=NOW + timedelta(days=9, hours=1))
    assert provider().check(wanted, NOW) == ()
    (note,) = provider().notes(wanted, NOW)
    assert (note.path, note.note) == ("expires_at", True)
    assert "2025-07-11T12:00" in note.message
    assert provider().notes(draft(expires_at=IN_A_MONTH), NOW) == ()
    assert provider().notes(draft(), NOW) == ()


def test_name_too_long_above_own_message() -> None:
    """A message to one signer stands under the subject or the name, which may be longer than the vendor's title."""
    long = draft(ana(message="Bom dia"), name="x" * 151)
    assert [problem.path for problem in provider().check(long, NOW)] == ["subject"]
    assert provider().check(attrs.evolve(long, subject="Assinar"), NOW) == ()
