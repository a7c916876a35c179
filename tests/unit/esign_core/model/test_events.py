"""Deliveries are decoded strictly, compared in constant time, and distinguished by their keys."""

from __future__ import annotations

import contextlib
import json
import tracemalloc
from email.message import Message
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from esign_core.model import strict_json
from esign_core.model.events import Delivery, Event, EventKind, Receipt, WebhookReply
from esign_core.model.headers import Headers
from esign_core.model.strict_json import MAX_DEPTH, UnreadableBodyError, decode_json, decode_object
from esign_core.providers.webhooks import dedupe_key, same_secret

TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
PIECES = st.sampled_from([b"{", b"}", b"[", b"]", b'"', b":", b",", b"\\u", b"d800", b"NaN", b"1e999", b"-0", b"\xff"])


def why(body: bytes) -> str:
    """Return why a body is not read."""
    with pytest.raises(UnreadableBodyError) as caught:
        decode_json(body)
    return str(caught.value)


@given(st.binary() | st.lists(PIECES | st.binary(max_size=3)).map(b"".join))
@example(b"[" * 100_000)
@example(b'{"a":' * 5_000)
@example(b"9" * 5_000)
@example(b'"\\ud800"')
@example(b'{"\\udfff": 1}')
@example(b"\xef\xbb\xbf")
def test_arbitrary_bytes_are_read_or_refused_in_one_way(body: bytes) -> None:
    """Nothing but UnreadableBodyError comes out, and what is read can be written again."""
    with contextlib.suppress(UnreadableBodyError):
        json.dumps(decode_json(body), ensure_ascii=False, allow_nan=False).encode()


@given(TREES)
def test_what_json_can_say_is_read_as_it_was_said(tree: Any) -> None:
    """A tree survives being written and read."""
    assert decode_json(json.dumps(tree).encode()) == tree
    assert decode_json(b"\xef\xbb\xbf" + json.dumps(tree, ensure_ascii=False).encode()) == tree


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"\xff", "the body is not UTF-8"),
        (b"{", "the body is not JSON"),
        (b"", "the body is not JSON"),
        (b'{"a":1,"a":2}', "the body names a key twice"),
        (b'{"a":{"b":1,"b":1}}', "the body names a key twice"),
        (b"NaN", "the body holds a number that is not in JSON"),
        (b"[-Infinity]", "the body holds a number that is not in JSON"),
        (b"[1e999]", "the body holds a number that is not in JSON"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "the body is nested too deeply"),
        (b"[" * 100_000, "the body is nested too deeply"),
        (b'["\\ud83d"]', "the body holds half a character"),
        (b'{"\\ud83d":1}', "the body holds half a character"),
    ],
)
def test_what_could_mean_two_things_is_refused_with_a_reason(body: bytes, reason: str) -> None:
    """The reason never repeats the contents."""
    assert why(body) == reason


def test_depth_up_to_the_limit_is_read() -> None:
    """The limit is not a guess: one less passes."""
    assert decode_json(b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1))


def test_a_body_over_the_limit_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its length alone tells."""
    monkeypatch.setattr(strict_json, "MAX_BYTES", 3)
    assert why(b"null") == "the body is too long"


def test_an_object_is_asked_for() -> None:
    """Another JSON value is refused, an object is read."""
    assert decode_object(b'{"a": [1.5, "\\ud83d\\ude00"]}') == {"a": [1.5, "\U0001f600"]}
    with pytest.raises(UnreadableBodyError, match="but not an object"):
        decode_object(b"[]")


@given(given_=st.text() | st.binary(), accepted=st.lists(st.text(), max_size=4))
def test_secrets_match_when_one_of_the_accepted_is_equal(given_: str | bytes, accepted: list[str]) -> None:
    """As text or as bytes, with characters of any kind, and nothing raises."""
    raw = given_ if isinstance(given_, bytes) else given_.encode()
    assert same_secret(given_, accepted) == (raw in [secret.encode() for secret in accepted])
    assert same_secret(given_, [*accepted, "the one", "\ud800"]) == same_secret(given_, [*accepted, "the one"])


def test_half_characters_match_themselves_only() -> None:
    """A crafted header does not raise."""
    assert same_secret("\ud800", ["\ud800"])
    assert not same_secret("\ud800", ["?"])


PARTS = st.lists(st.none() | st.text(), max_size=5)


@given(PARTS, PARTS)
def test_keys_are_equal_for_equal_parts_alone(one: list[str | None], other: list[str | None]) -> None:
    """Nothing given differs from an empty text, and where a part ends makes a difference."""
    assert (dedupe_key(*one) == dedupe_key(*other)) == (one == other)


def test_parts_are_not_run_together() -> None:
    """The classic mistakes of joined keys."""
    keys = [dedupe_key("a", "b"), dedupe_key("ab"), dedupe_key("a,b"), dedupe_key("a", None), dedupe_key("a", "None")]
    assert len({*keys, dedupe_key("a", ""), dedupe_key("\ud800")}) == 7


def test_a_delivery_takes_headers_in_any_shape_and_a_body_as_text() -> None:
    """Its headers are read in any case; its body does not show."""
    delivery = Delivery(headers=[(b"X-Hook", b"s")], body="{é\ud800")
    assert delivery.headers["x-hook"] == "s"
    assert delivery.body == b"{\xc3\xa9\xed\xa0\x80"
    assert "{" not in repr(delivery)
    assert Delivery(headers={}, body=bytearray(b"x")).body == b"x"
    assert why(delivery.body) == "the body is not UTF-8"


def test_events_and_receipts_take_any_iterable() -> None:
    """Their tuples are made of lists and generators."""
    event = Event(kind=EventKind.SIGNER_DONE, tags=["a"], documents=iter(()))
    receipt = Receipt(reply=WebhookReply(status=200, headers={"A": "b"}), events=(each for each in [event]))
    assert receipt.events == (event,)
    assert receipt.reply.headers == Headers({"a": "b"})
    assert EventKind("signer.done") is EventKind.SIGNER_DONE


@pytest.mark.parametrize(
    ("body", "tree"),
    [
        (b'{"id": "A1"}', {"id": "A1"}),
        (b'{"id": "A1"}\0\0', {"id": "A1"}),
        (b'\xef\xbb\xbf{"id": "A1"}', {"id": "A1"}),
        ('{"id": "A1"}'.encode("utf-16"), {"id": "A1"}),
        (b'{"id": "A1", "name": "Jos\xe9"}', {"id": "A1", "name": "José"}),
        (b'{"id": "A0", "id": "A1"}', {"id": "A1"}),
        (b'{"id": "A1", "id": null}', {"id": "A1"}),
        (b'{"id": "A1", "n": NaN, "m": [-Infinity, 1e999]}', {"id": "A1", "n": None, "m": [None, None]}),
        (b'{"id": "A1", "n": "a\nb"}', {"id": "A1", "n": "a\nb"}),
        (b'{"id": "A1", "n": "\\ud83d"}', {"id": "A1", "n": "\ufffd"}),
        (b'{"id": "A1"} // done', {"id": "A1"}),
        (b'Warning: deprecated\n{"id": "A1"}', {"id": "A1"}),
        (b'\n "A1"', "A1"),
        (b"4711\r\n", 4711),
    ],
)
def test_lenient_decoding_keeps_ids(body: bytes, tree: Any) -> None:
    """What another decoder would read is read where the vendor cannot be asked again; it can be written as JSON."""
    read = decode_json(body, lenient=True)
    assert read == tree
    json.dumps(read, ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize(
    "body", [b"", b"done", b"Warning {", b"[" * 100_000, b"[" + b"[]," * 400_000 + b"1]", b"9" * 5000]
)
def test_lenient_decoding_has_bounds(body: bytes) -> None:
    """Lenient is not unbounded, and words are still not JSON."""
    with pytest.raises(UnreadableBodyError):
        decode_json(body, lenient=True)


@given(st.binary() | st.lists(PIECES | st.binary(max_size=3)).map(b"".join))
@example(b"\xff\xfe")
@example(b"\xfe\xff\xd8")
def test_lenient_decoding_never_raises_otherwise(body: bytes) -> None:
    """Nothing but UnreadableBodyError comes out, and what is read can be written again."""
    with contextlib.suppress(UnreadableBodyError):
        json.dumps(decode_json(body, lenient=True), ensure_ascii=False, allow_nan=False).encode()


@pytest.mark.parametrize("element", [b"[]", b"{}", b"0", b'{"a":1}', b'{"a":[]}', b"[[]]"])
def test_many_values_are_refused(element: bytes) -> None:
    """A body of many small values would fill the memory."""
    assert why(b"[" + (element + b",") * strict_json.MAX_NODES + b"0]") == "the body holds too many values"


def test_commas_in_texts_are_not_values() -> None:
    """A long text stays one value, however it is punctuated."""
    text = ',:[{\\"' * strict_json.MAX_NODES
    assert decode_json(json.dumps([text]).encode()) == [text]


def test_memory_of_decoding_is_bounded() -> None:
    """The largest body that is decoded takes less than 128 MB."""
    fill = b'{"a":"xyz"},' * (strict_json.MAX_NODES // 3 - 1)
    tracemalloc.start()
    try:
        decode_json(b"[" + fill + b"0]")
        assert tracemalloc.get_traced_memory()[1] < 96 * 1024 * 1024
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("body", [b"a", bytearray(b"a"), memoryview(b"a"), "a"], ids=range(4))
def test_bodies_may_be_buffers(body: Any) -> None:
    """Any type that holds the bytes as they came is accepted."""
    assert Delivery(headers={}, body=body).body == b"a"


def parsed_headers() -> Message:
    """Return headers as `http.server` gives them."""
    message = Message()
    message["X-Secret"] = "s3"
    return message


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Secret": "s3"},
        {"x-secret": ["s3"]},
        {b"x-secret": b"s3"},
        [(b"x-secret", b"s3")],
        [["X-Secret", "s3"]],
        parsed_headers(),
        {"HTTP_X_SECRET": "s3", "CONTENT_TYPE": "text/plain", "wsgi.input": object(), "wsgi.version": (1, 0)},
    ],
    ids=range(7),
)
def test_headers_of_frameworks_are_read(headers: Any) -> None:
    """Of http.server, WSGI and ASGI, with lists of values and with bytes."""
    delivery = Delivery(headers=headers, body=b"")
    assert delivery.headers["x-secret"] == "s3"
    assert set(map(str.lower, delivery.headers)) <= {"x-secret", "content-type"}


@pytest.mark.parametrize("secret", ["sécret", "密钥", "contraseña-日本", "plain"], ids=range(4))
def test_secrets_outside_ascii_match(secret: str) -> None:
    """However the server decoded the header's bytes."""
    raw = secret.encode()
    for given_ in (raw, secret, raw.decode("latin-1"), raw.decode("ascii", "surrogateescape")):
        assert same_secret(given_, ["other", secret])
        assert not same_secret(given_, ["other", secret + "x"])


def test_many_headers_are_read_in_linear_time() -> None:
    """The values of one name are joined once."""
    headers = Headers([("a", "b")] * 200_000)
    assert len(headers["a"]) == 200_000 * 3 - 2


@pytest.mark.parametrize("given_", ["\udc80\ud800", "\ud800"], ids=range(2))
def test_broken_header_texts_match_nothing(given_: str) -> None:
    """Half a character is compared like any other text."""
    assert not same_secret(given_, ["x"])
