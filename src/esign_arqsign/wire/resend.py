"""The request that puts a process back before people (a bare array of edits, empty without any), and its answer."""

from __future__ import annotations

from typing import Any

import attrs

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.wire.bits import CODE_CHANNELS, CONVERTER, DELIVERY_CHANNELS, Bit, choice, contact_channel, flag
from esign_arqsign.wire.shapes import listed, notice, success, tree_of
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.fields import UNSET, Unset
from esign_core.model.resend import Notified, PartyEdit, Resend, ResendReport, SecurityCodeEdit, SignerEdit
from esign_core.providers.convert import Number, Text, load, wired
from esign_core.providers.flow import Reply

__all__ = ["dump_resend", "load_resent"]


@attrs.frozen(repr=False)
class _Party:
    """`signatario` or `empresa`; the flag has one of two names, as the account says."""

    name: str | None | Unset = wired("nome", UNSET)
    number: str | None | Unset = wired("numeroDocumento", UNSET)
    validate: Bit | None | Unset = wired("validarDocumento", UNSET)
    validate_short: Bit | None | Unset = wired("validar", UNSET)
    discard: Bit | None | Unset = wired("DescartarDadosAnteriores", UNSET)


@attrs.frozen(repr=False)
class _Data:
    """`dadosAssinatura`."""

    signatory: _Party | None | Unset = wired("signatario", UNSET)
    company: _Party | None | Unset = wired("empresa", UNSET)


@attrs.frozen(repr=False)
class _Edit:
    """One item of the array."""

    signer_id: str = wired("idProcessoDestinatario")
    channel: int | None | Unset = wired("idFormaEnvioProcesso", UNSET)
    name: str | None | Unset = wired("nome", UNSET)
    email: str | None | Unset = wired("email", UNSET)
    phone: str | None | Unset = wired("telefone", UNSET)
    code_channel: int | None | Unset = wired("idMeioEnvioCodigoSeguranca", UNSET)
    code_email: str | None | Unset = wired("emailSeguranca", UNSET)
    code_phone: str | None | Unset = wired("telefoneSeguranca", UNSET)
    allow_resend: Bit | None | Unset = wired("permitirReenviarCodigo", UNSET)
    data: _Data | None | Unset = wired("dadosAssinatura", UNSET)


@attrs.frozen(repr=False)
class _Pending:
    """One item of the answer: somebody who has still to sign."""

    signer_id: Text = wired("idprocessodestinatario", None)
    order: Number = wired("ordem", None)
    contact: Text = wired("formaenvioprocesso", None)
    name: Text = wired("nome", None)


_NO_CODE = SecurityCodeEdit(channel=None, email=None, phone=None, allow_resend=None)


def dump_resend(resend: Resend, settings: ArqSignSettings) -> list[Any]:
    """Return the array of edits: nothing that is unset is in it, and null stands where None was given."""
    return [CONVERTER.unstructure(_edit(edit, settings)) for edit in resend.edits]


def _edit(edit: SignerEdit, settings: ArqSignSettings) -> _Edit:
    code = edit.security_code
    # The code's fields stand flat in the item, so null for the whole block is null for each of them.
    flat = _NO_CODE if code is None else code or SecurityCodeEdit()
    return _Edit(
        signer_id=edit.signer_id,
        channel=choice(edit.channel, DELIVERY_CHANNELS),
        name=edit.name,
        email=edit.email,
        phone=edit.phone,
        code_channel=choice(flat.channel, CODE_CHANNELS),
        code_email=flat.email,
        code_phone=flat.phone,
        allow_resend=flag(flat.allow_resend, settings.bit_style),
        data=_data(edit, settings),
    )


def _data(edit: SignerEdit, settings: ArqSignSettings) -> _Data | None | Unset:
    data = edit.signature_data
    if data is None or data is UNSET:
        return data
    return _Data(signatory=_party(data.signatory, settings), company=_party(data.company, settings))


def _party(party: PartyEdit | None | Unset, settings: ArqSignSettings) -> _Party | None | Unset:
    if party is None or party is UNSET:
        return party
    validate = flag(party.validate, settings.bit_style)
    short = settings.validation_flag == "validar"
    return _Party(
        name=party.name,
        number=party.document_number,
        validate=UNSET if short else validate,
        validate_short=validate if short else UNSET,
        discard=flag(party.discard_previous, settings.bit_style),
    )


def load_resent(reply: Reply, process_id: str, *, reopened: bool | None) -> ResendReport:
    """Read who is asked again: everybody who has still to sign, edited or not.

    Older answers are a mere sentence of success; such a report names nobody.

    Raises:
        UnreadableReplyError: it is neither.
    """
    tree = tree_of(reply)
    rows = listed(tree, "destinatarios")
    if rows is None:
        if not success(notice(tree)):
            raise UnreadableReplyError(
                "the vendor's answer to a resend is neither a list of people nor a sentence of success",
                status=reply.status,
                vendor_message=notice(tree),
            )
        return ResendReport(process_id=process_id, reopened=reopened, raw=tree)
    people = [load(CONVERTER, _Pending, row, "resend") for row in rows]
    return ResendReport(
        process_id=process_id, notified=map(_notified, people), count=len(people), reopened=reopened, raw=tree
    )


def _notified(person: _Pending) -> Notified:
    return Notified(
        name=person.name,
        signer_id=person.signer_id,
        order=person.order,
        channel=contact_channel(person.contact),
        destination=person.contact,
    )
