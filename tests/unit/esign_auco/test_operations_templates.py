"""Templates: listed, described, made and changed, with uploads of their HTML."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.esign_auco.support import NOW, provider

from esign_auco import operations
from esign_core.model.documents import Document
from esign_core.model.errors import InvalidRequestError, UnreadableReplyError
from esign_core.providers.flow import Reply
from esign_core.testing import play

DETAIL: dict[str, Any] = {
    "id": "template_id",
    "name": "Contract",
    "status": "active",
    "created_at": "2025-11-26T20:48:00.000Z",
    "updated_at": "2025-11-26T20:48:00.000Z",
    "config": [
        {"name": "nombre_cliente", "type": "name", "description": "Client name"},
        {
            "name": "tipo_doc",
            "type": "clausula",
            "value": "cc",
            "description": "Type",
            "options": [{"name": "CC", "value": "cc"}],
        },
        {"type": "text"},
    ],
    "sign": ["nombre_cliente", "cedula"],
    "signatureProfile": [{"name": "nombre_cliente", "identification": "cedula|cedula_ext", "type": "cliente"}],
    "preBuild": False,
}
SAVED = {"id": "template_id", "urls": {"mask": "https://s.example.com/m", "complete": "https://s.example.com/c"}}
MASK = Document.from_bytes(b"<html>mask</html>", name="mask.html")
COMPLETE = Document.from_bytes(b"<html>complete</html>", name="complete.html")
PARTS: dict[str, Any] = {
    "name": "Contract",
    "config": DETAIL["config"],
    "signature_profile": DETAIL["signatureProfile"],
    "sign": DETAIL["sign"],
}
PARTS_SENT = {
    "name": "Contract",
    "config": DETAIL["config"],
    "signatureProfile": DETAIL["signatureProfile"],
    "sign": DETAIL["sign"],
}


def test_templates_are_listed() -> None:
    """Inactive ones too."""
    summary = {key: DETAIL[key] for key in ("id", "name", "status", "created_at", "updated_at")}
    answer = {"data": [{**summary, "description": "Rent"}, {**summary, "status": "inactive"}]}
    (call,), listed = play(operations.templates(provider()), Reply.of(answer))
    assert (call.method, call.path, dict(call.query)) == ("GET", "/template", {})
    assert [(template.description, template.status) for template in listed] == [("Rent", "active"), (None, "inactive")]
    assert listed[0].variables == ()
    assert listed[0].raw == answer["data"][0]


def test_template_is_described() -> None:
    """Its variables, and who signs."""
    (call,), template = play(operations.template(provider(), "template_id"), Reply.of(DETAIL))
    assert (call.path, dict(call.query)) == ("/template", {"id": "template_id"})
    assert template.variables == ("nombre_cliente", "tipo_doc")
    assert (template.sign, template.pre_build, template.raw) == (("nombre_cliente", "cedula"), False, DETAIL)


def test_undocumented_list_comes_as_it_is() -> None:
    """A query without an id brings automated templates."""
    (call,), listed = play(operations.automated_templates(provider()), Reply.of([{"_id": "x"}]))
    assert (call.path, dict(call.query)) == ("/document", {})
    assert listed == [{"_id": "x"}]


@pytest.mark.parametrize("tree", [{}, [], {"data": {}}, {"data": [{}]}])
def test_something_else_than_list_is_unreadable(tree: Any) -> None:
    """Each template has an id."""
    with pytest.raises(UnreadableReplyError):
        play(operations.templates(provider()), Reply.of(tree))


def test_template_made_and_html_uploaded() -> None:
    """Each page goes to its own address at once, as HTML and without a key."""
    flow = operations.create_template(
        provider(), **PARTS, pre_build=True, description="Rent", mask=MASK, complete=COMPLETE, now=NOW
    )
    (create, mask, complete), saved = play(flow, Reply.of(SAVED), Reply(), Reply())
    assert (create.method, create.path) == ("POST", "/template")
    assert create.json == {**PARTS_SENT, "preBuild": True, "description": "Rent"}
    assert [(c.method, c.path, c.content) for c in (mask, complete)] == [
        ("PUT", "https://s.example.com/m", MASK),
        ("PUT", "https://s.example.com/c", COMPLETE),
    ]
    assert all(c.anonymous and c.headers["content-type"] == "text/html" for c in (mask, complete))
    assert saved.id == "template_id"
    assert saved.mask.until == NOW + timedelta(minutes=5)
    assert "s.example.com" not in repr(saved)


def test_template_is_changed_in_part() -> None:
    """What is not given is not sent, and nothing has to be uploaded."""
    (call,), _ = play(operations.update_template(provider(), "template_id", name="New"), Reply.of(SAVED))
    assert (call.method, call.path, call.json) == ("PUT", "/template", {"id": "template_id", "name": "New"})


def test_template_is_changed_in_whole() -> None:
    """Everything that can be given is sent."""
    flow = operations.update_template(
        provider(), "template_id", **PARTS, pre_build=False, description="Rent", complete=COMPLETE
    )
    (call, upload), _ = play(flow, Reply.of(SAVED), Reply())
    assert call.json == {"id": "template_id", **PARTS_SENT, "preBuild": False, "description": "Rent"}
    assert upload.content is COMPLETE


def test_other_names_of_answer_are_read() -> None:
    """The page's samples read `template_id` and `signed_url`."""
    answer = {"template_id": "template_id", "signed_url": "https://s.example.com/c"}
    _, saved = play(operations.create_template(provider(), **PARTS), Reply.of(answer))
    assert (saved.id, saved.mask, saved.complete.url) == ("template_id", None, "https://s.example.com/c")


@pytest.mark.parametrize("answer", [{}, {"id": "template_id"}, {"id": "template_id", "urls": {}}])
def test_answer_without_address_is_unreadable(answer: Any) -> None:
    """There is a page to upload and nowhere to upload it to."""
    with pytest.raises(UnreadableReplyError):
        play(operations.create_template(provider(), **PARTS, mask=MASK), Reply.of(answer))


def test_refused_template_is_not_sent() -> None:
    """Descriptions have a length, and a template has an id."""
    for description in ("", "x" * 501):
        with pytest.raises(InvalidRequestError, match="description"):
            play(operations.create_template(provider(), **PARTS, description=description))
    for flow in (operations.template(provider(), ""), operations.update_template(provider(), "")):
        with pytest.raises(InvalidRequestError, match="template_id"):
            play(flow)
