"""The vendor's numbers for neutral choices, and its flags, which are written as numbers or as booleans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from esign_core.model.drafts import Channel
from esign_core.model.fields import Unset
from esign_core.providers.convert import make_converter

__all__ = [
    "Bit",
    "CODE_CHANNELS",
    "COMPANY_KINDS",
    "CONVERTER",
    "DELIVERY_CHANNELS",
    "FORMATS",
    "OTHER_KIND",
    "PERSON_KINDS",
    "choice",
    "contact_channel",
    "flag",
]

Bit = int | bool
"""A flag as the account's `bit_style` writes it."""

CONVERTER = make_converter()
"""Reads and writes this vendor's JSON."""

DELIVERY_CHANNELS: Mapping[Channel, int] = {Channel.EMAIL: 1, Channel.WHATSAPP: 2}
"""How a person is asked: `idFormaEnvioProcesso`."""

CODE_CHANNELS: Mapping[Channel, int] = {Channel.SMS: 1, Channel.WHATSAPP: 2, Channel.EMAIL: 3, Channel.NONE: 4}
"""How a security code travels: `idMeioEnvio` and `idMeioEnvioCodigoSeguranca`."""

PERSON_KINDS: Mapping[str, int] = {"CPF": 1, "CNH": 2, "RG": 3}
"""Which document a person states: `tipoDocumentoAInformar`."""

COMPANY_KINDS: Mapping[str, int] = {"CNPJ": 5}
"""Which document is stated of a company: `tipoDocumentoEmpresaAInformar`."""

OTHER_KIND = 4
"""A document of a kind of one's own, in both tables."""

FORMATS: Mapping[str, int] = {"text": 1, "numeric": 2}
"""What the number of such a document is made of: `formatoDadosDocumento`."""

T = TypeVar("T")


def flag(value: T, style: str) -> Bit | T:
    """Return a boolean as the account writes flags; anything else (null, unset) as it is."""
    if isinstance(value, bool):
        return value if style == "boolean" else int(value)
    return value


def choice(value: Channel | None | Unset, numbers: Mapping[Channel, int]) -> int | None | Unset:
    """Return the vendor's number for a channel; null and unset as they are."""
    return numbers[value] if isinstance(value, Channel) else value


def contact_channel(contact: str | None) -> Channel | None:
    """Tell from a contact which way it is reached: an address is written to, a number gets WhatsApp messages."""
    if not contact or not contact.strip():
        return None
    return Channel.EMAIL if "@" in contact else Channel.WHATSAPP
