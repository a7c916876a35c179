"""Describe a resend: asking signers again, with corrections if the vendor accepts them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import attrs

from esign_core.model.drafts import Channel
from esign_core.model.errors import EsignError
from esign_core.model.fields import EMAIL, EXACT, NUMBER, PHONE, UNSET, Unset, as_tuple
from esign_core.model.status import Basis


@attrs.frozen(kw_only=True)
class SecurityCodeEdit:
    """A new channel for a signer's security code; a code cannot be added for a signer without one."""

    channel: Channel | None | Unset = UNSET
    email: str | None | Unset = attrs.field(default=UNSET, repr=False, metadata=EMAIL)
    phone: str | None | Unset = attrs.field(default=UNSET, repr=False, metadata=PHONE)
    allow_resend: bool | None | Unset = UNSET


@attrs.frozen(kw_only=True)
class PartyEdit:
    """New data of the signing person or of their company."""

    name: str | None | Unset = attrs.field(default=UNSET, repr=False)
    document_number: str | None | Unset = attrs.field(default=UNSET, repr=False, metadata=NUMBER)
    document_kind: str | None = None
    """What the number is checked as before it is sent: `CPF` for a person, `CNPJ` for a company unless said."""
    validate: bool | None | Unset = UNSET
    discard_previous: bool | None | Unset = UNSET
    """True: values stored before and not given now are removed."""


@attrs.frozen(kw_only=True)
class SignatureDataEdit:
    """New signature data of a signer."""

    signatory: PartyEdit | None | Unset = UNSET
    company: PartyEdit | None | Unset = UNSET


@attrs.frozen(kw_only=True)
class SignerEdit:
    """Corrections for one signer; fields that are not given stay unchanged."""

    signer_id: str = attrs.field(metadata=EXACT)
    name: str | None | Unset = attrs.field(default=UNSET, repr=False)
    email: str | None | Unset = attrs.field(default=UNSET, repr=False, metadata=EMAIL)
    phone: str | None | Unset = attrs.field(default=UNSET, repr=False, metadata=PHONE)
    channel: Channel | None | Unset = UNSET
    security_code: SecurityCodeEdit | None | Unset = UNSET
    signature_data: SignatureDataEdit | None | Unset = UNSET


@attrs.frozen(kw_only=True)
class Resend:
    """The way to ask signers again: unchanged, with edits, or after reopening."""

    edits: tuple[SignerEdit, ...] = attrs.field(default=(), converter=as_tuple)
    reopen: bool = False
    """True: reopen a rejected or expired process; False: the process is open, remind its signers."""
    requested_by: str | None = attrs.field(default=None, repr=False, metadata=EMAIL)
    """Who asks for it, where the vendor records that; the account's `sender` otherwise."""


@attrs.frozen(kw_only=True)
class Notified:
    """A person who was asked again, as far as the vendor says."""

    name: str | None = attrs.field(default=None, repr=False)
    signer_id: str | None = None
    order: int | None = None
    channel: Channel | None = None
    destination: str | None = attrs.field(default=None, repr=False)
    basis: Basis = Basis.EXACT
    """EXACT: the vendor says that this person was notified. DERIVED: it does not say so, but the person is pending."""


@attrs.frozen(kw_only=True)
class Missed:
    """A person whom the vendor refused to ask again, and why."""

    signer_id: str
    error: EsignError


@attrs.frozen(kw_only=True)
class ResendReport:
    """The result of a resend."""

    process_id: str
    notified: tuple[Notified, ...] = attrs.field(default=(), converter=as_tuple)
    count: int | None = None
    """How many notifications went out, as the vendor counts them. None: it gave no count; 0: accepted, none sent."""
    missed: tuple[Missed, ...] = attrs.field(default=(), converter=as_tuple)
    reopened: bool | None = None
    """None: not known."""
    at: datetime | None = None
    """When the resend was accepted, by the client's clock."""
    raw: Any = attrs.field(default=None, repr=False, eq=False)
