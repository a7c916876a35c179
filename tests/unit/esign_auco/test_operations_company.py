"""The company and its webhooks: read, compare, write, verify."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.esign_auco.support import paths_of, provider

from esign_auco import operations
from esign_auco.operations import Webhook, WebhookHeader
from esign_core.model.errors import ConflictError, InvalidRequestError, UnreadableReplyError
from esign_core.providers.flow import Reply
from esign_core.testing import play

HOOK = {
    "id": "default",
    "description": "Main",
    "url": "https://example.com/hooks/auco",
    "header": {"key": "Authorization", "value": "Bearer invented"},
}
COMPANY: dict[str, Any] = {
    "id": "61ba073970df523d9d232a27",
    "name": "Auco",
    "webhooks": [HOOK],
    "uxOptions": {"primaryColor": "#021C30", "alternateColor": "#A557F2"},
    "image": "https://example.com/logo.png",
    "webhook": "",
    "webhookHeader": {},
}
MAIN = Webhook(
    description="Main",
    url="https://example.com/hooks/auco",
    header=WebhookHeader(key="Authorization", value="Bearer invented"),
)
SECOND = Webhook(id="second", url="https://example.com/hooks/second")
SECOND_SENT = {"id": "second", "url": "https://example.com/hooks/second"}
OK = Reply.of({"response": "OK"})


def with_hooks(*hooks: dict[str, Any]) -> Reply:
    """Return the company with these webhooks."""
    return Reply.of({**COMPANY, "webhooks": list(hooks)})


def test_published_company_is_read() -> None:
    """Nothing is lost, and the header's value does not show."""
    played = play(operations.company(provider()), Reply.of(COMPANY))
    (call,) = played.calls
    assert (call.method, call.path, dict(call.query)) == ("GET", "/company", {})
    company = played.result
    assert company.webhooks == (MAIN,)
    assert (company.look.primary_color, company.look.alternate_color) == ("#021C30", "#A557F2")
    assert (company.legacy_webhook, company.legacy_header, company.raw) == ("", {}, COMPANY)
    assert "Bearer" not in repr(company)


def test_older_set_up_is_read() -> None:
    """One receiver, and what goes with its deliveries."""
    tree = {"id": "61ba073970df523d9d232a27", "name": "Auco", "webhook": "https://e.com", "webhookHeader": {"X": "y"}}
    company = play(operations.company(provider()), Reply.of(tree)).result
    assert (company.webhooks, company.look) == ((), None)
    assert (company.legacy_webhook, company.legacy_header) == ("https://e.com", {"X": "y"})


@pytest.mark.parametrize("tree", [{}, [], {"id": "a", "name": "b", "webhooks": [{"id": "default"}]}])
def test_something_else_than_company_is_unreadable(tree: Any) -> None:
    """A webhook has an address."""
    with pytest.raises(UnreadableReplyError):
        play(operations.company(provider()), Reply.of(tree))


@pytest.mark.parametrize("answer", [{"response": "OK"}, {"message": "OK"}])
def test_only_what_is_given_changes(answer: dict[str, str]) -> None:
    """Both wordings of the confirmation are read."""
    flow = operations.update_company(provider(), name="New", image="https://example.com/l.png", primary_color="#123")
    (call,), result = play(flow, Reply.of(answer))
    assert (call.method, call.path) == ("PUT", "/company")
    assert call.json == {"name": "New", "image": "https://example.com/l.png", "uxOptions": {"primaryColor": "#123"}}
    assert result is None


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({}, "name"),
        ({"primary_color": "white"}, "primary_color"),
        ({"primary_color": "#FFF"}, "primary_color"),
        ({"primary_color": "#ffffff"}, "primary_color"),
        ({"alternate_color": "#12"}, "alternate_color"),
    ],
)
def test_refused_company_is_not_sent(given: dict[str, str], path: str) -> None:
    """Colours are #RGB or #RRGGBB, and the first one is not white."""
    with pytest.raises(InvalidRequestError) as caught:
        play(operations.update_company(provider(), **given))
    assert paths_of(caught.value) == [path]


def test_list_webhooks_read_compared_written_verified() -> None:
    """The call replaces the whole list, so the whole list is sent."""
    flow = operations.set_webhooks(provider(), [MAIN, SECOND], expected=[MAIN])
    played = play(flow, with_hooks(HOOK), OK, with_hooks(HOOK, SECOND_SENT))
    assert [call.method for call in played.calls] == ["GET", "PUT", "GET"]
    assert played.calls[1].json == {"webhooks": [HOOK, SECOND_SENT]}
    assert played.result == (MAIN, SECOND)


def test_unchanged_list_is_not_written() -> None:
    """One read is all."""
    played = play(operations.set_webhooks(provider(), [MAIN], expected=[MAIN]), with_hooks(HOOK))
    assert played.result == (MAIN,)


def test_changed_list_is_not_overwritten() -> None:
    """Somebody else's change would be lost."""
    flow = operations.set_webhooks(provider(), [MAIN], expected=[MAIN])
    with pytest.raises(ConflictError, match="not the ones you expected"):
        play(flow, with_hooks(HOOK, SECOND_SENT))


def test_list_that_differs_afterwards() -> None:
    """It was written, and yet it is not what was written."""
    flow = operations.set_webhooks(provider(), [MAIN, SECOND], expected=[MAIN])
    with pytest.raises(ConflictError, match="not what was written"):
        play(flow, with_hooks(HOOK), OK, with_hooks(HOOK))


@pytest.mark.parametrize(
    ("hooks", "paths"),
    [
        ([], ["webhooks"]),
        ([SECOND], ["webhooks"]),
        ([MAIN, MAIN], ["webhooks[1].id"]),
        ([MAIN, Webhook(id="b", url="http://example.com")], ["webhooks[1].url"]),
        ([MAIN, Webhook(id="b", url="https://")], ["webhooks[1].url"]),
    ],
)
def test_refused_list_is_not_sent(hooks: list[Webhook], paths: list[str]) -> None:
    """It begins with `default`, names nothing twice, and its new addresses are https."""
    with pytest.raises(InvalidRequestError) as caught:
        play(operations.set_webhooks(provider(), hooks, expected=[]))
    assert paths_of(caught.value) == paths


def test_one_webhook_added_all_others_stay() -> None:
    """Whatever was there is sent again."""
    flow = operations.put_webhook(provider(), SECOND)
    played = play(flow, with_hooks(HOOK), OK, with_hooks(HOOK, SECOND_SENT))
    assert played.calls[1].json == {"webhooks": [HOOK, SECOND_SENT]}


def test_one_webhook_replaced_in_place() -> None:
    """The first stays the first."""
    moved = {**HOOK, "url": "https://example.com/elsewhere"}
    flow = operations.put_webhook(provider(), Webhook(url="https://example.com/elsewhere"))
    bare = {"id": "default", "url": "https://example.com/elsewhere"}
    played = play(flow, with_hooks(HOOK, SECOND_SENT), OK, with_hooks(bare, SECOND_SENT))
    assert played.calls[1].json == {"webhooks": [bare, SECOND_SENT]}
    assert moved["url"] == bare["url"]


def test_unknown_members_are_written_back() -> None:
    """The call replaces everything, so that a member nobody here knows would be gone."""
    told = {**HOOK, "active": True}
    played = play(operations.put_webhook(provider(), SECOND), with_hooks(told), OK, with_hooks(told, SECOND_SENT))
    assert played.calls[1].json == {"webhooks": [told, SECOND_SENT]}
    assert played.result == (MAIN, SECOND)


def test_old_address_allows_a_new_one() -> None:
    """Only what is new has to be https: an old address is the company's own business."""
    plain = {"id": "default", "url": "http://example.com/hooks"}
    played = play(operations.put_webhook(provider(), SECOND), with_hooks(plain), OK, with_hooks(plain, SECOND_SENT))
    assert played.calls[1].json == {"webhooks": [plain, SECOND_SENT]}
    old = Webhook(url="http://example.com/hooks")
    flow = operations.set_webhooks(provider(), [old, SECOND], expected=[old])
    assert play(flow, with_hooks(plain), OK, with_hooks(plain, SECOND_SENT)).result == (old, SECOND)


@pytest.mark.parametrize("header", [{}, None])
def test_empty_header_of_webhook_is_none(header: Any) -> None:
    """The older set-up writes it so, and the whole company would be unreadable."""
    company = play(operations.company(provider()), with_hooks({**SECOND_SENT, "header": header})).result
    assert company.webhooks == (SECOND,)
    assert company.raw["webhooks"] == [{**SECOND_SENT, "header": header}]


def test_first_webhook_of_company_is_default() -> None:
    """Another one cannot be the first."""
    with pytest.raises(InvalidRequestError, match="default"):
        play(operations.put_webhook(provider(), SECOND), with_hooks())
