"""The routes about processes: send, read, resend, cancel, and the files that go with them."""

from __future__ import annotations

import base64
import copy
from typing import Final

from esign_arqsign.sandbox import (
    account,
    creation,
    files,
    messages,
    payload,
    rules_resend,
    rules_send,
    schema,
    views,
    webhooks,
)
from esign_arqsign.sandbox import (
    state as states,
)
from esign_arqsign.sandbox.context import MALFORMED, UNPROCESSABLE, Context, Problems, VendorError
from esign_arqsign.sandbox.reading import Tree, ended, read_body, read_id, read_nothing, read_process
from esign_arqsign.sandbox.rules_files import of_files
from esign_arqsign.sandbox.rules_positions import of_positions
from esign_core.providers.flow import Reply
from esign_core.sandbox import text_reply

_BASE64: Final = 1
_LINK: Final = 2


def send_v2(context: Context) -> Reply:
    """Create a process and send it."""
    return _send(context, 2)


def send_v3(context: Context) -> Reply:
    """Create a process and send it; files may be links, and access links can be asked for."""
    return _send(context, 3)


def _send(context: Context, version: int) -> Reply:
    body: Tree = read_body(context, schema.send(version, context.dialect))
    known = account.of(context.state)
    problems = Problems()
    unknown = {} if body["idResponsavel"] in known["users"] else {"idResponsavel": None}
    if any(one["idTipoAcao"] not in (schema.SIGN, schema.COPY) for one in body["destinatarios"]):
        unknown["idTipoAcao"] = None
    if unknown:
        problems.add(MALFORMED, messages.unknown_ids(unknown))
    if body["idPasta"] not in known["folders"]:
        problems.add(MALFORMED, messages.UNKNOWN_FOLDER)
    problems.settle()
    problems.extend(rules_send.of_recipients(body, known["roles"].values()))
    sent = of_files(
        body["documentos"],
        problems,
        size_limit=context.size_limit,
        wrong_format=context.dialect.wrong_format,
        fetch=context.fetch,
    )
    problems.extend(of_positions(body, sent))
    problems.settle()
    process_id = context.state.make_guid("arqsign-process", context.state.number("process"))
    if not account.afford(context.state, creation.wanted(body), context.now, process_id):
        raise VendorError(MALFORMED, messages.NO_CREDIT)
    process = creation.create(context.state, process_id, body, sent, context.now)
    webhooks.emit(context, payload.SENT, process)
    links = version >= 3 or any(one.get("retornarLinkProcesso") for one in body["destinatarios"])
    return context.answer(views.sent(process, links=links))


def full(context: Context) -> Reply:
    """Answer with the whole process and its files."""
    process = read_process(context)
    asked = {name.lower(): value.strip().lower() for name, value in context.request.query.items()}
    by_link = asked.get("arquivotipo") == str(_LINK)
    return context.answer(
        views.full(context, process, by_link=by_link, records=asked.get("retornarregistroassinatura") != "false")
    )


def resend(context: Context) -> Reply:
    """Change those who still have to sign, as far as asked, and send them the process again."""
    process = read_process(context)
    edits: list[Tree] = read_body(context, schema.resend(context.dialect), many=True)
    problems = Problems()
    rules_resend.of_ids(process, edits, problems)
    problems.settle()
    why = ended(process)
    if why is not None:
        raise VendorError(UNPROCESSABLE, why)
    rules_resend.of_edits(process, edits, problems, context.dialect)
    problems.settle()
    edited = copy.deepcopy(process)
    rules_resend.apply(edited, edits)
    if not account.afford(context.state, rules_resend.wanted(edited), context.now, process["id"]):
        raise VendorError(MALFORMED, messages.NO_CREDIT)
    process.update(edited)
    states.resend(context.state, process, context.now)
    webhooks.emit(context, payload.RESENT, process)
    return context.answer(views.resent(process, context.dialect))


def status(context: Context) -> Reply:
    """Answer with the status alone."""
    process = read_process(context)
    if context.dialect.old_status:
        words = {"NomeProcesso": process["name"], "Status": context.dialect.status(process["status"])}
        return context.answer(words, 201)
    return context.answer(views.status(process, context.dialect, context.now))


def signers(context: Context) -> Reply:
    """Answer with those who sign."""
    return context.answer(views.signers(read_process(context), context.dialect))


def cancel(context: Context) -> Reply:
    """Cancel a process that is still open."""
    process = read_process(context)
    read_nothing(context)
    why = ended(process)
    if why is not None:
        raise VendorError(UNPROCESSABLE, why)
    by = account.of(context.state)["users"][process["responsible"]]["name"]
    states.cancel(context.state, process, by, context.now)
    webhooks.emit(context, payload.CANCELLED, process)
    # A bare string, as in the manual's picture; in the other dialects it has the shape of their errors.
    text = messages.CANCEL_DONE
    if context.dialect.errors == "text":
        return text_reply(200, text)
    return context.answer({"mensagem": text} if context.dialect.errors == "object" else text)


def attachments(context: Context) -> Reply:
    """Answer with the files that signers uploaded."""
    process = read_process(context)
    search: Tree = read_body(context, schema.ATTACHMENTS)
    if search["arquivoTipo"] not in (_BASE64, _LINK):
        raise VendorError(MALFORMED, messages.FILE_KIND)
    asked = set(search["signatarios"] or ())
    found = [signer for signer in states.signers(process) if not asked or signer["id"] in asked]
    if not found:
        raise VendorError(MALFORMED, messages.unknown_ids(["signatarios"]))
    by_name = sorted(found, key=lambda signer: str(signer["name"]).casefold())
    return context.answer([_uploads(context, signer, by_link=search["arquivoTipo"] == _LINK) for signer in by_name])


def _uploads(context: Context, signer: Tree, *, by_link: bool) -> Tree:
    picture = base64.b64encode(files.PICTURE).decode()
    uploaded = [
        {
            "id": one["uploaded"],
            "nome": one["file"],
            "arquivo": files.link("anexo", one["uploaded"], one["file"], context.now, context.link_life)
            if by_link
            else picture,
        }
        for one in sorted(signer["attachments"], key=lambda one: str(one["name"]).casefold())
        if one["file"]
    ]
    return {"idSignatario": signer["id"], "nome": signer["name"], "anexos": uploaded or None}


def record(context: Context) -> Reply:
    """Answer with the audit record of one document."""
    document_id = read_id(context, "idArquivoProcesso")
    pair = next((pair for pair in states.documents(context.state) if pair[1]["id"] == document_id), None)
    if pair is None:
        raise VendorError(MALFORMED, messages.unknown_ids(["idArquivoProcesso"]))
    process, one = pair
    if process["deleted"]:
        raise VendorError(MALFORMED, messages.DELETED)
    if process["status"] == states.CREATED:
        raise VendorError(MALFORMED, messages.NO_RECORD)
    pages = base64.b64encode(files.record(context.state, process, one)).decode()
    return context.answer(
        {"idArquivoProcesso": one["id"], "nome": files.record_name(one, capital=True), "base64": pages}
    )
