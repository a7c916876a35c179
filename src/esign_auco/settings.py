"""Settings of an Auco account: two keys, the sending user, and the wording to use where the vendor's texts differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

import attrs

from esign_core.accounts.settings import Secret, Settings
from esign_core.providers.validation import is_email

__all__ = ["AucoSettings", "Dialect"]

Dialect = Literal["classic", "current"]
"""Which wording requests use: that of the vendor's older pages, or of the newest ones."""

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_PREFIXES = {"public_key": "puk_", "private_key": "prk_"}


@attrs.frozen(kw_only=True)
class AucoSettings(Settings):
    """The settings of an Auco account."""

    environments: ClassVar[Mapping[str, str]] = {
        "stage": "https://dev.auco.ai/v1.5/ext",
        "production": "https://api.auco.ai/v1.5/ext",
    }
    required: ClassVar[tuple[str, ...]] = ("public_key", "private_key", "sender")

    public_key: Secret[str] | None = None
    """The key that reads are made with; begins with `puk_`."""

    private_key: Secret[str] | None = None
    """The key that everything else is made with; begins with `prk_`."""

    sender: str | None = attrs.field(default=None, repr=False)
    """The e-mail of the platform user who creates processes; actions are recorded under it too."""

    dialect: Dialect = "classic"
    """Which wording requests use where the vendor's texts differ; answers of every wording are read."""

    inline_limit: int = 4_000_000
    """Up to how many bytes a PDF is part of the request; a larger one is uploaded to a single-use address."""

    cancel_message: str = "El remitente canceló este proceso de firma."
    """What signers read when a cancel gives no reason, because Auco requires one."""

    webhook_header: str = "Authorization"
    """The header that proves where Auco's deliveries come from; its values are the `webhook_secrets`."""

    def problems(self) -> tuple[str, ...]:
        """List settings that cannot work, by the rules of Auco too."""
        return (*super().problems(), *self._own_problems())

    def _own_problems(self) -> Iterator[str]:
        yield from self._key_problems()
        if self.sender is not None and not is_email(self.sender):
            yield "sender must be the e-mail address of a user of the platform"
        if self.dialect not in ("classic", "current"):
            yield 'dialect must be "classic" or "current"'
        if self.inline_limit < 0:
            yield "inline_limit must be a number of bytes, 0 or more"
        if not self.cancel_message.strip():
            yield "cancel_message must not be blank, because Auco refuses a cancel without a reason"
        if not _TOKEN.fullmatch(self.webhook_header):
            yield "webhook_header must be the name of an HTTP header, such as X-Hook"

    def _key_problems(self) -> Iterator[str]:
        starts = {name: _start(getattr(self, name)) for name in _PREFIXES}
        if starts == {"public_key": "prk_", "private_key": "puk_"}:
            yield "public_key and private_key are swapped: puk_... is the public one, prk_... the private one"
            return
        for name, start in starts.items():
            if start is not None and start != _PREFIXES[name]:
                yield f"{name} must begin with {_PREFIXES[name]}, as Auco's {name.replace('_', ' ')}s do"


def _start(key: Secret[str] | None) -> str | None:
    return None if key is None else key.get_secret_value()[:4]
