"""Test the routes that hooks and logs show."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from esign_core.engine.routes import route_of
from esign_core.providers.flow import Call, Save

GUID = "3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01"


def owner_of(pattern: str) -> Callable[[str], bool]:
    """Return what knows ids of the given form."""
    return lambda text: re.fullmatch(pattern, text) is not None


def failing(text: str) -> bool:
    """Fail over every text."""
    raise KeyError(text)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/document/upload", "/document/upload"),
        (f"/api/v2/processo/{GUID}/reenviar-processo", "/api/v2/processo/{id}/reenviar-processo"),
        ("/document/ABC123DEFG?code=1", "/document/{id}"),
        ("/users/ana@example.com", "/users/{id}"),
        ("/users/ana%40example.com", "/users/{id}"),
        ("/people/12.345.678", "/people/{id}"),
        ("/a%20b", "/{id}"),
        ("/envelope/envelope_ab12/sign-url", "/envelope/{id}/sign-url"),
        ("/envelopes/42", "/envelopes/{id}"),
        ("/v1.5/ext/signRequests/getAll", "/v1.5/ext/signRequests/getAll"),
        ("/files/Ab-9/pages/1", "/files/{id}/pages/{id}"),
        ("/things/XYZ", "/things/{id}"),
        ("/things/" + "x" * 41, "/things/{id}"),
        ("/", "/"),
    ],
)
def test_route_of_path_hides_ids(path: str, route: str) -> None:
    """A part that is not a plain word of an endpoint is shown as {id}."""
    assert route_of(Call.get(path), owner_of("never")) == route


def test_route_of_owned_id_hides_it() -> None:
    """A part that the provider owns is an id, unless it is a plain word in lower case."""
    owner = owner_of("[A-Za-z_]{9,10}")
    assert route_of(Call.get("/document/SampleCode"), owner) == "/document/{id}"
    assert route_of(Call.get("/document/sample_cod"), owner) == "/document/{id}"
    assert route_of(Call.put("/document/reactivate"), owner) == "/document/reactivate"


def test_route_of_process_id_hides_it() -> None:
    """The id that the call itself carries is hidden, in any form and with any quoting."""
    owns = owner_of("never")
    assert route_of(Call.get("/document/blue", process_id="blue"), owns) == "/document/{id}"
    assert route_of(Call.get("/document/bl%75e", process_id="blue"), owns) == "/document/{id}"


def test_route_of_failing_owns_hides_part() -> None:
    """A provider that fails over a part does not change the call."""
    assert route_of(Call.get("/document/SampleCode"), failing) == "/document/{id}"


def test_route_given_by_call_is_used() -> None:
    """A provider may name the route itself."""
    assert route_of(Call.get("/of/x", route="/of/{number}"), owner_of("x")) == "/of/{number}"
    assert route_of(Call.post("/of/x", route="/of/{number}"), owner_of("x")) == "/of/{number}"


def test_route_of_named_address_hides_it() -> None:
    """An address from an answer is a secret as a whole."""
    call = Call.get("https://files.example.com/a?token=1", save=Save("a.pdf"), anonymous=True)
    assert route_of(call, owner_of("x")) == "(an address the vendor named)"
