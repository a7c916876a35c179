"""Receiving: deliveries in each dialect, what forged and broken ones get, and the key that knows a repetition."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sys
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.esign_arqsign.data import (
    ACCOUNT_ID,
    ANA_ID,
    BIA_ID,
    COMPLETED_DELIVERY,
    COPY_ID,
    DOCUMENT_ID,
    HOOK_ID,
    HOOK_SECRET,
    PROCESS_ID,
    provider,
)

from esign_core.accounts.settings import Secret
from esign_core.model.errors import ConfigError
from esign_core.model.events import Authenticity, Delivery, Event, Receipt
from esign_core.model.status import Basis, SignerStatus

RECEIVED = datetime(2025, 7, 2, 9, 31, tzinfo=UTC)
BASE = {
    "IdProcesso": PROCESS_ID,
    "IdConta": ACCOUNT_ID,
    "IdWebhook": HOOK_ID,
    "DataHoraAtual": "2025-07-02T09:30:02",
}
ANA = {
    "OrdemAssinatura": 1,
    "Id": ANA_ID,
    "Nome": "Ana Exemplo",
    "Email": "ana@example.com",
    "Telefone": None,
    "AssinaturaRecusada": "false",
    "DadosAssinatura": {"TipoAssinatura": "Assinatura Eletrônica", "DataAssinatura": None},
}
BIA = {**ANA, "Id": BIA_ID, "Nome": "Bia Exemplo", "Email": "bia@example.com"}
COPY = {**ANA, "Id": COPY_ID, "DadosAssinatura": {"TipoAssinatura": None, "DataAssinatura": None}}
SIGNED_ON = {"TipoAssinatura": "Assinatura Eletrônica", "DataAssinatura": "2025-07-02T09:30:00"}


def mac(body: bytes, secret: str = HOOK_SECRET) -> bytes:
    """Return the digest of a body."""
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


def receive(tree: Any, **settings: Any) -> Receipt:
    """Return the receipt of a delivery that is signed in Base64."""
    body = tree if isinstance(tree, bytes) else json.dumps(tree).encode()
    header = base64.b64encode(mac(body)).decode()
    return provider(**settings).receive(Delivery(headers={"HMAC": header}, body=body, received_at=RECEIVED))


def events(tree: Any) -> tuple[Event, ...]:
    """Return the events of an authentic delivery."""
    receipt = receive(tree)
    assert (receipt.reply.status, receipt.reply.body, receipt.problem) == (200, b"", None)
    assert receipt.authenticity is Authenticity.BODY_SIGNED
    return receipt.events


def kinds(tree: Any) -> list[tuple[str, str | None]]:
    """Return kind and signer of each event."""
    return [(event.kind.value, event.signer.id if event.signer else None) for event in events(tree)]


def trigger(number: int, *people: Any, **more: Any) -> dict[str, Any]:
    """Return a delivery of a trigger."""
    return {**BASE, "IdEvento": number, "Signatarios": list(people), **more}


def test_published_completion_is_read() -> None:
    """The delivery as two public clients read it: one event, with its documents, its date and all it said."""
    (event,) = events(COMPLETED_DELIVERY)
    assert (event.kind.value, event.process_id, event.signer) == ("process.completed", PROCESS_ID, None)
    assert [(each.id, each.name, each.order) for each in event.documents] == [(DOCUMENT_ID, "contrato.pdf", 1)]
    assert event.occurred_at == datetime(2025, 7, 2, 9, 30, tzinfo=UTC)
    assert (event.received_at, event.vendor_status) == (RECEIVED, "ProcessoConcluido")
    assert event.raw == COMPLETED_DELIVERY


TRIGGERS: list[tuple[dict[str, Any], list[tuple[str, str | None]]]] = [
    (trigger(1, ANA, BIA), [("process.sent", None)]),
    (trigger(2, ANA), [("signer.delivery_failed", ANA_ID)]),
    (trigger(3, {**ANA, "DadosAssinatura": SIGNED_ON}), [("signer.done", ANA_ID)]),
    (
        trigger(4, {**ANA, "AssinaturaRecusada": "true", "MotivoRecusa": "Valor errado"}, BIA),
        [("signer.declined", ANA_ID), ("process.declined", None)],
    ),
    (trigger(5), [("process.cancelled", None)]),
    (trigger(6, ANA), [("process.expired", None)]),
    (trigger(7, ANA, BIA, COPY), [("signer.reminded", ANA_ID), ("signer.reminded", BIA_ID)]),
    (trigger(8, ANA), [("process.completed", None)]),
]


@pytest.mark.parametrize(("tree", "wanted"), TRIGGERS, ids=[str(tree["IdEvento"]) for tree, _ in TRIGGERS])
def test_triggers_are_read(tree: dict[str, Any], wanted: list[tuple[str, str | None]]) -> None:
    """Each of the eight, with the people it is about."""
    assert kinds(tree) == wanted


@pytest.mark.parametrize(("tree", "wanted"), TRIGGERS, ids=[str(tree["IdEvento"]) for tree, _ in TRIGGERS])
def test_triggers_are_read_in_camel_case_and_brazilian_dates(
    tree: dict[str, Any], wanted: list[tuple[str, str | None]]
) -> None:
    """The vendor's own sample is in camelCase, with dd/mm/yyyy."""
    camel = json.loads(
        json.dumps({**tree, "DataHoraAtual": "02/07/2025 09:30:02"}),
        object_hook=lambda node: {key[0].lower() + key[1:]: value for key, value in node.items()},
    )
    assert kinds(camel) == wanted
    assert events({**trigger(5), "DataHoraAtual": "02/07/2025 09:30:02"})[0].occurred_at == datetime(
        2025, 7, 2, 9, 30, 2, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ProcessoEnviado", "process.sent"),
        ("Falha no envio do processo", "signer.delivery_failed"),
        ("Processo assinado por algum signatário", "signer.done"),
        ("AssinaturaRecusada", "signer.declined"),
        ("processo cancelado", "process.cancelled"),
        ("PROCESSO EXPIRADO", "process.expired"),
        ("ProcessoReenviado", "signer.reminded"),
        ("Processo concluído", "process.completed"),
        ("8", "process.completed"),
        ("ProcessoArquivado", "unknown"),
        ("", "unknown"),
    ],
)
def test_events_without_a_number_go_by_name(name: str, kind: str) -> None:
    """One name is known; the others are recognised by a part of theirs, and what is not is unknown."""
    found = events({**BASE, "Evento": name})
    assert (found[0].kind.value, found[0].vendor_status) == (kind, name)


@pytest.mark.parametrize("number", [0, 9, "10", "vinte", True, -3, 10**12])
def test_unknown_number_is_an_unknown_event(number: Any) -> None:
    """The number decides where there is one that can be read; nothing is guessed beside it."""
    (event,) = events({**BASE, "Evento": "", "IdEvento": number})
    assert (event.kind.value, event.process_id) == ("unknown", PROCESS_ID)


def test_number_comes_before_the_name() -> None:
    """A localised name changes nothing."""
    assert kinds({**BASE, "Evento": "ProcessoCancelado", "IdEvento": "8"}) == [("process.completed", None)]


def test_refusal_carries_the_reason_and_the_person() -> None:
    """Both events say why; the person has declined."""
    person, process = events(TRIGGERS[3][0])
    assert person.signer is not None
    assert (person.signer.status, person.signer.reason) == (SignerStatus.DECLINED, "Valor errado")
    assert (person.message, process.message) == ("Valor errado", "Valor errado")
    assert person.signer.status_detail.rule == "arqsign.event_signer.declined"


def test_signers_are_optional() -> None:
    """A webhook may be set up without them: the event is told of nobody in particular."""
    assert kinds({**BASE, "IdEvento": 3}) == [("signer.done", None)]
    assert kinds({**BASE, "IdEvento": 4, "Signatarios": None}) == [
        ("signer.declined", None),
        ("process.declined", None),
    ]
    assert kinds(trigger(3, ANA, BIA)) == [("signer.done", None)]


def test_lone_signer_is_the_one_even_without_flags() -> None:
    """The vendor lists only whom the event is about."""
    assert kinds(trigger(3, ANA)) == [("signer.done", ANA_ID)]


def test_strange_flags_do_not_cost_the_event() -> None:
    """A flag in an unknown spelling is passed over; the person is still known."""
    (event,) = events(trigger(2, {**ANA, "AssinaturaRecusada": "talvez"}))
    assert event.signer is not None
    assert (event.signer.id, event.signer.email) == (ANA_ID, "ana@example.com")


def test_strange_parts_are_passed_over() -> None:
    """Parts of another type than due are left in `raw`."""
    (event,) = events({**BASE, "IdEvento": 8, "Signatarios": [1, "x"], "Documentos": ["x", {"OrdemDocumento": "1"}]})
    assert [(each.id, each.order) for each in event.documents] == [("", 1)]
    assert events({"IdEvento": 8, "Documentos": {}, "IdProcesso": 7})[0].process_id == "7"
    assert events({"IdEvento": 8})[0].process_id is None


# --- authenticity -----------------------------------------------------------------------------------------------------

BODY = json.dumps(COMPLETED_DELIVERY).encode()
DIGEST = mac(BODY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HMAC", base64.b64encode(DIGEST).decode()),
        ("hmac", DIGEST.hex()),
        ("Hmac", f" {DIGEST.hex().upper()} "),
        ("HMAC", base64.b64encode(mac(BODY, "fake-older-key")).decode()),
    ],
)
def test_digest_may_be_written_in_either_way_and_under_any_key(name: str, value: str) -> None:
    """Base64 or hexadecimal, in any case, by any of the account's keys."""
    own = provider(webhook_secrets=(Secret(HOOK_SECRET), Secret("fake-older-key")))
    receipt = own.receive(Delivery(headers=[(name, value)], body=BODY))
    assert (receipt.reply.status, len(receipt.events)) == (200, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"HMAC": ""},
        {"HMAC": base64.b64encode(DIGEST).decode()[:-4]},
        {"HMAC": DIGEST.hex()[:-2] + "00"},
        {"HMAC": base64.b64encode(mac(BODY, "another-key")).decode()},
        {"HMAC": base64.b64encode(mac(BODY + b" ")).decode()},
        {"HMAC": "não é um resumo"},
        {"HMAC": DIGEST.hex() * 2},
        [("HMAC", DIGEST.hex()), ("HMAC", DIGEST.hex())],
        {"X-HMAC": DIGEST.hex()},
    ],
)
def test_forged_deliveries_get_400_and_no_event(headers: Any) -> None:
    """Never 401, 403 or 404: those would switch the webhook off."""
    receipt = provider().receive(Delivery(headers=headers, body=BODY))
    assert (receipt.reply.status, receipt.events, receipt.authenticity) == (400, (), Authenticity.NONE)
    assert receipt.problem


@pytest.mark.parametrize(
    "body",
    [
        b"",
        BODY[:-1],
        b"[]",
        b'"x"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": ' * 70 + b"1" + b"}" * 70,
        b'{"IdEvento": 8, "IdEvento": 3}',
        b'{"IdEvento": 8, "idEvento": 3}',
        b'{"IdEvento": 8, "Signatarios": [{"Id": "a", "id": "b"}]}',
        b'{"IdEvento": NaN}',
        b'{"IdProcesso": "\\ud800"}',
    ],
)
def test_authentic_but_unreadable_deliveries_get_200_and_a_problem(body: bytes) -> None:
    """The vendor need not try again; the problem says what is wrong, without the contents."""
    receipt = receive(body)
    assert (receipt.reply.status, receipt.events, receipt.authenticity) == (200, (), Authenticity.BODY_SIGNED)
    assert receipt.problem


@pytest.mark.parametrize("secrets", [(), (Secret(" "),), (Secret(HOOK_SECRET), Secret(""))])
def test_missing_or_blank_secret_is_a_mistake_of_configuration(secrets: Any) -> None:
    """Nothing is accepted that nobody could judge."""
    with pytest.raises(ConfigError, match="webhook_secrets"):
        provider(webhook_secrets=secrets).receive(Delivery(headers={}, body=BODY))


def test_insecure_webhooks_are_read_and_say_so() -> None:
    """Spelled out in the account, unsigned deliveries are read as what they are; a secret is used all the same."""
    receipt = provider(webhook_secrets=(), insecure_webhooks=True).receive(Delivery(headers={}, body=BODY))
    assert (receipt.reply.status, receipt.authenticity) == (200, Authenticity.NONE)
    assert [event.authenticity for event in receipt.events] == [Authenticity.NONE]
    assert provider(insecure_webhooks=True).receive(Delivery(headers={}, body=BODY)).reply.status == 400


# --- repetition -------------------------------------------------------------------------------------------------------


def keys(tree: Any) -> list[str]:
    """Return the keys of a delivery's events."""
    return [event.dedupe_key for event in events(tree)]


@pytest.mark.parametrize("tree", [*(tree for tree, _ in TRIGGERS), {**BASE, "Evento": "ProcessoArquivado"}])
def test_repeated_delivery_has_the_same_keys(tree: dict[str, Any]) -> None:
    """The time of the attempt differs; the event does not. Other events of the same delivery have other keys."""
    later = {**tree, "DataHoraAtual": "2025-07-03T18:00:00", "IdWebhook": ACCOUNT_ID} if "IdEvento" in tree else tree
    assert keys(tree) == keys({**later, "DataHoraAtual": "03/07/2025 18:00:00"})
    assert len(set(keys(tree))) == len(keys(tree))


def test_keys_tell_people_processes_triggers_and_cycles_apart() -> None:
    """Two signers, two processes, two triggers, and an expiry before and after a resend are different events."""
    different = [
        trigger(3, {**ANA, "DadosAssinatura": SIGNED_ON}),
        trigger(3, {**BIA, "DadosAssinatura": SIGNED_ON}),
        trigger(3, {**ANA, "DadosAssinatura": {**SIGNED_ON, "DataAssinatura": "2025-08-02T09:30:00"}}),
        {**trigger(3, {**ANA, "DadosAssinatura": SIGNED_ON}), "IdProcesso": BIA_ID},
        trigger(2, ANA),
        trigger(6, DataExpiracao="2025-07-31T12:00:05"),
        trigger(6, DataExpiracao="2025-08-31T12:00:05"),
        trigger(7, ANA, DataReenvio="2025-08-01T10:00:00"),
        trigger(7, ANA, DataReenvio="2025-08-02T10:00:00"),
        {**BASE, "Evento": "ProcessoArquivado"},
        {**BASE, "Evento": "ProcessoDesarquivado"},
    ]
    found = [key for tree in different for key in keys(tree)]
    assert len(set(found)) == len(found)


def test_dates_in_two_forms_are_one() -> None:
    """A date repeated in another form is the same event."""
    assert keys(trigger(6, DataExpiracao="2025-07-31T12:00:05")) == keys(
        trigger(6, DataExpiracao="31/07/2025 12:00:05")
    )
    assert keys(trigger(6, DataExpiracao="logo")) == keys(trigger(6, DataExpiracao="logo"))


@pytest.mark.parametrize(
    ("tree", "lasting"),
    [
        (trigger(3, {**ANA, "DadosAssinatura": SIGNED_ON}), True),
        (trigger(6, DataExpiracao="2025-07-31T12:00:05"), True),
        (trigger(3, ANA), False),
        (trigger(5), False),
        (trigger(5, DataCancelamento="0001-01-01T00:00:00"), False),
        (trigger(2, ANA, DataEnvio="2025-07-01T12:00:05"), False),
        ({**BASE, "Evento": "ProcessoArquivado"}, False),
    ],
)
def test_key_says_how_long_it_holds(tree: dict[str, Any], lasting: bool) -> None:
    """An event with a date of its own is told from all others; the rest only while the vendor repeats deliveries."""
    for event in events(tree):
        assert event.dedupe_for == (None if lasting else timedelta(days=5))


# --- facts and how sure they are --------------------------------------------------------------------------------------

NO_DATES = ["0001-01-01T00:00:00", "1900-01-01T00:00:00", "01/01/0001 00:00:00", " ", "-", "", None]


@pytest.mark.parametrize("date", NO_DATES)
def test_no_date_is_no_signature(date: str | None) -> None:
    """Of two people only the one with a real date has signed; nobody has where no date is one."""
    other = {**BIA, "DadosAssinatura": {**SIGNED_ON, "DataAssinatura": date}}
    assert kinds(trigger(3, {**ANA, "DadosAssinatura": SIGNED_ON}, other)) == [("signer.done", ANA_ID)]
    assert kinds(trigger(3, {**other, "Id": ANA_ID}, other)) == [("signer.done", None)]
    assert kinds(trigger(7, other)) == [("signer.reminded", BIA_ID)]


@pytest.mark.parametrize("flag", [False, 0, "false", 0.0])
def test_flag_outweighs_date(flag: Any) -> None:
    """A person whose flag says no has not signed, also where the event names no one else."""
    person = {**ANA, "Assinado": flag, "DadosAssinatura": SIGNED_ON}
    (event,) = events(trigger(3, person))
    assert (event.signer, event.basis) == (None, Basis.AMBIGUOUS)
    assert kinds(trigger(3, person, {**BIA, "DadosAssinatura": SIGNED_ON})) == [("signer.done", BIA_ID)]


def test_event_says_name_and_basis() -> None:
    """The number is exact, and so is the one documented name; other names are recognised by a part."""
    (event,) = events(COMPLETED_DELIVERY)
    assert (event.name, event.reference, event.basis) == ("Contrato 2025-014", None, Basis.EXACT)
    without = {key: value for key, value in COMPLETED_DELIVERY.items() if key != "IdEvento"}
    assert events(without)[0].basis is Basis.EXACT
    assert events({**without, "Evento": "ProcessoRecusado"})[0].basis is Basis.DERIVED


@pytest.mark.parametrize("number", ["8.0", 8.0, "8", " 8 ", 8], ids=repr)
def test_number_of_event_in_any_form(number: Any) -> None:
    """A number written as a text or with a fraction of zero is the same number."""
    assert kinds({**BASE, "IdEvento": number}) == [("process.completed", None)]


def test_unreadable_field_costs_itself() -> None:
    """The other fields of a person are kept, and the event with them."""
    person = {**ANA, "AssinaturaRecusada": "talvez", "OrdemAssinatura": [], "DadosAssinatura": SIGNED_ON}
    (event,) = events(trigger(3, person, {**BIA, "Nome": {}}))
    assert event.signer is not None
    assert (event.signer.id, event.signer.name, event.signer.order) == (ANA_ID, "Ana Exemplo", None)


@pytest.mark.parametrize("size", [500, 4000])
def test_receive_grows_with_the_people(size: int) -> None:
    """Every person is looked at a fixed number of times, however many there are."""
    people = [{**ANA, "Id": f"{n}", "MotivoRecusa": None} for n in range(size)]
    body = json.dumps(trigger(7, *people)).encode()
    header = base64.b64encode(mac(body)).decode()
    looked = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal looked
        looked += event == "call"

    sys.setprofile(count)
    try:
        receipt = provider().receive(Delivery(headers={"HMAC": header}, body=body))
    finally:
        sys.setprofile(None)
    assert len(receipt.events) == size
    assert looked / size < 200


def test_long_name_is_not_normalised() -> None:
    """A name of marks alone, which take long to normalise, is cut before."""
    (event,) = events({**BASE, "Evento": "e" + "\u0301\u0323" * 40_000})
    assert event.kind.value == "unknown"


# --- anything at all --------------------------------------------------------------------------------------------------

_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("2025-07-02T09:30:00")
_NAMES = st.sampled_from(
    [
        "IdEvento",
        "evento",
        "IdProcesso",
        "Signatarios",
        "Documentos",
        "DataHoraAtual",
        "DataExpiracao",
        "Id",
        "AssinaturaRecusada",
        "DadosAssinatura",
        "MotivoRecusa",
        "OrdemDocumento",
        "stated",
    ]
)
_TREES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES | st.text(max_size=4), inner, max_size=5),
    max_leaves=20,
)


@given(st.dictionaries(_NAMES, _TREES, max_size=8))
def test_no_object_makes_receive_raise(tree: dict[str, Any]) -> None:
    """Whatever an authentic delivery contains: 200, and events with keys, or a problem."""
    receipt = receive(tree)
    assert receipt.reply.status == 200
    assert bool(receipt.events) != bool(receipt.problem)
    assert all(event.dedupe_key for event in receipt.events)


@given(st.binary(max_size=64), st.text(max_size=80))
def test_no_bytes_make_receive_raise(body: bytes, header: str) -> None:
    """Whatever arrives is answered with 200 or 400."""
    assert provider().receive(Delivery(headers={"HMAC": header}, body=body)).reply.status == 400
    assert receive(body).reply.status == 200
