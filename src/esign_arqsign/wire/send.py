"""The request that creates a process and sends it: POST v2, or v3 where only that has the fields asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import attrs

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.wire import choices
from esign_arqsign.wire.bits import CODE_CHANNELS, CONVERTER, FORMATS, OTHER_KIND, Bit, flag
from esign_arqsign.wire.extras import merge
from esign_core.model.documents import Document
from esign_core.model.drafts import Attachment, CopyRecipient, Party, Placement, ProcessDraft, SecurityCode, SignerDraft
from esign_core.model.fields import UNSET, Unset
from esign_core.providers.convert import wired

__all__ = ["dump_send", "send_path"]

_V2 = "/api/v2/processo/enviar-documento-para-assinar"
_V3 = "/api/v3/processo/enviar-documento-para-assinar"

_SIGN, _COPY = 1, 2
_NO_NOTIFICATIONS = 1
_ONLY_V3 = {"alterarNotificacoes", "retornarLinkProcesso", "linkDoArquivo"}


@attrs.frozen(repr=False)
class _Advanced:
    """`configuracoesAvancadas`."""

    expiry_days: int | Unset = wired("tempoExpiracaoDocumentoDias", UNSET)
    reminder_days: int | Unset = wired("frequenciaLembretesDias", UNSET)


@attrs.frozen(repr=False)
class _Message:
    """`mensagemPadrao`, and one signer's `mensagemPersonalizada`."""

    title: str | Unset = wired("titulo", UNSET)
    text: str | Unset = wired("texto", UNSET)


@attrs.frozen(repr=False)
class _Code:
    """`seguranca`."""

    code: str = wired("codigoSeguranca")
    channel: int = wired("idMeioEnvio")
    email: str | Unset = wired("codigoSegurancaEmail", UNSET)
    phone: str | Unset = wired("codigoSegurancaTelefone", UNSET)
    allow_resend: Bit | Unset = wired("reenviarCodigo", UNSET)


@attrs.frozen(repr=False)
class _Asked:
    """One of `anexos`: a file asked of a signer."""

    name: str = wired("anexoDocumentoNome")
    required: Bit = wired("anexoObrigatorio")
    visible: Bit = wired("anexoExibirTodosDestinatarios")


@attrs.frozen(repr=False)
class _Box:
    """`pessoaFisica` or `pessoaJuridica` of a manual position, in millimetres."""

    page: int = wired("pagina")
    height: float = wired("altura")
    width: float = wired("largura")
    x: float = wired("posicaoX")
    y: float = wired("posicaoY")


@attrs.frozen(repr=False)
class _Position:
    """One of `definirPosicaoAssinaturaManual`: the boxes of a signer in one document."""

    document: int = wired("documentoDeOrdem")
    person: _Box | Unset = wired("pessoaFisica", UNSET)
    company: _Box | Unset = wired("pessoaJuridica", UNSET)


@attrs.frozen(repr=False)
class _OtherKind:
    """`configuracaoDocumentoOutro` and `configuracaoDocumentoEmpresaOutro`."""

    name: str = wired("nomeDocumento")
    format: int = wired("formatoDadosDocumento")
    length: int = wired("qtdeCaracteresDocumento")


@attrs.frozen(repr=False)
class _Electronic:
    """`assinaturaEletronica`: what the signer must state."""

    name: Bit = wired("obrigarSignatarioInformarNome")
    document: Bit = wired("obrigarSignatarioInformarNumeroDocumento")
    kind: int = wired("tipoDocumentoAInformar")
    other: _OtherKind | Unset = wired("configuracaoDocumentoOutro", UNSET)
    company_name: Bit | Unset = wired("obrigarSignatarioInformarNomeEmpresa", UNSET)
    company_document: Bit | Unset = wired("obrigarSignatarioInformarNumeroDocumentoEmpresa", UNSET)
    company_kind: int | Unset = wired("tipoDocumentoEmpresaAInformar", UNSET)
    company_other: _OtherKind | Unset = wired("configuracaoDocumentoEmpresaOutro", UNSET)


@attrs.frozen(repr=False)
class _Party:
    """`signatario` or `empresa` of the signature data."""

    name: str | Unset = wired("nome", UNSET)
    number: str | Unset = wired("numeroDocumento", UNSET)
    validate: Bit | Unset = wired("validarDocumento", UNSET)


@attrs.frozen(repr=False)
class _Data:
    """`dadosAssinatura`."""

    signatory: _Party | Unset = wired("signatario", UNSET)
    company: _Party | Unset = wired("empresa", UNSET)


@attrs.frozen(repr=False)
class _Online:
    """`assinarOnline`: how somebody signs."""

    signs_as: int = wired("assinarComo")
    code: _Code | Unset = wired("seguranca", UNSET)
    message: _Message | Unset = wired("mensagemPersonalizada", UNSET)
    attachments: list[_Asked] | Unset = wired("anexos", UNSET)
    positions: list[_Position] | Unset = wired("definirPosicaoAssinaturaManual", UNSET)
    signature_type: int = wired("idTipoAssinatura")
    electronic: _Electronic | Unset = wired("assinaturaEletronica", UNSET)
    data: _Data | Unset = wired("dadosAssinatura", UNSET)


@attrs.frozen(repr=False)
class _Recipient:
    """One of `destinatarios`."""

    action: int = wired("idTipoAcao")
    order: int | Unset = wired("ordemAssinatura", UNSET)
    name: str = wired("nome")
    email: str | Unset = wired("email", UNSET)
    phone: str | Unset = wired("telefone", UNSET)
    online: _Online | Unset = wired("assinarOnline", UNSET)
    notifications: int | Unset = wired("alterarNotificacoes", UNSET)
    link: Bit | Unset = wired("retornarLinkProcesso", UNSET)


@attrs.frozen(repr=False)
class _File:
    """One of `documentos`."""

    order: int = wired("ordemDocumento")
    name: str = wired("nomeComExtensao")
    content: Document | Unset = wired("arquivo", UNSET)
    url: str | Unset = wired("linkDoArquivo", UNSET)


@attrs.frozen(repr=False)
class _Send:
    """The body."""

    responsible: str | None = wired("idResponsavel")
    name: str = wired("nomeProcesso")
    folder: str | None = wired("idPasta")
    advanced: _Advanced | Unset = wired("configuracoesAvancadas", UNSET)
    message: _Message | Unset = wired("mensagemPadrao", UNSET)
    ordered: Bit = wired("usarOrdemAssinatura")
    automatic: Bit = wired("usarPosicaoAssinaturaAutomatica")
    files: list[_File] = wired("documentos")


def dump_send(draft: ProcessDraft, settings: ArqSignSettings, now: datetime) -> dict[str, Any]:
    """Return the body that creates a process.

    The vendor requires some things that a draft need not say; these are sent all the same: `idResponsavel` and
    `idPasta` (settings), `usarOrdemAssinatura`, `usarPosicaoAssinaturaAutomatica` (1 unless there are placements),
    and for each electronic signer `assinarComo` (1, a person) and what they must state (settings: name, document, CPF).
    """
    body = CONVERTER.unstructure(_process(draft, settings, now))
    recipients = [
        merge(CONVERTER.unstructure(_signer(draft, index, settings)), signer.extras)
        for index, signer in enumerate(draft.signers)
    ]
    recipients += [CONVERTER.unstructure(_copy(draft, each, settings)) for each in draft.cc]
    files = body.pop("documentos")
    merged: dict[str, Any] = merge({**body, "destinatarios": recipients, "documentos": files}, draft.extras)
    return merged


def send_path(body: dict[str, Any]) -> str:
    """Return where a body is sent: v3 if a recipient or a document has a field that v2 does not know."""
    parts = [*(body.get("destinatarios") or ()), *(body.get("documentos") or ())]
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


def _title(draft: ProcessDraft) -> str:
    subject = draft.subject or ""
    return subject if subject.strip() else draft.name


def _message(draft: ProcessDraft) -> _Message | Unset:
    if draft.subject is None and draft.message is None:
        return UNSET
    return _Message(title=_given(draft.subject), text=_given(draft.message))


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
        message=UNSET if signer.message is None else _Message(title=_title(draft), text=signer.message),
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


def _given(value: str | None) -> str | Unset:
    return UNSET if value is None else value


def _bit(value: bool, settings: ArqSignSettings) -> Bit:  # noqa: FBT001 - the flag is what the function is about
    return flag(value, settings.bit_style)
