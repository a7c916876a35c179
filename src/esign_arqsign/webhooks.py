"""Incoming webhooks: judged by the HMAC of their body, read whatever the case of their keys, and answered with 200.

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
from datetime import tzinfo
from typing import Any

import attrs

from esign_arqsign.settings import ArqSignSettings
from esign_arqsign.statuses import EVENT_SIGNER
from esign_arqsign.wire.people import Person, load_people, signer_of
from esign_core.model.errors import ConfigError, UnreadableReplyError
from esign_core.model.events import Authenticity, Delivery, Event, EventKind, Receipt, WebhookReply
from esign_core.model.process import ProcessDocument, Signer
from esign_core.model.status import ProcessStatus
from esign_core.model.strict_json import UnreadableBodyError, decode_object
from esign_core.providers.convert import lenient_instant, lower_keys
from esign_core.providers.webhooks import dedupe_key, same_secret

__all__ = ["HEADER", "Trigger", "receive"]

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


_ROWS: Mapping[int, _Row] = {
    Trigger.SENT: _Row(None, EventKind.PROCESS_SENT, ("dataenvio",)),
    Trigger.DELIVERY_FAILED: _Row(EventKind.SIGNER_DELIVERY_FAILED, None, ("datareenvio", "dataenvio")),
    Trigger.SIGNED: _Row(EventKind.SIGNER_DONE, None, ("dataassinatura",)),
    Trigger.DECLINED: _Row(EventKind.SIGNER_DECLINED, EventKind.PROCESS_DECLINED, ("datacancelamento",)),
    Trigger.CANCELLED: _Row(None, EventKind.PROCESS_CANCELLED, ("datacancelamento",)),
    Trigger.EXPIRED: _Row(None, EventKind.PROCESS_EXPIRED, ("dataexpiracao",)),
    Trigger.RESENT: _Row(EventKind.SIGNER_REMINDED, None, ("datareenvio",)),
    Trigger.COMPLETED: _Row(None, EventKind.PROCESS_COMPLETED, ("dataconclusao",)),
}

_UNKNOWN = _Row(None, EventKind.UNKNOWN, ())

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


_TELLING: Mapping[int, Callable[[Person], object]] = {
    Trigger.SIGNED: lambda person: person.done,
    Trigger.DECLINED: lambda person: person.declined,
    Trigger.RESENT: lambda person: not person.done and not person.copies,
}


def receive(delivery: Delivery, settings: ArqSignSettings) -> Receipt:
    """Judge and read a delivery; it raises nothing for what the delivery contains.

    Raises:
        ConfigError: there is no secret to judge it by, or a blank one.
    """
    secrets = [secret.get_secret_value() for secret in settings.webhook_secrets]
    if not all(secret.strip() for secret in secrets) or not (secrets or settings.insecure_webhooks):
        raise ConfigError(
            "webhook_secrets has no key by which a delivery could be judged",
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
    trigger = _trigger(tree)
    row = _ROWS.get(trigger or 0, _UNKNOWN)
    people = _affected(tree, trigger)
    zone = settings.zone
    base = Event(
        kind=EventKind.UNKNOWN,
        process_id=_text(tree.get("idprocesso")),
        documents=_documents(tree),
        received_at=delivery.received_at,
        authenticity=authenticity,
        vendor_status=_text(tree.get("evento")) or _text(tree.get("idevento")) or "",
        raw=raw,
    )
    found = []
    for kind, person in _happened(row, people):
        own = _own_date(tree, person, row)
        at = lenient_instant(own, zone) or lenient_instant(tree.get("datahoraatual"), zone)
        found.append(
            attrs.evolve(
                base,
                kind=kind,
                signer=_signer(person, trigger),
                message=next((each.reason for each in (person, *people) if each and each.reason), None),
                occurred_at=at,
                dedupe_key=_key(base, kind, person, own if kind is not EventKind.UNKNOWN else _content(tree), zone),
            )
        )
    return tuple(found)


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


def _trigger(tree: Mapping[str, Any]) -> int | None:
    """Return the event's number; its name is asked only where there is no number."""
    number, name = _text(tree.get("idevento")), _text(tree.get("evento")) or ""
    if number is None and name.isdecimal():
        number = name
    if number is not None:
        return int(number) if re.fullmatch(r"[0-9]{1,9}", number) else None
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return next((trigger for stem, trigger in _STEMS if stem in plain), None)


def _affected(tree: Mapping[str, Any], trigger: int | None) -> list[Person]:
    """Return whom the event is about; a refusal may come with everybody, of whom only the refusing one counts."""
    rows = tree.get("signatarios")
    people = [_person(row) for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    judge = _TELLING.get(trigger or 0)
    chosen = [person for person in people if judge is None or judge(person)]
    return chosen or (people if len(people) == 1 else [])


def _person(row: dict[str, Any]) -> Person:
    try:
        return load_people([row], "Signatarios")[0]
    except UnreadableReplyError:
        pass
    # A flag in an unknown spelling must not cost the event; the delivery itself stays in `raw`.
    texts = {name: _text(row.get(name)) for name in ("nome", "email", "telefone")}
    return Person(id=_text(row.get("id")), name=texts["nome"], email=texts["email"], phone=texts["telefone"])


def _happened(row: _Row, people: list[Person]) -> Iterator[tuple[EventKind, Person | None]]:
    if row.signer is not None:
        affected: Sequence[Person | None] = people or [None]
        yield from ((row.signer, person) for person in affected)
    if row.process is not None:
        yield row.process, None


def _signer(person: Person | None, trigger: int | None) -> Signer | None:
    if person is None:
        return None
    status, detail = EVENT_SIGNER.read(trigger)
    return attrs.evolve(signer_of(person, ProcessStatus.UNKNOWN, None), status=status, status_detail=detail)


def _documents(tree: Mapping[str, Any]) -> list[ProcessDocument]:
    rows = tree.get("documentos")
    found = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, dict):
            order = row.get("ordemdocumento")
            whole = order if isinstance(order, int) and not isinstance(order, bool) else None
            name = _text(row.get("nomedocumento")) or ""
            found.append(ProcessDocument(id=_text(row.get("id")) or "", name=name, order=whole))
    return found


def _own_date(tree: Mapping[str, Any], person: Person | None, row: _Row) -> str | None:
    """Return the event's own date; never the time of the message, which may be that of another attempt."""
    dates = {**tree, "dataassinatura": person.signed_on if person else None}
    return next((text for name in row.dates if (text := _text(dates.get(name)))), None)


def _key(base: Event, kind: EventKind, person: Person | None, own: str | None, zone: tzinfo) -> str:
    """Return what is the same whenever this event is delivered again: process, kind, person, and its own date."""
    moment = lenient_instant(own, zone)
    who = (person.id or person.email or person.phone or person.name) if person else None
    return dedupe_key(base.process_id, kind.value, who, moment.isoformat() if moment else own)


def _content(tree: Mapping[str, Any]) -> str:
    """Return what an unknown event says, but for the time of the message: nothing else tells it from another."""
    return json.dumps({key: value for key, value in tree.items() if key != "datahoraatual"}, sort_keys=True)


def _text(value: Any) -> str | None:
    if isinstance(value, str):
        return value.strip() or None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None
