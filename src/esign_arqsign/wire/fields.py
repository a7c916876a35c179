"""Which ArqSign field carries which neutral field, as data: checks, documentation and tests read it from here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

__all__ = ["Field", "RESEND", "SEND", "too_long", "values_at"]


@attrs.frozen
class Field:
    """One neutral field and its place at the vendor."""

    neutral: str
    """The path in a draft or a resend; `[]` stands for each item of a list."""
    vendor: str
    """The path in the vendor's JSON; empty where it has no place."""
    note: str = ""
    """How the value is changed on its way, or why it has no place."""
    limit: int | None = None
    """How many characters the vendor takes at most."""


_TO = "destinatarios[]"
_ON = "destinatarios[].assinarOnline"
_CODE = f"{_ON}.seguranca"
_DATA = f"{_ON}.dadosAssinatura"
_FILE = f"{_ON}.anexos[]"
_BOX = f"{_ON}.definirPosicaoAssinaturaManual[]"
_SAYS = f"{_ON}.assinaturaEletronica"
_EXTRAS = "merged in: objects member by member, lists of objects item by item, anything else replaces"

SEND: tuple[Field, ...] = (
    Field("name", "nomeProcesso", limit=250),
    Field("documents[].name", "documentos[].nomeComExtensao", "gets .pdf where it has no such ending", 150),
    Field("documents[]", "documentos[].arquivo", "the content as Base64"),
    Field("documents[].url", "documentos[].linkDoArquivo", "instead of arquivo; sends by v3"),
    Field("subject", "mensagemPadrao.titulo", limit=150),
    Field("message", "mensagemPadrao.texto"),
    Field("cc[].name", f"{_TO}.nome", "with idTipoAcao 2", 150),
    Field("cc[].email", f"{_TO}.email", "with idTipoAcao 2", 150),
    Field("expires_at", "configuracoesAvancadas.tempoExpiracaoDocumentoDias", "the nearest whole number of days"),
    Field("remind_every", "configuracoesAvancadas.frequenciaLembretesDias", "whole days"),
    Field("ordered", "usarOrdemAssinatura"),
    Field("folder", "idPasta", "a GUID; folder_id of the account where unset"),
    Field("reference", "", "no place: left out"),
    Field("tags", "", "no place: left out"),
    Field("notify", f"{_TO}.alterarNotificacoes", "False: 1, with retornarLinkProcesso 1, for everybody; sends by v3"),
    Field("extras", "", _EXTRAS),
    Field("signers[].name", f"{_TO}.nome", "with idTipoAcao 1", 150),
    Field("signers[].email", f"{_TO}.email", "only where the channel is e-mail", 150),
    Field("signers[].phone", f"{_TO}.telefone", "only where the channel is WhatsApp", 20),
    Field("signers[].role", "", "only signers; the labels of roles go by extras as papelPessoaFisica"),
    Field("signers[].order", f"{_TO}.ordemAssinatura", "only in an ordered process"),
    Field("signers[].channel", f"{_TO}.email or .telefone", "which of the two is sent; NONE as for notify=False"),
    Field("signers[].challenges[]", f"{_ON}.idTipoAssinatura", "1 without a certificate, 3 ICP-Brasil, 4 another"),
    Field("signers[].security_code.code", f"{_CODE}.codigoSeguranca"),
    Field("signers[].security_code.channel", f"{_CODE}.idMeioEnvio", "1 SMS, 2 WhatsApp, 3 e-mail, 4 none"),
    Field("signers[].security_code.email", f"{_CODE}.codigoSegurancaEmail", "the signer's where unset and needed", 150),
    Field(
        "signers[].security_code.phone", f"{_CODE}.codigoSegurancaTelefone", "the signer's where unset and needed", 20
    ),
    Field("signers[].security_code.allow_resend", f"{_CODE}.reenviarCodigo", "0 where unset, for SMS and WhatsApp"),
    Field("signers[].signature_data.signatory", f"{_ON}.assinarComo", "1 with a person alone or nothing, 3 with both"),
    Field("signers[].signature_data.signatory.name", f"{_DATA}.signatario.nome", limit=250),
    Field("signers[].signature_data.signatory.document_number", f"{_DATA}.signatario.numeroDocumento"),
    Field(
        "signers[].signature_data.signatory.document_kind",
        f"{_SAYS}.tipoDocumentoAInformar",
        "1 CPF, 2 CNH, 3 RG, 4 any other, with its name in configuracaoDocumentoOutro",
        50,
    ),
    Field("signers[].signature_data.signatory.validate", f"{_DATA}.signatario.validarDocumento"),
    Field("signers[].signature_data.company", f"{_ON}.assinarComo", "2 with a company alone, 3 with both"),
    Field("signers[].signature_data.company.name", f"{_DATA}.empresa.nome", limit=250),
    Field("signers[].signature_data.company.document_number", f"{_DATA}.empresa.numeroDocumento"),
    Field(
        "signers[].signature_data.company.document_kind",
        f"{_SAYS}.tipoDocumentoEmpresaAInformar",
        "5 CNPJ, 4 any other, with its name in configuracaoDocumentoEmpresaOutro",
        50,
    ),
    Field("signers[].signature_data.company.validate", f"{_DATA}.empresa.validarDocumento"),
    Field("signers[].placements[].document", f"{_BOX}.documentoDeOrdem", "counted from 1"),
    Field("signers[].placements[].page", f"{_BOX}.pessoaFisica.pagina", "pessoaJuridica for a company"),
    Field("signers[].placements[].x", f"{_BOX}.pessoaFisica.posicaoX", "millimetres"),
    Field("signers[].placements[].y", f"{_BOX}.pessoaFisica.posicaoY", "millimetres"),
    Field("signers[].placements[].width", f"{_BOX}.pessoaFisica.largura", "millimetres"),
    Field("signers[].placements[].height", f"{_BOX}.pessoaFisica.altura", "millimetres"),
    Field("signers[].documents", "", "no place: everybody signs every document, so only a choice of all is taken"),
    Field("signers[].attachments[].name", f"{_FILE}.anexoDocumentoNome", limit=75),
    Field("signers[].attachments[].required", f"{_FILE}.anexoObrigatorio"),
    Field("signers[].message", f"{_ON}.mensagemPersonalizada.texto", "titulo: the draft's subject, else its name"),
    Field("signers[].notify", f"{_TO}.alterarNotificacoes", "False: 1, with retornarLinkProcesso 1; sends by v3"),
    Field("signers[].extras", _TO, _EXTRAS),
)
"""Where each field of a draft goes."""

_PERSON = "[].dadosAssinatura.signatario"
_COMPANY = "[].dadosAssinatura.empresa"
_FLAG = "called validar where the account's validation_flag says so"

RESEND: tuple[Field, ...] = (
    Field("edits[].signer_id", "[].idProcessoDestinatario"),
    Field("edits[].channel", "[].idFormaEnvioProcesso", "1 e-mail, 2 WhatsApp"),
    Field("edits[].name", "[].nome", limit=150),
    Field("edits[].email", "[].email", limit=150),
    Field("edits[].phone", "[].telefone", limit=20),
    Field("edits[].security_code.channel", "[].idMeioEnvioCodigoSeguranca", "1 SMS, 2 WhatsApp, 3 e-mail, 4 none"),
    Field("edits[].security_code.email", "[].emailSeguranca", limit=150),
    Field("edits[].security_code.phone", "[].telefoneSeguranca", limit=20),
    Field("edits[].security_code.allow_resend", "[].permitirReenviarCodigo"),
    Field("edits[].signature_data.signatory.name", f"{_PERSON}.nome", limit=250),
    Field("edits[].signature_data.signatory.document_number", f"{_PERSON}.numeroDocumento"),
    Field("edits[].signature_data.signatory.document_kind", "", "not sent: what the number is judged as"),
    Field("edits[].signature_data.signatory.validate", f"{_PERSON}.validarDocumento", _FLAG),
    Field("edits[].signature_data.signatory.discard_previous", f"{_PERSON}.DescartarDadosAnteriores"),
    Field("edits[].signature_data.company.name", f"{_COMPANY}.nome", limit=250),
    Field("edits[].signature_data.company.document_number", f"{_COMPANY}.numeroDocumento"),
    Field("edits[].signature_data.company.document_kind", "", "not sent: what the number is judged as"),
    Field("edits[].signature_data.company.validate", f"{_COMPANY}.validarDocumento", _FLAG),
    Field("edits[].signature_data.company.discard_previous", f"{_COMPANY}.DescartarDadosAnteriores"),
    Field("reopen", "", "not sent: the same request brings an expired process back"),
    Field("requested_by", "", "no place: left out"),
)
"""Where each field of a resend goes; the body is a bare array."""


def too_long(root: Any, table: tuple[Field, ...]) -> Iterator[tuple[str, int]]:
    """Yield the path and the limit of each text that is longer than its place at the vendor."""
    for field in table:
        if field.limit is not None:
            for path, value in values_at(root, field.neutral):
                if isinstance(value, str) and len(value) > field.limit:
                    yield path, field.limit


def values_at(root: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield each value that a neutral path leads to, with its place; what is not there is passed over."""
    found: list[tuple[str, Any]] = [("", root)]
    for step in path.split("."):
        name, _, each = step.partition("[")
        reached = [(f"{place}.{name}" if place else name, getattr(value, name, None)) for place, value in found]
        if each:
            reached = [(f"{place}[{n}]", item) for place, items in reached for n, item in enumerate(items or ())]
        found = [(place, value) for place, value in reached if value is not None]
    yield from found
