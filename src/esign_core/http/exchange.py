"""Keep the limits of one exchange: its deadline, the hosts it may reach, and where its answer ends."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import attrs
import h11
import httpcore

from esign_core.http.addresses import NamedHostRule

Clock = Callable[[], float]

BASE_SECONDS = 30.0
BYTES_PER_SECOND = 128 * 1024
"""An exchange without a deadline of its own may last BASE_SECONDS, and its size at this speed."""

# As httpcore's own limit: what it can read, the parser below has to read too.
_LONGEST_EVENT = 100 * 1024


@attrs.define(eq=False)
class Exchange:
    """One request and its answer."""

    method: str
    size: int = 0
    """How many bytes the request's body has."""
    deadline: float | None = None
    """Seconds from connecting to the last byte; None: enough for its size."""
    rule: NamedHostRule | None = None
    """What its host must keep; None: any host, as the caller chose it."""
    clock: Clock = time.monotonic
    received: int = 0
    limited: bool = False
    """True: what is waited for now is limited by the deadline, and not by a timeout."""
    _began: float = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._began = self.clock()

    def remaining(self) -> float:
        """Return how many seconds are left; the time for a download grows with what has arrived of it."""
        limit = self.deadline
        if limit is None:
            limit = BASE_SECONDS + (self.size + self.received) / BYTES_PER_SECOND
        return self._began + limit - self.clock()


_current: ContextVar[Exchange | None] = ContextVar("esign_exchange", default=None)


def current() -> Exchange | None:
    """Return the exchange that is under way in this thread or task."""
    return _current.get()


@contextmanager
def running(exchange: Exchange) -> Iterator[None]:
    """Let the streams below see an exchange."""
    token = _current.set(exchange)
    try:
        yield
    finally:
        _current.reset(token)


def bound(timeout: float | None, late: type[httpcore.TimeoutException]) -> float | None:
    """Shorten a timeout to what the deadline of the exchange leaves.

    Raises:
        TimeoutException: the deadline has passed; of the given class.
    """
    exchange = current()
    if exchange is None:
        return timeout
    left = exchange.remaining()
    if timeout is not None:
        # Without a timeout of its own, a step is part of one that has been limited already.
        exchange.limited = left < timeout
    if left <= 0:
        raise late("the deadline passed")
    return left if timeout is None else min(timeout, left)


@attrs.define(eq=False)
class AnswerEnd:
    """Finds bytes that follow the end of an answer on its connection.

    They are not part of any answer: on a kept connection they would be read as the answer to the next request. The HTTP
    library keeps them in a buffer of its own, where they cannot be seen; so the framing is followed here once more.
    """

    exceeded: bool = False
    """True: more has come than the answer; the connection must not be used again."""
    _exchange: Exchange | None = None
    _parser: h11.Connection = attrs.field(factory=lambda: h11.Connection(h11.CLIENT))

    def feed(self, data: bytes) -> None:
        """Take the next bytes that arrived."""
        exchange = current()
        if exchange is None:
            self.exceeded = True
            return
        exchange.received += len(data)
        try:
            if exchange is not self._exchange:
                self._start(exchange)
            self._parser.receive_data(data)
            while self._parser.next_event() not in (h11.NEED_DATA, h11.PAUSED):
                if self._parser.their_state in (h11.CLOSED, h11.SWITCHED_PROTOCOL):
                    break
        except h11.RemoteProtocolError:
            self.exceeded = True
            return
        self.exceeded = self.exceeded or bool(self._parser.trailing_data[0])

    def _start(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_EVENT)
        self._parser.send(h11.Request(method=exchange.method, target="/", headers=[("host", "answer")]))
        self._parser.send(h11.EndOfMessage())
