"""One Python API for e-signatures, whichever vendor you use: the public names, each loaded when it is used.

`import esign_core` loads none of the rooms behind these names, so that it costs nothing. A new public name is written
in three places below, for readers, for type checkers and for the program; the tests compare them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from esign_core.accounts.settings import Secret, Settings
    from esign_core.client import AsyncClient, Client, connect, connect_async
    from esign_core.model.documents import Document, FileKind, SignedFile, TemplateDocument
    from esign_core.model.drafts import (
        Attachment,
        Challenge,
        Channel,
        CopyRecipient,
        Party,
        Placement,
        PlacementKind,
        ProcessDraft,
        Role,
        SecurityCode,
        SignatureData,
        SignerDraft,
    )
    from esign_core.model.errors import (
        AuthenticationError,
        ConfigError,
        ConflictError,
        EsignError,
        InvalidRequestError,
        NotFoundError,
        OutcomeUnknownError,
        Problem,
        RateLimitError,
        RefusedError,
        UnavailableError,
        UnreadableReplyError,
        UnsupportedError,
    )
    from esign_core.model.events import Authenticity, Delivery, Event, EventKind, Receipt
    from esign_core.model.fields import UNSET, Unset
    from esign_core.model.json_form import from_dict, to_dict
    from esign_core.model.process import Process, ProcessDocument, Signer, TimelineEntry
    from esign_core.model.resend import (
        Missed,
        Notified,
        PartyEdit,
        Resend,
        ResendReport,
        SecurityCodeEdit,
        SignatureDataEdit,
        SignerEdit,
    )
    from esign_core.model.status import Basis, EndReason, ProcessStatus, SignerStatus, StatusDetail
    from esign_core.providers.base import Provider
    from esign_core.providers.capabilities import Capabilities, Feature
    from esign_core.providers.flow import Call, Flow, Reply, Save
    from esign_core.providers.hookspecs import CallDetails, hookimpl
    from esign_core.sandbox import Sandbox
else:  # type checkers do not see these functions: with them, they would believe that every name exists

    def __getattr__(name: str) -> object:
        """Load a public name from its module, and keep it (PEP 562)."""
        from esign_core.model.lazy import load

        value = globals()[name] = load(__name__, _MODULES, name)
        return value

    def __dir__() -> list[str]:
        """Return the names that are loaded and those that would be."""
        return sorted({*globals(), *__all__})


__all__ = [
    "AsyncClient",
    "Attachment",
    "AuthenticationError",
    "Authenticity",
    "Basis",
    "Call",
    "CallDetails",
    "Capabilities",
    "Challenge",
    "Channel",
    "Client",
    "ConfigError",
    "ConflictError",
    "CopyRecipient",
    "Delivery",
    "Document",
    "EndReason",
    "EsignError",
    "Event",
    "EventKind",
    "Feature",
    "FileKind",
    "Flow",
    "InvalidRequestError",
    "Missed",
    "NotFoundError",
    "Notified",
    "OutcomeUnknownError",
    "Party",
    "PartyEdit",
    "Placement",
    "PlacementKind",
    "Problem",
    "Process",
    "ProcessDocument",
    "ProcessDraft",
    "ProcessStatus",
    "Provider",
    "RateLimitError",
    "Receipt",
    "RefusedError",
    "Reply",
    "Resend",
    "ResendReport",
    "Role",
    "Sandbox",
    "Save",
    "Secret",
    "SecurityCode",
    "SecurityCodeEdit",
    "Settings",
    "SignatureData",
    "SignatureDataEdit",
    "SignedFile",
    "Signer",
    "SignerDraft",
    "SignerEdit",
    "SignerStatus",
    "StatusDetail",
    "TemplateDocument",
    "TimelineEntry",
    "UNSET",
    "UnavailableError",
    "UnreadableReplyError",
    "Unset",
    "UnsupportedError",
    "connect",
    "connect_async",
    "from_dict",
    "hookimpl",
    "to_dict",
]

# Which room each name lives in.
_MODULES = {
    "model.errors": (
        "AuthenticationError",
        "ConfigError",
        "ConflictError",
        "EsignError",
        "InvalidRequestError",
        "NotFoundError",
        "OutcomeUnknownError",
        "Problem",
        "RateLimitError",
        "RefusedError",
        "UnavailableError",
        "UnreadableReplyError",
        "UnsupportedError",
    ),
    "model.status": ("Basis", "EndReason", "ProcessStatus", "SignerStatus", "StatusDetail"),
    "model.documents": ("Document", "FileKind", "SignedFile", "TemplateDocument"),
    "model.drafts": (
        "Attachment",
        "Challenge",
        "Channel",
        "CopyRecipient",
        "Party",
        "Placement",
        "PlacementKind",
        "ProcessDraft",
        "Role",
        "SecurityCode",
        "SignatureData",
        "SignerDraft",
    ),
    "model.process": ("Process", "ProcessDocument", "Signer", "TimelineEntry"),
    "model.resend": (
        "Missed",
        "Notified",
        "PartyEdit",
        "Resend",
        "ResendReport",
        "SecurityCodeEdit",
        "SignatureDataEdit",
        "SignerEdit",
    ),
    "model.fields": ("UNSET", "Unset"),
    "model.json_form": ("from_dict", "to_dict"),
    "model.events": ("Authenticity", "Delivery", "Event", "EventKind", "Receipt"),
    "providers.flow": ("Call", "Flow", "Reply", "Save"),
    "providers.capabilities": ("Capabilities", "Feature"),
    "sandbox": ("Sandbox",),
    "accounts.settings": ("Secret", "Settings"),
    "providers.base": ("Provider",),
    "providers.hookspecs": ("CallDetails", "hookimpl"),
    "client": ("AsyncClient", "Client", "connect", "connect_async"),
}
