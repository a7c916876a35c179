"""What the driver adds to errors and must not lose: facts, masks, the process an answer named."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from esign_core.accounts.settings import Settings
from esign_core.engine.attempt import Outcome
from esign_core.engine.ratelimit import Budget
from esign_core.engine.steps import Execution, Operation
from esign_core.http.downloads import download_target
from esign_core.model.errors import (
    EsignError,
    OutcomeUnknownError,
    RefusedError,
    UnavailableError,
    UnreadableReplyError,
)
from esign_core.model.resend import Missed, ResendReport
from esign_core.providers.flow import Call, Reply
from esign_core.providers.plugins import Plugins

TOLD = "Ana Example <ana@example.com> has no phone +57 300 123-4567, says prk_invented1234"


class _Named:
    name = "acme"


def _report() -> ResendReport:
    return ResendReport(process_id="P1", missed=[Missed(signer_id="G8", error=RefusedError(vendor_message=TOLD))])


def _driven(flow: Iterator[Any]) -> Any:
    none = cast("Any", None)
    execution = Execution(cast("Any", _Named()), "a", none, lambda: datetime.now(UTC), none, secrets=("Ana Example",))
    operation: Operation[Any] = Operation(name="resend", process_id="P1", prepare=lambda: cast("Any", flow))
    with pytest.raises(StopIteration) as done:
        execution.steps(operation, download_target).send(None)
    return done.value.value


def _flow(error: EsignError | None = None) -> Generator[Any, None, ResendReport]:
    if error is not None:
        raise error
    return _report()
    yield


def _judge(error: EsignError) -> None:
    assert (error.provider, error.operation, error.process_id) == ("acme", "resend", "P1")
    for text in (str(error), repr(error), str(error.vendor_message)):
        assert not any(told in text for told in ("Ana", "example.com", "300", "invented"))


def test_missed_signer_in_returned_report_tells_nothing_private() -> None:
    """The error of a missed signer is named and masked as a raised one is."""
    _judge(_driven(_flow()).missed[0].error)


def test_missed_signer_in_report_of_raised_error_tells_nothing_private() -> None:
    """So is the one in the report that an error carries."""
    error = UnavailableError()
    error.report = _report()
    with pytest.raises(UnavailableError) as raised:
        _driven(_flow(error))
    assert raised.value.report is not None
    _judge(raised.value.report.missed[0].error)


def test_unusable_answer_to_an_effect_keeps_the_process_it_named() -> None:
    """The identifier an answer did bring stays in the error: that process has to be looked at."""

    def flow() -> Iterator[Any]:
        yield Call.post("/processes", json={})
        raise UnreadableReplyError("no upload address came", process_id="P7")

    acme = SimpleNamespace(name="acme", authorize=lambda call: call, owns=lambda _: True, settings=Settings())
    execution = Execution(cast("Any", acme), "a", Plugins(), lambda: datetime.now(UTC), Budget(()))
    operation: Operation[Any] = Operation(name="create", prepare=lambda: cast("Any", flow()))
    steps = execution.steps(operation, download_target)
    steps.send(None)
    with pytest.raises(OutcomeUnknownError) as raised:
        steps.send(Outcome(reply=Reply.of({"id": "P7"})))
    assert raised.value.process_id == "P7"
    assert "P7" in str(raised.value.advice)
