"""The company, its webhooks, and templates."""

from typing import Any

import pytest
from tests.sandbox.auco.api import ANA, START, open_api, secret

from esign_core.model.events import Delivery

HOOK = {"id": "default", "url": "https://example.com/hooks/auco", "header": {"key": "X-Hook", "value": "value"}}
TEMPLATE: dict[str, Any] = {
    "name": "Contract",
    "config": [
        {"name": "nombre_cliente", "type": "name", "description": "Client name"},
        {"name": "correo", "type": "email", "description": "E-mail"},
        {"name": "telefono", "type": "phone", "description": "Phone"},
        {
            "name": "tipo_doc",
            "type": "clausula",
            "value": "cc",
            "description": "Type",
            "options": [{"name": "CC", "value": "cc"}, {"name": "CE", "value": "ce"}],
        },
        {"name": "cedula", "type": "number", "description": "Number", "prereq": [{"k": "tipo_doc", "v": "cc"}]},
    ],
    "sign": ["nombre_cliente", "cedula"],
    "signatureProfile": [
        {
            "name": ["nombre_cliente"], "identification": "cedula|cedula_ext", "email": "correo", "phone": "telefono",
            "type": "cliente", "notification": False,
        }
    ],
}  # fmt: skip


def test_company_as_it_comes() -> None:
    """Every documented field; the first webhook carries the account's header."""
    found = open_api(webhook_header="X-Hook", webhook_secrets=(secret("one"),)).good("GET", "/company")
    assert list(found) == ["id", "name", "webhooks", "uxOptions", "image", "webhook", "webhookHeader"]
    assert found["webhooks"][0]["header"] == {"key": "X-Hook", "value": "one"}
    assert "header" not in open_api(insecure_webhooks=True).good("GET", "/company")["webhooks"][0]


def test_colours_are_merged_and_webhooks_replaced() -> None:
    """Only what is sent changes, but the list of webhooks changes whole."""
    at = open_api()
    body = {"uxOptions": {"alternateColor": "#abc"}, "webhooks": [HOOK, {**HOOK, "id": "legal", "description": "L"}]}
    assert at.good("PUT", "/company", body) == {"response": "OK"}
    found = at.good("GET", "/company")
    assert found["uxOptions"] == {"primaryColor": "#021C30", "alternateColor": "#abc"}
    assert [hook["id"] for hook in found["webhooks"]] == ["default", "legal"]
    at.good("PUT", "/company", {"name": "Other", "webhooks": [HOOK]})
    assert len(at.good("GET", "/company")["webhooks"]) == 1
    assert at.good("GET", "/company")["name"] == "Other"


@pytest.mark.parametrize(
    "wrong",
    [
        {"uxOptions": {"primaryColor": "#FFF"}}, {"uxOptions": {"primaryColor": "blue"}},
        {"uxOptions": {"other": "#000"}}, {"webhooks": []}, {"webhooks": [{**HOOK, "id": "x"}]},
        {"webhooks": [HOOK, HOOK]}, {"webhooks": [{"id": "default"}]},
        {"webhooks": [{**HOOK, "url": "example"}]}, {"webhooks": [{**HOOK, "header": {"key": "X"}}]},
        {"webhooks": [{**HOOK, "header": True}]}, {"id": "default", "url": "https://example.com"},
    ],
)  # fmt: skip
def test_what_company_cannot_be(wrong: dict[str, Any]) -> None:
    """A bad colour, white, no default, a webhook that lacks something, fields at the root."""
    assert open_api().refused("PUT", "/company", wrong)


def test_process_names_webhooks_it_wants() -> None:
    """Everything else goes to the default one."""
    at = open_api()
    legal = {**HOOK, "id": "legal", "header": {"key": "X-Hook", "value": "legal"}}
    at.good("PUT", "/company", {"webhooks": [HOOK, legal]})
    at.upload(ANA)
    at.upload(ANA, targetWebhooks=["legal", "default"])
    assert [delivery.headers["x-hook"] for delivery in at.box.deliveries] == ["value", "value", "legal"]


def test_webhook_not_accepted_comes_again() -> None:
    """Two, four and six minutes after each failure, then never; a receiver that accepts gets each once."""
    at = open_api()
    moments: list[float] = []

    def refuse(delivery: Delivery) -> int:
        assert delivery.received_at is not None
        moments.append((delivery.received_at - START).total_seconds() / 60)
        return 404

    at.box.deliver_to(refuse)
    at.upload(ANA)
    at.later(hours=1)
    assert moments == [0, 2, 6, 12]
    assert at.words() == ["CREATE"] * 4
    at.box.deliver_to(lambda _: 204)
    at.upload(ANA)
    at.later(hours=1)
    assert len(at.box.deliveries) == 5


def test_template_made_uploaded_listed_and_changed() -> None:
    """Inactive until both parts have arrived; each address takes one HTML file within five minutes."""
    at = open_api()
    answer = at.good("POST", "/template", {**TEMPLATE, "description": "d"})
    key, urls = answer["id"], answer["urls"]
    assert set(urls) == {"mask", "complete"}
    (listed,) = at.good("GET", "/template")["data"]
    assert listed == {
        "id": key, "name": "Contract", "description": "d", "created_at": "2026-03-01T12:00:00.000Z",
        "updated_at": "2026-03-01T12:00:00.000Z", "status": "inactive",
    }  # fmt: skip
    assert at.put(urls["mask"], b"<p/>", "application/pdf") == 400
    assert at.put(urls["mask"], b"<p/>", "text/html; charset=utf-8") == 200
    assert at.put(urls["mask"], b"<p/>", "text/html") == 403
    assert at.put(urls["complete"], b"<p/>", "text/html") == 200
    detail = at.good("GET", "/template", id=key)
    assert detail["status"] == "active"
    assert {name: detail[name] for name in TEMPLATE} == TEMPLATE
    assert detail["preBuild"] is False
    late = at.good("PUT", "/template", {"id": key, "name": "Mended"})["urls"]["mask"]
    at.later(minutes=5, seconds=1)
    assert at.put(late, b"<p/>", "text/html") == 403
    assert at.good("GET", "/template", id=key)["name"] == "Mended"
    assert at.good("GET", "/document") == [{"_id": key, "name": "Mended", "status": "active"}]


def test_template_takes_known_variables() -> None:
    """Its own silence reaches the signer; a variable it does not have is refused."""
    at = open_api()
    key = at.good("POST", "/template", TEMPLATE)["id"]
    body = {"email": "s@example.com", "name": "C", "document": key, "sign": True}
    data = [{"key": "nombre_cliente", "value": "Ana"}, {"key": "correo", "value": "ana@example.com"}]
    (signer,) = at.good("POST", "/document/save", {**body, "data": data})["signProfile"]
    assert (signer["name"], len(signer["id"])) == ("Ana", 2)
    assert "variable" in at.refused("POST", "/document/save", {**body, "data": [{"key": "other", "value": ""}]})


def test_templates_that_cannot_be() -> None:
    """Unknown ones are 404 here, and nowhere else; a description cannot be emptied."""
    at = open_api()
    assert at.ask("GET", "/template", id="0" * 24)[0] == 404
    assert at.ask("PUT", "/template", {"id": "0" * 24, "name": "x"})[0] == 404
    mistakes: tuple[dict[str, Any], ...] = (
        {"name": None}, {"config": []}, {"config": [{"name": "a", "type": "poem"}]}, {"config": [{"type": "text"}]},
        {"sign": "a"}, {"description": "x" * 501}, {"description": ""}, {"other": 1},
    )  # fmt: skip
    for wrong in mistakes:
        body = {**TEMPLATE, **wrong}
        assert at.refused("POST", "/template", {name: value for name, value in body.items() if value is not None})
