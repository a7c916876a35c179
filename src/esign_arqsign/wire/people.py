"""Read the people of an answer, whose keys are in lower case, and make neutral signers of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from esign_arqsign.statuses import SIGNER
from esign_arqsign.wire.bits import CONVERTER
from esign_arqsign.wire.shapes import read_fields
from esign_core.model.drafts import Role
from esign_core.model.process import Signer
from esign_core.model.status import ProcessStatus, SignerStatus, StatusDetail
from esign_core.providers.convert import Flag, Number, Text, fact_date, load, wired

__all__ = ["COPY", "Person", "SIGN", "lenient_person", "load_people", "signer_of", "with_status"]

SIGN, COPY = 1, 2
"""What a recipient does: `idTipoAcao`."""

# One page calls them so, another so.
_ALIASES = {
    "id": "idprocessodestinatario",
    "ordemassinatura": "ordem",
    # So printed by the page of the full read, and without the mistake in webhooks.
    "numerodocumetopessoafisica": "numerodocumentopessoafisica",
}
# The full read and the webhooks keep these one level down, or two.
_NESTED = ("dadosassinatura", "seguranca", "dadospessoafisica", "dadospessoajuridica")

_PROCESS_FACTS: Mapping[ProcessStatus, str] = {
    ProcessStatus.DRAFT: "process_created",
    ProcessStatus.EXPIRED: "process_overdue",
    ProcessStatus.CANCELLED: "process_ended",
    ProcessStatus.DECLINED: "process_ended",
}


@attrs.frozen(repr=False)
class Person:
    """A recipient as the reads and the webhooks show them."""

    id: Text = wired("idprocessodestinatario", None)
    order: Number = wired("ordem", None)
    name: Text = wired("nome", None)
    email: Text = wired("email", None)
    phone: Text = wired("telefone", None)
    action: Number = wired("idtipoacao", None)
    signature_type: Number = wired("idtipoassinatura", None)
    signature_type_name: Text = wired("tipoassinatura", None)
    code_channel: Number = wired("idmeioenviocodigoseguranca", None)
    number: Text = wired("numerodocumentopessoafisica", None)
    company_number: Text = wired("numerodocumentoempresa", None)
    signed: Flag = wired("assinado", None)
    signed_on: Text = wired("dataassinatura", None)
    declined: Flag = wired("assinaturarecusada", None)
    reason: Text = wired("motivorecusa", None)
    waiting: Flag = wired("aguardandoenvio", None)
    undelivered: Flag = wired("falhaenvio", None)
    code_undelivered: Flag = wired("falhaenviocodigoseguranca", None)
    stated: frozenset[str] = attrs.field(default=frozenset(), kw_only=True)
    """Which of the members were in the answer at all: null says more than silence."""

    @property
    def copies(self) -> bool:
        """Tell whether this person only gets a copy; a webhook says so by a type of signature that is null."""
        return self.action == COPY or ("tipoassinatura" in self.stated and self.signature_type_name is None)

    @property
    def done(self) -> bool:
        """Tell whether this person has signed: the flag decides, a date only where the answer has no flag."""
        return self.has_date if self.signed is None else self.signed

    @property
    def has_date(self) -> bool:
        """Tell whether the date of the signature is one: systems write the year 1 or a dash where they have none."""
        return fact_date(self.signed_on) is not None


def load_people(rows: Iterable[Mapping[str, Any]], what: str) -> list[Person]:
    """Read recipients from rows whose keys are in lower case.

    Raises:
        UnreadableReplyError: a field does not fit.
    """
    return [_load(row, f"{what}[{index}]") for index, row in enumerate(rows)]


def lenient_person(row: Mapping[str, Any]) -> Person:
    """Read a recipient; a field that cannot be read is None."""
    flat = _flat(row)
    return read_fields(Person, flat, stated=frozenset(flat))


def _load(row: Mapping[str, Any], what: str) -> Person:
    flat = _flat(row)
    flat.pop("stated", None)
    return attrs.evolve(load(CONVERTER, Person, flat, what), stated=frozenset(flat))


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for level in _levels(row):
        for key, value in level.items():
            flat.setdefault(_ALIASES.get(key, key), value)
    return flat


def _levels(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield row
    for name in _NESTED:
        inner = row.get(name)
        if isinstance(inner, dict):
            yield from _levels(inner)


def signer_of(person: Person, status: ProcessStatus, current_order: int | None) -> Signer:
    """Return the neutral signer; the status follows from the flags, the process and the order.

    Args:
        person: what the vendor says of them.
        status: where the process stands.
        current_order: the lowest order in which somebody has still to sign.
    """
    flags = _flags(person)
    found, detail = SIGNER.read("+".join(flags), {*flags, *_facts(person, status, current_order)})
    return with_status(person, found, detail)


def with_status(person: Person, status: SignerStatus, detail: StatusDetail) -> Signer:
    """Return the neutral signer with a status that is known."""
    return Signer(
        id=person.id or "",
        name=person.name or "",
        email=person.email or None,
        phone=person.phone or None,
        role=Role.SIGNER,
        order=person.order,
        status=status,
        status_detail=detail,
        reason=person.reason or None,
        facts=_known(person),
    )


def _flags(person: Person) -> list[str]:
    flags = {
        "assinado": person.signed,
        "dataAssinatura": person.signed is None and person.has_date,
        "assinaturaRecusada": person.declined,
        "aguardandoEnvio": person.waiting,
        "falhaEnvio": person.undelivered,
        "falhaEnvioCodigoSeguranca": person.code_undelivered,
    }
    return [name for name, value in flags.items() if value]


def _facts(person: Person, status: ProcessStatus, current_order: int | None) -> set[str]:
    facts = {_PROCESS_FACTS[status]} if status in _PROCESS_FACTS else set()
    if current_order is not None and person.order is not None and person.order > current_order:
        facts.add("later_order")
    return facts


def _known(person: Person) -> dict[str, Any]:
    """What a later resend is checked against, and what was signed with, under the vendor's names.

    What the answer left out is not there; a number is there once it was stated.
    """
    facts = {
        "idTipoAcao": person.action,
        "idTipoAssinatura": person.signature_type,
        "idMeioEnvioCodigoSeguranca": person.code_channel,
    }
    numbers = {
        "numeroDocumentoPessoaFisica": person.number,
        "numeroDocumentoEmpresa": person.company_number,
    }
    known: dict[str, Any] = {name: value for name, value in facts.items() if name.lower() in person.stated}
    return {**known, **{name: value for name, value in numbers.items() if value}}
