"""Calls and replies are plain values."""

from __future__ import annotations

import pytest

from esign_core.model.documents import Document
from esign_core.model.errors import UnreadableReplyError
from esign_core.model.fields import UNSET
from esign_core.providers.flow import Call, Reply, Save


def test_only_a_read_may_be_repeated_by_default() -> None:
    """Every other verb has an effect until its provider says that it has none."""
    assert Call.get("/p").repeatable
    assert not Call.get("/p", repeatable=False).repeatable
    made = [Call.post("/p"), Call.put("/p"), Call.patch("/p"), Call.delete("/p")]
    assert [call.method for call in made] == ["POST", "PUT", "PATCH", "DELETE"]
    assert not any(call.repeatable for call in made)
    assert Call.post("/search", repeatable=True).repeatable


def test_a_call_takes_its_fields_by_name() -> None:
    """A field that is left out is empty; a missing JSON body differs from null."""
    save = Save("a.pdf", member="base64")
    call = Call.get("/p", query={"a": "b"}, save=save, process_id="P1", credential="reader", headers={"A": "b"})
    assert (call.query, call.save, call.process_id, call.credential) == ({"a": "b"}, save, "P1", "reader")
    assert call.headers["a"] == "b"
    assert call.json is UNSET
    assert Call.post("/p", json=None).json is None
    assert Call.put("/p", content=Document.from_bytes(b"x", name="x")).content is not None


def test_headers_are_added_to_a_new_call() -> None:
    """The call itself stays as it was."""
    call = Call.get("/p", headers={"A": "1"})
    assert dict(call.with_headers({"B": "2"}).headers) == {"A": "1", "B": "2"}
    assert dict(call.headers) == {"A": "1"}


def test_a_call_does_not_show_what_it_carries() -> None:
    """Its path, query, body and header values may name people and keys."""
    call = Call.post("/u/ana@example.com", query={"k": "prk_1"}, json={"e": "ana"}, headers={"Authorization": "prk_1"})
    assert not any(word in repr(call) for word in ("ana", "prk_1"))
    assert "Ana" not in repr(Save("Ana.pdf"))


def test_a_reply_is_read_as_text_or_as_json() -> None:
    """Bytes that are not UTF-8 are replaced in the text, and refused as JSON."""
    assert Reply(body="é".encode()).text == "é"
    assert Reply(body=b"\xff").text == "\N{REPLACEMENT CHARACTER}"
    assert Reply.of({"a": [1]}).json() == {"a": [1]}
    assert Reply.of("said", status=201).status == 201


@pytest.mark.parametrize("body", [b"", b"<html>ana@example.com", b"\xff", b'{"a":1,"a":2}', b"[" * 1000])
def test_what_is_no_json_is_unreadable(body: bytes) -> None:
    """The error carries the status and the reason, and nothing of the contents, nor of where it came from."""
    with pytest.raises(UnreadableReplyError) as caught:
        Reply(body=body, status=200).json()
    assert str(caught.value).startswith("the vendor's answer cannot be read: the body ")
    assert caught.value.status == 200
    assert caught.value.__context__ is None
    assert "body=" not in repr(Reply(body=body))
