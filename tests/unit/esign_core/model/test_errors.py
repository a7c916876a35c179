"""Errors say what happened, where and what to do next, and survive a journey to another process."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime

import pytest

from esign_core.model import errors
from esign_core.model.errors import (
    ConfigError,
    EsignError,
    InvalidRequestError,
    OutcomeUnknownError,
    Problem,
    RateLimitError,
    RefusedError,
    UnsupportedError,
)
from esign_core.model.resend import Missed, ResendReport

WHEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS = sorted(
    (kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, EsignError)),
    key=lambda kind: kind.__name__,
)
FACTS = {
    "provider": "acme",
    "operation": "create",
    "process_id": "P1",
    "status": 422,
    "vendor_code": "E17",
    "vendor_message": "no seal",
    "hint": "Add a seal.",
}
MORE: dict[type[EsignError], dict[str, object]] = {
    InvalidRequestError: {"problems": [Problem(path="name", message="is missing", hint="give one")]},
    UnsupportedError: {"problems": [Problem(path="cc", message="is not known here", unsupported=True)]},
    RateLimitError: {"retry_at": WHEN},
    OutcomeUnknownError: {"advice": "Look first."},
}


def full(kind: type[EsignError]) -> EsignError:
    """Return an error of a kind with everything it can carry."""
    error = kind("it broke", **FACTS, **MORE.get(kind, {}))  # type: ignore[arg-type]  # each kind takes its own
    error.report = ResendReport(process_id="P1", missed=[Missed(signer_id="S1", error=RefusedError("no"))])
    return error


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_comes_back_whole_from_a_pickle(kind: type[EsignError]) -> None:
    """Class, text and every fact survive, nested errors included."""
    error = full(kind)
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):  # noqa: S301 - our own bytes
        assert type(other) is kind
        assert str(other) == str(error)
        assert {name: getattr(other, name) for name in FACTS} == FACTS
        assert other.report is not None
        assert str(other.report.missed[0].error) == "no"


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_says_its_facts_and_what_to_do(kind: type[EsignError]) -> None:
    """One text holds the message, where it happened, the vendor's words and the hint; repr names the class."""
    text = str(full(kind))
    assert text.startswith("it broke [acme, create, process P1, HTTP 422, E17] The vendor says: no seal Add a seal.")
    assert repr(full(kind)) == f"{kind.__name__}({text!r})"


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_words_of_its_own(kind: type[EsignError]) -> None:
    """Without a message, the class says what happened; without facts, nothing is in brackets."""
    assert str(kind()) == kind.summary
    assert "[" not in str(kind())


@pytest.mark.parametrize("kind", KINDS)
def test_no_error_is_a_built_in_weather_error(kind: type[EsignError]) -> None:
    """A decorator that repeats on timeouts and broken connections never repeats one of ours."""
    assert not issubclass(kind, (OSError, TimeoutError, ConnectionError, ValueError))
    assert not issubclass(kind, ConfigError) or kind is ConfigError


def test_all_problems_are_told_at_once() -> None:
    """The text of an invalid request lists each problem with its path and hint."""
    problems = [Problem(path="name", message="is missing", hint="give one"), Problem(path="cc[0]", message="is odd")]
    error = InvalidRequestError(problems=iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "the request cannot be sent as it is; name: is missing (give one); cc[0]: is odd"


def test_what_each_kind_adds_is_in_its_text() -> None:
    """When to come back, and what to look at."""
    assert str(RateLimitError("slow down", retry_at=WHEN)) == "slow down Try again at 2026-03-01T12:00:00+00:00."
    assert str(OutcomeUnknownError("who knows", advice="Look first.")) == "who knows Look first."


def test_what_a_provider_cannot_do_is_an_invalid_request_too() -> None:
    """Catching the wider kind catches the narrower one."""
    assert issubclass(UnsupportedError, InvalidRequestError)
