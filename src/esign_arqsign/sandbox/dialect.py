"""Which of the vendor's contradictory texts the box follows, and how a value is written in that dialect."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo
from typing import Any, Final, Literal

import attrs
from attrs.validators import in_

from esign_core.sandbox.clock import moment

ErrorShape = Literal["documented", "object", "string", "text"]
KeyCase = Literal["documented", "pascal", "camel"]
DateForm = Literal["iso", "brazilian"]
FlagForm = Literal["documented", "boolean", "number", "string"]

_STATUSES: Final = {
    "pt": {1: "Criado", 2: "Aguardando", 3: "Em processo", 4: "Concluído", 5: "Cancelado"},
    "en": {1: "Created", 2: "Waiting", 3: "In progress", 4: "Completed", 5: "Canceled"},
}


@attrs.frozen(kw_only=True)
class Dialect:
    """The vendor's texts contradict each other in these points; each has a default and can be set the other way."""

    errors: ErrorShape = attrs.field(default="documented", validator=in_(("documented", "object", "string", "text")))
    """Error bodies: `{"codigo", "mensagem"}`, a bare JSON string, or plain text. "documented" takes the bare string
    where a picture of the manual shows one (401, 404, the cancel and status methods) and the object elsewhere."""
    keys: KeyCase = attrs.field(default="documented", validator=in_(("documented", "pascal", "camel")))
    """Case of the keys in answers; "documented" is the manual's spelling with its stray capitals."""
    dates: DateForm = attrs.field(default="iso", validator=in_(("iso", "brazilian")))
    """Dates in answers: 2025-07-02T09:30:00 or 02/07/2025 09:30:00."""
    zone: tzinfo | None = None
    """The zone of the dates; None: that of the account's setting `time_zone`, or else UTC, as the manual says."""
    flags: FlagForm = attrs.field(default="documented", validator=in_(("documented", "boolean", "number", "string")))
    """Flags in answers; "documented" is text in the full process and 0 or 1 in the list of signers."""
    language: Literal["pt", "en"] = attrs.field(default="pt", validator=in_(("pt", "en")))
    """Language of the status texts: that of the person responsible for the process."""
    status_numbers: bool = True
    """Whether answers carry `idStatus`, which older versions lacked."""
    old_status: bool = False
    """Whether the status method answers as an old picture shows: 201, with `NomeProcesso` and `Status` alone."""
    wrong_format: Literal[400, 500] = attrs.field(default=400, validator=in_((400, 500)))
    """The HTTP status for a value of the wrong format, which the manual lists under both."""
    validation_flag: Literal["both", "validarDocumento", "validar"] = attrs.field(
        default="both", validator=in_(("both", "validarDocumento", "validar"))
    )
    """Which name of the validation flag a resend may use."""
    link_field: Literal["both", "linkDoArquivo", "linkDocumento"] = attrs.field(
        default="both", validator=in_(("both", "linkDoArquivo", "linkDocumento"))
    )
    """Which name a document's link may have in the third version of the send method."""
    v2_notifications: bool = True
    """Whether the second version of the send method knows `alterarNotificacoes` and `retornarLinkProcesso`."""
    pending: Literal["all", "current"] = attrs.field(default="all", validator=in_(("all", "current")))
    """Whom a resend lists: all who still have to sign, or those of the current order alone."""
    hmac: Literal["base64", "hex"] = attrs.field(default="base64", validator=in_(("base64", "hex")))
    """How a webhook's HMAC is written."""
    webhook_keys: Literal["pascal", "camel"] = attrs.field(default="pascal", validator=in_(("pascal", "camel")))
    """Case of the keys in webhooks: as receivers in the field read them, or as the manual prints them."""
    webhook_dates: DateForm = attrs.field(default="iso", validator=in_(("iso", "brazilian")))
    """Dates in webhooks."""
    event_numbers: bool = True
    """Whether webhooks carry `IdEvento`, which older versions lacked."""

    def moment(self, text: str | None) -> str | None:
        """Write a stored moment as answers do."""
        return self._written(text, self.dates, "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S")

    def day(self, text: str | None) -> str | None:
        """Write the day of a stored moment as answers do."""
        return self._written(text, self.dates, "%d/%m/%Y", "%Y-%m-%d")

    def webhook_moment(self, text: str | None) -> str | None:
        """Write a stored moment as webhooks do."""
        return self._written(text, self.webhook_dates, "%d/%m/%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S")

    def flag(self, value: object, documented: FlagForm) -> Any:
        """Write a flag; `documented` is the form the manual shows for this answer."""
        form = documented if self.flags == "documented" else self.flags
        if form == "boolean":
            return bool(value)
        return int(bool(value)) if form == "number" else str(bool(value)).lower()

    def status(self, number: int) -> str:
        """Write a process's status in words."""
        return _STATUSES[self.language][number]

    def numbered(self, number: int) -> dict[str, Any]:
        """Write a process's status in words and, where the dialect has it, as a number."""
        words: dict[str, Any] = {"status": self.status(number)}
        return {**words, "idStatus": number} if self.status_numbers else words

    def spelled(self, tree: Any) -> Any:
        """Write an answer's keys in the case of the dialect."""
        return tree if self.keys == "documented" else recased(tree, _pascal if self.keys == "pascal" else _camel)

    def webhook_spelled(self, tree: Any) -> Any:
        """Write a webhook's keys in the case of the dialect."""
        return recased(tree, _pascal if self.webhook_keys == "pascal" else _camel)

    def _written(self, text: str | None, form: DateForm, brazilian: str, iso: str) -> str | None:
        if text is None:
            return None
        local = moment(text).astimezone(self.zone or UTC)
        return local.strftime(brazilian if form == "brazilian" else iso)


def recased(tree: Any, case: Callable[[str], str]) -> Any:
    """Write all keys of a tree in another case."""
    if isinstance(tree, dict):
        return {case(key): recased(value, case) for key, value in tree.items()}
    return [recased(item, case) for item in tree] if isinstance(tree, list) else tree


def _pascal(key: str) -> str:
    return key[:1].upper() + key[1:]


def _camel(key: str) -> str:
    return key[:1].lower() + key[1:]
