"""The box every emulator is built in: it counts, spoils, keeps time and hands on; the vendor's part fills it."""

from __future__ import annotations

import contextlib
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from esign_core.model.events import Delivery
from esign_core.sandbox import agenda, outbox
from esign_core.sandbox.clock import Clock
from esign_core.sandbox.faults import Faults
from esign_core.sandbox.request import Answer, Request
from esign_core.sandbox.store import State, Store

if TYPE_CHECKING:
    from esign_core.accounts.settings import Settings

_RETRY = "deliver-again"


class Sandbox(ABC):
    """One vendor's emulator: it answers requests, and its people can be made to act.

    A vendor's box fills in `_answer` (what the vendor does with a request), `_happen` (what happens when something on
    the agenda is due) and the deeds of people. All of them work on a `State` inside one transaction.
    """

    vendor: ClassVar[str]
    """The name under which the box keeps its state."""
    retry_delays: ClassVar[Sequence[timedelta]] = ()
    """How long the vendor waits after each failed delivery of a webhook before it tries again."""

    settings: Settings
    clock: Clock
    faults: Faults

    def __init__(self, settings: Settings, clock: Clock | Callable[[], datetime] | None = None) -> None:
        self.settings = settings
        self.clock = clock if isinstance(clock, Clock) else Clock(source=clock)
        self.faults = Faults()
        self._store = Store(settings.sandbox_file, name=self.vendor)
        self._lock = threading.Lock()
        self._requests = 0
        self._receiver: Callable[[Delivery], int] | None = None
        with self._transaction():
            pass

    @property
    def requests(self) -> int:
        """How many requests reached this box."""
        return self._requests

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The webhooks the vendor would have sent, in order; a second try is one more."""
        self._catch_up()
        with self._transaction() as state:
            return outbox.deliveries(state)

    def respond(self, request: Request) -> Answer:
        """Answer a request as the vendor would; it raises nothing but the fault that was asked for."""
        fault = self.faults.take(request)
        if fault is not None and fault.kind == "refused":
            fault.before()
        with self._lock:
            self._requests += 1
        early = None if fault is None else fault.before()
        if early is not None:
            return early
        self._catch_up()
        with self._transaction() as state:
            answer = self._answer(state, request)
        self._catch_up()
        return answer if fault is None else fault.after(answer)

    def deliver_to(self, receiver: Callable[[Delivery], int] | None) -> None:
        """Hand every webhook from now on to a receiver that answers with an HTTP status; None stops that."""
        self._receiver = receiver

    def move_clock(self, delta: timedelta) -> None:
        """Let time pass; whatever is due in between happens, in its order."""
        with self._transaction() as state:
            self.clock.move(delta)
            state.tree["moved"] = self.clock.offset.total_seconds()
        self._catch_up()

    @abstractmethod
    def sign_as(self, who: str, *, process_id: str | None = None) -> None:
        """Make a person sign or approve: an e-mail, a phone or a signer id, in all open processes or in one."""

    @abstractmethod
    def decline_as(self, who: str, reason: str = "", *, process_id: str | None = None) -> None:
        """Make a person decline, with the reason they give."""

    @abstractmethod
    def block(self, who: str, *, process_id: str | None = None) -> None:
        """Make a person fail the identity check so often that the vendor blocks them."""

    @abstractmethod
    def _answer(self, state: State, request: Request) -> Answer:
        """Answer a request as the vendor would."""

    @abstractmethod
    def _happen(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        """Do what the agenda says, at its moment."""

    @contextlib.contextmanager
    def _act(self) -> Iterator[State]:
        """Open a transaction in which people act, with all that was due before it and all that follows from it."""
        self._catch_up()
        with self._transaction() as state:
            yield state
        self._catch_up()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[State]:
        with self._store.transaction() as state:
            # Another program may have moved the clock of a shared file since.
            self.clock.offset = max(self.clock.offset, timedelta(seconds=state.tree.get("moved", 0.0)))
            yield state

    def _catch_up(self) -> None:
        # One delivery is handed over before the next thing on the agenda happens: its second try may come first.
        while True:
            with self._transaction() as state:
                while not outbox.on_its_way(state):
                    due = agenda.take(state, self.clock.now())
                    if due is None:
                        break
                    self._due(state, *due)
                letters = outbox.hand_over(state)
            if not letters:
                return
            self._hand_over(letters)

    def _due(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        if due["what"] == _RETRY:
            outbox.again(state, at, due["number"])
        else:
            self._happen(state, at, due)

    def _hand_over(self, letters: Sequence[tuple[int, int, Delivery]]) -> None:
        if self._receiver is None:
            return
        for number, attempt, letter in letters:
            # Outside the transaction, so that a receiver may ask the sandbox about what it was told.
            status = self._receiver(letter)
            if 200 <= status < 300 or attempt >= len(self.retry_delays):
                continue
            at = (letter.received_at or self.clock.now()) + self.retry_delays[attempt]
            with self._transaction() as state:
                agenda.put(state, at, _RETRY, number=number)
