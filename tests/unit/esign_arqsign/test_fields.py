"""The table of fields: complete, true to what is sent, and the source of the limits; and how extras are merged."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from tests.unit.esign_arqsign.data import (
    ANA_ID,
    CPF,
    IN_A_MONTH,
    NOW,
    RESEND_FIELDS,
    SEND_FIELDS,
    ana,
    document,
    draft,
    paths,
    settings,
)

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.wire.fields import too_long, values_at
from esign_arqsign.wire.requests import SEND, dump_send
from esign_arqsign.wire.resend import RESEND, dump_resend
from esign_core.model.documents import Document
from esign_core.model.drafts import (
    Attachment,
    Channel,
    CopyRecipient,
    Party,
    Placement,
    ProcessDraft,
    SecurityCode,
    SignatureData,
    SignerDraft,
)
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignatureDataEdit, SignerEdit

# Where values of each class stand in a draft or a resend.
DRAFT: dict[str, type] = {
    "": ProcessDraft,
    "cc[].": CopyRecipient,
    "signers[].": SignerDraft,
    "signers[].security_code.": SecurityCode,
    "signers[].signature_data.signatory.": Party,
    "signers[].signature_data.company.": Party,
    "signers[].attachments[].": Attachment,
    "signers[].signature_data.": SignatureData,
}
EDITS: dict[str, type] = {
    "": Resend,
    "edits[].": SignerEdit,
    "edits[].security_code.": SecurityCodeEdit,
    "edits[].signature_data.": SignatureDataEdit,
    "edits[].signature_data.signatory.": PartyEdit,
    "edits[].signature_data.company.": PartyEdit,
}


@pytest.mark.parametrize(("places", "table"), [(DRAFT, SEND), (EDITS, RESEND)], ids=["send", "resend"])
def test_every_neutral_field_has_a_row(places: dict[str, type], table: Any) -> None:
    """Each field of a draft and of a resend is in the table, itself or by its parts; none is told twice."""
    rows = [row.neutral for row in table]
    pairs = [(row.neutral, row.vendor) for row in table]
    assert len(set(pairs)) == len(pairs)
    for place, cls in places.items():
        for field in attrs.fields(cls):
            path = f"{place}{field.name}"
            assert any(row == path or row.startswith((f"{path}.", f"{path}[")) for row in rows), path


def test_rows_without_a_place_say_why() -> None:
    """What the vendor has no field for is explained."""
    assert all(row.note for row in (*SEND, *RESEND) if not row.vendor)


def test_rows_lead_to_values() -> None:
    """A path leads to every value, each with its own place."""
    wanted = draft(
        ana(
            placements=[Placement.box(1, 2, 3, 4, 5)],
            signature_data=SignatureData(signatory=Party(document_number=CPF)),
        ),
        ana(),
        documents=[document("a.pdf"), document("b.pdf")],
    )
    assert list(values_at(wanted, "documents[].name")) == [
        ("documents[0].name", "a.pdf"),
        ("documents[1].name", "b.pdf"),
    ]
    assert list(values_at(wanted, "signers[].signature_data.signatory.document_number")) == [
        ("signers[0].signature_data.signatory.document_number", CPF)
    ]
    assert list(values_at(wanted, "signers[].placements[].x")) == [("signers[0].placements[0].x", 2)]


@pytest.mark.parametrize("row", [row for row in SEND if row.limit], ids=lambda row: f"{row.neutral} {row.vendor}")
def test_limits_are_kept_to_the_letter(row: Any) -> None:
    """One character too many is told, with the place and the limit; the limit itself is not."""

    def filled(length: int) -> ProcessDraft:
        text = "x" * length
        party = Party(name=text, document_kind=text)
        return ProcessDraft(
            name=text,
            subject=text,
            documents=[document(text)],
            cc=[CopyRecipient(name=text, email=text)],
            signers=[
                SignerDraft(
                    name=text,
                    email=text,
                    phone=text,
                    security_code=SecurityCode(code="0417", email=text, phone=text),
                    signature_data=SignatureData(signatory=party, company=party),
                    attachments=[Attachment(name=text)],
                )
            ],
        )

    path = row.neutral.replace("[]", "[0]")
    assert (path, row.limit) in set(too_long(filled(row.limit + 1), SEND))
    assert path not in {found for found, _ in too_long(filled(row.limit), SEND)}


@pytest.mark.parametrize(
    ("table", "published"), [(SEND, paths(SEND_FIELDS)), (RESEND, paths(RESEND_FIELDS))], ids=["send", "resend"]
)
def test_vendor_names_are_published(table: Any, published: set[str]) -> None:
    """Each place of the table is one that the vendor's pages name, letter for letter and where they nest it."""
    assert {row.vendor for row in table if row.vendor} - published == set()


@pytest.mark.parametrize("flag", ["validarDocumento", "validar"])
def test_every_field_of_a_resend_is_sent(flag: Any) -> None:
    """An edit of everything has every field of the page, and no other."""
    party = PartyEdit(name="Ana", document_number=CPF, validate=True, discard_previous=False)
    edit = SignerEdit(
        signer_id=ANA_ID,
        channel=Channel.EMAIL,
        name="Ana",
        email="ana@example.com",
        phone="+5511900000001",
        security_code=SecurityCodeEdit(
            channel=Channel.EMAIL, email="ana@example.com", phone="+5511900000001", allow_resend=True
        ),
        signature_data=SignatureDataEdit(signatory=party, company=party),
    )
    other = {"validarDocumento": "validar", "validar": "validarDocumento"}[flag]
    wanted = {path for path in paths(RESEND_FIELDS) if not path.endswith(f".{other}")}
    assert paths(dump_resend(Resend(edits=[edit]), settings(validation_flag=flag))) == wanted


# What a draft has no field for; extras carry it.
_BY_EXTRAS = {
    "configuracoesAvancadas.avisoAntesExpiracaoDocumentoDias",
    "configuracoesAvancadas.gerarQrCode",
    "configuracoesAvancadas.obrigarLeitura",
    "renovacaoMeses",
    "destinatarios[].representacaoVisualAssinatura",
    "destinatarios[].assinarOnline.papelPessoaFisica",
    "destinatarios[].assinarOnline.papelPessoaJuridica",
    "destinatarios[].assinarOnline.dadosAssinatura.dadosComplementares",
    "destinatarios[].assinarOnline.dadosAssinatura.dadosComplementares[].label",
    "destinatarios[].assinarOnline.dadosAssinatura.dadosComplementares[].valor",
}


def test_every_field_of_a_send_is_sent() -> None:
    """Two signers who use everything have every field of the pages between them, but what only extras carry."""
    party = Party(name="Ana", document_number="A1", document_kind="Passaporte", validate=True)
    code = SecurityCode(code="0417", email="ana@example.com", phone="+5511900000001", allow_resend=True)
    signer = ana(
        security_code=code,
        signature_data=SignatureData(signatory=party, company=party),
        placements=[Placement.box(1, 2, 3, 4, 5), Placement.box(1, 9, 3, 4, 5)],
        attachments=[Attachment(name="Selfie")],
        message="Bom dia",
        notify=False,
    )
    linked = Document.from_url("https://example.com/b.pdf", name="b.pdf")
    wanted = draft(
        signer,
        attrs.evolve(signer, channel=Channel.WHATSAPP),
        subject="Assinar",
        message="Bom dia",
        expires_at=IN_A_MONTH,
        remind_every=timedelta(days=3),
        ordered=True,
        documents=[document("a.pdf"), linked],
    )
    assert paths(dump_send(wanted, settings(), NOW)) == paths(SEND_FIELDS) - _BY_EXTRAS


def test_last_rows_are_settings() -> None:
    """A path of the table that is not in a draft is a setting of the account."""
    names = {field.name for field in attrs.fields(ProcessDraft)}
    known = {field.name for field in attrs.fields(ArqSignSettings)}
    for row in SEND:
        for path in row.neutral.split(", "):
            assert path.partition("[")[0].partition(".")[0] in names | known
