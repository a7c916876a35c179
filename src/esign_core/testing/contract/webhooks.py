"""The contract, part five: webhooks. The sandbox's own are read, anything else is refused, nothing is an exception."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import pytest

from esign_core.accounts.settings import Secret
from esign_core.model.errors import ConfigError, UnsupportedError
from esign_core.model.events import Authenticity, Delivery, Event, EventKind, Receipt
from esign_core.model.process import Process
from esign_core.testing.contract.base import ACCOUNT, ContractBase, sync_and_async
from esign_core.testing.contract.run import ContractRun, hinted

__all__ = ["GARBAGE", "Webhooks", "forgeries"]

GARBAGE: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"hello",
    "cut": b'{"status": "FIN',
    "no object": b'["status"]',
    "null": b"null",
    "no UTF-8": b'{"status": "\xff\xfe"}',
    "half a character": b'{"status": "\\ud800"}',
    "a key twice": b'{"status": 1, "status": 2}',
    "nested deeply": b"[" * 100_000,
    "no number": b'{"status": NaN}',
    "a very long number": b'{"status": ' + b"9" * 10_000 + b"}",
    "empty object": b"{}",
}
"""Bodies that no vendor sends."""
_REFUSED = 400


class Webhooks(ContractBase):
    """Test incoming deliveries."""

    @sync_and_async
    async def test_the_sandboxs_deliveries_are_read(self, run: ContractRun) -> None:
        """Every webhook that the vendor would send is authentic, read without a complaint, and tells what happened."""
        process, deliveries = await self._signed(run)
        receipts = [run.client.receive(delivery) for delivery in deliveries]
        events = [event for receipt in receipts for event in receipt.events]
        assert all(200 <= receipt.reply.status < 300 and receipt.problem is None for receipt in receipts)
        assert all(receipt.authenticity is not Authenticity.NONE for receipt in receipts)
        assert all((event.provider, event.account) == (run.client.provider, ACCOUNT) for event in events)
        assert {event.process_id for event in events} <= {process.id, None}
        assert events == run.observer.events
        assert run.observer.unknown == []
        expected = {EventKind.SIGNER_DONE, EventKind.PROCESS_COMPLETED} if deliveries else set()
        assert expected <= {event.kind for event in events}

    @sync_and_async
    async def test_repeated_deliveries_are_known_by_their_key(self, run: ContractRun) -> None:
        """The same delivery has the same keys again; different signers have different ones."""
        _, deliveries = await self._signed(run)
        first, again = (_keys(run.client.receive(delivery) for delivery in deliveries) for _ in range(2))
        assert first == again
        assert all(first)
        signed = [event for event in run.observer.events if event.kind is EventKind.SIGNER_DONE]
        people = {event.signer.email or event.signer.id for event in signed if event.signer is not None}
        assert len({event.dedupe_key for event in signed}) >= len(people)

    @sync_and_async
    async def test_forged_deliveries_are_refused(self, run: ContractRun) -> None:
        """Without the sender's proof, or with another one, nothing is believed: no events, 400, NONE."""
        _, deliveries = await self._signed(run)
        for delivery in deliveries:
            for forged in forgeries(delivery):
                _assert_refused(run.client.receive(forged))

    @sync_and_async
    async def test_altered_bodies_are_refused_where_bodies_are_signed(self, run: ContractRun) -> None:
        """A signature that covers the body covers every byte of it; elsewhere a cut body gives no events."""
        _, deliveries = await self._signed(run)
        for delivery in deliveries:
            signed = run.client.receive(delivery).authenticity is Authenticity.BODY_SIGNED
            for body in (delivery.body[: len(delivery.body) // 2], delivery.body + b" x", b""):
                receipt = run.client.receive(attrs.evolve(delivery, body=body))
                _assert_no_events(receipt)
                assert not signed or receipt.reply.status == _REFUSED

    @sync_and_async
    async def test_garbage_is_never_an_exception(self, run: ContractRun) -> None:
        """Every body gives a receipt, with the sender's headers or without them."""
        _, deliveries = await self._signed(run)
        for delivery in deliveries[:1]:
            for body in GARBAGE.values():
                _assert_refused(run.client.receive(Delivery(headers={}, body=body)))
                receipt = run.client.receive(attrs.evolve(delivery, body=body))
                # An empty object may be authentic: then it is an unknown event, never a known one.
                assert {event.kind for event in receipt.events} <= {EventKind.UNKNOWN}
                assert receipt.reply.status in (200, _REFUSED)

    @sync_and_async
    async def test_receiving_needs_a_secret(self, run: ContractRun) -> None:
        """Without a secret, or with a blank one, receive raises ConfigError unless insecure_webhooks is set."""
        _, deliveries = await self._signed(run)
        settings = run.box.settings
        for delivery in deliveries[:1]:
            for secrets in ((), (Secret(" "),)):
                with pytest.raises(ConfigError):
                    self.kind(attrs.evolve(settings, webhook_secrets=secrets)).receive(delivery)
            insecure = attrs.evolve(settings, webhook_secrets=(), insecure_webhooks=True)
            receipt = self.kind(insecure).receive(delivery)
            assert receipt.events
            assert receipt.authenticity is Authenticity.NONE

    async def _signed(self, run: ContractRun) -> tuple[Process, tuple[Delivery, ...]]:
        """Let a process be signed, and give the webhooks of it; none where the provider reads no webhooks."""
        process = await run.sent_process()
        run.sign(process)
        if (unable := _unable(run)) is not None:
            assert hinted(unable)
            return process, ()
        assert run.box.deliveries, "a provider that reads webhooks needs a sandbox that sends them"
        return process, run.box.deliveries


def _unable(run: ContractRun) -> UnsupportedError | None:
    try:
        run.client.receive(Delivery(headers={}, body=b""))
    except UnsupportedError as error:
        return error
    return None


def forgeries(delivery: Delivery) -> Iterator[Delivery]:
    """Yield the delivery without its headers, and with each header's value turned into another."""
    yield attrs.evolve(delivery, headers={})
    turned = {name: value[::-1] + "0" for name, value in delivery.headers.items()}
    yield attrs.evolve(delivery, headers=turned)
    yield attrs.evolve(delivery, headers=dict.fromkeys(delivery.headers, ""))
    yield attrs.evolve(delivery, headers=dict.fromkeys(delivery.headers, "ключ\x00"))


def _keys(receipts: Iterator[Receipt]) -> list[str]:
    events: list[Event] = [event for receipt in receipts for event in receipt.events]
    return [event.dedupe_key for event in events]


def _assert_refused(receipt: Receipt) -> None:
    _assert_no_events(receipt)
    assert receipt.reply.status == _REFUSED
    assert receipt.authenticity is Authenticity.NONE


def _assert_no_events(receipt: Receipt) -> None:
    assert receipt.events == ()
    assert receipt.problem
    # A 401, 403 or 404 makes some vendors give up for good.
    assert receipt.reply.status in (200, _REFUSED)
