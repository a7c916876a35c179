"""Settings: what an ArqSign account can set, and the vendor's plans as data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs

from esign_core.accounts.settings import Secret
from esign_core.accounts.settings import Settings as BaseSettings
from esign_core.accounts.window import Window

__all__ = ["ArqSignSettings", "PLANS", "is_guid"]

_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

PLANS: Mapping[str, tuple[str, ...]] = {
    "profissional": ("4/second", "80/minute", "80/hour", "80/month"),
    "empresarial": ("4/second", "160/minute", "200/hour", "200/month"),
    "corporativo": ("4/second", "240/minute", "400/hour", "400/month"),
    "profissional-anual": ("4/second", "80/minute", "80/hour", "200/month"),
    "empresarial-anual": ("4/second", "160/minute", "200/hour", "200/month"),
    "corporativo-anual": ("4/second", "240/minute", "400/hour", "400/month"),
    "personalizado-1": ("4/second", "240/minute", "600/hour", "600/month"),
    "personalizado-19": ("4/second", "240/minute", "2400/hour", "900000/month"),
}
"""How many requests each of the vendor's plans allows; of the custom plan, its first and last band.

The bands between are not published whole: give `call_limits` for them.
"""


def is_guid(text: object) -> bool:
    """Tell whether a text has the form of all of this vendor's ids: a GUID with its hyphens."""
    return isinstance(text, str) and _GUID.fullmatch(text) is not None


@attrs.frozen(kw_only=True)
class ArqSignSettings(BaseSettings):
    """What an ArqSign account can set.

    What a signer must state about themselves is not part of a draft: `require_name` to `company_document_length` say
    it for the whole account, and `SignerDraft.extras` says otherwise for one person.
    """

    environments: ClassVar[Mapping[str, str]] = {"production": "https://api-rest.arqsign.com"}
    required: ClassVar[tuple[str, ...]] = ("app_key",)

    app_key: Secret[str] | None = None
    """The account's key, from the vendor's pages on integrations; a new one there ends the old one."""

    subscription_key: Secret[str] | None = None
    """One of the account's two subscription keys; needed to create, and for audit records."""

    responsible_id: str | None = None
    """The GUID of the account's user who owns and sends the processes; needed to create."""

    folder_id: str | None = None
    """The GUID of the folder that processes are filed in; needed to create where a draft names none."""

    validation_flag: Literal["validarDocumento", "validar"] = "validarDocumento"
    """What a resend calls the flag that a document number must be checked; the vendor's pages know both names."""

    bit_style: Literal["number", "boolean"] = "number"
    """Whether flags are written as 1 and 0 or as true and false."""

    plan: str | None = None
    """The vendor's plan, a key of `PLANS`: its limits of calls hold, unless `call_limits` says others."""

    time_zone: str = "UTC"
    """The zone of the vendor's dates, which come without one: UTC, as the manual's list of methods says."""

    require_name: bool = True
    """Whether an electronic signer must state their name."""

    require_document: bool = True
    """Whether an electronic signer must state a document's number."""

    document_kind: str = "CPF"
    """Which document a person states: CPF, CNH, RG, or any other, by its name."""

    document_format: Literal["text", "numeric"] = "text"
    """What the number of a person's other document is made of."""

    document_length: int = 20
    """How many characters the number of a person's other document has at most."""

    require_company_name: bool = True
    """Whether somebody who signs for a company must state its name."""

    require_company_document: bool = True
    """Whether somebody who signs for a company must state its document's number."""

    company_document_kind: str = "CNPJ"
    """Which document is stated of a company: CNPJ, or any other, by its name."""

    company_document_format: Literal["text", "numeric"] = "text"
    """What the number of a company's other document is made of."""

    company_document_length: int = 20
    """How many characters the number of a company's other document has at most."""

    attachments_visible: bool = False
    """Whether the files that a signer attaches are shown to everybody in the process."""

    @property
    def zone(self) -> ZoneInfo:
        """The zone that the vendor's dates are read in."""
        return ZoneInfo(self.time_zone)

    @property
    def windows(self) -> tuple[Window, ...]:
        """The limits of calls: those of `call_limits`, otherwise those of the plan, if one is named."""
        texts = self.call_limits or PLANS.get(self.plan or "", ())
        return tuple(Window.parse(text) for text in texts)

    def problems(self) -> tuple[str, ...]:
        """List what is wrong with these settings: what is wrong for any vendor, then what is wrong for this one."""
        return (*super().problems(), *self._own_problems())

    def _own_problems(self) -> Iterator[str]:
        for name in ("responsible_id", "folder_id"):
            value = getattr(self, name)
            if value is not None and not is_guid(value):
                yield f"{name} must be a GUID such as 7b0d6c1e-58d3-4c6e-9f51-2d5a0f4f3a11"
        for name in ("document_kind", "company_document_kind"):
            if not 0 < len(getattr(self, name).strip()) <= 50:
                yield f"{name} must be a name of 1 to 50 characters"
        for name in ("document_length", "company_document_length"):
            if not 1 <= getattr(self, name) <= 255:
                yield f"{name} must be a number from 1 to 255"
        if self.plan is not None and self.plan not in PLANS:
            yield f"plan must be one of {', '.join(PLANS)}; for any other give call_limits"
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield "time_zone must be a name of the time zone database, such as UTC or America/Sao_Paulo"
