"""What the vendor publishes, with invented people: requests and answers, and the values that make the requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from esign_arqsign.provider import ArqSign
from esign_arqsign.settings import ArqSignSettings
from esign_core.accounts.settings import Secret
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft, SignerDraft

NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)
IN_A_MONTH = NOW + timedelta(days=30)
PROCESS_ID = "3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01"
ANA_ID = "c0ffee00-2222-4d4d-8e8e-000000000001"
COPY_ID = "c0ffee00-2222-4d4d-8e8e-000000000002"
BIA_ID = "c0ffee00-2222-4d4d-8e8e-000000000003"
DOCUMENT_ID = "9e8f7d6c-1111-4b2a-9c3d-000000000001"
RESPONSIBLE_ID = "7b0d6c1e-58d3-4c6e-9f51-2d5a0f4f3a11"
FOLDER_ID = "0f6f2a3c-0f19-4f6d-8c41-6a7e5b3f9d20"
ACCOUNT_ID = "22220000-6666-4e4e-9f9f-000000000001"
HOOK_ID = "55550000-9999-4e4e-9f9f-000000000001"
HOOK_SECRET = "fake-hmac-key"  # noqa: S105 - an invented key
CPF = "529.982.247-25"
CNPJ = "16.727.230/0001-97"
NEW_CNPJ = "12.ABC.345/01DE-35"
PDF = b"%PDF-1.7\nan invented contract\n%%EOF\n"


def settings(**changes: Any) -> ArqSignSettings:
    """Return an account's settings with invented keys."""
    given: dict[str, Any] = {
        "environment": "production",
        "app_key": Secret("fake-app-key"),
        "subscription_key": Secret("fake-subscription-key"),
        "responsible_id": RESPONSIBLE_ID,
        "folder_id": FOLDER_ID,
        "webhook_secrets": (Secret(HOOK_SECRET),),
    }
    return ArqSignSettings(**{**given, **changes})


def provider(**changes: Any) -> ArqSign:
    """Return the provider of such an account."""
    return ArqSign(settings(**changes))


def document(name: str = "contrato.pdf") -> Document:
    """Return a small PDF."""
    return Document.from_bytes(PDF, name=name)


def ana(**changes: Any) -> SignerDraft:
    """Return a signer with a name, an e-mail and a phone."""
    given = {"name": "Ana Exemplo", "email": "ana@example.com", "phone": "+5511900000001"}
    return SignerDraft(**{**given, **changes})


def bia(**changes: Any) -> SignerDraft:
    """Return another signer."""
    given = {"name": "Bia Exemplo", "email": "bia@example.com", "phone": "+5511900000002"}
    return SignerDraft(**{**given, **changes})


def draft(*signers: SignerDraft, **changes: Any) -> ProcessDraft:
    """Return a draft with a name, one PDF and Ana, unless others are given."""
    given: dict[str, Any] = {"name": "Contrato 2025-014", "documents": [document()], "signers": signers or [ana()]}
    return ProcessDraft(**{**given, **changes})


# The published request of the send method (v2), with a valid CPF in place of its invalid one.
SEND_EXAMPLE: dict[str, Any] = {
    "idResponsavel": RESPONSIBLE_ID,
    "nomeProcesso": "Contrato 2025-014",
    "idPasta": FOLDER_ID,
    "configuracoesAvancadas": {
        "tempoExpiracaoDocumentoDias": 30,
        "avisoAntesExpiracaoDocumentoDias": 3,
        "frequenciaLembretesDias": 5,
        "gerarQrCode": 1,
        "obrigarLeitura": 0,
    },
    "renovacaoMeses": None,
    "mensagemPadrao": None,
    "usarOrdemAssinatura": 1,
    "usarPosicaoAssinaturaAutomatica": 1,
    "destinatarios": [
        {
            "idTipoAcao": 1,
            "ordemAssinatura": 1,
            "representacaoVisualAssinatura": None,
            "nome": "Ana Exemplo",
            "email": "ana@example.com",
            "telefone": None,
            "assinarOnline": {
                "assinarComo": 1,
                "papelPessoaFisica": ["Contratante"],
                "papelPessoaJuridica": None,
                "seguranca": {
                    "codigoSeguranca": "4821",
                    "idMeioEnvio": 3,
                    "codigoSegurancaEmail": "ana@example.com",
                    "codigoSegurancaTelefone": None,
                    "reenviarCodigo": None,
                },
                "mensagemPersonalizada": None,
                "anexos": [{"anexoDocumentoNome": "Selfie", "anexoObrigatorio": 1, "anexoExibirTodosDestinatarios": 0}],
                "definirPosicaoAssinaturaManual": None,
                "idTipoAssinatura": 1,
                "assinaturaEletronica": {
                    "obrigarSignatarioInformarNome": 1,
                    "obrigarSignatarioInformarNumeroDocumento": 1,
                    "tipoDocumentoAInformar": 1,
                },
                "dadosAssinatura": {
                    "signatario": {"nome": "Ana Exemplo", "numeroDocumento": CPF, "validarDocumento": 0},
                    "empresa": None,
                    "dadosComplementares": [],
                },
            },
        },
        {"idTipoAcao": 2, "nome": "Arquivo Interno", "email": "copia@example.com"},
    ],
    "documentos": [{"ordemDocumento": 1, "nomeComExtensao": "contrato.pdf", "arquivo": document()}],
}

# The published answer of the send method.
CREATED_EXAMPLE: dict[str, Any] = {
    "IdProcesso": PROCESS_ID,
    "documentos": [{"id": DOCUMENT_ID, "ordem": 1, "nome": "contrato.pdf"}],
    "destinatarios": [
        {
            "idProcessoDestinatario": ANA_ID,
            "ordem": 1,
            "formaEnvio": "ana@example.com",
            "nomeSignatario": "Ana Exemplo",
            "configuracoesAnexos": [{"id": "aaaa0000-3333-4e4e-9f9f-000000000001", "nome": "Selfie"}],
        },
        {
            "idProcessoDestinatario": COPY_ID,
            "ordem": 1,
            "formaEnvio": "copia@example.com",
            "nomeSignatario": "Arquivo Interno",
            "configuracoesAnexos": None,
        },
    ],
}

# The published request of the resend method, with a valid CPF.
RESEND_EXAMPLE: list[Any] = [
    {
        "idProcessoDestinatario": ANA_ID,
        "idFormaEnvioProcesso": 2,
        "nome": "Ana Exemplo da Silva",
        "email": None,
        "telefone": "+5500900000000",
        "idMeioEnvioCodigoSeguranca": 1,
        "emailSeguranca": None,
        "telefoneSeguranca": "+5500900000000",
        "permitirReenviarCodigo": 1,
        "dadosAssinatura": {
            "signatario": {
                "nome": "Ana Exemplo da Silva",
                "numeroDocumento": CPF,
                "validarDocumento": 1,
                "DescartarDadosAnteriores": 0,
            },
            "empresa": None,
        },
    }
]

# The published answer of the resend method.
RESENT_EXAMPLE: list[Any] = [
    {
        "idProcessoDestinatario": ANA_ID,
        "ordem": 1,
        "formaEnvioProcesso": "+5500900000000",
        "nome": "Ana Exemplo da Silva",
        "anexos": [{"idConfiguracaoAnexo": "aaaa0000-3333-4e4e-9f9f-000000000001", "nomeAnexo": "Selfie"}],
    },
    {
        "idProcessoDestinatario": BIA_ID,
        "ordem": 1,
        "formaEnvioProcesso": "bia@example.com",
        "nome": "Bia Exemplo",
        "anexos": None,
    },
]

# The published answer of `dados-signatarios`.
SIGNERS_EXAMPLE: dict[str, Any] = {
    "nomeProcesso": "Contrato 2025-014",
    "status": "Em processo",
    "idStatus": 3,
    "dataConclusao": None,
    "dataCancelamento": None,
    "usuarioCancelamento": None,
    "dataExpiracao": "2025-07-31T12:00:05",
    "signatarios": [
        {
            "ordem": 1,
            "IdProcessoDestinatario": ANA_ID,
            "nome": "Ana Exemplo",
            "idTipoAssinatura": 1,
            "IdFormaEnvioProcesso": 1,
            "email": "ana@example.com",
            "telefone": None,
            "papelSignatario": {"pessoaFisica": ["Contratante"], "pessoaJuridica": None},
            "tipoAcao": "Assinar Online",
            "idTipoAcao": 1,
            "IdMeioEnvioCodigoSeguranca": 3,
            "emailSeguranca": "ana@example.com",
            "telefoneSeguranca": None,
            "permitirReenviarCodigo": 0,
            "falhaEnvio": 0,
            "falhaEnvioCodigoSeguranca": 0,
            "assinado": 1,
            "dataAssinatura": "2025-07-02T09:30:00",
            "assinaturaRecusada": 0,
            "motivoRecusa": None,
            "anexos": [{"id": "bbbb0000-4444-4e4e-9f9f-000000000001", "anexoDocumentoNome": "Selfie foto.png"}],
        }
    ],
}

# The published answer of the full read.
FULL_EXAMPLE: dict[str, Any] = {
    "nomeProcesso": "Contrato 2025-014",
    "idPasta": FOLDER_ID,
    "caminhoDaPasta": "Empresa \\\\ Contratos",
    "idResponsavel": RESPONSIBLE_ID,
    "nomeResponsavel": "Remetente Exemplo",
    "status": "Em processo",
    "idStatus": 3,
    "dataCadastro": "2025-07-01T12:00:00",
    "dataEnvio": "2025-07-01T12:00:05",
    "dataConclusao": None,
    "dataRenovacao": None,
    "dataCancelamento": None,
    "usuarioCancelamento": None,
    "dataReenvio": None,
    "dataExpiracao": "2025-07-31T12:00:05",
    "expiracaoDias": 30,
    "avisoExpiracaoDias": 3,
    "lembrete": "true",
    "frequenciaLembrete": 5,
    "signatarios": [
        {
            "ordemAssinatura": 1,
            "id": ANA_ID,
            "nome": "Ana Exemplo",
            "email": "ana@example.com",
            "telefone": None,
            "aguardandoEnvio": "false",
            "falhaEnvio": "false",
            "tipoAcao": "Assinar Online",
            "idTipoAcao": 1,
            "papelSignatario": {"pessoaFisica": ["Contratante"], "pessoaJuridica": None},
            "copiaEnviada": "false",
            "remetente": "false",
            "assinaturaRecusada": "false",
            "motivoRecusa": None,
            "seguranca": {
                "codigoSeguranca": "4821",
                "codigoSegurancaEmail": "ana@example.com",
                "codigoSegurancaTelefone": None,
                "falhaEnvioCodigoSeguranca": 0,
            },
            "dadosAssinatura": {
                "tipoAssinatura": "Assinatura Eletrônica",
                "idTipoAssinatura": 1,
                "dataAssinatura": "2025-07-02T09:30:00",
                "ip": "203.0.113.7",
                "geoLocalizacao": None,
                "dadosCertificado": {"nome": None, "emissor": None, "validadeInicio": None, "validadeFim": None},
                "dadosPessoaFisica": {
                    "nomePessoaFisica": "Ana Exemplo",
                    "tipoDocumentoPessoaFisica": "CPF",
                    "numeroDocumetoPessoaFisica": CPF,
                },
                "dadosPessoaJuridica": {
                    "nomeEmpresa": None,
                    "tipoDocumentoEmpresa": None,
                    "numeroDocumentoEmpresa": None,
                },
                "anexos": [{"id": "bbbb0000-4444-4e4e-9f9f-000000000001", "anexoDocumentoNome": "Selfie"}],
            },
        }
    ],
    "documentos": [
        {
            "id": DOCUMENT_ID,
            "ordemDocumento ": 1,
            "nomeDocumento": "contrato.pdf",
            "linkDocumentoCompartilhado": None,
            "linkParaBaixarDocumento": None,
            "base64Documento": "JVBERi0xLjQK",
            "registroAssinaturas": {"nome": "contrato_Registro de assinaturas.pdf", "base64": "JVBERi0xLjQK"},
        }
    ],
}

# A delivery as public integrations read it.
COMPLETED_DELIVERY: dict[str, Any] = {
    "Evento": "ProcessoConcluido",
    "IdEvento": 8,
    "IdProcesso": PROCESS_ID,
    "IdConta": ACCOUNT_ID,
    "IdWebhook": HOOK_ID,
    "DataHoraAtual": "2025-07-02T09:30:02",
    "NomeProcesso": "Contrato 2025-014",
    "Status": "Concluído",
    "DataConclusao": "2025-07-02T09:30:00",
    "Signatarios": [
        {
            "OrdemAssinatura": 1,
            "Id": ANA_ID,
            "Nome": "Ana Exemplo",
            "Email": "ana@example.com",
            "Telefone": None,
            "AssinaturaRecusada": "false",
            "MotivoRecusa": None,
            "DadosAssinatura": {"TipoAssinatura": "Assinatura Eletrônica", "DataAssinatura": "2025-07-02T09:30:00"},
        }
    ],
    "Documentos": [
        {"Id": DOCUMENT_ID, "OrdemDocumento": 1, "NomeDocumento": "contrato.pdf", "Base64Documento": "JVBERi0xLjQK"}
    ],
}

# Every field of the pages on send (v2 and v3) and resend, as the pages nest them.
_OTHER = {"nomeDocumento": 0, "formatoDadosDocumento": 0, "qtdeCaracteresDocumento": 0}
_PARTY = {"nome": 0, "numeroDocumento": 0, "validarDocumento": 0}
_BOX = {"pagina": 0, "altura": 0, "largura": 0, "posicaoX": 0, "posicaoY": 0}
_MESSAGE = {"titulo": 0, "texto": 0}
_ONLINE = {
    "assinarComo": 0,
    "papelPessoaFisica": 0,
    "papelPessoaJuridica": 0,
    "seguranca": {
        "codigoSeguranca": 0,
        "idMeioEnvio": 0,
        "codigoSegurancaEmail": 0,
        "codigoSegurancaTelefone": 0,
        "reenviarCodigo": 0,
    },
    "mensagemPersonalizada": _MESSAGE,
    "anexos": [{"anexoDocumentoNome": 0, "anexoObrigatorio": 0, "anexoExibirTodosDestinatarios": 0}],
    "definirPosicaoAssinaturaManual": [{"documentoDeOrdem": 0, "pessoaFisica": _BOX, "pessoaJuridica": _BOX}],
    "idTipoAssinatura": 0,
    "assinaturaEletronica": {
        "obrigarSignatarioInformarNome": 0,
        "obrigarSignatarioInformarNumeroDocumento": 0,
        "tipoDocumentoAInformar": 0,
        "configuracaoDocumentoOutro": _OTHER,
        "obrigarSignatarioInformarNomeEmpresa": 0,
        "obrigarSignatarioInformarNumeroDocumentoEmpresa": 0,
        "tipoDocumentoEmpresaAInformar": 0,
        "configuracaoDocumentoEmpresaOutro": _OTHER,
    },
    "dadosAssinatura": {
        "signatario": _PARTY,
        "empresa": _PARTY,
        "dadosComplementares": [{"label": 0, "valor": 0}],
    },
}
SEND_FIELDS: dict[str, Any] = {
    "idResponsavel": 0,
    "nomeProcesso": 0,
    "idPasta": 0,
    "configuracoesAvancadas": {
        "tempoExpiracaoDocumentoDias": 0,
        "avisoAntesExpiracaoDocumentoDias": 0,
        "frequenciaLembretesDias": 0,
        "gerarQrCode": 0,
        "obrigarLeitura": 0,
    },
    "renovacaoMeses": 0,
    "mensagemPadrao": _MESSAGE,
    "usarOrdemAssinatura": 0,
    "usarPosicaoAssinaturaAutomatica": 0,
    "destinatarios": [
        {
            "idTipoAcao": 0,
            "ordemAssinatura": 0,
            "representacaoVisualAssinatura": 0,
            "nome": 0,
            "email": 0,
            "telefone": 0,
            "assinarOnline": _ONLINE,
            "alterarNotificacoes": 0,
            "retornarLinkProcesso": 0,
        }
    ],
    "documentos": [{"ordemDocumento": 0, "nomeComExtensao": 0, "arquivo": 0, "linkDoArquivo": 0}],
}
_PARTY_EDIT = {"nome": 0, "numeroDocumento": 0, "validarDocumento": 0, "validar": 0, "DescartarDadosAnteriores": 0}
RESEND_FIELDS: list[Any] = [
    {
        "idProcessoDestinatario": 0,
        "idFormaEnvioProcesso": 0,
        "nome": 0,
        "email": 0,
        "telefone": 0,
        "idMeioEnvioCodigoSeguranca": 0,
        "emailSeguranca": 0,
        "telefoneSeguranca": 0,
        "permitirReenviarCodigo": 0,
        "dadosAssinatura": {"signatario": _PARTY_EDIT, "empresa": _PARTY_EDIT},
    }
]


def paths(tree: Any, place: str = "") -> set[str]:
    """Return the path of every member of a tree, `[]` standing for each item of a list."""
    if isinstance(tree, list):
        return {path for each in tree for path in paths(each, f"{place}[]")}
    if not isinstance(tree, dict):
        return set()
    named = {f"{place}.{key}" if place else key: value for key, value in tree.items()}
    return {*named, *(path for spot, value in named.items() for path in paths(value, spot))}
