"""Any draft is refused with all its problems listed, or it passes what others read in the vendor's texts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esign_auco.wire.fields import Path
from esign_core import connect
from esign_core.client import Client
from esign_core.model.documents import Document, TemplateDocument
from esign_core.model.drafts import (
    Attachment,
    Challenge,
    Channel,
    CopyRecipient,
    Placement,
    ProcessDraft,
    Role,
    SignerDraft,
)
from esign_core.model.errors import InvalidRequestError

SMALL = Document.from_bytes(b"%PDF-1.4\n%%EOF", name="small.pdf")
LARGE = Document.from_bytes(b"%PDF-1.4\n" + b"%" * 600 + b"\n%%EOF", name="large.pdf")
PAGE = (600.0, 800.0)

maybe = st.none
names = st.sampled_from(["Ana Ruiz", "Luz Gil", "María José", "O'Neil"])
emails = st.sampled_from([f"person{number}@example.com" for number in range(4)])
phones = st.sampled_from([f"+5730000000{number:02}" for number in range(4)])

challenges = st.lists(
    st.one_of(
        st.sampled_from([Channel.EMAIL, Channel.SMS, Channel.WHATSAPP]).map(Challenge.otp),
        st.just(Challenge.face_photo()),
        st.just(Challenge.video()),
        st.builds(
            Challenge.id_document,
            number=st.just("123456789"),
            kind=st.sampled_from(["CC", "PASSPORT", "NIT", "cc"]),
            country=st.just("CO"),
            back=st.booleans(),
        ),
    ),
    max_size=2,
)

boxes = st.builds(
    Placement.box,
    st.integers(1, 3),
    st.floats(0, 400),
    st.floats(0, 600),
    st.floats(1, 200),
    st.floats(1, 200),
    page_size=st.just(PAGE),
    document=st.sampled_from([None, None, 0, 1]),
)
placements = st.one_of(
    st.lists(boxes, min_size=1, max_size=3),
    st.just([Placement.tag()]),
    st.lists(
        st.builds(Placement.template_role, st.just("codeudor"), st.sampled_from([None, "64823dc5ce28a265e02d68f3"])),
        min_size=1,
        max_size=2,
    ),
)
files = st.lists(st.builds(Attachment, name=st.sampled_from(["Bill", "Card"]), required=st.booleans()), max_size=2)

signers = st.builds(
    SignerDraft,
    name=names,
    email=st.one_of(emails, emails, maybe()),
    phone=st.one_of(phones, maybe()),
    role=st.sampled_from([Role.SIGNER, Role.SIGNER, Role.APPROVER]),
    order=st.one_of(maybe(), maybe(), st.integers(1, 3)),
    channel=st.sampled_from([Channel.EMAIL, Channel.EMAIL, *Channel]),
    challenges=challenges,
    placements=placements,
    documents=st.one_of(maybe(), maybe(), st.just([0])),
    attachments=st.one_of(st.just([]), files),
    notify=st.sampled_from([None, None, True, False]),
)

pdfs = st.sampled_from([SMALL, LARGE])
templates = st.builds(
    TemplateDocument,
    template_id=st.sampled_from(["64823dc5ce28a265e02d68f3", "lease"]),
    values=st.dictionaries(
        st.sampled_from(["nombre", "nombre", "fecha", " "]),
        st.sampled_from(["Ana", "", 12, date(2026, 3, 1), True]),
        max_size=2,
    ),
    name=st.sampled_from([None, "Deed", " "]),
)
documents = st.one_of(
    st.lists(pdfs, min_size=1, max_size=1),
    st.lists(pdfs, min_size=2, max_size=2),
    st.lists(templates, min_size=1, max_size=2),
    st.lists(st.one_of(pdfs, templates), max_size=3),
)

drafts = st.builds(
    ProcessDraft,
    name=names,
    documents=documents,
    signers=st.one_of(st.lists(signers, max_size=3), st.just([])),
    subject=st.sampled_from([None, "Sign", "", " "]),
    message=st.sampled_from([None, "Please", "", " "]),
    folder=st.sampled_from([None, None, "/leases", " "]),
    tags=st.sampled_from([[], ["leases"]]),
    cc=st.lists(st.builds(CopyRecipient, name=names, email=emails), max_size=1),
    expires_at=st.sampled_from([None, datetime(2099, 1, 1, tzinfo=UTC), datetime(2001, 1, 1, tzinfo=UTC)]),
    remind_every=st.sampled_from([None, None, timedelta(hours=3), timedelta(hours=5), timedelta(minutes=90)]),
    ordered=st.booleans(),
    reference=st.sampled_from([None, "ORDER-1"]),
    notify=st.sampled_from([None, True, False]),
)


@st.composite
def sound(draw: st.DrawFn) -> ProcessDraft:
    """Return a draft that has good chances: people told apart, each path with what it has a place for."""
    path = draw(st.sampled_from([Path.UPLOAD, Path.MANY, Path.ATTACHMENTS]))
    pdf_count = {Path.UPLOAD: 1, Path.MANY: 2, Path.ATTACHMENTS: draw(st.integers(0, 1))}[path]
    count = draw(st.integers(1, 3))
    ordered = path is not Path.MANY and draw(st.booleans())
    same = draw(proofs())
    people = []
    for number in range(count):
        channel, asked = same if path is Path.MANY else draw(proofs())
        person: dict[str, Any] = {
            "name": draw(names),
            "email": f"person{number}@example.com",
            "phone": f"+5730000000{number:02}",
            "channel": channel,
            "challenges": asked,
            "placements": [Placement.box(1, 10.5, 20, 100, 50, page_size=PAGE)] if draw(st.booleans()) else [role],
        }
        if path is Path.ATTACHMENTS:
            person["attachments"] = [Attachment(name="Bill", required=draw(st.booleans()))]
        else:
            person["notify"] = draw(st.sampled_from([None, None, True, False]))
        if path is not Path.MANY:
            person["role"] = draw(st.sampled_from([Role.SIGNER, Role.APPROVER]))
        people.append(SignerDraft(**person))
    return ProcessDraft(
        name=draw(names),
        documents=[draw(pdfs) for _ in range(pdf_count)],
        signers=people,
        subject=draw(st.sampled_from([None, "Sign", "", " "])),
        message=draw(st.sampled_from([None, "Please", "", " "])),
        folder=draw(st.sampled_from([None, "/leases"])),
        tags=draw(st.sampled_from([[], ["leases"]])),
        cc=[] if path is Path.ATTACHMENTS else draw(st.sampled_from([[], [READER]])),
        expires_at=draw(st.sampled_from([None, datetime(2099, 1, 1, tzinfo=UTC)])),
        remind_every=draw(st.sampled_from([None, timedelta(hours=3), timedelta(days=1)])),
        ordered=ordered,
        reference=draw(st.sampled_from([None, "ORDER-1"])),
        notify=None if path is Path.ATTACHMENTS else draw(st.sampled_from([None, True, False])),
    )


@st.composite
def proofs(draw: st.DrawFn) -> tuple[Channel, list[Challenge]]:
    """Return a channel and challenges that go together."""
    channel = draw(st.sampled_from([Channel.EMAIL, Channel.WHATSAPP, Channel.EMAIL_AND_WHATSAPP]))
    card = Challenge.id_document(
        number="123456789", kind="CC", country="CO", back=channel is not Channel.EMAIL and draw(st.booleans())
    )
    code = draw(st.sampled_from([Channel.EMAIL, Channel.SMS]))
    chosen = st.lists(st.sampled_from([Challenge.otp(code), Challenge.face_photo(), card]), max_size=3, unique_by=repr)
    return channel, draw(chosen)


role = Placement.template_role("codeudor")
READER = CopyRecipient(name="Eva", email="eva@example.com")


@pytest.fixture(params=["classic", "current"], scope="module")
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    """Return a client of the vendor's emulator, which reads the vendor's texts for itself."""
    account = {"provider": "auco", "environment": "sandbox", "dialect": request.param, "inline_limit": 100}
    with connect("try", config={"accounts": {"try": account}}) as opened:
        yield opened


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(draft=drafts)
def test_any_draft_is_refused_or_accepted(client: Client, draft: ProcessDraft) -> None:
    """`create` raises exactly what `check` lists; whatever `check` lets through, the emulator's strict schema takes."""
    problems = client.check(draft)
    if not problems:
        assert client.get(client.create(draft)).name == draft.name
        return
    with pytest.raises(InvalidRequestError) as caught:
        client.create(draft)
    assert caught.value.problems == problems


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(draft=sound())
def test_sound_draft_accepted_on_every_path(client: Client, draft: ProcessDraft) -> None:
    """Each path's rich requests pass the emulator's strict schema, and the process is read back."""
    assert client.check(draft) == ()
    created = client.create(draft)
    read = client.get(created)
    assert {signer.email for signer in read.signers} == {signer.email for signer in draft.signers}
    assert read.reference == created.reference
