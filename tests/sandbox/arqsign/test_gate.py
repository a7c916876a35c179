"""What every request passes first: two keys, the route, the body's form."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from tests.sandbox.arqsign.samples import KEYS, SEND, Door, printed_send

from esign_arqsign.sandbox import Box, Dialect
from esign_arqsign.settings import ArqSignSettings

ROLES = "/api/v1/conta/papeis-signatarios"


def test_a_request_with_both_keys_is_answered(door: Door) -> None:
    """The names of headers have no case."""
    keys = {"appkey": KEYS["AppKey"], "SUBSCRIPTIONKEY": KEYS["SubscriptionKey"]}
    assert door.answer("GET", ROLES, keys=keys).status == 200


@pytest.mark.parametrize("key", [{}, {"AppKey": ""}, {"AppKey": "fake-app-key "}, {"AppKey": "another"}])
def test_a_wrong_app_key_is_refused_by_the_application(door: Door, key: dict[str, str]) -> None:
    """The body is a bare JSON string, as the manual's picture shows it."""
    answer = door.answer("GET", ROLES, keys={"SubscriptionKey": KEYS["SubscriptionKey"], **key})
    assert (answer.status, json.loads(answer.body)) == (401, "Acesso não autorizado.")


@pytest.mark.parametrize("key", [{}, {"SubscriptionKey": "another"}])
def test_a_wrong_subscription_key_is_refused_by_the_gateway(door: Door, key: dict[str, str]) -> None:
    """The gateway's answer has another shape than the application's."""
    answer = door.answer("GET", ROLES, keys={"AppKey": KEYS["AppKey"], **key})
    tree = json.loads(answer.body)
    assert answer.status == tree["statusCode"] == 401
    assert ("missing" in tree["message"]) == (not key)
    assert "SubscriptionKey" in answer.headers["www-authenticate"]


def test_an_inactive_account_is_refused(door: Door) -> None:
    """Right keys do not help an account that is not Ativo."""
    door.box.account_active = False
    assert door.ask("GET", ROLES) == (401, "Acesso não autorizado.")


def test_keys_come_before_the_route(door: Door) -> None:
    """Whoever has no key learns nothing about the routes."""
    assert door.answer("GET", "/api/v9/nothing", keys={}).status == 401


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v9/nothing"),
        ("POST", "/api/v1/processo/enviar-documento-para-assinar"),
        ("GET", "/api/v1/processo/3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01"),
        ("PATCH", "/api/v1/processo/3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01/reenviar-processo"),
        ("POST", "/api/v2/processo/3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01/reenviar-processo"),
        ("PATCH", "/api/v2/processo/reenviar-processo/3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01"),
        ("DELETE", "/api/v1/confwebhook/3a1c9b70-6a2f-4f0e-8a57-7f3d0d0f9e01"),
    ],
)
def test_unknown_and_discontinued_routes_are_not_found(door: Door, method: str, path: str) -> None:
    """The first version of send, get and resend is gone, and so is every path that only a misprint knows."""
    assert door.ask(method, path, []) == (404, "Método não encontrado.")


@pytest.mark.parametrize(
    "raw", [b"{", b"{'a': 1}", b'{"a": 1} x', b"\xff\xfe", b'{"nome": 1, "nome": 2}', b'{"a": NaN}']
)
def test_malformed_json_is_a_server_error(door: Door, raw: bytes) -> None:
    """The manual lists malformed JSON under 500 alone."""
    assert door.answer("POST", SEND, raw=raw).status == 500


@pytest.mark.parametrize("body", [[], "text", 1, None])
def test_a_body_of_the_wrong_kind_is_no_parameter(door: Door, body: object) -> None:
    """An object was due."""
    raw = json.dumps(body).encode() if body is not None else b""
    status, tree = door.ask("POST", SEND, raw=raw)
    assert (status, tree["mensagem"]) == (400, "Algum parâmetro está incorreto ou é inexistente.")


def test_an_unknown_parameter_of_the_address_is_refused(door: Door) -> None:
    """What does not exist in the method is refused wherever it stands."""
    assert door.refused(None, f"{ROLES}?nome=x", "GET") == (400, "Algum parâmetro está incorreto ou é inexistente.")


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("object", b'{"codigo":404,"mensagem":"M\xc3\xa9todo n\xc3\xa3o encontrado."}'),
        ("string", b'"M\xc3\xa9todo n\xc3\xa3o encontrado."'),
        ("text", b"M\xc3\xa9todo n\xc3\xa3o encontrado."),
    ],
)
def test_error_bodies_come_in_three_shapes(door: Door, shape: Any, body: bytes) -> None:
    """The manual shows a bare string in pictures and speaks of a code and a message in its text."""
    door.box.dialect = Dialect(errors=shape)
    assert door.answer("GET", "/nothing").body == body


def test_an_account_without_keys_gets_invented_ones() -> None:
    """The box's settings are complete, so that a client can be built with them."""
    settings = Box(ArqSignSettings(environment="sandbox")).settings
    assert None not in (settings.app_key, settings.subscription_key, settings.responsible_id, settings.folder_id)
    assert settings.webhook_secrets
    assert settings.base_url == "https://arqsign-sandbox.invalid"
    assert settings.problems() == ()


def test_invented_settings_can_send() -> None:
    """The invented person and folder exist in the account."""
    door = Door(Box(ArqSignSettings(environment="sandbox")))
    settings = door.box.settings
    assert settings.app_key is not None
    assert settings.subscription_key is not None
    keys = {
        "AppKey": settings.app_key.get_secret_value(),
        "SubscriptionKey": settings.subscription_key.get_secret_value(),
    }
    body = {**printed_send(), "idResponsavel": settings.responsible_id, "idPasta": settings.folder_id}
    assert door.answer("POST", SEND, body, keys=keys).status == 200


def test_the_keys_of_the_account_show_in_no_repr(door: Door) -> None:
    """Neither the box nor its settings print them."""
    assert "fake-app-key" not in repr(door.box) + repr(door.box.settings) + repr(attrs.asdict(door.box.settings))
