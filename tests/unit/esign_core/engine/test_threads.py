"""Blocking work in threads: awaited to its end, or not awaited at all."""

from __future__ import annotations

import asyncio
import threading

import pytest

from esign_core.engine.threads import in_daemon_thread, in_thread


@pytest.mark.parametrize("fails", [True, False])
def test_cancelled_work_is_waited_for(*, fails: bool) -> None:
    """However often it is cancelled, the work has ended when the cancellation arrives."""
    started, release = threading.Event(), threading.Event()
    ended: list[str] = []

    def work() -> None:
        started.set()
        release.wait(10)
        ended.append("ended")
        if fails:
            raise ValueError

    async def story() -> None:
        task = asyncio.ensure_future(in_thread(work))
        await asyncio.to_thread(started.wait, 10)
        for _ in range(2):
            task.cancel()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert not task.done()
        release.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended == ["ended"]

    asyncio.run(story())


def test_result_after_a_cancellation_is_dropped() -> None:
    """Work that is not waited for ends on its own, also after its loop."""
    started, release = threading.Event(), threading.Event()

    def work() -> str:
        started.set()
        release.wait(10)
        return "late"

    async def story() -> None:
        task = asyncio.ensure_future(in_daemon_thread(work))
        await asyncio.to_thread(started.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        release.set()
        assert await in_daemon_thread(lambda: "other") == "other"

    asyncio.run(story())


def test_failure_is_raised_where_it_is_awaited() -> None:
    """As if the work had been called in place."""

    def fail() -> None:
        raise LookupError("no")

    for run in (in_thread, in_daemon_thread):
        with pytest.raises(LookupError, match="no"):
            asyncio.run(run(fail))
