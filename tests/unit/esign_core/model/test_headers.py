"""Headers are read in any case, keep what is given twice, and do not show their contents."""

from __future__ import annotations

import pickle

import pytest

from esign_core.model.headers import Headers


def test_names_are_compared_without_case() -> None:
    """A header is found under any spelling of its name, and keeps the one it came with."""
    headers = Headers({"X-Hook": "value"})
    assert headers["x-hook"] == headers["X-HOOK"] == headers.get("X-hook") == "value"
    assert "x-HOOK" in headers
    assert list(headers) == ["X-Hook"]
    assert len(headers) == 1


def test_a_missing_name_is_a_key_error() -> None:
    """As in any mapping."""
    with pytest.raises(KeyError):
        _ = Headers()["x-hook"]
    assert 5 not in Headers({"5": "five"})  # type: ignore[comparison-overlap]  # no name is a number


def test_pairs_bytes_and_mappings_are_taken() -> None:
    """Frameworks hand over headers in many shapes."""
    assert Headers([(b"HMAC", b"c2ln\xe9"), ("Length", 5)]) == {"hmac": "c2lné", "length": "5"}
    assert Headers(Headers({"A": "1"})) == Headers([("a", "1")])


def test_a_name_given_twice_keeps_both_values() -> None:
    """They are joined as RFC 9110 (5.3) joins them."""
    assert Headers([("Via", "a"), ("via", "b")])["VIA"] == "a, b"


def test_equal_headers_have_equal_hashes() -> None:
    """Case of names makes no difference; case of values does."""
    one, other = Headers({"A": "x", "B": "y"}), Headers([("b", "y"), ("a", "x")])
    assert one == other
    assert hash(one) == hash(other)
    assert one != Headers({"A": "X", "B": "y"})
    assert one != "A: x"


def test_contents_do_not_show() -> None:
    """Names are printed, values are not: keys travel in them."""
    assert repr(Headers({"Authorization": "prk_example", "accept": "*/*"})) == "Headers(accept, authorization)"


def test_headers_survive_a_pickle() -> None:
    """A delivery may be handed to another process."""
    headers = Headers({"A": "1"})
    assert pickle.loads(pickle.dumps(headers)) == headers  # noqa: S301 - our own bytes
