"""The rules of a resend: who may be edited, what an edit may say, and what it changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from esign_arqsign.sandbox import account, messages
from esign_arqsign.sandbox import state as states
from esign_arqsign.sandbox.context import MALFORMED, UNPROCESSABLE, Problems
from esign_arqsign.sandbox.creation import code_item
from esign_arqsign.sandbox.dialect import Dialect
from esign_arqsign.sandbox.reading import Tree
from esign_arqsign.sandbox.rules_send import Found, of_data, reachable
from esign_arqsign.sandbox.schema import ELECTRONIC, PERSON
from esign_arqsign.sandbox.taxids import is_email, is_phone

_SECURITY = ("idMeioEnvioCodigoSeguranca", "emailSeguranca", "telefoneSeguranca", "permitirReenviarCodigo")


def of_ids(process: Tree, edits: Sequence[Tree], problems: Problems) -> None:
    """Note the ids that do not exist: of recipients, and of the kinds of sending."""
    known = {recipient["id"] for recipient in process["recipients"]}
    unknown: dict[str, None] = {}
    for edit in edits:
        if edit["idProcessoDestinatario"] not in known:
            unknown["idProcessoDestinatario"] = None
        if edit["idFormaEnvioProcesso"] not in (None, 1, 2):
            unknown["idFormaEnvioProcesso"] = None
        if edit["idMeioEnvioCodigoSeguranca"] not in (None, 1, 2, 3, 4):
            unknown["idMeioEnvioCodigoSeguranca"] = None
    if unknown:
        problems.add(MALFORMED, messages.unknown_ids(unknown))


def of_edits(process: Tree, edits: Sequence[Tree], problems: Problems, dialect: Dialect) -> None:
    """Note what is wrong with the edits."""
    recipients = {recipient["id"]: recipient for recipient in process["recipients"]}
    wrong = {name: None for edit in edits for name in _wrong_contacts(edit)}
    if wrong:
        problems.add(dialect.wrong_format, messages.wrong_format(wrong))
    if max(Counter(edit["idProcessoDestinatario"] for edit in edits).values(), default=0) > 1:
        problems.add(UNPROCESSABLE, messages.EDITED_TWICE)
    for edit in edits:
        problems.extend(_of_edit(recipients[edit["idProcessoDestinatario"]], edit))


def _wrong_contacts(edit: Tree) -> Iterator[str]:
    if edit["email"] and not is_email(edit["email"]):
        yield "email"
    if edit["telefone"] and not is_phone(edit["telefone"]):
        yield "telefone"
    channel = edit["idMeioEnvioCodigoSeguranca"]
    if edit["emailSeguranca"] and channel in (None, 3) and not is_email(edit["emailSeguranca"]):
        yield "emailSeguranca"
    if edit["telefoneSeguranca"] and channel in (None, 1, 2) and not reachable(edit["telefoneSeguranca"], channel or 2):
        yield "telefoneSeguranca"


def _of_edit(recipient: Tree, edit: Tree) -> Iterator[Found]:
    if not recipient["signs"]:
        yield UNPROCESSABLE, messages.COPY_RECIPIENT
        return
    if recipient["signed_at"]:
        yield UNPROCESSABLE, messages.ALREADY_SIGNED
        return
    if edit["idFormaEnvioProcesso"] == 2 and recipient["type"] != ELECTRONIC:
        yield UNPROCESSABLE, messages.RESEND_NO_WHATSAPP
    if recipient["code"] is None and any(edit[name] is not None for name in _SECURITY):
        yield UNPROCESSABLE, messages.NO_CODE_YET
    if _has_data(recipient):
        yield from of_data(edit["dadosAssinatura"], recipient["block"], recipient["signs_as"])


def _has_data(recipient: Tree) -> bool:
    return recipient["type"] == ELECTRONIC and recipient["data"] is not None and recipient["block"] is not None


def apply(process: Tree, edits: Sequence[Tree]) -> None:
    """Change the recipients as the edits say; what the vendor disregards changes nothing."""
    recipients = {recipient["id"]: recipient for recipient in process["recipients"]}
    for edit in edits:
        recipient = recipients[edit["idProcessoDestinatario"]]
        for field, name in (
            ("nome", "name"),
            ("email", "email"),
            ("telefone", "phone"),
            ("idFormaEnvioProcesso", "form"),
        ):
            if edit[field] is not None:
                recipient[name] = edit[field]
        if recipient["code"] is not None:
            _apply_code(recipient["code"], edit)
        if _has_data(recipient) and edit["dadosAssinatura"]:
            _apply_data(recipient, edit["dadosAssinatura"])


def _apply_code(code: Tree, edit: Tree) -> None:
    if edit["idMeioEnvioCodigoSeguranca"] is not None:
        # The address of another channel is no longer where the code goes.
        code.update(channel=edit["idMeioEnvioCodigoSeguranca"], email=None, phone=None)
    if edit["emailSeguranca"] is not None and code["channel"] == 3:
        code["email"] = edit["emailSeguranca"]
    if edit["telefoneSeguranca"] is not None and code["channel"] in (1, 2):
        code["phone"] = edit["telefoneSeguranca"]
    if edit["permitirReenviarCodigo"] is not None:
        code["again"] = edit["permitirReenviarCodigo"]


def _apply_data(recipient: Tree, data: Tree) -> None:
    if data["signatario"]:
        recipient["data"]["person"] = _merged(recipient["data"]["person"], data["signatario"])
    if data["empresa"] and recipient["signs_as"] != PERSON:
        recipient["data"]["company"] = _merged(recipient["data"]["company"], data["empresa"])


def _merged(known: Tree | None, edit: Tree) -> Tree:
    name, number = edit["nome"], edit["numeroDocumento"]
    # With both values sent there is nothing left to discard, so the flag says nothing.
    party: Tree = {"name": None, "number": None, "validate": False}
    if not edit["DescartarDadosAnteriores"] and known:
        party = dict(known)
    if name is not None:
        party["name"] = name
    if number is not None:
        party.update(number=number, validate=bool(edit["validarDocumento"]))
    return party


def wanted(process: Tree) -> Iterator[int]:
    """Name the items a resend uses up: messages by WhatsApp and codes to those whose turn it is, but no sending."""
    for signer in states.in_turn(process):
        if signer["form"] == 2:
            yield account.WHATSAPP
        if signer["code"]:
            yield from code_item(signer["code"]["channel"])
