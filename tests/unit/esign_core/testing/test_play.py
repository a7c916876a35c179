"""Flows are played with given replies, and a wrong number of replies is an error."""

from __future__ import annotations

import pytest

from esign_core import Call, Flow, NotFoundError, Reply
from esign_core.testing import play


def two_steps() -> Flow[str]:
    """Read twice; where the second is not found, say so."""
    first = yield Call.get("/first")
    try:
        second = yield Call.get("/second")
    except NotFoundError:
        return "nothing"
    return f"{first.json()} {second.json()}"


def test_calls_and_result_come_back() -> None:
    """Every call the flow made is there, and what it returned."""
    played = play(two_steps(), Reply.of(1), Reply.of(2))
    assert [call.path for call in played.calls] == ["/first", "/second"]
    assert played.result == "1 2"


def test_errors_are_thrown_in() -> None:
    """An error among the replies is what the flow would have been given by a session."""
    assert play(two_steps(), Reply.of(1), NotFoundError()).result == "nothing"


def test_missing_replies_are_told() -> None:
    """A flow that asks for more than was given fails the test, and the message names the call."""
    with pytest.raises(AssertionError, match=r"call 2 \(GET\), but only 1 replies"):
        play(two_steps(), Reply.of(1))


def test_replies_left_over_are_told() -> None:
    """A flow that asks for less than was given fails the test too."""
    with pytest.raises(AssertionError, match="ended after 2 calls and left 1 replies"):
        play(two_steps(), Reply.of(1), Reply.of(2), Reply.of(3))
