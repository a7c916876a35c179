"""How a send request that broke no rule becomes a process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from esign_arqsign.sandbox import account
from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.reading import Tree
from esign_arqsign.sandbox.rules_files import File
from esign_arqsign.sandbox.rules_send import order_of
from esign_arqsign.sandbox.schema import SIGN
from esign_core.sandbox import State
from esign_core.sandbox.clock import iso

_SILENT = (1, 3)


def create(state: State, process_id: str, body: Tree, files: Sequence[File], now: datetime) -> Tree:
    """Make a process of a request, keep its files and send it."""
    advanced = body["configuracoesAvancadas"] or {}
    process: Tree = {
        "id": process_id,
        "name": body["nomeProcesso"],
        "folder": body["idPasta"],
        "responsible": body["idResponsavel"],
        "status": states.WAITING,
        "deleted": False,
        "created_at": iso(now),
        "sent_at": iso(now),
        "resent_at": None,
        "concluded_at": None,
        "cancelled_at": None,
        "cancelled_by": None,
        "renewal": body["renovacaoMeses"] or 0,
        "days": advanced.get("tempoExpiracaoDocumentoDias") or account.EXPIRY_DAYS,
        "warning": advanced.get("avisoAntesExpiracaoDocumentoDias") or account.WARNING_DAYS,
        "reminder": advanced.get("frequenciaLembretesDias") or account.REMINDER_DAYS,
        "qr_code": bool(advanced.get("gerarQrCode")),
        "recipients": [_recipient(state, body, one) for one in body["destinatarios"]],
        "documents": [_document(state, file) for file in files],
    }
    states.processes(state)[process_id] = process
    states.plan_expiry(state, process)
    return process


def wanted(body: Tree) -> Iterator[int]:
    """Name the items a send request uses up: itself, each message by WhatsApp, each code by WhatsApp or SMS."""
    yield account.SENDS
    for one in body["destinatarios"]:
        if one["telefone"] and one.get("alterarNotificacoes") not in _SILENT:
            yield account.WHATSAPP
        code = (one["assinarOnline"] or {}).get("seguranca") or {}
        if code.get("codigoSeguranca"):
            yield from code_item(code["idMeioEnvio"])


def code_item(channel: int | None) -> Iterator[int]:
    """Name the item a security code uses up on its channel."""
    if channel == 1:
        yield account.SMS
    if channel == 2:
        yield account.WHATSAPP


def _document(state: State, file: File) -> Tree:
    document_id = state.make_guid("arqsign-document", state.number("document"))
    state.put_blob(document_id, file.content)
    return {"id": document_id, "order": file.order, "name": file.name}


def _recipient(state: State, body: Tree, one: Tree) -> Tree:
    signs = one["idTipoAcao"] == SIGN
    online: Tree = one["assinarOnline"] or {}
    block = online.get("assinaturaEletronica")
    number = state.number("recipient")
    return {
        "id": state.make_guid("arqsign-recipient", number),
        "signs": signs,
        "order": order_of(body, one),
        "name": one["nome"],
        "email": one["email"],
        "phone": one["telefone"],
        "form": 2 if one["telefone"] else 1,
        "signs_as": online.get("assinarComo"),
        "type": online.get("idTipoAssinatura"),
        "person_roles": online.get("papelPessoaFisica"),
        "company_roles": online.get("papelPessoaJuridica"),
        "code": _code(online.get("seguranca")),
        "attachments": [
            _attachment(state, asked) for asked in online.get("anexos") or () if asked["anexoDocumentoNome"]
        ],
        "block": block,
        "data": _data(online),
        "link": state.make_guid("arqsign-access", number) if one.get("retornarLinkProcesso") else None,
        "notifications": one.get("alterarNotificacoes"),
        "signed_at": None,
        "refused": False,
        "reason": None,
        "failed": False,
        "code_failed": False,
        "copied": False,
    }


def _code(code: Tree | None) -> Tree | None:
    if not code or code["codigoSeguranca"] is None:
        return None
    return {
        "code": code["codigoSeguranca"],
        "channel": code["idMeioEnvio"],
        "email": code["codigoSegurancaEmail"],
        "phone": code["codigoSegurancaTelefone"],
        "again": bool(code["reenviarCodigo"]),
    }


def _attachment(state: State, asked: Tree) -> Tree:
    number = state.number("attachment")
    return {
        "id": state.make_guid("arqsign-attachment-asked", number),
        "uploaded": state.make_guid("arqsign-attachment", number),
        "name": asked["anexoDocumentoNome"],
        "required": asked["anexoObrigatorio"],
        "public": asked["anexoExibirTodosDestinatarios"],
        "file": None,
    }


def _data(online: Tree) -> dict[str, Any] | None:
    data = online.get("dadosAssinatura")
    if not data:
        return None
    return {
        "person": party(data["signatario"]),
        "company": party(data["empresa"]),
        "more": [[more["label"], more["valor"]] for more in data["dadosComplementares"] or () if more["label"]],
    }


def party(given: Tree | None) -> Tree | None:
    """Keep what is known of a person or company; without a number there is nothing to validate."""
    if not given:
        return None
    number = given["numeroDocumento"]
    return {"name": given["nome"], "number": number, "validate": bool(number and given["validarDocumento"])}
