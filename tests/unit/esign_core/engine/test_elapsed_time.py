"""What counts as elapsed time for an account's budget of calls: not its clock, but moving its sandbox."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esign_core import Client, Document, ProcessDraft, RateLimitError, SignerDraft, connect

DRAFT = ProcessDraft(
    name="Agreement",
    documents=[Document.from_bytes(b"%PDF-1.7\n%%EOF", name="a.pdf")],
    signers=[SignerDraft(name="Ana Example", email="ana@example.com")],
)


class Wall:
    """A clock that can be set."""

    ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def opened(store: Path, wall: Wall | None = None) -> Client:
    """Open an account of two calls a month, in the given store."""
    account = {
        "provider": "arqsign",
        "environment": "sandbox",
        "call_limits": ["2/month"],
        "call_store": str(store),
        "send_share": 0,
    }
    return connect("br", config={"accounts": {"br": account}}, clock=wall)


@pytest.mark.parametrize("jump", [timedelta(days=3652), timedelta(days=-40)])
def test_clock_jump_frees_no_calls(tmp_path: Path, jump: timedelta) -> None:
    """Two calls a month stay two, in two clients, while the clock is wrong and when it is right again."""
    wall = Wall()
    with opened(tmp_path / "calls.db", wall) as client, opened(tmp_path / "calls.db", wall) as other:
        process = client.create(DRAFT)
        client.get(process)
        for wall.ahead in (jump, timedelta()):
            for each in (client, other):
                with pytest.raises(RateLimitError) as caught:
                    each.get(process.id)
                assert caught.value.retry_at is not None
                assert timedelta(days=30) < caught.value.retry_at - wall() < timedelta(days=32)


def test_moved_sandbox_frees_calls(tmp_path: Path) -> None:
    """Time passes in a sandbox where it is moved; a client that was not moved is not shut for long."""
    with opened(tmp_path / "calls.db") as client, opened(tmp_path / "calls.db") as other:
        process = client.create(DRAFT)
        client.get(process)
        client.sandbox.move_clock(timedelta(days=3652))
        client.get(process)
        client.get(process)
        with pytest.raises(RateLimitError):
            client.get(process)
        with pytest.raises(RateLimitError) as caught:
            other.get(process.id)
        assert caught.value.retry_at is not None
        assert caught.value.retry_at - datetime.now(UTC) < timedelta(days=32)
