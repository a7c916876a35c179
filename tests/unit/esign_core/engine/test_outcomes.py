"""The one table that separates "nothing happened", "it happened" and "the outcome is unknown"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.acme import KEY, AcmeSettings, Minimal

from esign_core.accounts.settings import Secret
from esign_core.engine.attempt import Failure, Outcome
from esign_core.engine.outcomes import advice, interpret
from esign_core.engine.retry import DEFINITE
from esign_core.model.documents import SignedFile
from esign_core.model.errors import (
    EsignError,
    InvalidRequestError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
    UnreadableReplyError,
)
from esign_core.providers.flow import Call, Reply, Save

PROVIDER = Minimal(AcmeSettings(base_url="https://api.acme.example", key=Secret(KEY)))
STATUSES = st.integers(min_value=100, max_value=599)
CALLS = st.builds(Call, method=st.just("X"), path=st.just("/x"), repeatable=st.booleans(), anonymous=st.booleans())
FAILURES = st.builds(
    Failure,
    what=st.just("it broke"),
    sent=st.booleans(),
    final=st.booleans(),
    unreadable=st.booleans(),
    status=st.none() | STATUSES,
    error=st.none() | st.sampled_from([InvalidRequestError("changed"), UnreadableReplyError("odd"), OSError("disk")]),
)


@given(call=CALLS, status=STATUSES, acted=st.booleans())
def test_only_a_success_is_good(call: Call, status: int, acted: bool) -> None:
    """Everything else is an error, for every call."""
    error = interpret(PROVIDER, call, Outcome(reply=Reply(status=status)), had_side_effect=acted)
    assert (error is None) == (200 <= status < 300)


@given(call=CALLS, status=STATUSES, acted=st.booleans())
def test_an_effect_is_certain_only_by_a_definite_status(call: Call, status: int, acted: bool) -> None:
    """After a call with an effect, or any call to a named address after one, everything else is unknown."""
    error = interpret(PROVIDER, call, Outcome(reply=Reply(status=status)), had_side_effect=acted)
    doubtful = not call.repeatable and status not in DEFINITE
    if error is not None:
        assert isinstance(error, OutcomeUnknownError) == (doubtful or (call.anonymous and acted))


@given(call=CALLS, failure=FAILURES, acted=st.booleans())
def test_a_failure_says_nothing_happened_only_where_that_is_proven(call: Call, failure: Failure, acted: bool) -> None:
    """Nothing of it left, or it had no effect, or its body never ended; and nothing was done before by this flow."""
    error = interpret(PROVIDER, call, Outcome(failure=failure), had_side_effect=acted)
    assert error is not None
    never_whole = failure.error is not None and failure.status is None
    doubtful = not call.repeatable and failure.sent and not never_whole
    assert isinstance(error, OutcomeUnknownError) == (doubtful or (call.anonymous and acted))


def test_a_local_error_is_itself() -> None:
    """A document that changed, a disk that is full."""
    changed = InvalidRequestError("changed")
    failure = Failure(what="x", sent=True, final=True, error=changed)
    assert interpret(PROVIDER, Call.post("/x"), Outcome(failure=failure), had_side_effect=False) is changed


def test_an_answer_that_cannot_be_read_is_unreadable_only_for_a_read() -> None:
    """And a connection that broke is unavailable."""
    unreadable = Outcome(failure=Failure(what="x", sent=True, unreadable=True))
    assert isinstance(interpret(PROVIDER, Call.get("/x"), unreadable, had_side_effect=False), UnreadableReplyError)
    broken = Outcome(failure=Failure(what="x", sent=True))
    assert isinstance(interpret(PROVIDER, Call.get("/x"), broken, had_side_effect=False), UnavailableError)


@pytest.mark.parametrize("status", [200, 206])
@pytest.mark.parametrize("file", [None, SignedFile(name="a.pdf")])
def test_a_file_that_was_due_must_be_there_and_whole(status: int, file: SignedFile | None) -> None:
    """A part of it is none."""
    outcome = Outcome(reply=Reply(status=status, file=file))
    error = interpret(PROVIDER, Call.get("/x", save=Save("a.pdf")), outcome, had_side_effect=False)
    assert (error is None) == (status == 200 and file is not None)
    assert error is None or isinstance(error, UnreadableReplyError)
    acting = interpret(PROVIDER, Call.post("/x", save=Save("a.pdf")), outcome, had_side_effect=False)
    assert acting is None or isinstance(acting, OutcomeUnknownError)


def test_no_outcome_at_all_is_no_good_one() -> None:
    """With neither a reply nor a failure, the outcome is unknown."""
    assert isinstance(interpret(PROVIDER, Call.post("/x"), Outcome(), had_side_effect=False), OutcomeUnknownError)
    assert isinstance(interpret(PROVIDER, Call.get("/x"), Outcome(), had_side_effect=False), UnreadableReplyError)


def test_a_provider_that_cannot_name_an_error_hides_none() -> None:
    """Its own mistake falls back to the status."""

    class Stumbling(Minimal):
        def error(self, call: Call, reply: Reply) -> EsignError:
            raise KeyError("code")

    error = interpret(
        Stumbling(PROVIDER.settings), Call.post("/x"), Outcome(reply=Reply(status=422)), had_side_effect=False
    )
    assert type(error) is RefusedError


@pytest.mark.parametrize(
    ("operation", "process_id", "words"),
    [
        ("create", None, "find the process in the vendor's own console"),
        ("create", "P1", "The process P1 exists: read it with client.get"),
        ("resend", "P1", "people may have been notified already"),
        ("cancel", "P1", "Read the process"),
        ("unlock", "P1", "Read the process before you do anything again."),
        ("unlock", None, "Look at the vendor's own console before you do anything again."),
        (None, None, "Look at the vendor's own console"),
    ],
)
def test_the_advice_says_what_to_look_at(operation: str | None, process_id: str | None, words: str) -> None:
    """By what was tried, and by what is known of it."""
    assert words in advice(operation, process_id)
