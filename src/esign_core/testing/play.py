"""Play a flow with given replies: no network, no server, no mock."""

from __future__ import annotations

from typing import Any, NamedTuple

from esign_core.model.errors import EsignError
from esign_core.providers.flow import Call, Flow, Reply


class Played(NamedTuple):
    """What a flow did: the calls it made, and what it returned."""

    calls: tuple[Call, ...]
    result: Any


def play(flow: Flow[Any], *replies: Reply | EsignError) -> Played:
    """Drive a flow with the replies, one for each call it makes; an error among them is thrown into it.

    Raises:
        AssertionError: the flow wants more replies, or fewer, than were given.
    """
    calls: list[Call] = []
    given = list(replies)
    try:
        call = next(flow)
        while True:
            calls.append(call)
            if not given:
                msg = f"the flow makes call {len(calls)} ({call.method}), but only {len(replies)} replies were given"
                raise AssertionError(msg)
            reply = given.pop(0)
            call = flow.throw(reply) if isinstance(reply, EsignError) else flow.send(reply)
    except StopIteration as done:
        if given:
            msg = f"the flow ended after {len(calls)} calls and left {len(given)} replies unused"
            raise AssertionError(msg) from None
        return Played(tuple(calls), done.value)
    finally:
        flow.close()
