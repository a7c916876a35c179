"""The base class of sandboxes, tried with the smallest vendor."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from esign_core.accounts.settings import Settings
from esign_core.model.errors import ConfigError
from esign_core.model.events import Delivery
from esign_core.providers.flow import Reply
from esign_core.sandbox import Clock, Request, Sandbox, State, agenda, json_reply, outbox

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Bell(Sandbox):
    """A vendor that knows one thing: to ring later."""

    vendor = "bell"
    retry_delays = (timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=6))

    def sign_as(self, who: str, *, process_id: str | None = None) -> None:
        with self._act() as state:
            outbox.post(
                state, self.clock.now(), {"X-Bell": "1"}, json.dumps({"rung_by": who, "in": process_id}).encode()
            )

    def decline_as(self, who: str, reason: str = "", *, process_id: str | None = None) -> None:
        raise LookupError(who, reason, process_id)

    def block(self, who: str, *, process_id: str | None = None) -> None:
        raise LookupError(who, process_id)

    def _answer(self, state: State, request: Request) -> Reply:
        for hours in request.json():
            agenda.put(state, self.clock.now() + timedelta(hours=hours), "ring", hours=hours)
        return json_reply(200, {"number": state.number("rings")})

    def _happen(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        outbox.post(state, at, {}, json.dumps(due["hours"]).encode())


def bell(path: Path | None = None) -> Bell:
    """A box whose clock stands at START."""
    return Bell(attrs.evolve(Settings(environment="sandbox"), sandbox_file=path), lambda: START)


def ask(box: Sandbox, body: bytes = b"[]") -> Reply:
    """One request."""
    return box.respond(Request(method="post", url="https://bell.invalid/ring", body=body))


def test_what_is_due_happens_in_the_order_of_time_when_the_clock_moves() -> None:
    """In any order of asking, the earlier event happens first, at its own moment."""
    box = bell()
    ask(box, b"[5, 1, 48]")
    assert not box.deliveries
    box.move_clock(timedelta(hours=6))
    assert [sent.body for sent in box.deliveries] == [b"1", b"5"]
    assert [sent.received_at for sent in box.deliveries] == [START + timedelta(hours=1), START + timedelta(hours=5)]


def test_a_delivery_that_is_not_accepted_comes_again_three_times() -> None:
    """Each try is listed at its moment: after 2, then 4, then 6 minutes, and never again."""
    box = bell()
    seen: list[Delivery] = []

    def refuse(delivery: Delivery) -> int:
        seen.append(delivery)
        return 500

    box.deliver_to(refuse)
    box.sign_as("ana@example.com")
    box.move_clock(timedelta(days=1))
    minutes = [int((sent.received_at - START).total_seconds()) // 60 for sent in seen if sent.received_at]
    assert minutes == [0, 2, 6, 12]
    assert tuple(seen) == box.deliveries


def test_a_second_try_comes_before_what_is_due_later() -> None:
    """A clock moved far ahead does not mix up the order."""
    box = bell()
    answers = iter([500, 200, 200])
    box.deliver_to(lambda _: next(answers))
    ask(box, b"[1]")
    box.sign_as("ana@example.com")
    box.move_clock(timedelta(hours=3))
    moments = [sent.received_at for sent in box.deliveries]
    assert moments == [START, START + timedelta(minutes=2), START + timedelta(hours=1)]


def test_a_receiver_may_ask_the_box() -> None:
    """The receiver is called outside the box's own work."""
    box = bell()
    box.deliver_to(lambda _: ask(box).status)
    box.sign_as("ana@example.com")
    assert box.requests == 1


def test_two_boxes_on_one_file_see_each_other(tmp_path: Path) -> None:
    """Counters go on, the moved clock holds in both, and the file is its owner's alone."""
    path = tmp_path / "box.sqlite3"
    one, two = bell(path), bell(path)
    assert json.loads(ask(one).body) == {"number": 1}
    assert json.loads(ask(two).body) == {"number": 2}
    one.move_clock(timedelta(days=2))
    ask(two)
    assert two.clock.now() == one.clock.now() == bell(path).clock.now() == START + timedelta(days=2)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("kind", "raised"),
    [("refused", ConnectionRefusedError), ("lost", ConnectionResetError), ("stalled", TimeoutError)],
)
def test_a_fault_that_loses_the_answer(kind: str, raised: type[OSError]) -> None:
    """A refused request never arrives; a lost or stalled answer leaves the work done."""
    box = bell()
    box.faults.add(kind, method="POST", path="/ring")
    with pytest.raises(raised):
        ask(box)
    assert box.requests == (0 if kind == "refused" else 1)
    assert json.loads(ask(box).body) == {"number": 1 if kind == "refused" else 2}


def test_a_fault_that_spoils_the_answer() -> None:
    """Cut: shorter than its length says. Garbled: no JSON. Status: not handled at all."""
    box = bell()
    box.faults.add("cut")
    box.faults.add("garbled")
    box.faults.add("status", status=429, retry_after=7, times=2)
    cut, garbled = ask(box), ask(box)
    assert int(cut.headers["content-length"]) > len(cut.body)
    with pytest.raises(UnicodeDecodeError):
        json.loads(garbled.body)
    limited = [ask(box), ask(box)]
    assert [(answer.status, answer.headers["retry-after"]) for answer in limited] == [(429, "7")] * 2
    assert json.loads(ask(box).body) == {"number": 3}


def test_a_fault_for_another_path_waits() -> None:
    """Faults strike only where they were asked for, and can be called off."""
    box = bell()
    box.faults.add("lost", path="/other")
    box.faults.add("lost", method="PUT")
    assert ask(box).status == 200
    box.faults.clear()
    assert box.faults.take(Request(method="PUT", url="https://bell.invalid/other")) is None


@pytest.mark.parametrize(
    "wrong", [{"kind": "rain"}, {"kind": "status"}, {"kind": "lost", "status": 500}, {"kind": "cut", "times": 0}]
)
def test_a_fault_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    """The error says what to give instead."""
    with pytest.raises(ValueError, match=r"kind|status|once"):
        bell().faults.add(**wrong)


def test_a_running_clock_can_be_given() -> None:
    """A Clock is taken as it is."""
    clock = Clock(START)
    assert Bell(Settings(environment="sandbox"), clock).clock is clock


def ids_of(settings: Settings) -> tuple[str, str]:
    """Return an id and a GUID that a new sandbox of these settings makes."""
    with Bell(settings, lambda: START)._transaction() as state:
        return state.make_id("document", 1), state.make_guid("document", 1)


def test_sandbox_ids_without_seed_differ() -> None:
    """Two new sandboxes never hand out the same ids, so that a caller's database keeps them apart."""
    settings = Settings(environment="sandbox")
    found = [made for _ in range(20) for made in ids_of(settings)]
    assert len(set(found)) == len(found)


def test_sandbox_ids_with_seed_repeat() -> None:
    """The setting `sandbox_seed` makes every run the same; another seed gives other ids."""
    seeded = Settings(environment="sandbox", sandbox_seed="docs")
    assert ids_of(seeded) == ids_of(seeded) != ids_of(attrs.evolve(seeded, sandbox_seed="other"))


def test_sandbox_file_keeps_its_seed(tmp_path: Path) -> None:
    """Programs that share a file make the same ids."""
    settings = Settings(environment="sandbox", sandbox_file=tmp_path / "box")
    assert ids_of(settings) == ids_of(settings)


def test_sandbox_of_client_has_its_class() -> None:
    """The vendor's own class is returned, and another vendor's is refused."""

    @attrs.frozen
    class Holder:
        sandbox: Sandbox

    box = bell()
    assert Bell.of(Holder(box)) is box

    class Gong(Bell):
        """Another vendor."""

    with pytest.raises(ConfigError, match="is a Bell, not a Gong"):
        Gong.of(Holder(box))
