"""What is refused before the first byte: everything at once, each with its path."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from tests.unit.esign_auco.support import ANA, BOX, LUZ, NOW, OTHER_PDF, PAGE, PDF, ana, draft, provider, refused

from esign_core.model.documents import Document, TemplateDocument
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
    SignerDraft,
)

CARD = Challenge.id_document(number="123456789", kind="CC", country="CO")
TEMPLATE = TemplateDocument(template_id="64823dc5ce28a265e02d68f3", values={"name": "Ana"})
ID_FILE = Attachment(name="Identity document")
SECOND_ADDRESS = SignerDraft(name="Eva", email="eva@example.com", placements=[BOX])


def package(**changes: Any) -> ProcessDraft:
    """Return a draft of two PDFs."""
    return draft(**{"documents": [PDF, OTHER_PDF], "signers": [ANA, LUZ], **changes})


def asking(**changes: Any) -> ProcessDraft:
    """Return a draft that asks for files."""
    return draft(**{"signers": [ana(attachments=[ID_FILE])], **changes})


@pytest.mark.parametrize("given", [draft(), package(), asking(), asking(documents=[]), draft(signers=[SECOND_ADDRESS])])
def test_auco_can_carry_no_problems(given: ProcessDraft) -> None:
    """A plain draft passes on every path, with a phone or without one."""
    assert refused(given) == {}


@pytest.mark.parametrize(
    "given",
    [
        draft(documents=[TEMPLATE], signers=[]),
        draft(documents=[TEMPLATE, TEMPLATE], signers=[], tags=["left out"]),
        draft(documents=[attrs.evolve(TEMPLATE, values={"n": 1, "d": date(2026, 1, 2)})], signers=[]),
    ],
)
def test_templates_pass_without_signers(given: ProcessDraft) -> None:
    """People come from the template; notes that have no place are left out."""
    assert refused(given) == {}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (draft(signers=[ana(email=None, channel=Channel.WHATSAPP)]), "signers[0].email"),
        (draft(signers=[ANA, attrs.evolve(LUZ, email=" ANA@example.com")]), "signers[1].email"),
        (draft(signers=[ANA, attrs.evolve(LUZ, phone=ANA.phone)]), "signers[1].phone"),
        (draft(remind_every=timedelta(hours=4)), "remind_every"),
        (draft(remind_every=timedelta(hours=3, seconds=1)), "remind_every"),
        (draft(expires_at=NOW + timedelta(days=3)), "expires_at"),
        (draft(signers=[ana(channel=Channel.SMS)]), "signers[0].channel"),
        (draft(signers=[ana(message="Yours alone")]), "signers[0].message"),
        (draft(signers=[ana(security_code=SecurityCode(code="1234"))]), "signers[0].security_code"),
        (draft(signers=[ana(signature_data=SignatureData(signatory=Party(name="Ana")))]), "signers[0].signature_data"),
        (draft(signers=[ana(challenges=[Challenge.certificate()])]), "signers[0].challenges[0]"),
        (draft(documents=[Document.from_url("https://example.com/a.pdf", name="a.pdf")]), "documents[0]"),
        (draft(signers=[ana(challenges=[Challenge.otp(Channel.WHATSAPP)])]), "signers[0].challenges[0].channel"),
        (draft(signers=[ana(challenges=[Challenge.video()])]), "signers[0].challenges[0]"),
        (draft(signers=[ana(challenges=[attrs.evolve(CARD, back=True)])]), "signers[0].challenges[0]"),
        (draft(signers=[ana(challenges=[CARD, CARD])]), "signers[0].challenges[1]"),
        (draft(signers=[ana(placements=[BOX, Placement.tag()])]), "signers[0].placements"),
        (draft(signers=[ana(placements=[Placement.tag(), Placement.tag()])]), "signers[0].placements"),
        (
            draft(
                signers=[
                    ana(placements=[Placement.template_role("a", "1")]),
                    attrs.evolve(LUZ, placements=[Placement.template_role("b", "2")]),
                ]
            ),
            "signers",
        ),
    ],
)
def test_what_auco_cannot_carry_is_unsupported(given: ProcessDraft, path: str) -> None:
    """One problem names the field, and says that another vendor might do it."""
    problems = refused(given)
    if path == "documents[0]":
        assert "documents" in problems
        return
    assert problems == {path: True}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (draft(signers=[ana(phone=None, challenges=[Challenge.otp(Channel.SMS)])]), "signers[0].phone"),
        (draft(signers=[ana(challenges=[attrs.evolve(CARD, country="co")])]), "signers[0].challenges[0].country"),
        (draft(signers=[ana(notify=True, channel=Channel.NONE)]), "signers[0].notify"),
        (draft(ordered=True, signers=[ana(order=1), LUZ]), "signers[1].order"),
        (draft(documents=[TEMPLATE, TEMPLATE], signers=[], extras={"data": []}), "extras.data"),
        (draft(extras={"file": "x"}), "extras.file"),
        (draft(extras={"code": "GNAZED5HTR"}), "extras.code"),
        (draft(signers=[ana(extras={"files": []})]), "signers[0].extras.files"),
        (
            draft(documents=[TemplateDocument(template_id="t", values={"flag": True})], signers=[]),
            "documents[0].values['flag']",
        ),
        (
            draft(documents=[TemplateDocument(template_id="t", values={"at": NOW})], signers=[]),
            "documents[0].values['at']",
        ),
    ],
)
def test_no_vendor_could_carry_malformed(given: ProcessDraft, path: str) -> None:
    """One problem names the field, and says that it has to be mended."""
    assert refused(given) == {path: False}


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        (package(ordered=True), {"ordered"}),
        (package(signers=[ANA, attrs.evolve(LUZ, role=Role.APPROVER)]), {"signers[1].role"}),
        (package(signers=[ANA, attrs.evolve(LUZ, challenges=[Challenge.face_photo()])]), {"signers[1].challenges"}),
        (package(signers=[ANA, attrs.evolve(LUZ, channel=Channel.WHATSAPP)]), {"signers[1].challenges"}),
        (package(signers=[ANA, attrs.evolve(LUZ, placements=[Placement.tag()])]), {"signers[1].placements[0]"}),
        (
            package(signers=[ANA, attrs.evolve(LUZ, placements=[Placement.template_role("b", "2")])]),
            {"signers[1].placements[0].template_id"},
        ),
        (package(signers=[ana(documents=[0]), attrs.evolve(LUZ, documents=[0])]), {"documents[1]"}),
        (package(cc=[CopyRecipient(name="Luz", email="LUZ@example.com")]), {"cc[0].email"}),
        (package(documents=[PDF, TEMPLATE]), {"documents[1]", "documents[1].values"}),
        (package(documents=[PDF, OTHER_PDF], remind_every=timedelta(hours=4)), {"remind_every"}),
    ],
)
def test_what_package_cannot_carry_is_refused(given: ProcessDraft, paths: set[str]) -> None:
    """Order, approvers, checks of single people, tags and stored positions have no place in a package."""
    assert refused(given) == dict.fromkeys(paths, True)


@pytest.mark.parametrize(
    ("given", "paths"),
    [
        (asking(cc=[CopyRecipient(name="Luz", email="luz@example.com")]), {"cc"}),
        (asking(notify=False), {"notify"}),
        (asking(signers=[ana(attachments=[ID_FILE], notify=False)]), {"signers[0].notify"}),
        (asking(signers=[ana(attachments=[ID_FILE], channel=Channel.NONE)]), {"signers[0].channel"}),
        (asking(signers=[ana(attachments=[ID_FILE]), LUZ]), {"signers[1].attachments"}),
        (asking(signers=[ana(attachments=[ID_FILE], phone=None)]), {"signers[0].phone"}),
        (asking(documents=[PDF, OTHER_PDF]), {"documents"}),
        (
            asking(signers=[ana(attachments=[ID_FILE], placements=[Placement.template_role("b", "2")])]),
            {"signers[0].placements[0].template_id"},
        ),
        (asking(documents=[TEMPLATE]), {"documents[0].values"}),
    ],
)
def test_request_for_files_is_limited(given: ProcessDraft, paths: set[str]) -> None:
    """Readers, silence and a second document have no place where files are asked for."""
    assert refused(given) == dict.fromkeys(paths, True)


def test_notifying_people_asked_for_files() -> None:
    """It is what happens anyway."""
    assert refused(asking(notify=True, signers=[ana(attachments=[ID_FILE], notify=True)])) == {}


@pytest.mark.parametrize("documents", [[TEMPLATE], [TEMPLATE, TEMPLATE]])
def test_signers_have_no_place_beside_templates(documents: list[TemplateDocument]) -> None:
    """One problem says so, and leads to the template's values."""
    (problem,) = provider().check(draft(documents=documents, signers=[ANA, LUZ]), NOW)
    assert problem.path == "signers"
    assert "values" in problem.hint


@pytest.mark.parametrize(
    ("given", "changes", "problems"),
    [
        (draft(remind_every=timedelta(hours=4)), {"dialect": "current"}, {}),
        (draft(remind_every=timedelta(minutes=90)), {"dialect": "current"}, {"remind_every": True}),
        (package(remind_every=timedelta(hours=4)), {"dialect": "current"}, {"remind_every": True}),
        (draft(documents=[TEMPLATE], signers=[], remind_every=timedelta(hours=4)), {"dialect": "current"}, {}),
        (
            draft(signers=[ana(channel=Channel.WHATSAPP, challenges=[Challenge.video()])]),
            {"dialect": "current"},
            {"signers[0].challenges[0]": True},
        ),
        (draft(signers=[ana(placements=[Placement.tag()])]), {"inline_limit": 3}, {"signers[0].placements": True}),
    ],
)
def test_account_decides_some_of_it(given: ProcessDraft, changes: dict[str, Any], problems: dict[str, bool]) -> None:
    """The dialect's rules and the limit for PDFs inside the request are the account's."""
    assert refused(given, **changes) == problems


def test_moment_more_than_three_days_ahead() -> None:
    """Exactly three days are not, a second more is."""
    assert refused(draft(expires_at=NOW + timedelta(days=3, seconds=1))) == {}
    assert refused(draft(expires_at=datetime(2030, 1, 1, tzinfo=UTC))) == {}


def test_placements_cover_documents_person_signs() -> None:
    """A box on a document that is not theirs, and a document of theirs without a box, are both named."""
    first, second = (
        Placement.box(1, 1, 1, 9, 9, page_size=PAGE, document=0),
        Placement.box(1, 1, 1, 9, 9, page_size=PAGE, document=1),
    )
    assert refused(package(signers=[ana(placements=[first, second])])) == {}
    assert refused(package(signers=[ana(placements=[first]), LUZ])) == {"signers[0].placements": False}
    assert refused(package(signers=[ana(documents=[0], placements=[first, second]), LUZ])) == {
        "signers[0].placements[1].document": False
    }


@pytest.mark.parametrize("kind", ["NIT", "TI", "cc"])
def test_kind_of_document_is_checked(kind: str) -> None:
    """The vendor answers it with 400; the hint names those it takes."""
    card = Challenge.id_document(number="123456789", kind=kind, country="CO")
    assert refused(draft(signers=[ana(challenges=[card])])) == {"signers[0].challenges[0].kind": True}


@pytest.mark.parametrize("name", ["", " "])
def test_value_without_name_is_malformed(name: str) -> None:
    """No variable of a template is called nothing."""
    given = draft(documents=[attrs.evolve(TEMPLATE, values={"city": "Cali", name: "x"})], signers=[])
    assert refused(given) == {"documents[0].values": False}


def test_all_problems_come_at_once() -> None:
    """Nobody mends one only to be told of the next."""
    given = package(
        ordered=True,
        remind_every=timedelta(hours=1),
        expires_at=NOW + timedelta(hours=1),
        signers=[ana(message="x"), attrs.evolve(LUZ, phone=ANA.phone, role=Role.APPROVER)],
    )
    assert set(refused(given)) == {
        "ordered",
        "remind_every",
        "expires_at",
        "signers[0].message",
        "signers[1].phone",
        "signers[1].role",
    }


def test_every_problem_says_what_to_do() -> None:
    """No problem comes without a hint."""
    given = package(
        ordered=True,
        cc=[CopyRecipient(name="Ana", email="ana@example.com")],
        signers=[ana(email=None, role=Role.APPROVER, placements=[Placement.tag()]), LUZ],
    )
    assert all(problem.hint for problem in provider().check(given, NOW))
