"""A call becomes an address, headers and a body whose length is known before it leaves."""

from __future__ import annotations

import base64
import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from esign_core.http.encoding import address, prepare
from esign_core.model.documents import Document
from esign_core.model.errors import InvalidRequestError, UnreadableReplyError
from esign_core.providers.flow import Call, Save, path_problem

BASE = "https://api.acme.example/v1"
LOOPBACK = "http://127.0.0.1:8801/v1"
PDF = Document.from_bytes(b"%PDF-1.7 " + bytes(range(256)), name="a.pdf")

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["document-", '"', "\\", "\N{EURO SIGN}"])
    | st.binary(max_size=20).map(lambda content: Document.from_bytes(content, name="x"))
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


def naive(tree: Any) -> Any:
    """Return a tree with each document as the text it is sent as."""
    if isinstance(tree, Document):
        return base64.b64encode(tree.content or b"").decode()
    if isinstance(tree, dict):
        return {key: naive(value) for key, value in tree.items()}
    return [naive(item) for item in tree] if isinstance(tree, list) else tree


@given(TREES)
def test_documents_anywhere_in_json_are_written_as_base64(tree: Any) -> None:
    """The body is, byte for byte, what a plain encoder makes of the tree, and as long as was announced."""
    ready = prepare(Call.post("/x", json=tree), BASE)
    body = b"".join(ready.steps())
    assert body == json.dumps(naive(tree), ensure_ascii=False, separators=(",", ":")).encode()
    assert ready.headers["content-length"] == str(len(body)) == str(ready.length)
    assert b"".join(ready.steps()) == body


@pytest.mark.parametrize(
    "tree", [{"a": {1, 2}}, {"a": b"bytes"}, float("nan"), float("inf"), "\ud800", {(1, 2): 3}, {"a": object()}]
)
def test_what_json_cannot_say_is_an_invalid_request(tree: Any) -> None:
    """It is found before anything is sent, and not repeated."""
    with pytest.raises(InvalidRequestError, match="JSON cannot say") as caught:
        prepare(Call.post("/x", json=tree), BASE)
    assert caught.value.__context__ is None


def test_a_tree_that_holds_itself_is_an_invalid_request() -> None:
    """And so is one that is too deep."""
    circle: list[Any] = []
    circle.append(circle)
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    for tree in (circle, deep):
        with pytest.raises(InvalidRequestError):
            prepare(Call.post("/x", json=tree), BASE)


@pytest.mark.parametrize(
    ("document", "kind"),
    [(PDF, "application/pdf"), (Document.from_bytes(b"PK", name="x"), "application/octet-stream")],
)
def test_a_document_can_be_the_whole_body(document: Document, kind: str) -> None:
    """Its bytes leave as they are."""
    ready = prepare(Call.put("https://files.example.com/x", content=document, anonymous=True), BASE)
    assert b"".join(ready.steps()) == document.content
    assert (ready.headers["content-type"], ready.headers["content-length"]) == (kind, str(document.size))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "GET"])
def test_a_call_without_a_body_says_so(method: str) -> None:
    """Verbs that expect a body announce that it is empty; the others announce none."""
    headers = prepare(Call(method=method, path="/x"), BASE).headers
    assert headers.get("content-length") == ("0" if method in ("POST", "PUT", "PATCH") else None)
    assert "content-type" not in headers


def test_null_is_a_body() -> None:
    """JSON's null is something; nothing is not."""
    assert b"".join(prepare(Call.post("/x", json=None), BASE).steps()) == b"null"


def test_headers_say_what_is_wanted_and_nothing_more() -> None:
    """JSON unless a file is due, uncompressed, from a library that names itself; the call's own headers prevail."""
    assert prepare(Call.get("/x"), BASE).headers == {
        "accept": "application/json",
        "accept-encoding": "identity",
        "user-agent": "esign-python",
    }
    assert prepare(Call.get("/x", save=Save("a.pdf")), BASE).headers["accept"] == "*/*"
    assert prepare(Call.get("/x", save=Save("a.pdf", member="b")), BASE).headers["accept"] == "application/json"
    assert prepare(Call.get("/x", headers={"Accept": "text/plain"}), BASE).headers["accept"] == "text/plain"


@pytest.mark.parametrize(
    ("name", "value"), [("A b", "c"), ("", "c"), ("A", "b\r\nX: y"), ("A", "\0"), ("A\n", "b"), ("A:", "b")]
)
def test_a_header_that_http_cannot_carry_is_refused(name: str, value: str) -> None:
    """Before a line of it could become a header of its own."""
    with pytest.raises(ValueError, match="HTTP cannot carry"):
        prepare(Call.get("/x", headers={name: value}), BASE)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (Call.get("/document/upload"), f"{BASE}/document/upload"),
        (Call.get("/x", query={"a": "b c&d", "é": "/"}), f"{BASE}/x?a=b%20c%26d&%C3%A9=%2F"),
        (Call.get("/go?to=https://x.example.com"), f"{BASE}/go?to=https://x.example.com"),
        (Call.get("https://files.example.com/a?sig=1", anonymous=True), "https://files.example.com/a?sig=1"),
        (Call.get("HTTPS://files.example.com/a", anonymous=True), "HTTPS://files.example.com/a"),
    ],
)
def test_paths_lie_below_the_account_and_named_addresses_stand_alone(call: Call, expected: str) -> None:
    """A path is appended with its query; an address that an answer named is used as it is."""
    assert address(call, BASE) == expected


@pytest.mark.parametrize(
    "path",
    [
        "http://files.example.com/a",
        "ftp://files.example.com/a",
        "file:///etc/passwd",
        "//files.example.com/a",
        "https://",
        "https:///a",
        "https://user@files.example.com/a",
        "https://user:pw@files.example.com/a",
        "https://files.example.com:99999/a",
        "https://files.example.com/a b",
        "https://files.example.com\\@evil.example.com/",
        "https://files.example.com/\r\nX: y",
        "https://[::1",
        "http://127.0.0.1:8801/v1/x",
        ".evil.example.com/x",
        "@evil.example.com/x",
        ":8443/x",
        "x",
        "",
    ],
)
def test_an_address_that_is_no_https_address_is_not_used(path: str) -> None:
    """Neither another scheme, nor a half address that would change the host, nor one with credentials in it."""
    with pytest.raises(UnreadableReplyError) as caught:
        address(Call.put(path, anonymous=True, process_id="P1"), BASE)
    assert caught.value.process_id == "P1"
    assert "Nothing was sent there" in str(caught.value)
    assert "evil" not in str(caught.value)


def test_a_named_address_never_gets_a_credential() -> None:
    """A provider that forgets to mark a call as anonymous is stopped."""
    with pytest.raises(UnreadableReplyError):
        address(Call.get("https://files.example.com/a"), BASE)
    with pytest.raises(UnreadableReplyError):
        address(Call.get(f"{BASE}/a"), BASE)


@pytest.mark.parametrize(
    ("path", "fine"),
    [
        ("http://127.0.0.1:8801/upload/1", True),
        ("http://127.0.0.1:8802/upload/1", False),
        ("http://localhost:8801/upload/1", False),
        ("http://192.0.2.1:8801/upload/1", False),
        ("https://files.example.com/a", True),
    ],
)
def test_a_loopback_account_may_name_its_own_origin_without_https(path: str, fine: bool) -> None:
    """Its own, and no other."""
    call = Call.put(path, anonymous=True)
    if fine:
        assert address(call, LOOPBACK) == path
    else:
        with pytest.raises(UnreadableReplyError):
            address(call, LOOPBACK)


@pytest.mark.parametrize("path", ["/", "/a/b", "/a%20b", "/a;v=1", "/.well-known/x", "/a..b"])
def test_a_path_below_the_account_is_let_through(path: str) -> None:
    """Plain letters, quoted ones, and dots that lead nowhere."""
    assert path_problem(Call.get(path)) is None


@pytest.mark.parametrize(
    "path",
    [
        "", "a", "//evil.example.com", "/../x", "/a/..", "/a/./b", "/%2e%2E/x", "/a%2f..%2fx",
        "/..%5cx", "/a//b", "/a\\..\\b", "/..;/x", "/a?b=c", "/a#b", "/a b", "/é", "/a\r\nHost: x", "/a\0", "@evil/x",
        "https://evil.example.com",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    """Up, out, into another part of the address or into the headers."""
    error = path_problem(Call.get(path))
    assert isinstance(error, InvalidRequestError)
    assert "evil" not in str(error)


def test_a_call_ready_to_be_sent_shows_neither_address_nor_body() -> None:
    """Keys and signatures are in both."""
    ready = prepare(Call.post("/x", json={"e": "ana@example.com"}, headers={"Authorization": "prk_1"}), BASE)
    assert not any(word in repr(ready) for word in ("acme", "ana", "prk_1"))
    assert attrs.evolve(ready, inline=False).length == ready.length
