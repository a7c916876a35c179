"""Any draft is refused with its problems, or becomes a request that the independent sandbox takes; so is any resend."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import attrs
import pypdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from esign_core.client import Client, connect
from esign_core.model.documents import Document
from esign_core.model.drafts import (
    Attachment,
    Challenge,
    Channel,
    CopyRecipient,
    Party,
    Placement,
    ProcessDraft,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.model.errors import ConflictError, InvalidRequestError, RefusedError
from esign_core.model.fields import UNSET
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignatureDataEdit, SignerEdit
from esign_core.providers.validation import draft_problems, resend_problems


def _pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


PDF = _pdf()
CPF, CNPJ = "529.982.247-25", "12.ABC.345/01DE-35"
EMAILS = st.sampled_from(["ana@example.com", "bia@example.com", "caio@example.com", "ANA@example.com"])
PHONES = st.sampled_from(["+5511900000001", "+5511900000002", "+573001234567", "+55119000"])
NUMBERS = st.sampled_from([CPF, CNPJ, "111.111.111-11", "7"])
NAMES = st.sampled_from(["Ana Exemplo", "Bia", "x" * 151, "x" * 251])
CHANNELS = st.sampled_from(list(Channel))
SPOKEN = (False, True)


def optional(strategy: Any) -> Any:
    """Return a strategy that also gives None."""
    return st.none() | strategy


def mostly(usual: Any, *rare: Any) -> Any:
    """Return a strategy for a usual value, and now and then for another: drafts with one fault tell the most."""
    return st.integers(0, 39).map(lambda n: rare[n] if n < len(rare) else usual)


SIGNATORIES = st.builds(
    Party,
    name=mostly("Ana Exemplo", "x" * 251),
    document_number=mostly(CPF, "111.111.111-11", CNPJ),
    document_kind=mostly(None, "CNH", "Passaporte"),
    validate=optional(st.booleans()),
)
COMPANIES = st.builds(
    Party,
    document_number=mostly(CNPJ, CPF, "7"),
    document_kind=mostly(None, "Inscrição"),
    validate=optional(st.booleans()),
)
CODES = st.builds(
    SecurityCode,
    code=mostly("0417", "417"),
    channel=st.sampled_from([Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.NONE]),
    email=optional(EMAILS),
    phone=mostly(None, "+573001234567", "+55119000"),
    allow_resend=optional(st.booleans()),
)
ELECTRONIC = st.fixed_dictionaries(
    {
        "channel": st.sampled_from([Channel.EMAIL, Channel.EMAIL, Channel.WHATSAPP, Channel.NONE]),
        "security_code": optional(CODES),
        "signature_data": optional(
            st.builds(SignatureData, signatory=optional(SIGNATORIES), company=optional(COMPANIES))
        ),
        "message": mostly(None, "Bom dia"),
        "notify": mostly(None, *SPOKEN),
        "attachments": st.lists(
            st.builds(Attachment, name=st.text("abc", min_size=1), required=st.booleans()), max_size=2
        ),
    }
)
CERTIFIED = st.fixed_dictionaries(
    {
        "challenges": st.sampled_from([(Challenge.certificate(),), (Challenge.certificate(icp_brasil=False),)]),
        "channel": mostly(Channel.EMAIL, Channel.WHATSAPP),
        "signature_data": mostly(None, SignatureData(signatory=Party(name="Ana"))),
    }
)


@st.composite
def drafts(draw: Any) -> ProcessDraft:
    """Draw a draft that is right but for few of its values."""
    count = draw(st.integers(1, 3))
    ordered, placed, grouped = draw(st.booleans()), draw(st.booleans()), draw(st.booleans())
    names = draw(st.sampled_from([["a.pdf"], ["a.pdf", "b"], ["a.pdf", "A"]]))
    signers = []
    for number in range(count):
        person = draw(ELECTRONIC | CERTIFIED)
        data = person.get("signature_data")
        both = data is not None and data.signatory is not None and data.company is not None
        boxes = [Placement.box(1, draw(mostly(72, 0, 560)), 72 + 80 * n, 30, 36) for n in range(1 + both)]
        signers.append(
            SignerDraft(
                name=draw(mostly("Ana Exemplo", "x" * 151)),
                email=draw(mostly(f"pessoa{number}@example.com", "pessoa0@example.com", None)),
                phone=draw(mostly(f"+551190000000{number}", "+5511900000000", None)),
                order=draw(mostly(1 + number // 2, 256, None)) if ordered and grouped else None,
                placements=draw(mostly(boxes, [])) if placed else (),
                **person,
            )
        )
    return ProcessDraft(
        name=draw(mostly("Contrato", "x" * 251)),
        documents=[Document.from_bytes(PDF, name=name) for name in names],
        signers=signers,
        subject=draw(mostly(None, "Assinar")),
        message=draw(mostly(None, "Bom dia")),
        cc=draw(st.lists(st.just(CopyRecipient(name="Arquivo", email="copia@example.com")), max_size=1)),
        remind_every=draw(mostly(None, timedelta(days=3), timedelta(hours=5))),
        ordered=ordered,
        folder=draw(mostly(None, "Contratos")),
        notify=draw(mostly(None, *SPOKEN[:1])),
    )


DRAFTS = drafts()


@pytest.fixture(scope="module")
def br() -> Iterator[Client]:
    """Return a client on one sandbox, which every example uses."""
    with connect("br", config={"accounts": {"br": {"provider": "arqsign", "environment": "sandbox"}}}) as client:
        yield client


def attempt(action: Callable[..., Any], *args: Any) -> Any:
    """Return what an operation returns, or the error of a request that was not sent."""
    try:
        return action(*args)
    except (InvalidRequestError, ConflictError) as error:
        return error


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(DRAFTS, mostly(None, -1, 0.2, 1, 30, 1200))
def test_any_draft_is_refused_or_taken(br: Client, wanted: ProcessDraft, days: float | None) -> None:
    """What `check` lets through the sandbox takes, by its own reading of the vendor's pages."""
    now = br.sandbox.clock.now()
    wanted = attrs.evolve(wanted, expires_at=None if days is None else now + timedelta(days=days))
    problems = br.check(wanted)
    before = br.sandbox.requests
    process = attempt(br.create, wanted)
    if isinstance(process, InvalidRequestError):
        assert set(process.problems) == set(problems)
        assert problems
        assert br.sandbox.requests == before
    else:
        assert problems == ()
        assert draft_problems(wanted, now) == ()
        assert all(signer.id for signer in process.signers)
        assert [signer.id for signer in br.get(process).signers] == [signer.id for signer in process.signers]


def unset(strategy: Any) -> Any:
    """Return a strategy that also gives None and UNSET."""
    return st.just(UNSET) | st.none() | strategy


PARTY_EDITS = st.builds(
    PartyEdit,
    name=unset(NAMES),
    document_number=unset(NUMBERS),
    validate=unset(st.booleans()),
    discard_previous=unset(st.booleans()),
)
CODE_EDITS = st.builds(
    SecurityCodeEdit,
    channel=unset(CHANNELS),
    email=unset(EMAILS),
    phone=unset(PHONES),
    allow_resend=unset(st.booleans()),
)
EDITS: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict,
    name=unset(NAMES),
    email=unset(EMAILS),
    phone=unset(PHONES),
    channel=unset(CHANNELS),
    security_code=unset(CODE_EDITS),
    signature_data=unset(st.builds(SignatureDataEdit, signatory=unset(PARTY_EDITS), company=unset(PARTY_EDITS))),
)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=100)
@given(EDITS, st.integers(0, 2), st.booleans())
def test_any_resend_is_refused_or_taken(br: Client, changes: dict[str, Any], which: int, reopen: bool) -> None:
    """Given a process read before, what is let through the sandbox takes, in one request."""
    people = [
        SignerDraft(name="Ana Exemplo", email="ana@example.com", security_code=SecurityCode(code="0417")),
        SignerDraft(name="Bia Exemplo", email="bia@example.com"),
        SignerDraft(name="Caio Exemplo", email="caio@example.com", challenges=[Challenge.certificate()]),
    ]
    document = Document.from_bytes(PDF, name="a.pdf")
    process = br.get(br.create(ProcessDraft(name="Contrato", documents=[document], signers=people)))
    wanted = Resend(edits=[SignerEdit(signer_id=process.signers[which].id, **changes)], reopen=reopen)
    before = br.sandbox.requests
    report = attempt(br.resend, process, wanted)
    if isinstance(report, InvalidRequestError):
        assert report.problems
        assert br.sandbox.requests == before
    elif isinstance(report, ConflictError):
        assert reopen
        assert br.sandbox.requests == before
    else:
        assert resend_problems(wanted) == ()
        assert (report.count, br.sandbox.requests) == (3, before + 1)


def test_number_that_only_the_vendor_judges_is_its_refusal(br: Client) -> None:
    """Where nothing is to be validated a wrong number goes out, and the vendor refuses it."""
    data = SignatureData(signatory=Party(name="Ana"))
    signer = SignerDraft(name="Ana Exemplo", email="ana@example.com", signature_data=data)
    process = br.create(
        ProcessDraft(name="Contrato", documents=[Document.from_bytes(PDF, name="a.pdf")], signers=[signer])
    )
    edit = SignerEdit(
        signer_id=process.signers[0].id,
        signature_data=SignatureDataEdit(signatory=PartyEdit(document_number="111.111.111-11")),
    )
    with pytest.raises(RefusedError) as caught:
        br.resend(process, Resend(edits=[edit]))
    assert caught.value.vendor_message
