"""The contract, part four: bad weather. What may have happened is never done twice; what only reads is read again."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from esign_core.model.errors import OutcomeUnknownError, RateLimitError, UnavailableError, UnreadableReplyError
from esign_core.model.process import Process
from esign_core.testing.contract.bench import Bench, both_colours
from esign_core.testing.contract.stage import Stage

__all__ = ["Effect", "SPOILED", "Weather"]

SPOILED = ("lost", "stalled", "cut", "garbled")
"""What can become of an answer to a request that the vendor has handled."""
_OFTEN = 50
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")

Effect = Callable[[Stage, Process], Coroutine[Any, Any, object]]


class Weather(Bench):
    """What is done when answers are lost, stall, are cut or garbled, and when the vendor is busy or gone."""

    @both_colours
    async def test_spoiled_answer_to_a_creation_leaves_the_outcome_unknown(self, stage: Stage) -> None:
        """One request with an effect leaves, and the error says what to look at instead of trying again."""
        for kind in SPOILED:
            before = stage.effects
            await self._left_unknown(stage, kind, stage.client.create(stage.draft))
            assert stage.effects == before + 1, kind

    @both_colours
    async def test_spoiled_answer_to_a_cancel_leaves_the_outcome_unknown(self, stage: Stage) -> None:
        """A cancel whose answer is spoiled is never repeated."""
        await self._effect(stage, lambda stage, process: stage.client.cancel(process))

    @both_colours
    async def test_spoiled_answer_to_a_resend_leaves_the_outcome_unknown(self, stage: Stage) -> None:
        """A resend whose answer is spoiled is never repeated: people would be asked twice."""
        await self._effect(stage, lambda stage, process: stage.client.resend(process))

    @both_colours
    async def test_server_error_after_an_effect_leaves_the_outcome_unknown(self, stage: Stage) -> None:
        """A 500 and a redirect say nothing about what was done, so nothing is repeated."""
        for status in (302, 500, 503):
            for method in _CHANGING:
                stage.box.faults.add("status", method=method, status=status)
            before = stage.effects
            with pytest.raises(OutcomeUnknownError):
                await stage.client.create(stage.draft)
            assert stage.effects == before + 1, status
            stage.box.faults.clear()

    @both_colours
    async def test_what_never_left_is_sent_again(self, stage: Stage) -> None:
        """A refused connection is tried again, for nothing was sent; one process is there afterwards."""
        stage.box.faults.add("refused", times=2)
        process = await stage.client.create(stage.draft)
        assert process.id
        stage.box.faults.add("refused", times=_OFTEN)
        with pytest.raises(UnavailableError) as caught:
            await stage.client.create(stage.draft)
        assert caught.value.hint

    @both_colours
    async def test_spoiled_read_is_read_again(self, stage: Stage) -> None:
        """A read is repeated without further ado."""
        process = await stage.sent_process()
        for kind in ("refused", *SPOILED):
            stage.box.faults.add(kind)
            assert (await stage.client.get(process)).status is process.status, kind

    @both_colours
    async def test_read_that_stays_spoiled_is_an_error(self, stage: Stage) -> None:
        """A read that never succeeds ends in an error that says nothing was changed."""
        process = await stage.sent_process()
        for kind in ("refused", *SPOILED):
            stage.box.faults.add(kind, times=_OFTEN)
            with pytest.raises((UnavailableError, UnreadableReplyError)) as caught:
                await stage.client.get(process)
            assert caught.value.process_id == process.id, kind
            stage.box.faults.clear()

    @both_colours
    async def test_busy_vendor_is_asked_again(self, stage: Stage) -> None:
        """A 429 or a 503 on a read is waited out as the vendor asks."""
        process = await stage.sent_process()
        for status in (429, 503):
            stage.box.faults.add("status", status=status, retry_after=2)
            assert (await stage.client.get(process)).id == process.id
        stage.box.faults.add("status", status=503, times=_OFTEN)
        with pytest.raises(UnavailableError):
            await stage.client.get(process)

    @both_colours
    async def test_long_waits_are_not_waited(self, stage: Stage) -> None:
        """When the vendor asks for an hour, the error comes at once and says when to come back."""
        process = await stage.sent_process()
        stage.box.faults.add("status", status=429, retry_after=3600)
        now = stage.box.clock.now()
        with pytest.raises(RateLimitError) as caught:
            await stage.client.get(process)
        assert caught.value.retry_at is not None
        assert timedelta(minutes=59) < caught.value.retry_at - now < timedelta(minutes=61)

    @both_colours
    async def test_redirects_are_not_followed(self, stage: Stage) -> None:
        """A redirect on a read cannot be read, and nobody goes where it points."""
        process = await stage.sent_process()
        stage.box.faults.add("status", status=302)
        before = len(stage.sent)
        with pytest.raises(UnreadableReplyError):
            await stage.client.get(process)
        assert len(stage.sent) == before + 1

    async def _effect(self, stage: Stage, effect: Effect) -> None:
        if await stage.able(effect(stage, await stage.sent_process())) is None:
            return
        for kind in SPOILED:
            process = await stage.sent_process()
            before = stage.effects
            await self._left_unknown(stage, kind, effect(stage, process))
            assert stage.effects == before + 1, kind

    async def _left_unknown(self, stage: Stage, kind: str, doing: Coroutine[Any, Any, object]) -> None:
        for method in _CHANGING:
            stage.box.faults.add(kind, method=method)
        with pytest.raises(OutcomeUnknownError) as caught:
            await doing
        assert caught.value.advice, kind
        stage.box.faults.clear()
