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
from esign_arqsign.sandbox.desk import Desk, ended
from esign_arqsign.sandbox.reading import Tree
from esign_arqsign.sandbox.refusals import MALFORMED, UNPROCESSABLE, Problems, Refused
from esign_arqsign.sandbox.rules_files import of_files
from esign_arqsign.sandbox.rules_positions import of_positions
from esign_core.providers.flow import Reply
from esign_core.sandbox import text_reply

_BASE64: Final = 1
_LINK: Final = 2


def send_v2(desk: Desk) -> Reply:
    """Create a process and send it."""
    return _send(desk, 2)


def send_v3(desk: Desk) -> Reply:
    """Create a process and send it; files may be links, and access links can be asked for."""
    return _send(desk, 3)


def _send(desk: Desk, version: int) -> Reply:
    body: Tree = desk.read(schema.send(version, desk.dialect))
    known = account.of(desk.state)
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
        size_limit=desk.size_limit,
        wrong_format=desk.dialect.wrong_format,
        fetch=desk.fetch,
    )
    problems.extend(of_positions(body, sent))
    problems.settle()
    process_id = desk.state.make_guid("arqsign-process", desk.state.number("process"))
    if not account.afford(desk.state, creation.wanted(body), desk.now, process_id):
        raise Refused(MALFORMED, messages.NO_CREDIT)
    process = creation.create(desk.state, process_id, body, sent, desk.now)
    webhooks.emit(desk, payload.SENT, process)
    links = version >= 3 or any(one.get("retornarLinkProcesso") for one in body["destinatarios"])
    return desk.answer(views.sent(process, links=links))


def full(desk: Desk) -> Reply:
    """Answer with the whole process and its files."""
    process = desk.process()
    asked = {name.lower(): value.strip().lower() for name, value in desk.request.query.items()}
    by_link = asked.get("arquivotipo") == str(_LINK)
    return desk.answer(
        views.full(desk, process, by_link=by_link, records=asked.get("retornarregistroassinatura") != "false")
    )


def resend(desk: Desk) -> Reply:
    """Change those who still have to sign, as far as asked, and send them the process again."""
    process = desk.process()
    edits: list[Tree] = desk.read(schema.resend(desk.dialect), many=True)
    problems = Problems()
    rules_resend.of_ids(process, edits, problems)
    problems.settle()
    why = ended(process)
    if why is not None:
        raise Refused(UNPROCESSABLE, why)
    rules_resend.of_edits(process, edits, problems, desk.dialect)
    problems.settle()
    edited = copy.deepcopy(process)
    rules_resend.apply(edited, edits)
    if not account.afford(desk.state, rules_resend.wanted(edited), desk.now, process["id"]):
        raise Refused(MALFORMED, messages.NO_CREDIT)
    process.update(edited)
    states.resend(desk.state, process, desk.now)
    webhooks.emit(desk, payload.RESENT, process)
    return desk.answer(views.resent(process, desk.dialect))


def status(desk: Desk) -> Reply:
    """Answer with the status alone."""
    process = desk.process()
    if desk.dialect.old_status:
        words = {"NomeProcesso": process["name"], "Status": desk.dialect.status(process["status"])}
        return desk.answer(words, 201)
    return desk.answer(views.status(process, desk.dialect, desk.now))


def signers(desk: Desk) -> Reply:
    """Answer with those who sign."""
    return desk.answer(views.signers(desk.process(), desk.dialect))


def cancel(desk: Desk) -> Reply:
    """Cancel a process that is still open."""
    process = desk.process()
    desk.read_nothing()
    why = ended(process)
    if why is not None:
        raise Refused(UNPROCESSABLE, why)
    by = account.of(desk.state)["users"][process["responsible"]]["name"]
    states.cancel(desk.state, process, by, desk.now)
    webhooks.emit(desk, payload.CANCELLED, process)
    # A bare string, as in the manual's picture; in the other dialects it has the shape of their errors.
    text = messages.CANCEL_DONE
    if desk.dialect.errors == "text":
        return text_reply(200, text)
    return desk.answer({"mensagem": text} if desk.dialect.errors == "object" else text)


def attachments(desk: Desk) -> Reply:
    """Answer with the files that signers uploaded."""
    process = desk.process()
    search: Tree = desk.read(schema.ATTACHMENTS)
    if search["arquivoTipo"] not in (_BASE64, _LINK):
        raise Refused(MALFORMED, messages.FILE_KIND)
    asked = set(search["signatarios"] or ())
    found = [signer for signer in states.signers(process) if not asked or signer["id"] in asked]
    if not found:
        raise Refused(MALFORMED, messages.unknown_ids(["signatarios"]))
    by_name = sorted(found, key=lambda signer: str(signer["name"]).casefold())
    return desk.answer([_uploads(desk, signer, by_link=search["arquivoTipo"] == _LINK) for signer in by_name])


def _uploads(desk: Desk, signer: Tree, *, by_link: bool) -> Tree:
    picture = base64.b64encode(files.PICTURE).decode()
    uploaded = [
        {
            "id": one["uploaded"],
            "nome": one["file"],
            "arquivo": files.link("anexo", one["uploaded"], one["file"], desk.now, desk.link_life)
            if by_link
            else picture,
        }
        for one in sorted(signer["attachments"], key=lambda one: str(one["name"]).casefold())
        if one["file"]
    ]
    return {"idSignatario": signer["id"], "nome": signer["name"], "anexos": uploaded or None}


def record(desk: Desk) -> Reply:
    """Answer with the audit record of one document."""
    document_id = desk.id("idArquivoProcesso")
    pair = next((pair for pair in states.documents(desk.state) if pair[1]["id"] == document_id), None)
    if pair is None:
        raise Refused(MALFORMED, messages.unknown_ids(["idArquivoProcesso"]))
    process, one = pair
    if process["deleted"]:
        raise Refused(MALFORMED, messages.DELETED)
    if process["status"] == states.CREATED:
        raise Refused(MALFORMED, messages.NO_RECORD)
    pages = base64.b64encode(files.record(desk.state, process, one)).decode()
    return desk.answer({"idArquivoProcesso": one["id"], "nome": files.record_name(one, capital=True), "base64": pages})
