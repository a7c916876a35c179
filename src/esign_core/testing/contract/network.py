"""The contract, part four: network faults. A request with an effect is never repeated; a read is repeated."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from esign_core.model.errors import OutcomeUnknownError, RateLimitError, UnavailableError, UnreadableReplyError
from esign_core.model.process import Process
from esign_core.testing.contract.base import ContractBase, sync_and_async
from esign_core.testing.contract.run import ContractRun

__all__ = ["Effect", "NetworkFaults", "SPOILED"]

SPOILED = ("lost", "stalled", "cut", "garbled")
"""Faults of an answer to a request that the vendor has handled."""
_OFTEN = 50
_CHANGING = ("POST", "PUT", "PATCH", "DELETE")

Effect = Callable[[ContractRun, Process], Coroutine[Any, Any, object]]


class NetworkFaults(ContractBase):
    """Test lost, stalled, cut and garbled answers, and a vendor that is busy or unreachable."""

    @sync_and_async
    async def test_spoiled_answer_to_a_creation_leaves_the_outcome_unknown(self, run: ContractRun) -> None:
        """Exactly one request with an effect is sent, and the error says how to find out what happened."""
        for kind in SPOILED:
            before = run.effects
            await self._left_unknown(run, kind, run.client.create(run.draft))
            assert run.effects == before + 1, kind

    @sync_and_async
    async def test_spoiled_answer_to_a_cancel_leaves_the_outcome_unknown(self, run: ContractRun) -> None:
        """A cancel whose answer is lost or damaged is never repeated."""
        await self._effect(run, lambda run, process: run.client.cancel(process))

    @sync_and_async
    async def test_spoiled_answer_to_a_resend_leaves_the_outcome_unknown(self, run: ContractRun) -> None:
        """A resend whose answer is lost or damaged is never repeated: people would be notified twice."""
        await self._effect(run, lambda run, process: run.client.resend(process))

    @sync_and_async
    async def test_server_error_after_an_effect_leaves_the_outcome_unknown(self, run: ContractRun) -> None:
        """A 500 and a redirect say nothing about what was done, so nothing is repeated."""
        for status in (302, 500, 503):
            for method in _CHANGING:
                run.box.faults.add("status", method=method, status=status)
            before = run.effects
            with pytest.raises(OutcomeUnknownError):
                await run.client.create(run.draft)
            assert run.effects == before + 1, status
            run.box.faults.clear()

    @sync_and_async
    async def test_what_never_left_is_sent_again(self, run: ContractRun) -> None:
        """A refused connection is tried again, for nothing was sent; one process is there afterwards."""
        run.box.faults.add("refused", times=2)
        process = await run.client.create(run.draft)
        assert process.id
        run.box.faults.add("refused", times=_OFTEN)
        with pytest.raises(UnavailableError) as caught:
            await run.client.create(run.draft)
        assert caught.value.hint

    @sync_and_async
    async def test_spoiled_read_is_read_again(self, run: ContractRun) -> None:
        """A read is repeated."""
        process = await run.sent_process()
        for kind in ("refused", *SPOILED):
            run.box.faults.add(kind)
            assert (await run.client.get(process)).status is process.status, kind

    @sync_and_async
    async def test_read_that_stays_spoiled_is_an_error(self, run: ContractRun) -> None:
        """A read that never succeeds ends in an error that says nothing was changed."""
        process = await run.sent_process()
        for kind in ("refused", *SPOILED):
            run.box.faults.add(kind, times=_OFTEN)
            with pytest.raises((UnavailableError, UnreadableReplyError)) as caught:
                await run.client.get(process)
            assert caught.value.process_id == process.id, kind
            run.box.faults.clear()

    @sync_and_async
    async def test_busy_vendor_is_asked_again(self, run: ContractRun) -> None:
        """A 429 or a 503 on a read is waited out as the vendor asks."""
        process = await run.sent_process()
        for status in (429, 503):
            run.box.faults.add("status", status=status, retry_after=2)
            assert (await run.client.get(process)).id == process.id
        run.box.faults.add("status", status=503, times=_OFTEN)
        with pytest.raises(UnavailableError):
            await run.client.get(process)

    @sync_and_async
    async def test_long_waits_are_not_waited(self, run: ContractRun) -> None:
        """When the vendor asks for an hour, the error comes at once and says when to come back."""
        process = await run.sent_process()
        run.box.faults.add("status", status=429, retry_after=3600)
        now = run.box.clock.now()
        with pytest.raises(RateLimitError) as caught:
            await run.client.get(process)
        assert caught.value.retry_at is not None
        assert timedelta(minutes=59) < caught.value.retry_at - now < timedelta(minutes=61)

    @sync_and_async
    async def test_redirects_are_not_followed(self, run: ContractRun) -> None:
        """A redirect on a read raises UnreadableReplyError and is not followed."""
        process = await run.sent_process()
        run.box.faults.add("status", status=302)
        before = len(run.sent)
        with pytest.raises(UnreadableReplyError):
            await run.client.get(process)
        assert len(run.sent) == before + 1

    async def _effect(self, run: ContractRun, effect: Effect) -> None:
        if await run.able(effect(run, await run.sent_process())) is None:
            return
        for kind in SPOILED:
            process = await run.sent_process()
            before = run.effects
            await self._left_unknown(run, kind, effect(run, process))
            assert run.effects == before + 1, kind

    async def _left_unknown(self, run: ContractRun, kind: str, doing: Coroutine[Any, Any, object]) -> None:
        for method in _CHANGING:
            run.box.faults.add(kind, method=method)
        with pytest.raises(OutcomeUnknownError) as caught:
            await doing
        assert caught.value.advice, kind
        run.box.faults.clear()
