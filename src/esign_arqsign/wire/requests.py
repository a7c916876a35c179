"""The request that creates a process and sends it: POST v2, or v3 where only that has the fields asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.wire import choices
from esign_arqsign.wire.bits import CODE_CHANNELS, CONVERTER, FORMATS, OTHER_KIND, Bit, flag
from esign_arqsign.wire.fields import EXTRAS, Field, table, wired
from esign_core.model.documents import Document
from esign_core.model.drafts import Attachment, CopyRecipient, Party, Placement, ProcessDraft, SecurityCode, SignerDraft
from esign_core.model.fields import UNSET, Unset
from esign_core.providers.convert import merge_extras

__all__ = ["SEND", "dump_send", "send_path"]

_V2 = "/api/v2/processo/enviar-documento-para-assinar"
_V3 = "/api/v3/processo/enviar-documento-para-assinar"

_SIGN, _COPY = 1, 2
_NO_NOTIFICATIONS = 1
_ONLY_V3 = {"alterarNotificacoes", "retornarLinkProcesso", "linkDoArquivo"}


@attrs.frozen(repr=False)
class _Advanced:
    """`configuracoesAvancadas`."""

    expiry_days: int | Unset = wired(
        "tempoExpiracaoDocumentoDias", UNSET, carries="expires_at", note="rounded up to whole days from now, 1 to 999"
    )
    reminder_days: int | Unset = wired(
        "frequenciaLembretesDias", UNSET, carries="remind_every", note="whole days, 1 to 999"
    )


@attrs.frozen(repr=False)
class _Message:
    """`mensagemPadrao`."""

    title: str | Unset = wired("titulo", UNSET, carries="subject", limit=150, note="left out where blank")
    text: str | Unset = wired("texto", UNSET, carries="message", note="left out where blank")


@attrs.frozen(repr=False)
class _OwnMessage:
    """`mensagemPersonalizada`: the message to one signer."""

    title: str = wired("titulo", carries="subject", limit=150, note="for a signer with a message; else the name")
    text: str = wired("texto", carries="signers[].message")


@attrs.frozen(repr=False)
class _Code:
    """`seguranca`."""

    code: str = wired("codigoSeguranca", carries=".code")
    channel: int = wired("idMeioEnvio", carries=".channel", note="1 SMS, 2 WhatsApp, 3 e-mail, 4 none")
    email: str | Unset = wired(
        "codigoSegurancaEmail", UNSET, carries=".email", limit=150, note="the signer's where unset and needed"
    )
    phone: str | Unset = wired(
        "codigoSegurancaTelefone", UNSET, carries=".phone", limit=20, note="the signer's where unset and needed"
    )
    allow_resend: Bit | Unset = wired(
        "reenviarCodigo", UNSET, carries=".allow_resend", note="0 where unset, for SMS and WhatsApp"
    )


@attrs.frozen(repr=False)
class _Asked:
    """One of `anexos`: a file asked of a signer."""

    name: str = wired("anexoDocumentoNome", carries=".name", limit=75)
    required: Bit = wired("anexoObrigatorio", carries=".required")
    visible: Bit = wired("anexoExibirTodosDestinatarios", carries="attachments_visible", note="a setting")


@attrs.frozen(repr=False)
class _Box:
    """`pessoaFisica` or `pessoaJuridica` of a manual position, in millimetres."""

    page: int = wired("pagina", carries=".page")
    height: float = wired("altura", carries=".height", note="millimetres")
    width: float = wired("largura", carries=".width", note="millimetres")
    x: float = wired("posicaoX", carries=".x", note="millimetres")
    y: float = wired("posicaoY", carries=".y", note="millimetres")


@attrs.frozen(repr=False)
class _Position:
    """One of `definirPosicaoAssinaturaManual`: the boxes of a signer in one document."""

    document: int = wired("documentoDeOrdem", carries="signers[].placements[].document", note="counted from 1")
    person: _Box | Unset = wired("pessoaFisica", UNSET, below="signers[].placements[]")
    company: _Box | Unset = wired("pessoaJuridica", UNSET, below="signers[].placements[]")


@attrs.frozen(repr=False)
class _OtherKind:
    """`configuracaoDocumentoOutro` and `configuracaoDocumentoEmpresaOutro`."""

    name: str = wired("nomeDocumento", carries=".document_kind", limit=50, note="any other kind")
    format: int = wired("formatoDadosDocumento", carries="document_format, company_document_format", note="settings")
    length: int = wired("qtdeCaracteresDocumento", carries="document_length, company_document_length", note="settings")


@attrs.frozen(repr=False)
class _Electronic:
    """`assinaturaEletronica`: what the signer must state."""

    name: Bit = wired("obrigarSignatarioInformarNome", carries="require_name", note="a setting")
    document: Bit = wired("obrigarSignatarioInformarNumeroDocumento", carries="require_document", note="a setting")
    kind: int = wired(
        "tipoDocumentoAInformar",
        carries="signers[].signature_data.signatory.document_kind",
        note="1 CPF, 2 CNH, 3 RG, 4 any other",
    )
    other: _OtherKind | Unset = wired("configuracaoDocumentoOutro", UNSET, below="signers[].signature_data.signatory")
    company_name: Bit | Unset = wired(
        "obrigarSignatarioInformarNomeEmpresa", UNSET, carries="require_company_name", note="a setting"
    )
    company_document: Bit | Unset = wired(
        "obrigarSignatarioInformarNumeroDocumentoEmpresa", UNSET, carries="require_company_document", note="a setting"
    )
    company_kind: int | Unset = wired(
        "tipoDocumentoEmpresaAInformar",
        UNSET,
        carries="signers[].signature_data.company.document_kind",
        note="5 CNPJ, 4 any other",
    )
    company_other: _OtherKind | Unset = wired(
        "configuracaoDocumentoEmpresaOutro", UNSET, below="signers[].signature_data.company"
    )


@attrs.frozen(repr=False)
class _Party:
    """`signatario` or `empresa` of the signature data."""

    name: str | Unset = wired("nome", UNSET, carries=".name", limit=250)
    number: str | Unset = wired("numeroDocumento", UNSET, carries=".document_number")
    validate: Bit | Unset = wired("validarDocumento", UNSET, carries=".validate")


@attrs.frozen(repr=False)
class _Data:
    """`dadosAssinatura`."""

    signatory: _Party | Unset = wired("signatario", UNSET, below="signers[].signature_data.signatory")
    company: _Party | Unset = wired("empresa", UNSET, below="signers[].signature_data.company")


@attrs.frozen(repr=False)
class _Online:
    """`assinarOnline`: how a signer signs."""

    signs_as: int = wired(
        "assinarComo",
        carries={
            "signers[].signature_data.signatory": "1 with a person alone or nothing, 3 with both",
            "signers[].signature_data.company": "2 with a company alone, 3 with both",
        },
    )
    code: _Code | Unset = wired("seguranca", UNSET, below="signers[].security_code")
    message: _OwnMessage | Unset = wired("mensagemPersonalizada", UNSET)
    attachments: list[_Asked] | Unset = wired("anexos", UNSET, below="signers[].attachments[]")
    positions: list[_Position] | Unset = wired("definirPosicaoAssinaturaManual", UNSET)
    signature_type: int = wired(
        "idTipoAssinatura",
        carries="signers[].challenges[]",
        note="1 without a certificate, 3 ICP-Brasil, 4 another",
    )
    electronic: _Electronic | Unset = wired("assinaturaEletronica", UNSET)
    data: _Data | Unset = wired("dadosAssinatura", UNSET)


@attrs.frozen(repr=False)
class _Recipient:
    """One of `destinatarios`."""

    action: int = wired("idTipoAcao")
    order: int | Unset = wired("ordemAssinatura", UNSET, carries="signers[].order", note="only in an ordered process")
    name: str = wired(
        "nome", carries={"signers[].name": "with idTipoAcao 1", "cc[].name": "with idTipoAcao 2"}, limit=150
    )
    email: str | Unset = wired(
        "email",
        UNSET,
        carries={"signers[].email": "only where the channel is e-mail", "cc[].email": "with idTipoAcao 2"},
        limit=150,
    )
    phone: str | Unset = wired(
        "telefone", UNSET, carries="signers[].phone", note="only where the channel is WhatsApp", limit=20
    )
    online: _Online | Unset = wired("assinarOnline", UNSET)
    notifications: int | Unset = wired(
        "alterarNotificacoes",
        UNSET,
        carries={"notify": "False: 1 for everybody; sends by v3", "signers[].notify": "False: 1; sends by v3"},
    )
    link: Bit | Unset = wired(
        "retornarLinkProcesso",
        UNSET,
        carries={"notify": "False: 1 for everybody; sends by v3", "signers[].notify": "False: 1; sends by v3"},
    )


@attrs.frozen(repr=False)
class _File:
    """One of `documentos`."""

    order: int = wired("ordemDocumento", carries="documents[]", note="its place in the list, from 1")
    name: str = wired(
        "nomeComExtensao", carries="documents[].name", note="gets .pdf where it has no such ending", limit=150
    )
    content: Document | Unset = wired("arquivo", UNSET, carries="documents[]", note="the content as Base64")
    url: str | Unset = wired("linkDoArquivo", UNSET, carries="documents[].url", note="instead of arquivo; by v3")


@attrs.frozen(repr=False)
class _Send:
    """The body."""

    responsible: str | None = wired("idResponsavel", carries="responsible_id", note="a setting")
    name: str = wired("nomeProcesso", carries="name", limit=250)
    folder: str | None = wired("idPasta", carries="folder", note="a GUID; folder_id of the account where unset")
    advanced: _Advanced | Unset = wired("configuracoesAvancadas", UNSET)
    message: _Message | Unset = wired("mensagemPadrao", UNSET)
    ordered: Bit = wired("usarOrdemAssinatura", carries="ordered")
    automatic: Bit = wired("usarPosicaoAssinaturaAutomatica", carries="signers[].placements[]", note="0 with any")
    recipients: list[_Recipient] = wired("destinatarios")
    files: list[_File] = wired("documentos")


SEND: tuple[Field, ...] = (
    *table(_Send),
    Field("reference", "", "no place: left out"),
    Field("tags", "", "no place: left out"),
    Field("signers[].role", "", "only signers; the labels of roles go by extras as papelPessoaFisica"),
    Field("signers[].channel", "", "decides whether email or telefone is sent; NONE as for notify=False"),
    Field("signers[].documents", "", "no place: everybody signs every document, so only a choice of all is taken"),
    Field("signers[].extras", "", EXTRAS),
    Field("extras", "", EXTRAS),
)
"""Where each field of a draft goes; "a setting" is a setting of the account."""


def dump_send(draft: ProcessDraft, settings: ArqSignSettings, now: datetime) -> dict[str, Any]:
    """Return the body that creates a process.

    The vendor requires some things that a draft need not say; these are sent all the same: `idResponsavel` and
    `idPasta` (settings), `usarOrdemAssinatura`, `usarPosicaoAssinaturaAutomatica` (1 unless there are placements),
    and for each electronic signer `assinarComo` (1, a person) and what they must state (settings: name, document, CPF).
    """
    body: dict[str, Any] = CONVERTER.unstructure(_process(draft, settings, now))
    # The files stand last, so that a reader of the body meets everything else before the long texts.
    recipients, files = body.pop("destinatarios"), body.pop("documentos")
    signers = zip(recipients, draft.signers, strict=False)
    recipients[: len(draft.signers)] = [merge_extras(each, signer.extras) for each, signer in signers]
    return merge_extras({**body, "destinatarios": recipients, "documentos": files}, draft.extras)


def send_path(body: dict[str, Any]) -> str:
    """Return where a body is sent: v3 if a recipient or a document has a field that v2 does not know."""
    lists = [body.get(name) for name in ("destinatarios", "documentos")]
    parts = [part for each in lists if isinstance(each, list | tuple) for part in each if isinstance(part, Mapping)]
    return _V3 if any(_ONLY_V3.intersection(part) for part in parts) else _V2


def _process(draft: ProcessDraft, settings: ArqSignSettings, now: datetime) -> _Send:
    return _Send(
        responsible=settings.responsible_id,
        name=draft.name,
        folder=draft.folder or settings.folder_id,
        advanced=_advanced(draft, now),
        message=_message(draft),
        ordered=_bit(draft.ordered, settings),
        automatic=_bit(not choices.placed(draft), settings),
        recipients=[
            *(_signer(draft, index, settings) for index in range(len(draft.signers))),
            *(_copy(draft, each, settings) for each in draft.cc),
        ],
        files=[
            _file(number, each) for number, each in enumerate(draft.documents, start=1) if isinstance(each, Document)
        ],
    )


def _advanced(draft: ProcessDraft, now: datetime) -> _Advanced | Unset:
    expiry = UNSET if draft.expires_at is None else choices.days_until(draft.expires_at, now)
    reminder = UNSET if draft.remind_every is None else draft.remind_every // timedelta(days=1)
    if expiry is UNSET and reminder is UNSET:
        return UNSET
    return _Advanced(expiry_days=expiry, reminder_days=reminder)


def _message(draft: ProcessDraft) -> _Message | Unset:
    message = _Message(title=_filled(draft.subject), text=_filled(draft.message))
    return UNSET if message == _Message() else message


def _file(number: int, document: Document) -> _File:
    name = choices.file_name(document.name)
    if document.url is not None:
        return _File(order=number, name=name, url=document.url)
    return _File(order=number, name=name, content=document)


def _copy(draft: ProcessDraft, recipient: CopyRecipient, settings: ArqSignSettings) -> _Recipient:
    silent = draft.notify is False
    return _Recipient(
        action=_COPY,
        name=recipient.name,
        email=recipient.email,
        notifications=_NO_NOTIFICATIONS if silent else UNSET,
        link=_bit(silent, settings) if silent else UNSET,
    )


def _signer(draft: ProcessDraft, index: int, settings: ArqSignSettings) -> _Recipient:
    signer = draft.signers[index]
    silent = choices.silent(draft, signer)
    email, phone = choices.contact(signer)
    return _Recipient(
        action=_SIGN,
        order=choices.order_of(draft, index) if draft.ordered else UNSET,
        name=signer.name,
        email=_given(email),
        phone=_given(phone),
        online=_online(draft, signer, settings),
        notifications=_NO_NOTIFICATIONS if silent else UNSET,
        # The vendor demands it of those who are not notified: they have no other way in.
        link=_bit(silent, settings) if silent else UNSET,
    )


def _online(draft: ProcessDraft, signer: SignerDraft, settings: ArqSignSettings) -> _Online:
    kind = choices.signature_type(signer)
    electronic = kind == choices.ELECTRONIC
    return _Online(
        signs_as=choices.signs_as(signer),
        code=UNSET if signer.security_code is None else _code(signer, signer.security_code, settings),
        # Both or neither: the draft's subject, or its name, stands above a message of one's own.
        message=UNSET if signer.message is None else _OwnMessage(title=choices.title(draft), text=signer.message),
        attachments=[_asked(each, settings) for each in signer.attachments] or UNSET,
        positions=[_position(signer, n) for n in range(len(draft.documents))] if signer.placements else UNSET,
        signature_type=kind,
        electronic=_electronic(signer, settings) if electronic else UNSET,
        data=_data(signer, settings) if electronic else UNSET,
    )


def _code(signer: SignerDraft, code: SecurityCode, settings: ArqSignSettings) -> _Code:
    number = CODE_CHANNELS[code.channel]
    email, phone = choices.code_contacts(signer, code)
    # Required by SMS and WhatsApp, where leaving it out means no.
    may_ask = False if code.allow_resend is None and number in (1, 2) else code.allow_resend
    return _Code(
        code=code.code,
        channel=number,
        email=_given(email),
        phone=_given(phone),
        allow_resend=UNSET if may_ask is None else _bit(may_ask, settings),
    )


def _asked(attachment: Attachment, settings: ArqSignSettings) -> _Asked:
    return _Asked(
        name=attachment.name,
        required=_bit(attachment.required, settings),
        visible=_bit(settings.attachments_visible, settings),
    )


def _position(signer: SignerDraft, document: int) -> _Position:
    boxes = [_box(each) for each in signer.placements if each.document in (None, document)]
    signs_as = choices.signs_as(signer)
    return _Position(
        document=document + 1,
        person=UNSET if signs_as == choices.COMPANY else boxes[0],
        company=UNSET if signs_as == choices.PERSON else boxes[-1],
    )


def _box(placement: Placement) -> _Box:
    return _Box(
        page=placement.page,
        height=choices.millimetres(placement.height),
        width=choices.millimetres(placement.width),
        x=choices.millimetres(placement.x),
        y=choices.millimetres(placement.y),
    )


def _electronic(signer: SignerDraft, settings: ArqSignSettings) -> _Electronic:
    data = signer.signature_data
    kind, name = choices.person_kind(data.signatory if data else None, settings)
    company, company_name = choices.company_kind(data.company if data else None, settings)
    for_company = choices.signs_as(signer) != choices.PERSON
    other = _OtherKind(name=name, format=FORMATS[settings.document_format], length=settings.document_length)
    company_other = _OtherKind(
        name=company_name, format=FORMATS[settings.company_document_format], length=settings.company_document_length
    )
    return _Electronic(
        name=_bit(settings.require_name, settings),
        document=_bit(settings.require_document, settings),
        kind=kind,
        other=other if kind == OTHER_KIND else UNSET,
        company_name=_bit(settings.require_company_name, settings) if for_company else UNSET,
        company_document=_bit(settings.require_company_document, settings) if for_company else UNSET,
        company_kind=company if for_company else UNSET,
        company_other=company_other if for_company and company == OTHER_KIND else UNSET,
    )


def _data(signer: SignerDraft, settings: ArqSignSettings) -> _Data | Unset:
    data = signer.signature_data
    if data is None:
        return UNSET
    signatory, company = _party(data.signatory, settings), _party(data.company, settings)
    if signatory is UNSET and company is UNSET:
        return UNSET
    return _Data(signatory=signatory, company=company)


def _party(party: Party | None, settings: ArqSignSettings) -> _Party | Unset:
    if party is None:
        return UNSET
    validate = UNSET if party.validate is None else _bit(party.validate, settings)
    found = _Party(name=_given(party.name), number=_given(party.document_number), validate=validate)
    return UNSET if found == _Party() else found


def _filled(text: str | None) -> str | Unset:
    return text if text is not None and text.strip() else UNSET


def _given(value: str | None) -> str | Unset:
    return UNSET if value is None else value


def _bit(value: bool, settings: ArqSignSettings) -> Bit:  # noqa: FBT001 - the flag is what the function is about
    return flag(value, settings.bit_style)
