"""The rules of the send methods about people: who may be sent a process, how, and what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from esign_arqsign.sandbox import messages
from esign_arqsign.sandbox.context import MALFORMED, UNPROCESSABLE
from esign_arqsign.sandbox.reading import Tree
from esign_arqsign.sandbox.schema import COPY, ELECTRONIC, PERSON, SIGN
from esign_arqsign.sandbox.taxids import CNH, CNPJ, CPF, OTHER, RG, is_brazilian_phone, is_email, is_number_of, is_phone

Found = tuple[int, str]
_LONGEST_NAME: Final = 250
_PERSON_KINDS: Final = (CPF, CNH, RG, OTHER)
_COMPANY_KINDS: Final = (OTHER, CNPJ)


def of_recipients(body: Tree, roles: Iterable[str]) -> Iterator[Found]:
    """Find what is wrong with the recipients of a process."""
    known = {folded(role) for role in roles}
    recipients = body["destinatarios"]
    signers = [recipient for recipient in recipients if recipient["idTipoAcao"] == SIGN]
    if not signers:
        yield UNPROCESSABLE, messages.NO_SIGNER
    if body["usarOrdemAssinatura"] and not all(signer["ordemAssinatura"] for signer in signers):
        yield MALFORMED, messages.ORDER_MISSING
    yield from _twice(body, signers)
    for recipient in recipients:
        yield from _contact(recipient)
        yield from _notifications(recipient)
        if recipient["idTipoAcao"] == SIGN:
            yield from _online(recipient, known)


def folded(role: str) -> str:
    """Write a role's name as the vendor compares it: without regard to case and extra blanks."""
    return " ".join(role.split()).casefold()


def order_of(body: Tree, recipient: Tree) -> int:
    """Give the order a recipient is in; without an order everybody is first, and so are copies."""
    if not body["usarOrdemAssinatura"] or recipient["idTipoAcao"] == COPY:
        return 1
    return int(recipient["ordemAssinatura"] or 0)


def _twice(body: Tree, signers: Iterable[Tree]) -> Iterator[Found]:
    places = Counter(
        (order_of(body, signer), contact)
        for signer in signers
        for contact in {(signer["email"] or "").strip().casefold(), (signer["telefone"] or "").strip()} - {""}
    )
    if any(count > 1 for count in places.values()):
        yield UNPROCESSABLE, messages.SAME_PERSON_TWICE


def _contact(recipient: Tree) -> Iterator[Found]:
    email, phone = recipient["email"], recipient["telefone"]
    if not email and not phone:
        yield MALFORMED, messages.NO_CONTACT
    if email and phone:
        yield UNPROCESSABLE, messages.TWO_CONTACTS
    if email and not is_email(email):
        yield MALFORMED, messages.BAD_EMAIL
    if phone and not is_phone(phone):
        yield MALFORMED, messages.BAD_PHONE
    online = recipient["assinarOnline"]
    if phone and online and online["idTipoAssinatura"] != ELECTRONIC:
        yield UNPROCESSABLE, messages.NO_WHATSAPP


def _notifications(recipient: Tree) -> Iterator[Found]:
    if recipient.get("alterarNotificacoes") in (1, 3) and not recipient.get("retornarLinkProcesso"):
        yield UNPROCESSABLE, messages.LINK_NEEDED


def _online(recipient: Tree, roles: set[str]) -> Iterator[Found]:
    online = recipient["assinarOnline"]
    if recipient["representacaoVisualAssinatura"] not in (None, 1, 2, 3):
        yield MALFORMED, messages.REPRESENTATION
    named = [*(online["papelPessoaFisica"] or ()), *(online["papelPessoaJuridica"] or ())]
    if any(folded(role) not in roles for role in named):
        yield UNPROCESSABLE, messages.UNKNOWN_ROLE
    yield from _security(online["seguranca"])
    yield from _attachments(online["anexos"] or ())
    if online["idTipoAssinatura"] not in (1, 3, 4):
        yield MALFORMED, messages.SIGNATURE_TYPE
    if online["assinaturaEletronica"]:
        yield from _electronic(online["assinaturaEletronica"], online["assinarComo"])
        yield from of_data(online["dadosAssinatura"], online["assinaturaEletronica"], online["assinarComo"])


def _security(code: Tree | None) -> Iterator[Found]:
    if not code or code["codigoSeguranca"] is None:
        return
    channel, email, phone = code["idMeioEnvio"], code["codigoSegurancaEmail"], code["codigoSegurancaTelefone"]
    if channel not in (1, 2, 3, 4):
        yield MALFORMED, messages.CODE_CHANNEL
    if channel == 3 and not email:
        yield MALFORMED, messages.CODE_EMAIL
    if channel == 3 and email and not is_email(email):
        yield MALFORMED, messages.BAD_EMAIL
    if channel in (1, 2) and not phone:
        yield MALFORMED, messages.CODE_PHONE
    if channel in (1, 2) and phone and not reachable(phone, channel):
        yield MALFORMED, messages.BAD_PHONE


def reachable(phone: str, channel: int) -> bool:
    """Tell whether a code can be sent to a phone by SMS, which works in Brazil alone, or by WhatsApp."""
    return is_phone(phone) and (channel != 1 or is_brazilian_phone(phone))


def _attachments(asked: Iterable[Tree]) -> Iterator[Found]:
    names = []
    for one in asked:
        if any(value is None for value in one.values()) and any(value is not None for value in one.values()):
            yield MALFORMED, messages.PARTIAL_ATTACHMENT
        if one["anexoDocumentoNome"]:
            names.append(one["anexoDocumentoNome"].strip().casefold())
    if len(set(names)) < len(names):
        yield UNPROCESSABLE, messages.SAME_ATTACHMENT


def _electronic(block: Tree, signs_as: int) -> Iterator[Found]:
    if block["tipoDocumentoAInformar"] not in _PERSON_KINDS:
        yield MALFORMED, messages.PERSON_DOCUMENT_TYPE
    if block["tipoDocumentoAInformar"] == OTHER and not block["configuracaoDocumentoOutro"]:
        yield MALFORMED, messages.PERSON_OTHER_BLOCK
    if signs_as == PERSON:
        return
    if block["tipoDocumentoEmpresaAInformar"] not in _COMPANY_KINDS:
        yield MALFORMED, messages.COMPANY_DOCUMENT_TYPE
    if block["tipoDocumentoEmpresaAInformar"] == OTHER and not block["configuracaoDocumentoEmpresaOutro"]:
        yield MALFORMED, messages.COMPANY_OTHER_BLOCK


def of_data(data: Tree | None, block: Tree, signs_as: int) -> Iterator[Found]:
    """Find what is wrong with the signature data of a signer whose documents are of the kinds in `block`."""
    if not data:
        return
    person, company = data["signatario"] or {}, data["empresa"] or {}
    if signs_as == PERSON:
        company = {}
    for party in (person, company):
        if len(party.get("nome") or "") > _LONGEST_NAME:
            yield MALFORMED, messages.NAME_TOO_LONG
    number, kind = person.get("numeroDocumento"), block["tipoDocumentoAInformar"]
    if number and kind in _PERSON_KINDS and not is_number_of(kind, number, block["configuracaoDocumentoOutro"]):
        yield UNPROCESSABLE, messages.PERSON_NUMBER
    number, kind = company.get("numeroDocumento"), block["tipoDocumentoEmpresaAInformar"]
    if number and kind in _COMPANY_KINDS and not is_number_of(kind, number, block["configuracaoDocumentoEmpresaOutro"]):
        yield UNPROCESSABLE, messages.COMPANY_NUMBER
    for more in data.get("dadosComplementares") or ():
        if more["valor"] and not more["label"]:
            yield MALFORMED, messages.LABEL_MISSING
        if more["label"] and not more["valor"]:
            yield MALFORMED, messages.VALUE_MISSING
