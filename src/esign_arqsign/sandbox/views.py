"""How a process reads in the answers of each method, in the manual's own spelling."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from esign_arqsign.sandbox import account, files
from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.context import Context
from esign_arqsign.sandbox.dialect import Dialect
from esign_arqsign.sandbox.reading import Tree
from esign_arqsign.sandbox.taxids import CNH, CNPJ, CPF, OTHER, RG
from esign_core.sandbox.clock import iso, moment

ACTIONS: Final = {True: "Assinar Online", False: "Receber uma cópia"}
TYPES: Final = {1: "Assinatura Eletrônica", 3: "Certificado Digital ICP-Brasil", 4: "Outros Certificados"}
# The full process counts the signature types in its own way.
_READ_TYPES: Final = {1: 1, 3: 2, 4: 4}
_DOCUMENT_NAMES: Final = {CPF: "CPF", CNH: "CNH", RG: "RG", OTHER: "Outro", CNPJ: "CNPJ"}
_IP: Final = "203.0.113.7"
# What a signer states who was given no number to state; from the tax offices' published ranges for tests.
_STATED: Final = {CPF: "52998224725", CNH: "12345678900", RG: "123456789", CNPJ: "11222333000181", OTHER: "12345"}


def sent(process: Tree, *, links: bool) -> Tree:
    """Answer of the send methods."""
    return {
        "IdProcesso": process["id"],
        "documentos": [{"id": one["id"], "ordem": one["order"], "nome": one["name"]} for one in process["documents"]],
        "destinatarios": [_sent_recipient(recipient, links=links) for recipient in process["recipients"]],
    }


def _sent_recipient(recipient: Tree, *, links: bool) -> Tree:
    asked = [{"id": one["id"], "nome": one["name"]} for one in recipient["attachments"]]
    answer: Tree = {
        "idProcessoDestinatario": recipient["id"],
        "ordem": recipient["order"],
        "formaEnvio": states.contact(recipient),
        "nomeSignatario": recipient["name"],
        "configuracoesAnexos": asked or None,
    }
    if links:
        answer["linkProcesso"] = files.ACCESS + recipient["link"] if recipient["link"] else None
    return answer


def resent(process: Tree, dialect: Dialect) -> list[Tree]:
    """Answer of a resend: everybody who still has to sign, edited or not."""
    listed = states.pending(process) if dialect.pending == "all" else states.in_turn(process)
    return [
        {
            "idProcessoDestinatario": signer["id"],
            "ordem": signer["order"],
            "formaEnvioProcesso": states.contact(signer),
            "nome": signer["name"],
            "anexos": [{"idConfiguracaoAnexo": one["id"], "nomeAnexo": one["name"]} for one in signer["attachments"]]
            or None,
        }
        for signer in listed
    ]


def status(process: Tree, dialect: Dialect, now: datetime) -> Tree:
    """Answer of the light status method."""
    still_open = process["status"] in states.OPEN
    return {
        "nomeProcesso": process["name"],
        **dialect.numbered(process["status"]),
        "expirado": dialect.flag(states.expired(process, now), "number"),
        "dataConclusao": dialect.moment(process["concluded_at"]),
        "dataCancelamento": dialect.moment(process["cancelled_at"]),
        "dataExpiracao": dialect.day(states.expires_at(process)) if still_open else None,
    }


def signers(process: Tree, dialect: Dialect) -> Tree:
    """Answer of the list of signers."""
    return {
        "nomeProcesso": process["name"],
        **dialect.numbered(process["status"]),
        "dataConclusao": dialect.moment(process["concluded_at"]),
        "dataCancelamento": dialect.moment(process["cancelled_at"]),
        "usuarioCancelamento": process["cancelled_by"],
        "dataExpiracao": dialect.moment(states.expires_at(process)),
        "signatarios": [_listed_signer(signer, dialect) for signer in states.signers(process)],
    }


def _listed_signer(signer: Tree, dialect: Dialect) -> Tree:
    code: Tree = signer["code"] or {}

    def flag(value: Any) -> Any:
        return dialect.flag(bool(value), "number")

    return {
        "ordem": signer["order"],
        "IdProcessoDestinatario": signer["id"],
        "nome": signer["name"],
        "idTipoAssinatura": signer["type"],
        "IdFormaEnvioProcesso": signer["form"],
        "email": signer["email"],
        "telefone": signer["phone"],
        "papelSignatario": {"pessoaFisica": signer["person_roles"], "pessoaJuridica": signer["company_roles"]},
        "tipoAcao": ACTIONS[True],
        "idTipoAcao": 1,
        "IdMeioEnvioCodigoSeguranca": code.get("channel"),
        "emailSeguranca": code.get("email"),
        "telefoneSeguranca": code.get("phone"),
        "permitirReenviarCodigo": flag(code.get("again")),
        "falhaEnvio": flag(signer["failed"]),
        "falhaEnvioCodigoSeguranca": flag(signer["code_failed"]),
        "assinado": flag(signer["signed_at"]),
        "dataAssinatura": dialect.moment(signer["signed_at"]),
        "assinaturaRecusada": flag(signer["refused"]),
        "motivoRecusa": signer["reason"],
        "anexos": [
            {"id": one["uploaded"], "anexoDocumentoNome": f"{signer['name']} {one['file']}"}
            for one in signer["attachments"]
            if one["file"]
        ]
        or None,
    }


def full(context: Context, process: Tree, *, by_link: bool, records: bool) -> Tree:
    """Answer of the full process."""
    dialect = context.dialect
    return {
        **heading(context, process, dialect.moment),
        "dataCancelamento": dialect.moment(process["cancelled_at"]),
        "usuarioCancelamento": process["cancelled_by"],
        "dataRenovacao": dialect.moment(_renewal(process)),
        "avisoExpiracaoDias": process["warning"],
        "lembrete": dialect.flag(bool(process["reminder"]), "string"),
        "frequenciaLembrete": process["reminder"],
        "signatarios": [_full_signer(context, process, recipient) for recipient in process["recipients"]],
        "documentos": [
            _full_document(context, process, one, by_link=by_link, records=records) for one in process["documents"]
        ],
    }


def heading(context: Context, process: Tree, written: Callable[[str | None], str | None]) -> Tree:
    """Describe a process as a whole, in answers and in webhooks."""
    responsible = account.of(context.state)["users"][process["responsible"]]
    folder = process["folder"]
    if account.of(context.state)["folders"][folder]["deleted"] and process["status"] != states.CONCLUDED:
        folder = account.ROOT_ID
    return {
        "nomeProcesso": process["name"],
        "idPasta": process["folder"],
        "caminhoDaPasta": account.folder_path(context.state, folder, " \\\\ "),
        "idResponsavel": process["responsible"],
        "nomeResponsavel": responsible["name"],
        **context.dialect.numbered(process["status"]),
        "dataCadastro": written(process["created_at"]),
        "dataEnvio": written(process["sent_at"]),
        "dataConclusao": written(process["concluded_at"]),
        "dataReenvio": written(process["resent_at"]),
        "dataExpiracao": written(states.expires_at(process)),
        "expiracaoDias": process["days"],
    }


def _renewal(process: Tree) -> str | None:
    if not process["concluded_at"] or not process["renewal"]:
        return None
    done = moment(process["concluded_at"])
    months = done.month - 1 + process["renewal"]
    year, month = done.year + months // 12, months % 12 + 1
    last = [31, 29 if year % 4 == 0 and (year % 100 or not year % 400) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return iso(done.replace(year=year, month=month, day=min(done.day, last[month - 1])))


def _full_signer(context: Context, process: Tree, recipient: Tree) -> Tree:
    dialect = context.dialect
    sender = account.of(context.state)["users"][process["responsible"]]["email"]

    def flag(value: Any) -> Any:
        return dialect.flag(bool(value), "string")

    answer: Tree = {
        "ordemAssinatura": recipient["order"],
        "id": recipient["id"],
        "nome": recipient["name"],
        "email": recipient["email"],
        "telefone": recipient["phone"],
        "aguardandoEnvio": flag(states.waits_for_others(process, recipient)),
        "falhaEnvio": flag(recipient["failed"]),
        "tipoAcao": ACTIONS[recipient["signs"]],
        "idTipoAcao": 1 if recipient["signs"] else 2,
        "papelSignatario": {"pessoaFisica": recipient["person_roles"], "pessoaJuridica": recipient["company_roles"]},
        "copiaEnviada": flag(recipient["copied"]),
        "remetente": flag(recipient["email"] == sender),
        "assinaturaRecusada": flag(recipient["refused"]),
        "motivoRecusa": recipient["reason"],
    }
    if recipient["code"]:
        answer["seguranca"] = {
            "codigoSeguranca": recipient["code"]["code"],
            "codigoSegurancaEmail": recipient["code"]["email"],
            "codigoSegurancaTelefone": recipient["code"]["phone"],
            "falhaEnvioCodigoSeguranca": dialect.flag(recipient["code_failed"], "number"),
        }
    return {**answer, "dadosAssinatura": signature(recipient, dialect.moment)}


def signature(
    recipient: Tree, written: Callable[[str | None], str | None], *, number: str = "numeroDocumetoPessoaFisica"
) -> Tree:
    """Describe a recipient's signature, all null before it was made; the misspelling is the vendor's."""
    signed = recipient["signed_at"] is not None
    certificate = signed and recipient["type"] != 1
    person = _stated(recipient, "person", "") if signed and recipient["signs_as"] != 2 else {}
    company = _stated(recipient, "company", "Empresa") if signed and recipient["signs_as"] != 1 else {}
    return {
        "tipoAssinatura": TYPES.get(recipient["type"]),
        "idTipoAssinatura": _READ_TYPES.get(recipient["type"]),
        "dataAssinatura": written(recipient["signed_at"]),
        "ip": _IP if signed else None,
        "geoLocalizacao": None,
        "dadosCertificado": {
            "nome": recipient["name"] if certificate else None,
            "emissor": "AC Exemplo" if certificate else None,
            "validadeInicio": written("2025-01-01T00:00:00+00:00") if certificate else None,
            "validadeFim": written("2035-01-01T00:00:00+00:00") if certificate else None,
        },
        "dadosPessoaFisica": {
            "nomePessoaFisica": person.get("name"),
            "tipoDocumentoPessoaFisica": person.get("kind"),
            number: person.get("number"),
        },
        "dadosPessoaJuridica": {
            "nomeEmpresa": company.get("name"),
            "tipoDocumentoEmpresa": company.get("kind"),
            "numeroDocumentoEmpresa": company.get("number"),
        },
        "anexos": [
            {"id": one["uploaded"], "anexoDocumentoNome": one["name"]}
            for one in recipient["attachments"]
            if one["file"]
        ]
        or None,
    }


def _stated(recipient: Tree, party: str, suffix: str) -> Tree:
    block = recipient["block"]
    if not block:
        return {}
    known: Tree = (recipient["data"] or {}).get(party) or {}
    kind = block[f"tipoDocumento{suffix}AInformar"]
    own_name = "Empresa Exemplo Ltda." if suffix else recipient["name"]
    asked_name = block[f"obrigarSignatarioInformarNome{suffix}"]
    asked_number = block[f"obrigarSignatarioInformarNumeroDocumento{suffix}"]
    return {
        "name": known.get("name") or (own_name if asked_name else None),
        "kind": _DOCUMENT_NAMES[kind],
        "number": known.get("number") or (_STATED[kind] if asked_number else None),
    }


def _full_document(context: Context, process: Tree, one: Tree, *, by_link: bool, records: bool) -> Tree:
    concluded = process["status"] == states.CONCLUDED
    address = files.link("documento", one["id"], one["name"], context.now, context.link_life)
    content = None if by_link else base64.b64encode(files.document(context.state, process, one)).decode()
    answer: Tree = {
        "id": one["id"],
        "ordemDocumento": one["order"],
        "nomeDocumento": one["name"],
        "linkDocumentoCompartilhado": shared_link(one) if concluded and process["qr_code"] else None,
        "linkParaBaixarDocumento": address if by_link else None,
        "base64Documento": content,
    }
    if records:
        pages = base64.b64encode(files.record(context.state, process, one)).decode()
        answer["registroAssinaturas"] = {"nome": files.record_name(one, capital=False), "base64": pages}
    return answer


def shared_link(one: Tree) -> str:
    """Give the address that a document's QR code leads to."""
    return f"{files.ACCESS}compartilhado/{one['id']}"
