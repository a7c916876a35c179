"""The gate: keys of the right kind, known paths, strict bodies."""

import pytest
from tests.sandbox.auco.api import LETTER, open_api, secret

from esign_auco.sandbox import Box
from esign_auco.settings import AucoSettings
from esign_core.sandbox import Request


def test_account_without_keys_gets_invented_ones() -> None:
    """The copy of the settings is complete, and its address is stable and can belong to nobody."""
    box = Box(AucoSettings(environment="sandbox"))
    assert box.settings.base_url == "https://auco-sandbox.invalid/v1.5/ext"
    assert box.settings.sender == "sender@example.com"
    assert box.settings.is_sandbox
    assert not box.settings.problems()


def test_accounts_own_keys_are_ones_accepted() -> None:
    """A key that was given is asked for, and no other."""
    at = open_api(public_key=secret("puk_mine"), private_key=secret("prk_mine"))
    assert at.send("GET", "/company", key="puk_mine").status == 200
    assert at.send("GET", "/company", key="puk_sandbox_0000000000000000").status == 401


@pytest.mark.parametrize("key", ["", "private", "Bearer public", "puk_other"])
def test_read_takes_public_key_alone(key: str) -> None:
    """No key, the private one, a prefix or another one: 401."""
    at = open_api()
    public, private = at.key("GET", ""), at.key("POST", "")
    assert at.send("GET", "/company", key=key.replace("public", public).replace("private", private)).status == 401


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/document/upload"), ("PUT", "/company"), ("GET", "/package/edit")]
)
def test_everything_else_takes_private_key(method: str, path: str) -> None:
    """Among it the reading of what is in edition."""
    at = open_api()
    assert at.send(method, path, {}, key=at.key("GET", "")).status == 401
    assert at.send(method, path, {}).status != 401


def test_no_header_at_all_is_unauthorized() -> None:
    """A request without any header is turned away like one with a wrong key."""
    answer = open_api().box.respond(Request(method="GET", url="https://auco-sandbox.invalid/v1.5/ext/company"))
    assert (answer.status, answer.body) == (401, b'{"message":"UNAUTHORIZED"}')


def test_unknown_paths_and_methods() -> None:
    """404 and 405; an unknown resource of an edition has a code of its own."""
    at = open_api()
    assert at.ask("GET", "/documents")[0] == 404
    assert at.ask("PUT", "/document/upload", {})[0] == 405
    assert at.refused("POST", "/folder/edit", {"code": "X"}) == "INVALID_RESOURCE"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"code":"A","code":"B"}', b'{"code":"\xff"}'])
def test_body_must_be_an_object(body: bytes) -> None:
    """Junk, arrays, repeated keys and wrong encodings: 400, nothing happens."""
    at = open_api()
    headers = {"Authorization": at.key("POST", ""), "Content-Type": "application/json"}
    url = f"{at.box.settings.base_url}/document/reminder"
    assert at.box.respond(Request(method="POST", url=url, headers=headers, body=body)).status == 400


def test_body_of_another_type_is_refused() -> None:
    """Only JSON is read."""
    at = open_api()
    url = f"{at.box.settings.base_url}/document/reminder"
    headers = {"Authorization": at.key("POST", "")}
    assert at.box.respond(Request(method="POST", url=url, headers=headers, body=b'{"code":"A"}')).status == 400


def test_unknown_query_is_refused() -> None:
    """Unknown names, blank values and two ids at once."""
    at = open_api()
    assert "custom" in at.refused("GET", "/document", custom="true")
    assert "code" in at.refused("GET", "/document", code="")
    assert at.refused("GET", "/document", code="A", package="B")
    assert at.refused("GET", "/document", code="A", image="yes")


def test_acting_user_belongs_to_company() -> None:
    """Addresses at stranger.example.com are the ones the company does not know."""
    body = {**LETTER, "email": "x@stranger.example.com", "file": "JVBERi0=", "signProfile": [
        {"name": "A", "email": "a@example.com", "label": True}]}  # fmt: skip
    assert open_api().refused("POST", "/document/upload", body) == "USER_NOTFOUND"
