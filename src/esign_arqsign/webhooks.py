"""Read incoming webhooks: check the HMAC of the body, accept keys in any case, and answer with 200.

The vendor switches a webhook off for good when it is answered with 401, 403 or 404, and takes any 2xx but 200 for a
failure. So what is authentic is answered with 200, readable or not, and what is forged with 400.
"""

from __future__ import annotations

import base64
import binascii
import enum
import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

import attrs

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.statuses import EVENT_SIGNER
from esign_arqsign.wire.people import Person, lenient_person, with_status
from esign_core.model.errors import ConfigError
from esign_core.model.events import Authenticity, Delivery, Event, EventKind, Receipt, WebhookReply
from esign_core.model.process import ProcessDocument
from esign_core.model.status import Basis, SignerStatus, StatusDetail
from esign_core.model.strict_json import UnreadableBodyError, decode_object
from esign_core.providers.convert import fact_date, lenient, lower_keys, read_number, read_text
from esign_core.providers.webhooks import dedupe_key, same_secret

__all__ = ["HEADER", "RETRY_WINDOW", "Trigger", "receive"]

HEADER = "HMAC"
"""The header with the HMAC-SHA256 of the body, in Base64 or hexadecimal: the vendor does not say which."""


class Trigger(enum.IntEnum):
    """What a webhook can be called for: `gatilhos` and `IdEvento`."""

    SENT = 1
    DELIVERY_FAILED = 2
    SIGNED = 3
    DECLINED = 4
    CANCELLED = 5
    EXPIRED = 6
    RESENT = 7
    COMPLETED = 8


@attrs.frozen
class _Row:
    """What a trigger means: what happened to each signer it names, then to the process; and which date is its own."""

    signer: EventKind | None
    process: EventKind | None
    dates: tuple[str, ...]


_SIGNED_ON = "dataassinatura"

_ROWS: Mapping[int, _Row] = {
    Trigger.SENT: _Row(None, EventKind.PROCESS_SENT, ("dataenvio",)),
    Trigger.DELIVERY_FAILED: _Row(EventKind.SIGNER_DELIVERY_FAILED, None, ("datareenvio", "dataenvio")),
    Trigger.SIGNED: _Row(EventKind.SIGNER_DONE, None, (_SIGNED_ON,)),
    Trigger.DECLINED: _Row(EventKind.SIGNER_DECLINED, EventKind.PROCESS_DECLINED, ("datacancelamento",)),
    Trigger.CANCELLED: _Row(None, EventKind.PROCESS_CANCELLED, ("datacancelamento",)),
    Trigger.EXPIRED: _Row(None, EventKind.PROCESS_EXPIRED, ("dataexpiracao",)),
    Trigger.RESENT: _Row(EventKind.SIGNER_REMINDED, None, ("datareenvio",)),
    Trigger.COMPLETED: _Row(None, EventKind.PROCESS_COMPLETED, ("dataconclusao",)),
}

_UNKNOWN = _Row(None, EventKind.UNKNOWN, ())
_MOST_TRIGGERS = 10**9
_KNOWN_NAME = "processoconcluido"

# Of the names in `Evento` one is known, ProcessoConcluido; the others are recognised by a part, the telling one first.
_STEMS: tuple[tuple[str, Trigger], ...] = (
    ("falha", Trigger.DELIVERY_FAILED),
    ("conclu", Trigger.COMPLETED),
    ("recus", Trigger.DECLINED),
    ("cancel", Trigger.CANCELLED),
    ("expir", Trigger.EXPIRED),
    ("reenvi", Trigger.RESENT),
    ("assin", Trigger.SIGNED),
    ("envi", Trigger.SENT),
)


_CONFIRMED_BY: Mapping[int, Callable[[Person], object]] = {
    Trigger.SIGNED: lambda person: person.done,
    Trigger.DECLINED: lambda person: person.declined,
    Trigger.RESENT: lambda person: not person.done and not person.copies,
}
"""What shows that a person is one of those whom a trigger is about, where a delivery lists more people."""

_CONTRADICTED_BY: Mapping[int, Callable[[Person], object]] = {
    Trigger.SIGNED: lambda person: person.signed is False,
}
"""What shows that the only person of a delivery is not the one whom its trigger is about."""

RETRY_WINDOW = timedelta(days=5)
"""How long the vendor repeats a delivery: an equal key means the same event only so long, if it holds no date."""

# A name longer than this is none of the vendor's; normalising takes time that grows with the square of marks in a row.
_LONGEST_NAME = 200


def receive(delivery: Delivery, settings: ArqSignSettings) -> Receipt:
    """Check and read a delivery; its contents never make this raise.

    Raises:
        ConfigError: there is no secret to check it with, or a blank one.
    """
    secrets = [secret.get_secret_value() for secret in settings.webhook_secrets]
    if not all(secret.strip() for secret in secrets) or not (secrets or settings.insecure_webhooks):
        raise ConfigError(
            "webhook_secrets must hold the key by which deliveries are checked",
            hint="Set it to the HMAC key that ArqSign shows for the webhook, or insecure_webhooks = true.",
        )
    authenticity = Authenticity.NONE
    if secrets:
        if not _signed(delivery, secrets):
            problem = f"the header {HEADER} does not fit the body under any of the account's keys"
            return Receipt(reply=WebhookReply(status=400), problem=problem)
        authenticity = Authenticity.BODY_SIGNED
    accepted = WebhookReply(status=200)
    problem = ""
    try:
        return Receipt(reply=accepted, events=_events(delivery, authenticity, settings), authenticity=authenticity)
    except UnreadableBodyError as error:
        problem = str(error)
    return Receipt(reply=accepted, authenticity=authenticity, problem=problem)


def _signed(delivery: Delivery, secrets: list[str]) -> bool:
    digest = _digest(delivery.headers.get(HEADER, ""))
    expected = [hmac.new(secret.encode(), delivery.body, hashlib.sha256).hexdigest() for secret in secrets]
    # Compared in any case, so that a header without a digest takes as long as one with a wrong digest.
    return same_secret(digest, expected)


def _digest(given: str) -> str:
    text = given.strip()
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return text.lower()
    try:
        return base64.b64decode(text, validate=True).hex()
    except (binascii.Error, ValueError):
        return ""


def _events(delivery: Delivery, authenticity: Authenticity, settings: ArqSignSettings) -> tuple[Event, ...]:
    raw = decode_object(delivery.body)
    tree = _folded(raw)
    trigger, basis = _trigger(tree)
    row = _ROWS.get(trigger or 0, _UNKNOWN)
    people, sure = _affected(tree, trigger)
    common = _Common(
        tree=tree,
        zone=settings.zone,
        process_id=_text(tree.get("idprocesso")),
        reason=next((person.reason for person in people if person.reason), None),
        sent_at=fact_date(tree.get("datahoraatual"), settings.zone),
        signer_status=EVENT_SIGNER.read(trigger),
        fields={
            "name": _text(tree.get("nomeprocesso")),
            "documents": _documents(tree),
            "received_at": delivery.received_at,
            "authenticity": authenticity,
            "basis": basis if sure else Basis.AMBIGUOUS,
            "vendor_status": _text(tree.get("evento")) or _text(tree.get("idevento")) or "",
            "raw": raw,
        },
    )
    return tuple(_event(common, row, trigger, kind, person) for kind, person in _happened(row, people))


@attrs.frozen
class _Common:
    """What all events of one delivery share."""

    tree: Mapping[str, Any]
    zone: tzinfo
    process_id: str | None
    reason: str | None
    sent_at: datetime | None
    signer_status: tuple[SignerStatus, StatusDetail]
    fields: Mapping[str, Any]


def _event(common: _Common, row: _Row, trigger: int | None, kind: EventKind, person: Person | None) -> Event:
    own = _own_date(common.tree, person, row)
    moment = fact_date(own, common.zone)
    content = _content(common.tree) if kind is EventKind.UNKNOWN else own
    who = (person.id or person.email or person.phone or person.name) if person else None
    # A failed delivery has no date of its own: the one it is keyed by is that of the sending, which may fail again.
    lasting = moment is not None and trigger != Trigger.DELIVERY_FAILED
    return Event(
        kind=kind,
        process_id=common.process_id,
        signer=with_status(person, *common.signer_status) if person else None,
        message=(person.reason if person else None) or common.reason,
        occurred_at=moment or common.sent_at,
        dedupe_key=dedupe_key(common.process_id, kind.value, who, moment.isoformat() if moment else content),
        dedupe_for=None if lasting else RETRY_WINDOW,
        **common.fields,
    )


def _folded(raw: dict[str, Any]) -> dict[str, Any]:
    """Return the tree with lower-case keys; one that says the same thing twice in different cases means nothing."""
    level: list[Any] = [raw]
    while level:
        node = level.pop()
        if isinstance(node, dict):
            if len({str(key).lower() for key in node}) < len(node):
                raise UnreadableBodyError("the body names a key twice")
            level.extend(node.values())
        elif isinstance(node, list):
            level.extend(node)
    tree: dict[str, Any] = lower_keys(raw)
    return tree


def _trigger(tree: Mapping[str, Any]) -> tuple[int | None, Basis]:
    """Return the event's number and how sure it is; its name is read only where there is no number."""
    name = (_text(tree.get("evento")) or "")[:_LONGEST_NAME]
    given = tree.get("idevento")
    if given is None and name.isdecimal():
        given = name
    if given is not None and _text(given) is not None:
        number = lenient(read_number, given)
        return (number if number is not None and 0 < number < _MOST_TRIGGERS else None), Basis.EXACT
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = next((trigger for stem, trigger in _STEMS if stem in plain), None)
    return found, Basis.EXACT if plain == _KNOWN_NAME or found is None else Basis.DERIVED


def _affected(tree: Mapping[str, Any], trigger: int | None) -> tuple[list[Person], bool]:
    """Return whom the event is about, and whether that is sure; other people may be listed beside them."""
    rows = tree.get("signatarios")
    people = [lenient_person(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    confirmed = _CONFIRMED_BY.get(trigger or 0)
    chosen = [person for person in people if confirmed is None or confirmed(person)]
    if chosen or len(people) != 1:
        return chosen, True
    contradicted = _CONTRADICTED_BY.get(trigger or 0)
    return ([], False) if contradicted is not None and contradicted(people[0]) else (people, True)


def _happened(row: _Row, people: list[Person]) -> Iterator[tuple[EventKind, Person | None]]:
    if row.signer is not None:
        affected: Sequence[Person | None] = people or [None]
        yield from ((row.signer, person) for person in affected)
    if row.process is not None:
        yield row.process, None


def _documents(tree: Mapping[str, Any]) -> list[ProcessDocument]:
    rows = tree.get("documentos")
    found = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            order = lenient(read_number, row.get("ordemdocumento"))
            name = _text(row.get("nomedocumento")) or ""
            found.append(ProcessDocument(id=_text(row.get("id")) or "", name=name, order=order))
    return found


def _own_date(tree: Mapping[str, Any], person: Person | None, row: _Row) -> str | None:
    """Return the event's own date; never the time of the message, which may be that of another attempt."""
    given = (person and person.signed_on if name == _SIGNED_ON else tree.get(name) for name in row.dates)
    return next((text for value in given if (text := _text(value))), None)


def _content(tree: Mapping[str, Any]) -> str:
    """Return what an unknown event says, but for the time of the message: nothing else tells it from another."""
    return json.dumps({key: value for key, value in tree.items() if key != "datahoraatual"}, sort_keys=True)


def _text(value: Any) -> str | None:
    found = lenient(read_text, value)
    return found.strip() or None if found else None
