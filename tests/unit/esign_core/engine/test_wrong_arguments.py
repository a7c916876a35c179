"""Test that no method of a client takes a wrong argument, or fails over one without a problem that names it."""

from __future__ import annotations

import contextlib
import inspect
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.support.acme import DRAFT, Acme
from tests.unit.esign_core.conftest import OpenBench

from esign_core import connect
from esign_core.client import AsyncClient, Client
from esign_core.model.documents import Document
from esign_core.model.drafts import ProcessDraft, SignerDraft
from esign_core.model.errors import EsignError, InvalidRequestError, NotFoundError, UnsupportedError
from esign_core.model.events import Delivery
from esign_core.model.process import Process
from esign_core.model.resend import Resend, SignerEdit
from esign_core.providers.capabilities import Capabilities, Feature

NOWHERE = "https://api.acme.example/v1"


class Hostile:
    """An object that fails at every operation on it."""

    def _fail(self, *_: Any) -> Any:
        raise RuntimeError("hostile")

    __str__ = __repr__ = __hash__ = __eq__ = _fail
    __len__ = __iter__ = __bool__ = __fspath__ = _fail
    __bytes__ = __int__ = __index__ = __float__ = __getitem__ = __contains__ = _fail


NOTHING: Any = None
WRONG: Any = 7
HOSTILE: Any = Hostile()
CYCLE: dict[str, Any] = {}
CYCLE["self"] = [CYCLE]
# Hostile() stands for an object that pytest itself cannot print, so values are chosen by their position.
GARBAGE: list[Any] = [
    None,
    7,
    10**9,
    -1,
    1.5,
    float("nan"),
    True,
    b"P1",
    "\0",
    "\ud800",
    "a\0b",
    (),
    [],
    {},
    [None],
    {"a": None},
    CYCLE,
    object(),
    type,
    len,
    Hostile(),
    Path("a\0b"),
    datetime(2026, 1, 1, tzinfo=UTC),
    Process(id=NOTHING),
    Process(id=HOSTILE),
    Process(id="../.."),
    Resend(edits=[NOTHING]),
    Resend(edits=[SignerEdit(signer_id=WRONG)]),
    DRAFT,
]

ARGUMENTS: list[tuple[str, str, tuple[Any, ...], dict[str, Any]]] = [
    ("create", "draft", (), {}),
    ("get", "process", (), {}),
    ("resend", "process", (), {}),
    ("cancel", "process", (), {}),
    ("download", "process", (), {}),
    ("timeline", "process", (), {}),
    ("resend", "resend", ("P1",), {}),
    ("cancel", "reason", ("P1",), {}),
    ("cancel", "requested_by", ("P1",), {}),
    ("download", "to", ("P1",), {}),
    ("call", "method", (), {"path": "/x"}),
    ("call", "path", ("POST",), {}),
    ("call", "json", ("POST", "/x"), {}),
    ("call", "query", ("POST", "/x"), {}),
    ("run", "operation", (), {}),
]
# The positions of what an argument takes.
RIGHT: dict[tuple[str, str], tuple[int, ...]] = {
    ("create", "draft"): (28,),
    ("cancel", "reason"): (8, 10),
    ("cancel", "requested_by"): (0, 8, 10),
    ("download", "to"): (0,),
    ("call", "json"): (0, 1, 2, 3, 4, 6, 8, 10, 11, 12, 13, 14, 15),
    ("call", "query"): (0, 13),
}


def cases() -> Iterator[tuple[str, str, tuple[Any, ...], dict[str, Any], int]]:
    """Yield each argument with each value that it does not take."""
    for (method, name, args, kwargs), position in itertools.product(ARGUMENTS, range(len(GARBAGE))):
        if position not in RIGHT.get((method, name), ()):
            yield method, name, args, kwargs, position


@pytest.mark.parametrize("argument", ARGUMENTS, ids=lambda each: f"{each[0]}-{each[1]}")
def test_wrong_argument_is_named(open_bench: OpenBench, argument: tuple[str, str, tuple[Any, ...], Any]) -> None:
    """An InvalidRequestError whose problem begins with the argument's name; nothing is sent, as no server listens."""
    bench = open_bench(NOWHERE)
    for method, name, args, kwargs, position in cases():
        if (method, name) != argument[:2]:
            continue
        with pytest.raises(EsignError) as caught:
            getattr(bench, method)(*args, **{**kwargs, name: GARBAGE[position]})
        error = caught.value
        if isinstance(error, NotFoundError) and name == "process":
            assert isinstance(GARBAGE[position], str) or error.message.startswith("process: "), position
            continue
        assert isinstance(error, InvalidRequestError), (position, error)
        assert error.problems[0].path.split(".")[0].split("[")[0] in (name, "edits"), (position, error)
        assert str(error)


VENDORS: dict[str, dict[str, Any]] = {
    "auco": {
        "provider": "auco",
        "environment": "sandbox",
        "webhook_header": "X-Hook",
        "webhook_secrets": ["s3cret-hook"],
    },
    "arqsign": {"provider": "arqsign", "environment": "sandbox", "webhook_secrets": ["s3cret-hook"]},
}
IDS = {"auco": "EP8HX4SLYR", "arqsign": "3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01"}


@pytest.mark.parametrize("vendor", VENDORS)
def test_wrong_argument_at_vendor_is_typed(vendor: str) -> None:
    """At either vendor, and nothing reaches it."""
    with connect("a", config={"accounts": {"a": VENDORS[vendor]}}) as client:
        for method, name, args, kwargs, position in cases():
            given = tuple(IDS[vendor] if value == "P1" else value for value in args)
            with pytest.raises(EsignError) as caught:
                getattr(client, method)(*given, **{**kwargs, name: GARBAGE[position]})
            assert str(caught.value), (method, name, position)
        assert list(client.sandbox.deliveries) == []


POISONED: list[tuple[str, type, Any]] = [
    (field.name, kind, kind(**required))
    for kind, required in (
        (ProcessDraft, {"name": "a", "documents": DRAFT.documents, "signers": DRAFT.signers}),
        (SignerDraft, {"name": "Ana Example", "email": "ana@example.com", "phone": "+573001234567"}),
    )
    for field in attrs.fields(kind)
]


@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize(
    ("field", "kind", "good"), POISONED, ids=[f"{kind.__name__}-{name}" for name, kind, _ in POISONED]
)
def test_poisoned_draft_is_typed(vendor: str, field: str, kind: type, good: Any) -> None:
    """`check` returns problems and `create` raises them, or the value is one that can be sent; nothing else escapes."""
    with connect("a", config={"accounts": {"a": VENDORS[vendor]}}) as client:
        for value in GARBAGE:
            try:
                poisoned = attrs.evolve(good, **{field: value})
            except Exception:  # noqa: BLE001, S112 - a constructor that refuses makes no draft
                continue
            draft = poisoned if kind is ProcessDraft else attrs.evolve(DRAFT, signers=[poisoned])
            problems = client.check(draft)
            if problems:
                with pytest.raises(InvalidRequestError):
                    client.create(draft)
            else:
                # The vendor may still refuse it, such as a key of `extras` that it does not know.
                with contextlib.suppress(EsignError):
                    client.create(draft)


@pytest.mark.parametrize("documents", [(None,), (5,), (DRAFT,), "ab", (b"%PDF",), (Document,), Hostile])
def test_poisoned_documents_are_named(open_bench: OpenBench, documents: Any) -> None:
    """A problem at the documents' place."""
    bench = open_bench(NOWHERE)
    draft = attrs.evolve(DRAFT, documents=documents)
    with pytest.raises(InvalidRequestError) as caught:
        bench.create(draft)
    assert caught.value.problems[0].path.startswith("documents")


@pytest.mark.parametrize("value", range(len(GARBAGE)))
@pytest.mark.parametrize("field", ["headers", "body", "received_at", "delivery"])
def test_wrong_delivery_is_refused_or_read(field: str, value: int) -> None:
    """A sentence that names the place, or a receipt; never anything else, and no gigabyte of memory."""
    for vendor in VENDORS.values():
        with connect("a", config={"accounts": {"a": vendor}}) as client:
            given: Any = GARBAGE[value]
            if field != "delivery":
                given = Delivery(**{"headers": {}, "body": b"", field: given})
            try:
                status = client.receive(given).reply.status
            except InvalidRequestError as error:
                status = 400 if error.problems[0].path.startswith("delivery") else 0
            assert status in (200, 400)


def test_audit_without_feature_is_unsupported(open_bench: OpenBench) -> None:
    """A provider without an audit record says so before anything is sent."""

    class Without(Acme):
        capabilities = Capabilities(features=set(Feature) - {Feature.AUDIT_RECORD})

    with pytest.raises(UnsupportedError, match="AUDIT_RECORD"):
        open_bench(NOWHERE, Without).download("P1", audit=True)


def test_clients_share_their_parameters() -> None:
    """The tests of one client hold for the other."""
    for name in ("create", "get", "resend", "cancel", "download", "timeline", "run", "call", "check", "receive"):
        assert inspect.signature(getattr(Client, name)) == inspect.signature(getattr(AsyncClient, name))
