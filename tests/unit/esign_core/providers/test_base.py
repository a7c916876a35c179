"""A provider's defaults: errors by status, the vendor's words found wherever they stand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.acme import DRAFT, KEY, NOW, AcmeSettings, Minimal

from esign_core.accounts.settings import Secret
from esign_core.model.errors import (
    AuthenticationError,
    ConflictError,
    EsignError,
    NotFoundError,
    RateLimitError,
    RefusedError,
    UnavailableError,
    UnsupportedError,
)
from esign_core.model.events import Delivery
from esign_core.providers.base import error_by_status, vendor_message
from esign_core.providers.capabilities import Capabilities, Feature
from esign_core.providers.flow import Call, Reply
from esign_core.testing import play

PROVIDER = Minimal(AcmeSettings(base_url="https://api.acme.example", key=Secret(KEY)))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RefusedError),
        (401, AuthenticationError),
        (402, RefusedError),
        (403, AuthenticationError),
        (404, NotFoundError),
        (405, UnsupportedError),
        (409, ConflictError),
        (410, NotFoundError),
        (413, RefusedError),
        (429, RateLimitError),
        (499, RefusedError),
        (500, UnavailableError),
        (599, UnavailableError),
    ],
)
def test_a_status_names_its_error_and_what_to_do(status: int, kind: type[EsignError]) -> None:
    """Unless the provider knows better."""
    error = PROVIDER.error(Call.get("/x"), Reply(status=status, body=b'"no"'))
    assert type(error) is kind
    assert (error.status, error.vendor_message) == (status, "no")
    assert error.hint


def test_a_provider_may_name_the_kind_and_the_code() -> None:
    """Its vendor's code is kept."""
    error = error_by_status(Reply(status=400), kind=ConflictError, vendor_code="E17")
    assert type(error) is ConflictError
    assert (error.status, error.vendor_code, error.vendor_message) == (400, "E17", None)
    assert error.hint is not None
    assert "Read the process again" in error.hint


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'"no seal"', "no seal"),
        (b'{"message": "no seal"}', "no seal"),
        (b'{"Message": "no seal"}', "no seal"),
        (b'{"mensagem": "sem selo"}', "sem selo"),
        (b'{"error": {"message": "no seal"}}', "no seal"),
        (b'{"error": {"code": 5}}', None),
        (b'{"message": "", "detail": "no seal"}', "no seal"),
        (b'{"message": ["no seal", 5, "no ink"]}', "no seal; no ink"),
        (b'["no seal", {"a": 1}]', "no seal"),
        (b'{"code": 5}', None),
        (b"{}", None),
        (b"null", None),
        (b"5", None),
        (b'" "', None),
        (b"no seal\n", "no seal"),
        (b"caf\xe9", "caf\N{REPLACEMENT CHARACTER}"),
        (b"<html>no seal</html>", None),
        (b"", None),
        (b"x" * 5000, "x" * 2000),
        (b'"' + b"x" * 5000 + b'"', "x" * 2000),
    ],
    ids=range(20),
)
def test_the_vendors_words_are_found_wherever_they_stand(body: bytes, words: str | None) -> None:
    """In a JSON text, in a member of an object, in plain text; a web page says nothing."""
    assert vendor_message(Reply(body=body)) == words


@given(st.binary(max_size=60) | st.recursive(st.none() | st.text(), st.lists).map(lambda tree: Reply.of(tree).body))
def test_any_body_has_words_or_none(body: bytes) -> None:
    """An error's body never makes another error."""
    words = vendor_message(Reply(body=body))
    assert words is None or 0 < len(words) <= 2000


@pytest.mark.parametrize(
    "flow",
    [
        lambda: PROVIDER.cancel("P1", "", None, None),
        lambda: PROVIDER.download("P1", None),
        lambda: PROVIDER.timeline("P1"),
        lambda: PROVIDER.resend("P1", None, NOW, None),  # type: ignore[arg-type]  # it is not looked at
    ],
    ids=["cancel", "download", "timeline", "resend"],
)
def test_what_a_provider_has_not_is_unsupported_with_a_way_out(flow: Any) -> None:
    """No call is made."""
    with pytest.raises(UnsupportedError, match=r"client\.call"):
        play(flow())


def test_a_missing_history_is_hinted_as_the_capabilities_say() -> None:
    """A provider that knows a better way says it once."""

    class Hinting(Minimal):
        capabilities = Capabilities(features=(), hints={Feature.TIMELINE: "ask the console"})

    with pytest.raises(UnsupportedError, match="ask the console"):
        play(Hinting(PROVIDER.settings).timeline("P1"))


def test_a_provider_without_webhooks_or_sandbox_says_so() -> None:
    """With what to do instead."""
    with pytest.raises(UnsupportedError, match=r"client\.get"):
        PROVIDER.receive(Delivery(headers={}, body=b""))
    with pytest.raises(UnsupportedError, match="another environment"):
        PROVIDER.sandbox(PROVIDER.settings)


def test_the_default_check_is_what_the_capabilities_lack() -> None:
    """A provider that can do everything finds nothing."""
    assert PROVIDER.check(DRAFT, NOW) == ()


def test_flows_are_played_without_a_server() -> None:
    """Two calls, their replies, and what came of them."""
    played = play(PROVIDER.create(DRAFT, NOW), Reply.of({"id": "P1", "upload": "https://f.example.com"}), Reply())
    assert [call.method for call in played.calls] == ["POST", "PUT"]
    assert played.calls[1].anonymous
    assert played.result.id == "P1"
    assert repr(PROVIDER) == "Minimal()"
