"""Values that a provider returns: a process, its signers, documents and history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from esign_core.model.drafts import Channel, Role
from esign_core.model.fields import as_tuple
from esign_core.model.status import ProcessStatus, SignerStatus, StatusDetail


@attrs.frozen(kw_only=True)
class Signer:
    """One person in a process, as the vendor describes them; a field that the vendor does not give is empty."""

    id: str = ""
    name: str = attrs.field(default="", repr=False)
    email: str | None = attrs.field(default=None, repr=False)
    phone: str | None = attrs.field(default=None, repr=False)
    role: Role | None = None
    order: int | None = None
    status: SignerStatus = SignerStatus.UNKNOWN
    status_detail: StatusDetail = StatusDetail()
    reason: str | None = attrs.field(default=None, repr=False)
    """The reason the person gave when declining, or the reason for blocking them."""
    link: str | None = attrs.field(default=None, repr=False)
    """Where this person signs, if the vendor returns it. Anyone who has it can sign: keep it secret."""
    facts: Mapping[str, Any] = attrs.field(factory=dict, repr=False)
    """Further data that a later operation needs, by the provider's names."""


@attrs.frozen(kw_only=True)
class ProcessDocument:
    """One document of a process."""

    id: str = ""
    name: str = attrs.field(default="", repr=False)
    status: ProcessStatus | None = None
    status_detail: StatusDetail | None = None
    order: int | None = None


@attrs.frozen(kw_only=True)
class Process:
    """A signing process as it was when it was read."""

    id: str
    provider: str = ""
    account: str = ""
    name: str = attrs.field(default="", repr=False)
    status: ProcessStatus = ProcessStatus.UNKNOWN
    status_detail: StatusDetail = StatusDetail()
    signers: tuple[Signer, ...] = attrs.field(default=(), converter=as_tuple)
    documents: tuple[ProcessDocument, ...] = attrs.field(default=(), converter=as_tuple)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    expires_at: datetime | None = None
    read_at: datetime | None = None
    """When the process was read; None if it only follows from an accepted command."""
    reference: str | None = attrs.field(default=None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)
    """The vendor's whole payload."""

    def signer(self, *, email: str | None = None, id: str | None = None) -> Signer:
        """Return the one signer with that e-mail or that id.

        Raises:
            LookupError: no signer, or more than one, has it.
        """
        wanted = email.strip().casefold() if email else None
        found = [
            signer
            for signer in self.signers
            if (id is not None and signer.id == id) or (wanted and (signer.email or "").strip().casefold() == wanted)
        ]
        if len(found) != 1:
            what = "id" if id is not None else "e-mail"
            count, have = (f"{len(found)} signers", "have") if found else ("no signer", "has")
            msg = f"{count} of process {self.id} {have} that {what}; process.signers lists all of them"
            raise LookupError(msg)
        return found[0]


@attrs.frozen(kw_only=True)
class TimelineEntry:
    """One thing that happened to a process."""

    kind: str
    """The neutral name of what happened, as in `EventKind`, or `unknown`."""
    vendor_status: str = ""
    at: datetime | None = None
    participant: Signer | None = None
    channel: Channel | None = None
    message: str | None = attrs.field(default=None, repr=False)
    raw: Mapping[str, Any] = attrs.field(factory=dict, repr=False, eq=False)
