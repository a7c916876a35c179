"""The one rule by which the extras of a draft or of a signer are merged into a request body."""

from __future__ import annotations

from typing import Any

import pytest

from esign_core.providers.convert import merge_extras


@pytest.mark.parametrize(
    ("body", "extras", "merged"),
    [
        ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
        ({"a": 1}, {"a": 2}, {"a": 2}),
        ({"a": 1}, {"a": None}, {"a": None}),
        ({"a": {"b": 1, "c": {"d": 2}}}, {"a": {"c": {"e": 3}}}, {"a": {"b": 1, "c": {"d": 2, "e": 3}}}),
        ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"c": 3}]}, {"a": [{"c": 3}]}),
        ({"a": {"b": 1}}, {"a": "text"}, {"a": "text"}),
        ({"a": "text"}, {"a": {"b": 1}}, {"a": {"b": 1}}),
        ({"a": {"b": 1}}, {"a": {}}, {"a": {"b": 1}}),
    ],
)
def test_extras_are_merged(body: dict[str, Any], extras: dict[str, Any], merged: dict[str, Any]) -> None:
    """Objects are merged at any depth; the caller's value replaces every other value, lists as a whole."""
    assert merge_extras(body, extras) == merged


def test_arguments_stay_unchanged() -> None:
    """A body or extras used for a second request still hold what they held."""
    body: dict[str, Any] = {"options": {"camera": "photo"}}
    extras: dict[str, Any] = {"options": {"otpCode": "email"}}
    merge_extras(body, extras)
    assert (body, extras) == ({"options": {"camera": "photo"}}, {"options": {"otpCode": "email"}})
