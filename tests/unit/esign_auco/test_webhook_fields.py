"""Webhooks: what events say of people, files, references and time, and that a wrong field costs only itself."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.esign_auco.support import delivered

from esign_auco.wire.custom import reference_in
from esign_core.model.events import Event, EventKind
from esign_core.model.status import Basis, SignerStatus

PERSON = {"id": "G8", "name": "Ana", "email": "ana@example.com", "phone": "+573000000000"}


def events(**tree: Any) -> tuple[Event, ...]:
    """Return the events of a delivery."""
    return delivered(json.dumps({"name": "Contract", **tree})).events


def kinds(**tree: Any) -> list[str]:
    """Return the kinds of the events of a delivery."""
    return [event.kind.value for event in events(**tree)]


@pytest.mark.parametrize("word", ["REJECT", "REJECTED"])
@pytest.mark.parametrize("identity", [{"code": "ABCDEF1234"}, {"package": "idPackage"}, {}])
@pytest.mark.parametrize("signer", [None, {}, {"id": None, "name": ""}, "", 7])
def test_declined_without_signer(word: str, identity: dict[str, str], signer: Any) -> None:
    """A cancel is announced by the same words, so that no signer has declined and the process is ambiguous."""
    (event,) = events(status=word, signer=signer, **identity)
    assert (event.kind, event.signer) == (EventKind.PROCESS_DECLINED, None)
    assert event.basis is Basis.AMBIGUOUS


@pytest.mark.parametrize("word", ["NOTIFICATION", "BLOCKED"])
def test_other_words_without_signer(word: str) -> None:
    """What is said of a signer needs one; without one it is unknown, with the word kept."""
    (event,) = events(status=word, code="ABCDEF1234")
    assert (event.kind, event.basis, event.vendor_status) == (EventKind.UNKNOWN, Basis.AMBIGUOUS, word)


def test_declined_with_signer() -> None:
    """Where the delivery names who declined, nothing is ambiguous."""
    found = events(status="REJECTED", signer=PERSON)
    assert [event.kind.value for event in found] == ["signer.declined", "process.declined"]
    assert {event.basis for event in found} == {Basis.EXACT}


def test_package_with_word_of_document() -> None:
    """REJECT with a signer in a package means what REJECTED means there; its row says that this is inferred."""
    found = events(status="REJECT", package="idPackage", signer=PERSON)
    assert [event.kind.value for event in found] == ["signer.declined", "process.declined"]
    assert {event.basis for event in found} == {Basis.DERIVED}
    assert found[0].signer is not None
    assert found[0].signer.status is SignerStatus.DECLINED


def listed(*urls: str | None) -> list[dict[str, Any]]:
    """Return the documents of a package."""
    return [{"code": f"CODE{number}", "status": "FINISH", "url": url} for number, url in enumerate(urls)]


@pytest.mark.parametrize(
    ("tree", "ready"),
    [
        ({"status": "FINISH", "code": "ABCDEF1234", "url": "https://files.example.com/1"}, True),
        ({"status": "FINISH", "code": "ABCDEF1234"}, False),
        ({"status": "FINISH", "code": "ABCDEF1234", "url": ""}, False),
        ({"status": "SIGNED_PACKAGE", "package": "p", "documents": listed("https://a.example.com")}, True),
        ({"status": "SIGNED_PACKAGE", "package": "p", "documents": listed("https://a.example.com", None)}, False),
        ({"status": "SIGNED_PACKAGE", "package": "p", "documents": []}, False),
    ],
)
def test_files_are_ready_with_their_address(tree: dict[str, Any], ready: bool) -> None:
    """All have signed in any case; the files are ready where the delivery has the address of each."""
    assert kinds(**tree) == ["process.completed", *(["files.ready"] if ready else [])]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tags", "t1"),
        ("tags", {"a": "b"}),
        ("tags", 7),
        ("tags", [None, ["x"]]),
        ("custom", 7),
        ("custom", [None, 7]),
        ("name", ["x"]),
        ("message", {"a": 1}),
        ("documents", "none"),
        ("documents", ["none", 7]),
        ("url", []),
        ("code", ["x"]),
        ("package", {"a": 1}),
        ("type", 7),
        ("data", "x"),
    ],
)
def test_wrong_field_costs_only_itself(field: str, value: Any) -> None:
    """The event is read without it, and `raw` keeps it."""
    tree = {"code": "ABCDEF1234", "status": "NOTIFICATION", "signer": PERSON, field: value}
    (event,) = events(**tree)
    assert event.kind is EventKind.SIGNER_DONE
    assert event.raw[field] == value
    assert event.tags == ()


def test_readable_part_of_list_is_kept() -> None:
    """Tags that are texts are kept beside those that are not."""
    (event,) = events(status="CREATE", code="ABCDEF1234", tags=["t1", None, ["x"], "t2"])
    assert event.tags == ("t1", "t2")


@pytest.mark.parametrize("written", ["573001234567", "573001234567.0", '"573001234567.0"', '"573001234567"'])
def test_phone_written_as_number(written: str) -> None:
    """A phone is read without the fraction of a number."""
    (event,) = events(status="NOTIFICATION", code="ABCDEF1234", signer={**PERSON, "phone": json.loads(written)})
    assert event.signer is not None
    assert event.signer.phone == "573001234567"


@pytest.mark.parametrize(
    "custom",
    [
        {"reference": "ORDER-1"},
        ["{'reference':'ORDER-1'}"],
        ['{"reference": "ORDER-1"}'],
        ["{'info':'required'}", "{'reference':'ORDER-1','info':'x'}"],
        [{"reference": "ORDER-1"}],
        "{'reference':'ORDER-1'}",
    ],
)
def test_reference_comes_back_in_custom(custom: Any) -> None:
    """Sent as an object, it comes back as one or as texts that show one, with either kind of quotes."""
    (event,) = events(status="CREATE", code="ABCDEF1234", custom=custom)
    assert (event.reference, event.name) == ("ORDER-1", "Contract")


def test_reference_among_tags_of_package() -> None:
    """The page on packages calls `tags` "tags or custom fields"."""
    (event,) = events(status="CREATE", package="idPackage", tags=["t1", "{'reference':'ORDER-1'}"])
    assert (event.reference, event.tags) == ("ORDER-1", ("t1",))
    (event,) = events(status="CREATE", package="idPackage", tags=[{"reference": "ORDER-1"}])
    assert (event.reference, event.tags) == ("ORDER-1", ())


@pytest.mark.parametrize(
    ("custom", "reference"),
    [
        (["{'reference':'O'Neil 12'}"], "O'Neil 12"),
        ([json.dumps({"reference": 'say "yes"'}).replace('"', "'")], 'say "yes"'),
        (["{'reference':'a\\q'}"], "a\\q"),
        (["{'info':'O'Neil','reference':'x'}"], None),
        (["{'reference':'x','info':'O'Neil'}"], None),
        (["{'reference':7}"], None),
        (["{'reference':'" + "x" * 5000 + "'}"], None),
        (["reference"], None),
        ([[]], None),
        (None, None),
    ],
)
def test_reference_with_quotes_inside(custom: Any, reference: str | None) -> None:
    """What cannot be read without guessing is None."""
    assert reference_in(custom) == reference


def test_keys_hold_for_retries() -> None:
    """Auco gives neither an id nor a time, so that a key means the same event only while deliveries are repeated."""
    (event,) = events(status="CREATE", code="ABCDEF1234")
    assert event.dedupe_for is not None
    assert timedelta(minutes=2 + 4 + 6, seconds=3 * 10) <= event.dedupe_for <= timedelta(minutes=15)


def test_few_texts_are_searched_for_reference() -> None:
    """A delivery of thousands of texts is read without looking into each of them."""
    misleading = ["{'reference':'x"] * 16 + ["{'reference':7}"] * 16
    assert reference_in([*misleading, "{'reference':'ORDER-1'}"]) is None
    assert reference_in([*(["t1"] * 5000), "{'reference':'ORDER-1'}"]) == "ORDER-1"
