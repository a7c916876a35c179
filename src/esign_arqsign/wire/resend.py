"""The request that resends a process: a bare array of edits, empty without any."""

from __future__ import annotations

from typing import Any

import attrs

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.wire.bits import CODE_CHANNELS, CONVERTER, DELIVERY_CHANNELS, Bit, choice, flag
from esign_arqsign.wire.fields import Field, table, wired
from esign_core.model.fields import UNSET, Unset
from esign_core.model.resend import PartyEdit, Resend, SecurityCodeEdit, SignerEdit

__all__ = ["RESEND", "dump_resend"]

_FLAG = "under the name that the account's validation_flag gives"


@attrs.frozen(repr=False)
class _Party:
    """`signatario` or `empresa`; the flag has one of two names, as the account says."""

    name: str | None | Unset = wired("nome", UNSET, carries=".name", limit=250)
    number: str | None | Unset = wired("numeroDocumento", UNSET, carries=".document_number")
    validate: Bit | None | Unset = wired("validarDocumento", UNSET, carries=".validate", note=_FLAG)
    validate_short: Bit | None | Unset = wired("validar", UNSET, carries=".validate", note=_FLAG)
    discard: Bit | None | Unset = wired("DescartarDadosAnteriores", UNSET, carries=".discard_previous")


@attrs.frozen(repr=False)
class _Data:
    """`dadosAssinatura`."""

    signatory: _Party | None | Unset = wired("signatario", UNSET, below="edits[].signature_data.signatory")
    company: _Party | None | Unset = wired("empresa", UNSET, below="edits[].signature_data.company")


@attrs.frozen(repr=False)
class _Edit:
    """One item of the array."""

    signer_id: str = wired("idProcessoDestinatario", carries="edits[].signer_id")
    channel: int | None | Unset = wired(
        "idFormaEnvioProcesso", UNSET, carries="edits[].channel", note="1 e-mail, 2 WhatsApp"
    )
    name: str | None | Unset = wired("nome", UNSET, carries="edits[].name", limit=150)
    email: str | None | Unset = wired("email", UNSET, carries="edits[].email", limit=150)
    phone: str | None | Unset = wired("telefone", UNSET, carries="edits[].phone", limit=20)
    code_channel: int | None | Unset = wired(
        "idMeioEnvioCodigoSeguranca",
        UNSET,
        carries="edits[].security_code.channel",
        note="1 SMS, 2 WhatsApp, 3 e-mail, 4 none",
    )
    code_email: str | None | Unset = wired("emailSeguranca", UNSET, carries="edits[].security_code.email", limit=150)
    code_phone: str | None | Unset = wired("telefoneSeguranca", UNSET, carries="edits[].security_code.phone", limit=20)
    allow_resend: Bit | None | Unset = wired(
        "permitirReenviarCodigo", UNSET, carries="edits[].security_code.allow_resend"
    )
    data: _Data | None | Unset = wired("dadosAssinatura", UNSET)


_KIND = "not sent: what the number is judged as"

RESEND: tuple[Field, ...] = (
    *table(_Edit, "[]."),
    Field("edits[].signature_data.signatory.document_kind", "", _KIND),
    Field("edits[].signature_data.company.document_kind", "", _KIND),
    Field("reopen", "", "not sent: the same request brings an expired process back"),
    Field("requested_by", "", "no place: left out"),
)
"""Where each field of a resend goes; the body is a bare array."""

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
