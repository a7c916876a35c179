"""Base class of vendor sandboxes: fault injection, clock, scheduling, webhook delivery."""

from __future__ import annotations

import contextlib
import secrets
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self

from esign_core.model.errors import ConfigError
from esign_core.model.events import Delivery
from esign_core.providers.flow import Reply
from esign_core.sandbox import agenda, outbox
from esign_core.sandbox.clock import Clock
from esign_core.sandbox.faults import Faults
from esign_core.sandbox.request import Request
from esign_core.sandbox.store import State, Store

if TYPE_CHECKING:
    from esign_core.accounts.settings import Settings

_RETRY = "deliver-again"


class _HasSandbox(Protocol):
    @property
    def sandbox(self) -> Sandbox: ...


class Sandbox(ABC):
    """Emulate one vendor: answer requests, and let its signers act.

    A vendor's class defines `_answer` (how the vendor answers a request), `_happen` (what happens when an entry of
    the agenda is due) and the actions of people. All of them work on a `State` inside one transaction.
    """

    vendor: ClassVar[str]
    """The name under which the state is stored."""
    retry_delays: ClassVar[Sequence[timedelta]] = ()
    """The vendor's wait after each failed delivery of a webhook, before the next attempt."""

    settings: Settings
    clock: Clock
    faults: Faults
    dialect: Any = None
    """The choice between the vendor's contradictory texts, in the vendor's own type; None: they do not differ."""

    def __init__(self, settings: Settings, clock: Clock | Callable[[], datetime] | None = None) -> None:
        self.settings = settings
        self.clock = clock if isinstance(clock, Clock) else Clock(source=clock)
        self.faults = Faults()
        self._store = Store(settings.sandbox_file, name=self.vendor)
        self._lock = threading.Lock()
        self._requests = 0
        self._receiver: Callable[[Delivery], int] | None = None
        with self._transaction() as state:
            # Kept with the state, so that every program that shares a file makes the same ids.
            state.tree.setdefault("seed", settings.sandbox_seed or secrets.token_hex(16))

    @classmethod
    def of(cls, client: _HasSandbox) -> Self:
        """Return a client's sandbox as this class: `ArqSignSandbox.of(client)` has this vendor's own attributes.

        Raises:
            ConfigError: the client is not in a sandbox, or is in another vendor's.
        """
        found = client.sandbox
        if not isinstance(found, cls):
            raise ConfigError(
                f"This client's sandbox is a {type(found).__name__}, not a {cls.__name__}.",
                hint="Take the class from the sandbox package of the client's provider.",
            )
        return found

    @property
    def requests(self) -> int:
        """The number of requests that reached this sandbox."""
        return self._requests

    @property
    def deliveries(self) -> tuple[Delivery, ...]:
        """The webhooks the vendor would have sent, in order; a second try is one more."""
        self._catch_up()
        with self._transaction() as state:
            return outbox.deliveries(state)

    def respond(self, request: Request) -> Reply:
        """Answer a request as the vendor would; only an injected fault is raised."""
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
        """Pass every webhook from now on to a receiver that returns an HTTP status; None stops that."""
        self._receiver = receiver

    def move_clock(self, delta: timedelta) -> None:
        """Move the clock and run everything that is due until then, in order."""
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
    def _answer(self, state: State, request: Request) -> Reply:
        """Answer a request as the vendor would."""

    @abstractmethod
    def _happen(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        """Do what an entry of the agenda says, at its moment."""

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
        # One delivery is passed on before the next thing on the agenda happens: its second try may come first.
        while True:
            with self._transaction() as state:
                while not outbox.has_pending(state):
                    due = agenda.take(state, self.clock.now())
                    if due is None:
                        break
                    self._due(state, *due)
                pending = outbox.take_pending(state)
            if not pending:
                return
            self._hand_over(pending)

    def _due(self, state: State, at: datetime, due: dict[str, Any]) -> None:
        if due["what"] == _RETRY:
            outbox.post_again(state, at, due["number"])
        else:
            self._happen(state, at, due)

    def _hand_over(self, pending: Sequence[tuple[int, int, Delivery]]) -> None:
        if self._receiver is None:
            return
        for number, attempt, delivery in pending:
            # Outside the transaction, so that a receiver may ask the sandbox about what it received.
            status = self._receiver(delivery)
            if 200 <= status < 300 or attempt >= len(self.retry_delays):
                continue
            at = (delivery.received_at or self.clock.now()) + self.retry_delays[attempt]
            with self._transaction() as state:
                agenda.put(state, at, _RETRY, number=number)
