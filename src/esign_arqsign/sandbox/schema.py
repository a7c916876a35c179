"""The request bodies of every method, as tables: the sandbox's own reading of the vendor's pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from esign_arqsign.sandbox.dialect import Dialect
from esign_arqsign.sandbox.reading import (
    Field,
    Shape,
    Tree,
    bit,
    day,
    decimal,
    fits,
    guid,
    integer,
    listed,
    text,
    tinyint,
    whole,
)

SIGN: Final = 1
COPY: Final = 2
PERSON: Final = 1
COMPANY: Final = 2
ELECTRONIC: Final = 1
_COMPANY_DOCUMENT: Final = (
    "obrigarSignatarioInformarNomeEmpresa",
    "obrigarSignatarioInformarNumeroDocumentoEmpresa",
    "tipoDocumentoEmpresaAInformar",
)


def _for_copies(recipient: Tree, _around: Sequence[Tree]) -> Iterable[str]:
    return (
        ("assinarOnline", "ordemAssinatura", "representacaoVisualAssinatura") if recipient["idTipoAcao"] == COPY else ()
    )


def _for_signers(recipient: Tree, _around: Sequence[Tree]) -> Iterable[str]:
    return ("assinarOnline",) if recipient["idTipoAcao"] == SIGN else ()


def _ignored_online(online: Tree, around: Sequence[Tree]) -> Iterable[str]:
    if online["assinarComo"] == COMPANY:
        yield "papelPessoaFisica"
    if online["assinarComo"] == PERSON:
        yield "papelPessoaJuridica"
    if online["idTipoAssinatura"] not in (None, ELECTRONIC):
        yield from ("assinaturaEletronica", "dadosAssinatura")
    if around[0]["usarPosicaoAssinaturaAutomatica"]:
        yield "definirPosicaoAssinaturaManual"


def _needed_online(online: Tree, _around: Sequence[Tree]) -> Iterable[str]:
    return ("assinaturaEletronica",) if online["idTipoAssinatura"] == ELECTRONIC else ()


def _ignored_security(code: Tree, _around: Sequence[Tree]) -> Iterable[str]:
    channel = code["idMeioEnvio"]
    if code["codigoSeguranca"] is None:
        yield "idMeioEnvio"
    if code["codigoSeguranca"] is None or channel not in (None, 3):
        yield "codigoSegurancaEmail"
    if code["codigoSeguranca"] is None or channel not in (None, 1, 2):
        yield from ("codigoSegurancaTelefone", "reenviarCodigo")


def _needed_security(code: Tree, _around: Sequence[Tree]) -> Iterable[str]:
    return ("idMeioEnvio",) if code["codigoSeguranca"] is not None else ()


def _ignored_position(_position: Tree, around: Sequence[Tree]) -> Iterable[str]:
    signs_as = around[-1]["assinarComo"]
    if signs_as == COMPANY:
        yield "pessoaFisica"
    if signs_as == PERSON:
        yield "pessoaJuridica"


def _ignored_electronic(block: Tree, around: Sequence[Tree]) -> Iterable[str]:
    if around[-1]["assinarComo"] == PERSON:
        yield from (*_COMPANY_DOCUMENT, "configuracaoDocumentoEmpresaOutro")
    if block["tipoDocumentoAInformar"] != 4:
        yield "configuracaoDocumentoOutro"
    if block["tipoDocumentoEmpresaAInformar"] != 4:
        yield "configuracaoDocumentoEmpresaOutro"


def _needed_electronic(_block: Tree, around: Sequence[Tree]) -> Iterable[str]:
    return _COMPANY_DOCUMENT if around[-1]["assinarComo"] in (COMPANY, 3) else ()


def _ignored_data(_data: Tree, around: Sequence[Tree]) -> Iterable[str]:
    return ("empresa",) if around[-1].get("assinarComo") == PERSON else ()


def _both(one: str, other: str) -> Any:
    def needed(tree: Tree, _around: Sequence[Tree]) -> Iterable[str]:
        return (one, other) if tree[one] is not None or tree[other] is not None else ()

    return needed


_MESSAGE: Final = (Field("titulo", text(150)), Field("texto", text()))
_OTHER_DOCUMENT: Final = Shape(
    (
        Field("nomeDocumento", text(50), required=True),
        Field("formatoDadosDocumento", whole(1, 2), required=True),
        Field("qtdeCaracteresDocumento", tinyint, required=True),
    )
)
_BOX: Final = (
    Field("pagina", whole(1, 2**31 - 1), required=True),
    Field("altura", decimal, required=True),
    Field("largura", decimal, required=True),
    Field("posicaoX", decimal, required=True),
    Field("posicaoY", decimal, required=True),
)
_SECURITY: Final = Shape(
    (
        Field("codigoSeguranca", fits(r"[0-9]{4}")),
        Field("idMeioEnvio", tinyint),
        Field("codigoSegurancaEmail", text(150)),
        Field("codigoSegurancaTelefone", text(20)),
        Field("reenviarCodigo", bit),
    ),
    ignored=_ignored_security,
    must=_needed_security,
)
_ATTACHMENT: Final = Shape(
    (
        Field("anexoDocumentoNome", text(75)),
        Field("anexoObrigatorio", bit),
        Field("anexoExibirTodosDestinatarios", bit),
    )
)
_POSITION: Final = Shape(
    (
        Field("documentoDeOrdem", tinyint),
        Field("pessoaFisica", shape=Shape(_BOX)),
        Field("pessoaJuridica", shape=Shape(_BOX)),
    ),
    ignored=_ignored_position,
)
_ELECTRONIC: Final = Shape(
    (
        Field("obrigarSignatarioInformarNome", bit, required=True),
        Field("obrigarSignatarioInformarNumeroDocumento", bit, required=True),
        Field("tipoDocumentoAInformar", tinyint, required=True),
        Field("configuracaoDocumentoOutro", shape=_OTHER_DOCUMENT),
        Field("obrigarSignatarioInformarNomeEmpresa", bit),
        Field("obrigarSignatarioInformarNumeroDocumentoEmpresa", bit),
        Field("tipoDocumentoEmpresaAInformar", tinyint),
        Field("configuracaoDocumentoEmpresaOutro", shape=_OTHER_DOCUMENT),
    ),
    ignored=_ignored_electronic,
    must=_needed_electronic,
)
_PARTY: Final = Shape((Field("nome", text()), Field("numeroDocumento", text()), Field("validarDocumento", bit)))


def _data(*, limited: bool) -> Shape:
    more = (Field("label", text(40 if limited else None)), Field("valor", text(56 if limited else None)))
    return Shape(
        (
            Field("signatario", shape=_PARTY),
            Field("empresa", shape=_PARTY),
            Field("dadosComplementares", shape=Shape(more), many=True),
        ),
        ignored=_ignored_data,
    )


def _online(*, limited: bool) -> Shape:
    return Shape(
        (
            Field("assinarComo", whole(1, 3), required=True),
            Field("papelPessoaFisica", listed(text(50))),
            Field("papelPessoaJuridica", listed(text(50))),
            Field("seguranca", shape=_SECURITY),
            Field("mensagemPersonalizada", shape=Shape(_MESSAGE, must=_both("titulo", "texto"))),
            Field("anexos", shape=_ATTACHMENT, many=True),
            Field("definirPosicaoAssinaturaManual", shape=_POSITION, many=True),
            Field("idTipoAssinatura", tinyint, required=True),
            Field("assinaturaEletronica", shape=_ELECTRONIC),
            Field("dadosAssinatura", shape=_data(limited=limited)),
        ),
        ignored=_ignored_online,
        must=_needed_online,
    )


def send(version: int, dialect: Dialect) -> Shape:
    """The body of the send method in its second or third version."""
    third = version >= 3
    notifications = (Field("alterarNotificacoes", whole(1, 4)), Field("retornarLinkProcesso", bit))
    recipient = (
        Field("idTipoAcao", tinyint, required=True),
        Field("ordemAssinatura", tinyint),
        Field("representacaoVisualAssinatura", tinyint),
        Field("nome", text(150), required=True),
        Field("email", text(150)),
        Field("telefone", text(20)),
        Field("assinarOnline", shape=_online(limited=third)),
        *(notifications if third or dialect.v2_notifications else ()),
    )
    return Shape(
        (
            Field("idResponsavel", guid, required=True),
            Field("nomeProcesso", text(250), required=True),
            Field("idPasta", guid, required=True),
            Field("configuracoesAvancadas", shape=_ADVANCED),
            Field("renovacaoMeses", tinyint),
            Field("mensagemPadrao", shape=Shape(_MESSAGE)),
            Field("usarOrdemAssinatura", bit, required=True),
            Field("usarPosicaoAssinaturaAutomatica", bit, required=True),
            Field(
                "destinatarios",
                shape=Shape(recipient, ignored=_for_copies, must=_for_signers),
                many=True,
                required=True,
            ),
            Field("documentos", shape=_document(dialect, third=third), many=True, required=True),
        )
    )


_ADVANCED: Final = Shape(
    (
        Field("tempoExpiracaoDocumentoDias", whole(0, 999)),
        Field("avisoAntesExpiracaoDocumentoDias", whole(0, 99)),
        Field("frequenciaLembretesDias", whole(1, 999)),
        Field("gerarQrCode", bit),
        Field("obrigarLeitura", bit),
    )
)


def _document(dialect: Dialect, *, third: bool) -> Shape:
    common = (Field("ordemDocumento", tinyint), Field("nomeComExtensao", text(), required=True))
    if not third:
        return Shape((*common, Field("arquivo", text(), required=True)))
    # The page says linkDoArquivo, the list of changes linkDocumento.
    names = ("linkDoArquivo", "linkDocumento") if dialect.link_field == "both" else (dialect.link_field,)
    link = Field("linkDoArquivo", text(), spelled=names)
    return Shape(
        (*common, Field("arquivo", text()), link), must=lambda file, _: () if file["linkDoArquivo"] else ("arquivo",)
    )


def _needed_edit(edit: Tree, _around: Sequence[Tree]) -> Iterable[str]:
    if edit["idFormaEnvioProcesso"] == 1:
        yield "email"
    if edit["idFormaEnvioProcesso"] == 2:
        yield "telefone"
    if edit["idMeioEnvioCodigoSeguranca"] == 3:
        yield "emailSeguranca"
    if edit["idMeioEnvioCodigoSeguranca"] in (1, 2):
        yield "telefoneSeguranca"


def resend(dialect: Dialect) -> Shape:
    """One item of the array a resend sends."""
    # The example and the table say validar, the list of fields validarDocumento.
    names = ("validarDocumento", "validar") if dialect.validation_flag == "both" else (dialect.validation_flag,)
    party = Shape(
        (
            Field("nome", text()),
            Field("numeroDocumento", text()),
            Field("validarDocumento", bit, spelled=names),
            Field("DescartarDadosAnteriores", bit),
        )
    )
    return Shape(
        (
            Field("idProcessoDestinatario", guid, required=True),
            Field("idFormaEnvioProcesso", tinyint),
            Field("nome", text(150)),
            Field("email", text(150)),
            Field("telefone", text(20)),
            Field("idMeioEnvioCodigoSeguranca", tinyint),
            Field("emailSeguranca", text(150)),
            Field("telefoneSeguranca", text(20)),
            Field("permitirReenviarCodigo", bit),
            Field("dadosAssinatura", shape=Shape((Field("signatario", shape=party), Field("empresa", shape=party)))),
        ),
        must=_needed_edit,
    )


ATTACHMENTS: Final = Shape((Field("arquivoTipo", tinyint, required=True), Field("signatarios", listed(guid))))
FOLDERS: Final = Shape(
    (Field("buscarPor", whole(1, 3), required=True), Field("ativas", bit), Field("pastas", listed(guid))),
    must=lambda search, _: ("pastas",) if search["buscarPor"] in (1, 2) else (),
    ignored=lambda search, _: ("pastas",) if search["buscarPor"] == 3 else (),
)
USERS: Final = Shape(
    (Field("ativos", bit), Field("usuarios", listed(guid))),
    must=lambda search, _: () if search["usuarios"] else ("ativos",),
)
USAGE: Final = Shape(
    (
        Field("dataInicial", day, required=True),
        Field("dataFinal", day, required=True),
        Field("item", integer, required=True),
    )
)
HOOK_STATUS: Final = Shape((Field("status", whole(1, 2), required=True),))
NOTHING: Final = Shape(())


def _needed_data(data: Tree, _around: Sequence[Tree]) -> Iterable[str]:
    if data["documentos"]:
        yield "documentosTipo"
    if data["registrosAssinatura"]:
        yield "registrosAssinaturaTipo"


def address(value: Any) -> str:
    """Read a web address; blanks in it are removed."""
    bare = re.sub(r"\s", "", text()(value))
    if not re.fullmatch(r"https?://[^/]+.*", bare):
        raise ValueError
    return bare


HOOK: Final = Shape(
    (
        Field("nome", text(150), required=True),
        Field("status", whole(1, 2), required=True),
        Field("urlPublicar", address, required=True),
        Field("aguardarRetorno", bit),
        Field("usuarios", listed(guid)),
        Field("grupos", listed(guid)),
        Field("pastas", listed(guid)),
        Field("gatilhos", listed(whole(1, 8)), required=True),
        Field(
            "dadosRetorno",
            shape=Shape(
                (
                    Field("processo", bit),
                    Field("signatarios", bit),
                    Field("documentos", bit),
                    Field("documentosTipo", whole(1, 2)),
                    Field("linkDocCompartilhado", bit),
                    Field("registrosAssinatura", bit),
                    Field("registrosAssinaturaTipo", whole(1, 2)),
                ),
                must=_needed_data,
            ),
        ),
    )
)
