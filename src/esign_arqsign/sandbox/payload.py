"""What a webhook says: always what happened to which process, and as much more as its configuration asks for."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, Final

from esign_arqsign.sandbox import account, files, views
from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.context import Context
from esign_arqsign.sandbox.dialect import Dialect
from esign_arqsign.sandbox.reading import Tree
from esign_core.sandbox.clock import iso

SENT: Final = 1
FAILED: Final = 2
SIGNED: Final = 3
REFUSED: Final = 4
CANCELLED: Final = 5
EXPIRED: Final = 6
RESENT: Final = 7
CONCLUDED: Final = 8
TRIGGERS: Final[Mapping[int, tuple[str, str]]] = {
    SENT: ("ProcessoEnviado", "Processo enviado"),
    FAILED: ("ProcessoComFalhaDeEnvio", "Falha no envio do processo ou do código de segurança"),
    SIGNED: ("ProcessoAssinado", "Processo assinado por algum signatário"),
    REFUSED: ("ProcessoRecusado", "Processo recusado por algum signatário"),
    CANCELLED: ("ProcessoCancelado", "Processo cancelado"),
    EXPIRED: ("ProcessoExpirado", "Processo expirado"),
    RESENT: ("ProcessoReenviado", "Processo reenviado"),
    CONCLUDED: ("ProcessoConcluido", "Processo concluído"),
}
"""Each trigger's event, of which only the last is known from the field, and its name in a configuration."""
_LINK: Final = 2


def body(context: Context, hook: Tree, trigger: int, process: Tree, affected: Tree | None) -> bytes:
    """Write the body of a webhook; `affected` is the one recipient it is about, where it is about one."""
    dialect = context.dialect
    wants: Tree = hook["data"]
    tree: Tree = {"evento": TRIGGERS[trigger][0]}
    if dialect.event_numbers:
        tree["idEvento"] = trigger
    tree |= {
        "idProcesso": process["id"],
        "idConta": account.of(context.state)["id"],
        "idWebhook": hook["id"],
        "dataHoraAtual": dialect.webhook_moment(iso(context.now)),
    }
    if wants["processo"]:
        tree |= views.heading(context, process, dialect.webhook_moment)
        tree["dataCancelamento"] = dialect.webhook_moment(process["cancelled_at"])
    if wants["signatarios"]:
        people = [affected] if affected is not None else process["recipients"]
        tree["signatarios"] = [_signer(recipient, dialect) for recipient in people]
    if wants["documentos"] or wants["registrosAssinatura"] or wants["linkDocCompartilhado"]:
        tree["documentos"] = [_document(context, process, one, wants) for one in process["documents"]]
    return json.dumps(dialect.webhook_spelled(tree), ensure_ascii=False, separators=(",", ":")).encode()


def _signer(recipient: Tree, dialect: Dialect) -> Tree:
    signature: dict[str, Any] = views.signature(recipient, dialect.webhook_moment, number="numeroDocumentoPessoaFisica")
    del signature["idTipoAssinatura"]
    return {
        "ordemAssinatura": recipient["order"],
        "id": recipient["id"],
        "nome": recipient["name"],
        "email": recipient["email"],
        "telefone": recipient["phone"],
        "papelSignatario": {"pessoaFisica": recipient["person_roles"], "pessoaJuridica": recipient["company_roles"]},
        "assinaturaRecusada": dialect.flag(recipient["refused"], "string"),
        "motivoRecusa": recipient["reason"],
        "dadosAssinatura": signature,
    }


def _document(context: Context, process: Tree, one: Tree, wants: Tree) -> Tree:
    concluded = process["status"] == states.CONCLUDED
    tree: Tree = {"id": one["id"], "ordemDocumento": one["order"], "nomeDocumento": one["name"]}
    if wants["documentos"] and wants["documentosTipo"] == _LINK:
        tree["linkParaBaixarDocumento"] = files.link(
            "documento", one["id"], one["name"], context.now, context.link_life
        )
    elif wants["documentos"]:
        tree["base64Documento"] = base64.b64encode(files.document(context.state, process, one)).decode()
    if wants["linkDocCompartilhado"]:
        shared = views.shared_link(one) if concluded and process["qr_code"] else None
        tree["linkDocumentosCompartilhados"] = shared
    if wants["registrosAssinatura"]:
        tree["registroAssinaturas"] = [_record(context, process, one, wants)]
    return tree


def _record(context: Context, process: Tree, one: Tree, wants: Tree) -> Tree:
    name = files.record_name(one, capital=False)
    if wants["registrosAssinaturaTipo"] == _LINK:
        return {
            "nomeRegistro": name,
            "linkParaBaixarRegistro": files.link("registro", one["id"], name, context.now, context.link_life),
        }
    return {
        "nomeRegistro": name,
        "base64Registro": base64.b64encode(files.record(context.state, process, one)).decode(),
    }
