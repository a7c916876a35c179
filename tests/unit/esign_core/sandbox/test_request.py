"""Requests and answers as plain values."""

import pytest

from esign_core.sandbox import Request, binary_reply, json_reply, text_reply


def test_a_request_takes_its_address_apart() -> None:
    """Host, decoded path and query come from the address."""
    request = Request(method="get", url="https://Box.invalid:8443/a%20b/c?code=X&empty=", headers={"Accept": "*/*"})
    assert (request.method, request.host, request.path) == ("GET", "box.invalid", "/a b/c")
    assert request.query == {"code": "X", "empty": ""}
    assert request.headers == {"accept": "*/*"}


def test_a_repr_shows_no_content() -> None:
    """Keys, bodies and queries stay out of test reports."""
    shown = repr(Request(method="GET", url="https://b.invalid/x?code=SECRET", headers={"a": "SECRET"}, body=b"SECRET"))
    assert "SECRET" not in shown
    assert "https://b.invalid/x" in shown


@pytest.mark.parametrize("body", [b"", b"{", b'{"a":1,"a":2}', b'{"a":NaN}', b'"\xff"', b"[" * 100_000, b"{} {}"])
def test_a_body_that_is_no_strict_json_is_refused(body: bytes) -> None:
    """Junk, repeated keys, NaN, other encodings and bottomless nesting are one kind of error."""
    with pytest.raises(ValueError, match=r".*"):
        Request(method="POST", url="https://b.invalid/", body=body).json()


def test_answers_say_what_they_are() -> None:
    """Each constructor sets its content type."""
    assert json_reply(200, {"a": "é"}, {"X-A": "1"}).body == '{"a":"é"}'.encode()
    assert json_reply(200, 1, {"X-A": "1"}).headers["x-a"] == "1"
    assert text_reply(404, "no").headers["content-type"].startswith("text/plain")
    assert binary_reply(200, b"%PDF-", "application/pdf").headers["content-type"] == "application/pdf"
